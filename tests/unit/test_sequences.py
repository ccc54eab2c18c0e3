"""What sequences of symbols need: embeddings, losses over ticks, sampling."""

import numpy as np
import pytest

import dlcore as dl

F32 = np.float32


def test_an_embedding_is_a_dense_layer_on_one_hot_columns(rng):
    layer, x = dl.Embedding(6, 3, rng=rng, dtype=np.float64), rng.integers(0, 6, (4, 5))
    dense = dl.Dense(6, 3, rng=rng, dtype=np.float64)
    dense.W = layer.W.T.copy()
    hot = np.eye(6)[x.ravel()]
    y, cache = layer.forward(x)
    z, dense_cache = dense.forward(hot)
    assert y.shape == (4, 5, 3)
    np.testing.assert_array_equal(y.reshape(-1, 3), z)
    dy = rng.standard_normal(y.shape)
    dx, grads = layer.backward(dy, cache)
    _, expected = dense.backward(dy.reshape(-1, 3), dense_cache)
    assert dx is None
    np.testing.assert_allclose(grads["W"], expected["W"].T, rtol=1e-12, atol=1e-15)


def test_an_embedding_takes_any_shape_and_nothing_at_all(rng):
    layer = dl.Embedding(6, 3, rng=rng)
    for shape in ((), (4,), (0,), (2, 3, 4)):
        y, cache = layer.forward(np.zeros(shape, int))
        assert y.shape == (*shape, 3)
        assert y.dtype == layer.backward(np.ones_like(y), cache)[1]["W"].dtype == F32


@pytest.mark.parametrize(
    ("x", "error", "message"),
    [
        (np.array([0, 6]), ValueError, "Embedding: expected x from 0 to 5, got 0 to 6"),
        (np.array([-1]), ValueError, "Embedding: expected x from 0 to 5, got -1 to -1"),
        (np.array([1.0]), TypeError, r"Embedding: expected x of whole numbers, got \(1,\) float64"),
        ([1], TypeError, "Embedding: expected x of whole numbers, got list"),
    ],
)
def test_an_embedding_says_what_it_expects(x, error, message, rng):
    with pytest.raises(error, match=message):
        dl.Embedding(6, 3, rng=rng)(x)


def test_an_embedding_wants_the_gradient_in_its_own_shape(rng):
    layer = dl.Embedding(6, 3, rng=rng)
    _, cache = layer.forward(np.zeros(4, int))
    with pytest.raises(ValueError, match=r"Embedding: expected dy \(4, 3\), got \(4, 2\)"):
        layer.backward(np.zeros((4, 2), F32), cache)


# ---- losses over ticks

MASK = np.arange(5)[:, None] < (5, 2, 0)


def test_the_loss_over_ticks_is_the_mean_over_those_that_count(rng):
    z, y = rng.standard_normal((5, 3, 4)), rng.integers(0, 4, (5, 3))
    J, dz = dl.per_tick(dl.cross_entropy)(z, y, MASK)
    each = [dl.cross_entropy(z[t, [n]], y[t, [n]])[0] for t, n in np.argwhere(MASK)]
    assert np.isclose(J, np.mean(each), rtol=1e-12)
    np.testing.assert_array_equal(dz[~MASK], 0)
    eps, place = 1e-6, (1, 1, 2)
    up, down = z.copy(), z.copy()
    up[place] += eps
    down[place] -= eps
    slope = [dl.per_tick(dl.cross_entropy)(a, y, MASK)[0] for a in (up, down)]
    assert np.isclose(dz[place], (slope[0] - slope[1]) / (2 * eps), rtol=1e-6)


def test_without_a_mask_all_ticks_count(rng):
    yhat, y = rng.standard_normal((2, 5, 3, 1))
    J, dyhat = dl.per_tick(dl.mse)(yhat, y)
    assert np.isclose(J, dl.mse(yhat, y)[0], rtol=1e-12)
    np.testing.assert_allclose(dyhat, dl.mse(yhat, y)[1], rtol=1e-12)


def test_the_loss_over_ticks_says_what_it_expects(rng):
    z, y = rng.standard_normal((5, 3, 4)), rng.integers(0, 4, (5, 3))
    loss = dl.per_tick(dl.cross_entropy)
    with pytest.raises(ValueError, match=r"per_tick: expected mask \(5, 3\), got \(2, 3\)"):
        loss(z, y, MASK[:2])
    with pytest.raises(ValueError, match=r"per_tick: expected y \(5, 3\), got \(2, 3\)"):
        loss(z, y[:2], MASK)
    with pytest.raises(ValueError, match="cross_entropy: expected at least one example"):
        loss(z, y, MASK & False)


# ---- sampling


def test_samples_follow_the_softmax(rng):
    z = np.log([[0.5, 0.3, 0.2]]).repeat(20_000, 0)
    shares = np.bincount(dl.sample(z, rng=rng), minlength=3) / len(z)
    np.testing.assert_allclose(shares, [0.5, 0.3, 0.2], atol=0.015)
    cold = np.bincount(dl.sample(z, 0.5, rng=rng), minlength=3) / len(z)
    squares = np.square([0.5, 0.3, 0.2])
    np.testing.assert_allclose(cold, squares / squares.sum(), atol=0.015)


def test_temperature_zero_takes_the_likeliest_and_a_tiny_one_does_not_overflow(rng):
    z = rng.standard_normal((50, 7), F32)
    np.testing.assert_array_equal(dl.sample(z, 0, rng=rng), z.argmax(1))
    np.testing.assert_array_equal(dl.sample(z, 1e-6, rng=rng), z.argmax(1))
    hot = dl.sample(z * 1e4, 1e9, rng=rng)
    assert set(hot) == set(range(7))


@pytest.mark.parametrize(
    ("z", "temperature", "message"),
    [
        (np.zeros(3), 1, r"sample: expected z \(N, K\), got \(3,\)"),
        (np.full((1, 2), np.nan), 1, "sample: expected finite numbers, got nan"),
        (np.zeros((1, 2)), -1, "sample: expected a temperature of 0 or more, got -1"),
        (np.zeros((1, 2)), np.nan, "sample: expected a temperature of 0 or more, got nan"),
    ],
)
def test_sampling_says_what_it_expects(z, temperature, message, rng):
    with pytest.raises(ValueError, match=message):
        dl.sample(z, temperature, rng=rng)
