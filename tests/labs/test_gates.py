"""The lab `gates`: its tasks, what it shows, who follows what, training, and what it says."""

import numpy as np
import pytest

from dlcore.labs import Gates, LabError, doctor
from dlcore.labs import gradient_flow_nets as nets
from dlcore.labs.gates_controls import CASES, START, USUAL
from dlcore.labs.gates_tasks import BRACKETS, COUNT, GAP, LETTER, TASKS

SETTINGS = [
    {},
    {"task": BRACKETS, "hidden": 3, "seed": 2},
    {"task": COUNT, "hidden": 1, "length": 9},
    {"task": GAP, "forget_bias": -3.0, "length": 12},
]
each = pytest.mark.parametrize("settings", SETTINGS, ids=str)


def run(steps=0, **settings):
    lab = Gates(**settings)
    lab.run(steps)
    lab.frame()
    assert not lab.diverged
    return lab


def names(lab):
    return [finding["name"] for finding in lab.doctor()]


def answers(task, text):
    """What is to be said at every tick of a text."""
    return TASKS[task].answers(TASKS[task].numbers(text)[:, None])[:, 0].tolist()


def text_of(lab):
    return "".join(lab.frame()["symbols"])


# ---- the tasks


def test_a_capital_is_kept_until_the_next_and_said_at_a_question_mark_only():
    assert answers(LETTER, "?A?b?aB·?") == [0, 0, 1, 0, 1, 0, 0, 0, -1]


def test_brackets_are_counted_and_one_too_many_does_nothing():
    assert answers(BRACKETS, "x(()x))(") == [0, 0.25, 0.5, 0.25, 0.25, 0, 0, 0.25]


def test_a_count_starts_again_at_R():
    assert answers(COUNT, "+·+R·++") == [0.25, 0.25, 0.5, 0, 0, 0.25, 0.5]


@pytest.mark.parametrize("name", TASKS)
def test_sequences_are_of_symbols_and_their_last_answer_is_asked(name):
    task = TASKS[name]
    s = task.draw(30, 200, np.random.default_rng(0))
    assert s.shape == (30, 200)
    assert set(np.unique(s)) == set(range(len(task.symbols)))
    assert task.counted(s)[-1].all()
    assert (np.abs(task.answers(s)) > task.close).any()
    x = task.inputs(s)
    assert x.dtype == np.float32
    assert (x.sum(-1) == 1).all()
    assert (x.argmax(-1) == s).all()


def test_over_the_gap_there_is_one_capital_and_one_question():
    s = TASKS[GAP].draw(20, 100, np.random.default_rng(0))
    task = TASKS[GAP]
    assert (s[0] <= 1).all()
    assert (s[1:] > 1).all()
    assert (task.counted(s).sum(0) == 1).all()
    assert task.counted(s)[-1].all()


@pytest.mark.parametrize("name", TASKS)
def test_what_comes_before_since_does_not_matter_to_the_last_answer(name):
    task, rng = TASKS[name], np.random.default_rng(1)
    for s in task.draw(20, 20, rng).T:
        since, last = task.since(s), task.answers(s[:, None])[-1, 0]
        alone = task.answers(s[since:, None])[-1, 0]
        assert alone == last


@pytest.mark.parametrize("length", [8, 24, 40])
def test_the_example_is_as_long_as_it_should_be(length):
    for task in TASKS.values():
        s = task.first(length)
        assert len(s) == length
        assert task.symbols[s[-1]] == task.last


# ---- what is shown


@each
def test_the_maps_are_the_formulas_of_the_cell(settings):
    """Tick by tick, from the weights alone."""
    lab = run(3, **settings)
    frame, (recurrent, head) = lab.frame(), lab.net.layers
    cell, H = recurrent.cell, lab.values["hidden"]

    def sigma(z):
        return 1 / (1 + np.exp(-z))

    h = c = np.zeros(H)
    for t, x_t in enumerate(lab.task.inputs(lab.sequence)):
        hx = np.concatenate([h, x_t])
        f, i, o = (
            sigma(W @ hx + b)
            for W, b in ((cell.W_f, cell.b_f), (cell.W_i, cell.b_i), (cell.W_o, cell.b_o))
        )
        c_tilde = np.tanh(cell.W_c @ hx + cell.b_c)
        c = f * c + i * c_tilde
        h = o * np.tanh(c)
        for name, expected in (("f", f), ("i", i), ("o", o), ("c_tilde", c_tilde), ("c", c)):
            np.testing.assert_allclose(frame[name][:, t], expected, atol=1e-5)
        np.testing.assert_allclose(frame["h"][:, t], h, atol=1e-5)
        yhat = head.layer.W @ h + head.layer.b
        assert frame["answer"][t] == pytest.approx(yhat.item(), abs=1e-5)


@each
def test_gradients_are_central_differences_of_the_last_answer(settings):
    lab, eps = run(3, **settings), 1e-6
    net = lab.net.astype(np.float64)
    (recurrent, head), x = net.layers, lab.task.inputs(lab.sequence)[:, None].astype(float)
    tape = recurrent.forward(x)[1]

    def last_answer(t, c):
        state = tape.a[t, 2] * np.tanh(c), c
        h = state[0]
        for x_t in x[t + 1 :]:
            state, kept = recurrent.cell.step(x_t, state)
            h = kept.y[0]
        return head(h[None]).item()

    frame = lab.frame()
    for t in (0, len(x) // 2, len(x) - 1):
        c = tape.c[t + 1]
        steps = eps * np.eye(c.shape[1])[:, None]
        found = [(last_answer(t, c + s) - last_answer(t, c - s)) / (2 * eps) for s in steps]
        np.testing.assert_allclose(frame["dc"][:, t], found, atol=1e-6)
        assert frame["of_answer"][t] == pytest.approx(np.linalg.norm(found), abs=1e-6)


def test_dashed_is_the_way_by_the_forget_gates_alone():
    frame = run(5, hidden=3).frame()
    for t in (0, 10, 22):
        alone = frame["dc"][:, -1] * frame["f"][:, t + 1 :].prod(1)
        assert frame["by_gates"][t] == pytest.approx(np.linalg.norm(alone), rel=1e-4)


@each
def test_audited_gradients_agree(settings):
    found = run(2, **settings).audit()
    assert "do not" not in found["text"]
    assert "does not" not in found["text"]
    assert [row[0] for row in found["rows"]][-3].startswith("∂J/∂c_1")


@each
def test_a_correlation_is_that_of_numpy(settings):
    lab = run(20, **settings)
    frame = lab.frame()
    _, tape = lab.net.layers[0].forward(lab.x)
    for name, array in (("f", tape.a[:, 0]), ("c", tape.c[1:])):
        for k, signal in enumerate(lab.signals.values()):
            for unit in range(lab.values["hidden"]):
                r = np.corrcoef(array[..., unit].ravel(), signal)[0, 1]
                assert frame[f"follows_{name}"][unit, k] == pytest.approx(r, abs=1e-3)


def test_what_never_changes_follows_nothing():
    lab = run()
    lab.net.params["0.W"][...] = 0
    lab.fresh = False
    assert not lab.frame()["follows_f"].any()
    assert "follows none of these" in lab.frame()["of_unit"][0]


# ---- the sequence is the reader's


def test_a_tap_takes_the_next_symbol_and_a_key_the_one_that_is_typed():
    lab = run()
    assert text_of(lab) == "Abab·?abBa·ba?bAba·bab·?"
    lab.event("symbol", index=0)
    assert text_of(lab)[0] == "B"
    lab.event("symbol", index=23)
    assert text_of(lab)[23] == "·"
    lab.event("symbol", index=4, symbol="?")
    assert text_of(lab) == "Bbab??abBa·ba?bAba·bab··"


def test_changing_a_symbol_changes_what_is_asked_but_not_what_is_learnt():
    lab, other = run(5), run(5)
    lab.event("symbol", index=0, symbol="B")
    assert lab.frame()["target"][5] == -1
    lab.run(5)
    other.run(5)
    assert lab.J == other.J
    assert lab.frame()["loss"] == other.frame()["loss"]


def test_ones_own_sequence_stays_over_a_reset_and_goes_with_another_task():
    lab = run()
    lab.event("symbol", index=0, symbol="?")
    lab.reset()
    assert text_of(lab)[0] == "?"
    lab.set("forget_bias", 2.0)
    assert text_of(lab)[0] == "?"
    lab.set("sequence", 1)
    assert text_of(lab) == "".join("ABab?·"[k] for k in lab.symbols[:, 0])
    lab.event("symbol", index=0, symbol="?")
    lab.set("length", 20)
    assert len(text_of(lab)) == 20
    assert text_of(lab)[0] in "AB"


@pytest.mark.parametrize(
    "what",
    [{}, {"index": 24}, {"index": -1}, {"index": 1.5}, {"index": "x"},
     {"index": 0, "symbol": "z"}, {"index": 0, "symbol": "AB"}, {"index": 0, "symbol": 3}],
    ids=str,
)  # fmt: skip
def test_what_is_no_symbol_or_no_tick_is_refused(what):
    lab = run()
    with pytest.raises(LabError, match=r"^(symbol|index): expected"):
        lab.event("symbol", **what)
    assert lab.typed is None


# ---- learning


@pytest.fixture(scope="module")
def learnt():
    return run(300)


def test_the_gates_learn_what_the_title_asks_for(learnt):
    """Of one unit: f closes where a letter is to be taken in, o opens at ? alone."""
    frame, unit = learnt.frame(), learnt.words.best
    assert learnt.right > 0.99
    assert frame["follows_f"][unit, 0] < -0.95
    assert frame["follows_i"][unit, 0] > 0.5
    assert frame["follows_o"][unit, 2] > 0.95
    assert abs(frame["follows_c"][unit, 3]) > 0.9
    f = frame["f"][unit]
    capitals = np.isin(frame["symbols"], ["A", "B"])
    assert f[capitals].max() < 0.4
    assert f[~capitals].min() > 0.8


def test_the_gradient_of_the_last_answer_ends_at_its_letter(learnt):
    """The forget gate that lets the old letter go lets nothing back to it, either."""
    of_answer = learnt.frame()["of_answer"]
    assert of_answer[15] > 0.3 * of_answer[-1]
    assert of_answer[14] < 0.3 * of_answer[15]


def test_the_words_say_so(learnt):
    assert learnt.text().startswith("Step 300: 100 % of the answers at “?” are right")
    text = learnt.frame()["of_unit"][learnt.words.best]
    assert "closes at A or B" in text
    assert "opens at “?”" in text
    assert len(text.split("\n")) == 5


def test_editing_what_was_learnt_moves_the_gates_with_the_symbol(learnt):
    unit = learnt.words.best
    before = learnt.frame()["o"][unit].copy()
    learnt.event("symbol", index=10, symbol="?")
    assert before[10] < 0.3
    assert learnt.frame()["o"][unit, 10] > before[10] + 0.3
    assert learnt.frame()["answer"][10] == pytest.approx(-1, abs=0.3)


def test_over_the_gap_the_forget_bias_decides():
    low, high = run(400, case="asked only at the end"), run(400, task=GAP, forget_bias=5.0)
    assert low.right == 0
    assert "vanishing gradient" in names(low)
    assert high.right == 1
    assert names(high) == []


def test_alpha_and_batch_change_in_mid_run_and_the_bias_begins_anew():
    lab = run(3)
    assert not lab.set("alpha", 0.1)
    assert not lab.set("batch", 4)
    assert lab.t == 3
    assert lab.set("forget_bias", 0.5)
    assert lab.t == 0
    assert (lab.net.layers[0].cell.b_f == 0.5).all()


# ---- cases and the doctor


def test_what_is_changed_is_no_longer_the_case():
    lab = Gates()
    lab.event("symbol", index=0)
    assert lab.text().startswith("Before training: ")


def test_a_case_brings_its_own_sequence():
    lab = Gates()
    lab.event("symbol", index=0, symbol="?")
    lab.set("case", "one cell alone")
    assert text_of(lab)[0] == "A"
    lab.set("case", START)
    assert {k: lab.values[k] for k in USUAL} == USUAL | CASES[START]


def test_a_gradient_that_vanishes_is_told_with_numbers():
    lab = Gates(case="only at the end, forget bias −4")
    found = {finding["name"]: finding["text"] for finding in lab.doctor()}
    assert "tick 1," in found["vanishing gradient"]
    assert "23 ticks before" in found["vanishing gradient"]
    assert "units 1, 2" in found["forget gate shut"]
    assert names(Gates(task=GAP, forget_bias=5.0)) == []


def test_what_the_forget_gates_alone_would_leave_is_the_dashed_line():
    """One unit may be open and the other shut: a mean of both, to a power, tells nothing."""
    lab = run(100, case="too hasty")
    (text,) = [found["text"] for found in lab.doctor() if found["name"] == "vanishing gradient"]
    dashed = lab.frame()["by_gates"]
    assert f"alone would leave {doctor.say(dashed[15] / dashed[-1], 2)}." in text


def test_gates_that_were_thrown_shut_are_named():
    lab = run(100, case="too hasty")
    assert {"input gate shut", "output gate shut", "nothing learnt yet"} <= set(names(lab))


def test_clipping_is_told():
    assert "clipped" in names(run(3, clip="0.1"))


def test_a_diverged_run_says_so():
    lab = Gates(alpha=3.0, optimizer="sgd", clip="off", task=COUNT, length=40)
    lab.run(60)
    assert lab.diverged
    assert names(lab) == ["diverged"]
    assert lab.text().startswith("The run diverged at step 6; shown is step 5,")
    with pytest.raises(LabError, match="diverged"):
        lab.event("symbol", index=0)


def test_the_walk_is_that_of_the_sequence_that_is_shown():
    lab = run(2)
    x, y = lab.given(lab.sequence[:, None])
    walk = nets.walk_back(lab.net, x, y, lab.objective)
    of_loss = np.linalg.norm(walk.dc[0, 1:], axis=1)
    np.testing.assert_allclose(lab.frame()["of_loss"], of_loss, rtol=1e-5)
