"""Panels that both labs with two players show: losses and gradient norms."""

import math

from . import panels

LN2 = math.log(2)
REFS = {  # J_D and J_G of a D that can only guess
    "non-saturating": [(2 * LN2, "2 ln 2"), (LN2, "ln 2")],
    "minimax": [(2 * LN2, "2 ln 2"), (-LN2, "−ln 2")],
    "least squares": [(1 / 4, "1/4"), (1 / 8, "1/8")],
    "Wasserstein": [(0, "0")],
}


def losses(loss, span, aspect, more=()):
    """J of both, and `more` lines."""
    series = [
        panels.line("J_D", "D", color="a", smooth=0.8),
        panels.line("J_G", "G", color="b", dash=True, smooth=0.8),
        *more,
    ]
    refs = [{"y": y, "label": label} for y, label in REFS[loss]]
    return panels.lines("losses", "losses J", span, over="step", series=series, refs=refs,
                        aspect=aspect)  # fmt: skip


def norms(aspect):
    series = [
        panels.line("norm_D", "D", color="a", smooth=0.85),
        panels.line("norm_G", "G", color="b", dash=True, smooth=0.85),
        panels.line("reach", "at G(z)", color="grad", smooth=0.85),
    ]
    return panels.lines("norms", "gradient norms", 4, over="step", log=True, floor=1e-4,
                        series=series, aspect=aspect)  # fmt: skip
