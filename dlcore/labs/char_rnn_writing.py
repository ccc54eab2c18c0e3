"""The lab `char-rnn`: names that a network writes, and what is new about them."""

from functools import lru_cache
from types import SimpleNamespace

import numpy as np

from ..sampling import sample
from .char_rnn_names import LETTERS, ONE_HOT, known_trigrams, unseen
from .char_rnn_reading import log_softmax

WRITTEN, SHOWN = 100, 12  # names
MOST = 16  # letters of a name, if "·" does not come before


def write(net, count, temperature, rng):
    """(names, nats): so many names, and their mean nats a character at temperature 1. Numbers that
    are not finite write nothing, and their nats are NaN."""
    (recurrent, head), state = net.layers, None
    ids, texts = np.zeros(count, np.intp), []
    nats, lengths = np.zeros(count), np.zeros(count)
    going = np.ones(count, bool)
    for _ in range(MOST + 1):
        state, tape = recurrent.cell.step(ONE_HOT[ids], state)
        z = head.layer(tape.y[0])
        if not np.isfinite(z).all():
            return [""] * count, np.full(count, np.nan)
        ids = sample(z, temperature, rng=rng).astype(np.intp)
        texts.append(ids)
        nats -= going * log_softmax(z)[np.arange(count), ids]
        lengths += going
        going = going & (ids > 0)
        if not going.any():
            break
    spelt = ["".join(LETTERS[k] for k in row) for row in np.array(texts).T]
    return [text.split("·")[0][:MOST] for text in spelt], nats / lengths


class Writer:
    """Knows the names to learn from and those held out."""

    def __init__(self, train, held_out):
        self.train, self.held_out = frozenset(train), frozenset(held_out)
        self.trigrams = known_trigrams(train)
        self.known_held_out = self.share_known(held_out)

    def share_known(self, names):
        return float(np.mean([not unseen(name, self.trigrams) for name in names]))

    def write(self, net, temperature, rng):
        """names, nats; known, copied: shares of all WRITTEN."""
        names, nats = write(net, WRITTEN, temperature, rng)
        return SimpleNamespace(
            names=names,
            nats=nats[:SHOWN].astype(np.float32),
            known=self.share_known(names),
            copied=float(np.mean([name in self.train for name in names])),
            different=len(set(names)),
        )

    def kind(self, name):
        """What is new about a name."""
        if name in self.train:
            return "copied"
        if name in self.held_out:
            return "a real one, held out"
        three = unseen(name, self.trigrams)
        return f"no name has “{three}”" if three else "new"


writer = lru_cache(maxsize=8)(Writer)  # one for each set of names
