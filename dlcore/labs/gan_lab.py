"""What the labs `gan-2d` and `gan-digits` share: two players, and the steps that they make."""

import numpy as np

from .. import init
from ..activations import sigmoid
from ..gan import discriminator_gradient, generator_signal
from ..model import mlp
from .base import Lab
from .cases import Cases
from .gan_controls import ACTIVATIONS, LIVE, LOSSES, optimizer
from .gan_game import Game, stages_of

HUGE = 1e6  # numbers beyond end there


class Adversarial(Cases, Lab):
    """A lab in which G and D play.

    A subclass has `numbers` in an example and `size` of z, and writes `latent()`, and sets
    `game.real`, where z and examples come from: functions (batch, rng), as `gan_steps` takes them.
    For the doctor it has `shown`, generated examples; `v_real`, `v_fake`, `D_real`, `D_fake`, what
    D answers and believes of real ones and of these; and `reach`, the median length of what they
    are `told`.
    """

    thing = "example"  # what G makes
    slow = False  # does a step make but one stage?

    @property
    def loss(self):
        return LOSSES[self.values["loss"]]

    def live(self):
        """The settings that a step looks at when it begins."""
        return {name: self.values[name] for name in LIVE}

    def sizes(self, net):
        """Units of every layer of "G" or "D", inputs first."""
        hidden = [self.values[f"width_{net}"]] * self.values[f"layers_{net}"]
        return [self.numbers, *hidden, 1] if net == "D" else [self.size, *hidden, self.numbers]

    def build(self, rngs):
        """A new G and a new D."""
        kind = ACTIVATIONS[self.values["activation"]]
        pairs = zip("GD", rngs, strict=True)
        return [mlp(self.sizes(net), kind, rng=rng, init=init.he) for net, rng in pairs]

    # ---- the run

    def begin(self):
        """A new game at its start; the generator of random numbers that is left for the panels."""
        v = self.values
        *for_nets, for_batches, for_show = np.random.default_rng(self.seed).spawn(4)
        opts = [optimizer(v[f"optimizer_{net}"], v[f"alpha_{net}"], v["beta1"]) for net in "GD"]
        self.game = Game(*self.build(for_nets), *opts, self.latent(), for_batches)
        self.rounds, self.done, self.todo = 0, (), ()  # whole steps; the stages of this one
        self.at_start = self.live()
        self.changes = {}  # whole steps -> settings changed after them
        return for_show

    def look_before(self, real, z):
        """Losses and gradients before the first step, of examples that are not learnt from."""
        game = self.game
        fake, cache = game.G.forward(z)
        game.J_D, game.grads_D = discriminator_gradient(game.D, real, fake, self.loss)
        game.J_G, dfake = generator_signal(game.D, fake, self.loss)
        game.grads_G = game.G.backward(dfake, cache, need_dx=False)[1]

    def begin_step(self):
        """A step takes the settings that there are when it begins."""
        now = self.live()
        if not self.rounds:
            self.at_start = self.settings = now
        elif now != self.settings:
            new = {name: now[name] for name in LIVE if now[name] != self.settings[name]}
            self.changes[self.rounds], self.settings = new, now
        game = self.game
        game.now = now
        game.opt_G.alpha, game.opt_D.alpha = now["alpha_G"], now["alpha_D"]
        self.done, self.todo = (), stages_of(now["plays"], now["k"], now["k_G"])

    def update(self):
        """A whole step, or what is left of one; in slow motion, its next stage."""
        if not self.todo:
            self.begin_step()
        now = self.todo[:1] if self.slow else self.todo
        for stage in now:
            if not self.game.act(stage):
                return False
        self.done, self.todo = self.done + now, self.todo[len(now) :]
        self.rounds += not self.todo
        return True

    def keep(self):
        return self.game.keep(), self.rounds, self.done, self.todo

    def recall(self, kept):
        game, self.rounds, self.done, self.todo = kept
        self.game.recall(game)

    # ---- what is seen

    def judge(self, v_real, v_fake, v_all):
        """Keep what D answers, and believes. The function v -> 0..1 that is drawn: see `gan_2d`."""
        self.v_real, self.v_fake = v_real, v_fake
        belief = self.belief(v_all)
        self.D_real, self.D_fake = belief(v_real), belief(v_fake)
        return belief

    def belief(self, v_all):
        loss, real, fake = self.values["loss"], self.v_real, self.v_fake
        if loss == "least squares":
            return lambda v: np.clip(v, 0, 1)
        if loss == "Wasserstein":
            middle = (real.mean() + fake.mean()) / 2 if len(real) else fake.mean()
            spread = v_all.std() + np.float32(1e-12)
            return lambda v: sigmoid(4 * (v - middle) / spread)
        return sigmoid

    def told(self, loss):
        """-dJ/dx at the examples `shown`, of the loss of each alone."""
        return -len(self.shown) * generator_signal(self.game.D, self.shown, loss)[1]


def tidy(value, most=HUGE):
    """float32 for the panels, within -most..most; NaN stays NaN."""
    if isinstance(value, (str, list)):
        return value
    return np.clip(np.asarray(value, np.float32), -most, most)
