"""fit, record, gradcheck and accuracy."""

import itertools

import numpy as np
import pytest

from dlcore import (
    SGD,
    Adam,
    Dense,
    Tanh,
    accuracy,
    bce_with_logits,
    fit,
    gradcheck,
    mlp,
    mse,
    norms,
    record,
)


def line_data(rng, m=20):
    x = rng.standard_normal((m, 1)).astype(np.float32)
    return x, 3 * x + 1


def train(rng, **settings):
    x, y = line_data(rng)
    net = Dense(1, 1, rng=rng)
    return net, fit(net, x, y, loss=mse, opt=SGD(0.1), rng=rng, **settings)


def test_training_finds_the_line(rng):
    net, steps = train(rng, epochs=200)
    last = [step.J for step in steps][-1]
    assert last < 1e-9
    assert np.allclose([net.W[0, 0], net.b[0]], [3, 1], atol=1e-4)


def test_an_epoch_sees_every_example_once_and_steps_are_counted(rng):
    _, steps = train(rng, batch=6, epochs=3)
    steps = list(steps)
    assert [s.t for s in steps] == list(range(1, 13))
    for epoch in range(3):
        seen = np.concatenate([s.batch for s in steps[4 * epoch : 4 * epoch + 4]])
        assert sorted(seen) == list(range(20))


def test_steps_end_where_asked_and_leaving_the_loop_stops(rng):
    assert len(list(train(rng, steps=7)[1])) == 7
    net, steps = train(rng, steps=1000)
    for _ in itertools.islice(steps, 3):
        pass
    assert steps.gi_frame is not None  # still in the middle: nothing ran ahead
    assert not np.allclose(net.W, 3, atol=0.01)


def test_the_same_seed_gives_the_same_losses():
    runs = [[s.J for s in train(np.random.default_rng(5), steps=30)[1]] for _ in range(2)]
    assert runs[0] == runs[1]


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({}, "fit: expected steps or epochs, got steps=None, epochs=None"),
        ({"steps": 3, "epochs": 3}, "fit: expected steps or epochs"),
        ({"steps": 0}, "fit: expected steps to be a whole number >= 1, got 0"),
        ({"epochs": 1.5}, "fit: expected epochs to be a whole number"),
        ({"steps": 3, "batch": 0}, "fit: expected batch to be a whole number >= 1, got 0"),
    ],
)
def test_impossible_settings_are_refused_before_the_first_step(settings, line, rng):
    with pytest.raises(ValueError, match=line):
        train(rng, **settings)


def test_bad_data_are_refused_before_the_first_step(rng):
    net, (x, y) = Dense(1, 1, rng=rng), line_data(rng)

    def start(x, y):
        return fit(net, x, y, loss=mse, opt=SGD(0.1), rng=rng, steps=1)

    x_nan, y_inf = x.copy(), y.copy()
    x_nan[3, 0], y_inf[7, 0] = np.nan, np.inf
    with pytest.raises(ValueError, match=r"fit: expected finite numbers, got nan in x\[3, 0\]"):
        start(x_nan, y)
    with pytest.raises(ValueError, match=r"fit: expected finite numbers, got inf in y\[7, 0\]"):
        start(x, y_inf)
    with pytest.raises(ValueError, match="fit: expected as many y as x, got 20 x and 19 y"):
        start(x, y[1:])
    with pytest.raises(ValueError, match="fit: expected at least one example"):
        start(x[:0], y[:0])


def test_record_copies_what_it_sees(rng):
    net, steps = train(rng, steps=10)
    run = record(steps, every=4, J=lambda s: s.J, W=lambda s: net.W, size=lambda s: norms(s.grads))
    assert run["t"].tolist() == [1, 5, 9]
    assert run["J"].shape == (3,)
    assert run["W"].shape == (3, 1, 1)
    assert run["W"][0] != run["W"][-1]
    assert set(run["size"]) == {"W", "b"}
    assert run["size"]["W"].shape == (3,)


def test_norms_are_euclidean():
    assert norms({"W": np.array([[3.0, 4.0]])}) == {"W": 5.0}


class WrongTanh(Tanh):
    """sigma' of z instead of a: a mistake that central differences must see."""

    def slope(self, z, a):
        return 1 - z * z


def test_gradcheck_sees_a_wrong_derivative_and_says_where(rng):
    net = mlp([2, 3, 1], WrongTanh, rng=rng)
    report = gradcheck(net, rng.standard_normal((4, 2)), rng=rng)
    assert report.worst > 1e-2
    row = {r.name: r for r in report.rows}
    assert row["2.W"].error < 1e-6
    assert row["0.W"].error > 1e-2
    assert len(row["0.W"].place) == 2
    assert "rel. error" in repr(report)


def test_gradcheck_changes_nothing_and_takes_a_loss(rng):
    net = mlp([2, 3, 1], rng=rng)
    before = {k: p.copy() for k, p in net.params.items()}
    x, y = rng.standard_normal((4, 2)), rng.standard_normal((4, 1))
    assert gradcheck(net, x, rng=rng, loss=lambda yhat: mse(yhat, y)).worst < 1e-6
    assert all(np.array_equal(before[k], net.params[k]) for k in before)
    assert net.layers[0].W.dtype == np.float32


def test_gradcheck_of_a_large_layer_tries_a_sample(rng):
    layer = Dense(100, 50, rng=rng)
    assert gradcheck(layer, rng.standard_normal((2, 100)), rng=rng, most=20).worst < 1e-6


def test_accuracy_takes_logits_of_two_classes_or_many():
    assert accuracy(np.array([[-1.0], [2.0]]), np.array([0, 0])) == 0.5
    assert accuracy(np.array([[1.0, 2.0], [3.0, 0.0]]), np.array([1, 1])) == 0.5
    with pytest.raises(ValueError, match="accuracy: expected z"):
        accuracy(np.zeros((3, 2)), np.zeros(4))


def test_what_a_network_that_has_diverged_says_is_never_right():
    assert accuracy(np.array([[1.0], [np.nan], [np.nan]]), np.array([1, 0, 1])) == 1 / 3
    assert accuracy(np.array([[np.inf, 0.0], [np.nan, 0.0]]), np.array([0, 0])) == 0.5


def test_a_network_learns_what_no_line_can(rng):
    x = rng.uniform(-1, 1, (200, 2)).astype(np.float32)
    y = (x[:, 0] * x[:, 1] > 0).astype(np.float32)[:, None]
    net = mlp([2, 8, 1], rng=rng)
    for _ in fit(net, x, y, loss=bce_with_logits, opt=Adam(0.03), rng=rng, epochs=80):
        pass
    assert accuracy(net(x), y) > 0.95
