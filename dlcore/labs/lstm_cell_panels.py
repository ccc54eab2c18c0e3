"""What the lab `lstm-cell` shows: stages, a tick as pipes with taps, its arithmetic, all ticks."""

from . import panels
from .lstm_cell_controls import GATES, NAMES
from .lstm_cell_words import DECIDES, LINES, PARTS, PIPES, ROWS
from .unroll_words import stage_names

PLACES = {
    "c before": [0, 0], "h before": [0, 1], "x": [0, 2], "f": [1, 0], "c": [2, 0], "i": [2, 1],
    "c̃": [2, 2], "o": [3, 0], "h": [4, 0],
}  # fmt: skip
LABELS = ["cₜ₋₁", "hₜ₋₁", "x₁, x₂", "f", "i", "c̃", "o", "cₜ", "hₜ"]
NODES = ["c before", "h before", "inputs", "forget gate f", "input gate i", "candidate c̃",
         "output gate o", "cell c", "hidden state h"]  # fmt: skip
CELL = 34  # px of a cell that is edited, about


def lstm_cell_panels(lab):
    T = lab.values["length"]
    line, ticks = panels.part_line, [str(t) for t in range(1, T + 1)]
    half = 12 if T > 5 else 6
    number = {"numbers": True, "color": "div"}
    return [
        panels.formula("notice", "what to notice", 12, data="notice", lines=3),
        panels.stages("stages", "stages of a pass", 12, names=stage_names(T), data="stage"),
        panels.graph(
            "graph", "one tick: pipes with taps in them", 12, nodes=[LABELS], names=NODES,
            places=[PLACES[part] for part in PARTS], box=72, edge_word="what flows",
            edges=[[PARTS.index(end) for end in edge] for edge in [*PIPES, *DECIDES]],
            weights="flow", lit="lit", back="back", sel="part",
            node_lines=[line("node_value", "value", "ink"), line("node_blame", "d", "grad"),
                        line("node_dz", "dz", "grad")],
            edge_lines=[line("pipe_flow", "flows", "ink"),
                        line("pipe_blame", "comes back", "grad")],
        ),
        panels.formula("formula", "the stage with its numbers", 12, data="formula", sel="part",
                       sel_data="of_part", lines=LINES),
        *[panels.editable(g, f"{NAMES[g]} gate {g}, by tick: turn it", 4,
                          numbers=True, color="seq", lo=0, hi=1, step=0.1, data=g, event=g,
                          dots=f"held_{g}", aspect=236 / CELL, narrow=12) for g in GATES],
        panels.editable("x", "inputs, tick by tick: x₁, below it x₂", 6, **number, lo=-4, hi=4,
                        step=0.5, data="x", event="x", aspect=360 / (2 * CELL), narrow=12),
        panels.lines("loss", "loss J, stage by stage", 6, height=110, lo=0, over="step",
                     series=[panels.line("J", "J", color="ink", width=2)]),
        panels.heatmap("there", "kept and shown, tick by tick", half, data="there", color="div",
                       most="there_most", counts="there", row_height=44,
                       names=[["c", "h"], ticks], axes=["tick t", ""]),
        panels.heatmap("blame", "the blame, and which way it came", half, data="blame",
                       color="div", most="blame_most", counts="blame", row_height=36,
                       names=[["dh", "dc", "by c", "by h"], ticks], axes=["tick t", ""]),
        *[panels.editable(f"W_{row}", f"weights of {name}: h, x₁, x₂, b", 3, **number, lo=-12,
                          hi=12, step=1, data=f"W_{row}", event=f"W_{row}", aspect=172 / CELL,
                          narrow=6)
          for row, name in zip(("f", "i", "o", "c"), ROWS, strict=True)],
        panels.table("gradients", "their gradients so far", 12, corner="layer", rows=list(ROWS),
                     columns=[{"data": "d_h", "label": "dW of h"},
                              {"data": "d_x1", "label": "of x₁"},
                              {"data": "d_x2", "label": "of x₂"},
                              {"data": "d_b", "label": "db"}]),
    ]  # fmt: skip
