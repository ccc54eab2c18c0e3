"""How long each page takes to read, and the contents of the book with it: ``{book-contents}``.

Words are read at 220 a minute; a formula that stands alone counts 20 seconds, a cell of code 25.
Playing with the figures and doing the exercises is not counted, only how many there are.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx import addnodes

from web.tools.common import ROOT
from web.tools.contents import parts

from .exercises import is_input, listing
from .live import MARK

WORDS = 220  # a minute
FORMULA, CELL = 20 / 60, 25 / 60  # minutes
CODE = (nodes.literal_block, nodes.raw, nodes.comment, nodes.math_block)


class Page(NamedTuple):
    """What there is on a page: minutes of reading, live figures."""

    minutes: int
    figures: int


class Contents(nodes.General, nodes.Element):
    """Where the contents of the book will stand."""


class BookContents(Directive):
    """``{book-contents}``: every part with its pages, how long they are, what there is to do."""

    def run(self) -> list[nodes.Node]:
        return [Contents()]


def measure(app, doctree) -> None:
    """Remember what there is on a page that was read."""
    words = sum(len(text.split()) for text in doctree.findall(nodes.Text) if is_prose(text))
    cells = sum(1 for _ in doctree.findall(is_input))
    formulas = sum(1 for _ in doctree.findall(nodes.math_block))
    figures = sum(raw.astext().count(f'class="{MARK}"') for raw in doctree.findall(nodes.raw))
    minutes = words / WORDS + FORMULA * formulas + CELL * cells
    app.env.metadata[app.env.docname]["reading"] = Page(max(1, math.ceil(minutes)), figures)


def is_prose(text) -> bool:
    node = text.parent
    while node is not None and not isinstance(node, CODE):
        node = node.parent
    return node is None


def outdated(app, env) -> list[str]:
    """The page with the contents tells of all others."""
    return [env.config.root_doc]


# ---- in words


def told(env, name: str) -> str:
    """ "25 minutes to read, 3 live figures"; exercises are not read but done."""
    page, exercises = env.metadata[name]["reading"], len(listing(env).get(name, ()))
    parts = [] if exercises else [f"{many(page.minutes, 'minute')} to read"]
    if page.figures:
        parts.append(many(page.figures, "live figure"))
    if exercises:
        parts.append(many(exercises, "exercise"))
    return ", ".join(parts)


def many(count: int, thing: str) -> str:
    return f"{count} {thing}{'s' * (count != 1)}"


def resolve(app, doctree, docname) -> None:
    chapters = {name for _, names in parts(ROOT) for name in names if name.startswith("chapters/")}
    if docname in chapters:
        title = next(doctree.findall(nodes.title))
        line = nodes.paragraph("", f"{told(app.env, docname)}.", classes=["book-reading"])
        title.parent.insert(title.parent.index(title) + 1, line)
    for place in list(doctree.findall(Contents)):
        place.replace_self(list(contents(app, docname, chapters)))


def contents(app, docname, chapters):
    for caption, names in parts(ROOT):
        mine = [name for name in names if name in chapters]
        if not mine:
            continue
        title = nodes.paragraph("", "", nodes.strong("", caption), classes=["book-part"])
        yield title
        rows = nodes.bullet_list(classes=["book-contents"])
        for name in mine:
            heading = app.env.titles[name].astext()
            link = nodes.reference(
                "", heading, internal=True, refuri=app.builder.get_relative_uri(docname, name)
            )
            about = nodes.inline("", told(app.env, name), classes=["book-reading"])
            line = addnodes.compact_paragraph("", "", link, nodes.Text(" "), about)
            rows += nodes.list_item("", line)
        yield rows


def setup(app) -> dict:
    app.add_node(Contents)
    app.add_directive("book-contents", BookContents)
    app.connect("doctree-read", measure)
    app.connect("env-updated", outdated)
    app.connect("doctree-resolved", resolve)
    safe = {"parallel_read_safe": True, "parallel_write_safe": True}
    return {"env_version": 1, **safe}  # what is kept of a page; another: all pages anew
