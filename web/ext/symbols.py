r"""Symbols of the formulas, linked to the variables of the code.

A page has at most one table of symbols, a table as in any Markdown, of the class ``symbols``::

    :::{table}
    :class: symbols

    | symbol | in the code | what it is | shape |
    |---|---|---|---|
    | $W^{(l)}$ | `W`, `W1`, `W2` | weights | $(n_l, n_{l-1})$ |
    | $\partial J / \partial W$, $dW^{(l)}$ | `dW1`, `dW2` | gradient | like $W$ |

    :::

A directive of our own would be shown as an error by JupyterLab. Formulas and cells stay plain. In
the page every occurrence of a symbol (`web.ext.tex` says what that is) gets a class, and
web/page/symbols.js finds the variables by their names. A symbol that is in no formula of the page
and a name that is in no code cell are warnings, as is a table that cannot be read or a second one.
"""

from __future__ import annotations

from docutils import nodes
from pygments.lexers.python import PythonLexer
from pygments.token import Name
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.logging import getLogger

from web.ext.live import find_script, load_script
from web.ext.tex import Marker

log = getLogger(__name__)
COLUMNS = 4  # symbol, in the code, what it is, shape


def rows(table: nodes.table) -> list[nodes.row]:
    return [row for body in table.findall(nodes.tbody) for row in body.children]


def spellings(row: nodes.row) -> list[str]:
    return [formula.astext() for formula in row[0].findall(nodes.math)]


def names(row: nodes.row) -> list[str]:
    return [name.astext() for name in row[1].findall(nodes.literal)]


def symbol_tables(document: nodes.document) -> list[nodes.table]:
    return [table for table in document.findall(nodes.table) if "symbols" in table["classes"]]


class MarkSymbols(SphinxPostTransform):
    """Puts a class around each symbol, and warns of what is not there."""

    default_priority = 400
    formats = ("html",)

    def run(self, **kwargs) -> None:
        tables = symbol_tables(self.document)
        try:
            for table in tables[1:]:
                raise Unreadable("a second table on the page", table)
            for table in tables:
                link(table, self.document)
        except Unreadable as error:
            warn(*error.args)


class Unreadable(Exception):
    """(what is wrong, where)"""


def link(table: nodes.table, document: nodes.document) -> None:
    marker = read(table)
    in_table = list(table.findall(is_formula))
    for formula in document.findall(is_formula):
        if formula not in in_table:
            mark(formula, marker)
    known = {name for code in document.findall(is_cell) for name in names_in(code)}
    for k, row in enumerate(rows(table)):
        if key(k) not in marker.met:
            warn(f"{', '.join(spellings(row))} is in no formula of the page", row)
        for name in names(row):
            if name not in known:
                warn(f"{name} is in no code cell of the page", row)
    for formula in in_table:
        mark(formula, marker)
    for row in rows(table):  # what a reader chooses a symbol by
        [paragraph] = row[0].children
        paragraph.children = [nodes.inline("", "", *paragraph.children, classes=["symbol"])]


def read(table: nodes.table) -> Marker:
    for row in rows(table):
        if len(row) != COLUMNS:
            raise Unreadable(f"expected {COLUMNS} columns, got {len(row)}", row)
        if not spellings(row):
            raise Unreadable(f"no formula in the first column of {row.astext()!r}", row)
    try:
        return Marker({key(k): spellings(row) for k, row in enumerate(rows(table))})
    except ValueError as error:
        raise Unreadable(f"cannot read the first column, {error}", table) from None


def key(k: int) -> str:
    """The class of the symbol in row k."""
    return f"symbol-{k}"


def mark(formula: nodes.Node, marker: Marker) -> None:
    try:
        marked = marker.mark(formula.astext())
    except ValueError as error:
        warn(f"cannot read {formula.astext()!r}, {error}", formula)
    else:
        formula.children = [nodes.Text(marked)]


def is_formula(node: nodes.Node) -> bool:
    return isinstance(node, nodes.math | nodes.math_block)


def is_cell(node: nodes.Node) -> bool:
    return isinstance(node, nodes.literal_block) and "cell_input" in node.parent.get("classes", [])


def names_in(code: nodes.literal_block) -> set[str]:
    """The variables of a cell, `W`, and what they hold, `neuron.W`; no texts, no comments."""
    found, chain = set(), ""
    for kind, text in PythonLexer().get_tokens(code.astext()):
        if kind in Name:
            chain = chain + text if chain.endswith(".") else text
            found.add(chain)
        else:
            chain = f"{chain}." if text == "." else ""
    return found


def warn(text: str, node: nodes.Node) -> None:
    log.warning("symbols: %s", text, location=node, type="symbols")


def configure(app, config) -> None:
    config.symbols_script = find_script("symbols.js")


def add_script(app, pagename, templatename, context, doctree) -> None:
    if doctree is not None and symbol_tables(doctree):
        load_script(context, app.config.symbols_script)
        app.add_css_file("symbols.css")  # to this page only


def setup(app) -> dict:
    app.add_config_value("symbols_script", "", "html")  # another name: all pages are written again
    app.add_post_transform(MarkSymbols)
    app.connect("config-inited", configure, priority=900)
    app.connect("html-page-context", add_script)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
