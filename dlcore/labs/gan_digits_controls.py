"""What can be set in the lab `gan-digits`, and the cases worth trying."""

from .controls import Choice, Slider
from .gan_controls import BOTH, of_both, of_players, of_steps

DIGITS = 1347  # real ones to learn from
MOST_LATENT = 12
SHOWN = 30  # samples, and real digits, that are shown

START = "digits out of noise"
USUAL = {
    "n": DIGITS, "latent": 8, "loss": "non-saturating", "alpha_D": 0.001, "alpha_G": 0.001, "k": 1,
    "k_G": 1, "plays": BOTH, "clip": "off", "batch": 32, "activation": "leaky_relu", "layers_G": 2,
    "width_G": 128, "layers_D": 2, "width_D": 128, "optimizer_D": "adam", "optimizer_G": "adam",
    "beta1": 0.5,
}  # fmt: skip
COLLAPSES = "failure: mode collapse"
D_WINS = "failure: D wins"
BY_HEART = "failure: D learns by heart"
CASES = {
    START: {},
    COLLAPSES: {"k_G": 20},
    D_WINS: {"loss": "minimax", "optimizer_G": "sgd", "alpha_G": 0.005, "alpha_D": 0.003, "k": 3},
    BY_HEART: {"n": 60},
    "two latent numbers": {"latent": 2},
    "sixteen units a layer": {"width_G": 16, "width_D": 16},
    "least squares": {"loss": "least squares"},
    "Wasserstein, clipped": {"loss": "Wasserstein", "clip": "0.1", "k": 3,
                             "optimizer_D": "rmsprop", "optimizer_G": "rmsprop"},
}  # fmt: skip
NOTICE = dict.fromkeys(CASES, "x")


def make_controls():
    v, again = USUAL, {"restarts": True}
    return {
        "case": Choice(START, tuple(CASES), "what to try", **again),
        **of_steps(v),
        "latent": Slider(v["latent"], 1, MOST_LATENT, "latent numbers, size of z", step=1, **again),
        "n": Slider(v["n"], 30, DIGITS, "real digits to learn from", log=True, step=1, **again),
        "first": Slider(1, 1, SHOWN, "walk from sample", step=1),
        "last": Slider(2, 1, SHOWN, "to sample", step=1),
        "along": Slider(0, 0, 100, "so far along", step=1, unit="%"),
        **of_both(v),
        **of_players(v),
    }
