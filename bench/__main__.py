"""Training speed of dlcore beside PyTorch eager, one thread: `python -m bench`, options with -h.

Every side of a workload runs in its own process. They take turns, a slice of time each, in random
order, so that a busy machine slows all of them: what counts is the ratio within a round, and its
median over the rounds. PyTorch is taken in the mode that is fastest for the workload.
"""

import argparse
import random
import statistics
import subprocess
import sys
import time

import numpy as np

from .sides import SIDES
from .workloads import WORKLOADS

CHECKED_STEPS = 20  # after so many steps both sides must have the same loss


class Worker:
    """A process that trains one side of one workload when it is asked to."""

    def __init__(self, side, workload):
        self.side = side
        command = [sys.executable, "-m", "bench.worker", side, workload]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def wait(self):
        if self.process.stdout.readline().strip() != "ready":
            raise SystemExit(f"bench: the worker for {self.side} did not start")

    def run(self, steps):
        """(seconds for one step, loss after the last)"""
        self.process.stdin.write(f"{steps}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().split()
        if len(answer) != 2:
            raise SystemExit(f"bench: the worker for {self.side} stopped")
        return float(answer[0]) / steps, float(answer[1])

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def measure(name, rounds, slice_s):
    """{side: seconds per step in each round}"""
    sides = [side for side in SIDES if side != "channels_last" or name in ("W3", "W4", "W8")]
    workers = [Worker(side, name) for side in sides]
    try:
        for worker in workers:
            worker.wait()
        losses = {worker.side: worker.run(CHECKED_STEPS)[1] for worker in workers}
        check_same(name, losses)
        steps = {w.side: max(1, round(slice_s / w.run(5)[0])) for w in workers}
        times = {side: [] for side in sides}
        for _ in range(rounds):
            for worker in random.sample(workers, len(workers)):
                times[worker.side].append(worker.run(steps[worker.side])[0])
    finally:
        for worker in workers:
            worker.close()
    return times


def check_same(name, losses):
    """Both sides must compute the same thing, or the comparison means nothing."""
    if not np.allclose(list(losses.values()), losses["dlcore"], rtol=1e-3, atol=1e-5):
        raise SystemExit(
            f"bench: {name} trains differently, losses after {CHECKED_STEPS} steps: {losses}"
        )


def compare(times):
    """(the fastest PyTorch mode, median of its time over ours, quartiles of that ratio)"""
    ratios = {
        side: [theirs / ours for theirs, ours in zip(t, times["dlcore"], strict=True)]
        for side, t in times.items()
        if side != "dlcore"
    }
    best = min(ratios, key=lambda side: statistics.median(ratios[side]))
    low, ratio, high = np.percentile(ratios[best], (25, 50, 75))
    return best, ratio, low, high


def sgemm_peak(size=512, repeats=15):
    """Floating point operations a second of the best of a few square products."""
    a = np.random.default_rng(0).standard_normal((size, size), np.float32)
    best = float("inf")
    for _ in range(repeats):
        start = time.perf_counter()
        a @ a
        best = min(best, time.perf_counter() - start)
    return 2 * size**3 / best


def main():
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.split("\n")[0])
    parser.add_argument("--only", help="workloads, such as W1,W4", default=",".join(WORKLOADS))
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--slice", type=float, default=0.1, help="seconds a side has in a round")
    parser.add_argument("--long", action="store_true", help="60 rounds of half a second")
    options = parser.parse_args()
    rounds, slice_s = (60, 0.5) if options.long else (options.rounds, options.slice)
    unknown = set(options.only.split(",")) - set(WORKLOADS)
    if unknown:
        parser.error(f"no workload {', '.join(sorted(unknown))}; there are {', '.join(WORKLOADS)}")

    peak = sgemm_peak()
    print(f"One thread, float32, Adam; microseconds a step. sgemm peak {peak / 1e9:.0f} GFLOP/s.")
    print(row("", "dlcore", "PyTorch", "mode", "ratio", "(quartiles)", "goal", "of peak"))
    for name in options.only.split(","):
        work = WORKLOADS[name]
        times = measure(name, rounds, slice_s)
        best, ratio, low, high = compare(times)
        ours, theirs = (statistics.median(times[side]) for side in ("dlcore", best))
        cells = (
            f"{name} {work.title}",
            f"{ours * 1e6:.0f}",
            f"{theirs * 1e6:.0f}",
            best,
            f"{ratio:.2f}",
            f"({low:.2f}-{high:.2f})",
            f"{work.goal:.2f}",
            f"{work.flops / ours / peak:.0%}",
        )
        print(row(*cells), flush=True)


def row(title, ours, theirs, mode, *numbers):
    """One line of the table."""
    ratio, quartiles, goal, share = numbers
    return (
        f"{title:36s}{ours:>8s} {theirs:>8s} {mode:14s}{ratio:>6s} {quartiles:>14s}"
        f"{goal:>6s} {share:>8s}"
    )


if __name__ == "__main__":
    main()
