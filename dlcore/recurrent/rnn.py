"""The simple recurrent network."""

from types import SimpleNamespace

import numpy as np

from .. import init as initialise
from ..activations import Activation, Tanh
from ..layers import Param
from ..product import matmul
from ..shapes import short
from .cell import Cell


class RNNCell(Cell):
    """One tick of the simple recurrent network (`eq-rnn-hidden`):

        h_t = sigma(W_hx x_t + W_hh h_{t-1} + b_h)

    Shapes: x_t (N, D), h (N, H), W_hx (H, D), W_hh (H, H), b_h (H,). sigma is tanh, or another
    class of `dlcore.activations`.
    Backward: dz_t = dh_t sigma'(z_t), dh_{t-1} = W_hh^T dz_t: a product with W_hh at every tick,
    which is why gradients vanish or explode. Source: Elman 1990.
    """

    states = 1
    W_hx = Param()
    W_hh = Param()
    b_h = Param()

    def __init__(
        self,
        input_size,
        hidden_size,
        *,
        rng,
        activation=Tanh,
        init=initialise.glorot,
        dtype=np.float32,
    ):
        super().__init__(input_size, hidden_size)
        H, D = self.hidden_size, self.input_size
        if not (isinstance(activation, type) and issubclass(activation, Activation)):
            raise TypeError(
                f"RNNCell: expected a class of activation, such as Tanh, got {short(activation)}"
            )
        self.activation = activation()
        for name, shape in (("W_hx", (H, D)), ("W_hh", (H, H))):
            W = initialise.draw("RNNCell", init, shape, rng=rng, dtype=dtype)
            self.params.add(name, W)
        self.params.add("b_h", np.zeros(H, dtype))

    def weights(self):
        return np.concatenate([self.W_hh, self.W_hx, self.b_h[:, None]], 1)

    def named(self, dweights):
        H = self.hidden_size
        return {"W_hx": dweights[:, H:-1], "W_hh": dweights[:, :H], "b_h": dweights[:, -1]}

    def pack(self, h):
        return h

    def memories(self, tape):
        return (tape.h,)

    def open(self, tape, h):
        tape.h[0] = h
        tape.W = np.ascontiguousarray(self.weights().T)
        tape.z = np.empty(tape.y.shape, self.dtype)

    def tick(self, tape, t):
        tape.z[t] = matmul(tape.hx1[t], tape.W)  # z = [W_hh, W_hx, b_h] [h, x, 1]
        tape.h[t + 1] = self.activation.sigma(tape.z[t])

    def open_back(self, tape):
        dz = np.empty_like(tape.z)
        dz[...] = self.activation.slope(tape.z, tape.y)  # sigma'(z); tick_back multiplies by dh
        return SimpleNamespace(dz=dz)

    def add_to_h(self, dh, dy_t):
        return dh + dy_t

    def tick_back(self, tape, back, t, dh):
        dz = back.dz[t]
        dz *= dh
        return matmul(dz, self.W_hh)
