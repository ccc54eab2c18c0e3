"""Keeping a network from learning its examples by heart."""

import numpy as np

from .layers import Layer
from .shapes import number, require_float, require_rng, require_same


class Dropout(Layer):
    """Training: each number is set to 0 with probability p, the others divided by 1 - p, so that
    the mean stays. Prediction passes everything on unchanged (Srivastava et al. 2014).

        y = x mask / (1 - p),    dx = dy mask / (1 - p)

    Any shape, any floating dtype. The mask comes from `rng`, which the caller should share with
    nothing else if a run is to be repeated. Raises ValueError unless
    0 <= p < 1.
    """

    def __init__(self, p=0.5, *, rng):
        super().__init__()
        require_rng("Dropout", rng)
        self.p, self.rng = number("Dropout", "p", p, 0, 1), rng

    def forward(self, x):
        require_float("Dropout", x)
        mask = (self.rng.random(x.shape, np.float32) >= self.p).astype(x.dtype)
        mask *= 1 / (1 - self.p)
        return x * mask, mask

    def backward(self, dy, mask, need_dx=True):
        require_same("Dropout", "dy", dy, "y", mask)
        return (dy * mask if need_dx else None), {}

    def __call__(self, x):
        require_float("Dropout", x)
        return x


def penalty(params, l1=0.0, l2=0.0):
    """(J, grads) of what is added to the loss so that weights stay small:

        J = l1 sum |w| + l2 / 2 sum w^2,    dw = l1 sign(w) + l2 w

    over weights only: biases, one-dimensional arrays, are free to move, and their gradient is 0.
    """
    l1, l2 = number("penalty", "l1", l1, 0), number("penalty", "l2", l2, 0)
    J, grads = 0.0, {}
    for name, w in params.items():
        if w.ndim < 2:
            grads[name] = np.zeros_like(w)
            continue
        J += l1 * float(np.abs(w).sum()) + l2 / 2 * float(np.vdot(w, w))
        grads[name] = l1 * np.sign(w) + l2 * w
    return J, grads
