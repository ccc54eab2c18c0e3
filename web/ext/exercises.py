"""Where each exercise stands, for the page that shows the reader's progress.

An exercise stands in the cell that checks the function it asks for: ``check("ann.slope", slope)``.
Every page is told which page has which exercises, so that its contents list can count them, and
loads ``progress.js``. An exercise without a place, with two, or a name that no exercise has, is a
warning.
"""

from __future__ import annotations

import json
import re

from docutils import nodes
from sphinx.util import logging

from dlcore.exercises import EXERCISES

from .live import find_script

CHECK = re.compile(r"""\bcheck\(\s*(["'])(?P<name>[^"'\n]*)\1\s*,\s*(?P<answer>\w+)""")

logger = logging.getLogger(__name__)


def configure(app, config) -> None:
    config.progress_script = find_script("progress.js")


def find(app, doctree) -> None:
    """Remember the exercises of a page that was read: {name: id of its section}."""
    found = {}
    for cell in doctree.findall(is_input):
        for check in CHECK.finditer(cell.astext()):
            name = check["name"]
            if name not in EXERCISES:
                logger.warning("no exercise is called %r", name, location=cell)
            elif check["answer"] == EXERCISES[name].reference.__name__:
                if name in found:
                    logger.warning("the exercise %s stands here twice", name, location=cell)
                found[name] = section_of(cell)["ids"][0]
    places(app.env)[app.env.docname] = found


def is_input(node) -> bool:
    return isinstance(node, nodes.container) and "cell_input" in node["classes"]


def section_of(node):
    while not isinstance(node, nodes.section):
        node = node.parent
    return node


def places(env) -> dict[str, dict[str, str]]:
    """{page: {exercise: id of its section}}"""
    if not hasattr(env, "exercise_places"):
        env.exercise_places = {}
    return env.exercise_places


def forget(app, env, docname) -> None:
    places(env).pop(docname, None)


def merge(app, env, docnames, other) -> None:
    places(env).update({name: places(other)[name] for name in docnames if name in places(other)})


def listing(env) -> dict[str, dict[str, str]]:
    """The pages that have exercises, always in the same order."""
    return {page: found for page, found in sorted(places(env).items()) if found}


def complain(app, env) -> None:
    pages = {name: [] for name in EXERCISES}
    for page, found in listing(env).items():
        for name in found:
            pages[name].append(page)
    for name, on in pages.items():
        if not on:
            logger.warning("the exercise %s stands on no page", name)
        elif len(on) > 1:
            logger.warning("the exercise %s stands on several pages: %s", name, ", ".join(on))


def stale(app, env) -> list[str]:
    """Every page is written again when another one has other exercises than before."""
    now = listing(env)
    before, env.exercises_written = getattr(env, "exercises_written", None), now
    return [] if before == now else sorted(env.found_docs)


def add_script(app, pagename, templatename, context, doctree) -> None:
    app.add_js_file(
        None,
        type="module",
        src=context["pathto"](app.config.progress_script, resource=True),
        **{"data-page": pagename, "data-exercises": json.dumps(listing(app.env))},
    )


def setup(app) -> dict:
    app.add_config_value("progress_script", "", "html")  # another name: all pages are written again
    app.connect("config-inited", configure, priority=900)
    app.connect("doctree-read", find)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("env-check-consistency", complain)
    app.connect("env-updated", stale)
    app.connect("html-page-context", add_script)
    return {"env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
