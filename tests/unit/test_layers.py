"""The layer contract: forward, backward, parameters, and what a wrong array is told."""

import copy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcore import (
    Dense,
    Identity,
    LeakyReLU,
    ReLU,
    Sequential,
    Sigmoid,
    Softplus,
    Tanh,
    gradcheck,
    init,
    mlp,
    product,
)

ACTIVATIONS = [Identity, LeakyReLU, ReLU, Sigmoid, Softplus, Tanh]


def random_biases(net, rng):
    """Zero biases hide mistakes; give every parameter a random value."""
    for name, p in net.params.items():
        net.params[name] = rng.standard_normal(p.shape).astype(p.dtype)
    return net


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_backward_agrees_with_central_differences(activation, rng):
    net = random_biases(mlp([3, 5, 4, 2], activation, rng=rng), rng)
    assert gradcheck(net, rng.standard_normal((6, 3)), rng=rng).worst < 1e-6


@settings(max_examples=30, deadline=None)
@given(
    m=st.integers(1, 9),
    sizes=st.lists(st.integers(1, 7), min_size=2, max_size=5),
    seed=st.integers(0, 1000),
)
def test_backward_of_any_shape_agrees_with_central_differences(m, sizes, seed):
    rng = np.random.default_rng(seed)
    net = random_biases(mlp(sizes, Tanh, rng=rng), rng)
    assert gradcheck(net, rng.standard_normal((m, sizes[0])), rng=rng).worst < 1e-6


def test_forward_keeps_nothing_so_two_passes_go_back_separately(rng):
    net = mlp([3, 4, 2], rng=rng, dtype=np.float64)
    x1, x2 = rng.standard_normal((2, 5, 3))
    dy1, dy2 = rng.standard_normal((2, 5, 2))
    _, cache1 = net.forward(x1)
    _, cache2 = net.forward(x2)
    dx2, grads2 = net.backward(dy2, cache2)
    dx1, grads1 = net.backward(dy1, cache1)
    for x, dy, dx, grads in [(x1, dy1, dx1, grads1), (x2, dy2, dx2, grads2)]:
        alone_dx, alone = net.backward(dy, net.forward(x)[1])
        assert np.array_equal(dx, alone_dx)
        assert all(np.array_equal(grads[k], alone[k]) for k in alone)


def test_backward_changes_neither_its_input_nor_the_cache(rng):
    for activation in ACTIVATIONS:
        net = mlp([3, 4, 2], activation, rng=rng)
        x = rng.standard_normal((5, 3)).astype(np.float32)
        dy = rng.standard_normal((5, 2)).astype(np.float32)
        x0, dy0 = x.copy(), dy.copy()
        _, cache = net.forward(x)
        first = net.backward(dy, cache)
        second = net.backward(dy, cache)
        assert np.array_equal(x, x0)
        assert np.array_equal(dy, dy0)
        assert np.array_equal(first[0], second[0])


def test_without_dx_the_gradients_are_the_same(rng):
    net = mlp([3, 4, 2], rng=rng)
    x = rng.standard_normal((5, 3)).astype(np.float32)
    dy = rng.standard_normal((5, 2)).astype(np.float32)
    _, cache = net.forward(x)
    _, with_dx = net.backward(dy, cache)
    dx, without = net.backward(dy, cache, need_dx=False)
    assert dx is None
    assert list(without) == list(net.params)
    assert all(np.array_equal(with_dx[k], without[k]) for k in with_dx)


def test_an_activation_alone_and_an_empty_row_need_no_parameters(rng):
    x = rng.standard_normal((5, 3)).astype(np.float32)
    for net in (Sequential(Tanh()), Sequential()):
        y, cache = net.forward(x)
        assert net.backward(y, cache, need_dx=False) == (None, {})
        assert net.backward(y, cache)[0].shape == x.shape


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_never_changes_on_the_way(dtype, rng):
    for activation in ACTIVATIONS:
        net = mlp([3, 4, 2], activation, rng=rng, dtype=dtype)
        y, cache = net.forward(rng.standard_normal((5, 3)).astype(dtype))
        dx, grads = net.backward(y, cache)
        assert {y.dtype, dx.dtype, *(g.dtype for g in grads.values())} == {np.dtype(dtype)}


def test_a_row_of_layers_may_hold_a_row_of_layers(rng):
    inner = mlp([4, 3, 2], rng=rng)
    net = Sequential(Dense(5, 4, rng=rng), Tanh(), inner)
    assert list(net.params) == ["0.W", "0.b", "2.0.W", "2.0.b", "2.2.W", "2.2.b"]
    assert net.params["2.0.W"] is inner.layers[0].W
    assert gradcheck(net, rng.standard_normal((3, 5)), rng=rng).worst < 1e-6


def test_assigning_a_parameter_writes_into_the_live_array(rng):
    net = mlp([2, 3, 1], rng=rng)
    layer, live = net.layers[0], net.layers[0].W
    net.params["0.W"] = np.ones((3, 2), np.float32)
    assert live is layer.W
    assert live.sum() == 6
    layer.W = np.zeros((3, 2), np.float32)
    net.params.update({"0.b": np.ones(3, np.float32)})
    assert net.params["0.W"].sum() == 0
    assert layer.b.sum() == 3


def test_a_deep_copy_is_independent_and_still_live(rng):
    net = mlp([2, 3, 1], rng=rng)
    twin = copy.deepcopy(net)
    twin.params["0.W"] = np.zeros((3, 2), np.float32)
    assert twin.layers[0].W.sum() == 0
    assert net.layers[0].W.sum() != 0


@pytest.mark.parametrize(
    ("value", "line"),
    [
        (np.ones((2, 3), np.float32), r"Dense: expected W \(3, 2\), got \(2, 3\)"),
        (np.ones((3, 2)), r"Dense: expected W \(3, 2\) float32, got \(3, 2\) float64"),
        ([[1]], r"Dense: expected W \(3, 2\) float32, got list"),
    ],
)
def test_a_parameter_of_another_shape_or_dtype_is_refused(value, line, rng):
    layer = Dense(2, 3, rng=rng)
    with pytest.raises((ValueError, TypeError), match=line):
        layer.params["W"] = value
    with pytest.raises(KeyError, match="no parameter 'V'"):
        layer.params["V"] = value


@pytest.mark.parametrize(
    ("x", "error", "line"),
    [
        (np.zeros((4, 3), np.float32), ValueError, r"Dense: expected x \(m, 2\), got \(4, 3\)"),
        (np.zeros(2, np.float32), ValueError, r"Dense: expected x \(m, 2\), got \(2,\)"),
        (np.zeros((4, 2)), TypeError, r"expected x \(m, 2\) float32, got \(4, 2\) float64"),
        (np.zeros((4, 2), np.int64), TypeError, r"expected x \(m, 2\) float32, got \(4, 2\) int64"),
        ([[1.0, 2.0]], TypeError, r"expected x \(m, 2\) float32, got list"),
        (None, TypeError, "got NoneType"),
    ],
)
def test_a_wrong_input_gets_one_clear_line(x, error, line, rng):
    with pytest.raises(error, match=line) as caught:
        Dense(2, 3, rng=rng).forward(x)
    assert "\n" not in str(caught.value)


def test_a_wrong_gradient_gets_one_clear_line(rng):
    layer = Dense(2, 3, rng=rng)
    _, cache = layer.forward(np.zeros((4, 2), np.float32))
    with pytest.raises(ValueError, match=r"Dense: expected dy \(4, 3\), got \(4, 2\)"):
        layer.backward(np.zeros((4, 2), np.float32), cache)
    _, cache = Tanh().forward(np.zeros((4, 2), np.float32))
    with pytest.raises(ValueError, match=r"Tanh: expected dy like y, \(4, 2\), got \(2, 4\)"):
        Tanh().backward(np.zeros((2, 4), np.float32), cache)


def test_the_line_says_which_layer_of_the_row(rng):
    net = Sequential(Dense(2, 3, rng=rng), Tanh(), Dense(4, 1, rng=rng))
    with pytest.raises(ValueError, match=r"layer 2: Dense: expected x \(m, 4\), got \(5, 3\)"):
        net.forward(np.zeros((5, 2), np.float32))


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_activations_refuse_integers(activation):
    with pytest.raises(TypeError, match=f"{activation.__name__}: expected an array of floats"):
        activation().forward(np.arange(3))


@pytest.mark.parametrize("n", [0, -1, 2.5, "3", True])
def test_impossible_sizes_are_refused(n, rng):
    with pytest.raises(ValueError, match="Dense: expected n_out to be a whole number >= 1"):
        Dense(2, n, rng=rng)


def test_a_network_needs_two_sizes(rng):
    with pytest.raises(ValueError, match="mlp: expected at least an input and an output size"):
        mlp([3], rng=rng)


@pytest.mark.parametrize("z", [-1e4, -100.0, 0.0, 100.0, 1e4])
def test_activations_do_not_overflow(z):
    for activation in ACTIVATIONS:
        y, cache = activation().forward(np.array([z]))
        assert np.isfinite(y).all()
        assert np.isfinite(activation().backward(np.ones(1), cache)[0]).all()


def test_initial_weights_have_the_promised_spread(rng):
    assert np.isclose(init.glorot((300, 200), rng=rng).var(), 2 / 500, rtol=0.05)
    assert np.isclose(init.he((300, 200), rng=rng).var(), 2 / 200, rtol=0.05)
    assert np.isclose(init.he((30, 20, 5, 5), rng=rng).var(), 2 / 500, rtol=0.1)
    assert np.isclose(init.normal(0.3)((300, 200), rng=rng).std(), 0.3, rtol=0.05)
    assert not init.zeros((3, 2), rng=rng).any()
    assert (init.constant(0.2)((3, 2), rng=rng) == np.float32(0.2)).all()
    assert init.fans((8, 3, 5, 5)) == (75, 200)


def test_the_same_seed_gives_the_same_network():
    a, b = (mlp([2, 3, 1], rng=np.random.default_rng(7)) for _ in range(2))
    assert all(np.array_equal(a.params[k], b.params[k]) for k in a.params)


def test_every_product_goes_through_the_one_kernel(rng):
    net, seen = mlp([2, 3, 1], rng=rng), []
    product.use(lambda a, b: seen.append((a.shape, b.shape)))  # answers None: NumPy does it
    try:
        y, cache = net.forward(np.ones((4, 2), np.float32))
        net.backward(y, cache)
    finally:
        product.use(None)
    assert len(seen) == 2 + 4
