"""The lab `long-memory`: its tasks, its race, what the answers depend on, and what it says."""

import numpy as np
import pytest

from dlcore.labs import LabError, LongMemory
from dlcore.labs import long_memory_nets as nets
from dlcore.labs.long_memory import RECENT, SOLVED, first_below
from dlcore.labs.long_memory_controls import BIAS, UNITS
from dlcore.labs.long_memory_nets import FIRST, GUESSING, TASKS

SHORT = {"length": 8, "hidden": 5}
SETTINGS = [
    SHORT,
    SHORT | {"task": FIRST, "rnn_start": "orthogonal", "seed": 2},
    SHORT | {"start": BIAS, "forget_bias": 2.0, "rnn_size": UNITS, "length": 5},
]
each = pytest.mark.parametrize("settings", SETTINGS, ids=str)


def run(steps=0, **settings):
    lab = LongMemory(**settings)
    lab.run(steps)
    lab.frame()
    assert not lab.diverged
    return lab


def names(lab):
    return [finding["name"] for finding in lab.doctor()]


# ---- the tasks


def test_two_numbers_are_marked_one_in_each_half_and_their_sum_is_asked():
    x, y = nets.adding(300, 11, rng=np.random.default_rng(0))
    assert x.shape == (11, 300, 2)
    assert x.dtype == y.dtype == np.float64
    marks = x[:, :, 1]
    assert (marks.sum(0) == 2).all()
    assert (marks[:5].sum(0) == 1).all()
    np.testing.assert_allclose((x[:, :, 0] * marks).sum(0), y[:, 0], rtol=1e-6)
    assert np.abs(x[:, :, 0]).max() <= 1


def test_the_first_bit_is_asked_and_marked():
    x, y = nets.first_bit(300, 11, rng=np.random.default_rng(0))
    assert set(np.unique(x[:, :, 0])) == {-1.0, 1.0}
    np.testing.assert_array_equal(y[:, 0], x[0, :, 0])
    assert (x[0, :, 1] == 1).all()
    assert not x[1:, :, 1].any()


@pytest.mark.parametrize("task", TASKS)
def test_who_always_says_the_mean_has_the_loss_of_the_dotted_line(task):
    _, y = TASKS[task](100_000, 4, rng=np.random.default_rng(0))
    assert y.mean() == pytest.approx(0, abs=0.01)
    assert y.var() == pytest.approx(GUESSING[task], rel=0.01)


# ---- the networks


@pytest.mark.parametrize("hidden", [2, 5, 16, 24])
def test_both_have_about_as_many_parameters(hidden):
    lab = LongMemory(hidden=hidden, length=4)
    assert lab.sizes["rnn"] == pytest.approx(lab.sizes["lstm"], rel=0.12)
    assert lab.sizes["rnn"] == sum(a.size for a in lab.nets["rnn"].params.values())
    same = LongMemory(hidden=hidden, length=4, rnn_size=UNITS)
    assert same.rnn_units == hidden


def test_memories_are_spread_from_one_tick_to_all():
    """f = sigma(b_f) = u / (u + 1) for u from 1 to T - 1, and i = 1 - f."""
    cell = LongMemory(hidden=24, length=100).nets["lstm"].layers[0].cell
    u = np.exp(cell.b_f)
    assert (u >= 1).all()
    assert (u <= 99).all()
    assert u.min() < 15
    assert u.max() > 85
    np.testing.assert_array_equal(cell.b_i, -cell.b_f)


def test_one_forget_bias_is_that_of_all_cells():
    cell = LongMemory(start=BIAS, forget_bias=2.5, length=4).nets["lstm"].layers[0].cell
    assert (cell.b_f == 2.5).all()
    assert not cell.b_i.any()


def test_an_orthogonal_rnn_only_turns():
    W = LongMemory(rnn_start="orthogonal", **SHORT).nets["rnn"].layers[0].cell.W_hh
    np.testing.assert_allclose(W @ W.T, np.eye(len(W)), atol=1e-12)


# ---- what is seen


@each
def test_the_reach_is_the_central_difference_of_the_answer(settings):
    lab, eps = run(3, **settings), 1e-6
    lab.set("sequence", 2)
    frame, x = lab.frame(), lab.x[:, 1:2]
    np.testing.assert_allclose(frame["input"], lab.x[:, 1].T, rtol=1e-6)
    for name, net in lab.nets.items():
        found = []
        for t in range(len(x)):
            step = np.zeros_like(x)
            step[t, 0, 0] = eps
            found.append((net(x + step) - net(x - step)).item() / (2 * eps))
        np.testing.assert_allclose(frame[f"reach_{name}"][0], found, atol=1e-5)


@each
def test_the_audit_agrees(settings):
    found = run(2, **settings).audit()
    assert "do not" not in found["text"]
    assert len(found["rows"]) >= 6


def test_what_is_kept_is_c_of_the_lstm_and_h_of_the_rnn():
    lab = run(4, **SHORT)
    x, frame = lab.x[:, :1], lab.frame()
    h, _ = lab.nets["rnn"].layers[0].forward(x)
    np.testing.assert_allclose(frame["h_rnn"], h[:, 0].T, atol=1e-6)
    _, tape = lab.nets["lstm"].layers[0].forward(x)
    np.testing.assert_allclose(frame["c_lstm"], tape.c[1:, 0].T, atol=1e-6)


def test_losses_are_of_sequences_before_they_were_learnt_from():
    lab, same = run(3, **SHORT), LongMemory(**SHORT)
    rng = np.random.default_rng(0).spawn(4)[3]
    same.run(2)
    batches = [same.draw(32, rng) for _ in range(3)]
    x, y = batches[2]
    for name, net in same.nets.items():
        J = float(np.mean((net(x) - y) ** 2))
        assert lab.frame()[f"J_{name}"][0] == pytest.approx(J, rel=1e-5)
        np.testing.assert_allclose(lab.frame()[f"said_{name}"][:, 0], y[:, 0], rtol=1e-6)


def test_another_sequence_is_looked_at_at_once_and_changes_no_run():
    lab, other = run(5, **SHORT), run(5, **SHORT)
    lab.set("sequence", 7)
    np.testing.assert_allclose(lab.frame()["input"], lab.x[:, 6].T, rtol=1e-6)
    lab.run(3)
    other.run(3)
    assert lab.J == other.J


def test_a_tick_that_is_tapped_gets_the_mark_of_its_half():
    lab, other = run(4, **SHORT), run(4, **SHORT)
    first, second = np.flatnonzero(lab.frame()["input"][1])
    for tick, marked in ((1, [1, second]), (6, [1, 6]), (0, [0, 6])):
        lab.event("select", tick=tick, channel=1)
        frame = lab.frame()
        assert np.flatnonzero(frame["input"][1]).tolist() == marked
        assert frame["input"][0, marked].sum() == pytest.approx(lab.words.right)
    net = lab.nets["lstm"]
    assert lab.probed["lstm"].answer == pytest.approx(net(lab.shown).item())
    lab.run(2)
    other.run(2)
    assert lab.J == other.J
    assert np.flatnonzero(lab.frame()["input"][1]).tolist() == [0, 6]
    lab.set("sequence", 2)
    lab.set("sequence", 1)
    assert np.flatnonzero(lab.frame()["input"][1]).tolist() == [first, second]


@pytest.mark.parametrize("what", [{}, {"tick": 8}, {"tick": -1}, {"tick": 1.5}, {"tick": "x"}])
def test_what_is_no_tick_is_refused(what):
    lab = run(**SHORT)
    with pytest.raises(LabError, match="tick: expected a tick, 0 to 7"):
        lab.event("select", **what)
    with pytest.raises(LabError, match="no event"):
        run(task=FIRST, **SHORT).event("select", tick=1)


def test_solved_is_when_the_mean_of_the_last_losses_is_low_enough():
    assert first_below([1.0] * 50, 0.1) is None
    assert first_below([0.0] * (RECENT - 1), 0.1) is None
    assert first_below([1.0] * 30 + [0.0] * 30, 0.5) == 30 + RECENT // 2 + 1


# ---- the race


def test_over_a_hundred_ticks_the_lstm_adds_and_the_rnn_does_not():
    lab = run(200)
    assert lab.lately["lstm"] < SOLVED * lab.guessing < 0.5 * lab.lately["rnn"]
    assert lab.lately["rnn"] > 0.9 * lab.guessing
    assert lab.solved["rnn"] is None
    marked = lab.frame()["input"][1] == 1
    assert lab.frame()["reach_lstm"][0, marked].min() > 0.7
    assert np.abs(lab.frame()["reach_rnn"][0, marked]).max() < 1e-3
    assert {"vanished (RNN)", "says the mean (RNN)"} <= set(names(lab))
    assert "the RNN has not" in lab.text()


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_over_ten_ticks_the_rnn_wins_the_first_bit(seed):
    lab = run(60, case="the first bit, ten ticks", seed=seed)
    assert lab.solved["rnn"] < 30 < 40 < lab.solved["lstm"]


def test_gates_that_are_half_open_lose_to_a_matrix_that_turns():
    lab = run(60, case="an orthogonal RNN against forget bias 0")
    assert lab.solved["rnn"] < 60
    assert lab.lately["lstm"] > 0.9 * lab.guessing


def test_alpha_and_clipping_change_in_mid_run_and_the_rest_begins_anew():
    lab = run(3, **SHORT)
    assert not lab.set("clip", "off")
    assert not lab.set("alpha", 0.1)
    assert lab.t == 3
    assert lab.set("start", BIAS)
    assert lab.t == 0


# ---- cases and words


def test_what_is_changed_is_no_longer_the_case():
    lab = LongMemory()
    lab.set("length", 4)
    assert lab.text().startswith("Before training: ")


def test_its_lines_tell_what_the_answers_depend_on():
    adding, bit = run(1, **SHORT).frame()["about"], run(1, task=FIRST, **SHORT).frame()["about"]
    assert len(adding) == len(bit) == 6
    assert "where it should be 1" in adding[3]
    assert "tick 1" in bit[3]


def test_the_doctor_tells_how_much_arrives_and_what_helps():
    found = {f["name"]: f for f in LongMemory(start=BIAS, forget_bias=-1.0).doctor()}
    assert "memories of 1 to T" in found["vanished (LSTM)"]["advice"]
    assert "82 ticks back" in found["vanished (LSTM)"]["text"]
    found = {f["name"]: f for f in run(12).doctor()}
    assert "orthogonal" in found["vanished (RNN)"]["advice"]
    assert "vanished (LSTM)" not in found


def test_clipping_is_told_and_keeps_its_word():
    lab = LongMemory(optimizer="sgd", alpha=1.0, clip="0.1", **SHORT)
    before = {k: w.copy() for k, w in lab.nets["rnn"].params.items()}
    lab.step()
    moved = [lab.nets["rnn"].params[k] - w for k, w in before.items()]
    assert np.sqrt(sum((m * m).sum() for m in moved)) == pytest.approx(0.1, rel=1e-4)
    assert "clipped (RNN)" in names(lab)


def test_a_run_that_is_lost_says_who_lost_it():
    lab = LongMemory(optimizer="sgd", alpha=1.0, clip="off", **SHORT)
    lab.run(60)
    assert lab.diverged
    assert names(lab) == ["diverged"]
    assert lab.doctor()[0]["text"].startswith(("RNN: ", "LSTM: "))
    assert lab.text().startswith("The run diverged at step ")
