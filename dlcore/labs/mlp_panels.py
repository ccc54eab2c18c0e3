"""What the lab `mlp` shows: its panels, which depend on the size of the network and on the data."""

import itertools

from . import panels, toys

BINS, LO, HI = 24, -7, 1  # of the histogram of log10 |dJ/dw|
SMALL = 24  # a network of at most so many edges has numbers on them


def mlp_panels(sizes, inputs, activation, own):
    """All panels of a network with these layer sizes and input labels; own: the reader's points."""
    layers = len(sizes) - 1
    span = 6 if layers > 1 else 4  # without hidden layers there is no saturation
    shown = [
        network(sizes, inputs),
        plane(own),
        loss(own, span),
        norms(layers, span),
        histogram(layers, span),
    ]
    return [*shown, saturation(layers - 1, activation, span)] if layers > 1 else shown


def network(sizes, inputs):
    edges = sum(a * b for a, b in itertools.pairwise(sizes))
    return panels.network(
        "net", "network", 7, aspect=1.38, sizes=sizes, tiles="tiles", sel="neuron",
        inputs=inputs, outputs=["ŷ"], numbers=edges <= SMALL,
        views=[
            panels.view("weights", "W", color="div", key="w"),
            panels.view("gradients", "dW", color="grad", key="∂J/∂w"),
        ],
    )  # fmt: skip


def plane(own):
    edge = toys.EXTENT
    classes, colors = ["class 0", "class 1"], ["b", "a"]
    layers = [
        panels.field("p", lo=0, hi=1, levels=[0.5], key=classes, sel="neuron", sel_data="tiles",
                     sel_lo=-1, sel_hi=1),
        panels.points("x", color="y", colors=colors, markers=["diamond", "circle"], labels=classes,
                      static=True),
    ]  # fmt: skip
    if not own:
        layers.append(
            panels.points("x_test", color="y_test", colors=colors, static=True,
                          marker="ring", markers=["ringdiamond", "ring"], label="test")
        )  # fmt: skip
    return panels.plane(
        "plane", "what it answers", 5, extent=[-edge, edge, -edge, edge], layers=layers,
        axes=["x₁", "x₂"], toggles=True, drag="x", remove=True, add=own or None, clear=own or None,
    )  # fmt: skip


def loss(own, span):
    series = [panels.line("loss", "train", color="ink")]
    if not own:
        series.append(panels.line("loss_test", "test", color="ink", dash=True))
    return panels.lines(
        "loss", "loss J", span, aspect=aspect(span), log=True, over="step", series=series
    )


def norms(layers, span):
    series = [
        panels.line("gnorm", str(k + 1), index=k, color=panels.ramp(k + 1, layers), smooth=0.9)
        for k in range(layers)
    ]
    return panels.lines(
        "norms", "gradient norm ‖∂J/∂W‖, by layer", span, aspect=aspect(span), log=True,
        over="step", series=series,
    )  # fmt: skip


def histogram(layers, span):
    return panels.histogram(
        "hist", "log₁₀ |∂J/∂w|, by layer", span, aspect=aspect(span), data="hist", lo=LO, hi=HI,
        rows=[f"layer {k + 1}" for k in range(layers)],
        colors=[panels.ramp(k + 1, layers) for k in range(layers)],
    )  # fmt: skip


def saturation(hidden, activation, span):
    what = "dead units" if activation == "relu" else "saturated activations"
    series = [
        panels.line("saturation", str(k + 1), index=k, color=panels.ramp(k + 1, hidden + 1))
        for k in range(hidden)
    ]
    return panels.lines(
        "saturation", f"{what}, by hidden layer", span, aspect=aspect(span), lo=0, hi=1,
        percent=True, over="step", series=series,
    )  # fmt: skip


def aspect(span):
    return 2.4 if span == 6 else 1.75
