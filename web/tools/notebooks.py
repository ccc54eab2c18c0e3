"""Run the book's notebooks side by side, and keep what they gave where Jupyter Book looks for it.

Jupyter Book runs one after the other. A notebook that fails here is not kept, so Jupyter Book runs
it again and says what is wrong.
"""

from __future__ import annotations

import os
import shutil
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import nbformat
import yaml
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.executors.utils import ExecutionResult, single_nb_execution

from . import contents
from .common import ROOT, say, tree_digest

CACHES = ROOT / "_build" / "executed"


def cache_folder() -> Path:
    """Where outputs are kept. Jupyter Book's cache knows the notebooks' text only, so the folder
    is named by a hash of ``dlcore/``; those of older versions go."""
    mine = CACHES / tree_digest([ROOT / "dlcore"])[:12]
    for old in CACHES.glob("*"):
        if old != mine:
            shutil.rmtree(old)
    return mine


def one_thread() -> None:
    """Numbers differ in their last digits between one and two threads."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")


def notebooks() -> list[Path]:
    """Those of the table of contents, the longest first, by what their cells announce."""
    return sorted(contents.notebooks(ROOT).values(), key=_seconds, reverse=True)


def _seconds(path: Path) -> float:
    cells = nbformat.read(path, 4).cells
    return sum(cell.metadata.get("dlcore", {}).get("seconds", 0) for cell in cells)


def _run(path: Path, timeout: float) -> ExecutionResult:
    return single_nb_execution(nbformat.read(path, 4), str(path.parent), timeout, False)


def run_all() -> None:
    """Run what the cache does not have."""
    one_thread()
    cache = get_cache(cache_folder())
    missing = [path for path in notebooks() if not _kept(cache, path)]
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    timeout = config["execute"]["timeout"]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        runs = {path: pool.submit(_run, path, timeout) for path in missing}
        for path, run in runs.items():
            result = run.result()
            if result.err is None:
                keep(cache, path, result.nb)
                say(f"notebooks: {path.relative_to(ROOT)} took {result.time:.0f} s")


def keep(cache, path: Path, executed) -> None:
    """Put a notebook with its outputs into the cache."""
    bundle = CacheBundleIn(executed, str(path))
    cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)


def _kept(cache, path: Path) -> bool:
    try:
        cache.match_cache_file(path)
    except KeyError:
        return False
    return True
