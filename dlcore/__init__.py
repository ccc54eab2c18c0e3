"""dlcore: the formulas of the book as a small NumPy package.

Importing it imports NumPy and nothing else. `dlcore.plots` adds matplotlib, `dlcore.lab(...)` the
live figures in a notebook.
"""

from . import data, init
from .activations import (
    Identity,
    LeakyReLU,
    ReLU,
    Sigmoid,
    Softplus,
    Tanh,
    sigmoid,
    softmax,
)
from .conv import AvgPool2d, Conv2d, Flatten, MaxPool2d
from .conv_transpose import ConvTranspose2d, Unflatten
from .embedding import Embedding
from .gan import GanLoss, gan_steps, least_squares, minimax, non_saturating, wasserstein
from .gradcheck import gradcheck
from .layers import Dense, Layer
from .losses import bce_with_logits, cross_entropy, mae, mse, per_tick
from .memory import keep_freed_blocks
from .mixture import Mixture
from .model import Sequential, folded, grid_detector, mlp
from .normalization import BatchNorm
from .optim import SGD, Adam, Momentum, RMSProp, clip_by_norm, cosine, step_decay
from .recurrent import EveryTick, GRUCell, LastTick, LSTMCell, Recurrent, RNNCell
from .regularization import Dropout, penalty
from .sampling import sample
from .trace import norms, record
from .train import accuracy, fit

__version__ = "0.1.0"

keep_freed_blocks()

__all__ = [
    "SGD",
    "Adam",
    "AvgPool2d",
    "BatchNorm",
    "Conv2d",
    "ConvTranspose2d",
    "Dense",
    "Dropout",
    "Embedding",
    "EveryTick",
    "Flatten",
    "GRUCell",
    "GanLoss",
    "Identity",
    "LSTMCell",
    "LastTick",
    "Layer",
    "LeakyReLU",
    "MaxPool2d",
    "Mixture",
    "Momentum",
    "RMSProp",
    "RNNCell",
    "ReLU",
    "Recurrent",
    "Sequential",
    "Sigmoid",
    "Softplus",
    "Tanh",
    "Unflatten",
    "accuracy",
    "bce_with_logits",
    "clip_by_norm",
    "cosine",
    "cross_entropy",
    "data",
    "fit",
    "folded",
    "gan_steps",
    "gradcheck",
    "grid_detector",
    "init",
    "lab",
    "least_squares",
    "mae",
    "minimax",
    "mlp",
    "mse",
    "non_saturating",
    "norms",
    "penalty",
    "per_tick",
    "record",
    "sample",
    "sigmoid",
    "softmax",
    "step_decay",
    "wasserstein",
]


def lab(name, seed=0, **values):
    """The live figure `name` for a notebook: `dlcore.lab("mlp", alpha=0.1)`."""
    from .widgets import lab as make

    return make(name, seed=seed, **values)
