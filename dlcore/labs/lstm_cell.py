"""The lab `lstm-cell`: one unit of an LSTM, its gates as taps, one stage a step.

A pass has the stages forward (tick by tick), loss, backward (tick by tick, the last one first),
update; then the next pass begins with the new weights. A gate follows from its weights, or the
reader holds it: then it is a constant, and its weights get no gradient.
"""

from typing import ClassVar

import numpy as np

from ..losses import mse
from ..recurrent import LSTMCell
from . import doctor
from .audit import audit
from .cases import CHANGED
from .convolution import numbers, rounded_up
from .learner import vector
from .lstm_cell_code import programs
from .lstm_cell_controls import (
    CASES,
    FOLLOWS,
    GATES,
    HELD,
    NAMES,
    NOTICES,
    OWN,
    RANDOM,
    TYPED,
    USUAL,
    WEIGHTS,
    make_controls,
    pattern,
)
from .lstm_cell_panels import lstm_cell_panels
from .lstm_cell_passes import Passes, backward, forward
from .lstm_cell_words import Words
from .unroll import OverTicks, fit

REACH = 4.0, 12.0  # of an input and of a weight that is typed in
LAYERS = ("W_f", "W_i", "W_o", "W_c")
ASIDE = ("y", "alpha", *GATES, *(f"{g}_tap" for g in GATES))  # what cases ask the reader to move


class LstmCell(OverTicks):
    name = "lstm-cell"
    title = "What does each gate do to what is kept, and to the blame on its way back?"
    hint = (
        "Press Step: forward tick by tick, the loss, and back. Take a gate in your hand, at all "
        "ticks or at one, and see what it lets through. Point at a part for its arithmetic."
    )
    controls: ClassVar = make_controls()
    usual, cases, notices = USUAL, CASES, NOTICES
    moves = ("weights", "x", "f_tap", "i_tap", "o_tap")
    recorded = (1,) * 14
    pace = 1800

    def __init__(self, seed=0, **values):
        self.taps = np.full((8, 3), np.nan)  # the reader's, gate by gate
        super().__init__(seed, **values)

    # ---- what there is

    def panels(self):
        return lstm_cell_panels(self)

    def hand(self):
        """(T, 3): what the reader holds each gate at, NaN where it follows from the weights."""
        found = np.full((self.values["length"], 3), np.nan)
        for k, g in enumerate(GATES):
            tap = self.values[f"{g}_tap"]
            if tap == HELD:
                found[:, k] = self.values[g]
            elif tap == TYPED:
                found[:, k] = self.taps[: len(found), k]
        return found

    # ---- the run

    def start(self):
        self.cell = LSTMCell(2, 1, rng=np.random.default_rng(self.seed), dtype=np.float64)
        W1 = self._weights()
        self.params.update({"W": W1[:, :3].copy(), "b": W1[:, 3].copy()})
        self.typed = self.started = {name: w.copy() for name, w in self.params.items()}
        self._take_x()
        self.begin()

    def _weights(self):
        """[W, b] of f, i, o, c_tilde, (4, 4)."""
        kind = self.values["weights"]
        if kind in WEIGHTS:
            return np.array(WEIGHTS[kind], float)
        if kind == OWN and self.typed:
            return np.column_stack([self.typed["W"], self.typed["b"]])
        return np.random.default_rng(self.seed).normal(0, 0.8, (4, 4)).round(1) + 0.0

    def _take_x(self):
        T, kind = self.values["length"], self.values["x"]
        if kind == RANDOM:
            x = np.random.default_rng(self.seed + 1).normal(0, 1, (T, 2)).round(1) + 0.0
        elif kind == OWN:
            x = fit(np.zeros((T, 2)) if self.typed_x is None else self.typed_x, (T, 2))
        else:
            x = pattern(kind, T)
        self.x = self.typed_x = x

    def take_case(self):
        self.taps[:] = np.nan

    def settings(self):
        hand = [[None if np.isnan(v) else float(v) for v in row] for row in self.hand()]
        now = {"y": self.values["y"], "alpha": self.values["alpha"]}
        return now | {"x": self.x.tolist(), "hand": hand}

    # ---- what the reader does

    def event(self, name, /, **what):
        """x(values): inputs (2, T); f, i, o(values): a gate, tick by tick; W_f, W_i, W_o,
        W_c(values): a layer's weights of h, x1, x2 and its bias, and a new run."""
        T = self.values["length"]
        if name == "x":
            self.x = self.typed_x = numbers(what, (2, T), -REACH[0], REACH[0]).T
            self.values["x"] = OWN
        elif name in GATES:
            self._hold(name, numbers(what, (1, T), 0, 1)[0])
        elif name in LAYERS:
            new = numbers(what, (1, 4), -REACH[1], REACH[1])[0]
            self.typed = {n: w.round(4) for n, w in self.weights(self.whole()).items()}
            k = LAYERS.index(name)
            self.typed["W"][k], self.typed["b"][k] = new[:3], new[3]
            self.values["weights"] = OWN
            self.reset()
            return False
        else:
            return super().event(name, **what)
        self.fresh = False
        return False

    def _hold(self, gate, values):
        """Where a gate is not what it was shown as, it is in the reader's hand from now on."""
        k = GATES.index(gate)
        held, shown = self.hand()[:, k], self.whole()["a"][:, k]
        moved = np.abs(values - shown) > 1e-4
        self.taps[: len(held), k] = np.where(moved, values, held)
        self.values[f"{gate}_tap"] = TYPED

    # ---- the mathematics

    def whole(self):
        """All numbers of the pass, known at this stage or not: see `forward` and `backward`;
        tanh_c, J, `after`, J_after."""
        with np.errstate(all="ignore"):
            p = forward(self.params, self.x, self.hand())
            J, own = self.loss(p["h"])
            p |= backward(self.params, p, own) | {"J": J, "tanh_c": np.tanh(p["c"])}
            alpha = self.values["alpha"]
            p["after"] = {n: w - alpha * p["grads"][n] for n, w in self.params.items()}
            p["J_after"] = self.loss(forward(p["after"], self.x, self.hand())["h"])[0]
        return p

    def loss(self, h):
        """J and its gradient, for all h (T + 1,): the squared error of the last one."""
        own = np.zeros_like(h)
        J, own[-1:] = mse(h[-1:], np.array([float(self.values["y"])]))
        return J, own

    # ---- what is seen

    def measure(self):
        p = self.whole()
        self.words = words = Words(self, p)
        weights = self.weights(p)
        W1 = np.column_stack([weights["W"], weights["b"]]).astype(np.float32)
        there, back = (np.array(rows, np.float32) for rows in words.over_ticks())
        gates, held = p["a"].T.astype(np.float32), p["held"].T.astype(np.float32)
        return {
            "stage": vector(self.done - 1),
            "back": vector(words.is_back()),
            "lit": vector(*words.lit()),
            "flow": vector(*words.flows()),
            "x": self.x.T.astype(np.float32),
            **{g: gates[k : k + 1] for k, g in enumerate(GATES)},
            **{f"held_{g}": held[k : k + 1] for k, g in enumerate(GATES)},
            **{name: W1[k : k + 1] for k, name in enumerate(LAYERS)},
            "there": there,
            "there_most": vector(rounded_up(float(np.abs(there).max()))),
            "blame": back,
            "blame_most": vector(rounded_up(float(np.abs(back).max()))),
            "J": vector(p["J_after"] if words.kind == "update" else p["J"]),
            **words.graph(),
            **words.gradients(),
            "formula": words.formula(),
            "of_part": words.parts(),
            "notice": self.notice if self.is_as_set(but=ASIDE) else CHANGED,
        }

    def troubles(self, p):
        return in_hand(p), deaf(p), flooded(p), cleared(p)

    def audit(self):
        def loss(h, _):
            J, own = self.loss(np.concatenate([[0.0], h[:, 0, 0]]))
            return J, own[1:, None, None]

        net = Passes(self.params, self.hand())
        return audit(net, self.x[:, None], np.zeros(1), loss, of="this sequence")

    def code(self):
        return programs(self)


# ---- what can go wrong on the way


def in_hand(p):
    names = [NAMES[g] for k, g in enumerate(GATES) if p["held"][:, k].any()]
    if not names:
        return None
    return doctor.finding(
        "in your hand",
        "note",
        f"You hold the {' and the '.join(names)} gate. Where a gate is held, it is a constant: "
        "its weights get no gradient.",
        f"Choose “{FOLLOWS}” to let it go.",
    )


def deaf(p):
    """The gate that is most to blame, if it stands at one end and is to go towards the other."""
    a, da = p["a"][:, :3], p["da"][:, :3]
    inward = (da > 0) == (a > 0.5)  # descent goes against the gradient
    blame = np.abs(da) * inward * ~p["held"]
    t, k = np.unravel_index(blame.argmax(), blame.shape)
    if blame[t, k] < 0.3 or a[t, k] * (1 - a[t, k]) > 0.003:
        return None
    g = GATES[k]
    return doctor.finding(
        "saturated gate",
        "warn",
        f"At tick {t + 1} the {NAMES[g]} gate is to blame, d{g} = {doctor.say(da[t, k])}, but it "
        f"stands at {doctor.say(a[t, k])}: only dz = {doctor.say(p['dz'][t, k])} reaches its "
        "weights.",
        "Bring its bias nearer to 0, or wait very long.",
    )


def flooded(p):
    c = float(p["c"][-1])
    slope = 1 - np.tanh(c) ** 2
    if slope > 0.02:
        return None
    return doctor.finding(
        "flooded cell",
        "warn",
        f"The cell ends at {doctor.say(c)}, where the slope of tanh is {doctor.say(slope)}: h can "
        "hardly tell how much it holds, and hardly any blame gets in.",
        "Close the input gate, or let the forget gate take something away.",
    )


def cleared(p):
    """A tick where the forget gate lets nothing of the past, nor of the blame, through."""
    f, c = p["a"][:, 0], np.abs(p["c"][:-1])
    ticks = [str(t + 1) for t in range(len(f)) if f[t] < 0.01 and c[t] > 0.05]
    if not ticks:
        return None
    return doctor.finding(
        "cleared",
        "note",
        f"At tick {' and '.join(ticks)} the forget gate clears the cell: no blame comes straight "
        "from later ticks to those before.",
        "Right if the past does not matter there; if it does, hold f open at this tick.",
    )
