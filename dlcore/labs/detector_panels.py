"""What the lab `detector` shows: the canvas with its boxes, the grid, the curve, the gradient."""

from . import panels

SIZE, STRIDE, GRID = 48, 8, 6
EXTENT = [0, SIZE, SIZE, 0]
ANSWER, DROPPED, KEPT, SUPPRESSED, RIGHT, FALSE = range(6)
TRUE, MISSED = range(2)
style = panels.box_style
STYLES = [
    style("answered", "ink2", width=1.2),
    style("", "rule", width=0.8),
    style("kept", "s3", width=2.2),
    style("suppressed", "ink2", dash="dashed", width=1.2),
    style("right", "s2", width=2.4),
    style("false", "b", dash="dashed", width=2.4),
]
TRUTH = [style("true", "a", dash="dotted", width=1.6), style("missed", "b", dash="dotted", width=3)]
CHOSEN = [style("chosen cell", "grad", width=1.6), style("its box", "grad", dash="dashed")]
GRID_LINES = [style("", "rule", width=0.6)]
ROWS = ["object", "t_x", "t_y", "t_w", "t_h", *(f"class {k}" for k in range(10))]


def detector_panels(own):
    return [
        canvas(own),
        panels.heatmap("scores", "score of each cell", 5, data="scores", color="seq", lo=0, hi=1,
                       aspect=1.35, square=True, sel=["column", "row"], tell=True,
                       numbers=True),
        curve(),
        panels.formula("decisions", "what becomes of the answers", 7, data="decisions", lines=8),
        gradient(),
        panels.formula("about_cell", "the chosen cell: its box, its score", 7, data="about_cell",
                       lines=7),
        panels.table("cell", "the chosen cell: its gradient", 5, rowspan=2, columns=[
            {"data": "answer", "label": "answer z"}, {"data": "share", "label": "P"},
            {"data": "target", "label": "target"}, {"data": "dz", "label": "∂J/∂z"},
        ], rows=ROWS, corner="part"),
        panels.formula("numbers", "counts", 7, data="numbers", lines=6),
    ]  # fmt: skip


def canvas(own):
    layers = [
        panels.picture("picture", color="grey"),
        panels.boxes("cells", kinds="plain", styles=GRID_LINES),
        panels.boxes("truth", kinds="truth_kinds", styles=TRUTH),
        panels.boxes("chosen", kinds="chosen_kinds", styles=[s | {"label": ""} for s in CHOSEN]),
        panels.boxes("boxes", kinds="kinds", styles=STYLES, tags="tags"),
        *([panels.points("pieces", color="a", size=3, label="your pieces", static=True)]
          if own else []),
    ]  # fmt: skip
    moves = {"drag": "pieces", "add": True, "remove": True, "clear": True} if own else {}
    return panels.plane(
        "canvas", "the canvas and its boxes", 7, rowspan=2, extent=EXTENT, aspect=1.03,
        axes=["x", "y"], layers=layers, **moves,
    )  # fmt: skip


def curve():
    layers = [
        panels.path("curve", color="ink", head=False, width=2),
        panels.points("here", color="s3", size=5, label="least score"),
    ]
    return panels.plane(
        "curve", "precision over recall, 50 canvases", 5, extent=[0, 1.02, 0, 1.02], aspect=2,
        axes=["recall", "p"], layers=layers,
    )  # fmt: skip


def gradient():
    layers = [
        panels.picture("dx", color="div", lo=-1, hi=1),
        panels.boxes("chosen", kinds="chosen_kinds", styles=CHOSEN),
    ]
    return panels.plane(
        "gradient", "∂J/∂x of the chosen cell", 5, extent=EXTENT, aspect=1.03,
        axes=["x", "y"], layers=layers,
    )  # fmt: skip
