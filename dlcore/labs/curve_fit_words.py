"""What the lab `curve-fit` says: the formulas with numbers, the sentence, what goes wrong."""

import numpy as np

from . import doctor
from .backprop_step_words import num
from .learner import LIMIT, weights

NAMES = {"tanh": "tanh", "relu": "relu", "sigmoid": "σ", "leaky_relu": "leaky", "identity": ""}
STICKS = "d = ∂J/∂ŷ = 2 (ŷ − y) / m, one for each point"
CENTRED = ("x", "10 x", "x / 10")  # inputs with the mean 0
SPREAD = 0.02  # steps that are all so close to each other are at one place


def total(lab):
    """The network as a formula, and how much there is to fit with."""
    h, m = lab.values["units"], len(lab.x)
    return [
        f"ŷ = b_2 + sum of w_{{2,j}} a_j,   j = 1 … {h}",
        f"a_j = {NAMES[lab.values['activation']]}(w_{{1,j}} {given(lab)} + b_{{1,j}})",
        f"{3 * h + 1} parameters, {m} points",
        STICKS,
        f"J = mean of (ŷ − y)^2 = {num(lab.losses['net'][0])}",
        beyond(lab),
    ]


def beyond(lab):
    """What it answers at the right end, where no data are."""
    static = lab.static()
    true = f", true {num(static['truth'][-1])}" if "truth" in static else ""
    end = lab.plane[0][1]
    place = "extrapolated to" if len(lab.x) and lab.x.max() < end else "at"
    return f"{place} x = {num(end)}: ŷ = {num(lab.at_the_end)}{true}"


def given(lab):
    """What the network gets, as it stands in a formula."""
    name = lab.values["input"]
    return f"({name})" if len(name) > 1 else name


def about(lab):
    """Of each node of the network, what its numbers are: a text with lines."""
    p, g, names = lab.net.params, lab.grads_here, ("0.W", "0.b", "2.W")
    columns = [a[name].ravel().tolist() for a in (p, g) for name in names]
    units = [one_unit(lab, *row) for row in zip(*columns, lab.zeros.tolist(), strict=True)]
    b, db = float(p["2.b"][0]), float(g["2.b"][0])
    output = [
        f"ŷ = b_2 + sum of w_2 a,   b_2 = {num(b)}",
        STICKS,
        f"∂J/∂b_2 = sum of d = {num(db)}",
    ]
    return [f"the network gets {lab.values['input']}", *units, "\n".join(output)]


def one_unit(lab, w, b, w2, dw, db, dw2, zero):
    """The unit with its numbers, and what its gradients are made of."""
    name, x = NAMES[lab.values["activation"]], given(lab)
    shrink = lab.values["l2"] > 0
    place = f"; z = 0 at x = {num(zero)}" if np.isfinite(zero) else ""
    return "\n".join(
        [
            f"a = {name}({num(w)} {x} {'−' if b < 0 else '+'} {num(abs(b))})",
            f"it adds {num(w2)} a{place}",
            STICKS,
            f"∂J/∂w_2 = sum of d a{' + λ w_2' * shrink} = {num(dw2)}",
            f"∂J/∂b_1 = sum of d w_2 a′ = {num(db)}",
            f"∂J/∂w_1 = sum of d w_2 a′ {x}{' + λ w_1' * shrink} = {num(dw)}",
        ]
    )


def explain(lab):
    if not len(lab.x):
        return "No points yet: click into the plane to add some."
    if lab.diverged:
        return lab.gone_wrong()
    if lab.is_as_chosen():
        return lab.notice
    lab.frame()
    net, line = lab.losses["net"], lab.losses["line"]
    if not len(lab.x_test):
        return (
            f"Step {lab.t:,}: loss {doctor.say(net[0])}; that of the straight line is "
            f"{doctor.say(line[0])}. {where(lab)}"
        )
    floor = doctor.say(lab.losses["truth"][1])
    return (
        f"Step {lab.t:,}: training loss {doctor.say(net[0])}, test loss {doctor.say(net[1])}; the "
        f"straight line has {doctor.say(line[0])} and {doctor.say(line[1])}. Even the true curve "
        f"has {floor} on the test points: the noise. {where(lab)}"
    )


def where(lab):
    """Where the steps of the units are, as a sentence."""
    inside, units = int(within(lab).sum()), lab.values["units"]
    if lab.values["activation"] == "identity":
        return "Without an activation every unit is a straight line."
    if units == 1:
        return f"The {shape(lab)} of its one unit is {'among' if inside else 'outside'} the points."
    return f"{inside} of the {units} {shape(lab)}s are among the points."


def shape(lab):
    """What a unit has where z = 0: tanh and sigmoid are steepest there, in the middle of a step;
    relu changes its slope at once."""
    return "step" if lab.values["activation"] in ("tanh", "sigmoid") else "corner"


def within(lab):
    """Which units have z = 0 between the first and the last point."""
    lo, hi = (lab.x.min(), lab.x.max()) if len(lab.x) else (-1, 1)
    return (lab.zeros >= lo) & (lab.zeros <= hi)


def findings(lab):
    v, frame = lab.values, lab.frame()
    if lab.diverged:
        return [doctor.diverged(lab.diverged_at, lab.t, lab.J, LIMIT, lab.alpha_used)]
    if not len(lab.x):
        return []
    share = doctor.saturation(lab.hidden, v["activation"])
    train = float(frame["loss"][0])
    return doctor.findings(
        straight(v["activation"]),
        doctor.loss_growing(lab.history, v["alpha"]),
        doctor.symmetric(weights(lab.net.params)),
        doctor.saturated([share], v["activation"], train),
        doctor.dead_units([share], [v["units"]], v["activation"]),
        steps(lab),
        doctor.overfitting(lab.history, least=0.01) if len(lab.x_test) else None,
        no_better(lab),
    )


def straight(activation):
    if activation != "identity":
        return None
    return doctor.finding(
        "linear",
        "note",
        "Without an activation every unit adds a straight line, and so is their sum.",
        "Choose tanh or relu: a curve needs units that are not straight.",
    )


def steps(lab):
    """All steps (or corners) at one place, or none where the points are."""
    if lab.values["activation"] == "identity" or not np.isfinite(lab.zeros).all():
        return None
    one = shape(lab)
    if not within(lab).any():
        seen = "shows only a side of its step" if one == "step" else "is a straight line"
        return doctor.finding(
            f"{one}s outside",
            "warn",
            f"No {one} lies among the points: the nearest is at x = {num(nearest(lab))}. Where "
            f"the points are, each unit {seen}.",
            f"A {one} that far off can do no more than a straight line: try more units, or another "
            "seed."
            if lab.values["input"] in CENTRED
            else f"Biases begin at 0, so {one}s begin where the network's input is 0: give it an "
            "input with the mean 0 (choose x) and restart.",
        )
    if len(lab.zeros) > 1 and np.ptp(lab.zeros) < SPREAD:
        return doctor.finding(
            f"{one}s at one place",
            "note",
            f"All {len(lab.zeros)} units have their {one} at x = {num(lab.zeros.mean())}: biases "
            "begin at 0.",
            "Watch the diamonds walk apart. If they do not, try larger initial weights (glorot) "
            "or adam.",
        )
    return None


def nearest(lab):
    return float(lab.zeros[np.abs(lab.zeros - lab.x.mean()).argmin()])


def no_better(lab):
    """After some steps a straight line is still as good on the points held out."""
    if lab.t < 200 or not len(lab.x_test):
        return None
    net, line = lab.losses["net"][1], lab.losses["line"][1]
    if net < 0.97 * line:
        return None
    return doctor.finding(
        "no better than a line",
        "note",
        f"On the points held out the network has the loss {doctor.say(net)}, a straight line "
        f"{doctor.say(line)}.",
        "The points come from a straight line: what a network adds to it is noise."
        if lab.values["data"] == "line"
        else "If it fits the noise, try L2, fewer units or more points; if it is nearly straight "
        "itself, more units, more steps or larger initial weights.",
    )
