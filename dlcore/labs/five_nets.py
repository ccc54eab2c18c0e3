"""The lab `five`: its digits, its networks, and what each of them costs.

Digits are rows of 64 pixels (m, 64); `given` makes of them what a network takes.
"""

import numpy as np

from .. import init
from ..activations import LeakyReLU, ReLU, Sigmoid
from ..conv import Conv2d, Flatten, MaxPool2d
from ..layers import Dense
from ..model import Sequential, mlp
from ..recurrent import LastTick, LSTMCell, Recurrent, RNNCell

SIDE, PIXELS, KINDS = 8, 64, 10  # of a digit: pixels each way, and in all; kinds of digits
LATENT = 8  # numbers from which the generator writes a digit
READERS = ("dense", "cnn", "rnn", "lstm")  # the networks that read digits; "gan" writes them
RECURRENT = ("rnn", "lstm")


# ---- the networks


def dense(H, *, rng):
    """ANN: 64 - H - 10."""
    return mlp([PIXELS, H, KINDS], ReLU, rng=rng, init=init.he)


def cnn(k, *, rng):
    """k kernels of 3x3, the largest of 2x2, 2k kernels of 3x3, the largest of 2x2, dense."""
    how = {"rng": rng, "init": init.he}
    return Sequential(
        *(Conv2d(1, k, 3, padding=1, **how), ReLU(), MaxPool2d(2)),
        *(Conv2d(k, 2 * k, 3, padding=1, **how), ReLU(), MaxPool2d(2)),
        Flatten(),
        Dense(2 * k * (SIDE // 4) ** 2, KINDS, **how),
    )


def rnn(H, *, rng):
    """Reads row after row, answers from its last state."""
    cell = RNNCell(SIDE, H, rng=rng)
    return Sequential(Recurrent(cell), LastTick(), Dense(H, KINDS, rng=rng))


def lstm(H, *, forget_bias, rng):
    """As `rnn`, with H cells."""
    cell = LSTMCell(SIDE, H, rng=rng, forget_bias=forget_bias)
    return Sequential(Recurrent(cell), LastTick(), Dense(H, KINDS, rng=rng))


def readers(sizes, rngs, *, forget_bias):
    """name -> network of the size that `sizes` tells."""
    more = {"lstm": {"forget_bias": forget_bias}}
    makers = {"dense": dense, "cnn": cnn, "rnn": rnn, "lstm": lstm}
    return {
        name: make(sizes[name], rng=rng, **more.get(name, {}))
        for (name, make), rng in zip(makers.items(), rngs, strict=True)
    }


def gan(H, *, rng):
    """G: 8 latent numbers - H - 64 pixels from 0 to 1;  D: 64 pixels - H - a logit."""
    G = mlp([LATENT, H, PIXELS], LeakyReLU, rng=rng, init=init.he)
    D = mlp([PIXELS, H, 1], LeakyReLU, rng=rng, init=init.he)
    return Sequential(*G.layers, Sigmoid()), D


def reorder(net, G, D, order):
    """Move the weights of pixels as `order` moves the pixels: of a dense net, and of G and D.
    Random weights have no order of their own, and so it is the same run, number for number."""
    for layer in (net.layers[0], D.layers[0]):
        layer.W = layer.W[:, order]
    last = G.layers[-2]
    last.W = last.W[order]


# ---- what they cost


def parameters(name, H):
    """Weights and biases of the network `name` of size H; of a GAN, of G and D together."""
    if name == "gan":
        return (LATENT + 1) * H + (H + 1) * PIXELS + (PIXELS + 1) * H + H + 1
    if name == "cnn":
        return 10 * H + (9 * H + 1) * 2 * H + (8 * H + 1) * KINDS
    if name == "dense":
        return (PIXELS + 1) * H + (H + 1) * KINDS
    gates = 4 if name == "lstm" else 1
    return gates * H * (H + SIDE + 1) + (H + 1) * KINDS


def multiply_adds(name, H, ticks):
    """To read one digit, forward; of a GAN, to write one (G) and judge one (D)."""
    if name == "gan":
        return (LATENT + PIXELS) * H + (PIXELS + 1) * H
    if name == "cnn":
        return SIDE**2 * 9 * H + (SIDE // 2) ** 2 * 9 * H * 2 * H + 8 * H * KINDS
    if name == "dense":
        return PIXELS * H + H * KINDS
    gates = 4 if name == "lstm" else 1
    return ticks * gates * H * (H + SIDE) + H * KINDS


def in_a_row(name, ticks):
    """Products of matrices that have to wait for one another, when one digit is read."""
    return {"dense": 2, "cnn": 3, "gan": 2}.get(name, ticks + 1)


def nearest(cost, wanted):
    """The size H whose cost(H) comes nearest to `wanted`."""
    H = 1
    while cost(H + 1) <= wanted:
        H += 1
    return min((H, H + 1), key=lambda size: abs(cost(size) - wanted))


def sizes_for(*, parameters_each=None, work_each=None, ticks=SIDE):
    """name -> size, so that all five have about as many parameters, or multiply-adds."""

    def size(name):
        if work_each is None:
            return nearest(lambda H: parameters(name, H), parameters_each)
        return nearest(lambda H: multiply_adds(name, H, ticks), work_each)

    return {name: size(name) for name in (*READERS, "gan")}


# ---- the digits


def given(name, x, wait):
    """Digits x (m, 64) as the network `name` takes them: 64 numbers, an image, or 8 ticks of a row
    each and `wait` empty ones."""
    m = len(x)
    if name == "cnn":
        return x.reshape(m, 1, SIDE, SIDE)
    if name not in RECURRENT:
        return x
    ticks = np.zeros((SIDE + wait, m, SIDE), x.dtype)
    ticks[:SIDE] = x.reshape(m, SIDE, SIDE).transpose(1, 0, 2)
    return ticks


def troubled(images, *, shift, noise, rng):
    """Images (m, 8, 8), each moved by whole pixels from -shift to shift both ways (paper comes in),
    with normal noise, within 0..1, as rows (m, 64)."""
    m = len(images)
    down, right = rng.integers(0, 2 * shift + 1, (2, m))[:, :, None]
    along = np.arange(SIDE)
    paper = np.pad(images, ((0, 0), (shift, shift), (shift, shift)))
    k = np.arange(m)[:, None, None]
    x = paper[k, (down + along)[:, :, None], (right + along)[:, None]].reshape(m, PIXELS)
    if noise:
        x = x + np.float32(noise) * rng.standard_normal(x.shape, np.float32)
    return np.clip(x, 0, 1)
