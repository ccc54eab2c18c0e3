"""The lab `gradient-flow` as a program: the same two runs with dlcore, and with PyTorch."""

from .gradient_flow_nets import BATCH, HELD_OUT
from .source import CLASSES, Program, imported, quoted, source

STEPS = 200  # of the program of a run that has not begun
PAIR = "{name: [] for name in nets}"
EACH = "        "  # the loop over the two networks, in the loop over steps


def programs(lab):
    """dict(dlcore=..., torch=...): each leaves the batch losses of both networks in `losses`, and
    in `norms` |dJ/dh_t| at every tick of the sequence that the lab shows."""
    run = Run(lab)
    return {"dlcore": run.dlcore(), "torch": run.torch()}


class Run(Program):
    def __init__(self, lab):
        super().__init__(lab, STEPS)
        self.every = lab.every

    def dlcore(self):
        optimizer = CLASSES[self.v["optimizer"]]
        loss = ["bce_with_logits", *(["per_tick"] if self.every else [])]
        clip = ["clip_by_norm"] if self.clips else []
        return source(
            "import numpy as np",
            *self.imports(optimizer, *loss, *clip),
            "",
            *self.networks(),
            f"loss = {'per_tick(bce_with_logits)' if self.every else 'bce_with_logits'}",
            f"opts = {{name: {optimizer}({self.start['alpha']!r}) for name in nets}}",
            *self.loop(),
            "    for name, net in nets.items():",
            *self.rate("opts[name].alpha", EACH),
            "        z, cache = net.forward(x)",
            "        J, dz = loss(z, y)",
            "        losses[name].append(J)",
            "        _, grads = net.backward(dz, cache, need_dx=False)",
            *self.clip("grads, _ = clip_by_norm(grads, {})", indent=EACH),
            "        opts[name].step(net.params, grads)",
            *self.shown(),
            "for name, net in nets.items():",
            "    (recurrent, head), tapes, state = net.layers, [], None",
            "    for x_t in x:  # forward, tick by tick",
            "        state, tape = recurrent.cell.step(x_t, state)",
            "        tapes.append(tape)",
            "    h = np.stack([tape.y[0] for tape in tapes])",
            "    z, cache = head.forward(h)",
            "    dy, _ = head.backward(loss(z, y)[1], cache)",
            "    dstate = recurrent.cell.pack(*np.zeros((recurrent.cell.states, *h[0].shape)))",
            "    for dy_t, tape in zip(dy[::-1], tapes[::-1]):  # and back through time",
            "        dstate = recurrent.cell.add_to_h(dstate, dy_t)",
            '        dh = dstate[0] if name == "lstm" else dstate',
            "        norms[name].insert(0, np.linalg.norm(dh))  # |dJ/dh_t|",
            "        _, dstate, _ = recurrent.cell.step_back(dstate, tape)",
            *self.ending(),
        )

    def torch(self):
        sigma = {"identity": ""}.get(self.v["activation"], f"torch.{self.v['activation']}")
        return source(
            "import numpy as np",
            "import torch",
            *self.imports(),
            "from torch.nn.functional import binary_cross_entropy_with_logits as loss",
            "",
            *self.networks(),
            "weights = {  # the weights of the lab",
            "    name: [torch.tensor(w, requires_grad=True) for w in net.params.values()]",
            "    for name, net in nets.items()",
            "}",
            f"opts = {{name: {self.torch_optimizer('w')} for name, w in weights.items()}}",
            "",
            "def forward(name, x):",
            "    *cell, W, b = weights[name]",
            "    h = c = torch.zeros(x.shape[1], W.shape[1], dtype=torch.float64)",
            "    kept = []",
            "    for x_t in torch.tensor(x):",
            *torch_tick(sigma),
            "        h.retain_grad()",
            "        kept.append(h)",
            f"    return {'torch.stack(kept)' if self.every else 'h'} @ W.T + b, kept",
            *self.loop(),
            "    for name, opt in opts.items():",
            *self.rate('opt.param_groups[0]["lr"]', EACH),
            "        J = loss(forward(name, x)[0], torch.tensor(y))",
            "        losses[name].append(J.item())",
            "        opt.zero_grad()",
            "        J.backward()",
            *self.clip(
                "norm = sum((w.grad**2).sum() for w in weights[name]).sqrt()",
                "for w in weights[name]:",
                "    w.grad *= min(1.0, {} / norm)",
                indent=EACH,
            ),
            "        opt.step()",
            *self.shown(),
            "for name in nets:",
            "    z, kept = forward(name, x)",
            "    loss(z, torch.tensor(y)).backward()",
            "    norms[name] = [h.grad.norm().item() for h in kept]  # |dJ/dh_t|",
            *self.ending(),
        )

    # ---- pieces

    def imports(self, *names):
        sigma = CLASSES[self.v["activation"]]
        head = "EveryTick" if self.every else "LastTick"
        used = {*names, sigma, head, "Dense", "LSTMCell", "Recurrent", "RNNCell", "Sequential"}
        yield imported("dlcore", used)
        yield "from dlcore.labs.gradient_flow_nets import recurrent_matrix, remember"

    def networks(self):
        v, H, sigma = self.v, self.v["hidden"], CLASSES[self.v["activation"]]
        matrix, radius, bias = quoted(v["matrix"]), v["radius"], v["forget_bias"]
        head = "EveryTick(dense)" if self.every else "Sequential(LastTick(), dense)"
        yield f"*for_nets, for_held_out, for_batches = np.random.default_rng({self.seed}).spawn(4)"
        yield f"rnn = RNNCell(2, {H}, rng=for_nets[0], activation={sigma}, dtype=np.float64)"
        yield f"rnn.W_hh = recurrent_matrix({matrix}, {H}, {radius}, rng=for_nets[0])"
        yield f"lstm = LSTMCell(2, {H}, rng=for_nets[1], forget_bias={bias}, dtype=np.float64)"
        yield "nets = {}"
        yield 'for name, cell, rng in zip(["rnn", "lstm"], [rnn, lstm], for_nets):'
        yield f"    dense = Dense({H}, 1, rng=rng, dtype=np.float64)"
        yield f"    nets[name] = Sequential(Recurrent(cell), {head})"

    def loop(self):
        v = self.v
        yield ""
        yield (
            f"task = dict(length={v['length']}, later={v['later']!r}, scale={v['scale']!r}, "
            f"every={self.every})"
        )
        yield from super().loop(losses=PAIR)
        yield f"    x, y = remember({BATCH}, **task, rng=for_batches)"

    def shown(self):
        place = "y[:, :1]" if self.every else "y[:1]"
        yield ""
        yield f"x, y = remember({HELD_OUT}, **task, rng=for_held_out)"
        yield f"x, y = x[:, :1], {place}  # the sequence that is shown"
        yield "norms = {name: [] for name in nets}"

    def ending(self):
        yield "for name in nets:"
        yield "    first, last = norms[name][0], norms[name][-1]"
        yield '    print(f"{name}: loss {losses[name][-1]:.6f}, |dJ/dh| {last:.2e} -> {first:.2e}")'


def torch_tick(sigma):
    """Lines of one tick of the network `name`, with the weights `cell`."""
    yield '        if name == "rnn":'
    yield "            W_hx, W_hh, b_h = cell"
    yield f"            h = {sigma}(x_t @ W_hx.T + h @ W_hh.T + b_h)"
    yield "        else:"
    yield "            z = torch.cat([h, x_t], 1) @ cell[0].T + cell[1]"
    yield "            z_f, z_i, z_o, z_c = z.chunk(4, 1)"
    yield "            c = torch.sigmoid(z_f) * c + torch.sigmoid(z_i) * torch.tanh(z_c)"
    yield "            h = torch.sigmoid(z_o) * torch.tanh(c)"
