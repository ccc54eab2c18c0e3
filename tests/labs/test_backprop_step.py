"""The lab `backprop-step`: its stages, its numbers, and the arithmetic that it writes down."""

import numpy as np
import pytest

from dlcore.labs import BackpropStep

SETTINGS = [
    {},
    {"network": "2-3-1", "activation": "sigmoid", "loss": "cross-entropy", "alpha": 1.0},
    {"network": "2-2-2-1", "activation": "relu", "seed": 4, "x1": -1.5},
    {"activation": "leaky_relu", "y": 0.3, "seed": 2},
    {"activation": "identity", "network": "2-2-2-1", "alpha": 0.01},
]


def run(steps, **settings):
    lab = BackpropStep(**settings)
    for _ in range(steps):
        lab.step()
    return lab


def losses_of(program):
    names = {}
    exec(compile(program, "program", "exec"), names)
    return names["losses"]


def drive(lab, passes, moves=None):
    for t in range(passes * len(lab.stages) + 1):
        for name, value in (moves or {}).get(t, {}).items():
            lab.set(name, value)
        lab.step()
    return lab


# ---- stages


def test_a_step_is_a_stage_and_after_the_update_a_new_pass_begins():
    lab = BackpropStep()
    seen = []
    for _ in range(7):
        lab.step()
        seen.append(int(lab.frame()["stage"][0]))
    assert seen == [0, 1, 2, 3, 4, 5, 0]
    assert lab.stages == ["forward 1", "forward 2", "loss", "backward 2", "backward 1", "update"]


def test_a_number_is_shown_once_its_stage_is_over():
    shown = [bool(run(t).frame()["dz"][2]) for t in range(7)]
    assert shown == [False, False, False, False, False, True, True]
    assert [bool(run(t).frame()["dw"][4]) for t in range(7)] == [False] * 4 + [True] * 3
    assert [bool(run(t).frame()["a"][4]) for t in range(4)] == [False, False, True, True]


def test_what_a_stage_computes_is_lit():
    assert run(0).frame()["lit"].sum() == 0
    np.testing.assert_array_equal(run(1).frame()["lit"], [0, 0, 1, 1, 0, 0, 2, 2, 2, 2, 0, 0, 0])
    np.testing.assert_array_equal(run(3).frame()["lit"], [0] * 5 + [1] + [0] * 6 + [2])
    np.testing.assert_array_equal(run(4).frame()["lit"], [0] * 4 + [1] + [0] * 5 + [1, 1, 2])
    np.testing.assert_array_equal(run(5).frame()["lit"], [0, 0, 1, 1, 0, 0, 1, 1, 1, 1, 2, 2, 0])
    np.testing.assert_array_equal(run(6).frame()["lit"], [0] * 6 + [1] * 6 + [0])
    assert [float(run(t).frame()["back"][0]) for t in (2, 4, 5, 6)] == [0, 1, 1, 0]


# ---- numbers


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_the_update_is_gradient_descent_on_the_loss(settings):
    lab = run(0, **settings)
    drive(lab, 1)
    p, before = lab.whole(), BackpropStep(**settings)
    q = before.whole()
    for name, w in before.net.params.items():
        moved = w - before.values["alpha"] * q["grads"][name]
        np.testing.assert_allclose(lab.net.params[name], moved)
    assert q["J_after"] == pytest.approx(p["J"])


def test_the_first_weights_have_two_decimals_so_that_one_can_reckon_along():
    for w in run(0, seed=7).net.params.values():
        np.testing.assert_array_equal(w, w.round(2))


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_every_sum_that_is_written_is_right(settings, sums_that_are_right):
    lab, found = BackpropStep(**settings), 0
    for _ in range(len(lab.stages)):
        lab.step()
        frame = lab.frame()
        found += sums_that_are_right(frame["formula"], atol=0.012)
    assert found >= 6


def test_moving_the_example_keeps_the_stage_and_changes_its_numbers():
    lab = run(5)
    before = lab.frame()["formula"]
    assert not lab.set("x1", -1.0)
    assert lab.t == 5
    assert lab.frame()["formula"] != before


def test_every_part_has_its_own_arithmetic():
    lab = run(6)
    frame = lab.frame()
    assert len(frame["of_part"]) == len(frame["lit"]) - 1
    assert "w_{11}^{(1)} = 0.34, from x_1 to unit 1 of layer 1" in frame["of_part"][6]
    assert "update: w_{11} := 0.34 − 0.1·0.653 = 0.275" in frame["of_part"][6]
    assert "update: b_1 := 0 − 0.1·1.306 = −0.131" in frame["of_part"][2]
    assert "b_1 := 0 − 0.1·2.399 = −0.24" in frame["formula"]
    assert "More is known" in run(1).frame()["of_part"][4]


# ---- programs


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_both_programs_give_the_losses_of_50_passes(settings):
    lab = drive(BackpropStep(**settings), 50)
    assert len(lab.losses) == 50
    for kind, program in lab.code().items():
        found = losses_of(program)
        np.testing.assert_allclose(found, lab.losses, atol=1e-5, rtol=1e-5, err_msg=kind)


def test_changes_in_mid_run_are_in_the_programs():
    moves = {3: {"x1": -1.0}, 40: {"y": 0.6, "alpha": 0.2}, 41: {"y": 0.7}, 150: {"x2": 0.25}}
    lab = drive(BackpropStep(), 50, moves)
    for kind, program in lab.code().items():
        np.testing.assert_allclose(losses_of(program), lab.losses, atol=1e-5, err_msg=kind)
    assert '6: {"y": 0.7, "alpha": 0.2}' in lab.code()["dlcore"]


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_programs_are_short_and_read_well(settings):
    for program in BackpropStep(**settings).code().values():
        assert len(program.splitlines()) <= 32
        assert max(map(len, program.splitlines())) <= 100


# ---- audit, doctor, words


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_the_audit_agrees(settings):
    audit = run(4, **settings).audit()
    assert "agree:" in audit["text"]
    assert "this one example" in audit["text"]


def test_the_doctor_names_what_can_go_wrong_with_one_example():
    def names(lab):
        return [f["name"] for f in lab.doctor()]

    assert names(run(2)) == []
    assert "overshoot" in names(run(2, alpha=0.6))
    assert "dead ReLU" in names(run(2, activation="relu", x2=1.0))
    assert "saturation" in names(run(2, x1=-2.0, x2=-2.0))
    assert "zero input" in names(run(2, x1=0))


def test_a_wild_rate_diverges_and_reset_leaves_it():
    lab = run(60, activation="identity", alpha=10.0)
    assert lab.diverged
    assert "Choose a smaller α" in lab.text()
    assert lab.doctor()[0]["level"] == "bad"
    assert np.isfinite(lab.frame()["J"]).all()
    lab.reset()
    assert not lab.diverged
    assert lab.t == 0


def test_the_sentence_tells_the_stage():
    assert "Step begins" in run(0).text()
    assert run(3).text() == "Pass 1, stage 3 of 6, loss: ŷ = 1.2 against y = 0 costs J = 1.44."
    assert "the new weights take J from" in run(6).text()
