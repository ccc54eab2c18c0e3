"""What the lab `cnn` shows: an image on its way through the network, and how well it reads."""

from . import panels

SHIFTS = (-2, -1, 0, 1, 2)  # pixels to the right
SHOTS = 24  # images of a cell of the confusion matrix that are shown
RIVAL = "s3"


def cnn_panels(values):
    rival = values["rival"]
    return [
        pad(), answer(), saliency(),
        network(values["pooling"], values["shuffle"]), numbers(),
        loss(rival), accuracy(rival), norms(),
        earned(rival), shifted(rival),
        confusion(), shots(),
    ]  # fmt: skip


def pad():
    return panels.editable(
        "pad", "image x: draw in it", 4, data="pad", color="grey", lo=0, hi=1, paint=1,
        brush=0.65, event="draw", clear="clear", aspect=1,
    )  # fmt: skip


def answer():
    items = [
        {"data": "p", "index": k, "label": str(k), "max": 1, "percent": True, "color": "a"}
        for k in range(10)
    ]
    return panels.bars("answer", "what it says, ŷ", 4, items=items, compact=True, mark="label")


def saliency():
    return panels.heatmap("saliency", "what J depends on, |∂J/∂x|", 4, data="saliency",
                          color="grad", lo=0, hi=1, square=True)  # fmt: skip


def network(pooling, shuffle):
    x = "x, shuffled" if shuffle else "x"
    pooled = {"max": "max", "average": "mean"}.get(pooling)
    groups = [panels.tiles("x", "dx", x, name="pixels", color="grey")]
    for k in (1, 2):
        groups.append(panels.tiles(f"W{k}", f"dW{k}", f"kernels {k}"))
        groups.append(panels.tiles(f"a{k}", f"da{k}", f"maps {k}", name=f"map {{n}} of layer {k}"))
        if pooled:
            groups.append(panels.tiles(f"p{k}", f"dp{k}", pooled,
                                       name=f"map {{n}} of layer {k}, pooled"))  # fmt: skip
    groups.append(panels.tiles("W3", "dW3", "weights 3"))
    groups.append(panels.tiles("z", "dz", "z", name="logit of {d}", digits=True))
    return panels.maps(
        "net", "from the image to the answer", 12, groups=groups, scales="scales", sel="map",
        views=["values", "gradients"], height=372,
    )  # fmt: skip


def numbers():
    return panels.formula("numbers", "its numbers", 12, data="sum", sel="map", sel_data="about",
                          lines=3)  # fmt: skip


def lines_of(name, rival):
    return [
        panels.line(name, "train", color="ink"),
        panels.line(f"{name}_test", "test", color="ink", dash=True),
        panels.line(f"{name}_rival", short(rival), color=RIVAL, dash=True),
    ]


def loss(rival):
    return panels.lines("loss", "loss J", 4, aspect=1.6, log=True, over="step",
                        series=lines_of("loss", rival))  # fmt: skip


def accuracy(rival):
    return panels.lines("accuracy", "digits read rightly", 4, aspect=1.6, lo=0, hi=1, percent=True,
                        over="step", series=lines_of("acc", rival))  # fmt: skip


def norms():
    series = [
        panels.line("gnorm", str(k), index=k - 1, color=panels.ramp(k, 3), smooth=0.9)
        for k in (1, 2, 3)
    ]
    return panels.lines("norms", "gradient norm ‖∂J/∂W‖, by layer", 4, aspect=1.6, log=True,
                        over="step", series=series)  # fmt: skip


def earned(rival):
    columns = [("params", "parameters"), ("trained", "training"), ("tested", "test"),
               ("near", "moved by 1")]  # fmt: skip
    return panels.table(
        "earned", "what convolution earns", 7, corner="digits read rightly",
        rows=["this network", rival],
        columns=[{"data": data, "label": label} for data, label in columns],
    )  # fmt: skip


def shifted(rival):
    series = [
        panels.line("shifted", "conv", color="ink", dash=True),
        panels.line("shifted_rival", short(rival), color=RIVAL, dash=True),
    ]
    return panels.lines(
        "shifted", "test digits, moved sideways", 5, height=130, lo=0, hi=1, percent=True,
        over="shift", x="shifts", unit="px", sel="shift", series=series,
    )  # fmt: skip


def confusion():
    return panels.heatmap(
        "errors", "which digit is read as which", 5, data="errors", color="div", lo=-0.6, hi=0.6,
        square=True, counts="counts", names=[list("0123456789"), list("0123456789")],
        axes=["read as", "it is"], sel=["said", "truth"], tell="pointing",
    )  # fmt: skip


def shots():
    return panels.images(
        "shots", "wrong answers", 7, data="shots", captions="names", heading="heading", columns=8,
        lo=0, hi=1, sel="shot", chosen="at", tell=True,
    )  # fmt: skip


def short(rival):
    """The name of the net beside, for the end of a line."""
    return {"logistic regression": "logistic"}.get(rival, "dense")
