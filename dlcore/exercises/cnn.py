"""The exercises of chapters/cnn. An image is (rows, columns), with one channel, and W is (f, f). A
box is (x0, y0, x1, y1)."""

import numpy as np

from .exercise import Exercise


def _digits(rng, *shape):
    """Small whole numbers, as floats, for a case that a reader is shown."""
    return rng.integers(0, 5, shape).astype(float)


# ------------------------------------------------------------------------------- parameters


def parameters(n_in, n_out, f):
    return n_out * (n_in * f**2 + 1)


def _layers(rng):
    yield from [(3, 8, 5), (1, 1, 1), (1, 6, 3), (16, 32, 3), (8, 4, 2)]


PARAMETERS = Exercise(
    name="cnn.parameters",
    title="How many parameters?",
    stub="""\
def parameters(n_in, n_out, f):
    return ...
""",
    hints=(
        "How many numbers lie under one window, if the image has n_in channels? Each of them has "
        "a weight. And how many biases does one map have?",
        "One map has n_in f² weights and a single bias, which all places share. There are n_out "
        "maps. The size of the image plays no part.",
    ),
    reference=parameters,
    outputs=("count",),
    cases=_layers,
    mistakes=(
        (
            "The biases are missing: each map has one.",
            lambda n_in, n_out, f: n_out * n_in * f**2,
        ),
        (
            "There is one bias for each map, not for each kernel from a channel to a map.",
            lambda n_in, n_out, f: n_out * n_in * (f**2 + 1),
        ),
        (
            "There is one bias for each map, not one for the whole layer.",
            lambda n_in, n_out, f: n_out * n_in * f**2 + 1,
        ),
        (
            "A window has f rows and f columns: f², not f.",
            lambda n_in, n_out, f: n_out * (n_in * f + 1),
        ),
        (
            "Each map looks at all input channels, with weights of their own for each.",
            lambda n_in, n_out, f: n_out * (f**2 + 1),
        ),
        (
            "Those are the parameters of one map, and there are n_out of them.",
            lambda n_in, n_out, f: n_in * f**2 + 1,
        ),
        (
            "In and out are exchanged: the biases belong to the maps that go out.",
            lambda n_in, n_out, f: n_in * (n_out * f**2 + 1),
        ),
    ),
)

# ------------------------------------------------------------------------------ output size


def output_size(n, f, s, p):
    return (n + 2 * p - f) // s + 1


def _geometries(rng):
    yield 7, 3, 2, 0
    yield from [(28, 5, 1, 2), (8, 3, 2, 1), (6, 6, 1, 0), (10, 3, 4, 0), (9, 2, 3, 1)]


OUTPUT_SIZE = Exercise(
    name="cnn.output_size",
    title="How large is the map?",
    stub="""\
def output_size(n, f, s, p):
    return ...
""",
    hints=(
        "Number the pixels of the padded image from 0. At which pixel can the window begin at the "
        "latest? Which multiples of s are not beyond it? Do not forget that 0 is one of them.",
        "The padded image has n + 2p pixels, so the last possible start is n + 2p - f. `//` "
        "divides whole numbers and rounds down.",
    ),
    reference=output_size,
    outputs=("size",),
    cases=_geometries,
    mistakes=(
        (
            "One is missing: the window that begins at 0 counts too.",
            lambda n, f, s, p: (n + 2 * p - f) // s,
        ),
        (
            "The padding is on both sides: 2p.",
            lambda n, f, s, p: (n + p - f) // s + 1,
        ),
        (
            "The padding is missing: the window moves over n + 2p pixels.",
            lambda n, f, s, p: (n - f) // s + 1,
        ),
        (
            "A number of places is whole: what is left over at the edge makes no window. Round "
            "down, with `//`.",
            lambda n, f, s, p: (n + 2 * p - f) / s + 1,
        ),
        (
            "You round up: a window that does not fit entirely does not count.",
            lambda n, f, s, p: -(-(n + 2 * p - f) // s) + 1,
            lambda n, f, s, p: -(-(n + 2 * p - f + 1) // s) + 1,
        ),
        (
            "The 1 is inside the division: it is added after, for the window at 0.",
            lambda n, f, s, p: (n + 2 * p - f + 1) // s,
        ),
        (
            "The stride is missing: only every s-th place is used.",
            lambda n, f, s, p: n + 2 * p - f + 1,
        ),
        (
            "Brackets: `a - b // s` divides b alone. The whole difference is divided by s.",
            lambda n, f, s, p: n + 2 * p - f // s + 1,
        ),
        (
            "Without f: the window itself needs room, so it can begin at n + 2p - f at the latest.",
            lambda n, f, s, p: (n + 2 * p) // s,
            lambda n, f, s, p: (n + 2 * p) // s + 1,
            lambda n, f, s, p: (n + 2 * p - 1) // s + 1,
        ),
    ),
)

# -------------------------------------------------------------------------------- correlate


def correlate(x, W, b):
    f = len(W)
    z = np.zeros((x.shape[0] - f + 1, x.shape[1] - f + 1))
    for i, j in np.ndindex(z.shape):
        z[i, j] = np.sum(x[i : i + f, j : j + f] * W) + b
    return z


def _image_and_kernel(rng):
    yield _digits(rng, 3, 4), np.array([[1.0, 2.0], [0.0, -1.0]]), 1.0
    yield rng.integers(0, 9, (4, 4)), np.array([[0.5, 0.25], [0.0, 0.1]]), 0.5
    for rows, columns, f in [(5, 4, 3), (3, 3, 3), (2, 5, 1), (6, 7, 2)]:
        yield rng.normal(size=(rows, columns)), rng.normal(size=(f, f)), float(rng.normal())


def _correlated(kernel=lambda W: W, pixel=lambda window, W, b: np.sum(window * W) + b, less=0):
    """The loop over places with one of its parts exchanged; `less` rows and columns too few."""

    def made(x, W, b):
        f = len(W)
        z = np.zeros((x.shape[0] - f + 1 - less, x.shape[1] - f + 1 - less))
        for i, j in np.ndindex(z.shape):
            z[i, j] = pixel(x[i : i + f, j : j + f], kernel(W), b)
        return z

    return made


def _same_size(x, W, b):
    z = correlate(x, W, b)
    out = np.zeros(x.shape)
    out[: z.shape[0], : z.shape[1]] = z
    return out


def _padded_to_size(x, W, b):
    f = len(W)
    before, after = (f - 1) // 2, f // 2
    return correlate(np.pad(x, ((before, after), (before, after))), W, b)


def _in_whole_numbers(x, W, b):
    z = correlate(x, W, b)
    return z.astype(x.dtype)


CORRELATE = Exercise(
    name="cnn.correlate",
    title="The formula, as it stands",
    stub="""\
def correlate(x, W, b):
    z = ...
    return z
""",
    hints=(
        "Make room for z first: a window of f rows fits into x.shape[0] rows at x.shape[0] - f + 1 "
        "places. Then go through all i and j, and take the window that begins there.",
        "`for i, j in np.ndindex(z.shape)` goes through all places. The window is `x[i : i + f, "
        "j : j + f]`; multiply it by W, number by number, add all up, and add b once.",
    ),
    reference=correlate,
    outputs=("z",),
    cases=_image_and_kernel,
    mistakes=(
        (
            "The kernel is turned round. That is the convolution of mathematics; the formula runs "
            "through window and kernel in the same direction.",
            _correlated(lambda W: W[::-1, ::-1]),
        ),
        (
            "The kernel is flipped along one axis: r counts the rows of window and kernel alike, "
            "and c the columns.",
            _correlated(lambda W: W[::-1]),
            _correlated(lambda W: W[:, ::-1]),
        ),
        (
            "The kernel is transposed: r belongs to the row of the window and of W, c to the "
            "columns of both.",
            _correlated(lambda W: W.T),
        ),
        (
            "b is added with every product. It stands behind the sums: add it once a pixel.",
            _correlated(pixel=lambda window, W, b: np.sum(window * W + b)),
        ),
        (
            "The bias is missing.",
            _correlated(pixel=lambda window, W, b: np.sum(window * W)),
        ),
        (
            "One row and one column are missing: a window of f fits into n pixels n - f + 1 times.",
            _correlated(less=1),
        ),
        (
            "Only the last product is left in z: inside the loops over r and c, add with `+=`.",
            _correlated(pixel=lambda window, W, b: window[-1, -1] * W[-1, -1]),
            _correlated(pixel=lambda window, W, b: window[-1, -1] * W[-1, -1] + b),
        ),
        (
            "That is a mean over the window; the formula adds up.",
            _correlated(pixel=lambda window, W, b: np.mean(window * W) + b),
        ),
        (
            "`@` multiplies matrices, rows by columns. Here each pixel meets the weight in its own "
            "place: `window * W`.",
            _correlated(pixel=lambda window, W, b: np.sum(window @ W) + b),
        ),
        (
            "z is as large as x, with zeros where no window fits. It has n - f + 1 rows.",
            _same_size,
        ),
        (
            "You put zeros around the image, so that z is as large as x. The formula has no "
            "padding: z has n - f + 1 rows.",
            _padded_to_size,
        ),
        (
            "Fractions are cut off where the image holds whole numbers: `np.zeros_like(x)` makes "
            "an array of integers. Write `np.zeros` with the shape.",
            _in_whole_numbers,
        ),
    ),
)

# ------------------------------------------------------------------------- gradient of kernel


def kernel_gradient(x, dz):
    rows, columns = dz.shape
    f = len(x) - rows + 1
    dW = np.zeros((f, f))
    for r, c in np.ndindex(f, f):
        dW[r, c] = np.sum(dz * x[r : r + rows, c : c + columns])
    return dW, dz.sum()


def _image_and_error(rng):
    yield _digits(rng, 3, 3), np.array([[1.0, 2.0], [0.0, -1.0]])
    for rows, columns, f in [(4, 6, 2), (5, 5, 3), (6, 4, 1), (3, 4, 3), (7, 6, 2)]:
        yield rng.normal(size=(rows, columns)), rng.normal(size=(rows - f + 1, columns - f + 1))


def _of_kernel(weight=np.sum, bias=np.sum, change=lambda dW: dW):
    """The gradients with one of their parts exchanged."""

    def made(x, dz):
        rows, columns = dz.shape
        f = len(x) - rows + 1
        dW = np.zeros((f, f))
        for r, c in np.ndindex(f, f):
            dW[r, c] = weight(dz * x[r : r + rows, c : c + columns])
        return change(dW), bias(dz)

    return made


def _turned_error(x, dz):
    return kernel_gradient(x, dz[::-1, ::-1])


KERNEL_GRADIENT = Exercise(
    name="cnn.kernel_gradient",
    title="The gradient of the kernel",
    stub="""\
def kernel_gradient(x, dz):
    dW = ...  # (f, f)
    db = ...  # a number
    return dW, db
""",
    hints=(
        "How large is f? The map has n - f + 1 rows. Then take one weight, W[r, c]: at the place "
        "(i, j) it met the pixel x[i + r, j + c]. Its gradient adds up over all places.",
        "With `rows, columns = dz.shape`, the pixels that W[r, c] met are `x[r : r + rows, c : "
        "c + columns]`, in the order of dz: multiply by dz and add up. b is in every pixel of z, "
        "with the factor 1.",
    ),
    reference=kernel_gradient,
    outputs=("dW", "db"),
    cases=_image_and_error,
    mistakes=(
        (
            "You average over the places. J depends on each of them, and the chain rule adds: sum.",
            _of_kernel(np.mean, np.mean),
        ),
        (
            "db is averaged over the places: the chain rule adds up, as for dW.",
            _of_kernel(bias=np.mean),
        ),
        (
            "dW is averaged over the places: the chain rule adds up, as for db.",
            _of_kernel(weight=np.mean),
        ),
        (
            "dW comes out turned by half a turn. For W[r, c], both x and dz are read forward: no "
            "kernel is turned here.",
            _of_kernel(change=lambda dW: dW[::-1, ::-1]),
        ),
        (
            "dz is turned round. Only on the way to x does something have to be turned: for the "
            "kernel, x and dz are read in the same direction.",
            _turned_error,
        ),
        (
            "dW is transposed: r counts rows of the image, c columns.",
            _of_kernel(change=lambda dW: dW.T),
        ),
        (
            "Only the last place counts: add up over all places, with `+=`.",
            _of_kernel(weight=lambda a: a[-1, -1]),
            _of_kernel(weight=lambda a: a[-1, -1], bias=lambda dz: dz[-1, -1]),
        ),
        (
            "The idea is right, dW is x correlated with dz. But your `correlate` takes its kernel "
            "for square, and dz need not be: use the rows and the columns of dz.",
            lambda x, dz: (correlate(x, dz, 0.0), dz.sum()),
        ),
        (
            "db is an array; all places share one bias, so its gradient is one number, the sum.",
            _of_kernel(bias=lambda dz: dz),
        ),
        (
            "db adds up along one axis only: the bias is the same in all rows and columns.",
            _of_kernel(bias=lambda dz: dz.sum(0)),
            _of_kernel(bias=lambda dz: dz.sum(1)),
        ),
    ),
)

# -------------------------------------------------------------------------- gradient of input


def input_gradient(dz, W):
    rows, columns = dz.shape
    f = len(W)
    dx = np.zeros((rows + f - 1, columns + f - 1))
    for i, j in np.ndindex(rows, columns):
        dx[i : i + f, j : j + f] += dz[i, j] * W
    return dx


def _error_and_kernel(rng):
    yield np.array([[1.0, 0.0], [0.0, 2.0]]), np.array([[1.0, 2.0], [3.0, 4.0]])
    for rows, columns, f in [(1, 3, 2), (4, 3, 3), (3, 5, 1), (2, 2, 4), (5, 4, 2)]:
        yield rng.normal(size=(rows, columns)), rng.normal(size=(f, f))


def _full(kernel, frame=lambda f: f - 1):
    """dz in a frame of zeros, correlated with what `kernel` makes of W."""

    def made(dz, W):
        return correlate(np.pad(dz, frame(len(W))), kernel(W), 0)

    return made


def _added(part, put=lambda old, new: old + new, kernel=lambda W: W):
    """Each place adds `part` to the pixels of its window."""

    def made(dz, W):
        f = len(W)
        dx = np.zeros((dz.shape[0] + f - 1, dz.shape[1] + f - 1))
        for i, j in np.ndindex(dz.shape):
            old = dx[i : i + f, j : j + f]
            dx[i : i + f, j : j + f] = put(old, part(dz[i, j], kernel(W)))
        return dx

    return made


def _half_turn(W):
    return W[::-1, ::-1]


INPUT_GRADIENT = Exercise(
    name="cnn.input_gradient",
    title="The gradient of the image",
    stub="""\
def input_gradient(dz, W):
    dx = ...
    return dx
""",
    hints=(
        "There are two ways. Think of the pixel: which places saw it, and with which weight? Or "
        "think of the place: which pixels did z[i, j] see, and what does each of them get from "
        "dz[i, j]? The second needs no kernel turned.",
        "Place (i, j) gives dz[i, j] times W to the window that begins there: `dx[i : i + f, j : "
        "j + f] += dz[i, j] * W`. The other way: f - 1 zeros around dz, and your `correlate` with "
        "`W[::-1, ::-1]`.",
    ),
    reference=input_gradient,
    outputs=("dx",),
    cases=_error_and_kernel,
    mistakes=(
        (
            "The kernel is not turned. A pixel that is reached forward by W[r, c] lies r rows "
            "below the place: seen from the pixel, the place is r rows above. Correlate with "
            "`W[::-1, ::-1]`.",
            _full(lambda W: W),
            _added(lambda d, W: d * W, kernel=_half_turn),
        ),
        (
            "The kernel is transposed, not turned: half a turn is `W[::-1, ::-1]`.",
            _full(lambda W: W.T),
        ),
        (
            "The kernel is flipped along one axis only: half a turn is `W[::-1, ::-1]`.",
            _full(lambda W: W[::-1]),
            _full(lambda W: W[:, ::-1]),
        ),
        (
            "The kernel is turned by a quarter: `np.rot90` needs a second time, `np.rot90(W, 2)`.",
            _full(np.rot90),
            _full(lambda W: np.rot90(W, -1)),
        ),
        (
            "dx is too small: also a corner of x has been seen, by one window. Put f - 1 zeros on "
            "each side of dz.",
            _full(_half_turn, lambda f: (f - 1) // 2),
            _full(_half_turn, lambda f: f // 2),
        ),
        (
            "dx is too large: f - 1 zeros around dz, not f.",
            _full(_half_turn, lambda f: f),
        ),
        (
            "Where windows overlap, a pixel gets its share from each of them: add with `+=`.",
            _added(lambda d, W: d * W, put=lambda old, new: new),
        ),
        (
            "The weights are missing: a pixel is to blame as far as its weight carried it.",
            _added(lambda d, W: np.full(W.shape, d)),
        ),
        (
            "That is a mean over the windows: the chain rule adds up.",
            _added(lambda d, W: d * W / W.size),
        ),
    ),
)

# --------------------------------------------------------------------------------- max pool


def max_pool(x, f, s):
    rows, columns = [(size - f) // s + 1 for size in x.shape]
    y, winner = np.zeros((rows, columns)), np.zeros((rows, columns), int)
    for i, j in np.ndindex(rows, columns):
        window = x[s * i : s * i + f, s * j : s * j + f]
        y[i, j], winner[i, j] = window.max(), window.argmax()
    return y, winner


def _to_pool(rng):
    """One with ties, one all negative, some where a row or column is left over."""
    yield np.array([[1.0, 3, 2, 2], [0, 3, 2, 2]]), 2, 2
    yield -1 - _digits(rng, 4, 4), 2, 2
    yield rng.integers(0, 4, (5, 7)).astype(float), 3, 1
    for rows, columns, f, s in [(5, 5, 2, 2), (6, 9, 3, 2), (4, 3, 1, 1), (7, 6, 3, 3)]:
        yield rng.normal(size=(rows, columns)), f, s


def _pooled(value=np.max, number=np.argmax):
    """Max pooling with another number, or another place, of each window."""

    def made(x, f, s):
        size = [(n - f) // s + 1 for n in x.shape]
        y, winner = np.zeros(size), np.zeros(size, int)
        for i, j in np.ndindex(*size):
            window = x[s * i : s * i + f, s * j : s * j + f]
            y[i, j], winner[i, j] = value(window), number(window)
        return y, winner

    return made


def _last_of_ties(window):
    return window.size - 1 - window[::-1, ::-1].argmax()


def _counted_in_the_image(x, f, s):
    y, winner = max_pool(x, f, s)
    r, c = np.divmod(winner, f)
    i, j = np.indices(y.shape)
    return y, (s * i + r) * x.shape[1] + s * j + c


MAX_POOL = Exercise(
    name="cnn.max_pool",
    title="Max pooling, and who won",
    stub="""\
def max_pool(x, f, s):
    y = ...  # the largest number of each window
    winner = ...  # its place in the window, counted from 0 row by row
    return y, winner
""",
    hints=(
        "The windows are those of a convolution with stride s and without padding, and there are "
        "as many. NumPy has a function for the largest number, and one for its place.",
        "`window.max()` and `window.argmax()`. The latter counts row by row, as it is asked, and "
        "takes the first of several equal ones.",
    ),
    reference=max_pool,
    outputs=("y", "winner"),
    cases=_to_pool,
    mistakes=(
        (
            "Of several equal numbers the first one wins, row by row; you take the last.",
            _pooled(number=_last_of_ties),
        ),
        (
            "You count the places column by column; row by row, (r, c) is number r f + c.",
            _pooled(number=lambda window: window.T.argmax()),
        ),
        (
            "You count places in the image; the winner's place in its window is asked for, from 0 "
            "to f² - 1.",
            _counted_in_the_image,
        ),
        (
            "That is average pooling: the largest number, not the mean.",
            _pooled(value=np.mean),
        ),
        (
            "A window of negative numbers has a negative maximum: begin with the first number of "
            "the window, not with 0.",
            _pooled(value=lambda window: max(window.max(), 0)),
        ),
        (
            "The windows lie side by side, whatever s is: window (i, j) begins at row s i and "
            "column s j.",
            lambda x, f, s: max_pool(x, f, f),
        ),
        (
            "The stride is missing: window (i, j) begins at row s i and column s j.",
            lambda x, f, s: max_pool(x, f, 1),
        ),
        (
            "You look for the smallest number.",
            _pooled(np.min, np.argmin),
        ),
    ),
)

# ---------------------------------------------------------------------------- max pool, back


def max_pool_back(x, dy, f, s):
    dx = np.zeros(x.shape)
    for i, j in np.ndindex(dy.shape):
        window = x[s * i : s * i + f, s * j : s * j + f]
        r, c = np.unravel_index(window.argmax(), window.shape)
        dx[s * i + r, s * j + c] += dy[i, j]
    return dx


def _to_route(rng):
    yield np.array([[1.0, 3, 2, 2], [0, 3, 2, 2]]), np.array([[5.0, 7.0]]), 2, 2
    yield np.array([[0.0, 9, 0], [0, 0, 1]]), np.array([[1.0, 2.0]]), 2, 1
    for rows, columns, f, s in [(5, 7, 3, 1), (6, 5, 2, 2), (4, 4, 1, 1), (7, 9, 3, 2)]:
        x = rng.integers(0, 4, (rows, columns)).astype(float)
        yield x, rng.normal(size=((rows - f) // s + 1, (columns - f) // s + 1)), f, s


def _routed(share, put=lambda old, new: old + new):
    """`share(window)` says which part of dy each place of a window gets."""

    def made(x, dy, f, s):
        dx = np.zeros(x.shape)
        for i, j in np.ndindex(dy.shape):
            rows, columns = slice(s * i, s * i + f), slice(s * j, s * j + f)
            part, window = share(x[rows, columns]), dx[rows, columns]
            some = part != 0
            window[some] = put(window, part * dy[i, j])[some]
        return dx

    return made


def _one_hot(shape, number):
    hot = np.zeros(shape)
    hot.flat[number] = 1
    return hot


def _first_winner(window):
    return _one_hot(window.shape, window.argmax())


def _last_winner(window):
    return _one_hot(window.shape, _last_of_ties(window))


def _all_winners(window):
    return (window == window.max()) * 1.0


def _times_maximum(window):
    return window.max() * _first_winner(window)


MAX_POOL_BACK = Exercise(
    name="cnn.max_pool_back",
    title="The way back through max pooling",
    stub="""\
def max_pool_back(x, dy, f, s):
    dx = ...  # like x
    return dx
""",
    hints=(
        "Go through all windows again. Only one pixel of each has a say in y[i, j]: which? And "
        "what if the next window has the same winner?",
        "`r, c = np.unravel_index(window.argmax(), window.shape)` is the winner's place in the "
        "window, so in the image it is (s i + r, s j + c). Add dy[i, j] there with `+=`.",
    ),
    reference=max_pool_back,
    outputs=("dx",),
    cases=_to_route,
    mistakes=(
        (
            "Where several pixels are equal, all of them get the gradient: it is counted more than "
            "once. Only the first winner gets it.",
            _routed(_all_winners),
            _routed(_all_winners, lambda old, new: new),
        ),
        (
            "A tie is shared out. Here the first winner, row by row, gets it all.",
            _routed(lambda window: _all_winners(window) / _all_winners(window).sum()),
        ),
        (
            "Of several equal pixels the first one has won, row by row; you took the last.",
            _routed(_last_winner),
        ),
        (
            "Where windows overlap, one pixel can win twice, and gets both: add with `+=`.",
            _routed(_first_winner, lambda old, new: new),
        ),
        (
            "That is the way back through average pooling: only the winner gets something.",
            _routed(lambda window: np.full(window.shape, 1 / window.size)),
        ),
        (
            "Every pixel of the window gets the gradient: only the winner had a say.",
            _routed(lambda window: np.ones(window.shape)),
        ),
        (
            "The gradient goes to the corner of the window, not to its winner.",
            _routed(lambda window: _one_hot(window.shape, 0)),
        ),
        (
            "You multiply by the maximum. The output is the winner itself, with slope 1, so dy is "
            "handed down as it is.",
            _routed(_times_maximum),
        ),
        (
            "Nothing comes back: is dx written to?",
            lambda x, dy, f, s: np.zeros(x.shape),
        ),
    ),
)

# -------------------------------------------------------------------------- receptive field


def receptive_field(kernels, strides):
    R, S = 1, 1
    for f, s in zip(kernels, strides, strict=True):
        R = R + (f - 1) * S
        S = S * s
    return R


def _stacks(rng):
    yield np.array([3, 2, 3]), np.array([1, 2, 1])
    yield np.array([5]), np.array([2])
    yield np.array([3, 3, 3, 3]), np.array([1, 1, 1, 1])
    yield np.array([3, 5, 1, 4]), np.array([2, 3, 1, 2])
    yield np.array([7, 3, 3]), np.array([2, 2, 2])


def _fields(new):
    """(R, S) from the one before, with f and s, layer by layer."""

    def made(kernels, strides):
        R, S = 1, 1
        for f, s in zip(kernels, strides, strict=True):
            R, S = new(R, S, f, s)
        return R

    return made


def _from_the_top(kernels, strides):
    R = 0
    for f, s in zip(kernels[::-1], strides[::-1], strict=True):
        R = s * R + (f - s)
    return R


RECEPTIVE_FIELD = Exercise(
    name="cnn.receptive_field",
    title="How far does a unit see?",
    stub="""\
def receptive_field(kernels, strides):
    R = ...  # pixels a side
    return R
""",
    hints=(
        "R is how many pixels a unit of the present layer sees along a side, S how far apart two "
        "neighbours look. The next layer joins f neighbours: the first covers R pixels, and each "
        "of the others adds some. How many?",
        "Begin with `R, S = 1, 1`. For each layer, `R = R + (f - 1) * S` with the S of the layer "
        "below, and only then `S = S * s`.",
    ),
    reference=receptive_field,
    outputs=("R",),
    cases=_stacks,
    mistakes=(
        (
            "A layer's own stride does not widen its own units, only those above: change S last.",
            _fields(lambda R, S, f, s: (R + (f - 1) * S * s, S * s)),
        ),
        (
            "The strides below are missing: after a stride of 2, neighbours look 2 pixels apart, "
            "so each adds S pixels.",
            _fields(lambda R, S, f, s: (R + f - 1, S)),
        ),
        (
            "Each layer adds f - 1 times the product of the strides below it; you took its own "
            "stride.",
            _fields(lambda R, S, f, s: (R + (f - 1) * s, S)),
        ),
        (
            "Neighbouring fields overlap: of f neighbours the first adds R, each further one only "
            "S. That makes f - 1 times S.",
            _fields(lambda R, S, f, s: (R + f * S, S * s)),
            _fields(lambda R, S, f, s: (R + f, S)),
        ),
        (
            "Fields do not multiply: neighbours see nearly the same pixels.",
            _fields(lambda R, S, f, s: (R * f, S)),
        ),
        (
            "Strides multiply: two layers with stride 2 put neighbours 4 pixels apart.",
            _fields(lambda R, S, f, s: (R + (f - 1) * S, s)),
            _fields(lambda R, S, f, s: (R + (f - 1) * S, S + s)),
            _fields(lambda R, S, f, s: (R + (f - 1) * S, S + s - 1)),
        ),
        (
            "Without any layer a unit is a pixel and sees one: begin with R = 1.",
            lambda kernels, strides: receptive_field(kernels, strides) - 1,
        ),
    ),
)

# -------------------------------------------------------------------------------------- iou


def iou(a, b):
    low, high = np.maximum(a[:2], b[:2]), np.minimum(a[2:], b[2:])
    both = np.prod(np.maximum(high - low, 0))
    either = np.prod(a[2:] - a[:2]) + np.prod(b[2:] - b[:2]) - both
    return both / either


def _two_boxes(rng):
    """Overlapping, apart along both axes, apart along one, one in the other, the same."""
    yield np.array([0.0, 0, 4, 2]), np.array([2.0, 0, 6, 4])
    yield np.array([0.0, 0, 2, 2]), np.array([5.0, 6, 8, 9])
    yield np.array([0.0, 0, 4, 4]), np.array([6.0, 1, 8, 3])
    yield np.array([1.0, 1, 9, 5]), np.array([2.0, 2, 4, 3])
    yield np.array([3.0, 4, 5, 8]), np.array([3.0, 4, 5, 8])
    for _ in range(3):
        corner, size = rng.uniform(0, 3, (2, 2)), rng.uniform(2, 6, (2, 2))
        yield tuple(np.concatenate([corner, corner + size], axis=1))


def _area(box):
    return (box[2] - box[0]) * (box[3] - box[1])


def _overlap(a, b, floor=0.0):
    sides = np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])
    return np.prod(sides if floor is None else np.maximum(sides, floor))


def _over(below, floor=0.0):
    def made(a, b):
        both = _overlap(a, b, floor)
        return both / below(a, b, both)

    return made


def _either(a, b, both):
    return _area(a) + _area(b) - both


def _inclusive(a, b):
    more = np.array([0, 0, 1, 1])
    return iou(a + more, b + more)


def _width_and_height(a, b):
    def corners(box):
        return np.concatenate([box[:2], box[:2] + box[2:]])

    return iou(corners(a), corners(b))


IOU = Exercise(
    name="cnn.iou",
    title="Intersection over union",
    stub="""\
def iou(a, b):
    both = ...  # area of the intersection
    either = ...  # area of the union
    return both / either
""",
    hints=(
        "The intersection of two boxes is a box. Where does it begin, where does it end? And what "
        "do your formulas give if the boxes do not meet?",
        "It begins at the larger of the two lows and ends at the smaller of the two highs, in x "
        "and in y. A side below 0 means no overlap: take `max(side, 0)` of each, before "
        "multiplying. The union counts the intersection once.",
    ),
    reference=iou,
    outputs=("iou",),
    cases=_two_boxes,
    mistakes=(
        (
            "Boxes that are apart along both axes have two negative sides, whose product is "
            "positive. Set each side to 0 if it is negative.",
            _over(_either, None),
        ),
        (
            "The product of the sides is set to 0 if it is negative, but two negative sides make "
            "a positive product. Set each side to 0, and multiply then.",
            lambda a, b: (both := max(_overlap(a, b, None), 0)) / _either(a, b, both),
        ),
        (
            "The union counts the intersection twice: take it off once.",
            _over(lambda a, b, both: _area(a) + _area(b)),
        ),
        (
            "You divide by the smaller box; the union of both is asked for.",
            _over(lambda a, b, both: min(_area(a), _area(b))),
        ),
        (
            "You divide by the larger box; the union of both is asked for.",
            _over(lambda a, b, both: max(_area(a), _area(b))),
        ),
        (
            "You divide by one box; the union of both is asked for.",
            _over(lambda a, b, both: _area(a)),
            _over(lambda a, b, both: _area(b)),
        ),
        (
            "The union takes the intersection off twice: once is enough, it was counted twice.",
            _over(lambda a, b, both: _area(a) + _area(b) - 2 * both),
        ),
        (
            "You count a pixel too many along each side: x1 and y1 lie just outside the box, so "
            "its width is x1 - x0.",
            _inclusive,
        ),
        (
            "You took the last two numbers for width and height; they are the other corner.",
            _width_and_height,
        ),
        (
            "You return the intersection; divide it by the union.",
            _overlap,
        ),
    ),
)

# -------------------------------------------------------------------------------------- nms


def nms(overlap, scores, threshold):
    left, kept = list(np.argsort(-scores)), []
    while left:
        best = left.pop(0)
        kept.append(best)
        left = [k for k in left if overlap[best, k] <= threshold]
    return np.array(kept)


def _overlaps(boxes):
    return np.array([[iou(a, b) for b in boxes] for a in boxes])


def _detections(rng):
    """Among them a chain of boxes, each over the next only, and an IoU equal to the threshold."""
    three = np.array([[0.0, 0, 4, 4], [1, 0, 5, 4], [8, 8, 9, 9]])
    yield _overlaps(three), np.array([0.6, 0.9, 0.3]), 0.5
    chain = np.array([[2.0 * k, 0, 2 * k + 6, 4] for k in range(4)])
    yield _overlaps(chain), np.array([0.5, 0.9, 0.8, 0.4]), 0.4
    yield np.array([[1.0, 0.5], [0.5, 1.0]]), np.array([0.7, 0.8]), 0.5
    yield np.ones((1, 1)), np.array([0.2]), 0.5
    for n, threshold in [(8, 0.3), (12, 0.5)]:
        corner, size = rng.uniform(0, 6, (n, 2)), rng.uniform(2, 6, (n, 2))
        boxes = np.concatenate([corner, corner + size], axis=1)
        yield _overlaps(boxes), rng.permutation(n) / n, threshold


def _suppressing(
    order=lambda scores: np.argsort(-scores),
    near=lambda overlap, threshold: overlap > threshold,
):
    """Non-maximum suppression with one of its parts exchanged."""

    def made(overlap, scores, threshold):
        left, kept = list(order(scores)), []
        while left:
            best = left.pop(0)
            kept.append(best)
            left = [k for k in left if not near(overlap[best, k], threshold)]
        return np.array(kept)

    return made


def _kept_if(rivals):
    """Each box in turn, if it overlaps none of its `rivals(better boxes, kept boxes)` too much."""

    def made(overlap, scores, threshold):
        order, kept = np.argsort(-scores), []
        for n, k in enumerate(order):
            if all(overlap[k, other] <= threshold for other in rivals(order[:n], kept)):
                kept.append(k)
        return np.array(kept)

    return made


NMS = Exercise(
    name="cnn.nms",
    title="Non-maximum suppression",
    stub="""\
def nms(overlap, scores, threshold):
    kept = ...  # an array of numbers
    return kept
""",
    hints=(
        "Keep a list of boxes, the best first: `left = list(np.argsort(-scores))`. The first of it "
        "is kept. Which others go? Only those that overlap *this* one too much; and who has gone, "
        "suppresses nobody any more.",
        "`while left:`, then `best = left.pop(0)` takes it out, and `kept.append(best)`. In `left` "
        "stay the numbers k with `overlap[best, k] <= threshold`: `[k for k in left if ...]`.",
    ),
    reference=nms,
    outputs=("kept",),
    cases=_detections,
    mistakes=(
        (
            "A box that was suppressed suppresses others. Only boxes that are kept do.",
            _kept_if(lambda better, kept: better),
        ),
        (
            "You compare with the last kept box only; a box has to differ from every kept one.",
            _kept_if(lambda better, kept: kept[-1:]),
        ),
        (
            "You compare with the best box only; a box has to differ from every kept one.",
            _kept_if(lambda better, kept: kept[:1]),
        ),
        (
            "You begin with the worst box: sort by falling score, `np.argsort(-scores)`.",
            _suppressing(np.argsort),
        ),
        (
            "You take the boxes in the order in which they come: the best score goes first.",
            _suppressing(lambda scores: range(len(scores))),
        ),
        (
            "An overlap equal to the threshold is still allowed: suppress what is above it.",
            _suppressing(near=lambda overlap, threshold: overlap >= threshold),
        ),
        (
            "The comparison is the wrong way round: boxes that overlap much go, the others stay.",
            _suppressing(near=lambda overlap, threshold: overlap < threshold),
            _suppressing(near=lambda overlap, threshold: overlap <= threshold),
        ),
        (
            "Nothing is suppressed: take those that overlap the kept box too much out of `left`.",
            lambda overlap, scores, threshold: np.argsort(-scores),
        ),
        (
            "Only the best box is kept: go on with what is left, until nothing is.",
            lambda overlap, scores, threshold: np.argsort(-scores)[:1],
        ),
        (
            "The right boxes, but sorted by number; the best score comes first.",
            lambda overlap, scores, threshold: np.sort(nms(overlap, scores, threshold)),
        ),
        (
            "You return the scores of the kept boxes; their numbers are asked for.",
            lambda overlap, scores, threshold: scores[nms(overlap, scores, threshold)],
        ),
    ),
)

EXERCISES = (
    PARAMETERS,
    OUTPUT_SIZE,
    CORRELATE,
    KERNEL_GRADIENT,
    INPUT_GRADIENT,
    MAX_POOL,
    MAX_POOL_BACK,
    RECEPTIVE_FIELD,
    IOU,
    NMS,
)  # fmt: skip
