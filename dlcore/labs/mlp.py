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
from ..train import accuracy
from . import doctor, toys
from .audit import audit
from .controls import LabError
from .learner import LIMIT, Learner, flat, vector, weights
from .mlp_code import programs
from .mlp_controls import make_controls
from .mlp_panels import BINS, HI, LO, mlp_panels

FIELD, TILE = 48, 18  # samples along each side


def plane_grid(n, edge=toys.EXTENT):
    """n x n points of the plane from -edge to edge, row 0 at the bottom: (n * n, 2) float32."""
    axis = np.linspace(-edge, edge, n, dtype=np.float32)
    return np.stack(np.meshgrid(axis, axis), -1).reshape(-1, 2)


class Mlp(Learner):
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
    redraws = frozenset({"data", "noise", "train_share"})
    plane = ((-toys.EXTENT, toys.EXTENT),) * 2
    edit = staticmethod(toys.edit)
    objective = staticmethod(losses.bce_with_logits)

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

    def start(self):
        for_data, for_weights, self._for_batches = np.random.default_rng(self.seed).spawn(3)
        x, y, self.x_test, self.y_test = self._draw(for_data)
        self.begin(for_weights)
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

    # ---- what is seen

    def measure(self):
        answers = self.outputs(self._inputs)
        dW = weights(self.full_gradient() if self.grads is None else self.grads)
        p = activations.sigmoid(self.net(self._field)).reshape(FIELD, FIELD)
        frame = {
            "p": p,
            "tiles": self.tiles(),
            "W": flat(weights(self.net.params)),
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
        if len(self.x):
            test = frame.get("loss_test", frame["loss"])
            self.remember(frame["loss"][0], test[0])
        return frame

    def static(self):
        arrays = {"x": self.x, "y": self.y[:, 0]}
        if self.values["data"] != "own":
            arrays |= {"x_test": self.x_test, "y_test": self.y_test[:, 0]}
        return arrays

    def outputs(self, x):
        """a of every hidden layer and z of the last, from one forward pass."""
        found = []
        for k, layer in enumerate(self.net.layers):
            x = layer(x)
            if k % 2:
                found.append(x)
        return [*found, x]

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
        return vector(*[doctor.saturation(a, kind) if len(a) else 0 for a in hidden])

    # ---- what the reader does

    def _new(self, place):
        return ("add", *place, int(self.values["paint"] == "class 1"))

    # ---- in words

    def text(self):
        if not len(self.x):
            return "No points yet: click into the plane to add some, of both classes."
        frame = self.frame()
        loss, right = self.history[-1][1], f"{100 * self.right:.0f} %"
        if self.diverged:
            return self.gone_wrong()
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
            doctor.symmetric(weights(self.net.params)),
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


def compare(norms):
    """The first layer's gradient norm beside the last one's, as a sentence."""
    if len(norms) < 2 or not min(norms[0], norms[-1]) > 0:
        return ""
    ratio = doctor.say(norms[0] / norms[-1], digits=2)
    return f"The gradient of layer 1 is {ratio} times that of layer {len(norms)}."


def to_unit(a):
    """Each column divided by its largest size; a column of zeros stays."""
    largest = np.abs(a).max(0)
    return a / np.where(largest > 0, largest, np.float32(1))


def histogram(g):
    """Share of the elements of g in each bin of log10 |g|; what lies beyond is in the end bins."""
    size = np.log10(np.maximum(np.abs(g.ravel()), 10.0**LO))
    place = np.clip(np.nan_to_num((size - LO) * (BINS / (HI - LO))), 0, BINS - 1).astype(int)
    return (np.bincount(place, minlength=BINS) / g.size).astype(np.float32)
