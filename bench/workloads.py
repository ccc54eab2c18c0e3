"""What is trained: data, network and loss of each workload, the same on both sides.

A workload is a small net on one fixed batch with Adam(alpha=1e-3). The networks are built here
with `dlcore`; the PyTorch side copies their initial weights.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from dlcore import Dense, ReLU, Sequential, bce_with_logits, cross_entropy, mlp
from dlcore.conv import Conv2d, Flatten, MaxPool2d
from dlcore.recurrent import LastTick, LSTMCell, Recurrent, RNNCell

ALPHA = 1e-3


@dataclass(frozen=True)
class Workload:
    """`goal` is PyTorch's time divided by ours; `flops` those of one step's matrix products."""

    title: str
    goal: float
    flops: int
    build: object  # rng -> (net, loss, x, y)


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


def _recurrent_flops(gates):
    """Of each tick the products with x and h, forward, for W and for h; then the last layer."""
    return 2 * 50 * 32 * gates * 64 * (2 * 28 + 3 * 64) + 32 * 6 * 64 * 10


def _dense_flops(batch, sizes):
    """Three products a layer (forward, dW, dx), two in the first: nobody asks for its dx."""
    areas = [a * b for a, b in pairwise(sizes)]
    return 2 * batch * (3 * sum(areas) - areas[0])


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
}


def build(name):
    """(net, loss, x, y) of a workload; the same numbers at every call."""
    return WORKLOADS[name].build(np.random.default_rng(1))
