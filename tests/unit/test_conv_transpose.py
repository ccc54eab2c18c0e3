"""Transposed convolution: its formula written as loops, its gradient, what it refuses."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcore import Conv2d, ConvTranspose2d, Dense, Flatten, Sequential, Tanh, Unflatten, gradcheck

GEOMETRIES = [
    (1, 1, 0),
    (3, 1, 0),
    (3, 1, 1),
    (2, 2, 0),
    (4, 2, 1),
    (3, 3, 1),
    (5, 2, 2),
    (2, 3, 0),
]


def by_loops(x, W, b, stride, padding):
    """z[n,o, stride i + r - padding, stride j + s - padding] += x[n,c,i,j] W[c,o,r,s], then + b"""
    N, C, H, width = x.shape
    _, out, k, _ = W.shape
    Ho, Wo = (stride * (size - 1) + k - 2 * padding for size in (H, width))
    z = np.zeros((N, out, Ho, Wo))
    for n, o, c, i, j, r, s in np.ndindex(N, out, C, H, width, k, k):
        row, column = stride * i + r - padding, stride * j + s - padding
        if 0 <= row < Ho and 0 <= column < Wo:
            z[n, o, row, column] += x[n, c, i, j] * W[c, o, r, s]
    return z + b[:, None, None]


def layer_of(rng, *args, dtype=np.float64, **kwargs):
    layer = ConvTranspose2d(*args, rng=rng, dtype=dtype, **kwargs)
    layer.b = rng.standard_normal(layer.b.shape).astype(dtype)
    return layer


@pytest.mark.parametrize(("k", "stride", "padding"), GEOMETRIES)
@pytest.mark.parametrize("size", [(2, 3), (4, 2)])
def test_it_is_its_formula(k, stride, padding, size, rng):
    layer = layer_of(rng, 2, 3, k, stride, padding)
    x = rng.standard_normal((2, 2, *size))
    np.testing.assert_allclose(layer(x), by_loops(x, layer.W, layer.b, stride, padding), atol=1e-12)


@pytest.mark.parametrize(("k", "stride", "padding"), GEOMETRIES)
def test_its_gradients_are_right(k, stride, padding, rng):
    layer = layer_of(rng, 2, 3, k, stride, padding)
    assert gradcheck(layer, rng.standard_normal((2, 2, 3, 2)), rng=rng).worst < 1e-7


def test_its_kernels_begin_as_large_as_those_of_a_convolution(rng):
    W = ConvTranspose2d(20, 30, 5, rng=rng).W
    assert W.shape == (20, 30, 5, 5)
    assert np.isclose(W.var(), 2 / (20 * 25), rtol=0.05)


@settings(deadline=None, max_examples=30)
@given(
    st.integers(1, 4),
    st.integers(1, 3),
    st.integers(0, 2),
    st.integers(1, 4),
    st.integers(1, 4),
    st.integers(0, 2**32 - 1),
)
def test_it_is_the_adjoint_of_the_convolution_with_the_same_kernel(k, stride, padding, H, W, seed):
    """<conv(a), x> = <a, transpose(x)> for every a and x."""
    if min(stride * (H - 1), stride * (W - 1)) + k <= 2 * padding:
        return
    rng = np.random.default_rng(seed)
    up = ConvTranspose2d(2, 3, k, stride, padding, rng=rng, dtype=np.float64)
    down = Conv2d(3, 2, k, stride, padding, rng=rng, dtype=np.float64)
    down.W = up.W
    x = rng.standard_normal((2, 2, H, W))
    big = up(x)
    a = rng.standard_normal(big.shape)
    np.testing.assert_allclose(np.sum(down(a) * x), np.sum(a * big), atol=1e-9)


def test_a_generator_goes_from_a_vector_to_an_image_and_back_with_right_gradients(rng):
    f64 = {"rng": rng, "dtype": np.float64}
    net = Sequential(
        Dense(3, 8, **f64),
        Tanh(),
        Unflatten(2, 2, 2),
        ConvTranspose2d(2, 3, 4, stride=2, padding=1, **f64),
        Tanh(),
        Conv2d(3, 1, 3, padding=1, **f64),
        Flatten(),
    )
    x = rng.standard_normal((4, 3))
    assert net(x).shape == (4, 16)
    assert gradcheck(net, x, rng=rng).worst < 1e-7


def test_flatten_undoes_unflatten(rng):
    x = rng.standard_normal((5, 24))
    images, cache = Unflatten(2, 3, 4).forward(x)
    assert images.shape == (5, 2, 3, 4)
    np.testing.assert_array_equal(Flatten()(images), x)
    np.testing.assert_array_equal(Unflatten(2, 3, 4).backward(images, cache)[0], x)


@pytest.mark.parametrize("need_dx", [True, False])
def test_float32_stays_float32(need_dx, rng):
    layer = layer_of(rng, 2, 3, 4, 2, 1, dtype=np.float32)
    z, cache = layer.forward(rng.standard_normal((2, 2, 3, 3), np.float32))
    dx, grads = layer.backward(z, cache, need_dx)
    assert {a.dtype for a in (z, *grads.values())} == {np.dtype(np.float32)}
    assert (dx is None) if not need_dx else dx.dtype == np.float32


def test_what_goes_in_is_not_changed(rng):
    layer = layer_of(rng, 2, 3, 4, 2, 1)
    x = rng.standard_normal((2, 2, 3, 3))
    z, cache = layer.forward(x)
    before = x.copy(), z.copy()
    layer.backward(z, cache)
    layer.backward(z, cache)
    np.testing.assert_array_equal(x, before[0])
    np.testing.assert_array_equal(z, before[1])


def test_it_refuses_in_one_clear_line(rng):
    layer = layer_of(rng, 2, 3, 4, 2, 1)
    with pytest.raises(ValueError, match=r"ConvTranspose2d: expected x \(N, C=2, H, W\)"):
        layer(np.zeros((1, 3, 4, 4)))
    with pytest.raises(TypeError, match="float32"):
        layer(np.zeros((1, 2, 4, 4), np.float32))
    with pytest.raises(ValueError, match=r"ConvTranspose2d: expected dy \(1, 3, 8, 8\)"):
        layer.backward(np.zeros((1, 3, 4, 4)), layer.forward(np.zeros((1, 2, 4, 4)))[1])
    with pytest.raises(ValueError, match="leaves something"):
        layer_of(rng, 1, 1, 2, 1, 1)(np.zeros((1, 1, 1, 1)))
    with pytest.raises(ValueError, match="stride"):
        ConvTranspose2d(1, 1, 3, 0, rng=rng)
    with pytest.raises(ValueError, match=r"Unflatten: expected x \(N, 8\)"):
        Unflatten(2, 2, 2)(np.zeros((3, 9)))
    with pytest.raises(ValueError, match="height"):
        Unflatten(2, 0, 2)
