"""The lab `five` as a program: the same runs with dlcore, and with PyTorch."""

from .five_controls import DIGITS
from .gradient_flow_code import torch_tick
from .source import Program, imported, quoted, source, wrapped

TORCH = ("conv2d", "cross_entropy", "leaky_relu", "max_pool2d", "relu", "softplus")
STEPS = 400  # of the program of a run that has not begun


def programs(lab):
    """dict(dlcore=..., torch=...): each leaves the batch losses of the six networks in `losses`."""
    run = Run(lab)
    return {"dlcore": run.dlcore(), "torch": run.torch()}


class Run(Program):
    def __init__(self, lab):
        super().__init__(lab, STEPS)

    def dlcore(self):
        a, a_gan = (repr(self.start[name]) for name in ("alpha", "alpha_gan"))
        return source(
            "import numpy as np",
            "from dlcore import Adam, accuracy, cross_entropy, data, non_saturating",
            "from dlcore.gan import discriminator_gradient, generator_signal",
            *self.digits(),
            f"opts = {{name: Adam({a}) for name in nets}}",
            f"opts |= {{name: Adam({a_gan}, beta1=0.5) for name in 'GD'}}",
            *self.loop(),
            *self.rates("opts[name].alpha"),
            "    for name, net in nets.items():",
            f"        z, cache = net.forward({self.given('x[i]')})",
            "        J, dz = cross_entropy(z, y[i])",
            "        losses[name].append(J)",
            "        _, grads = net.backward(dz, cache, need_dx=False)",
            "        opts[name].step(net.params, grads)",
            *self.latent(),
            "    fake, cache = G.forward(latent)",
            "    J, grads = discriminator_gradient(D, x[i], fake, non_saturating)",
            '    losses["D"].append(J)',
            '    opts["D"].step(D.params, grads)',
            "    J, dfake = generator_signal(D, fake, non_saturating)",
            '    losses["G"].append(J)',
            '    opts["G"].step(G.params, G.backward(dfake, cache, need_dx=False)[1])',
            "for name, net in nets.items():",
            f"    z = net({self.given('x_test')})",
            '    print(f"{name}: {accuracy(z, digits.y_test):.3f}")',
        )

    def torch(self):
        a, a_gan = (repr(self.start[name]) for name in ("alpha", "alpha_gan"))
        return source(
            "import numpy as np",
            "import torch",
            "from dlcore import data",
            imported("torch.nn.functional", TORCH),
            *self.digits(),
            'every = nets | {"G": G, "D": D}',
            "weights = {  # the weights of the lab",
            "    name: [torch.tensor(w, requires_grad=True) for w in net.params.values()]",
            "    for name, net in every.items()",
            "}",
            f"opts = {{name: torch.optim.Adam(weights[name], lr={a}) for name in nets}}",
            f"opts |= {{name: torch.optim.Adam(weights[name], lr={a_gan}, betas=(0.5, 0.999))",
            "         for name in 'GD'}",
            "",
            "def forward(name, x):",
            "    *cell, V, d = weights[name]",
            '    if name in ("dense", "G", "D"):',
            '        act = relu if name == "dense" else leaky_relu',
            "        z = act(x @ cell[0].T + cell[1]) @ V.T + d",
            '        return torch.sigmoid(z) if name == "G" else z',
            '    if name == "cnn":',
            "        for W, b in (cell[:2], cell[2:]):",
            "            x = max_pool2d(relu(conv2d(x, W, b, padding=1)), 2)",
            "        return x.flatten(1) @ V.T + d",
            "    h = c = torch.zeros(x.shape[1], V.shape[1])",
            "    for x_t in x:",
            *torch_tick("torch.tanh"),
            "    return h @ V.T + d",
            "",
            "def step(name, J):",
            "    losses[name].append(J.item())",
            "    opts[name].zero_grad()",
            "    J.backward()",
            "    opts[name].step()",
            *self.loop(),
            *self.rates('opts[name].param_groups[0]["lr"]'),
            "    for name in nets:",
            f"        z = forward(name, torch.tensor({self.given('x[i]')}))",
            "        step(name, cross_entropy(z, torch.tensor(y[i])))",
            *self.latent(),
            '    real, fake = torch.tensor(x[i]), forward("G", torch.tensor(latent))',
            '    v, v_fake = forward("D", real), forward("D", fake.detach())',
            '    step("D", softplus(-v).mean() + softplus(v_fake).mean())',
            '    step("G", softplus(-forward("D", fake)).mean())',
            "for name in nets:",
            f"    z = forward(name, torch.tensor({self.given('x_test')}))",
            "    right = (z.argmax(1).numpy() == digits.y_test).mean()",
            '    print(f"{name}: {right:.3f}")',
        )

    # ---- pieces

    def given(self, x):
        return f"five_nets.given(name, {x}, {self.v['wait']})"

    def digits(self):
        """Random numbers, networks, and the digits as they get them."""
        v = self.v
        yield "from dlcore.labs import five_nets"
        yield ""
        yield "*for_nets, for_gan, for_batches, for_latent, _, for_pixels, for_train, for_test = ("
        yield f"    np.random.default_rng({self.seed}).spawn(11))"
        yield from wrapped(f"sizes = {quoted(self.lab.size)}")
        yield f"nets = five_nets.readers(sizes, for_nets, forget_bias={v['forget_bias']})"
        yield 'G, D = five_nets.gan(sizes["gan"], rng=for_gan)'
        yield "digits = data.digits()"
        part = "" if v["n"] == DIGITS else f"[:{v['n']}]"
        trouble = f"shift={v['shift']}, noise={v['noise']}"
        seen = trouble if v["seen"] else "shift=0, noise=0.0"
        yield f"x, y = digits.x_train{part}, digits.y_train{part}"
        yield f"x = five_nets.troubled(x, {seen}, rng=for_train)"
        yield f"x_test = five_nets.troubled(digits.x_test, {trouble}, rng=for_test)"
        if v["shuffle"]:
            yield "order = for_pixels.permutation(64)  # the same for every digit"
            yield 'five_nets.reorder(nets["dense"], G, D, order)'
            yield "x, x_test = x[:, order], x_test[:, order]"

    def loop(self):
        yield from super().loop(losses="{name: [] for name in opts}")
        yield f"    i = for_batches.permutation(len(x))[: {self.v['batch']}]"

    def rates(self, place):
        """Take over new learning rates."""
        if not self.moving:
            return
        of_gan, of_readers = (self.setting(name) for name in ("alpha_gan", "alpha"))
        yield "    for name in opts:"
        yield f"        {place} = {of_gan} if name in 'GD' else {of_readers}"

    def latent(self):
        shape = "len(i), five_nets.LATENT"
        yield f"    latent = for_latent.standard_normal(({shape}), np.float32)"
