"""Kernels with a name, of any size k from 2 on, and pictures of 8 x 8 pixels for them.

Kernels are named for the cross-correlation that deep learning calls convolution: "vertical edges"
is positive where the image is brighter on the right.
"""

from functools import cache

import numpy as np

from .. import data
from .controls import needed

SIDE = 8  # of a picture


def smooth(k):
    """A row of Pascal's triangle: 1 2 1."""
    row = np.ones(1)
    for _ in range(k - 1):
        row = np.convolve(row, [1, 1])
    return row


def difference(k):
    """Right minus left: -1 1, then -1 0 1 smoothed to k numbers."""
    return np.array([-1.0, 1.0]) if k == 2 else np.convolve(smooth(k - 2), [-1, 0, 1])


def identity(k):
    """1 in the middle: the output is the input."""
    W = np.zeros((k, k))
    W[(k - 1) // 2, (k - 1) // 2] = 1
    return W


def vertical(k):
    return np.outer(np.ones(k), np.sign(np.arange(k) - (k - 1) / 2))


def sobel(k):
    """Vertical edges, smoothed along the edge."""
    return np.outer(smooth(k), difference(k))


def blur(k):
    return np.full((k, k), 1 / k**2)


def sharpen(k):
    """Each pixel, and how far it is from its neighbours on four sides (those within the kernel)."""
    middle = identity(k)
    beside = np.zeros((k, k))
    i = j = (k - 1) // 2
    for u, v in ((i - 1, j), (i + 1, j), (i, j - 1), (i, j + 1)):
        if 0 <= u < k and 0 <= v < k:
            beside[u, v] = 1
    return middle * (1 + beside.sum()) - beside


def emboss(k):
    """Lit from the upper left: the slope along the diagonal, on top of the picture itself."""
    slope = np.clip(np.add.outer(np.arange(k), np.arange(k)) - (k - 1.0), -2, 2)
    return slope + (identity(k) if k % 2 else 0)


def corners(k):
    """The difference of differences: 0 along any straight edge, upright or level."""
    return np.outer(difference(k), difference(k)) + 0.0  # no -0


KERNELS = {
    "identity": identity,
    "vertical edges": vertical,
    "horizontal edges": lambda k: vertical(k).T,
    "Sobel": sobel,
    "corners": corners,
    "blur": blur,
    "sharpen": sharpen,
    "emboss": emboss,
}
RANDOM = "random"


def make(name, k, rng):
    """The kernel `name` (k, k), float64; a random one has two decimals."""
    if name == RANDOM:
        return rng.normal(0, 0.5, (k, k)).round(2)
    return KERNELS[name](k)


def fit(W, k):
    """W cut, or with zeros around, to k x k; its middle stays."""
    n = len(W)
    out = np.zeros((k, k))
    shift = (k - 1) // 2 - (n - 1) // 2
    for i in range(n):
        for j in range(n):
            if 0 <= i + shift < k and 0 <= j + shift < k:
                out[i + shift, j + shift] = W[i, j]
    return out


# ---- pictures


def cross():
    x = np.zeros((SIDE, SIDE))
    x[1:7, 3:5] = x[3:5, 1:7] = 1
    return x


def diagonal():
    return np.eye(SIDE)


def checkerboard():
    return np.indices((SIDE, SIDE)).sum(0) % 2 * 1.0


def step_edge():
    """Dark on the left, bright on the right."""
    x = np.zeros((SIDE, SIDE))
    x[:, 4:] = 1
    return x


def square():
    x = np.zeros((SIDE, SIDE))
    x[2:6, 2:6] = 1
    return x


def one_dot():
    x = np.zeros((SIDE, SIDE))
    x[3, 4] = 1
    return x


DRAWN = {
    "cross": cross,
    "diagonal": diagonal,
    "square": square,
    "checkerboard": checkerboard,
    "step edge": step_edge,
    "one dot": one_dot,
}
DIGITS = {f"digit {d}": d for d in (0, 2, 3, 4, 5, 7)}
PICTURES = (*DIGITS, *DRAWN)


@cache
def digits():
    """The first digit of each kind among those to learn from: {digit: (8, 8)}.

    Raises an OSError or a ValueError if `dlcore.data` cannot read them.
    """
    images = data.digits()
    return {d: images.x_train[images.y_train == d][0].astype(float) for d in range(10)}


def allow(names):
    """Raise a LabError if one of the pictures is a digit, and the digits cannot be read."""
    if not names & set(DIGITS):
        return
    with needed("image x"):
        digits()


def picture(name):
    """The picture `name`, (8, 8) float64 from 0 to 1."""
    return digits()[DIGITS[name]].copy() if name in DIGITS else DRAWN[name]()
