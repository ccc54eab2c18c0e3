"""Losses: J, dyhat = loss(yhat, y). J is a float, the mean over the m examples; dyhat is dJ/dyhat.

Because J is a mean, dyhat carries the 1/m of `eq-ann-gradient`, and no layer needs to know m.
Raises ValueError for shapes that differ (nothing is broadcast) or an empty batch, TypeError for
dtypes that differ.
"""

import numpy as np

from .shapes import (
    describe,
    mismatch,
    require_examples,
    require_float,
    require_mask,
    require_same,
)


def mse(yhat, y):
    """Mean squared error J = mean (yhat - y)^2 over all elements; dyhat = 2 (yhat - y) / size."""
    _check("mse", yhat, y)
    error = yhat - y
    return float(np.vdot(error, error)) / error.size, error * (2 / error.size)


def mae(yhat, y):
    """Mean absolute error, the L1 distance: J = mean |yhat - y| over all elements.

    dyhat = sign(yhat - y) / size, and 0 where the two are equal.
    """
    _check("mae", yhat, y)
    error = yhat - y
    return float(np.abs(error).sum()) / error.size, np.sign(error) * (1 / error.size)


def bce_with_logits(z, y):
    """Binary cross-entropy of yhat = sigma(z), with sigma the logistic function:

        J = -mean [ y log yhat + (1 - y) log(1 - yhat) ]
          =  mean [ log(1 + e^z) - z y ]

    With L = log(1 + e^z), which `logaddexp` computes without overflow, yhat = e^(z - L).
    dz = (yhat - y) / size. y may be soft, between 0 and 1.
    """
    _check("bce_with_logits", z, y)
    L = np.logaddexp(z, 0)
    J = L - z * y
    yhat = np.exp(z - L)
    return float(np.add.reduce(J, None)) / J.size, (yhat - y) * (1 / J.size)


def cross_entropy(z, y):
    """Cross-entropy of softmax(z) (m, K) against class numbers y (m,), whole numbers 0..K-1:

    J = mean [ log sum_k e^z_k - z_y ],    dz = (softmax(z) - onehot(y)) / m
    """
    _check_classes(z, y)
    rows, m = np.arange(len(z)), len(z)
    z = z - np.maximum.reduce(z, 1, keepdims=True)
    dz = np.exp(z)
    total = np.add.reduce(dz, 1, keepdims=True)
    J = float(np.log(total).sum() - z[rows, y].sum()) / m
    dz /= total
    dz[rows, y] -= 1
    dz /= m
    return J, dz


def per_tick(loss):
    """A loss over the ticks of sequences.

    `per_tick(cross_entropy)(z, y, mask)`, with z (T, N, K) and y (T, N), averages over all ticks of
    all sequences for which the mask (T, N) is True; without a mask all ticks count. The gradient
    is 0 where the mask is False. Raises as the loss does, and ValueError for a mask of another
    shape or one that leaves nothing.
    """

    def over_ticks(yhat, y, mask=None):
        yhat, y = np.asarray(yhat), np.asarray(y)
        if mask is None:
            mask = np.ones(yhat.shape[:2], bool)
        require_mask("per_tick", mask, yhat.shape[:2])
        if y.shape[:2] != yhat.shape[:2]:
            raise mismatch("per_tick", f"y {yhat.shape[:2]}", y)
        dyhat = np.zeros_like(yhat)
        J, dyhat[mask] = loss(yhat[mask], y[mask])
        return J, dyhat

    return over_ticks


def _check(who, yhat, y):
    require_float(who, yhat)
    require_same(who, "y", y, "yhat", yhat)
    require_examples(who, yhat)


def _check_classes(z, y):
    require_float("cross_entropy", z)
    if z.ndim != 2:
        raise mismatch("cross_entropy", "z (m, K)", z)
    if not isinstance(y, np.ndarray) or y.dtype.kind not in "iu":
        raise TypeError(f"cross_entropy: expected y ({len(z)},) of integers, got {describe(y)}")
    if y.shape != (len(z),):
        raise mismatch("cross_entropy", f"y ({len(z)},)", y)
    require_examples("cross_entropy", z)
    if y.max() >= z.shape[1] or y.min() < 0:
        raise ValueError(
            f"cross_entropy: expected classes 0..{z.shape[1] - 1}, got {y.min()}..{y.max()}"
        )
