"""What can be set in the lab `forecast`, and the cases worth trying."""

from .controls import Choice, Slider
from .forecast_nets import CELLS
from .forecast_series import BIKES, DIRECT, LEFT_IN, ROLLED, SEA, TAKEN_OUT, WAVE
from .mlp_controls import OPTIMIZERS

LONGEST, FARTHEST = 36, 24
START = "a wave with slow noise"
USUAL = {
    "series": WAVE, "window": 24, "horizon": 24, "way": DIRECT, "season": LEFT_IN,
    "cell": "rnn", "hidden": 16, "alpha": 0.01, "memory": 0.9, "noise": 0.5,
    "optimizer": "adam", "batch": 64,
}  # fmt: skip
ECHO, BLIND, SHORT = "rolled out: its own echo", "noise without a memory", "a window too short"
YEAR = {"series": SEA, "window": 12, "horizon": 12, "alpha": 0.005}
DAY = {"series": BIKES, "window": 12, "horizon": 12, "hidden": 24}
CASES = {
    START: {},
    BLIND: {"memory": 0.0},
    SHORT: {"window": 2},
    ECHO: {"way": ROLLED},
    "El Niño": YEAR | {"season": TAKEN_OUT},
    "El Niño, season left in": YEAR,
    "bikes": DAY,
    "bikes, rolled out": DAY | {"way": ROLLED},
    "bikes, season taken out": DAY | {"season": TAKEN_OUT},
    "steps too large": {"optimizer": "sgd", "alpha": 3.0},
}
NOTICES = {
    START: "The season is a sine; the noise on it drifts, and nine tenths of it are left a tick "
    "later. So the best forecast is known: the grey dashed curve. Press Play and watch the black "
    "one find it.",
    BLIND: "What the noise was says nothing of what it will be: the best error is that of the "
    "seasonal mean, from the first tick on. Play, and see which inputs count: each tells a little "
    "of the season, so all of them do, and their weights are a sine.",
    SHORT: "Two ticks are a height and a slope. On a clean sine that would be enough to tell all "
    "that comes; how far is it with noise? Make the window longer.",
    ECHO: "Trained for one tick ahead, and then left alone with its own answers. Each is a little "
    "wrong, and the next one believes it. Play, and look far ahead; then choose direct.",
    "El Niño": "Anomalies of the sea: the mean of each month is taken out, for all rivals alike. "
    "Play, then drag the start into the large event of 1997, near the left end: what does it "
    "promise in the middle of the rise?",
    "El Niño, season left in": "Now everyone has to find the season in the twelve months of the "
    "window. Compare the errors with those of the case before: who loses by it?",
    "bikes": "Twelve hours in, twelve hours out. AR treats all hours alike; the network can see "
    "from the shape of the day what time it is. Drag the start, and look at both.",
    "bikes, rolled out": "Trained for one hour ahead, where it is good. Then it hears its own "
    "answers. How many hours until the seasonal mean would have been better?",
    "bikes, season taken out": "Given what each hour of a working or a free day is on average, AR "
    "has what it lacked. How much does the network still add?",
    "steps too large": "Plain gradient descent with α = 3. Play, and see how it ends.",
}


def make_controls():
    v, again = USUAL, {"restarts": True}
    more = {"more": True, "restarts": True}
    of_wave = again | {"when": ("series", WAVE)}
    return {
        "case": Choice(START, tuple(CASES), "what to try", **again),
        "start": Slider(30.0, 0, 100, "forecast starts at", step=0.05, unit="%"),
        "series": Choice(v["series"], (WAVE, SEA, BIKES), "series", **again),
        "way": Choice(v["way"], (ROLLED, DIRECT), "many steps", **again),
        "season": Choice(v["season"], (LEFT_IN, TAKEN_OUT), "seasonal mean", **again),
        "window": Slider(v["window"], 2, LONGEST, "window L", step=1, unit="ticks", **again),
        "horizon": Slider(v["horizon"], 2, FARTHEST, "horizon K", step=1, unit="ticks", **again),
        "cell": Choice(v["cell"], tuple(CELLS), "cell", **again),
        "hidden": Slider(v["hidden"], 1, 32, "hidden units", step=1, **again),
        "memory": Slider(v["memory"], 0.0, 0.98, "memory of the noise φ", step=0.01, **of_wave),
        "noise": Slider(v["noise"], 0.05, 1.0, "noise σ", step=0.05, **of_wave),
        "alpha": Slider(v["alpha"], 1e-4, 10, "learning rate α", log=True, more=True),
        "optimizer": Choice(v["optimizer"], tuple(OPTIMIZERS), "optimiser", **more),
        "batch": Slider(v["batch"], 8, 256, "batch size", log=True, step=1, more=True),
    }  # fmt: skip
