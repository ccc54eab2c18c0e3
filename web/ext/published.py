"""What others see of a page: a description, a picture, and where it lies.

Search engines and messengers show a page by its first sentences. Where the book knows its own
address (the environment's ``BOOK_URL``), each page also names its own and that of its picture, and
there are a map of the site and a page for addresses that lead nowhere.
"""

from __future__ import annotations

import os
import re
import textwrap
from collections.abc import Iterator
from html import escape
from pathlib import Path

from docutils import nodes

from .previews import SIZE, draw_previews, preview_name

LENGTH = 200  # characters of a description: about what is shown of it
SENTENCE_END = re.compile(r"(?<=[.?!…])\s+")
MISSING = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="robots" content="noindex" />
<title>No such page &#8212; {title}</title>
<style>
:root {{ color-scheme: light dark; font: 1.1rem/1.6 system-ui, sans-serif; }}
body {{ max-width: 36rem; margin: 4rem auto; padding: 0 1.25rem; }}
a {{ color: inherit; }}
li {{ margin: 0.3rem 0; }}
</style>
</head>
<body>
<main>
<h1>There is no such page</h1>
<p>It may have been moved, or its address mistyped. The book <em>{title}</em> has these:</p>
<ul>
{links}
</ul>
</main>
</body>
</html>
"""


def configure(app, config) -> None:
    if url := os.environ.get("BOOK_URL"):
        config.html_baseurl = url.rstrip("/") + "/"


# ---- in the head of a page


def description(doctree) -> str:
    """As many sentences of the first paragraph as fit, and at least a part of the first."""
    texts = (
        paragraph.astext()
        for paragraph in doctree.findall(nodes.paragraph)
        if isinstance(paragraph.parent, nodes.section)  # none of a note
    )
    text = " ".join(next(texts, "").split())
    sentences = SENTENCE_END.split(text)
    while len(text) > LENGTH and len(sentences) > 1:
        sentences.pop()
        text = " ".join(sentences)
    return textwrap.shorten(text, LENGTH, placeholder=" …")


def note_description(app, doctree) -> None:
    """As the author wrote the page: later ones put their own lines before the first paragraph."""
    app.env.metadata[app.env.docname]["description"] = description(doctree)


def add_tags(app, pagename, templatename, context, doctree) -> None:
    if doctree is None:
        return
    about = {
        "og:type": "website" if pagename == app.config.root_doc else "article",
        "og:site_name": app.config.html_title,
        "og:title": app.env.titles[pagename].astext(),
        "og:description": app.env.metadata[pagename]["description"],
    }
    if base := app.config.html_baseurl:
        width, height = SIZE
        about |= {
            "og:url": base + app.builder.get_target_uri(pagename),
            "og:image": base + preview_name(pagename),
            "og:image:width": str(width),
            "og:image:height": str(height),
            "twitter:card": "summary_large_image",
        }
    tags = {'name="description"': about["og:description"]}
    tags |= {f'property="{name}"': value for name, value in about.items()}
    context["metatags"] += "".join(
        f'\n    <meta {name} content="{escape(value)}" />' for name, value in tags.items()
    )


# ---- beside the pages


def add_files(app, error) -> None:
    base = app.config.html_baseurl
    if error or not base or app.builder.format != "html":
        return
    out, env = Path(app.outdir), app.env
    pages = list(below(env, app.config.root_doc))
    titles = {name: env.titles[name].astext() for name in pages}
    addresses = {name: base + app.builder.get_target_uri(name) for name in pages}
    (out / "sitemap.xml").write_text(site_map(addresses.values()), encoding="utf-8")
    links = [
        f'<li><a href="{escape(addresses[name])}">{escape(titles[name])}</a></li>' for name in pages
    ]
    missing = MISSING.format(title=escape(app.config.html_title), links="\n".join(links))
    (out / "404.html").write_text(missing, encoding="utf-8")
    draw_previews(out, titles, app.config.html_title)


def below(env, page: str) -> Iterator[str]:
    """A page and those in its contents, in the order of reading."""
    yield page
    for child in env.toctree_includes.get(page, ()):
        yield from below(env, child)


def site_map(addresses) -> str:
    lines = "".join(f"<url><loc>{escape(address)}</loc></url>\n" for address in addresses)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{lines}</urlset>\n'
    )


def setup(app) -> dict:
    app.connect("config-inited", configure, priority=900)
    app.connect("doctree-read", note_description)
    app.connect("html-page-context", add_tags)
    app.connect("build-finished", add_files, priority=600)  # the pictures of the pages are there
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
