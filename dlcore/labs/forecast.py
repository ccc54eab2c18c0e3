"""The lab `forecast`: a recurrent network reads a window of a series and tells what comes.

What is shown, exactly; heights are in the units of the series, and if the season is taken out,
what they are above the seasonal mean:
- `held_out`: the part that is judged on. `read`, `told`: the window that is read and the forecast
  in it; `handle`: the last value that is read. A forecast reads and asks for no gap.
- `yhat`, `ar`, `stays`: forecasts 1 ... K ticks ahead, from the last value read: of the network, of
  linear autoregression with the same inputs and the same way of taking many steps, and of leaving
  the standardised value as it is. `best`: of a wave, the best there can be, as its season and the
  memory of its noise are known.
- `at_...`: the same forecasts and what came, without the last value read.
- `error...`: root mean square of the error k ticks ahead, on the same moments for every k: those
  that L + K - 1 others without a gap lie before.
- `looks[k-1, j-1]`: the derivative of the forecast k ticks ahead by the j-th value of the window,
  rolled out or not; `looks_ar`: of linear autoregression, the same for every window.
- `loss`: of SEEN windows to learn from, spread over all; `loss_test`, `loss_ar`: of all held out.
"""

from typing import ClassVar

import numpy as np

from .. import data, losses
from . import forecast_series as of_series
from .audit import SMALLER, audit
from .cases import Cases
from .controls import LabError, needed, number, one_of, shown
from .forecast_code import programs
from .forecast_controls import CASES, NOTICES, USUAL, make_controls
from .forecast_nets import forecast, looks, network
from .forecast_panels import forecast_panels
from .forecast_series import BIKES, DIRECT, HIGHEST, KNOTS, SEASON, SINE, TAKEN_OUT, WAVE
from .forecast_words import explain, findings
from .learner import Training, vector
from .own_points import position

SEEN = 512  # windows that the training loss is shown of
AUDITED = 40  # windows, and places of each array
FAR = 1e6  # heights beyond this are drawn as this


class Forecast(Cases, Training):
    name = "forecast"
    title = "How far ahead can it see, and what does it do when it can no longer see?"
    hint = (
        "Play: it learns in seconds. Drag the diamond along the series and watch the forecast "
        "glide into the seasonal mean; the error by horizon says where. Draw a season of your own."
    )
    controls: ClassVar = make_controls()
    usual, cases, notices = USUAL, CASES, NOTICES
    recorded = (2,) * 10 + (5,) * 10 + (10,) * 13
    ranges: ClassVar = {"looks": (-1.5, 1.5, 129)}
    moves = ("start",)
    objective = staticmethod(losses.mse)

    def __init__(self, seed=0, **values):
        self.knots = SINE  # as the reader has put them; they outlive every reset
        super().__init__(seed, **values)

    def allow(self, values):
        with needed("series"):
            for name in {values["series"], self.case(values["case"])["series"]} - {WAVE}:
                of_series.measured(name)

    def take_case(self):
        self.knots = SINE

    def panels(self):
        most = 1.6 * max(self.error_usual, float(self.errors["ar"].max()))
        held_out = len(self.task.z_test)
        return forecast_panels(self.values, *self.heights(), held_out, round(most, 3))

    def heights(self):
        """Limits of the series as it is shown, and of the seasonal mean; those of a wave have room
        for every season that can be drawn."""
        task, v = self.task, self.values
        series = limits(self.height(np.concatenate([task.z, task.z_test])))
        if v["series"] != WAVE:
            return series, limits(task.usual)
        high = HIGHEST + 2.5 * v["noise"]
        season = [-1.2 * HIGHEST, 1.2 * HIGHEST]
        return (series if v["season"] == TAKEN_OUT else [-high, high]), season

    # ---- the run

    def start(self):
        for_data, for_weights, self._for_batches = np.random.default_rng(self.seed).spawn(3)
        self.for_noise = int(for_data.integers(2**31))
        self.edits = {0: self.knots} if self.knots != SINE else {}  # step -> the season drawn
        self.take()
        self.begin(for_weights)

    @property
    def sizes(self):
        v = self.values
        return [1, v["hidden"], v["horizon"] if v["way"] == DIRECT else 1]

    def build(self, rng):
        return network(self.values["cell"], *self.sizes[1:], rng=rng)

    def take(self):
        """Cut the series into windows, and let the rivals of the network answer."""
        v = self.values
        self.task = task = of_series.task(
            v["series"], window=v["window"], horizon=v["horizon"], way=v["way"],
            season=v["season"], knots=self.knots, memory=v["memory"], noise=v["noise"],
            seed=self.for_noise,
        )  # fmt: skip
        self.base = 0.0 if v["season"] == TAKEN_OUT else float(task.mean[0])
        self.judged_at = None
        self.x = self._inputs = task.x
        self.y = task.y
        i = np.linspace(0, len(self.x) - 1, min(SEEN, len(self.x))).astype(np.intp)
        self.seen = self.x[i], self.y[i]
        self.find_places()
        self.w = of_series.solve(task.x, task.y)
        said = of_series.linear_forecast(self.w, task.x_test, task.y_test.shape[1])
        self.loss_ar = self.loss(said.astype(np.float32), task.y_test)
        self.rivals = self.answer_rivals()
        self.errors = {name: self.by_horizon(answers) for name, answers in self.rivals.items()}
        above = self.height(task.z_test[self.asked]) - self.usual_at(self.asked)
        self.error_usual = float(root_mean_square(above, None))

    def find_places(self):
        """Where a forecast can start, and from which of these each moment is asked for."""
        v, at = self.values, self.task.series.at_test
        window, horizon = v["window"], v["horizon"]
        self.reads = data.windows(at, window)  # (L, starts), all that the network answers to
        self.read = self.task.z_test[self.reads.T][..., None]
        row = np.full(len(at), -1)
        row[self.reads[-1]] = np.arange(self.reads.shape[1])
        self.whole = data.windows(at, window + horizon)  # (L + K, N)
        self.asked = self.whole[-1]
        before = self.asked - np.arange(1, horizon + 1)[:, None]
        self.rows = row[before].astype(np.intp)  # (K, N)

    @property
    def here(self):
        """The places of the window that is shown and of what comes after it, (L + K,)."""
        N = self.whole.shape[1]
        return self.whole[:, round(self.values["start"] / 100 * (N - 1))]

    def answer_rivals(self):
        K = self.values["horizon"]
        rivals = {
            "ar": of_series.linear_forecast(self.w, self.read, K),
            "stays": np.repeat(self.read[:, -1], K, 1),
        }
        return rivals | ({"best": self.best()} if self.values["series"] == WAVE else {})

    def best(self):
        """Of a wave, standardised: its season, and what will be left of the noise."""
        task, season = self.task, of_series.season_through(self.knots)
        ends, k = self.reads[-1][:, None], np.arange(1, self.values["horizon"] + 1)
        noise = task.series.y_test[ends] - season[ends % SEASON]
        best = season[(ends + k) % SEASON] + self.values["memory"] ** k * noise
        return (best - task.mean[(ends + k) % SEASON]) / task.scale

    # ---- what is seen

    def measure(self):
        task, v = self.task, self.values
        L, K, here = v["window"], v["horizon"], self.here
        if self.judged_at != self.t:  # not again where only the start was moved
            self.judge()
        row = int(np.flatnonzero(self.reads[-1] == here[L - 1])[0])
        came = self.height(task.z_test[here])
        ahead = {
            name: np.append(came[L - 1], self.height(answers[row]))
            for name, answers in self.answers.items()
        }
        usual = self.usual_at(here)
        self.looks = looks(self.net, self.read[row], K)
        frame = {
            "read": cut(np.stack([here[:L], came[:L]], 1)),
            "told": cut(np.stack([here[L - 1 :], ahead["network"]], 1)),
            "handle": cut([[here[L - 1], came[L - 1]]]),
            "window": cut(np.stack([np.arange(1 - L, 1), came[:L]], 1)),
            "truth": cut(np.stack([np.arange(1, K + 1), came[L:]], 1)),
            "usual": cut(usual),
            "yhat": cut(ahead["network"]),
            "at_came": cut(came[L:]),
            "at_network": cut(ahead["network"][1:]),
            "at_ar": cut(ahead["ar"][1:]),
            "at_usual": cut(usual[L:]),
            "error": cut(self.errors["network"]),
            "looks": cut(self.looks),
            "most": vector(max(np.abs(self.looks).max(), 1e-3)),
            "loss": vector(self.losses[0]),
            "loss_test": vector(self.losses[1]),
            "loss_ar": vector(self.loss_ar),
        }
        return frame | {name: cut(a) for name, a in ahead.items() if name != "network"}

    def judge(self):
        """Let the network answer to every window held out."""
        self.answers = {"network": forecast(self.net, self.read, self.values["horizon"])}
        self.answers |= self.rivals
        self.errors["network"] = self.by_horizon(self.answers["network"])
        self.spread = self.spread_by_horizon()
        parts = self.seen, (self.task.x_test, self.task.y_test)
        self.losses = [self.loss(self.net(x), y) for x, y in parts]
        self.remember(*self.losses)
        self.judged_at = self.t

    def height(self, z):
        """Standardised values in units of the series; less the season, if that is taken out."""
        return z * self.task.scale + self.base

    def usual_at(self, places):
        """The height of the seasonal mean at places of the part held out."""
        kind = self.task.series.kind_test[places]
        return self.task.usual[kind] - self.task.mean[kind] + self.base

    def by_horizon(self, answers):
        """Root mean square errors k ticks ahead, (K,), all on the same moments."""
        return root_mean_square(self.told(answers) - self.height(self.task.z_test[self.asked]))

    def told(self, answers):
        """Of answers (starts, K) the heights for the moments that are asked for, (K, N)."""
        return self.height(answers[self.rows, np.arange(len(self.rows))[:, None]])

    def spread_by_horizon(self):
        """How far its forecasts lie from the seasonal mean, k ticks ahead, as a share of how far
        the series does."""
        above = self.told(self.answers["network"]) - self.usual_at(self.asked)
        return root_mean_square(above) / max(self.error_usual, 1e-6)

    def static(self):
        task, v = self.task, self.values
        L, K = v["window"], v["horizon"]
        found = {
            "held_out": cut(self.height(task.z_test)),
            "held_out_x": cut(np.arange(len(task.z_test))),
            "near_x": cut(np.arange(1 - L, K + 1)),
            "ahead_x": cut(np.arange(K + 1)),
            "horizons": cut(np.arange(1, K + 1)),
            "error_usual": cut(np.full(K, self.error_usual)),
            **{f"error_{name}": cut(self.errors[name]) for name in self.rivals},
            "looks_ar": cut(self.looks_ar()),
        }
        return found | self.of_season()

    def of_season(self):
        """The seasonal mean; the curve of a wave ends where it begins."""
        task, name = self.task, self.values["series"]
        if name == WAVE:
            at = np.arange(SEASON + 1)
            return {
                "season_x": cut(at),
                "season": cut(task.usual[at % SEASON]),
                "true_season": cut(of_series.season_through(self.knots)[at % SEASON]),
                "knots": cut(np.stack([np.arange(KNOTS) * SEASON / KNOTS, self.knots], 1)),
            }
        if name == BIKES:
            free, working = task.usual[:24], task.usual[24:]
            return {"season_x": cut(np.arange(24)), "season": cut(free), "working": cut(working)}
        return {"season_x": cut(np.arange(1, 13)), "season": cut(task.usual)}

    def looks_ar(self):
        """(K, L): its answers are linear, so to each unit vector less that to nothing."""
        L, K = self.values["window"], self.values["horizon"]
        units = np.vstack([np.eye(L), np.zeros((1, L))])[..., None]
        answers = of_series.linear_forecast(self.w, units, K)
        return (answers[:-1] - answers[-1]).T

    # ---- what the reader does

    def event(self, name, /, **what):
        """start(x, y): the forecast starts at the held-out place nearest to x. knot(index, x, y):
        that knot of the season is y high; then all of a wave is new."""
        if name == "start":
            return self.move_start(what)
        if name == "knot":
            return self.move_knot(what)
        return super().event(name, **what)

    def move_start(self, what):
        x = number(what.get("x"))
        if x is None:
            raise LabError(f"x: expected a number, got {shown(what.get('x'))}")
        self.require_running("start")
        ends = self.whole[self.values["window"] - 1]
        share = np.abs(ends - x).argmin() / max(len(ends) - 1, 1)
        self.values["start"] = self.controls["start"].check(100 * float(share))
        self.fresh = False
        return False

    def move_knot(self, what):
        if self.values["series"] != WAVE:
            raise LabError("knot: only a wave has a season that can be drawn")
        self.require_running("knot")
        index = one_of(what, "index", KNOTS, "a point")
        _, y = position(what, (0, SEASON), (-HIGHEST, HIGHEST))
        self.knots = (*self.knots[:index], y, *self.knots[index + 1 :])
        self.edits[self.t] = self.knots
        self.take()
        self.fresh = False
        return True

    # ---- in words

    def text(self):
        return explain(self)

    def doctor(self):
        return findings(self)

    def audit(self):
        """The gradient that is learnt from, and the derivatives of the forecast that is shown."""
        some = slice(AUDITED)
        x, y = self.x[some], self.y[some]
        found = audit(self.net, x, y, losses.mse, "the first {} windows", most=AUDITED)
        found["rows"].append(self.audit_looks())
        return found

    def audit_looks(self):
        L, K = self.values["window"], self.values["horizon"]
        net = self.net.astype(np.float64)
        x = self.task.z_test[self.here[:L]][:, None].astype(np.float64)
        eps = SMALLER[0]
        steps = eps * np.eye(L)[..., None]
        numeric = (forecast(net, x + steps, K) - forecast(net, x - steps, K)).T / (2 * eps)
        analytic = looks(net, x, K)
        sizes = [float(np.linalg.norm(a)) for a in (analytic, numeric)]
        error = float(np.linalg.norm(analytic - numeric)) / max(*sizes, 1e-4)
        return ["∂ŷ/∂x, the forecast shown", f"{K}×{L}", *sizes, error]

    def code(self):
        return programs(self)


def root_mean_square(a, axis=1):
    return np.sqrt(np.mean(np.square(a, dtype=float), axis))


def limits(heights):
    """Of an axis on which they have room."""
    room = 0.06 * np.ptp(heights)
    return [round(float(end), 2) for end in (heights.min() - room, heights.max() + room)]


def cut(values):
    """float32 for the panels; what is far beyond every series is drawn at its edge."""
    return np.asarray(np.clip(values, -FAR, FAR), np.float32)
