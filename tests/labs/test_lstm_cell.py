"""The lab `lstm-cell`: its stages, gates that follow or are held, and the arithmetic it writes."""

import numpy as np
import pytest

from dlcore import Recurrent
from dlcore.labs import LabError, LstmCell
from dlcore.labs.cases import CHANGED
from dlcore.labs.lstm_cell_controls import (
    BITS,
    BOTH,
    CASES,
    COUNT,
    DEAF,
    FLOOD,
    FOLLOWS,
    FORGET,
    HELD,
    HIDE,
    HOLD,
    NOTICES,
    ONES,
    OWN,
    RANDOM,
    TYPED,
)

SETTINGS = [
    {},
    {"case": BOTH, "length": 5, "seed": 3},
    {"case": BOTH, "i_tap": HELD, "i": 0.3, "alpha": 0.5},
    {"case": FORGET, "f_tap": HELD, "f": 0.5, "o_tap": HELD, "o": 0.25},
    {"case": DEAF, "length": 8, "x": RANDOM},
]
every = pytest.mark.parametrize("settings", SETTINGS, ids=str)


def to(stage, **settings):
    """A lab that has just done a stage."""
    lab = LstmCell(**settings)
    lab.run(lab.stages.index(stage) + 1)
    lab.frame()
    return lab


def drive(lab, passes, moves=None):
    for t in range(passes * len(lab.stages) + 1):
        for name, value in (moves or {}).get(t, {}).items():
            lab.set(name, value)
        lab.step()
    return lab


def losses_of(program):
    names = {}
    exec(compile(program, "program", "exec"), names)
    return names["losses"]


def found(lab):
    return [f["name"] for f in lab.doctor()]


# ---- stages and frames


@every
def test_frames_and_panels_agree(settings, assert_sound):
    lab = LstmCell(**settings)
    for _ in range(len(lab.stages) + 1):
        arrays = assert_sound(lab)
        (graph,) = [p for p in lab.panels() if p["kind"] == "graph"]
        nodes, edges = len(graph["names"]), len(graph["edges"])
        assert len(graph["places"]) == len(arrays["node_value"]) == nodes
        assert len(arrays["lit"]) == nodes + edges
        assert len(arrays["of_part"]) == nodes + len(arrays["flow"])
        lab.step()


def test_a_number_is_shown_once_its_stage_is_over():
    lab = to("tick 2")
    there, blame = lab.frame()["there"], lab.frame()["blame"]
    np.testing.assert_array_equal(there.any(0), [True, True, False, False, False, False])
    assert not blame.any()
    assert to("back 5").frame()["blame"].any(0).tolist() == [False] * 4 + [True] * 2
    assert to("loss").frame()["d_b"] == [""] * 4
    assert all(to("back 6").frame()["d_b"])


def test_what_is_held_is_not_reached_on_the_way_back():
    def lit(**settings):
        lab = to("back 3", **settings)
        (graph,) = [p for p in lab.panels() if p["kind"] == "graph"]
        ends = [tuple(graph["names"][k] for k in edge) for edge in graph["edges"]]
        values = lab.frame()["lit"][len(graph["names"]) :]
        return {pair for pair, v in zip(ends, values, strict=True) if v}

    edge = ("h before", "forget gate f")
    assert edge in lit()
    assert edge not in lit(f_tap=HELD)


# ---- numbers


@pytest.mark.parametrize("case", [HOLD, FORGET, COUNT, HIDE, DEAF, BOTH])
def test_with_gates_that_follow_it_is_the_lstm_cell_of_dlcore(case):
    lab = LstmCell(case=case)
    p, rec = lab.whole(), Recurrent(lab.cell)
    y, cache = rec.forward(lab.x[:, None])
    _, own = lab.loss(p["h"])
    _, (dh, dc), grads = rec.backward_state(own[1:, None, None], cache)
    np.testing.assert_allclose(p["h"][1:], y[:, 0, 0], atol=1e-12)
    np.testing.assert_allclose(p["c"], cache.c[:, 0, 0], atol=1e-12)
    np.testing.assert_allclose([p["dh"][0], p["dc"][0]], [dh[0, 0], dc[0, 0]], atol=1e-12)
    for name, g in grads.items():
        np.testing.assert_allclose(p["grads"][name], g, atol=1e-12)


@every
def test_the_audit_agrees_also_with_gates_that_are_held(settings):
    lab = to("tick 2", **settings)
    assert "differences agree:" in lab.audit()["text"]


@every
def test_the_update_is_gradient_descent_on_the_loss(settings):
    before = LstmCell(**settings)
    q, lab = before.whole(), drive(LstmCell(**settings), 1)
    for name, w in before.params.items():
        moved = w - before.values["alpha"] * q["grads"][name]
        np.testing.assert_allclose(lab.params[name], moved)
    assert lab.whole()["J"] == pytest.approx(q["J_after"])


@every
def test_every_sum_that_is_written_is_right(settings, sums_that_are_right):
    lab, found = LstmCell(**settings), 0
    for _ in range(len(lab.stages)):
        lab.step()
        frame = lab.frame()
        found += sums_that_are_right("\n".join([frame["formula"], *frame["of_part"]]), atol=0.02)
    assert found >= 40


def test_every_part_has_its_own_arithmetic():
    said = to("back 3", case=BOTH).frame()["of_part"]
    assert "c_3 = f_3 c_2 + i_3 c̃_3 = 0.553·0.059 + 0.811·(−0.848) = −0.655" in said[7]
    assert said[0].endswith("it gets  f_3 dc_3 = 0.553·(−0.411) = −0.227")
    assert said[9] == "Forward 0.059 flows from c before to f.\nBack comes −0.227."
    assert "More is known" in to("tick 3", case=BOTH).frame()["of_part"][7]


def test_a_slope_near_an_end_is_written_as_its_number_not_as_one_less_one():
    said = to("back 6", case=FLOOD).frame()["formula"]
    assert "= 0 + 1.995·0.998·3.8·10^{−5} = 7.5·10^{−5}" in said
    assert "0.002·(1 − 0.002)" in to("back 6").frame()["formula"]
    assert "(1 − (1.0·10^{−4})^2)" in to("back 6", case=DEAF).frame()["formula"]
    lab = to("back 6", case=FLOOD, f_tap=FOLLOWS)
    lab.event("W_f", values=[0, 0, 0, 9])
    lab.run(8)
    assert "·1·1.2·10^{−4}" in lab.frame()["formula"]


def test_a_guess_is_judged_once_the_end_is_known():
    assert "Your guess for c_6:  0.  It is 0.947: 0.947 away." in to("loss").frame()["formula"]
    lab = to("loss", guess=0.9)
    assert lab.frame()["formula"].endswith("It is 0.947: well guessed.")
    lab.set("guess", -1.0)
    assert (lab.t, "1.947 away" in lab.frame()["formula"]) == (7, True)


# ---- the cases: what their notices promise


@pytest.mark.parametrize("case", CASES)
def test_every_case_says_what_to_notice_and_comes_to_its_update(case):
    assert LstmCell(case=case).frame()["notice"] == NOTICES[case]
    assert not to("update", case=case).diverged


def test_a_case_chosen_later_is_the_case_chosen_first():
    lab = to("tick 3")
    lab.event("f", values=[0.5] * 6)
    for case in reversed(CASES):
        lab.set("case", case)
        first, second = lab.frame(), LstmCell(case=case).frame()
        assert all(np.array_equal(first[name], second[name]) for name in first)


def test_a_bit_is_held_and_so_is_its_blame():
    p = LstmCell(case=HOLD).whole()
    assert p["c"][6] == pytest.approx(p["c"][1], abs=0.02)
    assert p["dc"][1] / p["dc"][6] > 0.98
    half = LstmCell(case=HOLD, f_tap=HELD, f=0.5).whole()
    assert half["dc"][1] / half["dc"][6] == pytest.approx(0.5**5)


def test_what_was_forgotten_gets_no_blame():
    lab = LstmCell(case=FORGET)
    p = lab.whole()
    assert abs(p["c"][3]) > 1.9
    assert abs(p["c"][4]) < 0.01
    assert abs(p["dc"][3] / p["dc"][4]) < 0.01
    assert "cleared" in found(lab)


def test_it_counts_but_the_blame_cannot_get_in():
    lab = LstmCell(case=COUNT)
    p = lab.whole()
    np.testing.assert_allclose(p["c"][1:], 0.96 * np.array([1, 1, 2, 3, 3, 4]), atol=0.03)
    assert p["h"][6] - p["h"][5] < 0.01
    assert p["shown"][6] < 0.01 * p["dh"][6]
    assert "flooded cell" in found(lab)


def test_what_is_kept_need_not_be_shown():
    p = LstmCell(case=HIDE).whole()
    assert np.abs(p["h"][1:6]).max() < 0.01
    assert p["h"][6] > 0.7
    assert np.abs(p["shown"][1:6]).max() < 1e-4
    assert p["straight"][1] / p["dc"][6] > 0.98


def test_a_shut_gate_is_to_blame_and_hears_nothing():
    lab = LstmCell(case=DEAF)
    p = lab.whole()
    assert abs(p["da"][5, 0]) > 1
    assert abs(p["dz"][5, 0]) < 0.001
    assert "saturated gate" in found(lab)
    lab.event("W_f", values=[0, 0, 0, -1])
    assert abs(lab.whole()["dz"][5, 0]) > 0.1
    assert "saturated gate" not in found(lab)


def test_open_taps_flood_the_cell():
    lab = LstmCell(case=FLOOD)
    assert lab.whole()["c"][6] == pytest.approx(6 * np.tanh(2))
    assert {"in your hand", "flooded cell"} <= set(found(lab))
    lab.set("i", 0.2)
    assert "flooded cell" not in found(lab)
    assert lab.frame()["notice"] == NOTICES[FLOOD], "it asks for that"


# ---- what the reader does


def test_one_gate_at_one_tick_can_be_taken_and_let_go():
    lab = to("tick 3")
    shown = lab.frame()["f"][0].tolist()
    lab.event("f", values=[*shown[:3], 0, *shown[4:]])
    assert (lab.t, lab.values["f_tap"]) == (3, TYPED)
    assert lab.whole()["held"].nonzero() == (3, 0)
    assert abs(lab.whole()["c"][4]) < 0.01
    np.testing.assert_array_equal(lab.frame()["held_f"], [[0, 0, 0, 1, 0, 0]])
    lab.set("f_tap", FOLLOWS)
    assert not lab.whole()["held"].any()
    lab.set("i_tap", HELD)
    lab.event("i", values=[1, 1, 0.5, 1, 1, 1])
    np.testing.assert_array_equal(lab.whole()["a"][:, 1], [1, 1, 0.5, 1, 1, 1])


def test_inputs_and_weights_can_be_changed():
    lab = to("tick 3")
    lab.event("x", values=[9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
    assert (lab.t, lab.values["x"]) == (3, OWN)
    assert lab.x[0].tolist() == [4, 0]
    lab.set("x", ONES)
    np.testing.assert_array_equal(lab.x[:, 0], 1)
    lab.event("W_c", values=[0.5, 1, 0, -20])
    assert (lab.t, lab.values["weights"]) == (0, OWN)
    assert lab.frame()["notice"] == CHANGED
    assert lab.params["W"][3].tolist() == [0.5, 1, 0]
    assert lab.params["b"].tolist() == [6, -6, 6, -12]
    lab.reset()
    assert lab.params["b"][3] == -12


def test_what_does_not_fit_is_refused_in_one_line():
    lab = LstmCell()
    with pytest.raises(LabError, match=r"^values: expected 6 numbers, got \[1\]$"):
        lab.event("f", values=[1])
    with pytest.raises(LabError, match=r"^lstm-cell: there is no event called 'W_y'$"):
        lab.event("W_y", values=[1])


# ---- programs, words


@every
def test_both_programs_give_the_losses_of_50_passes(settings):
    lab = drive(LstmCell(**settings), 50)
    for kind, program in lab.code().items():
        assert len(lab.losses) == 50
        np.testing.assert_allclose(
            losses_of(program), lab.losses, atol=1e-5, rtol=1e-5, err_msg=kind
        )
        assert len(program.splitlines()) <= 45
        assert max(map(len, program.splitlines())) <= 100


def test_changes_in_mid_run_are_in_the_programs():
    lab = LstmCell(case=BOTH)
    drive(lab, 6, {3: {"y": -1.0}, 20: {"o_tap": HELD, "o": 0.4}, 30: {"x": BITS}})
    lab.event("f", values=[1, 0.5, 0.25, 0])
    drive(lab, 4)
    for kind, program in lab.code().items():
        np.testing.assert_allclose(losses_of(program), lab.losses, atol=1e-5, err_msg=kind)
    assert "changes = {" in lab.code()["dlcore"]


def test_a_wild_rate_diverges_or_not_and_the_sentence_tells_the_stage():
    assert LstmCell().text().endswith("Step begins.")
    text = to("tick 1").text()
    assert text.startswith("Pass 1, stage 1 of 14, tick 1: gates forget 0.998, input 0.998")
    assert "straight along the cell" in to("back 4").text()
    assert "(in your hand)" in to("tick 2", f_tap=HELD).text()
