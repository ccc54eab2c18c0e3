"""The exercises of chapters/rnn: their references are what dlcore computes, the numbers in the
notebook are right, and its last part works with the functions that the reader has written."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

import dlcore as dl
from dlcore.exercises import EXERCISES

NOTEBOOK = Path(__file__).parents[2] / "chapters/rnn/exercises.ipynb"
F = {e.name.split(".")[1]: e.reference for e in EXERCISES.values() if e.name.startswith("rnn.")}


def cases(name):
    return EXERCISES[f"rnn.{name}"].draw()


def cell_of(W_hh, W_hx=None, b_h=0.0):
    """An RNNCell with these weights; those that do not matter are zeros."""
    H = len(W_hh)
    W_hx = np.zeros((H, 1)) if W_hx is None else W_hx
    cell = dl.RNNCell(W_hx.shape[1], H, rng=np.random.default_rng(0), dtype=np.float64)
    cell.W_hx, cell.W_hh, cell.b_h = W_hx, W_hh.astype(float), b_h + np.zeros(H)
    return cell


def test_a_tick_and_all_ticks_are_the_cell():
    for x_t, h, W_hx, W_hh, b_h in cases("tick"):
        state, _ = cell_of(W_hh, W_hx, b_h).step(x_t[None].astype(float), h[None].astype(float))
        np.testing.assert_allclose(F["tick"](x_t, h, W_hx, W_hh, b_h), state[0])
    for x, h0, W_hx, W_hh, b_h in cases("states"):
        rec = dl.Recurrent(cell_of(W_hh, W_hx, b_h))
        y = rec(x[:, None].astype(float), h0[None].astype(float))
        h = F["states"](x, h0, W_hx, W_hh, b_h)
        np.testing.assert_array_equal(h[0], h0)
        np.testing.assert_allclose(h[1:], y[:, 0])


def through_time(own, x, h, W_hh):
    """Gradients and dJ/dh_0 of dlcore, with inputs and W_hx such that it finds the states h. W_hx
    is the identity, so its dx is dz."""
    cell = cell_of(W_hh, np.eye(len(W_hh)))
    inputs = np.arctanh(h[1:]) - h[:-1] @ W_hh.T
    y, cache = dl.Recurrent(cell).forward(inputs[:, None], h[:1].astype(float))
    np.testing.assert_allclose(y[:, 0], h[1:], atol=1e-12)
    dx, dh0, grads = dl.Recurrent(cell).backward_state(own[:, None].astype(float), cache)
    return dx[:, 0].T @ x, grads["W_hh"], grads["b_h"], dh0[0]


def test_the_way_back_is_backpropagation_through_time():
    for own, x, h, W_hh in cases("bptt"):
        *expected, _ = through_time(own, x, h, W_hh)
        for mine, theirs in zip(F["bptt"](own, x, h, W_hh), expected, strict=True):
            np.testing.assert_allclose(mine, theirs, atol=1e-12)


def test_tick_back_and_jacobian_agree_with_it(rng):
    for h, W_hh in cases("jacobian"):
        own = np.zeros((len(h) - 1, len(W_hh)))
        own[-1] = rng.standard_normal(len(W_hh))
        *_, dh0 = through_time(own, np.zeros((len(own), 1)), h, W_hh)
        np.testing.assert_allclose(F["jacobian"](h, W_hh).T @ own[-1], dh0, atol=1e-12)
        dz = np.zeros(len(W_hh))
        for t in reversed(range(len(own))):
            dz = F["tick_back"](own[t], dz, h[t + 1], W_hh)
        np.testing.assert_allclose(W_hh.T @ dz, dh0, atol=1e-12)


def test_clip_is_dlcore():
    for dW, db, theta in cases("clip"):
        expected, norm = dl.clip_by_norm({"W": dW, "b": db}, theta)
        mine = F["clip"](dW, db, theta)
        np.testing.assert_allclose(mine[0], expected["W"])
        np.testing.assert_allclose(mine[1], expected["b"])
        assert np.hypot(*map(np.linalg.norm, mine)) == pytest.approx(min(norm, theta))


def test_perplexity_is_the_loss_per_tick(rng):
    loss = dl.per_tick(dl.cross_entropy)
    for p, mask in cases("perplexity"):
        if not p.all():
            continue  # the logarithm of the filling: dlcore has no such logits
        v = np.log(np.stack([p, 1 - p], -1))
        J, _ = loss(v, np.zeros(p.shape, int), mask)
        assert F["perplexity"](p, mask) == pytest.approx(np.exp(J))


def test_temper_is_what_sample_draws_from(rng):
    for v, temperature in cases("temper"):
        p = F["temper"](v, temperature)
        drawn = dl.sample(np.tile(v.astype(float), (20_000, 1)), temperature, rng=rng)
        np.testing.assert_allclose(np.bincount(drawn, minlength=len(v)) / 20_000, p, atol=0.02)


def test_numbers_in_the_notebook():
    half = F["tick_back"](np.zeros(1), np.array([2.0]), np.array([0.6]), np.array([[0.5]]))
    assert half == pytest.approx(0.64)
    zero = {"x": np.ones((1, 2)), "h0": np.ones(2), "W_hx": np.zeros((2, 2))}
    b_h = np.array([0.3, -2])
    h = F["states"](**zero, W_hh=np.zeros((2, 2)), b_h=b_h)
    np.testing.assert_allclose(h[1], np.tanh(b_h))
    W_hh = np.array([[0.0, 2], [1, 0]])
    np.testing.assert_allclose(F["jacobian"](np.zeros((5, 2)), W_hh), np.eye(2) * 4)  # 4 ticks
    dW, db = F["clip"](np.array([[3.0, 0], [0, 0]]), np.array([0, 4.0]), 1.0)
    assert (dW[0, 0], db[1]) == pytest.approx((0.6, 0.8))
    every = np.ones((2, 3), bool)
    assert F["perplexity"](np.full((2, 3), 1 / 27), every) == pytest.approx(27)
    nats = np.exp([2.35, 2.08, 2.23])
    assert nats == pytest.approx([10.5, 8.0, 9.3], abs=0.05)
    v = np.array([2.0, 1, 0])
    np.testing.assert_allclose(F["temper"](v, 1), [0.67, 0.24, 0.09], atol=0.005)
    np.testing.assert_allclose(F["temper"](v, 0.5), [0.87, 0.12, 0.02], atol=0.005)


def test_the_halves_of_a_sequence_join():
    x, h0, *weights = cases("states")[2]
    whole, first = F["states"](x, h0, *weights), F["states"](x[:2], h0, *weights)
    np.testing.assert_array_equal(F["states"](x[2:], first[-1], *weights), whole[2:])


def test_the_readers_own_functions_learn_names_and_write_some(capsys):
    names = {}
    for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)
            names |= {function.__name__: function for function in F.values()}
    learnt, written = capsys.readouterr().out.splitlines()
    nats = float(re.fullmatch(r"(\S+) nats a letter in the last 500 names", learnt)[1])
    assert nats == pytest.approx(2.23, abs=0.02)
    assert len(written.split()) == 10
    assert set(written) <= set("abcdefghijklmnopqrstuvwxyz ")
