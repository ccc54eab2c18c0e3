"""One step of adversarial training, in the stages that slow motion shows one by one.

    k times:   draw x and z;  G(z);  D judges both;  J_D and its gradient;  update D
    then:      the new D judges the fakes;  dJ_G/dx at them;  update G
               and k_G - 1 more updates of G, each for new z

as `gan.gan_steps` for k_G = 1, with the same random numbers in the same order.
"""

from ..gan import clip_weights, discriminator_gradient, generator_signal
from .gan_controls import LOSSES, ONLY_D, ONLY_G
from .learner import LIMIT

DRAW, GENERATE, JUDGE, LOSS, UPDATE_D, AGAIN, ANEW, SIGNAL, UPDATE_G, G_AGAIN = range(10)
NAMES = ("draw x and z", "G(z)", "D judges", "J of D", "update D", "D again",
         "D judges G(z) anew", "∂J/∂x at G(z)", "update G", "G again")  # fmt: skip
OF_D, OF_G = (DRAW, GENERATE, JUDGE, LOSS, UPDATE_D), (ANEW, SIGNAL, UPDATE_G)
WANDER_EVERY = 10  # steps between two looks at the mean of the batch of G(z)


def stages_of(plays, k, k_G=1):
    """The stages of a step; `AGAIN` stands for D's other k - 1 updates, `G_AGAIN` for G's."""
    of_D = (*OF_D, AGAIN) if k > 1 else OF_D
    of_G = (*OF_G, G_AGAIN) if k_G > 1 else OF_G
    if plays == ONLY_D:
        return of_D
    return (DRAW, GENERATE, *of_G) if plays == ONLY_G else (*of_D, *of_G)


class Game:
    """Two networks, their optimisers, and what the present step has come to.

    real(batch, rng), latent(batch, rng): where examples and latent vectors come from.
    now: the settings of the present step: loss, k, k_G, clip, batch.
    """

    def __init__(self, G, D, opt_G, opt_D, latent, rng):
        self.G, self.D, self.opt_G, self.opt_D = G, D, opt_G, opt_D
        self.latent, self.rng = latent, rng
        self.real = self.now = None
        self.x = self.z = self.fake = self.cache = self.dfake = None
        self.J_D = self.J_G = self.grads_D = self.grads_G = None
        self.acts = (self.draw, self.generate, self.look, self.judge, self.update_D, self.again,
                     self.look, self.ask, self.update_G, self.G_again)  # fmt: skip

    @property
    def loss(self):
        return LOSSES[self.now["loss"]]

    def act(self, stage):
        """False if a loss is lost."""
        return self.acts[stage]() is not False

    def draw(self):
        batch = self.now["batch"]
        self.x, self.z = self.real(batch, self.rng), self.latent(batch, self.rng)
        self.fake = self.dfake = None

    def generate(self):
        self.fake, self.cache = self.G.forward(self.z)

    def look(self):
        """Only to be seen: the gradients that follow judge by themselves."""

    def judge(self):
        self.J_D, grads = discriminator_gradient(self.D, self.x, self.fake, self.loss)
        if not abs(self.J_D) < LIMIT:
            return False
        self.grads_D = grads

    def update_D(self):
        self.opt_D.step(self.D.params, self.grads_D)
        if self.now["loss"] == "Wasserstein" and self.now["clip"] != "off":
            clip_weights(self.D.params, float(self.now["clip"]))

    def again(self):
        for _ in range(self.now["k"] - 1):
            for stage in OF_D:
                if not self.act(stage):
                    return False

    def ask(self):
        self.J_G, self.dfake = generator_signal(self.D, self.fake, self.loss)
        return abs(self.J_G) < LIMIT

    def update_G(self):
        _, self.grads_G = self.G.backward(self.dfake, self.cache, need_dx=False)
        self.opt_G.step(self.G.params, self.grads_G)

    def G_again(self):
        for _ in range(self.now["k_G"] - 1):
            self.z = self.latent(self.now["batch"], self.rng)
            self.generate()
            if not self.ask():
                return False
            self.update_G()

    KEPT = ("x", "z", "fake", "cache", "dfake", "J_D", "J_G", "grads_D", "grads_G")

    def keep(self):
        """All that the panels look at; arrays of a step are made anew by the next, so no copies."""
        nets = [{name: w.copy() for name, w in net.params.items()} for net in (self.G, self.D)]
        return nets, [getattr(self, name) for name in self.KEPT]

    def recall(self, kept):
        nets, seen = kept
        for net, params in zip((self.G, self.D), nets, strict=True):
            net.params.update(params)
        for name, value in zip(self.KEPT, seen, strict=True):
            setattr(self, name, value)
