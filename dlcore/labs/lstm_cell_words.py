"""The formulas of the lab `lstm-cell`, with the numbers of a tick put in.

In the texts "_" and "^" make scripts: "c_3" is the cell after tick 3.
"""

import numpy as np

from ..activations import sigmoid
from .backprop_step_words import factor, num, short
from .doctor import say
from .lstm_cell_controls import GATES, NAMES
from .unroll_words import added_up, stage_names

ROWS = ("f", "i", "o", "c̃")
PARTS = ("c before", "h before", "x", "f", "i", "c̃", "o", "c", "h")  # nodes of the graph
PIPES = [("c before", "f"), ("f", "c"), ("c̃", "i"), ("i", "c"), ("c", "o"), ("o", "h")]
DECIDES = [(source, gate) for source in ("h before", "x") for gate in ("f", "i", "c̃", "o")]
LINES = 8  # of the longest formula
WAITS = "More is known after further steps."
NOTHING = 1e-9  # numbers below it are written as 0


class Words:
    """What the graph and the formula say at the stage that `lab` has reached; `p` holds all
    numbers of the pass (`LstmCell.whole`)."""

    def __init__(self, lab, p):
        self.p, self.values, self.done = p, dict(lab.values), lab.done
        self.T, self.number = lab.values["length"], lab.over + 1
        self.params = {name: w.copy() for name, w in lab.params.items()}
        self.names = stage_names(self.T)
        self.stage = self.names[self.done - 1] if self.done else ""
        self.kind, _, tick = self.stage.partition(" ")
        self.t = int(tick or (self.T if self.done else 1))  # the tick that is drawn
        self.w1 = [[*row, b] for row, b in zip(self.params["W"], self.params["b"], strict=True)]

    # ---- what is known by now

    def has_forward(self, t):
        return self.done >= t

    def has_backward(self, t):
        """Tick 0, the initial state, gets its blame together with tick 1."""
        return self.done > 2 * self.T + 1 - max(t, 1)

    def is_back(self):
        return self.kind == "back"

    def held(self, k):
        """Is gate k in the reader's hand at this tick?"""
        return k < 3 and bool(self.p["held"][self.t - 1][k])

    def at(self, name, k=None):
        """A number of this tick: of gate k, or of the state after it."""
        return self.p[name][self.t] if k is None else self.p[name][self.t - 1][k]

    # ---- the graph

    def lit(self):
        """For each part, then each edge: 1 if this stage computes something of it, 2 if its
        numbers travel along it."""
        own = {"loss": ("h",), "update": ("f", "i", "c̃", "o")}.get(self.kind, ())
        if self.kind in ("tick", "back"):
            own = PARTS if self.kind == "back" else PARTS[3:]
        moves = self.kind in ("tick", "back")
        decides = [2.0 * (moves and not self.held(ROWS.index(gate))) for _, gate in DECIDES]
        return [*[float(name in own) for name in PARTS], *[2.0 * moves for _ in PIPES], *decides]

    def flows(self):
        """What flows in each pipe of this tick; 0 while it is not known."""
        if not self.has_forward(self.t):
            return [0.0] * len(PIPES)
        f, i, _, c_tilde = self.p["a"][self.t - 1]
        before, c, h = self.p["c"][self.t - 1], self.at("c"), self.at("h")
        return [before, f * before, c_tilde, i * c_tilde, c, h]

    def blames(self):
        """The gradient that comes back to the start of each pipe that does not start at a gate."""
        if not self.has_backward(self.t):
            return [""] * len(PIPES)
        straight, shown = self.p["straight"][self.t - 1], self.at("shown")
        return [short(straight), "", short(self.at("da", 3)), "", short(shown), ""]

    def graph(self):
        """Lines of text of the nodes and of the pipes."""
        flows = [short(v) for v in self.flows()] if self.has_forward(self.t) else [""] * len(PIPES)
        amounts = ["", flows[1], "", flows[3], "", ""]
        lines = [self._node_lines(part) for part in PARTS]
        names = ("node_value", "node_blame", "node_dz")
        texts = {name: [line[k] for line in lines] for k, name in enumerate(names)}
        return texts | {"pipe_flow": amounts, "pipe_blame": self.blames()}

    def _node_lines(self, part):
        there, back, t = self.has_forward(self.t), self.has_backward(self.t), self.t
        if part == "x":
            x = self.p["hx1"][t - 1][1:3]
            return ", ".join(num(v) for v in x), "", ""
        if part in ("c before", "h before"):
            name = part[0]
            blame = self.p["straight"][t - 1] if name == "c" else self.p["dh"][t - 1]
            known = self.has_forward(t - 1)
            return short(self.p[name][t - 1]) if known else "", short(blame) if back else "", ""
        if part in ("c", "h"):
            blame = f"d{part} {short(self.at('d' + part))}" if back else ""
            return short(self.at(part)) if there else "", blame, ""
        k = ROWS.index(part)
        return (
            f"{short(self.at('a', k))}{' held' if self.held(k) else ''}" if there else "",
            f"d{part} {short(self.at('da', k))}" if back else "",
            f"dz {short(self.at('dz', k))}" if back else "",
        )

    # ---- the formula of the stage

    def formula(self):
        if not self.done:
            return (
                "Nothing is computed yet: c_0 = h_0 = 0, inputs and weights are there.\nPress Step."
            )
        return "\n".join(getattr(self, f"of_{self.kind}")())

    def of_tick(self):
        yield from (self.gate(k) for k in range(4))
        yield self.cell()
        yield self.hidden()

    def of_loss(self):
        yield f"J = (h_{self.T} − y)^2 = {self.error()}^2 = {num(self.p['J'])}"
        yield "Only the last tick has to answer. What it kept, it kept from the ticks before."
        yield f"Your guess for c_{self.T}:  {num(self.values['guess'])}.  It is {self.end()}."

    def of_back(self):
        yield self.blame_of_h()
        yield self.blame_of_c()
        yield from (self.blame_of(k) for k in range(4))
        yield f"straight on to c_{self.t - 1}:  {self.straight()}"
        yield f"through the layers to h_{self.t - 1}:  {self.through()}"

    def of_update(self):
        yield f"W := W − α dW,   b := b − α db,   α = {num(self.values['alpha'])}"
        yield from (self.new_bias(k) for k in range(4))
        yield f"The loss goes from {num(self.p['J'])} to {num(self.p['J_after'])}."

    # ---- pieces

    def gate(self, k):
        t, squash, name = self.t, "tanh" if k == 3 else "σ", ROWS[k]
        a, z = num(self.at("a", k)), num(self.at("z", k))
        pairs = zip(self.w1[k][:3], self.p["hx1"][t - 1], strict=False)
        terms = [f"{factor(w)}·{factor(v)}" for w, v in pairs]
        total = f"{' + '.join(terms)} + {factor(self.w1[k][3])} = {z}"
        if self.held(k):
            own = num(sigmoid(self.at("z", k)))
            return f"{name}_{t} = {a}, in your hand (its weights would make it {own})"
        return f"z_{name} = {total},   {name}_{t} = {squash}({z}) = {a}"

    def cell(self):
        f, i, _, c_tilde = (factor(v) for v in self.p["a"][self.t - 1])
        before = factor(self.p["c"][self.t - 1])
        rule = f"c_{self.t} = f_{self.t} c_{self.t - 1} + i_{self.t} c̃_{self.t}"
        return f"{rule} = {f}·{before} + {i}·{c_tilde} = {num(self.at('c'))}"

    def hidden(self):
        o, c, h = num(self.at("a", 2)), num(self.at("c")), num(self.at("h"))
        return f"h_{self.t} = o_{self.t} tanh(c_{self.t}) = {o}·tanh({c}) = {h}"

    def end(self):
        """The cell after the last tick, and how far the reader's guess is from it."""
        c, guess = self.p["c"][self.T], self.values["guess"]
        far = "well guessed" if abs(c - guess) < 0.1 else f"{num(abs(c - guess))} away"
        return f"{num(c)}: {far}"

    def error(self):
        return f"({num(self.p['h'][self.T])} − {factor(self.values['y'])})"

    def blame_of_h(self):
        dh = num(self.at("dh"))
        if self.t == self.T:
            return f"dh_{self.t} = 2 (h_{self.t} − y) = 2·{self.error()} = {dh}"
        return f"dh_{self.t} = {self.through(self.t + 1)},   from the gates of tick {self.t + 1}"

    def blame_of_c(self):
        t, dh, o = self.t, factor(self.at("dh")), num(self.at("a", 2))
        numbers = f"{dh}·{o}·{slope_of_tanh(self.p['tanh_c'][t])}"
        rule = f"dc_{t} = f_{t + 1} dc_{t + 1} + dh_{t} o_{t} (1 − tanh^2(c_{t}))"
        if t == self.T:  # no tick comes after it
            return f"{rule} = 0 + {numbers} = {num(self.at('dc'))}"
        return f"{rule} = {factor(self.at('straight'))} + {numbers} = {num(self.at('dc'))}"

    def blame_of(self, k):
        name, t = ROWS[k], self.t
        da, dz = self.at("da", k), num(self.at("dz", k))
        dc, dh = factor(self.at("dc")), factor(self.at("dh"))
        others = {
            0: ("dc", f"c_{t - 1}", dc, self.p["c"][t - 1]),
            1: ("dc", f"c̃_{t}", dc, self.at("a", 3)),
            2: ("dh", f"tanh(c_{t})", dh, self.p["tanh_c"][t]),
            3: ("dc", f"i_{t}", dc, self.at("a", 1)),
        }
        blame, partner, number, other = others[k]
        first = f"d{name}_{t} = {blame}_{t} {partner} = {number}·{factor(other)} = {num(da)}"
        if self.held(k):
            return f"{first},   dz_{name} = 0: it is in your hand"
        slope = (slope_of_tanh if k == 3 else slope_of_gate)(self.at("a", k))
        return f"{first},   dz_{name} = {factor(da)}·{slope} = {dz}"

    def straight(self):
        t = self.t
        f, dc = num(self.at("a", 0)), factor(self.at("dc"))
        return f"f_{t} dc_{t} = {f}·{dc} = {num(self.p['straight'][t - 1])}"

    def through(self, t=None):
        """dh of the tick before t: over the four layers."""
        t = t or self.t
        pairs = zip(self.params["W"][:, 0], self.p["dz"][t - 1], strict=True)
        terms = " + ".join(f"{factor(w)}·{factor(d)}" for w, d in pairs)
        return f"{terms} = {num(self.p['dh'][t - 1])}"

    def new_bias(self, k):
        grads = [num(add[k][3]) for add in tidy(self.p["adds"])]
        db, b, after = self.p["grads"]["b"][k], self.params["b"][k], self.p["after"]["b"][k]
        name = ROWS[k]
        return (
            f"db_{name} = {added_up(grads)} = {num(db)},   "
            f"b_{name} := {num(b)} − {num(self.values['alpha'])}·{factor(db)} = {num(after)}"
        )

    # ---- one part by itself

    def parts(self):
        """The arithmetic of every node and every pipe, as far as the pass is."""
        return [self.of_part(part) for part in PARTS] + [self.of_pipe(*ends) for ends in PIPES]

    def of_part(self, part):
        t, there, back = self.t, self.has_forward(self.t), self.has_backward(self.t)
        if part == "x":
            return "What comes in at this tick: x_1 and x_2. An input learns nothing."
        if part == "c before":
            known = [f"c_{t - 1} = {num(self.p['c'][t - 1])}"] * self.has_forward(t - 1)
            return "\n".join([*known, *([f"it gets  {self.straight()}"] if back else [WAITS])])
        if part == "h before":
            known = [f"h_{t - 1} = {num(self.p['h'][t - 1])}"] * self.has_forward(t - 1)
            return "\n".join([*known, *([f"it gets  {self.through()}"] if back else [WAITS])])
        if part in ("c", "h"):
            lines = [self.cell() if part == "c" else self.hidden()] * there
            lines += [self.blame_of_c() if part == "c" else self.blame_of_h()] * back
        else:
            k = ROWS.index(part)
            lines = [self.gate(k)] * there + [self.blame_of(k)] * back
        return "\n".join([*lines, *[WAITS] * (not back)])

    def of_pipe(self, start, end):
        if not self.has_forward(self.t):
            return WAITS
        flow = self.flows()[PIPES.index((start, end))]
        blame = self.blames()[PIPES.index((start, end))]
        what = f"Forward {num(flow)} flows from {start} to {end}."
        return f"{what}\nBack comes {blame}." if blame else what

    # ---- over the ticks

    def over_ticks(self):
        """(rows, T) of what is known: c and h; and dh, dc, straight, shown."""
        p, ticks = self.p, range(1, self.T + 1)
        there = [[p[n][t] * self.has_forward(t) for t in ticks] for n in ("c", "h")]
        names = ("dh", "dc", "straight", "shown")
        back = [[p[n][t] * self.has_backward(t) for t in ticks] for n in names]
        return tidy(there, 5e-5), tidy(back, 5e-5)

    def gradients(self):
        """Columns of texts, a row for each layer: what is known of dW and db by now."""
        known = sum(
            (self.p["adds"][t - 1] for t in range(1, self.T + 1) if self.has_backward(t)),
            0 * self.p["adds"][0],
        )
        names = ("d_h", "d_x1", "d_x2", "d_b")
        texts = [[short(v) for v in row] for row in known.T]
        blank = [[""] * 4] * 4
        return dict(zip(names, texts if self.has_backward(self.T) else blank, strict=True))

    # ---- in words

    def sentence(self):
        p, T = self.p, self.T
        if not self.done:
            return f"A sequence of {T} ticks is ready; Step begins."
        here = f"Pass {self.number}, stage {self.done} of {len(self.names)}, {self.stage}"
        if self.kind == "tick":
            gates = ", ".join(
                f"{NAMES[g]} {say(self.at('a', k))}{' (in your hand)' if self.held(k) else ''}"
                for k, g in enumerate(GATES)
            )
            what = f"gates {gates}; c is {say(self.at('c'))}, h is {say(self.at('h'))}"
        elif self.kind == "loss":
            what = f"the last h is {say(p['h'][T])}, the target {say(self.values['y'])}, "
            what += f"J = {say(p['J'])}"
        elif self.kind == "back":
            what = (
                f"dc is {say(self.at('dc'))}, of it {say(self.at('straight'))} straight along "
                f"the cell and {say(self.at('shown'))} by way of h"
            )
        else:
            what = f"the new weights take J from {say(p['J'])} to {say(p['J_after'])}"
        return f"{here}: {what}."


def slope_of_tanh(a):
    """1 − a², of a value of tanh; as one number where a would be written as 1 or −1."""
    if num(abs(a)) == "1":
        return num(1 - a**2)
    return f"(1 − ({num(a)})^2)" if "·" in num(a) else f"(1 − {factor(a)}^2)"


def slope_of_gate(a):
    """a (1 − a); with the second factor as one number where a would be written as 1."""
    return f"1·{num(1 - a)}" if num(a) == "1" else f"{num(a)}·(1 − {num(a)})"


def tidy(numbers, least=NOTHING):
    """The same as an array, with 0 for what is smaller than `least`."""
    found = np.array(numbers, float)
    found[np.abs(found) < least] = 0
    return found
