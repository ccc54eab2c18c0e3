"""Generative adversarial networks: what the two play for, and how they train.

D answers with logits v, one for each example (m, 1): D(x) = sigma(v) is its belief that x is real.
A loss below takes these v, so that no logarithm ever meets a 0. z is the latent vector of G.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .activations import sigmoid
from .layers import Layer
from .optim import Optimizer
from .shapes import (
    describe,
    mismatch,
    require_examples,
    require_finite,
    require_float,
    require_kind,
    short,
    whole,
)


@dataclass(frozen=True)
class GanLoss:
    """What each of the two minimises.

    discriminator(v_real, v_fake) -> J_D, dv_real, dv_fake
    generator(v_fake)             -> J_G, dv_fake

    J are floats, means over the batch; dv are dJ/dv in the shape of v.
    """

    name: str
    discriminator: Callable
    generator: Callable


def _minimax_discriminator(v_real, v_fake):
    """`eq-gan-discriminator-loss`, J_D = -V(D, G) of `eq-gan-minimax`:

    J_D = -mean log D(x) - mean log(1 - D(G(z))),   -log sigma(v) = log(1 + e^-v)
    """
    _check(v_real, v_fake)
    J = _mean(np.logaddexp(0, -v_real)) + _mean(np.logaddexp(0, v_fake))
    return J, (sigmoid(v_real) - 1) / v_real.size, sigmoid(v_fake) / v_fake.size


def _minimax_generator(v_fake):
    """J_G = mean log(1 - D(G(z))), the generator's part of V; dv = -D / m is nearly 0 where D is
    sure of a fake: it saturates."""
    _check(v_fake)
    return -_mean(np.logaddexp(0, v_fake)), sigmoid(v_fake) / -v_fake.size


def _non_saturating_generator(v_fake):
    """`eq-gan-generator-loss`, J_G = -mean log D(G(z)); dv = (D - 1) / m is nearly -1 / m where D
    is sure of a fake."""
    _check(v_fake)
    return _mean(np.logaddexp(0, -v_fake)), (sigmoid(v_fake) - 1) / v_fake.size


def _squares_discriminator(v_real, v_fake):
    """J_D = 1/2 mean (v_real - 1)^2 + 1/2 mean v_fake^2, without a sigma."""
    _check(v_real, v_fake)
    J = (_mean(np.square(v_real - 1)) + _mean(np.square(v_fake))) / 2
    return J, (v_real - 1) / v_real.size, v_fake / v_fake.size


def _squares_generator(v_fake):
    """J_G = 1/2 mean (v_fake - 1)^2."""
    _check(v_fake)
    return _mean(np.square(v_fake - 1)) / 2, (v_fake - 1) / v_fake.size


def _critic(v_real, v_fake):
    """J_D = mean v_fake - mean v_real: minus the estimate of a Wasserstein distance, if the slopes
    of D are bounded, for which `gan_steps` clips its weights."""
    _check(v_real, v_fake)
    ones = np.ones_like
    return (
        _mean(v_fake) - _mean(v_real),
        ones(v_real) / -v_real.size,
        ones(v_fake) / v_fake.size,
    )


def _critic_generator(v_fake):
    """J_G = -mean v_fake."""
    _check(v_fake)
    return -_mean(v_fake), np.ones_like(v_fake) / -v_fake.size


minimax = GanLoss("minimax", _minimax_discriminator, _minimax_generator)
non_saturating = GanLoss("non-saturating", _minimax_discriminator, _non_saturating_generator)
least_squares = GanLoss("least squares", _squares_discriminator, _squares_generator)
wasserstein = GanLoss("Wasserstein", _critic, _critic_generator)


def _mean(a):
    return float(np.add.reduce(a, None)) / a.size


def _check(*logits):
    for v in logits:
        require_float("GanLoss", v)
        require_examples("GanLoss", v)


@dataclass(slots=True)
class GanStep:
    """One step of adversarial training, as it was just made.

    t: number of the step, from 1.   J_D, J_G: the losses, each before its own last update.
    grads_D, grads_G: dJ/dparams of that update.   real, fake: the batch that D saw last.
    """

    t: int
    J_D: float
    J_G: float
    grads_D: dict
    grads_G: dict
    real: np.ndarray
    fake: np.ndarray


def gan_steps(G, D, real, latent, *, opt_G, opt_D, rng, batch, steps, loss=non_saturating, k=1,
              clip=None):  # fmt: skip
    """Train G and D against each other and yield a `GanStep` after each step.

    A step is `k` updates of D, each on new real and new fake examples, then one of G, on the last
    fakes, which the new D judges again (Goodfellow et al. 2014, algorithm 1, but that G's fakes
    are not drawn once more). `clip` limits D's parameters to -clip..clip after each update, as the
    Wasserstein loss needs it (Arjovsky et al. 2017, algorithm 1).

    real: examples (m, ...), of which batches are drawn at random, or a function real(batch, rng).
    latent: the size of z, drawn from N(0, 1), or a function latent(batch, rng).
    D judges real and fake in one batch, so it must not mix examples, as `BatchNorm` does.
    Raises TypeError and ValueError, before the first step, for impossible arguments.
    """
    _check_players(G, D, opt_G, opt_D, rng, loss)
    batch, k = whole("gan_steps", "batch", batch), whole("gan_steps", "k", k)
    steps = whole("gan_steps", "steps", steps)
    if clip is not None and not (isinstance(clip, int | float) and clip > 0):
        raise ValueError(f"gan_steps: expected clip > 0 or None, got {short(clip)}")
    draw_real, draw_z = _drawing_real(real), _drawing_latent(latent, G)

    def train():
        for t in range(1, steps + 1):
            for _ in range(k):
                x = draw_real(batch, rng)
                fake, cache_G = G.forward(draw_z(batch, rng))
                J_D, grads_D = discriminator_gradient(D, x, fake, loss)
                opt_D.step(D.params, grads_D)
                if clip is not None:
                    clip_weights(D.params, clip)
            J_G, dfake = generator_signal(D, fake, loss)
            _, grads_G = G.backward(dfake, cache_G, need_dx=False)
            opt_G.step(G.params, grads_G)
            yield GanStep(t, J_D, J_G, grads_D, grads_G, x, fake)

    return train()


def discriminator_gradient(D, real, fake, loss):
    """J_D and dJ_D/dparams of D on a batch of real and one of fake examples, of one shape."""
    if fake.shape[1:] != real.shape[1:]:
        expected = ("m", *real.shape[1:])
        raise mismatch("gan", f"fake {expected}, as the real ones".replace("'", ""), fake)
    v, cache = D.forward(np.concatenate([real, fake]))
    m = len(real)
    J, *dv = loss.discriminator(v[:m], v[m:])
    return J, D.backward(np.concatenate(dv), cache, need_dx=False)[1]


def generator_signal(D, fake, loss):
    """J_G and dJ_G/dx at every fake x = G(z), through D, whose parameters stay as they are."""
    v, cache = D.forward(fake)
    J, dv = loss.generator(v)
    return J, D.backward(dv, cache)[0]


def clip_weights(params, clip):
    """Every number of `params` into -clip..clip, in place."""
    for w in params.values():
        np.clip(w, -clip, clip, out=w)


def _check_players(G, D, opt_G, opt_D, rng, loss):
    for name, value, kind in (
        ("G", G, Layer),
        ("D", D, Layer),
        ("opt_G", opt_G, Optimizer),
        ("opt_D", opt_D, Optimizer),
        ("rng", rng, np.random.Generator),
        ("loss", loss, GanLoss),
    ):
        require_kind("gan_steps", name, value, kind)
    if opt_G is opt_D:
        raise ValueError("gan_steps: expected an optimiser each, got the same one for G and D")


def _drawing_real(real):
    if callable(real):
        return real
    if not isinstance(real, np.ndarray) or real.ndim < 2:
        raise TypeError(
            f"gan_steps: expected real as examples (m, ...) or a function real(batch, rng), "
            f"got {describe(real)}"
        )
    require_examples("gan_steps", real)
    require_finite("gan_steps", "real", real)
    return lambda batch, rng: real[rng.integers(0, len(real), batch)]


def _drawing_latent(latent, G):
    if callable(latent):
        return latent
    size = whole("gan_steps", "latent", latent)
    dtype = next(iter(G.params.values())).dtype
    return lambda batch, rng: rng.standard_normal((batch, size), dtype)


def uniform(size):
    """latent(batch, rng) for `gan_steps`: z (batch, size) float32, even over -1..1."""
    size = whole("uniform", "size", size)
    return lambda batch, rng: 2 * rng.random((batch, size), np.float32) - 1
