"""What can be set in the lab `gan-2d`, what its choices stand for, and the cases worth trying."""

from .. import activations, gan, mixture, optim
from .controls import Choice, Slider, Switch


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
OPTIMIZERS = ("adam", "rmsprop", "momentum", "sgd")
BOTH, ONLY_D, ONLY_G = PLAYS = ("D and G", "D only", "G only")
CLIPS = ("off", "0.01", "0.03", "0.1", "0.3", "1")
OWN = "own"
OWN_STD, MOST_OWN = 0.05, 60
MOST_LAYERS = 3
LIVE = ("alpha_D", "alpha_G", "k", "loss", "clip", "plays", "batch")  # change without a new run

START = "a ring of eight"
USUAL = {
    "data": "ring", "loss": "non-saturating", "alpha_D": 0.001, "alpha_G": 0.001, "k": 1,
    "plays": BOTH, "clip": "off", "latent": "2-D normal", "batch": 128, "activation": "leaky_relu",
    "layers_G": 2, "width_G": 64, "layers_D": 2, "width_D": 64,
    "optimizer_D": "adam", "optimizer_G": "adam", "beta1": 0.5,
}  # fmt: skip
TINY = {"layers_G": 2, "width_G": 8, "layers_D": 2, "width_D": 8}
CASES = {START: {}}
NOTICE = {START: ""}


def optimizer(name, alpha, beta1):
    """A new optimiser; only Adam has a beta1."""
    if name == "adam":
        return optim.Adam(alpha, beta1=beta1)
    return {"rmsprop": optim.RMSProp, "momentum": optim.Momentum, "sgd": optim.SGD}[name](alpha)


def latent_of(name):
    """(size of z, is it normal?) of a kind of latent vector."""
    return int(name[0]), name.endswith("normal")


def make_controls():
    v, again = USUAL, {"restarts": True}
    more = {"more": True, "restarts": True}
    controls = {
        "case": Choice(START, tuple(CASES), "what to try", **again),
        "data": Choice(v["data"], (*mixture.DISTRIBUTIONS, OWN), "real data", **again),
        "loss": Choice(v["loss"], tuple(LOSSES), "loss"),
        "clip": Choice(v["clip"], CLIPS, "clip D’s weights at", when=("loss", "Wasserstein")),
        "alpha_D": Slider(v["alpha_D"], 1e-5, 1, "learning rate of D", log=True),
        "alpha_G": Slider(v["alpha_G"], 1e-5, 1, "learning rate of G", log=True),
        "k": Slider(v["k"], 1, 10, "updates of D a step", step=1),
        "plays": Choice(v["plays"], PLAYS, "a step trains"),
        "slow": Switch(False, "slow motion"),
        "latent": Choice(v["latent"], ("2-D normal", "2-D uniform", "1-D normal", "1-D uniform"),
                         "latent z", **more),
        "batch": Slider(v["batch"], 4, 512, "batch size m", log=True, step=1, more=True),
        "activation": Choice(v["activation"], tuple(ACTIVATIONS), "activation", **more),
        "beta1": Slider(v["beta1"], 0.0, 0.95, "Adam’s β₁", step=0.05, **more),
    }  # fmt: skip
    for net in ("D", "G"):
        group = {"group": "discriminator D" if net == "D" else "generator G", **more}
        controls |= {
            f"layers_{net}": Slider(v[f"layers_{net}"], 1, MOST_LAYERS, "layers", step=1, **group),
            f"width_{net}": Slider(v[f"width_{net}"], 1, 128, "width", log=True, step=1, **group),
            f"optimizer_{net}": Choice(v[f"optimizer_{net}"], OPTIMIZERS, "optimiser", **group),
        }
    return controls
