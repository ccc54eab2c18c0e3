"""The lab `descent`: optimisers race on one loss surface, from one start.

What is shown, exactly:
- the ground: log10 of (J - min J) plus a small constant, scaled to 0..1.
- `J_sgd`, ...: J - min J where each stands, after the step.
- `rate`: the factor per step by which Momentum's distance to the minimum shrinks in the long run,
  over log10 alpha and beta; SGD is its lower edge, beta = 0. It is the largest |eigenvalue| of
  (w, v) -> (w - alpha v', v'), v' = beta v + lambda w, over the second derivatives lambda there.
- with noise, each gradient gets noise times a normal random vector, the same for all.
"""

import math
from typing import ClassVar

import numpy as np

from ..optim import SGD, Adam, Momentum
from . import doctor, panels, surfaces
from .base import Lab
from .controls import Choice, LabError, Slider, Switch
from .descent_code import programs
from .descent_words import explain, findings, standings
from .learner import LIMIT
from .live import Live
from .own_points import position
from .trail import Trail

NAMES = {"sgd": "SGD", "momentum": "Momentum", "adam": "Adam"}
COLORS = {"sgd": "s1", "momentum": "s2", "adam": "s3"}
MARKERS = {"sgd": "circle", "momentum": "diamond", "adam": "square"}
FIELD = 64  # samples along each side
RATES = (-4.0, 1.0, -0.05, 1.0)  # extent of the plane of alpha and beta


class Racer:
    """One optimiser on its way: `w` (2,) and its path."""

    def __init__(self, opt, start, near):
        self.opt, self.params = opt, {"w": np.array(start, float)}
        self.trail = Trail(near)
        self.out = None  # the step at which it was lost

    @property
    def w(self):
        return self.params["w"]

    def step(self, surface, noise, t):
        before = self.w.copy()
        self.trail.add(before)
        self.opt.step(self.params, {"w": surface.gradient(self.w) + noise})
        if not surface.J(self.w) < LIMIT:
            self.out = t + 1
            self.params["w"] = before


class Descent(Live, Lab):
    name = "descent"
    title = "Which optimiser is first at the bottom, and why?"
    hint = (
        "Press Play, then drag the start, or the point in the plane of α and β: beyond its line "
        "the steps grow. Make the valley longer and see who suffers."
    )
    controls: ClassVar = {
        "surface": Choice("long valley", tuple(surfaces.SURFACES), "loss surface", restarts=True),
        "kappa": Slider(30.0, 1, 300, "condition number κ", log=True, restarts=True,
                        when=("surface", "long valley")),
        "alpha": Slider(0.03, 1e-4, 10, "learning rate α", log=True),
        "beta": Slider(0.9, 0, 0.99, "momentum β", step=0.01),
        "alpha_adam": Slider(0.1, 1e-4, 10, "Adam’s α", log=True),
        "noise": Slider(0.0, 0, 2, "noise of the gradient", step=0.05),
        **{k: Switch(True, name, restarts=True, group="racing") for k, name in NAMES.items()},
    }  # fmt: skip
    live = ("alpha", "beta", "alpha_adam", "noise")
    moves = ("alpha", "beta")
    recorded = (1,) * 20 + (2,) * 20 + (4,) * 20
    ranges: ClassVar = {"ground": (0, 1, 64), "rate": (0, 4, 65536)}

    def __init__(self, seed=0, **values):
        self.begin = None  # where the reader has put the start
        super().__init__(seed, **values)

    def allow(self, values):
        if not any(values[name] for name in NAMES):
            raise LabError("racing: at least one must take part")

    @property
    def racing(self):
        return [name for name in NAMES if self.values[name]]

    # ---- the run

    def restart(self, *names):
        if "surface" in names:
            self.begin = None
        self.reset()

    def start(self):
        v = self.values
        self.surface = surfaces.surface(v["surface"], v["kappa"])
        self.lowest, self.least = self.surface.lowest()
        self.curvatures = np.linalg.eigvalsh(self.surface.hessian(self.lowest))
        self.origin = self.begin or self.surface.start
        makers = {
            "sgd": lambda: SGD(v["alpha"]),
            "momentum": lambda: Momentum(v["alpha"], v["beta"]),
            "adam": lambda: Adam(v["alpha_adam"]),
        }
        near = (self.surface.extent[1] - self.surface.extent[0]) / 400  # about a pixel
        self.racers = {name: Racer(makers[name](), self.origin, near) for name in self.racing}
        self.rng = np.random.default_rng(self.seed)
        self.note_start()

    def take_settings(self):
        v = self.values
        for key, racer in self.racers.items():
            racer.opt.alpha = v["alpha_adam" if key == "adam" else "alpha"]
            if key == "momentum":
                racer.opt.beta = v["beta"]

    def update(self):
        """One step of everyone who is still there. `code()` prints this loop."""
        noise = self.values["noise"] * self.rng.standard_normal(2)
        self.J = {name: float(self.surface.J(r.w)) for name, r in self.racers.items()}
        for racer in self.racers.values():
            if racer.out is None:
                racer.step(self.surface, noise, self.t)
        return any(racer.out is None for racer in self.racers.values())

    def keep(self):
        return {name: (racer.w.copy(), racer.trail.copy()) for name, racer in self.racers.items()}

    def recall(self, kept):
        for name, (w, trail) in kept.items():
            self.racers[name].params["w"], self.racers[name].trail = w, trail

    def is_out(self, racer):
        """Was it lost by this step? A step that is seen again may be before that."""
        return racer.out is not None and racer.out <= self.t + self.diverged

    # ---- what is seen

    def measure(self):
        v = self.values
        places = np.array([racer.w for racer in self.racers.values()])
        frame = {"where": places, "downhill": -self.surface.gradient(places)}
        for name, racer in self.racers.items():
            frame[f"path_{name}"] = racer.trail.to(racer.w)
            frame[f"J_{name}"] = np.array([self.above(racer)])
        frame["rates"] = np.array([[math.log10(v["alpha"]), beta] for beta in (0.0, v["beta"])])
        return {name: plain(a) for name, a in frame.items()} | standings(self)

    def above(self, racer):
        """How far J still is above its minimum."""
        return max(0.0, float(self.surface.J(racer.w)) - self.least)

    def static(self):
        J = self.surface.J(self.surface.grid(FIELD)) - self.least
        height = np.log10(np.maximum(J, 0) + 1e-4 * J.max())
        low, high = height.min(), height.max()
        arrays = {
            "ground": (height - low) / (high - low),
            "start": np.array([self.origin]),
            "lowest": self.lowest[None],
            "rate": self.rate_field(),
            "racer": np.arange(2),  # of the points in the plane of alpha and beta
        }
        return {name: np.asarray(a, np.float32) for name, a in arrays.items()}

    def rate_field(self, h=64, w=72):
        alpha = 10 ** np.linspace(RATES[0], RATES[1], w)
        beta = np.linspace(RATES[2], RATES[3], h)[:, None]
        return np.clip(contraction(alpha, beta, self.curvatures), 0, 4)

    def panels(self):
        extent = list(self.surface.extent)
        paths = [
            panels.path(f"path_{name}", color=COLORS[name], label=NAMES[name],
                        marker=MARKERS[name])
            for name in self.racing
        ]  # fmt: skip
        ground = panels.field(
            "ground", lo=0, hi=1, map="ground", levels=[round(0.1 * k, 1) for k in range(1, 10)]
        )
        start = panels.points("start", color="ink", marker="ring", size=5, static=True)
        lowest = panels.points("lowest", color="ink2", marker="ringdiamond", size=3, static=True)
        downhill = panels.arrows(
            "where", vectors="downhill", color="grad", scale=(extent[1] - extent[0]) / 16,
            width=1.8, label="−∇J",
        )  # fmt: skip
        rate = panels.field("rate", lo=0.5, hi=1.5, map="ground", levels=[0.9, 0.97, 1.0])
        dots = panels.points(
            "rates",
            color="racer",
            colors=["s1", "s2"],
            markers=["circle", "diamond"],
            labels=["SGD", "Momentum"],
            size=4,
        )
        series = [panels.line(f"J_{n}", NAMES[n], color=COLORS[n]) for n in self.racing]
        columns = [("above", "J − min J"), ("slope", "‖∇J‖"), ("alpha_lambda", "αλ, limit"),
                   ("factor", "a step leaves")]  # fmt: skip
        return [
            panels.plane("surface", "loss surface J, heights in log", 7, rowspan=2,
                         extent=extent, axes=list(self.surface.axes), drag="start", toggles=True,
                         layers=[ground, lowest, *paths, downhill, start]),
            panels.plane("rates", "stable left of the line", 5, extent=list(RATES), height=205,
                         axes=["log₁₀ α", "β"], layers=[rate, dots], drag="rates", event="rates"),
            panels.lines("loss", "J − min J", 5, height=152, log=True, over="step",
                         series=series),
            panels.table("race", "the race", 12, corner="racer",
                         rows=[NAMES[n] for n in self.racing],
                         columns=[{"data": data, "label": label} for data, label in columns]),
        ]  # fmt: skip

    # ---- what the reader does

    def event(self, name, /, **what):
        """drag(x, y): another start, and a new race. rates(index, x, y): log10 of alpha, and
        beta."""
        if name == "drag":
            self.begin = tuple(position(what, *sides(self.surface.extent)))
            self.reset()
            return True
        if name == "rates":
            x, y = position(what, *sides(RATES))
            self.set("alpha", min(max(float(f"{10**x:.3g}"), 1e-4), 10.0))
            if what.get("index") == 1:  # the point of Momentum; SGD's has no beta
                self.set("beta", min(max(y, 0.0), 0.99))
            return False
        return super().event(name, **what)

    # ---- in words

    def text(self):
        return explain(self)

    def doctor(self):
        return findings(self)

    def audit(self):
        """The gradient of the surface where each racer stands, beside central differences."""
        rows, worst, eps = [], 0.0, 1e-5
        for name, racer in self.racers.items():
            w, J = racer.w, self.surface.J
            g = self.surface.gradient(w)
            d = np.array([(J(w + s) - J(w - s)) / (2 * eps) for s in eps * np.eye(2)])
            error = np.linalg.norm(g - d) / max(np.linalg.norm(g), np.linalg.norm(d), 1e-4)
            rows.append(
                [NAMES[name], "2", *map(float, (np.linalg.norm(g), np.linalg.norm(d), error))]
            )
            worst = max(worst, float(error))
        verdict = "agree" if worst < 1e-5 else "do not agree"
        return {
            "columns": [
                "dJ/dw at",
                "shape",
                "norm, formula",
                "norm, differences",
                "relative error",
            ],
            "rows": rows,
            "text": f"The formula of the gradient and central differences {verdict}: the largest "
            f"relative error is {doctor.say(worst)} (float64).",
        }

    def code(self):
        return programs(self)


def plain(a):
    """float32 without numbers so small that they lose their digits."""
    a = np.asarray(a, np.float32)
    return np.where(np.abs(a) < 1e-30, np.float32(0), a)


def contraction(alpha, beta, curvatures):
    """The largest |eigenvalue| of a step of Momentum on a bowl with these second derivatives:
    roots of r^2 - (1 + beta - alpha lambda) r + beta = 0."""
    worst = np.zeros(np.broadcast(alpha, beta).shape)
    for curvature in curvatures:
        half = (1 + beta - alpha * curvature) / 2
        root = np.sqrt((half * half - beta).astype(complex))
        worst = np.maximum(worst, np.maximum(abs(half + root), abs(half - root)))
    return worst


def sides(extent):
    """The limits of x and those of y."""
    return extent[:2], extent[2:]
