"""What the lab `neuron` shows: the curve or the plane, the ground, the numbers, the errors."""

from . import panels

REACH = 10.0  # w and b lie in -REACH..REACH
X_EXTENT = (-3.0, 3.0)
Y_EXTENT = {
    "sigmoid": (-0.15, 1.15),
    "tanh": (-1.2, 1.2),
    "relu": (-0.5, 2.0),
    "identity": (-1.0, 2.0),
}
CLASSES = {"color": "label", "colors": ["b", "a"], "markers": ["diamond", "circle"]}


def neuron_panels(columns, activation, loss):
    what = curve(activation) if columns == 1 else plane(activation)
    return [
        what,
        ground(columns),
        panels.formula("formula", "its numbers", 7, data="formula", lines=7),
        errors(activation, loss),
    ]


def curve(activation):
    layers = [
        panels.arrows("on_curve", vectors="errors", color="ink2", scale=1, exact=True,
                      label="error y − a"),
        panels.path("curve", color="ink", head=False, width=2),
        panels.path("touch", color="s2", head=False, label="tangent", width=2.5),
        panels.points("points", **CLASSES, size=5, static=True),
    ]  # fmt: skip
    return panels.plane(
        "curve", "a = σ(w x + b) over x", 7, extent=[*X_EXTENT, *Y_EXTENT[activation]],
        aspect=1.3, axes=["x", "a, y"], layers=layers, drag="points", toggles=True,
    )  # fmt: skip


def plane(activation):
    middle = 0.5 if activation == "sigmoid" else 0.0
    half = 0.5 if activation == "sigmoid" else 1.0
    layers = [
        panels.field("field", lo=middle - half, hi=middle + half, levels=[middle],
                     key=["class 0", "class 1"]),
        panels.arrows("foot", vectors="normal", color="ink", scale=1, exact=True, width=2,
                      label="weights w"),
        panels.points("points", **CLASSES, labels=["class 0", "class 1"], size=4, static=True),
    ]  # fmt: skip
    return panels.plane(
        "curve", "a = σ(w₁x₁ + w₂x₂ + b)", 7, extent=[*X_EXTENT, *X_EXTENT], aspect=1.01,
        axes=["x₁", "x₂"], layers=layers, drag="points",
    )  # fmt: skip


def ground(columns):
    axes, title = (["w", "b"], "loss J over w and b") if columns == 1 else (
        ["w₁", "w₂"], "loss J over w₁ and w₂")  # fmt: skip
    layers = [
        panels.field("ground", lo=0, hi=1, map="ground",
                     levels=[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]),
        panels.path("trail", color="ink", head=False),
        panels.arrows("here", vectors="downhill", color="grad", scale=3, width=1.8,
                      label="−∇J"),
        panels.points("here", color="ink", size=5, label="here"),
    ]  # fmt: skip
    return panels.plane(
        "ground", title, 5, extent=[-REACH, REACH, -REACH, REACH], aspect=0.94, axes=axes,
        layers=layers, drag="here", event="weights",
    )  # fmt: skip


def errors(activation, loss):
    names = {"squared error": "squared", "cross-entropy": "entropy"}
    series = [panels.line("error", names.pop(loss), color="ink", width=2)]
    if activation == "sigmoid":
        series.append(panels.line("error_other", *names.values(), color="ink", dash=True))
    return panels.lines("errors", "mean error |a − y|", 5, height=150, lo=0, over="step",
                        series=series)  # fmt: skip
