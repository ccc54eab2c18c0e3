"""What can be set in the lab `mlp`, and what the names of its choices stand for."""

from .. import activations, init, optim
from . import toys
from .controls import Choice, Slider, Switch

ACTIVATIONS = {
    "tanh": activations.Tanh,
    "relu": activations.ReLU,
    "sigmoid": activations.Sigmoid,
    "leaky_relu": activations.LeakyReLU,
    "identity": activations.Identity,
}
INITS = {
    "glorot": init.glorot,
    "he": init.he,
    "small": init.normal(0.01),
    "large": init.normal(4.0),
    "zeros": init.zeros,
}
OPTIMIZERS = {"sgd": optim.SGD, "momentum": optim.Momentum, "adam": optim.Adam}
MOST_LAYERS = 6


def make_controls():
    controls = {
        "alpha": Slider(0.03, 1e-4, 10, "learning rate α", log=True),
        "batch": Slider(32, 1, 256, "batch size", log=True, step=1),
        "activation": Choice("tanh", tuple(ACTIVATIONS), "activation", restarts=True),
        "data": Choice("spiral", (*toys.DATA, "own"), "data", restarts=True),
        "paint": Choice("class 1", ("class 0", "class 1"), "a click adds", when=("data", "own")),
        "layers": Slider(2, 0, MOST_LAYERS, "hidden layers", step=1, restarts=True),
    }
    for k in range(1, MOST_LAYERS + 1):
        controls[f"units_{k}"] = Slider(
            8, 1, 8, f"units in layer {k}", step=1, restarts=True, when=("layers", k)
        )
    for name, (label, _) in toys.FEATURES.items():
        controls[name] = Switch(name in ("x1", "x2"), label, restarts=True, group="input features")
    more = {"more": True, "restarts": True}
    return controls | {
        "optimizer": Choice("adam", tuple(OPTIMIZERS), "optimiser", **more),
        "init": Choice("glorot", tuple(INITS), "initial weights", **more),
        "l1": Slider(0.0, 0.0, 0.1, "L1 penalty", step=0.001, more=True),
        "l2": Slider(0.0, 0.0, 0.1, "L2 penalty", step=0.001, more=True),
        "noise": Slider(0.03, 0.0, 0.5, "noise σ", step=0.01, **more),
        "train_share": Slider(0.7, 0.1, 0.9, "share used for training", step=0.05, **more),
    }
