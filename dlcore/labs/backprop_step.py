"""The lab `backprop-step`: one example goes through a small network, one stage a step.

A pass has the stages forward (layer by layer), loss, backward (layer by layer), update; then the
next pass begins with the new weights. All numbers of a pass follow from its weights, the example,
the learning rate and the stage: whoever moves x1 sees at once what depends on it.
"""

from typing import ClassVar

import numpy as np

from .. import activations, losses
from ..model import mlp
from . import doctor, panels
from .audit import audit
from .backprop_step_code import programs
from .backprop_step_words import Words, stage_names
from .base import Lab
from .controls import Choice, Slider
from .learner import vector
from .mlp_controls import ACTIVATIONS
from .stages import Stages

NETWORKS = {"2-2-1": [2, 2, 1], "2-3-1": [2, 3, 1], "2-2-2-1": [2, 2, 2, 1]}
LOSSES = {"squared error": losses.mse, "cross-entropy": losses.bce_with_logits}
LIVE = ("x1", "x2", "y", "alpha")  # settings that change without a new run
SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉"


class BackpropStep(Stages, Lab):
    name = "backprop-step"
    title = "What does one example change in a network?"
    hint = (
        "Press Step: one stage at a time, forward, loss, backward, update. Point at a unit or an "
        "edge for its own arithmetic, or move x₁ and see what depends on it."
    )
    controls: ClassVar = {
        "x1": Slider(0.5, -2, 2, "input x₁", step=0.05),
        "x2": Slider(-1.0, -2, 2, "input x₂", step=0.05),
        "y": Slider(0.0, 0, 1, "target y", step=0.05),
        "alpha": Slider(0.1, 0.01, 10, "learning rate α", log=True),
        "activation": Choice("tanh", tuple(ACTIVATIONS), "activation σ", restarts=True),
        "network": Choice("2-2-1", tuple(NETWORKS), "network", restarts=True),
        "loss": Choice("squared error", tuple(LOSSES), "loss J", restarts=True),
    }
    recorded = (1,) * 30
    pace = 1600

    # ---- what there is

    @property
    def sizes(self):
        return NETWORKS[self.values["network"]]

    @property
    def stages(self):
        """Names of the stages of a pass: two for every layer, the loss and the update."""
        return stage_names(len(self.sizes) - 1)

    @property
    def params(self):
        return self.net.params

    def panels(self):
        first = np.cumsum([0, *self.sizes])
        edges = [
            [int(first[k] + i), int(first[k + 1] + j)]
            for k, (n, m) in enumerate(zip(self.sizes, self.sizes[1:], strict=False))
            for j in range(m)
            for i in range(n)
        ]
        last = int(first[-1])
        names = [f"input x{SUBSCRIPTS[i + 1]}" for i in range(2)]
        for k, n in enumerate(self.sizes[1:-1], 1):
            names += [f"layer {k}, unit {i + 1}" for i in range(n)]
        line = panels.part_line
        lines = [line("z", "z", "ink2"), line("a", "a", "ink"), line("dz", "dz", "grad")]
        return [
            panels.stages("stages", "stages of a pass", 12, names=self.stages, data="stage"),
            panels.graph(
                "graph", "one example through the network", 12, nodes=self.labels(),
                names=[*names, "output ŷ", "loss J"], edges=[*edges, [last - 1, last]],
                weights="W", lit="lit", back="back", sel="part",
                node_lines=lines,
                edge_lines=[line("w", "weight w", "ink"), line("dw", "dw = ∂J/∂w", "grad")],
            ),
            panels.formula("formula", "the stage with its numbers", 12, data="formula",
                           sel="part", sel_data="of_part", lines=7),
            panels.lines("loss", "loss J of the example, stage by stage", 12, height=110, lo=0,
                         over="step", series=[panels.line("J", "J", color="ink", width=2)]),
        ]  # fmt: skip

    def labels(self):
        """Labels of the nodes, column by column: x₁ h₁ ŷ J."""
        hidden = [[f"unit {i + 1}" for i in range(n)] for k, n in enumerate(self.sizes[1:-1], 1)]
        return [["x₁", "x₂"], *hidden, ["ŷ"], ["J"]]

    # ---- the run

    def start(self):
        v = self.values
        rng = np.random.default_rng(self.seed)
        self.net = mlp(self.sizes, ACTIVATIONS[v["activation"]], rng=rng, dtype=np.float64)
        for p in self.net.params.values():
            p[...] = p.round(2)  # so that the arithmetic of the first pass can be done by hand
        self.loss = LOSSES[v["loss"]]
        self.begin()

    def settings(self):
        return {name: self.values[name] for name in LIVE}

    # ---- the mathematics

    def example(self):
        """x (1, 2) and y (1, 1)."""
        v = self.values
        return np.array([[v["x1"], v["x2"]]], float), np.array([[v["y"]]], float)

    def whole(self):
        """All numbers of the pass, known at this stage or not: a, z, da, dz by layer (layer 0 is
        the input; of the others z[0] is None), W, b, dW, db from layer 1 on, yhat, J, `after`."""
        with np.errstate(all="ignore"):
            p = self._forward()
            p |= self._backward(p)
            alpha = self.values["alpha"]
            p["after"] = {n: w - alpha * p["grads"][n] for n, w in self.net.params.items()}
            p["J_after"] = self._loss_with(p["after"])
        return p

    def _forward(self):
        x, y = self.example()
        a, z, cache = [x], [None], []
        for layer in self.net.layers:
            out, kept = layer.forward(a[-1])
            cache.append(kept)
            if len(cache) % 2:
                z.append(out)
                a.append(out)
            else:
                a[-1] = out
        J, dz = self.loss(z[-1], y)
        if self.values["loss"] == "cross-entropy":
            a[-1] = activations.sigmoid(z[-1])
        return {"a": a, "z": z, "cache": cache, "yhat": float(a[-1][0, 0]), "J": J, "dz_out": dz}

    def _backward(self, p):
        da, dz, grads = [None] * len(p["a"]), [None] * len(p["a"]), {}
        d = p["dz_out"]
        for k in range(len(self.net.layers) - 1, -1, -1):
            if k % 2 == 0:
                dz[k // 2 + 1] = d
            d, found = self.net.layers[k].backward(d, p["cache"][k])
            grads |= {f"{k}.{name}": g for name, g in found.items()}
            if k % 2 == 0:
                da[k // 2] = d
        return {"da": da, "dz": dz, "grads": {name: grads[name] for name in self.net.params}}

    # ---- what is seen

    def measure(self):
        p = self.whole()
        self.words = Words(self, p)
        updated = self.done == len(self.stages)
        weights = self.weights(p)
        return {
            "stage": vector(self.done - 1),
            "back": vector(self.words.is_back()),
            "lit": vector(*self.words.lit()),
            "W": vector(*np.concatenate([w.ravel() for n, w in weights.items() if "W" in n])),
            "J": vector(p["J_after"] if updated else p["J"]),
            **self.words.graph(weights),
            "formula": self.words.formula(),
            "of_part": self.words.parts(),
        }

    def troubles(self, p):
        activation, hidden = self.values["activation"], range(1, len(self.sizes) - 1)
        yield from (dead(p, k, activation) for k in hidden)
        yield from (flat(p, k, activation) for k in hidden)
        yield zero_input(self.example()[0][0])

    def audit(self):
        return audit(self.net, *self.example(), self.loss, of="this one example")

    def code(self):
        return programs(self)


# ---- what can go wrong with one example


def dead(p, layer, activation):
    units = [str(j + 1) for j, z in enumerate(p["z"][layer][0]) if z <= 0]
    if activation != "relu" or not units:
        return None
    return doctor.finding(
        "dead ReLU",
        "note",
        f"In layer {layer}, z ≤ 0 at unit {' and '.join(units)}: relu gives 0 with slope 0, so for "
        "this example no gradient passes.",
        "Change the input, or compare leaky_relu.",
    )


def flat(p, layer, activation):
    a = p["a"][layer][0]
    slopes = {"tanh": 1 - a * a, "sigmoid": a * (1 - a)}.get(activation)
    least = {"tanh": 0.1, "sigmoid": 0.025}.get(activation)
    if slopes is None or slopes.min() > least:
        return None
    j = int(slopes.argmin())
    return doctor.finding(
        "saturation",
        "warn",
        f"At unit {j + 1} of layer {layer} the slope σ′(z) is {doctor.say(slopes[j])}: it lets "
        "almost nothing of the gradient through.",
        "Try smaller inputs, or relu.",
    )


def zero_input(x):
    zeros = [f"x{SUBSCRIPTS[i + 1]}" for i in range(2) if x[i] == 0]
    if not zeros:
        return None
    return doctor.finding(
        "zero input",
        "note",
        f"{' and '.join(zeros)} is 0, and dw = dz · x: the weights on its edges get no gradient.",
        "Move it, and they learn.",
    )
