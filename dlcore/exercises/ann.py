"""The exercises of chapters/ann. A batch is rows and W is (n_out, n_in), as in all of the book."""

import numpy as np

from .exercise import Exercise


def _round(rng, *shape):
    """Random numbers with one decimal and none zero, for the case that a reader is shown."""
    numbers = np.round(rng.normal(size=shape), 1)
    return np.where(numbers == 0, 0.4, numbers)


# ------------------------------------------------------------------------------ feedforward


def feedforward(x, W1, b1, W2, b2):
    a1 = np.tanh(x @ W1.T + b1)
    return 1 / (1 + np.exp(-(a1 @ W2.T + b2)))


def _layers(rng):
    """(m, inputs, hidden units, outputs): one all square, one with a single example."""
    for m, n, h, k in [(2, 2, 2, 2), (1, 3, 4, 2), (5, 3, 4, 1), (4, 1, 3, 2), (6, 2, 1, 3)]:
        draw = _round if m == 2 else lambda rng, *shape: rng.normal(size=shape)
        yield draw(rng, m, n), draw(rng, h, n), draw(rng, h), draw(rng, k, h), draw(rng, k)


def _logistic(z):
    return 1 / (1 + np.exp(-z))


def _net(x, W1, b1, W2, b2, hidden=np.tanh, output=_logistic):
    return output(hidden(x @ W1.T + b1) @ W2.T + b2)


FEEDFORWARD = Exercise(
    name="ann.feedforward",
    title="Forward through two layers",
    stub="""\
def feedforward(x, W1, b1, W2, b2):
    return ...  # (m, outputs)
""",
    hints=(
        "For one example, a column, the formula says W x + b. Here each example is a row of x. "
        "Which shapes do x, W1 and z1 have, and which product turns the first two into the third?",
        "`a1 = np.tanh(x @ W1.T + b1)`. The second layer is the same with a1 in the "
        "place of x, W2 and b2; the logistic function is `1 / (1 + np.exp(-z))`.",
    ),
    reference=feedforward,
    outputs=("yhat",),
    cases=_layers,
    mistakes=(
        (
            "W is not transposed. W has a row for each unit and a column for each input; with "
            "examples as rows, W x becomes `x @ W.T`.",
            lambda x, W1, b1, W2, b2: _net(x, W1.T, b1, W2.T, b2),
        ),
        (
            "W1 is not transposed: `x @ W1.T`, as you did with W2.",
            lambda x, W1, b1, W2, b2: _net(x, W1.T, b1, W2, b2),
        ),
        (
            "W2 is not transposed: `a1 @ W2.T`, as you did with W1.",
            lambda x, W1, b1, W2, b2: _net(x, W1, b1, W2.T, b2),
        ),
        (
            "The product is the wrong way round. `W @ x` is for one example as a column; with "
            "examples as rows it is `x @ W.T`.",
            lambda x, W1, b1, W2, b2: _logistic(W2 @ np.tanh(W1 @ x + b1) + b2),
            lambda x, W1, b1, W2, b2: _logistic(W2 @ np.tanh(W1 @ x.T + b1) + b2),
            lambda x, W1, b1, W2, b2: _logistic(W2 @ np.tanh(W1 @ x.T + b1[:, None]) + b2[:, None]),
        ),
        (
            "The hidden layer asks for tanh; this is ReLU.",
            lambda x, W1, b1, W2, b2: _net(x, W1, b1, W2, b2, hidden=lambda z: np.maximum(z, 0)),
        ),
        (
            "The last layer asks for the logistic function of each number; softmax ties the "
            "outputs of an example together.",
            lambda x, W1, b1, W2, b2: _net(x, W1, b1, W2, b2, output=lambda z: softmax(z)),
        ),
        (
            "Brackets: `1 / 1 + e` is 1 plus e. The logistic function is `1 / (1 + np.exp(-z))`.",
            lambda x, W1, b1, W2, b2: _net(x, W1, b1, W2, b2, output=lambda z: 1 + np.exp(-z)),
        ),
        (
            "The biases are missing: z is W a plus b.",
            lambda x, W1, b1, W2, b2: _net(x, W1, 0 * b1, W2, 0 * b2),
        ),
        (
            "The hidden layer has no activation: a1 is tanh of z1. Without it, two layers are no "
            "more than one.",
            lambda x, W1, b1, W2, b2: _net(x, W1, b1, W2, b2, hidden=lambda z: z),
        ),
        (
            "You return z of the last layer; the answer is the logistic function of it.",
            lambda x, W1, b1, W2, b2: _net(x, W1, b1, W2, b2, output=lambda z: z),
        ),
        (
            "Both layers use the logistic function; the hidden one asks for tanh.",
            lambda x, W1, b1, W2, b2: _net(x, W1, b1, W2, b2, hidden=_logistic),
        ),
        (
            "Both layers use tanh; the last one asks for the logistic function.",
            lambda x, W1, b1, W2, b2: _net(x, W1, b1, W2, b2, output=np.tanh),
        ),
        (
            "The sign in the exponent is wrong: the logistic function is 1 / (1 + e^-z), with a "
            "minus, and grows with z.",
            lambda x, W1, b1, W2, b2: _net(x, W1, b1, W2, b2, output=lambda z: _logistic(-z)),
        ),
    ),
)

# --------------------------------------------------------------------------------- gradient


def gradient(dz, a_prev):
    return dz.T @ a_prev / len(dz)


def _errors_and_inputs(rng):
    yield _round(rng, 2, 2), _round(rng, 2, 2)
    for m, n_out, n_in in [(1, 3, 2), (4, 1, 3), (5, 3, 2), (3, 3, 3), (6, 4, 1)]:
        yield rng.normal(size=(m, n_out)), rng.normal(size=(m, n_in))


GRADIENT = Exercise(
    name="ann.gradient",
    title="The gradient of W",
    stub="""\
def gradient(dz, a_prev):
    return ...  # (n_out, n_in), like W
""",
    hints=(
        "Begin with one example: W_kj gets the error of unit k times input j. That is a table with "
        "a row for each unit. How do you add up m such tables with one product?",
        "The sum over the examples is a product in which the examples are the index that "
        "disappears: `dz.T @ a_prev`. The formula asks for the mean of the tables.",
    ),
    reference=gradient,
    outputs=("dW",),
    cases=_errors_and_inputs,
    mistakes=(
        (
            "You added up the examples; the loss is their mean. Divide by m, the number of rows.",
            lambda dz, a: dz.T @ a,
        ),
        (
            "This is the gradient of W transposed. dW has the shape of W, (n_out, n_in): begin "
            "the product with dz.",
            lambda dz, a: a.T @ dz / len(dz),
        ),
        (
            "dz is not transposed. The examples have to meet in the middle of the product: "
            "(n_out, m) times (m, n_in).",
            lambda dz, a: dz @ a / len(dz),
            lambda dz, a: dz @ a,
        ),
        (
            "Two things. This is the gradient of W transposed, so begin the product with dz; and "
            "it is the sum over the examples, so divide by m.",
            lambda dz, a: a.T @ dz,
        ),
        (
            "The mean of the products is not the product of the means: multiply example by "
            "example, and average then.",
            lambda dz, a: np.outer(dz.mean(0), a.mean(0)),
        ),
        (
            "You divided by the number of units, not of examples: m is the number of rows of dz.",
            lambda dz, a: dz.T @ a / dz.shape[1],
        ),
        (
            "You divided by m times n_out, the size of dz: the mean is over the m examples only.",
            lambda dz, a: dz.T @ a / dz.size,
        ),
        (
            "Only the last example counts: in a loop, each example's part is added to the sum, "
            "with `+=` and not with `=`.",
            lambda dz, a: np.outer(dz[-1], a[-1]) / len(dz),
            lambda dz, a: np.outer(dz[-1], a[-1]),
        ),
        (
            "Only the first example counts: does the loop return in its first round?",
            lambda dz, a: np.outer(dz[0], a[0]) / len(dz),
            lambda dz, a: np.outer(dz[0], a[0]),
        ),
        (
            "You averaged over the weights: the product has already added up the examples. Divide "
            "it by m and keep its shape.",
            lambda dz, a: (dz.T @ a).mean(0),
            lambda dz, a: (dz.T @ a).mean(1),
            lambda dz, a: (dz.T @ a).mean(),
            lambda dz, a: np.mean(dz.T @ a, axis=0, keepdims=True),
        ),
    ),
)

# ----------------------------------------------------------------------------------- update


def update(W, dW, alpha):
    return W - alpha * dW


def _weights_and_gradients(rng):
    yield _round(rng, 2, 2), _round(rng, 2, 2), 0.1
    for shape, alpha in [((3,), 0.5), ((2, 3), 0.01), ((1, 1), 2.0), ((3, 1), 0.3)]:
        yield rng.normal(size=shape), rng.normal(size=shape), alpha


UPDATE = Exercise(
    name="ann.update",
    title="The update",
    stub="""\
def update(W, dW, alpha):
    return ...  # a new array; the old W stays as it is
""",
    hints=(
        "The gradient points to where J grows, and we want to go down. How far is what alpha says.",
        "The formula is one line of NumPy. `W -= ...` would write into the array of whoever "
        "called you; `W - ...` makes a new one.",
    ),
    reference=update,
    outputs=("W",),
    cases=_weights_and_gradients,
    mistakes=(
        (
            "You go up the slope: the gradient points to where J grows, so it is subtracted.",
            lambda W, dW, alpha: W + alpha * dW,
        ),
        (
            "You return the step without the old W. W := W - ... takes the step off what W was: "
            "`-=`, not `=`.",
            lambda W, dW, alpha: -alpha * dW,
            lambda W, dW, alpha: alpha * dW,
        ),
        (
            "The learning rate is missing: the step is alpha times the gradient.",
            lambda W, dW, alpha: W - dW,
        ),
        (
            "Alpha multiplies the gradient only, not the difference: mind the brackets.",
            lambda W, dW, alpha: alpha * (W - dW),
        ),
        (
            "dW is the gradient of the mean already: the step needs no further division.",
            lambda W, dW, alpha: W - alpha * dW / len(W),
            lambda W, dW, alpha: W - alpha * dW / dW.size,
        ),
        (
            "You divide by alpha: a larger learning rate makes a larger step.",
            lambda W, dW, alpha: W - dW / alpha,
        ),
        (
            "You multiply W by the step instead of subtracting it.",
            lambda W, dW, alpha: W * (1 - alpha * dW),
            lambda W, dW, alpha: W * alpha * dW,
        ),
    ),
)

# ------------------------------------------------------------------------------------ slope


def slope(a):
    return a * (1 - a)


def _activations(rng):
    yield (np.array([0.5, 0.9, 0.1]),)
    yield (np.array([0, 1]),)
    for shape in [(1, 4), (5, 1), (3, 2)]:
        yield (rng.uniform(0.01, 0.99, shape),)


SLOPE = Exercise(
    name="ann.slope",
    title="The slope of the logistic function",
    stub="""\
def slope(a):
    return ...
""",
    hints=(
        "Differentiate 1 / (1 + e^-z), then look for a in the result: you get a fraction that is a "
        "times another one.",
        "The other fraction is e^-z / (1 + e^-z). How much is missing from it to 1?",
    ),
    reference=slope,
    outputs=("slope",),
    cases=_activations,
    mistakes=(
        (
            "You took a for z. The slope at z is wanted, and a is already sigma(z): put no "
            "second sigma around it.",
            lambda a: slope(_logistic(a)),
        ),
        (
            "1 - a**2 is the slope of tanh; the logistic function has another one.",
            lambda a: 1 - a**2,
        ),
        (
            "One factor is missing: the slope is a product, with a itself in it.",
            lambda a: 1 - a,
            lambda a: 0 * a + a,
        ),
        (
            "The second factor is not right: at a = 1 the curve is flat, so the slope must be 0.",
            lambda a: a * (1 + a),
            lambda a: a * a,
        ),
        (
            "That is the logistic function of a; its slope is asked for.",
            _logistic,
        ),
        (
            "This is the slope of ReLU; the logistic function is curved everywhere.",
            lambda a: (a > 0) * 1.0,
        ),
    ),
)

# ----------------------------------------------------------------------------- first weights


def first_std(n_in, n_out):
    he = np.sqrt(2 / n_in)
    glorot = np.sqrt(2 / (n_in + n_out))
    return he, glorot


def _fans(rng):
    yield 8, 2
    yield from [(64, 32), (1, 1), (3, 784), (50, 50), (784, 10)]


FIRST_STD = Exercise(
    name="ann.first_std",
    title="How large are the first weights?",
    stub="""\
def first_std(n_in, n_out):
    he = ...
    glorot = ...
    return he, glorot
""",
    hints=(
        "For He: n_in terms add up to n_in Var(w) times the mean square of the inputs. "
        "After ReLU, only half of a mean square is left. Which Var(w) makes up for that?",
        "He: the variance is 2 / n_in. Glorot: take the mean of n_in and n_out, and a variance of "
        "1 over it. Numbers are drawn with a standard deviation, the root of the variance.",
    ),
    reference=first_std,
    outputs=("he", "glorot"),
    cases=_fans,
    mistakes=(
        (
            "This is the variance; the standard deviation is its square root.",
            lambda n_in, n_out: (2 / n_in, 2 / (n_in + n_out)),
        ),
        (
            "He counts the inputs of a unit, n_in: they are what adds up in z.",
            lambda n_in, n_out: (np.sqrt(2 / n_out), np.sqrt(2 / (n_in + n_out))),
        ),
        (
            "The 2 is missing: ReLU lets only half of the mean square through, and He makes up "
            "for it.",
            lambda n_in, n_out: (np.sqrt(1 / n_in), np.sqrt(2 / (n_in + n_out))),
        ),
        (
            "Glorot divides by the mean of n_in and n_out, (n_in + n_out) / 2; you divided by "
            "their sum.",
            lambda n_in, n_out: (np.sqrt(2 / n_in), np.sqrt(1 / (n_in + n_out))),
        ),
        (
            "sqrt(6 / (n_in + n_out)) is where Glorot's uniform distribution ends. Its standard "
            "deviation is smaller by the square root of 3.",
            lambda n_in, n_out: (np.sqrt(2 / n_in), np.sqrt(6 / (n_in + n_out))),
        ),
        (
            "Brackets: `2 / n_in + n_out` adds n_out to the quotient; the sum goes below the line.",
            lambda n_in, n_out: (np.sqrt(2 / n_in), np.sqrt(2 / n_in + n_out)),
        ),
        (
            "Glorot is a compromise of forward and backward: n_in and n_out both belong in it.",
            lambda n_in, n_out: (np.sqrt(2 / n_in), np.sqrt(1 / n_in)),
            lambda n_in, n_out: (np.sqrt(2 / n_in), np.sqrt(1 / n_out)),
        ),
        (
            "`//` divides whole numbers and throws the rest away: use `/`.",
            lambda n_in, n_out: (np.sqrt(2 // n_in), np.sqrt(2 // (n_in + n_out))),
        ),
    ),
)

# ---------------------------------------------------------------------------------- softmax


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _logits(rng):
    yield (np.array([[1.0, 2.0], [0.0, 3.0]]),)
    yield (np.array([[0, 1, 2], [3, 1, -1]]),)
    yield (np.array([[1000.0, 999.0], [-1000.0, -1001.0]]),)
    for shape in [(1, 4), (5, 3), (4, 1)]:
        yield (rng.normal(size=shape),)


def _normalised(z, shift, total):
    e = np.exp(z - shift)
    return e / total(e)


SOFTMAX = Exercise(
    name="ann.softmax",
    title="A softmax that does not overflow",
    stub="""\
def softmax(z):
    return ...  # (m, K): every row adds up to 1
""",
    hints=(
        "e^1000 is too large for any float. Adding the same number to a whole row of z changes "
        "nothing in the result. Which number makes the largest exponent 0?",
        "Take off `z.max(axis=1, keepdims=True)`, exponentiate, divide by the sum over the same "
        "axis. `keepdims=True` keeps a column, so that each row is divided by its own sum.",
    ),
    reference=softmax,
    outputs=("yhat",),
    cases=_logits,
    mistakes=(
        (
            "Large numbers overflow: e^1000 is inf, and inf / inf is nan. Take the largest number "
            "of each row off first; the result stays the same.",
            lambda z: _normalised(z, 0, lambda e: e.sum(1, keepdims=True)),
        ),
        (
            "You took the largest number of all off, not that of each row: a row far below "
            "it becomes 0 / 0.",
            lambda z: _normalised(z, z.max(), lambda e: e.sum(1, keepdims=True)),
        ),
        (
            "Every column adds up to 1; it should be every row, since each row is an example. Sum "
            "over axis 1.",
            lambda z: _normalised(z, z.max(0), lambda e: e.sum(0)),
            lambda z: _normalised(z, z.max(1, keepdims=True), lambda e: e.sum(0)),
            lambda z: _normalised(z, z.max(), lambda e: e.sum(0)),
            lambda z: _normalised(z, 0, lambda e: e.sum(0)),
        ),
        (
            "All numbers together add up to 1; it should be those of each row. Sum over axis 1.",
            lambda z: _normalised(z, z.max(), np.sum),
            lambda z: _normalised(z, z.max(1, keepdims=True), np.sum),
            lambda z: _normalised(z, 0, np.sum),
        ),
        (
            "The sums of the rows have lost their axis: (m,) does not fit under (m, K). "
            "Write `keepdims=True`.",
            lambda z: _normalised(z, z.max(1, keepdims=True), lambda e: e.sum(1)),
            lambda z: _normalised(z, z.max(1), lambda e: e.sum(1)),
            lambda z: _normalised(z, z.max(1), lambda e: e.sum(1, keepdims=True)),
            lambda z: _normalised(z, z.max(), lambda e: e.sum(1)),
            lambda z: _normalised(z, 0, lambda e: e.sum(1)),
        ),
        (
            "The rows do not add up to 1 yet: divide by their sums.",
            lambda z: np.exp(z - z.max(1, keepdims=True)),
            np.exp,
        ),
        (
            "Without the exponential this is not the softmax: shares of z itself can be negative.",
            lambda z: z / z.sum(1, keepdims=True),
        ),
        (
            "This is the logarithm of the softmax.",
            lambda z: np.log(softmax(z)),
        ),
    ),
)

# ---------------------------------------------------------------------------- cross-entropy


def cross_entropy(z, y):
    rows, m = np.arange(len(z)), len(z)
    z = z - z.max(axis=1, keepdims=True)
    log_yhat = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    J = -log_yhat[rows, y].mean()
    dz = np.exp(log_yhat)
    dz[rows, y] -= 1
    return J, dz / m


def _logits_and_classes(rng):
    yield np.array([[1.0, 2.0, 0.5], [0.0, 3.0, -1.0]]), np.array([1, 0])
    yield np.array([[1000.0, 0.0], [0.0, 1000.0]]), np.array([1, 1])
    for m, K in [(1, 3), (5, 4), (4, 4), (3, 2)]:
        yield rng.normal(size=(m, K)), rng.integers(0, K, m)


def _scaled(by_J=1.0, by_dz=1.0):
    """The right results times numbers, or times what functions of z make of it."""

    def made(z, y):
        J, dz = cross_entropy(z, y)
        return J * (by_J(z) if callable(by_J) else by_J), dz * (
            by_dz(z) if callable(by_dz) else by_dz
        )

    return made


def _naive(yhat_of):
    """The definition as it stands: log of a probability that may have become 0."""

    def made(z, y):
        rows, yhat = np.arange(len(z)), yhat_of(z)
        J = -np.log(yhat[rows, y]).mean()
        yhat[rows, y] -= 1
        return J, yhat / len(z)

    return made


def _all_columns(z, y):
    """yhat[:, y] is a table: every example with every example's class."""
    log_yhat = np.log(softmax(z))
    J, dz = -log_yhat[:, y].mean(), softmax(z)
    dz[:, y] -= 1
    return J, dz / len(z)


def _overwritten(value, divisor):
    """`=` in the place of `-=`, before the division by m or after it."""

    def made(z, y):
        J, dz = cross_entropy(z, y)
        dz[np.arange(len(z)), y] = value / (divisor if divisor == 1 else divisor(z))
        return J, dz

    return made


def _as_one_hot(z, y):
    yhat = softmax(z)
    return -np.sum(y * np.log(yhat)) / len(z), (yhat - y) / len(z)


CROSS_ENTROPY = Exercise(
    name="ann.cross_entropy",
    title="Softmax cross-entropy and its gradient",
    stub="""\
def cross_entropy(z, y):
    J = ...  # a number
    dz = ...  # (m, K): dJ/dz
    return J, dz
""",
    hints=(
        "Write the logarithm of the softmax out: z_k minus the logarithm of the sum of all e^z_j. "
        "Taking the row's largest number off z first changes neither J nor dz. "
        "`z[np.arange(m), y]` picks each example's own class.",
        "For one example dz is yhat - 1 at the true class and yhat at the others. J is the mean "
        "over m examples, so each row of dz is divided by m.",
    ),
    reference=cross_entropy,
    outputs=("J", "dz"),
    cases=_logits_and_classes,
    mistakes=(
        (
            "You added up the examples; J is their mean. Divide J and dz by m.",
            _scaled(len, len),
        ),
        (
            "J is a mean, so its gradient carries the 1/m too: divide dz by m.",
            _scaled(by_dz=len),
        ),
        (
            "dz is averaged, J is not: divide J by m.",
            _scaled(by_J=len),
        ),
        (
            "The minus sign is missing: J is minus the logarithm of a probability, and never "
            "negative.",
            _scaled(by_J=-1),
        ),
        (
            "dz has the wrong sign: it is yhat minus the truth, since J falls when the logit of "
            "the true class grows.",
            _scaled(by_dz=-1),
        ),
        (
            "dz lacks the truth: yhat minus 1 in the place of each example's own class.",
            lambda z, y: (cross_entropy(z, y)[0], softmax(z) / len(z)),
            lambda z, y: (cross_entropy(z, y)[0], softmax(z)),
            lambda z, y: (-np.log(softmax(z)[np.arange(len(z)), y]).mean(), softmax(z) / len(z)),
        ),
        (
            "In the place of the true class stands yhat minus 1: take 1 off with `-= 1`; `=` "
            "forgets yhat.",
            _overwritten(1, 1),
            _overwritten(-1, 1),
            _overwritten(1, len),
            _overwritten(-1, len),
        ),
        (
            "y holds class numbers, not rows of 0 and 1. `[np.arange(m), y]` picks the number of "
            "each example's own class.",
            _as_one_hot,
        ),
        (
            "yhat - y takes the number of the class off; the truth is 1 in column y and 0 "
            "elsewhere. Take 1 off there.",
            lambda z, y: (cross_entropy(z, y)[0], (softmax(z) - y[:, None]) / len(z)),
            lambda z, y: (cross_entropy(z, y)[0], softmax(z) - y[:, None]),
        ),
        (
            "A probability of e^-1000 is rounded to 0, and log 0 is not finite. Do not take the "
            "logarithm of the softmax: log yhat is z minus the logarithm of the sum.",
            _naive(softmax),
        ),
        (
            "Large numbers overflow: e^1000 is inf, and inf / inf is nan. Take the largest number "
            "of each row off z first.",
            _naive(lambda z: np.exp(z) / np.exp(z).sum(1, keepdims=True)),
        ),
        (
            "`[:, y]` takes all those columns in every row. One number a row, its own class, is "
            "`[np.arange(m), y]`.",
            _all_columns,
            lambda z, y: (_all_columns(z, y)[0], cross_entropy(z, y)[1]),
            lambda z, y: (cross_entropy(z, y)[0], _all_columns(z, y)[1]),
        ),
        (
            "You divided by the number of logits, m times K: the mean is over the m examples only.",
            _scaled(lambda z: 1 / z.shape[1], lambda z: 1 / z.shape[1]),
            _scaled(by_J=lambda z: 1 / z.shape[1]),
            _scaled(by_dz=lambda z: 1 / z.shape[1]),
        ),
    ),
)

# --------------------------------------------------------------------------------- momentum


def momentum(W, v, dW, alpha, beta):
    v = beta * v + dW
    return W - alpha * v, v


def _moving_weights(rng):
    yield _round(rng, 2), _round(rng, 2), _round(rng, 2), 0.1, 0.9
    yield _round(rng, 2, 2), np.zeros((2, 2)), _round(rng, 2, 2), 0.5, 0.9
    for shape, alpha, beta in [((1, 3), 0.2, 0.5), ((4, 2), 0.01, 0.99), ((3, 1), 2.0, 0.8)]:
        yield *rng.normal(size=(3, *shape)), alpha, beta


def _step(W, v, alpha):
    return W - alpha * v, v


MOMENTUM = Exercise(
    name="ann.momentum",
    title="A step with momentum",
    stub="""\
def momentum(W, v, dW, alpha, beta):
    v = ...
    W = ...
    return W, v
""",
    hints=(
        "First the velocity, then the weights. What is left of the old velocity is beta times it; "
        "the new push is the gradient.",
        "`v = beta * v + dW`: this v is the new one, and the step is alpha times it. `v *= beta` "
        "would write into the caller's array.",
    ),
    reference=momentum,
    outputs=("W", "v"),
    cases=_moving_weights,
    mistakes=(
        (
            "The old velocity is lost: v is beta times what it was, plus the gradient; `+`, not "
            "`=`. This is plain gradient descent.",
            lambda W, v, dW, alpha, beta: _step(W, dW, alpha),
        ),
        (
            "The weights move with the old velocity: put the gradient into v first.",
            lambda W, v, dW, alpha, beta: (W - alpha * v, beta * v + dW),
        ),
        (
            "The velocity never decays: the old one counts beta times.",
            lambda W, v, dW, alpha, beta: _step(W, v + dW, alpha),
        ),
        (
            "You weigh the gradient with 1 - beta, as Adam does. That is a running mean; here "
            "the velocity adds up: beta v + dW.",
            lambda W, v, dW, alpha, beta: _step(W, beta * v + (1 - beta) * dW, alpha),
        ),
        (
            "Alpha is inside your velocity. Some books do that, and while alpha stays the same it "
            "makes no difference; here v is beta v + dW, and alpha comes with the step.",
            lambda W, v, dW, alpha, beta: _step(W, beta * v + alpha * dW, 1),
            lambda W, v, dW, alpha, beta: (W + beta * v - alpha * dW, beta * v - alpha * dW),
        ),
        (
            "Your velocity points downhill and is added. From v = 0 that comes to the same; here v "
            "adds up gradients, beta v + dW, and the step is subtracted.",
            lambda W, v, dW, alpha, beta: _step(W, beta * v - dW, -alpha),
        ),
        (
            "Alpha and beta are exchanged: beta says what is left of the old velocity, alpha how "
            "far the weights move.",
            lambda W, v, dW, alpha, beta: _step(W, alpha * v + dW, beta),
        ),
        (
            "The gradient counts twice: v has it already.",
            lambda W, v, dW, alpha, beta: (
                W - alpha * (beta**2 * v + (1 + beta) * dW),
                beta * v + dW,
            ),
            lambda W, v, dW, alpha, beta: (W - alpha * (beta * v + 2 * dW), beta * v + dW),
        ),
        (
            "You go up the slope: the step is subtracted.",
            lambda W, v, dW, alpha, beta: _step(W, beta * v + dW, -alpha),
        ),
        (
            "The learning rate is missing: the step is alpha times the velocity.",
            lambda W, v, dW, alpha, beta: _step(W, beta * v + dW, 1),
        ),
        (
            "The velocity is right, but the weights move with the gradient alone.",
            lambda W, v, dW, alpha, beta: (W - alpha * dW, beta * v + dW),
        ),
        (
            "Beta belongs to the old velocity, not to the gradient or to both.",
            lambda W, v, dW, alpha, beta: _step(W, v + beta * dW, alpha),
            lambda W, v, dW, alpha, beta: _step(W, beta * (v + dW), alpha),
        ),
    ),
)

# ------------------------------------------------------------------------- numerical gradient


def numerical_gradient(J, W, eps):
    W = W.astype(float)  # a copy, and room for fractions
    dW = np.zeros(W.shape)
    for i in np.ndindex(W.shape):
        kept = W[i]
        W[i] = kept + eps
        above = J(W)
        W[i] = kept - eps
        dW[i] = (above - J(W)) / (2 * eps)
        W[i] = kept
    return dW


def _cubes(W):
    """J(W) = the sum of the cubes of W"""
    return np.sum(W**3)


def _waves(W):
    """J(W) = the sum of sin(W), plus the sum of W, squared"""
    return np.sum(np.sin(W)) + np.sum(W) ** 2


def _functions(rng):
    yield _cubes, np.array([1.0, 2.0]), 0.1
    yield _cubes, np.array([[1, 2], [3, 4]]), 0.5
    for shape, eps in [((2, 3), 1e-3), ((3, 1), 0.2), ((1,), 0.3), ((4,), 0.05)]:
        yield _waves, rng.normal(size=shape), eps


def _nudged(quotient, start=lambda W: W.astype(float)):
    """quotient(j, eps) for each weight, where j(d) is J with that weight moved by d."""

    def made(J, W, eps):
        W = start(W)
        dW = np.zeros(W.shape)
        for i in np.ndindex(W.shape):

            def j(d, i=i):
                moved = W.copy()
                moved[i] = moved[i] + d
                return J(moved)

            dW[i] = quotient(j, eps)
        return dW

    return made


def _central(j, eps):
    return (j(eps) - j(-eps)) / (2 * eps)


def _left_behind(last, start=lambda W: W.astype(float)):
    """Each weight stays where its last nudge put it, at `last` times eps."""

    def made(J, W, eps):
        W = start(W)
        dW = np.zeros(W.shape)
        for i in np.ndindex(W.shape):
            kept = W[i]
            W[i] = kept + eps
            above = J(W)
            W[i] = kept - eps
            dW[i] = (above - J(W)) / (2 * eps)
            W[i] = kept + last * eps
        return dW

    return made


def _by_rows(J, W, eps):
    dW = np.zeros(W.shape)
    for i in range(len(W)):
        above, below = W.astype(float), W.astype(float)
        above[i] += eps
        below[i] -= eps
        dW[i] = (J(above) - J(below)) / (2 * eps)
    return dW


NUMERICAL_GRADIENT = Exercise(
    name="ann.numerical_gradient",
    title="A gradient without calculus",
    stub="""\
def numerical_gradient(J, W, eps):
    dW = np.zeros(W.shape)
    for i in np.ndindex(W.shape):  # W[i] is one weight
        dW[i] = ...
    return dW
""",
    hints=(
        "For each weight you need J twice: with this weight a little larger, and a little smaller, "
        "all others as they were. What has to happen before you go on to the next weight?",
        "Work on `W = W.astype(float)`, a copy that can hold fractions. Keep `kept = W[i]`, set "
        "W[i] to kept + eps and call J, then to kept - eps and call J, then back to kept.",
    ),
    reference=numerical_gradient,
    outputs=("dW",),
    cases=_functions,
    mistakes=(
        (
            "You nudge to one side only. Going up and down by eps cancels the curvature, and the "
            "error falls with the square of eps.",
            _nudged(lambda j, eps: (j(eps) - j(0)) / eps),
            _nudged(lambda j, eps: (j(0) - j(-eps)) / eps),
        ),
        (
            "Between the two points lie 2 eps, not eps: divide by 2 * eps.",
            _nudged(lambda j, eps: (j(eps) - j(-eps)) / eps),
        ),
        (
            "`/ 2 * eps` divides by 2 and then multiplies by eps: write `/ (2 * eps)`.",
            _nudged(lambda j, eps: (j(eps) - j(-eps)) / 2 * eps),
        ),
        (
            "The quotient is missing: divide the difference by 2 * eps.",
            _nudged(lambda j, eps: j(eps) - j(-eps)),
        ),
        (
            "Nudged up by eps and then down by eps, the weight is back in the middle: the second "
            "point is at minus eps, so go down by 2 eps.",
            _nudged(lambda j, eps: (j(eps) - j(0)) / (2 * eps)),
        ),
        (
            "Above and below are the same array: `up = W` makes a second name, not a copy. Write "
            "`W.copy()`.",
            _nudged(lambda j, eps: 0.0),
        ),
        (
            "The weights are not put back: when the second is nudged, the first has still moved.",
            _left_behind(-1),
            _left_behind(1),
            _left_behind(-1, np.copy),
            _left_behind(1, np.copy),
        ),
        (
            "All weights are nudged at once. Each weight needs its own two values of J, with "
            "the others as they were.",
            lambda J, W, eps: (J(W + eps) - J(W - eps)) / (2 * eps),
            lambda J, W, eps: np.full(W.shape, (J(W + eps) - J(W - eps)) / (2 * eps)),
            lambda J, W, eps: (J(W + eps) - J(W)) / eps,
            lambda J, W, eps: np.full(W.shape, (J(W + eps) - J(W)) / eps),
        ),
        (
            "With i from `range(len(W))`, `W[i]` is a whole row, and its weights move together. "
            "`np.ndindex(W.shape)` goes over single weights.",
            _by_rows,
        ),
        (
            "In an array of integers, W[i] + eps is cut off to an integer, and the nudge is lost. "
            "Work on `W.astype(float)`.",
            _nudged(_central, start=np.copy),
        ),
        (
            "You nudge by an eps of your own; use the one that is given.",
            _nudged(lambda j, eps: _central(j, 1e-4)),
            _nudged(lambda j, eps: _central(j, 1e-5)),
            _nudged(lambda j, eps: _central(j, 1e-6)),
        ),
        (
            "The sign is the wrong way round: J above minus J below.",
            _nudged(lambda j, eps: -_central(j, eps)),
        ),
    ),
)

# --------------------------------------------------------------------------------- backward


def backward(x, y, W1, b1, W2, b2):
    a1 = np.tanh(x @ W1.T + b1)
    yhat = 1 / (1 + np.exp(-(a1 @ W2.T + b2)))
    dz2 = (yhat - y) / len(x)
    dW2, db2 = dz2.T @ a1, dz2.sum(axis=0)
    dz1 = dz2 @ W2 * (1 - a1**2)
    dW1, db1 = dz1.T @ x, dz1.sum(axis=0)
    return dW1, db1, dW2, db2


def _labelled(rng):
    for m, n, h in [(2, 2, 2), (1, 3, 4), (5, 3, 2), (4, 1, 3), (6, 2, 1), (3, 3, 3)]:
        draw = _round if m == 2 else lambda rng, *shape: rng.normal(size=shape)
        y = np.array([[1], [0]]) if m == 2 else rng.integers(0, 2, (m, 1))
        yield draw(rng, m, n), y, draw(rng, h, n), draw(rng, h), draw(rng, 1, h), draw(rng, 1)


def _backward(
    error=lambda yhat, y: yhat - y,
    scale=lambda m: 1 / m,
    through=lambda dz2, W2: dz2 @ W2,
    slope=lambda z1, a1: 1 - a1**2,
    bias=lambda dz, m: dz.sum(0),
    weight=lambda dz, a, m: dz.T @ a,
):
    """The backward pass with one of its parts exchanged."""

    def made(x, y, W1, b1, W2, b2):
        m = len(x)
        z1 = x @ W1.T + b1
        a1 = np.tanh(z1)
        yhat = _logistic(a1 @ W2.T + b2)
        dz2 = error(yhat, y) * scale(m)
        dz1 = through(dz2, W2) * slope(z1, a1)
        return weight(dz1, x, m), bias(dz1, m), weight(dz2, a1, m), bias(dz2, m)

    return made


BACKWARD = Exercise(
    name="ann.backward",
    title="The backward pass of a network",
    stub="""\
def backward(x, y, W1, b1, W2, b2):
    dW2, db2 = ..., ...
    dW1, db1 = ..., ...
    return dW1, db1, dW2, db2
""",
    hints=(
        "Go back one link at a time, and give each result a name: dz2 from the loss, then dW2 and "
        "db2; from dz2 to da1, from da1 to dz1; then dW1 and db1. Each has the shape of what it is "
        "the gradient of.",
        "dz2 is (yhat - y) / m, and after that m never appears again. da1 is `dz2 @ W2`, and dz1 "
        "is da1 times the slope of tanh, `1 - a1**2`. A bias gets the column sums of its dz.",
    ),
    reference=backward,
    outputs=("dW1", "db1", "dW2", "db2"),
    cases=_labelled,
    mistakes=(
        (
            "You added up the examples; the loss is their mean. Divide dz2 by m, and all four "
            "gradients inherit it.",
            _backward(scale=lambda m: 1),
        ),
        (
            "The 1/m is in there twice: once it is in dz2, everything after inherits it.",
            _backward(weight=lambda dz, a, m: dz.T @ a / m, bias=lambda dz, m: dz.sum(0) / m),
        ),
        (
            "The weights are averaged over the examples, the biases are not: they need the "
            "1/m as well.",
            _backward(bias=lambda dz, m: dz.sum(0) * m),
        ),
        (
            "The biases take the mean over dz, which has its 1/m already: take the sum.",
            _backward(bias=lambda dz, m: dz.mean(0)),
        ),
        (
            "The biases get dz as it is, a row for each example: they need its sum over the rows.",
            _backward(bias=lambda dz, m: dz),
        ),
        (
            "The slope of tanh is taken at z1. It is 1 - tanh(z1)**2, that is 1 - a1**2.",
            _backward(slope=lambda z1, a1: 1 - z1**2),
        ),
        (
            "The slope of tanh is taken twice around: a1 is already tanh(z1), so it is 1 - a1**2.",
            _backward(slope=lambda z1, a1: 1 - np.tanh(a1) ** 2),
        ),
        (
            "The slope of the hidden activation is missing: on the way from a1 to z1, multiply by "
            "1 - a1**2.",
            _backward(slope=lambda z1, a1: 1),
        ),
        (
            "The square is missing: `a1 * 2` is twice a1, and the slope is `1 - a1**2`.",
            _backward(slope=lambda z1, a1: 1 - 2 * a1),
            _backward(slope=lambda z1, a1: 1 - a1),
        ),
        (
            "a (1 - a) is the slope of the logistic function; the hidden layer has tanh.",
            _backward(slope=lambda z1, a1: a1 * (1 - a1)),
        ),
        (
            "The error goes back without W2: a unit is to blame as far as its weight carried what "
            "it said. The shapes fit by chance, since a column spreads over the units.",
            _backward(through=lambda dz2, W2: dz2),
        ),
        (
            "Once too often: yhat (1 - yhat) cancels against the denominator of the "
            "cross-entropy's derivative. What is left for dz2 is yhat - y.",
            _backward(error=lambda yhat, y: (yhat - y) * yhat * (1 - yhat)),
        ),
        (
            "You stopped at yhat: this is dJ/dyhat. One more slope, yhat (1 - yhat), leads to z2.",
            _backward(error=lambda yhat, y: (yhat - y) / (yhat * (1 - yhat))),
        ),
        (
            "This is the gradient of the squared error; J is the cross-entropy, whose dz2 is "
            "yhat - y over m.",
            _backward(error=lambda yhat, y: 2 * (yhat - y) * yhat * (1 - yhat)),
        ),
        (
            "All signs are wrong: dz2 is yhat - y. With y - yhat the update would go up.",
            _backward(error=lambda yhat, y: y - yhat),
        ),
        (
            "The error is twice too large: the 2 belongs to the squared error, not to the "
            "cross-entropy.",
            _backward(error=lambda yhat, y: 2 * (yhat - y)),
        ),
    ),
)

EXERCISES = (
    FEEDFORWARD,
    GRADIENT,
    UPDATE,
    SLOPE,
    FIRST_STD,
    SOFTMAX,
    CROSS_ENTROPY,
    MOMENTUM,
    NUMERICAL_GRADIENT,
    BACKWARD,
)  # fmt: skip
