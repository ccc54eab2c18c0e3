"""The lab `long-memory` as a program: the same race with dlcore, and with PyTorch."""

from .gradient_flow_code import EACH, PAIR, torch_tick
from .long_memory_controls import BIAS
from .long_memory_nets import HELD_OUT, TASKS
from .source import CLASSES, Program, source

STEPS = 300  # of the program of a run that has not begun


def programs(lab):
    """dict(dlcore=..., torch=...): each leaves the batch losses of both networks in `losses`, and
    in `reach` the derivative of the answer by the number of each tick of the sequence shown."""
    run = Run(lab)
    return {"dlcore": run.dlcore(), "torch": run.torch()}


class Run(Program):
    def __init__(self, lab):
        super().__init__(lab, STEPS)
        self.draw = TASKS[self.v["task"]].__name__
        self.spread = self.v["start"] != BIAS

    def dlcore(self):
        optimizer = CLASSES[self.v["optimizer"]]
        clip = ", clip_by_norm" if self.clips else ""
        return source(
            "import numpy as np",
            f"from dlcore import {optimizer}{clip}, mse",
            *self.networks(),
            f"opts = {{name: {optimizer}({self.start['alpha']!r}) for name in nets}}",
            *self.loop(),
            "    for name, net in nets.items():",
            *self.rate("opts[name].alpha", EACH),
            "        yhat, cache = net.forward(x)",
            "        J, dyhat = mse(yhat, y)",
            "        losses[name].append(J)",
            "        _, grads = net.backward(dyhat, cache, need_dx=False)",
            *self.clip("grads, _ = clip_by_norm(grads, {})", indent=EACH),
            "        opts[name].step(net.params, grads)",
            *self.shown(),
            "for name, net in nets.items():",
            "    yhat, cache = net.forward(x)",
            "    dx, _ = net.backward(np.ones_like(yhat), cache)",
            "    reach[name] = dx[:, 0, 0]  # of the answer, by the number of each tick",
            *self.ending(),
        )

    def torch(self):
        return source(
            "import numpy as np",
            "import torch",
            *self.networks(),
            "weights = {  # the weights of the lab",
            "    name: [torch.tensor(w, requires_grad=True) for w in net.params.values()]",
            "    for name, net in nets.items()",
            "}",
            f"opts = {{name: {self.torch_optimizer('w')} for name, w in weights.items()}}",
            "",
            "def forward(name, x):",
            "    *cell, V, d = weights[name]",
            "    h = c = torch.zeros(x.shape[1], V.shape[1], dtype=torch.float64)",
            "    for x_t in x:",
            *torch_tick("torch.tanh"),
            "    return h @ V.T + d",
            *self.loop(),
            "    for name, opt in opts.items():",
            *self.rate('opt.param_groups[0]["lr"]', EACH),
            "        yhat = forward(name, torch.tensor(x))",
            "        J = torch.nn.functional.mse_loss(yhat, torch.tensor(y))",
            "        losses[name].append(J.item())",
            "        opt.zero_grad()",
            "        J.backward()",
            *self.clip("torch.nn.utils.clip_grad_norm_(weights[name], {})", indent=EACH),
            "        opt.step()",
            *self.shown(),
            "for name in nets:",
            "    shown = torch.tensor(x, requires_grad=True)",
            "    forward(name, shown).sum().backward()",
            "    reach[name] = shown.grad[:, 0, 0].numpy()  # of the answer, by the number",
            *self.ending(),
        )

    # ---- pieces

    def networks(self):
        v = self.v
        names = [self.draw, "lstm", "rnn", *(["spread_memory"] if self.spread else [])]
        bias = 0.0 if self.spread else v["forget_bias"]
        yield f"from dlcore.labs.long_memory_nets import {', '.join(sorted(names))}"
        yield ""
        yield (
            "for_rnn, for_lstm, for_held_out, for_batches = "
            f"np.random.default_rng({self.seed}).spawn(4)"
        )
        yield "nets = {"
        orthogonal = v["rnn_start"] == "orthogonal"
        yield f'    "rnn": rnn({self.lab.rnn_units}, orthogonal={orthogonal}, rng=for_rnn),'
        yield f'    "lstm": lstm({v["hidden"]}, forget_bias={bias!r}, rng=for_lstm),'
        yield "}"
        if self.spread:
            yield f'spread_memory(nets["lstm"], {v["length"]}, rng=for_lstm)'

    def loop(self):
        yield from super().loop(losses=PAIR)
        yield f"    x, y = {self.draw}({self.v['batch']}, {self.v['length']}, rng=for_batches)"

    def shown(self):
        k = self.v["sequence"] - 1
        yield ""
        yield f"x, _ = {self.draw}({HELD_OUT}, {self.v['length']}, rng=for_held_out)"
        yield f"x = x[:, {k} : {k + 1}]  # the sequence that is shown"
        if self.lab.marked is not None:
            yield f"x[:, 0, 1] = 0\nx[{self.lab.marked}, 0, 1] = 1  # the marks were moved"
        yield "reach = {}"

    def ending(self):
        yield "for name, slopes in reach.items():"
        yield "    marked = slopes[x[:, 0, 1] == 1]"
        yield '    print(f"{name}: loss {losses[name][-1]:.6f}, slopes at the marks {marked}")'
