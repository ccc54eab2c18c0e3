"""The lab `unroll` as a program: the same passes with dlcore, and with PyTorch."""

from .source import CLASSES, Passes, source, whole, wrapped
from .unroll_controls import EVERY


def programs(lab):
    """dict(dlcore=..., torch=...): two programs, each leaves the loss of every pass in `losses`."""
    run = Run(lab)
    return {"dlcore": run.dlcore(), "torch": run.torch()}


class Run(Passes):
    def __init__(self, lab):
        super().__init__(lab, lambda s: s | {"x": whole(s["x"])})
        self.T, self.D, self.H = lab.shape
        self.weights = {name: whole(w.tolist()) for name, w in lab.started.items()}
        self.activation = CLASSES[self.v["activation"]]
        self.counted = "" if self.v["where"] == EVERY else "[-1:]"  # ticks with a loss

    def dlcore(self):
        return source(
            "import numpy as np",
            f"from dlcore import {', '.join(sorted(['RNNCell', self.activation]))}, mse",
            "",
            "rng = np.random.default_rng(0)  # its weights are replaced by those of the lab",
            *wrapped(
                f"cell = RNNCell({self.D}, {self.H}, activation={self.activation}, rng=rng, "
                "dtype=np.float64)"
            ),
            "cell.params.update({",
            *[f'    "{name}": np.array({w}, float),' for name, w in self.weights.items()],
            "})",
            *self.loop(),
            f'    x, h, tapes = np.array(now["x"]), np.full((1, {self.H}), now["h0"]), []',
            "    for t in range(T):  # forward, tick by tick",
            "        h, tape = cell.step(x[t : t + 1].astype(float), h)",
            "        tapes.append(tape)",
            "    h = np.array([tape.state for tape in tapes])",
            f"    yhat = h{self.counted}[..., :1]  # unit 1 is the answer",
            '    J, d = mse(yhat, np.full(yhat.shape, float(now["y"])))',
            "    losses.append(J)",
            "    own, dh = np.zeros_like(h), 0",
            f"    own{self.counted}[..., :1] = d",
            "    total = {name: np.zeros_like(w) for name, w in cell.params.items()}",
            "    for t in reversed(range(T)):  # back through time",
            "        if (T - 1 - t) % k == 0:",
            "            dh = 0  # nothing comes back into this piece",
            "        _, dh, adds = cell.step_back(own[t] + dh, tapes[t])",
            "        for name in total:  # the same weights at every tick: a sum",
            "            total[name] += adds[name]",
            "    for name in total:  # update",
            '        cell.params[name] -= now["alpha"] * total[name]',
            'print(f"loss of the last pass: {losses[-1]:.6f}")',
        )

    def torch(self):
        return source(
            "import torch",
            "from torch import nn",
            "",
            "torch.set_default_dtype(torch.float64)",
            *[
                line
                for name, w in self.weights.items()
                for line in wrapped(f"{name} = torch.tensor({floats(w)}, requires_grad=True)")
            ],
            f"sigma = nn.{self.activation}()",
            *self.loop(),
            f'    x, h, states = torch.tensor(now["x"]).double(), torch.full(({self.H},), '
            'float(now["h0"])), []',
            "    for t in range(T):  # forward, tick by tick",
            "        if (T - t) % k == 0:",
            "            h = h.detach()  # nothing comes back over this place",
            "        h = sigma(W_hx @ x[t] + W_hh @ h + b_h)",
            "        states.append(h)",
            f"    yhat = torch.stack(states){self.counted}[:, 0]  # unit 1 is the answer",
            '    J = ((yhat - now["y"]) ** 2).mean()',
            "    losses.append(J.item())",
            "    weights = W_hx, W_hh, b_h",
            "    with torch.no_grad():",
            "        for w, dw in zip(weights, torch.autograd.grad(J, weights)):  # back, update",
            '            w -= now["alpha"] * dw',
            'print(f"loss of the last pass: {losses[-1]:.6f}")',
        )

    def loop(self):
        yield from super().loop(f"T = {self.T}")
        yield '    k = now["k"]  # the gradient goes back so many ticks'


def floats(value):
    """Lists whose numbers PyTorch takes for floats."""
    return [floats(v) for v in value] if isinstance(value, list) else float(value)
