"""Pictures turned into other pictures of the same size: style transfer by a conditional GAN.

x (N, 1, H, W) is a picture, y the same one in another style, c (N, S) how much of each of S styles
is asked for. G answers with a picture, which should be like y. D is shown x, c and y, or x, c and
what G has made, and judges it patch by patch (Isola et al. 2017, "pix2pix").
"""

from dataclasses import dataclass

import numpy as np

from .activations import LeakyReLU, Sigmoid
from .conv import Conv2d
from .conv_transpose import ConvTranspose2d
from .gan import discriminator_gradient, generator_signal, non_saturating
from .layers import Layer
from .losses import mae
from .model import Sequential
from .shapes import mismatch, number, require_float, require_rng, require_same, whole

SLOPE = 0.2  # of the leaky ReLUs


class Skip(Layer):
    """What goes in, beside what the inner layers make of it: y = [x, f(x)] along the channels.

    Shapes: x (N, C, H, W), f(x) (N, K, H, W) -> y (N, C + K, H, W). Parameters are called as those
    of `Sequential(*layers)`. Backward: dy is cut in two, and both ways lead to x, so dx is the sum.
    Raises ValueError if f changes the height or the width. Source: Ronneberger et al. 2015.
    """

    def __init__(self, *layers):
        super().__init__()
        self.inner = Sequential(*layers)
        self.params = self.inner.params

    def forward(self, x):
        f, cache = self.inner.forward(x)
        return self._beside(x, f), (cache, x.shape[1])

    def backward(self, dy, cache, need_dx=True):
        cache, C = cache
        if getattr(dy, "ndim", 0) != 4:
            raise mismatch("Skip", "dy (N, C + K, H, W)", dy)
        dx, grads = self.inner.backward(dy[:, C:], cache, need_dx)
        return (dx + dy[:, :C] if need_dx else None), grads

    def __call__(self, x):
        return self._beside(x, self.inner(x))

    def _beside(self, x, f):
        if f.shape[:1] + f.shape[2:] != x.shape[:1] + x.shape[2:]:
            N, _, H, W = x.shape
            raise mismatch("Skip", f"the inner layers to return ({N}, K, {H}, {W})", f)
        # The batch last in memory, as the convolutions have it.
        both = [np.moveaxis(part, 0, -1) for part in (x, f)]
        return np.moveaxis(np.concatenate(both), -1, 0)


def translator(styles=2, widths=(12, 20, 24), *, rng, dtype=np.float32):
    """A generator (N, 1 + styles, H, W) -> (N, 1, H, W) for what `with_style` makes, a small U-Net.

    Three times a convolution halves height and width, to `widths` channels; as many transposed
    ones double them again. At each size the way down goes on beside the way through the middle.
    The last kernel begins as a copy of x, and sigma(8 x - 4) is about 0 where x = 0 and 1 where
    x = 1: an untrained net leaves a picture nearly as it is. H and W are multiples of 8.
    Source: Ronneberger et al. 2015, Isola et al. 2017.
    """
    a, b, c = widths
    how = {"rng": rng, "dtype": dtype}

    def halved(channels, width, *inner):
        down = Conv2d(channels, width, 4, stride=2, padding=1, **how)
        return (down, LeakyReLU(SLOPE), *inner)

    def doubled(channels, width):
        up = ConvTranspose2d(channels, width, 4, stride=2, padding=1, **how)
        return up, LeakyReLU(SLOPE)

    middle = Conv2d(c, c, 3, padding=1, **how), LeakyReLU(SLOPE)
    low = Skip(*halved(b, c, *middle), *doubled(c, b))
    half = Skip(*halved(a, b, low), *doubled(2 * b, a))
    full = Skip(*halved(1 + styles, a, half), *doubled(2 * a, a))
    last = Conv2d(1 + styles + a, 1, 3, padding=1, **how)
    last.W *= last.W.dtype.type(0.1)
    last.W[:, : 1 + styles] = 0
    last.W[0, 0, 1, 1], last.b[:] = 8, -4
    return Sequential(full, last, Sigmoid())


def patch_discriminator(styles=2, widths=(16, 32, 48), *, rng, dtype=np.float32):
    """A discriminator of a picture beside what it was made from: (N, 2 + styles, H, W) -> logits v
    (N, 1, H / 8, W / 8), each for a patch of 22x22 pixels around it.

    Source: Isola et al. 2017, section 3.2.
    """
    layers, channels = [], 2 + styles
    for width in widths:
        conv = Conv2d(channels, width, 4, stride=2, padding=1, rng=rng, dtype=dtype)
        layers += [conv, LeakyReLU(SLOPE)]
        channels = width
    return Sequential(*layers, Conv2d(channels, 1, 1, rng=rng, dtype=dtype))


def with_style(x, c):
    """A picture x (N, 1, H, W) and behind it, for each style, a plane full of its number in
    c (N, S): (N, 1 + S, H, W)."""
    x, c = np.asarray(x), np.asarray(c)
    require_float("with_style", x)
    if x.ndim != 4 or x.shape[1] != 1:
        raise mismatch("with_style", "x (N, 1, H, W)", x)
    if c.ndim != 2 or len(c) != len(x):
        raise mismatch("with_style", f"c ({len(x)}, S)", c)
    planes = np.broadcast_to(c[:, :, None, None], (*c.shape, *x.shape[2:]))
    return np.concatenate([x, planes.astype(x.dtype)], axis=1)


@dataclass(slots=True)
class StyleStep:
    """One step of training, as it was just made. t: its number, from 1. J: how far G was from y.
    J_D, J_G: the losses of the game, each before its own update; nan if there is no D."""

    t: int
    J: float
    J_D: float
    J_G: float


def style_steps(G, D, draw, *, opt_G, opt_D, rng, steps, weight=20.0, loss=non_saturating,
                distance=mae):  # fmt: skip
    """Train G, and D against it, and yield a `StyleStep` after each step (Isola et al. 2017).

    A step draws x, c, y = draw(rng), updates D on u = [x, c] beside y (real) and beside G(u)
    (generated), then G against the new D on the same examples, down

        J_G  +  weight  distance(G(u), y)

    distance: a loss, the L1 distance unless said otherwise. D and opt_D may be None: then G
    minimises the distance alone.
    Raises ValueError for impossible numbers, before the first step.
    """
    steps, weight = whole("style_steps", "steps", steps), number("style_steps", "weight", weight, 0)
    require_rng("style_steps", rng)
    if (D is None) != (opt_D is None):
        raise ValueError("style_steps: expected D and opt_D, or None for both")

    def train():
        for t in range(1, steps + 1):
            x, c, y = draw(rng)
            u = with_style(x, c)
            yhat, cache = G.forward(u)
            J, dyhat = distance(yhat, y)
            J_D = J_G = float("nan")
            if D is not None:
                fake = np.concatenate([u, yhat], axis=1)
                J_D, grads = discriminator_gradient(D, np.concatenate([u, y], axis=1), fake, loss)
                opt_D.step(D.params, grads)
                J_G, dfake = generator_signal(D, fake, loss)
                dyhat = weight * dyhat + dfake[:, -1:]
            opt_G.step(G.params, G.backward(dyhat, cache, need_dx=False)[1])
            yield StyleStep(t, J, J_D, J_G)

    return train()


def sharpness(x):
    """How sharp the edges of pictures x (..., H, W) are, from 0 to 1, as they are crossed from left
    to right:

        sum d^2 / sum |d|,    d = differences between neighbouring pixels in a row

    An edge from paper to ink within one pixel counts 1, the same edge spread evenly over k pixels
    counts 1/k: its sum |d| is still 1, but its sum d^2 is k (1/k)^2. nan if there is no edge.
    """
    require_float("sharpness", x)
    d = np.diff(x, axis=-1)
    total = np.abs(d).sum()
    return float(np.square(d).sum() / total) if total else float("nan")


# ------------------------------------------------------------------------------------ by hand


def fit_filter(x, y, kernel_size=7):
    """The linear filter that comes nearest to y from x, both (N, 1, H, W), by least squares: a
    `Conv2d` with one kernel and a bias."""
    size = whole("fit_filter", "kernel_size", kernel_size)
    require_float("fit_filter", x)
    require_same("fit_filter", "y", y, "x", x)
    if x.ndim != 4 or x.shape[1] != 1:
        raise mismatch("fit_filter", "x (N, 1, H, W)", x)
    if size % 2 == 0:
        raise ValueError(f"fit_filter: expected an odd kernel_size, got {size}")
    conv = Conv2d(1, 1, size, padding=size // 2, rng=np.random.default_rng(0), dtype=x.dtype)
    padded = np.pad(x[:, 0], [(0, 0), *[(size // 2, size // 2)] * 2])
    seen = np.lib.stride_tricks.sliding_window_view(padded, (size, size), (1, 2))
    A, B = np.zeros((size**2 + 1,) * 2), np.zeros(size**2 + 1)
    for windows, target in zip(seen, y[:, 0], strict=True):  # one picture at a time: A^T A, A^T y
        rows = np.c_[windows.reshape(-1, size**2), np.ones(target.size)]
        A += rows.T @ rows
        B += rows.T @ target.ravel()
    solution = np.linalg.lstsq(A, B, rcond=None)[0].astype(x.dtype)
    conv.W[0, 0] = solution[:-1].reshape(size, size)
    conv.b[:] = solution[-1]
    return conv


def shear(x, slope, shift=0.0):
    """x (..., H, W) with each row moved to the right: the row in the middle by `shift` pixels, and
    `slope` more for each row above it. Fractions of a pixel are shared between two neighbours."""
    require_float("shear", x)
    if x.ndim < 2:
        raise mismatch("shear", "x (..., H, W)", x)
    *_, H, W = x.shape
    by = shift + slope * ((H - 1) / 2 - np.arange(H))
    from_ = np.arange(W) - by[:, None]  # where each pixel comes from
    left = np.floor(from_).astype(np.intp)
    right = (from_ - left).astype(x.dtype)
    rows = np.arange(H)[:, None]

    def taken(columns):
        inside = (columns >= 0) & (columns < W)
        return x[..., rows, np.clip(columns, 0, W - 1)] * inside

    return (1 - right) * taken(left) + right * taken(left + 1)
