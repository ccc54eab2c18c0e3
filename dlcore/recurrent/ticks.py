"""Layers for what `Recurrent` gives: all ticks, (T, N, H), or the last."""

import numpy as np

from ..layers import Layer
from ..shapes import mismatch, require_kind


class EveryTick(Layer):
    """The same layer at every tick: x (T, N, D) -> y (T, N, ...), as if it were one batch of T N.

    The parameters are the layer's; their gradient sums over ticks, as weights that are shared do.
    """

    def __init__(self, layer):
        super().__init__()
        require_kind("EveryTick", "layer", layer, Layer)
        self.layer = layer
        self.params = layer.params

    def forward(self, x):
        if getattr(x, "ndim", 0) < 2:
            raise mismatch("EveryTick", "x (T, N, ...)", x)
        y, cache = self.layer.forward(x.reshape(-1, *x.shape[2:]))
        return y.reshape(*x.shape[:2], *y.shape[1:]), (x.shape, cache)

    def backward(self, dy, cache, need_dx=True):
        shape, cache = cache
        if getattr(dy, "shape", ())[:2] != shape[:2]:
            raise mismatch("EveryTick", f"dy ({shape[0]}, {shape[1]}, ...)", dy)
        dx, grads = self.layer.backward(dy.reshape(-1, *dy.shape[2:]), cache, need_dx)
        return (None if dx is None else dx.reshape(shape)), grads


class LastTick(Layer):
    """The last tick alone: x (T, N, H) -> (N, H). With a mask in `Recurrent`, that is each
    sequence's own last state.
    """

    def forward(self, x):
        if getattr(x, "ndim", 0) != 3 or not len(x):
            raise mismatch("LastTick", "x (T >= 1, N, H)", x)
        return x[-1], x.shape

    def backward(self, dy, shape, need_dx=True):
        if getattr(dy, "shape", None) != shape[1:]:
            raise mismatch("LastTick", f"dy {shape[1:]}", dy)
        if not need_dx:
            return None, {}
        dx = np.zeros(shape, dy.dtype)
        dx[-1] = dy
        return dx, {}
