"""Convolution and pooling: their formulas written as loops, their gradients, what they refuse."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcore import ReLU, Sequential, gradcheck
from dlcore.conv import AvgPool2d, Conv2d, Flatten, MaxPool2d

GEOMETRIES = [  # kernel_size, stride, padding
    (1, 1, 0),
    (3, 1, 0),
    (3, 1, 1),
    (2, 2, 0),
    (4, 2, 1),
    (3, 3, 2),
    (5, 2, 3),
    (2, 3, 0),
]
POOLS = [(2, 2), (3, 3), (3, 2), (3, 1), (1, 2), (2, 3)]  # kernel_size, stride


def places(size, k, stride):
    return range((size - k) // stride + 1)


def convolve_by_loops(x, W, b, stride, padding):
    """z[n,o,i,j] = sum_c,r,s x[n, c, stride i + r, stride j + s] W[o,c,r,s] + b[o]"""
    N, C, H, width = x.shape
    out, _, k, _ = W.shape
    padded = np.zeros((N, C, H + 2 * padding, width + 2 * padding))
    padded[:, :, padding : padding + H, padding : padding + width] = x
    rows, columns = places(padded.shape[2], k, stride), places(padded.shape[3], k, stride)
    z = np.zeros((N, out, len(rows), len(columns)))
    for n, o, i, j in np.ndindex(z.shape):
        z[n, o, i, j] = b[o]
        for c, r, s in np.ndindex(C, k, k):
            z[n, o, i, j] += padded[n, c, stride * i + r, stride * j + s] * W[o, c, r, s]
    return z


def pool_by_loops(x, k, stride, reduce):
    """y[n,c,i,j] = the max or the mean of a window."""
    N, C, H, W = x.shape
    y = np.zeros((N, C, len(places(H, k, stride)), len(places(W, k, stride))))
    for n, c, i, j in np.ndindex(y.shape):
        y[n, c, i, j] = reduce(
            [x[n, c, stride * i + r, stride * j + s] for r in range(k) for s in range(k)]
        )
    return y


def conv(rng, *args, dtype=np.float64, **kwargs):
    layer = Conv2d(*args, rng=rng, dtype=dtype, **kwargs)
    layer.b = rng.standard_normal(layer.b.shape).astype(dtype)
    return layer


@pytest.mark.parametrize(("k", "stride", "padding"), GEOMETRIES)
def test_convolution_is_its_formula(k, stride, padding, rng):
    layer = conv(rng, 2, 3, k, stride, padding)
    x = rng.standard_normal((2, 2, 5, 6))
    expected = convolve_by_loops(x, layer.W, layer.b, stride, padding)
    np.testing.assert_allclose(layer(x), expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("k", "stride", "padding"), GEOMETRIES)
def test_convolution_gradients_are_central_differences(k, stride, padding, rng):
    layer, x = conv(rng, 2, 3, k, stride, padding), rng.standard_normal((3, 2, 6, 5))
    report = gradcheck(layer, x, rng=rng)
    assert report.worst < 1e-7, report


@pytest.mark.parametrize(("k", "stride"), POOLS)
def test_pooling_is_its_formula(k, stride, rng):
    x = rng.standard_normal((2, 3, 6, 7))
    np.testing.assert_array_equal(MaxPool2d(k, stride)(x), pool_by_loops(x, k, stride, max))
    expected = pool_by_loops(x, k, stride, np.mean)
    np.testing.assert_allclose(AvgPool2d(k, stride)(x), expected, rtol=1e-12)


@pytest.mark.parametrize("layer", [MaxPool2d, AvgPool2d])
@pytest.mark.parametrize(("k", "stride"), POOLS)
def test_pooling_gradients_are_central_differences(layer, k, stride, rng):
    report = gradcheck(layer(k, stride), rng.standard_normal((2, 3, 6, 7)), rng=rng)
    assert report.worst < 1e-7, report


def test_stride_of_pooling_is_the_kernel_size_unless_given():
    assert MaxPool2d(3).stride == 3
    assert AvgPool2d(3, 1).stride == 1


def test_max_pooling_gives_a_tie_to_the_first_place_once():
    x = np.array([[1.0, 2, 5, 5], [2, 2, 5, 5]])[None, None]
    y, cache = MaxPool2d(2).forward(x)
    dx, _ = MaxPool2d(2).backward(np.array([[[[10.0, 20]]]]), cache)
    np.testing.assert_array_equal(y[0, 0], [[2, 5]])
    np.testing.assert_array_equal(dx[0, 0], [[0, 10, 20, 0], [0, 0, 0, 0]])


def test_overlapping_windows_add_up_at_a_shared_maximum():
    x = np.array([[0.0, 9, 0], [0, 0, 0]])[None, None]
    pool = MaxPool2d(2, 1)
    dx, _ = pool.backward(np.array([[[[1.0, 2]]]]), pool.forward(x)[1])
    np.testing.assert_array_equal(dx[0, 0], [[0, 3, 0], [0, 0, 0]])


def test_flatten_puts_channels_slowest_and_backward_restores_the_image(rng):
    x = rng.standard_normal((2, 3, 4, 5))
    y, cache = Flatten().forward(x)
    np.testing.assert_array_equal(y[1], np.concatenate([channel.ravel() for channel in x[1]]))
    np.testing.assert_array_equal(Flatten().backward(y, cache)[0], x)


@pytest.mark.parametrize("layer", [Conv2d, MaxPool2d, AvgPool2d, Flatten])
def test_two_forwards_before_two_backwards(layer, rng):
    """A discriminator sees real and generated images before it goes back through either."""
    net = conv(rng, 2, 3, 3, 2, 1) if layer is Conv2d else layer() if layer is Flatten else layer(2)
    first, second = rng.standard_normal((2, 3, 2, 6, 6))
    (y1, cache1), (_, cache2) = net.forward(first), net.forward(second)
    dy = rng.standard_normal(y1.shape)
    dx2, grads2 = net.backward(dy, cache2)
    dx1, grads1 = net.backward(dy, cache1)
    for x, dx, grads in ((first, dx1, grads1), (second, dx2, grads2)):
        alone, grads_alone = net.backward(dy, net.forward(x)[1])
        np.testing.assert_array_equal(dx, alone)
        for name in grads_alone:
            np.testing.assert_array_equal(grads[name], grads_alone[name])


@pytest.mark.parametrize("padding", [0, 1])
def test_input_and_gradient_are_left_alone(padding, rng):
    net = Sequential(conv(rng, 2, 3, 3, 1, padding), ReLU(), MaxPool2d(2), Flatten())
    x = rng.standard_normal((2, 2, 7, 7))
    y, cache = net.forward(x)
    dy = rng.standard_normal(y.shape)
    x_before, dy_before = x.copy(), dy.copy()
    net.backward(dy, cache)
    np.testing.assert_array_equal(x, x_before)
    np.testing.assert_array_equal(dy, dy_before)


def test_float32_stays_float32_and_dx_is_skipped_on_request(rng):
    net = Sequential(
        conv(rng, 1, 2, 3, dtype=np.float32), ReLU(), MaxPool2d(2), AvgPool2d(2, 1), Flatten()
    )
    x = rng.standard_normal((2, 1, 8, 8), np.float32)
    y, cache = net.forward(x)
    dx, grads = net.backward(np.ones_like(y), cache)
    assert {a.dtype for a in (y, dx, *grads.values())} == {np.dtype(np.float32)}
    for layer, a in ((net.layers[0], x), (MaxPool2d(2), x), (AvgPool2d(2), x), (Flatten(), x)):
        out, cache = layer.forward(a)
        assert layer.backward(np.ones_like(out), cache, need_dx=False)[0] is None


def test_gradients_do_not_depend_on_how_memory_lies(rng):
    """Images as they come from a file, and as a transposed view, are the same images."""
    layer, x = conv(rng, 2, 3, 3), rng.standard_normal((4, 2, 6, 6))
    view = np.ascontiguousarray(x.transpose(2, 3, 1, 0)).transpose(3, 2, 0, 1)
    y, cache = layer.forward(x)
    dy = rng.standard_normal(y.shape)
    dx, grads = layer.backward(dy, cache)
    dx_view, grads_view = layer.backward(np.asfortranarray(dy), layer.forward(view)[1])
    np.testing.assert_array_equal(dx, dx_view)
    np.testing.assert_array_equal(grads["W"], grads_view["W"])


def test_a_large_image_sums_its_kernel_gradient_in_parts(rng):
    """So large that the products of all pixels are not made at once."""
    layer, x = conv(rng, 4, 8, 3), rng.standard_normal((1, 4, 50, 50))
    y, cache = layer.forward(x)
    dy = rng.standard_normal(y.shape)
    dW = layer.backward(dy, cache)[1]["W"]
    expected = [np.vdot(dy[0, 5], x[0, 2, r : r + 48, s : s + 48]) for r, s in np.ndindex(3, 3)]
    np.testing.assert_allclose(dW[5, 2].ravel(), expected, rtol=1e-10)


geometry = st.tuples(
    st.integers(1, 3), st.integers(1, 3), st.integers(1, 4), st.integers(1, 3), st.integers(0, 2)
)


@settings(max_examples=40, deadline=None)
@given(geometry, st.integers(4, 8), st.integers(4, 8), st.integers(0, 2**32 - 1))
def test_convolution_is_linear_and_its_backward_the_adjoint(geometry, H, W, seed):
    """conv(2x + u) = 2 conv(x) + conv(u), and <conv(x), y> = <x, conv^T(y)>, without the bias."""
    rng = np.random.default_rng(seed)
    layer = Conv2d(*geometry, rng=rng, dtype=np.float64)
    x, u = rng.standard_normal((2, 2, geometry[0], H, W))
    zx, cache = layer.forward(x)
    np.testing.assert_allclose(layer(2 * x + u), 2 * zx + layer(u), atol=1e-10)
    y = rng.standard_normal(zx.shape)
    dx, _ = layer.backward(y, cache)
    np.testing.assert_allclose(np.vdot(zx, y), np.vdot(x, dx), atol=1e-9)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 4), st.integers(-2, 2), st.integers(-2, 2), st.integers(0, 2**32 - 1))
def test_moving_the_image_moves_the_feature_map(k, down, right, seed):
    """Translation equivariance; the image has a margin of zeros, so that nothing leaves it."""
    rng = np.random.default_rng(seed)
    layer = Conv2d(2, 3, k, padding=k - 1, rng=rng, dtype=np.float64)
    x = np.zeros((1, 2, 10, 10))
    x[:, :, 3:7, 3:7] = rng.standard_normal((1, 2, 4, 4))
    moved = np.roll(x, (down, right), (2, 3))
    np.testing.assert_allclose(layer(moved), np.roll(layer(x), (down, right), (2, 3)), atol=1e-12)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 4), st.integers(1, 4), st.integers(0, 2**32 - 1))
def test_pooling_gradient_is_conserved(k, stride, seed):
    """Every dy goes to one place (max), or is shared out (mean): equal sums, ties or not."""
    rng = np.random.default_rng(seed)
    x = rng.integers(0, 3, (2, 2, 7, 6)).astype(np.float64)
    for pool in (MaxPool2d(k, stride), AvgPool2d(k, stride)):
        y, cache = pool.forward(x)
        dy = rng.standard_normal(y.shape)
        np.testing.assert_allclose(pool.backward(dy, cache)[0].sum(), dy.sum(), atol=1e-10)


F32 = np.float32


@pytest.mark.parametrize(
    ("layer", "x", "error", "message"),
    [
        ("conv", np.zeros((8, 1, 28, 28), F32), ValueError,
         r"Conv2d: expected x \(N, C=3, H, W\), got \(8, 1, 28, 28\)"),
        ("conv", np.zeros((3, 28, 28), F32), ValueError, r"Conv2d: .* got \(3, 28, 28\)"),
        ("conv", np.zeros((8, 3, 28, 28)), TypeError, r"Conv2d: .* float32, got .* float64"),
        ("conv", [[1.0]], TypeError, r"Conv2d: .* got list"),
        ("conv", np.zeros((8, 3, 4, 28), F32), ValueError,
         r"Conv2d: expected an image of at least 5 pixels along each axis .* got 4 and padding 0"),
        ("max", np.zeros((8, 3, 1, 4), F32), ValueError, r"MaxPool2d: .* at least 2 pixels"),
        ("max", np.zeros((8, 3, 4), F32), ValueError, r"MaxPool2d: expected x \(N, C, H, W\)"),
        ("mean", np.zeros((8, 3, 4, 4), np.int64), TypeError, r"AvgPool2d: .* floats, .* int64"),
        ("flat", np.zeros(4), ValueError, r"Flatten: expected x \(N, C, H, W\), got \(4,\)"),
    ],
)  # fmt: skip
def test_bad_input_is_one_clear_line(layer, x, error, message, rng):
    layer = {
        "conv": Conv2d(3, 4, 5, rng=rng),
        "max": MaxPool2d(2),
        "mean": AvgPool2d(2),
        "flat": Flatten(),
    }[layer]
    with pytest.raises(error, match=message) as caught:
        layer.forward(x)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["Conv2d", "MaxPool2d", "AvgPool2d", "Flatten"])
def test_bad_gradient_is_one_clear_line(name, rng):
    layers = [conv(rng, 2, 3, 3, dtype=F32), MaxPool2d(2), AvgPool2d(2), Flatten()]
    layer = next(layer for layer in layers if type(layer).__name__ == name)
    y, cache = layer.forward(np.zeros((2, 2, 6, 6), F32))
    with pytest.raises(ValueError, match=f"{name}: expected dy"):
        layer.backward(np.ones_like(y)[:, :1], cache)
    with pytest.raises(TypeError, match=f"{name}: expected dy .* got .* float64"):
        layer.backward(np.ones(y.shape), cache)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda rng: Conv2d(0, 1, 3, rng=rng), "Conv2d: expected in_channels"),
        (lambda rng: Conv2d(1, 1, 2.5, rng=rng), "Conv2d: expected kernel_size"),
        (lambda rng: Conv2d(1, 1, 3, 0, rng=rng), "Conv2d: expected stride"),
        (lambda rng: Conv2d(1, 1, 3, padding=-1, rng=rng), "Conv2d: expected padding"),
        (lambda rng: MaxPool2d(0), "MaxPool2d: expected kernel_size"),
        (lambda rng: AvgPool2d(2, 0), "AvgPool2d: expected stride"),
    ],
)
def test_bad_settings_are_one_clear_line(make, message, rng):
    with pytest.raises(ValueError, match=message):
        make(rng)
