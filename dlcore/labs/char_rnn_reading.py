"""The lab `char-rnn`: what a network makes of a text, and which letters that depends on."""

from types import SimpleNamespace

import numpy as np

from ..product import matmul
from .char_rnn_names import LETTERS, ONE_HOT

OTHERS = np.arange(1, len(LETTERS))  # what a letter is exchanged for: a to z
NEXT, LIKELIEST = "the next letter", "the likeliest"  # may be asked about, or one of LETTERS
LEAST = 1e-9  # a sum of squares below this is none


def read(net, ids, asked):
    """All that is seen of a text, `ids` from the first "·" to the last: T symbols are read.

    h (T, H), p (T, 27)   the state after each of them, and what it expects next
    next, asked (T,)      the symbols that do come next, and those that are asked about
    gradient, exchanged (T, T)   row t: how much log p(asked | x_1 ... x_t) depends on each x_s
    """
    x, following = ids[:-1], ids[1:]
    seen = SimpleNamespace(x=x, next=following)
    T = len(x)
    many = np.repeat(ONE_HOT[x][:, None], T, 1)  # a copy for each place that is asked
    recurrent, head = net.layers
    h, tape = recurrent.forward(many)
    z, cache = head.forward(h)
    seen.h, seen.log_p = h[:, 0], log_softmax(z[:, 0])
    seen.p = np.exp(seen.log_p)
    seen.asked = {NEXT: following, LIKELIEST: seen.p.argmax(1)}.get(asked)
    if seen.asked is None:
        seen.asked = np.full(T, LETTERS.index(asked), np.intp)
    dz = np.zeros_like(z)
    places = np.arange(T)
    dz[places, places] = ONE_HOT[seen.asked] - seen.p  # of log p, in z
    dx, _ = recurrent.backward(head.backward(dz, cache)[0], tape)
    seen.dx = dx.swapaxes(0, 1)  # (asked at t, s, 27)
    seen.gradient = np.linalg.norm(seen.dx, axis=2)
    seen.exchanged = exchanged(net, seen, tape)
    return seen


def exchanged(net, seen, tape):
    """(T, T): by how much log p(asked | x_1 ... x_t) is above its mean over texts in which x_s is
    another letter. Nothing is derived here: all of these texts are read, side by side; before s
    they are the text itself, whose states are on the `tape`.
    """
    (recurrent, head), K, T = net.layers, len(OTHERS), len(seen.x)
    cell, more = recurrent.cell, np.zeros((T, T), np.float32)
    memories = [memory[:, :1] for memory in cell.memories(tape)]
    states = [np.empty((0, *memory.shape[2:]), memory.dtype) for memory in memories]
    for t, (x_t, k) in enumerate(zip(seen.x, seen.asked, strict=True)):
        x = np.concatenate([np.full(K * t, x_t), OTHERS])
        own = [np.repeat(memory[t], K, 0) for memory in memories]
        state = cell.pack(*map(np.concatenate, zip(states, own, strict=True)))
        state, step = cell.step(ONE_HOT[x], state)
        states = state if isinstance(state, tuple) else (state,)
        log_p = log_softmax(head.layer(step.y[0]))[:, k].reshape(t + 1, K)
        others = K - (seen.x[: t + 1] > 0)  # a letter is not exchanged for itself
        more[t, : t + 1] = (seen.log_p[t, k] - log_p).sum(1) / others
    return more


def log_softmax(z):
    z = z - z.max(-1, keepdims=True)
    return z - np.log(np.exp(z).sum(-1, keepdims=True))


def looks_back(net, x, y):
    """Mean |d log p(y) / d x_s| over texts x (T, N), s from the last symbol back to the first."""
    recurrent, head = net.layers
    h, tape = recurrent.forward(ONE_HOT[x])
    z, cache = head.forward(h)
    dz = np.zeros_like(z)
    dz[-1] = ONE_HOT[y] - np.exp(log_softmax(z[-1]))
    dx, _ = recurrent.backward(head.backward(dz, cache)[0], tape)
    return np.linalg.norm(dx, axis=2).mean(1)[::-1]


def explained(h, groups):
    """Means (groups, H) of the states h (n, H) in each group, and the share of each unit's variance
    that knowing the group explains."""
    member = np.eye(groups.max() + 1, dtype=h.dtype)[groups]
    sizes = member.sum(0)[:, None]
    means = matmul(member.T, h) / np.maximum(sizes, 1)
    middle = h.mean(0)
    between = (sizes * (means - middle) ** 2).sum(0)
    return means, between / np.maximum(((h - middle) ** 2).sum(0), LEAST)
