"""One thread for every test: results then agree to the last digit from run to run."""

import os
import re

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np  # noqa: E402
import pytest  # noqa: E402
from xdist.scheduler import LoadScopeScheduling  # noqa: E402

BROWSER = "tests/browser/"


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def pytest_collection_modifyitems(items):
    """The browser's tests come first, because they take longest."""
    items.sort(key=lambda item: not item.nodeid.startswith(BROWSER))


class ByFileAndPage(LoadScopeScheduling):
    """Where several processes share the work, one of them takes all tests of a file; those of live
    figures in the browser are shared out page by page, for a page's Python takes seconds to come.
    """

    def _split_scope(self, nodeid):
        file, _, rest = nodeid.partition("::")
        if not file.startswith(BROWSER):
            return file
        from tests.browser.places import PLACES  # reads all notebooks

        named = re.search(r"\[([\w-]+)", rest)
        return f"{file} {PLACES.get(named and named[1], '')}"


@pytest.hookimpl(optionalhook=True)  # the page's Python has no such plugin
def pytest_xdist_make_scheduler(config, log):
    return ByFileAndPage(config, log)
