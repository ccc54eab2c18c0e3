"""Formulas are set by a script of ours, which gives way to the figures (web/page/formulas.js)."""

from __future__ import annotations

from .live import find_script, load_script


def configure(app, config) -> None:
    config.formulas_script = find_script("formulas.js")


def add_script(app, pagename, templatename, context, doctree) -> None:
    if any("mathjax" in str(getattr(file, "filename", "")) for file in context["script_files"]):
        load_script(context, app.config.formulas_script)


def setup(app) -> dict:
    app.add_config_value("formulas_script", "", "html")  # another name: all pages are written again
    app.connect("config-inited", configure, priority=900)
    app.connect("html-page-context", add_script, priority=950)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
