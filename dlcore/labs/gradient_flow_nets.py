"""The lab `gradient-flow`: its task, its recurrent matrices, and the walk back through time."""

from types import SimpleNamespace

import numpy as np

from .. import losses
from ..model import Sequential
from ..recurrent import EveryTick, LastTick, Recurrent

INPUTS = 2  # of each tick: a bit, and a mark that is 1 at the first tick
BATCH, HELD_OUT = 32, 64  # sequences


def remember(count, length, *, later, scale, every, rng):
    """`count` sequences x (T, N, 2) and what is asked of them, y: was the first bit +1?

    A tick of x is scale * [bit, mark]. The bits are +1 or -1, after the first tick times `later`;
    the mark is 1 at the first tick and 0 after it. y is (N, 1), asked at the last tick, or with
    `every` (T, N, 1), asked at all of them.
    """
    bits = rng.choice([-1.0, 1.0], (length, count))
    y = (bits[0] > 0).astype(float)[:, None]
    bits[1:] *= later
    marks = np.zeros_like(bits)
    marks[0] = 1
    x = scale * np.stack([bits, marks], -1)
    return x, np.broadcast_to(y, (length, count, 1)).copy() if every else y


def recurrent_matrix(kind, size, radius, *, rng):
    """W_hh with the spectral radius `radius`: "random" (normal), "orthogonal" or "identity"."""
    A = rng.standard_normal((size, size))
    if kind == "random":
        return radius / spectral_radius(A) * A
    return radius * (np.linalg.qr(A)[0] if kind == "orthogonal" else np.eye(size))


def spectral_radius(A):
    """The largest |eigenvalue|; of a matrix with lost numbers, as if they were 0."""
    return float(np.abs(np.linalg.eigvals(np.nan_to_num(A))).max())


def network(cell, dense, every):
    """`cell` over all ticks, and `dense` after the last one or after every one."""
    head = EveryTick(dense) if every else Sequential(LastTick(), dense)
    return Sequential(Recurrent(cell), head)


def loss_of(every):
    """Cross-entropy of the logits z, a mean over sequences and over the ticks that are asked."""
    return losses.per_tick(losses.bce_with_logits) if every else losses.bce_with_logits


def walk_back(net, x, y, loss):
    """One sequence x (T, 1, D), forward through `net`, and back tick by tick.

    J, error   its loss, and dJ/dz_T, of the answer z at the last tick
    tape       of the cell, with two copies of the sequence
    dh         (2, T + 1, H): dJ/dh_t for t = 0 ... T; in dh[1] dz_T/dh_t
    dc         the same of an LSTM's c_t, on both of its ways: to c_{t+1}, and by h_t
    along      (T + 1, H): the first of these ways, f_{t+1} dJ/dc_{t+1}
    """
    (recurrent, head), cell = net.layers, net.layers[0].cell
    h, tape = recurrent.forward(np.repeat(x, 2, axis=1))
    z, cache = head.forward(h[:, :1])
    J, dz = loss(z, y)
    last = np.zeros_like(dz)
    last[-1] = 1
    dy = np.concatenate([head.backward(d, cache)[0] for d in (dz, last)], 1)
    back, dstate = cell.open_back(tape), cell.pack(*np.zeros((cell.states, *dy[0].shape)))
    arrived = []  # at t = T ... 0
    for t in reversed(range(len(x))):
        dstate = cell.add_to_h(dstate, dy[t])
        arrived.append(dstate)
        dstate = cell.tick_back(tape, back, t, dstate)
    arrived = [*arrived, dstate][::-1]
    walk = SimpleNamespace(J=float(J), error=float(dz[-1].item()), tape=tape)
    if cell.states == 1:
        walk.dh = np.stack(arrived, 1)
        return walk
    walk.dh, walk.dc = (np.stack(part, 1) for part in zip(*arrived, strict=True))
    walk.along = walk.dc[0].copy()
    walk.dc[:, 1:] += walk.dh[:, 1:] * back.dc_dh.swapaxes(0, 1)
    return walk


def slopes(cell, tape):
    """sigma'(z_t) of a simple recurrent network, (T, H)."""
    z, h = tape.z[:, 0], tape.y[:, 0]
    return np.broadcast_to(cell.activation.slope(z, h), z.shape).astype(float)


def forget_gates(tape):
    """f_t of an LSTM, (T, H)."""
    return tape.a[:, 0, 0]


def products(factors):
    """Of factors A_1 ... A_T (T, H, H): all A_T ... A_t, for t = 1 ... T."""
    done = factors.copy()
    for t in range(len(done) - 2, -1, -1):
        done[t] = done[t + 1] @ factors[t]
    return done


def norm_of(A):
    """Spectral norms of matrices (..., H, H), the most that each can stretch a vector."""
    return np.linalg.norm(np.nan_to_num(A), 2, axis=(-2, -1))


def last_loss_after(net, x, y, loss, t, state):
    """J if the state after tick t (counted from 1) were `state`: of the ticks t ... T."""
    recurrent, head = net.layers
    h = [state[0] if isinstance(state, tuple) else state]
    for x_t in x[t:]:
        state, tape = recurrent.cell.step(x_t, state)
        h.append(tape.y[0])
    every = isinstance(head, EveryTick)
    z = head(np.stack(h))
    return loss(z, y[t - 1 :] if every else y)[0] * (len(h) / len(x) if every else 1)
