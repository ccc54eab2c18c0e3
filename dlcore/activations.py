"""Activations a = sigma(z), number by number (`eq-ann-activation`, and for maps
`eq-cnn-activation`). They have no parameters.

Backward multiplies by the derivative at the same place: dz = da * sigma'(z). Sigmoid and tanh
write sigma' in terms of their own output, which is why the output is what they keep.
Any floating dtype; the output has the dtype of the input. Integers raise a TypeError.
"""

import numpy as np

from .layers import Layer
from .shapes import mismatch, number, require_float


def sigmoid(z):
    """The logistic function 1 / (1 + e^-z), written as (1 + tanh(z/2)) / 2: no overflow."""
    a = np.tanh(0.5 * z)
    a *= 0.5
    a += 0.5
    return a


def softmax(z):
    """e^z_k / sum_j e^z_j along the last axis; the row's maximum is taken off first, which
    changes nothing but keeps e^z from overflowing."""
    e = np.exp(z - z.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


class Activation(Layer):
    """sigma and its derivative: a subclass writes `sigma(z)` and `slope(z, a)`."""

    def forward(self, z):
        require_float(type(self).__name__, z)
        a = self.sigma(z)
        return a, (z, a)

    def backward(self, da, cache, need_dx=True):
        z, a = cache
        if getattr(da, "shape", None) != a.shape or da.dtype != a.dtype:
            raise mismatch(type(self).__name__, f"dy like y, {a.shape}", da, a.dtype)
        return (da * self.slope(z, a) if need_dx else None), {}


class Sigmoid(Activation):
    """a = 1 / (1 + e^-z); sigma' = a (1 - a), at most 1/4."""

    def sigma(self, z):
        return sigmoid(z)

    def slope(self, z, a):
        return a * (1 - a)


class Tanh(Activation):
    """a = tanh z; sigma' = 1 - a^2, at most 1."""

    def sigma(self, z):
        return np.tanh(z)

    def slope(self, z, a):
        return 1 - a * a


class ReLU(Activation):
    """a = max(z, 0); sigma' is 1 where z > 0, else 0 (at 0 itself, too)."""

    def sigma(self, z):
        return np.maximum(z, 0)

    def slope(self, z, a):
        return z > 0


class LeakyReLU(Activation):
    """a = z where z > 0, else slope z: a unit that is off still passes a little gradient."""

    def __init__(self, negative_slope=0.01):
        super().__init__()
        self.negative_slope = number("LeakyReLU", "negative_slope", negative_slope, 0, 1)

    def sigma(self, z):
        return np.maximum(z, z * z.dtype.type(self.negative_slope))  # the slope is below 1

    def slope(self, z, a):
        return (z > 0) * z.dtype.type(1 - self.negative_slope) + z.dtype.type(self.negative_slope)


class Softplus(Activation):
    """a = log(1 + e^z), a smooth ReLU; sigma' is the logistic function."""

    def sigma(self, z):
        return np.logaddexp(z, z.dtype.type(0))

    def slope(self, z, a):
        return sigmoid(z)


class Identity(Activation):
    """a = z: a layer without a non-linearity."""

    def sigma(self, z):
        return z

    def slope(self, z, a):
        return z.dtype.type(1)
