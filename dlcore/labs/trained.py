"""Trained weights that figures show. `make weights` makes the files; web/tools/weights.py says how.

What was trained on share-alike data lies in a folder of its own, with its licence.
"""

import io
from functools import lru_cache
from importlib.resources import files

import numpy as np

from ..layers import Dense
from ..model import Sequential, folded, grid_detector
from ..recurrent import EveryTick, LSTMCell, Recurrent, RNNCell

STEPS = (150, 3000)  # of training, after which its weights were kept
LISTENERS = {"lstm": (LSTMCell, 32), "rnn": (RNNCell, 64)}  # about 6,000 weights either
ASKED = ("end", "every")  # at the last frame of a word only, or at every one
MFCCS, DIGITS = 13, 10


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


@lru_cache(maxsize=4)
def listener(kind, asked):
    """The network that was taught spoken digits, of `kind` "lstm" or "rnn": x (T, N, 13) -> logits
    (T, N, 10) of the digit, after every frame. `asked`: one of `ASKED`, when it had to answer.
    """
    if kind not in LISTENERS or asked not in ASKED:
        known = f"one of {tuple(LISTENERS)} and one of {ASKED}"
        raise ValueError(f"listener: expected {known}, got {kind!r} and {asked!r}")
    net = new_listener(kind, rng=np.random.default_rng(0))
    with np.load(_open("share_alike/speech.npz"), allow_pickle=False) as f:
        net.params.update({name: unpack(f, f"{kind}.{asked}.{name}") for name in net.params})
    return net


def new_listener(kind, *, rng):
    """The same network, with nothing learnt yet."""
    cell, hidden = LISTENERS[kind]
    head = EveryTick(Dense(hidden, DIGITS, rng=rng))
    return Sequential(Recurrent(cell(MFCCS, hidden, rng=rng)), head)


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
