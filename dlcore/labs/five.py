"""The lab `five`: one data set, digits of 8x8 pixels, shown to all five architectures at once.

Four networks read digits, of the same batches, by the same rule (Adam); a GAN learns from these
batches to write digits. What is shown, exactly, as of the last multiple of PROBED steps (to read
hundreds of digits takes long in the page), but for the norms:
- `acc_*`: share of the test digits read rightly; `seen`, `new`: the same as a table, of the first
  training digits and of the test digits.
- `by_cost_*`: that share when so many multiply-adds had been spent, forward; -1 where none was, or
  where no more has been spent.
- `wrong` (10, 4): share of the test digits of a kind that a network reads wrongly.
- `hangs_*`: ||dz_y/dx_r||, of the logit of the right digit by the pixels of row r, a mean over the
  first test digits. Row r is tick r of RNN and LSTM.
- `norm_*`: norm of dJ/dW of the first weights, of the last batch; of D and G of all weights.
- `fakes`: G of latent vectors that stay the same; `due`: how often the CNN reads each kind among
  them, 1 = its share; `frechet`: Frechet distance of their pixels and those of the test digits.
"""

from typing import ClassVar

import numpy as np

from .. import losses
from ..divergence import frechet
from ..gan import discriminator_gradient, generator_signal, non_saturating
from ..optim import Adam
from . import five_nets as nets
from .base import Lab
from .cases import Cases
from .cnn import digits
from .controls import needed, one_of
from .five_audit import audit
from .five_code import programs
from .five_controls import CASES, NOTICE, PARAMETERS, USUAL, make_controls
from .five_look import SAMPLE, Look
from .five_nets import KINDS, LATENT, PIXELS, READERS, SIDE
from .five_panels import COSTS, DRAWN, SHOTS, five_panels
from .five_words import Words
from .in_words import InWords
from .learner import LIMIT, norm, vector
from .live import Live

PROBED = 10  # steps between two looks
BETA1 = 0.5  # of Adam, for the GAN


class Five(Cases, InWords, Live, Lab):
    name = "five"
    title = "Which architecture fits which data, and what does each pay?"
    hint = (
        "Press Play: all five learn from the same digits. Then choose a trouble under “what to "
        "try” and see whom it hurts. Tap some wrong answers to look at them."
    )
    rescue = "Choose a smaller learning rate"
    controls: ClassVar = make_controls()
    usual, cases, notices = USUAL, CASES, NOTICE
    live = ("alpha", "alpha_gan")
    recorded = (5,) * 8 + (10,) * 10 + (20,) * 5
    ranges: ClassVar = dict.fromkeys(("fakes", "given", "shots"), (0, 1, 17))

    def __init__(self, seed=0, **values):
        self.cell = None  # (network, kind): whose wrong answers are shown
        super().__init__(seed, **values)

    # ---- what there is

    def allow(self, values):
        with needed("digits"):
            digits()

    def panels(self):
        return five_panels()

    @property
    def ticks(self):
        return SIDE + self.values["wait"]

    @property
    def sizes(self):
        v = self.values
        if v["equal"] == PARAMETERS:
            return nets.sizes_for(parameters_each=v["budget"])
        return nets.sizes_for(work_each=v["work"], ticks=self.ticks)

    # ---- the run

    def start(self):
        v = self.values
        (
            *for_nets,
            for_gan,
            self._batches,
            self._latent,
            for_show,
            for_pixels,
            for_train,
            for_test,
        ) = np.random.default_rng(self.seed).spawn(11)
        self.size = self.sizes
        self.nets = nets.readers(self.size, for_nets, forget_bias=v["forget_bias"])
        self.G, self.D = nets.gan(self.size["gan"], rng=for_gan)
        self.order = np.arange(PIXELS)
        if v["shuffle"]:
            self.order = for_pixels.permutation(PIXELS)
            nets.reorder(self.nets["dense"], self.G, self.D, self.order)
        self._take_digits(for_train, for_test)
        self.opts = {name: Adam(v["alpha"]) for name in READERS}
        self.opts |= {name: Adam(v["alpha_gan"], beta1=BETA1) for name in "GD"}
        self.note_start()
        self.z = for_show.standard_normal((SAMPLE, LATENT), np.float32)
        self.J, self.lost = {}, None
        self.norms = dict.fromkeys((*READERS, *"GD"), 0.0)
        self.curve = {}  # step -> accuracies of the four
        self.probe(0)
        self.measure_gradients()

    def _take_digits(self, for_train, for_test):
        """Digits as the networks get them, (m, 64)."""
        v, split = self.values, digits()
        trouble = {"shift": v["shift"], "noise": v["noise"]}
        seen = trouble if v["seen"] else {"shift": 0, "noise": 0}
        x = nets.troubled(split.x_train[: v["n"]], rng=for_train, **seen)
        x_test = nets.troubled(split.x_test, rng=for_test, **trouble)
        self.x, self.y = x[:, self.order], split.y_train[: v["n"]]
        self.x_test = x_test[:, self.order]
        self.y_test = split.y_test.astype(np.intp)  # 32 bits wide in the page
        self.floor = frechet(self.x, self.x_test)

    def measure_gradients(self):
        """Losses and gradients before the first step, of the digits that come first."""
        first = slice(0, self.values["batch"])
        for name in READERS:
            self.J[name], grads = self.gradient(name, self.x[first], self.y[first])
            self.norms[name] = first_norm(grads)
        x = self.x[first]
        fake, cache = self.G.forward(self.z[: len(x)])
        self.J["D"], grads = discriminator_gradient(self.D, x, fake, non_saturating)
        self.norms["D"] = norm(grads)
        self.J["G"], dfake = generator_signal(self.D, fake, non_saturating)
        self.norms["G"] = norm(self.G.backward(dfake, cache, need_dx=False)[1])

    def take_settings(self):
        for who, opt in self.opts.items():
            opt.alpha = self.values["alpha_gan" if who in "GD" else "alpha"]

    def given(self, name, x):
        return nets.given(name, x, self.values["wait"])

    def read(self, name, x):
        """The logits of the network `name` for digits x (m, 64)."""
        return self.nets[name](self.given(name, x))

    def gradient(self, name, x, y):
        """Loss of the digits x, y and its gradient, of the network `name`."""
        z, cache = self.nets[name].forward(self.given(name, x))
        J, dz = losses.cross_entropy(z, y)
        return J, self.nets[name].backward(dz, cache, need_dx=False)[1]

    def update(self):
        """One step of all. `code()` prints this loop."""
        i = self._batches.permutation(len(self.x))[: self.values["batch"]]
        x, y = self.x.take(i, 0), self.y.take(i, 0)
        found = {name: self.gradient(name, x, y) for name in READERS}
        self.J = {name: float(J) for name, (J, _) in found.items()}
        if not all(J < LIMIT for J in self.J.values()):
            return self.lose()
        for name, (_, grads) in found.items():
            self.norms[name] = first_norm(grads)
            self.opts[name].step(self.nets[name].params, grads)
        if not self.play(x):
            return self.lose()
        if (self.t + 1) % PROBED == 0:
            self.probe(self.t + 1)
        return True

    def lose(self):
        """The step cannot be made; the losses that say why."""
        self.lost = dict(self.J)
        return False

    def play(self, real):
        """One step of D, then one of G; False if a loss is lost."""
        G, D, loss = self.G, self.D, non_saturating
        fake, cache = G.forward(self._latent.standard_normal((len(real), LATENT), np.float32))
        self.J["D"], grads = discriminator_gradient(D, real, fake, loss)
        if not self.J["D"] < LIMIT:
            return False
        self.norms["D"] = norm(grads)
        self.opts["D"].step(D.params, grads)
        self.J["G"], dfake = generator_signal(D, fake, loss)
        if not self.J["G"] < LIMIT:
            return False
        _, grads = G.backward(dfake, cache, need_dx=False)
        self.norms["G"] = norm(grads)
        self.opts["G"].step(G.params, grads)
        return True

    def probe(self, t):
        self.look = Look(self, t)
        self.curve[t] = self.look.new

    @property
    def all_nets(self):
        return [*self.nets.values(), self.G, self.D]

    def keep(self):
        weights = [{k: w.copy() for k, w in net.params.items()} for net in self.all_nets]
        return weights, dict(self.norms), dict(self.J), self.look

    def recall(self, kept):
        weights, self.norms, self.J, self.look = kept
        for net, params in zip(self.all_nets, weights, strict=True):
            net.params.update(params)

    # ---- what is seen

    def measure(self):
        look = self.look
        frame = self.measure_answers() | {
            "fakes": np.stack([self.natural(row) for row in look.fakes[:DRAWN]]),
            "read_as": [str(k) for k in look.read_as[:DRAWN]],
            "due": look.due[None],
            "frechet": vector(look.distance),
            "floor": vector(self.floor),
        }
        frame |= {f"acc_{name}": vector(s) for name, s in zip(READERS, look.new, strict=True)}
        frame |= {f"norm_{name}": vector(size) for name, size in self.norms.items()}
        frame |= {f"by_cost_{name}": a for name, a in self.by_cost().items()}
        frame |= {f"hangs_{name}": a[:SIDE].copy() for name, a in look.hangs.items()}
        self.words = Words(self)
        return frame | self.words.table()

    def measure_answers(self):
        """Wrong answers, kind by kind, and those that were chosen."""
        y, said = self.y_test, self.look.said
        wrong = [np.bincount(y[answers != y], minlength=KINDS) for answers in said]
        counts = np.array(wrong, np.float32).T.copy()
        shots, names = np.zeros((SHOTS, SIDE, SIDE), np.float32), [""] * SHOTS
        who, kind = self.whose
        among = True if kind is None else y == kind
        self.found = np.flatnonzero((said[who] != y) & among)
        for k, digit in enumerate(self.found[:SHOTS].tolist()):
            shots[k] = self.natural(self.x_test[digit])
            names[k] = f"{y[digit]} as {said[who][digit]}"
        share = counts / np.bincount(y, minlength=KINDS)[:, None].astype(np.float32)
        return {"wrong": share, "counts": counts, "shots": shots, "names": names}

    @property
    def whose(self):
        """(network, kind) of the wrong answers that are shown; kind None: all."""
        return (READERS.index("cnn"), None) if self.cell is None else self.cell

    def natural(self, row):
        """Pixels (64,) as the networks have them, as an image with all in its natural place."""
        image = np.empty(PIXELS, np.float32)
        image[self.order] = row
        return image.reshape(SIDE, SIDE)

    def by_cost(self):
        """name -> accuracy on the axis COSTS of multiply-adds."""
        steps = sorted(t for t in self.curve if t <= self.look.t)
        shares = np.array([self.curve[t] for t in steps])
        spent = np.array(steps, float) * self.values["batch"]
        curves = {}
        for k, name in enumerate(READERS):
            cost = spent * nets.multiply_adds(name, self.size[name], self.ticks)
            at = np.searchsorted(cost, COSTS, "right") - 1
            there = (cost[-1] >= COSTS) & (at > 0)
            curves[name] = np.where(there, shares[at, k], -1).astype(np.float32)
        return curves

    def static(self):
        first = [int(np.flatnonzero(self.y_test == k)[0]) for k in range(KINDS)]
        return {"given": self.x_test[first].reshape(-1, SIDE, SIDE)}

    # ---- what the reader does

    def event(self, name, /, **what):
        """select(net, kind): the wrong answers of that network to that kind of digit are shown."""
        if name != "select":
            return super().event(name, **what)
        self.require_running("select")
        if what.get("net") is None:
            self.cell = None
        else:
            kind = None if what.get("kind") is None else one_of(what, "kind", KINDS, "a digit")
            self.cell = one_of(what, "net", len(READERS), "a network"), kind
        self.fresh = False
        return False

    # ---- checks

    def audit(self):
        return audit(self)

    def code(self):
        return programs(self)


def first_norm(grads):
    """The norm of dJ/dW of the first weights."""
    return float(np.linalg.norm(next(iter(grads.values()))))
