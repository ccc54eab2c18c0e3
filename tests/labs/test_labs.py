"""What holds for every lab."""

import json
import subprocess
import sys

import pytest

from dlcore.labs import LABS

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
