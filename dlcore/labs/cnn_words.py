"""What the lab `cnn` says: the numbers of a map, the sentence, what goes wrong."""

import numpy as np

from . import doctor
from .backprop_step_words import num
from .cnn_controls import NOTICE, OWN
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
        f"8×8 pixels → {' → '.join(shapes)} → {two * last**2} numbers → 10 logits z → ŷ",
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
        of = {"a": of_map, "p": of_pooled, "z": of_logit}.get(name[0])
        if of:
            texts += [of(lab, name, k) for k in range(len(lab.parts[name][0]))]
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


def of_map(lab, name, k):
    layer = int(name[1])
    W, dW = (a[k] for a in lab.parts[f"W{layer}"])
    b, db = (float(a[k]) for a in lab.biases[f"b{layer}"])
    a = lab.parts[name][0][k]
    up = f"^{{({layer})}}"
    below = "x" if layer == 1 else f"the {len(W)} maps below, each with its own kernel, summed,"
    act = ACTIVE.get(lab.values["activation"], f"{lab.values['activation']}(z)")
    return "\n".join(
        [
            f"z{up} = W_{k + 1} * {below} + b,  b = {num(b)}: "
            f"{W.size} weights, used at all {a.size} places",
            f"a{up} = {act}: from {num(a.min())} to {num(a.max())}; "
            f"{int((a == 0).sum())} of {a.size} pixels are 0",
            f"‖W‖ = {num(np.linalg.norm(W))},  ‖∂J/∂W‖ = {num(np.linalg.norm(dW))},  "
            f"∂J/∂b = {num(db)} = sum of ∂J/∂z",
        ]
    )


def of_pooled(lab, name, k):
    kind = lab.values["pooling"]
    a, dp = (part[k] for part in lab.parts[name])
    return "\n".join(
        [
            f"{POOLED[kind]} of each 2×2 pixels of map {k + 1}: "
            f"{2 * len(a)}×{2 * len(a)} become {len(a)}×{len(a)}, without weights",
            f"p is from {num(a.min())} to {num(a.max())}",
            f"{BACK[kind]};  ‖∂J/∂p‖ = {num(np.linalg.norm(dp))}",
        ]
    )


def of_logit(lab, name, k):
    z, dz = (float(part[k, 0, 0]) for part in lab.parts[name])
    n = lab.parts["W3"][0][k].size
    y = int(k == lab.target)
    return "\n".join(
        [
            f"z_{k} = sum of {n} products + b = {num(z)}",
            f"ŷ_{k} = e^{{z_{k}}} / sum of all e^z = {num(lab.p[k])}",
            f"∂J/∂z_{k} = ŷ_{k} − y_{k} = {num(lab.p[k])} − {y} = {num(dz)}",
        ]
    )


def heading(lab):
    """Over the images of the chosen cell."""
    n, all_of = len(lab.found), len(lab.y_test)
    first = f"the first {len(lab.shots)} of " if n > len(lab.shots) else ""
    if lab.cell is None:
        return f"{first}{n} wrong answers to {all_of} test digits" if n else "no wrong answer"
    truth, said = lab.cell
    return f"{first}{n} times a {truth} is read as {said}"


def explain(lab):
    if lab.diverged:
        return (
            f"The run diverged at step {lab.diverged_at:,}; shown is step {lab.t:,}, the last "
            "one before it. Change a setting and press Reset."
        )
    if lab.is_as_chosen():
        return NOTICE[lab.values["case"]]
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
        doctor.vanishing(frame["gnorm"]),
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
        f"{round(lab.idle[layer - 1] * maps)} of {maps} maps of layer {layer} are 0 on every digit; "
        f"no gradient reaches their kernels.{none}",
        f"Try a learning rate below α = {doctor.say(lab.alpha_used)}, or leaky_relu, and Reset.",
    )


def copies(lab):
    """Kernels of a layer that are all equal: they stay so, because their gradients are."""
    params, (first, second, _) = lab.net.params, learning(lab)
    for layer, k in enumerate((first, second), 1):
        W = params[f"{k}.W"]
        if len(W) < 2 or np.ptp(W, axis=0).any():
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
