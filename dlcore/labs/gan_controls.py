"""What can be set in both labs with two players, `gan-2d` and `gan-digits`."""

from .. import activations, gan, optim
from .controls import Choice, Slider


class LeakyReLU(activations.LeakyReLU):
    """With the slope 0.2 that is usual in a discriminator."""

    def __init__(self):
        super().__init__(0.2)


ACTIVATIONS = {"leaky_relu": LeakyReLU, "tanh": activations.Tanh, "relu": activations.ReLU}
LOSSES = {
    "non-saturating": gan.non_saturating,
    "minimax": gan.minimax,
    "least squares": gan.least_squares,
    "Wasserstein": gan.wasserstein,
}
BELIEVES = ("minimax", "non-saturating")  # losses with which D(x) is a probability
OPTIMIZERS = ("adam", "rmsprop", "momentum", "sgd")
BOTH, ONLY_D, ONLY_G = PLAYS = ("D and G", "D only", "G only")
CLIPS = ("off", "0.01", "0.03", "0.1", "0.3", "1")
MOST_LAYERS = 3
# change without a new run:
LIVE = ("alpha_D", "alpha_G", "k", "k_G", "loss", "clip", "plays", "batch")


def optimizer(name, alpha, beta1):
    """A new optimiser; only Adam has a beta1."""
    if name == "adam":
        return optim.Adam(alpha, beta1=beta1)
    return {"rmsprop": optim.RMSProp, "momentum": optim.Momentum, "sgd": optim.SGD}[name](alpha)


def of_steps(v):
    """Controls of what a step is; v: name -> the usual value."""
    return {
        "loss": Choice(v["loss"], tuple(LOSSES), "loss"),
        "clip": Choice(v["clip"], CLIPS, "clip D’s weights at", when=("loss", "Wasserstein")),
        "alpha_D": Slider(v["alpha_D"], 1e-5, 1, "learning rate of D", log=True),
        "alpha_G": Slider(v["alpha_G"], 1e-5, 1, "learning rate of G", log=True),
        "k": Slider(v["k"], 1, 5, "updates of D a step", step=1),
        "k_G": Slider(v["k_G"], 1, 20, "updates of G a step", step=1),
        "plays": Choice(v["plays"], PLAYS, "a step trains"),
    }


def of_both(v):
    """Controls of what both players have in common; they stand under "More"."""
    again = {"more": True, "restarts": True}
    return {
        "batch": Slider(v["batch"], 4, 256, "batch size m", log=True, step=1, more=True),
        "activation": Choice(v["activation"], tuple(ACTIVATIONS), "activation", **again),
        "beta1": Slider(v["beta1"], 0.0, 0.95, "Adam’s β₁", step=0.05, **again),
    }


def of_players(v):
    """Controls of the network and the optimiser of each."""
    controls = {}
    for net, who in (("D", "discriminator D"), ("G", "generator G")):
        group = {"group": who, "more": True, "restarts": True}
        controls |= {
            f"layers_{net}": Slider(v[f"layers_{net}"], 1, MOST_LAYERS, "layers", step=1, **group),
            f"width_{net}": Slider(v[f"width_{net}"], 1, 128, "width", log=True, step=1, **group),
            f"optimizer_{net}": Choice(v[f"optimizer_{net}"], OPTIMIZERS, "optimiser", **group),
        }
    return controls
