r"""Symbols of the formulas, linked to the variables of the code.

A page has at most one table of symbols, a plain table in a fence::

    :::{symbols}

    | symbol | in the code | what it is | shape |
    |---|---|---|---|
    | $W^{(l)}$ | `W`, `W1`, `W2` | weights | $(n_l, n_{l-1})$ |
    | $\partial J / \partial W$, $dW^{(l)}$ | `dW1`, `dW2` | gradient | like $W$ |

    :::

Formulas and cells stay plain. In the page every occurrence of a symbol (`web.ext.tex` says what
that is) gets a class, and web/page/symbols.js finds the variables by their names. A symbol that is
in no formula of the page and a name that is in no code cell are warnings, as is a second table.
"""

from __future__ import annotations

from docutils import nodes
from pygments.lexers.python import PythonLexer
from pygments.token import Name
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.util.logging import getLogger

from web.ext.live import find_script, load_script
from web.ext.tex import Marker

log = getLogger(__name__)
COLUMNS = 4  # symbol, in the code, what it is, shape


class Symbols(SphinxDirective):
    has_content = True

    def run(self) -> list[nodes.Node]:
        holder = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, holder)
        tables = list(holder.findall(nodes.table))
        if len(holder.children) != 1 or len(tables) != 1:
            raise self.error("symbols: expected one table and nothing else between the fences")
        [table] = tables
        for row in table.findall(nodes.row):
            if len(row) != COLUMNS:
                raise self.error(f"symbols: expected {COLUMNS} columns, got {len(row)}")
        for row in rows(table):
            if not spellings(row):
                raise self.error(f"symbols: no formula in the first column of: {row.astext()!r}")
            [paragraph] = row[0].children
            paragraph.children = [nodes.inline("", "", *paragraph.children, classes=["symbol"])]
        table["classes"].append("symbols")
        return [table]


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
        for table in tables[1:]:
            warn("a second table on the page", table)
        if not tables:
            return
        in_table = set(tables[0].findall(is_formula))
        formulas = [node for node in self.document.findall(is_formula) if node not in in_table]
        try:
            marker = Marker({key(k): spellings(row) for k, row in enumerate(rows(tables[0]))})
        except ValueError as error:
            warn(f"cannot read the first column, {error}", tables[0])
            return
        for formula in formulas:
            mark(formula, marker)
        known = {name for code in self.document.findall(is_cell) for name in names_in(code)}
        for k, row in enumerate(rows(tables[0])):
            if key(k) not in marker.met:
                warn(f"{', '.join(spellings(row))} is in no formula of the page", row)
            for name in names(row):
                if name not in known:
                    warn(f"{name} is in no code cell of the page", row)
        for formula in in_table:
            mark(formula, marker)


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
    app.add_directive("symbols", Symbols)
    app.add_post_transform(MarkSymbols)
    app.connect("config-inited", configure, priority=900)
    app.connect("html-page-context", add_script)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
