"""What the cells share: the tape of a forward pass, and the walk back over it."""

import math
from types import SimpleNamespace

import numpy as np

from ..layers import Layer
from ..product import matmul
from ..shapes import mismatch, require_same, whole


class Cell(Layer):
    """What the cells share. A subclass, with G gates of H units each and a state of `states`
    arrays, writes

    pack(*arrays)                    the state from its arrays
    memories(tape)                   where a tape holds them, tick after tick: (T + 1, N, H) each
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

    def run(self, x, state, mask=None):
        """T ticks over x (T, N, D), on a new tape. Where the mask (T, N) is False, a sequence
        waits: its state stays as it is.
        """
        T, N, D = x.shape
        H = self.hidden_size
        hx1 = np.empty((T + 1, N, H + D + 1), self.dtype)  # [h_{t-1}, x_t, 1] in row t
        hx1[:T, :, H:-1] = x
        hx1[:, :, -1] = 1
        waits = None if mask is None else ~mask
        tape = SimpleNamespace(hx1=hx1, h=hx1[:, :, :H], y=hx1[1:, :, :H], waits=waits)
        self.open(tape, self._state(state, N, "state"))
        memories = self.memories(tape)
        for t in range(T):
            self.tick(tape, t)
            if waits is not None:
                for memory in memories:
                    memory[t + 1, waits[t]] = memory[t, waits[t]]
        tape.state = self.pack(*[memory[-1].copy() for memory in memories])
        return tape

    def run_back(self, dy, tape, need_dx, dstate):
        """The ticks in reverse order, and the gradient of all weights at the end."""
        T, N, _ = tape.y.shape
        back = self.open_back(tape)
        dstate = self._state(dstate, N, "dstate")
        for t in reversed(range(T)):
            if dy is not None:
                dstate = self.add_to_h(dstate, dy[t])
            later, dstate = dstate, self.tick_back(tape, back, t, dstate)
            if tape.waits is not None:  # h_t = h_{t-1} there, whatever the weights are
                back.dz[t, tape.waits[t]] = 0
                for before, after in zip(parts(dstate), parts(later), strict=True):
                    before[tape.waits[t]] = after[tape.waits[t]]
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
        for part in parts(state):
            if getattr(part, "dtype", None) != self.dtype or part.shape != shape:
                raise mismatch(type(self).__name__, f"{name} {shape}", part, self.dtype)
        if len(parts(state)) != self.states:
            raise ValueError(
                f"{type(self).__name__}: expected {name} of {self.states} arrays, "
                f"got {len(parts(state))}"
            )
        return self.pack(*parts(state))

    def forward(self, x):
        name = type(self).__name__
        raise TypeError(f"{name} is one tick: call step(x_t, state), or Recurrent({name}(...))")


def parts(state):
    """The arrays of a state."""
    return state if isinstance(state, tuple) else (state,)


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


def one_minus_square(a, out):
    """1 - a^2, the slope of tanh in terms of its output."""
    np.multiply(a, a, out=out)
    return np.subtract(1, out, out=out)
