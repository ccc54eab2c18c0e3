"""What the lab `curve-fit` shows: the fit, the units it is made of, the network, the losses."""

from . import curves, panels

SMALL = 8  # a network of at most so many hidden units has numbers on its edges
CURVE = {"x": "places", "color": "ink", "width": 2}
TRUTH, LINE = "s2", "s3"  # not s1, the blue of the points


def curve_fit_panels(units, data):
    drawn = data in curves.CURVES
    return [fit(data, drawn), network(units), parts(data), loss(drawn), numbers()]


def fit(data, drawn):
    """The points and the curve; of the chosen unit, the curve without it."""
    layers = [
        *([panels.curves("truth", x="places", color=TRUTH, dash=True, label="true curve")]
          if drawn else []),
        panels.curves("line", x="places", color=LINE, dash=True, label="line"),
        panels.arrows("on_curve", vectors="errors", color="grad", scale=1, exact=True, width=1.5,
                      label="y − ŷ"),
        panels.curves("without", x="places", color="ink", dash=True, sel="unit", first=1,
                      only=True, label="without unit"),
        panels.curves("yhat", **CURVE, label="ŷ"),
        panels.points("zeros", color="ink2", marker="diamond", size=3, sel="unit", first=1),
        *([panels.points("held_out", color="ink2", marker="ring", size=2.4, label="held out",
                         static=True)] if drawn else []),
        panels.points("points", color="a", size=4, label="training points", static=True),
    ]  # fmt: skip
    return panels.plane(
        "fit", "the curve ŷ", 7, extent=extent(data), aspect=1.3, axes=[x_axis(data), "ŷ, y"],
        layers=layers, toggles=True, drag="points", add=True, remove=True,
        clear=data == "own" or None,
    )  # fmt: skip


def network(units):
    return panels.network(
        "net", "network", 5, aspect=0.94, sizes=[1, units, 1], tiles="tiles", sel="unit",
        inputs=["x"], outputs=["ŷ"], numbers=units <= SMALL,
        views=[
            panels.view("weights", "W", color="div", key="w"),
            panels.view("gradients", "dW", color="grad", key="∂J/∂w"),
        ],
    )  # fmt: skip


def parts(data):
    """What every unit adds: the sum of these curves and of b is the fit."""
    layers = [
        panels.curves("bias", x="places", color="ink2", dash=True),
        panels.curves("parts", x="places", color="div", sel="unit", first=1),
        panels.curves("yhat", **CURVE),
        panels.points("zeros_of_parts", color="ink2", marker="diamond", size=3, sel="unit",
                      first=1),
    ]  # fmt: skip
    return panels.plane(
        "parts", "what each unit adds, w₂a; the sum + b₂ is ŷ", 7, rowspan=2, aspect=1.3,
        extent=extent(data, 1.5), axes=[x_axis(data), "w₂a"], layers=layers, choose="unit",
    )  # fmt: skip


def extent(data, factor=1.0):
    """Of the plane of the points; for the units it is `factor` times as high."""
    across, (low, high) = curves.extent(data)
    most = factor * max(-low, high)
    return [*across, *((low, high) if factor == 1 else (-most, most))]


def x_axis(data):
    return "x = (hour − 11.5) / 7" if data == curves.DAY else "x"


def loss(drawn):
    series = [panels.line("loss", "train", color="ink")]
    if drawn:
        series.append(panels.line("loss_test", "test", color="ink", dash=True))
    series.append(panels.line("loss_line", "line", color=LINE))
    return panels.lines("loss", "loss J", 5, height=130, log=True, floor=1e-4, over="step",
                        series=series)  # fmt: skip


def numbers():
    return panels.formula("numbers", "its numbers", 5, data="sum", sel="unit", sel_data="about",
                          lines=6)  # fmt: skip
