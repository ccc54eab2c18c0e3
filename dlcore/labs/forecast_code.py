"""The lab `forecast` as a program: the same run with dlcore, and with PyTorch."""

from . import mlp_code
from .forecast_nets import CELLS
from .forecast_series import DIRECT, WAVE
from .source import CLASSES, imported, quoted, source

LAYERS = ("Dense", "LastTick", "Recurrent", "Sequential")
TICKS = {
    "rnn": ["W_hx, W_hh, b_h = cell", "h = torch.tanh(x_t @ W_hx.T + h @ W_hh.T + b_h)"],
    "lstm": [
        "z = torch.hstack([h, x_t]) @ cell[0].T + cell[1]",
        "z_f, z_i, z_o, z_c = z.chunk(4, 1)",
        "c = torch.sigmoid(z_f) * c + torch.sigmoid(z_i) * torch.tanh(z_c)",
        "h = torch.sigmoid(z_o) * torch.tanh(c)",
    ],
    "gru": [
        "(W_r, W_u, W_n), (b_r, b_u, b_n) = cell[0].chunk(3), cell[1].chunk(3)",
        "hx, H = torch.hstack([h, x_t]), W.shape[1]",
        "r, u = torch.sigmoid(hx @ W_r.T + b_r), torch.sigmoid(hx @ W_u.T + b_u)",
        "n = torch.tanh(r * (h @ W_n[:, :H].T) + x_t @ W_n[:, H:].T + b_n)",
        "h = u * h + (1 - u) * n",
    ],
}


def programs(lab):
    """dict(dlcore=..., torch=...): each leaves the batch losses in `losses`, and in `yhat` the
    forecast that the lab shows."""
    run = Run(lab)
    return {"dlcore": run.dlcore(), "torch": run.torch()}


class Run(mlp_code.Run):
    def __init__(self, lab):
        super().__init__(lab)
        self.first, self.last = int(lab.here[0]), int(lab.here[self.v["window"] - 1]) + 1

    def dlcore(self):
        optimizer = CLASSES[self.v["optimizer"]]
        return source(
            "import numpy as np",
            self.imports(optimizer, "mse"),
            "from dlcore.labs import forecast_series",
            "from dlcore.labs.forecast_nets import TimeFirst, forecast",
            "",
            *self.data(),
            *self.network(),
            f"opt = {optimizer}(alpha={self.start['alpha']!r})",
            *self.loop(),
            *self.news("opt.alpha"),
            f"    i = for_batches.permutation(len(x))[: {self.setting('batch')}]",
            "    yhat, cache = net.forward(x[i])",
            "    J, dyhat = mse(yhat, y[i])",
            "    losses.append(J)",
            "    _, grads = net.backward(dyhat, cache, need_dx=False)",
            "    opt.step(net.params, grads)",
            *self.told("forecast(net, window, {})"),
        )

    def torch(self):
        return source(
            "import numpy as np",
            "import torch",
            self.imports(),
            "from dlcore.labs import forecast_series",
            "from dlcore.labs.forecast_nets import TimeFirst",
            "from torch import nn",
            "",
            *self.data(),
            *self.network(),
            "model = nn.ParameterList([torch.tensor(w) for w in net.params.values()])",
            f"opt = {self.torch_optimizer('model.parameters()')}",
            "",
            "def forward(x, answers):  # x (m, L, 1)",
            "    *cell, W, b = model",
            "    h = c = torch.zeros(len(x), W.shape[1])",
            "    found = []",
            "    for t in range(x.shape[1] + answers - 1):",
            "        x_t = x[:, t] if t < x.shape[1] else found[-1]  # rolled out",
            *(f"        {line}" for line in TICKS[self.v["cell"]]),
            "        if t >= x.shape[1] - 1:",
            "            found.append(h @ W.T + b)",
            "    return torch.hstack(found)",
            *self.loop(),
            *self.news('opt.param_groups[0]["lr"]'),
            f"    i = for_batches.permutation(len(x))[: {self.setting('batch')}]",
            "    J = nn.functional.mse_loss(forward(torch.tensor(x[i]), 1), torch.tensor(y[i]))",
            "    losses.append(J.item())",
            "    opt.zero_grad()",
            "    J.backward()",
            "    opt.step()",
            *self.told("forward(torch.tensor(window), {}).detach().numpy()", rolls=True),
        )

    # ---- pieces

    def imports(self, *names):
        return imported("dlcore", {*names, *LAYERS, CELLS[self.v["cell"]].__name__})

    def data(self):
        v = self.v
        yield f"for_data, for_weights, for_batches = np.random.default_rng({self.seed}).spawn(3)"
        what = {name: v[name] for name in ("window", "horizon")}
        if v["series"] == WAVE:
            what |= {name: v[name] for name in ("memory", "noise")}
        texts = {"name": v["series"], "way": v["way"], "season": v["season"]}
        yield f"what = {quoted(texts)}"
        yield f"what |= {quoted(what)}"
        if v["series"] == WAVE:
            yield 'what["seed"] = int(for_data.integers(2**31))'
        yield "task = forecast_series.task(**what)"
        yield "x, y = task.x, task.y"

    def network(self):
        cell, (_, H, outputs) = CELLS[self.v["cell"]].__name__, self.lab.sizes
        yield f"recurrent = Recurrent({cell}(1, {H}, rng=for_weights))"
        yield f"head = Dense({H}, {outputs}, rng=for_weights)"
        yield "net = Sequential(TimeFirst(), recurrent, LastTick(), head)"

    def news(self, rate):
        """Take over what was changed: settings, and the season that was drawn."""
        yield from self.rate(rate)
        if self.edits:
            yield "    if t in edits:"
            yield "        task = forecast_series.task(**what, knots=edits[t])"
            yield "        x, y = task.x, task.y"

    def told(self, call, rolls=False):
        """The forecast of the lab; the program in PyTorch is told how often to answer."""
        K = self.v["horizon"]
        answers = 1 if rolls and self.v["way"] == DIRECT else K
        if self.lab.t in self.edits:  # drawn after the last step
            yield f"task = forecast_series.task(**what, knots=edits[{self.lab.t}])"
        yield ""
        yield f"window = task.z_test[{self.first} : {self.last}].reshape(1, -1, 1)"
        yield f"kind = task.series.kind_test[{self.last} : {self.last + K}]"
        yield f"yhat = {call.format(answers)}[0]"
        yield "yhat = yhat * task.scale + task.mean[kind]"
        yield "print(losses[-1], yhat.round(2))"
