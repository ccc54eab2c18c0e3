"""The exercises of chapters/gan. D answers with a logit v for each example, (m, 1): D(x) = sigma(v)
is its belief that x is real. A batch is rows and W is (n_out, n_in), as in all of the book.

The formulas are `eq-gan-minimax`, `eq-gan-discriminator-loss` and `eq-gan-generator-loss`."""

import numpy as np

from ..activations import sigmoid
from .draw import normal
from .exercise import Exercise


def _softplus(v):
    """log(1 + e^v), which is -log(1 - D); of -v it is -log D."""
    return np.logaddexp(0, v)


# ------------------------------------------------------------------- the best discriminator


def best(p, q):
    return p / (p + q)


def _densities(rng):
    yield np.array([2.0, 0.5, 1.0]), np.array([2.0, 1.5, 0.0])
    yield np.array([3, 1, 0, 4]), np.array([1, 1, 2, 0])
    for m in (1, 5, 8):
        yield rng.exponential(size=m), rng.exponential(size=m)
    yield rng.exponential(size=(3, 2)), rng.exponential(size=(3, 2))


BEST = Exercise(
    name="gan.best",
    title="The best possible discriminator",
    stub="""\
def best(p, q):
    return ...  # like p: the best D at each point
""",
    hints=(
        "Each point is a problem by itself: p and q are two numbers there, and D is the unknown. "
        "Where is the derivative of p log D + q log(1 - D) zero?",
        "p / D - q / (1 - D) = 0. Multiply by D (1 - D): p (1 - D) = q D. Solve for D.",
    ),
    reference=best,
    outputs=("D",),
    cases=_densities,
    mistakes=(
        (
            "p and q are exchanged: D is the belief that a point is *real*, and it should be 1 "
            "where only real points are.",
            lambda p, q: q / (p + q),
        ),
        (
            "These are odds, p to q: they have no upper bound. The belief is p out of p + q.",
            lambda p, q: p / q,
            lambda p, q: q / p,
        ),
        (
            "This is the logit, log(p / q): the v of the best D. Sigma of it is what is asked.",
            lambda p, q: np.log(p / q),
            lambda p, q: np.log(p) - np.log(q),
        ),
        (
            "Brackets: `p / p + q` is 1 + q. What divides is the sum.",
            lambda p, q: p / p + q,
        ),
        (
            "The best D does not decide, it weighs: with p = 0.5 and q = 1.5 one point in four is "
            "real, and 0.25 is the honest answer.",
            lambda p, q: 1.0 * (p > q),
            lambda p, q: 1.0 * (p >= q),
            lambda p, q: np.round(p / (p + q)),
        ),
        (
            "This is sigma of p. Sigma belongs around the logit, and the best logit is log(p / q).",
            lambda p, q: sigmoid(1.0 * p),
        ),
        (
            "This is sigma of p - q: near the truth for small numbers, but the derivative is zero "
            "elsewhere. Solve p / D = q / (1 - D).",
            lambda p, q: sigmoid(1.0 * (p - q)),
        ),
        (
            "A difference of densities says which is larger, but is no belief: it may be negative, "
            "or above 1.",
            lambda p, q: p - q,
            lambda p, q: (p - q) / (p + q),
        ),
        (
            "You divide by the sum over all points. Each point has its own answer, from its own p "
            "and q.",
            lambda p, q: p / p.sum(),
            lambda p, q: p / (p.sum() + q.sum()),
            lambda p, q: p / (p + q).max(),
        ),
        (
            "This is twice as much. With the two halves of the minimax formula as they stand, D is "
            "one half where p = q.",
            lambda p, q: 2 * p / (p + q),
            lambda p, q: p / ((p + q) / 2),
        ),
    ),
)

# --------------------------------------------------------------------- the discriminator's loss


def discriminator_loss(v_real, v_fake):
    J_D = np.logaddexp(0, -v_real).mean() + np.logaddexp(0, v_fake).mean()
    dv_real = (sigmoid(v_real) - 1) / len(v_real)
    dv_fake = sigmoid(v_fake) / len(v_fake)
    return J_D, dv_real, dv_fake


def _verdicts(rng):
    """(v_real, v_fake); those of the large case are beyond what e^v can hold."""
    for m, n in [(2, 2), (1, 1), (5, 3), (4, 6)]:
        draw = normal(rng, m == n == 2)
        yield draw(m, 1), draw(n, 1)
    yield np.array([[2.0], [-800.0], [800.0]]), np.array([[-800.0], [800.0], [-1.0]])


def _D_loss(
    log_real=lambda v: _softplus(-v),
    log_fake=_softplus,
    slope_real=lambda v: sigmoid(v) - 1,
    slope_fake=sigmoid,
    mean=np.mean,
    share=lambda v, both: 1 / len(v),
):
    """Loss and slopes with one of the parts exchanged."""

    def made(v_real, v_fake):
        both = len(v_real) + len(v_fake)
        return (
            mean(log_real(v_real)) + mean(log_fake(v_fake)),
            slope_real(v_real) * share(v_real, both),
            slope_fake(v_fake) * share(v_fake, both),
        )

    return made


def _scaled(of, *factors):
    """`of` with its results multiplied, one after the other."""
    return lambda *args: tuple(k * y for k, y in zip(factors, of(*args), strict=True))


def _rounded(v):
    """sigma as it is written first: 0 or 1 for large v."""
    return 1 / (1 + np.exp(-v))


def _with(log):
    """The two logarithms of D with `log` in the place of log."""
    return {
        "log_real": lambda v: -log(_rounded(v)),
        "log_fake": lambda v: -log(1 - _rounded(v)),
    }


_GUARDS = (1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15)


def _guarded(eps):
    return lambda D: np.log(D + eps)


def _clipped(eps):
    return lambda D: np.log(np.clip(D, eps, 1 - eps))


def _in_one_mean(v_real, v_fake):
    both = len(v_real) + len(v_fake)
    J = np.concatenate([_softplus(-v_real), _softplus(v_fake)]).mean()
    return J, (sigmoid(v_real) - 1) / both, sigmoid(v_fake) / both


def _both_terms(v, y):
    """-y log D - (1 - y) log(1 - D), as it stands."""
    D = _rounded(v)
    return -y * np.log(D) - (1 - y) * np.log(1 - D)


DISCRIMINATOR_LOSS = Exercise(
    name="gan.discriminator_loss",
    title="What the discriminator minimises",
    stub="""\
def discriminator_loss(v_real, v_fake):
    J_D = ...
    dv_real, dv_fake = ..., ...
    return J_D, dv_real, dv_fake
""",
    hints=(
        "-log sigma(v) = log(1 + e^-v), and -log(1 - sigma(v)) = log(1 + e^v). Which of the two "
        "belongs to the real examples? For the slopes: what is the derivative of log(1 + e^v)?",
        "`np.logaddexp(0, v)` is log(1 + e^v) without overflow; take the mean of each batch by "
        "itself. The slopes are (D - 1) / m for real and D / n for fake examples, with D from "
        "`dl.sigmoid`.",
    ),
    reference=discriminator_loss,
    outputs=("J_D", "dv_real", "dv_fake"),
    cases=_verdicts,
    mistakes=(
        (
            "Real and fake are exchanged: this D is paid for calling fakes real. Real examples "
            "give -log D, fake ones -log(1 - D).",
            _D_loss(_softplus, lambda v: _softplus(-v), sigmoid, lambda v: sigmoid(v) - 1),
            lambda v_real, v_fake: discriminator_loss(v_fake, v_real),
        ),
        (
            "You added up the examples: each expectation is a *mean* over its batch, and the "
            "slopes have the same 1/m.",
            _D_loss(mean=np.sum, share=lambda v, both: 1),
        ),
        (
            "You took one mean over both batches. The formula has two means, one of the real "
            "batch and one of the fake batch, and adds them.",
            _in_one_mean,
        ),
        (
            "This is half of it. Some programs take the mean of the two terms; the formula takes "
            "their sum.",
            _scaled(discriminator_loss, 0.5, 0.5, 0.5),
        ),
        (
            "This is V, which D wants *large*. J_D is minus V: it is to be made small.",
            _scaled(discriminator_loss, -1, -1, -1),
        ),
        (
            "The fakes are missing: D could say 1 to everything, and be content.",
            _scaled(_D_loss(log_fake=lambda v: 0 * v), 1, 1, 0),
        ),
        (
            "The real examples are missing: D could say 0 to everything, and be content.",
            _scaled(_D_loss(log_real=lambda v: 0 * v), 1, 0, 1),
        ),
        (
            "The fake term is -log(1 - D): with log D in it, D is paid to move one number in "
            "opposite ways, and can go on without end.",
            _D_loss(log_fake=lambda v: -_softplus(-v), slope_fake=lambda v: 1 - sigmoid(v)),
        ),
        (
            "The logarithm is missing: J_D takes -log D, not -D.",
            _D_loss(
                lambda v: -sigmoid(v),
                lambda v: sigmoid(v) - 1,
                lambda v: -sigmoid(v) * (1 - sigmoid(v)),
                lambda v: sigmoid(v) * (1 - sigmoid(v)),
            ),
        ),
        (
            "The mean comes too early: take the logarithm of each D, then the mean.",
            lambda v_real, v_fake: (
                -np.log(sigmoid(v_real).mean()) - np.log(1 - sigmoid(v_fake).mean()),
                *discriminator_loss(v_real, v_fake)[1:],
            ),
        ),
        (
            "The slope of sigma is forgotten: -1/D and 1/(1 - D) are the derivatives by D. By v, "
            "each gets the factor D (1 - D), and little is left.",
            _D_loss(
                slope_real=lambda v: -1 / sigmoid(v),
                slope_fake=lambda v: 1 / (1 - sigmoid(v)),
            ),
        ),
        (
            "The slope of sigma is there twice: D - 1 and D are derivatives by v already.",
            _D_loss(
                slope_real=lambda v: (sigmoid(v) - 1) * sigmoid(v) * (1 - sigmoid(v)),
                slope_fake=lambda v: sigmoid(v) ** 2 * (1 - sigmoid(v)),
            ),
        ),
        (
            "v is the logit, not D: it is to go through sigma first.",
            _D_loss(
                lambda v: -np.log(v),
                lambda v: -np.log(1 - v),
                lambda v: v - 1,
                lambda v: v,
            ),
        ),
        (
            "A D of e^-800 is rounded to 0, and log 0 is not finite. Do not take the logarithm of "
            "sigma: use log(1 + e^v), as `np.logaddexp(0, v)`.",
            _D_loss(**_with(np.log)),
            _D_loss(lambda v: np.log(1 + np.exp(-v)), lambda v: np.log(1 + np.exp(v))),
            _D_loss(lambda v: _both_terms(v, 1), lambda v: _both_terms(v, 0)),
        ),
        (
            "A small number keeps log 0 away, and hides what D really believes: where it is as "
            "wrong as it can be, J_D is too small. `np.logaddexp(0, v)` needs no such guard.",
            *(_D_loss(**_with(_guarded(eps))) for eps in _GUARDS),
            *(_D_loss(**_with(_clipped(eps))) for eps in _GUARDS),
        ),
    ),
)

# ------------------------------------------------------------------------- the generator's loss


def generator_loss(v_fake):
    D = sigmoid(v_fake)
    J_G = np.logaddexp(0, -v_fake).mean()
    dv = (D - 1) / len(v_fake)
    dv_saturating = -D / len(v_fake)
    return J_G, dv, dv_saturating


def _of_fakes(rng):
    for v_real, v_fake in _verdicts(rng):
        yield (np.concatenate([v_real, v_fake]),)


def _G_loss(
    log=lambda v: _softplus(-v),
    slope=lambda v: sigmoid(v) - 1,
    saturating=lambda v: -sigmoid(v),
    mean=np.mean,
    share=lambda v: 1 / len(v),
):
    """Loss and both slopes with one of the parts exchanged."""
    return lambda v: (mean(log(v)), slope(v) * share(v), saturating(v) * share(v))


GENERATOR_LOSS = Exercise(
    name="gan.generator_loss",
    title="What the generator minimises",
    stub="""\
def generator_loss(v_fake):
    J_G = ...
    dv, dv_saturating = ..., ...
    return J_G, dv, dv_saturating
""",
    hints=(
        "J_G takes the fakes as D takes the real ones: what is it in terms of v? The saturating "
        "loss log(1 - D) is minus the term that D has for its fakes; so is its slope.",
        "`np.logaddexp(0, -v_fake).mean()`, with the slope (D - 1) / m. Of mean log(1 - D) the "
        "slope is -D / m.",
    ),
    reference=generator_loss,
    outputs=("J_G", "dv", "dv_saturating"),
    cases=_of_fakes,
    mistakes=(
        (
            "This is what *D* minimises on its fakes: it pulls them towards 0. The generator "
            "wants them to be taken for real.",
            _G_loss(_softplus, sigmoid),
            _G_loss(_softplus, sigmoid, sigmoid),
        ),
        (
            "J_G and dv are those of the saturating loss, mean log(1 - D). The one that is asked "
            "for first is -mean log D.",
            _G_loss(lambda v: -_softplus(v), lambda v: -sigmoid(v)),
        ),
        (
            "The two slopes are exchanged: the one that dies where D is sure of a fake, D = 0, is "
            "the saturating one.",
            _G_loss(slope=lambda v: -sigmoid(v), saturating=lambda v: sigmoid(v) - 1),
        ),
        (
            "The saturating slope has the wrong sign: G makes log(1 - D) *small*, and it falls as "
            "v grows.",
            _G_loss(saturating=sigmoid),
        ),
        (
            "Both slopes are the same. The two losses agree on the direction, not on the size: "
            "one has D - 1, the other -D.",
            _G_loss(saturating=lambda v: sigmoid(v) - 1),
            _G_loss(slope=lambda v: -sigmoid(v)),
        ),
        (
            "You added up the examples: the expectation is a *mean*, and the slopes have the same "
            "1/m.",
            _G_loss(mean=np.sum, share=lambda v: 1),
        ),
        (
            "All signs are wrong: this is mean log D, which G wants large. J_G is minus that.",
            _scaled(generator_loss, -1, -1, -1),
        ),
        (
            "The slope of sigma is forgotten: -1/D and -1/(1 - D) are the derivatives by D. By v, "
            "each gets the factor D (1 - D).",
            _G_loss(slope=lambda v: -1 / sigmoid(v), saturating=lambda v: -1 / (1 - sigmoid(v))),
        ),
        (
            "The slope of sigma is there twice: D - 1 and -D are derivatives by v already.",
            _G_loss(
                slope=lambda v: (sigmoid(v) - 1) * sigmoid(v) * (1 - sigmoid(v)),
                saturating=lambda v: -(sigmoid(v) ** 2) * (1 - sigmoid(v)),
            ),
        ),
        (
            "The mean comes too early: take the logarithm of each D, then the mean.",
            lambda v: (-np.log(sigmoid(v).mean()), *generator_loss(v)[1:]),
        ),
        (
            "The logarithm is missing: J_G is -mean log D, not -mean D.",
            _G_loss(lambda v: -sigmoid(v), lambda v: -sigmoid(v) * (1 - sigmoid(v))),
            _G_loss(lambda v: 1 - sigmoid(v), lambda v: -sigmoid(v) * (1 - sigmoid(v))),
        ),
        (
            "v is the logit, not D: it is to go through sigma first.",
            _G_loss(lambda v: -np.log(v), lambda v: v - 1, lambda v: -v),
        ),
        (
            "A D of e^-800 is rounded to 0, and log 0 is not finite. Do not take the logarithm of "
            "sigma: -log D is `np.logaddexp(0, -v_fake)`.",
            _G_loss(lambda v: -np.log(_rounded(v))),
            _G_loss(lambda v: np.log(1 + np.exp(-v))),
        ),
        (
            "A small number keeps log 0 away, and hides how far the fakes are from fooling D: J_G "
            "is too small. `np.logaddexp(0, -v_fake)` needs no such guard.",
            *(
                _G_loss(_with(log(eps))["log_real"])
                for log in (_guarded, _clipped)
                for eps in _GUARDS
            ),
        ),
    ),
)

# ---------------------------------------------------------------------- Jensen and Shannon


def jensen_shannon(real, fake):
    p, q = real / real.sum(), fake / fake.sum()
    middle = (p + q) / 2

    def kl(share):
        some = share > 0
        return np.sum(share[some] * np.log(share[some] / middle[some]))

    return (kl(p) + kl(q)) / 2


def _counts(rng):
    yield np.array([3, 1, 0]), np.array([0, 1, 1])
    yield np.array([1, 1]), np.array([5, 5])
    yield np.array([2, 3, 0, 0]), np.array([0, 0, 4, 1])
    yield rng.integers(1, 20, 6), rng.integers(1, 20, 6)
    yield rng.poisson(2, (4, 5)), rng.poisson(1, (4, 5))
    yield rng.integers(0, 3, 12), rng.integers(0, 9, 12)
    yield rng.exponential(size=(3, 3)), rng.exponential(size=(3, 3))


def _kl(p, q):
    some = p > 0
    return np.sum(p[some] * np.log(p[some] / q[some]))


def _js(
    shares=lambda real, fake: (real / real.sum(), fake / fake.sum()),
    middle=lambda p, q: (p + q) / 2,
    kl=_kl,
    join=lambda a, b: (a + b) / 2,
):
    """The divergence with one of its parts exchanged."""

    def made(real, fake):
        p, q = shares(real, fake)
        m = middle(p, q)
        return join(kl(p, m), kl(q, m))

    return made


def _of_shares(f):
    """A formula of p and q, of the two counts."""
    return lambda real, fake: f(real / real.sum(), fake / fake.sum())


def _only_common(real, fake):
    p, q = real / real.sum(), fake / fake.sum()
    both = (p > 0) & (q > 0)
    return (_kl(p[both], (p + q)[both] / 2) + _kl(q[both], (p + q)[both] / 2)) / 2


def _of_pooled(real, fake):
    m = (real + fake) / (real.sum() + fake.sum())
    return (_kl(real / real.sum(), m) + _kl(fake / fake.sum(), m)) / 2


JENSEN_SHANNON = Exercise(
    name="gan.jensen_shannon",
    title="How far apart?",
    stub="""\
def jensen_shannon(real, fake):
    return ...  # a number between 0 and log 2
""",
    hints=(
        "The counts have to become shares that add up to 1, each of its own total. And what is "
        "0 log 0 to be, where a cell is empty?",
        "With `middle = (p + q) / 2`, both KL are sums of `p * np.log(p / middle)` over those "
        "cells where p is not 0: `some = p > 0`, then `p[some]` and `middle[some]`. Half of one "
        "plus half of the other.",
    ),
    reference=jensen_shannon,
    outputs=("JS",),
    cases=_counts,
    mistakes=(
        (
            "An empty cell makes 0 times log 0, which is nan for NumPy and 0 for the limit: leave "
            "out the cells where the share is 0.",
            _js(kl=lambda p, m: np.sum(p * np.log(p / m))),
            _js(kl=lambda p, m: np.sum(p * (np.log(p) - np.log(m)))),
        ),
        (
            "Cells in which only one of the two is empty are left out. Just these tell the two "
            "apart most: each KL leaves out only where its own share is 0.",
            _only_common,
        ),
        (
            "The counts are used as they are. Two samples of different size can be the same "
            "distribution: divide each by its own total.",
            _js(shares=lambda real, fake: (real, fake)),
        ),
        (
            "Both counts are divided by one total. Each is a distribution of its own, and adds up "
            "to 1.",
            _js(
                shares=lambda real, fake: (
                    real / (real.sum() + fake.sum()),
                    fake / (real.sum() + fake.sum()),
                )
            ),
            _js(shares=lambda real, fake: (real / real.sum(), fake / real.sum())),
        ),
        (
            "The middle is made of all counts in one pot, where the larger sample has more to "
            "say. It is half of p plus half of q.",
            _of_pooled,
        ),
        (
            "The middle is not halved: p + q adds up to 2, and is no distribution.",
            _js(middle=lambda p, q: p + q),
        ),
        (
            "The sum of the two KL is twice too large: half of each.",
            _js(join=lambda a, b: a + b),
        ),
        (
            "There is half of a half: one factor 1/2 around the two KL is enough.",
            _js(join=lambda a, b: (a + b) / 4),
        ),
        (
            "This is KL(p || q), not finite where q alone is empty. Jensen and Shannon compare "
            "both with their middle.",
            _of_shares(_kl),
            _of_shares(lambda p, q: np.sum(p * np.log(p / q))),
            _of_shares(lambda p, q: (_kl(p, q) + _kl(q, p)) / 2),
            _of_shares(lambda p, q: _kl(p, q) + _kl(q, p)),
        ),
        (
            "Each KL is the wrong way round: the logarithm is of p / middle, weighted by p.",
            _js(kl=lambda p, m: np.sum(m * np.log(m / p))),
            _js(kl=lambda p, m: _kl(m, p)),
        ),
        (
            "Only one of the two KL is there. The other half belongs to q.",
            _js(join=lambda a, b: a),
            _js(join=lambda a, b: b),
            _js(join=lambda a, b: a / 2),
            _js(join=lambda a, b: b / 2),
        ),
        (
            "These are bits, by the logarithm of 2. Here it is nats, the natural logarithm: the "
            "largest value is log 2.",
            _js(join=lambda a, b: (a + b) / 2 / np.log(2)),
        ),
        (
            "This is the root of it, the Jensen-Shannon *distance* (as SciPy has it).",
            _js(join=lambda a, b: np.sqrt((a + b) / 2)),
        ),
        (
            "This is the value of V against the best D, 2 JS - log 4. Solve for JS.",
            _js(join=lambda a, b: a + b - np.log(4)),
        ),
        (
            "The sign is wrong: log(p / middle), not log(middle / p). It is never below 0.",
            _js(join=lambda a, b: -(a + b) / 2),
        ),
    ),
)

# --------------------------------------------------------------- what D tells the generator


def signal(x, W1, b1, W2, b2):
    a = np.tanh(x @ W1.T + b1)
    v = a @ W2.T + b2
    dv = (sigmoid(v) - 1) / len(x)
    du = dv @ W2 * (1 - a**2)
    return du @ W1


def _judges(rng):
    """Fakes and a discriminator of two layers: (m, inputs, hidden units)."""
    for m, n, H in [(2, 2, 2), (1, 2, 3), (5, 2, 4), (4, 3, 3), (3, 1, 2)]:
        draw = normal(rng, m == n == H)
        yield draw(m, n), draw(H, n), draw(H), draw(1, H), draw(1)
    whole = np.array([[1, 0], [-1, 2]])
    yield whole, rng.normal(size=(3, 2)), np.zeros(3, int), np.array([[1, -1, 2]]), np.ones(1)


def _signal(
    dv=lambda v: sigmoid(v) - 1,
    hidden=np.tanh,
    slope=lambda a, u: 1 - a**2,
    to_a=lambda dv, W2: dv @ W2,
    to_x=lambda du, W1: du @ W1,
    bias=1,
    share=lambda m: 1 / m,
):
    """The way back with one of its parts exchanged."""

    def made(x, W1, b1, W2, b2):
        u = x @ W1.T + bias * b1
        a = hidden(u)
        v = a @ W2.T + bias * b2
        return to_x(to_a(dv(v) * share(len(x)), W2) * slope(a, u), W1)

    return made


def _weights_instead(x, W1, b1, W2, b2):
    a = np.tanh(x @ W1.T + b1)
    dv = (sigmoid(a @ W2.T + b2) - 1) / len(x)
    return (dv @ W2 * (1 - a**2)).T @ x


SIGNAL = Exercise(
    name="gan.signal",
    title="What the discriminator tells the generator",
    stub="""\
def signal(x, W1, b1, W2, b2):
    dx = ...
    return dx  # like x: dJ_G/dx at each fake
""",
    hints=(
        "Forward first, for a and v. Then back by the chain rule: from J_G to v, from v to a, "
        "from a to u, from u to x. Which of D's parameters get a gradient in it?",
        "dv = (sigma(v) - 1) / m is your own. Then `du = dv @ W2 * (1 - a**2)`, which is (m, H), "
        "and `du @ W1` is like x. No gradient of a weight is needed: D stays as it is.",
    ),
    reference=signal,
    outputs=("dx",),
    cases=_judges,
    mistakes=(
        (
            "The sign is the wrong way round. dx is the gradient of J_G, which points to where D "
            "is surer of a fake; it is the update that goes against it.",
            _signal(lambda v: 1 - sigmoid(v)),
        ),
        (
            "This is the gradient of D's own loss on fakes: it pulls v down. The generator wants "
            "its fakes taken for real, so the label is 1.",
            _signal(sigmoid),
        ),
        (
            "This is the saturating loss, log(1 - D), with dv = -D / m. Here it is -log D.",
            _signal(lambda v: -sigmoid(v)),
        ),
        (
            "You added up the examples: J_G is a mean, and dv has the factor 1/m.",
            _signal(share=lambda m: 1),
        ),
        (
            "The slope of sigma is forgotten: -1/D is the derivative of -log D by D. By v it is "
            "D - 1.",
            _signal(lambda v: -1 / sigmoid(v)),
        ),
        (
            "This is the gradient of D, not of -log D: the logarithm puts 1/D in front, and D "
            "(1 - D) becomes 1 - D.",
            _signal(lambda v: sigmoid(v) * (1 - sigmoid(v))),
            _signal(lambda v: -sigmoid(v) * (1 - sigmoid(v))),
        ),
        (
            "v is a logit: D is sigma of it, and dv is (sigma(v) - 1) / m.",
            _signal(lambda v: v - 1),
        ),
        (
            "The slope of tanh is missing: from a to u it is 1 - a**2.",
            _signal(slope=lambda a, u: 1),
        ),
        (
            "a is tanh(u) already: the slope is 1 - a**2, without another tanh.",
            _signal(slope=lambda a, u: 1 - np.tanh(a) ** 2),
        ),
        (
            "The slope is made of u: it is 1 - a**2, with what came out of the tanh.",
            _signal(slope=lambda a, u: 1 - u**2),
        ),
        (
            "a (1 - a) is the slope of the logistic function; the hidden units have tanh.",
            _signal(slope=lambda a, u: a * (1 - a)),
        ),
        (
            "W2 is missing: each hidden unit hears dv times its own weight, `dv @ W2`.",
            _signal(to_a=lambda dv, W2: dv),
        ),
        (
            "This is du, where the hidden units stand. One matrix is missing to get to x: `@ W1`.",
            _signal(to_x=lambda du, W1: du),
        ),
        (
            "W1 is transposed on the way back. Forward it is `x @ W1.T`; blame goes the other "
            "way, `du @ W1`.",
            _signal(to_x=lambda du, W1: du @ W1.T),
        ),
        (
            "W1 is not transposed on the way forward: with examples as rows it is `x @ W1.T`.",
            lambda x, W1, b1, W2, b2: _signal(to_x=lambda du, W: du @ W1)(x, W1.T, b1, W2, b2),
        ),
        (
            "This is dW1, what D would need to learn. The generator needs to know how its *fakes* "
            "should move: `du @ W1`.",
            _weights_instead,
        ),
        (
            "The arrows are averaged. Every fake has its own, and G will be told all of them.",
            lambda *args: signal(*args).mean(0),
            lambda *args: signal(*args).sum(0),
        ),
        (
            "The biases are missing: u is W1 x plus b1, and v is W2 a plus b2.",
            _signal(bias=0),
        ),
        (
            "The hidden units have no tanh.",
            _signal(hidden=lambda u: u, slope=lambda a, u: 1),
            _signal(hidden=lambda u: u),
        ),
    ),
)

# -------------------------------------------------------------------------- one step of both


def step(x, z, W_G, b_G, W_D, b_D, alpha):
    fake = z @ W_G.T + b_G
    dv_real = (sigmoid(x @ W_D.T + b_D) - 1) / len(x)
    dv_fake = sigmoid(fake @ W_D.T + b_D) / len(fake)
    W_D = W_D - alpha * (dv_real.T @ x + dv_fake.T @ fake)
    b_D = b_D - alpha * (dv_real.sum(0) + dv_fake.sum(0))
    dv = (sigmoid(fake @ W_D.T + b_D) - 1) / len(fake)
    dfake = dv @ W_D
    return W_G - alpha * dfake.T @ z, b_G - alpha * dfake.sum(0), W_D, b_D


def _matches(rng):
    """(m real, m fake, size of an example, size of z)"""
    sizes = [(2, 2, 2, 1), (1, 1, 2, 2), (5, 3, 2, 2), (4, 4, 3, 1), (3, 6, 1, 2)]
    for m, n, size, latent in sizes:
        draw = normal(rng, m == size)
        yield (
            draw(m, size), draw(n, latent), draw(size, latent), draw(size),
            draw(1, size), draw(1), 0.5,
        )  # fmt: skip
    whole = np.array([[1, 0], [0, 2]]), np.array([[1, 0], [0, 1]]), np.eye(2, dtype=int)
    yield *whole, np.zeros(2, int), np.array([[1, -2]]), np.ones(1, int), 0.1


def _step(
    real=lambda v: sigmoid(v) - 1,
    fakes=sigmoid,
    fooled=lambda v: sigmoid(v) - 1,
    share=lambda v, seen: 1 / len(v),
    judge=lambda old, new: new,
    through=lambda old, new: new,
    signs=(1, 1),
    from_z=lambda dfake, z, fake: dfake.T @ z,
    over_rows=(np.sum, np.sum),
    again=0,
):
    """One step of both with one of its parts exchanged. `signs`, and `over_rows` for the biases,
    are those of D's update and of G's; with `again`, D is moved in G's step as well."""

    def made(x, z, W_G, b_G, W_D, b_D, alpha):
        fake, old = z @ W_G.T + b_G, (W_D, b_D)
        seen = len(x) + len(fake)
        v_real, v_fake = x @ W_D.T + b_D, fake @ W_D.T + b_D
        dv_real = real(v_real) * share(v_real, seen)
        dv_fake = fakes(v_fake) * share(v_fake, seen)
        W_D = W_D - signs[0] * alpha * (dv_real.T @ x + dv_fake.T @ fake)
        db_D = over_rows[0](dv_real, 0) + over_rows[0](dv_fake, 0)
        b_D = b_D - signs[0] * alpha * db_D
        W, b = judge(old, (W_D, b_D))
        v = fake @ W.T + b
        dv = fooled(v) * share(v, len(v))
        dfake = dv @ through(old, (W_D, b_D))[0]
        W_G = W_G - signs[1] * alpha * from_z(dfake, z, fake)
        b_G = b_G - signs[1] * alpha * over_rows[1](dfake, 0)
        W_D, b_D = W_D - again * alpha * dv.T @ fake, b_D - again * alpha * dv.sum(0)
        return W_G, b_G, W_D, b_D

    return made


def _old(old, new):
    return old


_at_once = _step(judge=_old, through=_old)


def _generator_first(x, z, W_G, b_G, W_D, b_D, alpha):
    W_G, b_G, *_ = _at_once(x, z, W_G, b_G, W_D, b_D, alpha)
    return W_G, b_G, *step(x, z, W_G, b_G, W_D, b_D, alpha)[2:]


def _in_place(*which):
    """The step, written into those of W_G, b_G, W_D, b_D."""

    def made(x, z, W_G, b_G, W_D, b_D, alpha):
        weights = W_G, b_G, W_D, b_D
        new = list(step(x, z, *weights, alpha))
        for k in which:
            weights[k][...] += new[k] - weights[k]
            new[k] = weights[k]
        return tuple(new)

    return made


STEP = Exercise(
    name="gan.step",
    title="One step of both",
    stub="""\
def step(x, z, W_G, b_G, W_D, b_D, alpha):
    W_D, b_D = ..., ...  # the discriminator first
    W_G, b_G = ..., ...  # then the generator, through the new one
    return W_G, b_G, W_D, b_D
""",
    hints=(
        "Both losses are yours already: with which labels does D see the two batches, and with "
        "which label does G see its own? When G asks for a verdict, which D gives it?",
        "D: `dv_real` and `dv_fake` as in exercise 2, then dW_D = dv_real.T @ x + dv_fake.T @ "
        "fake. With the *new* W_D and b_D: v of the same fakes, dv = (sigma(v) - 1) / n, dfake = "
        "dv @ W_D, dW_G = dfake.T @ z. Biases get the sums over the rows.",
    ),
    reference=step,
    outputs=("W_G", "b_G", "W_D", "b_D"),
    cases=_matches,
    mistakes=(
        (
            "G asks the old D. In the right order D has learnt first, and the *new* D judges the "
            "fakes once more.",
            _at_once,
        ),
        (
            "Old verdicts go back through the new D: v of the fakes has to be computed again, "
            "once W_D and b_D have changed.",
            _step(judge=_old),
        ),
        (
            "New verdicts go back through the old W_D: dfake = dv @ W_D, with the same D that gave "
            "the verdict.",
            _step(through=_old),
        ),
        (
            "D is updated in the generator's step, too: it learns to be fooled, which undoes its "
            "own step. Only W_G and b_G move there.",
            _step(again=1),
            _step(again=-1),
        ),
        (
            "G comes first here: begin with D, on the fakes of the old G.",
            _generator_first,
        ),
        (
            "Real and fake labels are exchanged in D's step: real examples want v up, D - 1, and "
            "fakes want it down, D.",
            _step(real=sigmoid, fakes=lambda v: sigmoid(v) - 1),
        ),
        (
            "D gets all labels 1: its fakes have the label 0, and the slope D / n.",
            _step(fakes=lambda v: sigmoid(v) - 1),
        ),
        (
            "D learns from its fakes alone: the real batch is the other half.",
            _step(real=lambda v: 0 * v),
        ),
        (
            "D learns from the real batch alone: the fakes are the other half.",
            _step(fakes=lambda v: 0 * v),
        ),
        (
            "D goes uphill: it is J_D that is minimised, and the update has a minus.",
            _step(signs=(-1, 1)),
        ),
        (
            "G goes uphill: its fakes become worse. The update has a minus.",
            _step(signs=(1, -1)),
        ),
        (
            "G plays for D: with the label 0 it moves its fakes to where D is surer of them. For "
            "G, fakes have the label 1.",
            _step(fooled=sigmoid),
        ),
        (
            "G has the saturating slope, -D / n. Here it is the other loss, -log D, with D - 1.",
            _step(fooled=lambda v: -sigmoid(v)),
        ),
        (
            "You added up the examples: both losses are means, each over its own batch.",
            _step(share=lambda v, seen: 1),
        ),
        (
            "D's two batches are in one mean. J_D has two means, one of the real batch and one of "
            "the fakes: 1/m for one, 1/n for the other.",
            _step(share=lambda v, seen: 1 / seen),
        ),
        (
            "The slope of sigma is forgotten: -1/D and 1/(1 - D) are derivatives by D, not by v.",
            _step(
                real=lambda v: -1 / sigmoid(v),
                fakes=lambda v: 1 / (1 - sigmoid(v)),
                fooled=lambda v: -1 / sigmoid(v),
            ),
        ),
        (
            "A bias gets the *sum* of dv over its batch: the 1/m is in dv already.",
            _step(over_rows=(np.mean, np.mean)),
            _step(over_rows=(np.mean, np.sum)),
            _step(over_rows=(np.sum, np.mean)),
        ),
        (
            "dW_G is made with the fakes: what went into W_G was z.",
            _step(from_z=lambda dfake, z, fake: dfake.T @ fake),
        ),
        (
            "`W -= ...` writes into what came in, and where that holds whole numbers it cannot "
            "take fractions. Write `W_D = W_D - alpha * dW_D`.",
            _in_place(0, 1, 2, 3),
            _in_place(2, 3),
            _in_place(0, 1),
        ),
    ),
)

# ------------------------------------------------------------------------------ modes covered


def coverage(x, centres, std):
    distance = np.sqrt(((x[:, None] - centres) ** 2).sum(2))
    nearest, good = distance.argmin(1), distance.min(1) <= 3 * std
    counts = np.bincount(nearest[good])
    due = len(x) / len(centres)
    return np.sum(counts >= due / 2), good.mean()


def _around(rng, centres, std, counts):
    """So many points around each centre, and the last number of them far away."""
    *counts, far = counts
    x = np.repeat(centres, counts, 0) + std * rng.normal(size=(sum(counts), 2))
    return np.concatenate([x, 50 + rng.normal(size=(far, 2))])


def _samples(rng):
    """(x, centres, std), each of which some other way of counting gets wrong."""
    pair = np.array([[0.0, 0.0], [1.0, 0.0]])
    yield np.array([[0.0, 0.1], [0.1, 0.0], [0.2, 0.25], [1.0, 0.5]]), pair, 0.1
    yield np.array([[0, 0], [1, 0], [9, 9], [7, 7], [5, 5], [0, 1], [0, 0]]), pair.astype(int), 1
    angle = 2 * np.pi * np.arange(8) / 8
    ring = 0.8 * np.stack([np.cos(angle), np.sin(angle)], 1)
    for counts in ([50] * 8 + [0], [4, 300, 1, 0, 40, 26, 30, 0, 0], [20] * 8 + [240]):
        yield _around(rng, ring, 0.05, counts), ring, 0.05
    exactly = np.repeat([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]], [1, 4, 1], 0)
    yield exactly, np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]), 0.1
    grid = np.stack(np.meshgrid([0.0, 2.0, 4.0], [0.0, 2.0]), -1).reshape(-1, 2)
    yield _around(rng, grid, 1.0, [30, 2, 40, 3, 30, 20, 5]), grid, 1.0


def _distances(x, centres):
    return np.sqrt(((x[:, None] - centres) ** 2).sum(2))


def _coverage(
    distances=_distances,
    reach=lambda distance, std: distance <= 3 * std,
    due=lambda m, K, good: m / K / 2,
    enough=np.greater_equal,
    answer=lambda covered, counts, good: (np.sum(covered), np.mean(good)),
):
    """The count with one of its parts exchanged."""

    def made(x, centres, std):
        distance = distances(x, centres)
        good = reach(distance.min(1), std)
        counts = np.bincount(distance.argmin(1)[good])
        covered = enough(counts, due(len(x), len(centres), good))
        return answer(covered, counts, good)

    return made


def _of_every_centre_near(x, centres, std):
    near = _distances(x, centres) <= 3 * std
    return np.sum(near.sum(0) >= len(x) / len(centres) / 2), near.any(1).mean()


COVERAGE = Exercise(
    name="gan.coverage",
    title="Modes covered",
    stub="""\
def coverage(x, centres, std):
    covered, quality = ..., ...
    return covered, quality
""",
    hints=(
        "First a table of distances, (m, K). For each example: which centre is nearest, and is it "
        "near enough? Then count by centre. What is due to one mode of K, if m examples came?",
        "`np.sqrt(((x[:, None] - centres) ** 2).sum(2))` is the table; `.argmin(1)` and `.min(1)` "
        "go over the centres. `np.bincount(nearest[good])` counts for each, and a mode is covered "
        "with at least m / K / 2.",
    ),
    reference=coverage,
    outputs=("covered", "quality"),
    cases=_samples,
    mistakes=(
        (
            "One example is enough for you. A mode with a single stray point is not covered: ask "
            "for half of what is due to it.",
            _coverage(due=lambda m, K, good: 1),
        ),
        (
            "Every example counts for some mode, however far away it is: only those within 3 std "
            "do.",
            _coverage(reach=lambda distance, std: distance < np.inf),
        ),
        (
            "The reach is 3, not 3 std: std is the size of a mode.",
            _coverage(reach=lambda distance, std: distance <= 3),
        ),
        (
            "The reach is one std. Of a perfect copy only 39 percent would count; take 3 std.",
            _coverage(reach=lambda distance, std: distance <= std),
        ),
        (
            "A squared distance is compared with 3 std: take the root, or square both sides.",
            _coverage(reach=lambda distance, std: distance**2 <= 3 * std),
            _coverage(reach=lambda distance, std: distance**2 <= 3 * std**2),
        ),
        (
            "What is due is taken from the examples that count. Whoever makes ten good ones and a "
            "thousand bad ones has not covered anything: it is half of m / K, of *all* m.",
            _coverage(due=lambda m, K, good: good.sum() / K / 2),
        ),
        (
            "You ask for all that is due. Chance alone gives some modes less: half is enough.",
            _coverage(due=lambda m, K, good: m / K),
        ),
        (
            "You ask each mode for half of all examples: what is due to it is one share of K.",
            _coverage(due=lambda m, K, good: m / 2),
        ),
        (
            "`//` cuts the fraction off: half of 7 / 2 is 1.75, and 1 is not enough.",
            _coverage(due=lambda m, K, good: m // K // 2),
            _coverage(due=lambda m, K, good: m / K // 2),
        ),
        (
            "Exactly half is enough: at least, `>=`, not more than.",
            _coverage(enough=np.greater),
        ),
        (
            "An example counts for every centre that is near. It counts once, for the nearest.",
            _of_every_centre_near,
        ),
        (
            "The mode's *number* is asked, not its share: how many are covered, and what part of "
            "the examples counts.",
            _coverage(answer=lambda covered, counts, good: (np.mean(covered), np.mean(good))),
        ),
        (
            "quality is a share of the examples: divide by m.",
            _coverage(answer=lambda covered, counts, good: (np.sum(covered), np.sum(good))),
        ),
        (
            "quality is the share of *all* examples that are near a centre, whether its mode is "
            "covered or not.",
            _coverage(
                answer=lambda covered, counts, good: (
                    np.sum(covered),
                    counts[covered].sum() / len(good),
                )
            ),
        ),
        (
            "The distance is taken along each axis by itself, and the reach becomes a square. Add "
            "the squares, then take the root.",
            _coverage(distances=lambda x, centres: np.abs(x[:, None] - centres).max(2)),
        ),
        (
            "You added up the two absolute differences: that is the way round the blocks. Add the "
            "squares, then take the root.",
            _coverage(distances=lambda x, centres: np.abs(x[:, None] - centres).sum(2)),
        ),
    ),
)

# ---------------------------------------------------------------------------- label smoothing


def smoothed_loss(v_real, v_fake, s):
    J_D = np.mean(np.logaddexp(0, v_real) - s * v_real) + np.logaddexp(0, v_fake).mean()
    dv_real = (sigmoid(v_real) - s) / len(v_real)
    dv_fake = sigmoid(v_fake) / len(v_fake)
    return J_D, dv_real, dv_fake


def _soft(rng):
    for (v_real, v_fake), s in zip(_verdicts(rng), (0.9, 0.8, 0.7, 0.9, 0.95), strict=True):
        yield v_real, v_fake, s
    yield rng.normal(size=(3, 1)), rng.normal(size=(3, 1)), 1.0


def _against(v, y):
    """-y log D - (1 - y) log(1 - D)"""
    return _softplus(v) - y * v


def _smoothed(
    real=lambda s: s,
    fake=lambda s: 0.0,
    log=_against,
    slope=lambda v, y: sigmoid(v) - y,
    mean=np.mean,
    share=lambda v: 1 / len(v),
):
    """The loss with other labels, or one of its parts exchanged."""
    return lambda v_real, v_fake, s: (
        mean(log(v_real, real(s))) + mean(log(v_fake, fake(s))),
        slope(v_real, real(s)) * share(v_real),
        slope(v_fake, fake(s)) * share(v_fake),
    )


def _one_mean(v_real, v_fake, s):
    both = len(v_real) + len(v_fake)
    J = np.concatenate([_against(v_real, s), _against(v_fake, 0)]).mean()
    return J, (sigmoid(v_real) - s) / both, sigmoid(v_fake) / both


SMOOTHED = Exercise(
    name="gan.smoothed_loss",
    title="Labels that are not quite sure",
    stub="""\
def smoothed_loss(v_real, v_fake, s):
    J_D = ...
    dv_real, dv_fake = ..., ...
    return J_D, dv_real, dv_fake
""",
    hints=(
        "With the label y, an example gives -y log D - (1 - y) log(1 - D). What is that in terms "
        "of v, if log D = v - log(1 + e^v) and log(1 - D) = -log(1 + e^v)? Which examples have "
        "which y?",
        "It is log(1 + e^v) - y v, with the slope sigma(v) - y. Real examples have y = s, fakes "
        "stay at 0: `np.logaddexp(0, v_real) - s * v_real` and `np.logaddexp(0, v_fake)`, each "
        "with its mean.",
    ),
    reference=smoothed_loss,
    outputs=("J_D", "dv_real", "dv_fake"),
    cases=_soft,
    mistakes=(
        (
            "The fakes have soft labels, too. Then D is not even at 0 where there are fakes only, "
            "and G is told to stay there: smooth one side, the real one.",
            _smoothed(fake=lambda s: 1 - s),
        ),
        (
            "The labels are hard: s is not in it.",
            _smoothed(real=lambda s: 1.0),
        ),
        (
            "You smoothed the wrong side: the fakes got 1 - s, and the real ones stayed at 1.",
            _smoothed(real=lambda s: 1.0, fake=lambda s: 1 - s),
        ),
        (
            "s is the label, not what is taken off it: 0.9 stands in the place of 1.",
            _smoothed(real=lambda s: 1 - s),
        ),
        (
            "s is only a weight here, s times -log D. With the label s, the rest of it counts, "
            "too: - (1 - s) log(1 - D). It is what keeps v finite.",
            lambda v_real, v_fake, s: (
                s * _softplus(-v_real).mean() + _softplus(v_fake).mean(),
                s * (sigmoid(v_real) - 1) / len(v_real),
                sigmoid(v_fake) / len(v_fake),
            ),
        ),
        (
            "s is the label of an example, no factor of its logit.",
            lambda v_real, v_fake, s: (
                _softplus(-s * v_real).mean() + _softplus(v_fake).mean(),
                s * (sigmoid(s * v_real) - 1) / len(v_real),
                sigmoid(v_fake) / len(v_fake),
            ),
        ),
        (
            "s is spread over both classes, as in classification with K = 2: here the label *is* "
            "s.",
            _smoothed(real=lambda s: s + (1 - s) / 2),
            _smoothed(real=lambda s: s + (1 - s) / 2, fake=lambda s: (1 - s) / 2),
        ),
        (
            "Real and fake are exchanged: s belongs to the real examples, 0 to the fakes.",
            _smoothed(real=lambda s: 0.0, fake=lambda s: s),
            lambda v_real, v_fake, s: smoothed_loss(v_fake, v_real, s),
        ),
        (
            "You added up the examples: each of the two terms is a mean over its batch.",
            _smoothed(mean=np.sum, share=lambda v: 1),
        ),
        (
            "You took one mean over both batches: the two means are added.",
            _one_mean,
        ),
        (
            "All signs are wrong: this is what D would want large.",
            _scaled(smoothed_loss, -1, -1, -1),
        ),
        (
            "D is compared with its label by a square. The loss is the cross-entropy, log(1 + "
            "e^v) - y v.",
            _smoothed(
                log=lambda v, y: (sigmoid(v) - y) ** 2,
                slope=lambda v, y: 2 * (sigmoid(v) - y) * sigmoid(v) * (1 - sigmoid(v)),
            ),
        ),
        (
            "A D of e^-800 is rounded to 0, and log 0 is not finite. Use log(1 + e^v) - s v, with "
            "`np.logaddexp(0, v_real)`.",
            _smoothed(log=_both_terms),
            lambda v_real, v_fake, s: (
                _both_terms(v_real, s).mean() - np.log(1 - _rounded(v_fake)).mean(),
                *smoothed_loss(v_real, v_fake, s)[1:],
            ),
        ),
    ),
)

EXERCISES = (
    BEST,
    DISCRIMINATOR_LOSS,
    GENERATOR_LOSS,
    JENSEN_SHANNON,
    SIGNAL,
    STEP,
    COVERAGE,
    SMOOTHED,
)  # fmt: skip
