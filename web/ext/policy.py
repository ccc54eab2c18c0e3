"""Each page says what it may do: run its own scripts, load from its own site, and no more.

The policy stands in the page, for a static host sends none. It also binds the worker in which a
reader's code runs, and the frames that show what it made. Scripts in the page itself are allowed by
their hashes, so this comes after all that touches the pages.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from pathlib import Path

SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.DOTALL | re.IGNORECASE)
HANDLER = re.compile(r"""<[a-z][^>]*?\son[a-z]+=(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
DATA_BLOCK = re.compile(r"""\btype=["']application/(?:[\w.+-]*json)["']""")
CHARSET = re.compile(r"<meta charset=[^>]*>", re.IGNORECASE)
OLD = re.compile(r'\s*<meta http-equiv="Content-Security-Policy"[^>]*>')

RULES = {
    "default-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",  # MathJax and the editor write their own style sheets
    "img-src": "'self' data: blob:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "worker-src": "'self' blob:",
    "frame-src": "'none'",  # frames with a srcdoc are no requests
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
}
RUNTIME = "'self' blob: 'wasm-unsafe-eval'"  # Python is WebAssembly, and its loader comes checked


def protect(app, error) -> None:
    if error or app.builder.format != "html":
        return
    pages = {path: path.read_text(encoding="utf-8") for path in Path(app.outdir).rglob("*.html")}
    # the search reads other pages, whose handlers count as its own
    handlers = sorted({handler for page in pages.values() for handler in handlers_of(page)})
    for path, before in pages.items():
        after = with_policy(before, handlers)
        if after != before:
            path.write_text(after, encoding="utf-8")


def with_policy(page: str, handlers: list[str]) -> str:
    """The page with its policy, right after the line that says how it is written."""
    page = OLD.sub("", page)
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy(page, handlers)}" />'
    return CHARSET.sub(lambda charset: f"{charset.group()}\n    {meta}", page, count=1)


def policy(page: str, handlers: list[str]) -> str:
    scripts = [body for attributes, body in SCRIPT.findall(page) if is_inline(attributes, body)]
    allowed = [RUNTIME, *(["'unsafe-hashes'"] if handlers else [])]
    allowed += [fingerprint(text) for text in dict.fromkeys([*scripts, *handlers])]
    rules = {**RULES, "script-src": " ".join(allowed)}
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def handlers_of(page: str) -> list[str]:
    """What the elements of a page do when they are clicked, say."""
    return [html.unescape(a or b) for a, b in HANDLER.findall(SCRIPT.sub("", page))]


def is_inline(attributes: str, body: str) -> bool:
    return " src=" not in f" {attributes}" and bool(body) and not DATA_BLOCK.search(attributes)


def fingerprint(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def setup(app) -> dict:
    app.connect("build-finished", protect, priority=999)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
