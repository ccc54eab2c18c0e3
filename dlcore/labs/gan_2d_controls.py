"""What can be set in the lab `gan-2d`, what its choices stand for, and the cases worth trying."""

from .. import mixture
from .controls import Choice, Switch
from .gan_controls import BOTH, of_both, of_players, of_steps

OWN = "own"
OWN_STD, MOST_OWN = 0.05, 60

START = "a ring of eight"
USUAL = {
    "data": "ring", "loss": "non-saturating", "alpha_D": 0.001, "alpha_G": 0.001, "k": 1, "k_G": 1,
    "plays": BOTH, "clip": "off", "latent": "2-D normal", "batch": 128, "activation": "leaky_relu",
    "layers_G": 2, "width_G": 64, "layers_D": 2, "width_D": 64,
    "optimizer_D": "adam", "optimizer_G": "adam", "beta1": 0.5,
}  # fmt: skip
HOPS = "failure: it oscillates"
COLLAPSES = "failure: mode collapse"
D_WINS = "failure: D wins"
UNBOUNDED = "failure: unbounded critic"
CASES = {
    START: {},
    HOPS: {"beta1": 0.9},
    COLLAPSES: {"k_G": 20},
    D_WINS: {"data": "line", "loss": "minimax", "optimizer_G": "sgd", "alpha_G": 0.005,
             "alpha_D": 0.01, "k": 3},
    UNBOUNDED: {"loss": "Wasserstein", "k": 3, "optimizer_D": "rmsprop", "optimizer_G": "sgd",
                "alpha_G": 0.1},
    "a spiral": {"data": "spiral", "activation": "tanh"},
    "a grid of 25": {"data": "grid", "k": 2, "alpha_G": 0.002, "alpha_D": 0.002},
    "one latent number": {"latent": "1-D normal"},
    "eight units a layer": {"width_G": 8, "width_D": 8, "batch": 150, "k": 2, "alpha_G": 0.005,
                            "alpha_D": 0.005, "activation": "tanh"},
    "least squares": {"loss": "least squares"},
    "Wasserstein, clipped": {"loss": "Wasserstein", "clip": "0.1", "k": 3,
                             "optimizer_D": "rmsprop", "optimizer_G": "rmsprop"},
    "draw your own": {"data": OWN, "activation": "tanh"},
}  # fmt: skip
NOTICE = {  # said before the first step, while the case is as it was chosen
    START: "Blue points are real. G has never seen one: all it ever gets are D’s arrows. Press "
    "Play. How does the sheet of G(z), drawn as a grid, come to lie on eight spots?",
    HOPS: "Adam with β₁ = 0.9 keeps both players running past each other. Press Play and follow "
    "the cloud of G(z) for 1,000 steps. Rescue: β₁ = 0.5, under “More”, which begins anew; give it "
    "2,000.",
    COLLAPSES: "G has twenty updates a step while D stands still. Press Play: after 500 steps "
    "all z give nearly the same point, where this D believes most. Rescue: one update of G a "
    "step; if that comes too late, Reset.",
    D_WINS: "D is fast and has three updates a step, G takes plain gradient steps down the "
    "minimax loss. Press Play and watch the arrows after 400 steps: they vanish, and G is lost for "
    "a thousand steps or more, until it comes back by itself. Rescue: choose the non-saturating "
    "loss, at once or after Reset; it takes half of that.",
    UNBOUNDED: "The Wasserstein loss wants a D whose slopes are bounded, and nothing bounds them "
    "here. Press Play and watch the gradient norms. Rescue: clip D’s weights at 0.1, and "
    "Reset. It is slow then, but gets on: look after 3,000 steps.",
    "a spiral": "The sheet has to be rolled up along the arm. Press Play: where is it thin, and "
    "which end comes last?",
    "a grid of 25": "25 small spots are hard for networks of this size. Press Play and wait: how "
    "many does G cover after 3,000 steps, and where do the others go? What helps?",
    "one latent number": "z is one number, so all that G can draw is a bent line. Press Play: how "
    "does it go about eight spots that are apart?",
    "eight units a layer": "Networks as small as those that GAN Lab begins with, of 8 units a "
    "layer. Press Play: is it enough for a ring?",
    "least squares": "The answers of D are no probabilities now: it is to say 1 for real and 0 for "
    "generated points. Press Play: what else is different?",
    "Wasserstein, clipped": "D’s weights stay within ±0.1, so its slopes do, too: the field is "
    "smooth everywhere, and the arrows never vanish. Press Play: it is slow, and steady.",
    "draw your own": "Click into the plane, or draw a stroke with the mouse: every point becomes a "
    "mode. Then press Play.",
}


def latent_of(name):
    """(size of z, is it normal?) of a kind of latent vector."""
    return int(name[0]), name.endswith("normal")


def make_controls():
    v, again = USUAL, {"restarts": True}
    return {
        "case": Choice(START, tuple(CASES), "what to try", **again),
        "data": Choice(v["data"], (*mixture.DISTRIBUTIONS, OWN), "real data", **again),
        **of_steps(v),
        "slow": Switch(False, "slow motion"),
        "latent": Choice(v["latent"], ("2-D normal", "2-D uniform", "1-D normal", "1-D uniform"),
                         "latent z", more=True, **again),
        **of_both(v),
        **of_players(v),
    }  # fmt: skip
