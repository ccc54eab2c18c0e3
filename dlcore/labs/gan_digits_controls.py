"""What can be set in the lab `gan-digits`, and the cases worth trying."""

from .controls import Choice, Slider
from .gan_controls import BOTH, of_both, of_players, of_steps

DIGITS = 1347  # real ones to learn from
MOST_LATENT = 12
SHOWN = 24  # samples, and real digits, that are shown

START = "digits out of noise"
USUAL = {
    "n": DIGITS, "latent": 8, "loss": "non-saturating", "alpha_D": 0.001, "alpha_G": 0.001, "k": 1,
    "k_G": 1, "plays": BOTH, "clip": "off", "batch": 32, "activation": "leaky_relu", "layers_G": 2,
    "width_G": 96, "layers_D": 2, "width_D": 96, "optimizer_D": "adam", "optimizer_G": "adam",
    "beta1": 0.5,
}  # fmt: skip
COLLAPSES = "failure: mode collapse"
D_WINS = "failure: D wins"
BY_HEART = "failure: D learns by heart"
CASES = {
    START: {},
    COLLAPSES: {"k_G": 10},
    D_WINS: {"loss": "minimax", "optimizer_G": "sgd", "alpha_G": 0.05, "k": 2},
    BY_HEART: {"n": 40},
    "two latent numbers": {"latent": 2},
    "sixteen units a layer": {"width_G": 16, "width_D": 16},
    "least squares": {"loss": "least squares"},
    "Wasserstein, clipped": {"loss": "Wasserstein", "clip": "0.1", "k": 3,
                             "optimizer_D": "rmsprop", "optimizer_G": "rmsprop"},
}  # fmt: skip
NOTICE = {  # said before the first step, while the case is as it was chosen
    START: "G makes grey noise of every z, and D has no opinion yet. Press Play and keep your eye "
    "on one sample: when is it a stroke, when a digit, and does it stay that digit?",
    COLLAPSES: "G has ten updates a step while D stands still: time enough to run to the one "
    "picture that this D believes most. Press Play: all samples are alike, and together they run "
    "from one picture to another, some of them digits. Rescue: one update of G a "
    "step, also while it runs.",
    D_WINS: "D has two updates a step, G takes plain gradient steps down the minimax loss. Press "
    "Play: after 100 steps D is sure of everything, and the gradient norm at G(z) is nearly 0. "
    "Nothing moves any more. Rescue: choose the non-saturating loss, also while it runs.",
    BY_HEART: "Only 40 real digits. Press Play and compare what D believes of these and of real "
    "ones held out: it learns its forty by heart. And G? Wait for 2,000 steps, and see how far its "
    "samples are from the nearest real digit. Rescue: more real digits.",
    "two latent numbers": "z is two numbers, so all that G can ever draw lies on one sheet. Press "
    "Play, then drag both numbers about: how many digits have room, and what lies between two?",
    "sixteen units a layer": "Networks with a fraction of the units. Press Play: how good do the "
    "samples become, and is D easily pleased?",
    "least squares": "The answers of D are no probabilities now: it is to say 1 for real and 0 for "
    "generated digits. Press Play: what else is different?",
    "Wasserstein, clipped": "D’s weights stay within ±0.1, so its slopes have a bound, too. Press "
    "Play: its answers below the pictures have no bound, but J of D tells how far apart the "
    "two kinds are.",
}


def make_controls():
    v, again = USUAL, {"restarts": True}
    return {
        "case": Choice(START, tuple(CASES), "what to try", **again),
        **of_steps(v),
        "latent": Slider(v["latent"], 1, MOST_LATENT, "latent numbers, size of z", step=1, **again),
        "n": Slider(v["n"], 30, DIGITS, "digits to learn from", log=True, step=1, **again),
        "first": Slider(1, 1, SHOWN, "walk from sample", step=1),
        "last": Slider(2, 1, SHOWN, "to sample", step=1),
        "along": Slider(0, 0, 100, "so far along", step=1, unit="%"),
        **of_both(v),
        **of_players(v),
    }
