"""Convolution, pooling, batch normalisation: as in PyTorch, forward and backward, in float64."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from dlcore.conv import AvgPool2d, Conv2d, MaxPool2d
from dlcore.normalization import BatchNorm

CLOSE = {"rtol": 1e-10, "atol": 1e-10}


@pytest.mark.parametrize("channels", [(1, 1), (1, 4), (3, 2)])
@pytest.mark.parametrize("size", [(5, 5), (7, 8), (9, 6)])
@pytest.mark.parametrize(
    ("k", "stride", "padding"), [(1, 1, 0), (3, 1, 1), (3, 2, 0), (4, 2, 1), (5, 3, 2), (2, 3, 1)]
)
def test_convolution(channels, size, k, stride, padding, rng):
    layer = Conv2d(*channels, k, stride, padding, rng=rng, dtype=np.float64)
    layer.b = rng.standard_normal(channels[1])
    x = rng.standard_normal((3, channels[0], *size))
    W, b, tx = (torch.tensor(a, requires_grad=True) for a in (layer.W, layer.b, x))
    y, cache = layer.forward(x)
    ty = F.conv2d(tx, W, b, stride, padding)
    np.testing.assert_allclose(y, ty.detach(), **CLOSE)

    dy = rng.standard_normal(y.shape)
    ty.backward(torch.tensor(dy))
    dx, grads = layer.backward(dy, cache)
    np.testing.assert_allclose(dx, tx.grad, **CLOSE)
    np.testing.assert_allclose(grads["W"], W.grad, **CLOSE)
    np.testing.assert_allclose(grads["b"], b.grad, **CLOSE)


@pytest.mark.parametrize("size", [(6, 6), (7, 9)])
@pytest.mark.parametrize(("k", "stride"), [(2, 2), (3, 3), (3, 2), (3, 1), (2, 3), (1, 1)])
@pytest.mark.parametrize(("layer", "twin"), [(MaxPool2d, F.max_pool2d), (AvgPool2d, F.avg_pool2d)])
@pytest.mark.parametrize("ties", [False, True])
def test_pooling(layer, twin, k, stride, size, ties, rng):
    """With small whole numbers nearly every window has a tie."""
    x = rng.standard_normal((3, 2, *size))
    x = np.round(x) if ties else x
    tx = torch.tensor(x, requires_grad=True)
    y, cache = layer(k, stride).forward(x)
    ty = twin(tx, k, stride)
    np.testing.assert_allclose(y, ty.detach(), **CLOSE)

    dy = rng.standard_normal(y.shape)
    ty.backward(torch.tensor(dy))
    np.testing.assert_allclose(layer(k, stride).backward(dy, cache)[0], tx.grad, **CLOSE)


@pytest.mark.parametrize("shape", [(5, 3), (4, 3, 2, 5), (2, 3, 1, 1), (1, 3, 4, 4)])
def test_batch_normalisation(shape, rng):
    layer = BatchNorm(3, dtype=np.float64)
    layer.gamma, layer.beta = rng.standard_normal(3), rng.standard_normal(3)
    gamma, beta = (torch.tensor(a, requires_grad=True) for a in (layer.gamma, layer.beta))
    mean, var = torch.zeros(3, dtype=torch.float64), torch.ones(3, dtype=torch.float64)
    for _ in range(3):  # the running statistics too
        x, dy = rng.normal(2, 3, shape), rng.standard_normal(shape)
        tx = torch.tensor(x, requires_grad=True)
        gamma.grad = beta.grad = None
        y, cache = layer.forward(x)
        ty = F.batch_norm(tx, mean, var, gamma, beta, training=True)
        ty.backward(torch.tensor(dy))
        dx, grads = layer.backward(dy, cache)
        np.testing.assert_allclose(y, ty.detach(), **CLOSE)
        np.testing.assert_allclose(dx, tx.grad, **CLOSE)
        np.testing.assert_allclose(grads["gamma"], gamma.grad, **CLOSE)
        np.testing.assert_allclose(grads["beta"], beta.grad, **CLOSE)
    np.testing.assert_allclose(layer.running_mean, mean, **CLOSE)
    np.testing.assert_allclose(layer.running_var, var, **CLOSE)
    expected = F.batch_norm(torch.tensor(x), mean, var, gamma, beta, training=False)
    np.testing.assert_allclose(layer(x), expected.detach(), **CLOSE)
