"""What the lab `char-rnn` shows: how it learns, what it writes, and how it reads a text."""

import math

from . import panels
from .char_rnn_names import LETTERS
from .char_rnn_writing import SHOWN

HEAT = 224  # px of the states of all units


def char_rnn_panels(values, baselines, known_held_out):
    """All panels; `baselines`: nats a character by counting pairs, and threes."""
    along = {"axis": "t", "sel": ["t", "unit"]}
    return [
        loss(baselines),
        written(),
        shares(known_held_out),
        reading(),
        panels.formula("about", "what the next letter depends on", 8, who="your pick", data="about",
                       sel="t", sel_data="about_at", lines=5),
        following(),
        back(),
        panels.heatmap("h", "state h, unit by unit", 12, data="h", color="div", lo=-1, hi=1,
                       row_height=max(2, min(14, HEAT // values["hidden"])), **along),
        panels.lines("trace", "unit {unit}", 12, height=110, over="t", tokens="letters", lo=-1,
                     hi=1, refs=[{"y": 0}], series=[panels.line("h", "h", color="a")], **along),
        panels.formula("unit", "what its units follow", 6, data="units", sel="unit",
                       sel_data="unit_at", lines=5),
        norms(),
    ]  # fmt: skip


def loss(baselines):
    pairs, threes = baselines
    return panels.lines(
        "loss", "loss, nats a character", 6, height=150, over="step",
        series=[panels.line("loss", "train", color="ink"),
                panels.line("loss_test", "held out", color="ink", dash=True)],
        refs=[{"y": math.log(len(LETTERS)), "label": "guess"}, {"y": pairs, "label": "bigram"},
              {"y": threes, "label": "trigram"}],
    )  # fmt: skip


def written():
    columns = [("names", "name"), ("kinds", "it is"), ("nats", "nats a letter")]
    return panels.table(
        "written", "names it writes, with the same dice at every step", 6, rowspan=2, corner="no.",
        rows=[str(k + 1) for k in range(SHOWN)],
        columns=[{"data": data, "label": label} for data, label in columns],
    )  # fmt: skip


def shares(known_held_out):
    return panels.lines(
        "shares", "of 100 names it writes", 6, height=150, lo=0, hi=1, percent=True, over="step",
        series=[panels.line("known", "known trigrams", color="s1", smooth=0.8),
                panels.line("copied", "copied", color="s2", dash=True, smooth=0.8)],
        refs=[{"y": known_held_out, "label": "real names"}],
    )  # fmt: skip


def reading():
    return panels.tokens(
        "reading", "your text: pick a letter", 12, data="letters", sel="t",
        axis="t",
        rows=[{"data": "p_next", "label": "p(next)", "lo": 0, "hi": 1, "color": "a", "bars": True},
              {"data": "gradient", "label": "gradient", "lo": 0, "most": "gradient_most",
               "color": "grad", "bars": True},
              {"data": "exchanged", "label": "swap", "most": "exchanged_most", "color": "a",
               "below": "b", "bars": True}],
    )  # fmt: skip


def following():
    """What comes next, a to z in rows: as many as there are letters."""
    items = [
        {"data": "p", "index": k, "label": letter, "max": 1, "percent": True, "color": "a"}
        for k, letter in enumerate(LETTERS)
    ]
    return panels.bars("following", "what it expects next", 4, rowspan=2, items=items,
                       compact=True, mark="next", sel="t")  # fmt: skip


def back():
    return panels.lines(
        "back", "how far back it looks: gradient length", 8, height=210,
        log=True, over="distance", sel="distance", x="far", unit="back",
        series=[panels.line("back", "held out", color="grad", width=2)],
    )  # fmt: skip


def norms():
    return panels.lines(
        "norms", "gradient norm of the last batch", 6, height=150, log=True, over="step",
        series=[panels.line("norm", "all weights", color="grad", smooth=0.8),
                panels.line("clip", "clip", color="ink2", dash=True, width=1)],
    )  # fmt: skip
