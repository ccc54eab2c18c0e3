"""What the lab `forecast` shows: the series, a forecast, errors by horizon, what it depends on."""

from . import panels
from .forecast_series import BIKES, LEFT_IN, SEA, WAVE

AR, USUAL, STAYS, BEST = "s2", "s3", "b", "ink2"
TICK = {WAVE: "tick", SEA: "month", BIKES: "hour"}
UNIT = {WAVE: "y", SEA: "°C", BIKES: "bikes"}
SPAN = {WAVE: [0, 24], SEA: [1, 12], BIKES: [0, 23]}  # of a season
PLACE = {WAVE: "tick", SEA: "month", BIKES: "hour of the day"}


def forecast_panels(values, heights, of_season, held_out, most):
    """All panels; `heights` are the limits of the series as it is shown, `of_season` those of the
    seasonal mean; `held_out` is how long that part is, `most` the largest error that is drawn."""
    name = values["series"]
    return [
        overview(name, heights, held_out),
        near(values, heights),
        errors(name, most),
        looks(values),
        season(name, of_season),
        loss(),
        chosen(name),
    ]


def overview(name, heights, held_out):
    layers = [
        panels.curves("held_out", x="held_out_x", color="a", width=1, label="the series"),
        panels.path("read", color="ink2", width=4, head=False),
        panels.path("told", color="ink", width=2, head=False),
        panels.points("handle", color="ink", marker="diamond", size=6, label="start"),
    ]
    return panels.plane(
        "overview", f"{TICK[name]}s held out: drag the diamond", 12,
        height=120, extent=[0, held_out - 1, *heights],
        axes=[f"{TICK[name]}s held out", UNIT[name]], layers=layers, drag="handle", event="start",
    )  # fmt: skip


def near(values, heights):
    name = values["series"]
    ahead = {"x": "ahead_x"}
    layers = [
        panels.curves("usual", x="near_x", color=USUAL, dash=True, label="season"),
        panels.curves("stays", color=STAYS, dash=True, label="stays", **ahead),
        *([panels.curves("best", color=BEST, dash=True, width=3, label="best", **ahead)]
          if name == WAVE else []),
        panels.curves("ar", color=AR, width=2, label="AR", **ahead),
        panels.points("truth", color="a", marker="ring", size=3, label="came", sel="k"),
        panels.points("window", color="a", size=3),
        panels.curves("yhat", color="ink", width=2.5, label="network", **ahead),
    ]  # fmt: skip
    return panels.plane(
        "near", "forecast" if values["season"] == LEFT_IN else "anomaly", 7, aspect=1.45,
        layers=layers, toggles=True,
        extent=[0.5 - values["window"], values["horizon"] + 0.5, *heights],
        axes=[f"{TICK[name]}s from the start", UNIT[name]],
    )  # fmt: skip


def errors(name, most):
    best = [panels.line("error_best", "best", color=BEST, dash=True)] if name == WAVE else []
    return panels.lines(
        "errors", f"rms error k {TICK[name]}s ahead, {UNIT[name]}", 5, aspect=1.05, over="k",
        sel=["k"], x="horizons", unit="k", lo=0, hi=most, series=[
            panels.line("error_stays", "stays", color=STAYS, dash=True),
            panels.line("error_usual", "season", color=USUAL, dash=True),
            *best,
            panels.line("error_ar", "AR", color=AR),
            panels.line("error", "network", color="ink", width=2.5),
        ],
    )  # fmt: skip


def looks(values):
    row = max(5, 150 // values["horizon"])
    return panels.heatmap(
        "looks", "which inputs count: ∂ŷ/∂x, rows k", 7, color="div", most="most",
        row_height=row, sel=["back", "k"],
        views=[{"data": "looks", "label": "network"}, {"data": "looks_ar", "label": "AR"}],
    )  # fmt: skip


def season(name, heights):
    """The seasonal mean; of a wave, what it is drawn from, with knots to drag."""
    mean = {"x": "season_x", "color": USUAL}
    layers = [panels.curves("season", width=2, label="mean", **mean)]
    if name == BIKES:
        layers = [
            panels.curves("season", width=2, label="free day", **mean),
            panels.curves("working", dash=True, label="working day", **mean),
        ]
    if name != WAVE:
        return panels.plane(
            "season", "what is usual", 5, height=150, extent=[*SPAN[name], *heights],
            axes=[PLACE[name], UNIT[name]], layers=layers, toggles=name == BIKES,
        )  # fmt: skip
    layers += [
        panels.curves("true_season", x="season_x", color=BEST, dash=True, label="true"),
        panels.points("knots", color="ink", marker="diamond", size=5, static=True),
    ]
    return panels.plane(
        "season", "one season: drag it", 5, height=150, extent=[*SPAN[name], *heights],
        axes=[PLACE[name], UNIT[name]], layers=layers, toggles=True, drag="knots", event="knot",
    )  # fmt: skip


def loss():
    return panels.lines(
        "loss", "loss J", 7, height=130, over="step", lo=0, series=[
            panels.line("loss", "train", color="ink"),
            panels.line("loss_test", "test", color="ink", dash=True),
            panels.line("loss_ar", "AR, test", color=AR, dash=True),
        ],
    )  # fmt: skip


def chosen(name):
    """This forecast at the horizon that is chosen."""
    return panels.table(
        "chosen", f"this forecast, {TICK[name]} {{k}} ahead", 5, sel=["k"],
        columns=[{"data": f"at_{data}", "label": label} for data, label in
                 [("came", "came"), ("network", "network"), ("ar", "AR"), ("usual", "season")]],
    )  # fmt: skip
