"""The copies that Colab and Binder open: the chapters, and what finds dlcore there."""

import json
import re

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from web.tools.common import ROOT
from web.tools.elsewhere import write_copies

URL, COMMIT = "https://example.org/owner/book", "0123abc"


@pytest.fixture(scope="module")
def copies(tmp_path_factory):
    folder = tmp_path_factory.mktemp("copies") / "notebooks"
    write_copies(folder, URL, COMMIT)
    return folder


def cells(path):
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def test_every_chapter_has_a_copy_that_only_adds_one_cell_before_its_code(copies):
    chapters = sorted(path.relative_to(ROOT) for path in (ROOT / "chapters").rglob("*.ipynb"))
    assert sorted(path.relative_to(copies) for path in copies.rglob("*.ipynb")) == chapters
    for name in chapters:
        code = [cell for cell in cells(copies / name) if cell["cell_type"] == "code"]
        assert code.pop(0)["id"] == "install-dlcore"
        assert code == [cell for cell in cells(ROOT / name) if cell["cell_type"] == "code"]


def test_the_first_code_installs_dlcore_of_the_same_commit_only_where_it_is_missing(copies):
    first = next(c for c in cells(copies / "chapters/ann/index.ipynb") if c["cell_type"] == "code")
    asked = []
    shell = type("Shell", (), {"run_line_magic": lambda self, *line: asked.append(line)})()
    source = TransformerManager().transform_cell("".join(first["source"]))
    exec(source, {"get_ipython": lambda: shell})
    assert asked == []
    exec(source.replace('"dlcore")', '"no_such_package")'), {"get_ipython": lambda: shell})
    package = f'"dlcore @ git+{URL}@{COMMIT}"'
    assert asked == [("pip", f"install --quiet {package} anywidget matplotlib")]


def test_pictures_are_named_in_full_and_lie_in_the_commit(copies):
    found = 0
    for path in copies.rglob("*.ipynb"):
        text = "".join("".join(c["source"]) for c in cells(path) if c["cell_type"] == "markdown")
        for address in re.findall(r"!\[[^\]]*\]\(([^)\s]+)", text):
            assert (ROOT / address.removeprefix(f"{URL}/raw/{COMMIT}/")).exists()
            found += 1
    assert found


def test_binder_gets_the_packages_of_the_same_commit_by_their_pins(copies):
    wanted = (copies / "requirements.txt").read_text().splitlines()
    assert wanted[1] == f"dlcore @ git+{URL}@{COMMIT}"
    pins = (ROOT / "requirements.txt").read_text().splitlines()
    assert len(wanted[2:]) == 6
    assert set(wanted[2:]) <= set(pins)
