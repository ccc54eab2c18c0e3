"""Normalisation: mean 0 and variance 1 for the numbers inside a network, all through training."""

import numpy as np

from .conv import batch_first, batch_last
from .layers import Layer, Param
from .shapes import mismatch, number, require_floating, whole


class BatchNorm(Layer):
    """Batch normalisation: each feature (or channel) is standardised over the batch.

        mu = mean x,   v = mean (x - mu)^2,   xhat = (x - mu) / sqrt(v + eps)
        y = gamma xhat + beta

    Shapes: x (m, n) with one mean for each of the n features, over m examples; or x (N, C, H, W)
    with one for each of the C channels, over the M = N H W pixels of all examples. gamma, beta
    (n,).
    Backward: dgamma = sum dy xhat, dbeta = sum dy; and because mu and v depend on every x,

        dx = gamma / sqrt(v + eps) (dy - mean dy - xhat mean(dy xhat))

    `forward` also moves `running_mean` and `running_var` a step towards mu and v M / (M - 1);
    prediction, `layer(x)`, uses these, so that an answer does not depend on its neighbours.
    Raises ValueError for a wrong shape or a batch with one value a feature, TypeError for a wrong
    dtype. Source: Ioffe & Szegedy 2015, algorithm 1.
    """

    gamma = Param()
    beta = Param()

    def __init__(self, num_features, momentum=0.1, eps=1e-5, *, dtype=np.float32):
        super().__init__()
        n = whole("BatchNorm", "num_features", num_features)
        require_floating("BatchNorm", dtype)
        self.momentum = number("BatchNorm", "momentum", momentum, 0)
        self.eps = number("BatchNorm", "eps", eps, 0)
        self.params.add("gamma", np.ones(n, dtype))
        self.params.add("beta", np.zeros(n, dtype))
        self.running_mean = np.zeros(n, dtype)
        self.running_var = np.ones(n, dtype)

    def forward(self, x):
        shape, x = self._open("x", x)
        M = x.shape[0] * x.shape[2]
        if M < 2:
            raise ValueError(f"BatchNorm: expected at least 2 values a feature, got x {shape}")
        mu = _sum(x) / M
        xhat = x - mu
        v = _sum(xhat * xhat) / M
        scale = 1 / np.sqrt(v + v.dtype.type(self.eps))
        xhat *= scale
        self._remember(mu, v * (M / (M - 1)))
        return _close(self._affine(xhat), shape), (shape, xhat, scale)

    def backward(self, dy, cache, need_dx=True):
        shape, xhat, scale = cache
        _, dy = self._open("dy", dy, shape)
        M = xhat.shape[0] * xhat.shape[2]
        dgamma, dbeta = _sum(dy * xhat), _sum(dy)
        grads = {"gamma": dgamma[:, 0], "beta": dbeta[:, 0]}
        if not need_dx:
            return None, grads
        dx = xhat * (dgamma / -M)
        dx += dy
        dx -= dbeta / M
        dx *= self.params["gamma"][:, None] * scale
        return _close(dx, shape), grads

    def __call__(self, x):
        shape, x = self._open("x", x)
        scale = 1 / np.sqrt(self.running_var + self.running_var.dtype.type(self.eps))
        xhat = (x - self.running_mean[:, None]) * scale[:, None]
        return _close(self._affine(xhat), shape)

    def _affine(self, xhat):
        y = xhat * self.params["gamma"][:, None]
        y += self.params["beta"][:, None]
        return y

    def _remember(self, mu, v):
        self.running_mean += self.momentum * (mu[:, 0] - self.running_mean)
        self.running_var += self.momentum * (v[:, 0] - self.running_var)

    def _open(self, name, x, shape=None):
        """(shape, x as (P, n, N)): one value for each pixel, feature and example."""
        gamma = self.params["gamma"]
        n = len(gamma)
        fits = getattr(x, "ndim", 0) in (2, 4) and x.shape[1] == n and x.size > 0
        if getattr(x, "dtype", None) != gamma.dtype or not fits or x.shape != (shape or x.shape):
            expected = shape or f"(m, {n}) or (N, C={n}, H, W)"
            raise mismatch("BatchNorm", f"{name} {expected}", x, gamma.dtype)
        if x.ndim == 2:
            return x.shape, x[:, :, None]
        N, _, H, W = x.shape
        return x.shape, batch_last(x).reshape(H * W, n, N)


def _close(y, shape):
    """Back from (P, n, N) to the shape that came in."""
    if len(shape) == 2:
        return y[:, :, 0]
    N, C, H, W = shape
    return batch_first(y.reshape(H, W, C, N))


def _sum(x):
    """Over pixels and examples, as a column (n, 1)."""
    return np.add.reduce(x, (0, 2))[:, None]
