"""Long short-term memory."""

from types import SimpleNamespace

import numpy as np

from .. import init as initialise
from ..layers import Param
from ..product import matmul
from .cell import Cell, Gate, one_minus_square


class LSTMCell(Cell):
    """One tick of long short-term memory, with sigma the logistic function:

        f_t = sigma(W_f [h_{t-1}, x_t] + b_f)            (`eq-lstm-forget`)
        i_t = sigma(W_i [h_{t-1}, x_t] + b_i)            (`eq-lstm-input`)
        o_t = sigma(W_o [h_{t-1}, x_t] + b_o)            (`eq-lstm-output`)
        c_tilde_t = tanh(W_c [h_{t-1}, x_t] + b_c)       (`eq-lstm-candidate`)
        c_t = f_t c_{t-1} + i_t c_tilde_t                (`eq-lstm-cell`)
        h_t = o_t tanh(c_t)                              (`eq-lstm-hidden`)

    Shapes: x_t (N, D), h and c (N, H), W (4H, H + D) with W_f, W_i, W_o, W_c one below the other,
    b (4H,) likewise. `forget_bias` is what b_f starts with: 1 lets the cell remember at once.
    Backward: dc_{t-1} = f_t dc_t, no matrix on that path; every dz is its gate's slope times dc
    or dh, and dh_{t-1} sums the four ways through the gates.
    Source: Hochreiter & Schmidhuber 1997; the forget gate Gers et al. 2000, its bias
    Jozefowicz et al. 2015.
    """

    states = 2
    W = Param()
    b = Param()
    W_f, W_i, W_o, W_c = (Gate("W", place) for place in range(4))
    b_f, b_i, b_o, b_c = (Gate("b", place) for place in range(4))

    def __init__(
        self,
        input_size,
        hidden_size,
        *,
        rng,
        forget_bias=1.0,
        init=initialise.glorot,
        dtype=np.float32,
    ):
        super().__init__(input_size, hidden_size)
        H, D = self.hidden_size, self.input_size
        gates = [
            initialise.draw("LSTMCell", init, (H, H + D), rng=rng, dtype=dtype) for _ in range(4)
        ]
        self.params.add("W", np.concatenate(gates))
        self.params.add("b", np.zeros(4 * H, dtype))
        self.b_f[...] = forget_bias

    def weights(self):
        return np.concatenate([self.W, self.b[:, None]], 1)

    def named(self, dweights):
        return {"W": dweights[:, :-1], "b": dweights[:, -1]}

    def pack(self, h, c):
        return h, c

    def memories(self, tape):
        return tape.h, tape.c

    def open(self, tape, state):
        T, N, H = tape.y.shape
        tape.c = np.empty((T + 1, N, H), self.dtype)
        tape.h[0], tape.c[0] = state
        tape.a = np.empty((T, 4, N, H), self.dtype)  # f, i, o, c_tilde of every tick
        tape.tanh_c = np.empty((T, N, H), self.dtype)
        # sigma(z) = (1 + tanh(z/2)) / 2: with the halves in the weights, one tanh serves all four.
        tape.W = np.ascontiguousarray(self.weights().reshape(4, H, -1).swapaxes(1, 2))
        tape.W[:3] *= 0.5

    def tick(self, tape, t):
        a = np.tanh(matmul(tape.hx1[t], tape.W), out=tape.a[t])
        sigmas = a[:3]
        sigmas *= 0.5
        sigmas += 0.5
        f, i, o, c_tilde = a
        c = np.multiply(f, tape.c[t], out=tape.c[t + 1])
        c += i * c_tilde
        np.multiply(o, np.tanh(c, out=tape.tanh_c[t]), out=tape.h[t + 1])

    def open_back(self, tape):
        """All that does not depend on later ticks: each gate's slope, dz without its dc (or dh)."""
        T, N, H = tape.y.shape
        f, i, o, c_tilde = tape.a.swapaxes(0, 1)
        slope = np.empty((4, T, N, H), self.dtype)
        for gate, s, partner in ((0, f, tape.c[:-1]), (1, i, c_tilde), (2, o, tape.tanh_c)):
            np.subtract(1, s, out=slope[gate])
            slope[gate] *= s  # sigma' = sigma (1 - sigma)
            slope[gate] *= partner
        one_minus_square(c_tilde, out=slope[3])
        slope[3] *= i
        dc_dh = one_minus_square(tape.tanh_c, out=np.empty((T, N, H), self.dtype))
        dc_dh *= o
        W_h = np.ascontiguousarray(self.W[:, :H])
        dz = np.empty((T, N, 4, H), self.dtype)
        return SimpleNamespace(slope=slope, dc_dh=dc_dh, W_h=W_h, dz=dz)

    def add_to_h(self, dstate, dy_t):
        dh, dc = dstate
        return dh + dy_t, dc

    def tick_back(self, tape, back, t, dstate):
        dh, dc = dstate
        dc = dc + dh * back.dc_dh[t]
        slope, dz = back.slope[:, t], back.dz[t]
        np.multiply(slope.swapaxes(0, 1), dc[:, None], out=dz)
        np.multiply(slope[2], dh, out=dz[:, 2])  # the output gate acts on h, not on c
        dh = matmul(dz.reshape(len(dz), 4 * self.hidden_size), back.W_h)
        dc *= tape.a[t, 0]  # f_t
        return dh, dc
