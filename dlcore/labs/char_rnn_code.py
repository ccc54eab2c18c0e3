"""The lab `char-rnn` as a program: the same run with dlcore, and with PyTorch."""

from .char_rnn_controls import NAMES
from .char_rnn_names import LETTERS
from .char_rnn_reading import LIKELIEST, NEXT
from .source import CLASSES, Program, imported, source

TORCH_WEIGHTS = {  # (weight_ih, weight_hh, bias_ih) of PyTorch, from the cell of dlcore
    "RNN": ["W_hh, W_hx, b = cell.W_hh, cell.W_hx, cell.b_h"],
    "LSTM": [
        "order = [1, 0, 3, 2]  # PyTorch has the gates in the order i, f, c, o",
        "W, b = cell.W.reshape(4, {H}, -1)[order], cell.b.reshape(4, {H})[order].ravel()",
        "W_hh, W_hx = W[..., :{H}].reshape(-1, {H}), W[..., {H}:].reshape(-1, 27)",
    ],
    "GRU": ["W_hh, W_hx, b = cell.W[:, :{H}], cell.W[:, {H}:], cell.b"],
}


def programs(lab):
    """dict(dlcore=..., torch=...): each leaves the batch losses in `losses`, and in `lengths`
    |d log p / d x_s| at the end of the lab's text."""
    run = Run(lab)
    return {"dlcore": run.dlcore(), "torch": run.torch()}


class Run(Program):
    def __init__(self, lab):
        super().__init__(lab)
        self.H, self.cell = self.v["hidden"], self.v["cell"]

    def dlcore(self):
        optimizer = CLASSES[self.v["optimizer"]]
        return source(
            "import numpy as np",
            *self.imports(optimizer, "cross_entropy", "per_tick", "softmax",
                          *(["clip_by_norm"] if self.clips else [])),
            "",
            *self.names(),
            *self.network(),
            f"loss, opt = per_tick(cross_entropy), {optimizer}(alpha={self.start['alpha']!r})",
            *self.loop("opt.alpha"),
            "    z, cache = net.forward(x)",
            "    J, dz = loss(z, y, here)",
            "    losses.append(J)",
            "    _, grads = net.backward(dz, cache, need_dx=False)",
            *self.clip("grads, _ = clip_by_norm(grads, {})"),
            "    opt.step(net.params, grads)",
            "",
            *self.text(),
            "z, cache = net.forward(one_hot[text][:, None])",
            f"p = softmax(z[-1, 0]){self.likeliest('p')}",
            "dz = np.zeros_like(z)",
            "dz[-1, 0] = one_hot[asked] - p  # of log p[asked], in z",
            "dx, _ = net.backward(dz, cache)",
            "lengths = np.linalg.norm(dx[:, 0], axis=1)",
            *self.ending(),
        )  # fmt: skip

    def torch(self):
        kind = {"RNN": "nn.RNN"}.get(self.cell, f"nn.{self.cell}")
        rate = 'opt.param_groups[0]["lr"]'
        return source(
            "import numpy as np",
            "import torch",
            *self.imports(),
            "from torch import nn",
            "",
            *self.names(),
            *self.network(),
            f"rnn, head = {kind}(27, {self.H}), nn.Linear({self.H}, 27)",
            *[line.format(H=self.H) for line in TORCH_WEIGHTS[self.cell]],
            "start = W_hx, W_hh, b, np.zeros_like(b), *net.layers[1].params.values()",
            "model = nn.ModuleList([rnn, head])",
            "for p, w in zip(model.parameters(), start):",
            "    p.data = torch.tensor(w)  # the weights of the lab",
            "rnn.bias_hh_l0.requires_grad_(False)  # one bias is enough",
            "w = [p for p in model.parameters() if p.requires_grad]",
            f"opt = {self.torch_optimizer('w')}",
            *self.loop(rate),
            "    z = head(rnn(torch.tensor(x))[0])",
            "    J = nn.functional.cross_entropy(z[here], torch.tensor(y[here]))",
            "    losses.append(J.item())",
            "    opt.zero_grad()",
            "    J.backward()",
            *self.clip(
                "norm = sum((p.grad**2).sum() for p in w).sqrt()",
                "for p in w:",
                "    p.grad *= min(1.0, {} / norm)",
            ),
            "    opt.step()",
            "",
            *self.text(),
            "x = torch.tensor(one_hot[text]).requires_grad_()",
            f"log_p = torch.log_softmax(head(rnn(x)[0])[-1], 0){self.likeliest('log_p')}",
            "log_p[asked].backward()",
            "p, lengths = log_p.exp().detach(), x.grad.norm(dim=1).numpy()",
            *self.ending(),
        )

    # ---- pieces

    def imports(self, *names):
        used = {*names, "Dense", "EveryTick", "Recurrent", "Sequential", f"{self.cell}Cell", "data"}
        yield imported("dlcore", used)

    def names(self):
        n = self.v["n"]
        yield (
            f"for_weights, for_batches, for_names, _ = np.random.default_rng({self.seed}).spawn(4)"
        )
        yield f'letters, one_hot = "{LETTERS}", np.eye(27, dtype=np.float32)'
        yield "names = data.first_names().x_train"
        if n != NAMES:
            yield f"names = names[for_names.permutation({NAMES})[:{n}]]"
        yield 'ids, there = data.pad(data.spell([f"·{name}·" for name in names], letters))'

    def network(self):
        yield f"cell = {self.cell}Cell(27, {self.H}, rng=for_weights)"
        yield f"head = Dense({self.H}, 27, rng=for_weights)"
        yield "net = Sequential(Recurrent(cell), EveryTick(head))"

    def loop(self, rate):
        yield from super().loop()
        yield from self.rate(rate)
        yield f"    i = for_batches.permutation(len(names))[:{self.setting('batch')}]"
        yield "    T = there[:, i].any(1).sum() - 1  # letters of the longest name, and one"
        yield "    x, y, here = one_hot[ids[:T, i]], ids[1 : T + 1, i], there[1 : T + 1, i]"

    def text(self):
        """The reader's text, and which letter after its last one is asked about."""
        asked = {NEXT: "·", LIKELIEST: "·"}.get(self.v["asked"], self.v["asked"])
        yield f'(text,) = data.spell(["·{self.lab.letters}"], letters)'
        if self.v["asked"] != LIKELIEST:
            yield f'asked = letters.index("{asked}")'

    def likeliest(self, name):
        return f"\nasked = {name}.argmax()" if self.v["asked"] == LIKELIEST else ""

    def ending(self):
        yield 'print(f"loss of the last batch: {losses[-1]:.6f}; "'
        yield '      f"p = {p[asked]:.4f}, it depends on " + ", ".join('
        yield '          f"{letters[k]} {length:.3f}" for k, length in zip(text, lengths)))'
