"""What the lab `curve-fit` shows: the fit, the units it is made of, the network, the losses."""

from . import curves, panels

SMALL = 8  # a network of at most so many hidden units has numbers on its edges
ADDED = (-3.0, 3.0)  # heights of the plane of the units
EXTENT = [*curves.X_EXTENT, *curves.Y_EXTENT]
CURVE = {"x": "places", "color": "ink", "width": 2}


def curve_fit_panels(units, data):
    own = data == "own"
    return [fit(own), network(units), parts(), loss(own), numbers()]


def fit(own):
    """The points and the curve; of the chosen unit, the curve without it."""
    layers = [
        panels.curves("line", x="places", color="s2", dash=True, label="line"),
        *([] if own else [panels.curves("truth", x="places", color="s1", dash=True,
                                        label="true curve")]),
        panels.arrows("on_curve", vectors="errors", color="grad", scale=1, exact=True, width=1.5,
                      label="y − ŷ"),
        panels.curves("without", x="places", color="ink", dash=True, sel="unit", first=1,
                      only=True, label="without unit"),
        panels.curves("yhat", **CURVE),
        panels.points("bends", color="ink2", marker="diamond", size=3, sel="unit", first=1),
        *([] if own else [panels.points("held_out", color="ink2", marker="ring", size=2.4,
                                        label="held out", static=True)]),
        panels.points("points", color="a", size=4, static=True),
    ]  # fmt: skip
    return panels.plane(
        "fit", "the curve ŷ", 7, extent=EXTENT, aspect=1.3, axes=["x", "ŷ, y"], layers=layers,
        toggles=True, drag="points", add=True, remove=True, clear=own or None,
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


def parts():
    """What every unit adds: the sum of these curves and of b is the fit."""
    layers = [
        panels.curves("bias", x="places", color="ink2", dash=True),
        panels.curves("parts", x="places", color="div", sel="unit", first=1),
        panels.curves("yhat", **CURVE),
        panels.points("bends_of_parts", color="ink2", marker="diamond", size=3, sel="unit",
                      first=1),
    ]  # fmt: skip
    return panels.plane(
        "parts", "what each unit adds, w₂a; the sum + b₂ is ŷ", 7, rowspan=2, aspect=1.3,
        extent=[*curves.X_EXTENT, *ADDED], axes=["x", "w₂a"], layers=layers, choose="unit",
    )  # fmt: skip


def loss(own):
    series = [panels.line("loss", "train", color="ink")]
    if not own:
        series.append(panels.line("loss_test", "test", color="ink", dash=True))
    series.append(panels.line("loss_line", "line", color="s2"))
    return panels.lines("loss", "loss J", 5, height=130, log=True, floor=1e-4, over="step",
                        series=series)  # fmt: skip


def numbers():
    return panels.formula("numbers", "its numbers", 5, data="sum", sel="unit", sel_data="about",
                          lines=6)  # fmt: skip
