"""The lab `neuron`: its curve, its gradient, its sliders, and the learning slowdown."""

import numpy as np
import pytest

from dlcore.labs import LabError, Neuron
from dlcore.labs.neuron import EASY, SATURATED

SETTINGS = [
    {},
    {"inputs": "two", "seed": 2},
    {"loss": "cross-entropy", "alpha": 1.0},
    {"loss": "cross-entropy", "inputs": "two"},
    {"activation": "tanh", "w": 0.5},
    {"activation": "relu"},
    {"activation": "identity", "alpha": 0.1},
    {"data": EASY},
    {"data": SATURATED, "alpha": 0.15},
    {"data": SATURATED, "inputs": "two", "loss": "cross-entropy"},
]
every = pytest.mark.parametrize("settings", SETTINGS, ids=str)


def run(steps, **settings):
    lab = Neuron(**settings)
    for _ in range(steps):
        lab.step()
    return lab


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


# ---- what is seen


@every
def test_frames_and_panels_agree(settings, assert_sound):
    arrays = assert_sound(run(20, **settings))
    assert arrays["ground"].shape == (40, 40)
    assert arrays["ground"].min() >= 0
    assert arrays["ground"].max() <= 1
    assert ("field" in arrays) == (settings.get("inputs") == "two")


def test_the_curve_is_sigma_of_w_x_plus_b_and_the_tangent_touches_it():
    lab = run(7, probe=1.0)
    frame, w, b = lab.frame(), lab.w[0], lab.b
    x, a = frame["curve"].T
    np.testing.assert_allclose(a, sigmoid(w * x + b), atol=1e-6)
    height = sigmoid(w + b)
    (x0, y0), (x1, y1) = frame["touch"]
    assert (y1 - y0) / (x1 - x0) == pytest.approx(w * height * (1 - height), rel=1e-4)
    assert (y0 + y1) / 2 == pytest.approx(height, rel=1e-4)


def test_the_errors_are_arrows_from_the_curve_to_the_points():
    frame, lab = run(3).frame(), run(3)
    ends = frame["on_curve"] + frame["errors"]
    np.testing.assert_allclose(ends, lab.static()["points"], atol=1e-6)


def test_the_weights_stand_upright_on_the_border():
    lab = run(10, inputs="two")
    frame = lab.frame()
    assert float(frame["foot"][0] @ lab.w) + lab.b == pytest.approx(0, abs=1e-5)
    assert np.cross([*frame["normal"][0], 0], [*lab.w, 0])[2] == pytest.approx(0, abs=1e-6)


@every
def test_the_gradient_shown_is_the_slope_of_the_loss(settings):
    lab, eps = run(5, **settings), 1e-6
    lab.frame()

    def J(name, delta):
        params = lab.net.learn.params
        params[name].flat[0] += delta
        value = lab.net.gradient(lab.x, lab.y)[0]
        params[name].flat[0] -= delta
        return value

    for name, shown in (("0.W", lab.seen["dW"][0]), ("0.b", lab.seen["db"])):
        assert shown == pytest.approx((J(name, eps) - J(name, -eps)) / (2 * eps), abs=1e-6)


@every
def test_the_ground_is_the_loss_over_what_can_be_dragged(settings):
    """Where the neuron is put on the ground, the ground is as high as its loss."""
    lab = Neuron(**settings)
    axis = np.linspace(-10, 10, 40)
    heights = []
    for column, row in ((20, 20), (25, 12), (8, 30)):
        lab.event("weights", x=axis[column], y=axis[row])
        ground = lab.frame()["ground"]
        heights.append((lab.seen["J"], ground[row, column]))
        assert lab.frame()["here"][0] == pytest.approx([axis[column], axis[row]], abs=1e-4)
    heights.sort()
    assert [h for _, h in heights] == sorted(h for _, h in heights)


# ---- the run


def test_a_step_is_gradient_descent_and_the_sliders_follow():
    lab = Neuron()
    lab.frame()
    w, b, dw, db = lab.w[0], lab.b, lab.seen["dW"][0], lab.seen["db"]
    lab.step()
    assert lab.values["w"] == pytest.approx(w - 0.5 * dw)
    assert lab.values["b"] == pytest.approx(b - 0.5 * db)


def test_reset_goes_back_to_where_the_run_began():
    lab = Neuron()
    lab.set("w", 3.0)
    for _ in range(5):
        lab.step()
    lab.set("w", -2.0)
    lab.reset()
    assert (lab.values["w"], lab.values["b"], lab.t) == (3.0, 1.5, 0)


def test_learning_is_slow_where_the_squared_error_is_saturated():
    """Nielsen, chapter 3: the worse start learns later with the squared error, and sooner with
    the cross-entropy."""

    def steps_to_learn(**settings):
        lab = Neuron(alpha=0.15, **settings)
        while lab.frame()["error"][0] > 0.2:
            lab.step()
        return lab.t

    easy, saturated = steps_to_learn(data=EASY), steps_to_learn(data=SATURATED)
    assert saturated > 2.5 * easy
    assert steps_to_learn(data=SATURATED, loss="cross-entropy") < saturated / 4


def test_the_dashed_line_is_the_neuron_with_the_other_loss():
    other = run(30, loss="cross-entropy").frame()
    assert run(30).frame()["error_other"] == pytest.approx(other["error"])
    assert "error_other" not in run(3, activation="tanh").frame()


def test_the_seed_draws_the_points():
    assert not np.array_equal(Neuron(seed=1).points, Neuron(seed=2).points)
    np.testing.assert_array_equal(Neuron(seed=1).points, Neuron(seed=1).points)


def test_a_wild_rate_diverges_and_reset_leaves_it(assert_sound):
    lab = run(100, activation="identity", alpha=10)
    assert lab.diverged
    assert_sound(lab)
    assert lab.doctor()[0]["level"] == "bad"
    with pytest.raises(LabError, match="has diverged"):
        lab.event("weights", x=0, y=0)
    lab.reset()
    assert (lab.diverged, lab.t, lab.values["w"]) == (False, 0, -1.0)


# ---- what the reader does


def test_points_are_dragged_and_go_back_on_reset():
    lab = run(3)
    before = lab.static()["points"]
    assert lab.event("drag", index=2, x=9, y=0.4)
    np.testing.assert_allclose(lab.static()["points"][2], [3, 0.4])
    lab.set("activation", "tanh")
    np.testing.assert_allclose(lab.static()["points"][2], [3, 0.4])
    lab.reset()
    np.testing.assert_array_equal(lab.static()["points"], before)
    with pytest.raises(LabError, match=r"^index: expected a point, 0 to 6, got 7$"):
        lab.event("drag", index=7, x=0, y=0)


def test_cross_entropy_needs_sigmoid():
    lab = Neuron(activation="tanh")
    with pytest.raises(LabError, match="those of sigmoid"):
        lab.set("loss", "cross-entropy")
    assert lab.values["loss"] == "squared error"


def test_choosing_other_examples_takes_their_start():
    lab = run(3)
    assert lab.set("data", SATURATED)
    assert (lab.values["w"], lab.values["b"]) == (2, 2)
    assert Neuron(data=SATURATED, w=5).values["w"] == 5


# ---- programs, audit, doctor


def drive(lab, moves=None):
    losses = []
    for t in range(50):
        for act in (moves or {}).get(t, ()):
            act(lab)
        lab.step()
        losses.append(lab.J)
    return losses


def agrees(lab, moves=None):
    expected = drive(lab, moves)
    for kind, program in lab.code().items():
        names = {}
        exec(compile(program, "program", "exec"), names)
        assert len(names["losses"]) == 50
        np.testing.assert_allclose(names["losses"], expected, atol=1e-5, rtol=1e-5, err_msg=kind)
        assert len(program.splitlines()) <= 40
        assert max(map(len, program.splitlines())) <= 100


@every
def test_both_programs_give_the_losses_of_the_lab(settings):
    agrees(Neuron(**settings))


@pytest.mark.parametrize("inputs", ["one", "two"])
def test_what_the_reader_did_is_in_the_programs(inputs):
    moves = {
        0: [lambda lab: lab.set("w", 2.5), lambda lab: lab.event("drag", index=1, x=1, y=0.3)],
        10: [lambda lab: lab.set("alpha", 0.9), lambda lab: lab.set("b", -1.0)],
        20: [lambda lab: lab.event("drag", index=0, x=0.12345, y=1 / 3)],
        30: [lambda lab: lab.event("weights", x=-1.0, y=0.25)],
    }
    lab = Neuron(inputs=inputs)
    agrees(lab, moves)
    lab.reset()
    agrees(lab)
    assert "changes" not in lab.code()["dlcore"]


@every
def test_the_audit_agrees(settings):
    assert "agree:" in run(4, **settings).audit()["text"]


def test_the_doctor_names_saturation_dead_relu_and_the_bottom():
    def names(lab):
        return [f["name"] for f in lab.doctor()]

    assert names(Neuron()) == []
    (stuck,) = Neuron(data=SATURATED).doctor()
    assert (stuck["name"], stuck["level"]) == ("saturation", "warn")
    (quick,) = Neuron(data=SATURATED, loss="cross-entropy").doctor()
    assert quick["level"] == "note"
    assert names(Neuron(activation="relu", w=0, b=-1)) == ["dead ReLU"]
    assert "at the bottom" in names(run(3000, alpha=5))


def test_the_formula_has_the_numbers_of_the_next_step():
    lab = Neuron(data=EASY)
    lines = lab.frame()["formula"].split("\n")
    assert lines[1] == "dz = 2 (a − y) σ′(z) = 2·(0.818 − 0)·0.149 = 0.244"
    assert lines[-2] == "Step:  w := 0.6 − 0.5·0.244 = 0.478"
    assert lines[-1] == "Step:  b := 0.9 − 0.5·0.244 = 0.778"
