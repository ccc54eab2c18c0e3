"""One unit of an LSTM over a sequence, forward and back, with gates that a hand may hold.

Arrays count ticks from 0, states from the initial one: a[t] leads from c[t], h[t] to c[t + 1],
h[t + 1]. Gates and candidate stand in the order f, i, o, c_tilde.
"""

import numpy as np

from ..activations import sigmoid
from ..layers import Layer, Param


def forward(params, x, hand):
    """All numbers of the way there. hand (T, 3): the values of gates that are held, NaN elsewhere.

    hx1 (T, 4) is [h_{t-1}, x_t, 1], z and a (T, 4), c and h (T + 1,).
    """
    T = len(x)
    W1 = np.column_stack([params["W"], params["b"]])
    hx1, z, a = np.ones((T, 4)), np.empty((T, 4)), np.empty((T, 4))
    c, h = np.zeros(T + 1), np.zeros(T + 1)
    for t in range(T):
        hx1[t, :3] = h[t], *x[t]
        z[t] = W1 @ hx1[t]
        a[t, :3] = np.where(np.isnan(hand[t]), sigmoid(z[t, :3]), hand[t])
        a[t, 3] = np.tanh(z[t, 3])
        f, i, o, c_tilde = a[t]
        c[t + 1] = f * c[t] + i * c_tilde
        h[t + 1] = o * np.tanh(c[t + 1])
    return {"hx1": hx1, "z": z, "a": a, "c": c, "h": h, "held": ~np.isnan(hand)}


def backward(params, p, own):
    """All numbers of the way back; own (T + 1,) is what each h gets from its own answer.

    dh, dc (T + 1,); of dc, `straight` came along the cell and `shown` through h; `alone` is what
    the forget gates alone would bring from the last tick. da, dz (T, 4): of gates and candidate,
    after and before their activation; a gate that is held hands nothing on. adds (T, 4, 4): what
    each tick adds to the gradient of [W, b].
    """
    T = len(p["a"])
    dh, dc, straight, shown, alone = (np.zeros(T + 1) for _ in range(5))
    da, dz, adds = np.zeros((T, 4)), np.zeros((T, 4)), np.zeros((T, 4, 4))
    later = 0.0
    for t in reversed(range(T)):
        f, i, o, c_tilde = p["a"][t]
        tanh_c = np.tanh(p["c"][t + 1])
        dh[t + 1] = own[t + 1] + later
        shown[t + 1] = dh[t + 1] * o * (1 - tanh_c**2)
        dc[t + 1] = straight[t + 1] + shown[t + 1]
        da[t] = np.array([p["c"][t], c_tilde, 0, i]) * dc[t + 1]
        da[t, 2] = dh[t + 1] * tanh_c
        dz[t] = da[t] * slopes(p, t)
        adds[t] = np.outer(dz[t], p["hx1"][t])
        straight[t] = f * dc[t + 1]
        later = params["W"][:, 0] @ dz[t]
    dh[0], dc[0] = own[0] + later, straight[0]
    alone[T] = dc[T]
    for t in reversed(range(T)):
        alone[t] = alone[t + 1] * p["a"][t, 0]
    total = adds.sum(0)
    return {
        "dh": dh, "dc": dc, "straight": straight, "shown": shown, "alone": alone, "da": da,
        "dz": dz, "adds": adds, "grads": {"W": total[:, :3], "b": total[:, 3]},
    }  # fmt: skip


def slopes(p, t):
    """sigma' or tanh' at the four, 0 for a gate that is held."""
    a = p["a"][t]
    found = np.append(a[:3] * (1 - a[:3]), 1 - a[3] ** 2)
    found[:3][p["held"][t]] = 0
    return found


class Passes(Layer):
    """The same as a layer, x (T, 1, 2) -> h (T, 1, 1), for the audit."""

    W = Param()
    b = Param()

    def __init__(self, params, hand):
        super().__init__()
        self.hand = hand
        for name, w in params.items():
            self.params.add(name, w.copy())

    def forward(self, x):
        p = forward(self.params, x[:, 0], self.hand)
        return p["h"][1:, None, None], p

    def backward(self, dy, p, need_dx=True):
        back = backward(self.params, p, np.concatenate([[0.0], dy[:, 0, 0]]))
        return (back["dz"] @ self.params["W"][:, 1:])[:, None], back["grads"]
