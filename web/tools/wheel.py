"""The wheel of dlcore for the page: its Python files only, and the same bytes every time.

Data, trained weights and what only a notebook's kernel can use stay out: the page has its own front
end, and fetches the files that a figure or a cell needs. The name carries the version and a hash of
the contents, so a browser may keep it.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

from .common import ROOT, digest

PACKAGE = ROOT / "dlcore"
LEFT_OUT = {"widgets/host.py", "widgets/bundle.py"}  # they need Jupyter, or the front end's source
EPOCH = (1980, 1, 1, 0, 0, 0)  # the oldest time a zip file knows


def build(folder: Path) -> Path:
    """Write ``dlcore-<version>-<hash>.whl`` into `folder` and return its path."""
    files = [
        path
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.relative_to(PACKAGE).as_posix() not in LEFT_OUT
    ]
    contents = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in files}
    data = zip_of(contents)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"dlcore-{version()}-{digest(data)[:8]}.whl"
    target.write_bytes(data)
    return target


def version() -> str:
    text = (PACKAGE / "__init__.py").read_text(encoding="utf-8")
    return re.search(r'^__version__ = "(.+)"', text, re.MULTILINE).group(1)


def zip_of(contents: dict[str, bytes]) -> bytes:
    """A zip file of these contents: no times, so the same bytes every time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in contents.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data, compresslevel=9)
    return buffer.getvalue()
