"""What the lab `pooling` shows: image, both poolings, and what comes back through each of them."""

from . import panels
from .pooling_controls import REACH

GRID = {"square": True, "narrow": 6, "sel": "part"}
UNIT = {"color": "seq", "lo": 0, "hi": 1}


def pooling_panels(lab):
    mean, through_max, through_mean = lab.firsts
    cover = panels.cover
    windows = [cover("see", color="ink"), cover("see", color="ink", first=mean)]
    pixel = [cover("touch", color="grad", first=first) for first in (through_max, through_mean)]
    twin = [cover("itself", color="ink"), cover("itself", color="ink", first=mean)]
    signed = {"color": "div", "numbers": True}
    return [
        panels.formula("notice", "what to notice", 12, data="notice", lines=2),
        panels.editable("input", "image x: draw", 4, **UNIT, data="x", paint=1, event="draw",
                        narrow=6, sel="part", first=through_max, dots="wins",
                        covers=[*windows, cover("winner", color="grad")]),
        panels.heatmap("max", "max pooling: point at it", 4, **GRID, **UNIT, data="largest",
                       numbers=True, covers=[*pixel, twin[1]]),
        panels.heatmap("mean", "average pooling", 4, **GRID, **UNIT, data="mean", numbers=True,
                       first=mean, covers=[*pixel, twin[0]]),
        panels.products("sum", "where it comes from", 8, sel="part", height=176,
                        sums=sums(lab.firsts)),
        panels.editable("da", "da, sent in: change it", 4, data="da", color="div", lo=-REACH,
                        hi=REACH, numbers=True, step=0.5, event="gradient", narrow=6,
                        most="da_most", sel="part", covers=[*pixel, twin[1]]),
        panels.heatmap("dx_max", "dx through max", 4, **GRID, **signed, data="dx_max",
                       most="dx_max_most", first=through_max,
                       covers=[cover("winner", color="grad")]),
        panels.heatmap("dx_mean", "dx through average", 4, **GRID, **signed, data="dx_mean",
                       most="dx_mean_most", first=through_mean, covers=windows),
        panels.lines("far", "how far from the unmoved one", 4, narrow=12, aspect=1.05, lo=0,
                     percent=True, over="step", series=[
                         panels.line("far", "image", color="ink2", dash=True),
                         panels.line("far", "average", index=1, color="s2", width=2),
                         panels.line("far", "max", index=2, color="s3", width=2),
                     ]),
        panels.formula("formula", "the formulas", 8, data="formula", lines=6),
        panels.bars("same", "unchanged by the move", 4, items=[
            {"data": "same", "index": k, "label": label, "max": 1, "percent": True, "color": color}
            for k, (label, color) in enumerate(
                (("pixels", "ink2"), ("averages", "s2"), ("maxima", "s3")))
        ]),
    ]  # fmt: skip


def sums(firsts):
    """The outputs, and the gradient of a pixel through either."""
    mean, through_max, through_mean = firsts
    return [
        panels.sum_of("largest", name="a", left="x", places="see", texts="said", mark="won",
                      title="max at ({row}, {column}): the largest of its window"),
        panels.sum_of("mean", name="a", left="x", right="share", places="see", first=mean,
                      title="average at ({row}, {column}): equal shares of its window"),
        panels.sum_of("dx_max", name="dx", left="da", right="won_by", places="touch",
                      first=through_max,
                      title="dx at ({row}, {column}), max: da · 1 where it won, else 0"),
        panels.sum_of("dx_mean", name="dx", left="da", right="shares", places="touch",
                      first=through_mean,
                      title="dx at ({row}, {column}), average: da · its share"),
    ]  # fmt: skip
