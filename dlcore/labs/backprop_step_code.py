"""The lab `backprop-step` as a program: the same passes with dlcore, and with PyTorch."""

from .source import CLASSES, Passes, source, wrapped


def programs(lab):
    """dict(dlcore=..., torch=...): two programs, each leaves the loss of every pass in `losses`."""
    run = Run(lab)
    return {"dlcore": run.dlcore(), "torch": run.torch()}


class Run(Passes):
    def __init__(self, lab):
        super().__init__(lab)
        self.sizes = lab.sizes
        self.activation = CLASSES[self.v["activation"]]
        self.squared = self.v["loss"] == "squared error"

    def dlcore(self):
        loss = "mse" if self.squared else "bce_with_logits"
        return source(
            "import numpy as np",
            f"from dlcore import {', '.join(sorted([self.activation, 'mlp', loss]))}",
            "",
            *self.network(),
            *self.loop(),
            '    x, y = np.array([[now["x1"], now["x2"]]]), np.array([[now["y"]]])',
            "    z, cache = net.forward(x)  # forward",
            f"    J, dz = {loss}(z, y)  # loss",
            "    losses.append(J)",
            "    _, grads = net.backward(dz, cache)  # backward",
            "    for name in grads:  # update",
            '        net.params[name] -= now["alpha"] * grads[name]',
            'print(f"loss of the last pass: {losses[-1]:.6f}")',
        )

    def torch(self):
        pairs = zip(self.sizes, self.sizes[1:], strict=False)
        layers = f", nn.{self.activation}(), ".join(f"nn.Linear({n}, {m})" for n, m in pairs)
        loss = "mse_loss" if self.squared else "binary_cross_entropy_with_logits"
        return source(
            "import numpy as np",
            "import torch",
            f"from dlcore import {', '.join(sorted([self.activation, 'mlp']))}",
            "from torch import nn",
            "",
            *self.network(),
            *wrapped(f"model = nn.Sequential({layers}).double()"),
            "for p, start in zip(model.parameters(), net.params.values()):",
            "    p.data = torch.tensor(start)  # the weights of the lab",
            *self.loop(),
            '    x = torch.tensor([[now["x1"], now["x2"]]], dtype=torch.float64)',
            '    y = torch.tensor([[now["y"]]], dtype=torch.float64)',
            f"    J = nn.functional.{loss}(model(x), y)  # forward and loss",
            "    losses.append(J.item())",
            "    model.zero_grad()",
            "    J.backward()  # backward",
            "    with torch.no_grad():",
            "        for p in model.parameters():  # update",
            '            p -= now["alpha"] * p.grad',
            'print(f"loss of the last pass: {losses[-1]:.6f}")',
        )

    def network(self):
        rng = f"np.random.default_rng({self.seed})"
        yield f"net = mlp({self.sizes}, {self.activation}, rng={rng}, dtype=np.float64)"
        yield "for p in net.params.values():"
        yield "    p[...] = p.round(2)"
