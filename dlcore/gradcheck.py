"""Is a backward pass right? Compare it with central differences, in float64.

    dJ/dw  ~  (J(w + eps) - J(w - eps)) / (2 eps)

J is a loss, or the sum of the output times a fixed random array, so that every output counts.
"""

import math
from dataclasses import dataclass

import numpy as np

from .layers import Layer
from .shapes import mismatch, positive, require_kind, require_rng, whole

_FLOOR = 1e-4  # a gradient that is zero is compared with this, not with the noise of rounding


@dataclass(frozen=True)
class Row:
    """One array's comparison. `place` is where the two differ most."""

    name: str
    analytic: float  # norms
    numeric: float
    error: float  # |analytic - numeric| / max(|analytic|, |numeric|), of the norms
    place: tuple


@dataclass(frozen=True)
class Report:
    """`worst` is the largest relative error; printing gives a table."""

    rows: tuple

    @property
    def worst(self):
        return max((row.error for row in self.rows), default=0.0)

    def __repr__(self):
        lines = [f"{'':10s} {'analytic':>10s} {'numeric':>10s} {'rel. error':>11s}"]
        lines += [
            f"{'d' + r.name:10s} {r.analytic:10.4g} {r.numeric:10.4g} {r.error:11.1e}"
            for r in self.rows
        ]
        return "\n".join(lines)


def gradcheck(layer, x, *, rng, loss=None, eps=1e-5, most=200):
    """Compare `layer.backward` with central differences at input `x` and the present parameters.

    Works on a float64 copy. `loss(y)` gives (J, dy) as the losses of this package do; without it
    J = sum(r * y) with r random. Of an array larger than `most`, `most` random places are tried.
    """
    require_kind("gradcheck", "layer", layer, Layer)
    require_rng("gradcheck", rng)
    most = whole("gradcheck", "most", most)
    positive("gradcheck", "eps", eps)
    layer = layer.astype(np.float64)
    x = np.array(x, np.float64 if np.asarray(x).dtype.kind == "f" else None)
    if loss is None:
        weights = rng.standard_normal(layer.forward(x)[0].shape)

        def loss(y):
            return float(np.vdot(weights, y)), weights

    y, cache = layer.forward(x)
    if not np.array_equal(layer.forward(x)[0], y, equal_nan=True):
        raise ValueError(
            "gradcheck: expected the same output twice, got two different ones (dropout?); "
            "a layer that draws random numbers has no derivative to check"
        )
    dx, grads = layer.backward(loss(y)[1], cache)
    checked = [("x", x, dx)] if x.dtype.kind == "f" else []
    checked += [(name, layer.params[name], grads.get(name)) for name in layer.params]
    for name, w, dw in checked:
        if not isinstance(dw, np.ndarray) or dw.shape != w.shape:
            raise mismatch("gradcheck", f"d{name} {w.shape} from backward", dw, w.dtype)

    def J():
        return loss(layer.forward(x)[0])[0]

    return Report(tuple(_compare(name, w, dw, J, eps, most, rng) for name, w, dw in checked))


def _compare(name, w, dw, J, eps, most, rng):
    places = np.arange(w.size)
    if w.size > most:
        places = rng.choice(places, most, replace=False)
    numeric = np.array([_difference(w, i, J, eps) for i in places])
    analytic = dw.reshape(-1)[places]
    gap = np.abs(analytic - numeric)
    scale = max(np.linalg.norm(analytic), np.linalg.norm(numeric), _FLOOR)
    error = float(np.linalg.norm(gap) / scale)
    worst = np.unravel_index(places[gap.argmax()], w.shape) if w.size else ()
    return Row(
        name,
        float(np.linalg.norm(analytic)),
        float(np.linalg.norm(numeric)),
        error if error == error else math.inf,  # nan is no agreement
        tuple(int(i) for i in worst),
    )


def _difference(w, i, J, eps):
    """Central difference of J in the i-th number of w; w is put back as it was."""
    at = np.unravel_index(i, w.shape)
    kept = w[at]
    w[at] = kept + eps
    above = J()
    w[at] = kept - eps
    below = J()
    w[at] = kept
    return (above - below) / (2 * eps)
