"""Symbols linked to code: what counts as a symbol in a formula, and what a table must not claim."""

import io
import json
import re

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from web.ext import symbols
from web.ext.tex import Marker, parse

TABLE = {
    "x": ["x", "a^{(0)}"],
    "y": ["y"],
    "yhat": [r"\hat y"],
    "m": ["m"],
    "n": ["n_l"],
    "n_in": [r"n_\text{in}"],
    "W": ["W^{(l)}"],
    "a": ["a^{(l)}", "A^{(l)}"],
    "z": ["z"],
    "sigma": [r"\sigma"],
    "dW": [r"\partial J / \partial W", "dW"],
    "W_hx": ["W_{hx}"],
    "W_hh": ["W_{hh}"],
    "b_f": ["b_f"],
    "b_i": ["b_i"],
}


def found(tex):
    """[(key, what is marked)] in the order of the formula, the outer one first."""
    marked = Marker(TABLE).mark(tex)
    places = re.finditer(r"\\class\{([\w]+)\}\{", marked)
    return [(place[1], _argument(marked, place.end())) for place in places]


def _argument(tex, start):
    depth, at = 1, start
    while depth:
        depth += {"{": 1, "}": -1}.get(tex[at], 0)
        at += 1
    return re.sub(r"\{\\class\{\w+\}\{(.*?)\}\}", r"\1", tex[start : at - 1])


@pytest.mark.parametrize(
    ("tex", "expected"),
    [
        ("W", [("W", "W")]),
        ("W^{(2)}_{kj}", [("W", "W^{(2)}_{kj}")]),
        ("a^{(l-1)}", [("a", "a^{(l-1)}")]),
        ("a^{(0)} = x", [("x", "a^{(0)}"), ("x", "x")]),  # to the letter wins over an index
        (r"\hat{y}_k - y", [("yhat", r"\hat {y}_{k}"), ("y", "y")]),
        (r"n_\text{in} n_3", [("n_in", r"n_{\text{in}}"), ("n", "n_{3}")]),
        (r"\sigma'(z)", [("sigma", r"\sigma '"), ("z", "z")]),
        (r"{W^{(l)}}^\top z", [("W", "W^{(l)}"), ("z", "z")]),
        (r"e^{z_k}", [("z", "z_{k}")]),
        (r"\frac1m", [("m", "m")]),
        (r"\sum_{i=1}^m", [("m", "m")]),
    ],
)
def test_a_symbol_is_its_letter_with_any_decoration(tex, expected):
    assert found(tex) == expected


@pytest.mark.parametrize(
    "tex",
    [
        r"\frac{\partial J}{\partial W}",
        r"\dfrac{\partial J^{(i)}}{\partial W^{(l)}_{kj}}",
        r"\partial J^{(i)} / \partial W^{(l)}",
        "dW^{(1)}",
        "d W_{kj}",
    ],
)
def test_a_gradient_is_one_symbol_however_it_is_written(tex):
    assert [key for key, _ in found(tex)] == ["dW"]


def test_a_gradient_of_something_else_is_not_that_gradient():
    assert [key for key, _ in found(r"\frac{\partial J}{\partial z}")] == ["z"]
    assert [key for key, _ in found(r"\frac{\partial K}{\partial W}")] == ["W"]


def test_a_script_that_names_is_not_an_index():
    assert found("W_{hx} x_t") == [("W_hx", "W_{hx}"), ("x", "x_{t}")]
    assert found("b_f b_i") == [("b_f", "b_{f}"), ("b_i", "b_{i}")]
    assert found("b b_o") == []  # as much the one as the other


@pytest.mark.parametrize(
    "tex",
    [
        r"\text{my x}",
        r"\mathrm{xyz}(1)",
        r"\mathit{m}",
        r"\operatorname{sym} 1",
        r"\begin{array}{mm} 1 & 2 \\[3mm] 3 \end{array}",
        r"\hspace{2mm}\max\exp",
        "1 % x y z\n",
        r"\label{x}\tag{y}",
    ],
)
def test_names_texts_lengths_and_comments_hold_no_symbols(tex):
    assert found(tex) == []


@pytest.mark.parametrize(
    ("tex", "said"),
    [
        ("{x", "without its }"),
        ("x}", "without its {"),
        (r"\frac{x}", "too early"),
        ("x_a_b", "two scripts"),
        (r"\text{x", "no }"),
    ],
)
def test_what_is_no_tex_is_said_to_be_none(tex, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        parse(tex)


# ---------------------------------------------------------------- the table, in a small book

HEADER = "| symbol | in the code | what it is | shape |\n|---|---|---|---|\n"
CODE = "W = neuron.W  # alpha\nprint('beta', f(W).gamma)\n"
PAGES = {
    "good": HEADER + "| $W^{(l)}$ | `W`, `neuron.W` | the weights | $(m, n)$ |",
    "no_symbol": HEADER + "| $W$ | `W` | the weights | |\n| $q$ | | the charge | |",
    "in_comment": HEADER + "| $W$ | `alpha` | the weights | |",
    "in_text": HEADER + "| $W$ | `beta` | the weights | |",
    "attribute": HEADER + "| $W$ | `gamma` | the weights | |",
    "no_formula": HEADER + "| W | `W` | the weights | |",
    "odd_tex": HEADER + "| $x_a_b$ | `W` | the weights | |",
    "columns": "| symbol | in the code |\n|---|---|\n| $W$ | `W` |",
    "twice": HEADER + "| $W$ | `W` | the weights | |",
}


def page(name, table):
    fence = f":::{{table}}\n:class: symbols\n\n{table}\n\n:::\n"
    text = f"# {name}\n\n{fence}\n$$\nz = W^{{(1)}} x\n$$\n\n" + (fence if name == "twice" else "")
    prose = {"id": "prose", "cell_type": "markdown", "source": text, "metadata": {}}
    code = {"id": "code", "cell_type": "code", "source": CODE, "metadata": {}}
    return {
        "cells": [prose, code | {"outputs": [], "execution_count": None}],
        "metadata": {"kernelspec": {"name": "python3"}, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


@pytest.fixture(scope="module")
def small_book(tmp_path_factory):
    """(folder, {page: warnings}) of a book with one page for every kind of table."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("out")
    for name, table in PAGES.items():
        (source / f"{name}.ipynb").write_text(json.dumps(page(name, table)))
    (source / "index.rst").write_text("Book\n====\n\n.. toctree::\n   :glob:\n\n   *\n")
    settings = {
        "extensions": ["myst_nb", "web.ext.symbols"],
        "myst_enable_extensions": ["colon_fence", "dollarmath"],
        "nb_execution_mode": "off",
    }
    said = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(symbols, "find_script", lambda name: f"dlcore/page-0/{name}")
        with docutils_namespace():  # the next one finds docutils as it was
            Sphinx(source, None, out, out, "html", settings, io.StringIO(), said).build()
    lines = [line for line in said.getvalue().splitlines() if "symbols:" in line]
    return out, {name: [line for line in lines if f"{name}.ipynb" in line] for name in PAGES}


def test_a_good_table_is_a_table_and_marks_the_formulas(small_book):
    out, said = small_book
    html = (out / "good.html").read_text()
    assert said["good"] == []
    assert 'class="symbols' in html or ' symbols"' in html
    assert r"{\class{symbol-0}{W^{(1)}}}" in html
    assert '<span class="symbol">' in html
    assert 'src="dlcore/page-0/symbols.js"' in html
    assert "symbols.css" in html


def test_a_page_without_a_table_loads_nothing(small_book):
    assert "symbols.js" not in (small_book[0] / "index.html").read_text()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("no_symbol", "q is in no formula of the page"),
        ("in_comment", "alpha is in no code cell of the page"),
        ("in_text", "beta is in no code cell of the page"),
        ("attribute", "gamma is in no code cell of the page"),
        ("no_formula", "no formula in the first column"),
        ("odd_tex", "cannot read the first column"),
        ("columns", "expected 4 columns, got 2"),
        ("twice", "a second table"),
    ],
)
def test_a_table_that_claims_too_much_is_one_warning(small_book, name, expected):
    [line] = small_book[1][name]
    assert expected in line
