"""The lab `speech`: two trained networks hear a spoken digit, frame by frame.

A step is one frame more of the word; after the last one comes the next word. Whoever changes the
sound, or chooses another word, sees all of it at once.

- `mfcc`: the frames as they are heard, with all that was done to them; coefficients in rows.
- `belief_lstm`, `belief_rnn`: softmax of the logits after every frame, digits in rows; `true_lstm`,
  `true_rnn`: the belief in the digit that was spoken.
- `left_lstm`, `left_rnn`: after the last frame heard, what would be left of the belief in the
  network's own answer (or in the digit spoken) if a frame and its neighbours were silent.
- `dx_lstm`, `dx_rnn`: the gradient of its log odds there, by coefficient and frame.
- `counts_lstm`, `counts_rnn`: of all words that were held out, with the same done to them, how many
  of each digit (row) were heard as which (column); `errors_lstm`, `errors_rnn`: the same as shares
  of the row, negative where they are wrong.
Frames that have not been heard yet are 0, and NOT_HEARD where a line is drawn.
"""

from functools import lru_cache
from types import SimpleNamespace
from typing import ClassVar

import numpy as np

from ..activations import softmax
from ..layers import Layer, Param
from . import speech_sounds as sounds
from . import trained
from .audit import audit
from .base import Lab
from .cases import CHANGED, Cases
from .controls import needed, one_of
from .in_words import InWords
from .learner import vector
from .speech_code import programs
from .speech_controls import ASKED, CASES, CHANGES, NOTICES, TRUE, USUAL, WORDS, make_controls
from .speech_panels import NAMES, speech_panels
from .speech_words import Words

DIGITS = 10
NOT_HEARD = -1  # in the place of a belief or a length, of frames to come


class Speech(Cases, InWords, Lab):
    name = "speech"
    title = "When does it know, and from which part of the sound?"
    hint = (
        "Press Play: the word goes on, frame by frame, and belief grows. Point at a frame for what "
        "was believed there. Cut the word short, turn it round, silence a piece of it."
    )
    controls: ClassVar = make_controls()
    usual, cases, notices = USUAL, CASES, NOTICES
    moves = ("word",)
    aside = ("word",)  # the words go on by themselves
    pace = 350
    recorded = (1,) * 48
    ranges: ClassVar = {
        "mfcc": (-4.5, 4.5, 96), "belief_lstm": (0, 1, 64), "belief_rnn": (0, 1, 64),
        "errors_lstm": (-1, 1, 256), "errors_rnn": (-1, 1, 256),
    }  # fmt: skip

    def allow(self, values):
        with needed("data"):
            sounds.held_out()

    def panels(self):
        return speech_panels()

    # ---- the run

    def start(self):
        self.show_all()

    def show_all(self):
        self.heard = None  # frames so far; None: all of them
        self.over = False  # has this word been played to its end?

    def changed(self, name):
        """All of the new sound is shown at once."""
        super().changed(name)
        if name != "asks":
            self.show_all()

    def update(self):
        """One frame more, or, after the last one, the next word."""
        if self.over:
            self.values["word"] = self.values["word"] % WORDS + 1
        self.heard = (self.heard or 0) + 1
        self.over = self.heard >= len(self.sound())
        if self.over:
            self.heard = None
        return True

    def keep(self):
        return self.values["word"], self.heard, self.over

    def recall(self, kept):
        self.values["word"], self.heard, self.over = kept

    # ---- what there is

    @property
    def change(self):
        """What is done to the sound, as `speech_sounds.changed` calls it."""
        v = {name: self.values[name] for name in CHANGES}
        return v | {"part": v["part"] / 100}

    def sound(self):
        """The frames (T, 13) of the word that is shown."""
        return sounds_of(self.seed, *self.change.items())[self.values["word"] - 1]

    @property
    def last(self):
        """The last frame that has been heard, counted from 0."""
        return (self.heard or len(self.sound())) - 1

    @property
    def digit(self):
        """What was spoken."""
        return int(sounds.held_out()[1][self.values["word"] - 1])

    @property
    def nets(self):
        asked = ASKED[self.values["asked"]]
        return {kind: trained.listener(kind, asked) for kind in trained.LISTENERS}

    def listen(self, net):
        """p (T, 10), the belief after every frame; `said`, the answer after the last one heard; of
        the digit asked about, `of`, there: dx (T, 13), the gradient of its log odds, and `left`,
        its belief with a gap at each frame heard."""
        x, last = self.sound(), self.last
        z, cache = net.forward(x[:, None])
        p = softmax(z[:, 0])
        said = int(p[last].argmax())
        of = self.digit if self.values["asks"] == TRUE else said
        dz = np.zeros_like(z)
        _, dz[last, 0] = sounds.log_odds(z[last, 0], of)
        dx, _ = net.backward(dz, cache)
        left = softmax(net(sounds.with_gaps(x[: last + 1]))[last])[:, of]
        return SimpleNamespace(p=p, said=said, dx=dx[:, 0], of=of, left=left)

    # ---- what is seen

    def measure(self):
        x = self.sound()
        T, last = len(x), self.last
        self.ears = {kind: self.listen(net) for kind, net in self.nets.items()}
        known = (np.arange(T) <= last)[:, None]
        frame = {
            "mfcc": (x * known).T,
            "frame": vector(last),
            "digit": vector(self.digit),
        }
        for kind, ear in self.ears.items():
            frame[f"belief_{kind}"] = (ear.p * known).T
            frame[f"true_{kind}"] = np.where(known[:, 0], ear.p[:, self.digit], NOT_HEARD)
            frame[f"dx_{kind}"] = ear.dx.T
            frame[f"most_{kind}"] = vector(max(float(np.abs(ear.dx).max()), 1e-9))
            frame[f"left_{kind}"] = np.full(T, NOT_HEARD, np.float32)
            frame[f"left_{kind}"][: last + 1] = ear.left
            frame[f"counts_{kind}"] = counts = self.table(kind)
            signs = 2 * np.eye(DIGITS) - 1
            frame[f"errors_{kind}"] = signs * counts / counts.sum(1, keepdims=True)
        self.words = Words(self, last)
        return {name: np.asarray(a, np.float32) for name, a in frame.items()} | {
            "notice": self.notice if self.is_as_set() else CHANGED,
            "ticks": ticks(T),
            "about": self.words.about(last),
            "about_at": ["\n".join(self.words.about(t)) for t in range(T)],
            "all_words": self.words.all_words(),
        }

    def table(self, kind, change=None):
        """How many words of each digit (row) are heard as which (column), all changed alike."""
        change = self.change if change is None else change
        said = answers(self.seed, kind, ASKED[self.values["asked"]], *change.items())
        counts = np.zeros((DIGITS, DIGITS))
        np.add.at(counts, (sounds.held_out()[1].astype(np.intp), said), 1)
        return counts

    # ---- what the reader does

    def event(self, name, /, **what):
        """select(truth, said), select(truth_rnn, said_rnn): the next word that the LSTM, or the
        RNN, heard so; where there is none, the word stays."""
        if name != "select":
            return super().event(name, **what)
        kind, end = ("rnn", "_rnn") if "truth_rnn" in what else ("lstm", "")
        truth, said = (one_of(what, key + end, DIGITS, "a digit") for key in ("truth", "said"))
        found = answers(self.seed, kind, ASKED[self.values["asked"]], *self.change.items())
        there = np.flatnonzero((sounds.held_out()[1] == truth) & (found == said)) + 1
        if len(there):
            later = there[there > self.values["word"]]
            self.values["word"] = int(later[0] if len(later) else there[0])
            self.show_all()
            self.fresh = False
        return False

    # ---- in words

    def audit(self):
        """Is dx, at what was heard so far, the gradient of the log odds?"""
        self.frame()
        last, rows, said = self.last, [], []
        x = self.sound()[: last + 1, None].astype(np.float64)
        for kind, net in self.nets.items():

            def odds(z, of):
                dz = np.zeros_like(z)
                J, dz[last, 0] = sounds.log_odds(z[last, 0], int(of))
                return J, dz

            of = np.array(self.ears[kind].of)
            found = audit(Hearing(net, x), np.zeros_like(x), of, odds, of="this sound")
            rows += [[f"{name}, {NAMES[kind]}", *rest] for name, *rest in found["rows"]]
            said.append(f"{NAMES[kind]}: {found['text']}")
        return {"columns": found["columns"], "rows": rows, "text": " ".join(said)}

    def code(self):
        return programs(self)


class Hearing(Layer):
    """A network of which nothing can be moved but what it hears: its parameter `sound` is added to
    the input."""

    sound = Param()

    def __init__(self, net, sound):
        super().__init__()
        self.net = net.astype(sound.dtype)
        self.params.add("sound", sound.copy())

    def forward(self, x):
        return self.net.forward(x + self.sound)

    def backward(self, dy, cache, need_dx=True):
        dx, _ = self.net.backward(dy, cache)
        return dx, {"sound": dx}


def ticks(T):
    """Numbers of the frames, counted from 1; where there are many, only some, the others empty."""
    apart = 1 if T <= 12 else 2 if T <= 30 else 5
    return [str(t) if (t - 1) % apart == 0 else "" for t in range(1, T + 1)]


@lru_cache(maxsize=4)
def sounds_of(seed, *change):
    """All words as they are heard."""
    rng = np.random.default_rng(seed)
    return sounds.changed(sounds.held_out()[0], **dict(change), rng=rng)


@lru_cache(maxsize=16)
def answers(seed, kind, asked, *change):
    return sounds.answers(trained.listener(kind, asked), sounds_of(seed, *change))
