"""The audit of a lab: is the gradient that is drawn the derivative of the loss?"""

import numpy as np

from ..gradcheck import gradcheck
from ..layers import Layer, Param
from .doctor import say

COLUMNS = ["array", "shape", "norm, backward", "norm, differences", "relative error"]
AGREE = 1e-5  # relative error, of norms
EPS = 1e-5  # step of the differences
SMALLER = EPS / 30, EPS / 1000  # where a kink of relu may lie within the first


def audit(net, x, y, loss, of="all {} training points", most=200):
    """Table of every parameter: its gradient by backward, and by central differences.

    Of an array larger than `most`, so many random places are looked at.

    In float64, at the present weights, for the loss of all examples x, y; `of` says of what.
    Where they differ, smaller steps are tried, and slopes to either side: at a kink of relu the
    loss has two, and backward may give either, or what lies between.
    """
    y = y.astype(np.float64)
    rng = np.random.default_rng(0)
    report = gradcheck(net, x, rng=rng, loss=lambda z: loss(z, y), eps=EPS, most=most)
    checks, kinks = [], 0
    for row in report.rows:
        if row.name not in net.params:
            continue
        numbers = row.analytic, row.numeric, row.error
        if not row.error < AGREE:
            found, *numbers = look_closer(net, x, lambda z: loss(z, y), row, most)
            kinks += found
        checks.append((row.name, *numbers))
    rows = [[f"d{name}", shape(net.params[name]), *numbers] for name, *numbers in checks]
    worst = max(error for *_, error in checks)
    verdict = "agree" if worst < AGREE else "do not agree"
    return {
        "columns": COLUMNS,
        "rows": rows,
        "text": f"Backward and central differences {verdict}: the largest relative error of "
        f"{len(rows)} array{'s' * (len(rows) > 1)} is {say(worst)} "
        f"(float64, loss of {of.format(len(x))})." + about_kinks(kinks),
    }


def about_kinks(places):
    if not places:
        return ""
    if places == 1:
        return " At one place a kink of the loss lies within the step; a smaller step was taken."
    return f" At {places} places a kink of the loss lies within the step; smaller steps were taken."


class Given(Layer):
    """Adds an array x to its input: x is a parameter, so its gradient is audited with the rest."""

    x = Param()

    def __init__(self, x):
        super().__init__()
        self.params.add("x", x.copy())

    def forward(self, x):
        return x + self.params["x"], None

    def backward(self, dy, cache, need_dx=True):
        return dy, {"x": dy}


def look_closer(net, x, loss, row, most):
    """(places with a kink, norm by backward, norm by differences, relative error) of the array of
    a `row`: of the place where the two differed most, and of `most` others if there are more.

    A place where backward and the central difference differ has a kink if a smaller step makes
    them agree, or if the slope of backward lies between those to the left and to the right.
    """
    net, x = net.astype(np.float64), np.asarray(x, np.float64)
    z, cache = net.forward(x)
    w, here = net.params[row.name], loss(z)[0]
    places = np.arange(w.size)
    if w.size > most:
        chosen = np.random.default_rng(0).choice(places, most, replace=False)
        places = np.union1d(chosen, np.ravel_multi_index(row.place, w.shape))
    places = np.transpose(np.unravel_index(places, w.shape))
    analytic = net.backward(loss(z)[1], cache)[1][row.name][tuple(places.T)]

    def J(at, step):
        kept = w[at]
        w[at] = kept + step
        value = loss(net.forward(x)[0])[0]
        w[at] = kept
        return value

    around = [(J(tuple(at), EPS), J(tuple(at), -EPS)) for at in places]
    numeric = np.array([(above - below) / (2 * EPS) for above, below in around])
    scale = max(np.linalg.norm(analytic), np.linalg.norm(numeric), 1e-4)
    allowed = AGREE * scale / np.sqrt(len(places))
    kinks = 0
    for k in np.flatnonzero(~(np.abs(analytic - numeric) <= allowed)):
        at = tuple(places[k])
        slope = near(analytic[k], here, lambda step, at=at: J(at, step), allowed)
        if slope is not None:
            numeric[k] = slope
            kinks += 1
    norms = float(np.linalg.norm(analytic)), float(np.linalg.norm(numeric))
    error = float(np.linalg.norm(analytic - numeric) / max(*norms, 1e-4))
    return kinks, *norms, error if error == error else np.inf


def near(slope, here, J, allowed):
    """The slope that smaller steps give, if it agrees with `slope`, or None.

    `here` is the loss at the place, J(step) near it. Rounding of J allows for a little more.
    """
    for eps in SMALLER:
        right, left = (J(eps) - here) / eps, (here - J(-eps)) / eps
        slack = allowed / 2 + 8 * np.finfo(float).eps * max(1, abs(here)) / eps
        middle = (left + right) / 2
        if abs(middle - slope) <= slack:
            return middle if abs(middle - slope) <= allowed / 2 else slope
        if min(left, right) - slack <= slope <= max(left, right) + slack:
            return slope  # at the kink itself
    return None


def shape(array):
    return "×".join(map(str, array.shape))
