"""How a notebook is kept: no outputs but promises, short cells, seeds, alternative texts."""

import json
import re
from pathlib import Path

import pytest

from dlcore.labs import LABS

CHAPTERS = Path(__file__).parents[2] / "chapters"
NOTEBOOKS = sorted(CHAPTERS.rglob("*.ipynb"))
FORBIDDEN = {
    r"np\.random\.seed|torch\.manual_seed": "a global seed",
    r"filterwarnings": "a filter of warnings",
    r"^[!%]": "a shell command",
    r"^class ": "a class",
}


def cells(path, kind):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    return [cell for cell in notebook["cells"] if cell["cell_type"] == kind]


@pytest.fixture(params=NOTEBOOKS, ids=lambda p: str(p.relative_to(CHAPTERS)))
def notebook(request):
    return request.param


def test_only_promises_keep_their_output(notebook):
    """A kept cell has execution count 1, or nbval would not compare it."""
    for cell in cells(notebook, "code"):
        promise = cell["metadata"].get("keep_output", False)
        assert bool(cell["outputs"]) == promise
        assert cell["execution_count"] == (1 if promise else None)


def test_the_first_cell_imports_and_seeds(notebook):
    first = "".join(cells(notebook, "code")[0]["source"])
    assert "import dlcore as dl" in first
    assert "rng = np.random.default_rng(0)" in first


def test_cells_are_short_and_free_of_what_stays_out(notebook):
    for cell in cells(notebook, "code"):
        source = "".join(cell["source"])
        assert len([line for line in source.splitlines() if line.strip()]) <= 12, source
        for pattern, what in FORBIDDEN.items():
            assert not re.search(pattern, source, re.M), f"{what} in: {source}"


def test_figures_have_an_alternative_text(notebook):
    for cell in cells(notebook, "code"):
        if "plots." in "".join(cell["source"]):
            assert len(cell["metadata"]["mystnb"]["image"]["alt"]) > 40


def test_there_is_one_table_of_symbols(notebook):
    text = "\n\n".join("".join(cell["source"]) for cell in cells(notebook, "markdown"))
    assert len(re.findall(r"\n\n:::\{table\}\n:class: symbols\n\n\|", text)) == 1


NOT_PROSE = re.compile(r"\$\$[^$]*\$\$|\$[^$]*\$|^\|[^\n]*$|<[^>]*>", re.M)


def test_a_chapter_is_neither_a_pamphlet_nor_a_treatise(notebook):
    """Words of prose: formulas, tables and markup do not count."""
    text = "\n".join("".join(cell["source"]) for cell in cells(notebook, "markdown"))
    longest = 4000 if notebook.name == "index.ipynb" else 2500
    assert 1000 <= len(NOT_PROSE.sub(" ", text).split()) <= longest


def test_what_the_reader_is_to_choose_is_there_to_be_chosen(notebook):
    """Text such as "Choose *two valleys*" names an option of a control of one of its figures."""
    code = "\n".join("".join(cell["source"]) for cell in cells(notebook, "code"))
    labs = [LABS[name] for name in re.findall(r"dl\.lab\(\"([\w-]+)\"", code) if name in LABS]
    offered = {
        option
        for lab in labs
        for control in lab.controls.values()
        for option in getattr(control, "options", ())
    }
    prose = " ".join("".join(cell["source"]) for cell in cells(notebook, "markdown"))
    asked = re.findall(r"Choose \*([^*]+)\*", re.sub(r"\s+", " ", prose))
    assert not [text for text in asked if text.strip(",.") not in offered]
