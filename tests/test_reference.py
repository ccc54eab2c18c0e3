"""The reference: all that is public is on its pages, as its docstring has it; its tables are made
of the chapters."""

import inspect
import io
import re
from importlib import import_module

import numpy as np
import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

import dlcore
from dlcore.labs import LABS
from web.ext.docstrings import to_rst
from web.ext.reference import Chapter, letter, read_book, rows, symbols, under
from web.tools.common import ROOT

PAGES = {path.stem: path.read_text("utf-8") for path in (ROOT / "reference/api").glob("*.md")}
ENTRY = re.compile(
    r"^\.\. (?:auto|py:)(?:class|function|data|exception):: (.+(?:\n {13}\S+)*)", re.M
)
WHOLE = (
    "detection",
    "regions",
    "mixture",
    "divergence",
    "plots",
    "gan",
    "style",
)  # not all in dl.…
CHAPTERS = read_book(ROOT)
LINES = ".. parsed-literal::"


# ---- the pages of the package


def documented():
    return [
        name for page in PAGES.values() for names in ENTRY.findall(page) for name in names.split()
    ]


def public():
    """The names that `dlcore` and its packages offer, and those of modules that it does not."""
    names = {f"dlcore.{name}" for name in dlcore.__all__} - {"dlcore.data", "dlcore.init"}
    for package in ("data", "exercises"):
        module = import_module(f"dlcore.{package}")
        names |= {f"{module.__name__}.{name}" for name in module.__all__}
    for module in (import_module(f"dlcore.{name}") for name in WHOLE):
        for name, value in vars(module).items():
            mine = getattr(value, "__module__", "") == module.__name__
            if mine and inspect.getdoc(value) and not name.startswith("_"):
                names.add(
                    f"dlcore.{name}" if name in dlcore.__all__ else f"{module.__name__}.{name}"
                )
    return names


def test_what_is_public_is_documented_once():
    found = documented()
    assert len(set(found)) == len(found)
    assert public() - set(found) == set()


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.name)
def test_what_a_chapter_calls_is_documented(chapter):
    known = {name.removeprefix("dlcore.") for name in documented()}
    known |= {name.split(".")[0] for name in known}
    called = re.findall(r"\bdl\.((?:data\.|init\.)?[A-Za-z_]\w*)", chapter.code)
    called += [f"plots.{name}" for name in re.findall(r"\bplots\.([a-z]\w*)\(", chapter.code)]
    assert [name for name in called if name not in known] == []


def test_the_program_of_the_first_page_learns_and_its_message_is_said():
    [program] = re.findall(r"```python\n(.*?)```", PAGES["index"], re.S)
    names = {}
    exec(program, names)
    assert names["run"]["J"][-1] < 0.3 * names["run"]["J"][0]
    with pytest.raises(ValueError) as refused:
        dlcore.Dense(2, 1, rng=np.random.default_rng(0))(np.zeros((100, 3), np.float32))
    assert f"`{refused.value}`" in PAGES["index"]


# ---- docstrings


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One\nsentence.", ["One sentence."]),
        ("J:\n\n    J = a\n      + b", ["J:", LINES, r"   \ J = a", "     + b"]),
        ("m := 1    v := 2\nw := 3", [LINES, r"   \ m := 1    v := 2", "   w := 3"]),
        ("Shapes: x (m,),\ny (m,). Rows.", [":Shapes: x (m,), y (m,). Rows."]),
        ("Shapes: x.\nRaises E. Source: A.", [":Shapes: x.", ":Raises: E.", ":Source: A."]),
        ("What it Raises is\nclear.", ["What it Raises is clear."]),
        ("`eq-a-b` of `fit`, `a + b`.", [":py:known:`eq-a-b` of :py:known:`fit`, ``a + b``."]),
        ("sigma'(z), |x|, h_, (*x, D)", [r"sigma\'(z), \|x\|, h\_, (\*x, D)"]),
        ("the *training* part", ["the *training* part"]),
    ],
)  # fmt: skip
def test_a_docstring_as_restructuredtext(text, expected):
    assert [line for line in to_rst(text) if line] == expected


@pytest.fixture(scope="module")
def small_book(tmp_path_factory):
    """(page as HTML, warnings) of a book with a formula, two objects and a docstring that errs."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("out")
    formula = "Formula\n=======\n\n.. math:: z = W a\n   :label: eq-ann-preactivation\n"
    (source / "formula.rst").write_text(formula)
    page = "\n".join(f".. auto{line}" for line in ("class:: dlcore.Dense", "data:: dlcore.minimax"))
    (source / "index.rst").write_text(f"Book\n====\n\n.. toctree::\n\n   formula\n\n{page}\n")
    settings = {
        "extensions": ["web.ext.docstrings"],
        "autodoc_preserve_defaults": True,
        "nitpicky": True,
    }
    said = io.StringIO()
    with docutils_namespace():
        Sphinx(source, None, out, out, "html", settings, io.StringIO(), said).build()
    return (out / "index.html").read_text(), said.getvalue()


def test_a_formula_named_in_a_docstring_leads_to_its_equation(small_book):
    html, _ = small_book
    assert 'href="formula.html#equation-eq-ann-preactivation"' in html
    assert "<pre" in html
    assert "init.glorot" in html
    assert "initialise" not in html


def test_a_formula_that_is_nowhere_is_a_warning(small_book):
    _, said = small_book
    missing = set(re.findall(r"py:known reference target not found: ([\w-]+)", said))
    assert missing == {"eq-ann-gradient", "eq-gan-discriminator-loss", "eq-gan-minimax"}


def test_a_loss_of_a_gan_is_told_by_its_two_functions(small_book):
    html, _ = small_book
    assert "Discriminator" in html
    assert "it saturates" in html


# ---- symbols


def test_every_symbol_is_to_be_found_once():
    page = (ROOT / "reference/symbols.md").read_text("utf-8")
    places = re.findall(r"```\{notation\} (\S+)", page)
    found = symbols(CHAPTERS)
    shown = [id(symbol) for place in places for symbol in under(place, found)]
    assert sorted(shown) == sorted(map(id, found))
    titles = {link for symbol in found for link in symbol.where}
    assert {one.link for one in CHAPTERS if not one.is_practice} <= titles
    assert len(found) > 100


@pytest.mark.parametrize(
    ("tex", "expected"),
    [
        ("dW^{(l)}", "W"), (r"\partial J/\partial W", "W"), (r"\hat y", "y"), (r"\sigma", "sigma"),
        (r"\varphi", "phi"), (r"\mathcal N", "N"), (r"[h_{t-1}, x_t]", "h"), (r"d\tilde c_t", "c"),
        (r"\operatorname{JS}(p, q)", "J"), (r"\partial z_T/\partial x_t", "z"), ("d", "d"),
        (r"\Delta_t", "Delta"), (r"\partial J / \partial \hat y", "y"),
    ],
)  # fmt: skip
def test_what_a_symbol_is_looked_up_by(tex, expected):
    name = letter(f"${tex}$")
    assert (name if len(expected) > 1 else name[0]) == expected


def test_a_symbol_without_a_letter_is_one_clear_line():
    with pytest.raises(
        ValueError, match=r"^reference: expected a symbol with a letter, got '\$1\$'$"
    ):
        letter("$1$")


AS_IT_IS = r"| $P$ | | $a \| b$ | |"


def chapter(name, *lines):
    table = "\n".join(
        ["| symbol | in the code | what it is | shape |", "|---|---|---|---|", *lines]
    )
    return Chapter(name, name, f"# A\n\n:::{{table}}\n:class: symbols\n\n{table}\n\n:::\n", "")


def test_what_chapters_say_alike_is_one_and_exercises_do_not_repeat():
    found = symbols([
        chapter("chapters/a/index", "| $x$ | `x` | the input of a layer | |", AS_IT_IS),
        chapter("chapters/a/use", r"| $x$, $X$ | `X` | the input | |", r"| $x$ | | a place | |"),
        chapter("chapters/a/exercises", "| $x$ | | my input | |", "| $q$ | `q` | a share | |"),
    ])  # fmt: skip
    told = [(one.written, one.meaning, one.code, len(one.where)) for one in found]
    assert told == [
        ("$x$", "the input of a layer", ["`x`", "`X`"], 2),
        ("$P$", r"$a \| b$", [], 1),
        ("$x$", "a place", [], 1),
        ("$q$", "a share", ["`q`"], 1),
    ]


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.name)
def test_meanings_stand_alone(chapter):
    """On the page of all symbols no other row stands above: no "its biases", no "the same"."""
    for written, _, meaning, *_ in rows(chapter.prose):
        assert not re.match(r"(its|those|the same|the others?)\b", meaning), f"{written}: {meaning}"


# ---- labs and words


def test_every_lab_stands_on_a_page_or_nowhere_by_its_name():
    named = {name for one in CHAPTERS for name in re.findall(r'\bdl\.lab\("([\w-]+)"', one.code)}
    assert named <= set(LABS)
    assert "```{labs}" in PAGES["labs"]


def test_the_glossary_is_in_order_and_short():
    text = (ROOT / "reference/glossary.md").read_text("utf-8")
    entries = re.findall(r"^(\S.*)\n  (.+)$", text.split("```{glossary}")[1], re.M)
    terms = [term for term, _ in entries]
    assert terms == sorted(terms, key=str.lower)
    assert len(terms) > 60
    for term, said in entries:
        assert re.search(r" See \[[^]]+\]\(/chapters/\w+/\w+\.ipynb#[\w-]+\)\.$", said), term
        assert len(said.split(" See [")[0].split()) <= 40, term
