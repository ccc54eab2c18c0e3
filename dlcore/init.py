"""Initial weights. Each function takes a shape, `rng` and `dtype`, and returns an array.

A weight's `fan_in` counts the inputs of one output unit, `fan_out` the outputs of one input unit.
W is (n_out, n_in) for a dense layer and (out, in, k, k) for a convolution.
"""

import math

import numpy as np

from .shapes import mismatch, require_floating, require_rng, short


def draw(who, init, shape, *, rng, dtype):
    """What `init` returns for a parameter, or one clear line if it is not what was asked for."""
    require_rng(who, rng)
    require_floating(who, dtype)
    if not callable(init):
        raise TypeError(f"{who}: expected init to be a function, such as glorot, got {short(init)}")
    weights = init(shape, rng=rng, dtype=dtype)
    if getattr(weights, "shape", None) != shape or weights.dtype != dtype:
        raise mismatch(
            who, f"{getattr(init, '__name__', 'init')} to return {shape}", weights, dtype
        )
    return weights


def fans(shape):
    """(fan_in, fan_out) of a weight of this shape; a kernel's area counts in both."""
    area = math.prod(shape[2:])
    return shape[1] * area, shape[0] * area


def glorot(shape, *, rng, dtype=np.float32):
    """Uniform on ±sqrt(6 / (fan_in + fan_out)): keeps the variance of activations and gradients
    of a tanh network about equal from layer to layer (Glorot & Bengio 2010)."""
    bound = math.sqrt(6 / sum(fans(shape)))
    return rng.uniform(-bound, bound, shape).astype(dtype)


def he(shape, *, rng, dtype=np.float32):
    """Normal with variance 2 / fan_in: a ReLU passes half of its input on (He et al. 2015)."""
    return (math.sqrt(2 / fans(shape)[0]) * rng.standard_normal(shape)).astype(dtype)


def normal(std):
    """An initialiser: normal with standard deviation `std`, whatever the layer's size."""
    if not std > 0:
        raise ValueError(f"normal: expected std > 0, got {std!r}")

    def draw(shape, *, rng, dtype=np.float32):
        return (std * rng.standard_normal(shape)).astype(dtype)

    return draw


def constant(value):
    """An initialiser: every weight is `value`, so all units of a layer are copies of one."""

    def fill(shape, *, rng, dtype=np.float32):
        return np.full(shape, value, dtype)

    return fill


def zeros(shape, *, rng, dtype=np.float32):
    """All zero. As weights this is a mistake that teaches: all units of a layer stay the same."""
    return np.zeros(shape, dtype)
