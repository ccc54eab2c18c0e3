"""The docstrings of dlcore on the pages of the reference, as they stand in the code.

They are plain text, for a reader of the code. Here an indented block, or one with columns, keeps
its lines; `Shapes:`, `Backward:`, `Raises` and `Source:` become fields; what is in backticks links
to what it names, be it an object of dlcore or a formula of a chapter, or else is code.
"""

from __future__ import annotations

import inspect
import re
from itertools import groupby
from textwrap import dedent

from docutils import nodes
from sphinx.domains.python import PyXRefRole
from sphinx.util.nodes import make_refnode

from dlcore.gan import GanLoss

COLUMNS = re.compile(r"\S {3,}\S")  # as between two formulas in a line
FIELD = re.compile(r"(?:^|(?<=[.;] ))(Shapes: |Backward: |Source: |Raises (?=[\w(]))")
BACKTICKS = re.compile(r"`([^`]+)`")
NAME = re.compile(r"[A-Za-z_][\w.-]*")
EMPHASIS = re.compile(r"(?<![\w*])\*(\w[\w ]*)\*(?![\w*])")
SPECIAL = re.compile(r"[\\*|_<>]|(?<=\w)'(?!\w)")  # an apostrophe there is a derivative's
NOTHING = "\\ "  # without any markup, Sphinx would colour a block as Python
FORMULA = "eq-"


def to_rst(text: str) -> list[str]:
    """The lines of a docstring as reStructuredText."""
    lines: list[str] = []
    for block in blocks(text):
        if block[0].startswith(" ") or any(map(COLUMNS.search, block)):
            first, *rest = map(marked, dedent("\n".join(block)).splitlines())
            lines += [".. parsed-literal::", "", f"   {NOTHING}{first}"]
            lines += [*(f"   {line}" for line in rest), ""]
        else:
            lines += prose(" ".join(block))
    return lines


def blocks(text: str) -> list[list[str]]:
    """Lines without an empty one between them."""
    stretches = groupby(text.splitlines(), key=lambda line: bool(line.strip()))
    return [list(stretch) for filled, stretch in stretches if filled]


def prose(text: str) -> list[str]:
    """A paragraph, and the fields at its end."""
    first, *rest = FIELD.split(text)
    lines = [marked(first.strip()), ""] if first.strip() else []
    for name, body in zip(rest[::2], rest[1::2], strict=True):
        lines.append(f":{name.strip(' :')}: {marked(body.strip())}")
    return [*lines, ""]


def marked(text: str) -> str:
    """A piece of text with its links; nothing else in it means anything to reStructuredText."""
    parts = BACKTICKS.split(text)
    return "".join(code(part) if k % 2 else escaped(part) for k, part in enumerate(parts))


def code(text: str) -> str:
    return f":py:known:`{text}`" if NAME.fullmatch(text) else f"``{text}``"


def escaped(text: str) -> str:
    parts = EMPHASIS.split(text)
    return "".join(
        f"*{part}*" if k % 2 else SPECIAL.sub(r"\\\g<0>", part) for k, part in enumerate(parts)
    )


def rewrite(app, what, name, obj, options, lines) -> None:
    if isinstance(obj, GanLoss):  # its two functions say what it is
        lines[:] = [*players(obj), ""]
    else:
        lines[:] = to_rst("\n".join(lines))


def players(loss: GanLoss) -> list[str]:
    """What each of the two minimises, as fields."""
    lines = []
    for name in ("discriminator", "generator"):
        body = to_rst(inspect.getdoc(getattr(loss, name)))
        lines += [f":{name}:", *(f"   {line}" for line in body)]
    return lines


def public_names(app, what, name, obj, options, signature, returns) -> tuple | None:
    """A signature by the names that a reader knows: `dlcore.init` is `initialise` where arguments
    are called init."""
    return (signature.replace("initialise.", "init."), returns) if signature else None


def link(app, env, node, contnode):
    """What a name in backticks leads to, if nothing near it has that name."""
    if node.get("reftype") != "known":
        return None
    target = node["reftarget"]
    if target.startswith(FORMULA):
        return formula(app, env, node, contnode)
    found = env.get_domain("py").find_obj(env, "dlcore", None, target, None)
    if len(found) != 1:
        return nodes.literal(target, target)
    [(name, entry)] = found
    return make_refnode(app.builder, node["refdoc"], entry.docname, entry.node_id, contnode, name)


def formula(app, env, node, contnode) -> nodes.reference | None:
    """A link to an equation, or None, and then Sphinx warns."""
    label = node["reftarget"]
    where = env.get_domain("math").equations.get(label)
    if where is None:
        return None
    anchor = nodes.make_id(f"equation-{label}")
    return make_refnode(app.builder, node["refdoc"], where[0], anchor, contnode)


def setup(app) -> dict:
    app.setup_extension("sphinx.ext.autodoc")
    app.add_role_to_domain("py", "known", PyXRefRole())
    app.connect("autodoc-process-docstring", rewrite)
    app.connect("autodoc-process-signature", public_names)
    app.connect("missing-reference", link)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
