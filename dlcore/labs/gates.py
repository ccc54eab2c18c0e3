"""The lab `gates`: all that an LSTM computes over a sequence, while it learns a task that needs it.

What is shown, exactly, of the one sequence that the reader sees and can change:
- `f`, `i`, `o`, `c_tilde`, `c`, `h`: (H, T), unit by unit, after tick 1 ... T.
- `target`, `answer`: what is asked of every tick, and the network's answer.
- `dc`: (H, T), d yhat_T / d c_t, of the answer at the last tick; c_t acts on c_{t+1} and, by h_t,
  on everything else: it has both ways. `of_answer` are its norms, `of_loss` those of dJ/dc_t, J
  being the mean squared error of this sequence. `by_gates`: of_answer if nothing but the forget
  gates took the gradient back from tick T.
Of HELD_OUT sequences that are never learnt from:
- `follows_f`, ...: (H, signals), the correlation over all ticks of what unit k does with a signal.
- `loss`, and `right`, the share of the answers that are counted which are near enough.
"""

from typing import ClassVar

import numpy as np

from .. import losses, optim
from ..layers import Dense
from ..model import Sequential
from ..recurrent import EveryTick, LSTMCell, Recurrent
from . import gradient_flow_nets as nets
from .cases import Cases
from .controls import LabError, one_of, shown
from .gates_audit import audit
from .gates_code import programs
from .gates_controls import CASES, NOTICE, USUAL, make_controls
from .gates_panels import gates_panels
from .gates_tasks import TASKS
from .gates_words import Words
from .in_words import InWords
from .learner import Training, vector

HELD_OUT = 64  # sequences
PARTS = ("f", "i", "o", "c_tilde", "c", "h")


class Gates(Cases, InWords, Training):
    name = "gates"
    title = "When does each gate open, and what for?"
    hint = (
        "Press Play and watch the gates learn. Then tap a symbol to change it: which gate answers? "
        "A click on a row of a map traces that unit."
    )
    rescue = "Choose a smaller α, or clip the gradient,"
    controls: ClassVar = make_controls()
    usual, cases, notices = USUAL, CASES, NOTICE
    speed = "1"
    aside = ("sequence",)
    recorded = (3,) * 60 + (10,) * 10
    ranges: ClassVar = (
        dict.fromkeys(("f", "i", "o"), (0, 1, 33))
        | dict.fromkeys(("c_tilde", "h"), (-1, 1, 33))
        | {f"follows_{name}": (-1, 1, 41) for name in PARTS}
    )
    objective = staticmethod(losses.mse)

    def __init__(self, seed=0, **values):
        self.typed = None  # the reader's own sequence: task, and symbols (T,)
        super().__init__(seed, **values)

    # ---- what there is

    @property
    def task(self):
        return TASKS[self.values["task"]]

    def panels(self):
        return gates_panels(self)

    def build(self, rng):
        S, H = len(self.task.symbols), self.values["hidden"]
        cell = LSTMCell(S, H, rng=rng, forget_bias=self.values["forget_bias"])
        return Sequential(Recurrent(cell), EveryTick(Dense(H, 1, rng=rng)))

    # ---- the run

    def start(self):
        v = self.values
        for_net, for_held_out, self._for_batches = np.random.default_rng(self.seed).spawn(3)
        self.symbols = self.task.draw(v["length"], HELD_OUT, for_held_out)
        self.x, self.y = self.given(self.symbols)
        self.begin(for_net)
        self.signals = {name: s.ravel() for name, s in self.task.signals(self.symbols).items()}
        self.guessing = float(self.y.var())  # the loss of who always says the mean
        self.norm, self.clipped = None, []

    def given(self, s):
        """What the network gets for symbols (T, N), and what it should answer, (T, N, 1)."""
        return self.task.inputs(s), self.task.answers(s)[..., None]

    def update(self):
        """One step, on new sequences. `code()` prints this loop."""
        v = self.values
        return self.learn(self.task.draw(v["length"], v["batch"], self._for_batches))

    def gradient(self, s):
        """Loss of a batch of sequences, and what the step takes of its gradient."""
        x, y = self.given(s)
        yhat, cache = self.net.forward(x)
        J, d = self.objective(yhat, y)
        _, grads = self.net.backward(d, cache, need_dx=False)
        if self.values["clip"] == "off" or not np.isfinite(J):
            return J, grads
        most = float(self.values["clip"])
        grads, self.norm = optim.clip_by_norm(grads, most)
        self.clipped = [*self.clipped[-49:], self.norm > most]
        return J, grads

    # ---- the sequence that is shown

    @property
    def sequence(self):
        """Its symbols, (T,)."""
        v = self.values
        if self.typed is not None:
            return self.typed
        return self.symbols[:, v["sequence"] - 1] if v["sequence"] else self.task.first(v["length"])

    def changed(self, name):
        if name == "sequence":
            self.typed = None
        else:
            super().changed(name)

    def restart(self, *names):
        if {"task", "length", "case"} & set(names):
            self.typed = None
        super().restart(*names)

    def event(self, name, /, **what):
        """symbol(index): the next symbol stands there; symbol(index, symbol): that one."""
        if name != "symbol":
            return super().event(name, **what)
        self.require_running("symbol")
        T, symbols = self.values["length"], self.task.symbols
        at = one_of(what, "index", T, "a tick")
        now = self.sequence.copy()
        new = what.get("symbol", symbols[(now[at] + 1) % len(symbols)])
        if not isinstance(new, str) or len(new) != 1 or new not in symbols:
            raise LabError(f"symbol: expected one of {' '.join(symbols)}, got {shown(new)}")
        now[at] = symbols.index(new)
        self.typed, self.fresh = now, False
        return False

    # ---- what is seen

    def measure(self):
        s = self.sequence[:, None]
        x, y = self.given(s)
        walk = self.walk = nets.walk_back(self.net, x, y, self.objective)
        gates = dict(zip(PARTS, everything(walk.tape, 0), strict=True))
        self.answer = self.net.layers[1](walk.tape.y[:, :1])[:, 0, 0]
        self.judge()
        self.words = Words(self, gates)
        frame = {name: np.ascontiguousarray(a.T) for name, a in gates.items()}
        frame |= {f"follows_{name}": self.follows[k] for k, name in enumerate(PARTS)}
        return frame | self.gradients(walk, gates["f"]) | {
            "symbols": [self.task.symbols[k] for k in self.sequence],
            "target": y[:, 0, 0],
            "answer": self.answer,
            "most_c": vector(max(1.0, np.ceil(2 * np.abs(gates["c"]).max()) / 2)),
            "unit": vector(self.words.best),
            "loss": vector(self.held_out),
            "right": vector(self.right),
            "about": self.words.about(),
            "of_unit": self.words.of_units(),
        }  # fmt: skip

    def gradients(self, walk, f):
        """Of the answer at the last tick, and of the loss, where they meet c_t."""
        dc = walk.dc[1, 1:]
        by_gates = [dc[-1]]
        for f_t in f[:0:-1]:
            by_gates.append(by_gates[-1] * f_t)
        return {
            "dc": np.ascontiguousarray(dc.T, np.float32),
            "most_dc": vector(max(np.abs(dc).max(), 1e-9)),
            "of_answer": norms(dc),
            "of_loss": norms(walk.dc[0, 1:]),
            "by_gates": norms(by_gates[::-1]),
        }

    def judge(self):
        """Loss and right answers of the sequences held out, and what each unit follows there."""
        h, tape = self.net.layers[0].forward(self.x)
        yhat = self.net.layers[1](h)
        self.held_out = self.objective(yhat, self.y)[0]
        counted = self.task.counted(self.symbols)
        near = np.abs(yhat - self.y)[..., 0] < self.task.close
        self.right = float(near[counted].mean())
        H = self.values["hidden"]
        self.spread = everything(tape).reshape(len(PARTS), -1, H)
        self.follows = correlations(self.spread, np.stack(list(self.signals.values())))
        self.remember(self.held_out, self.held_out)

    def audit(self):
        return audit(self)

    def code(self):
        return programs(self)


def everything(tape, n=slice(None)):
    """f, i, o, c_tilde, c, h of every tick, of the sequences n."""
    return np.stack([*tape.a[:, :, n].swapaxes(0, 1), tape.c[1:, n], tape.h[1:, n]])


def norms(vectors):
    """Euclidean norms of the rows."""
    return np.linalg.norm(vectors, axis=-1).astype(np.float32)


def correlations(values, signals):
    """(parts, H, S) of values (parts, n, H) with signals (S, n); 0 where either is constant."""
    a, b = standard(values, 1), standard(signals, 1)
    return (b @ a).swapaxes(1, 2).astype(np.float32)


def standard(a, axis):
    """Mean 0 and norm 1 along an axis; all 0 where there is nothing but rounding."""
    a = a - a.mean(axis, keepdims=True, dtype=float)
    norm = np.linalg.norm(a, axis=axis, keepdims=True)
    return np.where(norm > 1e-5, a / np.maximum(norm, 1e-5), 0)
