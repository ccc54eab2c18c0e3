"""The lab `lstm-cell` as a program: the same passes with dlcore, and with PyTorch."""

from .source import Passes, quoted, source, whole, wrapped


def programs(lab):
    """dict(dlcore=..., torch=...): two programs, each leaves the loss of every pass in `losses`."""
    run = Run(lab)
    return {"dlcore": run.dlcore(), "torch": run.torch()}


class Run(Passes):
    def __init__(self, lab):
        super().__init__(lab, lambda s: s | {name: whole(s[name]) for name in ("x", "hand")})
        self.W, self.b = (whole(lab.started[name].tolist()) for name in ("W", "b"))
        self.ticks = f"T = {self.v['length']}"

    def dlcore(self):
        return source(
            "import numpy as np",
            "from dlcore import sigmoid",
            "",
            "# rows f, i, o, c_tilde; columns h, x1, x2",
            f"W = np.array({quoted(self.W)}, float)",
            f"b = np.array({quoted(self.b)}, float)",
            *self.loop(self.ticks),
            '    x, y, hand = np.array(now["x"], float), now["y"], np.array(now["hand"], float)',
            "    h, c, ticks = 0.0, 0.0, []",
            "    for t in range(T):  # forward, tick by tick",
            "        hx = np.array([h, *x[t]])",
            "        z, held = W @ hx + b, ~np.isnan(hand[t])",
            "        f, i, o = np.where(held, hand[t], sigmoid(z[:3]))  # in the hand, or not",
            "        c_tilde, c_prev = np.tanh(z[3]), c",
            "        c = f * c_prev + i * c_tilde",
            "        h = o * np.tanh(c)",
            "        ticks.append((hx, held, f, i, o, c_tilde, c_prev, c))",
            "    losses.append((h - y) ** 2)",
            "    dh, dc, dW, db = 2 * (h - y), 0.0, 0, 0",
            "    for hx, held, f, i, o, c_tilde, c_prev, c in reversed(ticks):  # and back",
            "        dc = dc + dh * o * (1 - np.tanh(c) ** 2)",
            "        d = np.array([dc * c_prev, dc * c_tilde, dh * np.tanh(c), dc * i])",
            "        slope = [f * (1 - f), i * (1 - i), o * (1 - o), 1 - c_tilde**2]",
            "        dz = d * slope * ~np.append(held, False)",
            "        dW, db = dW + np.outer(dz, hx), db + dz",
            "        dh, dc = W[:, 0] @ dz, f * dc",
            '    W, b = W - now["alpha"] * dW, b - now["alpha"] * db  # update',
            'print(f"loss of the last pass: {losses[-1]:.6f}")',
        )

    def torch(self):
        return source(
            "import torch",
            "",
            "torch.set_default_dtype(torch.float64)",
            "# rows f, i, o, c_tilde; columns h, x1, x2",
            *wrapped(f"W = torch.tensor({quoted(self.W)}).double().requires_grad_()"),
            *wrapped(f"b = torch.tensor({quoted(self.b)}).double().requires_grad_()"),
            *self.loop(self.ticks),
            '    x, y, hand = torch.tensor(now["x"]).double(), now["y"], now["hand"]',
            "    h = c = torch.zeros(())",
            "    for t in range(T):  # forward, tick by tick",
            "        z = W @ torch.cat([h[None], x[t]]) + b",
            "        gates = zip(hand[t], torch.sigmoid(z[:3]))  # in the hand, or not",
            "        f, i, o = [gate if held is None else held for held, gate in gates]",
            "        c = f * c + i * torch.tanh(z[3])",
            "        h = o * torch.tanh(c)",
            "    J = (h - y) ** 2",
            "    losses.append(J.item())",
            "    dW, db = torch.autograd.grad(J, (W, b))  # back",
            "    with torch.no_grad():  # update",
            '        W -= now["alpha"] * dW',
            '        b -= now["alpha"] * db',
            'print(f"loss of the last pass: {losses[-1]:.6f}")',
        )
