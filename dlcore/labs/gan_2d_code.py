"""The lab `gan-2d` as a program: the same game with dlcore, and with PyTorch."""

from itertools import pairwise

from .gan_2d_controls import LIVE, ONLY_D, ONLY_G, OWN, OWN_STD, latent_of
from .source import quoted, source, wrapped

STEPS = 2000  # of the program of a run that has not begun
LOSSES = {
    "non-saturating": "non_saturating",
    "minimax": "minimax",
    "least squares": "least_squares",
    "Wasserstein": "wasserstein",
}
RULES = {
    "adam": "Adam({alpha}, beta1={beta1})",
    "rmsprop": "RMSProp({alpha})",
    "momentum": "Momentum({alpha})",
    "sgd": "SGD({alpha})",
}
TORCH_RULES = {
    "adam": "torch.optim.Adam({w}, lr={alpha}, betas=({beta1}, 0.999))",
    "rmsprop": "torch.optim.RMSprop({w}, lr={alpha})",
    "momentum": "torch.optim.SGD({w}, lr={alpha}, momentum=0.9)",
    "sgd": "torch.optim.SGD({w}, lr={alpha})",
}
ACTIVATIONS = {"leaky_relu": "LeakyReLU", "tanh": "Tanh", "relu": "ReLU"}
TORCH_ACTIVATIONS = {"leaky_relu": "nn.LeakyReLU(0.2)", "tanh": "nn.Tanh()", "relu": "nn.ReLU()"}
# of a loss: J_D of the answers r to real and f to generated points, and J_G of f
TORCH_LOSSES = {
    "non-saturating": ("softplus(-r).mean() + softplus(f).mean()", "softplus(-f).mean()"),
    "minimax": ("softplus(-r).mean() + softplus(f).mean()", "-softplus(f).mean()"),
    "least squares": (
        "((r - 1) ** 2).mean() / 2 + (f**2).mean() / 2",
        "((f - 1) ** 2).mean() / 2",
    ),
    "Wasserstein": ("f.mean() - r.mean()", "-f.mean()"),
}


def programs(lab):
    """dict(dlcore=..., torch=...): each leaves the pairs J_D, J_G of all whole steps in `losses`;
    who does not play in a step has the loss of the step before (at first None)."""
    run = Run(lab)
    return {"dlcore": run.dlcore(), "torch": run.torch()}


class Run:
    def __init__(self, lab):
        self.lab, self.v, self.seed = lab, lab.values, lab.seed
        begun = lab.rounds or lab.todo
        self.steps = lab.rounds or STEPS
        self.start = lab.at_start if begun else lab.live()
        self.changes = lab.changes
        edits = lab.moved if begun else {0: lab.edits.get(0, [])}
        self.edits = {step: some for step, some in edits.items() if some}
        self.moving = [n for n in LIVE if any(n in new for new in self.changes.values())]
        ever = [self.start, *self.changes.values()]
        self.losses = list(dict.fromkeys(now["loss"] for now in ever if "loss" in now))
        self.sides = {now["plays"] for now in ever if "plays" in now}
        clips = {now["clip"] for now in ever if "clip" in now} - {"off"}
        self.clips = "Wasserstein" in self.losses and clips

    # ---- the programs

    def dlcore(self):
        return source(
            "import numpy as np",
            *self.imports(),
            "",
            *self.data(),
            *self.networks(),
            *(f"opt_{net} = {self.rule(net)}" for net in "DG"),
            *self.named_losses(),
            *self.tables(),
            "",
            "J_D = J_G = None",
            "losses = []",
            f"for t in range({self.steps}):",
            *self.news("opt_{}.alpha"),
            *self.step("fake, cache = G.forward({})", self.of_D(), [*self.of_G()]),
            "    losses.append((J_D, J_G))",
            'print(f"J_D {losses[-1][0]}, J_G {losses[-1][1]}")',
        )

    def torch(self):
        return source(
            "import numpy as np",
            "import torch",
            *self.imports(torch=True),
            "from torch import nn",
            "from torch.nn.functional import softplus",
            "",
            *self.data(),
            *self.networks(),
            *self.torch_networks(),
            *(f"opt_{net} = {self.torch_rule(net)}" for net in "DG"),
            *self.torch_losses(),
            *self.tables(),
            "",
            "J_D = J_G = None",
            "losses = []",
            f"for t in range({self.steps}):",
            *self.news('opt_{}.param_groups[0]["lr"]'),
            *self.step("fake = torch_G(torch.tensor({}))", self.torch_of_D(), [*self.torch_of_G()]),
            "    losses.append((J_D, J_G))",
            'print(f"J_D {losses[-1][0]}, J_G {losses[-1][1]}")',
        )

    # ---- the players

    def imports(self, torch=False):
        rules = {RULES[self.v[f"optimizer_{net}"]].split("(")[0] for net in "DG"}
        names = {"init", "mlp"} | ({"Mixture"} if self.v["data"] == OWN else set())
        own_class = self.v["activation"] == "leaky_relu"
        names |= set() if own_class else {ACTIVATIONS[self.v["activation"]]}
        if not torch:
            names |= rules | {LOSSES[name] for name in self.losses}
        yield from wrapped(f"from dlcore import {', '.join(sorted(names))}")
        of_gan = [] if torch else ["clip_weights"] * bool(self.clips)
        of_gan += [] if torch or self.sides == {ONLY_G} else ["discriminator_gradient"]
        of_gan += [] if torch or self.sides == {ONLY_D} else ["generator_signal"]
        of_gan += [] if latent_of(self.v["latent"])[1] else ["uniform"]
        if of_gan:
            yield f"from dlcore.gan import {', '.join(of_gan)}"
        if self.v["data"] == OWN:
            yield "from dlcore.labs import toys"
        if own_class:
            yield "from dlcore.labs.gan_2d_controls import LeakyReLU"
        if self.v["data"] != OWN:
            yield f"from dlcore.mixture import {self.v['data']}"

    def data(self):
        size, normal = latent_of(self.v["latent"])
        yield f"for_G, for_D, for_batches, _ = np.random.default_rng({self.seed}).spawn(4)"
        if self.v["data"] == OWN:
            yield "x, y = np.zeros((0, 2), np.float32), np.zeros((0, 0), np.float32)"
        else:
            yield f"real = {self.v['data']}()"
        if normal:
            yield f"latent = lambda m, rng: rng.standard_normal((m, {size}), np.float32)"
        else:
            yield f"latent = uniform({size})"

    def networks(self):
        kind = ACTIVATIONS[self.v["activation"]]
        for net in "GD":
            yield f"{net} = mlp({self.lab.sizes(net)}, {kind}, rng=for_{net}, init=init.he)"

    def torch_networks(self):
        kind = TORCH_ACTIVATIONS[self.v["activation"]]
        for net in "GD":
            layers = [f"nn.Linear({m}, {n})" for m, n in pairwise(self.lab.sizes(net))]
            yield from wrapped(f"torch_{net} = nn.Sequential({f', {kind}, '.join(layers)})")
        yield "for net, model in ((G, torch_G), (D, torch_D)):"
        yield "    for p, start in zip(model.parameters(), net.params.values()):"
        yield "        p.data = torch.tensor(start)  # the weights of the lab"

    def rule(self, net):
        how = {"alpha": repr(self.start[f"alpha_{net}"]), "beta1": self.v["beta1"]}
        return RULES[self.v[f"optimizer_{net}"]].format(**how)

    def torch_rule(self, net):
        how = {"alpha": repr(self.start[f"alpha_{net}"]), "beta1": self.v["beta1"]}
        return TORCH_RULES[self.v[f"optimizer_{net}"]].format(w=f"torch_{net}.parameters()", **how)

    def named_losses(self):
        if len(self.losses) > 1:
            pairs = ", ".join(f'"{name}": {LOSSES[name]}' for name in self.losses)
            yield from wrapped(f"losses_by_name = {{{pairs}}}")

    def torch_losses(self):
        if len(self.losses) == 1:
            of_D, of_G = TORCH_LOSSES[self.losses[0]]
            yield f"loss_D = lambda r, f: {of_D}"
            yield f"loss_G = lambda f: {of_G}"
            return
        yield "losses_by_name = {"
        for name in self.losses:
            of_D, of_G = TORCH_LOSSES[name]
            yield f'    "{name}": (lambda r, f: {of_D},'
            yield f"        lambda f: {of_G}),"
        yield "}"

    # ---- what was changed while it ran

    def tables(self):
        if self.changes or self.edits:
            yield "# after so many steps, this was changed"
        if self.changes:
            now = ", ".join(f"{name}={quoted(self.start[name])}" for name in self.moving)
            yield "changes = {"
            yield from (f"    {step}: {quoted(new)}," for step, new in self.changes.items())
            yield "}"
            yield f"now = dict({now})"
        if self.edits:
            yield from wrapped(f"edits = {quoted(self.edits)}")

    def news(self, rate):
        if self.changes:
            yield "    now |= changes.get(t, {})"
        for net in "DG":
            if f"alpha_{net}" in self.moving:
                yield f'    {rate.format(net)} = now["alpha_{net}"]'
        if "loss" in self.moving:
            yield '    loss = losses_by_name[now["loss"]]'
        if self.edits:
            yield "    if t in edits:"
            yield "        x, y = toys.edit(x, y, edits[t])"
            yield f"        real = Mixture(x, {OWN_STD})"

    def setting(self, name):
        return f'now["{name}"]' if name in self.moving else repr(self.start[name])

    # ---- one step

    def step(self, forward, of_D, of_G):
        """k times new points and an update of D, then one of G, as far as they play."""
        moves, plays = "plays" in self.moving, self.start["plays"]
        k = self.setting("k")
        if moves:
            k = f'1 if now["plays"] == "{ONLY_G}" else {k}'
        elif plays == ONLY_G:
            k = "1"
        m = self.setting("batch")
        yield f"    for _ in range({k}):"
        yield f"        real_x, z = real({m}, for_batches), latent({m}, for_batches)"
        yield f"        {forward.format('z')}"
        yield from self.turn("        ", of_D, ONLY_G)
        yield from self.turn("    ", [*of_G, *self.again(forward, of_G)], ONLY_D)

    def again(self, forward, of_G):
        """G's other updates, each for new z."""
        k_G = self.setting("k_G")
        if k_G == "1":
            return
        yield f"for _ in range({k_G} - 1):"
        yield "    " + forward.format(f"latent({self.setting('batch')}, for_batches)")
        yield from ("    " + line for line in of_G)

    def turn(self, indent, lines, unless):
        """What one of the two does, unless only the other one plays."""
        if "plays" in self.moving:
            yield f'{indent}if now["plays"] != "{unless}":'
            indent += "    "
        elif self.start["plays"] == unless:
            return
        for line in lines:
            yield indent + line

    def clip(self, line):
        """Lines that clip D's weights at {}, when the loss is Wasserstein's."""
        if not self.clips:
            return
        limit = 'float(now["clip"])' if "clip" in self.moving else self.start["clip"]
        conditions = ['now["loss"] == "Wasserstein"'] * ("loss" in self.moving)
        conditions += ['now["clip"] != "off"'] * ("clip" in self.moving)
        if conditions:
            yield f"if {' and '.join(conditions)}:"
        yield "    " * bool(conditions) + line.format(limit)

    def of_D(self):
        yield f"J_D, grads = discriminator_gradient(D, real_x, fake, {self.loss()})"
        yield "opt_D.step(D.params, grads)"
        yield from self.clip("clip_weights(D.params, {})")

    def of_G(self):
        yield f"J_G, dfake = generator_signal(D, fake, {self.loss()})"
        yield "_, grads = G.backward(dfake, cache, need_dx=False)"
        yield "opt_G.step(G.params, grads)"

    def loss(self):
        return "loss" if "loss" in self.moving else LOSSES[self.losses[0]]

    def torch_of_D(self):
        loss = "loss[0]" if "loss" in self.moving else "loss_D"
        yield f"J = {loss}(torch_D(torch.tensor(real_x)), torch_D(fake.detach()))"
        yield from ("opt_D.zero_grad()", "J.backward()", "opt_D.step()", "J_D = J.item()")
        yield from self.clip("for w in torch_D.parameters(): w.data.clamp_(-{0}, {0})")

    def torch_of_G(self):
        yield f"J = {'loss[1]' if 'loss' in self.moving else 'loss_G'}(torch_D(fake))"
        yield from ("opt_G.zero_grad()", "J.backward()", "opt_G.step()", "J_G = J.item()")
