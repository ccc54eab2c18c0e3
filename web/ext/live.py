"""Live figures: the runtime is copied beside the book, and pages with a figure load it.

A page without code has a figure by ``{lab} name``; with ``:plays:`` it plays by itself, unless the
reader wants no motion.
"""

from __future__ import annotations

import filecmp
import shutil
from pathlib import Path
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import Directive, directives
from sphinx.errors import ConfigError

from dlcore.labs import LABS
from dlcore.widgets.shown import place_html
from web.tools.common import PAGE, SITE

MARK = "dlcore-lab"


class LabDirective(Directive):
    """``{lab} name``: a live figure, with its usual settings."""

    required_arguments = 1
    option_spec: ClassVar = {"plays": directives.flag}

    def run(self) -> list[nodes.Node]:
        html = place_html(LABS[self.arguments[0]])
        if "plays" in self.options:
            html = html.replace("<div ", "<div data-plays ", 1)
        return [nodes.raw("", html, format="html")]


def configure(app, config) -> None:
    config.live_script = find_script("labs.js")


def find_script(name: str) -> str:
    """A script of the page, as seen from the root of the book."""
    scripts = sorted(PAGE.glob(f"page-*/{name}"))
    if not scripts:
        raise ConfigError(f"book: {PAGE} is missing; run make book once, it makes the page's files")
    return scripts[0].relative_to(SITE).as_posix()


def load_script(context, script: str) -> None:
    """Make the page that is being written load a script."""
    source = context["pathto"](script, resource=True)
    context["body"] += f'\n<script type="module" src="{source}"></script>\n'


def add_runtime(app, pagename, templatename, context, doctree) -> None:
    if doctree is None or not any(MARK in raw.astext() for raw in doctree.findall(nodes.raw)):
        return
    load_script(context, app.config.live_script)


def copy_files(app, error) -> None:
    """Mirror the page's files into the book, also when no page had to be written again."""
    if error or app.builder.format != "html":
        return
    target = Path(app.outdir) / PAGE.name
    wanted = {path.relative_to(PAGE) for path in PAGE.rglob("*") if path.is_file()}
    for path in [path for path in target.rglob("*") if path.is_file()]:
        if path.relative_to(target) not in wanted:
            path.unlink()
    for name in wanted:
        if not _same(PAGE / name, target / name):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(PAGE / name, target / name)


def _same(source: Path, target: Path) -> bool:
    return target.exists() and filecmp.cmp(source, target, shallow=True)


def setup(app) -> dict:
    app.add_config_value("live_script", "", "html")  # another name, and all pages are written again
    app.add_directive("lab", LabDirective)
    app.connect("config-inited", configure, priority=900)
    app.connect("html-page-context", add_runtime)
    app.connect("build-finished", copy_files)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
