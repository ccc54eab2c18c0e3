"""Notebooks run again when dlcore changes, and on one thread.

Jupyter Book's cache knows the notebooks' text only, so its folder is named by a hash of
``dlcore/``.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from web.tools.common import ROOT, tree_digest

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def choose_cache(app, config) -> None:
    caches = Path(app.outdir).parent / "executed"
    mine = caches / tree_digest([ROOT / "dlcore"])[:12]
    for old in caches.glob("*"):
        if old != mine:
            shutil.rmtree(old)
    config.nb_execution_cache_path = str(mine)


def setup(app) -> dict:
    for name in THREADS:
        os.environ.setdefault(name, "1")
    app.connect("config-inited", choose_cache, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
