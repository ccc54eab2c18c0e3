"""Loss surfaces over two weights, for looking at what optimisers do.

A surface has J(w) and gradient(w) for w (..., 2), so that a whole grid is one call; the extent
[low, high, low, high] that is worth seeing, a start, and `formula`, the same J as one line of
Python for w = (w[0], w[1]), which PyTorch can differentiate.
"""

from dataclasses import dataclass

import numpy as np

from ..activations import sigmoid

X = np.array([-2.0, -1.2, -0.4, 0.3, 0.9, 1.6, 2.2])  # the examples of `neuron`
Y = np.array([0.1, 0.05, 0.3, 0.35, 0.8, 0.95, 0.9])


@dataclass(frozen=True)
class Surface:
    J: object
    gradient: object
    formula: str
    extent: tuple
    start: tuple
    axes: tuple = ("w₁", "w₂")

    def hessian(self, w, eps=1e-5):
        """(2, 2): the second derivatives at w, by central differences of the gradient."""
        w = np.asarray(w, float)
        columns = [
            (self.gradient(w + step) - self.gradient(w - step)) / (2 * eps)
            for step in eps * np.eye(2)
        ]
        H = np.stack(columns, 1)
        return (H + H.T) / 2

    def lowest(self):
        """(w, J) of the deepest minimum: from the deepest of a grid, by Newton's method."""
        grid = self.grid(81)
        w = grid.reshape(-1, 2)[self.J(grid).argmin()]
        for _ in range(30):
            w = w - np.linalg.lstsq(self.hessian(w), self.gradient(w), rcond=1e-9)[0]
        return w, float(self.J(w))

    def grid(self, n):
        """(n, n, 2): points of the extent, row 0 at the bottom."""
        x0, x1, y0, y1 = self.extent
        return np.stack(np.meshgrid(np.linspace(x0, x1, n), np.linspace(y0, y1, n)), -1)


def pair(first, second):
    return np.stack([first, second], -1)


def valley(kappa):
    """J = (w1^2 + kappa w2^2) / 2: its second derivatives are 1 and kappa everywhere."""
    return Surface(
        lambda w: (w[..., 0] ** 2 + kappa * w[..., 1] ** 2) / 2,
        lambda w: pair(w[..., 0], kappa * w[..., 1]),
        f"(w[0]**2 + {kappa!r} * w[1]**2) / 2",
        (-2, 2, -2, 2),
        (-1.7, 0.9),
    )


def banana(kappa):
    """J = (1 - w1)^2 / 20 + (w2 - w1^2)^2 / 2, Rosenbrock's valley, bent along w2 = w1^2."""
    return Surface(
        lambda w: (1 - w[..., 0]) ** 2 / 20 + (w[..., 1] - w[..., 0] ** 2) ** 2 / 2,
        lambda w: pair(
            -(1 - w[..., 0]) / 10 - 2 * w[..., 0] * (w[..., 1] - w[..., 0] ** 2),
            w[..., 1] - w[..., 0] ** 2,
        ),
        "(1 - w[0])**2 / 20 + (w[1] - w[0]**2)**2 / 2",
        (-2, 2, -1, 3),
        (-1.6, 0.6),
    )


def saddle(kappa):
    """J = w1^2 / 2 - w2^2 / 2 + w2^4 / 4: a saddle at 0 between the minima at w2 = -1 and 1."""
    return Surface(
        lambda w: w[..., 0] ** 2 / 2 - w[..., 1] ** 2 / 2 + w[..., 1] ** 4 / 4,
        lambda w: pair(w[..., 0], w[..., 1] ** 3 - w[..., 1]),
        "w[0]**2 / 2 - w[1]**2 / 2 + w[1]**4 / 4",
        (-2, 2, -2, 2),
        (-1.7, 0.02),
    )


def two_valleys(kappa):
    """J = (w1^2 - 1)^2 / 4 + w1 / 10 + w2^2 / 2: the left minimum is the deeper one."""
    return Surface(
        lambda w: (w[..., 0] ** 2 - 1) ** 2 / 4 + w[..., 0] / 10 + w[..., 1] ** 2 / 2,
        lambda w: pair(w[..., 0] ** 3 - w[..., 0] + 0.1, w[..., 1]),
        "(w[0]**2 - 1)**2 / 4 + w[0] / 10 + w[1]**2 / 2",
        (-2, 2, -2, 2),
        (1.7, 1.2),
    )


def neuron(kappa):
    """J = mean (sigma(w x + b) - y)^2 over the examples X, Y: what one neuron learns from."""

    def errors(w):
        a = sigmoid(w[..., :1] * X + w[..., 1:])
        return a, a - Y

    def gradient(w):
        a, error = errors(w)
        dz = 2 * error * a * (1 - a) / len(X)
        return pair((dz * X).sum(-1), dz.sum(-1))

    return Surface(
        lambda w: (errors(w)[1] ** 2).mean(-1),
        gradient,
        "((torch.sigmoid(w[0] * x + w[1]) - y)**2).mean()",
        (-6, 6, -6, 6),
        (-4.5, 3.5),
        ("w", "b"),
    )


SURFACES = {
    "bowl": lambda kappa: valley(1.0),
    "long valley": valley,
    "banana": banana,
    "saddle": saddle,
    "two valleys": two_valleys,
    "one neuron": neuron,
}


def surface(name, kappa):
    """The surface called `name`; kappa is the condition number of the long valley."""
    return SURFACES[name](float(kappa))
