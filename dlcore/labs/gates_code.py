"""The lab `gates` as a program: the same run with dlcore, and with PyTorch."""

from .gradient_flow_code import TORCH_OPTIMIZERS
from .mlp_code import CLASSES, moved, quoted, source, table, wrapped

STEPS = 300  # of the program of a run that has not begun


def programs(lab):
    """dict(dlcore=..., torch=...): each leaves the batch losses in `losses`, and in `f`, `i`, `o`
    the gates (T, H) over the sequence that the lab shows."""
    run = Run(lab)
    return {"dlcore": run.dlcore(), "torch": run.torch()}


class Run:
    def __init__(self, lab):
        self.v, self.seed, self.lab = lab.values, lab.seed, lab
        self.steps, self.start, self.changes = lab.t or STEPS, lab.at_start, lab.changes
        self.moving = moved(self.changes)
        self.clips = self.v["clip"] != "off"

    def dlcore(self):
        optimizer = CLASSES[self.v["optimizer"]]
        clip = ["clip_by_norm"] if self.clips else []
        return source(
            "import numpy as np",
            *self.imports(optimizer, "mse", *clip),
            "",
            *self.network(),
            f"opt = {optimizer}({self.start['alpha']!r})",
            *self.loop(),
            *self.news("opt.alpha"),
            *self.batch(),
            "    yhat, cache = net.forward(x)",
            "    J, dyhat = mse(yhat, y)",
            "    losses.append(J)",
            "    _, grads = net.backward(dyhat, cache, need_dx=False)",
            *([f"    grads, _ = clip_by_norm(grads, {self.v['clip']})"] if self.clips else []),
            "    opt.step(net.params, grads)",
            *self.shown(),
            "_, tape = net.layers[0].forward(x)",
            "f, i, o, c_tilde = tape.a[:, :, 0].swapaxes(0, 1)",
            *self.ending(),
        )

    def torch(self):
        optimizer = TORCH_OPTIMIZERS[self.v["optimizer"]].format(repr(self.start["alpha"]))
        clip = [f"    torch.nn.utils.clip_grad_norm_(w, {self.v['clip']})"] if self.clips else []
        return source(
            "import numpy as np",
            "import torch",
            *self.imports(),
            "",
            *self.network(),
            "# the weights of the lab",
            "w = [torch.tensor(p, requires_grad=True) for p in net.params.values()]",
            f"opt = {optimizer}",
            "",
            "def forward(x):",
            "    W, b, V, d = w",
            "    h = c = torch.zeros(x.shape[1], V.shape[1])",
            "    kept, gates = [], []",
            "    for x_t in torch.tensor(x):",
            "        z_f, z_i, z_o, z_c = (torch.cat([h, x_t], 1) @ W.T + b).chunk(4, 1)",
            "        f, i, o = torch.sigmoid(z_f), torch.sigmoid(z_i), torch.sigmoid(z_o)",
            "        c = f * c + i * torch.tanh(z_c)",
            "        h = o * torch.tanh(c)",
            "        kept.append(h)",
            "        gates.append(torch.stack([f, i, o]))",
            "    return torch.stack(kept) @ V.T + d, torch.stack(gates, 1)",
            *self.loop(),
            *self.news('opt.param_groups[0]["lr"]'),
            *self.batch(),
            "    J = torch.nn.functional.mse_loss(forward(x)[0], torch.tensor(y))",
            "    losses.append(J.item())",
            "    opt.zero_grad()",
            "    J.backward()",
            *clip,
            "    opt.step()",
            *self.shown(),
            "f, i, o = forward(x)[1][:, :, 0].detach().numpy()",
            *self.ending(),
        )

    # ---- pieces

    def imports(self, *names):
        used = {*names, "Dense", "EveryTick", "LSTMCell", "Recurrent", "Sequential"}
        yield from wrapped(f"from dlcore import ({', '.join(sorted(used))})")
        yield "from dlcore.labs.gates_tasks import TASKS"

    def network(self):
        v, H = self.v, self.v["hidden"]
        yield f"for_net, _, for_batches = np.random.default_rng({self.seed}).spawn(3)"
        yield f"task = TASKS[{quoted(v['task'])}]"
        yield f"cell = LSTMCell({len(self.lab.task.symbols)}, {H}, rng=for_net,"
        yield f"                forget_bias={v['forget_bias']!r})"
        yield f"net = Sequential(Recurrent(cell), EveryTick(Dense({H}, 1, rng=for_net)))"

    def loop(self):
        yield ""
        if self.changes:
            yield "# after so many steps, this was changed"
            yield from table(self.changes, self.start)
        yield "losses = []"
        yield f"for t in range({self.steps}):"
        if self.changes:
            yield "    now |= changes.get(t, {})"

    def news(self, rate):
        if "alpha" in self.moving:
            yield f'    {rate} = now["alpha"]'

    def batch(self):
        count = 'now["batch"]' if "batch" in self.moving else self.start["batch"]
        yield f"    s = task.draw({self.v['length']}, {count}, for_batches)  # new sequences"
        yield "    x, y = task.inputs(s), task.answers(s)[:, :, None]"

    def shown(self):
        text = "".join(self.lab.task.symbols[k] for k in self.lab.sequence)
        yield ""
        yield f"text = {quoted(text)}  # the sequence that is shown"
        yield "x = task.inputs(task.numbers(text))[:, None]"

    def ending(self):
        unit = self.lab.words.best
        yield 'print(f"loss of the last batch: {losses[-1]:.6f}")'
        yield "for symbol, *gates in zip(text, f, i, o):"
        yield f'    print(symbol, *[f"{{gate[{unit}]:.3f}}" for gate in gates])  # unit {unit + 1}'
