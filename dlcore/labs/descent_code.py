"""The lab `descent` as a program: the same race with dlcore, and with PyTorch."""

from .source import quoted, source, wrapped

STEPS = 500  # of the program of a run that has not begun
DLCORE = {
    "sgd": 'SGD(now["alpha"])',
    "momentum": 'Momentum(now["alpha"], now["beta"])',
    "adam": 'Adam(now["alpha_adam"])',
}
TORCH = {
    "sgd": 'torch.optim.SGD([w], lr=now["alpha"])',
    "momentum": 'torch.optim.SGD([w], lr=now["alpha"], momentum=now["beta"])',
    "adam": 'torch.optim.Adam([w], lr=now["alpha_adam"])',
}
RATES = {"sgd": "alpha", "momentum": "alpha", "adam": "alpha_adam"}


def programs(lab):
    """dict(dlcore=..., torch=...): each leaves the losses of every racer in `losses`."""
    run = Run(lab)
    return {"dlcore": run.dlcore(), "torch": run.torch()}


class Run:
    def __init__(self, lab):
        self.values, self.seed, self.racing = lab.values, lab.seed, lab.racing
        self.formula, self.origin = lab.surface.formula, [float(x) for x in lab.origin]
        self.steps, self.start, self.changes = lab.t or STEPS, lab.at_start, lab.changes
        self.moving = {name for new in self.changes.values() for name in new}
        self.noisy = self.start["noise"] > 0 or "noise" in self.moving

    def dlcore(self):
        names = sorted(DLCORE[name].split("(")[0] for name in self.racing)
        return source(
            "import numpy as np",
            f"from dlcore import {', '.join(names)}",
            "from dlcore.labs.surfaces import surface",
            "",
            f"ground = surface({quoted(self.values['surface'])}, {self.values['kappa']!r})",
            *self.settings(),
            "racers = {",
            *[f'    "{name}": {DLCORE[name]},' for name in self.racing],
            "}",
            f'w = {{name: {{"w": np.array({self.origin})}} for name in racers}}',
            *self.loop(),
            *self.news("opt.alpha", "opt.beta"),
            '        J, dw = ground.J(w[name]["w"]), ground.gradient(w[name]["w"])',
            "        losses[name].append(float(J))",
            "        if J < 1e6:  # it is still there",
            f'            opt.step(w[name], {{"w": dw{" + noise" if self.noisy else ""}}})',
            *self.ending(),
        )

    def torch(self):
        return source(
            *(["import numpy as np"] if self.noisy else []),
            "import torch",
            *(["from dlcore.labs.surfaces import X, Y"] if self.is_neuron else []),
            "",
            *(["x, y = torch.tensor(X), torch.tensor(Y)"] if self.is_neuron else []),
            *self.settings(),
            "racers = {}",
            *[line for name in self.racing for line in self.torch_racer(name)],
            *self.loop(),
            *self.news('opt.param_groups[0]["lr"]', 'opt.param_groups[0]["momentum"]'),
            '        w = opt.param_groups[0]["params"][0]',
            f"        J = {self.formula}",
            "        losses[name].append(J.item())",
            "        if J < 1e6:  # it is still there",
            "            opt.zero_grad()",
            "            J.backward()",
            *(["            w.grad += torch.tensor(noise)"] if self.noisy else []),
            "            opt.step()",
            *self.ending(),
        )

    @property
    def is_neuron(self):
        return "torch.sigmoid" in self.formula

    def torch_racer(self, name):
        yield f"w = torch.tensor({self.origin}, dtype=torch.float64, requires_grad=True)"
        yield f'racers["{name}"] = {TORCH[name]}'

    def settings(self):
        yield f"now = {quoted(self.start)}"
        if self.changes:
            yield "# after so many steps, this was changed"
            yield from wrapped(f"changes = {quoted(self.changes)}")
        if self.noisy:
            yield f"rng = np.random.default_rng({self.seed})"

    def loop(self):
        yield ""
        yield "losses = {name: [] for name in racers}"
        yield f"for t in range({self.steps}):"
        if self.changes:
            yield "    now |= changes.get(t, {})"
        if self.noisy:
            yield '    noise = now["noise"] * rng.standard_normal(2)'
        yield "    for name, opt in racers.items():"

    def news(self, rate, momentum):
        """Take over what was changed; `rate` and `momentum` are where an optimiser keeps them."""
        moved = {"adam": "alpha_adam" in self.moving, "others": "alpha" in self.moving}
        if moved["adam"] and "adam" in self.racing:
            yield '        if name == "adam":'
            yield f'            {rate} = now["alpha_adam"]'
        if moved["others"] and {"sgd", "momentum"} & set(self.racing):
            yield '        if name != "adam":'
            yield f'            {rate} = now["alpha"]'
        if "beta" in self.moving and "momentum" in self.racing:
            yield '        if name == "momentum":'
            yield f'            {momentum} = now["beta"]'

    def ending(self):
        yield "for name in racers:"
        yield '    print(f"{name}: J = {losses[name][-1]:.6f}")'
