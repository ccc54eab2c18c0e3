"""The look of the book, and the theme's markup made accessible."""

from __future__ import annotations

import re
from pathlib import Path

from web.tools.common import WEB

from .live import find_script, load_script

THEME = WEB / "theme"

CORRECTIONS = [
    # the first page has the name of the book, once
    (r"<title>(.+?) &#8212; \1</title>", r"<title>\1</title>"),
    # the visible text is the accessible name (WCAG 2.5.3)
    (r'(<button class="[^"]*search-button__button[^"]*"[^>]*?) aria-label="Search"', r"\1"),
    (
        r'(<button class="[^"]*theme-switch-button[^"]*"[^>]*?) aria-label="Color mode"([^>]*>)',
        r'\1\2<span class="visually-hidden">Color mode</span>',
    ),
    (r'<summary aria-label="Toggle hidden content">', "<summary>"),
    # a part of the contents that opens has no name
    (
        r'<summary>(<span class="toctree-toggle")',
        r'<summary><span class="visually-hidden">Pages below</span>\1',
    ),
    # the way back from a source is wrong where a module's names are documented in two places,
    # as dlcore.fit and as dlcore.train.Step
    (r'<a class="viewcode-back"[^>]*>\[docs\]</a>', ""),
    # roles that browsers and screen readers know
    (r'role="doc-biblioentry"', 'role="listitem"'),
    # everything in a landmark
    (
        r'<div class="sidebar-primary-items__start ',
        '<div role="region" aria-label="Book" class="sidebar-primary-items__start ',
    ),
]
PATTERNS = [(re.compile(pattern), text) for pattern, text in CORRECTIONS]


def configure(app, config) -> None:
    config.html_static_path.append(str(THEME))
    app.add_css_file("book.css")
    config.print_script = find_script("print.js")


def add_script(app, pagename, templatename, context, doctree) -> None:
    if doctree is not None:
        load_script(context, app.config.print_script)


def correct(app, error) -> None:
    if error or app.builder.format != "html":
        return
    out = Path(app.outdir)
    for page in out.rglob("*.html"):
        before = after = page.read_text(encoding="utf-8")
        for pattern, text in PATTERNS:
            after = pattern.sub(text, after)
        if after != before:
            page.write_text(after, encoding="utf-8")


def setup(app) -> dict:
    app.add_config_value("print_script", "", "html")  # another name: all pages are written again
    app.connect("config-inited", configure, priority=900)
    app.connect("html-page-context", add_script)
    app.connect("build-finished", correct)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
