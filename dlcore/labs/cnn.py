"""The lab `cnn`: a convolutional network learns to read digits of 8x8 pixels, live.

    x (1, 8, 8) - conv - activation - pool - conv - activation - pool - flatten - dense - z (10,)

Convolutions keep the size (padding k // 2); without pooling all maps have 8x8 pixels.

What is shown, exactly:
- `x`, `W1`, `a1`, `p1`, `W2`, `a2`, `p2`, `W3`, `z`: the image, kernels, maps after the activation
  and after pooling, the last layer's weights (one tile for each digit and map), and the logits,
  each array divided by its largest size, which stands in `scales`. `dx`, `dW1`, ...: the
  derivatives of J of the image that is shown, without the penalty, in the same way.
- `pad`, `saliency`: the image and |dJ/dx| / max |dJ/dx|, with pixels in their natural places.
- `loss`, `acc`: mean cross-entropy and accuracy on the first 200 training digits; `loss_test`,
  `acc_test` on the 450 test digits; `loss_rival`, `acc_rival`: those of the net beside it there.
- `gnorm`: norms of dJ/dW of the last batch, penalty included, by layer, as the optimiser got
  them; before the first step, of the first 200 training digits.
- `shifted`, `shifted_rival`: accuracy on test digits moved to the right by SHIFTS pixels, at the
  last step that is a multiple of PROBED (it takes long in the page); of 0 pixels, now.
- `errors`: the square root of the share of each digit's answers, negative for wrong ones.
"""

import math
from functools import cache
from typing import ClassVar

import numpy as np

from .. import data, losses
from ..conv import Conv2d, Flatten
from ..layers import Dense
from ..model import Sequential, mlp
from ..train import accuracy
from . import doctor
from .audit import audit
from .cases import Cases
from .cnn_code import programs
from .cnn_controls import (
    ACTIVATIONS,
    CASES,
    NOTICE,
    OPTIMIZERS,
    OWN,
    POOLINGS,
    STARTS,
    TEST,
    UNKNOWN,
    USUAL,
    make_controls,
)
from .cnn_panels import SHIFTS, SHOTS, cnn_panels
from .cnn_words import about, explain, findings, heading, summary
from .controls import LabError, needed, number, one_of, shown
from .learner import LIMIT, Training, vector, weights

MIDDLE = SHIFTS.index(0)
SIDE = 8  # pixels of an image, each way
PROBED = 50  # so many steps lie between two looks at shifted digits
SEEN = 200  # training digits that are looked at in every frame
AUDITED = 32  # training digits for the audit: central differences take two passes a weight


class Cnn(Cases, Training):
    name = "cnn"
    title = "What do kernels learn to look for in a digit?"
    hint = (
        "Play, then draw a digit of your own: every map shows what its kernel has found. Point at "
        "a map, switch to gradients, choose a wrong answer, or shuffle the pixels."
    )
    controls: ClassVar = make_controls()
    usual, cases, notices = USUAL, CASES, NOTICE
    ranges: ClassVar = (
        dict.fromkeys(["W1", "a1", "p1", "W2", "a2", "p2", "W3", "z"], (-1, 1, 41))
        | dict.fromkeys(["dx", "dW1", "da1", "dp1", "dW2", "da2", "dp2", "dW3", "dz"], (-1, 1, 21))
        | {"x": (0, 1, 17), "pad": (0, 1, 17), "shots": (0, 1, 17), "saliency": (0, 1, 21)}
        | {"errors": (-1, 1, 256)}
    )
    recorded = (2,) * 8 + (8,) * 8 + (20,) * 10 + (40,) * 8
    moves = ("picture", "digit", "drawn")
    objective = staticmethod(losses.cross_entropy)

    def __init__(self, seed=0, **values):
        self.drawing = np.zeros((SIDE, SIDE), np.float32)  # the reader's; it outlives every reset
        self.cell = None  # (digit, answer): the cell of the confusion matrix that is looked into
        super().__init__(seed, **values)

    # ---- what there is

    def allow(self, values):
        with needed("digits"):
            digits()

    def panels(self):
        return cnn_panels(self.values)

    def build(self, rng):
        v = self.values
        activation, pool = ACTIVATIONS[v["activation"]], POOLINGS[v["pooling"]]
        same = {"padding": v["size"] // 2, "rng": rng, "init": STARTS[v["init"]]}
        shrink = [pool(2)] if pool else []
        self.last = SIDE // 4 if pool else SIDE  # pixels of a map of the last layer, each way
        one, two = v["kernels_1"], v["kernels_2"]
        self.names = [f"{kind}{k}" for k in (1, 2) for kind in ("Wap" if pool else "Wa")]
        self.names += ["", "W3"]  # what of each layer is shown: its weights or its output
        return Sequential(
            *(Conv2d(1, one, v["size"], **same), activation(), *shrink),
            *(Conv2d(one, two, v["size"], **same), activation(), *shrink),
            Flatten(),
            Dense(two * self.last**2, 10, rng=rng, init=STARTS[v["init"]]),
        )

    # ---- the run

    def start(self):
        spawned = np.random.default_rng(self.seed).spawn(4)
        for_weights, self._for_batches, for_pixels, for_rival = spawned
        self.order = for_pixels.permutation(SIDE**2) if self.values["shuffle"] else slice(None)
        split, n = digits(), self.values["n"]
        self.x = self._inputs = self.given(split.x_train[:n])
        self.y = split.y_train[:n]
        self.tests = [self.given(moved(split.x_test, d)) for d in SHIFTS]
        self.y_test = split.y_test
        self.begin(for_weights)
        self.rival = Rival(self.values, self.size, for_rival)
        self.probe()

    @property
    def size(self):
        """How many parameters the network has."""
        return sum(a.size for a in self.net.params.values())

    def given(self, images):
        """What the network gets for images (m, 8, 8): (m, 1, 8, 8), shuffled if that is wanted."""
        pixels = images.reshape(-1, SIDE**2)[:, self.order]
        return np.ascontiguousarray(pixels).reshape(-1, 1, SIDE, SIDE)

    def natural(self, image):
        """Pixels (8, 8) as the network gets them, back in their natural places."""
        back = np.empty(SIDE**2, np.float32)
        back[self.order] = image.ravel()
        return back.reshape(SIDE, SIDE)

    def learn(self, i):
        if not super().learn(i):
            return False
        self.rival.learn(self.x.take(i, 0), self.y.take(i, 0), self.opt.alpha, self.values["l2"])
        return True

    def update(self):
        sound = super().update()
        if sound and (self.t + 1) % PROBED == 0:
            self.probe()
        return sound

    def probe(self):
        """Accuracy on shifted test digits, of this network and of the one beside it."""
        nets = self.net, self.rival
        shares = [[accuracy(net(x), self.y_test) for x in self.tests] for net in nets]
        self.probed = np.array(shares, np.float32)

    def keep(self):
        return super().keep(), self.rival.keep(), self.probed

    def recall(self, kept):
        own, rival, self.probed = kept
        super().recall(own)
        self.rival.recall(rival)

    # ---- what is seen

    def measure(self):
        frame = self.measure_image() | self.measure_digits() | self.measure_errors()
        first = np.arange(min(SEEN, len(self.x)))
        dW = weights(self.gradient(first)[1] if self.grads is None else self.grads)
        frame["gnorm"] = vector(*[math.sqrt(np.vdot(g, g)) for g in dW])
        return frame | {"sum": summary(self), "about": about(self), "heading": heading(self)}

    def measure_image(self):
        """The image that is shown on its way through the network and back."""
        image, self.truth = self.image, self.label
        self.parts = self.through(self.given(image[None]))
        self.p = softmax(self.parts["z"][0].ravel())
        frame, scales = {}, []
        for name, pair in self.parts.items():
            tops = [float(np.abs(a).max()) for a in pair]
            tops[0] = 1.0 if name == "x" else tops[0]
            scales.append(tops)
            for key, a, top in zip((name, f"d{name}"), pair, tops, strict=True):
                frame[key] = np.ascontiguousarray(a / np.float32(top or 1))
        frame["scales"] = np.array(scales, np.float32).T
        frame["pad"] = image.copy()
        frame["saliency"] = self.natural(np.abs(frame["dx"]))
        frame["p"] = self.p
        frame["label"] = vector(-1 if self.truth is None else self.truth)
        return frame

    def through(self, x):
        """name -> (array, dJ/d of it) of all that the image x (1, 1, 8, 8) meets on its way.

        Kernels are (out, in, k, k), maps (channels, h, w), the weights of the last layer
        (10, maps, last, last), the logits (10, 1, 1). J is that of the image alone; where its
        class is not known, that of the network's own answer.
        """
        outputs, cached = [x], []
        for layer in self.net.layers:
            out, kept = layer.forward(outputs[-1])
            outputs.append(out)
            cached.append(kept)
        z = outputs[-1]
        self.target = int(z[0].argmax()) if self.truth is None else self.truth
        self.J_image, d = losses.cross_entropy(z, np.array([self.target]))
        found = {"z": (z.reshape(10, 1, 1), d.reshape(10, 1, 1))}
        for k in reversed(range(len(self.names))):
            name, layer, dout = self.names[k], self.net.layers[k], d
            d, grads = layer.backward(d, cached[k])
            if layer.params:
                shape = (*layer.W.shape[:1], -1, *(layer.W.shape[2:] or (self.last, self.last)))
                found[name] = layer.W.reshape(shape), grads["W"].reshape(shape)
                found[f"b{name[1:]}"] = layer.b, grads["b"]
            elif name:
                found[name] = outputs[k + 1][0], dout[0]
        found["x"] = x[0], d[0]
        self.biases = {name: found.pop(name) for name in ("b1", "b2", "b3")}
        return dict(reversed(found.items()))

    def measure_digits(self):
        """How many digits are read rightly, by this network and by the one beside it."""
        x, y = self.x[:SEEN], self.y[:SEEN]
        z, self.idle = self.watch(x)
        now = self.net(self.tests[MIDDLE]), self.rival(self.tests[MIDDLE])
        self.answers = now[0].argmax(1)
        J = [self.loss(z, y), *(self.loss(a, self.y_test) for a in now)]
        self.remember(*J[:2])
        self.right = [accuracy(z, y), *(accuracy(a, self.y_test) for a in now)]
        shifted = self.probed.copy()
        shifted[:, MIDDLE] = self.right[1:]
        self.near = shifted[:, [MIDDLE - 1, MIDDLE + 1]].mean(1).tolist()
        trained = accuracy(self.rival(x), y)
        names = "", "_test", "_rival"
        return {
            **{f"loss{name}": vector(a) for name, a in zip(names, J, strict=True)},
            **{f"acc{name}": vector(a) for name, a in zip(names, self.right, strict=True)},
            "shifted": shifted[0],
            "shifted_rival": shifted[1],
            "params": [f"{self.size:,}", f"{self.rival.size:,}"],
            "trained": [share(self.right[0]), share(trained)],
            "tested": [share(s) for s in self.right[1:]],
            "near": [share(s) for s in self.near],
        }

    def watch(self, x):
        """z for images x, and of both layers how much is idle: dead maps, saturated pixels."""
        idle = []
        for layer in self.net.layers:
            x = layer(x)
            if type(layer) is ACTIVATIONS[self.values["activation"]]:
                idle.append(asleep(x, self.values["activation"]))
        return x, idle

    def measure_errors(self):
        """The confusion matrix of the test digits, and the images in one of its cells."""
        cells = (10 * self.y_test + self.answers).astype(np.intp)  # 32 bits wide in the page
        counts = np.bincount(cells, minlength=100).reshape(10, 10).astype(np.float32)
        sign = 2 * np.eye(10, dtype=np.float32) - 1
        wrong = self.answers != self.y_test
        inside = wrong if self.cell is None else cells == 10 * self.cell[0] + self.cell[1]
        self.found = np.flatnonzero(inside)
        self.shots = self.found[:SHOTS].tolist()
        shown = self.values["digit"] if self.values["picture"] == TEST else None
        images = np.zeros((SHOTS, SIDE, SIDE), np.float32)
        images[: len(self.shots)] = digits().x_test[self.shots]
        names = [f"{self.y_test[k]} as {self.answers[k]}" for k in self.shots]
        return {
            "counts": counts,
            "errors": sign * np.sqrt(counts / counts.sum(1, keepdims=True)),
            "shots": images,
            "names": names + [""] * (SHOTS - len(names)),
            "at": vector(self.shots.index(shown) if shown in self.shots else -1),
        }

    def static(self):
        return {"shifts": vector(*SHIFTS)}

    @property
    def image(self):
        """The image that is shown, (8, 8)."""
        own = self.values["picture"] == OWN
        return self.drawing if own else digits().x_test[self.values["digit"]]

    @property
    def label(self):
        """Its class; None for a drawing of which nobody has said it."""
        if self.values["picture"] == TEST:
            return int(self.y_test[self.values["digit"]])
        return None if self.values["drawn"] == UNKNOWN else int(self.values["drawn"])

    # ---- what the reader does

    def event(self, name, /, **what):
        """draw(values), clear(), select(truth, said), select(shot): no new static arrays."""
        acts = {"draw": self._draw, "clear": self._clear, "select": self._select}
        if not isinstance(name, str) or name not in acts:
            return super().event(name, **what)
        self.require_running(name)
        acts[name](what)
        self.fresh = False
        return False

    def _draw(self, what):
        values = what.get("values")
        numbers = [number(v) for v in values] if isinstance(values, list | tuple) else []
        if len(numbers) != SIDE**2 or None in numbers:
            raise LabError(f"draw: expected values, {SIDE**2} numbers, got {shown(values)}")
        if self.values["picture"] == TEST:  # it was begun on a test digit
            self.values |= {"picture": OWN, "drawn": str(self.label)}
        pixels = np.clip(np.array(numbers, np.float32), 0, 1)
        self.drawing = pixels.reshape(SIDE, SIDE)

    def _clear(self, what):
        self.drawing = np.zeros((SIDE, SIDE), np.float32)
        self.values |= {"picture": OWN, "drawn": UNKNOWN}

    def _select(self, what):
        if "shot" in what:
            shot = one_of(what, "shot", len(self.shots), "an image")
            self.values |= {"picture": TEST, "digit": self.shots[shot]}
        elif what.get("truth") is None or what.get("said") is None:
            self.cell = None
        else:
            self.cell = tuple(one_of(what, key, 10, "a digit") for key in ("truth", "said"))

    # ---- in words

    def text(self):
        self.frame()
        return explain(self)

    def doctor(self):
        self.frame()
        return findings(self)

    def audit(self):
        x, y = self.x[:AUDITED], self.y[:AUDITED]
        return audit(
            self.net, x, y, lambda z, y: losses.cross_entropy(z, y.astype(int)),
            of="the first {} training digits",
        )  # fmt: skip

    def code(self):
        return programs(self)


class Rival:
    """The net beside: no convolution, as many parameters, the same digits, batches and rule.

    Where its numbers are lost it stops learning, and the network goes on without it.
    """

    def __init__(self, values, size, rng):
        hidden = max(1, round((size - 10) / (SIDE**2 + 11)))
        dense = values["rival"] == "dense net"
        sizes = [SIDE**2, hidden, 10] if dense else [SIDE**2, 10]
        activation, init = ACTIVATIONS[values["activation"]], STARTS[values["init"]]
        self.net = mlp(sizes, activation, rng=rng, init=init)
        self.opt = OPTIMIZERS[values["optimizer"]](values["alpha"])
        self.size = sum(a.size for a in self.net.params.values())
        self.lost = False

    def __call__(self, x):
        """Logits, always finite."""
        return np.nan_to_num(self.net(x.reshape(len(x), -1)), nan=0, posinf=LIMIT, neginf=-LIMIT)

    def learn(self, x, y, alpha, l2):
        z, cached = self.net.forward(x.reshape(len(x), -1))
        J, dz = losses.cross_entropy(z, y)
        self.lost = self.lost or not J < LIMIT
        if self.lost:
            return
        _, grads = self.net.backward(dz, cached, need_dx=False)
        if l2:
            for name, w in self.net.params.items():
                if w.ndim > 1:
                    grads[name] += l2 * w
        self.opt.alpha = alpha
        self.opt.step(self.net.params, grads)

    def keep(self):
        return {name: array.copy() for name, array in self.net.params.items()}, self.lost

    def recall(self, kept):
        params, self.lost = kept
        self.net.params.update(params)


@cache
def digits():
    """The digits; raises an OSError or a ValueError if `dlcore.data` cannot read them."""
    return data.digits()


def asleep(a, activation):
    """Of the maps a (m, maps, h, w): for relu the share of maps that are 0 on every image, else
    the share of saturated pixels."""
    if activation == "relu":
        return float(np.mean(a.max((0, 2, 3)) <= 0))
    return doctor.saturation(a.reshape(len(a), -1), activation)


def moved(images, right):
    """Images (m, 8, 8) shifted to the right (a negative number: to the left), paper comes in."""
    out = np.zeros_like(images)
    n = SIDE - abs(right)
    to, at = max(right, 0), max(-right, 0)
    out[:, :, to : to + n] = images[:, :, at : at + n]
    return out


def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()


def share(s):
    return f"{100 * float(s):.1f} %"
