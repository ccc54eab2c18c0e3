"""Code cells that run in the page: each gets an id that lasts, and the page knows their sources.

The source is the notebook's, not what Pygments made of it. Which cells need PyTorch, which the page
does not have, is found here too: those that import it, and those that use what these make.
"""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from docutils import nodes

from web.tools.common import digest

from .live import find_script, load_script

ABSENT = "torch"
STYLE = "cells.css"


def configure(app, config) -> None:
    config.cells_script = find_script("cells/cells.js")
    app.add_css_file(STYLE)


# ---- what a page tells its script


def mark_cells(app, doctree) -> None:
    """Give each code cell its id, and note what the page's script has to know of it."""
    path = Path(app.env.doc2path(app.env.docname))
    if path.suffix != ".ipynb":
        return
    notebook = json.loads(path.read_text(encoding="utf-8"))["cells"]
    found = []
    for node in doctree.findall(nodes.container):
        if node.get("nb_element") != "cell_code" or not shows_its_code(node):
            continue
        cell = notebook[node["cell_index"]]
        about = describe(cell)
        node["ids"].append(f"cell-{about['id']}")
        found.append(about)
    for about, need in zip(found, needs([one["source"] for one in found]), strict=True):
        about |= need
    app.env.metadata[app.env.docname]["cells"] = json.dumps(found, ensure_ascii=False)


def shows_its_code(node) -> bool:
    return any("cell_input" in child.get("classes", []) for child in node.children)


def describe(cell: dict) -> dict:
    """id, source, how long it takes in the page if that is long, and what its figure shows."""
    source = "".join(cell["source"])
    metadata = cell["metadata"]
    about = {
        "id": cell.get("id") or digest(source.encode())[:8],
        "source": source,
        "seconds": metadata.get("dlcore", {}).get("seconds"),
        "alt": metadata.get("mystnb", {}).get("image", {}).get("alt"),
    }
    return {name: value for name, value in about.items() if value is not None}


# ---- what the page does not have


@dataclass
class Names:
    """The names of one cell, as far as they matter beyond it."""

    absent: bool  # does it import what the page does not have?
    made: set[str]  # imports of other modules aside
    used: set[str]  # and not made by the cell itself


@cache
def names(source: str) -> Names:
    absent, made, own, used = False, set(), set(), set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            inside = getattr(node, "module", None)
            for alias in node.names:
                here = (inside or alias.name).split(".")[0] == ABSENT
                name = (alias.asname or alias.name).split(".")[0]
                absent |= here
                (made if here else own).add(name)
        elif isinstance(node, ast.Name):
            (used if isinstance(node.ctx, ast.Load) else made).add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            made.add(node.name)
        elif isinstance(node, ast.arg):
            own.add(node.arg)
    return Names(absent, made, used - made - own)


def needs(sources: list[str]) -> list[dict]:
    """For each cell {}, or `needs`: "torch" or the name that it lacks, and `makes`: its names."""
    lacking, found = set(), []
    for here in map(names, sources):
        missing = sorted(here.used & lacking)
        if here.absent or missing:
            lacking |= here.made
            need = ABSENT if here.absent else missing[0]
            found.append({"needs": need, "makes": sorted(here.made)})
        else:
            lacking -= here.made
            found.append({})
    return found


# ---- into the page


def add_script(app, pagename, templatename, context, doctree) -> None:
    cells = app.env.metadata.get(pagename, {}).get("cells", "[]")
    if doctree is None or cells == "[]":
        return
    about = f'{{"page": {json.dumps(pagename)}, "cells": {cells}}}'.replace("<", "\\u003c")
    context["body"] += f'\n<script type="application/json" id="dlcore-cells">{about}</script>'
    load_script(context, app.config.cells_script)


def setup(app) -> dict:
    app.add_config_value("cells_script", "", "html")  # another name: all pages anew
    app.connect("config-inited", configure, priority=900)
    app.connect("doctree-read", mark_cells)
    app.connect("html-page-context", add_script)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
