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


def pytest_collection_modifyitems(items):
    """The browser's tests come first, because they take longest."""
    items.sort(key=lambda item: not item.nodeid.startswith(BROWSER))


@pytest.hookimpl(optionalhook=True)  # the page's Python has no xdist
def pytest_xdist_make_scheduler(config, log):
    """With `-n 2`, file by file (a notebook's cells need one kernel), and the browser's tests one
    after another: they look at the clock.
    """
    from xdist.scheduler import LoadScopeScheduling

    class FileByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return BROWSER if nodeid.startswith(BROWSER) else nodeid.split("::")[0]

    return FileByFile(config, log)
