"""The exercises of chapters/lstm: their references are what dlcore computes, the numbers in the
notebook are right, and its last part works with the functions that the reader has written."""

import json
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

import dlcore as dl
from dlcore.exercises import EXERCISES, check

NOTEBOOK = Path(__file__).parents[2] / "chapters/lstm/exercises.ipynb"
F = {e.name.split(".")[1]: e.reference for e in EXERCISES.values() if e.name.startswith("lstm.")}


def cases(name):
    """Those hidden cases that dlcore takes: it has no states of whole numbers."""
    return [
        [a.astype(float) if isinstance(a, np.ndarray) else a for a in args]
        for args in EXERCISES[f"lstm.{name}"].draw()
    ]


def cell_of(kind, W, b):
    """A cell with these weights, of all its gates."""
    H = len(b) // (4 if kind is dl.LSTMCell else 3)
    cell = kind(W.shape[1] - H, H, rng=np.random.default_rng(0), dtype=np.float64)
    cell.params["W"][...], cell.params["b"][...] = W, b
    return cell


def test_a_tick_is_the_cell():
    for h, c, x_t, W, b in cases("tick"):
        expected, tape = cell_of(dl.LSTMCell, W, b).step(x_t[None], (h[None], c[None]))
        *states, a = F["tick"](h, c, x_t, W, b)
        np.testing.assert_allclose(states, np.array(expected)[:, 0])
        np.testing.assert_allclose(a, tape.a[0, :, 0])


def test_gates_and_cell_are_parts_of_the_tick():
    for h, c, x_t, W, b in cases("tick"):
        H = len(h)
        _, new, (f, i, o, _) = F["tick"](h, c, x_t, W, b)
        three = F["gates"](h, x_t, W[: 3 * H], b[: 3 * H])
        np.testing.assert_allclose(three, (f, i, o))
        np.testing.assert_allclose(F["forget"](h, x_t, W[:H], b[:H]), f)
        mine = F["cell"](h, c, x_t, f, i, W[3 * H :], b[3 * H :])
        np.testing.assert_allclose(mine, new)


def test_the_way_back_is_the_gradient_of_the_loop():
    """With the answers h_t own_t added up as the loss, from the states before the first tick."""
    for own, x, h, c, a, W in cases("bptt"):
        H = own.shape[1]
        z = np.concatenate([np.log(a[:, :3] / (1 - a[:, :3])), np.arctanh(a[:, 3:])], 1)
        b = z[0].ravel() - W @ np.concatenate([h[0], x[0]])
        rec = dl.Recurrent(cell_of(dl.LSTMCell, W, b))
        y, cache = rec.forward(x[:, None], (h[:1], c[:1]))
        np.testing.assert_allclose(y[:, 0], h[1:], atol=1e-9)
        _, grads = rec.backward(own[:, None], cache)
        dW, db = F["bptt"](own, x, h, c, a, W)
        assert dW.shape == (4 * H, H + x.shape[1])
        np.testing.assert_allclose(dW, grads["W"], atol=1e-9)
        np.testing.assert_allclose(db, grads["b"], atol=1e-9)


def test_one_tick_back_agrees_with_central_differences():
    """The pre-activations are nudged: the states of the tick times dh and dc_next are the loss."""

    def J(z, c_prev, dh, dc_next):
        f, i, o = dl.sigmoid(z[:3])
        c = f * c_prev + i * np.tanh(z[3])
        return np.sum(dh * o * np.tanh(c) + dc_next * c)

    numeric = EXERCISES["ann.numerical_gradient"].reference
    for dh, dc_next, c_prev, c, a in cases("tick_back"):
        z = np.vstack([np.log(a[:3] / (1 - a[:3])), np.arctanh(a[3:])])
        *dz, dc_prev = F["tick_back"](dh, dc_next, c_prev, c, a)
        of_z = numeric(lambda z, rest=(c_prev, dh, dc_next): J(z, *rest), z, 1e-5)
        of_c = numeric(lambda c, z=z, rest=(dh, dc_next): J(z, c, *rest), c_prev, 1e-5)
        np.testing.assert_allclose(dz, of_z, atol=1e-8)
        np.testing.assert_allclose(dc_prev, of_c, atol=1e-8)


def test_the_forget_bias_keeps_the_share():
    for ticks, share in cases("forget_bias"):
        H = len(ticks)
        b = F["forget_bias"](ticks, share)
        assert not b[H:].any()
        cell = cell_of(dl.LSTMCell, np.zeros((4 * H, H + 1)), b)
        start, nothing = (np.zeros((1, H)), np.ones((1, H))), np.zeros((50, 1, 1))
        _, cache = dl.Recurrent(cell).forward(nothing, start)
        np.testing.assert_allclose(cache.state[1][0], share ** (50 / ticks))


def test_the_gru_is_the_cell():
    for h, x_t, W, b in cases("gru"):
        state, _ = cell_of(dl.GRUCell, W, b).step(x_t[None], h[None])
        np.testing.assert_allclose(F["gru"](h, x_t, W, b), state[0])


def test_two_mistakes_at_once_are_told_by_what_they_spoil():
    def answer(dh, dc_next, c_prev, c, a):
        dz_f, dz_i, dz_o, dz_c, dc_prev = F["tick_back"](dh, dc_next, c_prev, c, a)
        return dz_f, dz_i / (1 - a[1]) / a[1], dz_o, dz_c, dc_prev / a[0]

    message = check("lstm.tick_back", answer).message
    assert message.startswith("dz_i: The slopes of sigma are missing")
    assert "dc_prev: It is handed on without the forget gate" in message


def test_numbers_in_the_notebook():
    zero, none = np.zeros((2, 3)), np.zeros(1)
    f = F["forget"](np.ones(2), np.ones(1), zero, np.ones(2))
    assert f == pytest.approx(0.731, abs=5e-4)
    one = np.ones(1)
    c = F["cell"](none, 3 * one, none, one, one, np.zeros((1, 2)), 3 * one)
    assert c == pytest.approx(4, abs=0.01)
    h, c, a = F["tick"](none, one, none, np.zeros((4, 2)), np.zeros(4))
    assert (h, c) == (0.5 * np.tanh(0.5), 0.5)
    assert a.ravel().tolist() == [0.5, 0.5, 0.5, 0]
    a = np.array([[0.9], [0.5], [0], [0.3]])
    assert F["tick_back"](one, one, one, a[0] + 0.15, a)[-1] == 0.9
    b = F["forget_bias"](np.array([1, 2, 10]), 0.5)
    assert b[:3] == pytest.approx([0, 0.88, 2.63], abs=0.005)
    assert F["forget_bias"](np.array([100]), 1 / np.e)[0] == pytest.approx(np.log(99), rel=0.002)
    assert F["gru"](one, none, np.zeros((3, 2)), np.zeros(3)) == 0.5


def pairs_of_letters():
    """How many test surnames a table of letter pairs knows, one table a language."""
    names = dl.data.surnames()

    def pairs(name):
        marked = f"^{name}$"
        return [marked[k : k + 2] for k in range(len(marked) - 1)]

    tables = [Counter() for _ in dl.data.LANGUAGES]
    for name, y in zip(names.x_train, names.y_train, strict=True):
        tables[y].update(pairs(name))
    seen = len(set().union(*tables))
    totals = [table.total() for table in tables]

    def log_p(name, k):
        counts = np.array([tables[k][pair] for pair in pairs(name)])
        return np.log((counts + 0.3) / (totals[k] + 0.3 * seen)).sum()

    told = [np.argmax([log_p(name, k) for k in range(len(tables))]) for name in names.x_test]
    return np.mean(told == names.y_test)


def test_a_table_of_letter_pairs_is_better():
    assert pairs_of_letters() == pytest.approx(0.73, abs=0.005)


def test_berg_is_mostly_swedish_and_van_dutch():
    names = dl.data.surnames()
    assert len(names.x_train) == 3093
    for like, language, found in (("berg$", "Swedish", (36, 42)), ("^van ", "Dutch", (86, 87))):
        theirs = names.y_train[[bool(re.search(like, name)) for name in names.x_train]]
        assert (sum(theirs == dl.data.LANGUAGES.index(language)), len(theirs)) == found


def bptt_without(cut):
    def bptt(own, x, h, c, a, W):
        return F["bptt"](own, x, h, c, *cut(a, W))

    return bptt


CUTS = {
    "no": (lambda a, W: (a, W), 0.66, "Dut"),
    "gates": (lambda a, W: (a, 0 * W), 0.64, "Dut"),
    "cell": (lambda a, W: (a * np.array([0, 1, 1, 1])[:, None], W), 0.54, "Swe"),
}


@pytest.mark.parametrize("cut", CUTS)
def test_the_readers_own_functions_tell_where_surnames_are_from(cut, capsys):
    change, expected, language = CUTS[cut]
    mine = {function.__name__: function for function in F.values()}
    names = {}
    for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            if "learn(" in "".join(cell["source"]):  # after the check
                mine["bptt"] = bptt_without(change)
                names |= mine
            exec("".join(cell["source"]), names)
            names |= mine
    said = capsys.readouterr().out.splitlines()
    right = float(re.fullmatch(r"(\S+) of the test surnames right", said[0])[1])
    assert right == pytest.approx(expected, abs=0.03)
    ends = [line.split()[-1] for line in said[1:]]
    assert ends == ["g", "Swe", "g", language]
