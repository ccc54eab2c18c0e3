"""The formulas of the lab `unroll`, with the numbers of a pass put in.

In the texts "_" and "^" make scripts: "h_{3,1}" is the first unit of the state at tick 3, and
"w_{12}^{hh}" the weight of W_hh to unit 1 from unit 2.
"""

import numpy as np

from .backprop_step_words import SLOPES, factor, num, short
from .doctor import say
from .unroll_controls import EVERY


def stage_names(T):
    """Of a pass over so many ticks."""
    there = [f"tick {t}" for t in range(1, T + 1)]
    return [*there, "loss", *[f"back {t}" for t in range(T, 0, -1)], "update"]


def nodes_of(T, D, H, where):
    """Columns of nodes (kind, tick, index), column t for tick t; column 0 is the initial state."""
    columns = [[("h", 0, j) for j in range(H)]]
    for t in range(1, T + 1):
        x, h = [("x", t, i) for i in range(D)], [("h", t, j) for j in range(H)]
        columns.append([*x, *h, *([("J", t, 0)] if counts(t, T, where) else [])])
    return columns


def counts(t, T, where):
    """Is there a loss at tick t?"""
    return where == EVERY or t == T


def edges_of(T, D, H):
    """(array, to, from, tick) of every edge with a weight: all ticks of a weight in a row."""
    return [(name, j, i, t) for name, j, i in weights_of(D, H) for t in range(1, T + 1)]


def weights_of(D, H):
    """(array, to, from) of every weight."""
    pairs = [("W_hh", H), ("W_hx", D)]
    return [(name, j, i) for name, n in pairs for j in range(H) for i in range(n)]


def called(name, j, i):
    """A weight in a formula."""
    return f"w_{{{j + 1}{i + 1}}}^{{{name[2:]}}}"


class Words:
    """What the graph and the formula say at the stage that `lab` has reached; `p` holds all
    numbers of the pass (`Unroll.whole`)."""

    def __init__(self, lab, p):
        self.p, self.values, self.done = p, dict(lab.values), lab.done
        self.T, self.D, self.H = lab.shape
        self.names, self.number = lab.stages, lab.over + 1
        self.params = {name: w.copy() for name, w in lab.cell.params.items()}
        self.hears = [t > 0 and lab.passes_back(t) for t in range(self.T + 1)]
        self.stage = self.names[self.done - 1] if self.done else ""
        self.kind, _, tick = self.stage.partition(" ")
        self.t = int(tick or 0)
        where = self.values["where"]
        self.losses = [t for t in range(1, self.T + 1) if counts(t, self.T, where)]
        self.nodes = [node for column in nodes_of(*lab.shape, where) for node in column]
        self.edges = edges_of(*lab.shape)

    # ---- what is known by now

    def has_forward(self, t):
        return self.done >= t

    @property
    def has_loss(self):
        return self.done > self.T

    def has_backward(self, t):
        """Tick 0, the initial state, gets its blame together with tick 1."""
        return self.done >= self.names.index(f"back {max(t, 1)}") + 1

    def is_back(self):
        return self.kind == "back"

    # ---- the graph

    def lit(self):
        """For each part (nodes, edges with a weight, edges to a loss): 1 if this stage computes
        something of it, 2 if its numbers travel along it."""
        nodes = [float(self._lights_node(*node)) for node in self.nodes]
        edges = [self._lights(name, t) for name, _, _, t in self.edges]
        return [*nodes, *edges, *[self._lights_loss(t) for t in self.losses]]

    def _lights_node(self, kind, t, _):
        if kind == "J":
            return self.kind == "loss"
        return kind == "h" and self.kind in ("tick", "back") and t == self.t

    def _lights(self, name, t):
        """Of the edges into tick t."""
        if self.kind == "tick":
            return 2.0 * (t == self.t)
        if self.kind == "back":  # dz comes from the tick after it, dW is of its own edges
            comes = name == "W_hh" and t == self.t + 1 and self.hears[self.t]
            return 2.0 * comes or float(t == self.t)
        return float(self.kind == "update")

    def _lights_loss(self, t):
        return 2.0 * (self.kind == "loss" or (self.kind == "back" and t == self.t))

    def graph(self):
        """Lines of text of the nodes and of the edges."""
        lines = [self._node_lines(*node) for node in self.nodes]
        names = ("node_z", "node_h", "node_dh", "node_dz")
        texts = {name: [line[k] for line in lines] for k, name in enumerate(names)}
        w = [short(self.W(e)) if self.kind == "tick" and e[3] == self.t else "" for e in self.edges]
        dw = [short(self.add(e)) if self.has_backward(e[3]) else "" for e in self.edges]
        return texts | {"edge_w": w, "edge_dw": dw}

    def _node_lines(self, kind, t, j):
        p = self.p
        if kind == "x":
            return "", f"x {short(p['x'][t][j])}", "", ""
        if kind == "J":
            J = f"J {short(self.loss_at(t))}" if self.has_loss else ""
            return f"y {short(self.values['y'])}", J, "", ""
        there, back = self.has_forward(t), self.has_backward(t)
        return (
            f"z {short(p['z'][t][j])}" if there and t else "",
            f"h {short(p['h'][t][j])}" if there else "",
            f"dh {short(p['dh'][t][j])}" if back else "",
            f"dz {short(p['dz'][t][j])}" if back and t else "",
        )

    def W(self, edge):
        name, j, i, _ = edge
        return self.params[name][j, i]

    def add(self, edge):
        """What a tick adds to the gradient of a weight."""
        name, j, i, t = edge
        return self.p["adds"][t][name][j, i]

    def loss_at(self, t):
        return (self.p["h"][t][0] - self.values["y"]) ** 2

    # ---- the sums over ticks

    def adds(self):
        """(weights, T): what each tick has added to each weight's gradient; 0 where it is not
        known yet."""
        known = [self.add(e) if self.has_backward(e[3]) else 0.0 for e in self.edges]
        return np.array(known, np.float32).reshape(-1, self.T)

    def sums(self, weights):
        """Three columns of texts, a row for each parameter: it, its gradient so far, and after."""
        grads = {name: 0 * w for name, w in self.params.items()}
        for t in range(1, self.T + 1):
            if self.has_backward(t):
                grads = {name: g + self.p["adds"][t][name] for name, g in grads.items()}
        back, updated = self.has_backward(self.T), self.kind == "update"
        columns = self.params, grads if back else {}, weights if updated else {}
        names = ("value", "gradient", "value_after")
        return {name: self._column(c) for name, c in zip(names, columns, strict=True)}

    def _column(self, arrays):
        if not arrays:
            return [""] * (len(weights_of(self.D, self.H)) + self.H)
        weights = [arrays[name][j, i] for name, j, i in weights_of(self.D, self.H)]
        return [short(v) for v in [*weights, *arrays["b_h"]]]

    # ---- the formula of the stage

    def formula(self):
        if not self.done:
            return (
                "Nothing is computed yet: inputs, initial state and weights are there.\nPress Step."
            )
        return "\n".join(getattr(self, f"of_{self.kind}")(self.t))

    def of_tick(self, t):
        yield self.rule_of_tick(t)
        for j in range(self.H):
            yield f"{self.sum_of(t, j)},   {self.output_of(t, j)}"

    def of_loss(self, _):
        yield self.loss_rule()
        yield self.loss_numbers()
        yield "The answer of a tick is its first hidden unit: ŷ_t = h_{t,1}."

    def of_back(self, t):
        yield self.rule_of_back(t)
        for j in range(self.H):
            yield f"{self.blame_of(t, j)},   {self.through(t, j)}"
            yield f"adds to  {',   '.join(self.added(t, j))}"

    def of_update(self, _):
        alpha = num(self.values["alpha"])
        yield f"W := W − α dW,   dW = the sum of what the ticks have added,   α = {alpha}"
        if self.H < 3:
            for weight in weights_of(self.D, self.H):
                yield f"d{self.sum_over_ticks(*weight)},   {self.weight_update(*weight)}"
            yield ",   ".join(self.bias_update(j) for j in range(self.H))
        else:
            for unit in range(self.H):
                into = [w for w in weights_of(self.D, self.H) if w[1] == unit]
                row = [self.weight_update(*w) for w in into]
                yield ",   ".join([*row, self.bias_update(unit)])
        J, after = num(self.p["J"]), num(self.p["J_after"])
        yield f"The loss of this sequence goes from {J} to {after}."

    @staticmethod
    def most_lines(D, H):
        """So many lines the longest of these formulas has, those of three units twice as long."""
        return len(weights_of(D, H)) + 3 if H < 3 else 1 + 3 * H

    # ---- pieces

    def rule_of_tick(self, t):
        state = f"h_{t} = {self.values['activation']}(z_{t})"
        return f"z_{t} = W_{{hx}} x_{t} + W_{{hh}} h_{t - 1} + b_h,   {state}"

    def rule_of_back(self, t):
        own = "∂J/∂ŷ" if t in self.losses else ""
        later = f"W_{{hh}}^T dz_{t + 1}" if self.hears[t] else ""
        terms = " + ".join(filter(None, (own, later))) or "0"
        cut = f"  (cut: nothing comes from tick {t + 1})" if self.is_cut(t) else ""
        return f"dh_{t} = {terms}{cut},   dz_{t} = dh_{t} ⊙ σ′(z_{t})"

    def is_cut(self, t):
        return t < self.T and not self.hears[t]

    def sum_of(self, t, j):
        p = self.p
        pairs = [*zip(self.params["W_hx"][j], p["x"][t], strict=True)]
        pairs += zip(self.params["W_hh"][j], p["h"][t - 1], strict=True)
        terms = " + ".join(f"{factor(w)}·{factor(a)}" for w, a in pairs)
        b = factor(self.params["b_h"][j])
        return f"z_{{{t},{j + 1}}} = {terms} + {b} = {num(p['z'][t][j])}"

    def output_of(self, t, j):
        z, h = num(self.p["z"][t][j]), num(self.p["h"][t][j])
        return f"h_{{{t},{j + 1}}} = {self.values['activation']}({z}) = {h}"

    def loss_rule(self):
        if self.values["where"] == EVERY:
            return f"J = ( (ŷ_1 − y)^2 + … + (ŷ_{self.T} − y)^2 ) / {self.T}"
        return f"J = (ŷ_{self.T} − y)^2"

    def loss_numbers(self):
        y, J = factor(self.values["y"]), num(self.p["J"])
        squares = [f"({num(self.p['h'][t][0])} − {y})^2" for t in self.losses]
        if len(squares) == 1:
            return f"J = {squares[0]} = {J}"
        return f"J = ({' + '.join(squares)}) / {self.T} = {J}"

    def blame_of(self, t, j):
        return f"dh_{{{t},{j + 1}}} = {self.blame_terms(t, j)}{num(self.p['dh'][t][j])}"

    def blame_terms(self, t, j):
        """What dh is a sum of, with "=" behind it; empty where it is of nothing."""
        terms = [self.own_blame(t)] if j == 0 and t in self.losses else []
        if self.hears[t] or t == 0:
            later = self.p["dz"][t + 1]
            pairs = zip(self.params["W_hh"][:, j], later, strict=True)
            terms += [f"{factor(w)}·{factor(d)}" for w, d in pairs]
        return f"{' + '.join(terms)} = " if terms else ""

    def own_blame(self, t):
        many = f" / {self.T}" if self.values["where"] == EVERY else ""
        return f"2·({num(self.p['h'][t][0])} − {factor(self.values['y'])}){many}"

    def through(self, t, j):
        dh, dz = factor(self.p["dh"][t][j]), num(self.p["dz"][t][j])
        return f"dz_{{{t},{j + 1}}} = {dh}·{self.slope(t, j)} = {dz}"

    def slope(self, t, j):
        """sigma' at a unit, with its number put in."""
        z, h, kind = self.p["z"][t][j], self.p["h"][t][j], self.values["activation"]
        if kind == "tanh":
            return f"(1 − {factor(h)}^2)"
        if kind == "sigmoid":
            return f"{num(h)}·(1 − {num(h)})"
        return {"relu": num(z > 0), "leaky_relu": "1" if z > 0 else "0.01"}.get(kind, "1")

    def start_of(self, name, i, t):
        """The number at the start of an edge."""
        return self.p["h"][t - 1][i] if name == "W_hh" else self.p["x"][t][i]

    def added(self, t, j):
        dz = factor(self.p["dz"][t][j])
        for name, to, i in weights_of(self.D, self.H):
            if to == j:
                gradient = num(self.p["adds"][t][name][j, i])
                start = factor(self.start_of(name, i, t))
                yield f"d{called(name, j, i)}:  {dz}·{start} = {gradient}"
        yield f"db_{j + 1}:  {num(self.p['dz'][t][j])}"

    def sum_over_ticks(self, name, j, i):
        """A gradient as the sum of what its ticks have added."""
        terms = [num(self.p["adds"][t][name][j, i]) for t in range(1, self.T + 1)]
        return f"{called(name, j, i)} = {added_up(terms)} = {num(self.p['grads'][name][j, i])}"

    def weight_update(self, name, j, i):
        w, dw = self.params[name][j, i], self.p["grads"][name][j, i]
        return f"{called(name, j, i)} := {self.moved(w, dw)}"

    def bias_update(self, j):
        return f"b_{j + 1} := {self.moved(self.params['b_h'][j], self.p['grads']['b_h'][j])}"

    def moved(self, w, dw):
        alpha = self.values["alpha"]
        return f"{num(w)} − {num(alpha)}·{factor(dw)} = {num(w - alpha * dw)}"

    # ---- one part by itself

    def parts(self):
        """The arithmetic of every node and every edge with a weight, as far as the pass is."""
        nodes = [getattr(self, f"of_{kind}")(t, j) for kind, t, j in self.nodes]
        return [*nodes, *[self.of_edge(*edge) for edge in self.edges]]

    def of_x(self, t, i):
        return f"x_{{{t},{i + 1}}} = {num(self.p['x'][t][i])}, an input: it learns nothing."

    def of_J(self, t, _):
        lines = [self.loss_rule()]
        if self.has_loss:
            numbers = f"({num(self.p['h'][t][0])} − {factor(self.values['y'])})^2"
            lines += [f"here (ŷ_{t} − y)^2 = {numbers} = {num(self.loss_at(t))}"]
        return "\n".join([*lines, *self.waiting(self.has_loss)])

    def of_h(self, t, j):
        if t == 0:
            return self.of_start(j)
        lines = [self.rule_of_tick(t)]
        if self.has_forward(t):
            lines += [self.sum_of(t, j), self.output_of(t, j)]
        if self.has_backward(t):
            kind = self.values["activation"]
            lines += [
                self.rule_of_back(t),
                self.blame_of(t, j),
                f"{self.through(t, j)}   (σ′ of {kind}: {SLOPES[kind]})",
                f"It adds dz to db_{j + 1}: {num(self.p['dz'][t][j])}",
            ]
        return "\n".join([*lines, *self.waiting(self.has_backward(t))])

    def of_start(self, j):
        lines = [f"h_{{0,{j + 1}}} = {num(self.p['h'][0][j])}, the initial state: it is given."]
        if self.has_backward(0):
            lines += [f"{self.blame_of(0, j)}: so J depends on it."]
        return "\n".join([*lines, *self.waiting(self.has_backward(0))])

    def of_edge(self, name, j, i, t):
        w, start = self.params[name][j, i], self.start_of(name, i, t)
        source = f"x_{{{t},{i + 1}}}" if name == "W_hx" else f"h_{{{t - 1},{i + 1}}}"
        lines = [
            f"{called(name, j, i)} = {num(w)}, from {source} to h_{{{t},{j + 1}}}: the same weight "
            "at every tick"
        ]
        if self.has_forward(t - 1):
            product = f"{factor(w)}·{factor(start)} = {num(w * start)}"
            lines += [f"forward: it adds {product} to z_{{{t},{j + 1}}}"]
        if self.has_backward(t):
            product = f"{factor(self.p['dz'][t][j])}·{factor(start)}"
            add = num(self.p["adds"][t][name][j, i])
            lines += [f"backward: it adds dz_{{{t},{j + 1}}} {source} = {product} = {add} to dw"]
        if self.has_backward(1):
            lines += [f"over all ticks: d{self.sum_over_ticks(name, j, i)}"]
        if self.kind == "update":
            lines += [f"update: {self.weight_update(name, j, i)}"]
        return "\n".join([*lines, *self.waiting(self.kind == "update")])

    def waiting(self, complete):
        return [] if complete else ["More is known after further steps."]

    # ---- in words

    def sentence(self):
        p, y = self.p, self.values["y"]
        if not self.done:
            return f"A sequence of {self.T} ticks is ready, with target y = {num(y)}; Step begins."
        here = f"Pass {self.number}, stage {self.done} of {len(self.names)}, {self.stage}"
        if self.kind == "tick":
            state = ", ".join(num(v) for v in p["h"][self.t])
            what = f"the state is now h = ({state})"
        elif self.kind == "loss":
            what = f"the last answer {say(p['h'][-1][0])} against y = {say(y)}, J = {say(p['J'])}"
        elif self.kind == "back":
            size = say(np.linalg.norm(p["dh"][self.t]))
            cut = f"nothing comes from tick {self.t + 1}, and " if self.is_cut(self.t) else ""
            what = f"{cut}the blame that has come back to this tick is |dh| = {size}"
        else:
            what = f"the new weights take J from {say(p['J'])} to {say(p['J_after'])}"
        return f"{here}: {what}."


def added_up(terms):
    """Numbers as texts with plus and minus between them."""
    return " + ".join(terms).replace("+ −", "− ")
