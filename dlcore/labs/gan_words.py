"""What both labs with two players say: what D believes, what goes wrong, what mends it."""

import numpy as np

from ..gan import non_saturating
from .doctor import finding, percent, say
from .gan_controls import BELIEVES, BOTH, ONLY_D
from .gan_game import LIMIT


def believes(lab):
    return lab.values["loss"] in BELIEVES


def lost(lab):
    game, v = lab.game, lab.values
    rates = (
        f"Divide the learning rates, {say(v['alpha_D'])} of D and {say(v['alpha_G'])} of G, by 10 "
        "and press Reset."
    )
    return finding(
        "diverged",
        "bad",
        f"At step {lab.diverged_at:,} a loss was no number any more, or beyond {say(LIMIT)}; the "
        f"figure shows step {lab.t:,} (J_D = {say(game.J_D)}, J_G = {say(game.J_G)}).",
        "Clip D’s weights, at 0.1 say, and press Reset." if has_no_bound(v) else rates,
    )


def d_wins(lab, least=0.7, most=0.01, share=0.5):
    """D is sure of both; with minimax, what it passes back vanishes."""
    real, sure = float(lab.D_real.mean()), float((lab.D_fake < most).mean())
    if not believes(lab) or real < least or sure < share:
        return None
    text = (
        f"D believes {say(real)} of real {lab.thing}s, and of {percent(sure)} of the generated "
        f"ones less than {most}: it tells them apart. The gradient at a generated {lab.thing} is "
        f"{say(lab.reach)} long (median)."
    )
    if lab.values["loss"] == "minimax":
        other = np.median(np.linalg.norm(lab.told(non_saturating), axis=1))
        text = text[:-1] + f"; with the non-saturating loss it would be {say(other)}."
    advice = (
        "Choose the non-saturating loss, also while it runs."
        if lab.values["loss"] == "minimax"
        else "Give D fewer updates a step, or a lower learning rate; or G a higher one."
    )
    return finding("D wins", "warn", text, advice)


def unbounded(lab, steep=5):
    """A critic without a bound makes its slopes steeper and steeper."""
    if not has_no_bound(lab.values) or lab.reach < steep:
        return None
    gap = float(lab.v_real.mean() - lab.v_fake.mean())
    return finding(
        "unbounded critic",
        "warn",
        f"D answers {say(gap)} more for real {lab.thing}s than for generated ones, and its slope "
        f"at a generated {lab.thing} is {say(lab.reach)}: nothing bounds it, so it measures no "
        "distance.",
        "Clip D’s weights, at 0.1 say.",
    )


def has_no_bound(values):
    """Is D a critic whose slopes nothing bounds?"""
    return values["loss"] == "Wasserstein" and values["clip"] == "off"


def in_effect(shares):
    """exp of the entropy: of how many equally large shares it could be."""
    some = shares[shares > 0]
    return float(np.exp(-np.sum(some * np.log(some))))


def remedy(lab):
    v = lab.values
    if v["k_G"] > v["k"]:
        return f"While D stands still, G has {v['k_G']} updates to run to one place: give it fewer."
    if "adam" in (v["optimizer_G"], v["optimizer_D"]) and v["beta1"] > 0.6:
        return f"Adam’s β₁ = {say(v['beta1'])} keeps both running past each other: try 0.5."
    if v["optimizer_G"] == v["optimizer_D"] and v["alpha_G"] > v["alpha_D"]:
        return "D is too slow to follow: raise its learning rate or its updates a step."
    return "Try more updates of D a step, a wider D, or a lower learning rate of G."


def one_sided(lab):
    plays = lab.values["plays"]
    if plays == BOTH:
        return None
    if plays == ONLY_D:
        return finding(
            "only D plays",
            "note",
            "G stands still, so D comes as near as it can to the best D there is for this G.",
            "Watch D’s loss fall to the grey line; then let G play, too.",
        )
    return finding(
        "only G plays",
        "note",
        f"D stands still, so G takes its {lab.thing}s to where this D believes most.",
        "Let D play again, and see what it says to that.",
    )
