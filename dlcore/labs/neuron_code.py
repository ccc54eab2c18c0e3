"""The lab `neuron` as a program: the same run with dlcore, and with PyTorch."""

from .source import CLASSES, quoted, source, wrapped

STEPS = 200  # of the program of a run that has not begun


def programs(lab):
    """dict(dlcore=..., torch=...): two programs, each leaves the losses in `losses`."""
    run = Run(lab)
    return {"dlcore": run.dlcore(), "torch": run.torch()}


class Run:
    def __init__(self, lab):
        self.columns, self.points = lab.columns, lab.original.tolist()
        self.activation = CLASSES[lab.values["activation"]]
        self.squared = lab.values["loss"] == "squared error"
        self.W = [[lab.begin["w"], lab.begin["w2"]][: self.columns]]
        self.b, self.alpha = [lab.begin["b"]], lab.start_alpha
        self.steps, self.changes = lab.t or STEPS, lab.changes
        self.edits = {t: [list(edit) for edit in edits] for t, edits in lab.edits.items() if edits}

    def dlcore(self):
        loss, names = ("mse", [self.activation]) if self.squared else ("bce_with_logits", [])
        layers = f"Dense({self.columns}, 1, rng=np.random.default_rng(0), dtype=np.float64)"
        return source(
            "import numpy as np",
            f"from dlcore import {', '.join(['Dense', 'Sequential', *names, loss])}",
            "",
            *self.data(),
            f"dense = {layers}",
            f"net = Sequential(dense{f', {self.activation}()' if self.squared else ''})",
            f'net.params["0.W"] = np.array({self.W})',
            f'net.params["0.b"] = np.array({self.b})',
            *self.loop("net.params[name][...] = np.array(value)"),
            f"    x, y = points[:, :{self.columns}], points[:, {self.columns}:]",
            "    out, cache = net.forward(x)",
            f"    J, d = {loss}(out, y)",
            "    losses.append(J)",
            "    _, grads = net.backward(d, cache)",
            "    for name in grads:",
            "        net.params[name] -= alpha * grads[name]",
            'print(f"loss of the last step: {losses[-1]:.6f}")',
        )

    def torch(self):
        squared = f"mse_loss({TORCH[self.activation]}, y)"
        J = squared if self.squared else "binary_cross_entropy_with_logits(model(x), y)"
        return source(
            "import numpy as np",
            "import torch",
            "from torch import nn",
            "",
            *self.data(),
            f"model = nn.Linear({self.columns}, 1).double()",
            'params = {"0.W": model.weight, "0.b": model.bias}',
            f"model.weight.data = torch.tensor({self.W}, dtype=torch.float64)",
            f"model.bias.data = torch.tensor({self.b}, dtype=torch.float64)",
            *self.loop("params[name].data = torch.tensor(value, dtype=torch.float64)"),
            f"    x = torch.tensor(points[:, :{self.columns}])",
            f"    y = torch.tensor(points[:, {self.columns}:])",
            f"    J = nn.functional.{J}",
            "    losses.append(J.item())",
            "    model.zero_grad()",
            "    J.backward()",
            "    with torch.no_grad():",
            "        for p in model.parameters():",
            "            p -= alpha * p.grad",
            'print(f"loss of the last step: {losses[-1]:.6f}")',
        )

    def data(self):
        yield from wrapped(f"points = np.array({self.points})")
        yield f"alpha = {self.alpha!r}"
        if self.changes or self.edits:
            yield "# after so many steps, this was changed"
        if self.changes:
            yield from wrapped(f"changes = {quoted(self.changes)}")
        if self.edits:
            yield from wrapped(f"edits = {quoted(self.edits)}")

    def loop(self, write):
        yield ""
        yield "losses = []"
        yield f"for t in range({self.steps}):"
        if self.edits:
            yield "    for i, *place in edits.get(t, []):"
            yield "        points[i, :2] = place"
        if self.changes:
            yield "    for name, value in changes.get(t, {}).items():"
            yield '        if name == "alpha":'
            yield "            alpha = value"
            yield "        else:"
            yield f"            {write}"


TORCH = {
    "Sigmoid": "torch.sigmoid(model(x))",
    "Tanh": "torch.tanh(model(x))",
    "ReLU": "torch.relu(model(x))",
    "Identity": "model(x)",
}
