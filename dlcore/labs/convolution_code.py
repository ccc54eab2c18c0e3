"""The lab `convolution` as a program: the same run with dlcore, and with PyTorch."""

from .convolution_controls import ACTIVATIONS, ONE
from .source import quoted, source, whole, wrapped

STEPS = 100  # of the program of a run that has not begun


def programs(lab):
    """dict(dlcore=..., torch=...): two programs, each leaves the losses in `losses`."""
    run = Run(lab)
    return {"dlcore": run.dlcore(), "torch": run.torch()}


class Run:
    def __init__(self, lab):
        v = lab.values
        self.size, self.stride, self.padding = v["size"], v["stride"], v["padding"]
        self.activation = ACTIVATIONS[v["activation"]].__name__
        self.one = v["counts"] == ONE
        self.steps, self.hidden_W = lab.t or STEPS, lab.hidden_W.tolist()
        changes = {t: new for t, new in lab.changes.items() if t < self.steps}
        self.start, self.changes = dict(lab.start_settings), changes
        if not self.one:
            self.start.pop("pixel")
            self.changes = {t: without(new, "pixel") for t, new in changes.items()}
        self.changes = {t: new for t, new in self.changes.items() if new}

    def dlcore(self):
        layer = f"Conv2d(1, 1, {self.size}, {self.stride}, {self.padding}, rng=rng, dtype=float)"
        names = sorted(["Conv2d", "Sequential", self.activation])
        return source(
            "import numpy as np",
            f"from dlcore import {', '.join(names)}, mse",
            "",
            *self.data(),
            "rng = np.random.default_rng(0)  # the weights that it draws are replaced",
            f"net, hidden = (Sequential({layer}, {self.activation}()) for _ in range(2))",
            'hidden.params["0.W"][:] = hidden_W',
            'net.params["0.W"][:], net.params["0.b"][:] = now["W"], now["b"]',
            *self.loop(),
            *self.written('net.params["0.W"][:]', 'net.params["0.b"][:]'),
            '    x = np.array([[now["x"]]], float)',
            "    a, cache = net.forward(x)",
            *self.loss("    J, d = mse(a, hidden(x))", "    J, d = mse(a[at], hidden(x)[at])"),
            "    losses.append(J)",
            *(["    da = np.zeros_like(a)", "    da[at] = d"] if self.one else []),
            f"    _, grads = net.backward({'da' if self.one else 'd'}, cache)",
            "    for name in grads:",
            '        net.params[name] -= now["alpha"] * grads[name]',
            'print(f"loss of the last step: {losses[-1]:.6f}")',
        )

    def torch(self):
        conv = f"nn.Conv2d(1, 1, {self.size}, {self.stride}, {self.padding})"
        activation = f"nn.{self.activation}()"
        J = "    J = nn.functional.mse_loss({0}, {1})"
        return source(
            "import torch",
            "from torch import nn",
            "",
            *self.data(),
            f"net, hidden = (nn.Sequential({conv}, {activation}).double() for _ in range(2))",
            "hidden[0].weight.data[:] = torch.tensor(hidden_W)",
            "hidden[0].bias.data[:] = 0",
            'net[0].weight.data[:], net[0].bias.data[:] = torch.tensor(now["W"]), now["b"]',
            *self.loop(),
            *self.written("net[0].weight.data[:]", "net[0].bias.data[:]", "torch.tensor({})"),
            '    x = torch.tensor([[now["x"]]], dtype=torch.float64)',
            "    a, t = net(x), hidden(x).detach()",
            *self.loss(J.format("a", "t"), J.format("a[at]", "t[at]")),
            "    losses.append(J.item())",
            "    net.zero_grad()",
            "    J.backward()",
            "    with torch.no_grad():",
            "        for p in net.parameters():",
            '            p -= now["alpha"] * p.grad',
            'print(f"loss of the last step: {losses[-1]:.6f}")',
        )

    def data(self):
        yield from wrapped(f"hidden_W = {quoted(self.hidden_W)}")
        yield "image = ["
        yield from (f"    {row}," for row in whole(self.start["x"]))
        yield "]"
        now = quoted(short(without(self.start, "x")))
        yield from wrapped(f'now = {{"x": image, {now[1:]}')
        if self.changes:
            yield "# after so many steps, this was changed"
            changes = {t: short(new) for t, new in self.changes.items()}
            yield from wrapped(f"changes = {quoted(changes)}")

    def loop(self):
        yield ""
        yield "losses = []"
        yield f"for step in range({self.steps}):"
        if self.changes:
            yield "    new = changes.get(step, {})"
            yield "    now |= new"

    def written(self, W, b, array="{}"):
        """Weights that the reader has changed are put in; those that are learnt stay."""
        changed = {name for new in self.changes.values() for name in new}
        for name, target, form in (("W", W, array), ("b", b, "{}")):
            if name in changed:
                value = form.format(f'new["{name}"]')
                yield f'    if "{name}" in new:'
                yield f"        {target} = {value}"

    def loss(self, all_pixels, one_pixel):
        if self.one:
            yield '    at = (0, 0, *([i] for i in now["pixel"]))'
        yield one_pixel if self.one else all_pixels


def without(values, name):
    return {key: value for key, value in values.items() if key != name}


def short(values):
    """Whole numbers of an image or a kernel without their ".0"."""
    return {name: whole(value) for name, value in values.items()}
