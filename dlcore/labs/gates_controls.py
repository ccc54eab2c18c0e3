"""What can be set in the lab `gates`, and the cases worth trying."""

from .controls import Choice, Slider
from .gates_tasks import BRACKETS, COUNT, GAP, LETTER, TASKS
from .mlp_controls import OPTIMIZERS

START = "a letter to remember"
USUAL = {
    "task": LETTER, "forget_bias": 1.0, "hidden": 2, "length": 24, "alpha": 0.02, "batch": 32,
    "clip": "1", "optimizer": "adam", "sequence": 0,
}  # fmt: skip
CASES = {
    START: {},
    "one cell alone": {"hidden": 1},
    "eight cells": {"hidden": 8},
    "count brackets": {"task": BRACKETS},
    "count, again from R": {"task": COUNT},
    "asked only at the end": {"task": GAP},
    "only at the end, forget bias 5": {"task": GAP, "forget_bias": 5.0},
    "only at the end, forget bias −4": {"task": GAP, "forget_bias": -4.0},
    "forget bias 5, but it has to forget": {"task": COUNT, "forget_bias": 5.0},
    "too hasty": {"alpha": 1.0, "clip": "off"},
    "it blows up": {"alpha": 3.0, "clip": "off", "optimizer": "sgd", "task": COUNT},
}
NOTICE = {  # said before the first step, while the case is as it was chosen
    START: "A capital letter is to be remembered, small ones are not to disturb it; at ? the "
    "answer is +1 for A, −1 for B, and 0 everywhere else. Guess first: when should i open, when "
    "f close, when o open? Then press Play.",
    "one cell alone": "One cell has to do it all: take the letter in, keep it, and say it at ? "
    "alone. Press Play, and read its three gates beside the symbols.",
    "eight cells": "Eight cells for what one can do: they share the work, and it is harder to say "
    "what each of them does. Which of them follow the letter kept? Which does nothing of use?",
    "count brackets": "How many brackets are open? The answer is 0.25 for each. Look for a cell "
    "c that climbs at ( and falls at ), while its forget gate stays near 1 at x.",
    "count, again from R": "Count the +, and start again at R. Now a forget gate has work to do: "
    "find the one that closes at R.",
    "asked only at the end": "One capital at the start, one ? at the end. f begins near σ(1) = "
    "0.73, and 0.73 to the power of 23 is 0.0007. Press Play, and watch the last map: does it ever "
    "reach back to the capital? Then move the forget bias to 3.",
    "only at the end, forget bias 5": "f begins near σ(5) = 0.993: the cell keeps all it takes in "
    "over the 23 ticks, and the gradient finds its way back to the first. Press Play.",
    "only at the end, forget bias −4": "f begins near σ(−4) = 0.018: nothing is kept for more than "
    "a tick, and nothing of the gradient comes back. Can training open a gate that it cannot feel?",
    "forget bias 5, but it has to forget": "f begins near σ(5) = 0.993, but this task asks for a "
    "gate that closes at R. Press Play, and compare with the forget bias 1.",
    "too hasty": "α = 1 without clipping: the first steps throw the gates to their ends, where "
    "their slope is nearly 0. Can they come back?",
    "it blows up": "Plain gradient descent with α = 3, and nothing to hold a step back. How many "
    "steps does it take? Then clip gradients at norm 1, under More: it holds, but does it learn?",
}


def make_controls():
    v, again = USUAL, {"restarts": True}
    more = {"more": True, "restarts": True}
    return {
        "case": Choice(START, tuple(CASES), "what to try", **again),
        "task": Choice(v["task"], tuple(TASKS), "task", **again),
        "forget_bias": Slider(v["forget_bias"], -5.0, 5.0, "forget bias", step=0.1, **again),
        "hidden": Slider(v["hidden"], 1, 8, "units (cells)", step=1, **again),
        "length": Slider(v["length"], 8, 40, "length T", step=1, unit="ticks", **again),
        "sequence": Slider(v["sequence"], 0, 20, "sequence shown", step=1),
        "alpha": Slider(v["alpha"], 1e-4, 3, "learning rate α", log=True, more=True),
        "batch": Slider(v["batch"], 1, 64, "sequences a step", log=True, step=1, more=True),
        "clip": Choice(v["clip"], ("off", "0.1", "1", "10"), "clip gradients at norm", **more),
        "optimizer": Choice(v["optimizer"], tuple(OPTIMIZERS), "optimiser", **more),
    }
