"""A plugin of pytest: what nbval has run, cell by cell, the book need not run again.

`pytest -p web.tools.keep_outputs --nbval chapters` keeps the outputs of every notebook whose cells
all pass where Jupyter Book looks for them. Running all notebooks takes minutes.
"""

from __future__ import annotations

import copy

import pytest
from ipykernel.ipkernel import IPythonKernel
from jupyter_cache import get_cache
from nbval.plugin import IPyNbFile

from .notebooks import cache_folder, keep, one_thread


def pytest_configure() -> None:
    one_thread()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item, nextitem):
    """Once a notebook's last cell has run, keep the notebook."""
    result = yield
    notebook = item.parent
    if isinstance(notebook, IPyNbFile) and (nextitem is None or nextitem.parent is not notebook):
        cells = [cell for cell in item.session.items if cell.parent is notebook]
        if all(cell.stash.get(PASSED, False) for cell in cells):
            keep(get_cache(cache_folder()), notebook.path, _executed(notebook.nb, cells))
    return result


PASSED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if call.when == "call":
        item.stash[PASSED] = report.passed
    return report


def _executed(notebook, cells):
    """The notebook with the outputs that its cells gave."""
    executed = copy.deepcopy(notebook)
    executed.metadata.language_info = IPythonKernel.language_info  # the kernel told nbclient this
    code = [cell for cell in executed.cells if cell.cell_type == "code"]
    for cell, ran in zip(code, cells, strict=True):
        cell.outputs = copy.deepcopy(ran.test_outputs)
        cell.execution_count = ran.cell_num + 1
    return executed
