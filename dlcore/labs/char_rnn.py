"""The lab `char-rnn`: a recurrent network learns to write first names, letter by letter, live.

    x_t (27,), one-hot - cell - h_t - dense - z_t (27,),   softmax(z_t) expects the next letter

What is shown, exactly:
- `loss`, `loss_test`: nats a character of FEW names to learn from, and of every fourth held out.
- `names`: SHOWN of the WRITTEN names that are written with the same dice after every step, at the
  temperature; `nats`: their loss, at temperature 1. `known`: the share of all WRITTEN whose
  trigrams, "··" before and "·" after the name included, are all in the training data; `copied`: of
  those that are names of the training data.
- of the text, after each of its T symbols: `p` (T, 27), what is expected next; `p_next`, that of
  what does come; `h`, the state; and what log p of the letter that is asked about depends on:
  `gradient` (T, T), row t the Euclidean length of d log p / d x_s for s <= t, where x_s is a
  one-hot vector; `exchanged` (T, T), by how much log p is above its mean over texts with another
  letter at s.
- `back`: mean length of d log p(next) / d x_s after FAR symbols of names held out, by how far
  back s is.
- `norm`: of the last batch's gradient, before it was clipped (at step 0: of BEFORE names).
"""

import copy
from typing import ClassVar

import numpy as np

from .. import losses
from ..layers import Dense
from ..model import Sequential
from ..optim import clip_by_norm
from ..recurrent import EveryTick, Recurrent
from . import char_rnn_names as names
from .base import finite
from .cases import Cases
from .char_rnn_audit import audit
from .char_rnn_code import programs
from .char_rnn_controls import CASES, CELLS, NAMES, NOTICE, PICKED, USUAL, make_controls
from .char_rnn_names import LETTERS, ONE_HOT
from .char_rnn_panels import char_rnn_panels
from .char_rnn_reading import explained, log_softmax, looks_back, read
from .char_rnn_study import FAR, study
from .char_rnn_words import Words
from .char_rnn_writing import writer
from .in_words import InWords
from .learner import Training, norm, vector

BEFORE = 128  # names of the gradient that is shown before the first step


class CharRnn(Cases, InWords, Training):
    name = "char-rnn"
    title = "What has it learnt so far, and which letters does the next one depend on?"
    hint = (
        "Play: the same dice write better and better names. Type a text and pick a letter: see "
        "what comes next, and which letters before that depends on. Then exchange one."
    )
    rescue = "Clip the gradient, or choose a smaller α,"
    controls: ClassVar = make_controls()
    usual, cases, notices = USUAL, CASES, NOTICE
    ranges: ClassVar = {"h": (-1, 1, 65), "p": (0, 1, 256), "p_next": (0, 1, 256)}
    recorded = (5,) * 8 + (20,) * 8 + (50,) * 12
    objective = staticmethod(losses.per_tick(losses.cross_entropy))
    live = (*Training.live, "clip")
    limit = 50.0  # nats a character; guessing has 3.3

    # ---- the run

    def allow(self, values):
        names.first_names()

    def panels(self):
        known = self.writer.known_held_out
        return char_rnn_panels(self.values, self.study.baselines, known)

    def start(self):
        for_weights, self._for_batches, for_names, self._dice = (
            np.random.default_rng(self.seed).spawn(4)
        )  # fmt: skip
        train, held_out = names.first_names()
        n = self.values["n"]
        if n < NAMES:
            train = tuple(train[k] for k in for_names.permutation(NAMES)[:n])
        self.x, self.study, self.writer = train, study(train, held_out), writer(train, held_out)
        self.begin(for_weights)
        self.clipped = []  # of the last steps: was it?
        self.gradient(np.arange(min(BEFORE, n)))

    def build(self, rng):
        H = self.values["hidden"]
        cell = CELLS[self.values["cell"]](len(LETTERS), H, rng=rng)
        return Sequential(Recurrent(cell), EveryTick(Dense(H, len(LETTERS), rng=rng)))

    def gradient(self, i):
        """Loss of the names `i`, and its gradient, clipped; `norm` is what it was. `code()` prints
        this."""
        x, y, there = names.asked_of(self.study.laid, i)
        z, cache = self.net.forward(ONE_HOT[x])
        J, dz = self.objective(z, y, there)
        _, grads = self.net.backward(dz, cache, need_dx=False)
        self.norm = norm(grads)
        if not np.isfinite(self.norm):
            return np.inf, grads
        over = 0 < self.most < self.norm
        self.clipped = [*self.clipped[-49:], over]
        return J, clip_by_norm(grads, self.most)[0] if over else grads

    @property
    def most(self):
        """The norm that gradients are shortened to; 0 if they are not."""
        return 0.0 if self.values["clip"] == "off" else float(self.values["clip"])

    def keep(self):
        return super().keep(), self.norm

    def recall(self, kept):
        own, self.norm = kept
        super().recall(own)

    # ---- what is seen

    def measure(self):
        frame = self.measure_run() | self.measure_text()
        if not finite(frame):
            return frame  # there is nothing to say of it
        self.words = Words(self)
        return frame | self.words.frame()

    def measure_run(self):
        """How well it does, what it writes, how far back it looks, what its units follow."""
        (recurrent, head), study = self.net.layers, self.study
        h = recurrent(study.x)[study.there]
        log_p = log_softmax(head.layer(h))[np.arange(len(h)), study.y]
        train, test = (-float(log_p[part].mean()) for part in (~study.is_test, study.is_test))
        self.remember(train, test)
        self.flat = float(np.mean(np.abs(h) > 0.95))
        self.units = [explained(h[study.is_test], group) for group in study.groups]
        self.written = self.writer.write(
            self.net, self.values["temperature"], copy.deepcopy(self._dice)
        )
        self.back = looks_back(self.net, *study.far)
        return {
            "loss": vector(train),
            "loss_test": vector(test),
            "norm": vector(self.norm),
            "clip": vector(self.most),
            "known": vector(self.written.known),
            "copied": vector(self.written.copied),
            "nats": self.written.nats,
            "back": self.back,
        }

    def measure_text(self):
        """What it makes of the reader's text."""
        self.letters, self.left_out = names.letters_of(self.values["text"])
        ids = names.laid_out([self.letters]).ids[:, 0]
        seen = self.seen = read(self.net, ids, self.values["asked"])
        T = len(seen.x)
        return {
            "letters": [LETTERS[k] for k in seen.x],
            "t": vector(PICKED if self.letters == USUAL["text"] else T - 1),
            "p": seen.p,
            "p_next": seen.p[np.arange(T), seen.next],
            "next": seen.next.astype(np.float32),
            "h": np.ascontiguousarray(seen.h.T),
            "gradient": seen.gradient,
            "gradient_most": np.maximum(seen.gradient.max(1), 1),
            "exchanged": seen.exchanged,
            "exchanged_most": np.maximum(np.abs(seen.exchanged).max(1), 1),
        }

    def static(self):
        return {"far": np.arange(1, FAR + 1, dtype=np.float32)}

    def audit(self):
        return audit(self)

    def code(self):
        return programs(self)
