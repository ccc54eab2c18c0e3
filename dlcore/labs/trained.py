"""Trained weights that figures show. `make weights` makes the files; web/tools/weights.py says how.

What was trained on share-alike data lies in a folder of its own, with its licence.
"""

import io
from functools import lru_cache
from importlib.resources import files

import numpy as np

from ..model import folded, grid_detector

STEPS = (150, 3000)  # of training, after which its weights were kept


@lru_cache(maxsize=4)
def detector(steps=STEPS[-1]):
    """The grid detector for digits on a canvas after so many steps of training, one of `STEPS`.

    Its batch normalisation is put into its convolutions, so it is for predicting.
    """
    if steps not in STEPS:
        raise ValueError(f"detector: expected steps to be one of {STEPS}, got {steps!r}")
    net = folded(grid_detector(10, rng=np.random.default_rng(0)))
    with np.load(_open("share_alike/detector.npz"), allow_pickle=False) as f:
        net.params.update({name: unpack(f, f"{steps}.{name}") for name in net.params})
    return net


def pack(name, w):
    """Weights w (out, ...) as whole numbers from -127 to 127, and a scale for each output."""
    flat = w.reshape(len(w), -1)
    scale = np.maximum(np.abs(flat).max(1), 1e-12) / 127
    whole = np.round(flat / scale[:, None]).astype(np.int8)
    return {name: whole.reshape(w.shape), f"{name}.scale": scale.astype(np.float32)}


def unpack(arrays, name):
    """What `pack` has packed, within half a step."""
    whole, scale = arrays[name], arrays[f"{name}.scale"]
    return whole * scale.reshape(-1, *[1] * (whole.ndim - 1))


def _open(name):
    return io.BytesIO((files(__package__) / "weights" / name).read_bytes())
