"""The lab `gan-digits`: two small networks play against each other over digits of 8x8 pixels.

    z (L,) - G: dense layers - sigmoid - x (64,) - D: dense layers - v

What is shown, exactly:
- `fakes`: G of the first SHOWN of SAMPLE latent vectors z, which stay the same while a run goes on;
  `reals`: so many of the real digits D learns from. `said_fake`, `said_real`: what D believes of
  each, or, where its answer v is no belief, v.
- `beliefs`: of D, in BINS parts of 0..1 (as `Adversarial.judge` says): of JUDGED real digits, of
  JUDGED that nobody learns from, and of all SAMPLE generated ones; each row sums to 1.
- `sure`, `shares`, `seen`: what `trained.judge` says of all SAMPLE: its largest belief, on average;
  the share of samples that are each digit with a belief above 1/2, and, last, that are none; how
  many digits have a share of SEEN.
- `variety`: the standard deviation of the samples, all pixels together, of that of real digits.
  `new`: the median distance of COMPARED samples to the nearest real digit, of that of digits that
  nobody learns from (at most 1 is shown).
- `J_D`, `J_G`, `norm_D`, `norm_G`: of the last batch, each before its update; norms of all dJ/dw
  together. `reach`: the median length of -dJ_G/dx at a generated digit, of its loss alone. Before
  the first step: of real and generated digits that are not learnt from.
- `z`: the latent vector (k, z_k) of the large picture; `looks`: G(z), what D says and
  `trained.judge` believes of it, and the real digit nearest to it. `walk`: G on the straight line
  between two z. `turned`: G of z with one of its numbers set to each of TURNS, number by number.
"""

from functools import cache
from typing import ClassVar

import numpy as np

from .. import data
from ..activations import Sigmoid, softmax
from ..model import Sequential
from ..product import matmul
from . import trained
from .controls import needed, one_of
from .gan_audit import audit
from .gan_digits_code import programs
from .gan_digits_controls import CASES, NOTICE, SHOWN, USUAL, make_controls
from .gan_digits_panels import BINS, MOST_Z, SEEN, STOPS, TURNS, gan_digits_panels
from .gan_digits_words import (
    captions,
    explain,
    findings,
    look_names,
    stop_names,
    turn_names,
    walk_title,
)
from .gan_lab import Adversarial, tidy
from .learner import norm, vector
from .own_points import position

SIDE = 8  # pixels of a digit, each way
SAMPLE, JUDGED, COMPARED = 250, 100, 30
ALONG = np.linspace(0, 1, STOPS, dtype=np.float32)[:, None]


class GanDigits(Adversarial):
    name, thing, numbers = "gan-digits", "digit", SIDE**2
    title = "How do digits come out of noise, by a game of two networks?"
    hint = (
        "Play: every sample keeps its own z, so watch it become a digit. Then click on two samples "
        "and walk from one to the other, or drag one number of z up and down."
    )
    controls: ClassVar = make_controls()
    usual, cases, notices = USUAL, CASES, NOTICE
    ranges: ClassVar = (
        dict.fromkeys(["fakes", "reals", "looks", "walk", "turned"], (0, 1, 13))
        | {"beliefs": (0, 1, 128)}
    )  # fmt: skip
    recorded = (10,) * 6 + (40,) * 6 + (100,) * 7 + (200,) * 5
    speed = "64"
    moves = ("first", "last", "along")

    def __init__(self, seed=0, **values):
        self.own_z = None  # z as the reader has dragged it, or None: it is on the walk
        super().__init__(seed, **values)

    # ---- what there is

    def allow(self, values):
        with needed("digits"):
            digits()
            trained.judge()

    def panels(self):
        return gan_digits_panels(self.values)

    @property
    def size(self):
        return self.values["latent"]

    def build(self, rngs):
        G, D = super().build(rngs)
        return Sequential(G, Sigmoid()), D

    def latent(self):
        size = self.size
        return lambda batch, rng: rng.standard_normal((batch, size), np.float32)

    # ---- the run

    def start(self):
        x, held = digits()
        self.x = x = x[: self.values["n"]]
        for_show = self.begin()
        self.game.real = lambda batch, rng: x[rng.integers(0, len(x), batch)]
        self.z_shown = self.latent()(SAMPLE, for_show)
        self.real = x[for_show.permutation(len(x))[:JUDGED]]
        self.held = held[for_show.permutation(len(held))[:JUDGED]]
        self.squares = np.square(x).sum(1)
        self.far = np.median(self.nearest(self.held[:COMPARED])[1])
        self.deviation = deviation(x)
        if self.own_z is not None and len(self.own_z) != self.size:
            self.own_z = None
        self.look_before(self.real, self.z_shown[:JUDGED])

    def changed(self, name):
        super().changed(name)
        if name == "loss" and not self.rounds:
            self.look_before(self.real, self.z_shown[:JUDGED])
        if name in self.moves:
            self.own_z = None

    def nearest(self, x):
        """Which real digit is nearest to each of x, and how far it is."""
        squares = np.square(x).sum(1)[:, None] + self.squares - 2 * matmul(x, self.x.T)
        best = squares.argmin(1)
        return best, np.sqrt(np.maximum(squares[np.arange(len(x)), best], 0))

    # ---- what is seen

    def measure(self):
        game = self.game
        walk, turned = self.walk(), self.turned()
        x = game.G(np.concatenate([self.z_shown, self.z[None], walk, turned]))
        self.fake, picture = x[:SAMPLE], x[SAMPLE : SAMPLE + 1]
        self.shown = self.fake[:JUDGED]
        rest = x[SAMPLE + 1 :].reshape(-1, SIDE, SIDE)
        self.reach = float(np.median(np.linalg.norm(self.told(self.loss), axis=1)))
        frame = {
            "fakes": images(self.fake[:SHOWN]),
            "walk": rest[:STOPS],
            "turned": rest[STOPS:],
            "at_sample": vector(self.at_sample),
            "at_turn": vector(*where(turned, self.z)),
            "turn_names": turn_names(turned),
            "stop_names": stop_names(),
            "walk_title": walk_title(self.values),
            "at_stop": vector(-1 if self.own_z is not None else self.stop),
            "J_D": vector(game.J_D),
            "J_G": vector(game.J_G),
            "norm_D": vector(norm(game.grads_D or {})),
            "norm_G": vector(norm(game.grads_G or {})),
            "reach": vector(self.reach),
            **self.opinions(picture),
            **self.how_good(),
            **self.look_at(picture),
        }
        return {name: tidy(a) for name, a in frame.items()}

    def opinions(self, picture):
        """What D says of real digits, of such as nobody learns from, and of generated ones."""
        kinds = self.real, self.held, self.fake, picture
        v = self.game.D(np.concatenate(kinds))[:, 0]
        ends = np.cumsum([len(kind) for kind in kinds])[:-1]
        real, held, fake, self.v_picture = np.split(v, ends)
        belief = self.judge(real, fake, v)
        self.v_held, self.D_held = held, belief(held)
        rows = [histogram(D) for D in (self.D_real, self.D_held, self.D_fake)]
        return {
            "beliefs": np.stack(rows),
            "said_fake": captions(self, fake[:SHOWN]),
            "said_real": captions(self, real[:SHOWN]),
        }

    def how_good(self):
        """What a classifier says of the samples, how they differ, how near real ones they come."""
        p = softmax(trained.judge()(self.fake))
        read = p.argmax(1)[p.max(1) > 0.5].astype(np.intp)
        self.shares = np.bincount(read, minlength=10) / SAMPLE
        self.doubt = 1 - len(read) / SAMPLE
        self.sure = float(p.max(1).mean())
        self.variety = deviation(self.fake) / self.deviation
        self.new = float(np.median(self.nearest(self.fake[:COMPARED])[1]) / self.far)
        return {
            "sure": vector(self.sure),
            "shares": vector(*self.shares, self.doubt),
            "most_share": vector(max(0.2, self.doubt, self.shares.max())),
            "seen": vector((self.shares >= SEEN).sum()),
            "variety": vector(self.variety),
            "new": vector(min(self.new, 1)),
        }

    def look_at(self, picture):
        best, distance = self.nearest(picture)
        p = softmax(trained.judge()(picture))[0]
        at = np.arange(1, len(self.z) + 1)
        none = np.zeros(len(self.z))
        return {
            "z": np.stack([at, self.z], 1),
            "z_foot": np.stack([at, none], 1),
            "z_up": np.stack([none, self.z], 1),
            "looks": images(np.concatenate([picture, self.x[best]])),
            "look_names": look_names(self, p, distance[0]),
        }

    def static(self):
        return {"reals": images(self.real[:SHOWN])}

    # ---- the latent vector of the large picture

    @property
    def ends(self):
        """The z between which the walk goes."""
        return [self.z_shown[self.values[name] - 1] for name in ("first", "last")]

    @property
    def z(self):
        if self.own_z is not None:
            return self.own_z
        first, last = self.ends
        return first + np.float32(self.values["along"] / 100) * (last - first)

    @property
    def stop(self):
        """The stop of the walk that the large picture is at, or -1."""
        stop = self.values["along"] * (STOPS - 1) / 100
        return int(stop) if stop == int(stop) else -1

    @property
    def at_sample(self):
        """The sample that the large picture is, or -1: it is between two, or z was dragged."""
        name = {0: "first", 100: "last"}.get(self.values["along"])
        return -1 if name is None or self.own_z is not None else self.values[name] - 1

    def walk(self):
        first, last = self.ends
        return first + ALONG * (last - first)

    def turned(self):
        """(L * len(TURNS), L): z with one number after the other set to each of TURNS."""
        z = self.z
        found = np.tile(z, (len(z), len(TURNS), 1))
        each = np.arange(len(z))
        found[each, :, each] = TURNS
        return found.reshape(-1, len(z))

    # ---- what the reader does

    def event(self, name, /, **what):
        """drag(index, x, y); select(sample), select(stop), select(turn): no new static arrays."""
        if name not in ("drag", "select"):
            return super().event(name, **what)
        self.require_running(name)
        if name == "drag":
            self._drag(what)
        elif "sample" in what:
            first, last = self.values["last"], one_of(what, "sample", SHOWN, "a picture") + 1
            self.values |= {"first": first, "last": last, "along": 100}
            self.own_z = None
        elif "stop" in what:
            stop = one_of(what, "stop", STOPS, "a picture")
            self.values["along"] = round(100 * stop / (STOPS - 1))
            self.own_z = None
        else:
            k = one_of(what, "turn", len(self.z) * len(TURNS), "a picture")
            self.own_z = self.turned()[k]
        self.fresh = False
        return False

    def _drag(self, what):
        _, height = position(what, (0, len(self.z) + 1), (-MOST_Z, MOST_Z))
        self.own_z = self.z.copy()
        self.own_z[one_of(what, "index", len(self.z), "a point")] = height

    # ---- in words

    def text(self):
        self.frame()
        return explain(self)

    def doctor(self):
        self.frame()
        return findings(self)

    def audit(self):
        return audit(self)

    def code(self):
        return programs(self)


@cache
def digits():
    """Real digits (1347, 64) to learn from, and (450, 64) that nobody does."""
    split = data.digits()
    return split.x_train.reshape(-1, SIDE**2), split.x_test.reshape(-1, SIDE**2)


def where(rows, row):
    """[k], the first of the rows that is equal to `row`, or [-1]."""
    return [*np.flatnonzero((rows == row).all(1)), -1][:1]


def images(x):
    return x.reshape(-1, SIDE, SIDE)


def deviation(x):
    """Of all pixels together."""
    return float(np.sqrt(x.var(0).sum()))


def histogram(beliefs):
    """Shares of BINS parts of 0..1."""
    bins = np.minimum(np.nan_to_num(beliefs) * BINS, BINS - 1).astype(np.intp)
    return np.bincount(bins, minlength=BINS) / len(bins)
