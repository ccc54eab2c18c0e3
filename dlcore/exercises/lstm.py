"""The exercises of chapters/lstm. One sequence: x is (T, D), and h and c hold the states of the
ticks 0 to T as (T + 1, H). Weights act on [h, x], and of several gates they stand one below the
other in the order f, i, o, c_tilde. `own` is what each h gets from the answer of its own tick.

The formulas are `eq-lstm-forget`, `eq-lstm-input`, `eq-lstm-output`, `eq-lstm-candidate`,
`eq-lstm-cell` and `eq-lstm-hidden`."""

import numpy as np

from ..activations import sigmoid
from .draw import normal
from .exercise import Exercise


def _stack(h, x_t):
    return np.concatenate([h, x_t])


def _swapped(h, x_t):
    return np.concatenate([x_t, h])


def _blocks(z, n):
    """n vectors of H numbers that stood below each other."""
    return z.reshape(n, -1)


def _sizes(rng):
    """H, D and where the numbers of a case come from; the first case is what a reader is shown."""
    for H, D in [(2, 1), (3, 4), (1, 3), (4, 2), (3, 3)]:
        yield H, D, normal(rng, D == 1)


def _first_tick(rng, gates):
    """A letter and states of zeros, all integers, and the weights of some gates."""
    n = 2 * gates
    return np.zeros(2, int), np.array([0, 1, 0]), rng.normal(size=(n, 5)), rng.normal(size=n)


# ----------------------------------------------------------------------------- the forget gate


def forget(h, x_t, W_f, b_f):
    hx = np.concatenate([h, x_t])
    return sigmoid(W_f @ hx + b_f)


def _one_gate(rng):
    for H, D, draw in _sizes(rng):
        yield draw(H), draw(D), draw(H, H + D), draw(H)
    yield _first_tick(rng, 1)


def _forget(output=sigmoid, stack=_stack, bias=1):
    """The gate with one of its parts exchanged."""
    return lambda h, x_t, W_f, b_f: output(W_f @ stack(h, x_t) + bias * b_f)


def _softmax(z, axis=-1):
    e = np.exp(z - z.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


FORGET = Exercise(
    name="lstm.forget",
    title="The forget gate",
    stub="""\
def forget(h, x_t, W_f, b_f):
    return ...  # (H,): a number between 0 and 1 for each cell
""",
    hints=(
        "A gate is a dense layer like any other. What does it read, and which activation gives "
        "numbers between 0 and 1?",
        "`W_f @ np.concatenate([h, x_t])` is (H, H + D) times (H + D,). Add b_f, and put the sum "
        "into `dl.sigmoid`.",
    ),
    reference=forget,
    outputs=("f",),
    cases=_one_gate,
    mistakes=(
        (
            "This is tanh. A gate takes the logistic function: with a negative number it would "
            "not let less of the cell through, but turn its sign.",
            _forget(output=np.tanh),
        ),
        (
            "The order is [x, h]: W_f has the H columns for h first, so h stands on top.",
            _forget(stack=_swapped),
        ),
        (
            "You return the pre-activation: the gate is sigma of it.",
            _forget(output=lambda z: z),
        ),
        (
            "The bias is missing. With no input at all it is b_f that says how much is kept.",
            _forget(bias=0),
        ),
        (
            "The gate does not see h: it has to know what the network knows, to say what of it "
            "can go.",
            _forget(stack=lambda h, x_t: _stack(0 * h, x_t)),
        ),
        (
            "The gate does not see x_t: often it is the input that says that something is over.",
            _forget(stack=lambda h, x_t: _stack(h, 0 * x_t)),
        ),
        (
            "This is 1 - f, the share that is lost. The gate says what is *kept*, in spite of "
            "its name. (If you wrote out sigma: there is a minus in `np.exp(-z)`.)",
            _forget(output=lambda z: 1 - sigmoid(z)),
        ),
        (
            "The minus of `np.exp(-z)` reaches only one of the two terms of z: mind the brackets.",
            lambda h, x_t, W_f, b_f: sigmoid(W_f @ _stack(h, x_t) - b_f),
            lambda h, x_t, W_f, b_f: sigmoid(b_f - W_f @ _stack(h, x_t)),
        ),
        (
            "A gate is not a switch: between open and closed there are all numbers, or there "
            "would be no slope to learn from.",
            _forget(output=lambda z: 1.0 * (z > 0)),
            _forget(output=lambda z: np.round(sigmoid(z))),
        ),
        (
            "This is a softmax, and the cells share 1 among them. Each cell has a gate of its "
            "own: all may be open.",
            _forget(output=_softmax),
        ),
        (
            "sigma is taken term by term. Add the terms first, then take sigma once.",
            lambda h, x_t, W_f, b_f: sigmoid(W_f @ _stack(h, x_t)) + b_f,
            lambda h, x_t, W_f, b_f: sigmoid(W_f @ _stack(h, x_t)) + sigmoid(b_f),
        ),
    ),
)

# ---------------------------------------------------------------------- three gates, one product


def gates(h, x_t, W, b):
    z = W @ np.concatenate([h, x_t]) + b
    f, i, o = sigmoid(z).reshape(3, len(h))
    return f, i, o


def _three_gates(rng):
    for H, D, draw in _sizes(rng):
        yield draw(H), draw(D), draw(3 * H, H + D), draw(3 * H)
    yield _first_tick(rng, 3)


def _gates(output=sigmoid, stack=_stack, bias=1, split=lambda a: _blocks(a, 3)):
    """The three gates with one of their parts exchanged."""
    return lambda h, x_t, W, b: tuple(split(output(W @ stack(h, x_t) + bias * b)))


def _among_gates(z):
    return _softmax(_blocks(z, 3), axis=0).ravel()


def _first_of_three(a):
    f, _, _ = _blocks(a, 3)
    return f, f, f


def _coupled_gates(a):
    f, _, o = _blocks(a, 3)
    return f, 1 - f, o


GATES = Exercise(
    name="lstm.gates",
    title="Three gates, one product",
    stub="""\
def gates(h, x_t, W, b):
    f, i, o = ..., ..., ...
    return f, i, o  # (H,) each
""",
    hints=(
        "One product gives all 3 H pre-activations in one long vector. Which of its numbers "
        "belong to f, if the rows of W_f are the first H rows of W?",
        "`z = W @ np.concatenate([h, x_t]) + b` is (3 H,). Take sigma of all of it, then cut it "
        "into three: `.reshape(3, len(h))` makes a row of each gate.",
    ),
    reference=gates,
    outputs=("f", "i", "o"),
    cases=_three_gates,
    mistakes=(
        (
            "f and i are exchanged. Here f comes first; PyTorch has i first, which makes its "
            "weights easy to mistake for these.",
            _gates(split=lambda a: _blocks(a, 3)[[1, 0, 2]]),
        ),
        (
            "You took every third number. The gates stand in blocks: H rows for f, then H for i, "
            "then H for o.",
            _gates(split=lambda a: a.reshape(-1, 3).T),
        ),
        (
            "The order is [x, h]: the weights for h are the first H columns.",
            _gates(stack=_swapped),
        ),
        (
            "This is tanh: all three gates have the logistic function.",
            _gates(output=np.tanh),
        ),
        (
            "These are the pre-activations: sigma makes gates of them.",
            _gates(output=lambda z: z),
        ),
        (
            "The biases are missing.",
            _gates(bias=0),
        ),
        (
            "You made the three gates share 1 by a softmax. They are three separate decisions: a "
            "cell may be kept, written and shown at once.",
            _gates(output=_among_gates),
        ),
        (
            "i = 1 - f couples the two (the GRU does that). Here the input gate has weights of "
            "its own, and may add without forgetting.",
            _gates(split=_coupled_gates),
        ),
        (
            "All three are the forget gate: take another block of H numbers for each.",
            _gates(split=_first_of_three),
        ),
    ),
)

# ------------------------------------------------------------------------------ the cell state


def new_cell(h, c, x_t, f, i, W_c, b_c):
    c_tilde = np.tanh(W_c @ np.concatenate([h, x_t]) + b_c)
    return f * c + i * c_tilde


def _open(rng, small, *shape):
    """Gates: numbers between 0 and 1."""
    drawn = rng.uniform(0.05, 0.95, shape)
    return np.clip(drawn.round(1), 0.1, 0.9) if small else drawn


def _updates(rng):
    for H, D, draw in _sizes(rng):
        f, i = _open(rng, D == 1, 2, H)
        yield draw(H), draw(H), draw(D), f, i, draw(H, H + D), draw(H)
    h, x_t, W_c, b_c = _first_tick(rng, 1)
    yield h, np.array([3, -1]), x_t, *_open(rng, False, 2, 2), W_c, b_c


def _candidate(h, x_t, W_c, b_c, squash=np.tanh, stack=_stack):
    return squash(W_c @ stack(h, x_t) + b_c)


def _new_cell(update=lambda f, c, i, new: f * c + i * new, candidate=_candidate):
    """The update of the cell with one of its parts exchanged."""
    return lambda h, c, x_t, f, i, W_c, b_c: update(f, c, i, candidate(h, x_t, W_c, b_c))


def _update_in_place(f, c, i, new):
    c *= f
    c += i * new
    return c


CELL = Exercise(
    name="lstm.cell",
    title="Keep some, add some",
    stub="""\
def new_cell(h, c, x_t, f, i, W_c, b_c):
    return ...  # (H,): the new cell state
""",
    hints=(
        "Two formulas. The candidate looks like the tick of a simple network; is it squashed as "
        "the gates are? And which gate multiplies what?",
        "`c_tilde = np.tanh(W_c @ np.concatenate([h, x_t]) + b_c)`. Of the old cell the share f "
        "is kept, of the candidate the share i is added; all products go number by number.",
    ),
    reference=new_cell,
    outputs=("c",),
    cases=_updates,
    mistakes=(
        (
            "The candidate has tanh, not sigma: with numbers above 0 only, a cell could count up "
            "but never down.",
            _new_cell(candidate=lambda *args: _candidate(*args, squash=sigmoid)),
        ),
        (
            "The candidate is not squashed: it is tanh of `W_c @ hx + b_c`.",
            _new_cell(candidate=lambda *args: _candidate(*args, squash=lambda z: z)),
        ),
        (
            "f and i are exchanged: f belongs to what was there, i to what comes in.",
            _new_cell(lambda f, c, i, new: i * c + f * new),
        ),
        (
            "The input gate is missing: every candidate is taken in whole.",
            _new_cell(lambda f, c, i, new: f * c + new),
        ),
        (
            "The forget gate is missing: the cell only adds up, and nothing ever leaves it. (So "
            "it was in the first LSTM, of 1997.)",
            _new_cell(lambda f, c, i, new: c + i * new),
        ),
        (
            "The old cell is missing: `f * c` is the path on which memory, and later the "
            "gradient, travels.",
            _new_cell(lambda f, c, i, new: i * new),
        ),
        (
            "The new cell is squashed by a tanh. That comes only in the hidden state; here it "
            "would put a slope back into the path that should have none.",
            _new_cell(lambda f, c, i, new: np.tanh(f * c + i * new)),
        ),
        (
            "You wrote 1 - f for i: here the input gate is another gate.",
            _new_cell(lambda f, c, i, new: f * c + (1 - f) * new),
        ),
        (
            "You wrote 1 - i for f: here the forget gate is another gate.",
            _new_cell(lambda f, c, i, new: (1 - i) * c + i * new),
        ),
        (
            "The forget gate is outside the sum: it multiplies only the old cell. What comes in "
            "now is not to be forgotten at once.",
            _new_cell(lambda f, c, i, new: f * (c + i * new)),
        ),
        (
            "The candidate reads c: it reads h, the part of the cell that was shown.",
            lambda h, c, x_t, f, i, W_c, b_c: new_cell(c, c, x_t, f, i, W_c, b_c),
        ),
        (
            "f multiplies h, and not the old cell c.",
            lambda h, c, x_t, f, i, W_c, b_c: f * h + i * _candidate(h, x_t, W_c, b_c),
        ),
        (
            "The order is [x, h]: the weights for h are the first H columns.",
            _new_cell(candidate=lambda *args: _candidate(*args, stack=_swapped)),
        ),
        (
            "The bias b_c is missing.",
            _new_cell(candidate=lambda h, x_t, W_c, b_c: _candidate(h, x_t, W_c, 0)),
        ),
        (
            "`f @ c` is a single number, the sum of all products. The dot in the formula goes "
            "number by number: `f * c`.",
            _new_cell(lambda f, c, i, new: f @ c + i * new),
            _new_cell(lambda f, c, i, new: f @ c + i @ new),
        ),
        (
            "`c *= f` works in the array that came in: whoever keeps the old cell finds it "
            "changed, and one of whole numbers cannot take fractions. Write `f * c + ...`.",
            _new_cell(_update_in_place),
        ),
    ),
)

# ----------------------------------------------------------------------------- one whole tick


def tick(h, c, x_t, W, b):
    H = len(h)
    z = (W @ np.concatenate([h, x_t]) + b).reshape(4, H)
    f, i, o = sigmoid(z[:3])
    c_tilde = np.tanh(z[3])
    c = f * c + i * c_tilde
    h = o * np.tanh(c)
    return h, c, np.array([f, i, o, c_tilde])


def _ticks(rng):
    for H, D, draw in _sizes(rng):
        yield draw(H), draw(H), draw(D), draw(4 * H, H + D), draw(4 * H)
    h, *rest = _first_tick(rng, 4)
    yield h, np.array([2, -1]), *rest


def _activate(z):
    return np.vstack([sigmoid(z[:3]), np.tanh(z[3:])])


def _tick(
    output=lambda o, c: o * np.tanh(c),
    activate=_activate,
    order=(0, 1, 2, 3),
    stack=_stack,
    bias=1,
    update=lambda f, c, i, new: f * c + i * new,
    kept=lambda z, a: a,
):
    """A tick with one of its parts exchanged; `kept` is what it returns of its gates."""

    def made(h, c, x_t, W, b):
        z = _blocks(W @ stack(h, x_t) + bias * b, 4)[list(order)]
        a = activate(z)
        f, i, o, c_tilde = a
        c = update(f, c, i, c_tilde)
        return output(o, c), c, kept(z, a)

    return made


def _shows_the_old_cell(h, c, x_t, W, b):
    _, new, a = tick(h, c, x_t, W, b)
    return a[2] * np.tanh(c), new, a


def _keeps_h(h, c, x_t, W, b):
    _, _, a = tick(h, c, x_t, W, b)
    f, i, o, c_tilde = a
    new = f * h + i * c_tilde
    return o * np.tanh(new), new, a


TICK = Exercise(
    name="lstm.tick",
    title="One tick",
    stub="""\
def tick(h, c, x_t, W, b):
    f, i, o, c_tilde = ..., ..., ..., ...
    c = ...
    h = ...
    return h, c, np.array([f, i, o, c_tilde])
""",
    hints=(
        "One product serves all four. Then follow the formulas in their order: which c does the "
        "hidden state show, the old one or the new one?",
        "`z = (W @ np.concatenate([h, x_t]) + b).reshape(4, len(h))`. The rows 0, 1, 2 get "
        "`dl.sigmoid`, row 3 `np.tanh`. Then `c = f * c + i * c_tilde` and `h = o * np.tanh(c)`.",
    ),
    reference=tick,
    outputs=("h", "c", "a"),
    cases=_ticks,
    mistakes=(
        (
            "h shows c itself: it is o times *tanh* of c. The cell may count to 20, but what is "
            "shown stays between -1 and 1.",
            _tick(lambda o, c: o * c),
        ),
        (
            "h shows the old cell: update c first.",
            _shows_the_old_cell,
        ),
        (
            "The output gate is inside the tanh: it multiplies tanh(c).",
            _tick(lambda o, c: np.tanh(o * c)),
        ),
        (
            "The output gate is missing: everything in the cell is shown.",
            _tick(lambda o, c: np.tanh(c)),
        ),
        (
            "h is the output gate alone: it says how *much* of the cell is shown.",
            _tick(lambda o, c: o),
        ),
        (
            "h is o times sigma(c). It is tanh here: what is shown may be negative.",
            _tick(lambda o, c: o * sigmoid(c)),
        ),
        (
            "All four have sigma: the candidate, the last of them, has tanh.",
            _tick(activate=sigmoid),
        ),
        (
            "All four have tanh: f, i and o are gates, and have sigma.",
            _tick(activate=np.tanh),
        ),
        (
            "The candidate is not squashed: it has tanh.",
            _tick(activate=lambda z: np.vstack([sigmoid(z[:3]), z[3:]])),
        ),
        (
            "The first two blocks are exchanged: f stands above i here.",
            _tick(order=(1, 0, 2, 3)),
        ),
        (
            "This is PyTorch's order, i, f, candidate, o. Here it is f, i, o, candidate.",
            _tick(order=(1, 0, 3, 2)),
        ),
        (
            "The last two blocks are exchanged: the output gate is the third, the candidate the "
            "fourth.",
            _tick(order=(0, 1, 3, 2)),
        ),
        (
            "The order is [x, h]: the weights for h are the first H columns.",
            _tick(stack=_swapped),
        ),
        (
            "The biases are missing.",
            _tick(bias=0),
        ),
        (
            "f and i are exchanged in the new cell: f belongs to the old cell, i to the candidate.",
            _tick(update=lambda f, c, i, new: i * c + f * new),
        ),
        (
            "The old cell is missing: c is f * c + i * c_tilde.",
            _tick(update=lambda f, c, i, new: i * new),
        ),
        (
            "f multiplies the old h: two memories are two variables, and f belongs to c.",
            _keeps_h,
        ),
        (
            "The four vectors are to be kept *after* sigma and tanh: the way back takes all "
            "slopes from there.",
            _tick(kept=lambda z, a: z),
        ),
    ),
)

# ----------------------------------------------------------------------------- one tick back


def tick_back(dh, dc_next, c_prev, c, a):
    f, i, o, c_tilde = a
    dc = dc_next + dh * o * (1 - np.tanh(c) ** 2)
    dz_f = dc * c_prev * f * (1 - f)
    dz_i = dc * c_tilde * i * (1 - i)
    dz_o = dh * np.tanh(c) * o * (1 - o)
    dz_c = dc * i * (1 - c_tilde**2)
    return dz_f, dz_i, dz_o, dz_c, f * dc


def _ticks_back(rng):
    c_prev, a = np.array([2.0, -1.0]), [[0.9, 0.5], [0.5, 0.2], [0.8, 0.1], [0.6, -0.8]]
    yield np.array([1.0, -2.0]), np.array([0.5, 0.3]), c_prev, *_cell_of(c_prev, np.array(a))
    for H in (1, 3, 5):
        dh, dc_next, c_prev = rng.normal(size=(3, H))
        yield dh, dc_next, c_prev, *_cell_of(c_prev, _four(rng, H))
    c_prev = np.zeros(2, int)
    yield np.array([1, -2]), np.array([0, 3]), c_prev, *_cell_of(c_prev, _four(rng, 2))


def _four(rng, H):
    """f, i, o and c_tilde of a tick, (4, H)."""
    return np.vstack([_open(rng, False, 3, H), rng.uniform(-0.9, 0.9, (1, H))])


def _cell_of(c_prev, a):
    """The new cell, and what made it."""
    f, i, _, c_tilde = a
    return f * c_prev + i * c_tilde, a


def _tick_back(
    into_cell=lambda dh, dc, o, c: dc + dh * o * (1 - np.tanh(c) ** 2),
    sigma_slope=lambda s: s * (1 - s),
    tanh_slope=lambda t: 1 - t**2,
    out=lambda dh, dc, c: dh * np.tanh(c),
    keeps=lambda f, dc: f * dc,
    partners=lambda c_prev, c, i, c_tilde: (c_prev, c_tilde, i),
):
    """The way back with one of its parts exchanged. `partners` are what f, i and c_tilde are
    multiplied by on the way forward."""

    def made(dh, dc_next, c_prev, c, a):
        f, i, o, c_tilde = a
        dc = into_cell(dh, dc_next, o, c)
        of_f, of_i, of_c = partners(c_prev, c, i, c_tilde)
        return (
            dc * of_f * sigma_slope(f),
            dc * of_i * sigma_slope(i),
            out(dh, dc, c) * sigma_slope(o),
            dc * of_c * tanh_slope(c_tilde),
            keeps(f, dc),
        )

    return made


TICK_BACK = Exercise(
    name="lstm.tick_back",
    title="One tick back",
    stub="""\
def tick_back(dh, dc_next, c_prev, c, a):
    dz_f, dz_i, dz_o, dz_c = ..., ..., ..., ...
    dc_prev = ...
    return dz_f, dz_i, dz_o, dz_c, dc_prev  # (H,) each
""",
    hints=(
        "c_t is used twice: in h_t = o tanh(c_t), and in the next cell. What comes back from "
        "each? When dc is known, every other factor in c_t = f c_prev + i c_tilde gets dc times "
        "its partner. Only the output gate is not in that formula.",
        "`f, i, o, c_tilde = a`, and `dc = dc_next + dh * o * (1 - np.tanh(c)**2)`. f has the "
        "partner c_prev, i has c_tilde, c_tilde has i, c_prev has f; o gets `dh * np.tanh(c)`. "
        "Then one slope each: s (1 - s) for the three gates, 1 - c_tilde**2 for the candidate, "
        "and none for dc_prev.",
    ),
    reference=tick_back,
    outputs=("dz_f", "dz_i", "dz_o", "dz_c", "dc_prev"),
    cases=_ticks_back,
    mistakes=(
        (
            "dc_next is dropped: c_t hears only of what its own tick showed. This is the path "
            "that the LSTM was made for.",
            _tick_back(lambda dh, dc, o, c: dh * o * (1 - np.tanh(c) ** 2)),
        ),
        (
            "dc_next gets this tick's forget gate: it has that of its own tick already. f belongs "
            "to what is handed on.",
            lambda dh, dc_next, c_prev, c, a: tick_back(dh, a[0] * dc_next, c_prev, c, a),
        ),
        (
            "c_t gets nothing from h_t: besides dc_next, blame comes in by h_t = o tanh(c_t).",
            _tick_back(lambda dh, dc, o, c: dc),
        ),
        (
            "The slope of tanh(c) is missing on the way from h to c: 1 - tanh(c)**2.",
            _tick_back(lambda dh, dc, o, c: dc + dh * o),
        ),
        (
            "The slope is 1 - tanh(c)**2. c is not a tanh yet, so 1 - c**2 is not it, and may "
            "even be negative.",
            _tick_back(lambda dh, dc, o, c: dc + dh * o * (1 - c**2)),
        ),
        (
            "The output gate is missing on the way from h to c: what was not shown has no blame.",
            _tick_back(lambda dh, dc, o, c: dc + dh * (1 - np.tanh(c) ** 2)),
        ),
        (
            "The slope of tanh(c) belongs to what comes from h alone. dc_next comes by the sum, "
            "and needs no slope: mind the brackets.",
            _tick_back(lambda dh, dc, o, c: (dc + dh * o) * (1 - np.tanh(c) ** 2)),
            _tick_back(lambda dh, dc, o, c: (dc + dh) * o * (1 - np.tanh(c) ** 2)),
        ),
        (
            "The output gate gets dh, not dc: it stands in h_t = o tanh(c_t), behind the cell.",
            _tick_back(out=lambda dh, dc, c: dc * np.tanh(c)),
        ),
        (
            "The partner of o is tanh(c), and not c.",
            _tick_back(out=lambda dh, dc, c: dh * c),
        ),
        (
            "The partner of o is missing: dh times tanh(c).",
            _tick_back(out=lambda dh, dc, c: dh),
        ),
        (
            "f was multiplied by the *old* cell, c_prev.",
            _tick_back(partners=lambda c_prev, c, i, c_tilde: (c, c_tilde, i)),
        ),
        (
            "The partners of f and i are exchanged: f stands beside c_prev, i beside c_tilde.",
            _tick_back(partners=lambda c_prev, c, i, c_tilde: (c_tilde, c_prev, i)),
        ),
        (
            "The partners are missing: in a product each factor gets dc times the *other* one.",
            _tick_back(partners=lambda c_prev, c, i, c_tilde: (1, 1, 1)),
        ),
        (
            "The slopes of sigma are missing: what the gates get is not yet what their "
            "pre-activations get. Multiply by s (1 - s).",
            _tick_back(sigma_slope=lambda s: 1),
        ),
        (
            "The gates have the slope of tanh. For sigma it is s (1 - s).",
            _tick_back(sigma_slope=lambda s: 1 - s**2),
        ),
        (
            "f, i and o are sigma(z) already: their slope is s (1 - s), without another sigma.",
            _tick_back(sigma_slope=lambda s: sigmoid(s) * (1 - sigmoid(s))),
        ),
        (
            "The slope of the candidate is missing: 1 - c_tilde**2.",
            _tick_back(tanh_slope=lambda t: 1),
        ),
        (
            "The candidate has the slope of sigma. It is a tanh: 1 - c_tilde**2.",
            _tick_back(tanh_slope=lambda t: t * (1 - t)),
        ),
        (
            "The candidate is tanh(z) already: 1 - c_tilde**2, without another tanh.",
            _tick_back(tanh_slope=lambda t: 1 - np.tanh(t) ** 2),
        ),
        (
            "It is handed on without the forget gate: dc_prev is f times dc. What was forgotten "
            "is not to blame.",
            _tick_back(keeps=lambda f, dc: dc),
        ),
        (
            "It is handed on with a slope. On the path from cell to cell there is none: dc_prev "
            "is f times dc.",
            _tick_back(keeps=lambda f, dc: f * (1 - f) * dc),
        ),
        (
            "Only dc_next is handed on: what came in by h_t belongs to dc, too.",
            lambda dh, dc_next, c_prev, c, a: (
                *tick_back(dh, dc_next, c_prev, c, a)[:4],
                a[0] * dc_next,
            ),
        ),
    ),
)

# ----------------------------------------------------------------------------- all ticks back


def bptt(own, x, h, c, a, W):
    H = own.shape[1]
    dW, db = np.zeros(W.shape), np.zeros(len(W))
    dh_next, dc_next = np.zeros(H), np.zeros(H)
    for t in reversed(range(len(x))):
        dh = own[t] + dh_next
        *dz, dc_next = tick_back(dh, dc_next, c[t], c[t + 1], a[t])
        dz = np.concatenate(dz)
        dW += np.outer(dz, np.concatenate([h[t], x[t]]))
        db += dz
        dh_next = W[:, :H].T @ dz
    return dW, db


def _forward(x, h0, c0, W, b):
    """States and gates of all ticks, as in the notebook."""
    h, c, a = [h0], [c0], []
    for x_t in x:
        h_t, c_t, a_t = tick(h[-1], c[-1], x_t, W, b)
        h, c, a = [*h, h_t], [*c, c_t], [*a, a_t]
    return np.array(h), np.array(c), np.array(a)


def _ways_back(rng):
    for T, H, D in [(2, 1, 1), (1, 3, 2), (5, 4, 3), (6, 2, 1), (4, 2, 2)]:
        x, W = rng.normal(size=(T, D)), rng.normal(size=(4 * H, H + D))
        states = _forward(x, *rng.normal(size=(2, H)), W, rng.normal(size=4 * H))
        yield rng.normal(size=(T, H)), x, *states, W
    word, W = np.eye(3, dtype=int)[[0, 2, 2, 1]], rng.normal(size=(8, 5))
    states = _forward(word, np.zeros(2, int), np.zeros(2, int), W, rng.normal(size=8))
    yield np.array([[0, 0], [1, 0], [0, 0], [-1, 2]]), word, *states, W


def _walk(
    ticks=reversed,
    cells=lambda c, t: (c[t], c[t + 1]),
    stack=lambda h, x, t: np.concatenate([h[t], x[t]]),
    add=lambda total, new: total + new,
    scale=lambda T: 1,
    to_h=lambda W, dz, H, dh_next: W[:, :H].T @ dz,
    hand_on=lambda dc_prev, f: dc_prev,
    join=lambda own, dh_next: own + dh_next,
):
    """Backpropagation through time with one of its parts exchanged."""

    def made(own, x, h, c, a, W):
        T, H = own.shape
        dW, db, dh_next, dc_next = np.zeros(W.shape), np.zeros(len(W)), np.zeros(H), np.zeros(H)
        for t in ticks(range(T)):
            dh = join(own[t], dh_next)
            *dz, dc_prev = tick_back(dh, dc_next, *cells(c, t), a[t])
            dz = np.concatenate(dz)
            dW, db = add(dW, np.outer(dz, stack(h, x, t))), add(db, dz)
            dh_next, dc_next = to_h(W, dz, H, dh_next), hand_on(dc_prev, a[t, 0])
        return scale(T) * dW, scale(T) * db

    return made


def _write_into_own(own, dh_next):
    own += dh_next
    return own


BPTT = Exercise(
    name="lstm.bptt",
    title="Backpropagation through time, on two paths",
    stub="""\
def bptt(own, x, h, c, a, W):
    dW, db = ..., ...
    return dW, db
""",
    hints=(
        "Two things come back from the tick after: dh_next through the gates, dc_next along the "
        "cell. With what do both begin after the last tick? And all four dz of a tick reach "
        "h[t] through the same matrix: which of its columns?",
        "Call your `tick_back` with `own[t] + dh_next`, dc_next, `c[t]`, `c[t + 1]` and `a[t]`; "
        "join its four dz with `np.concatenate`. Then dW gets `+= np.outer(dz, [h[t], x[t]])`, "
        "db gets += dz, and `dh_next = W[:, :H].T @ dz`. dc_next is what `tick_back` returned "
        "last.",
    ),
    reference=bptt,
    outputs=("dW", "db"),
    cases=_ways_back,
    mistakes=(
        (
            "dc_next is dropped: the path along the cell is cut, and the blame is left with the "
            "matrices, as in a simple network.",
            _walk(hand_on=lambda dc_prev, f: 0 * dc_prev),
        ),
        (
            "dh_next is dropped: what the gates of the next tick made of h[t] is forgotten. Both "
            "paths lead back.",
            _walk(to_h=lambda W, dz, H, dh_next: 0 * dh_next),
        ),
        (
            "dh_next and dc_next are both dropped: every tick learns from its own answer alone.",
            _walk(
                to_h=lambda W, dz, H, dh_next: 0 * dh_next,
                hand_on=lambda dc_prev, f: 0 * dc_prev,
            ),
        ),
        (
            "Each tick overwrites what the others gave: it is `+=`, not `=`. The weights are "
            "shared, so their gradients add up.",
            _walk(add=lambda total, new: new),
        ),
        (
            "f is multiplied on twice: what `tick_back` returns as dc_prev has it already.",
            _walk(hand_on=lambda dc_prev, f: f * dc_prev),
        ),
        (
            "f is missing on the path along the cell: what is handed on is f times dc.",
            _walk(hand_on=lambda dc_prev, f: dc_prev / f),
        ),
        (
            "You walk forward in time: blame comes from later ticks, so begin with the last one.",
            _walk(ticks=iter),
        ),
        (
            "The loop stops before the first tick: `range(T - 1, 0, -1)` leaves out t = 0. "
            "`reversed(range(T))` does not.",
            _walk(ticks=lambda r: reversed(r[1:])),
        ),
        (
            "dh_next comes through the wrong columns of W: those for h are the *first* H.",
            _walk(to_h=lambda W, dz, H, dh_next: W[:, -H:].T @ dz),
        ),
        (
            "dh_next comes through one gate only: h[t] went into all four, so all four send "
            "something back.",
            *(
                _walk(
                    to_h=lambda W, dz, H, dh_next, k=k: (
                        W[:, :H].reshape(4, H, H)[k].T @ _blocks(dz, 4)[k]
                    )
                )
                for k in range(4)
            ),
        ),
        (
            "dh_next piles up: it is only what comes from the tick right after, `=` and not `+=`.",
            _walk(to_h=lambda W, dz, H, dh_next: dh_next + W[:, :H].T @ dz),
        ),
        (
            "dW is made with the state *after* the tick. What went through W was the one before "
            "it, `h[t]`.",
            _walk(stack=lambda h, x, t: _stack(h[t + 1], x[t])),
        ),
        (
            "dW is made with [x, h]: its first H columns belong to h.",
            _walk(stack=lambda h, x, t: _swapped(h[t], x[t])),
        ),
        (
            "The cell is one tick off: tick t led from `c[t]` to `c[t + 1]`.",
            _walk(cells=lambda c, t: (c[t], c[t])),
            _walk(cells=lambda c, t: (c[t + 1], c[t + 1])),
        ),
        (
            "The old and the new cell are exchanged: tick t led from `c[t]` to `c[t + 1]`.",
            _walk(cells=lambda c, t: (c[t + 1], c[t])),
        ),
        (
            "You took the mean over the ticks. The weights get the sum; what has to be divided, "
            "the loss has divided already.",
            _walk(scale=lambda T: 1 / T),
        ),
        (
            "All signs are wrong: these gradients are what makes J grow, the minus comes with "
            "the update.",
            _walk(scale=lambda T: -1),
        ),
        (
            "`own[t] += dh_next` writes into what came in, and where that holds whole numbers it "
            "cannot take fractions. Write `dh = own[t] + dh_next`.",
            _walk(join=_write_into_own),
        ),
    ),
)

# --------------------------------------------------------------------------- the forget bias


def forget_bias(ticks, share):
    H = len(ticks)
    f = share ** (1 / ticks)
    b = np.zeros(4 * H)
    b[:H] = np.log(f / (1 - f))
    return b


def _memories(rng):
    yield np.array([1.0, 2.0, 10.0]), 0.5
    yield np.array([100.0]), 0.5
    yield np.array([20, 5]), 0.1
    for H, share in [(4, 0.9), (2, 1 / np.e), (5, 0.01)]:
        yield rng.uniform(1, 200, H), share


def _bias(
    gate=lambda ticks, share: share ** (1 / ticks),
    inverse=lambda f: np.log(f / (1 - f)),
    place=lambda b_f: np.concatenate([b_f, np.zeros(3 * len(b_f))]),
):
    """The biases with one of the parts exchanged."""
    return lambda ticks, share: place(inverse(gate(ticks, share)))


def _at(block):
    """The values in another of the four blocks."""
    return lambda b_f: np.outer(np.eye(4)[block], b_f).ravel()


FORGET_BIAS = Exercise(
    name="lstm.forget_bias",
    title="How long should it remember?",
    stub="""\
def forget_bias(ticks, share):
    b = ...
    return b  # (4 H,), in the order f, i, o, candidate
""",
    hints=(
        "Left alone, a cell is multiplied by f at each tick. Which f leaves the share after that "
        "many ticks? And which bias makes a gate that sees nothing else say f?",
        "f**ticks = share gives `f = share ** (1 / ticks)`. sigma(b) = f is solved by "
        "b = log(f / (1 - f)). The forget gate has the first H of the 4 H biases; the others stay "
        "0.",
    ),
    reference=forget_bias,
    outputs=("b",),
    cases=_memories,
    mistakes=(
        (
            "This is f, the gate. The bias is what stands inside sigma: b = log(f / (1 - f)).",
            _bias(inverse=lambda f: f),
        ),
        (
            "The logarithm of f is not enough: sigma(b) = f is solved by log(f / (1 - f)).",
            _bias(inverse=np.log),
        ),
        (
            "The sign is the wrong way round: with this bias the gate says 1 - f, and nearly "
            "everything is gone after one tick.",
            _bias(inverse=lambda f: np.log((1 - f) / f)),
        ),
        (
            "arctanh undoes tanh. What undoes the logistic function is log(f / (1 - f)).",
            _bias(inverse=np.arctanh),
        ),
        (
            "This is the rule of thumb log(T - 1), for a share of about 1/e. Here the share is "
            "given, and it is to be exact: solve f**T = share.",
            _bias(gate=lambda ticks, share: 1 - 1 / ticks),
            _bias(gate=lambda ticks, share: ticks, inverse=lambda T: np.log(T - 1)),
        ),
        (
            "The loss is spread in equal parts, as if each tick took the same amount off. Each "
            "takes the same *share* of what is left: f**T = share.",
            _bias(gate=lambda ticks, share: 1 - (1 - share) / ticks),
        ),
        (
            "f is share to the power of ticks; it should be the root, `share ** (1 / ticks)`. "
            "The longer the memory, the nearer is f to 1.",
            _bias(gate=lambda ticks, share: share**ticks),
        ),
        (
            "You solved for the share that is *lost*: share is what is left after all ticks.",
            _bias(gate=lambda ticks, share: (1 - share) ** (1 / ticks)),
        ),
        (
            "The number of ticks is not used: this bias leaves the share after a single tick.",
            _bias(gate=lambda ticks, share: share + 0 * ticks),
        ),
        (
            "All four got the bias. It belongs to the forget gate; open input and output gates "
            "are another matter, and the candidate would always be near 1.",
            _bias(place=lambda b_f: np.tile(b_f, 4)),
        ),
        (
            "The bias is at the wrong gate: the first H numbers belong to the forget gate. (In "
            "PyTorch they belong to the input gate, and many a forget bias has got lost there.)",
            *(_bias(place=_at(block)) for block in (1, 2, 3)),
        ),
        (
            "The numbers are spread, one in four. The gates stand in blocks of H: f has the first.",
            _bias(place=lambda b_f: np.outer(b_f, np.eye(4)[0]).ravel()),
        ),
        (
            "These are b_f, H numbers: the answer has 4 H, of which the other 3 H are 0.",
            _bias(place=lambda b_f: b_f),
        ),
        (
            "Another logarithm: sigma is made with e, so it is the natural one, `np.log`.",
            _bias(inverse=lambda f: np.log10(f / (1 - f))),
            _bias(inverse=lambda f: np.log2(f / (1 - f))),
        ),
    ),
)

# -------------------------------------------------------------------------------------- a GRU


def gru(h, x_t, W, b):
    H = len(h)
    hx = np.concatenate([h, x_t])
    r, u = sigmoid(W[: 2 * H] @ hx + b[: 2 * H]).reshape(2, H)
    W_n, b_n = W[2 * H :], b[2 * H :]
    h_tilde = np.tanh(r * (W_n[:, :H] @ h) + W_n[:, H:] @ x_t + b_n)
    return u * h + (1 - u) * h_tilde


def _gru(
    output=lambda u, h, new: u * h + (1 - u) * new,
    squash=np.tanh,
    inside=lambda r, W_nh, h, from_x, b_n: r * (W_nh @ h) + from_x + b_n,
    order=(0, 1),
    gate=sigmoid,
    stack=_stack,
    bias=1,
):
    """A tick of the GRU with one of its parts exchanged."""

    def made(h, x_t, W, b):
        H = len(h)
        z = W[: 2 * H] @ stack(h, x_t) + bias * b[: 2 * H]
        r, u = gate(_blocks(z, 2))[list(order)]
        W_n, b_n = W[2 * H :], bias * b[2 * H :]
        new = squash(inside(r, W_n[:, :H], h, W_n[:, H:] @ x_t, b_n))
        return output(u, h, new)

    return made


GRU = Exercise(
    name="lstm.gru",
    title="The other cell: a GRU",
    stub="""\
def gru(h, x_t, W, b):
    return ...  # (H,): the new state
""",
    hints=(
        "Two gates are made as before, from the first 2 H rows. The candidate needs its rows in "
        "two parts: the columns for h and those for x. On which of them does r act?",
        "`W_n = W[2 * H:]`; inside the tanh stands `r * (W_n[:, :H] @ h) + W_n[:, H:] @ x_t + "
        "b[2 * H:]`. The update gate mixes: u times the old state, 1 - u times the candidate.",
    ),
    reference=gru,
    outputs=("h",),
    cases=_three_gates,
    mistakes=(
        (
            "u and 1 - u are exchanged: here u says how much *stays*. (Papers do "
            "not agree on this; the formula above is PyTorch's.)",
            _gru(lambda u, h, new: (1 - u) * h + u * new),
        ),
        (
            "The gates are exchanged: the first H rows are those of the reset gate r.",
            _gru(order=(1, 0)),
        ),
        (
            "r is missing: it says how much of the old state the candidate gets to see.",
            _gru(inside=lambda r, W_nh, h, from_x, b_n: W_nh @ h + from_x + b_n),
        ),
        (
            "r acts on h before the matrix. So it was in the first paper; here, as in PyTorch, it "
            "acts on the product, `r * (W_nh @ h)`.",
            _gru(inside=lambda r, W_nh, h, from_x, b_n: W_nh @ (r * h) + from_x + b_n),
        ),
        (
            "r multiplies everything inside the tanh. It acts on what comes from h alone; the "
            "input is to come in untouched.",
            _gru(inside=lambda r, W_nh, h, from_x, b_n: r * (W_nh @ h + from_x + b_n)),
            _gru(inside=lambda r, W_nh, h, from_x, b_n: r * (W_nh @ h + from_x) + b_n),
        ),
        (
            "r acts on the bias, too: b_n stands outside. (PyTorch has two biases there, one "
            "inside.)",
            _gru(inside=lambda r, W_nh, h, from_x, b_n: r * (W_nh @ h + b_n) + from_x),
        ),
        (
            "r multiplies h without its matrix: the candidate sees `r * (W_nh @ h)`.",
            _gru(inside=lambda r, W_nh, h, from_x, b_n: r * h + from_x + b_n),
        ),
        (
            "The candidate is not squashed: it has tanh.",
            _gru(squash=lambda z: z),
        ),
        (
            "The candidate has tanh, not sigma.",
            _gru(squash=sigmoid),
        ),
        (
            "The gates have sigma, not tanh.",
            _gru(gate=np.tanh),
        ),
        (
            "The old state is missing: `u * h` is the path on which the GRU remembers.",
            _gru(lambda u, h, new: (1 - u) * new),
            _gru(lambda u, h, new: new),
        ),
        (
            "The old state stays whole: it gets u, so that the two shares add up to 1.",
            _gru(lambda u, h, new: h + (1 - u) * new),
        ),
        (
            "The candidate comes in whole: it gets 1 - u, so that the two shares add up to 1.",
            _gru(lambda u, h, new: u * h + new),
        ),
        (
            "There is a tanh too many: the mixture of old state and candidate is the new state.",
            _gru(lambda u, h, new: np.tanh(u * h + (1 - u) * new)),
        ),
        (
            "The order is [x, h]: the weights for h are the first H columns.",
            _gru(stack=_swapped),
        ),
        (
            "The biases are missing.",
            _gru(bias=0),
        ),
    ),
)

EXERCISES = (
    FORGET,
    GATES,
    CELL,
    TICK,
    TICK_BACK,
    BPTT,
    FORGET_BIAS,
    GRU,
)  # fmt: skip
