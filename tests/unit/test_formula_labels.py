"""Formulas are contracts: a labelled equation has a literal test, and a test has its equation."""

import importlib.util
import json
import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
LABEL = re.compile(r"^\$\$ *\((eq-[\w-]+)\)", re.M)


def labels_in_chapters():
    found = Counter()
    for path in sorted((ROOT / "chapters").rglob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "markdown":
                found.update(LABEL.findall("".join(cell["source"])))
    return found


def formulas_with_a_test():
    found = {}
    for path in sorted(Path(__file__).parent.glob("test_formulas_*.py")):
        spec = importlib.util.spec_from_file_location(path.stem, path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        for label, test in module.FORMULAS.items():
            assert callable(getattr(module, test)), f"{path.name} has no {test}"
            found[label] = test
    return found


def test_every_labelled_formula_has_a_literal_test_and_the_other_way_round():
    assert set(labels_in_chapters()) == set(formulas_with_a_test())


def test_a_label_stands_once():
    assert [label for label, n in labels_in_chapters().items() if n > 1] == []


def test_docstrings_name_the_formulas_and_no_others():
    """Of every part that chapters have formulas of: with one of `eq-lstm-...`, all of them."""
    labels = set(labels_in_chapters())
    parts = {label.split("-")[1] for label in labels}
    named = set()
    for path in (ROOT / "dlcore").rglob("*.py"):
        named |= set(re.findall(r"`(eq-[\w-]+)`", path.read_text(encoding="utf-8")))
    assert {label for label in named if label.split("-")[1] in parts} == labels
