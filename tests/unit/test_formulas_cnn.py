"""Each formula of the CNN section, transcribed literally, in loops, against dlcore.

`FORMULAS` names the equation label of each test; another test holds the chapters to them. The
formulas are of one channel; tests/unit/test_conv.py has the loops over channels, with stride and
padding.
"""

import math

import numpy as np
import pytest

from dlcore import AvgPool2d, Conv2d, Flatten, MaxPool2d, ReLU, Sigmoid, Tanh

FORMULAS = {
    "eq-cnn-convolution": "test_convolution",
    "eq-cnn-activation": "test_activation",
    "eq-cnn-maxpool": "test_max_pooling",
    "eq-cnn-avgpool": "test_average_pooling",
    "eq-cnn-flatten": "test_flatten",
}


@pytest.mark.parametrize("f", [1, 2, 3, 5])
def test_convolution(f, rng):
    """z_ij = sum_{r=0}^{f-1} sum_{c=0}^{f-1} x_(i+r)(j+c) * W_rc + b"""
    layer = Conv2d(1, 1, f, rng=rng, dtype=np.float64)
    layer.b = rng.standard_normal(1)
    images = rng.standard_normal((3, 1, 6, 7))
    z = layer(images)
    assert z.shape == (3, 1, 6 - f + 1, 7 - f + 1)
    W, b = layer.W[0, 0].tolist(), layer.b.item()
    for m, x in enumerate(images[:, 0].tolist()):
        for i in range(6 - f + 1):
            for j in range(7 - f + 1):
                by_hand = 0.0
                for r in range(f):
                    for c in range(f):
                        by_hand += x[i + r][j + c] * W[r][c]
                by_hand += b
                assert z[m, 0, i, j] == pytest.approx(by_hand, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(
    ("layer", "sigma"),
    [
        (ReLU(), lambda z: z if z > 0 else 0.0),
        (Tanh(), math.tanh),
        (Sigmoid(), lambda z: 1 / (1 + math.exp(-z))),
    ],
)
def test_activation(layer, sigma, rng):
    """a_ij = sigma(z_ij)"""
    z = rng.standard_normal((2, 3, 4, 5))
    a = layer(z)
    for n, k, i, j in np.ndindex(z.shape):
        assert a[n, k, i, j] == pytest.approx(sigma(z[n, k, i, j].item()), rel=1e-12)


POOLS = [(2, 2), (3, 3), (3, 2), (2, 1), (1, 2), (2, 3)]  # f, s


def window(a, i, j, f, s):
    """a_(si+r)(sj+c) for 0 <= r, c < f"""
    return [a[s * i + r][s * j + c] for r in range(f) for c in range(f)]


def pooled_by_hand(a, f, s, of):
    rows, columns = (len(a) - f) // s + 1, (len(a[0]) - f) // s + 1
    return [[of(window(a, i, j, f, s)) for j in range(columns)] for i in range(rows)]


@pytest.mark.parametrize(("f", "s"), POOLS)
def test_max_pooling(f, s, rng):
    """a_ij = max_{0 <= r, c < f} a_(si+r)(sj+c)"""
    a = rng.standard_normal((7, 6))
    y = MaxPool2d(f, s)(a[None, None])[0, 0]
    assert y.tolist() == pooled_by_hand(a.tolist(), f, s, max)


@pytest.mark.parametrize(("f", "s"), POOLS)
def test_average_pooling(f, s, rng):
    """a_ij = 1/f^2 sum_r sum_c a_(si+r)(sj+c)"""
    a = rng.standard_normal((7, 6))
    by_hand = pooled_by_hand(a.tolist(), f, s, lambda numbers: sum(numbers) / f**2)
    np.testing.assert_allclose(AvgPool2d(f, s)(a[None, None])[0, 0], by_hand, rtol=1e-12)


def test_flatten(rng):
    """a_((k h + i) w + j) = a_kij"""
    channels, h, w = 3, 4, 5
    maps = rng.standard_normal((2, channels, h, w))
    flat = Flatten()(maps)
    assert flat.shape == (2, channels * h * w)
    for n, k, i, j in np.ndindex(maps.shape):
        assert flat[n, (k * h + i) * w + j] == maps[n, k, i, j]
