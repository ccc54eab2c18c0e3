"""One-dimensional data for a regression: points of a curve, with noise, and points held out.

A curve is a function of x in -1..1 with values in about -1..1; CURVES names them.
"""

import numpy as np

from . import toys

HELD_OUT = 40  # points to test on
X_EXTENT, Y_EXTENT = (-1.5, 1.5), (-1.6, 1.6)  # of the plane; the data lie within -1..1


def sine(x):
    """A wave and a half."""
    return 0.9 * np.sin(1.5 * np.pi * x)


def step(x):
    """Up at once, at x = 0.1."""
    return np.where(x < 0.1, -0.7, 0.7)


def bump(x):
    """Flat, with one hill at x = 0.4."""
    return 1.4 * np.exp(-(((x - 0.4) / 0.2) ** 2)) - 0.5


def kink(x):
    """|x|, moved down."""
    return 1.6 * np.abs(x) - 0.8


def cliff(x):
    """A gentle slope, and a steep one at x = 0.3."""
    return 0.25 * x + 0.6 * np.tanh(12 * (x - 0.3))


def line(x):
    """A straight line: here a network has nothing to gain."""
    return 0.7 * x


CURVES = {
    "sine": sine,
    "step": step,
    "bump": bump,
    "kink": kink,
    "cliff": cliff,
    "line": line,
}


def draw(name, n, *, noise, rng):
    """x, y, x_test, y_test of curve `name`, float32 columns (n, 1) and (HELD_OUT, 1).

    Each of n equal parts of -1..1 has one point, somewhere in its middle 80 %; those held out are
    anywhere. `noise` is the standard deviation of what is added to y, kept within the plane.
    """
    x = (np.arange(n) + 0.5 + rng.uniform(-0.4, 0.4, n)) * 2 / n - 1
    x_test = rng.uniform(-1, 1, HELD_OUT)
    return *measured(name, x, noise, rng), *measured(name, x_test, noise, rng)


def measured(name, x, noise, rng):
    y = CURVES[name](x) + noise * rng.standard_normal(len(x))
    return column(x), column(np.clip(y, *Y_EXTENT))


def column(values):
    return np.asarray(values, np.float32)[:, None]


def empty():
    """No points yet."""
    return column([]), column([])


def edit(x, y, edits):
    """x, y after `edits`, in their order; the arrays given are left as they were.

    ("move", index, x, y), ("add", x, y), ("remove", index), ("clear",)
    """
    points, _ = toys.edit(np.hstack([x, y]), np.empty((len(x), 0), x.dtype), edits)
    return points[:, :1], points[:, 1:]


def straight(x, y):
    """(slope, height at 0) of the straight line with the least squared error."""
    if len(x) < 2 or np.ptp(x) < 1e-6:
        return 0.0, float(y.mean()) if len(y) else 0.0
    x, y = x[:, 0].astype(float), y[:, 0].astype(float)
    slope = np.mean((x - x.mean()) * (y - y.mean())) / np.var(x)
    return float(slope), float(y.mean() - slope * x.mean())
