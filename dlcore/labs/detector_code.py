"""The lab `detector` as a program: the same detections and gradient, with dlcore or PyTorch."""

from .detector_controls import CANVASES, PARTS
from .source import source, wrapped


def programs(lab):
    """dict(dlcore=..., torch=...): either leaves `precision`, `recall`, `J` and `dx`."""
    return {"dlcore": dlcore(lab), "torch": torch(lab)}


def dlcore(lab):
    return source(
        "import numpy as np",
        *imports(lab),
        "",
        f"net = trained.detector({lab.steps})",
        *pictures(lab),
        "z = net(canvases.x)",
        *judged(lab),
        "",
        *one(lab),
        "z, cache = net.forward(x)",
        "J, dz = detection.grid_loss(z, y)",
        *masked(lab, "dz"),
        "dx, _ = net.backward(only, cache)  # and back to the pixels",
        'print(f"J = {J:.4f}, the largest dJ/dx is {abs(dx).max():.2e}")',
    )


def torch(lab):
    return source(
        "import numpy as np",
        "import torch",
        *imports(lab),
        "from torch.nn import Conv2d, MaxPool2d, ReLU, Sequential",
        "from torch.nn import functional as F",
        "",
        *network(lab),
        *pictures(lab),
        "with torch.no_grad():",
        "    z = model(torch.tensor(canvases.x)).numpy()",
        *judged(lab),
        "",
        *one(lab),
        "x, y = torch.tensor(x, requires_grad=True), torch.tensor(y)",
        "z = model(x)",
        "J = F.binary_cross_entropy_with_logits(z[:, 0], y[:, 0])",
        "n, i, j = torch.nonzero(y[:, 0], as_tuple=True)",
        "if len(n):",
        "    J = J + ((z[n, 1:5, i, j] - y[n, 1:5, i, j]) ** 2).sum(1).mean()",
        "    J = J + F.cross_entropy(z[n, 5:, i, j], y[n, 5, i, j].long())",
        "(dz,) = torch.autograd.grad(J, z, retain_graph=True)",
        *masked(lab, "dz", "torch"),
        "(dx,) = torch.autograd.grad(z, x, only)  # and back to the pixels",
        "J, dx = J.item(), dx.numpy()",
        'print(f"J = {J:.4f}, the largest dJ/dx is {abs(dx).max():.2e}")',
    )


def imports(lab):
    yield "from dlcore import data, detection"
    yield f"from dlcore.labs import {'detector_own, ' if lab.is_own else ''}trained"


def network(lab):
    """The same network, with the weights of the lab."""
    yield f"net = trained.detector({lab.steps})"
    layers = []
    for layer in lab.net.layers:
        kind = type(layer).__name__
        if kind == "Conv2d":
            out, channels, size, _ = layer.W.shape
            stride = f", stride={layer.stride}" if layer.stride > 1 else ""
            padding = f", padding={layer.padding}" if layer.padding else ""
            layers.append(f"Conv2d({channels}, {out}, {size}{stride}{padding})")
        else:
            layers.append("MaxPool2d(2)" if kind == "MaxPool2d" else f"{kind}()")
    yield from wrapped(f"model = Sequential({', '.join(layers)})")
    yield "for p, trained_p in zip(model.parameters(), net.params.values()):"
    yield "    p.data = torch.tensor(trained_p)"


def pictures(lab):
    rng = f"np.random.default_rng({lab.seed})"
    yield f'canvases = data.digit_canvases({CANVASES}, "test", rng={rng})'


def judged(lab):
    """Which detections there are, and how many of them are right."""
    v = lab.values
    labels = ", canvases.labels" if v["classes"] else ""
    threshold = f", threshold={v['iou']!r}"
    yield f"found = detection.detections(z, 8, 48, least={v['score']!r}, overlap={v['overlap']!r})"
    yield f"right, _ = detection.match_all(found, canvases.boxes{labels}{threshold})"
    yield "precision = right.mean() if len(right) else 1.0"
    yield "recall = right.sum() / sum(map(len, canvases.boxes))"
    yield 'print(f"precision {precision:.3f}, recall {recall:.3f}")'


def one(lab):
    """The canvas that is shown, and what the grid should answer on it."""
    if lab.is_own:
        yield "own = detector_own.OwnCanvas()"
        yield from wrapped(f"own.pieces = {lab.own.pieces!r}".replace("'", '"'))
        yield "x, boxes, labels = own.compose(data.mnist())"
    else:
        yield f"k = {lab.values['canvas'] - 1}  # of the canvases: the one that is shown"
        yield "x, boxes, labels = canvases.x[k : k + 1], canvases.boxes[k], canvases.labels[k]"
    yield "y = detection.grid_targets([boxes], [labels], 48, 8)"


def masked(lab, dz, module="np"):
    """The part of the gradient that belongs to the chosen cell."""
    row, column = lab.cell()
    part = PARTS[lab.values["part"]]
    channels = (
        f"{'' if part.start is None else part.start}:{'' if part.stop is None else part.stop}"
    )
    yield f"only = {module}.zeros_like({dz})"
    yield (
        f"only[0, {channels}, {row}, {column}] = {dz}[0, {channels}, {row}, {column}]"
        "  # the chosen cell"
    )
