"""Train the networks whose weights figures show, and write them into dlcore/labs/weights.

    python -m web.tools.weights        a few minutes on one core

The same seeds, so nearly the same weights: products of matrices are summed in another order on
another machine. Tests hold how well the networks do, not their bytes.
"""

from __future__ import annotations

import numpy as np

import dlcore as dl
from dlcore import data, detection
from dlcore.labs import trained
from dlcore.model import folded, grid_detector

from .common import ROOT

FOLDER = ROOT / "dlcore" / "labs" / "weights"
CANVASES, BATCH, ALPHA = 512, 32, 0.004  # canvases are new after so many


def main() -> None:
    path = FOLDER / "share_alike" / "detector.npz"
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, **detector())
    print(path.relative_to(ROOT), f"{path.stat().st_size:,} bytes")


def detector() -> dict[str, np.ndarray]:
    """Weights of the grid detector after each of `trained.STEPS`, packed."""
    rng, kept = np.random.default_rng(0), {}
    net = grid_detector(10, rng=rng)
    opt, schedule = dl.Adam(ALPHA), dl.cosine(ALPHA, trained.STEPS[-1])
    for t, (x, y) in enumerate(batches(trained.STEPS[-1], rng), start=1):
        z, cache = net.forward(x)
        J, dz = detection.grid_loss(z, y)
        opt.alpha = schedule(t)
        opt.step(net.params, net.backward(dz, cache, need_dx=False)[1])
        if t in trained.STEPS:
            print(f"step {t:,}: J = {J:.3f}", flush=True)
            for name, p in folded(net).params.items():
                kept |= trained.pack(f"{t}.{name}", p)
    return kept


def batches(steps, rng):
    """So many batches of canvases that were never shown before, and what the grid should answer."""
    while True:
        canvases = data.digit_canvases(CANVASES, rng=rng)
        y = detection.grid_targets(canvases.boxes, canvases.labels, 48, 8)
        for start in range(0, CANVASES, BATCH):
            yield canvases.x[start : start + BATCH], y[start : start + BATCH]
            steps -= 1
            if steps == 0:
                return


if __name__ == "__main__":
    main()
