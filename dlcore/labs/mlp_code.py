"""The lab `mlp` as a program: the same run with dlcore, and with PyTorch.

Both are given the lab's seed, settings and every change made since the run began, so they go
through the same losses. They are short because the lab itself is nothing but this loop.
"""

import textwrap
from itertools import pairwise

CLASSES = {
    "tanh": "Tanh",
    "relu": "ReLU",
    "sigmoid": "Sigmoid",
    "leaky_relu": "LeakyReLU",
    "identity": "Identity",
    "sgd": "SGD",
    "momentum": "Momentum",
    "adam": "Adam",
}
INITS = {
    "glorot": "init.glorot",
    "he": "init.he",
    "small": "init.normal(0.01)",
    "large": "init.normal(4.0)",
    "zeros": "init.zeros",
}
TORCH_OPTIMIZERS = {
    "sgd": "torch.optim.SGD(model.parameters(), lr={})",
    "momentum": "torch.optim.SGD(model.parameters(), lr={}, momentum=0.9)",
    "adam": "torch.optim.Adam(model.parameters(), lr={})",
}
STEPS = 500  # of the program of a run that has not begun


def programs(lab):
    """dict(dlcore=..., torch=...): two programs, each leaves the batch losses in `losses`."""
    run = Run(lab)
    return {"dlcore": run.dlcore(), "torch": run.torch()}


class Run:
    """One run of a lab that trains an mlp on points, in pieces of source.

    A lab with other data, another loss or another network has a subclass with other pieces.
    """

    module = "toys"  # of dlcore.labs, where the data come from
    answer, loss, torch_loss = "z", "bce_with_logits", "binary_cross_entropy_with_logits"

    def __init__(self, lab):
        self.values, self.seed, self.sizes = lab.values, lab.seed, lab.sizes
        self.lab = lab
        self.steps = lab.t or STEPS
        self.start = lab.at_start  # alpha, batch, l1, l2 when the run began
        self.changes = lab.changes
        self.edits = {t: edits for t, edits in lab.edits.items() if edits}

    def dlcore(self):
        optimizer = CLASSES[self.values["optimizer"]]
        return source(
            "import numpy as np",
            self.imports(self.loss, optimizer),
            *self.origin(),
            "",
            *self.data(),
            self.network(),
            f"opt = {optimizer}(alpha={self.start['alpha']!r})",
            *self.tables(),
            "",
            "losses = []",
            f"for t in range({self.steps}):",
            *self.news("opt.alpha"),
            f"    i = for_batches.permutation(len(x))[: {self.setting('batch')}]",
            f"    {self.answer}, cache = net.forward({self.inputs()})",
            f"    J, d{self.answer} = {self.loss}({self.answer}, y[i])",
            "    losses.append(J)",
            f"    _, grads = net.backward(d{self.answer}, cache, need_dx=False)",
            *self.dlcore_penalty(),
            "    opt.step(net.params, grads)",
            'print(f"loss of the last batch: {losses[-1]:.6f}")',
        )

    def torch(self):
        optimizer = TORCH_OPTIMIZERS[self.values["optimizer"]]
        return source(
            "import numpy as np",
            "import torch",
            self.imports(),
            *self.origin(),
            "from torch import nn",
            "",
            *self.data(),
            self.network(),
            *self.torch_network(),
            "for p, start in zip(model.parameters(), net.params.values()):",
            "    p.data = torch.tensor(start)  # the weights of the lab",
            f"opt = {optimizer.format(repr(self.start['alpha']))}",
            *self.tables(),
            "",
            "losses = []",
            f"for t in range({self.steps}):",
            *self.news('opt.param_groups[0]["lr"]'),
            f"    i = for_batches.permutation(len(x))[: {self.setting('batch')}]",
            f"    {self.answer} = model(torch.tensor({self.inputs()}))",
            f"    J = nn.functional.{self.torch_loss}({self.answer}, torch.tensor(y[i]))",
            "    losses.append(J.item())",
            *self.torch_penalty(),
            "    opt.zero_grad()",
            "    J.backward()",
            "    opt.step()",
            'print(f"loss of the last batch: {losses[-1]:.6f}")',
        )

    # ---- pieces

    def imports(self, *names):
        names = [*names, "init", "mlp"]
        if len(self.sizes) > 2:
            names.append(CLASSES[self.values["activation"]])
        return f"from dlcore import {', '.join(sorted(names))}"

    def origin(self):
        """Where the data come from."""
        return [f"from dlcore.labs import {self.module}"]

    def data(self):
        v = self.values
        yield f"for_data, for_weights, for_batches = np.random.default_rng({self.seed}).spawn(3)"
        if v["data"] == "own":
            yield "x, y = toys.empty()"
            return
        yield f"x, y = toys.{v['data']}({self.lab.points}, noise={v['noise']}, rng=for_data)"
        yield f"x, y, x_test, y_test = toys.split(x, y, share={v['train_share']})"

    def network(self):
        v = self.values
        activation = f"{CLASSES[v['activation']]}, " if len(self.sizes) > 2 else ""
        return f"net = mlp({self.sizes}, {activation}rng=for_weights, init={INITS[v['init']]})"

    def torch_network(self):
        layers = [f"nn.Linear({n_in}, {n_out})" for n_in, n_out in pairwise(self.sizes)]
        model = f", nn.{CLASSES[self.values['activation']]}(), ".join(layers)
        return wrapped(f"model = nn.Sequential({model})")

    def tables(self):
        """What was changed during the run; the keys are the steps made until then."""
        if self.changes or self.edits:
            yield "# after so many steps, this was changed"
        if self.changes:
            yield from table(self.changes, self.start)
        if self.edits:
            yield from wrapped(f"edits = {quoted(self.edits)}")

    def news(self, rate):
        """Take over what was changed; `rate` is where the learning rate is kept."""
        if self.changes:
            yield "    now |= changes.get(t, {})"
        if "alpha" in self.moving():
            yield f'    {rate} = now["alpha"]'
        if self.edits:
            yield f"    x, y = {self.module}.edit(x, y, edits.get(t, []))"

    def moving(self):
        return moved(self.changes)

    def setting(self, name):
        return f'now["{name}"]' if name in self.moving() else repr(self.start[name])

    def inputs(self):
        return (
            "x[i]"
            if self.lab.features == ["x1", "x2"]
            else f"toys.features(x[i], {quoted(self.lab.features)})"
        )

    def has(self, penalty):
        return self.start.get(penalty, 0) > 0 or penalty in self.moving()

    def dlcore_penalty(self):
        terms = self.penalty(l1="np.sign(W)", l2="W")
        if terms:
            yield "    for name, W in net.params.items():"
            yield '        if name.endswith("W"):  # weights, not biases'
            yield f"            grads[name] += {terms}"

    def torch_penalty(self):
        terms = self.penalty(l1="W.abs().sum()", l2="(W * W).sum() / 2")
        if terms:
            yield "    for W in model.parameters():"
            yield "        if W.ndim > 1:  # weights, not biases"
            yield f"            J = J + {terms}"

    def penalty(self, **terms):
        """The sum of the penalties that the run has, or nothing."""
        used = [f"{self.setting(n)} * {term}" for n, term in terms.items() if self.has(n)]
        return " + ".join(used)


def moved(changes):
    """Names of the settings that were changed during a run."""
    return sorted({name for new in changes.values() for name in new})


def table(changes, start):
    """Lines with the `changes`, step -> settings changed after it, and how these were at first."""
    now = ", ".join(f"{name}={quoted(start[name])}" for name in moved(changes))
    yield from wrapped(f"changes = {quoted(changes)}")
    yield f"now = dict({now})"


def source(*lines):
    return "\n".join(lines) + "\n"


def wrapped(line):
    """A long line of Python, broken at its spaces; within brackets that is allowed."""
    return textwrap.wrap(line, 96, subsequent_indent="    ", break_long_words=False)


def quoted(value):
    """Source of a list or dict, with the quotation marks of the rest."""
    return repr(value).replace("'", '"')
