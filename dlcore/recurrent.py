"""Recurrent networks: a cell is one tick, `Recurrent(cell)` is the loop over time.

    state, tape         = cell.step(x_t, state)          # one tick; state=None is all zeros
    dx_t, dstate, grads = cell.step_back(dstate, tape)
    y, cache            = rec.forward(x, state=None)     # x (T, N, D) -> y (T, N, H)
    dx, grads           = rec.backward(dy, cache)
    dx, dstate, grads   = rec.backward_state(dy, cache, dstate=...)

`cache.state` is the state after the last tick; `dstate` goes in as its gradient and comes out as
that of the first state.

The state is h (N, H) for an RNN and the pair (h, c) for an LSTM.

A cell multiplies the stacked vector [h_{t-1}, x_t, 1] by all its weights at once; the 1 brings the
bias along. These vectors lie on a `tape`, T + 1 of them, and each tick writes its h where the
next one reads it. Walking back, a tick leaves only its dz; the gradient of all weights is then one
product of all dz with all stacked vectors. One tick is a tape of length 1, so that `step` and the
loop run the same few lines.
"""

import math
from types import SimpleNamespace

import numpy as np

from . import init as initialise
from .activations import Tanh
from .layers import Layer, Param
from .product import matmul
from .shapes import mismatch, require_same, whole


class Cell(Layer):
    """What the cells share. A subclass, with G gates of H units each and a state of `states`
    arrays, writes

    pack(*arrays), state_of(tape)    the state from its arrays, and the last one of a tape
    add_to_h(dstate, dy_t)           dy_t is a gradient of h
    weights()                        all weights as (G H, H + D + 1), acting on [h, x, 1]
    named(dweights)                  numbers in that place as gradients by parameter name
    open(tape, state) and tick(tape, t)
    open_back(tape)                  what the way back needs; `back.dz` (T, N, ...) collects each dz
    tick_back(tape, back, t, dstate) writes back.dz[t]; the dstate one tick earlier
    """

    def __init__(self, input_size, hidden_size):
        super().__init__()
        who = type(self).__name__
        self.input_size = whole(who, "input_size", input_size)
        self.hidden_size = whole(who, "hidden_size", hidden_size)

    @property
    def dtype(self):
        return next(iter(self.params.values())).dtype

    def step(self, x_t, state=None):
        """One tick: x_t (N, D) -> (state, tape)."""
        if getattr(x_t, "dtype", None) != self.dtype or x_t.shape[1:] != (self.input_size,):
            raise mismatch(type(self).__name__, f"x_t (N, {self.input_size})", x_t, self.dtype)
        tape = self.run(x_t[None], state)
        return tape.state, tape

    def step_back(self, dstate, tape, need_dx=True):
        """(dx_t, dstate before the tick, grads)."""
        dx, dstate, grads = self.run_back(None, tape, need_dx, dstate)
        return (dx[0] if need_dx else None), dstate, grads

    def run(self, x, state):
        """T ticks over x (T, N, D), on a new tape."""
        T, N, D = x.shape
        H = self.hidden_size
        hx1 = np.empty((T + 1, N, H + D + 1), self.dtype)  # [h_{t-1}, x_t, 1] in row t
        hx1[:T, :, H:-1] = x
        hx1[:, :, -1] = 1
        tape = SimpleNamespace(hx1=hx1, h=hx1[:, :, :H], y=hx1[1:, :, :H])
        self.open(tape, self._state(state, N, "state"))
        for t in range(T):
            self.tick(tape, t)
        tape.state = self.state_of(tape)
        return tape

    def run_back(self, dy, tape, need_dx, dstate):
        """The ticks in reverse order, and the gradient of all weights at the end."""
        T, N, _ = tape.y.shape
        back = self.open_back(tape)
        dstate = self._state(dstate, N, "dstate")
        for t in reversed(range(T)):
            if dy is not None:
                dstate = self.add_to_h(dstate, dy[t])
            dstate = self.tick_back(tape, back, t, dstate)
        dz = back.dz.reshape(T * N, math.prod(back.dz.shape[2:]))
        dweights = matmul(dz.T, tape.hx1[:T].reshape(T * N, tape.hx1.shape[2]))
        dx = None
        if need_dx:
            W_x = self.weights()[:, self.hidden_size : -1]
            dx = matmul(dz, W_x).reshape(T, N, self.input_size)
        return dx, dstate, self.named(dweights)

    def _state(self, state, N, name):
        """`state` checked, or zeros in the cell's own dtype."""
        shape = (N, self.hidden_size)
        if state is None:
            return self.pack(*[np.zeros(shape, self.dtype) for _ in range(self.states)])
        parts = state if isinstance(state, tuple) else (state,)
        for part in parts:
            if getattr(part, "dtype", None) != self.dtype or part.shape != shape:
                raise mismatch(type(self).__name__, f"{name} {shape}", part, self.dtype)
        if len(parts) != self.states:
            raise ValueError(
                f"{type(self).__name__}: expected {name} of {self.states} arrays, got {len(parts)}"
            )
        return self.pack(*parts)

    def forward(self, x):
        name = type(self).__name__
        raise TypeError(f"{name} is one tick: call step(x_t, state), or Recurrent({name}(...))")


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

    def state_of(self, tape):
        return tape.h[-1].copy()

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


class Gate:
    """H rows of the fused array: `cell.W_f` is a view of `cell.W`, and assigning writes into it."""

    def __init__(self, fused, place):
        self.fused, self.place = fused, place

    def __get__(self, cell, owner=None):
        if cell is None:
            return self
        H = cell.hidden_size
        return cell.params[self.fused][self.place * H : (self.place + 1) * H]

    def __set__(self, cell, value):
        here = self.__get__(cell)
        require_same(type(cell).__name__, "value", value, "this gate", here)
        here[...] = value


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

    def state_of(self, tape):
        return tape.h[-1].copy(), tape.c[-1].copy()

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
        """All that does not hang on later ticks: each gate's slope, dz without its dc (or dh)."""
        T, N, H = tape.y.shape
        f, i, o, c_tilde = tape.a.swapaxes(0, 1)
        slope = np.empty((4, T, N, H), self.dtype)
        for gate, s, partner in ((0, f, tape.c[:-1]), (1, i, c_tilde), (2, o, tape.tanh_c)):
            np.subtract(1, s, out=slope[gate])
            slope[gate] *= s  # sigma' = sigma (1 - sigma)
            slope[gate] *= partner
        _one_minus_square(c_tilde, out=slope[3])
        slope[3] *= i
        dc_dh = _one_minus_square(tape.tanh_c, out=np.empty((T, N, H), self.dtype))
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


class Recurrent(Layer):
    """A cell, tick after tick: x (T, N, D) -> y (T, N, H), all hidden states.

    The parameters are the cell's. `cache.state` is the state after the last tick; give it to the
    next `forward` to go on. With `dy=None` only `dstate`, the gradient of that last state, counts.
    Backward is backpropagation through time (Werbos 1990): the same weights act at every tick, so
    their gradient sums over ticks.
    Raises ValueError for a wrong shape, TypeError for a wrong dtype.
    """

    def __init__(self, cell):
        super().__init__()
        self.cell = cell
        self.params = cell.params

    def forward(self, x, state=None):
        cell = self.cell
        D = cell.input_size
        if getattr(x, "dtype", None) != cell.dtype or x.ndim != 3 or x.shape[2] != D or not len(x):
            raise mismatch(self._who(), f"x (T >= 1, N, {D})", x, cell.dtype)
        tape = cell.run(x, state)
        return tape.y, tape

    def __call__(self, x, state=None):
        return self.forward(x, state)[0]

    def backward(self, dy, cache, need_dx=True, dstate=None):
        dx, _, grads = self.backward_state(dy, cache, need_dx, dstate)
        return dx, grads

    def backward_state(self, dy, cache, need_dx=True, dstate=None):
        """`backward` that also answers the gradient of the initial state: (dx, dstate, grads)."""
        y = cache.y
        if dy is None and dstate is None:
            raise ValueError(f"{self._who()}: expected dy, dstate or both, got neither")
        if dy is not None and (getattr(dy, "dtype", None) != y.dtype or dy.shape != y.shape):
            raise mismatch(self._who(), f"dy {y.shape}", dy, y.dtype)
        return self.cell.run_back(dy, cache, need_dx, dstate)

    def _who(self):
        return f"Recurrent({type(self.cell).__name__})"


def _one_minus_square(a, out):
    """1 - a^2, the slope of tanh in terms of its output."""
    np.multiply(a, a, out=out)
    return np.subtract(1, out, out=out)
