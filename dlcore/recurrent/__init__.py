"""Recurrent networks: a cell is one tick, `Recurrent(cell)` is the loop over time.

    state, tape         = cell.step(x_t, state)          # one tick; state=None is all zeros
    dx_t, dstate, grads = cell.step_back(dstate, tape)
    y, cache            = rec.forward(x, state=None, mask=None)  # x (T, N, D) -> y (T, N, H)
    dx, grads           = rec.backward(dy, cache)
    dx, dstate, grads   = rec.backward_state(dy, cache, dstate=...)

`cache.state` is the state after the last tick; `dstate` goes in as its gradient and comes out as
that of the first state.

The state is h (N, H) for an RNN and a GRU, and the pair (h, c) for an LSTM.

A cell multiplies the stacked vector [h_{t-1}, x_t, 1] by all its weights at once; the 1 brings the
bias along. These vectors lie on a `tape`, T + 1 of them, and each tick writes its h where the
next one reads it. Walking back, a tick leaves only its dz; the gradient of all weights is then one
product of all dz with all stacked vectors. One tick is a tape of length 1, so that `step` and the
loop run the same few lines.
"""

from .cell import Cell
from .gru import GRUCell
from .loop import Recurrent
from .lstm import LSTMCell
from .rnn import RNNCell
from .ticks import EveryTick, LastTick

__all__ = ["Cell", "EveryTick", "GRUCell", "LSTMCell", "LastTick", "RNNCell", "Recurrent"]
