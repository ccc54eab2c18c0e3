"""What can be set in the lab `curve-fit`, and the cases worth trying."""

from . import curves
from .controls import Choice, Slider
from .mlp_controls import ACTIVATIONS, INITS, OPTIMIZERS

MOST_POINTS = 64
INPUTS = {  # what the network is given: how a program says it, and the map itself
    "x": ("{}", 1, 0),
    "10 x": ("10 * {}", 10, 0),
    "x / 10": ("{} / 10", 1 / 10, 0),
    "x + 5": ("{} + 5", 1, 5),
}
GOOD = "a good fit"
USUAL = {
    "data": "sine", "n": 30, "noise": 0.1, "units": 8, "activation": "tanh", "alpha": 0.03,
    "l2": 0.0, "optimizer": "adam", "init": "he", "input": "x", "batch": MOST_POINTS,
}  # fmt: skip
FOUR = {"data": curves.DAY, "units": 4}
NOISY = {"data": "line", "n": 10, "noise": 0.3, "units": 24}
CASES = {
    GOOD: {},
    "too few units": {"units": 1},
    "four units for a working day": FOUR,
    "it fits the noise": NOISY,
    "the same with L2": NOISY | {"l2": 0.03},
    "straight pieces of relu": {"activation": "relu", "init": "he", "units": 12},
    "too large a rate": {"optimizer": "sgd", "alpha": 0.8},
    "steps that hardly move": {"optimizer": "sgd", "alpha": 0.1, "init": "small"},
    "x far from 0": {"activation": "relu", "init": "he", "units": 12, "input": "x + 5"},
}

NOTICE = {  # said before the first step, while the case is as it was chosen
    GOOD: "Eight units with random weights, and a curve far from the points: the sticks are long. "
    "Watch how the sum of all units meets the points.",
    "too few units": "One unit makes one step, up or down. What is the best that it can do?",
    "four units for a working day": "How many bikes are hired from midnight to midnight: up and "
    "down, up and down. Four steps are enough; then take one of the four away.",
    "it fits the noise": "24 units with 73 parameters, and 10 noisy points of a straight line. "
    "Watch the dashed loss, that of the points held out.",
    "the same with L2": "The same points and the same network, but now large weights cost: "
    "λ = 0.03. What does the dashed loss do this time?",
    "straight pieces of relu": "Each relu is two straight pieces, so the curve turns at the "
    "diamonds and nowhere else.",
    "too large a rate": "Plain gradient descent with α = 0.8. Play, and see how it ends; then go "
    "back through the steps: where does the loss turn up?",
    "steps that hardly move": "All weights begin near 0.01. The gradient of each weight has the "
    "other one as a factor, so long sticks make tiny gradients.",
    "x far from 0": "The network gets x + 5, so all corners begin at x = −5, far left of the "
    "points.",
}


def make_controls():
    v, again = USUAL, {"restarts": True}
    drawn = again | {"when": ("data", tuple(curves.CURVES))}
    more = {"more": True, "restarts": True}
    return {
        "case": Choice(GOOD, tuple(CASES), "what to try", **again),
        "units": Slider(v["units"], 1, 24, "hidden units", step=1, **again),
        "alpha": Slider(v["alpha"], 1e-4, 3, "learning rate α", log=True),
        "l2": Slider(v["l2"], 0.0, 0.1, "L2 penalty λ", step=0.001),
        "data": Choice(v["data"], (*curves.CURVES, curves.DAY, "own"), "data", **again),
        "n": Slider(v["n"], 4, MOST_POINTS, "training points", step=1, **drawn),
        "noise": Slider(v["noise"], 0.0, 0.5, "noise σ", step=0.01, **drawn),
        "activation": Choice(v["activation"], tuple(ACTIVATIONS), "activation", **again),
        "optimizer": Choice(v["optimizer"], tuple(OPTIMIZERS), "optimiser", **more),
        "batch": Slider(v["batch"], 1, MOST_POINTS, f"batch size ({MOST_POINTS}: all)", log=True,
                        step=1, more=True),
        "init": Choice(v["init"], tuple(INITS), "initial weights", **more),
        "input": Choice(v["input"], tuple(INPUTS), "input of the network", **more),
    }  # fmt: skip
