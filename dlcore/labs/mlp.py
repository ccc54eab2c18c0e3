"""The lab `mlp`: a small network learns to tell two classes of points apart, live.

What is shown, exactly:
- `loss`, `loss_test`: the mean cross-entropy of all training and of all test points, without the
  penalty. What is minimised is J + l1 sum|w| + l2/2 sum w^2, over weights, not biases.
- `dW`, `gnorm`, `hist`: the gradient of that sum (penalty included) at the last step's batch, as
  the optimiser got it. Before the first step: the gradient of all training points.
- `saturation`: of each hidden layer. tanh: the share of activations, over all training points,
  with |a| > 0.95; sigmoid: with |2a - 1| > 0.95. relu: the share of units that are 0 for every
  training point. The others cannot saturate: 0.
- `tiles`: inputs divided by their largest size in the plane; tanh as it is, sigmoid as 2a - 1,
  other activations divided by their largest size in the plane; the output as 2 yhat - 1.
"""

import math
from typing import ClassVar

import numpy as np

from .. import activations, losses
from ..model import mlp
from ..regularization import penalty
from ..train import accuracy
from . import doctor, toys
from .audit import audit
from .base import Lab
from .controls import LabError, number, shown
from .mlp_code import programs
from .mlp_controls import ACTIVATIONS, INITS, LIVE, OPTIMIZERS, make_controls
from .mlp_panels import BINS, HI, LO, mlp_panels

MOST_POINTS = 400  # that a reader may set
FIELD, TILE = 48, 18  # samples along each side
LIMIT = 1e6  # a batch loss above this, or not a number, is a diverged run


def plane_grid(n):
    """n x n points of the plane, row 0 at the bottom: (n * n, 2) float32."""
    axis = np.linspace(-toys.EXTENT, toys.EXTENT, n, dtype=np.float32)
    return np.stack(np.meshgrid(axis, axis), -1).reshape(-1, 2)


class Mlp(Lab):
    name = "mlp"
    title = "How many hidden units does a spiral need?"
    hint = (
        "Point at a neuron while it plays: the plane shows what it alone has learnt. "
        "Take units away until the spiral breaks, or drag a point to the wrong side."
    )
    controls = make_controls()
    points = 300  # of a data set, training and test together
    ranges: ClassVar = {
        "p": (0, 1, 64), "tiles": (-1, 1, 28), "hist": (0, 1, 256),
        "y": (0, 1, 2), "y_test": (0, 1, 2),
        "x": (-toys.EXTENT, toys.EXTENT, 65536), "x_test": (-toys.EXTENT, toys.EXTENT, 65536),
    }  # fmt: skip
    recorded = (4,) * 10 + (16,) * 10 + (32,) * 40

    def __init__(self, seed=0, **values):
        self.own = []  # the reader's own points, as edits; they outlive every reset
        self.edits = {}
        super().__init__(seed, **values)

    # ---- what there is

    def allow(self, values):
        if not any(values[name] for name in toys.FEATURES):
            raise LabError("input features: at least one must stay on")

    @property
    def features(self):
        """Names of the input features that are on."""
        return [name for name in toys.FEATURES if self.values[name]]

    @property
    def sizes(self):
        """Units of every layer, inputs first: [2, 8, 8, 1]."""
        hidden = [self.values[f"units_{k}"] for k in range(1, self.values["layers"] + 1)]
        return [len(self.features), *hidden, 1]

    def panels(self):
        labels = [toys.FEATURES[name][0] for name in self.features]
        own = self.values["data"] == "own"
        return mlp_panels(self.sizes, labels, self.values["activation"], own)

    # ---- the run

    def reset(self):
        """A new run at step 0; points of a data set go back, the reader's own ones stay."""
        self.edits = {0: list(self.own)} if self.values["data"] == "own" else {}
        super().reset()

    def restart(self, *names):
        """As `reset`, but moved points stay moved while the data are the same."""
        if {"data", "noise", "train_share"} & set(names):
            self.reset()
        else:
            self.edits = {0: [change for changes in self.edits.values() for change in changes]}
            super().reset()

    def start(self):
        v = self.values
        for_data, for_weights, self._for_batches = np.random.default_rng(self.seed).spawn(3)
        x, y, self.x_test, self.y_test = self._draw(for_data)
        self.net = mlp(
            self.sizes, ACTIVATIONS[v["activation"]], rng=for_weights, init=INITS[v["init"]]
        )
        self.opt = OPTIMIZERS[v["optimizer"]](v["alpha"])
        self.alpha_used = v["alpha"]  # by the last step
        self.at_start = {name: v[name] for name in LIVE}
        self.changes = {}  # step -> settings changed after it
        self.J = self.grads = None
        self.history = []  # (step, training loss, test loss), one a frame
        self._field = toys.features(plane_grid(FIELD), self.features)
        self._tile = toys.features(plane_grid(TILE), self.features)
        self._test = toys.features(self.x_test, self.features)
        self._take(*toys.edit(x, y, self.edits.get(0, ())))

    def _draw(self, rng):
        """Training and test points, before any was moved."""
        v = self.values
        if v["data"] == "own":
            return (*toys.empty(), *toys.empty())
        x, y = toys.DATA[v["data"]](self.points, noise=v["noise"], rng=rng)
        return toys.split(x, y, v["train_share"])

    def _take(self, x, y):
        """These are the training points now."""
        self.x, self.y = x, y
        self.waiting = not len(x)  # nothing to learn from, so no step is made
        self._inputs = toys.features(x, self.features)

    def changed(self, name):
        if name not in LIVE:
            return
        new = self.changes.setdefault(self.t, {}) if self.t else self.at_start
        new[name] = self.values[name]
        self.opt.alpha = self.values["alpha"]

    def update(self):
        """One step of gradient descent. `code()` prints this loop."""
        i = self._for_batches.permutation(len(self.x))[: self.values["batch"]]
        J, grads = self.gradient(i)
        self.J = J
        if not J < LIMIT:
            return False
        self.alpha_used = self.opt.alpha
        self.opt.step(self.net.params, grads)
        self.grads = grads
        return True

    def gradient(self, i):
        """Loss of the training points `i` (a batch) and the gradient, with the penalty's."""
        z, cache = self.net.forward(self._inputs.take(i, 0))
        J, dz = losses.bce_with_logits(z, self.y.take(i, 0))
        _, grads = self.net.backward(dz, cache, need_dx=False)
        l1, l2 = self.values["l1"], self.values["l2"]
        if l1 or l2:
            for name, dw in penalty(self.net.params, l1, l2)[1].items():
                grads[name] += dw
        return J, grads

    def keep(self):
        return {name: array.copy() for name, array in self.net.params.items()}

    def recall(self, kept):
        self.net.params.update(kept)

    # ---- what is seen

    def weights(self, arrays):
        """The weight matrices of parameters or gradients, by layer."""
        return [a for name, a in arrays.items() if name.endswith("W")]

    def measure(self):
        answers = self.outputs(self._inputs)
        dW = self.weights(self.shown_gradient())
        p = activations.sigmoid(self.net(self._field)).reshape(FIELD, FIELD)
        frame = {
            "p": p,
            "tiles": self.tiles(),
            "W": flat(self.weights(self.net.params)),
            "dW": flat(dW),
            "loss": vector(self.loss(answers[-1], self.y)),
            "gnorm": vector(*[math.sqrt(np.vdot(g, g)) for g in dW]),
            "hist": np.stack([histogram(g) for g in dW]),
            "saturation": self.saturation(answers[:-1]),
        }
        self.right = accuracy(answers[-1], self.y) if len(self.y) else None
        if len(self.y_test):
            z = self.net(self._test)
            frame["loss_test"] = vector(self.loss(z, self.y_test))
            self.right = accuracy(z, self.y_test)
        self._remember(frame)
        return frame

    def static(self):
        arrays = {"x": self.x, "y": self.y[:, 0]}
        if self.values["data"] != "own":
            arrays |= {"x_test": self.x_test, "y_test": self.y_test[:, 0]}
        return arrays

    def shown_gradient(self):
        """Of the last step; before the first, of all training points; without any, zero."""
        if self.grads is not None:
            return self.grads
        if not len(self.x):
            return {name: np.zeros_like(a) for name, a in self.net.params.items()}
        return self.gradient(np.arange(len(self.x)))[1]

    def outputs(self, x):
        """a of every hidden layer and z of the last, from one forward pass."""
        found = []
        for k, layer in enumerate(self.net.layers):
            x = layer(x)
            if k % 2:
                found.append(x)
        return [*found, x]

    def loss(self, z, y):
        """Mean cross-entropy; 0 without points, which a logarithmic axis leaves out."""
        return losses.bce_with_logits(z, y)[0] if len(y) else 0.0

    def tiles(self):
        """(units, TILE, TILE): inputs, every hidden unit, the output, each within -1..1."""
        *hidden, z = self.outputs(self._tile)
        bounded = {"tanh": lambda a: a, "sigmoid": lambda a: 2 * a - 1}
        scale = bounded.get(self.values["activation"], to_unit)
        rows = [to_unit(self._tile), *map(scale, hidden), 2 * activations.sigmoid(z) - 1]
        return np.concatenate(rows, 1).T.reshape(-1, TILE, TILE)

    def saturation(self, hidden):
        """Share of saturated activations, or of dead units, of each hidden layer."""
        kind = self.values["activation"]
        if kind not in ("tanh", "sigmoid", "relu") or not len(self.x):
            return np.zeros(len(hidden), np.float32)
        if kind == "relu":
            return vector(*[np.mean(a.max(0) <= 0) for a in hidden])
        middle, half = (0, 1) if kind == "tanh" else (0.5, 0.5)
        return vector(*[np.mean(np.abs(a - middle) > 0.95 * half) for a in hidden])

    def _remember(self, frame):
        """Keep the losses for the doctor, one entry a frame; of many, every second one."""
        if not len(self.x):
            return
        if self.history and self.history[-1][0] >= self.t:
            self.history.pop()
        test = frame.get("loss_test", frame["loss"])
        self.history.append((self.t, float(frame["loss"][0]), float(test[0])))
        if len(self.history) > 400:
            self.history = self.history[::2]

    # ---- what the reader does

    def event(self, name, /, **what):
        """drag(index, x, y), remove(index), add(x, y), clear(): always new static arrays."""
        edits = {"drag": self._drag, "remove": self._remove, "add": self._add, "clear": self._clear}
        if not isinstance(name, str) or name not in edits:
            return super().event(name, **what)
        if self.diverged:
            raise LabError(f"{name}: the run has diverged; Reset starts a new one")
        self._apply(edits[name](what))
        return True

    def _drag(self, what):
        return ("move", self._index(what), *position(what))

    def _remove(self, what):
        if self.values["data"] != "own" and len(self.x) <= 2:
            raise LabError("remove: two points must stay; choose data “own” to start empty")
        return ("remove", self._index(what))

    def _add(self, what):
        self._require_own("add")
        if len(self.x) >= MOST_POINTS:
            raise LabError(f"add: {MOST_POINTS} points are the most")
        return ("add", *position(what), int(self.values["paint"] == "class 1"))

    def _clear(self, what):
        self._require_own("clear")
        return ("clear",)

    def _require_own(self, name):
        if self.values["data"] != "own":
            raise LabError(f"{name}: choose data “own” to set points yourself")

    def _index(self, what):
        i = number(what.get("index"))
        if i is None or i != int(i) or not 0 <= i < len(self.x):
            there = f"0 to {len(self.x) - 1}" if len(self.x) else "none, there are no points"
            raise LabError(f"index: expected a point, {there}, got {shown(what.get('index'))}")
        return int(i)

    def _apply(self, change):
        changes = self.edits.setdefault(self.t, [])
        if change[0] == "move" and changes and changes[-1][:2] == change[:2]:
            changes.pop()  # the same point, dragged on
        changes.append(change)
        self._take(*toys.edit(self.x, self.y, [change]))
        self.fresh = False
        if self.values["data"] == "own":
            self.own = [
                ("add", round(float(x1), 4), round(float(x2), 4), int(label))
                for (x1, x2), label in zip(self.x, self.y[:, 0], strict=True)
            ]

    # ---- in words

    def text(self):
        if not len(self.x):
            return "No points yet: click into the plane to add some, of both classes."
        frame = self.frame()
        loss, right = self.history[-1][1], f"{100 * self.right:.0f} %"
        if self.diverged:
            return (
                f"The run diverged at step {self.diverged_at:,}; shown is step {self.t:,}, the "
                f"last frame with finite numbers. Change a setting and press Reset."
            )
        if not len(self.y_test):
            seen = f"training loss {loss:.3f}; {right} of the points are on the right side"
        else:
            seen = (
                f"training loss {loss:.3f}, test loss {self.history[-1][2]:.3f}; "
                f"{right} of the test points are on the right side"
            )
        return f"Step {self.t:,}: {seen}. {compare(frame['gnorm'])}".strip()

    def doctor(self):
        v, frame = self.values, self.frame()
        if self.diverged:
            return [doctor.diverged(self.diverged_at, self.t, self.J, LIMIT, self.alpha_used)]
        if not len(self.x):
            return []
        return doctor.findings(
            doctor.loss_growing(self.history, v["alpha"]),
            doctor.symmetric(self.weights(self.net.params)),
            doctor.saturated(frame["saturation"], v["activation"], self.history[-1][1]),
            doctor.dead_units(frame["saturation"], self.sizes[1:-1], v["activation"]),
            doctor.vanishing(frame["gnorm"]),
            doctor.exploding(frame["gnorm"]),
            doctor.overfitting(self.history) if len(self.y_test) else None,
            doctor.one_class(self.y),
            doctor.linear(v["activation"], v["layers"]),
            doctor.whole_set(v["batch"], len(self.x)),
        )

    def audit(self):
        if not len(self.x):
            raise LabError("audit: there are no points yet to take a gradient of")
        return audit(self.net, self._inputs, self.y, losses.bce_with_logits)

    def code(self):
        return programs(self)


def position(what):
    """x and y of an event, kept within the plane; four decimals, so that code can repeat them."""
    found = []
    for key in ("x", "y"):
        x = number(what.get(key))
        if x is None:
            raise LabError(f"{key}: expected a number, got {shown(what.get(key))}")
        found.append(round(min(max(x, -toys.EXTENT), toys.EXTENT), 4))
    return found


def compare(norms):
    """The first layer's gradient norm beside the last one's, as a sentence."""
    if len(norms) < 2 or not min(norms[0], norms[-1]) > 0:
        return ""
    ratio = doctor.say(norms[0] / norms[-1], digits=2)
    return f"The gradient of layer 1 is {ratio} times that of layer {len(norms)}."


def flat(arrays):
    """Arrays end to end: edges layer by layer, each matrix row by row."""
    return np.concatenate([a.ravel() for a in arrays])


def vector(*numbers):
    return np.array(numbers, np.float32)


def to_unit(a):
    """Each column divided by its largest size; a column of zeros stays."""
    largest = np.abs(a).max(0)
    return a / np.where(largest > 0, largest, np.float32(1))


def histogram(g):
    """Share of the elements of g in each bin of log10 |g|; what lies beyond is in the end bins."""
    size = np.log10(np.maximum(np.abs(g.ravel()), 10.0**LO))
    place = np.clip(np.nan_to_num((size - LO) * (BINS / (HI - LO))), 0, BINS - 1).astype(int)
    return (np.bincount(place, minlength=BINS) / g.size).astype(np.float32)
