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
    """The browser's tests come first, because they take longest."""
    items.sort(key=lambda item: not item.nodeid.startswith("tests/browser/"))
