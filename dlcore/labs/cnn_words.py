"""What the lab `cnn` says: the numbers of a map, the sentence, what goes wrong."""

import numpy as np

from . import doctor
from .backprop_step_words import num
from .cnn_controls import OWN
from .learner import LIMIT, weights

ACTIVE = {"relu": "relu(z)", "leaky_relu": "leaky relu(z)", "identity": "z"}
POOLED = {"max": "the largest", "average": "the mean"}
BACK = {
    "max": "∂J/∂p goes back to the largest pixel of the four alone",
    "average": "∂J/∂p goes back in four equal parts",
}


def summary(lab):
    """The network in figures."""
    sides = [8, 4, 2] if lab.values["pooling"] != "none" else [8, 8, 8]
    one, two, last = lab.values["kernels_1"], lab.values["kernels_2"], sides[2]
    counts = [lab.net.params[f"{k}.W"].size + lab.net.params[f"{k}.b"].size for k in learning(lab)]
    shapes = [
        f"{one} maps of 8×8", *([f"{one} of 4×4"] if sides[1] == 4 else []),
        f"{two} of {sides[1]}×{sides[1]}", *([f"{two} of 2×2"] if last == 2 else []),
    ]  # fmt: skip
    return [
        f"8×8 pixels → {' → '.join(shapes)} → {two * last**2:,} numbers → 10 logits z → ŷ",
        f"{' + '.join(f'{n:,}' for n in counts)} = {sum(counts):,} parameters; "
        f"{lab.values['rival']}: {lab.rival.size:,}",
        f"J of this image = −ln ŷ_{lab.target} = {num(lab.J_image)}"
        + ("" if lab.truth is not None else " (of what it says: nobody has said what it is)"),
    ]


def learning(lab):
    """The places of the layers that have weights."""
    return [k for k, layer in enumerate(lab.net.layers) if layer.params]


def about(lab):
    """Of every map, from the image to the logits, what its numbers are: a text with lines."""
    texts = [of_image(lab)]
    for name in lab.parts:
        of = {"a": of_maps, "p": of_pooled, "z": of_logits}.get(name[0])
        texts += of(lab, name) if of else []
    return texts


def of_image(lab):
    it_is = "a drawing" if lab.truth is None else f"a {lab.truth}"
    _, dx = lab.parts["x"]
    moved = " (its pixels are moved about)" if lab.values["shuffle"] else ""
    return "\n".join(
        [
            f"8×8 pixels from 0, paper, to 1, ink: {it_is}{moved}",
            f"J = {num(lab.J_image)};  ∂J/∂x is from {num(dx.min())} to {num(dx.max())}",
            "where ∂J/∂x < 0 more ink makes J smaller",
        ]
    )


def of_maps(lab, name):
    layer, a = int(name[1]), lab.parts[name][0]
    W, dW = lab.parts[f"W{layer}"]
    up, weights, places = f"^{{({layer})}}", W[0].size, a[0].size
    below = "x" if layer == 1 else f"the {len(W[0])} maps below, each with its own kernel, summed,"
    act = ACTIVE.get(lab.values["activation"], f"{lab.values['activation']}(z)")
    zeros = np.count_nonzero(a == 0, axis=(1, 2))
    columns = *lab.biases[f"b{layer}"], *ends(a), zeros, norms(W), norms(dW)
    return [
        f"z{up} = W_{{{k}}} * {below} + b,  b = {num(b)}: {weights} weights, used at all {places} "
        f"places\na{up} = {act}: from {num(lo)} to {num(hi)}; {zero} of {places} pixels are 0\n"
        f"‖W‖ = {num(size)},  ‖∂J/∂W‖ = {num(dsize)},  ∂J/∂b = {num(db)} = sum of ∂J/∂z"
        for k, b, db, lo, hi, zero, size, dsize in numbered(*columns)
    ]


def of_pooled(lab, name):
    kind = lab.values["pooling"]
    a, dp = lab.parts[name]
    side = a.shape[1]
    return [
        f"{POOLED[kind]} of each 2×2 pixels of map {k}: {2 * side}×{2 * side} become "
        f"{side}×{side}, without weights\np is from {num(lo)} to {num(hi)}\n"
        f"{BACK[kind]};  ‖∂J/∂p‖ = {num(size)}"
        for k, lo, hi, size in numbered(*ends(a), norms(dp))
    ]


def of_logits(lab, name):
    z, dz = (part.ravel() for part in lab.parts[name])
    n = lab.parts["W3"][0][0].size
    return [
        f"z_{k - 1} = sum of {n} products + b = {num(z)}\n"
        f"ŷ_{k - 1} = e^{{z_{k - 1}}} / sum of all e^z = {num(p)}\n"
        f"∂J/∂z_{k - 1} = ŷ_{k - 1} − y_{k - 1} = {num(p)} − {int(k - 1 == lab.target)} = {num(dz)}"
        for k, z, p, dz in numbered(z, lab.p, dz)
    ]


def ends(a):
    """The least and the greatest number of each map."""
    return a.min((1, 2)), a.max((1, 2))


def norms(a):
    return np.sqrt(np.sum(a.reshape(len(a), -1) ** 2, 1))


def numbered(*columns):
    """Rows of plain numbers, the first one that of the row, from 1."""
    return zip(range(1, len(columns[0]) + 1), *(c.tolist() for c in columns), strict=True)


def heading(lab):
    """Over the images of the chosen cell."""
    n, all_of = len(lab.found), len(lab.y_test)
    most = f"; here are {len(lab.shots)}" if n > len(lab.shots) else ""
    if lab.cell is None:
        return f"{n} wrong answers to {all_of} test digits{most}" if n else "no wrong answer"
    truth, said = lab.cell
    return f"{truth} read as {said}: {n} of {np.count_nonzero(lab.y_test == truth)}{most}"


def explain(lab):
    if lab.diverged:
        return lab.gone_wrong()
    if lab.is_as_chosen():
        return lab.notice
    _, test, rival = (percent(s) for s in lab.right)
    near, rival_near = (percent(s) for s in lab.near)
    return (
        f"Step {lab.t:,}: {test} of the test digits are read rightly, by {the(lab.values['rival'])}"
        f" {rival}; moved by one pixel, {near} and {rival_near}. {reading(lab)}"
    )


def the(rival):
    return f"the {rival}" if rival == "dense net" else rival


def reading(lab):
    """What the network says of the image that is shown."""
    if lab.values["picture"] == OWN and not lab.drawing.any():
        return "The pad is empty: draw a digit."
    said, sure = int(lab.p.argmax()), percent(lab.p.max())
    if lab.truth is None:
        return f"It reads your drawing as {said} ({sure})."
    if said == lab.truth:
        return f"The {said} that is shown is read rightly ({sure})."
    return f"The {lab.truth} that is shown is read as {said} ({sure})."


def percent(share):
    return f"{100 * float(share):.1f} %"


def findings(lab):
    if lab.diverged:
        return [doctor.diverged(lab.diverged_at, lab.t, lab.J, LIMIT, lab.alpha_used)]
    v, frame = lab.values, lab.frame()
    return doctor.findings(
        rival_lost(lab),
        copies(lab),
        dead(lab),
        doctor.saturated(lab.idle, v["activation"], lab.history[-1][1]),
        doctor.loss_growing(lab.history, v["alpha"]),
        doctor.vanishing(frame["gnorm"], remedies="relu instead of sigmoid"),
        doctor.exploding(frame["gnorm"]),
        doctor.overfitting(lab.history),
        straight(v["activation"], v["pooling"]),
        doctor.whole_set(v["batch"], len(lab.x)),
    )


def dead(lab):
    """Maps that are 0 on every digit: no gradient reaches their kernels."""
    if lab.values["activation"] != "relu" or max(lab.idle) < 0.25 or lab.values["init"] == "zeros":
        return None
    layer = int(np.argmax(lab.idle)) + 1
    maps = lab.values[f"kernels_{layer}"]
    none = " So the answer is the same for every digit." if lab.idle[layer - 1] == 1 else ""
    return doctor.finding(
        "dead ReLUs",
        "warn",
        f"{round(lab.idle[layer - 1] * maps)} of {maps} maps of layer {layer} are 0 on every "
        f"digit; no gradient reaches their kernels.{none}",
        f"Try leaky_relu, another seed, or a learning rate below α = {doctor.say(lab.alpha_used)}.",
    )


def copies(lab):
    """Kernels of a layer that are all equal: they stay so, because their gradients are."""
    params, (first, second, _) = lab.net.params, learning(lab)
    for layer, k in enumerate((first, second), 1):
        W = params[f"{k}.W"]
        if len(W) < 2 or np.ptp(W, axis=0).max() > 1e-5 * np.abs(W).max():
            continue
        if not any(w.any() for w in weights(params)):
            return doctor.finding(
                "all weights are 0",
                "warn",
                "Every map is 0 and passes nothing on, forward or back: only the last biases "
                "learn, that is, how frequent each digit is.",
                "Random initial weights break this: choose he and restart.",
            )
        return doctor.finding(
            "equal kernels",
            "warn",
            f"All {len(W)} kernels of layer {layer} are equal, so their maps and their gradients "
            f"are equal, and they stay copies of one kernel.",
            "Random initial weights break the symmetry: choose he and restart.",
        )
    return None


def straight(activation, pooling):
    if activation != "identity":
        return None
    bends = ", but for the maxima of the pooling" if pooling == "max" else ""
    return doctor.finding(
        "linear",
        "note",
        f"Without an activation both convolutions and the last layer are one linear map{bends}.",
        "Choose relu: a corner after each convolution makes the second layer worth having.",
    )


def rival_lost(lab):
    if not lab.rival.lost:
        return None
    return doctor.finding(
        "the net beside has diverged",
        "note",
        f"The loss of {the(lab.values['rival'])} went beyond {doctor.say(LIMIT)}; it learns no "
        "more.",
        "Its line is not a fair comparison: try a lower learning rate and Reset.",
    )
