"""What the lab `gates` shows: a sequence, its answers, all six maps, a unit's traces, what follows
what, and the training."""

from . import panels
from .gradient_flow_panels import numbers

TICKS = {"axis": "t", "sel": ["tick", "unit"]}
GATES = [("f", "forget f", "a"), ("i", "input i", "s2"), ("o", "output o", "s3")]
STATES = [("c_tilde", "candidate c̃", "s1"), ("c", "cell c", "ink"), ("h", "hidden h", "b")]
FLOOR = 1e-8  # of the gradient that is drawn


def gates_panels(lab):
    """All panels; the lab says which task there is, and how many units."""
    row = 17 if lab.values["hidden"] <= 2 else 12 if lab.values["hidden"] <= 4 else 8
    return [
        panels.tokens("input", "input: tap to change", 12, data="symbols", axis="t", sel="tick",
                      event="symbol", symbols=lab.task.symbols),
        panels.lines("answer", "answer ŷ", 12, height=84, over="tick",
                     series=[panels.line("target", "asked", color="ink2", dash=True, width=1),
                             panels.line("answer", "answer", color="a", width=2)],
                     tokens=numbers(lab.values["length"]), axis="t", sel=["tick"]),
        *[panels.heatmap(f"map_{name}", label, 12, data=name, row_height=row, **colours(name),
                         **TICKS) for name, label, _ in GATES + STATES],
        panels.heatmap("map_dc", "∂ŷ_T / ∂cₜ", 12, data="dc", color="div", most="most_dc",
                       row_height=row, **TICKS),
        trace("gates_of", "unit {unit}: its gates", GATES, lo=0, hi=1),
        trace("states_of", "unit {unit}: c̃, c, h", STATES),
        gradient(),
        *meaning(lab),
        *training(lab),
    ]  # fmt: skip


def colours(name):
    if name in "fio":
        return {"color": "seq", "lo": 0, "hi": 1}
    return (
        {"color": "div", "most": "most_c"} if name == "c" else {"color": "div", "lo": -1, "hi": 1}
    )


def trace(name, title, parts, **keys):
    series = [panels.line(part, part[0] + "̃" * (part == "c_tilde"), color=color)
              for part, _, color in parts]  # fmt: skip
    return panels.lines(name, title, 12, height=104, over="tick", series=series, tokens="symbols",
                        **TICKS, **keys)  # fmt: skip


def gradient():
    series = [
        panels.line("by_gates", "f alone", color="ink2", dash=True, width=1),
        panels.line("of_loss", "of J", color="s3"),
        panels.line("of_answer", "of ŷ_T", color="grad", width=2),
    ]
    return panels.lines("gradient", "gradient norm at cₜ", 12, height=110, log=True, floor=FLOOR,
                        over="tick", series=series, tokens="symbols", **TICKS)  # fmt: skip


def meaning(lab):
    """Which unit follows which signal."""
    H = lab.values["hidden"]
    names = [[str(k + 1) for k in range(H)], list(lab.signals)]
    views = [{"label": label, "data": f"follows_{name}"}
             for name, label in (("f", "f"), ("i", "i"), ("o", "o"), ("c_tilde", "c̃"), ("c", "c"),
                                 ("h", "h"))]  # fmt: skip
    return [
        panels.heatmap("follows", "unit and signal: correlation", 7, views=views,
                       color="div", lo=-1, hi=1, numbers=True, names=names, axes=["", "unit"],
                       row_height=22 + -(-32 // H), sel=["signal", "unit"]),
        panels.formula("about", "what it does", 5, who="what it does", data="about", sel="unit",
                       sel_data="of_unit", lines=5),
    ]  # fmt: skip


def training(lab):
    guess = [{"y": lab.guessing, "label": "guess"}]
    return [
        panels.lines("loss", "loss J, held out", 6, height=120, log=True, over="step", refs=guess,
                     series=[panels.line("loss", "J", color="ink", width=2)]),
        panels.lines("right", "right answers", 6, height=120, lo=0, hi=1, percent=True, over="step",
                     series=[panels.line("right", "right", color="ink", width=2)]),
    ]  # fmt: skip
