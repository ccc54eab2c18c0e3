"""One thread for every test: results then agree to the last digit from run to run."""

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np  # noqa: E402
import pytest  # noqa: E402


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def pytest_collection_modifyitems(items):
    """The browser's tests come first, because they take longest. Where several processes share the
    work, one of them takes all tests of a file, unless these are grouped otherwise."""
    items.sort(key=lambda item: not item.nodeid.startswith("tests/browser/"))
    for item in items:
        if not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(item.nodeid.split("::")[0]))
