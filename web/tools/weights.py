"""Train the networks whose weights figures show, and write them into dlcore/labs/weights.

    python -m web.tools.weights        a few minutes on one core

The same seeds, so nearly the same weights: products of matrices are summed in another order on
another machine. Tests hold how well the networks do, not their bytes.
"""

from __future__ import annotations

from itertools import product

import numpy as np

import dlcore as dl
from dlcore import data, detection
from dlcore.labs import trained
from dlcore.model import folded, grid_detector

from .common import ROOT

FOLDER = ROOT / "dlcore" / "labs" / "weights"
BATCH, ALPHA = 32, 0.004
CANVASES = 512  # they are new after so many
EPOCHS, THETA = 30, 1.0  # of the spoken digits; what gradients are shortened to


def main() -> None:
    for name, make in (("detector", detector), ("speech", speech)):
        path = FOLDER / "share_alike" / f"{name}.npz"
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(path, **make())
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


def speech() -> dict[str, np.ndarray]:
    """Weights of the networks that hear spoken digits, packed."""
    words, kept = data.spoken_digits(), {}
    for kind, asked in product(trained.LISTENERS, trained.ASKED):
        rng = np.random.default_rng(0)
        net = trained.new_listener(kind, rng=rng)
        J = teach(net, words, asked, rng)
        print(f"{kind}, asked at {asked}: J = {J:.3f}", flush=True)
        for name, p in net.params.items():
            kept |= trained.pack(f"{kind}.{asked}.{name}", p)
    return kept


def teach(net, words, asked, rng):
    """The mean loss of the last epoch."""
    opt, loss, losses = dl.Adam(ALPHA), dl.per_tick(dl.cross_entropy), []
    steps = EPOCHS * -(-len(words.y) // BATCH)
    schedule = dl.cosine(ALPHA, steps)
    for t, i in enumerate(alike(words.mask.sum(0), rng), start=1):
        T = words.mask[:, i].sum(0).max()
        x, mask = words.x[:T, i], words.mask[:T, i]
        if asked == "end":
            mask = np.diff(mask, axis=0, append=False)  # True at a word's last frame
        z, cache = net.forward(x)
        J, dz = loss(z, np.tile(words.y[i], (T, 1)), mask)
        grads, _ = dl.clip_by_norm(net.backward(dz, cache, need_dx=False)[1], THETA)
        opt.alpha = schedule(t)
        opt.step(net.params, grads)
        losses.append(J)
    return np.mean(losses[-steps // EPOCHS :])


def alike(lengths, rng):
    """Batches of sequences of nearly equal lengths, in a new order every epoch."""
    for _ in range(EPOCHS):
        order = rng.permutation(len(lengths))
        order = order[np.argsort(lengths[order], kind="stable")]
        starts = np.arange(0, len(order), BATCH)
        for start in rng.permutation(starts):
            yield order[start : start + BATCH]


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
