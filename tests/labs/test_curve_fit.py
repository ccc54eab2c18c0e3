"""The lab `curve-fit`: what the units add up to, what it fits, and when it fits the noise."""

import numpy as np
import pytest

from dlcore import data
from dlcore.labs import CurveFit, LabError, curves
from dlcore.labs.curve_fit import CUT
from dlcore.labs.curve_fit_controls import CASES, INPUTS, NOTICE

SETTINGS = [
    {},
    {"case": "it fits the noise", "seed": 2},
    {"case": "straight pieces of relu"},
    {"case": "x far from 0", "l2": 0.01},
    {"activation": "sigmoid", "data": "step", "init": "large", "input": "10 x"},
    {"activation": "leaky_relu", "data": "kink", "batch": 4, "optimizer": "momentum"},
    {"activation": "identity", "data": "line", "units": 3, "input": "x / 10"},
    {"units": 1, "optimizer": "sgd", "data": "cliff", "batch": 16},
    {"init": "zeros", "data": "bump"},
    {"case": "four units for a working day"},
]
every = pytest.mark.parametrize("settings", SETTINGS, ids=str)
seeds = range(10)


def run(steps, **settings):
    lab = CurveFit(**settings)
    for _ in range(steps):
        lab.step()
    lab.frame()
    return lab


def watched(steps, every=40, **settings):
    """A run whose frames were looked at, so that the doctor knows how it went."""
    lab = CurveFit(**settings)
    while lab.t < steps and not lab.diverged:
        lab.step()
        if lab.t % every == 0:
            lab.frame()
    lab.frame()
    return lab


def names(lab):
    return [finding["name"] for finding in lab.doctor()]


def advice(lab, name):
    return next(finding["advice"] for finding in lab.doctor() if finding["name"] == name)


# ---- what is seen


@every
def test_frames_and_panels_agree(settings, assert_sound):
    lab = run(20, **settings)
    arrays, h = assert_sound(lab), lab.values["units"]
    assert arrays["parts"].shape == arrays["without"].shape == (h, len(lab.places))
    assert arrays["zeros"].shape == arrays["zeros_of_parts"].shape == (h, 2)
    assert arrays["tiles"].shape == (h + 2, 16, 16)
    assert np.abs(arrays["tiles"]).max() <= 1
    assert len(arrays["about"]) == h + 2
    assert len(arrays["W"]) == len(arrays["dW"]) == 2 * h


@every
def test_what_the_units_add_and_the_bias_sum_up_to_the_curve(settings):
    frame = run(30, **settings).frame()
    if np.abs(frame["parts"]).max() < CUT:  # none is cut off
        whole = frame["parts"].sum(0) + frame["bias"]
        np.testing.assert_allclose(whole, frame["yhat"], atol=1e-4)
        each = frame["without"] + frame["parts"]
        np.testing.assert_allclose(each - frame["yhat"], 0 * each, atol=1e-5)


def test_the_errors_are_arrows_from_the_curve_to_the_points_and_the_gradient_of_its_heights():
    lab = run(5)
    frame = lab.frame()
    points = lab.static()["points"]
    np.testing.assert_allclose(frame["on_curve"] + frame["errors"], points, atol=1e-6)
    _, dyhat = lab.objective(frame["on_curve"][:, 1:], points[:, 1:])
    np.testing.assert_allclose(dyhat, -2 / len(points) * frame["errors"][:, 1:], atol=1e-7)


@pytest.mark.parametrize("given", INPUTS)
def test_a_diamond_is_where_z_is_zero(given):
    lab = run(40, input=given, activation="relu")
    p = lab.net.params
    z = lab.given(lab.zeros) * p["0.W"][:, 0] + p["0.b"]
    assert np.abs(z).max() < 1e-4
    frame = lab.frame()
    seen = np.abs(lab.zeros) < 50
    np.testing.assert_allclose(frame["zeros"][seen, 0], lab.zeros[seen], atol=1e-4)
    np.testing.assert_allclose(frame["zeros_of_parts"][seen, 1], 0, atol=1e-4)


def test_relu_bends_the_curve_nowhere_but_at_its_diamonds():
    lab = run(400, case="straight pieces of relu")
    x = np.linspace(-1.5, 1.5, 301)
    turns = np.abs(np.diff(lab.answer(x.astype("f4")[:, None])[:, 0].astype(float), 2)) > 1e-4
    at = x[1:-1][turns]
    assert len(at)
    assert all(np.abs(lab.zeros - place).min() < 0.011 for place in at)


@pytest.mark.parametrize("l2", [0, 0.05])
def test_the_gradients_are_those_at_the_weights_shown_and_made_of_the_sticks(l2):
    lab = run(12, l2=l2, batch=4)
    frame, p = lab.frame(), lab.net.params
    d = -2 / len(lab.x) * frame["errors"][:, 1]
    slope = 1 - lab.hidden**2
    dw2 = d @ lab.hidden + l2 * p["2.W"][0]
    dw1 = (d[:, None] * p["2.W"] * slope * lab.x).sum(0) + l2 * p["0.W"][:, 0]
    np.testing.assert_allclose(frame["dW"], np.concatenate([dw1, dw2]), atol=1e-5)
    assert (" + λ w_2" in frame["about"][1]) == (l2 > 0)


def test_the_losses_are_those_of_all_points_of_the_network_and_of_the_line():
    lab = run(25, batch=4, l2=0.05)
    x, y = lab.x, lab.y
    assert lab.frame()["loss"][0] == pytest.approx(np.mean((lab.answer(x) - y) ** 2), rel=1e-5)
    slope, height = np.polyfit(x[:, 0], y[:, 0], 1)
    expected = np.mean((slope * lab.x_test + height - lab.y_test) ** 2)
    assert lab.frame()["loss_line"][0] == pytest.approx(expected, rel=1e-4)


def test_what_is_said_of_a_unit_are_its_numbers():
    lab = run(60)
    lines = lab.frame()["about"][3].split("\n")
    assert len(lines) == 6
    assert f"{lab.net.params['0.W'][2, 0]:.3f}".rstrip("0").replace("-", "−") in lines[0]
    assert f"{lab.zeros[2]:.3f}".rstrip("0").replace("-", "−") in lines[1]
    assert lines[5].startswith("∂J/∂w_1 = sum of d w_2 a′ x = ")


# ---- what it learns


@pytest.mark.parametrize("seed", seeds)
def test_the_default_run_fits_within_its_recording(seed):
    lab = run(sum(CurveFit.recorded), seed=seed)
    (train, test), truth = lab.losses["net"], lab.losses["truth"][1]
    assert train < 0.012
    assert test < 0.5 * lab.losses["line"][1]
    assert test < truth + 0.012
    assert names(lab) == []


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid", "leaky_relu"])
@pytest.mark.parametrize("data", ["sine", "step", "bump", "kink", "cliff"])
def test_every_curve_is_learnt_with_every_activation(data, activation):
    lab = run(1500, data=data, activation=activation, units=16)
    assert lab.losses["net"][0] < 0.03
    assert lab.losses["net"][1] < lab.losses["line"][1]


@pytest.mark.parametrize("seed", seeds)
def test_one_unit_is_too_few(seed):
    assert run(1500, case="too few units", seed=seed).losses["net"][0] > 0.25


@pytest.mark.parametrize("seed", seeds)
def test_many_units_fit_the_noise_of_few_points_and_l2_cures_it(seed):
    free = watched(1500, case="it fits the noise", seed=seed)
    tame = run(1500, case="the same with L2", seed=seed)
    line = free.losses["line"]
    assert free.losses["net"][0] < 0.1 * line[0]
    assert free.losses["net"][1] > 1.3 * line[1]
    assert {"overfitting", "no better than a line"} & set(names(free))
    assert "more units" not in advice(free, "no better than a line"), "the truth is a line"
    assert tame.losses["net"][1] < 1.15 * line[1]


@pytest.mark.parametrize("seed", seeds)
def test_four_units_fit_a_working_day_and_three_do_not(seed):
    four = run(2000, case="four units for a working day", seed=seed)
    assert four.losses["net"][0] < 0.03
    assert (
        run(2000, case="four units for a working day", units=3, seed=seed).losses["net"][0] > 0.12
    )


def test_a_working_day_has_no_curve_that_is_known_and_no_points_held_out(assert_sound):
    lab = run(20, data=curves.DAY)
    assert not {"truth", "held_out", "loss_test"} & set(assert_sound(lab))
    assert lab.text().startswith("Step 20: loss")
    lab.event("drag", index=8, x=5, y=5)
    np.testing.assert_allclose(lab.static()["points"][8], [2, 3])
    lab.event("remove", index=0)
    lab.event("add", x=0.1, y=1)
    lab.reset()
    np.testing.assert_array_equal(lab.static()["points"], np.hstack(curves.working_day()))


@pytest.mark.parametrize("wanted", [{"data": curves.DAY}, {"case": "four units for a working day"}])
def test_where_the_bikes_cannot_be_had_the_lab_says_so_and_goes_on(wanted):
    def offline(name):
        raise OSError("the server could not be reached")

    lab = run(5)
    before = dict(lab.values)
    curves.working_day.cache_clear()
    data.use(offline)
    try:
        with pytest.raises(LabError, match=r"^data: open_data: bikeshare.* could not be reached$"):
            lab.set_all(wanted)
    finally:
        data.use(None)
    assert (lab.values, lab.t) == (before, 5)
    lab.set_all(wanted)
    assert (lab.values["data"], len(lab.x)) == (curves.DAY, 24)


def test_what_is_called_a_step_is_steepest_at_its_diamond_and_a_corner_is_a_corner():
    for activation in ("tanh", "sigmoid", "relu", "leaky_relu"):
        lab = run(200, activation=activation)
        k = int(np.abs(lab.zeros).argmin())
        w = abs(lab.net.params["0.W"][k, 0])
        x = lab.zeros[k] + np.linspace(-2, 2, 401) / w
        a = lab.activations(x[:, None].astype("f4"))[:, k].astype(float)
        slope = np.abs(np.diff(a))
        turn = np.abs(np.diff(a, 2))
        at_diamond = (slope if "u" not in activation else turn).argmax()
        assert abs(at_diamond - 199.5) <= 2, activation
        said = lab.text()
        assert (" steps are among" in said) == (activation in ("tanh", "sigmoid"))
        assert (" corners are among" in said) == ("relu" in activation)


def test_the_doctor_names_overfitting():
    assert "overfitting" in names(watched(1500, case="it fits the noise"))


@pytest.mark.parametrize("seed", seeds)
def test_too_large_a_rate_diverges_and_the_doctor_says_so(seed, assert_sound):
    lab = watched(300, every=1, case="too large a rate", seed=seed)
    assert lab.diverged
    assert_sound(lab)
    (found,) = lab.doctor()
    assert (found["name"], found["level"]) == ("diverged", "bad")
    assert "α = 0.8 overshoots" in found["advice"]
    with pytest.raises(LabError, match="has diverged"):
        lab.event("drag", index=0, x=0, y=0)
    lab.reset()
    assert (lab.diverged, lab.t) == (False, 0)


@pytest.mark.parametrize("seed", seeds)
def test_corners_begin_at_0_and_far_from_the_points_they_are_of_no_use(seed):
    start = CurveFit(seed=seed)
    np.testing.assert_array_equal(start.zeros, 0)
    assert "steps at one place" in names(start)
    far = watched(1500, case="x far from 0", seed=seed)
    assert "corners outside" in names(far)
    assert "choose x" in advice(far, "corners outside")
    lone = run(1500, units=1)
    assert "more units" in advice(lone, "steps outside"), "its input has the mean 0"
    assert far.losses["net"][0] > 0.95 * far.losses["line"][0]
    assert run(1500, case="x far from 0", input="x", seed=seed).losses["net"][0] < 0.02


@pytest.mark.parametrize("seed", seeds)
def test_small_weights_and_plain_steps_hardly_move(seed):
    lab = run(1000, case="steps that hardly move", seed=seed)
    assert lab.losses["net"][0] > 0.95 * lab.losses["line"][0]


def test_the_doctor_names_copies_and_straight_units():
    assert "symmetric units" in names(run(3, init="zeros"))
    assert "linear" in names(run(3, activation="identity"))


# ---- what the reader does


@pytest.mark.parametrize("name", CASES)
def test_a_case_says_what_to_notice_while_it_is_as_it_was_chosen(name):
    lab = CurveFit(case=name)
    assert lab.text() == NOTICE[name]
    lab.set("units", 2)
    assert lab.text().startswith("Step 0: ")
    assert run(1, case=name).text() != NOTICE[name]


def test_what_is_said_of_the_cases_is_so():
    noisy = CurveFit(case="it fits the noise")
    assert (len(noisy.x), noisy.values["units"]) == (10, 24)
    assert sum(a.size for a in noisy.net.params.values()) == 73
    assert CurveFit(case="the same with L2").values["l2"] == 0.03
    np.testing.assert_allclose(CurveFit(case="x far from 0").zeros, -5)


@pytest.mark.parametrize("name", CASES)
def test_a_case_sets_its_controls_and_begins_anew(name):
    lab = run(5, units=3, noise=0.4, l2=0.1, data="kink", case="too few units")
    if name == "too few units":
        lab.set("case", "a good fit")
    lab.set("case", name)
    fresh = CurveFit(case=name)
    assert (lab.t, lab.values) == (0, fresh.values)
    np.testing.assert_array_equal(lab.frame()["yhat"], fresh.frame()["yhat"])


def test_what_is_set_together_with_a_case_goes_before_it():
    lab = CurveFit()
    lab.set_all({"case": "it fits the noise", "units": 8, "l2": 0.01})
    assert (lab.values["units"], lab.values["l2"], lab.values["n"]) == (8, 0.01, 10)
    assert lab.frame()["parts"].shape[0] == 8
    assert lab.at_start["l2"] == 0.01


def test_points_are_dragged_added_and_removed_and_go_back_on_reset():
    lab = run(3)
    before = lab.static()["points"]
    assert lab.event("drag", index=2, x=0.5, y=9)
    np.testing.assert_allclose(lab.static()["points"][2], [0.5, 1.6])
    lab.event("add", x=-1.4, y=0.3)
    np.testing.assert_allclose(lab.static()["points"][-1], [-1.4, 0.3])
    lab.event("remove", index=0)
    assert len(lab.x) == len(lab.y) == 30
    lab.set("units", 5)
    assert len(lab.x) == 30, "moved points stay while the data are the same"
    lab.reset()
    np.testing.assert_array_equal(lab.static()["points"], before)


def test_own_points_outlive_a_reset_and_there_are_so_many_at_most():
    lab = CurveFit(data="own")
    assert lab.waiting
    assert "click into the plane" in lab.text()
    for k in range(64):
        lab.event("add", x=k / 64, y=0.5)
    with pytest.raises(LabError, match="64 points are the most"):
        lab.event("add", x=0, y=0)
    lab.reset()
    assert len(lab.x) == 64
    lab.event("clear")
    assert len(lab.x) == 0
    with pytest.raises(LabError, match="no points yet"):
        lab.audit()
    assert "truth" not in lab.static()


def test_two_points_of_a_data_set_must_stay():
    lab = CurveFit(n=4)
    for _ in range(2):
        lab.event("remove", index=0)
    with pytest.raises(LabError, match="two points must stay"):
        lab.event("remove", index=0)
    with pytest.raises(LabError, match="choose data “own”"):
        lab.event("clear")


def test_dragging_a_point_moves_the_straight_line():
    lab = CurveFit()
    before = lab.frame()["line"]
    lab.event("drag", index=29, x=1.5, y=1.6)
    slope, height = np.polyfit(*lab.static()["points"].T, 1)
    assert not np.array_equal(before, lab.frame()["line"])
    np.testing.assert_allclose(lab.frame()["line"], slope * lab.places[:, 0] + height, atol=1e-5)


def test_the_sentence_compares_with_the_line_and_with_the_noise():
    text = run(300).text()
    assert text.startswith("Step 300: training loss 0.0")
    assert "the straight line has 0.436 and 0.4" in text
    assert "the true curve has 0.0126" in text
    assert text.endswith("8 of the 8 steps are among the points.")


# ---- programs, audit


def agrees(lab, moves=None):
    expected = []
    for t in range(50):
        for act in (moves or {}).get(t, ()):
            act(lab)
        lab.step()
        expected.append(lab.J)
    for kind, program in lab.code().items():
        found = {}
        exec(compile(program, "program", "exec"), found)
        assert len(found["losses"]) == 50
        np.testing.assert_allclose(found["losses"], expected, atol=1e-5, rtol=1e-5, err_msg=kind)
        assert len(program.splitlines()) <= 40
        assert max(map(len, program.splitlines())) <= 100


@every
def test_both_programs_give_the_losses_of_the_lab(settings):
    agrees(CurveFit(**settings))


def test_what_the_reader_did_is_in_the_programs():
    def event(name, **what):
        return lambda lab: lab.event(name, **what)

    moves = {
        0: [event("drag", index=1, x=0.5, y=1 / 3), lambda lab: lab.set("alpha", 0.02)],
        10: [lambda lab: lab.set("l2", 0.01), event("add", x=1.23456, y=-1)],
        20: [event("drag", index=1, x=0.12345, y=1), event("remove", index=4)],
        30: [lambda lab: lab.set("batch", 8), event("add", x=0.5, y=0.5)],
    }
    lab = CurveFit(input="10 x", case="straight pieces of relu")
    agrees(lab, moves)
    lab.reset()
    agrees(lab)
    assert "changes" not in lab.code()["dlcore"]
    own = CurveFit(data="own", units=3)
    for k in range(6):
        own.event("add", x=k / 3 - 1, y=np.sin(k))
    agrees(own, {20: [event("add", x=0.9, y=0.1)]})


@every
def test_the_audit_agrees(settings):
    assert "agree:" in run(4, **settings).audit()["text"]


def test_curves_that_are_drawn_are_those_of_the_data():
    for name, curve in curves.CURVES.items():
        lab = CurveFit(data=name)
        np.testing.assert_allclose(lab.static()["truth"], curve(lab.places[:, 0]), atol=1e-6)
