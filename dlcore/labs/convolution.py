"""The lab `convolution`: a kernel slides over an image, and learns to answer as a hidden one does.

The layer is `Conv2d` with one channel in and out, then an activation. The target is what the same
layer with the hidden kernel (and b = 0) makes of the image; J is the mean of (a - t)^2 over all
output pixels, or (a - t)^2 of the chosen one.

One selection, `part`, counts all cells that can be pointed at: output pixels first, then the
weights from `first_weight` on, then the image pixels from `first_pixel` on. `see`, `used` and
`touch` say which cells each of them hangs together with:
- `see[output]`    the cells of the padded image in its window, (k, k)
- `used[weight]`   the cells of the padded image that it is multiplied with, (Ho, Wo)
- `touch[pixel]`   the output pixels whose windows it lies in, for the kernel turned round, (k, k);
                   -1 where there is none
"""

from typing import ClassVar

import numpy as np

from ..conv import Conv2d, output_size
from ..losses import mse
from ..model import Sequential
from . import kernels
from .audit import Given, audit
from .base import Lab
from .cases import CHANGED, Cases
from .controls import LabError, number, one_of, shown
from .convolution_code import programs
from .convolution_controls import (
    ACTIVATIONS,
    AT_FIRST,
    CASES,
    NOTICES,
    ONE,
    OWN,
    REACH,
    USUAL,
    WIDEST,
    make_controls,
)
from .convolution_panels import convolution_panels
from .convolution_words import explain, findings, formula
from .learner import LIMIT

SIDE = kernels.SIDE
PIXEL = (3, 3)  # of the output, that is chosen at first


class Convolution(Cases, Lab):
    name = "convolution"
    title = "What does one small kernel do at every place of an image?"
    hint = (
        "Point at an output pixel, or take the arrow keys: its window, its products, its sum. "
        "Change a weight, draw in the image. Then Play: the kernel learns."
    )
    controls: ClassVar = make_controls()
    usual, cases, notices = USUAL, CASES, NOTICES
    moves = ("b", "image", "kernel")
    aside = ("b",)
    recorded = (1,) * 24 + (4,) * 24

    def __init__(self, seed=0, **values):
        self.drawn, self.edited = np.zeros((SIDE, SIDE)), None  # what the reader has made
        self.pixel = PIXEL
        super().__init__(seed, **values)

    def allow(self, values):
        kernels.allow({values["image"], self.case(values["case"])["image"]})

    def panels(self):
        return convolution_panels(self)

    # ---- the run

    def take_case(self):
        self.begin, self.pixel = {"b": self.values["b"]}, PIXEL

    def reset(self):
        """A new run from the kernel and the bias with which this one began."""
        if hasattr(self, "net"):
            self.values |= self.begin
        super().reset()

    def start(self):
        v, k = self.values, self.values["size"]
        for_kernel, for_target = np.random.default_rng(self.seed).spawn(2)
        self.begin = {"b": v["b"]}
        self.first_W = self._first_kernel(k, for_kernel)
        self.hidden_W = kernels.make(v["target"], k, for_target)
        self.net, self.hidden = self._layer(self.first_W, v["b"]), self._layer(self.hidden_W, 0.0)
        self._take(self._picture())
        self.size = output_size("convolution", SIDE, k, v["stride"], v["padding"])
        self.first_weight, self.first_pixel = self.size**2, self.size**2 + k**2
        self.pixel = tuple(min(p, self.size - 1) for p in self.pixel)
        self.start_settings, self.changes = self.settings(), {}
        self._index()
        self.most = {}
        self.J = self.J_first = None

    def _take(self, x):
        """This is the image now."""
        self.x = x
        self.target = self.hidden(self.image)

    def _picture(self):
        name = self.values["image"]
        return self.drawn.copy() if name == OWN else kernels.picture(name)

    def _first_kernel(self, k, rng):
        if self.values["kernel"] != OWN:
            return kernels.make(self.values["kernel"], k, rng)
        return kernels.identity(k) if self.edited is None else kernels.fit(self.edited, k)

    def _layer(self, W, b):
        """Conv2d with these weights, and the activation."""
        v = self.values
        conv = Conv2d(
            1, 1, v["size"], v["stride"], v["padding"], rng=np.random.default_rng(0),
            dtype=np.float64,
        )  # fmt: skip
        conv.params["W"], conv.params["b"] = W[None, None].copy(), np.array([b])
        return Sequential(conv, ACTIVATIONS[v["activation"]]())

    @property
    def W(self):
        """(k, k), the live array."""
        return self.net.params["0.W"][0, 0]

    @property
    def b(self):
        return float(self.net.params["0.b"][0])

    @property
    def image(self):
        """x as a batch of one, with one channel."""
        return self.x[None, None]

    def changed(self, name):
        if name == "image":
            self._take(self._picture())
            self._note(x=self.x.tolist())
        elif name == "b":
            self.net.params["0.b"][:] = self.values["b"]
            self._note(b=self.values["b"])
            self.begin |= {"b": self.values["b"]} if self.t == 0 else {}
        elif name == "alpha":
            self._note(alpha=self.values["alpha"])
        else:
            super().changed(name)

    def settings(self):
        """What a program begins with."""
        return {
            "x": self.x.tolist(), "W": self.first_W.tolist(), "b": self.values["b"],
            "alpha": self.values["alpha"], "pixel": self.pixel,
        }  # fmt: skip

    def _note(self, **new):
        """The reader has changed something; `code` repeats it."""
        where = self.changes.setdefault(self.t, {}) if self.t else self.start_settings
        where |= new
        self.fresh = False

    def update(self):
        """One step of gradient descent. `code()` prints this loop."""
        a, cache = self.net.forward(self.image)
        self.J, da = self.loss_of(a, self.target)
        if not self.J < LIMIT:
            return False
        _, grads = self.net.backward(da, cache, need_dx=False)
        for name, g in grads.items():
            self.net.params[name] -= self.values["alpha"] * g
        self._read()
        return True

    def loss_of(self, a, target):
        """(J, da) of the output a (1, 1, Ho, Wo)."""
        if self.values["counts"] != ONE:
            return mse(a, target)
        at = (0, 0, *self.pixel)
        J, d = mse(a[at][None], target[at][None])
        da = np.zeros_like(a)
        da[at] = d[0]
        return J, da

    def _read(self):
        """The slider follows what was learnt, as far as it reaches."""
        if np.isfinite(self.b):
            self.values["b"] = float(min(max(self.b, -REACH), REACH))

    def keep(self):
        return {name: a.copy() for name, a in self.net.params.items()}

    def recall(self, kept):
        for name, a in kept.items():
            self.net.params[name] = a.copy()
        self._read()

    # ---- what is seen

    def _index(self):
        v, k, n = self.values, self.values["size"], self.size
        s, p = v["stride"], v["padding"]
        wide = SIDE + 2 * p
        row = s * np.arange(n)[:, None] + np.arange(k)  # (n, k): of the padded image
        cells = row[:, None, :, None] * wide + row[None, :, None, :]  # (n, n, k, k)
        self.see = cells.reshape(n * n, k, k)
        self.used = cells.transpose(2, 3, 0, 1).reshape(k * k, n, n)
        # pixel u is met by weight r = k - 1 - q in the window of output i = (u + p - r) / s
        from_ = np.arange(SIDE)[:, None] + p - (k - 1 - np.arange(k))  # (SIDE, k)
        i = np.where((from_ % s == 0) & (from_ >= 0) & (from_ < s * n), from_ // s, -1)
        i, j = i[:, None, :, None], i[None, :, None, :]
        self.touch = np.where((i < 0) | (j < 0), -1, i * n + j).reshape(SIDE**2, k, k)

    def static(self):
        index = {"see": self.see, "used": self.used, "touch": self.touch}
        return {name: array.astype(np.float32) for name, array in index.items()}

    def measure(self):
        conv, activation = self.net.layers
        z, seen = conv.forward(self.image)
        a, bent = activation.forward(z)
        J, da = self.loss_of(a, self.target)
        dz, _ = activation.backward(da, bent)
        dx, grads = conv.backward(dz, seen)
        self.J_first = J if self.J_first is None else self.J_first
        self.seen = {
            "J": J, "z": z[0, 0], "a": a[0, 0], "target": self.target[0, 0], "da": da[0, 0],
            "dz": dz[0, 0], "dx": dx[0, 0], "dW": grads["W"][0, 0], "db": float(grads["b"][0]),
        }  # fmt: skip
        frame = {name: self.seen[name] for name in ("z", "target", "dz", "dx", "dW")}
        if self.values["activation"] != "identity":
            frame |= {"a": self.seen["a"], "da": self.seen["da"]}
        frame |= {
            "x": self.x, "padded": np.pad(self.x, self.values["padding"]), "W": self.W,
            "turned": self.W[::-1, ::-1], "hidden": self.hidden_W, "b": [self.b], "J": [J],
            "part": [self.pixel[0] * self.size + self.pixel[1]], **self.scales(),
        }  # fmt: skip
        arrays = {name: np.array(value, np.float32) for name, value in frame.items()}
        notice = self.notice if self.is_noticed() else CHANGED
        return arrays | {"formula": formula(self), "notice": notice}

    def is_noticed(self):
        """Is what is said of the case true of what is seen?"""
        if self.t and self.values["case"] in AT_FIRST:
            return False
        return not self.is_left()

    def is_left(self):
        """The run itself moves the kernel and b; has the reader, too?"""
        edited = any({"W", "b"} & new.keys() for new in self.changes.values())
        return edited or self.begin["b"] != self.case(self.values["case"])["b"] or super().is_left()

    def scales(self):
        """How far the colours reach: as far as the numbers do, for gradients as far as they did in
        this run, so that they are seen to fade."""
        s = self.seen
        most = {
            "W_most": max(largest(self.W), largest(self.hidden_W)),
            "z_most": max(largest(s["z"]), largest(s["a"]), largest(s["target"])),
        }
        for name in ("dx", "dW", "dz"):
            now = max(largest(s[name]), largest(s["da"]) if name == "dz" else 0)
            before = self.most.get(name, 0.0) if self.t else 0.0
            self.most[name] = most[f"{name}_most"] = max(now, before)
        return {name: [rounded_up(value)] for name, value in most.items()}

    # ---- what the reader does

    def event(self, name, /, **what):
        """draw(values), kernel(values): all numbers anew; select(part): an output pixel."""
        acts = {"draw": self._draw, "kernel": self._edit, "select": self._select}
        if not isinstance(name, str) or name not in acts:
            return super().event(name, **what)
        self.require_running(name)
        acts[name](what)
        return False

    def _draw(self, what):
        self.drawn = numbers(what, (SIDE, SIDE), 0.0, 1.0)
        self.values["image"] = OWN
        self._take(self.drawn.copy())
        self._note(x=self.x.tolist())

    def _edit(self, what):
        k = self.values["size"]
        W = numbers(what, (k, k), -WIDEST, WIDEST)
        self.W[...] = W
        if self.t == 0:
            self.edited, self.first_W = W, W.copy()
            self.values["kernel"] = OWN
        self._note(W=W.tolist())

    def _select(self, what):
        self.pixel = divmod(one_of(what, "part", self.first_weight, "a pixel"), self.size)
        self._note(pixel=self.pixel)

    # ---- in words

    def text(self):
        return explain(self, LIMIT)

    def doctor(self):
        return findings(self, LIMIT)

    def audit(self):
        one = self.values["counts"] == ONE
        of = "the chosen output pixel" if one else f"{self.size**2} output pixels"
        net = Sequential(Given(self.image), *self.net.layers)
        found = audit(net, 0 * self.image, self.target, self.loss_of, of=of)
        for row, name in zip(found["rows"], ("dx", "dW", "db"), strict=True):
            row[0] = name
        return found

    def code(self):
        return programs(self)


def largest(a):
    return float(np.abs(a).max())


def rounded_up(x):
    """The least of 1, 2, 3, 5, 10, ... (and their tenths, ...) that is not below x."""
    if not 1e-12 < x < 1e30:
        return 1.0
    power = 10.0 ** np.floor(np.log10(x))
    return float(next(m * power for m in (1, 2, 3, 5, 10) if m * power >= x * (1 - 1e-9)))


def numbers(what, shape, lo, hi):
    """The `values` of an event as an array, four decimals, for code to repeat them."""
    values = what.get("values")
    count = shape[0] * shape[1]
    found = [number(v) for v in values] if isinstance(values, list) else []
    if len(found) != count or None in found:
        raise LabError(f"values: expected {count} numbers, got {shown(values)}")
    return np.clip(np.array(found), lo, hi).round(4).reshape(shape)
