"""What can go wrong in training, named with numbers and with what to try.

Each function looks at numbers that a lab measures and returns a finding or None. A finding is
{name, text, advice, level}: level "note" for what is worth knowing, "warn" for what hinders
learning, "bad" for what ends it.
"""

import itertools

import numpy as np


def finding(name, level, text, advice):
    return {"name": name, "level": level, "text": text, "advice": advice}


def findings(*found):
    """Those that were found."""
    return [f for f in found if f]


SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def say(x, digits=3):
    """A number as one reads it, and as the panels write it: 0.0123, −4.5, 1.2·10⁻⁷, 12,346."""
    x = float(x)
    if x == 0:
        return "0"
    if not np.isfinite(x):
        return "not finite"
    if not 1e-3 <= abs(x) < 1e6:
        mantissa, exponent = f"{x:.1e}".split("e")
        text = f"{mantissa.removesuffix('.0')}·10{str(int(exponent)).translate(SUPERSCRIPT)}"
    else:
        text = f"{x:,.0f}" if abs(x) >= 10**digits - 0.5 else f"{x:.{digits}g}"
    return text.replace("-", "−")


def power(x):
    """A number as 2.1·10^{−4}, for texts in which "^" makes scripts."""
    mantissa, exponent = f"{x:.1e}".split("e")
    return f"{mantissa}·10^{{{int(exponent)}}}".replace("-", "−")


def percent(share):
    return f"{100 * float(share):.0f} %"


def saturation(a, activation):
    """Of the activations a (examples, units) of a layer: the share of saturated ones, or, for relu,
    of units that are 0 for every example. The others cannot saturate: 0."""
    if activation == "relu":
        return float(np.mean(a.max(0) <= 0))
    if activation not in ("tanh", "sigmoid"):
        return 0.0
    middle, half = (0, 1) if activation == "tanh" else (0.5, 0.5)
    return float(np.mean(np.abs(a - middle) > 0.95 * half))


def diverged(step, shown, loss, limit, alpha):
    """The loss of the last batch, or what the network computes, was not finite, or beyond `limit`.

    At the first step nothing was learnt yet, so the initial weights are to blame.
    """
    if loss is None:
        what = "At step {} some of the initial numbers were not finite"
    elif not np.isfinite(loss):
        what = "Before step {} the loss was not a number"
    elif loss > limit:
        what = f"Before step {{}} the loss was {say(loss)}, beyond {say(limit)}"
    else:
        what = "After step {} some of the network's numbers were not finite"
    return finding(
        "diverged",
        "bad",
        f"{what.format(f'{step:,}')}; the figure shows step {shown:,}.",
        "The initial weights are too large for so many layers: choose glorot or he."
        if step <= 1
        else f"A learning rate of α = {say(alpha)} overshoots: divide it by 10 and press Reset. "
        "Smaller initial weights help, too.",
    )


def loss_growing(history, alpha, factor=1.5, window=10):
    """The training loss, averaged over the last frames, is well above its best such average.

    history: (step, training loss, test loss) of each frame.
    """
    if len(history) < 3:
        return None
    losses = np.array([row[1] for row in history])
    window = min(window, len(losses) // 2 + 1)
    means = np.convolve(losses, np.ones(window) / window, "valid")
    best, now = float(means.min()), float(means[-1])
    if now < factor * best or now < 0.1:
        return None
    return finding(
        "loss growing",
        "warn",
        f"The training loss is {say(now)} on average, up from {say(best)} before.",
        f"The steps are too long: try a learning rate below α = {say(alpha)}, or larger batches.",
    )


def saturated(shares, activation, loss, threshold=0.75):
    """Most activations of a layer are at the ends of tanh or sigmoid, where sigma' is near 0.

    A network that has learnt (a loss below 0.1) may be: there is nothing left to pass back.
    """
    if activation not in ("tanh", "sigmoid") or not len(shares) or loss < 0.1:
        return None
    if max(shares) < threshold:
        return None
    layer = int(np.argmax(shares))
    return finding(
        "saturation",
        "warn",
        f"{percent(shares[layer])} of the activations of hidden layer {layer + 1} are within "
        f"2.5 % of the ends of {activation}: there its slope is nearly 0, and so is the gradient.",
        "Try smaller initial weights (glorot), a lower learning rate, some L2, or relu.",
    )


def dead_units(shares, units, activation, threshold=0.25):
    """relu units that are 0 for every training point get no gradient and cannot come back."""
    if activation != "relu" or not len(shares) or max(shares) < threshold:
        return None
    layer = int(np.argmax(shares))
    dead = round(float(shares[layer]) * units[layer])
    return finding(
        "dead ReLUs",
        "warn",
        f"{dead} of {units[layer]} units of hidden layer {layer + 1} are 0 for every training "
        "point; no gradient reaches them.",
        "Try leaky_relu, a lower learning rate, or he for the initial weights, and Reset.",
    )


def vanishing(norms, threshold=1e-2, remedies="fewer layers, relu instead of sigmoid"):
    """The gradient of the first layer is far smaller than that of the last; of `remedies`, as in
    `overfitting`."""
    if len(norms) < 3 or norms[-1] == 0 or norms[0] >= threshold * norms[-1]:
        return None
    return finding(
        "vanishing gradient",
        "warn",
        f"The gradient of layer 1 is {say(norms[0])}, that of layer {len(norms)} is "
        f"{say(norms[-1])}: on its way back it shrinks {factor(norms[-1], norms[0])}.",
        f"Try {remedies}, or glorot for the initial weights.",
    )


def exploding(norms, threshold=100):
    """A gradient norm is huge: one step throws the weights far away."""
    if not len(norms) or max(norms) < threshold:
        return None
    layer = int(np.argmax(norms))
    return finding(
        "exploding gradient",
        "warn",
        f"The gradient of layer {layer + 1} has the norm {say(norms[layer])}.",
        "Try smaller initial weights, fewer layers, or a lower learning rate.",
    )


def clipped(recent, most, norm, name="clipped"):
    """Gradients were shortened: `recent` tells of each of the last ones whether it was; `norm` is
    that of the last one, before it."""
    if not any(recent):
        return None
    return finding(
        name,
        "note",
        f"Of the last {len(recent)} gradients, {sum(recent)} had a norm above {most} and took a "
        f"shorter step; that of the last one is {say(norm)}.",
        "Clipping keeps the direction. It helps against explosion, never against vanishing.",
    )


def symmetric(weights):
    """All units of a hidden layer have the same weights, in and out, so they stay one unit.

    weights: the matrices (n_out, n_in) of all layers.
    """
    for layer, (into, out) in enumerate(itertools.pairwise(weights), 1):
        if len(into) > 1 and same(into, 0) and same(out, 1):
            return finding(
                "symmetric units",
                "warn",
                f"All {len(into)} units of hidden layer {layer} have equal weights, so they get "
                "equal gradients and stay copies of one another.",
                "Random initial weights break the symmetry: choose glorot.",
            )
    return None


def overfitting(history, gap=1.3, least=0.05, remedies="more training data, some L2, fewer units"):
    """The test loss has turned up, by `least`, while the training loss went on down; `remedies` are
    what the lab has controls for."""
    if len(history) < 5:
        return None
    steps, train, test = (np.array(column) for column in zip(*history, strict=True))
    best, recent = int(test.argmin()), test[-5:].min()  # five frames in a row, not one bad one
    if recent < max(gap * test[best], test[best] + least) or train[-1] > 0.9 * train[best]:
        return None
    return finding(
        "overfitting",
        "warn",
        f"The test loss was lowest at step {steps[best]:,}, {say(test[best])}, and is now "
        f"{say(test[-1])}, while the training loss fell from {say(train[best])} to "
        f"{say(train[-1])}.",
        f"Try {remedies}, or stop earlier.",
    )


def linear(activation, hidden):
    """Layers without a non-linearity are one linear map."""
    if hidden and activation != "identity":
        return None
    why = "no hidden layer" if not hidden else "the identity as activation"
    return finding(
        "linear",
        "note",
        f"With {why} the network is linear in its inputs: its boundary is straight in them.",
        "Curved inputs such as x₁² or a hidden layer with tanh bend it.",
    )


def one_class(y):
    """All points have one label."""
    if not len(y) or y.min() != y.max():
        return None
    label = int(y.flat[0])
    return finding(
        "one class",
        "note",
        f"All {len(y)} training points are of class {label}: the network learns to answer "
        f"{label} everywhere.",
        f"Add points of class {1 - label}.",
    )


def whole_set(batch, points):
    """A batch cannot be larger than the data."""
    if not points or batch <= points:
        return None
    return finding(
        "whole set",
        "note",
        f"A batch of {batch} is more than the {points} training points: every step uses them all.",
        "Smaller batches make more steps of the same work, and noisier ones.",
    )


def same(W, axis):
    return bool((np.ptp(W, axis=axis) == 0).all())


def factor(large, small):
    return f"{say(large / small)}-fold" if small else "to nothing"
