"""Everything the page needs beside the book's own pages, made into web/dist (never committed).

    dist/static/mathjax/      formulas; Sphinx copies dist/static into _static
    dist/site/dlcore/         the live figures; copied to the root of the book:
        page-<hash>/          web/page and manifest.json: the names, sizes and hashes of the rest
        front.<hash>.js       the front end, the same modules as in Jupyter
        editor.<hash>.js      the editor of code cells, CodeMirror in one file
        dlcore-….whl          the package
        engine.<hash>.py, cells.<hash>.zip   Python's side of the figures and of the code cells
        files/                the data and the trained weights that dlcore reads
        pyodide-<version>/    Python, NumPy and matplotlib
        sgemm.<hash>.wasm     the matrix product
        recordings/           what each figure shows before Python is there

What a browser has kept is never out of date: a file whose contents change changes its name. Each
part is left out when what it is made from has not changed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import node, runtime, wheel
from .common import (
    DIST,
    NODE_MODULES,
    PAGE,
    ROOT,
    STATIC,
    WEB,
    Stamp,
    StepError,
    digest,
    run_step,
    say,
    tree_digest,
)

MATHJAX = (
    "startup.js",
    "core.js",
    "input/tex.js",
    "input/tex/extensions",
    "output/chtml.js",
    "output/chtml/fonts/tex.js",
    "output/chtml/fonts/woff-v2",
    "a11y/assistive-mml.js",
)
DLCORE = ROOT / "dlcore"


def mathjax() -> None:
    """The parts of MathJax that `web.ext.offline` loads, and the fonts they ask for."""
    source, target = NODE_MODULES / "mathjax" / "es5", STATIC / "mathjax"
    shutil.rmtree(target, ignore_errors=True)
    for name in MATHJAX:
        to = target / name
        to.parent.mkdir(parents=True, exist_ok=True)
        if (source / name).is_dir():
            shutil.copytree(source / name, to)
        else:
            shutil.copy(source / name, to)


def matrix_product() -> dict:
    """Compile the SIMD kernel."""
    target = DIST / "sgemm.wasm"
    command = (
        "asc simd/gemm.ts --optimizeLevel 3 --noAssert --runtime stub --importMemory --enable simd"
    )
    node.run(
        ["npx", "--no-install", *command.split(), "--outFile", str(target)],
        "simd/gemm.ts did not compile",
    )
    return describe(_write_hashed("sgemm", ".wasm", target.read_bytes()))


def front_end() -> dict:
    """The front end's modules in one, as anywidget gets them in Jupyter, but shorter."""
    from dlcore.widgets.bundle import bundle

    source = DIST / "front.js"
    source.write_text(bundle(), encoding="utf-8")
    return _shortened("front", source, "the front end could not be made shorter")


def editor() -> dict:
    """CodeMirror and what the book makes of it, in one file."""
    source = WEB / "editor" / "editor.js"
    return _shortened("editor", source, "the editor of the code cells could not be bundled")


def _shortened(name: str, source: Path, failure: str) -> dict:
    """A module with what it imports in one file, without comments and long names."""
    target = DIST / f"{name}.min.js"
    command = "esbuild --bundle --format=esm --minify --log-level=warning"
    node.run(["npx", "--no-install", *command.split(), str(source), f"--outfile={target}"], failure)
    return describe(_write_hashed(name, ".js", target.read_bytes()))


def cells_package() -> dict:
    """The Python side of the code cells, as a package in a zip file."""
    modules = sorted((WEB / "page" / "cells").glob("*.py"))
    contents = {f"dlcore_cells/{path.name}": path.read_bytes() for path in modules}
    return describe(_write_hashed("cells", ".zip", wheel.zip_of(contents)))


def package_files() -> dict[str, dict]:
    """The data sets and trained weights of dlcore, by their paths there, and the notices that go
    with them.

    A host may unpack a .gz; it leaves a .bin.
    """
    from dlcore.data import SHA256

    data, weights = DLCORE / "data", DLCORE / "labs" / "weights"
    for notice in (data / "SOURCES.md", *DLCORE.rglob("share_alike/LICENSE.md")):
        target = PAGE / "files" / notice.relative_to(DLCORE)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(notice, target)
    names = sorted([data / name for name in SHA256] + list(weights.rglob("*.npz")))
    files = {path.relative_to(DLCORE).as_posix(): path.read_bytes() for path in names}
    for name in files:
        (PAGE / "files" / name).parent.mkdir(parents=True, exist_ok=True)
    return {
        name: describe(_write_hashed(f"files/{name.split('.')[0]}", ".bin", content))
        for name, content in files.items()
    }


def recordings() -> dict[str, dict]:
    """Each figure's default run; kept while dlcore is unchanged, for they take some seconds."""
    from dlcore.labs import LABS

    folder = PAGE / "recordings"
    stamp = Stamp("recordings", tree_digest([DLCORE]), folder)
    if not stamp.fresh():
        stamp.clear()
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        with ThreadPoolExecutor(os.cpu_count()) as pool:  # each of them runs a process of its own
            done = pool.map(lambda name: _record(name, folder), LABS)
        lost = [name for name, code in zip(LABS, done, strict=True) if code]
        if lost:
            raise StepError(f"recordings: no recording of {', '.join(lost)}: see the lines above")
        stamp.set()
    return {name: describe(_recording(folder, name)) for name in LABS}


def _record(name: str, folder: Path) -> int:
    """The exit code of a process that records a figure."""
    say(f"recordings: {name}")
    command = [sys.executable, "-m", "dlcore.labs.recording", name, str(folder)]
    return subprocess.run(command, cwd=ROOT).returncode


def _recording(folder: Path, name: str) -> Path:
    found = sorted(folder.glob(f"{name}.*.rec"))
    if len(found) != 1:
        raise StepError(
            f"recordings: expected one {name}.*.rec in {folder}, found {len(found)}; "
            "delete web/dist and run make again"
        )
    return found[0]


def describe(path: Path) -> dict:
    """A file as the page's manifest names it."""
    data = path.read_bytes()
    return {"file": path.relative_to(PAGE).as_posix(), "bytes": len(data), "sha256": digest(data)}


def scripts(manifest: dict) -> None:
    """The page's scripts and the manifest, in a folder that is named by what is in them."""
    source = WEB / "page"
    files = {
        path.relative_to(source).as_posix(): path.read_bytes()
        for path in sorted(source.rglob("*.js"))
    }
    files["manifest.json"] = json.dumps(manifest, indent=1).encode()
    folder = (
        PAGE / f"page-{digest(json.dumps({n: digest(d) for n, d in files.items()}).encode())[:8]}"
    )
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def _write_hashed(name: str, suffix: str, data: bytes) -> Path:
    path = PAGE / f"{name}.{digest(data)[:8]}{suffix}"
    path.write_bytes(data)
    return path


def _clear() -> None:
    """Take away what there is, also of an older version, but what is long in the making."""
    kept = {f"pyodide-{runtime.VERSION}", "recordings"}
    for path in PAGE.iterdir():
        if path.is_dir() and path.name not in kept:
            shutil.rmtree(path)
        elif path.is_file():
            path.unlink()


def make() -> None:
    node.install_packages()
    made_from = tree_digest(
        [
            DLCORE,
            WEB / "editor",
            WEB / "page",
            WEB / "simd",
            WEB / "tools",
            WEB / "package-lock.json",
        ]
    )
    stamp = Stamp("assets", made_from, PAGE, STATIC / "mathjax")
    if stamp.fresh():
        say("assets: nothing has changed")
        return
    stamp.clear()
    PAGE.mkdir(parents=True, exist_ok=True)
    mathjax()
    _clear()
    manifest = {
        "runtime": runtime.lay_out(),
        "wheel": describe(wheel.build(PAGE)),
        "sgemm": matrix_product(),
        "front": front_end(),
        "editor": editor(),
        "recordings": recordings(),
        "engine": describe(
            _write_hashed("engine", ".py", (WEB / "page" / "engine.py").read_bytes())
        ),
        "cells": cells_package(),
        "files": package_files(),
    }
    scripts(manifest)
    stamp.set()
    say(f"assets: the page's files are in {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    run_step(make)
