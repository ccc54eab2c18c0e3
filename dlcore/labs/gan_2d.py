"""The lab `gan-2d`: two small networks play against each other over points in the plane.

What is shown, exactly:
- `D`: what the discriminator answers over the plane, within 0..1. Minimax, non-saturating:
  sigma(v) of its logit v. Least squares: v, cut off at 0 and 1. Wasserstein: sigma(4 (v - c) / s),
  c halfway between the mean answers to real and to generated points, s the spread over the plane.
- `fake`: G of the first DRAWN of SAMPLE latent vectors that stay the same while a run goes on;
  `push`: -dJ_G/dx at each, times their number: what one point alone is told. `reach`: its median
  length. In slow motion `fake_batch`, `push_batch`, `real_batch` are those of the step itself.
- `mesh`: G of a grid of z whose cells all hold the same share of the latent distribution, so that
  small cells are dense. Of a 1-D z, a line.
- `covered`, `quality`, `due`: `Mixture.coverage` of all SAMPLE points; due: counts, 1 = its share.
- `js`, `kl_pq`, `kl_qp`: of the exact shares p of CELLS x CELLS squares over the plane, and the
  shares q that SAMPLE points have (beyond the plane: the square at the edge); KL with FLOOR added
  to each share. `J_best`: J_D of the optimal discriminator p / (p + q) on that grid.
- `J_D`, `J_G`, `norm_D`, `norm_G`: of the last batch, each before its update; norms of all dJ/dw
  together. Before the first step: of real and generated points that are not learnt from.
"""

from statistics import NormalDist
from typing import ClassVar

import numpy as np

from .. import divergence, mixture
from ..gan import uniform
from ..mixture import Mixture
from . import toys
from .controls import LabError
from .gan_2d_code import programs
from .gan_2d_controls import (
    CASES,
    MOST_OWN,
    NOTICE,
    OWN,
    OWN_STD,
    USUAL,
    latent_of,
    make_controls,
)
from .gan_2d_panels import EXTENT, LN2, gan_2d_panels
from .gan_2d_words import explain, findings, stage_lines
from .gan_audit import audit
from .gan_game import UPDATE_G, WANDER_EVERY, stages_of
from .gan_lab import HUGE, Adversarial, tidy
from .learner import norm, vector
from .mlp import plane_grid
from .own_points import OwnPoints

FIELD = 40  # samples of the field, each way
MESH, LINE = 17, 200  # lines of the mesh, each way; z on the line of a 1-D latent
SAMPLE, DRAWN = 1000, 200
CELLS, FLOOR = 20, 1e-4
FAR, LONG = 2.0, 8.0  # points and arrows that are beyond end there
WANDER = 40  # so many looks at the mean of a batch are kept
ENDS = {"fake": FAR, "fake_batch": FAR, "mesh": FAR, "push": LONG, "push_batch": LONG}
PLANE = plane_grid(FIELD, EXTENT)


class Gan2d(Adversarial, OwnPoints):
    name, thing, numbers = "gan-2d", "point", 2
    title = "How can two networks that only play against each other learn to draw?"
    hint = (
        "Play: D learns to tell blue from vermillion, G follows the arrows that D gives it. Then "
        "choose a failure under “what to try”, and rescue it."
    )
    controls: ClassVar = make_controls()
    usual, cases, notices = USUAL, CASES, NOTICE
    ranges: ClassVar = {
        "D": (0, 1, 32), "fake": (-FAR, FAR, 512), "mesh": (-FAR, FAR, 512),
        "real": (-FAR, FAR, 1024), "push": (-LONG, LONG, 1024),
    }  # fmt: skip
    recorded = (10,) * 8 + (50,) * 16 + (100,) * 16
    redraws = frozenset({"case", "data"})
    plane = ((-EXTENT, EXTENT),) * 2
    most_points = MOST_OWN
    edit = staticmethod(toys.edit)

    # ---- what there is

    @property
    def slow(self):
        return self.values["slow"]

    @property
    def pace(self):
        return 1800 if self.slow else None

    @property
    def stages(self):
        return stages_of(*(self.values[name] for name in ("plays", "k", "k_G")))

    def panels(self):
        return gan_2d_panels(self.values, self.stages)

    @property
    def size(self):
        return latent_of(self.values["latent"])[0]

    def latent(self):
        """latent(batch, rng), as `gan_steps` takes it."""
        size, normal = latent_of(self.values["latent"])
        if normal:
            return lambda batch, rng: rng.standard_normal((batch, size), np.float32)
        return uniform(size)

    # ---- the run

    def start(self):
        for_show = self.begin()
        self.moved = {}  # whole steps -> points changed after them
        self.known = set()  # keys of `edits` that `moved` has
        self.means = []  # of batches of G(z), WANDER_EVERY steps apart
        self.z_shown = np.concatenate([self._even_z(), self.latent()(SAMPLE, for_show)])
        self._show = int(for_show.integers(2**32))
        self._take_data()

    def _even_z(self):
        """z between whose neighbours there is always the same share of the latent distribution."""
        size, normal = latent_of(self.values["latent"])
        count = MESH if size == 2 else LINE
        shares = (np.arange(count) + 0.5) / count
        along = [NormalDist().inv_cdf(share) for share in shares] if normal else 2 * shares - 1
        return np.stack(np.meshgrid(*[along] * size), -1).reshape(-1, size).astype(np.float32)

    def _take_data(self):
        name, none = self.values["data"], np.zeros((0, 2), np.float32)
        if name == OWN:
            self._take(*self.edit(none, none[:, :0], self.edits.get(0, ())))
        else:
            self.x = none
            self._know(mixture.DISTRIBUTIONS[name]())

    def _take(self, x, y):
        """The reader's own points are these now; each is a mode."""
        self.x, self.y = x, y
        self._know(Mixture(x, OWN_STD) if len(x) else None)

    def _know(self, p):
        """p is the distribution now, or None: what is known of it, and points of it to look at."""
        self.p, self.waiting = p, p is None
        self.real = self.modes = np.zeros((0, 2), np.float32)
        if self.waiting:
            return
        self.real, self.shares = (
            p(DRAWN, np.random.default_rng(self._show)),
            p.shares(CELLS, EXTENT),
        )
        pieces = [p.centres[p.mode == k] for k in range(p.modes)]
        self.modes = np.stack([piece[len(piece) // 2] for piece in pieces])
        if self.game.J_D is None:
            self._look_before()

    def _look_before(self):
        self.look_before(self.real, self.z_shown[-DRAWN:])

    def changed(self, name):
        super().changed(name)
        if name == "loss" and not self.t and self.p is not None:
            self._look_before()

    def begin_step(self):
        """It takes the distribution that there is, too."""
        super().begin_step()
        if unknown := self.edits.keys() - self.known:
            self.moved[self.rounds] = [edit for t in sorted(unknown) for edit in self.edits[t]]
            self.known |= unknown
        self.game.real = self.p

    def update(self):
        sound = super().update()
        if sound and not self.todo and self.rounds % WANDER_EVERY == 0:
            self.means = [*self.means[1 - WANDER :], self.game.fake.mean(0)]
        return sound

    # ---- what is seen

    def measure(self):
        game, slow = self.game, self.values["slow"]
        x = game.G(self.z_shown)
        even, fake = x[:-SAMPLE], x[-SAMPLE:]
        shown = fake[:DRAWN]
        v = game.D(np.concatenate([PLANE, self.real, shown]))[:, 0]
        plane, real = v[: FIELD**2], v[FIELD**2 : -DRAWN]
        belief = self.judge(real, v[-DRAWN:], plane)
        self.shown = shown
        push = self.told(self.loss)
        self.reach = float(np.median(np.linalg.norm(push, axis=1)))
        frame = {
            "D": belief(plane).reshape(FIELD, FIELD),
            "mesh": even.reshape(MESH, MESH, 2) if len(even) == MESH**2 else even,
            "J_D": vector(game.J_D or 0),
            "J_G": vector(game.J_G or 0),
            "norm_D": vector(norm(game.grads_D or {})),
            "norm_G": vector(norm(game.grads_G or {})),
            "reach": vector(self.reach),
            "modes": self.modes,
            **(self._of_step() if slow else {"fake": shown, "push": push}),
            **self._how_close(fake),
        }
        if slow:
            frame["stage"] = vector(self.at_stage)
            frame["about"] = stage_lines(self)
        return {name: tidy(a, ENDS.get(name, HUGE)) for name, a in frame.items()}

    @property
    def at_stage(self):
        """Place of the last stage among those of a step; -1: none yet."""
        last = self.done[-1] if self.done else None
        return self.stages.index(last) if last in self.stages else -1

    @property
    def example(self):
        """Which z of the batch is marked in slow motion: the one nearest to the middle."""
        return int(np.square(self.game.z).sum(1).argmin()) if self.done else 0

    def _of_step(self):
        """The batch of this step, as far as it has come."""
        game, none = self.game, np.zeros((0, 2), np.float32)
        real, z = (game.x, game.z) if self.done else (none, none)
        moved = UPDATE_G in self.done  # the arrows have been followed
        fake = game.G(z) if moved else none if game.fake is None else game.fake
        asked = game.dfake is not None and not moved
        push = -len(fake) * game.dfake if asked else np.zeros_like(fake)
        flat_z = np.hstack([z, np.zeros_like(z)])[:, :2]  # of one number: on the axis
        return {"real_batch": real, "fake_batch": fake, "push_batch": push, "z_batch": flat_z,
                "example": vector(self.example)}  # fmt: skip

    def _how_close(self, fake):
        """Divergences and modes; nothing in common where nothing is known of p."""
        none = {name: vector(0) for name in ("covered", "quality", "kl_pq", "kl_qp", "count")}
        if self.p is None or not np.isfinite(fake).all():
            nowhere = {"js": vector(LN2), "due": np.zeros((1, 1)), "missed": np.zeros(0)}
            return none | nowhere | self._best(LN2, 0)
        q = divergence.histogram(fake, CELLS, EXTENT)
        js = divergence.js(self.shares, q)
        covered, quality, counts = self.p.coverage(fake)
        due = counts * (len(self.p.mode) / SAMPLE) / np.bincount(self.p.mode)
        squares = np.square(fake[:DRAWN, None] - self.modes).sum(2)
        self.nearest = np.bincount(squares.argmin(1), minlength=len(self.modes)) / DRAWN
        together = np.sum(self.shares * q / np.maximum(self.shares + q, 1e-300))
        return {
            "covered": vector(covered),
            "quality": vector(quality),
            "count": vector(len(self.modes)),
            "due": due[None],
            "missed": due < 0.5,
            "js": vector(js),
            "kl_pq": vector(divergence.kl(self.shares, q, FLOOR)),
            "kl_qp": vector(divergence.kl(q, self.shares, FLOOR)),
            **self._best(js, together),
        }

    def _best(self, js, together):
        """J_D of D = p / (p + q); together: sum p q / (p + q)."""
        loss = self.values["loss"]
        if loss == "Wasserstein":  # the best critic without a bound is infinitely steep
            return {}
        return {"J_best": vector(together / 2 if loss == "least squares" else 2 * (LN2 - js))}

    def static(self):
        z = self.z_shown[:-SAMPLE]
        z_mesh = z.reshape(MESH, MESH, 2) if z.shape[1] == 2 else np.zeros((1, 1, 2), np.float32)
        return {"real": self.real, "centres": self.x, "z_mesh": z_mesh}

    # ---- what the reader does

    def event(self, name, /, **what):
        if name in ("drag", "remove"):
            self._require_own(name)
        return super().event(name, **what)

    def _new(self, place):
        return ("add", *place)

    # ---- in words

    def text(self):
        return explain(self)

    def doctor(self):
        return findings(self)

    def audit(self):
        if self.p is None:
            raise LabError("audit: there are no points yet to take a gradient of")
        return audit(self)

    def code(self):
        return programs(self)
