"""What the lab `descent` says of a race: the table, the sentence, and what goes wrong."""

import numpy as np

from .doctor import finding, say

NAMES = {"sgd": "SGD", "momentum": "Momentum", "adam": "Adam"}


def steepest(lab, w):
    """The largest second derivative of the surface at w, in any direction."""
    return float(np.linalg.eigvalsh(lab.surface.hessian(w))[-1])


def limit(lab, name):
    """alpha lambda must stay below this on a bowl: 2, and with momentum 2 (1 + beta)."""
    return 2.0 if name == "sgd" else 2 * (1 + lab.values["beta"])


def shrink(lab, name):
    """Factor per step near the minimum, or None for Adam, whose step has its own length."""
    from .descent import contraction

    if name == "adam":
        return None
    beta = 0.0 if name == "sgd" else lab.values["beta"]
    return float(contraction(np.array(lab.values["alpha"]), np.array(beta), lab.curvatures))


def standings(lab):
    """The columns of the table, a list of texts each."""
    table = {"above": [], "slope": [], "alpha_lambda": [], "factor": []}
    for name, racer in lab.racers.items():
        size = float(np.linalg.norm(lab.surface.gradient(racer.w)))
        out = lab.is_out(racer)
        table["above"].append(f"out at {racer.out:,}" if out else say(lab.above(racer)))
        table["slope"].append(say(size))
        factor = shrink(lab, name)
        if factor is None:
            table["alpha_lambda"].append("–")
            table["factor"].append("–")
            continue
        product = lab.values["alpha"] * steepest(lab, racer.w)
        table["alpha_lambda"].append(compare(product, limit(lab, name)))
        table["factor"].append(f"×{factor:.3f}")
    return table


def compare(product, most):
    """ "0.9 < 2", or "2.1 > 2"."""
    return f"{say(product, digits=2)} {'<' if product < most else '≥'} {say(most)}"


def explain(lab):
    """Who is ahead, and why."""
    if lab.diverged:
        return (
            f"Everyone has left the surface by step {lab.diverged_at:,}; shown is step {lab.t:,}. "
            "Choose a smaller rate and press Reset."
        )
    there = {name: r for name, r in lab.racers.items() if not lab.is_out(r)}
    ranked = sorted(there, key=lambda name: lab.above(there[name]))
    if lab.t == 0:
        return (
            f"At the start J is {say(lab.above(there[ranked[0]]))} above its minimum. {shape(lab)}"
        )
    ahead = f"{NAMES[ranked[0]]} is ahead, {say(lab.above(there[ranked[0]]))} above the minimum"
    others = [f"{NAMES[name]} {say(lab.above(there[name]))}" for name in ranked[1:]]
    out = [
        f"{NAMES[name]} diverged at step {r.out}" for name, r in lab.racers.items() if lab.is_out(r)
    ]
    return f"Step {lab.t:,}: {'; '.join([ahead, *others, *out])}. {why(lab)}"


def why(lab):
    """The numbers behind the race: alpha lambda at the bottom, and what a step leaves."""
    product = lab.values["alpha"] * lab.curvatures[-1]
    left = [
        f"{NAMES[name]} ×{shrink(lab, name):.3f}"
        for name in ("sgd", "momentum")
        if name in lab.racers and shrink(lab, name) < 1
    ]
    leaves = f"; a step leaves {' and '.join(left)} of the way" if left else ""
    return f"At the bottom αλ = {say(product)}, {'' if product < 2 else 'not '}below 2{leaves}."


def shape(lab):
    """How the bottom is curved."""
    low, high = lab.curvatures
    if high < 1.5 * low:
        return f"All directions are curved alike there, λ = {say(high)}."
    return (
        f"There λ is {say(high)} across and {say(low)} along: α must suit the steep direction, "
        "and then the flat one is slow."
    )


def findings(lab):
    found = [lost(lab, name, r) for name, r in lab.racers.items() if lab.is_out(r)]
    if not lab.diverged:
        found += [
            near_limit(lab),
            slow(lab),
            *(stuck(lab, *pair) for pair in lab.racers.items()),
        ]
    return [f for f in found if f]


def lost(lab, name, racer):
    """This racer has left the surface."""
    from .descent import LIMIT

    return finding(
        "diverged",
        "bad",
        f"{NAMES[name]} diverged at step {racer.out:,}: its loss went beyond {say(LIMIT)}. "
        + cause(lab, name),
        "Lower its learning rate, then Reset.",
    )


def cause(lab, name):
    if name == "adam":
        return f"Its steps are about {say(lab.values['alpha_adam'])} long, whatever the slope."
    product = lab.values["alpha"] * steepest(lab, lab.origin)
    return f"At the start αλ = {say(product)}; on a bowl it must be below {say(limit(lab, name))}."


def near_limit(lab):
    alpha, high = lab.values["alpha"], lab.curvatures[-1]
    if "sgd" not in lab.racers or lab.is_out(lab.racers["sgd"]) or not alpha * high > 1.5:
        return None
    text = f"αλ = {say(alpha * high)} "
    if alpha * high >= 2:
        text += "is not below 2: at the bottom each step of SGD overshoots more than the last."
    else:
        text += (
            "is near 2: across the valley SGD jumps from side to side and keeps "
            f"×{abs(1 - alpha * high):.2f} of its distance."
        )
    return finding("stability limit", "warn", text, f"α = {say(1 / high)} would go straight down.")


def slow(lab):
    factor = shrink(lab, "sgd")
    if "sgd" not in lab.racers or not 0.995 < factor < 1:
        return None
    low, high = lab.curvatures
    steps = np.log(10) / -np.log(factor)
    return finding(
        "slow",
        "note",
        f"SGD needs about {say(steps)} steps for each decimal: 1 − αλ = {factor:.4f} where λ = "
        f"{say(low)}.",
        f"Raise α (the limit is {say(2 / high)}), or let Momentum or Adam go.",
    )


def stuck(lab, name, racer):
    """On flat ground, high above the minimum: a saddle, a plateau, the other valley."""
    size = float(np.linalg.norm(lab.surface.gradient(racer.w)))
    if lab.is_out(racer) or lab.t < 5 or size > 0.02 or lab.above(racer) < 0.05:
        return None
    bends = np.linalg.eigvalsh(lab.surface.hessian(racer.w))
    where = "in the shallower valley" if bends[0] > 0 else "near a saddle or on a plateau"
    return finding(
        "flat ground",
        "warn",
        f"{NAMES[name]} stands {where}: ‖∇J‖ = {say(size)}, and J is still {say(lab.above(racer))} "
        "above the minimum.",
        "Gradient descent sees only the slope here: try momentum, noise, or another start.",
    )
