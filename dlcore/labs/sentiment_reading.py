"""What the lab `sentiment` knows of a sentence: verdicts, effects of words, gates, other orders."""

from types import SimpleNamespace

import numpy as np

from .. import data
from ..model import Sequential
from . import trained
from .controls import LabError
from .sentiment_controls import BACKWARDS, SHUFFLED, SWAPPED

LONGEST = 60  # words that are read: of the 2,383 sentences that they learnt from, one is longer
ORDERS = 40  # other orders of the same words


class Reading:
    """A sentence, read by both.

    words, ids     its words in their order, and their numbers (T,), 0 for an unknown one
    cut            how many words there are beyond `LONGEST`, which are not read
    after, z       the LSTM's logit after each word (T,), and after the last; `before` any word
    gates          h, c, f, i, o, c_tilde, each (H, T)
    without        z minus the logit without word t (T,);   lean: x_t dz/dx_t (T,)
    weight, z_bag  what each word adds in the bag of words (T,), and its logit; `bias`
    orders         z in other orders of the words (ORDERS,)
    """

    def __init__(self, text, order, rng):
        self.net, self.bag, self.vocabulary = trained.sentiment()
        found = data.words(text)
        self.cut = max(0, len(found) - LONGEST)
        found = found[:LONGEST]
        self.place = rearranged(len(found), order, rng)
        self.words = [found[k] for k in self.place]
        self.ids = data.look_up([" ".join(self.words)], self.vocabulary)[0]
        self.read()
        self.count()
        self.compare(rng)

    def __len__(self):
        return len(self.words)

    def read(self):
        """The LSTM goes through the words, and its last logit back to their vectors."""
        E, lstm, _, head = self.net.layers
        zeros = np.zeros((1, lstm.cell.hidden_size), np.float32)
        self.before = self.z = float(head(zeros)[0, 0])
        self.after, self.lean = np.zeros(0), np.zeros(0)
        self.gates = dict.fromkeys(("h", "c", "f", "i", "o", "c_tilde"), zeros.T[:, :0])
        if not self.words:
            return
        x = E(self.ids[:, None])
        h, tape = lstm.forward(x)
        self.after = head(h[:, 0])[:, 0]
        self.z = float(self.after[-1])
        f, i, o, c_tilde = (gate[:, 0].T for gate in tape.a.swapaxes(0, 1))
        self.gates = {"h": h[:, 0].T, "c": tape.c[1:, 0].T}
        self.gates |= {"f": f, "i": i, "o": o, "c_tilde": c_tilde}
        dx, _ = lstm.backward(None, tape, dstate=(head.W.copy(), np.zeros_like(zeros)))
        self.lean = (x * dx).sum((1, 2))

    def count(self):
        """The bag of words."""
        self.bias = float(self.bag.b[0])
        self.weight = self.bag.W[0, self.ids]
        self.z_bag = self.bias + float(self.weight.sum())

    def compare(self, rng):
        """The LSTM reads the sentence without each word, and in other orders, side by side."""
        T = len(self)
        self.without, self.orders = np.zeros(0), np.full(ORDERS, self.z)
        if not T:
            return
        x = np.repeat(self.ids[:, None], T + ORDERS, 1)
        for column in range(T, T + ORDERS):
            x[:, column] = rng.permutation(self.ids)
        mask = ~np.eye(T, T + ORDERS, dtype=bool)  # column t skips word t
        z = self.net(x, mask)[:, 0]
        self.without, self.orders = self.z - z[:T], z[T:]

    def above(self):
        """The vectors of the words (T, 1, D), and the layers that read them."""
        if not self.words:
            raise LabError("your sentence: expected at least one word")
        E, *layers = self.net.layers
        return E(self.ids[:, None]), Sequential(*layers)


def rearranged(T, order, rng):
    """Places 0 to T - 1 in an order."""
    place = np.arange(T)
    if order == BACKWARDS:
        place = place[::-1]
    elif order == SHUFFLED:
        place = rng.permutation(T)
    elif order == SWAPPED:
        even = T - T % 2
        place = np.concatenate([place[:even].reshape(-1, 2)[:, ::-1].ravel(), place[even:]])
    return place.tolist()


def shown(reading):
    """The same with a word that stands for none, so that every panel has something to draw."""
    if len(reading):
        return reading
    one = np.zeros(1)
    state = {name: np.zeros((len(g), 1)) for name, g in reading.gates.items()}
    return SimpleNamespace(
        words=["(no word)"], ids=np.ones(1, int), after=one + reading.before, gates=state,
        without=one, lean=one, weight=one, bias=reading.bias, before=reading.before,
    )  # fmt: skip
