"""The lab `char-rnn`: names that get better, and what the next letter depends on."""

from types import SimpleNamespace

import numpy as np
import pytest

from dlcore import data, softmax
from dlcore.labs import CharRnn, LabError
from dlcore.labs import char_rnn_names as names
from dlcore.labs.char_rnn_controls import CASES, NAMES, NOTICE, START, USUAL
from dlcore.labs.char_rnn_names import LETTERS, ONE_HOT, letters_of, trigrams
from dlcore.labs.char_rnn_reading import NEXT, explained
from dlcore.labs.char_rnn_writing import SHOWN, WRITTEN, write

SMALL = {"hidden": 8, "text": "emma"}
CELLS = ("RNN", "LSTM", "GRU")
each_cell = pytest.mark.parametrize("cell", CELLS)


def run(steps, **settings):
    lab = CharRnn(**settings)
    lab.run(steps)
    return lab


def found(lab):
    return [finding["name"] for finding in lab.doctor()]


def log_p(lab, symbols):
    """ln p of every symbol after the last of `symbols`, one tick after the other."""
    (recurrent, head), state = lab.net.layers, None
    for symbol in symbols:
        state, tape = recurrent.cell.step(ONE_HOT[[symbol]], state)
    return np.log(softmax(head.layer(tape.y[0])))[0]


# ---- names, and what counting knows


def test_a_name_is_read_from_a_dot_and_answered_to_a_dot():
    x, y, there = names.asked_of(names.laid_out(["al", "emma"]))
    assert ["".join(LETTERS[k] for k in column) for column in x.T] == ["·al··", "·emma"]
    assert ["".join(LETTERS[k] for k in column) for column in y.T] == ["al···", "emma·"]
    assert there.sum(0).tolist() == [3, 5]


def test_a_batch_is_as_long_as_its_longest_name():
    laid = names.laid_out(["al", "christopher", "emma"])
    assert [len(names.asked_of(laid, [k])[0]) for k in range(3)] == [3, 12, 5]


def test_counting_is_what_the_formula_says():
    """p(c | a b) = (n_abc + kappa p(c | b)) / (n_ab + kappa), counted one by one."""
    train, test = ["anna", "nan"], ["ann"]

    def p(past, c):
        if past is None:
            return 1 / 27
        shorter = p(past[1:] if past else None, c)
        whole = [f"{'·' * max(len(past), 1)}{name}·" for name in train]
        ends = [w[k - len(past) : k + 1] for w in whole for k in range(max(len(past), 1), len(w))]
        n, n_c = sum(e[:-1] == past for e in ends), sum(e == past + c for e in ends)
        return (n_c + names.KAPPA * shorter) / (n + names.KAPPA)

    expected = [
        -np.mean([np.log(p("··ann·"[k - n : k], "··ann·"[k])) for k in range(2, 6)]) for n in (1, 2)
    ]
    laid = map(names.laid_out, (train, test))
    np.testing.assert_allclose(names.counted(*laid), expected)


def test_counting_threes_beats_counting_pairs_on_names_held_out():
    pairs, threes = names.counted(*map(names.laid_out, names.first_names()))
    assert pairs == pytest.approx(2.35, abs=0.01)
    assert threes == pytest.approx(2.11, abs=0.01)


def test_trigrams_know_where_a_name_begins_and_ends():
    assert trigrams("emma") == ["··e", "·em", "emm", "mma", "ma·"]
    known = names.known_trigrams(["emma", "ema"])
    assert names.unseen("emmma", known) == "mmm"
    assert names.unseen("ma", known) == "··m"
    assert names.unseen("emma", known) == ""


@pytest.mark.parametrize(
    ("text", "letters", "left"),
    [
        ("emma", "emma", []),
        ("Zoë", "zoe", []),
        ("Jean-Luc 3", "jeanluc", ["-", " ", "3"]),
        ("straße", "strasse", []),
        ("好", "", ["好"]),
        ("", "", []),
        ("a" * 40, "a" * names.LONGEST, []),
    ],
)
def test_of_a_text_the_letters_are_read(text, letters, left):
    assert letters_of(text) == (letters, left)


# ---- what the network makes of a text


@each_cell
def test_what_is_expected_next_is_the_softmax_after_each_letter(cell):
    lab = run(3, cell=cell, **SMALL)
    frame = lab.frame()
    assert frame["letters"] == list("·emma")
    assert [LETTERS[int(k)] for k in frame["next"]] == list("emma·")
    for t in range(5):
        p = np.exp(log_p(lab, lab.seen.x[: t + 1]))
        np.testing.assert_allclose(frame["p"][t], p, rtol=1e-5)
        assert frame["p_next"][t] == frame["p"][t, int(frame["next"][t])]


@each_cell
def test_the_gradient_is_the_derivative_of_ln_p_in_each_letter(cell):
    lab, eps = run(3, cell=cell, **SMALL), 1e-5
    net = lab.net.astype(np.float64)
    x = ONE_HOT[lab.seen.x].astype(float)[:, None]

    def ln_p(x, t, k):
        return np.log(softmax(net(x)[t]))[0, k]

    for t in range(5):
        for s in range(5):
            slopes = []
            for way in np.eye(27):
                step = np.zeros_like(x)
                step[s, 0] = eps * way
                k = lab.seen.next[t]
                slopes.append((ln_p(x + step, t, k) - ln_p(x - step, t, k)) / (2 * eps))
            expected = np.linalg.norm(slopes)
            assert lab.frame()["gradient"][t, s] == pytest.approx(expected, rel=1e-3, abs=1e-5)
    assert not np.triu(lab.frame()["gradient"], 1).any(), "what comes later does not count"


@each_cell
def test_exchanging_a_letter_reads_the_text_with_all_others(cell):
    lab = run(3, cell=cell, **SMALL)
    x, swapped = lab.seen.x, lab.frame()["exchanged"]
    for t in range(len(x)):
        k = lab.seen.next[t]
        own = log_p(lab, x[: t + 1])[k]
        for s in range(len(x)):
            texts = [[*x[:s], other, *x[s + 1 : t + 1]] for other in range(1, 27) if other != x[s]]
            mean = np.mean([log_p(lab, text)[k] for text in texts]) if s <= t else own
            assert swapped[t, s] == pytest.approx(own - mean, abs=1e-5)


def test_another_letter_may_be_asked_about():
    lab = run(3, **SMALL)
    before = lab.frame()["gradient"]
    lab.set("asked", "z")
    assert not np.allclose(lab.frame()["gradient"], before)
    assert (lab.seen.asked == LETTERS.index("z")).all()
    lab.set("asked", "the likeliest")
    likeliest = lab.frame()["p"].argmax(1)
    assert (lab.seen.asked == likeliest).all()
    assert lab.t == 3


def test_an_empty_text_asks_what_a_name_begins_with():
    lab = run(1, hidden=8, text="")
    assert lab.frame()["letters"] == ["·"]
    assert lab.frame()["gradient"].shape == (1, 1)
    assert lab.frame()["about_at"][0].startswith("After “·” it expects")


def test_other_characters_are_left_out_with_a_word():
    lab = CharRnn(hidden=8, text="Ö-l 3")
    assert lab.frame()["letters"] == ["·", "o", "l"]
    (finding,) = [f for f in lab.doctor() if f["name"] == "other characters"]
    assert "“-” “ ” “3”" in finding["text"]
    assert "“ol”" in finding["text"]
    assert "“-” “ ” “3”" in lab.frame()["about_at"][0].split("\n")[0]
    lab.set("text", "Zoë")
    assert "other characters" not in found(lab)


def test_looking_back_is_the_mean_over_names_held_out():
    lab = run(2, hidden=8)
    lengths = []
    for name in [n for n in names.first_names()[1] if len(n) >= 6][::7][:5]:
        lab.set("text", name)
        lengths.append(lab.frame()["gradient"][6, 6::-1])
    five = tuple(ids[..., :5] for ids in lab.study.far)
    lab.study = SimpleNamespace(**vars(lab.study) | {"far": five})
    lab.fresh = False
    np.testing.assert_allclose(lab.frame()["back"], np.mean(lengths, 0), rtol=1e-4)


def test_a_unit_that_follows_the_last_letter_is_explained_by_it():
    groups = np.array([0, 0, 1, 1, 2, 2])
    h = np.stack([groups, [1, 2, 1, 2, 1, 2], np.ones(6)], 1).astype(np.float32)
    means, share = explained(h, groups)
    np.testing.assert_allclose(means[:, 0], [0, 1, 2])
    np.testing.assert_allclose(share, [1, 0, 0], atol=1e-6)


# ---- what it writes


def test_the_same_dice_write_the_same_names():
    lab = run(2, hidden=8)
    first = lab.frame()["names"]
    lab.fresh = False
    assert lab.frame()["names"] == first
    assert CharRnn(hidden=8, seed=1).frame()["names"] != CharRnn(hidden=8).frame()["names"]


def test_nats_are_those_of_the_name_that_was_written():
    lab = run(5, hidden=16)
    nats = lab.frame()["nats"]
    for name, J in zip(lab.written.names[:SHOWN], nats, strict=True):
        spelt = [0, *(LETTERS.index(c) for c in name), 0]
        each = [-log_p(lab, spelt[: k + 1])[spelt[k + 1]] for k in range(len(name) + 1)]
        if len(name) < 16:
            assert pytest.approx(np.mean(each), rel=1e-4) == J


def test_at_temperature_0_all_names_are_one():
    lab = run(20, temperature=0)
    assert "all alike" in found(lab)
    assert lab.written.different == 1
    lab.set("temperature", 1)
    assert lab.t == 20
    assert "all alike" not in found(lab)
    assert lab.written.different > WRITTEN / 2


def test_what_is_new_about_a_name():
    kind = CharRnn(hidden=8).writer.kind
    train, test = names.first_names()
    assert kind(train[7]) == "copied"
    assert kind(test[7]) == "a real one, held out"
    assert kind("emxa") == "no name has “emx”"
    assert kind("anniel") == "new"


def test_shares_are_counted_over_all_names_it_writes():
    lab = run(30)
    known_share = lab.frame()["known"][0]
    known = names.known_trigrams(names.first_names()[0])
    texts, _ = write(lab.net, WRITTEN, 1.0, np.random.default_rng(0).spawn(4)[3])
    assert texts == lab.written.names
    share = np.mean([all(t in known for t in trigrams(name)) for name in texts])
    assert known_share == pytest.approx(share)


# ---- how it learns


def test_it_learns_to_write_names_within_a_few_hundred_steps():
    """Below the bigrams, and half of its names sound; of real names 84 % are."""
    lab = run(300)
    frame, (pairs, _) = lab.frame(), lab.study.baselines
    assert frame["loss_test"][0] < pairs - 0.15
    assert frame["known"][0] >= 0.5
    assert lab.writer.known_held_out == pytest.approx(0.84, abs=0.01)
    assert frame["p_next"][4] > 0.8, "u after q"
    gradient, swapped = frame["gradient"][4], frame["exchanged"][4]
    assert gradient[:5].argmax() == swapped[:5].argmax() == 4


def test_of_a_hundred_names_it_learns_them_by_heart():
    lab = run(450, case="a hundred names")
    frame = lab.frame()
    assert frame["loss"][0] < 1.2 < 3 < frame["loss_test"][0]
    assert frame["copied"][0] > 0.3
    assert "it copies" in found(lab)


def test_steps_that_are_too_long_saturate_the_states():
    lab = run(60, case="steps too long")
    assert "saturation" in found(lab)


def test_a_step_is_never_longer_than_the_norm_it_is_clipped_to():
    lab = CharRnn(optimizer="sgd", alpha=1.0, clip="0.1", **SMALL)
    before = {k: w.copy() for k, w in lab.net.params.items()}
    lab.step()
    moved = [lab.net.params[k] - w for k, w in before.items()]
    assert lab.norm > 0.1
    assert np.sqrt(sum((m * m).sum() for m in moved)) == pytest.approx(0.1, rel=1e-3)
    assert lab.clipped[-1]


def test_text_and_temperature_change_in_mid_run_and_a_cell_begins_anew():
    lab = run(3, **SMALL)
    for name, value in (("text", "otto"), ("temperature", 0.5), ("alpha", 0.1), ("clip", "off")):
        assert not lab.set(name, value)
    assert lab.t == 3
    assert lab.set("cell", "GRU")
    assert lab.t == 0


def test_a_run_that_is_lost_says_so_and_reset_leaves_it():
    lab = run(20, alpha=10)
    assert lab.diverged
    (finding,) = lab.doctor()
    assert finding["level"] == "bad"
    assert "beyond 50" in finding["text"]
    assert "divide it by 10" in finding["advice"]
    assert "Reset" in lab.text()
    assert np.isfinite(lab.frame()["loss_test"]).all()
    lab.reset()
    assert not lab.diverged


def test_lost_numbers_are_never_shown():
    lab = run(2, **SMALL)
    seen = lab.frame()
    lab.net.params["0.W_hh"][0, 0] = np.nan
    lab.fresh = False
    assert lab.frame() is seen
    assert lab.diverged


# ---- cases, audit, code, recording


@pytest.mark.parametrize("case", CASES)
def test_a_case_says_what_to_look_at(case, assert_sound):
    lab = CharRnn(case=case)
    assert all(lab.values[k] == v for k, v in (USUAL | CASES[case]).items())
    assert lab.text() == NOTICE[case]
    assert_sound(lab)
    lab.step()
    assert lab.text().startswith("Step 1: ")


def test_choosing_a_case_takes_back_what_was_moved():
    lab = CharRnn(case="a hundred names", text="otto")
    assert len(lab.x) == 100
    lab.set("case", START)
    assert {k: lab.values[k] for k in USUAL} == USUAL
    assert len(lab.x) == NAMES == len(data.first_names().x_train)


@each_cell
def test_the_audit_agrees(cell):
    table = run(2, cell=cell, hidden=4, text="al").audit()
    assert "differences agree" in table["text"]
    assert table["rows"][-1][:2] == ["∂ ln p/∂x, after “·al”", "3×27"]


def test_the_audit_finds_a_wrong_gradient(monkeypatch):
    lab = run(1, hidden=4, text="al")
    cell = lab.net.layers[0].cell
    monkeypatch.setattr(type(cell), "add_to_h", lambda _, dh, dy: dh + 1.01 * dy)
    assert "do not agree" in lab.audit()["text"]


PROGRAMS = [
    {},
    {"cell": "LSTM", "hidden": 16, "text": "otto", "seed": 3},
    {"cell": "GRU", "hidden": 16, "text": "", "asked": "a"},
    {"n": 100, "optimizer": "sgd", "alpha": 0.5, "clip": "off", "asked": "the likeliest"},
]
MOVES = {10: {"clip": "0.1"}, 20: {"alpha": 0.002, "batch": 7}, 30: {"clip": "off"}}


@pytest.mark.parametrize(("settings", "moves"), [(s, {}) for s in PROGRAMS] + [(SMALL, MOVES)])
def test_both_programs_give_the_losses_and_the_gradients_of_the_lab(settings, moves):
    lab, losses = CharRnn(**settings), []
    for t in range(50):
        lab.set_all(moves.get(t, {}))
        lab.step()
        losses.append(lab.J)
    expected = lab.frame()["gradient"][-1]
    for kind, program in lab.code().items():
        assert max(map(len, program.splitlines())) <= 100
        assert len(program.splitlines()) <= 62
        got = {}
        exec(compile(program, kind, "exec"), got)
        np.testing.assert_allclose(got["losses"], losses, atol=1e-5, rtol=1e-5, err_msg=kind)
        np.testing.assert_allclose(got["lengths"], expected, rtol=1e-3, atol=1e-4, err_msg=kind)


def test_wrong_values_are_refused_in_one_line():
    for name, value in (("hidden", 500), ("text", 3), ("text", "a" * 99), ("asked", NEXT[:-1])):
        with pytest.raises(LabError, match="expected"):
            CharRnn(hidden=4).set(name, value)
