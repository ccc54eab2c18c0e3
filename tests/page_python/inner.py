"""Runs in the page's Python: the unit tests, with the matrix product of the page behind dlcore."""

import os
import sys
from types import SimpleNamespace
from unittest.mock import MagicMock

MODULES = """
conv detection exercises exercises_cnn exercises_gan exercises_lstm exercises_rnn formulas_ann
formulas_cnn formulas_rnn layers losses_and_optimisers normalization recurrent regions
regularization sequences training
"""
# Left out: plots and hard_cases draw; data reads files and asks no server; formula_labels, imports
# and notebooks are about the repository, not about Python. Of the exercises' tests one hands in
# what never ends or fills the memory, which a worker is stopped for from outside, and one draws.
NOT = "not nothing_gets_out and not readers_own_functions"

os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
sys.dont_write_bytecode = True
sys.path[:0] = ["/repo", "/repo/web/page"]
sys.path.append("/packages")  # pytest and what it needs, all of it plain Python

import pytest  # noqa: E402

# Hypothesis is compiled for another machine: its tests are skipped, the examples of all others run.
skip = pytest.mark.skip(reason="Hypothesis is not to be had in the page")
sys.modules["hypothesis"] = SimpleNamespace(
    given=lambda *_, **__: skip, settings=lambda **_: lambda test: test, strategies=MagicMock()
)
sys.modules["hypothesis.strategies"] = sys.modules["hypothesis"].strategies
sys.modules["hypothesis.extra"] = sys.modules["hypothesis.extra.numpy"] = MagicMock()

import engine  # noqa: E402
from js import sgemm  # noqa: E402

assert engine.install_product(sgemm), "the matrix product failed its test"
options = "-q --tb=short --capture=sys --rootdir=/repo -c /dev/null -p no:cacheprovider -W error"
options += " --import-mode=importlib -o markers=xdist_group"  # which xdist would register
files = [f"/repo/tests/unit/test_{name}.py" for name in MODULES.split()]
int(pytest.main([*options.split(), "-k", NOT, *files]))
