"""Distributions in the plane that a generator can learn, of which everything is known.

Each is a mixture of round normal distributions of one size, so that its density is a formula, and
with it the optimal discriminator; and so that a mode found or missed can be counted.
"""

import math
from dataclasses import dataclass

import numpy as np

from .shapes import mismatch, positive, require_examples, require_finite, require_rng, whole


@dataclass(frozen=True)
class Mixture:
    """Equally likely normal distributions around centres (n, 2), all with standard deviation std.

        p(x) = 1/n sum_i exp(-|x - c_i|^2 / (2 std^2)) / (2 pi std^2)

    mode (n,) says which mode of the whole each centre belongs to, 0 to K - 1: on a curve, several
    neighbours make one. Without it each centre is a mode.
    Raises ValueError for other shapes or a std that is not positive.
    """

    centres: np.ndarray
    std: float
    mode: np.ndarray = None

    def __post_init__(self):
        centres = np.asarray(self.centres, np.float32)
        if centres.ndim != 2 or centres.shape[1] != 2 or not len(centres):
            raise mismatch("Mixture", "centres (n, 2)", centres)
        require_finite("Mixture", "centres", centres)
        positive("Mixture", "std", self.std)
        mode = np.arange(len(centres)) if self.mode is None else np.asarray(self.mode)
        whole_numbers = mode.shape == (len(centres),) and mode.dtype.kind in "iu"
        if not whole_numbers or set(mode) != set(range(mode.max() + 1)):
            raise ValueError(
                f"Mixture: expected mode ({len(centres)},) with the numbers 0 to K - 1, all used"
            )
        object.__setattr__(self, "centres", centres)
        object.__setattr__(self, "mode", mode.astype(np.intp))

    @property
    def modes(self):
        """K, how many modes there are."""
        return int(self.mode.max()) + 1

    def __call__(self, m, rng):
        """m examples (m, 2) float32."""
        m = whole("Mixture", "m", m, 0)
        require_rng("Mixture", rng)
        chosen = self.centres[rng.integers(0, len(self.centres), m)]
        return chosen + np.float32(self.std) * rng.standard_normal((m, 2), np.float32)

    def density(self, x):
        """p at the points x (m, 2): (m,), float64."""
        squares = _squared_distances(x, self.centres.astype(np.float64))
        bells = np.exp(squares / (-2 * self.std**2))
        return bells.mean(1) / (2 * np.pi * self.std**2)

    def shares(self, cells, extent):
        """What of p lies in each of cells x cells squares over -extent..extent, (cells, cells), as
        `divergence.histogram` would count it of endlessly many examples."""
        cells = whole("Mixture.shares", "cells", cells)
        edges = np.linspace(-extent, extent, cells + 1)[1:-1]
        # Of a round normal distribution it is a product: erf of x_2 by erf of x_1.
        scaled = (edges - self.centres.T[..., None]) / (math.sqrt(2) * self.std)
        below = (1 + np.vectorize(math.erf, otypes=[float])(scaled)) / 2  # (2, n, cells - 1)
        along_1, along_2 = np.diff(below, prepend=0, append=1)
        return along_2.T @ along_1 / len(self.centres)

    def coverage(self, x, reach=3.0, share=0.5):
        """(covered, quality, counts) of examples x (m, 2).

        An example counts for the mode of the nearest centre if it is at most `reach` std away from
        it. quality: the share that counts at all. A mode is covered if at least `share` of what is
        due to it counts for it, m / K examples (m times its share of the centres); counts (K,) says
        how many do. covered: how many modes are. Of a perfect copy 1.1 % lie outside of 3 std.
        """
        require_examples("Mixture.coverage", x)
        squares = _squared_distances(x, self.centres)
        nearest = squares.argmin(1)
        good = squares[np.arange(len(x)), nearest] <= (reach * self.std) ** 2
        counts = np.bincount(self.mode[nearest[good]], minlength=self.modes)
        due = len(x) * np.bincount(self.mode, minlength=self.modes) / len(self.mode)
        covered = int((counts >= share * due).sum())
        return covered, float(good.mean()), counts


def _squared_distances(x, centres):
    """|x_i - c_j|^2, (m, n)."""
    if getattr(x, "ndim", 0) != 2 or x.shape[1] != 2:
        raise mismatch("Mixture", "x (m, 2)", x)
    return np.square(x[:, None, :] - centres).sum(2)


def ring(n=8, radius=0.8, std=0.05):
    """n modes, equally spaced on a circle."""
    angle = 2 * np.pi * np.arange(whole("ring", "n", n)) / n
    return Mixture(radius * np.stack([np.cos(angle), np.sin(angle)], 1), std)


def grid(n=5, side=0.8, std=0.03):
    """n by n modes on a square from -side to side."""
    along = np.linspace(-side, side, whole("grid", "n", n, 2))
    return Mixture(np.stack(np.meshgrid(along, along), -1).reshape(-1, 2), std)


def line(length=1.6, std=0.03, modes=8):
    """Evenly along a slanted line, counted in `modes` pieces."""
    along = np.linspace(-0.5, 0.5, 16 * modes) * length
    return curve(along[:, None] * [0.8, 0.6], std, modes)


def spiral(turns=1.5, std=0.03, modes=12):
    """Evenly along one arm that winds outwards, counted in `modes` pieces."""
    angle = 2 * np.pi * turns * np.sqrt(np.linspace(0.02, 1, 16 * modes))
    radius = 0.85 * angle / angle[-1]
    return curve(np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1), std, modes)


def moons(std=0.03, modes=8):
    """Two half rings that reach into each other, counted in `modes` pieces."""
    angle = np.linspace(0, np.pi, 8 * modes)
    upper = np.stack([0.55 * np.cos(angle) - 0.28, 0.55 * np.sin(angle) - 0.14], 1)
    return curve(np.concatenate([upper, -upper]), std, modes)


def curve(points, std, modes):
    """A mixture around points in their order along a curve, in `modes` pieces of equal number."""
    points = np.asarray(points)
    modes = min(whole("curve", "modes", modes), len(points))
    return Mixture(points, std, np.arange(len(points)) * modes // len(points))


DISTRIBUTIONS = {"ring": ring, "grid": grid, "line": line, "spiral": spiral, "moons": moons}
