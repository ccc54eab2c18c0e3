"""A game of two players as a program: the same one with dlcore, and with PyTorch."""

from itertools import pairwise
from typing import ClassVar

from .gan_controls import ONLY_D, ONLY_G
from .source import Program, source, wrapped

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


class Game(Program):
    """dict(dlcore=..., torch=...): each leaves the pairs J_D, J_G of all whole steps in `losses`;
    who does not play in a step has the loss of the step before (at first None).

    A subclass for each lab says where examples come from, and by `ends` with what activations a
    network ends.
    """

    ends: ClassVar = {"G": (), "D": ()}

    def __init__(self, lab):
        super().__init__(lab, STEPS)
        self.begun = lab.rounds or lab.todo
        self.steps = lab.rounds or STEPS  # whole ones
        self.start = lab.values | (lab.at_start if self.begun else lab.live())
        ever = [self.start, *self.changes.values()]
        self.losses = list(dict.fromkeys(now["loss"] for now in ever if "loss" in now))
        self.sides = {now["plays"] for now in ever if "plays" in now}
        clips = {now["clip"] for now in ever if "clip" in now} - {"off"}
        self.clips = "Wasserstein" in self.losses and clips

    def both(self):
        return {"dlcore": self.dlcore(), "torch": self.torch()}

    def data(self):
        """Lines that make for_G, for_D, for_batches, and functions real(m, rng), latent(m, rng)."""

    def names(self):
        """What that needs of `dlcore`."""
        return set()

    def of_gan(self):
        """What it needs of `dlcore.gan`."""
        return []

    def sources(self):
        """Other imports."""
        return ()

    def moves(self):
        """Lines for a table of what was done to the data."""
        return ()

    def redo(self):
        """Lines that do so."""
        return ()

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
            *self.loop(),
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
            *self.loop(),
            *self.news('opt_{}.param_groups[0]["lr"]'),
            *self.step("fake = torch_G(torch.tensor({}))", self.torch_of_D(), [*self.torch_of_G()]),
            "    losses.append((J_D, J_G))",
            'print(f"J_D {losses[-1][0]}, J_G {losses[-1][1]}")',
        )

    # ---- the players

    def imports(self, torch=False):
        rules = {RULES[self.v[f"optimizer_{net}"]].split("(")[0] for net in "DG"}
        names = {"init", "mlp"} | self.names()
        ends = {end for both in self.ends.values() for end in both}
        names |= {"Sequential", *ends} if ends else set()
        own_class = self.v["activation"] == "leaky_relu"
        names |= set() if own_class else {ACTIVATIONS[self.v["activation"]]}
        if not torch:
            names |= rules | {LOSSES[name] for name in self.losses}
        yield from wrapped(f"from dlcore import {', '.join(sorted(names))}")
        of_gan = [] if torch else ["clip_weights"] * bool(self.clips)
        of_gan += [] if torch or self.sides == {ONLY_G} else ["discriminator_gradient"]
        of_gan += [] if torch or self.sides == {ONLY_D} else ["generator_signal"]
        of_gan += self.of_gan()
        if of_gan:
            yield f"from dlcore.gan import {', '.join(of_gan)}"
        if own_class:
            yield "from dlcore.labs.gan_controls import LeakyReLU"
        yield from self.sources()

    def spawned(self):
        return f"for_G, for_D, for_batches, _ = np.random.default_rng({self.seed}).spawn(4)"

    def normal(self, size):
        return f"latent = lambda m, rng: rng.standard_normal((m, {size}), np.float32)"

    def networks(self):
        kind = ACTIVATIONS[self.v["activation"]]
        for net in "GD":
            made = f"mlp({self.lab.sizes(net)}, {kind}, rng=for_{net}, init=init.he)"
            ends = "".join(f", {end}()" for end in self.ends[net])
            yield f"{net} = Sequential({made}{ends})" if ends else f"{net} = {made}"

    def torch_networks(self):
        kind = TORCH_ACTIVATIONS[self.v["activation"]]
        for net in "GD":
            layers = [f"nn.Linear({m}, {n})" for m, n in pairwise(self.lab.sizes(net))]
            layers = [f", {kind}, ".join(layers), *(f"nn.{end}()" for end in self.ends[net])]
            yield from wrapped(f"torch_{net} = nn.Sequential({', '.join(layers)})")
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
        yield from super().tables()
        yield from self.moves()

    def loop(self):
        """Who does not play in a step has the losses of the step before."""
        yield "J_D = J_G = None"
        yield from super().loop()

    def news(self, rate):
        for net in "DG":
            if f"alpha_{net}" in self.moving:
                yield f'    {rate.format(net)} = now["alpha_{net}"]'
        if "loss" in self.moving:
            yield '    loss = losses_by_name[now["loss"]]'
        yield from ("    " + line for line in self.redo())

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
