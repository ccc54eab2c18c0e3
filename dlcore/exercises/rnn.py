"""The exercises of chapters/rnn. One sequence: x is (T, D), and h holds the states h_0 to h_T as
(T + 1, H). `own` is what each state gets from the answer of its own tick."""

import numpy as np

from .draw import normal
from .exercise import Exercise


def _short(h):
    """States with one decimal, none of them 1, where tanh never gets."""
    return np.clip(h.round(1), -0.9, 0.9)


# ----------------------------------------------------------------------------------- one tick


def tick(x_t, h, W_hx, W_hh, b_h):
    return np.tanh(W_hx @ x_t + W_hh @ h + b_h)


def _ticks(rng):
    for D, H in [(2, 2), (3, 4), (1, 3), (4, 1), (3, 3)]:
        draw = normal(rng, D == 2)
        yield draw(D), draw(H), draw(H, D), draw(H, H), draw(H)
    letter, start = np.array([0, 1, 0]), np.zeros(2, int)
    yield letter, start, rng.normal(size=(2, 3)), rng.normal(size=(2, 2)), rng.normal(size=2)


def _tick(output=np.tanh, from_h=lambda W, h: W @ h, from_x=lambda W, x: W @ x, bias=1):
    """A tick with one of its parts exchanged."""

    def made(x_t, h, W_hx, W_hh, b_h):
        return output(from_x(W_hx, x_t) + from_h(W_hh, h) + bias * b_h)

    return made


TICK = Exercise(
    name="rnn.tick",
    title="One tick",
    stub="""\
def tick(x_t, h, W_hx, W_hh, b_h):
    return ...  # (H,): the new state
""",
    hints=(
        "Three terms go into the tanh. Which of them has a number for each hidden unit, and comes "
        "from this tick, and which from the tick before?",
        "`W_hx @ x_t` is (H, D) times (D,), `W_hh @ h` is (H, H) times (H,): both are (H,), like "
        "b_h. Add the three, then take `np.tanh` of the sum.",
    ),
    reference=tick,
    outputs=("h",),
    cases=_ticks,
    mistakes=(
        (
            "W_hh is transposed. Row k holds the weights *to* unit k: `W_hh @ h`. The shapes do "
            "not tell, since W_hh is square.",
            _tick(from_h=lambda W, h: W.T @ h),
        ),
        (
            "The past is missing: without `W_hh @ h` this is a dense layer, and remembers nothing.",
            _tick(from_h=lambda W, h: 0),
        ),
        (
            "h is added as it is: it has to go through W_hh.",
            _tick(from_h=lambda W, h: h),
        ),
        (
            "The input is missing: `W_hx @ x_t` is the third term.",
            _tick(from_x=lambda W, x: 0),
        ),
        (
            "The bias is missing: what goes into tanh has three terms.",
            _tick(bias=0),
        ),
        (
            "You return the pre-activation: the new state is tanh of it.",
            _tick(output=lambda z: z),
        ),
        (
            "This is the logistic function; here sigma is tanh.",
            _tick(output=lambda z: 1 / (1 + np.exp(-z))),
        ),
        (
            "The old state is added to the new one. What is kept of it is for W_hh to say.",
            lambda x_t, h, W_hx, W_hh, b_h: h + tick(x_t, h, W_hx, W_hh, b_h),
        ),
        (
            "tanh is taken term by term. Add the terms first: tanh is not linear.",
            lambda x_t, h, W_hx, W_hh, b_h: np.tanh(W_hx @ x_t) + np.tanh(W_hh @ h) + np.tanh(b_h),
            lambda x_t, h, W_hx, W_hh, b_h: np.tanh(W_hx @ x_t + b_h) + np.tanh(W_hh @ h),
            lambda x_t, h, W_hx, W_hh, b_h: np.tanh(W_hx @ x_t) + np.tanh(W_hh @ h) + b_h,
            lambda x_t, h, W_hx, W_hh, b_h: np.tanh(W_hx @ x_t) + W_hh @ h + b_h,
        ),
    ),
)

# -------------------------------------------------------------------------------- all states


def states(x, h0, W_hx, W_hh, b_h):
    h = np.zeros((len(x) + 1, len(h0)))
    h[0] = h0
    for t in range(len(x)):
        h[t + 1] = np.tanh(W_hx @ x[t] + W_hh @ h[t] + b_h)
    return h


def _sequences(rng):
    for T, D, H in [(2, 2, 2), (1, 2, 3), (5, 3, 4), (6, 1, 2), (4, 2, 1)]:
        draw = normal(rng, T == D == H)
        yield draw(T, D), draw(H), draw(H, D), draw(H, H), draw(H)
    word, start = np.eye(3, dtype=int)[[0, 2, 2, 1]], np.zeros(2, int)
    yield word, start, rng.normal(size=(2, 3)), rng.normal(size=(2, 2)), rng.normal(size=2)


def _run(follow, kept=slice(None)):
    """All states if `follow(h, new)` is what the next tick starts from; then some of them."""

    def made(x, h0, W_hx, W_hh, b_h):
        h, all_h = h0, [h0]
        for x_t in x:
            new = tick(x_t, h, W_hx, W_hh, b_h)
            all_h.append(new)
            h = follow(h, new)
        return np.array(all_h, float)[kept]

    return made


def _leave_out(tick_of):
    """All states but one, which stays 0: that of the tick tick_of(T), counted from 0."""

    def made(x, h0, W_hx, W_hh, b_h):
        h = np.zeros((len(x) + 1, len(h0)))
        h[0] = h0
        for t in range(len(x)):
            if t != tick_of(len(x)):
                h[t + 1] = tick(x[t], h[t], W_hx, W_hh, b_h)
        return h

    return made


STATES = Exercise(
    name="rnn.states",
    title="All ticks",
    stub="""\
def states(x, h0, W_hx, W_hh, b_h):
    h = ...  # (T + 1, H), with h0 in row 0
    return h
""",
    hints=(
        "How many rows has h, if x has T? Which row does a tick read, and which does it write?",
        "Make `h = np.zeros((len(x) + 1, len(h0)))` and put h0 into `h[0]`. In the loop over t, "
        "`x[t]` and `h[t]` give `h[t + 1]`.",
    ),
    reference=states,
    outputs=("h",),
    cases=_sequences,
    mistakes=(
        (
            "Every tick begins from h0 again: the new state has to be what the next tick reads.",
            _run(lambda h, new: h),
        ),
        (
            "Row 0 is missing: begin with h0. The way back will need it.",
            _run(lambda h, new: new, slice(1, None)),
        ),
        (
            "The last state is missing: T ticks leave T + 1 states, the first one included.",
            _run(lambda h, new: new, slice(-1)),
        ),
        (
            "The loop leaves the last tick out, and its row as it was: `range(len(x))` goes "
            "through all T of them.",
            _leave_out(lambda T: T - 1),
        ),
        (
            "The loop leaves the first tick out: t = 0 leads from `h[0]` to `h[1]`.",
            _leave_out(lambda T: 0),
        ),
        (
            "That is the last state alone: keep all of them, a row each.",
            _run(lambda h, new: new, -1),
        ),
        (
            "Row 0 is not h0: a sequence may go on where another has stopped.",
            lambda x, h0, W_hx, W_hh, b_h: states(x, 0 * h0, W_hx, W_hh, b_h),
        ),
        (
            "Row 0 is zero, and yet the first tick reads h0: put h0 into row 0.",
            lambda x, h0, *weights: np.vstack([0 * h0, states(x, h0, *weights)[1:]]),
        ),
        (
            "The states add up: each new state replaces the old one.",
            _run(lambda h, new: h + new),
        ),
        (
            "The sequence runs backwards: begin with `x[0]`.",
            lambda x, *rest: states(x[::-1], *rest),
        ),
        (
            "W_hh is transposed: it is `W_hh @ h[t]`, as in one tick.",
            lambda x, h0, W_hx, W_hh, b_h: states(x, h0, W_hx, W_hh.T, b_h),
        ),
    ),
)

# ------------------------------------------------------------------------------- one tick back


def tick_back(own, dz_next, h, W_hh):
    dh = own + W_hh.T @ dz_next
    return dh * (1 - h**2)


def _ticks_back(rng):
    for H in (2, 1, 3, 5):
        draw = normal(rng, H == 2)
        h = np.tanh(rng.normal(size=H))
        yield draw(H), draw(H), _short(h) if H == 2 else h, draw(H, H)
    yield np.array([1, -2]), np.zeros(2, int), np.array([0.5, -0.5]), rng.normal(size=(2, 2))


def _tick_back(
    from_future=lambda W, dz: W.T @ dz,
    slope=lambda h: 1 - h**2,
    own=1,
):
    """The way back with one of its parts exchanged; `own` counts that term."""

    def made(own_term, dz_next, h, W_hh):
        return (own * own_term + from_future(W_hh, dz_next)) * slope(h)

    return made


TICK_BACK = Exercise(
    name="rnn.tick_back",
    title="One tick back",
    stub="""\
def tick_back(own, dz_next, h, W_hh):
    dz = ...
    return dz  # (H,)
""",
    hints=(
        "h_t is used twice: in the answer of its own tick, and in z of the next one. What comes "
        "back from the second use, if z_next = ... + W_hh h?",
        "`dh = own + W_hh.T @ dz_next`. From h to z it is one slope a unit, and that of tanh can "
        "be had from h.",
    ),
    reference=tick_back,
    outputs=("dz",),
    cases=_ticks_back,
    mistakes=(
        (
            "The future is missing: what went wrong later comes back as `W_hh.T @ dz_next`. "
            "Without it, nobody learns to remember.",
            _tick_back(from_future=lambda W, dz: 0),
        ),
        (
            "The answer of this tick is missing: `own` is the other of the two terms.",
            _tick_back(own=0),
        ),
        (
            "W_hh is not transposed. Forward, unit j speaks to unit k by W_hh[k, j]; blame goes "
            "the other way: `W_hh.T @ dz_next`.",
            _tick_back(from_future=lambda W, dz: W @ dz),
        ),
        (
            "dz_next comes back without W_hh: each unit is to blame as far as its weights carried "
            "what it said.",
            _tick_back(from_future=lambda W, dz: dz),
        ),
        (
            "This is dh. One slope is missing to get to dz: multiply by 1 - h**2.",
            _tick_back(slope=lambda h: 1),
        ),
        (
            "h is tanh(z) already: the slope is 1 - h**2, without another tanh.",
            _tick_back(slope=lambda h: 1 - np.tanh(h) ** 2),
        ),
        (
            "h (1 - h) is the slope of the logistic function; the units have tanh.",
            _tick_back(slope=lambda h: h * (1 - h)),
        ),
        (
            "The square is missing: the slope is `1 - h**2`.",
            _tick_back(slope=lambda h: 1 - h),
            _tick_back(slope=lambda h: 1 - 2 * h),
        ),
        (
            "The slope belongs to the sum. Both ways into h_t go on through the same tanh: mind "
            "the brackets.",
            lambda own, dz_next, h, W_hh: own + W_hh.T @ dz_next * (1 - h**2),
            lambda own, dz_next, h, W_hh: own * (1 - h**2) + W_hh.T @ dz_next,
        ),
        (
            "The slope came too early: this one belongs to tick t, after W_hh and not before it.",
            lambda own, dz_next, h, W_hh: own * (1 - h**2) + W_hh.T @ (dz_next * (1 - h**2)),
        ),
    ),
)

# ------------------------------------------------------------------------------- all ticks back


def bptt(own, x, h, W_hh):
    dW_hx, dW_hh = np.zeros((len(W_hh), x.shape[1])), np.zeros(W_hh.shape)
    db_h = np.zeros(len(W_hh))
    dz = np.zeros(len(W_hh))
    for t in reversed(range(len(x))):
        dz = tick_back(own[t], dz, h[t + 1], W_hh)
        dW_hx += np.outer(dz, x[t])
        dW_hh += np.outer(dz, h[t])
        db_h += dz
    return dW_hx, dW_hh, db_h


def _ways_back(rng):
    for T, D, H in [(2, 2, 2), (1, 2, 3), (5, 3, 4), (6, 1, 2), (4, 2, 2)]:
        draw = normal(rng, T == D == H)
        x, W_hh = draw(T, D), draw(H, H)
        h = states(x, draw(H), draw(H, D), W_hh, draw(H))
        yield draw(T, H), x, _short(h) if T == D == H else h, W_hh
    word, W_hh = np.eye(3, dtype=int)[[0, 2, 2, 1]], rng.normal(size=(2, 2))
    h = states(word, np.zeros(2), rng.normal(size=(2, 3)), W_hh, rng.normal(size=2))
    yield np.array([[0, 0], [1, 0], [0, 0], [-1, 2]]), word, h, W_hh


def _walk(
    back=tick_back,
    ticks=reversed,
    state=lambda h, t: h[t + 1],
    before=lambda h, t: h[t],
    add=lambda total, new: total + new,
    scale=lambda T: 1,
):
    """Backpropagation through time with one of its parts exchanged."""

    def made(own, x, h, W_hh):
        T, H = own.shape
        dz, totals = np.zeros(H), [np.zeros((H, x.shape[1])), np.zeros((H, H)), np.zeros(H)]
        for t in ticks(range(T)):
            dz = back(own[t], dz, state(h, t), W_hh)
            new = np.outer(dz, x[t]), np.outer(dz, before(h, t)), dz
            totals = [add(total, n) for total, n in zip(totals, new, strict=True)]
        return tuple(scale(T) * total for total in totals)

    return made


def _hands_dh_on(own, x, h, W_hh):
    dh, all_dz = np.zeros(len(W_hh)), np.zeros(own.shape)
    for t in reversed(range(len(x))):
        dh = own[t] + W_hh.T @ dh
        all_dz[t] = dh * (1 - h[t + 1] ** 2)
    return all_dz.T @ x, all_dz.T @ h[:-1], all_dz.sum(0)


BPTT = Exercise(
    name="rnn.bptt",
    title="Backpropagation through time",
    stub="""\
def bptt(own, x, h, W_hh):
    dW_hx, dW_hh, db_h = ..., ..., ...
    return dW_hx, dW_hh, db_h
""",
    hints=(
        "Walk from the last tick to the first. Each tick needs dz of the tick after it; what does "
        "the last one get? And what does each tick give to the three gradients, which belong to "
        "all ticks together?",
        "Begin with dz = 0. `x[t]` and `h[t]` went into the tick, `h[t + 1]` came out of it: "
        "`dz = tick_back(own[t], dz, h[t + 1], W_hh)`, and then `+=` with `np.outer(dz, x[t])`, "
        "`np.outer(dz, h[t])` and dz.",
    ),
    reference=bptt,
    outputs=("dW_hx", "dW_hh", "db_h"),
    cases=_ways_back,
    mistakes=(
        (
            "Each tick overwrites what the others gave: it is `+=`, not `=`. The weights are "
            "shared, so their gradients add up.",
            _walk(add=lambda total, new: new),
        ),
        (
            "The future is missing: every tick learns from its own answer alone. Hand dz on to "
            "the tick before.",
            _walk(back=lambda own, dz, h, W: tick_back(own, 0 * dz, h, W)),
        ),
        (
            "You walk forward in time: blame comes from later ticks, so begin with the last one.",
            _walk(ticks=iter),
        ),
        (
            "The slope is taken one tick too early: `h[t]` is the state before the tick, and tanh "
            "made `h[t + 1]`.",
            _walk(state=lambda h, t: h[t]),
        ),
        (
            "dW_hh is made with the state *after* the tick. What went through W_hh was the one "
            "before it, `h[t]`.",
            _walk(before=lambda h, t: h[t + 1]),
        ),
        (
            "W_hh is not transposed on the way back: `W_hh.T @ dz`.",
            _walk(back=lambda own, dz, h, W: tick_back(own, dz, h, W.T)),
        ),
        (
            "The slope of tanh is missing: dz is dh times 1 - h**2.",
            _walk(back=lambda own, dz, h, W: own + W.T @ dz),
        ),
        (
            "dh is handed on to the tick before. What goes back through W_hh is dz, behind the "
            "slope.",
            _hands_dh_on,
        ),
        (
            "You took the mean over the ticks. The weights get the sum; what has to be divided, "
            "the loss has divided already.",
            _walk(scale=lambda T: 1 / T),
        ),
        (
            "The loop stops before the first tick: `range(T - 1, 0, -1)` leaves out t = 0. "
            "`reversed(range(T))` does not.",
            _walk(ticks=lambda r: reversed(r[1:])),
        ),
        (
            "All signs are wrong: these gradients are what makes J grow, the minus comes with the "
            "update.",
            _walk(scale=lambda T: -1),
        ),
    ),
)

# ----------------------------------------------------------------------- product of Jacobians


def jacobian(h, W_hh):
    product = np.eye(len(W_hh))
    for h_t in h[1:]:
        product = (1 - h_t**2)[:, None] * W_hh @ product
    return product


def _paths(rng):
    for T, H in [(2, 2), (1, 3), (4, 3), (7, 2), (3, 1)]:
        h = np.tanh(rng.normal(size=(T + 1, H)))
        yield _short(h) if T == H else h, normal(rng, T == H)(H, H)
    yield np.zeros((3, 2), int), np.array([[1, 2], [0, 1]])


def _product(
    factor=lambda h, W: (1 - h**2)[:, None] * W,
    join=lambda A, product: A @ product,
    steps=lambda h: h[1:],
):
    """The product with one of its parts exchanged."""

    def made(h, W_hh):
        product = np.eye(len(W_hh))
        for h_t in steps(h):
            product = join(factor(h_t, W_hh), product)
        return product

    return made


JACOBIAN = Exercise(
    name="rnn.jacobian",
    title="How far does a nudge get?",
    stub="""\
def jacobian(h, W_hh):
    return ...  # (H, H): d h_T / d h_0
""",
    hints=(
        "Nudge h_0 by a small vector. The next state moves by A_1 times it, the one after by A_2 "
        "A_1 times it. On which side does each new matrix go?",
        "Begin with `np.eye(len(W_hh))`. diag(s) W has the rows of W, each times its own number: "
        "`(1 - h_t**2)[:, None] * W_hh`. Each new matrix goes to the left.",
    ),
    reference=jacobian,
    outputs=("product",),
    cases=_paths,
    mistakes=(
        (
            "The order is the wrong way round: later ticks stand on the left, A_T ... A_1.",
            _product(join=lambda A, product: product @ A),
        ),
        (
            "The slopes multiply the columns of W_hh; diag(s) W multiplies its *rows*. Make s a "
            "column: `s[:, None] * W_hh`.",
            _product(factor=lambda h, W: (1 - h**2) * W),
        ),
        (
            "W_hh is transposed: that is the way back. Forward, a nudge goes through W_hh itself.",
            _product(factor=lambda h, W: (1 - h**2)[:, None] * W.T),
        ),
        (
            "The slopes are missing: this is a power of W_hh, as if there were no tanh.",
            _product(factor=lambda h, W: W),
        ),
        (
            "One factor too many: h_0 has not come out of a tick. The slopes belong to h_1 to h_T.",
            _product(steps=lambda h: h),
        ),
        (
            "The slopes are one tick off: h_0 has none, and h_T has one.",
            _product(steps=lambda h: h[:-1]),
        ),
        (
            "The matrices are multiplied number by number: use `@`.",
            _product(join=lambda A, product: A * product),
        ),
        (
            "That is only the last factor: multiply it on to those before.",
            _product(join=lambda A, product: A),
        ),
        (
            "The factors are added: a chain of functions has the product of their derivatives.",
            _product(join=lambda A, product: A + product),
        ),
    ),
)

# ----------------------------------------------------------------------------------- clipping


def clip(dW, db, theta):
    norm = np.sqrt(np.sum(dW**2) + np.sum(db**2))
    scale = theta / max(norm, theta)
    return scale * dW, scale * db


def _gradients(rng):
    yield np.array([[3.0, 0.0], [0.0, 0.0]]), np.array([0.0, 4.0]), 1.0
    for shape, theta in [((3, 2), 0.5), ((2, 2), 100.0), ((1, 1), 0.2), ((4, 3), 3.0)]:
        yield rng.normal(size=shape), rng.normal(size=shape[0]), theta
    yield np.zeros((2, 3)), np.zeros(2), 1.0
    yield np.array([[30, -40]]), np.array([0]), 5.0


def _norm(*arrays):
    return np.sqrt(sum(np.sum(a**2) for a in arrays))


def _shorter(a, norm, theta):
    return a * (theta / max(norm, theta))


CLIP = Exercise(
    name="rnn.clip",
    title="Clipping by norm",
    stub="""\
def clip(dW, db, theta):
    return ..., ...  # dW and db, together no longer than theta
""",
    hints=(
        "Both arrays together are one long vector. What is its length? And what happens to a "
        "gradient that is shorter than theta?",
        "`norm = np.sqrt(np.sum(dW**2) + np.sum(db**2))`. Multiply both by theta / norm if it is "
        "above theta, and by 1 otherwise. `theta / max(norm, theta)` is both, and never divides by "
        "0.",
    ),
    reference=clip,
    outputs=("dW", "db"),
    cases=_gradients,
    mistakes=(
        (
            "Each array is clipped by itself, and that bends the direction of both together. Take "
            "one norm over both.",
            lambda dW, db, theta: (
                _shorter(dW, _norm(dW), theta),
                _shorter(db, _norm(db), theta),
            ),
        ),
        (
            "Each number is clipped by itself: that bends the direction. Multiply all by the same "
            "factor.",
            lambda dW, db, theta: (np.clip(dW, -theta, theta), np.clip(db, -theta, theta)),
        ),
        (
            "Short gradients are made longer: only shorten, with a factor of at most 1.",
            lambda dW, db, theta: (theta * dW / _norm(dW, db), theta * db / _norm(dW, db)),
            lambda dW, db, theta: tuple(g * theta / (_norm(dW, db) or 1) for g in (dW, db)),
        ),
        (
            "The square root is missing: the norm is the root of the sum of the squares.",
            lambda dW, db, theta: tuple(_shorter(g, _norm(dW, db) ** 2, theta) for g in (dW, db)),
        ),
        (
            "A gradient of zeros has the norm 0, and 0 / 0 is nan: look at the norm before you "
            "divide by it.",
            lambda dW, db, theta: tuple(
                g / _norm(dW, db) * min(_norm(dW, db), theta) for g in (dW, db)
            ),
        ),
        (
            "Nothing is clipped: where the norm is above theta, both arrays have to shrink.",
            lambda dW, db, theta: (1.0 * dW, 1.0 * db),
        ),
        (
            "Long gradients get the length 1: they should get the length theta.",
            lambda dW, db, theta: tuple(
                g / _norm(dW, db) if _norm(dW, db) > theta else 1.0 * g for g in (dW, db)
            ),
        ),
        (
            "Long gradients are thrown away: shorten them, their direction is still good.",
            lambda dW, db, theta: tuple(1.0 * g * (_norm(dW, db) <= theta) for g in (dW, db)),
        ),
        (
            "Only dW is counted: the norm is over both arrays.",
            lambda dW, db, theta: tuple(_shorter(g, _norm(dW), theta) for g in (dW, db)),
        ),
        (
            "The sum of two norms is not the norm of both: add the squares, then take the root.",
            lambda dW, db, theta: tuple(
                _shorter(g, _norm(dW) + _norm(db), theta) for g in (dW, db)
            ),
        ),
    ),
)

# --------------------------------------------------------------------------------- perplexity


def perplexity(p, mask):
    return np.exp(-np.mean(np.log(p[mask])))


def _answers(rng):
    yield np.array([[0.5, 0.1], [0.25, 0.2]]), np.array([[True, True], [True, False]])
    yield np.full((3, 2), 1 / 27), np.ones((3, 2), bool)
    for lengths in [(4,), (5, 2), (1, 1, 6), (3, 1, 2)]:
        mask = np.arange(max(lengths))[:, None] < lengths
        yield rng.uniform(0.02, 0.98, mask.shape), mask
    yield np.array([[0.5, 0.25], [0.2, 0.0]]), np.array([[True, True], [True, False]])


def _of_each(p, mask):
    """Mean -log p of each sequence by itself."""
    return np.array([-np.mean(np.log(p[mask[:, n], n])) for n in range(p.shape[1])])


PERPLEXITY = Exercise(
    name="rnn.perplexity",
    title="Perplexity of sequences of unequal lengths",
    stub="""\
def perplexity(p, mask):
    return ...  # a number, 1 at the least
""",
    hints=(
        "Which numbers of p count at all? Take the loss of each of them, the mean of all these "
        "losses, and undo the logarithm at the end.",
        "`p[mask]` are the numbers that count, in one row, whatever the lengths. The loss of a "
        "tick is `-np.log(p)`, and `np.exp` of the mean loss is the perplexity.",
    ),
    reference=perplexity,
    outputs=("perplexity",),
    cases=_answers,
    mistakes=(
        (
            "The filling is counted: where the mask is False there is no letter, and no answer to "
            "judge.",
            lambda p, mask: np.exp(-np.mean(np.log(p))),
        ),
        (
            "Where the mask is False p may be 0, and 0 times log 0 is nan: choose the numbers that "
            "count, `p[mask]`, before you take the logarithm.",
            lambda p, mask: np.exp(-np.sum(np.log(p) * mask) / mask.sum()),
            lambda p, mask: np.exp(-np.sum(np.log(p * mask)) / mask.sum()),
            lambda p, mask: np.exp(-np.mean(np.log(p * mask))),
        ),
        (
            "You divide by all ticks, the filling included: divide by the number of ticks that "
            "exist, `mask.sum()`.",
            lambda p, mask: np.exp(-np.sum(np.log(p[mask])) / mask.size),
        ),
        (
            "You took the mean of the sequences' means, and so a letter of a short name counts "
            "more. Take one mean over all letters.",
            lambda p, mask: np.exp(np.mean(_of_each(p, mask))),
            lambda p, mask: np.mean(np.exp(_of_each(p, mask))),
        ),
        (
            "The mean comes before the exponential: this is the mean of 1 / p, in which a single "
            "bad guess outweighs all others.",
            lambda p, mask: np.mean(1 / p[mask]),
        ),
        (
            "This is the mean loss in nats: the perplexity is e to the power of it.",
            lambda p, mask: -np.mean(np.log(p[mask])),
        ),
        (
            "The minus is missing: log p is negative, the loss is -log p.",
            lambda p, mask: np.exp(np.mean(np.log(p[mask]))),
        ),
        (
            "The mean of p comes too early: the loss is a logarithm of each p by itself.",
            lambda p, mask: 1 / np.mean(p[mask]),
            lambda p, mask: np.exp(-np.log(np.mean(p[mask]))),
        ),
        (
            "Two bases are mixed: after the natural logarithm it is e to the power, after log2 it "
            "is 2 to the power.",
            lambda p, mask: 2 ** -np.mean(np.log(p[mask])),
            lambda p, mask: np.exp(-np.mean(np.log2(p[mask]))),
        ),
        (
            "You added up the losses: take their mean, so that long texts can be compared with "
            "short ones.",
            lambda p, mask: np.exp(-np.sum(np.log(p[mask]))),
        ),
    ),
)

# -------------------------------------------------------------------------------- temperature


def temper(v, temperature):
    e = np.exp((v - v.max()) / temperature)
    return e / e.sum()


def _logits(rng):
    yield np.array([2.0, 1.0, 0.0]), 0.5
    yield np.array([2.0, 1.0, 0.0]), 1.0
    yield np.array([3, 1, 0, -2]), 2.0
    yield np.array([1000.0, 999.0, 0.0]), 0.1
    for n, temperature in [(5, 0.3), (4, 3.0), (27, 1.5)]:
        yield rng.normal(size=n), temperature


def _soft(v):
    return temper(v, 1)


TEMPER = Exercise(
    name="rnn.temper",
    title="Temperature",
    stub="""\
def temper(v, temperature):
    return ...  # (K,): probabilities
""",
    hints=(
        "The temperature acts on the logits, before the softmax. Should a high one bring them "
        "closer together, or pull them apart?",
        "`v / temperature`, then a softmax that does not overflow: take the largest logit off "
        "first, exponentiate, divide by the sum.",
    ),
    reference=temper,
    outputs=("p",),
    cases=_logits,
    mistakes=(
        (
            "The wrong way round: you multiply by the temperature. A high one should make all "
            "symbols more alike.",
            lambda v, temperature: temper(v, 1 / temperature),
        ),
        (
            "The temperature is not used: this is the plain softmax.",
            lambda v, temperature: _soft(v),
        ),
        (
            "The temperature comes too late: divide the logits by it, not the probabilities, which "
            "then no longer add up to 1.",
            lambda v, temperature: _soft(v) / temperature,
        ),
        (
            "The probabilities do not add up to 1: divide by their sum.",
            lambda v, temperature: np.exp((v - v.max()) / temperature),
        ),
        (
            "It overflows: e to the power of 10000 is too large for any float. Take the largest "
            "logit off first.",
            lambda v, temperature: np.exp(v / temperature) / np.exp(v / temperature).sum(),
        ),
        (
            "Softmax twice: the temperature divides the logits, not the probabilities.",
            lambda v, temperature: _soft(_soft(v) / temperature),
        ),
        (
            "This takes the likeliest symbol for certain; only the temperature 0 does that.",
            lambda v, temperature: (v == v.max()) * 1.0,
        ),
        (
            "Brackets: only the largest logit is divided by the temperature. It is "
            "`(v - v.max()) / temperature`.",
            lambda v, temperature: (
                np.exp(v - v.max() / temperature) / np.exp(v - v.max() / temperature).sum()
            ),
        ),
    ),
)

EXERCISES = (
    TICK,
    STATES,
    TICK_BACK,
    BPTT,
    JACOBIAN,
    CLIP,
    PERPLEXITY,
    TEMPER,
)  # fmt: skip
