"""The lab `pooling` as a program: the same walk with dlcore, and with PyTorch."""

from .pooling_controls import WALK, WAYS
from .source import quoted, source, whole, wrapped

STEPS = len(WALK)  # of the program of a walk that has not begun


def programs(lab):
    """dict(dlcore=..., torch=...): each leaves `far`, the distances of averages and maxima step
    by step, and dx_max and dx_mean of the last step."""
    run = Run(lab)
    return {"dlcore": run.dlcore(), "torch": run.torch()}


class Run:
    def __init__(self, lab):
        self.image, self.da = lab.unmoved.tolist(), lab.da.tolist()
        self.size, self.stride = lab.values["size"], lab.values["stride"]
        self.down, self.right = WAYS[lab.values["way"]]
        self.steps = lab.walked or STEPS

    def dlcore(self):
        return source(
            "import numpy as np",
            "from dlcore import AvgPool2d, MaxPool2d",
            "",
            *self.data(),
            f"largest = MaxPool2d({self.size}, {self.stride})",
            f"mean = AvgPool2d({self.size}, {self.stride})",
            "x0, da = np.array([[image]], float), np.array([[da]], float)",
            *self.loop(),
            "    far.append([np.linalg.norm(p(x) - p(x0)) / np.linalg.norm(p(x0)) for p in both])",
            "",
            "a, cache = largest.forward(x)",
            "dx_max, _ = largest.backward(da, cache)",
            "a, cache = mean.forward(x)",
            "dx_mean, _ = mean.backward(da, cache)",
            *self.end(),
        )

    def torch(self):
        return source(
            "import numpy as np",
            "import torch",
            "from torch import nn",
            "",
            *self.data(),
            f"largest = nn.MaxPool2d({self.size}, {self.stride})",
            f"mean = nn.AvgPool2d({self.size}, {self.stride})",
            "x0 = torch.tensor([[image]], dtype=torch.float64)",
            "da = torch.tensor([[da]], dtype=torch.float64)",
            *self.loop("torch.tensor({})"),
            "    far.append([((p(x) - p(x0)).norm() / p(x0).norm()).item() for p in both])",
            "",
            "x.requires_grad_()",
            "dx_max, = torch.autograd.grad(largest(x), x, da)",
            "dx_mean, = torch.autograd.grad(mean(x), x, da)",
            *self.end(),
        )

    def data(self):
        yield "image = ["
        yield from (f"    {row}," for row in whole(self.image))
        yield "]"
        yield from wrapped(f"da = {quoted(whole(self.da))}")

    def loop(self, wrap="{}"):
        """The walk; `x` is the image where it has come to."""
        here = "wide[:, :, 2 - down : 10 - down, 2 - right : 10 - right]"
        yield 'wide = np.pad(x0, [(0, 0), (0, 0), (2, 2), (2, 2)], mode="edge")'
        yield "both = mean, largest"
        yield ""
        yield "far = []"
        yield f"for step in range(1, {self.steps + 1}):"
        yield f"    to = {list(WALK)}[step % {len(WALK)}]"
        yield f"    down, right = {self.down} * to, {self.right} * to"
        yield f"    x = {wrap.format(here)}"

    def end(self):
        yield 'print(f"averages are {far[-1][0]:.0%} off, maxima {far[-1][1]:.0%}")'
