"""The lab `long-memory`: its tasks, and its two networks.

All is float64: an RNN's gradient falls far below what float32 can hold (and what is just above its
least number is slow), and small differences grow in an RNN until two programs no longer agree.
"""

import numpy as np

from ..layers import Dense
from ..model import Sequential
from ..recurrent import LastTick, LSTMCell, Recurrent, RNNCell

HELD_OUT = 32  # sequences
INPUTS = 2  # of each tick: a number, and a mark
ADDING, FIRST = "add two numbers", "recall the first bit"


def adding(count, length, *, rng):
    """`count` sequences x (T, N, 2) and y (N, 1), the sum of the two numbers that are marked.

    A tick of x is [number, mark]. The numbers are uniform from -1 to 1; one of the first half of
    the ticks is marked by 1, and one of the second half; all other marks are 0.
    Source: Hochreiter & Schmidhuber 1997.
    """
    x = np.zeros((length, count, INPUTS))
    x[:, :, 0] = rng.uniform(-1, 1, (length, count))
    n, half = np.arange(count), length // 2
    first, second = rng.integers(0, half, count), rng.integers(half, length, count)
    x[first, n, 1] = x[second, n, 1] = 1
    return x, (x[first, n, 0] + x[second, n, 0])[:, None]


def first_bit(count, length, *, rng):
    """`count` sequences x (T, N, 2) of bits that are -1 or 1, and y (N, 1), the first of them; its
    tick is marked by 1, all others by 0."""
    x = np.zeros((length, count, INPUTS))
    x[:, :, 0] = rng.choice([-1, 1], (length, count))
    x[0, :, 1] = 1
    return x, x[0, :, :1].copy()


TASKS = {ADDING: adding, FIRST: first_bit}
GUESSING = {ADDING: 2 / 3, FIRST: 1.0}  # the mean squared error of who always says the mean, 0
NEAR = {ADDING: 0.2, FIRST: 1.0}  # an answer nearer than this to the right one counts as right


def rnn(hidden, *, orthogonal, rng):
    """A simple recurrent network with one answer at the last tick."""
    cell = RNNCell(INPUTS, hidden, rng=rng, dtype=np.float64)
    if orthogonal:
        cell.W_hh = np.linalg.qr(rng.standard_normal((hidden, hidden)))[0]
    return network(cell, rng)


def lstm(hidden, *, forget_bias, rng):
    """An LSTM with one answer at the last tick."""
    cell = LSTMCell(INPUTS, hidden, rng=rng, forget_bias=forget_bias, dtype=np.float64)
    return network(cell, rng)


def spread_memory(net, length, *, rng):
    """Give the units of an LSTM memories of 1 to T ticks: b_f = log u, with u uniform from 1 to
    T - 1, and b_i = -b_f. A unit with f = sigma(log u) = u / (u + 1) forgets within about u ticks.
    Source: Tallec & Ollivier 2018, "chrono initialisation"."""
    cell = net.layers[0].cell
    cell.b_f = np.log(rng.uniform(1, max(length - 1, 1), cell.hidden_size))
    cell.b_i = -cell.b_f


def network(cell, rng):
    dense = Dense(cell.hidden_size, 1, rng=rng, dtype=np.float64)
    return Sequential(Recurrent(cell), LastTick(), dense)


def size(net):
    """How many parameters there are."""
    return sum(a.size for a in net.params.values())


def rnn_as_large_as_lstm(hidden):
    """Hidden units of the RNN whose parameters are nearest in number to those of an LSTM."""
    wanted = 4 * hidden * (hidden + INPUTS + 1) + hidden + 1
    return min(range(hidden, 3 * hidden + 1), key=lambda H: abs(H * (H + INPUTS + 2) + 1 - wanted))
