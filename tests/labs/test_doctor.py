"""The doctor: each finding is provoked by settings a reader can choose, and says numbers."""

import re

import numpy as np
import pytest

from dlcore.labs import Mlp, doctor

SETTINGS = {
    "diverged": {"activation": "identity", "optimizer": "sgd", "alpha": 10},
    "loss growing": {"alpha": 10, "optimizer": "sgd"},
    "saturation": {"alpha": 10},
    "dead ReLUs": {"activation": "relu", "alpha": 1},
    "vanishing gradient": {"activation": "sigmoid", "layers": 6},
    "exploding gradient": {"activation": "relu", "layers": 6, "init": "large"},
    "symmetric units": {"init": "zeros"},
    "overfitting": {"noise": 0.3, "train_share": 0.1},
    "linear": {"layers": 0},
    "whole set": {"batch": 256},
}


def seen(steps=400, **settings):
    """Findings of a run, name -> the first one, looked at every 8 steps."""
    lab, found = Mlp(**settings), {}
    for _ in range(steps // 8):
        for _ in range(8):
            lab.step()
        lab.frame()
        for finding in lab.doctor():
            found.setdefault(finding["name"], finding)
    return found


@pytest.mark.parametrize("name", SETTINGS)
def test_every_finding_is_provoked_and_has_numbers_and_advice(name):
    finding = seen(**SETTINGS[name])[name]
    assert finding.keys() == {"name", "text", "advice", "level"}
    assert finding["level"] in ("note", "warn", "bad")
    assert re.search(r"\d", finding["text"]) or name == "linear"
    assert finding["advice"].endswith(".")


def test_the_default_run_is_healthy():
    assert seen(steps=1500) == {}


def test_a_diverged_run_has_one_finding_with_the_step_the_loss_and_the_rate():
    (finding,) = [f for f in seen(**SETTINGS["diverged"]).values() if f["level"] == "bad"]
    pattern = r"Before step 5 the loss was .*, beyond 1·10⁶; the figure shows step 4\."
    assert re.match(pattern, finding["text"])
    assert "α = 10" in finding["advice"]


def test_a_loss_that_is_no_number_is_named_so():
    assert "the loss was not a number" in doctor.diverged(5, 0, float("nan"), 1e6, 1)["text"]
    assert "initial weights" in doctor.diverged(1, 0, 1e9, 1e6, 1)["advice"]


def test_weights_that_are_lost_freeze_the_figure_at_the_last_finite_frame():
    lab = Mlp()
    for _ in range(5):
        lab.step()
    shown = lab.frame()["W"].copy()
    lab.net.params["0.W"][0, 0] = np.inf
    lab.step()
    (finding,) = lab.doctor()
    assert finding["text"] == (
        "After step 6 some of the network's numbers were not finite; the figure shows step 5."
    )
    np.testing.assert_array_equal(lab.frame()["W"], shown)


def test_zero_weights_are_symmetric_and_random_ones_are_not():
    assert seen(steps=40, init="zeros")["symmetric units"]["text"].startswith("All 8 units of")
    assert "symmetric units" not in seen(steps=40, init="small")


def test_one_class_alone_is_named():
    lab = Mlp(data="own")
    lab.event("add", x=0, y=0)
    lab.event("add", x=0.5, y=0)
    found = {f["name"]: f for f in lab.doctor()}
    assert "All 2 training points are of class 1" in found["one class"]["text"]
    lab.set("paint", "class 0")
    lab.event("add", x=-0.5, y=0)
    assert "one class" not in {f["name"] for f in lab.doctor()}


def test_without_points_there_is_nothing_to_find():
    assert Mlp(data="own").doctor() == []


def test_overfitting_needs_a_test_loss_that_stays_up():
    history = [(8 * k, 1 / (k + 1), 0.5) for k in range(10)]
    assert doctor.overfitting(history) is None
    up = [(80 + k, 0.05, 0.8) for k in range(5)]
    assert doctor.overfitting(history + up[:1]) is None
    assert "lowest at step 0, 0.5, and is now 0.8" in doctor.overfitting(history + up)["text"]


def test_a_gradient_that_vanishes_altogether_is_said_in_words():
    text = doctor.vanishing(np.float32([0, 0.1, 1]))["text"]
    assert text.endswith("it shrinks to nothing.")


@pytest.mark.parametrize(
    ("x", "said"),
    [
        (0, "0"),
        (0.01234, "0.0123"),
        (12345.6, "12,346"),
        (999.7, "1,000"),
        (-1.23e-7, "−1.2·10⁻⁷"),
        (1e6, "1·10⁶"),
    ],
)
def test_numbers_are_said_shortly(x, said):
    assert doctor.say(x) == said
