"""The gated recurrent unit, a shorter relative of the LSTM."""

from types import SimpleNamespace

import numpy as np

from .. import init as initialise
from ..layers import Param
from ..product import matmul
from .cell import Cell, Gate, one_minus_square


class GRUCell(Cell):
    """One tick of the gated recurrent unit, with sigma the logistic function:

        r_t = sigma(W_r [h_{t-1}, x_t] + b_r)
        u_t = sigma(W_u [h_{t-1}, x_t] + b_u)
        h_tilde_t = tanh(r_t (W_nh h_{t-1}) + W_nx x_t + b_n)     with W_n = [W_nh, W_nx]
        h_t = u_t h_{t-1} + (1 - u_t) h_tilde_t

    Shapes: x_t (N, D), h (N, H), W (3H, H + D) with W_r, W_u, W_n one below the other, b (3H,)
    likewise. As in PyTorch r_t acts after the product, not on h_{t-1}; its second bias, beside
    W_nh, is left out, and its z_t is u_t here, for z is a pre-activation.
    Backward: dh_{t-1} keeps u_t dh_t without a matrix, as the LSTM's cell does.
    Source: Cho et al. 2014.
    """

    states = 1
    W = Param()
    b = Param()
    W_r, W_u, W_n = (Gate("W", place) for place in range(3))
    b_r, b_u, b_n = (Gate("b", place) for place in range(3))

    def __init__(self, input_size, hidden_size, *, rng, init=initialise.glorot, dtype=np.float32):
        super().__init__(input_size, hidden_size)
        H, D = self.hidden_size, self.input_size
        gates = [
            initialise.draw("GRUCell", init, (H, H + D), rng=rng, dtype=dtype) for _ in range(3)
        ]
        self.params.add("W", np.concatenate(gates))
        self.params.add("b", np.zeros(3 * H, dtype))

    def weights(self):
        """Four blocks: r, u, and the candidate's two parts, as r acts on one of them only."""
        H, D = self.hidden_size, self.input_size
        blocks = np.zeros((4 * H, H + D + 1), self.dtype)
        blocks[: 2 * H, :-1] = self.W[: 2 * H]
        blocks[: 2 * H, -1] = self.b[: 2 * H]
        blocks[2 * H : 3 * H, :H] = self.W_n[:, :H]
        blocks[3 * H :, H:-1] = self.W_n[:, H:]
        blocks[3 * H :, -1] = self.b_n
        return blocks

    def named(self, dweights):
        H = self.hidden_size
        dW_n = np.concatenate([dweights[2 * H : 3 * H, :H], dweights[3 * H :, H:-1]], 1)
        db = np.concatenate([dweights[: 2 * H, -1], dweights[3 * H :, -1]])
        return {"W": np.concatenate([dweights[: 2 * H, :-1], dW_n]), "b": db}

    def pack(self, h):
        return h

    def memories(self, tape):
        return (tape.h,)

    def open(self, tape, h):
        T, N, H = tape.y.shape
        tape.h[0] = h
        tape.a = np.empty((T, 4, N, H), self.dtype)  # r, u, W_nh h, W_nx x + b_n of every tick
        tape.h_tilde = np.empty((T, N, H), self.dtype)
        # sigma(z) = (1 + tanh(z/2)) / 2, with the halves in the weights
        tape.W = np.ascontiguousarray(self.weights().reshape(4, H, -1).swapaxes(1, 2))
        tape.W[:2] *= 0.5

    def tick(self, tape, t):
        tape.a[t] = matmul(tape.hx1[t], tape.W)
        sigmas = tape.a[t, :2]
        np.tanh(sigmas, out=sigmas)
        sigmas *= 0.5
        sigmas += 0.5
        r, u, from_h, from_x = tape.a[t]
        h_tilde = np.tanh(r * from_h + from_x, out=tape.h_tilde[t])
        tape.h[t + 1] = h_tilde + u * (tape.h[t] - h_tilde)

    def open_back(self, tape):
        """Of every tick, what dh is multiplied by to give the dz of the four blocks."""
        T, N, H = tape.y.shape
        r, u, from_h, _ = tape.a.swapaxes(0, 1)
        slope = np.empty((T, N, 4, H), self.dtype)
        candidate = one_minus_square(tape.h_tilde, out=np.empty((T, N, H), self.dtype))
        candidate *= 1 - u
        slope[:, :, 0] = candidate * from_h * r * (1 - r)
        slope[:, :, 1] = (tape.h[:-1] - tape.h_tilde) * u * (1 - u)
        slope[:, :, 2] = candidate * r
        slope[:, :, 3] = candidate
        W_h = np.ascontiguousarray(self.weights()[:, :H])
        return SimpleNamespace(dz=slope, W_h=W_h)  # tick_back multiplies by dh

    def add_to_h(self, dh, dy_t):
        return dh + dy_t

    def tick_back(self, tape, back, t, dh):
        dz = back.dz[t]
        dz *= dh[:, None]
        return matmul(dz.reshape(len(dz), 4 * self.hidden_size), back.W_h) + tape.a[t, 1] * dh
