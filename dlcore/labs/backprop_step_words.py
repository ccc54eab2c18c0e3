"""The formulas of the lab `backprop-step`, with the numbers of a pass put in.

In the texts "_" and "^" make scripts: "z_1^{(2)}" is z of unit 1 of layer 2.
"""

from .doctor import power, say

SLOPES = {
    "tanh": "1 − a^2",
    "sigmoid": "a (1 − a)",
    "relu": "1 where z > 0, else 0",
    "leaky_relu": "1 where z > 0, else 0.01",
    "identity": "1",
}


def stage_names(layers):
    """Of a pass through so many layers."""
    there = [f"forward {k}" for k in range(1, layers + 1)]
    back = [f"backward {k}" for k in range(layers, 0, -1)]
    return [*there, "loss", *back, "update"]


def num(x):
    """A number as one writes it: 0.5, −1, 0.478, 2.1·10^{−4}."""
    x = float(x)
    if abs(x) == float("inf"):
        return "∞" if x > 0 else "−∞"
    if x != 0 and (abs(x) < 5e-4 or abs(x) >= 1e4):
        return power(x)
    text = f"{x:.3f}".rstrip("0").rstrip(".").replace("-", "−")
    return "0" if text == "−0" else text


def short(x):
    """A number with three decimals, for the graph."""
    x = float(x)
    if abs(x) >= 100:
        return f"{x:.0f}".replace("-", "−") if abs(x) < 1e5 else say(x)
    return f"{x + 0.0:.3f}".replace("-0.000", "0.000").replace("-", "−")


def factor(x):
    """The same within a product: a negative one in brackets."""
    return f"({num(x)})" if num(x).startswith("−") else num(x)


class Words:
    """What the graph and the formula say at the stage that `lab` has reached.

    `p` holds all numbers of the pass (`BackpropStep.whole`). A unit is (layer, index); layer 0 is
    the input.
    """

    def __init__(self, lab, p):
        self.p, self.values, self.done = p, dict(lab.values), lab.done
        self.sizes, self.names, self.number = lab.sizes, lab.stages, lab.over + 1
        self.layers = len(lab.sizes) - 1
        self.params = {name: w.copy() for name, w in lab.net.params.items()}
        self.stage = self.names[self.done - 1] if self.done else ""
        self.kind, _, layer = self.stage.partition(" ")
        self.layer = int(layer or 0)

    # ---- what is known by now

    def has_forward(self, layer):
        return layer == 0 or self.done >= layer

    @property
    def has_loss(self):
        return self.done > self.layers

    def has_backward(self, layer):
        return layer > 0 and self.done >= self.names.index(f"backward {layer}") + 1

    def is_back(self):
        return self.kind == "backward"

    def units(self):
        return [(k, j) for k, n in enumerate(self.sizes) for j in range(n)]

    def edges(self):
        """(layer, to, from) of every weight, as in the arrays."""
        pairs = enumerate(zip(self.sizes, self.sizes[1:], strict=False), 1)
        return [(k, j, i) for k, (n, m) in pairs for j in range(m) for i in range(n)]

    def W(self, layer):
        return self.params[f"{2 * layer - 2}.W"]

    def b(self, layer):
        return self.params[f"{2 * layer - 2}.b"]

    def dW(self, layer):
        return self.p["grads"][f"{2 * layer - 2}.W"]

    # ---- the graph

    def lit(self):
        """For each part (units, J, edges, the edge to J): 1 if this stage computes something of
        it, 2 if its numbers travel along it."""
        moves = self.kind in ("forward", "backward")
        units = [float(moves and k == self.layer) for k, _ in self.units()]
        edges = [self._lights(k) for k, _, _ in self.edges()]
        loss = float(self.kind == "loss")
        return [*units, loss, *edges, 2.0 * loss or self._lights(self.layers + 1)]

    def _lights(self, layer):
        """Of the edges into a layer; the edge to J leads into one more."""
        if self.kind == "forward":
            return 2.0 * (layer == self.layer)
        if self.kind == "backward":  # dz comes back from the layer above, dW is of its own edges
            return 2.0 * (layer == self.layer + 1) or float(layer == self.layer)
        return float(self.kind == "update" and layer <= self.layers)

    def graph(self, weights):
        """Lines of text of the nodes and of the edges; `weights` are those to show."""
        z, a, dz = [], [], []
        for k, j in self.units():
            there, back = self.has_forward(k), self.has_backward(k)
            z.append(f"z {short(self.p['z'][k][0, j])}" if there and k else "")
            a.append(f"a {short(self.p['a'][k][0, j])}" if there else "")
            dz.append(f"dz {short(self.p['dz'][k][0, j])}" if back else "")
        z.append(f"y {short(self.values['y'])}")
        a.append(f"J {short(self.p['J'])}" if self.has_loss else "")
        dz.append("")
        w = [short(weights[f"{2 * k - 2}.W"][j, i]) for k, j, i in self.edges()]
        dw = [short(self.dW(k)[j, i]) if self.has_backward(k) else "" for k, j, i in self.edges()]
        return {"z": z, "a": a, "dz": dz, "w": w, "dw": dw}

    # ---- the formula of the stage

    def formula(self):
        if not self.done:
            return "Nothing is computed yet: the inputs and the weights are there.\nPress Step."
        return "\n".join(getattr(self, f"of_{self.kind}")(self.layer))

    def of_forward(self, k):
        up, below = f"^{{({k})}}", f"^{{({k - 1})}}"
        yield f"z{up} = W{up} a{below} + b{up},   {self.rule(k)}"
        for j in range(self.sizes[k]):
            yield f"{self.sum_of(k, j)},   {self.output_of(k, j)}"

    def of_loss(self, _):
        yield self.loss_rule()
        yield self.loss_numbers()
        wanted = "more" if self.p["yhat"] < self.values["y"] else "less"
        if self.p["dz"][-1][0, 0] == 0:
            yield "ŷ = y: nothing is to be learnt."
        else:
            yield f"The target is {num(self.values['y'])}: the output ought to be {wanted}."

    def of_backward(self, k):
        up = f"^{{({k})}}"
        yield f"{self.error_rule(k)},   dW{up} = dz{up} a^{{({k - 1})T}},   db{up} = dz{up}"
        for j in range(self.sizes[k]):
            yield self.error_of(k, j)
            yield ",   ".join(self.weight_gradient(k, j, i) for i in range(self.sizes[k - 1]))

    def of_update(self, _):
        alpha = num(self.values["alpha"])
        yield f"W := W − α dW,   b := b − α db,   α = {alpha}"
        for k in range(1, self.layers + 1):
            for j in range(self.sizes[k]):
                row = [self.weight_update(k, j, i) for i in range(self.sizes[k - 1])]
                row.append(self.bias_update(k, j))
                yield f"layer {k}:  " + ",   ".join(row)
        J, after = num(self.p["J"]), num(self.p["J_after"])
        yield f"The loss of this example goes from {J} to {after}."

    # ---- pieces

    def rule(self, k):
        if k < self.layers:
            return f"a^{{({k})}} = {self.values['activation']}(z^{{({k})}})"
        squared = self.values["loss"] == "squared error"
        return f"ŷ = z^{{({k})}}" if squared else f"ŷ = sigmoid(z^{{({k})}})"

    def sum_of(self, k, j):
        a, W = self.p["a"][k - 1][0], self.W(k)[j]
        terms = " + ".join(f"{factor(w)}·{factor(x)}" for w, x in zip(W, a, strict=True))
        return f"z_{j + 1} = {terms} + {factor(self.b(k)[j])} = {num(self.p['z'][k][0, j])}"

    def output_of(self, k, j):
        z, a = num(self.p["z"][k][0, j]), num(self.p["a"][k][0, j])
        if k < self.layers:
            return f"a_{j + 1} = {self.values['activation']}({z}) = {a}"
        return f"ŷ = {a}" if self.values["loss"] == "squared error" else f"ŷ = sigmoid({z}) = {a}"

    def loss_rule(self):
        if self.values["loss"] == "squared error":
            return "J = (ŷ − y)^2"
        return "J = −[ y ln ŷ + (1 − y) ln(1 − ŷ) ]"

    def loss_numbers(self):
        yhat, y, J = self.p["yhat"], self.values["y"], num(self.p["J"])
        if self.values["loss"] == "squared error":
            return f"J = ({num(yhat)} − {num(y)})^2 = {J}"
        return f"J = −[ {num(y)}·ln {num(yhat)} + {num(1 - y)}·ln {num(1 - yhat)} ] = {J}"

    def error_rule(self, k):
        up = f"^{{({k})}}"
        if k < self.layers:
            return f"da{up} = W^{{({k + 1})T}} dz^{{({k + 1})}},   dz{up} = da{up} ⊙ σ′(z{up})"
        squared = self.values["loss"] == "squared error"
        return f"dz{up} = 2 (ŷ − y)" if squared else f"dz{up} = ŷ − y"

    def error_of(self, k, j):
        dz = num(self.p["dz"][k][0, j])
        if k == self.layers:
            two = "2·" if self.values["loss"] == "squared error" else ""
            return f"dz = {two}({num(self.p['yhat'])} − {num(self.values['y'])}) = {dz}"
        above, W = self.p["dz"][k + 1][0], self.W(k + 1)[:, j]
        terms = " + ".join(f"{factor(w)}·{factor(d)}" for w, d in zip(W, above, strict=True))
        da, n = self.p["da"][k][0, j], j + 1
        through = f"dz_{n} = {factor(da)}·{self.slope(k, j)} = {dz}"
        return f"da_{n} = {terms} = {num(da)},   {through}"

    def slope(self, k, j):
        """sigma' at a unit, with its number put in."""
        z, a, kind = self.p["z"][k][0, j], self.p["a"][k][0, j], self.values["activation"]
        if kind == "tanh":
            return f"(1 − {factor(a)}^2)"
        if kind == "sigmoid":
            return f"{num(a)}·(1 − {num(a)})"
        return {"relu": num(z > 0), "leaky_relu": "1" if z > 0 else "0.01"}.get(kind, "1")

    def weight_gradient(self, k, j, i):
        dz, a = self.p["dz"][k][0, j], self.p["a"][k - 1][0, i]
        return f"dw_{{{j + 1}{i + 1}}} = {factor(dz)}·{factor(a)} = {num(self.dW(k)[j, i])}"

    def weight_update(self, k, j, i):
        w, dw, alpha = self.W(k)[j, i], self.dW(k)[j, i], self.values["alpha"]
        change = f"{num(w)} − {num(alpha)}·{factor(dw)} = {num(w - alpha * dw)}"
        return f"w_{{{j + 1}{i + 1}}} := {change}"

    def bias_update(self, k, j):
        b, db, alpha = self.b(k)[j], self.p["dz"][k][0, j], self.values["alpha"]
        change = f"{num(b)} − {num(alpha)}·{factor(db)} = {num(b - alpha * db)}"
        return f"b_{j + 1} := {change}"

    # ---- one part by itself

    def parts(self):
        """The arithmetic of every part, as far as the pass has come: units, J, edges."""
        units = [self.of_unit(k, j) for k, j in self.units()]
        return [*units, self.of_J(), *[self.of_edge(*edge) for edge in self.edges()]]

    def of_unit(self, k, j):
        if k == 0:
            x = self.p["a"][0][0, j]
            return f"x_{j + 1} = {num(x)}, an input: it has no weights and learns nothing."
        lines = [f"z = W a + b,   {self.rule(k)}"]
        if self.has_forward(k):
            lines += [self.sum_of(k, j), self.output_of(k, j)]
        if self.has_backward(k):
            if k < self.layers:
                kind = self.values["activation"]
                lines += [f"σ′ of {kind}: {SLOPES[kind]}"]
            lines += [
                self.error_of(k, j),
                f"db_{j + 1} = dz_{j + 1} = {num(self.p['dz'][k][0, j])}",
            ]
        if self.kind == "update":
            lines += [f"update: {self.bias_update(k, j)}"]
        return "\n".join([*lines, *self.waiting(self.kind == "update")])

    def of_J(self):
        lines = [self.loss_rule(), *([self.loss_numbers()] if self.has_loss else [])]
        return "\n".join([*lines, *self.waiting(self.has_loss)])

    def of_edge(self, k, j, i):
        w, a = self.W(k)[j, i], self.p["a"][k - 1][0, i]
        name = f"w_{{{j + 1}{i + 1}}}^{{({k})}}"
        start = f"unit {i + 1} of layer {k - 1}" if k > 1 else f"x_{i + 1}"
        lines = [f"{name} = {num(w)}, from {start} to unit {j + 1} of layer {k}"]
        if self.has_forward(k - 1):
            lines += [f"forward: it adds w a = {factor(w)}·{factor(a)} = {num(w * a)} to z_{j + 1}"]
        if self.has_backward(k):
            lines += [
                f"backward: {self.weight_gradient(k, j, i)}  (dz of its end · a of its start)"
            ]
        if self.kind == "update":
            lines += [f"update: {self.weight_update(k, j, i)}"]
        return "\n".join([*lines, *self.waiting(self.kind == "update")])

    def waiting(self, complete):
        return [] if complete else ["More is known after further steps."]

    # ---- in words

    def sentence(self):
        p, y = self.p, self.values["y"]
        if not self.done:
            x = f"({num(self.values['x1'])}, {num(self.values['x2'])})"
            return f"The example x = {x}, y = {num(y)} is ready; Step begins with layer 1."
        here = f"Pass {self.number}, stage {self.done} of {len(self.names)}, {self.stage}"
        if self.kind == "forward":
            what = f"layer {self.layer} has its z and a"
            if self.layer == self.layers:
                what = f"the network answers ŷ = {say(p['yhat'])}"
        elif self.kind == "loss":
            what = f"ŷ = {say(p['yhat'])} against y = {say(y)} costs J = {say(p['J'])}"
        elif self.kind == "backward":
            size = max(abs(self.dW(self.layer)).ravel())
            what = f"the largest gradient of layer {self.layer} is {say(size)}"
        else:
            what = f"the new weights take J from {say(p['J'])} to {say(p['J_after'])}"
        return f"{here}: {what}."
