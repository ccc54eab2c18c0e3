"""The networks of the lab `forecast`: windows in, the next value or the next K values out."""

import numpy as np

from ..layers import Dense, Layer
from ..model import Sequential
from ..recurrent import GRUCell, LastTick, LSTMCell, Recurrent, RNNCell

CELLS = {"rnn": RNNCell, "lstm": LSTMCell, "gru": GRUCell}


class TimeFirst(Layer):
    """Examples x (m, L, D) as sequences side by side, (L, m, D)."""

    def forward(self, x):
        return x.swapaxes(0, 1), None

    def backward(self, dy, cache, need_dx=True):
        return (dy.swapaxes(0, 1) if need_dx else None), {}


def network(cell, hidden, outputs, *, rng):
    """A cell that reads a number a tick, and a dense layer that reads its last state."""
    recurrent = Recurrent(CELLS[cell](1, hidden, rng=rng))
    return Sequential(TimeFirst(), recurrent, LastTick(), Dense(hidden, outputs, rng=rng))


def forecast(net, x, horizon):
    """(m, K): the answers to windows x (m, L, 1). A network with one output is rolled out: it
    hears its answer as if it had been measured, and its state goes on."""
    _, recurrent, _, head = net.layers
    h, cache = recurrent.forward(x.swapaxes(0, 1))
    answers = [head(h[-1])]
    while sum(a.shape[1] for a in answers) < horizon:
        h, cache = recurrent.forward(answers[-1][None], cache.state)
        answers.append(head(h[-1]))
    return np.hstack(answers)


def looks(net, x, horizon):
    """(K, L): the derivative of each of the K answers to one window x (L, 1) by each of its values.

    K copies go side by side, tick by tick; on the way back, copy k starts from answer k alone.
    Rolled out, an answer is also the input of the next tick, so what that gets is added.
    """
    _, recurrent, _, head = net.layers
    cell, window = recurrent.cell, len(x)
    state, tapes, heads, answer = None, [], [], None
    ticks = window + (horizon if head.W.shape[0] == 1 else 1) - 1
    for t in range(ticks):
        x_t = np.repeat(x[t][None], horizon, 0) if t < window else answer
        state, tape = cell.step(x_t, state)
        tapes.append(tape)
        if t >= window - 1:
            answer, kept = head.forward(tape.y[0])
            heads.append(kept)
    return way_back(cell, head, tapes, heads, window)


def way_back(cell, head, tapes, heads, window):
    horizon = tapes[0].y.shape[1]
    dstate = cell.pack(*np.zeros((cell.states, *tapes[0].y.shape[1:]), cell.dtype))
    dx = np.zeros((horizon, 1), cell.dtype)
    found = np.zeros((horizon, window), cell.dtype)
    own = np.eye(horizon, dtype=cell.dtype)
    for t in reversed(range(len(tapes))):
        k = t - (window - 1)
        if k >= 0:
            dyhat = own if len(heads) == 1 < head.W.shape[0] else own[:, k : k + 1] + dx
            dstate = cell.add_to_h(dstate, head.backward(dyhat, heads[k])[0])
        dx, dstate, _ = cell.step_back(dstate, tapes[t])
        if k <= 0:
            found[:, t] = dx[:, 0]
    return found
