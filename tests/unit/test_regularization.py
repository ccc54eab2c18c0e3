"""Dropout, penalties, clipping and learning-rate schedules."""

import math

import numpy as np
import pytest

from dlcore import (
    SGD,
    Dense,
    Dropout,
    Sequential,
    clip_by_norm,
    cosine,
    fit,
    mse,
    norms,
    penalty,
    step_decay,
)


def test_dropout_drops_the_promised_share_and_keeps_the_mean(rng):
    x = np.ones((200, 500), np.float32)
    y, _ = Dropout(0.3, rng=rng).forward(x)
    assert math.isclose((y == 0).mean(), 0.3, abs_tol=0.01)
    assert math.isclose(y.mean(), 1, abs_tol=0.01)
    assert y.dtype == np.float32


def test_dropout_passes_the_gradient_where_it_passed_the_number(rng):
    layer = Dropout(0.5, rng=rng)
    x, dy = rng.standard_normal((2, 6, 4))
    y, mask = layer.forward(x)
    dx, grads = layer.backward(dy, mask)
    assert np.allclose(dx, dy * (y / x))
    assert grads == {}
    assert layer.backward(dy, mask, need_dx=False) == (None, {})


def test_dropout_is_silent_when_it_predicts(rng):
    x = rng.standard_normal((6, 4))
    assert np.array_equal(Dropout(0.5, rng=rng)(x), x)
    assert np.array_equal(Dropout(0.0, rng=rng).forward(x)[0], x)
    net = Sequential(Dense(4, 3, rng=rng, dtype=np.float64), Dropout(0.9, rng=rng))
    assert np.array_equal(net(x), net.layers[0](x))


@pytest.mark.parametrize("p", [-0.1, 1, 2, math.nan])
def test_an_impossible_share_is_refused(p, rng):
    with pytest.raises(ValueError, match="Dropout: expected p to be a number >= 0 and < 1, got"):
        Dropout(p, rng=rng)


def test_dropout_refuses_another_shape_on_the_way_back(rng):
    _, mask = Dropout(rng=rng).forward(np.ones((2, 3)))
    with pytest.raises(ValueError, match=r"Dropout: expected dy like y, \(2, 3\), got \(3, 2\)"):
        Dropout(rng=rng).backward(np.ones((3, 2)), mask)


def test_the_penalty_is_its_formula_and_leaves_biases_alone(rng):
    params = {"W": rng.standard_normal((3, 2)), "b": rng.standard_normal(3)}
    J, grads = penalty(params, l1=0.2, l2=0.5)
    w = params["W"]
    assert math.isclose(J, sum(0.2 * abs(v) + 0.25 * v * v for v in w.flat))
    assert np.allclose(grads["W"], 0.2 * np.sign(w) + 0.5 * w)
    assert not grads["b"].any()
    with pytest.raises(ValueError, match="penalty: expected l2 to be a number >= 0, got -1"):
        penalty(params, l2=-1)


def test_a_penalty_keeps_weights_smaller(rng):
    x = rng.standard_normal((40, 3)).astype(np.float32)
    y = x @ np.array([[3.0], [0], [0]], np.float32)

    def weights(**settings):
        net = Dense(3, 1, rng=np.random.default_rng(0))
        for _ in fit(net, x, y, loss=mse, opt=SGD(0.05), rng=rng, steps=300, **settings):
            pass
        return np.abs(net.W)[0]

    free, small, sparse = weights(), weights(l2=1.0), weights(l1=1.0)
    assert small[0] < free[0]
    assert sparse[0] < free[0]
    assert sparse[1:].max() < 0.05


def test_clipping_keeps_the_direction_and_what_is_small_enough(rng):
    grads = {"W": np.array([[3.0, 0.0]]), "b": np.array([4.0])}
    clipped, norm = clip_by_norm(grads, 1.0)
    assert norm == 5
    assert np.allclose([*clipped["W"][0], *clipped["b"]], [0.6, 0, 0.8])
    assert grads["b"][0] == 4
    assert clip_by_norm(grads, 10.0)[0]["W"] is grads["W"]
    assert math.isclose(math.hypot(*norms(clipped).values()), 1)
    with pytest.raises(ValueError, match="clip_by_norm: expected max_norm > 0, got 0"):
        clip_by_norm(grads, 0)


def test_schedules_are_their_formulas():
    alpha = cosine(0.2, steps=110, warmup=10)
    assert [round(alpha(t), 6) for t in (5, 10, 60, 110, 500)] == [0.1, 0.2, 0.1, 0, 0]
    assert cosine(0.2, steps=100)(0) == 0.2
    alpha = step_decay(1.0, every=3, factor=0.5)
    assert [alpha(t) for t in (1, 3, 4, 7)] == [1, 1, 0.5, 0.25]
    with pytest.raises(ValueError, match="cosine: expected 0 <= warmup < steps"):
        cosine(0.1, steps=5, warmup=5)
    with pytest.raises(ValueError, match="step_decay: expected every >= 1"):
        step_decay(0.1, every=0)


def test_fit_follows_a_schedule(rng):
    x = rng.standard_normal((8, 1)).astype(np.float32)
    net, opt = Dense(1, 1, rng=rng), SGD(1.0)
    seen = [
        opt.alpha
        for _ in fit(net, x, x, loss=mse, opt=opt, rng=rng, steps=4, schedule=lambda t: 0.1 / t)
    ]
    assert np.allclose(seen, [0.1, 0.05, 0.1 / 3, 0.025])
