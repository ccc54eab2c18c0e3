"""What the lab `long-memory` shows: the race, what each answer depends on, what is kept."""

from . import panels
from .gradient_flow_panels import LSTM, RNN, numbers
from .long_memory_nets import ADDING

REACH = 1.2  # of a derivative that is drawn: at a marked number it should be 1
FLOOR = 1e-8  # of a gradient that is drawn
TICKS = {"axis": "t", "sel": ["tick", "unit"]}
BOTH = [("rnn", "RNN", RNN), ("lstm", "LSTM", LSTM)]


def long_memory_panels(lab):
    adding = lab.values["task"] == ADDING
    return [
        *race(lab), answers(), table(),
        panels.formula("about", "the sequence that is shown", 7, data="about", lines=6),
        panels.heatmap("input", "numbers; marks (tap)" if adding else "numbers, marks", 12,
                       data="input", color="div", lo=-1, hi=1, row_height=17, axis="t",
                       sel=["tick", "channel"], tell=adding),
        *[panels.heatmap(f"reach_{name}", f"{label}: ∂ŷ / ∂ number", 12, data=f"reach_{name}",
                         color="div", lo=-REACH, hi=REACH, row_height=20, axis="t",
                         sel=["tick", "row"]) for name, label, _ in BOTH],
        panels.lines("dx", "‖∂ŷ / ∂xₜ‖", 12, height=130, log=True, floor=FLOOR, over="tick",
                     tokens=numbers(lab.values["length"]), axis="t", sel=["tick"],
                     series=[panels.line(f"dx_{name}", label, color=color, width=2)
                             for name, label, color in BOTH]),
        kept("h_rnn", "RNN: states h", lab.rnn_units), kept("c_lstm", "LSTM: cells c",
                                                            lab.values["hidden"]),
    ]  # fmt: skip


def race(lab):
    guess = [{"y": lab.guessing, "label": "says 0"}]
    series = {
        what: [panels.line(f"{what}_{name}", label, color=color, smooth=0.8)
               for name, label, color in BOTH]
        for what in ("J", "right")
    }  # fmt: skip
    return [
        panels.lines("loss", "loss J of sequences not seen before", 7, height=190, log=True,
                     over="step", refs=guess, series=series["J"]),
        panels.lines("right", "right answers", 5, height=190, lo=0, hi=1, percent=True,
                     over="step", series=series["right"]),
    ]  # fmt: skip


def answers():
    """Who says the mean has all points on a level line, who knows has them on the dashed one."""
    layers = [
        panels.path("right_answer", color="ink2", dash=True, head=False, label="right"),
        *[panels.points(f"said_{name}", color=color, marker=marker, size=2.6, label=label)
          for (name, label, color), marker in zip(BOTH, ("diamond", "circle"), strict=True)],
    ]  # fmt: skip
    end = 2 * REACH
    return panels.plane("answers", "what it says, for what is right", 5, rowspan=2, aspect=1.25,
                        layers=layers, extent=[-end, end, -end, end],
                        axes=["right", "answer ŷ"])  # fmt: skip


def table():
    columns = [("units", "units"), ("parameters", "parameters"), ("loss", "loss, last 20"),
               ("solved", "solved at step")]  # fmt: skip
    return panels.table("race", "the race", 7, corner="network", rows=["RNN", "LSTM"],
                        columns=[{"data": d, "label": label} for d, label in columns])  # fmt: skip


def kept(data, title, units):
    return panels.heatmap(data, title, 12, data=data, color="div", lo=-1, hi=1,
                          row_height=max(3, 90 // units), **TICKS)  # fmt: skip
