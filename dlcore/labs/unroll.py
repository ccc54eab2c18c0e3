"""The lab `unroll`: a small recurrent network laid out over its ticks, one stage a step.

A pass has the stages forward (tick by tick), loss, backward (tick by tick, the last one first),
update; then the next pass begins with the new weights. The answer of a tick is its first hidden
unit, so that there are no weights but those of `eq-rnn-hidden`. Truncated after k ticks, the
gradient does not pass between pieces of k ticks, which are counted from the end.
"""

from typing import ClassVar

import numpy as np

from ..layers import Layer
from ..losses import mse
from ..recurrent import RNNCell
from . import doctor
from .audit import audit
from .base import Lab
from .cases import CHANGED, Cases
from .convolution import numbers, rounded_up
from .learner import vector
from .mlp_controls import ACTIVATIONS
from .stages import Stages
from .unroll_code import programs
from .unroll_controls import (
    CASES,
    DIAGONAL,
    EVERY,
    NOTICES,
    ONES,
    OWN,
    RANDOM,
    USUAL,
    make_controls,
)
from .unroll_panels import unroll_panels
from .unroll_words import Words, edges_of, stage_names

REACH = 4.0  # of a weight or an input that is typed in
LIVE = ("y", "h0", "k", "alpha")  # settings that change without a new run
WEIGHTS = ("W_hh", "W_hx", "b_h")


class OverTicks(Cases, Stages, Lab):
    """A recurrent `cell` over `length` ticks of the inputs `x`, which a subclass makes in
    `_take_x()`; stages of a pass: every tick forward, the loss, every tick back, the update."""

    def __init__(self, seed=0, **values):
        self.typed_x, self.typed = None, {}  # what the reader has made
        super().__init__(seed, **values)

    @property
    def stages(self):
        return stage_names(self.values["length"])

    @property
    def params(self):
        return self.cell.params

    def changed(self, name):
        if name == "x":
            self._take_x()
        else:
            super().changed(name)


class Unroll(OverTicks):
    name = "unroll"
    title = "What does one weight do at every tick?"
    hint = (
        "Press Step: forward tick by tick, the loss, and back through time. Point at a node or an "
        "edge for its arithmetic; change x or a weight in its grid."
    )
    controls: ClassVar = make_controls()
    usual, cases, notices = USUAL, CASES, NOTICES
    moves = ("weights", "x")
    recorded = (1,) * 20
    pace = 1600

    # ---- what there is

    @property
    def shape(self):
        """(T, D, H)"""
        v = self.values
        return v["length"], v["inputs"], v["hidden"]

    def panels(self):
        return unroll_panels(self)

    # ---- the run

    def start(self):
        _, D, H = self.shape
        activation = ACTIVATIONS[self.values["activation"]]
        rng = np.random.default_rng(self.seed)
        self.cell = RNNCell(D, H, activation=activation, rng=rng, dtype=np.float64)
        self.params.update(self._weights(rng))
        self.typed = self.started = {n: w.copy() for n, w in self.params.items()}
        self._take_x()
        self.begin()

    def _weights(self, rng):
        """Two decimals, so that the arithmetic of the first pass can be done by hand."""
        v, p = self.values, self.params
        if v["weights"] == DIAGONAL:
            return {"W_hh": v["w"] * np.eye(v["hidden"]), "W_hx": np.ones(p["W_hx"].shape)}
        if v["weights"] == OWN and self.typed:
            return {name: fit(self.typed[name], w.shape) for name, w in p.items()}
        drawn = {name: w.round(2) for name, w in p.items()}
        return drawn | {"b_h": rng.uniform(-0.3, 0.3, v["hidden"]).round(2)}

    def _take_x(self):
        T, D, _ = self.shape
        kind = self.values["x"]
        x = np.ones((T, D))
        if kind == RANDOM:
            x = np.random.default_rng(self.seed).normal(0, 1, (T, D)).round(1) + 0.0
        elif kind == OWN and self.typed_x is not None:
            x = fit(self.typed_x, (T, D))
        elif kind != ONES:
            x[1:] = 0
        self.x = self.typed_x = x

    def settings(self):
        return {name: self.values[name] for name in LIVE} | {"x": self.x.tolist()}

    # ---- what the reader does

    def event(self, name, /, **what):
        """x(values): (D, T) inputs; W_hh, W_hx, b_h(values): new weights, and a new run."""
        T, D, _ = self.shape
        if name == "x":
            self.x = self.typed_x = numbers(what, (D, T), -REACH, REACH).T
            self.values["x"] = OWN
            self.fresh = False
            return False
        if name not in WEIGHTS:
            return super().event(name, **what)
        here = self.params[name]
        new = numbers(what, (len(here), here.size // len(here)), -REACH, REACH)
        now = {n: w.round(4) for n, w in self.weights(self.whole()).items()}
        self.typed = now | {name: new.reshape(here.shape)}
        self.values["weights"] = OWN
        self.reset()
        return False

    # ---- the mathematics

    def whole(self):
        """All numbers of the pass, known at this stage or not.

        x, z, h, own, future, dh, dz by tick, and `adds`, gradient by name for each tick; tick 0 is
        the initial state, which has h and dh alone. grads is the sum of `adds`; J, `after`.
        """
        with np.errstate(all="ignore"):
            p = self._forward() | {"x": [None, *self.x]}
            p |= self._backward(p)
            alpha = self.values["alpha"]
            p["after"] = {n: w - alpha * p["grads"][n] for n, w in self.params.items()}
            p["J_after"] = self._loss_with(p["after"])
        return p

    def _forward(self):
        h = np.full((1, self.cell.hidden_size), float(self.values["h0"]))
        states, tapes = [h[0]], [None]
        for x_t in self.x:
            h, tape = self.cell.step(x_t[None], h)
            states.append(h[0])
            tapes.append(tape)
        J, own = loss_of(self.values)(np.array(states[1:]))
        return {
            "h": states, "z": [None, *[tape.z[0, 0] for tape in tapes[1:]]], "tapes": tapes,
            "J": J, "own": [None, *own],
        }  # fmt: skip

    def _backward(self, p):
        T, _, H = self.shape
        dh, dz, future, adds = ([None] * (T + 1) for _ in range(4))
        later = np.zeros(H)
        for t in range(T, 0, -1):
            future[t] = later if self.passes_back(t) else np.zeros(H)
            dh[t] = p["own"][t] + future[t]
            _, before, adds[t] = self.cell.step_back(dh[t][None], p["tapes"][t])
            dz[t], later = adds[t]["b_h"], before[0]
        dh[0] = later
        grads = {name: sum(g[name] for g in adds[1:]) for name in self.params}
        return {"dh": dh, "dz": dz, "future": future, "adds": adds, "grads": grads}

    def passes_back(self, t):
        """Does tick t hear of the ticks after it?"""
        return (self.values["length"] - t) % self.values["k"] > 0

    # ---- what is seen

    def measure(self):
        p = self.whole()
        self.words = Words(self, p)
        weights = self.weights(p)
        adds = self.words.adds()
        return {
            "stage": vector(self.done - 1),
            "back": vector(self.words.is_back()),
            "lit": vector(*self.words.lit()),
            "W": vector(*[weights[name][j, i] for name, j, i, _ in edges_of(*self.shape)]),
            "x": self.x.T.astype(np.float32),
            **{name: as_grid(weights[name]) for name in WEIGHTS},
            "adds": adds,
            "adds_most": vector(rounded_up(float(np.abs(adds).max()))),
            "J": vector(p["J_after"] if self.words.kind == "update" else p["J"]),
            **self.words.graph(),
            **self.words.sums(weights),
            "formula": self.words.formula(),
            "of_part": self.words.parts(),
            "notice": self.notice if self.is_as_set(but=(*LIVE, "x")) else CHANGED,
        }

    def troubles(self, p):
        return truncated(self), along_the_way(p, self.values), dead(p, self.values["activation"])

    def audit(self):
        """Of the whole gradient; where it is truncated, how far off that is."""
        T, k = self.values["length"], self.values["k"]
        loss, x = loss_of(self.values), self.x[:, None]
        found = audit(Passes(self), x, np.zeros(1), of_batch(loss), of="this sequence")
        if k >= T:
            return found
        return found | {
            "text": found["text"] + f" The gradient is truncated after {k} "
            f"tick{'s' * (k > 1)}: it is not the derivative of J, whose norms stand under "
            "differences. Without truncation they agree."
        }

    def code(self):
        return programs(self)


class Passes(Layer):
    """A lab's network as a layer, x (T, 1, D) -> h (T, 1, H), with its truncated way back."""

    def __init__(self, lab):
        super().__init__()
        self.cell, self.params = lab.cell, lab.params
        self.h0 = lab.values["h0"]
        self.hears = [lab.passes_back(t + 1) for t in range(lab.values["length"])]  # of later ones

    def forward(self, x):
        h = np.full((1, self.cell.hidden_size), float(self.h0))
        tapes = []
        for x_t in x:
            h, tape = self.cell.step(x_t, h)
            tapes.append(tape)
        return np.array([tape.state for tape in tapes]), tapes

    def backward(self, dy, tapes, need_dx=True):
        dh, dx = np.zeros_like(dy[0]), [None] * len(dy)
        grads = {name: np.zeros_like(w) for name, w in self.params.items()}
        for t in reversed(range(len(dy))):
            dh = dy[t] + (dh if self.hears[t] else 0)
            dx[t], dh, adds = self.cell.step_back(dh, tapes[t])
            grads = {name: g + adds[name] for name, g in grads.items()}
        return np.array(dx), grads


def loss_of(values):
    """J, dh = loss(h) for h (T, H): the mean squared error of the first unit, where it counts."""
    first = 0 if values["where"] == EVERY else -1

    def loss(h):
        yhat = h[first:, :1]
        J, d = mse(yhat, np.full(yhat.shape, float(values["y"])))
        own = np.zeros_like(h)
        own[first:, :1] = d
        return J, own

    return loss


def of_batch(loss):
    """The same loss of h (T, 1, H), as the audit calls it."""

    def of_one(h, _):
        J, own = loss(h[:, 0])
        return J, own[:, None]

    return of_one


def fit(array, shape):
    """As much of an array as fits into a shape, zeros elsewhere."""
    found = np.zeros(shape)
    there = tuple(slice(0, min(sizes)) for sizes in zip(array.shape, shape, strict=True))
    found[there] = array[there]
    return found


def as_grid(array):
    """A matrix as it is, a vector as one column."""
    return array.reshape(len(array), -1).astype(np.float32)


# ---- what can go wrong on the way


def truncated(lab):
    T, k = lab.values["length"], lab.values["k"]
    if k >= T:
        return None
    cuts = [f"before tick {t + 1}" for t in range(1, T) if not lab.passes_back(t)]
    return doctor.finding(
        "truncated",
        "note",
        f"The way back is cut {' and '.join(cuts)}: what lies before a cut hears nothing of the "
        "losses after it.",
        f"With k = {T} or more the gradient is whole.",
    )


def along_the_way(p, values):
    """How much of the blame at the last tick is left at the first one."""
    if values["k"] < values["length"] or values["where"] == EVERY:
        return None
    first, last = (float(np.linalg.norm(p["dh"][t])) for t in (1, values["length"]))
    if not last or 0.01 * last <= first <= 5 * last:
        return None
    shrinks = first < last
    return doctor.finding(
        "vanishing gradient" if shrinks else "exploding gradient",
        "warn",
        f"From |dh| = {doctor.say(last)} at tick {values['length']} only {doctor.say(first)} is "
        "left at tick 1."
        if shrinks
        else f"|dh| grows from {doctor.say(last)} at tick {values['length']} to "
        f"{doctor.say(first)} at tick 1.",
        "Every tick multiplies by W_hhᵀ and σ′(z): try larger weights, or states nearer to 0."
        if shrinks
        else "Every tick multiplies by W_hhᵀ and σ′(z): try smaller weights, or a lower α.",
    )


def dead(p, activation):
    ticks = [str(t) for t, z in enumerate(p["z"]) if t and (z <= 0).all()]
    if activation != "relu" or not ticks:
        return None
    return doctor.finding(
        "dead ReLU",
        "note",
        f"At tick {' and '.join(ticks)} all z ≤ 0: relu gives 0 with slope 0, so no gradient "
        "passes there.",
        "Change the inputs or weights, or compare leaky_relu.",
    )
