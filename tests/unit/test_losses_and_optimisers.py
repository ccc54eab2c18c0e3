"""Losses against their formulas, optimisers against theirs, written with loops."""

import copy
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dlcore import SGD, Adam, Momentum, RMSProp, bce_with_logits, cross_entropy, mae, mse, softmax

FLOATS = st.floats(-20, 20, width=32)


def central_difference(loss, z, y, eps=1e-6):
    dz = np.zeros_like(z)
    for i in np.ndindex(z.shape):
        up, down = z.copy(), z.copy()
        up[i] += eps
        down[i] -= eps
        dz[i] = (loss(up, y)[0] - loss(down, y)[0]) / (2 * eps)
    return dz


def test_mse_is_the_mean_over_all_elements(rng):
    yhat, y = rng.standard_normal((2, 4, 3))
    J, dyhat = mse(yhat, y)
    assert math.isclose(J, sum((a - b) ** 2 for a, b in zip(yhat.flat, y.flat, strict=True)) / 12)
    assert np.allclose(dyhat, central_difference(mse, yhat, y), atol=1e-8)


def test_mae_is_the_mean_over_all_elements_and_has_no_slope_where_it_is_0(rng):
    yhat, y = rng.standard_normal((2, 4, 3))
    J, dyhat = mae(yhat, y)
    assert math.isclose(J, sum(abs(a - b) for a, b in zip(yhat.flat, y.flat, strict=True)) / 12)
    assert np.allclose(dyhat, central_difference(mae, yhat, y), atol=1e-8)
    assert not mae(y, y)[1].any()


def test_binary_cross_entropy_is_its_formula(rng):
    z, y = rng.standard_normal((5, 1)), np.array([[0.0], [1], [1], [0], [0.5]])
    p = 1 / (1 + np.exp(-z))
    J, dz = bce_with_logits(z, y)
    assert math.isclose(J, float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))))
    assert np.allclose(dz, central_difference(bce_with_logits, z, y), atol=1e-8)


def test_cross_entropy_is_its_formula(rng):
    z, y = rng.standard_normal((6, 4)), np.array([0, 3, 1, 2, 2, 0])
    J, dz = cross_entropy(z, y)
    by_hand = -sum(math.log(math.exp(z[i, y[i]]) / sum(map(math.exp, z[i]))) for i in range(6)) / 6
    assert math.isclose(J, by_hand)
    assert np.allclose(dz, central_difference(cross_entropy, z, y), atol=1e-8)


@settings(max_examples=50, deadline=None)
@given(hnp.arrays(np.float64, (3, 4), elements=FLOATS), st.floats(-50, 50))
def test_softmax_does_not_see_a_constant_and_sums_to_one(z, c):
    assert np.allclose(softmax(z), softmax(z + c))
    assert np.allclose(softmax(z).sum(1), 1)


@pytest.mark.parametrize("z", [-1e4, -100.0, 0.0, 100.0, 1e4])
def test_losses_do_not_overflow(z):
    for y in (0.0, 1.0):
        J, dz = bce_with_logits(np.array([[z]]), np.array([[y]]))
        assert math.isfinite(J)
        assert np.isfinite(dz).all()
    J, dz = cross_entropy(np.array([[z, 0.0]]), np.array([1]))
    assert math.isfinite(J)
    assert np.isfinite(dz).all()


def test_losses_keep_float32_and_leave_their_input_alone(rng):
    z = rng.standard_normal((5, 3)).astype(np.float32)
    kept = z.copy()
    losses = mse(z, z + 1), mae(z, z + 1), bce_with_logits(z, 0 * z)
    for J, dz in (*losses, cross_entropy(z, np.zeros(5, int))):
        assert isinstance(J, float)
        assert dz.dtype == np.float32
    assert np.array_equal(z, kept)


f32 = np.float32


@pytest.mark.parametrize(
    ("call", "error", "line"),
    [
        (
            lambda: mse(np.zeros((4, 1)), np.zeros(4)),
            ValueError,
            r"mse: expected y like yhat, \(4, 1\), got \(4,\)",
        ),
        (
            lambda: bce_with_logits(np.zeros(4, f32), np.zeros(4, np.int64)),
            TypeError,
            r"bce_with_logits: expected y like yhat, \(4,\) float32, got \(4,\) int64",
        ),
        (
            lambda: mse(np.zeros((0, 1)), np.zeros((0, 1))),
            ValueError,
            r"mse: expected at least one example, got \(0, 1\)",
        ),
        (
            lambda: cross_entropy(np.zeros((0, 3)), np.zeros(0, int)),
            ValueError,
            "cross_entropy: expected at least one example",
        ),
        (
            lambda: cross_entropy(np.zeros((2, 3)), np.array([0, 3])),
            ValueError,
            r"cross_entropy: expected classes 0\.\.2, got 0\.\.3",
        ),
        (
            lambda: cross_entropy(np.zeros((2, 3)), np.array([0.0, 1.0])),
            TypeError,
            r"cross_entropy: expected y \(2,\) of integers, got \(2,\) float64",
        ),
        (
            lambda: cross_entropy(np.zeros((2, 3)), np.zeros((2, 3), int)),
            ValueError,
            r"cross_entropy: expected y \(2,\), got \(2, 3\)",
        ),
        (
            lambda: cross_entropy(np.zeros(3), np.zeros(3, int)),
            ValueError,
            r"cross_entropy: expected z \(m, K\), got \(3,\)",
        ),
        (lambda: mse([1.0], [2.0]), TypeError, "mse: expected an array of floats, got list"),
    ],
)
def test_bad_input_of_a_loss_gets_one_clear_line(call, error, line):
    with pytest.raises(error, match=line) as caught:
        call()
    assert "\n" not in str(caught.value)


def adam_by_hand(w, gradients, alpha, beta1=0.9, beta2=0.999, eps=1e-8):
    m = v = 0.0
    for t, g in enumerate(gradients, 1):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        w -= alpha * (m / (1 - beta1**t)) / (math.sqrt(v / (1 - beta2**t)) + eps)
    return w


def momentum_by_hand(w, gradients, alpha, beta=0.9):
    v = 0.0
    for g in gradients:
        v = beta * v + g
        w -= alpha * v
    return w


def rmsprop_by_hand(w, gradients, alpha, beta=0.99, eps=1e-8):
    v = 0.0
    for g in gradients:
        v = beta * v + (1 - beta) * g * g
        w -= alpha * g / (math.sqrt(v) + eps)
    return w


def sgd_by_hand(w, gradients, alpha):
    for g in gradients:
        w -= alpha * g
    return w


@pytest.mark.parametrize(
    ("rule", "by_hand"),
    [
        (SGD, sgd_by_hand),
        (Momentum, momentum_by_hand),
        (RMSProp, rmsprop_by_hand),
        (Adam, adam_by_hand),
    ],
)
def test_an_optimiser_is_its_formula_number_by_number(rule, by_hand, rng):
    gradients = rng.standard_normal((7, 5))
    params = {"W": np.ones((2, 2)), "b": np.ones(1)}
    opt = rule(alpha=0.05)
    for g in gradients:
        opt.step(params, {"b": g[4:].copy(), "W": g[:4].reshape(2, 2).copy()})
    expected = [by_hand(1.0, gradients[:, i], 0.05) for i in range(5)]
    assert np.allclose(np.append(params["W"].ravel(), params["b"]), expected, rtol=1e-12, atol=0)


@pytest.mark.parametrize("rule", [SGD, Momentum, RMSProp, Adam])
def test_an_optimiser_writes_in_place_and_leaves_gradients_alone(rule):
    W, g = np.ones((2, 2), np.float32), np.full((2, 2), 0.5, np.float32)
    opt = rule(0.1)
    opt.step({"W": W}, {"W": g})
    opt.alpha = 0.2
    opt.step({"W": W}, {"W": g})
    assert (W < 1).all()
    assert (g == 0.5).all()
    assert W.dtype == np.float32


@pytest.mark.parametrize("rule", [SGD, Momentum, RMSProp, Adam])
def test_nothing_to_learn_is_no_error(rule):
    rule(0.1).step({}, {})


@pytest.mark.parametrize("alpha", [0, -0.1, math.nan, math.inf])
def test_an_impossible_learning_rate_is_refused(alpha):
    with pytest.raises(ValueError, match="Adam: expected alpha"):
        Adam(alpha)


def test_gradients_that_are_not_those_of_the_parameters_are_refused():
    params = {"W": np.zeros((2, 3)), "b": np.zeros(2)}
    with pytest.raises(ValueError, match=r"SGD: expected gradients of \['W', 'b'\], got \['W'\]"):
        SGD(0.1).step(params, {"W": np.zeros((2, 3))})
    with pytest.raises(ValueError, match=r"SGD: expected dW \(2, 3\), got \(3, 2\)"):
        SGD(0.1).step(params, {"W": np.zeros((3, 2)), "b": np.zeros(2)})


@pytest.mark.parametrize("rule", [SGD, Momentum, RMSProp, Adam])
def test_a_copy_of_an_optimiser_goes_on_by_itself(rule):
    g = {"W": np.full((2, 2), 0.5), "b": np.ones(1)}
    opt, twins = rule(0.1), [{"W": np.ones((2, 2)), "b": np.ones(1)} for _ in range(2)]
    opt.step(twins[0], g)
    twins[1]["W"][...] = twins[0]["W"]
    other = copy.deepcopy(opt)
    opt.step(twins[0], g)
    other.step(twins[1], g)
    assert np.array_equal(twins[0]["W"], twins[1]["W"])
    assert (twins[1]["W"] < 1).all()
