"""Controls: what they accept, what they refuse, and how they tell."""

import json
import re

import numpy as np
import pytest

from dlcore.labs import CurveFit
from dlcore.labs.controls import Choice, LabError, Slider, Switch, Text

ALPHA = Slider(0.1, 1e-4, 10, "learning rate α", log=True)
BATCH = Slider(32, 1, 256, "batch size", log=True, step=1)
SHARE = Slider(0.7, 0.1, 0.9, "share", step=0.05)
KIND = Choice("sgd", ("sgd", "adam"), "optimiser")
ON = Switch(True, "x₁")
SAID = Text("good", 12, "your words")


@pytest.mark.parametrize("value", [1e-4, 10, 3, "0.5", np.float32(0.25)])
def test_a_slider_accepts_numbers_in_its_range(value):
    assert ALPHA.check(value) == float(value)
    assert type(ALPHA.check(value)) is float


@pytest.mark.parametrize(("value", "snapped"), [(1, 1), (7.4, 7), ("8", 8), (255.6, 256)])
def test_a_whole_slider_gives_whole_numbers(value, snapped):
    assert BATCH.check(value) == snapped
    assert type(BATCH.check(value)) is int


def test_a_slider_with_a_step_snaps_to_it():
    assert SHARE.check(0.63) == 0.65
    assert SHARE.check(0.9) == 0.9


BAD = [0, 11, -1, float("nan"), float("inf"), 10**400, "", "x", None, True, [1], {}, 1j]


@pytest.mark.parametrize("value", BAD)
def test_a_slider_refuses_everything_else_in_one_line(value):
    expected = "learning rate α: expected a number from 0.0001 to 10, got "
    with pytest.raises(LabError, match=r"^" + re.escape(expected)) as refused:
        ALPHA.check(value)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 120


@pytest.mark.parametrize("value", ["Adam", "", None, 0, ["sgd"], {}])
def test_a_choice_refuses_what_is_not_an_option(value):
    with pytest.raises(LabError, match=r"^optimiser: expected one of sgd, adam, got "):
        KIND.check(value)


@pytest.mark.parametrize(
    ("value", "clean"),
    [
        ("", ""),
        (" not  good ", " not  good "),
        ("né “à” 好 🙂", "né “à” 好 🙂"),
        ("a\nb\t\0c\ud800", "a b  c "),
    ],
)
def test_a_text_is_kept_as_it_is_typed_but_for_what_cannot_be_printed(value, clean):
    assert SAID.check(value) == clean
    assert SAID.check(clean) == clean


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (3, "your words: expected a text, got 3"),
        (None, "your words: expected a text, got None"),
        ("a" * 13, "your words: expected at most 12 characters, got 13"),
    ],
)
def test_a_text_refuses_what_is_none_or_too_long(value, message):
    with pytest.raises(LabError, match=f"^{message}$"):
        SAID.check(value)


@pytest.mark.parametrize(("value", "clean"), [(True, True), (False, False), ("false", False)])
def test_a_switch_is_on_or_off(value, clean):
    assert ON.check(value) is clean


@pytest.mark.parametrize("value", [1, 0, "on", None, []])
def test_a_switch_refuses_what_is_neither(value):
    with pytest.raises(LabError, match=r"^x₁: expected true or false, got "):
        ON.check(value)


def test_json_has_the_value_the_default_and_every_field():
    assert json.loads(json.dumps(BATCH.json(8))) == {
        "control": "slider", "value": 8, "default": 32, "lo": 1, "hi": 256, "step": 1, "log": True,
        "label": "batch size", "unit": "", "more": False, "group": None, "when": None,
        "restarts": False,
    }  # fmt: skip
    assert KIND.json("adam")["options"] == ("sgd", "adam")
    assert ON.json(False)["control"] == "switch"


def test_a_control_counts_while_another_has_one_of_some_values():
    lab = CurveFit(data="own")
    assert not lab.counts("n")
    assert not lab.set("n", 12), "hidden: no new run"
    lab.set("data", "kink")
    assert lab.counts("n")
    assert len(lab.x) == 12
    assert lab.set("n", 13)
