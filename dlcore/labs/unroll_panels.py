"""What the lab `unroll` shows: the stages, the unrolled graph, its arithmetic, sums over ticks."""

from . import panels
from .unroll_words import Words, edges_of, nodes_of, weights_of

LOW = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
CELL = 34  # px of a cell that is edited, about


def unroll_panels(lab):
    T, D, H = lab.shape
    line = panels.part_line
    columns = nodes_of(T, D, H, lab.values["where"])
    nodes = [node for column in columns for node in column]
    numbered = len(weights_of(D, H)) <= 6  # more edges have no room for their numbers
    changed = {"color": "div", "lo": -4, "hi": 4, "numbers": True, "step": 0.25}
    return [
        panels.formula("notice", "what to notice", 12, data="notice", lines=2),
        panels.stages("stages", "stages of a pass", 12, names=lab.stages, data="stage"),
        panels.graph(
            "graph", "the network, unrolled: one column a tick", 12,
            nodes=[[label(*node, lab) for node in column] for column in columns],
            names=[name(*node) for node in nodes], places=[place(*node, H) for node in nodes],
            box=57, edges=edges(lab, nodes), weights="W", lit="lit", back="back", sel="part",
            node_lines=[line("node_z", "z", "ink2"), line("node_h", "h", "ink"),
                        line("node_dh", "dh", "grad"), line("node_dz", "dz", "grad")],
            edge_lines=[line("edge_w", "weight w", "ink"),
                        line("edge_dw", "what a tick adds to dw", "grad")] if numbered else [],
        ),
        panels.formula("formula", "the stage with its numbers", 12, data="formula", sel="part",
                       sel_data="of_part", lines=Words.most_lines(D, H)),
        panels.editable("x", "x, tick by tick: change it", 5, **changed, data="x", event="x",
                        aspect=290 / (CELL * D), narrow=12),
        panels.editable("W_hh", "W_hh: change it", 3, **changed, data="W_hh", event="W_hh",
                        aspect=170 / (CELL * H), narrow=6),
        panels.editable("W_hx", "W_hx", 2, **changed, data="W_hx", event="W_hx",
                        aspect=107 / (CELL * H), narrow=6),
        panels.editable("b_h", "b_h", 2, **changed, data="b_h", event="b_h",
                        aspect=107 / (CELL * H), narrow=6),
        panels.heatmap("adds", "what each tick adds to dw", 6, data="adds", color="div",
                       most="adds_most", counts="adds", sel="part", first=len(nodes),
                       row_height=row_height(len(weights_of(D, H))),
                       names=[marks(D, H), [str(t) for t in range(1, T + 1)]],
                       axes=["tick t", ""]),
        panels.table("sums", "the sum is the gradient", 6, corner="weight", rows=full_names(D, H),
                     columns=[{"data": "value", "label": "w"},
                              {"data": "gradient", "label": "dw so far"},
                              {"data": "value_after", "label": "w after"}]),
        panels.lines("loss", "loss J of the sequence, stage by stage", 12, height=110, lo=0,
                     over="step", series=[panels.line("J", "J", color="ink", width=2)]),
    ]  # fmt: skip


def row_height(rows):
    """So that a row has 26 px below the names of the columns."""
    return 26 + -(-32 // rows)


def low(*numbers):
    return ",".join(str(n).translate(LOW) for n in numbers)


def label(kind, t, j, lab):
    """What stands on a node: h₃,₂ is unit 2 at tick 3."""
    if kind == "J":
        return f"J{low(t)}"
    alone = {"x": lab.values["inputs"], "h": lab.values["hidden"]}[kind] == 1
    return kind + (low(t) if alone else low(t, j + 1))


def name(kind, t, j):
    """The same in words."""
    if kind == "J":
        return f"tick {t}, loss"
    when = f"tick {t}" if t else "start"
    return f"{when}, {'unit' if kind == 'h' else 'input'} {j + 1}"


def place(kind, t, j, H):
    """[column, row] of a node: losses above the units, inputs below and, the second one, above,
    always before them."""
    if kind == "J":
        return [t, 0]
    return [t, 1 + j] if kind == "h" else [t - 0.5, (1 + H, 0)[j]]


def edges(lab, nodes):
    """[from, to] of the edges with a weight, and then of those to a loss."""
    at = {node: k for k, node in enumerate(nodes)}
    found = []
    for array, j, i, t in edges_of(*lab.shape):
        start = ("h", t - 1, i) if array == "W_hh" else ("x", t, i)
        found.append([at[start], at["h", t, j]])
    return found + [[at["h", t, 0], k] for (kind, t, _), k in at.items() if kind == "J"]


def marks(D, H):
    """Names of the weights, in few characters: hh₁₂ is of W_hh, to unit 1 from unit 2."""
    return [f"{array[2:]}{low(j + 1)}{low(i + 1)}" for array, j, i in weights_of(D, H)]


def full_names(D, H):
    weights = [f"W_{mark}" for mark in marks(D, H)]
    return [*weights, *[f"b{low(j + 1)}" for j in range(H)]]
