"""The lab `pooling`: maximum and mean of every window, what comes back through them, and a walk.

A step moves the image by a pixel, there and back; what is new at its border is as the border was.
`far` is |now - unmoved| / |unmoved| (Euclidean norms) for the image, the averages and the maxima,
`same` the share of them that are what they were.

One selection, `part`, counts what can be pointed at: maxima, then averages, then the pixels as
max pooling sees them, then as average pooling does (`firsts`: where the latter three begin).
- `see[output]`  the pixels of its window, (f, f);  `won[output]`: 1 at the winner
- `touch[pixel]` the outputs whose windows it lies in, (m, m); -1: none;  `won_by[pixel]`: 1 where
                 it has won
"""

from typing import ClassVar

import numpy as np

from ..conv import AvgPool2d, MaxPool2d, output_size
from ..model import Sequential
from . import kernels
from .audit import Given, audit
from .base import Lab
from .cases import Cases
from .convolution import largest, numbers, rounded_up
from .pooling_code import programs
from .pooling_controls import (
    CASES,
    NOTICES,
    ONES,
    OWN,
    RANDOM,
    REACH,
    USUAL,
    WALK,
    WAYS,
    make_controls,
)
from .pooling_panels import pooling_panels
from .pooling_words import explain, findings, formula, of_maximum

SIDE = kernels.SIDE
FARTHEST = max(WALK)


class Pooling(Cases, Lab):
    name = "pooling"
    title = "What does pooling keep of an image, and what does it forget?"
    hint = (
        "Point at an output: the dot in its window is the winner. Point at a pixel: what comes "
        "back to it? Draw, change da, and press Step: the image moves by a pixel."
    )
    controls: ClassVar = make_controls()
    usual, cases, notices = USUAL, CASES, NOTICES
    moves = ("image", "gradient")
    recorded = (1,) * 16
    pace = 700

    def __init__(self, seed=0, **values):
        self.drawn, self.edited = np.zeros((SIDE, SIDE)), None  # what the reader has made
        super().__init__(seed, **values)

    def allow(self, values):
        kernels.allow({values["image"], self.case(values["case"])["image"]})

    def panels(self):
        return pooling_panels(self)

    # ---- the run

    def start(self):
        v, f, s = self.values, self.values["size"], self.values["stride"]
        self.layers = MaxPool2d(f, s), AvgPool2d(f, s)
        self.size = output_size("pooling", SIDE, f, s)
        self.firsts = self.size**2, 2 * self.size**2, 2 * self.size**2 + SIDE**2
        image = self.drawn if v["image"] == OWN else kernels.picture(v["image"])
        self.unmoved = 1 - image if v["bright"] and v["image"] != OWN else image.copy()
        self.walked = 0
        self._take_gradient()
        self._index()

    def _take_gradient(self):
        """The gradient that comes from the layers above."""
        kind, shape = self.values["gradient"], (self.size, self.size)
        if kind == RANDOM:
            self.da = np.random.default_rng(self.seed).normal(0, 1, shape).round(1) + 0.0
        elif kind == ONES or self.edited is None:
            self.da = np.ones(shape)
        else:
            self.da = kernels.fit(self.edited, self.size)

    def changed(self, name):
        if name == "gradient":
            self._take_gradient()
        else:
            super().changed(name)

    def update(self):
        """The image moves by a pixel."""
        self.walked += 1
        return True

    def keep(self):
        return self.walked

    def recall(self, kept):
        self.walked = kept

    @property
    def offset(self):
        """(down, right), how far the image is from its place."""
        far = WALK[self.walked % len(WALK)]
        return tuple(far * way for way in WAYS[self.values["way"]])

    @property
    def x(self):
        return moved(self.unmoved, *self.offset)

    # ---- what is seen

    def _index(self):
        f, s, n = self.values["size"], self.values["stride"], self.size
        row = s * np.arange(n)[:, None] + np.arange(f)  # (n, f)
        self.see = (row[:, None, :, None] * SIDE + row[None, :, None, :]).reshape(n * n, f, f)
        m = -(-f // s)  # so many windows, at most, lie over a row
        u = np.arange(SIDE)[:, None]
        i = u // s - (m - 1) + np.arange(m)  # (SIDE, m)
        i = np.where((i >= 0) & (i < n) & (u < s * i + f), i, -1)
        i, j = i[:, None, :, None], i[None, :, None, :]
        self.touch = np.where((i < 0) | (j < 0), -1, i * n + j).reshape(SIDE**2, m, m)

    def static(self):
        f, n = self.values["size"], self.size
        arrays = {
            "see": self.see, "touch": self.touch, "itself": np.arange(n * n)[:, None],
            "share": np.full((f, f), 1 / f**2),
            "shares": np.full(self.touch.shape[1:], 1 / f**2),
        }  # fmt: skip
        return {name: array.astype(np.float32) for name, array in arrays.items()}

    def measure(self):
        x, da = self.x, self.da
        outputs, back = zip(*(there_and_back(layer, x, da) for layer in self.layers), strict=True)
        before = [layer(self.unmoved[None, None])[0, 0] for layer in self.layers]
        winner = self.winners(x)
        now, then = (x, outputs[1], outputs[0]), (self.unmoved, before[1], before[0])
        pairs = list(zip(now, then, strict=True))
        self.seen = {
            "x": x, "largest": outputs[0], "mean": outputs[1], "da": da,
            "dx_max": back[0], "dx_mean": back[1],
            "far": [distance(*pair) for pair in pairs],
            "same": [np.mean(np.abs(a - b) < 1e-9) for a, b in pairs],
            "winner": winner[:, None],
            "wins": np.bincount(winner, minlength=SIDE**2).reshape(SIDE, SIDE),
            "won": self.see == winner[:, None, None],
        }  # fmt: skip
        of_window = np.append(winner, -1)[self.touch]  # the winner of each; -1: there is none
        frame = self.seen | {
            "won_by": of_window == np.arange(SIDE**2)[:, None, None],
            "part": [min(1, self.size - 1) * (self.size + 1)],
            "da_most": [rounded_up(largest(da))],
            "dx_max_most": [rounded_up(largest(back[0]))],
            "dx_mean_most": [rounded_up(largest(back[1]))],
        }
        arrays = {name: np.array(value, np.float32) for name, value in frame.items()}
        return arrays | {"formula": formula(self), "said": of_maximum(self), "notice": self.notice}

    def winners(self, x):
        """The pixel with the largest number of each window, the first one of several."""
        inside = x.ravel()[self.see].reshape(self.size**2, -1)
        return self.see.reshape(self.size**2, -1)[np.arange(len(inside)), inside.argmax(1)]

    # ---- what the reader does

    def event(self, name, /, **what):
        """draw(values): a new image, at its place; gradient(values): another da."""
        if name == "draw":
            self.drawn = numbers(what, (SIDE, SIDE), 0.0, 1.0)
            self.values["image"] = OWN
            self.reset()
            return False
        if name == "gradient":
            self.da = self.edited = numbers(what, (self.size, self.size), -REACH, REACH)
            self.values["gradient"] = OWN
            self.fresh = False
            return False
        return super().event(name, **what)

    # ---- in words

    def text(self):
        return explain(self)

    def doctor(self):
        return findings(self)

    def audit(self):
        """J = sum of da * a, at this image, through either pooling."""
        x, da = self.x[None, None], self.da[None, None]
        found = [
            audit(
                Sequential(Given(x), layer), 0 * x, da, lambda a, da: (np.vdot(da, a), da),
                of="J = Σ da·a",
            )
            for layer in self.layers
        ]  # fmt: skip
        names = ("max pooling", "average pooling")
        rows = [[f"dx, {n}", *one["rows"][0][1:]] for n, one in zip(names, found, strict=True)]
        texts = [f"{n.capitalize()}: {one['text']}" for n, one in zip(names, found, strict=True)]
        return found[0] | {"rows": rows, "text": " ".join(texts)}

    def code(self):
        return programs(self)


def there_and_back(layer, x, da):
    """The output for x, and what comes back of da: both (n, n)."""
    a, cache = layer.forward(x[None, None])
    return a[0, 0], layer.backward(da[None, None], cache)[0][0, 0]


def moved(x, down, right):
    """x moved by so many pixels; what comes in at a border is like the border."""
    wide, m = np.pad(x, FARTHEST, mode="edge"), FARTHEST
    return wide[m - down : m - down + len(x), m - right : m - right + len(x)]


def distance(now, then):
    """|now - then| / |then|; 0 for nothing at all."""
    size = np.linalg.norm(then)
    return float(np.linalg.norm(now - then) / size) if size else 0.0
