"""What holds for every lab."""

import json
import subprocess
import sys

import numpy as np
import pytest

from dlcore.labs import LABS

OTHER = {  # settings that are set together
    "mlp": {"x1": False, "x2": False, "x1_sq": True, "data": "xor", "alpha": 0.1},
    "neuron": {"w": -2.0, "data": "one example, saturated start", "loss": "cross-entropy"},
    "backprop-step": {"x1": 0.25, "network": "2-3-1", "activation": "relu", "alpha": 0.5},
    "curve-fit": {"case": "it fits the noise", "units": 8, "alpha": 0.01, "input": "10 x"},
    "convolution": {"case": "relu: no way back", "size": 4, "b": 0.5, "image": "cross"},
    "pooling": {"case": "windows overlap", "image": "cross", "way": "aslant"},
    "detector": {"case": "one digit found twice", "score": 0.3, "canvas": 7},
    "cnn": {"case": "no pooling", "kernels_1": 2, "digit": 3, "alpha": 0.02, "shuffle": True},
    "unroll": {"case": "a weight of 0.5", "length": 4, "hidden": 2, "k": 2, "x": "random"},
    "gradient-flow": {"case": "tanh against radius 1.3", "length": 20, "alpha": 0.1, "clip": "10"},
    "gan-2d": {"case": "a spiral", "k": 2, "alpha_G": 0.01, "loss": "minimax", "slow": True},
    "gan-digits": {"case": "two latent numbers", "width_G": 9, "k": 2, "first": 5, "along": 40},
    "char-rnn": {
        "case": "a hundred names",
        "cell": "GRU",
        "hidden": 4,
        "text": "zoë",
        "alpha": 0.01,
    },
    "lstm-cell": {"case": "count", "length": 5, "f_tap": "held at all ticks", "f": 0.5, "y": 0.2},
    "speech": {"case": "twice as fast", "word": 12, "noise": 0.5, "asked": "every frame"},
    "forecast": {"case": "rolled out: its own echo", "window": 6, "cell": "gru", "start": 80},
    "gates": {"case": "one cell alone", "task": "count brackets", "alpha": 0.05, "sequence": 3},
    "long-memory": {
        "case": "a hundred ticks, forget bias 1",
        "length": 9,
        "forget_bias": 2.0,
        "alpha": 0.02,
        "sequence": 3,
    },
    "sentiment": {
        "case": "not bad",
        "order": "backwards",
        "part": "state h",
        "text": "so very bad",
    },
    "style": {
        "case": "italic",
        "text": "so good",
        "font": "Karla",
        "strength": 0.5,
        "letter": "q",
        "moment": 3,
    },
    "five": {"case": "equal multiply-adds", "wait": 3, "n": 60, "alpha": 0.02, "work": 6000},
    "descent": {"alpha": 0.1, "surface": "bowl", "sgd": False, "adam": False},
}
every = pytest.mark.parametrize("name", LABS)


@every
def test_a_lab_asks_a_question_and_says_what_to_try(name):
    lab = LABS[name]()
    assert lab.name == name
    assert lab.title.endswith("?")
    assert lab.hint.endswith(".")


@every
def test_declarations_are_plain_json(name):
    lab = LABS[name]()
    controls = {k: c.json(lab.values[k]) for k, c in lab.controls.items()}
    assert json.loads(json.dumps([controls, lab.panels()]))
    for control in lab.controls.values():
        assert control.check(control.value) == control.value
        assert control.when is None or control.when[0] in lab.controls


@every
def test_a_seed_as_text_is_the_same_seed(name):
    assert LABS[name](seed="3").seed == LABS[name](seed=3).seed == 3


def test_importing_the_labs_imports_numpy_and_nothing_else():
    program = (
        "import sys, numpy; before = set(sys.modules); import dlcore.labs;"
        "print(*{m.split('.')[0] for m in set(sys.modules) - before} - sys.stdlib_module_names)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert ran.stdout.split() == ["dlcore"]


@every
@pytest.mark.parametrize("start", ["new", "reset", "run"])
def test_values_set_together_are_those_of_a_lab_that_begins_with_them(name, start):
    wanted = LABS[name](seed=1, **OTHER[name])
    lab = LABS[name](seed=1)
    if start == "run":
        lab.step()
    if start == "reset":
        lab.reset()
    lab.set_all(OTHER[name])
    assert {key: lab.values[key] for key in OTHER[name]} == OTHER[name]
    assert lab.values == wanted.values
    for array, numbers in wanted.frame().items():
        np.testing.assert_array_equal(lab.frame()[array], numbers)
