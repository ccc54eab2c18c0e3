"""What the lab `neuron` says: its formulas with numbers, the sentence, what goes wrong."""

from .backprop_step_words import factor, num
from .doctor import finding, say
from .doctor import findings as found

SLOPES = {"sigmoid": "a (1 − a)", "tanh": "1 − a^2", "relu": "1 where z > 0", "identity": "1"}


def formula(lab):
    """The loss, its gradient, and the next step, with the numbers put in."""
    s, v = lab.seen, lab.values
    squared = v["loss"] == "squared error"
    kind = "mean of (a − y)^2" if squared else "mean of −[ y ln a + (1 − y) ln(1 − a) ]"
    rule = "2 (a − y) σ′(z)" if squared else "a − y"
    return "\n".join(
        [
            f"J = {kind} = {num(s['J'])}",
            f"dz = {rule}{one_example(lab, squared)}",
            f"σ′(z) = {SLOPES[v['activation']]}, on average {num(s['slope'].mean())}",
            *tangent(lab),
            ",   ".join([*weight_gradients(lab), f"∂J/∂b = mean of dz = {num(s['db'])}"]),
            *moves(lab),
        ]
    )


def one_example(lab, squared):
    """With one example, dz has numbers."""
    if len(lab.points) > 1:
        return ""
    a, y, slope = num(lab.seen["a"][0]), num(lab.y[0, 0]), factor(lab.seen["slope"][0])
    dz = num(lab.seen["db"])
    return f" = 2·({a} − {y})·{slope} = {dz}" if squared else f" = {a} − {y} = {dz}"


def tangent(lab):
    if lab.columns == 2:
        return []
    at, a, slope = (num(x) for x in (lab.values["probe"], lab.seen["height"], lab.seen["tangent"]))
    return [f"At x = {at}:  a = {a},   slope of the curve w σ′(z) = {slope}"]


def names(lab):
    return ["w"] if lab.columns == 1 else ["w_1", "w_2"]


def weight_gradients(lab):
    inputs = ["x"] if lab.columns == 1 else ["x_1", "x_2"]
    rows = zip(names(lab), inputs, lab.seen["dW"], strict=True)
    return [f"∂J/∂{name} = mean of dz {x} = {num(d)}" for name, x, d in rows]


def moves(lab):
    alpha = lab.values["alpha"]
    rows = [*zip(names(lab), lab.w, lab.seen["dW"], strict=True), ("b", lab.b, lab.seen["db"])]
    return [
        f"Step:  {name} := {num(w)} − {num(alpha)}·{factor(d)} = {num(w - alpha * d)}"
        for name, w, d in rows
    ]


def explain(lab, limit):
    if lab.diverged:
        return (
            f"The run diverged at step {lab.diverged_at:,}: the loss went beyond {say(limit)}. "
            f"Shown is step {lab.t:,}. Choose a smaller α and press Reset."
        )
    frame, s = lab.frame(), lab.seen
    text = (
        f"Step {lab.t:,}: J = {say(s['J'])}, the lowest in the plane is about {say(lab.lowest)}; "
        f"the errors are {say(frame['error'][0])} on average, "
        f"and σ′(z) is {say(s['slope'].mean())}."
    )
    if "error_other" not in frame or not lab.t:
        return text
    other = "squared error" if lab.values["loss"] == "cross-entropy" else "cross-entropy"
    return f"{text} With the {other} they would be {say(frame['error_other'][0])}."


def findings(lab, limit):
    if lab.diverged:
        return [
            finding(
                "diverged",
                "bad",
                f"At step {lab.diverged_at:,} the loss was beyond {say(limit)}.",
                f"α = {say(lab.values['alpha'])} overshoots: divide it by 10 and press Reset.",
            )
        ]
    error = float(lab.frame()["error"][0])
    return found(saturated(lab, error), dead(lab), flat(lab, error))


def saturated(lab, error):
    slope = float(lab.seen["slope"].mean())
    if lab.values["activation"] not in ("sigmoid", "tanh") or slope > 0.1 or error < 0.25:
        return None
    if lab.values["loss"] == "cross-entropy":
        return finding(
            "saturation",
            "note",
            f"σ′(z) is only {say(slope)}, and the errors are {say(error)}: but the cross-entropy "
            "has no σ′ in its gradient, dz = a − y, so it learns all the faster.",
            "Compare the dashed line of the squared error.",
        )
    return finding(
        "saturation",
        "warn",
        f"The neuron is wrong by {say(error)} and hardly learns: its gradient has the factor "
        f"σ′(z), which is {say(slope)} on average.",
        "Try the cross-entropy, or move w and b to where the curve is steep.",
    )


def dead(lab):
    if lab.values["activation"] != "relu" or lab.seen["slope"].any():
        return None
    return finding(
        "dead ReLU",
        "warn",
        "z ≤ 0 for every example: relu gives 0 with slope 0, and no gradient comes.",
        "Raise b by hand.",
    )


def flat(lab, error):
    size = float((lab.seen["dW"] ** 2).sum() + lab.seen["db"] ** 2) ** 0.5
    if size > 1e-3 or lab.seen["J"] > 1.1 * lab.lowest + 1e-3:
        return None
    return finding(
        "at the bottom",
        "note",
        f"The gradient is {say(size)}: this is about as well as one neuron can do here.",
        "Drag a point, and it has to learn again.",
    )
