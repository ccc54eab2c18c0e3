"""Every exercise has its place in the book, and every page knows of it."""

import html
import io
import json
import re

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from dlcore.exercises import EXERCISES
from web.ext import exercises, live

PAGE = """---
file_format: mystnb
kernelspec: {{name: python3}}
---
# {title}

{cells}
"""


def cell(title, code):
    return f"## {title}\n\n```{{code-cell}} python\n{code}\n```\n\n"


SLOPE = cell("The slope", 'check("ann.slope", slope)')
UPDATE = cell("The update", "check( 'ann.update',  update )")


@pytest.fixture
def build(tmp_path, monkeypatch):
    """build(page=cells, …) adds or changes pages of a book: ({page: what it knows}, warnings)"""
    script = tmp_path / "site/dlcore/page-1/progress.js"
    script.parent.mkdir(parents=True)
    script.touch()
    monkeypatch.setattr(live, "SITE", tmp_path / "site")
    monkeypatch.setattr(live, "PAGE", tmp_path / "site/dlcore")
    two = {name: EXERCISES[name] for name in ("ann.slope", "ann.update")}
    monkeypatch.setattr(exercises, "EXERCISES", two)
    source = tmp_path / "source"
    source.mkdir()
    (source / "index.md").write_text("# Book\n\n```{toctree}\n:glob:\n\np*\n```\n")
    options = {
        "extensions": ["myst_nb", "web.ext.exercises"],
        "nb_execution_mode": "off",
        "suppress_warnings": ["myst-nb.lexer"],  # nothing has been run
    }

    def run(**pages):
        for name, cells in pages.items():
            (source / f"{name}.md").write_text(PAGE.format(title=name, cells=cells))
        warnings = io.StringIO()
        with docutils_namespace():
            Sphinx(
                source, None, tmp_path / "html", tmp_path / "doctrees", "html",
                confoverrides=options, status=None, warning=warnings,
            ).build()  # fmt: skip
        found = {page.stem: script_of(page) for page in (tmp_path / "html").glob("*.html")}
        return found, warnings.getvalue().splitlines()

    return run


def script_of(page):
    """(its own name, the exercises of the book, where the script is) as a page has them."""
    (script,) = re.findall(r"<script data-exercises=[^>]*>", page.read_text(encoding="utf-8"))
    values = dict(re.findall(r'([\w-]+)="([^"]*)"', script))
    places = json.loads(html.unescape(values["data-exercises"]))
    return values["data-page"], places, (values["src"], values["type"])


def test_every_page_knows_where_the_exercises_stand(build):
    found, warnings = build(p1=SLOPE + UPDATE, p2="No exercise.")
    assert warnings == []
    assert set(found) >= {"index", "p1", "p2", "search", "genindex"}
    for name, (page, places, script) in found.items():
        assert page == name
        assert places == {"p1": {"ann.slope": "the-slope", "ann.update": "the-update"}}
        assert script == ("dlcore/page-1/progress.js", "module")


def test_an_example_is_no_exercise(build):
    example = cell("An example", 'check("ann.slope", dl.slope), check("ann.update", uphill)')
    found, warnings = build(p1=example + SLOPE + UPDATE)
    assert warnings == []
    assert found["p1"][1]["p1"] == {"ann.slope": "the-slope", "ann.update": "the-update"}


def test_an_exercise_on_no_page_and_an_unknown_one_are_warnings(build):
    _, warnings = build(p1=SLOPE + cell("A typo", 'check("ann.updaet", update)'))
    assert len(warnings) == 2
    assert re.search(r"p1\.md.*no exercise is called 'ann\.updaet'", warnings[0])
    assert "the exercise ann.update stands on no page" in warnings[1]


def test_an_exercise_that_stands_twice_is_a_warning(build):
    _, warnings = build(p1=SLOPE + UPDATE, p2=SLOPE)
    assert ["stands on several pages: p1, p2" in line for line in warnings] == [True]
    _, warnings = build(p1=SLOPE + SLOPE + UPDATE, p2="None.")
    assert ["stands here twice" in line for line in warnings] == [True]


def test_other_pages_are_written_again_when_the_exercises_move(build):
    build(p1=SLOPE + UPDATE, p2="None.", p3="None.")
    found, warnings = build(p1=SLOPE, p2=UPDATE)
    assert warnings == []
    for page in ("index", "p3"):
        assert found[page][1] == {
            "p1": {"ann.slope": "the-slope"},
            "p2": {"ann.update": "the-update"},
        }


def test_without_the_pages_files_there_is_one_clear_line(build, tmp_path):
    (tmp_path / "site/dlcore/page-1/progress.js").unlink()
    with pytest.raises(Exception, match=r"run make book once, it makes the page's files"):
        build(p1=SLOPE + UPDATE)
