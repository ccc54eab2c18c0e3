"""The reader's browser keeps a copy of the book, Python included: it opens without a network too.

The copy is the work of a service worker (web/page/kept_worker.js), which has to lie at the root of
the book. `sw.js` calls it with the hash of each file of this edition, so this comes after all that
touches the files.
"""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

from web.tools.common import digest

from .live import find_script, load_script

WORKER = "sw.js"
# what no reader of the copy asks for
SPARED = re.compile(r"\.buildinfo|objects\.inv|sitemap\.xml|404\.html|_previews/.*|" + WORKER)
# style sheets and scripts are asked for with a number that changes when they do
NUMBERED = re.compile(r'(?:src|href)="(?:\.\./)*(_static/[^"?]+\?[^"#]+)"')


def configure(app, config) -> None:
    config.kept_scripts = [find_script("kept.js"), find_script("kept_worker.js")]


def add_script(app, pagename, templatename, context, doctree) -> None:
    if doctree is not None:
        load_script(context, app.config.kept_scripts[0])


def add_worker(app, error) -> None:
    if not error and app.builder.format == "html":
        write_worker(Path(app.outdir), app.config.kept_scripts[1])


def write_worker(book: Path, script: str) -> None:
    files = json.dumps(edition(book), indent=0, ensure_ascii=False)
    text = f'import {{ keepBook }} from "./{script}";\n\nkeepBook({files});\n'
    (book / WORKER).write_text(text, encoding="utf-8")


def edition(book: Path) -> dict[str, str]:
    """Each file of the built book, by every address that its pages use, with its hash."""
    paths = {path.relative_to(book).as_posix(): path for path in sorted(book.rglob("*.*"))}
    files = {
        name: content_hash(path)
        for name, path in paths.items()
        if path.is_file() and not SPARED.fullmatch(name)
    }
    pages = [paths[name].read_text(encoding="utf-8") for name in files if name.endswith(".html")]
    numbered = sorted({address for page in pages for address in NUMBERED.findall(page)})
    return files | {
        address: files[name] for address in numbered if (name := address.split("?")[0]) in files
    }


def content_hash(path: Path) -> str:
    """Of the contents unpacked: some hosts unpack what they send."""
    data = path.read_bytes()
    return digest(gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data)


def setup(app) -> dict:
    app.add_config_value("kept_scripts", [], "html")  # other names: all pages are written again
    app.connect("config-inited", configure, priority=900)
    app.connect("html-page-context", add_script)
    app.connect("build-finished", add_worker, priority=1000)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
