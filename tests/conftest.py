"""One thread for every test: results then agree to the last digit from run to run."""

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np  # noqa: E402
import pytest  # noqa: E402


@pytest.fixture
def rng():
    return np.random.default_rng(0)


BROWSER = "tests/browser/"
FRONT = BROWSER + "front/"


def pytest_collection_modifyitems(items):
    """The browser's tests come first, because they take longest."""
    items.sort(key=lambda item: not item.nodeid.startswith(BROWSER))


@pytest.hookimpl(optionalhook=True)  # the page's Python has no xdist
def pytest_xdist_make_scheduler(config, log):
    """With `-n 2`, file by file (a notebook's cells need one kernel); the browser's tests in two
    lots, those of the pages and those of the figures alone, with a browser each.
    """
    from xdist.scheduler import LoadScopeScheduling

    class FileByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            lots = (FRONT, BROWSER, nodeid.split("::")[0])
            return next(lot for lot in lots if nodeid.startswith(lot))

    return FileByFile(config, log)
