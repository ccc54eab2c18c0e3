"""The lab `neuron`: one neuron a = sigma(w x + b), its curve, its loss and its gradient.

The reader sets w and b, or lets gradient descent do it: the sliders follow. Beside it, dashed,
runs a neuron with the other loss from the same place, for the learning slowdown: the gradient of
the squared error has the factor sigma'(z), which is nearly 0 where the neuron is saturated; that
of the cross-entropy has not (Nielsen, Neural Networks and Deep Learning, chapter 3).

`ground` is log10 of J (plus a small constant) over w and b, for two inputs over w1 and w2 at the
present b, scaled to 0..1.
"""

from typing import ClassVar

import numpy as np

from .. import activations, losses
from ..layers import Dense
from ..model import Sequential
from .audit import audit
from .base import Lab
from .controls import Choice, LabError, Slider, one_of
from .learner import LIMIT
from .neuron_code import programs
from .neuron_panels import REACH, X_EXTENT, neuron_panels
from .neuron_words import explain, findings, formula
from .own_points import position
from .trail import Trail

ACTIVATIONS = {
    "sigmoid": activations.Sigmoid,
    "tanh": activations.Tanh,
    "relu": activations.ReLU,
    "identity": activations.Identity,
}
LOSSES = {"squared error": losses.mse, "cross-entropy": losses.bce_with_logits}
EASY, SATURATED = "one example, easy start", "one example, saturated start"
STARTS = {"points": (-1.0, 1.0, 1.5), EASY: (0.6, 0.6, 0.9), SATURATED: (2.0, 2.0, 2.0)}
CURVE, FIELD = 81, 40  # samples


class Neuron(Lab):
    name = "neuron"
    title = "How does one neuron learn its w and b?"
    hint = (
        "Move w and b until the curve meets the points, then let Step follow the gradient. With "
        "the saturated start, see which loss learns at once and which hardly begins."
    )
    controls: ClassVar = {
        "w": Slider(-1.0, -REACH, REACH, "weight w, w₁"),
        "w2": Slider(1.0, -REACH, REACH, "weight w₂", when=("inputs", "two")),
        "b": Slider(1.5, -REACH, REACH, "bias b"),
        "alpha": Slider(0.5, 0.01, 10, "learning rate α", log=True),
        "data": Choice("points", tuple(STARTS), "examples", restarts=True),
        "inputs": Choice("one", ("one", "two"), "inputs", restarts=True),
        "activation": Choice("sigmoid", tuple(ACTIVATIONS), "activation σ", restarts=True),
        "loss": Choice("squared error", tuple(LOSSES), "loss J", restarts=True),
        "probe": Slider(0.5, *X_EXTENT, "tangent at x", when=("inputs", "one")),
    }
    moves = ("w", "w2", "b")
    recorded = (1,) * 30 + (4,) * 30
    ranges: ClassVar = {"ground": (0, 1, 64), "field": (-1.5, 1.5, 96)}

    def __init__(self, seed=0, **values):
        self.edits = {}
        self.begin = dict(zip(self.moves, STARTS["points"], strict=True))
        data = values.get("data")
        start = STARTS.get(data if isinstance(data, str) else None, STARTS["points"])
        super().__init__(seed, **dict(zip(self.moves, start, strict=True)) | values)

    def allow(self, values):
        if values["loss"] == "cross-entropy" and values["activation"] != "sigmoid":
            raise LabError("loss J: the cross-entropy needs outputs from 0 to 1, those of sigmoid")

    # ---- the run

    def reset(self):
        """A new run from where this one began; moved points go back."""
        self.edits = {}
        self._again()

    def restart(self, *names):
        if "data" in names or "inputs" in names:
            self.values |= dict(zip(self.moves, STARTS[self.values["data"]], strict=True))
            self.begin = {n: self.values[n] for n in self.moves}
            self.edits = {}
        else:
            self.edits = {0: [change for changes in self.edits.values() for change in changes]}
        self._again()

    def _again(self):
        if hasattr(self, "net"):
            self.values |= self.begin
        super().reset()

    def start(self):
        v = self.values
        self.begin = {name: v[name] for name in self.moves}
        self.columns = 1 if v["inputs"] == "one" else 2
        self.net, self.other = self.make(v["loss"]), None
        if v["activation"] == "sigmoid":
            self.other = self.make(*[name for name in LOSSES if name != v["loss"]])
        self.points = examples(v["data"], self.columns, np.random.default_rng(self.seed))
        self.original = self.points.copy()
        self.changes, self.start_alpha = {}, v["alpha"]
        self.trail = Trail(2 * REACH / 300)  # about a pixel
        for i, *place in self.edits.get(0, ()):
            self.points[i, :2] = place
        self._write()

    def make(self, loss):
        """A neuron for this loss: sigma belongs to the layer, or (cross-entropy) to the loss."""
        dense = Dense(self.columns, 1, rng=np.random.default_rng(0), dtype=np.float64)
        net = Sequential(dense, ACTIVATIONS[self.values["activation"]]())
        return Half(Sequential(dense) if loss == "cross-entropy" else net, net, LOSSES[loss])

    @property
    def x(self):
        return self.points[:, : self.columns]

    @property
    def y(self):
        return self.points[:, self.columns :]

    @property
    def w(self):
        """W as a row, (columns,)."""
        return self.net.learn.params["0.W"][0]

    @property
    def b(self):
        return float(self.net.learn.params["0.b"][0])

    def _write(self):
        """w and b of the controls become those of both neurons."""
        W = np.array([[self.values["w"], self.values["w2"]][: self.columns]])
        for half in self.halves:
            half.learn.params["0.W"] = W
            half.learn.params["0.b"] = np.array([self.values["b"]])

    def changed(self, name):
        if name == "probe":
            return
        if name == "alpha":
            self._change("alpha", self.values["alpha"])
            return
        self._write()
        if self.t == 0:
            self.begin = {n: self.values[n] for n in self.moves}
        self._change("0.W", self.net.learn.params["0.W"].tolist())
        self._change("0.b", self.net.learn.params["0.b"].tolist())

    def _change(self, name, value):
        if self.t:
            self.changes.setdefault(self.t, {})[name] = value
        elif name == "alpha":
            self.start_alpha = value

    def update(self):
        """One step of gradient descent, of both neurons. `code()` prints this loop."""
        self.trail.add(self.place())
        self.J, grads = self.net.gradient(self.x, self.y)
        for half in self.halves:
            _, grads = half.gradient(self.x, self.y)
            for name in grads:
                half.learn.params[name] -= self.values["alpha"] * grads[name]
        self._read()
        return bool(self.net.gradient(self.x, self.y)[0] < LIMIT)

    def _read(self):
        """The controls follow what was learnt, as far as they reach."""
        learnt = dict(zip(self.moves, (self.w[0], self.w[-1], self.b), strict=True))
        if self.columns == 1:
            del learnt["w2"]
        for name, value in learnt.items():
            if np.isfinite(value):
                self.values[name] = float(min(max(value, -REACH), REACH))

    @property
    def halves(self):
        """The neuron, and the one beside it if there is one."""
        return [half for half in (self.net, self.other) if half]

    def keep(self):
        weights = [
            {name: a.copy() for name, a in half.learn.params.items()} for half in self.halves
        ]
        return weights, self.trail.copy()

    def recall(self, kept):
        weights, self.trail = kept
        for half, params in zip(self.halves, weights, strict=True):
            half.learn.params.update(params)
        self._read()

    def place(self):
        """Where the neuron is on the ground: (w, b), or (w1, w2)."""
        return (self.w[0], self.b if self.columns == 1 else self.w[1])

    # ---- what is seen

    def measure(self):
        J, grads = self.net.gradient(self.x, self.y)
        a = self.net.full(self.x)
        self.seen = {
            "J": J, "dW": grads["0.W"][0], "db": float(grads["0.b"][0]), "a": a[:, 0],
            "slope": self.slope(self.x)[:, 0],
        }  # fmt: skip
        downhill = [
            self.seen["dW"][0],
            self.seen["db"] if self.columns == 1 else self.seen["dW"][1],
        ]
        frame = {
            "here": [self.place()],
            "downhill": [[-d for d in downhill]],
            "trail": self.trail.to(self.place()),
            "ground": self.ground(),
            "error": [float(np.abs(a - self.y).mean())],
            **(self.curve() if self.columns == 1 else self.field()),
        }
        if self.other:
            frame["error_other"] = [float(np.abs(self.other.full(self.x) - self.y).mean())]
        return {name: np.asarray(v, np.float32) for name, v in frame.items()} | {
            "formula": formula(self)
        }

    def slope(self, x):
        """sigma'(z) at inputs x."""
        dense, activation = self.net.full.layers
        z = dense(x)
        a, cache = activation.forward(z)
        return activation.backward(np.ones_like(a), cache)[0]

    def curve(self):
        x = np.linspace(*X_EXTENT, CURVE)[:, None]
        at = np.array([[self.values["probe"]]])
        height, slope = float(self.net.full(at)[0, 0]), float(self.slope(at)[0, 0] * self.w[0])
        self.seen |= {"height": height, "tangent": slope}
        step = 0.9 / max(1.0, abs(slope))
        ends = [[at[0, 0] + s, height + s * slope] for s in (-step, step)]
        a = self.net.full(self.x)
        return {
            "curve": np.clip(np.hstack([x, self.net.full(x)]), -50, 50),
            "touch": ends,
            "on_curve": np.hstack([self.x, a]),
            "errors": np.hstack([0 * a, self.y - a]),
        }

    def field(self):
        axis = np.linspace(*X_EXTENT, FIELD)
        grid = np.stack(np.meshgrid(axis, axis), -1).reshape(-1, 2)
        size = float(np.hypot(*self.w))
        foot = -self.b * self.w / size**2 if size > 1e-3 else 0 * self.w
        return {
            "field": np.clip(self.net.full(grid), -1.5, 1.5).reshape(FIELD, FIELD),
            "foot": [np.clip(foot, -50, 50)],
            "normal": [self.w * min(1, 1.5 / max(size, 1e-9))],
        }

    def ground(self):
        """Heights of J over the two numbers of `place`, row 0 at the bottom: (FIELD, FIELD)."""
        axis = np.linspace(-REACH, REACH, FIELD)
        first, second = np.meshgrid(axis, axis)
        if self.columns == 1:
            z = first[..., None] * self.x[:, 0] + second[..., None]
        else:
            z = first[..., None] * self.x[:, 0] + second[..., None] * self.x[:, 1] + self.b
        y = self.y[:, 0]
        if self.values["loss"] == "cross-entropy":
            J = (np.logaddexp(0, z) - z * y).mean(-1)
        else:
            J = ((self.net.full.layers[1](z) - y) ** 2).mean(-1)
        lowest = np.unravel_index(J.argmin(), J.shape)
        self.lowest = float(J[lowest])
        height = np.log10(J + 1e-3 * J.max() + 1e-12)
        return (height - height.min()) / max(np.ptp(height), 1e-9)

    def static(self):
        label = np.round(np.clip(self.y[:, 0], 0, 1))
        return {"points": self.points[:, :2].astype(np.float32), "label": label.astype(np.float32)}

    def panels(self):
        return neuron_panels(self.columns, self.values["activation"], self.values["loss"])

    # ---- what the reader does

    def event(self, name, /, **what):
        """drag(index, x, y) moves an example; weights(x, y) moves the neuron on the ground."""
        if name not in ("drag", "weights"):
            return super().event(name, **what)
        self.require_running(name)
        if name == "weights":
            w, other = position(what, (-REACH, REACH), (-REACH, REACH))
            self.set("w", w)
            self.set("b" if self.columns == 1 else "w2", other)
            return False
        i = one_of(what, "index", len(self.points), "a point")
        limits = (0.0, 1.0) if self.columns == 1 else X_EXTENT
        self._move(i, position(what, X_EXTENT, limits))
        return True

    def _move(self, i, place):
        edits = self.edits.setdefault(self.t, [])
        if edits and edits[-1][0] == i:
            edits.pop()  # the same point, dragged on
        edits.append((i, *place))
        self.points[i, :2] = place
        self.fresh = False

    # ---- in words

    def text(self):
        return explain(self, LIMIT)

    def doctor(self):
        return findings(self, LIMIT)

    def audit(self):
        examples = f"{len(self.points)} examples" if len(self.points) > 1 else "the one example"
        return audit(self.net.learn, self.x.copy(), self.y.copy(), self.net.loss, of=examples)

    def code(self):
        return programs(self)


class Half:
    """A neuron and its loss. `learn` gives what the loss takes, `full` gives a = sigma(z)."""

    def __init__(self, learn, full, loss):
        self.learn, self.full, self.loss = learn, full, loss

    def gradient(self, x, y):
        out, cache = self.learn.forward(x)
        J, d = self.loss(out, y)
        return J, self.learn.backward(d, cache, need_dx=False)[1]


def examples(data, columns, rng):
    """(n, columns + 1): the inputs and the target of each example, two decimals."""
    if data != "points":
        return np.array([[1.0, 0.0]]) if columns == 1 else np.array([[1.0, 1.0, 0.0]])
    if columns == 1:
        x = np.array([-2.4, -1.5, -0.8, 0.0, 0.7, 1.3, 2.2])
        y = activations.sigmoid(2 * x - 0.5) + 0.08 * rng.standard_normal(len(x))
        return np.stack([x, np.clip(y, 0.02, 0.98)], 1).round(2)
    label = np.arange(12) % 2
    centre = np.where(label[:, None] == 1, (0.9, 0.6), (-0.8, -0.5))
    x = np.clip(centre + 0.75 * rng.standard_normal((12, 2)), *X_EXTENT)
    return np.hstack([x, label[:, None]]).round(2)
