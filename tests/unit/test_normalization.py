"""Batch normalisation: the formula written out, the contract, prediction, bad input."""

import numpy as np
import pytest

import dlcore as dl

SHAPES = [(5, 3), (2, 3), (4, 3, 2, 5), (1, 3, 2, 1)]


def literally(x, gamma, beta, eps):
    """The formula by loops, over the values of each feature."""
    y = np.empty_like(x)
    for c in range(x.shape[1]):
        values = [float(v) for v in x[:, c].reshape(-1)]
        mu = sum(values) / len(values)
        var = sum((v - mu) ** 2 for v in values) / len(values)
        y[:, c] = gamma[c] * (x[:, c] - mu) / (var + eps) ** 0.5 + beta[c]
    return y


def layer(rng, n=3, **more):
    norm = dl.BatchNorm(n, dtype=np.float64, **more)
    norm.gamma, norm.beta = rng.normal(1, 0.5, n), rng.normal(0, 1, n)
    return norm


@pytest.mark.parametrize("shape", SHAPES)
def test_forward_is_the_formula(rng, shape):
    norm, x = layer(rng), rng.normal(3, 2, shape)
    y, _ = norm.forward(x)
    assert y.shape == shape
    np.testing.assert_allclose(y, literally(x, norm.gamma, norm.beta, norm.eps), atol=1e-12)


@pytest.mark.parametrize("shape", SHAPES)
def test_what_leaves_training_is_standardised(rng, shape):
    x = rng.normal(100, 7, shape)
    y, _ = dl.BatchNorm(3, eps=0, dtype=np.float64).forward(x)
    axes = (0, 2, 3)[: 1 + len(shape[2:])]
    np.testing.assert_allclose(y.mean(axes), 0, atol=1e-10)
    np.testing.assert_allclose(y.var(axes), 1, atol=1e-10)


@pytest.mark.parametrize("shape", SHAPES)
def test_gradients_agree_with_central_differences(rng, shape):
    net = dl.Sequential(layer(rng), dl.Tanh())
    x, target = rng.normal(0, 1, shape), rng.normal(0, 1, shape)
    y, cache = net.forward(x)
    _, dy = dl.mse(y, target)
    dx, grads = net.backward(dy, cache)

    def loss():
        return dl.mse(net.forward(x)[0], target)[0]

    for name, array, analytic in [("x", x, dx), *((k, net.params[k], grads[k]) for k in grads)]:
        numeric = np.empty_like(array)
        for place in np.ndindex(array.shape):
            kept, sides = array[place], []
            for step in (1e-5, -1e-5):
                array[place] = kept + step
                sides.append(loss())
            array[place] = kept
            numeric[place] = (sides[0] - sides[1]) / 2e-5
        np.testing.assert_allclose(analytic, numeric, rtol=1e-6, atol=1e-9, err_msg=name)


def test_prediction_uses_what_training_has_seen(rng):
    norm = dl.BatchNorm(2, dtype=np.float64)
    for _ in range(200):
        norm.forward(rng.normal([5, -2], [3, 0.5], (100, 2)))
    np.testing.assert_allclose(norm.running_mean, [5, -2], atol=0.2)
    np.testing.assert_allclose(norm.running_var, [9, 0.25], rtol=0.1)
    x = rng.normal([5, -2], [3, 0.5], (100, 2))
    one_by_one = np.concatenate([norm(row[None]) for row in x])
    np.testing.assert_allclose(norm(x), one_by_one)
    np.testing.assert_allclose(norm(x).std(0), 1, atol=0.2)


def test_prediction_changes_nothing(rng):
    norm, x = dl.BatchNorm(2), rng.normal(0, 1, (8, 2)).astype(np.float32)
    norm(x)
    assert not norm.running_mean.any()


def test_float32_stays_float32(rng):
    norm, x = dl.BatchNorm(3), rng.normal(0, 1, (4, 3, 5, 5)).astype(np.float32)
    y, cache = norm.forward(x)
    dx, grads = norm.backward(y, cache)
    arrays = [y, dx, norm(x), norm.running_mean, norm.running_var, *grads.values()]
    assert {a.dtype for a in arrays} == {np.dtype(np.float32)}
    assert norm.backward(y, cache, need_dx=False)[0] is None


def test_the_other_dtype_is_converted_with_its_statistics(rng):
    norm = dl.BatchNorm(3)
    norm.forward(rng.normal(0, 1, (4, 3)).astype(np.float32))
    twin = norm.astype(np.float64)
    x = rng.normal(0, 1, (4, 3))
    np.testing.assert_allclose(twin(x), norm(x.astype(np.float32)), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("x", "error", "said"),
    [
        (np.zeros((4, 2)), ValueError, r"BatchNorm: expected x \(m, 3\) or \(N, C=3, H, W\), got"),
        (np.zeros((4, 3, 2)), ValueError, r"got \(4, 3, 2\)"),
        (np.zeros((0, 3)), ValueError, r"got \(0, 3\)"),
        (np.zeros((1, 3)), ValueError, "at least 2 values a feature"),
        (np.zeros((1, 3, 1, 1)), ValueError, "at least 2 values a feature"),
        (np.zeros((4, 3), np.float32), TypeError, "float32"),
        ([[1.0, 2.0, 3.0]], TypeError, "list"),
    ],
)
def test_bad_input_is_one_clear_line(x, error, said):
    with pytest.raises(error, match=said) as caught:
        dl.BatchNorm(3, dtype=np.float64).forward(x)
    assert "\n" not in str(caught.value)


def test_a_gradient_of_another_shape_is_refused(rng):
    norm = layer(rng)
    _, cache = norm.forward(rng.normal(0, 1, (4, 3)))
    with pytest.raises(ValueError, match=r"BatchNorm: expected dy \(4, 3\), got \(3, 3\)"):
        norm.backward(np.zeros((3, 3)), cache)


@pytest.mark.parametrize("bad", [{"num_features": 0}, {"momentum": -1}, {"eps": -1e-5}])
def test_impossible_settings_are_refused(bad):
    with pytest.raises(ValueError, match=rf"BatchNorm: expected {next(iter(bad))}"):
        dl.BatchNorm(**{"num_features": 3, **bad})
