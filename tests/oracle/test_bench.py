"""The benchmark compares like with like, and readable NumPy is in PyTorch's order of magnitude."""

import statistics
import time

import numpy as np
import pytest

from bench.__main__ import compare
from bench.sides import stepper
from bench.workloads import WORKLOADS, Game, build


@pytest.mark.parametrize("name", WORKLOADS)
def test_both_sides_train_alike(name):
    """Ten steps of Adam from the same weights: the same losses, and they fall, unless two nets play
    against each other, where they only change."""
    ours, theirs = (
        stepper("dlcore", name),
        stepper("channels_last" if name == "W4" else "fused", name),
    )
    losses = np.array([(ours(), theirs()) for _ in range(10)])
    np.testing.assert_allclose(losses[:, 0], losses[:, 1], rtol=1e-4)
    assert len(set(losses[:, 0])) == 10
    assert losses[-1, 0] < losses[0, 0] or isinstance(build(name), Game)


@pytest.mark.parametrize("name", WORKLOADS)
def test_a_step_takes_less_than_ten_times_pytorchs(name):
    times = {"dlcore": [], "fused": []}
    steps = {side: stepper(side, name) for side in times}
    for _ in range(12):
        for side, step in steps.items():
            start = time.perf_counter()
            step()
            times[side].append(time.perf_counter() - start)
    assert statistics.median(times["dlcore"]) < 10 * statistics.median(times["fused"])


def test_pytorch_is_taken_in_its_fastest_mode_and_ratios_are_paired():
    times = {"dlcore": [1, 2, 10], "default": [3, 6, 30], "fused": [2, 4, 20]}
    assert compare(times)[:2] == ("fused", 2)
