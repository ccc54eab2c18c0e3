"""The lab `mlp` as a program: the same run with dlcore, and with PyTorch.

Both are given the lab's seed, settings and every change made since the run began, so they go
through the same losses. They are short because the lab itself is nothing but this loop.
"""

from itertools import pairwise

from .source import CLASSES, Program, imported, quoted, source, wrapped

INITS = {
    "glorot": "init.glorot",
    "he": "init.he",
    "small": "init.normal(0.01)",
    "large": "init.normal(4.0)",
    "zeros": "init.zeros",
}


def programs(lab):
    """dict(dlcore=..., torch=...): two programs, each leaves the batch losses in `losses`."""
    run = Run(lab)
    return {"dlcore": run.dlcore(), "torch": run.torch()}


class Run(Program):
    """One run of a lab that trains an mlp on points, in pieces of source.

    A lab with other data, another loss or another network has a subclass with other pieces.
    """

    module = "toys"  # of dlcore.labs, where the data come from
    answer, loss, torch_loss = "z", "bce_with_logits", "binary_cross_entropy_with_logits"

    def __init__(self, lab):
        super().__init__(lab)
        self.edits = {t: edits for t, edits in getattr(lab, "edits", {}).items() if edits}

    def dlcore(self):
        optimizer = CLASSES[self.v["optimizer"]]
        return source(
            "import numpy as np",
            self.imports(self.loss, optimizer),
            *self.origin(),
            "",
            *self.data(),
            self.network(),
            f"opt = {optimizer}(alpha={self.start['alpha']!r})",
            *self.loop(),
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
            f"opt = {self.torch_optimizer('model.parameters()')}",
            *self.loop(),
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
        if len(self.lab.sizes) > 2:
            names.append(CLASSES[self.v["activation"]])
        return imported("dlcore", names)

    def origin(self):
        """Where the data come from."""
        return [f"from dlcore.labs import {self.module}"]

    def data(self):
        v = self.v
        yield f"for_data, for_weights, for_batches = np.random.default_rng({self.seed}).spawn(3)"
        if v["data"] == "own":
            yield "x, y = toys.empty()"
            return
        yield f"x, y = toys.{v['data']}({self.lab.points}, noise={v['noise']}, rng=for_data)"
        yield f"x, y, x_test, y_test = toys.split(x, y, share={v['train_share']})"

    def network(self):
        v = self.v
        activation = f"{CLASSES[v['activation']]}, " if len(self.lab.sizes) > 2 else ""
        return f"net = mlp({self.lab.sizes}, {activation}rng=for_weights, init={INITS[v['init']]})"

    def torch_network(self):
        layers = [f"nn.Linear({n_in}, {n_out})" for n_in, n_out in pairwise(self.lab.sizes)]
        model = f", nn.{CLASSES[self.v['activation']]}(), ".join(layers)
        return wrapped(f"model = nn.Sequential({model})")

    def tables(self):
        yield from super().tables()
        if self.edits:
            yield "# after so many steps, these points were put or taken"
            yield from wrapped(f"edits = {quoted(self.edits)}")

    def news(self, rate):
        """Take over what was changed; `rate` is where the learning rate is kept."""
        yield from self.rate(rate)
        if self.edits:
            yield f"    x, y = {self.module}.edit(x, y, edits.get(t, []))"

    def inputs(self):
        return (
            "x[i]"
            if self.lab.features == ["x1", "x2"]
            else f"toys.features(x[i], {quoted(self.lab.features)})"
        )

    def has(self, penalty):
        return self.start.get(penalty, 0) > 0 or penalty in self.moving

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
