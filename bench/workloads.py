"""What is trained: data, network and loss of each workload, the same on both sides.

A workload is a small net, or two that play against each other, on one fixed batch with
Adam(alpha=1e-3). The networks are built here with `dlcore`; the PyTorch side copies their initial
weights.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from dlcore import (
    ConvTranspose2d,
    Dense,
    Layer,
    LeakyReLU,
    ReLU,
    Sequential,
    Tanh,
    Unflatten,
    bce_with_logits,
    cross_entropy,
    mlp,
)
from dlcore.conv import Conv2d, Flatten, MaxPool2d
from dlcore.recurrent import LastTick, LSTMCell, Recurrent, RNNCell

ALPHA = 1e-3


@dataclass(frozen=True)
class Workload:
    """`goal` is PyTorch's time divided by ours; `flops` those of one step's matrix products."""

    title: str
    goal: float
    flops: int
    build: object  # rng -> (net, loss, x, y) or a Game


@dataclass(frozen=True)
class Game:
    """A generator and a discriminator, with one batch of real examples and of latent vectors."""

    G: Layer
    D: Layer
    x: np.ndarray
    z: np.ndarray


def toy_mlp(rng):
    x = rng.standard_normal((64, 2), np.float32)
    y = (rng.standard_normal((64, 1)) > 0).astype(np.float32)
    return mlp([2, 16, 16, 1], rng=rng), bce_with_logits, x, y


def wide_mlp(rng):
    x = rng.standard_normal((128, 784), np.float32)
    net = mlp([784, 128, 64, 10], ReLU, rng=rng)
    return net, cross_entropy, x, rng.integers(0, 10, 128)


def small_cnn(rng):
    x = rng.standard_normal((64, 1, 8, 8), np.float32)
    net = Sequential(
        Conv2d(1, 16, 3, padding=1, rng=rng),
        ReLU(),
        MaxPool2d(2),
        Conv2d(16, 32, 3, padding=1, rng=rng),
        ReLU(),
        MaxPool2d(2),
        Flatten(),
        Dense(128, 10, rng=rng),
    )
    return net, cross_entropy, x, rng.integers(0, 10, 64)


def lenet(rng):
    x = rng.standard_normal((64, 1, 28, 28), np.float32)
    net = Sequential(
        Conv2d(1, 6, 5, rng=rng),
        ReLU(),
        MaxPool2d(2),
        Conv2d(6, 16, 5, rng=rng),
        ReLU(),
        MaxPool2d(2),
        Flatten(),
        Dense(256, 120, rng=rng),
        ReLU(),
        Dense(120, 84, rng=rng),
        ReLU(),
        Dense(84, 10, rng=rng),
    )
    return net, cross_entropy, x, rng.integers(0, 10, 64)


def rnn(rng, cell=RNNCell):
    x = rng.standard_normal((50, 32, 28), np.float32)
    net = Sequential(Recurrent(cell(28, 64, rng=rng)), LastTick(), Dense(64, 10, rng=rng))
    return net, cross_entropy, x, rng.integers(0, 10, 32)


def lstm(rng):
    return rnn(rng, LSTMCell)


def toy_gan(rng):
    x, z = rng.standard_normal((2, 128, 2), np.float32)
    G = mlp([2, 64, 64, 2], ReLU, rng=rng)
    return Game(G, mlp([2, 64, 64, 1], LeakyReLU, rng=rng), x, z)


def dcgan(rng):
    G = Sequential(
        Dense(16, 512, rng=rng),
        ReLU(),
        Unflatten(32, 4, 4),
        ConvTranspose2d(32, 16, 4, stride=2, padding=1, rng=rng),
        ReLU(),
        ConvTranspose2d(16, 1, 4, stride=2, padding=1, rng=rng),
        Tanh(),
    )
    D = Sequential(
        Conv2d(1, 16, 4, stride=2, padding=1, rng=rng),
        LeakyReLU(0.2),
        Conv2d(16, 32, 4, stride=2, padding=1, rng=rng),
        LeakyReLU(0.2),
        Flatten(),
        Dense(512, 1, rng=rng),
    )
    x = rng.standard_normal((64, 1, 16, 16), np.float32)
    return Game(G, D, x, rng.standard_normal((64, 16), np.float32))


def _recurrent_flops(gates):
    """Of each tick the products with x and h, forward, for W and for h; then the last layer."""
    return 2 * 50 * 32 * gates * 64 * (2 * 28 + 3 * 64) + 32 * 6 * 64 * 10


def _dense_flops(batch, sizes):
    """Three products a layer (forward, dW, dx), two in the first: nobody asks for its dx."""
    areas = [a * b for a, b in pairwise(sizes)]
    return 2 * batch * (3 * sum(areas) - areas[0])


# Multiplications for one example: pixels times kernel times channels.
_DCGAN_G = 16 * 512 + 16 * (16 * 32 * 16) + 64 * (16 * 16)
_DCGAN_D = 64 * (16 * 16) + 16 * (16 * 16 * 32) + 512


WORKLOADS = {
    "W1": Workload("MLP 2-16-16-1, batch 64", 8.0, _dense_flops(64, (2, 16, 16, 1)), toy_mlp),
    "W2": Workload(
        "MLP 784-128-64-10, batch 128", 1.25, _dense_flops(128, (784, 128, 64, 10)), wide_mlp
    ),
    "W3": Workload(
        "CNN on 8x8, batch 64",
        1.5,
        64 * 2 * (2 * 64 * 9 * 16 + 3 * (16 * 144 * 32 + 128 * 10)),
        small_cnn,
    ),
    "W4": Workload(
        "LeNet-like on 28x28, batch 64",
        1.3,
        64 * 2 * (2 * 576 * 25 * 6 + 3 * (64 * 150 * 16 + 256 * 120 + 120 * 84 + 840)),
        lenet,
    ),
    "W5": Workload("RNN 28-64, 50 ticks, batch 32", 3.0, _recurrent_flops(1), rnn),
    "W6": Workload("LSTM 28-64, 50 ticks, batch 32", 0.95, _recurrent_flops(4), lstm),
    "W7": Workload(  # G forward and back, D on both batches, D on the fakes with dx
        "GAN 2-64-64-2, 2-64-64-1, batch 128",
        3.0,
        _dense_flops(128, (2, 64, 64, 2))
        + _dense_flops(256, (2, 64, 64, 1))
        + 2 * 128 * 3 * (2 * 64 + 64 * 64 + 64),
        toy_gan,
    ),
    "W8": Workload(
        "DCGAN on 16x16, batch 64",
        1.3,
        2 * 64 * (3 * _DCGAN_G + (3 * 2 + 3) * _DCGAN_D),
        dcgan,
    ),
}


def build(name):
    """What a workload trains; the same numbers at every call."""
    return WORKLOADS[name].build(np.random.default_rng(1))
