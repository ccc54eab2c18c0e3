"""The lab `gates` as a program: the same run with dlcore, and with PyTorch."""

from .source import CLASSES, Program, imported, quoted, source

STEPS = 300  # of the program of a run that has not begun


def programs(lab):
    """dict(dlcore=..., torch=...): each leaves the batch losses in `losses`, and in `f`, `i`, `o`
    the gates (T, H) over the sequence that the lab shows."""
    run = Run(lab)
    return {"dlcore": run.dlcore(), "torch": run.torch()}


class Run(Program):
    def __init__(self, lab):
        super().__init__(lab, STEPS)

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
            *self.rate("opt.alpha"),
            *self.batch(),
            "    yhat, cache = net.forward(x)",
            "    J, dyhat = mse(yhat, y)",
            "    losses.append(J)",
            "    _, grads = net.backward(dyhat, cache, need_dx=False)",
            *self.clip("grads, _ = clip_by_norm(grads, {})"),
            "    opt.step(net.params, grads)",
            *self.shown(),
            "_, tape = net.layers[0].forward(x)",
            "f, i, o, c_tilde = tape.a[:, :, 0].swapaxes(0, 1)",
            *self.ending(),
        )

    def torch(self):
        return source(
            "import numpy as np",
            "import torch",
            *self.imports(),
            "",
            *self.network(),
            "# the weights of the lab",
            "w = [torch.tensor(p, requires_grad=True) for p in net.params.values()]",
            f"opt = {self.torch_optimizer('w')}",
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
            *self.rate('opt.param_groups[0]["lr"]'),
            *self.batch(),
            "    J = torch.nn.functional.mse_loss(forward(x)[0], torch.tensor(y))",
            "    losses.append(J.item())",
            "    opt.zero_grad()",
            "    J.backward()",
            *self.clip("torch.nn.utils.clip_grad_norm_(w, {})"),
            "    opt.step()",
            *self.shown(),
            "f, i, o = forward(x)[1][:, :, 0].detach().numpy()",
            *self.ending(),
        )

    # ---- pieces

    def imports(self, *names):
        used = {*names, "Dense", "EveryTick", "LSTMCell", "Recurrent", "Sequential"}
        yield imported("dlcore", used)
        yield "from dlcore.labs.gates_tasks import TASKS"

    def network(self):
        v, H = self.v, self.v["hidden"]
        yield f"for_net, _, for_batches = np.random.default_rng({self.seed}).spawn(3)"
        yield f"task = TASKS[{quoted(v['task'])}]"
        yield f"cell = LSTMCell({len(self.lab.task.symbols)}, {H}, rng=for_net,"
        yield f"                forget_bias={v['forget_bias']!r})"
        yield f"net = Sequential(Recurrent(cell), EveryTick(Dense({H}, 1, rng=for_net)))"

    def batch(self):
        count = self.setting("batch")
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
