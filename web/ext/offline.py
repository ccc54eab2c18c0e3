"""The published page asks no other host for anything.

Formulas are set by our own copy of MathJax, taken apart so that the page loads only what it needs:
the TeX input, the HTML output, and MathML for screen readers. The scripts that Jupyter Book puts on
every page to reach other hosts (RequireJS, html-manager, thebe) are taken out again, with the state
of the notebooks' widgets, which nothing on the page reads.
"""

from __future__ import annotations

from sphinx.errors import ConfigError

from web.tools.common import STATIC

MATHJAX = {
    "loader": {"load": ["input/tex", "output/chtml", "a11y/assistive-mml"]},
    "startup": {"output": "chtml", "typeset": False},  # web.ext.formulas sets them
    "chtml": {"matchFontHeight": False, "scale": 1.08},  # one size, whatever font a system has
}
REACH_OUT = ("sphinx_thebe", "sphinx_comments")
WIDGET_STATE = "application/vnd.jupyter.widget-state+json"


def configure(app, config) -> None:
    if not (STATIC / "mathjax" / "startup.js").exists():
        raise ConfigError(
            f"book: {STATIC} is missing; run make book once, it makes the page's files"
        )
    config.html_static_path.append(str(STATIC))
    config.mathjax_path = "mathjax/startup.js"
    config.mathjax3_config = {**(config.mathjax3_config or {}), **MATHJAX}
    config.nb_ipywidgets_js = {}


def drop_listeners(app) -> None:
    """Jupyter Book loads these extensions whatever the configuration says; their listeners go."""
    for name, listeners in app.events.listeners.items():
        app.events.listeners[name] = [
            one for one in listeners if not one.handler.__module__.startswith(REACH_OUT)
        ]
    app.registry.css_files[:] = [
        file for file in app.registry.css_files if "thebe" not in str(file[0])
    ]


def clean_scripts(app, pagename, templatename, context, doctree) -> None:
    """No widget state, and no inline script twice (Sphinx 7.4 repeats some)."""
    kept, seen = [], set()
    for script in context["script_files"]:
        attributes = getattr(script, "attributes", {})
        body = attributes.get("body")
        if attributes.get("type") == WIDGET_STATE or (body is not None and body in seen):
            continue
        seen.add(body)
        kept.append(script)
    context["script_files"][:] = kept


def setup(app) -> dict:
    drop_listeners(app)
    app.connect("config-inited", configure, priority=900)
    app.connect("html-page-context", clean_scripts, priority=990)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
