"""CONTRIBUTING.md can be followed: each recipe is carried out on a copy, step by step, and what the
project checks then holds for what was added."""

import json
import re
import shutil
import sys
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from inspect import signature
from pathlib import Path

import nbformat
import numpy as np
import pytest

from dlcore.exercises import EXERCISES
from dlcore.labs import LABS, recording
from web.ext.reference import read_book, symbols
from web.tools import notebooks

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
STEP = re.compile(
    r"(?P<what>New file|New notebook|[Ii]n) `(?P<path>[^`]+)`(?P<place>[^\n]*(?:\n[^\n]+)*):\n\n"
    r"(?P<block> {3}(?P<fence>```|~~~)\w*\n.*?\n {3}(?P=fence)\n)",
    re.S,
)
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


@dataclass
class Step:
    """What is done to a file: made new, a text put after or in place of another, a cell added."""

    what: str
    path: str
    place: str
    block: str

    def follow(self, tree):
        path = tree / self.path
        assert path.exists() == (not self.what.startswith("New")), self.path
        if path.suffix == ".ipynb":
            self.add_cell(path)
        elif self.what == "New file":
            path.write_text(self.block, encoding="utf-8")
        else:
            path.write_text(self.changed(path.read_text(encoding="utf-8")), encoding="utf-8")

    def changed(self, text):
        if self.place.startswith(", at the end"):
            return text + self.block
        way, anchor = re.match(r", (after|in place of) `([^`]+)`", self.place).groups()
        assert text.count(anchor) == 1, f"{anchor!r} is to stand once in {self.path}"
        if way == "in place of":
            return text.replace(anchor, self.block.rstrip("\n"))
        return re.sub(rf"^.*{re.escape(anchor)}.*\n", rf"\g<0>{self.block}", text, flags=re.M)

    def add_cell(self, path):
        book = nbformat.v4.new_notebook(metadata=KERNEL)
        if path.exists():
            book = nbformat.read(path, 4)
        new = {"text": nbformat.v4.new_markdown_cell, "code": nbformat.v4.new_code_cell}
        kind = re.match(r", (?:a new|with a) cell of (text|code)", self.place)[1]
        book.cells.append(new[kind](self.block.rstrip("\n")))
        nbformat.write(book, path)


def recipe(title):
    """The steps under a heading of CONTRIBUTING.md."""
    section = re.search(rf"^### {title}\n(.*?)(?=^### |\Z)", TEXT, re.M | re.S)[1]
    steps = []
    for found in STEP.finditer(section):
        block = re.sub(r"^ {3}", "", found["block"], flags=re.M).split("\n", 1)[1]
        block = block.removesuffix(f"{found['fence']}\n")
        steps.append(Step(found["what"], found["path"], found["place"], block))
    assert not re.search(r"^ *(```|~~~)", STEP.sub("", section), re.M), "a block of no step"
    return steps


@pytest.fixture
def tree(tmp_path):
    """The sources of the project, without data, to be changed at will."""

    def keep(folder, names):
        path = Path(folder)
        return [n for n in names if not (path / n).is_dir() and Path(n).suffix[1:] not in kinds]

    kinds = {"py", "ipynb"}
    for name in ("dlcore", "chapters", "tests/unit", "tests/labs"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=keep)
    for name in ("pyproject.toml", "_toc.yml", "tests/conftest.py"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def load(path, name=None):
    spec = spec_from_file_location(name or path.stem, path)
    module = module_from_spec(spec)
    if path.name == "__init__.py":
        sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def hold(module, **given):
    """Call all tests of a module that ask for just these arguments; how many there are."""
    tests = [test for name, test in vars(module).items() if name.startswith("test_")]
    fitting = [test for test in tests if set(signature(test).parameters) == set(given)]
    for test in fitting:
        test(**given)
    return len(fitting)


def labels_agree(tree):
    module = load(tree / "tests/unit/test_formula_labels.py")
    try:
        module.test_every_labelled_formula_has_a_literal_test_and_the_other_way_round()
        module.test_docstrings_name_the_formulas_and_no_others()
    except (AssertionError, AttributeError):  # not there, or not of that name
        return False
    return True


def test_a_formula_needs_every_step_of_its_recipe(tree):
    steps = recipe("A formula")
    assert labels_agree(tree)
    for number, step in enumerate(steps, start=1):
        step.follow(tree)
        assert labels_agree(tree) == (number == len(steps)), step
    test = load(tree / "tests/unit/test_formulas_ann.py").test_momentum
    test(np.random.default_rng(0))


def test_a_lab_is_taken_up_by_the_tests_of_all_labs(tree, monkeypatch):
    for step in recipe("A lab"):
        step.follow(tree)
    copy = load(tree / "dlcore/labs/__init__.py", "dlcore.labs_copy")
    monkeypatch.setitem(LABS, "parabola", copy.LABS["parabola"])
    assert "Parabola" in copy.__all__
    tests = load(tree / "tests/labs/test_labs.py")
    assert hold(tests, name="parabola") >= 3
    for start in ("new", "reset", "run"):
        assert hold(tests, name="parabola", start=start) == 1
    assert len(recording.record("parabola")) < 5000
    lab = copy.Parabola(alpha=1.5)
    lab.run(100)
    assert lab.diverged  # as its question asks


def test_the_recipe_of_a_lab_names_every_list_of_labs():
    """A file of code that knows nearly all labs by name has to know a new one."""
    named = {step.path for step in recipe("A lab")}
    for path in [
        *ROOT.glob("dlcore/**/*.py"),
        *ROOT.glob("tests/**/*.py"),
        *ROOT.glob("web/*/*.py"),
    ]:
        text = path.read_text(encoding="utf-8")
        known = [n for n, lab in LABS.items() if f'"{n}"' in text or f'"{lab.__name__}"' in text]
        if len(known) > 0.8 * len(LABS):
            assert path.relative_to(ROOT).as_posix() in named


def test_an_exercise_is_taken_up_by_the_tests_of_all_exercises(tree, monkeypatch):
    for step in recipe("An exercise"):
        step.follow(tree)
    name = "ann.leaky_relu"
    copy = load(tree / "dlcore/exercises/ann.py", "dlcore.exercises.ann_copy")
    [exercise] = [one for one in copy.EXERCISES if one.name == name]
    monkeypatch.setitem(EXERCISES, name, exercise)
    tests = load(tree / "tests/unit/test_exercises.py")
    assert hold(tests, exercise=exercise) >= 5
    mistakes = [mistake.values for mistake in tests.MISTAKES if mistake.values[0] is exercise]
    assert len(mistakes) >= 3
    for one, message, function in mistakes:
        tests.test_a_known_mistake_gets_its_own_answer_and_no_other(one, message, function)


def test_a_chapter_is_taken_up_by_the_book(tree, monkeypatch):
    *cells, contents = recipe("A chapter")
    for step in cells:
        step.follow(tree)
    monkeypatch.setattr(notebooks, "ROOT", tree)
    path = tree / "chapters/ann/bumps.ipynb"
    assert path not in notebooks.notebooks()
    contents.follow(tree)
    assert path in notebooks.notebooks()
    assert "where the bump is looked at" in [one.meaning for one in symbols(read_book(tree))]
    rules = load(tree / "tests/unit/test_notebooks.py")
    with pytest.raises(AssertionError):  # the prose is left to the writer
        rules.test_a_chapter_is_neither_a_pamphlet_nor_a_treatise(path)
    Step("in", "chapters/ann/bumps.ipynb", ", a new cell of text", "word " * 1000).follow(tree)
    assert hold(rules, notebook=path) >= 6
    names = {}
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)


def test_the_files_that_it_names_are_there():
    steps = [*recipe("A lab"), *recipe("A chapter")]
    new = {step.path for step in steps if step.what.startswith("New")}
    named = set(re.findall(r"`([\w./-]+\.(?:py|md|bib|yml)|\w+/[\w./-]*)`", TEXT))
    assert len(named) > 20
    assert [path for path in named - new if not (ROOT / path).exists()] == []
