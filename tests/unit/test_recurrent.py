"""Recurrent cells: their formulas tick by tick, their gradients, their state."""

import numpy as np
import pytest

from dlcore import Dense, Identity, ReLU, Sequential, Sigmoid, Tanh, gradcheck
from dlcore.layers import Layer
from dlcore.recurrent import EveryTick, GRUCell, LastTick, LSTMCell, Recurrent, RNNCell

T, N, D, H = 5, 3, 2, 4
F32 = np.float32
each_kind = pytest.mark.parametrize("kind", [RNNCell, LSTMCell, GRUCell])


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


def gru_by_formula(cell, x, h):
    """h_t = u h_{t-1} + (1 - u) h_tilde, one sequence and one tick after the other."""
    y, H = np.zeros((len(x), *h.shape)), h.shape[1]
    for n in range(x.shape[1]):
        h_n = h[n]
        for t in range(len(x)):
            h_x = np.concatenate([h_n, x[t, n]])
            r = sigma(times(cell.W_r, h_x) + cell.b_r)
            u = sigma(times(cell.W_u, h_x) + cell.b_u)
            from_h, from_x = times(cell.W_n[:, :H], h_n), times(cell.W_n[:, H:], x[t, n])
            h_n = u * h_n + (1 - u) * np.tanh(r * from_h + from_x + cell.b_n)
            y[t, n] = h_n
    return y


def cell_of(kind, rng, dtype=np.float64, **settings):
    """A cell whose biases are not zero, so that a forgotten one shows."""
    cell = kind(D, H, rng=rng, dtype=dtype, **settings)
    for name, array in cell.params.items():
        if name.startswith("b"):
            cell.params[name] = rng.standard_normal(array.shape).astype(dtype)
    return cell


def draw_state(kind, rng, dtype=np.float64):
    h, c = rng.standard_normal((2, N, H)).astype(dtype)
    return (h, c) if kind is LSTMCell else h


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


def test_gru_is_its_formulas(rng):
    cell, x, h = cell_of(GRUCell, rng), rng.standard_normal((T, N, D)), draw_state(GRUCell, rng)
    y, cache = Recurrent(cell).forward(x, h)
    np.testing.assert_allclose(y, gru_by_formula(cell, x, h), rtol=1e-12)
    np.testing.assert_array_equal(cache.state, y[-1])


@pytest.mark.parametrize("kind", [LSTMCell, GRUCell])
def test_gates_do_not_overflow(kind, rng):
    cell = cell_of(kind, rng, F32)
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


@each_kind
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
    (GRUCell, {}),
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


@each_kind
def test_gradient_of_the_first_state_is_a_central_difference(kind, rng):
    rec = Recurrent(cell_of(kind, rng))
    state0 = np.stack(parts(draw_state(kind, rng)))
    report = gradcheck(FromState(rec, rng.standard_normal((T, N, D))), state0, rng=rng)
    assert report.worst < 1e-6, report


@each_kind
def test_a_long_sequence_may_be_cut_and_carried_on(kind, rng):
    rec, x = Recurrent(cell_of(kind, rng)), rng.standard_normal((T, N, D))
    whole, _ = rec.forward(x)
    begin, cache = rec.forward(x[:2])
    np.testing.assert_allclose(np.concatenate([begin, rec(x[2:], cache.state)]), whole, rtol=1e-12)


@each_kind
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


@each_kind
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


@each_kind
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


# ---- sequences of unequal lengths

LENGTHS = (5, 2, 0)
MASK = np.arange(T)[:, None] < LENGTHS


def one_of(state, n):
    """The state of sequence n alone."""
    mine = tuple(array[n : n + 1] for array in parts(state))
    return mine if len(mine) > 1 else mine[0]


@each_kind
def test_with_a_mask_each_sequence_is_as_if_it_were_alone(kind, rng):
    rec, x = Recurrent(cell_of(kind, rng)), rng.standard_normal((T, N, D))
    state, dlast = draw_state(kind, rng), draw_state(kind, rng)
    y, cache = rec.forward(x, state, MASK)
    dy = rng.standard_normal(y.shape)
    dx, dstate, grads = rec.backward_state(dy, cache, dstate=dlast)
    total = dict.fromkeys(grads, 0)
    for n, length in enumerate(LENGTHS[:2]):
        one = slice(n, n + 1)
        y_n, cache_n = rec.forward(x[:length, one], one_of(state, n))
        np.testing.assert_allclose(y[:length, one], y_n, rtol=1e-12)
        np.testing.assert_allclose(y[length:, n], np.repeat(y_n[-1], T - length, 0), rtol=1e-12)
        for last, alone in zip(parts(cache.state), parts(cache_n.state), strict=True):
            np.testing.assert_allclose(last[one], alone, rtol=1e-12)
        dy_n = dy[:length, one].copy()
        dy_n[-1] += dy[length:, one].sum(0)  # the ticks of waiting repeat the last one
        dx_n, ds_n, grads_n = rec.backward_state(dy_n, cache_n, dstate=one_of(dlast, n))
        np.testing.assert_allclose(dx[:length, one], dx_n, rtol=1e-9, atol=1e-12)
        for first, alone in zip(parts(dstate), parts(ds_n), strict=True):
            np.testing.assert_allclose(first[one], alone, rtol=1e-9, atol=1e-12)
        total = {name: total[name] + grads_n[name] for name in grads}
    for name in grads:
        np.testing.assert_allclose(grads[name], total[name], rtol=1e-9, atol=1e-12)
    np.testing.assert_array_equal(dx[~MASK], 0)
    np.testing.assert_array_equal(y[:, 2], np.repeat(parts(state)[0][2:], T, 0))  # it only waits


class Masked(Layer):
    """`Recurrent` with a fixed mask: for the gradient check."""

    def __init__(self, rec, mask):
        super().__init__()
        self.rec, self.mask, self.params = rec, mask, rec.params

    def forward(self, x):
        return self.rec.forward(x, mask=self.mask)

    def backward(self, dy, cache, need_dx=True):
        return self.rec.backward(dy, cache, need_dx)


@each_kind
def test_gradients_with_gaps_are_central_differences(kind, rng):
    gaps = rng.random((T, N)) < 0.6  # a sequence may wait in the middle, too
    rec = Masked(Recurrent(cell_of(kind, rng)), gaps)
    report = gradcheck(rec, rng.standard_normal((T, N, D)), rng=rng)
    assert report.worst < 1e-6, report


@each_kind
def test_what_fills_a_sequence_up_does_not_matter(kind, rng):
    rec, x = Recurrent(cell_of(kind, rng)), rng.standard_normal((T, N, D))
    other = np.where(MASK[:, :, None], x, 7.0)
    y, cache = rec.forward(x, mask=MASK)
    y_other, cache_other = rec.forward(other, mask=MASK)
    np.testing.assert_array_equal(y, y_other)
    grads, grads_other = (rec.backward(np.ones_like(y), c)[1] for c in (cache, cache_other))
    for name in grads:
        np.testing.assert_array_equal(grads[name], grads_other[name])


def test_the_last_tick_with_a_mask_is_the_last_of_each(rng):
    rec, last = Recurrent(cell_of(LSTMCell, rng)), LastTick()
    y, cache = rec.forward(rng.standard_normal((T, N, D)), mask=MASK)
    np.testing.assert_array_equal(last(y), cache.state[0])


def test_a_row_of_layers_hands_the_mask_to_what_is_recurrent(rng):
    rec, head = Recurrent(cell_of(LSTMCell, rng)), Dense(H, 2, rng=rng, dtype=np.float64)
    net, x = Sequential(rec, LastTick(), head), rng.standard_normal((T, N, D))
    z, cache = net.forward(x, MASK)
    np.testing.assert_array_equal(z, head(rec.forward(x, mask=MASK)[1].state[0]))
    np.testing.assert_array_equal(z, net(x, MASK))
    assert not np.allclose(z, net(x))
    dx, _ = net.backward(np.ones_like(z), cache)
    assert np.all(dx[~MASK] == 0), "what is behind the end of a sequence has no say"
    assert np.all(dx[MASK].any(-1))


@pytest.mark.parametrize(
    ("mask", "error", "message"),
    [
        (MASK[1:], ValueError, r"Recurrent\(RNNCell\): expected mask \(5, 3\), got \(4, 3\)"),
        (MASK.astype(int), TypeError, r"expected mask \(5, 3\) bool, got \(5, 3\) int"),
        ([True], TypeError, "expected mask .* got list"),
    ],
)
def test_a_wrong_mask_is_one_clear_line(mask, error, message, rng):
    with pytest.raises(error, match=message):
        Recurrent(cell_of(RNNCell, rng))(rng.standard_normal((T, N, D)), mask=mask)


# ---- layers for all ticks and for the last


def test_every_tick_is_the_layer_at_each_tick(rng):
    dense, x = Dense(D, 3, rng=rng, dtype=np.float64), rng.standard_normal((T, N, D))
    y = EveryTick(dense)(x)
    for t in range(T):
        np.testing.assert_allclose(y[t], dense(x[t]), rtol=1e-12)
    assert gradcheck(EveryTick(dense), x, rng=rng).worst < 1e-6
    assert EveryTick(dense).params is dense.params


def test_the_last_tick_alone(rng):
    x = rng.standard_normal((T, N, D))
    np.testing.assert_array_equal(LastTick()(x), x[-1])
    assert gradcheck(LastTick(), x, rng=rng).worst < 1e-6


def test_layers_of_ticks_say_what_they_expect(rng):
    every = EveryTick(Dense(D, 3, rng=rng))
    with pytest.raises(ValueError, match=r"EveryTick: expected x \(T, N, \.\.\.\), got \(4,\)"):
        every(np.zeros(4, F32))
    _, cache = every.forward(x)
    with pytest.raises(ValueError, match=r"EveryTick: expected dy \(5, 3, \.\.\.\), got \(3, 3\)"):
        every.backward(np.zeros((3, 3), F32), cache)
    with pytest.raises(ValueError, match=r"LastTick: expected x \(T >= 1, N, H\), got \(0, 3, 4\)"):
        LastTick()(np.zeros((0, 3, 4), F32))
    _, cache = LastTick().forward(x)
    with pytest.raises(ValueError, match=r"LastTick: expected dy \(3, 2\), got \(5, 3, 2\)"):
        LastTick().backward(x, cache)


# ---- bad input

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


def test_a_copy_in_another_dtype_shares_its_weights_as_the_network_does(rng):
    for head in (LastTick(), EveryTick(Dense(H, 1, rng=rng))):
        net = Sequential(Recurrent(RNNCell(D, H, rng=rng)), head).astype(np.float64)
        x = np.ones((T, N, D))
        before = net(x)
        net.params["0.W_hh"] = np.zeros((H, H))
        assert not np.array_equal(net(x), before)
        assert net.layers[0].cell.W_hh is net.params["0.W_hh"]
