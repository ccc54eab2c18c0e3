"""Trained weights that figures show. `make weights` makes the files; web/tools/weights.py says how.

What was trained on share-alike data lies in a folder of its own, with its licence.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from .. import style
from ..activations import ReLU
from ..conv import Conv2d
from ..data import open_weights
from ..embedding import Embedding
from ..layers import Dense
from ..model import Sequential, folded, grid_detector, mlp
from ..recurrent import EveryTick, LastTick, LSTMCell, Recurrent, RNNCell

STEPS = (150, 3000)  # of training, after which its weights were kept
LISTENERS = {"lstm": (LSTMCell, 32), "rnn": (RNNCell, 64)}  # about 6,000 weights either
ASKED = ("end", "every")  # at the last frame of a word only, or at every one
MFCCS, DIGITS = 13, 10
JUDGE = (64, 128, DIGITS)  # units of the classifier of 8x8 digits
STYLE_STEPS = (0, 30, 100, 300, 800, 1300)  # of training; a translator was kept after each
FORK = 800  # of them by L1 alone; then it went on in three ways, against D or down a distance
GAMES = ("gan", "plain", "squares")  # L1 and D, L1 alone, the squared error alone


@lru_cache(maxsize=4)
def detector(steps=STEPS[-1]):
    """The grid detector for digits on a canvas after so many steps of training, one of `STEPS`.

    Its batch normalisation is put into its convolutions, so it is for predicting.
    """
    if steps not in STEPS:
        raise ValueError(f"detector: expected steps to be one of {STEPS}, got {steps!r}")
    net = folded(grid_detector(10, rng=np.random.default_rng(0)))
    with np.load(open_weights("share_alike/detector.npz"), allow_pickle=False) as f:
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
    with np.load(open_weights("share_alike/speech.npz"), allow_pickle=False) as f:
        net.params.update({name: unpack(f, f"{kind}.{asked}.{name}") for name in net.params})
    return net


def new_listener(kind, *, rng):
    """The same network, with nothing learnt yet."""
    cell, hidden = LISTENERS[kind]
    head = EveryTick(Dense(hidden, DIGITS, rng=rng))
    return Sequential(Recurrent(cell(MFCCS, hidden, rng=rng)), head)


class Sentiment(NamedTuple):
    """Two that tell praise from complaint in sentences of `vocabulary`, logits above 0 for praise.

    net: word numbers (T, N), and a mask -> z (N, 1).   bag: counts of the words (N, K) -> z (N, 1).
    """

    net: Sequential
    bag: Dense
    vocabulary: tuple


@lru_cache(maxsize=1)
def sentiment():
    """An LSTM and a bag of words that have learnt from `data.reviews()`: a `Sentiment`."""
    with np.load(open_weights("sentiment.npz"), allow_pickle=False) as f:
        arrays = dict(f)
    vocabulary = tuple(arrays["vocabulary"].tobytes().decode().split("\n"))
    K, D = arrays["0.W"].shape
    H = arrays["3.W"].shape[1]
    rng = np.random.default_rng(0)
    cell = LSTMCell(D, H, rng=rng)
    net = Sequential(Embedding(K, D, rng=rng), Recurrent(cell), LastTick(), Dense(H, 1, rng=rng))
    net.params.update({name: unpack(arrays, name) for name in net.params})
    bag = Dense(K, 1, rng=rng)
    bag.params.update({name: unpack(arrays, f"bag.{name}") for name in bag.params})
    return Sentiment(net, bag, vocabulary)


@lru_cache(maxsize=1)
def judge():
    """A classifier of digits, x (m, 64) -> logits (m, 10), which has learnt to be in doubt of what
    is none: beliefs of 1/10 each."""
    net = mlp(JUDGE, ReLU, rng=np.random.default_rng(0))
    with np.load(open_weights("judge.npz"), allow_pickle=False) as f:
        net.params.update({name: unpack(f, name) for name in net.params})
    return net


@lru_cache(maxsize=1)
def style_file():
    """All arrays of what has learnt to change the style of letters."""
    with np.load(open_weights("style.npz"), allow_pickle=False) as f:
        return dict(f)


@lru_cache(maxsize=len(GAMES) * len(STYLE_STEPS))
def translator(game, steps):
    """A `style.translator` into bold and italic after so many steps, one of `STYLE_STEPS`, of
    `game`, one of `GAMES`. Until the fork there is only the first of these."""
    if game not in GAMES or steps not in STYLE_STEPS or (game != GAMES[0] and steps <= FORK):
        known = f"one of {GAMES} and one of {STYLE_STEPS} that it was kept at"
        raise ValueError(f"translator: expected {known}, got {game!r} and {steps!r}")
    net = style.translator(rng=np.random.default_rng(0))
    return filled(net, f"{game}.{steps}") if steps else net


@lru_cache(maxsize=1)
def patch_discriminator():
    """The opponent of the translator "gan", after the last step."""
    return filled(style.patch_discriminator(rng=np.random.default_rng(0)), "D")


def filled(net, name):
    """The net with the weights of that name in style.npz."""
    whole, scales = style_file()[name], style_file()[f"{name}.scale"]
    for key, w in net.params.items():
        here, whole = whole[: w.size], whole[w.size :]
        scale, scales = scales[: len(w)], scales[len(w) :]
        net.params[key] = unpack({key: here.reshape(w.shape), f"{key}.scale": scale}, key)
    return net


class ByHand(NamedTuple):
    """Letters made bold by a filter, clipped to paper and ink, and italic by a shear, both fitted
    to the same fonts.

    x (N, 32, 32), how much bold, how much italic -> (N, 32, 32) from 0 to 1.
    """

    filter: Conv2d
    slope: float
    shift: float

    def __call__(self, x, bold, italic):
        if bold:
            clipped = np.clip(self.filter(x[:, None])[:, 0], 0, 1)
            x = np.clip(x + bold * (clipped - x), 0, 1)
        return style.shear(x, italic * self.slope, italic * self.shift) if italic else x


@lru_cache(maxsize=1)
def by_hand():
    f = style_file()
    conv = Conv2d(
        1, 1, len(f["filter.W"]), padding=len(f["filter.W"]) // 2, rng=np.random.default_rng(0)
    )
    conv.params.update({"W": f["filter.W"][None, None], "b": f["filter.b"]})
    return ByHand(conv, *f["shear"])


def pack(name, w):
    """Weights w (out, ...) as whole numbers from -127 to 127, and a scale for each output."""
    flat = w.reshape(len(w), -1)
    scale = np.maximum(np.abs(flat).max(1), 1e-12) / 127
    whole = np.round(flat / scale[:, None]).astype(np.int8)
    return {name: whole.reshape(w.shape), f"{name}.scale": scale.astype(np.float32)}


def pack_all(name, net):
    """All weights of a network, packed, in one array, and their scales in another."""
    packed = [pack("w", w) for w in net.params.values()]
    return {
        name: np.concatenate([p["w"].ravel() for p in packed]),
        f"{name}.scale": np.concatenate([p["w.scale"] for p in packed]),
    }


def unpack(arrays, name):
    """What `pack` has packed, within half a step."""
    whole, scale = arrays[name], arrays[f"{name}.scale"]
    return whole * scale.reshape(-1, *[1] * (whole.ndim - 1))
