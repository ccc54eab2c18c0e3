"""Two-dimensional data sets of two classes, for looking at what a network learns.

Each takes n and keyword-only `noise` (standard deviation added to each coordinate) and `rng`, and
returns x (n, 2) float32 within EXTENT and y (n, 1) float32, 0 and 1 in turn. The points are drawn
independently, so any slice is a fair sample.
"""

import math

import numpy as np

EXTENT = 1.2  # x1 and x2 lie in -EXTENT..EXTENT


def circles(n, *, noise, rng):
    """A disc of class 1 within a ring of class 0."""
    y = labels(n)
    radius = np.where(y == 1, 0.45 * np.sqrt(rng.random(n)), rng.uniform(0.7, 1.0, n))
    return finish(polar(radius, rng.uniform(0, 2 * np.pi, n)), y, noise, rng)


def xor(n, *, noise, rng):
    """Class 1 where x1 and x2 have the same sign."""
    y = labels(n)
    first, second = rng.choice([-1, 1], n), rng.uniform(0.06, 1.0, (2, n))
    same = np.where(y == 1, 1, -1)
    return finish(np.stack([first * second[0], first * same * second[1]], 1), y, noise, rng)


def gaussians(n, *, noise, rng):
    """Two round clouds, class 1 at the top right."""
    y = labels(n)
    centre = np.where(y == 1, 0.5, -0.5)[:, None]
    return finish(centre + 0.17 * rng.standard_normal((n, 2)), y, noise, rng)


def spiral(n, *, noise, rng):
    """Two arms, wound into each other."""
    y = labels(n)
    along = np.sqrt(rng.uniform(0.02, 1, n))
    return finish(polar(along, 1.25 * 2 * np.pi * along + np.pi * y), y, noise, rng)


def moons(n, *, noise, rng):
    """Two half rings that reach into each other."""
    y = labels(n)
    angle = rng.uniform(0, np.pi, n)
    upper = np.stack([0.62 * np.cos(angle) - 0.31, 0.62 * np.sin(angle) - 0.16], 1)
    return finish(np.where(y[:, None] == 1, upper, -upper), y, noise, rng)


def stripes(n, *, noise, rng):
    """Four upright stripes of equal width: class 1 where sin 2 pi x1 is positive."""
    y = labels(n)
    left = np.where(y == 1, 0.0, 0.5) - rng.integers(0, 2, n)
    x1 = left + rng.uniform(0.03, 0.47, n)
    return finish(np.stack([x1, rng.uniform(-1, 1, n)], 1), y, noise, rng)


DATA = {
    "circles": circles,
    "xor": xor,
    "gaussians": gaussians,
    "spiral": spiral,
    "moons": moons,
    "stripes": stripes,
}

FEATURES = {
    "x1": ("x₁", lambda x1, x2: x1),
    "x2": ("x₂", lambda x1, x2: x2),
    "x1_sq": ("x₁²", lambda x1, x2: x1 * x1),
    "x2_sq": ("x₂²", lambda x1, x2: x2 * x2),
    "x1x2": ("x₁x₂", lambda x1, x2: x1 * x2),
    "sin_x1": ("sin 2πx₁", lambda x1, x2: np.sin(2 * math.pi * x1)),
    "sin_x2": ("sin 2πx₂", lambda x1, x2: np.sin(2 * math.pi * x2)),
}


def features(x, names):
    """The inputs of the network: x (n, 2) -> (n, len(names)), each name a key of FEATURES."""
    return np.stack([FEATURES[name][1](x[:, 0], x[:, 1]) for name in names], 1)


def split(x, y, share):
    """x, y, x_test, y_test: the first `share` of the points to train, the rest to test."""
    n = round(share * len(x))
    return x[:n], y[:n], x[n:], y[n:]


def empty():
    """No points yet: x (0, 2), y (0, 1)."""
    return np.zeros((0, 2), np.float32), np.zeros((0, 1), np.float32)


def edit(x, y, edits):
    """x, y after `edits`, in their order; the arrays given are left as they were.

    ("move", index, x1, x2), ("add", x1, x2, label), ("remove", index), ("clear",)
    """
    x, y = x.copy(), y.copy()
    for what, *args in edits:
        if what == "move":
            x[args[0]] = args[1:]
        elif what == "add":
            x = np.vstack([x, np.array([args[:2]], np.float32)])
            y = np.vstack([y, np.array([args[2:]], np.float32)])
        elif what == "remove":
            x, y = np.delete(x, args[0], 0), np.delete(y, args[0], 0)
        else:
            x, y = x[:0], y[:0]
    return x, y


def labels(n):
    return np.arange(n) % 2


def polar(radius, angle):
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1)


def finish(x, y, noise, rng):
    """The points with their noise, kept within the extent; float32."""
    x = np.clip(x + noise * rng.standard_normal(x.shape), -EXTENT, EXTENT)
    return x.astype(np.float32), y.astype(np.float32)[:, None]
