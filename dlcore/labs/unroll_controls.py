"""What can be set in the lab `unroll`, and the cases worth trying."""

from .controls import Choice, Slider
from .mlp_controls import ACTIVATIONS

RANDOM, DIAGONAL, OWN = "random", "diagonal", "own"
PULSE, ONES = "1, then 0", "1 at every tick"
LAST, EVERY = "last tick", "every tick"
LONGEST = 6
USUAL = {
    "length": 4, "hidden": 2, "inputs": 1, "activation": "tanh", "x": PULSE, "h0": 0.0,
    "weights": RANDOM, "w": 0.5, "y": 1.0, "where": LAST, "k": LONGEST, "alpha": 0.1,
}  # fmt: skip
ALONG, BIT, HALF, ABOVE, CUT, SHARED = (
    "there and back",
    "a bit, four ticks later",
    "a weight of 0.5",
    "a weight above 1",
    "truncation cuts the gradient",
    "one weight, many ticks",
)
ONE = {"length": 5, "hidden": 1, "weights": DIAGONAL}
CASES = {
    ALONG: {},
    BIT: ONE | {"w": 2.0},
    HALF: ONE | {"activation": "identity", "y": 0.0},
    ABOVE: ONE | {"activation": "identity", "w": 1.5, "y": 0.0, "alpha": 0.03},
    CUT: ONE | {"activation": "identity", "w": 1.0, "y": 0.0, "alpha": 0.03, "k": 2},
    SHARED: {"length": 4, "hidden": 1, "weights": DIAGONAL, "x": ONES, "where": EVERY},
}
NOTICES = {
    ALONG: "The state goes forward from tick to tick, the blame comes back the same way. It is one "
    "network of 4 layers, only that all of them have the same weights.",
    BIT: "The 1 at tick 1 is still there at tick 5, with nothing coming in between; make it −1, "
    "and the end follows. But σ′ is small: what comes back to tick 1 is next to nothing.",
    HALF: "Every tick halves what is there: four ticks after the 1, 0.5^4 = 0.0625 of it is left. "
    "Backward it is the same: dh_1 is a sixteenth of dh_5.",
    ABOVE: "Every tick makes it 1.5 times as large: after four, 1.5^4 = 5.06 times, forward and "
    "backward. The weight then gets so large a gradient that the update overshoots.",
    CUT: "Only ticks 4 and 5 hear of the error. The 1 came in at tick 1, so the weight of x gets "
    "no gradient at all, although it is to blame. Raise k to 5.",
    SHARED: "Each tick adds its own share to dw, from its loss and from those after it. The "
    "gradient of the one shared weight is their sum: point at a weight's edges.",
}


def make_controls():
    v, again = USUAL, {"restarts": True}
    more = {"more": True, "restarts": True}
    return {
        "case": Choice(ALONG, tuple(CASES), "what to try", **again),
        "y": Slider(v["y"], -2, 2, "target y", step=0.05),
        "alpha": Slider(v["alpha"], 0.01, 10, "learning rate α", log=True),
        "k": Slider(v["k"], 1, LONGEST, "truncate after k ticks", step=1),
        "where": Choice(v["where"], (LAST, EVERY), "loss J at", **again),
        "activation": Choice(v["activation"], tuple(ACTIVATIONS), "activation σ", **again),
        "weights": Choice(v["weights"], (RANDOM, DIAGONAL, OWN), "weights to begin with", **again),
        "w": Slider(v["w"], -2, 2, "W_hh on its diagonal", step=0.05, restarts=True,
                    when=("weights", DIAGONAL)),
        "x": Choice(v["x"], (PULSE, ONES, RANDOM, OWN), "inputs x"),
        "length": Slider(v["length"], 3, LONGEST, "length T", step=1, **more),
        "hidden": Slider(v["hidden"], 1, 3, "hidden units", step=1, **more),
        "inputs": Slider(v["inputs"], 1, 2, "inputs a tick", step=1, **more),
        "h0": Slider(v["h0"], -1, 1, "initial state h₀", step=0.05, more=True),
    }  # fmt: skip
