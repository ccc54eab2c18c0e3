"""The lab `curve-fit`: a network with one input, one hidden layer and one output fits points.

What is shown, exactly:
- `yhat`, `truth`, `line`: heights at the `places` x: the network, the curve that the data were
  drawn from (if they were), and the straight line of least squares for the present training points.
- `parts`: w2 a of every hidden unit at the places; their sum and `bias` (b2) is `yhat`. `without`:
  `yhat` less that of one unit. All heights are cut off beyond +-CUT, outside of every plane.
- `zeros`: where z = 0 for each unit, on the curve; `zeros_of_parts`: the same on its own curve.
- `errors`: y - yhat of every training point. -dJ/dyhat is 2/m of it.
- `loss`, `loss_test`: mean squared errors of all training and all test points, without the penalty.
  `loss_line`: of the straight line on the test points (without any: on the training points).
- `dW`: the gradient at the weights that are shown, of all training points, penalty included. With
  the whole set as batch it is what the next step takes.
- `tiles`: what each unit adds as a small graph over the places, all on one scale, blue where it
  lifts the curve; for the input x, for the output yhat.
"""

from typing import ClassVar

import numpy as np

from .. import losses
from . import curves
from .audit import audit
from .cases import Cases
from .controls import LabError, needed
from .curve_fit_code import programs
from .curve_fit_controls import CASES, INPUTS, MOST_POINTS, NOTICE, USUAL, make_controls
from .curve_fit_panels import curve_fit_panels
from .curve_fit_words import about, explain, findings, total
from .learner import Learner, flat, vector, weights

CUT, FAR = 6.0, 50.0  # heights and places beyond these are not drawn anyhow
TILE = 16


class CurveFit(Cases, Learner):
    name = "curve-fit"
    title = "How do a handful of neurons add up to a curve?"
    hint = (
        "Play, then point at a unit: the diamond is the middle of its step, where z = 0. Drag a "
        "point, click to add one, take units away; under “what to try” see it fit the noise."
    )
    controls: ClassVar = make_controls()
    usual, cases, notices = USUAL, CASES, NOTICE
    ranges: ClassVar = {
        "tiles": (-1, 1, 9), "parts": (-CUT, CUT, 1024), "without": (-CUT, CUT, 1024),
        "yhat": (-CUT, CUT, 4096), "line": (-CUT, CUT, 4096), "bias": (-CUT, CUT, 4096),
    }  # fmt: skip
    recorded = (2,) * 10 + (10,) * 18 + (40,) * 32
    redraws = frozenset({"case", "data", "noise", "n"})
    most_points, grows = MOST_POINTS, True
    edit = staticmethod(curves.edit)
    objective = staticmethod(losses.mse)

    @property
    def sizes(self):
        return [1, self.values["units"], 1]

    @property
    def plane(self):
        return curves.extent(self.values["data"])

    @property
    def is_drawn(self):
        """Are the data points of a curve, and others held out?"""
        return self.values["data"] in curves.CURVES

    def allow(self, values):
        if curves.DAY not in (values["data"], self.case(values["case"])["data"]):
            return
        with needed("data"):
            curves.working_day()

    def panels(self):
        return curve_fit_panels(self.values["units"], self.values["data"])

    # ---- the run

    def start(self):
        for_data, for_weights, self._for_batches = np.random.default_rng(self.seed).spawn(3)
        x, y, self.x_test, self.y_test = self._draw(for_data)
        self.places = np.linspace(*self.plane[0], 91, dtype=np.float32)[:, None]
        self.begin(for_weights)
        self._take(*curves.edit(x, y, self.edits.get(0, ())))

    def _draw(self, rng):
        """Training points and points held out, before any was moved."""
        v = self.values
        if self.is_drawn:
            return curves.draw(v["data"], v["n"], noise=v["noise"], rng=rng)
        return *(curves.empty() if v["data"] == "own" else curves.working_day()), *curves.empty()

    def _take(self, x, y):
        """These are the training points now."""
        self.x, self.y = x, y
        self.waiting = not len(x)  # nothing to learn from, so no step is made
        self._inputs = self.given(x)
        self.line = curves.straight(x, y)

    def given(self, x):
        """What the network gets for x."""
        _, scale, shift = INPUTS[self.values["input"]]
        return x * np.float32(scale) + np.float32(shift)

    # ---- what is seen

    def measure(self):
        p, units = self.net.params, self.values["units"]
        w2 = p["2.W"].T  # (units, 1)
        parts = w2 * self.activations(self.places).T
        yhat = self.answer(self.places)[:, 0]
        self.at_the_end = yhat[-1]  # of the plane, where no data are
        self.zeros = self.find_zeros()
        on_axis = np.clip(np.nan_to_num(self.zeros, nan=FAR), -FAR, FAR)[:, None].astype("f4")
        of_part = np.sum(w2.T * self.activations(on_axis) * np.eye(units, dtype="f4"), 1)
        self.hidden = self.activations(self.x)
        self.grads_here = self.full_gradient()
        fitted = self.answer(self.x)
        frame = {
            "yhat": cut(yhat),
            "parts": cut(parts),
            "without": cut(yhat - parts),
            "bias": cut(np.full(len(self.places), p["2.b"][0])),
            "line": cut(self.on_line(self.places)[:, 0]),
            "zeros": cut(np.hstack([on_axis, self.answer(on_axis)]), FAR),
            "zeros_of_parts": cut(np.stack([on_axis[:, 0], of_part], 1), FAR),
            "on_curve": np.hstack([self.x, fitted]),
            "errors": np.hstack([0 * fitted, self.y - fitted]),
            "tiles": self.tiles(parts, yhat),
            "W": flat(weights(p)),
            "dW": flat(weights(self.grads_here)),
            **self.measure_losses(fitted),
        }
        return frame | {"sum": total(self), "about": about(self)}

    def measure_losses(self, fitted):
        """The losses as arrays; for the words, pairs on training and test points."""
        answers = {"net": (fitted, self.answer(self.x_test))}
        answers["line"] = self.on_line(self.x), self.on_line(self.x_test)
        answers["truth"] = self.truth(self.x), self.truth(self.x_test)
        self.losses = {
            name: (self.loss(train, self.y), self.loss(test, self.y_test))
            for name, (train, test) in answers.items()
        }
        train, test = self.losses["net"]
        tested = bool(len(self.x_test))
        if len(self.x):
            self.remember(train, test if tested else train)
        shown = {"loss": vector(train), "loss_line": vector(self.losses["line"][tested])}
        return shown | ({"loss_test": vector(test)} if tested else {})

    def static(self):
        arrays = {"places": self.places[:, 0], "points": np.hstack([self.x, self.y])}
        if self.is_drawn:
            arrays["held_out"] = np.hstack([self.x_test, self.y_test])
            arrays["truth"] = self.truth(self.places)[:, 0]
        return arrays

    def answer(self, x):
        return self.net(self.given(x))

    def activations(self, x):
        """a of every hidden unit: (n, units)."""
        dense, activation, _ = self.net.layers
        return activation(dense(self.given(x)))

    def on_line(self, x):
        slope, height = self.line
        return np.asarray(slope * x + height, np.float32)

    def truth(self, x):
        """The curve that the data come from; 0 where there is none."""
        curve = curves.CURVES.get(self.values["data"], np.zeros_like)
        return np.asarray(curve(x), np.float32)

    def find_zeros(self):
        """x where z = 0, of each unit; NaN where that is nowhere."""
        w, b = (self.net.params[name].astype(float).ravel() for name in ("0.W", "0.b"))
        _, scale, shift = INPUTS[self.values["input"]]
        if self.values["activation"] == "identity":
            return np.full(len(w), np.nan)
        return (np.divide(-b, w, out=np.full(len(w), np.nan), where=w != 0) - shift) / scale

    def tiles(self, parts, yhat):
        """(units + 2, TILE, TILE): graphs of what there is at each node, within -1..1."""
        largest = max(float(np.abs(parts).max()), 1e-6)
        rows = [
            self.places.T / self.places.max(),
            parts / largest,
            yhat[None] / max(np.abs(yhat).max(), 1e-6),
        ]
        at = np.linspace(0, len(self.places) - 1, TILE).round().astype(int)
        heights = np.clip(np.vstack(rows), -1, 1)[:, None, at]
        level = np.linspace(-1, 1, TILE)[:, None]  # of each row of pixels, upwards
        inside = np.clip((np.abs(heights) - np.abs(level)) * TILE / 2 + 0.5, 0, 1)
        same_side = np.sign(level) == np.sign(heights)
        return np.asarray(np.sign(heights) * inside * same_side, np.float32)

    # ---- what the reader does

    def _new(self, place):
        return ("add", *place)

    # ---- in words

    def text(self):
        return explain(self)

    def doctor(self):
        return findings(self)

    def audit(self):
        if not len(self.x):
            raise LabError("audit: there are no points yet to take a gradient of")
        return audit(self.net, self._inputs, self.y, losses.mse)

    def code(self):
        return programs(self)


def cut(a, most=CUT):
    """Heights that are drawn: float32, not NaN; infinity becomes the largest there is."""
    return np.asarray(np.clip(a, -most, most), np.float32)
