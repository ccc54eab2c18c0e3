"""Each formula of the RNN section, transcribed literally, in loops, against dlcore.

Six of the seven are the LSTM's, which this section shows first. Every cell starts from a state
that is not zero and has biases that are not, so that neither can be forgotten.
"""

import math

import numpy as np
import pytest

from dlcore import LSTMCell, Recurrent, RNNCell, Sigmoid, Tanh

FORMULAS = {
    "eq-rnn-hidden": "test_hidden_state_of_the_rnn",
    "eq-lstm-forget": "test_gates_and_candidate",
    "eq-lstm-input": "test_gates_and_candidate",
    "eq-lstm-output": "test_gates_and_candidate",
    "eq-lstm-candidate": "test_gates_and_candidate",
    "eq-lstm-cell": "test_cell_state",
    "eq-lstm-hidden": "test_hidden_state_of_the_lstm",
}
T, N, D, H = 4, 2, 3, 5


def sigma(z):
    return 1 / (1 + math.exp(-z))


def affine(W, v, b):
    """(W v + b)_k = sum_j W_kj v_j + b_k"""
    return [sum(W[k][j] * v[j] for j in range(len(v))) + b[k] for k in range(len(b))]


@pytest.fixture
def x(rng):
    return rng.standard_normal((T, N, D))


@pytest.mark.parametrize(("activation", "s"), [(Tanh, math.tanh), (Sigmoid, sigma)])
def test_hidden_state_of_the_rnn(activation, s, x, rng):
    """h_t = sigma(W_hx x_t + W_hh h_{t-1} + b_h)"""
    cell = RNNCell(D, H, activation=activation, rng=rng, dtype=np.float64)
    cell.b_h = rng.standard_normal(H)
    h_first = rng.standard_normal((N, H))
    y = Recurrent(cell)(x, h_first)
    W_hx, W_hh, b_h = cell.W_hx.tolist(), cell.W_hh.tolist(), cell.b_h.tolist()
    for n in range(N):
        h = h_first[n].tolist()
        for t in range(T):
            from_x, from_h = affine(W_hx, x[t, n].tolist(), b_h), affine(W_hh, h, [0.0] * H)
            h = [s(from_x[k] + from_h[k]) for k in range(H)]
            assert np.allclose(y[t, n], h, rtol=1e-12)


@pytest.fixture
def lstm(rng):
    """(cell, state before the first tick)"""
    cell = LSTMCell(D, H, rng=rng, dtype=np.float64)
    cell.b = rng.standard_normal(4 * H)
    return cell, tuple(rng.standard_normal((2, N, H)))


def gates(cell, h, x_t):
    """f, i, o and c_tilde of one sequence: sigma(W [h_{t-1}, x_t] + b), the last one with tanh."""
    h_x = [*h, *x_t]
    f = [sigma(z) for z in affine(cell.W_f.tolist(), h_x, cell.b_f.tolist())]
    i = [sigma(z) for z in affine(cell.W_i.tolist(), h_x, cell.b_i.tolist())]
    o = [sigma(z) for z in affine(cell.W_o.tolist(), h_x, cell.b_o.tolist())]
    c_tilde = [math.tanh(z) for z in affine(cell.W_c.tolist(), h_x, cell.b_c.tolist())]
    return f, i, o, c_tilde


def test_gates_and_candidate(lstm, x):
    """f_t = sigma(W_f [h_{t-1}, x_t] + b_f), i_t and o_t likewise; c_tilde_t with tanh"""
    cell, (h, c) = lstm
    _, tape = cell.step(x[0], (h, c))
    for n in range(N):
        expected = gates(cell, h[n].tolist(), x[0, n].tolist())
        for gate, by_hand in zip(tape.a[0], expected, strict=True):
            assert np.allclose(gate[n], by_hand, rtol=1e-12)


def test_cell_state(lstm, x):
    """c_t = f_t c_{t-1} + i_t c_tilde_t"""
    cell, (h, c) = lstm
    (_, c_new), _ = cell.step(x[0], (h, c))
    for n in range(N):
        f, i, _, c_tilde = gates(cell, h[n].tolist(), x[0, n].tolist())
        by_hand = [f[k] * c[n, k].item() + i[k] * c_tilde[k] for k in range(H)]
        assert np.allclose(c_new[n], by_hand, rtol=1e-12)


def test_hidden_state_of_the_lstm(lstm, x):
    """h_t = o_t tanh(c_t), tick after tick"""
    cell, state = lstm
    y = Recurrent(cell)(x, state)
    for n in range(N):
        h, c = (part[n].tolist() for part in state)
        for t in range(T):
            f, i, o, c_tilde = gates(cell, h, x[t, n].tolist())
            c = [f[k] * c[k] + i[k] * c_tilde[k] for k in range(H)]
            h = [o[k] * math.tanh(c[k]) for k in range(H)]
            assert np.allclose(y[t, n], h, rtol=1e-12)
