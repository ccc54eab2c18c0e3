"""Recurrent cells: their formulas tick by tick, their gradients, their state."""

import numpy as np
import pytest

from dlcore import Identity, ReLU, Sigmoid, Tanh, gradcheck
from dlcore.layers import Layer
from dlcore.recurrent import LSTMCell, Recurrent, RNNCell

T, N, D, H = 5, 3, 2, 4
F32 = np.float32


def sigma(z):
    return 1 / (1 + np.exp(-z))


def times(W, v):
    """W v, written out: one sum for every row."""
    return np.array([sum(W[i, j] * v[j] for j in range(len(v))) for i in range(len(W))])


def rnn_by_formula(cell, x, h):
    """h_t = tanh(W_hx x_t + W_hh h_{t-1} + b_h), one sequence and one tick after the other."""
    y = np.zeros((len(x), *h.shape))
    for n in range(x.shape[1]):
        h_n = h[n]
        for t in range(len(x)):
            h_n = np.tanh(times(cell.W_hx, x[t, n]) + times(cell.W_hh, h_n) + cell.b_h)
            y[t, n] = h_n
    return y


def lstm_by_formula(cell, x, h, c):
    """The six formulas as they stand in the document; returns all h and the last c."""
    y, c_last = np.zeros((len(x), *h.shape)), np.zeros_like(c)
    for n in range(x.shape[1]):
        h_n, c_n = h[n], c[n]
        for t in range(len(x)):
            h_x = np.concatenate([h_n, x[t, n]])  # [h_{t-1}, x_t]
            f = sigma(times(cell.W_f, h_x) + cell.b_f)
            i = sigma(times(cell.W_i, h_x) + cell.b_i)
            o = sigma(times(cell.W_o, h_x) + cell.b_o)
            c_tilde = np.tanh(times(cell.W_c, h_x) + cell.b_c)
            c_n = f * c_n + i * c_tilde
            h_n = o * np.tanh(c_n)
            y[t, n] = h_n
        c_last[n] = c_n
    return y, c_last


def cell_of(kind, rng, dtype=np.float64, **settings):
    """A cell whose biases are not zero, so that a forgotten one shows."""
    cell = kind(D, H, rng=rng, dtype=dtype, **settings)
    for name, array in cell.params.items():
        if name.startswith("b"):
            cell.params[name] = rng.standard_normal(array.shape).astype(dtype)
    return cell


def draw_state(kind, rng, dtype=np.float64):
    h, c = rng.standard_normal((2, N, H)).astype(dtype)
    return h if kind is RNNCell else (h, c)


def parts(state):
    return state if isinstance(state, tuple) else (state,)


def test_rnn_is_its_formula(rng):
    cell, x, h = cell_of(RNNCell, rng), rng.standard_normal((T, N, D)), draw_state(RNNCell, rng)
    y, cache = Recurrent(cell).forward(x, h)
    np.testing.assert_allclose(y, rnn_by_formula(cell, x, h), rtol=1e-12)
    np.testing.assert_array_equal(cache.state, y[-1])


def test_lstm_is_its_six_formulas(rng):
    cell, x = cell_of(LSTMCell, rng), rng.standard_normal((T, N, D))
    state = draw_state(LSTMCell, rng)
    y, cache = Recurrent(cell).forward(x, state)
    expected, c_last = lstm_by_formula(cell, x, *state)
    np.testing.assert_allclose(y, expected, rtol=1e-12)
    np.testing.assert_array_equal(cache.state[0], y[-1])
    np.testing.assert_allclose(cache.state[1], c_last, rtol=1e-12)


def test_gates_do_not_overflow(rng):
    cell = cell_of(LSTMCell, rng, F32)
    cell.W *= 1e4
    y = Recurrent(cell)(rng.standard_normal((T, N, D), F32))
    assert np.isfinite(y).all()


def test_the_four_gates_are_views_of_one_array(rng):
    cell = cell_of(LSTMCell, rng)
    cell.W_o = np.full((H, H + D), 7.0)
    cell.b_c[...] = -1
    np.testing.assert_array_equal(cell.W[2 * H : 3 * H], 7)
    np.testing.assert_array_equal(cell.params["b"][3 * H :], -1)
    assert np.shares_memory(cell.W_f, cell.params["W"])


def test_a_gate_takes_only_its_own_shape_and_dtype(rng):
    cell = cell_of(LSTMCell, rng, F32)
    with pytest.raises(ValueError, match=r"LSTMCell: expected value like this gate, \(4, 6\)"):
        cell.W_f = np.zeros((1, 6), F32)
    with pytest.raises(TypeError, match=r"LSTMCell: .* float32, got \(4,\) float64"):
        cell.b_f = np.zeros(4)


def test_forget_bias_is_what_the_forget_gate_starts_with(rng):
    cell = LSTMCell(D, H, forget_bias=-3, rng=rng)
    np.testing.assert_array_equal(cell.b_f, -3)
    np.testing.assert_array_equal(cell.b[H:], 0)


@pytest.mark.parametrize("kind", [RNNCell, LSTMCell])
def test_the_loop_is_its_ticks(kind, rng):
    """Steps one by one give the loop's states; their step_backs summed give its gradients."""
    cell, x, state = cell_of(kind, rng), rng.standard_normal((T, N, D)), draw_state(kind, rng)
    rec = Recurrent(cell)
    y, cache = rec.forward(x, state)
    tapes = []
    for t in range(T):
        state, tape = cell.step(x[t], state)
        tapes.append(tape)
        np.testing.assert_allclose(parts(state)[0], y[t], rtol=1e-12)
    for mine, whole in zip(parts(state), parts(cache.state), strict=True):
        np.testing.assert_allclose(mine, whole, rtol=1e-12)

    dy, dstate = rng.standard_normal(y.shape), draw_state(kind, rng)
    dx, dstate0, grads = rec.backward_state(dy, cache, dstate=dstate)
    total = dict.fromkeys(grads, 0)
    for t in reversed(range(T)):
        dh, *rest = parts(dstate)
        dstate = (dh + dy[t], *rest) if rest else dh + dy[t]
        dx_t, dstate, here = cell.step_back(dstate, tapes[t])
        np.testing.assert_allclose(dx_t, dx[t], rtol=1e-9, atol=1e-12)
        total = {name: total[name] + here[name] for name in here}
    for mine, whole in zip(parts(dstate), parts(dstate0), strict=True):
        np.testing.assert_allclose(mine, whole, rtol=1e-9)
    for name in grads:
        np.testing.assert_allclose(total[name], grads[name], rtol=1e-9, atol=1e-12)


CELLS = [
    (RNNCell, {"activation": Tanh}),
    (RNNCell, {"activation": Sigmoid}),
    (RNNCell, {"activation": ReLU}),
    (RNNCell, {"activation": Identity}),
    (LSTMCell, {}),
]


@pytest.mark.parametrize(("kind", "settings"), CELLS)
def test_gradients_are_central_differences(kind, settings, rng):
    rec = Recurrent(cell_of(kind, rng, **settings))
    report = gradcheck(rec, rng.standard_normal((T, N, D)), rng=rng)
    assert report.worst < 1e-6, report


class FromState(Layer):
    """The last state as a function of the first one: for the gradient check of states."""

    def __init__(self, rec, x):
        super().__init__()
        self.rec, self.x = rec, x

    def forward(self, state0):
        state0 = tuple(state0) if len(state0) == 2 else state0[0]
        _, cache = self.rec.forward(self.x, state0)
        return np.stack(parts(cache.state)), cache

    def backward(self, dstate, cache):
        dstate = tuple(dstate) if len(dstate) == 2 else dstate[0]
        _, dstate0, _ = self.rec.backward_state(None, cache, dstate=dstate)
        return np.stack(parts(dstate0)), {}


@pytest.mark.parametrize("kind", [RNNCell, LSTMCell])
def test_gradient_of_the_first_state_is_a_central_difference(kind, rng):
    rec = Recurrent(cell_of(kind, rng))
    state0 = np.stack(parts(draw_state(kind, rng)))
    report = gradcheck(FromState(rec, rng.standard_normal((T, N, D))), state0, rng=rng)
    assert report.worst < 1e-6, report


@pytest.mark.parametrize("kind", [RNNCell, LSTMCell])
def test_a_long_sequence_may_be_cut_and_carried_on(kind, rng):
    rec, x = Recurrent(cell_of(kind, rng)), rng.standard_normal((T, N, D))
    whole, _ = rec.forward(x)
    begin, cache = rec.forward(x[:2])
    np.testing.assert_allclose(np.concatenate([begin, rec(x[2:], cache.state)]), whole, rtol=1e-12)


@pytest.mark.parametrize("kind", [RNNCell, LSTMCell])
def test_two_forwards_before_two_backwards(kind, rng):
    rec = Recurrent(cell_of(kind, rng))
    first, second = rng.standard_normal((2, T, N, D))
    (y, cache1), (_, cache2) = rec.forward(first), rec.forward(second)
    dy = rng.standard_normal(y.shape)
    rec.backward(dy, cache2)
    for x, cache in ((first, cache1), (second, cache2)):  # a cache may be used again, too
        dx, grads = rec.backward(dy, cache)
        alone, grads_alone = rec.backward(dy, rec.forward(x)[1])
        np.testing.assert_array_equal(dx, alone)
        for name in grads:
            np.testing.assert_array_equal(grads[name], grads_alone[name])


@pytest.mark.parametrize("kind", [RNNCell, LSTMCell])
def test_given_arrays_are_left_alone(kind, rng):
    rec, x = Recurrent(cell_of(kind, rng)), rng.standard_normal((T, N, D))
    state = draw_state(kind, rng)
    y, cache = rec.forward(x, state)
    dy, dstate = rng.standard_normal(y.shape), draw_state(kind, rng)
    given = [x, dy, *parts(state), *parts(dstate)]
    before = [a.copy() for a in given]
    rec.backward_state(dy, cache, dstate=dstate)
    for a, was in zip(given, before, strict=True):
        np.testing.assert_array_equal(a, was)


@pytest.mark.parametrize("kind", [RNNCell, LSTMCell])
def test_float32_stays_float32(kind, rng):
    rec = Recurrent(cell_of(kind, rng, F32))
    y, cache = rec.forward(rng.standard_normal((T, N, D), F32))
    dx, dstate, grads = rec.backward_state(np.ones_like(y), cache)
    everything = (y, dx, *parts(cache.state), *parts(dstate), *grads.values())
    assert {a.dtype for a in everything} == {np.dtype(F32)}
    assert grads.keys() == rec.params.keys()
    assert rec.backward(np.ones_like(y), cache, need_dx=False)[0] is None


def test_recurrent_shares_its_cells_parameters(rng):
    cell = cell_of(LSTMCell, rng)
    rec = Recurrent(cell)
    rec.params["W"] = np.ones_like(cell.W)
    np.testing.assert_array_equal(cell.W_f, 1)
    twin = rec.astype(F32)
    twin.params["W"][...] = 2
    np.testing.assert_array_equal(cell.W, 1)
    assert twin.cell.W.dtype == F32


x = np.zeros((T, N, D), F32)
h = np.zeros((N, H), F32)


@pytest.mark.parametrize(
    ("kind", "arguments", "error", "message"),
    [
        (RNNCell, (x[0],), ValueError,
         r"Recurrent\(RNNCell\): expected x \(T >= 1, N, 2\), got \(3, 2\)"),
        (RNNCell, (x[:, :, :1],), ValueError, r"Recurrent\(RNNCell\): .* got \(5, 3, 1\)"),
        (LSTMCell, (x[:0],), ValueError, r"Recurrent\(LSTMCell\): expected x \(T >= 1"),
        (LSTMCell, (x.astype(float),), TypeError, r"float32, got \(5, 3, 2\) float64"),
        (RNNCell, (x, h[:, :1]), ValueError, r"RNNCell: expected state \(3, 4\), got \(3, 1\)"),
        (RNNCell, (x, (h, h)), ValueError, "RNNCell: expected state of 1 arrays, got 2"),
        (LSTMCell, (x, h), ValueError, "LSTMCell: expected state of 2 arrays, got 1"),
        (LSTMCell, (x, (h, h.astype(float))), TypeError, "LSTMCell: expected state .* float64"),
    ],
)  # fmt: skip
def test_bad_input_is_one_clear_line(kind, arguments, error, message, rng):
    with pytest.raises(error, match=message) as caught:
        Recurrent(cell_of(kind, rng, F32)).forward(*arguments)
    assert "\n" not in str(caught.value)


def test_bad_step_and_bad_gradients_are_one_clear_line(rng):
    cell = cell_of(LSTMCell, rng, F32)
    rec = Recurrent(cell)
    y, cache = rec.forward(x)
    with pytest.raises(ValueError, match=r"LSTMCell: expected x_t \(N, 2\), got \(5, 3, 2\)"):
        cell.step(x)
    with pytest.raises(ValueError, match=r"Recurrent\(LSTMCell\): expected dy \(5, 3, 4\)"):
        rec.backward(y[1:], cache)
    with pytest.raises(ValueError, match=r"Recurrent\(LSTMCell\): expected dy, dstate or both"):
        rec.backward(None, cache)
    with pytest.raises(ValueError, match=r"LSTMCell: expected dstate \(3, 4\)"):
        rec.backward(y, cache, dstate=(h[:1], h))


def test_bad_sizes_are_one_clear_line(rng):
    with pytest.raises(ValueError, match="LSTMCell: expected hidden_size"):
        LSTMCell(3, 0, rng=rng)
