"""Notebooks run again when dlcore changes, and on one thread."""

from __future__ import annotations

from web.tools.notebooks import cache_folder, one_thread


def choose_cache(app, config) -> None:
    config.nb_execution_cache_path = str(cache_folder())


def setup(app) -> dict:
    one_thread()
    app.connect("config-inited", choose_cache, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
