"""The lab `long-memory`: an RNN and an LSTM race on a task that needs a memory.

Both get the same new sequences at every step, the same learning rule and about as many parameters.
What is shown, exactly:
- `J_rnn`, `J_lstm`, `right_*`, `said_*`: mean squared error, share of near enough answers, and
  [what is right, answer] of the last batch, from before the step that learnt from it: no sequence
  was seen before. At step 0 of those held out.
- Of one held-out sequence, as of the last multiple of PROBED steps: `reach_rnn`, `reach_lstm`, the
  derivative of the answer by the number of each tick; `dx_*`, the norm of that by the number and
  the mark; `h` of the RNN and `c` of the LSTM, unit by unit.
- solved: when the mean of the last RECENT batch losses first is below SOLVED of the loss of who
  always says the mean.
"""

from types import SimpleNamespace
from typing import ClassVar

import numpy as np

from ..losses import mse
from . import long_memory_nets as nets
from .cases import Cases
from .controls import one_of
from .gradient_flow import plain
from .in_words import InWords
from .learner import LIMIT, norm, vector
from .long_memory_audit import audit
from .long_memory_code import programs
from .long_memory_controls import BIAS, CASES, NOTICE, PARAMETERS, USUAL, make_controls
from .long_memory_nets import HELD_OUT
from .long_memory_panels import REACH, long_memory_panels
from .long_memory_words import Words
from .pair import Pair

PROBED = 4  # steps between two looks at the sequence that is shown
RECENT, SOLVED = 20, 0.1


class LongMemory(Cases, InWords, Pair):
    name = "long-memory"
    title = "Who still knows at the end what was marked long before?"
    hint = (
        "Press Play: both learn from the same sequences. Then look at what each answer depends on, "
        "tap a tick to move a mark, and make the sequence shorter until the RNN can do it, too."
    )
    rescue = "Choose a smaller α, or clip the gradient,"
    controls: ClassVar = make_controls()
    usual, cases, notices = USUAL, CASES, NOTICE
    aside = ("sequence",)
    recorded = (8,) * 40
    ranges: ClassVar = dict.fromkeys(("h_rnn", "c_lstm"), (-1, 1, 15)) | dict.fromkeys(
        ("reach_rnn", "reach_lstm"), (-REACH, REACH, 33)
    )

    def panels(self):
        return long_memory_panels(self)

    # ---- the run

    def start(self):
        v = self.values
        for_rnn, for_lstm, for_held_out, self._for_batches = np.random.default_rng(self.seed).spawn(
            4
        )
        self.begin({"rnn": self._rnn(for_rnn), "lstm": self._lstm(for_lstm)})
        self.sizes = {name: nets.size(net) for name, net in self.nets.items()}
        self.guessing = nets.GUESSING[v["task"]]
        self.x, self.y = self.draw(HELD_OUT, for_held_out)
        self.marked = None  # ticks that the reader has marked, instead of those of the sequence
        self.losses = {name: [] for name in self.nets}
        self.norms = dict.fromkeys(self.nets, 0.0)
        self.J, self.said = {}, {}
        for name, net in self.nets.items():
            self.take(name, net(self.x), self.y)
        self.probe()

    @property
    def rnn_units(self):
        H = self.values["hidden"]
        return nets.rnn_as_large_as_lstm(H) if self.values["rnn_size"] == PARAMETERS else H

    def _rnn(self, rng):
        orthogonal = self.values["rnn_start"] == "orthogonal"
        return nets.rnn(self.rnn_units, orthogonal=orthogonal, rng=rng)

    def _lstm(self, rng):
        v = self.values
        bias = v["forget_bias"] if v["start"] == BIAS else 0.0
        net = nets.lstm(v["hidden"], forget_bias=bias, rng=rng)
        if v["start"] != BIAS:
            nets.spread_memory(net, v["length"], rng=rng)
        return net

    def draw(self, count, rng):
        return nets.TASKS[self.values["task"]](count, self.values["length"], rng=rng)

    def changed(self, name):
        if name == "sequence":
            self.marked = None
            self.probe()
        super().changed(name)

    def gradient(self, net, x, y):
        yhat, cache = net.forward(x)
        J, d = mse(yhat, y)
        return J, net.backward(d, cache, need_dx=False)[1], yhat

    def update(self):
        """One step of both, on the same new sequences. `code()` prints this loop."""
        x, y = self.draw(self.values["batch"], self._for_batches)
        found = {name: self.gradient(net, x, y) for name, net in self.nets.items()}
        J = {name: float(J) for name, (J, _, _) in found.items()}
        sizes = {name: norm(grads) for name, (_, grads, _) in found.items()}
        if not all(J[name] < LIMIT and np.isfinite(sizes[name]) for name in self.nets):
            self.lost = J
            return False
        self.norms = sizes
        for name, (_, grads, yhat) in found.items():
            self.take(name, yhat, y)
            self.losses[name].append(self.J[name])
            self.step_by(name, grads)
        if (self.t + 1) % PROBED == 0:
            self.probe()
        return True

    def take(self, name, yhat, y):
        """Keep what was said, and what would have been right."""
        self.J[name] = float(mse(yhat, y)[0])
        self.said[name] = np.hstack([y, yhat])

    def probe(self):
        """What the answer to the sequence that is shown depends on, and what is kept of it."""
        k = self.values["sequence"] - 1
        self.shown = self.x[:, k : k + 1].copy()
        if self.marked is not None:
            self.shown[:, 0, 1] = 0
            self.shown[self.marked, 0, 1] = 1
        self.probed = {name: look(net, self.shown) for name, net in self.nets.items()}

    def keep(self):
        return super().keep(), dict(self.J), dict(self.said), self.probed, self.shown

    def recall(self, kept):
        own, self.J, self.said, self.probed, self.shown = kept
        super().recall(own)

    # ---- what the reader does

    def event(self, name, /, **what):
        """select(tick): the mark of that half of the ticks moves there."""
        if name != "select" or self.values["task"] != nets.ADDING:
            return super().event(name, **what)
        self.require_running("select")
        T = self.values["length"]
        at = one_of(what, "tick", T, "a tick")
        first, second = np.flatnonzero(self.shown[:, 0, 1]).tolist()
        self.marked = [at, second] if at < T // 2 else [first, at]
        self.fresh = False
        self.probe()
        return False

    # ---- what is seen

    def measure(self):
        near = nets.NEAR[self.values["task"]]
        self.lately = {name: self.mean_loss(name) for name in self.nets}
        self.solved = {name: first_below(self.past(name), SOLVED * self.guessing)
                       for name in self.nets}  # fmt: skip
        self.words = Words(self)
        frame = {
            "input": plain(self.shown[:, 0].T),
            "about": list(self.words.about()),
            **self.words.table(),
        }
        for name, seen in self.probed.items():
            said = self.said[name]
            frame |= {
                f"J_{name}": vector(self.J[name]),
                f"right_{name}": vector(np.mean(np.abs(said[:, 1] - said[:, 0]) < near)),
                f"said_{name}": plain(np.clip(said, -REACH * 2, REACH * 2)),
                f"reach_{name}": plain(seen.dx[None, :, 0]),
                f"dx_{name}": plain(seen.size),
            }
        kept = {name: plain(seen.kept) for name, seen in self.probed.items()}
        return frame | {"h_rnn": kept["rnn"], "c_lstm": kept["lstm"]}

    def past(self, name):
        """The batch losses until now."""
        return self.losses[name][: self.t]

    def mean_loss(self, name):
        """Of the last batches; at step 0 that of those held out."""
        return float(np.mean(self.past(name)[-RECENT:] or [self.J[name]]))

    def static(self):
        ends = np.array([[-2 * REACH] * 2, [2 * REACH] * 2], np.float32)
        return {"right_answer": ends}

    def audit(self):
        return audit(self)

    def code(self):
        return programs(self)


def look(net, x):
    """What one answer depends on, and what the network keeps of its sequence x (T, 1, 2).

    dx (T, 2) of the answer, size (T,) its norms, kept (H, T): c of an LSTM, h of an RNN, answer
    """
    recurrent, last, dense = net.layers
    h, tape = recurrent.forward(x)
    state, shape = last.forward(h)
    answer, cache = dense.forward(state)
    dstate, _ = dense.backward(np.ones_like(answer), cache)
    dx = recurrent.backward(last.backward(dstate, shape)[0], tape)[0][:, 0]
    kept = (tape.c if recurrent.cell.states == 2 else tape.h)[1:, 0]
    return SimpleNamespace(
        dx=dx.copy(), size=np.linalg.norm(dx, axis=1), kept=np.ascontiguousarray(kept.T),
        answer=float(answer[0, 0]),
    )  # fmt: skip


def first_below(losses, limit):
    """The step after which the mean of RECENT losses first was below `limit`, or None."""
    if len(losses) < RECENT:
        return None
    sums = np.cumsum([0.0, *losses])
    below = np.flatnonzero((sums[RECENT:] - sums[:-RECENT]) / RECENT < limit)
    return int(below[0]) + RECENT if len(below) else None
