"""What can be set in the lab `lstm-cell`, and the cases worth trying."""

import numpy as np

from .controls import Choice, Slider

GATES = ("f", "i", "o")
NAMES = {"f": "forget", "i": "input", "o": "output"}
FOLLOWS, HELD, TYPED = "follows the weights", "held at all ticks", "set tick by tick"
RANDOM, OWN = "random", "own"

# f, i, o, c_tilde, and of each the weights of h, x1, x2 and the bias
WEIGHTS = {
    "x₂ lets x₁ in": [[0, 0, 0, 6], [0, 0, 12, -6], [0, 0, 0, 6], [0, 2, 0, 0]],
    "x₂ clears the cell": [[0, 0, -12, 6], [0, 0, 0, 6], [0, 0, 0, 6], [0, 2, 0, 0]],
    "x₂ shows the cell": [[0, 0, 0, 6], [0, 12, 0, -6], [0, 0, 12, -6], [0, 2, 0, 0]],
    "the forget gate is shut": [[0, 0, 0, -9], [0, 0, 0, 2], [0, 0, 0, 2], [0, 2, 0, 0]],
}
LETS_IN, CLEARS, SHOWS, SHUT = WEIGHTS

# x1 and x2 at the ticks, from the first one on; they begin again where a sequence is longer
INPUTS = {
    "a marked 1, then noise": [[1, -0.5, 0.7, -1, 0.4, -0.8, 0.6, -0.3], [1, 0, 0, 0, 0, 0, 0, 0]],
    "a signal at tick 4": [[1, 1, 0, 0, 1, 0, 0, 1], [0, 0, 0, 1, 0, 0, 0, 0]],
    "1 0 1 1 0 1": [[1, 0, 1, 1, 0, 1, 0, 1], [0] * 8],
    "1 at every tick": [[1] * 8, [0] * 8],
}
NOISE, SIGNAL, BITS, ONES = INPUTS
ASKED, LATE = "a 1, asked for at the end", "a 1 just before the end"

USUAL = {
    "weights": LETS_IN, "x": NOISE, "length": 6, "y": 1.0, "alpha": 1.0,
    "f_tap": FOLLOWS, "i_tap": FOLLOWS, "o_tap": FOLLOWS, "f": 1.0, "i": 1.0, "o": 1.0,
}  # fmt: skip
HOLD, FORGET, COUNT, HIDE, DEAF, FLOOD, BOTH = (
    "hold a bit",
    "forget on a signal",
    "count",
    "kept, but not shown",
    "a shut gate hears nothing",
    "all taps open",
    "two ways back",
)
CASES = {
    HOLD: {},
    FORGET: {"weights": CLEARS, "x": SIGNAL},
    COUNT: {"weights": CLEARS, "x": BITS, "y": 0.0},
    HIDE: {"weights": SHOWS, "x": ASKED},
    DEAF: {"weights": SHUT, "x": LATE},
    FLOOD: {"weights": CLEARS, "x": ONES, "f_tap": HELD, "i_tap": HELD, "y": 0.0},
    BOTH: {"weights": RANDOM, "x": RANDOM, "length": 4},
}
NOTICES = {
    HOLD: "Guess first: x₂ marks the 1 of tick 1, then comes noise. What is in c after tick 6? On "
    "the way back, f is nearly 1: how much of dc₆ arrives at tick 1? Then hold f at 0.5.",
    FORGET: "Guess first: two 1s, then the signal at tick 4, then a 1. What does h₆ depend on? "
    "Back: nothing of dc passes tick 4. What was cleared gets no blame, and rightly so.",
    COUNT: "Guess first: 1 0 1 1 0 1. The cell adds 0.96 for each 1, and counts to nearly 4. But "
    "h shows tanh(c): how well can it tell 3 from 4? And how much blame gets in there?",
    HIDE: "Guess first: h is near 0 until x₂ opens the output gate at the last tick. Where was "
    "the 1? Back: until tick 6 nothing comes through h; all of dc comes straight along the cell.",
    DEAF: "The cell is cleared at every tick, and the 1 at tick 5 is lost. f is to blame, and "
    "df₆ says so. But its slope is f (1 − f) ≈ 0.0001: what is left in dz, and in its new bias? "
    "Then set the bias of f to −1.",
    FLOOD: "f and i are held at 1: every tick adds 0.96. Guess c₆. The tanh is flat out there: "
    "hardly any blame gets in. Set i to 0.2, and go back again. Then i to 1, and f to 0.5.",
    BOTH: "Weights as before training: nothing is near 0 or 1. At every tick back, compare what "
    "comes straight along the cell with what comes through the gates. Which is larger?",
}


def pattern(kind, T):
    """Inputs (T, 2) of a kind of `INPUTS`, or of the two that depend on where the end is."""
    if kind in INPUTS:
        return np.array(INPUTS[kind], float).T[:T]
    x = np.zeros((T, 2))
    if kind == ASKED:
        x[0, 0] = x[-1, 1] = 1
    else:
        x[-2, 0] = 1
    return x


def make_controls():
    v, again = USUAL, {"restarts": True}
    controls = {
        "case": Choice(HOLD, tuple(CASES), "what to try", **again),
        "guess": Slider(0.0, -6, 6, "your guess: c at the end", step=0.1),
    }
    for g in GATES:
        tap = f"{g}_tap"
        controls[tap] = Choice(v[tap], (FOLLOWS, HELD, TYPED), f"{NAMES[g]} gate {g}")
        controls[g] = Slider(v[g], 0, 1, f"{g} is", step=0.01, when=(tap, HELD))
    return controls | {
        "y": Slider(v["y"], -1, 1, "target y of the last h", step=0.05),
        "alpha": Slider(v["alpha"], 0.01, 10, "learning rate α", log=True),
        "weights": Choice(v["weights"], (*WEIGHTS, RANDOM, OWN), "weights to begin with", **again),
        "x": Choice(v["x"], (*INPUTS, ASKED, LATE, RANDOM, OWN), "inputs x"),
        "length": Slider(v["length"], 3, 8, "length T", step=1, more=True, restarts=True),
    }
