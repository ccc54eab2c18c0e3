"""The lab `cnn` as a program: the same run with dlcore, and with PyTorch."""

from itertools import pairwise

from . import mlp_code
from .cnn_controls import DIGITS, EQUAL
from .source import CLASSES, imported

INITS = mlp_code.INITS | {"equal": f"init.constant({EQUAL})"}
POOLS = {"max": "MaxPool2d(2)", "average": "AvgPool2d(2)", "none": ""}


def programs(lab):
    """dict(dlcore=..., torch=...): two programs, each leaves the batch losses in `losses`."""
    run = Run(lab)
    return {"dlcore": run.dlcore(), "torch": run.torch()}


class Run(mlp_code.Run):
    """One run, in pieces of source; the net beside is left out."""

    loss = torch_loss = "cross_entropy"

    def __init__(self, lab):
        super().__init__(lab)
        self.activation = f"{CLASSES[self.v['activation']]}()"
        self.weights = f"rng=for_weights, init={INITS[self.v['init']]}"

    def imports(self, *names):
        pool = POOLS[self.v["pooling"]].split("(")[0]
        names = {*names, "Conv2d", "Dense", "Flatten", "Sequential", "data", pool}
        names |= {self.activation[:-2]} | ({"init"} if "init." in self.weights else set())
        return imported("dlcore", names - {""})

    def origin(self):
        return []  # dlcore itself has them

    def data(self):
        v = self.v
        names = f"for_weights, for_batches, {'for_pixels' if v['shuffle'] else '_'}, _"
        yield f"{names} = np.random.default_rng({self.seed}).spawn(4)"
        yield "digits = data.digits()"
        part = "" if v["n"] == DIGITS else f"[:{v['n']}]"
        if v["shuffle"]:
            yield "pixels = for_pixels.permutation(64)  # the same order for every digit"
            yield f"x = digits.x_train{part}.reshape(-1, 64)[:, pixels].reshape(-1, 1, 8, 8)"
        else:
            yield f"x = digits.x_train{part}.reshape(-1, 1, 8, 8)"
        yield f"y = digits.y_train{part}"

    def layers(self, weights):
        """Lines of source, one a layer with weights and what follows it; `weights`: how they
        begin."""
        v = self.v
        after = ", ".join(x for x in (self.activation, POOLS[v["pooling"]]) if x)
        sizes = [1, v["kernels_1"], v["kernels_2"]]
        for n_in, n_out in pairwise(sizes):
            given = f"{n_in}, {n_out}, {v['size']}, padding={v['size'] // 2}"
            yield f"{{conv}}({given}{weights}), {after},"
        yield f"Flatten(), {{dense}}({sizes[2] * self.lab.last**2}, 10{weights}),"

    def network(self):
        rows = self.layers(f", {self.weights}")
        body = [f"    {row.format(conv='Conv2d', dense='Dense')}" for row in rows]
        return "\n".join(["net = Sequential(", *body, ")"])

    def torch_network(self):
        yield "model = nn.Sequential("
        for row in self.layers(""):
            row = row.format(conv="Conv2d", dense="Linear")
            parts = row.rstrip(",").split("), ")
            yield "    " + "), ".join(f"nn.{part}" for part in parts) + ","
        yield ")"

    def inputs(self):
        return "x[i]"
