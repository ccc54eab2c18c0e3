"""What the lab `gradient-flow` says: the product term by term, a sentence, what goes wrong."""

import numpy as np

from . import doctor
from . import gradient_flow_nets as nets

NAMES = {"rnn": "RNN", "lstm": "LSTM"}
SLOPES = {
    "tanh": "1 − h_t^2",
    "sigmoid": "h_t (1 − h_t)",
    "relu": "1 or 0",
    "identity": "1 for all",
}
VANISHED, EXPLODED = 1e-3, 1e3  # shares that arrive at tick 1
CAN_DO = 0.9  # share of right answers of a network that has learnt it
EDGE = 1.05  # a larger radius is not to blame where the gradient vanishes
FLAT = 0.3  # a mean slope below this is the activation's doing
CORRECT = 0.01  # an error dJ/dz below this leaves little to learn


class Words:
    """All texts of one moment. `rnn` and `lstm` are the walks back that `measure` looks at."""

    def __init__(self, lab, rnn, lstm):
        self.lab, self.rnn, self.lstm, self.v = lab, rnn, lstm, dict(lab.values)
        self.T, self.t = self.v["length"], lab.t
        self.radius = nets.spectral_radius(rnn.W_hh)
        self.norm_W = float(nets.norm_of(rnn.W_hh))
        self.of_factors, self.of_products = nets.norm_of(rnn.factors), nets.norm_of(rnn.products)
        self.sizes = {"rnn": sizes(rnn.dh[0]), "lstm": sizes(lstm.dc[0])}
        self.of_z = {"rnn": sizes(rnn.dh[1]), "lstm": sizes(lstm.dc[1])}
        self.share = {n: ratio(s[1], s[-1]) for n, s in self.of_z.items()}
        self.held_out, self.norms = lab.held_out, lab.norms
        self.clipped = {name: list(recent) for name, recent in lab.clipped.items()}

    # ---- term by term

    def about_rnn(self):
        """The whole way of the RNN, a list of lines."""
        slope = SLOPES[self.v["activation"]]
        return [
            "∂J/∂h_{t−1} = W_{hh}^T diag σ′(z_t) ∂J/∂h_t" + self.own_loss(self.T),
            f"σ′ = {slope}: {num(self.rnn.slopes.mean())} on average",
            f"W_{{hh}}: radius {num(self.radius)}, norm {num(self.norm_W)}",
            f"‖A_{{{self.T}}} ⋯ A_2‖ = {num(self.of_products[1])}",
            self.whole_way("rnn", "h"),
        ]

    def about_lstm(self):
        f, done = self.lstm.forget, self.lstm.products[1]
        return [
            "∂J/∂c_{t−1} = f_t ⊙ ∂J/∂c_t + what h_{t−1} brings",
            f"f_t: {num(f.mean())} on average",
            "along the cell no matrix and no slope",
            f"f_{{{self.T}}} ⋯ f_2: largest {num(done.max())}, mean {num(done.mean())}",
            self.whole_way("lstm", "c"),
        ]

    def whole_way(self, name, state):
        first, last = self.sizes[name][1], self.sizes[name][-1]
        a_tick = per_tick(ratio(first, last), self.T)
        ends = f"‖∂J/∂{state}‖: {num(last)} at t = {self.T}, {num(first)} at t = 1"
        return f"{ends}{self.times(a_tick)}"

    def times(self, a_tick):
        """The factor a tick, where there is one number for it."""
        return "" if self.lab.every or not a_tick else f", ×{num(a_tick)} a tick"

    def rnn_at(self):
        """The same of every tick, a text each."""
        ranges = ranges_of(self.rnn.slopes)
        done = zip(ranges, self.of_factors.tolist(), self.of_products.tolist(), strict=True)
        return ["\n".join(self.rnn_tick(t, *rest)) for t, rest in enumerate(done, 1)]

    def rnn_tick(self, t, slopes, factor, product):
        yield f"∂J/∂h_{{{t - 1}}} = W_{{hh}}^T diag σ′(z_{{{t}}}) ∂J/∂h_{{{t}}}{self.own_loss(t)}"
        yield f"σ′ from {slopes}"
        yield f"‖W_{{hh}}‖ = {num(self.norm_W)},   ‖A_{{{t}}}‖ = {num(factor)}"
        yield f"‖{chain('A', self.T, t)}‖ = {num(product)}"
        yield over("h", t, self.sizes["rnn"])

    def lstm_at(self):
        along = self.lstm.along[:-1]
        by_h = np.linalg.norm(self.lstm.dc[0, :-1] - along, axis=1).tolist()
        ranges = ranges_of(self.lstm.forget), ranges_of(self.lstm.products)
        done = zip(*ranges, np.linalg.norm(along, axis=1).tolist(), by_h, strict=True)
        return ["\n".join(self.lstm_tick(t, *rest)) for t, rest in enumerate(done, 1)]

    def lstm_tick(self, t, gates, products, along, by_h):
        more = f" + by h_{{{t - 1}}}" if t > 1 else ""
        yield f"∂J/∂c_{{{t - 1}}} = f_{{{t}}} ⊙ ∂J/∂c_{{{t}}}{more}"
        yield f"f_{{{t}}} from {gates}"
        yield f"along the cell ‖f ⊙ ∂J/∂c‖ = {num(along)},   by h {num(by_h)}"
        yield f"{chain('f', self.T, t)} from {products}"
        yield over("c", t, self.sizes["lstm"])

    def own_loss(self, t):
        return " + own loss" if self.lab.every and t > 1 else ""

    # ---- in a sentence

    def sentence(self):
        if self.lab.diverged:
            return self.lab.gone_wrong()
        if self.lab.is_as_chosen():
            return self.lab.notice
        when = f"Step {self.t:,}" if self.t else "Before training"
        alone = " (of the last loss alone)" if self.lab.every else ""
        rnn, lstm = (doctor.say(self.share[name], 2) for name in NAMES)
        return (
            f"{when}: from tick {self.T} back to tick 1 the RNN’s ‖∂J/∂h‖ is multiplied by {rnn}, "
            f"the LSTM’s ‖∂J/∂c‖ by {lstm}{alone}. Of the sequences held out the RNN gets "
            f"{self.learns('rnn')}, the LSTM {self.learns('lstm')}."
        )

    def learns(self, name):
        J, right = self.held_out[name]
        return f"{doctor.percent(right)} right (loss {doctor.say(J)})"

    # ---- what goes wrong

    def findings(self):
        if self.lab.diverged:
            return [self.diverged()]
        return doctor.findings(
            self.blocked(), self.vanished("rnn"), self.vanished("lstm"), self.exploded("rnn"),
            self.exploded("lstm"), self.was_clipped("rnn"), self.was_clipped("lstm"),
            self.hidden_by_every(), self.nothing_to_correct(),
        )  # fmt: skip

    def diverged(self):
        lab = self.lab
        worst = max(NAMES, key=lambda name: bad_last(lab.J.get(name, 0)))
        J = lab.J.get(worst, np.inf)
        what = f"the loss was {doctor.say(J)}" if np.isfinite(J) else "the loss was not a number"
        return doctor.finding(
            "diverged",
            "bad",
            f"At step {lab.diverged_at:,} {what} for the {NAMES[worst]}; the figure shows step "
            f"{self.t:,}.",
            "Choose a smaller radius or input scale, clip the gradient, or lower α; then Reset.",
        )

    def vanished(self, name):
        share, (_, right) = self.share[name], self.held_out[name]
        if not 0 < share < VANISHED or right > CAN_DO:
            return None
        return doctor.finding(
            f"vanished ({NAMES[name]})",
            "warn",
            f"The gradient at tick 1 is {doctor.say(share, 2)} times that at tick {self.T}, "
            f"×{doctor.say(per_tick(share, self.T), 2)} a tick: {self.why(name)}.",
            self.remedy(name),
        )

    def why(self, name):
        if name == "lstm":
            return f"f is {doctor.say(self.lstm.forget.mean(), 2)} on average"
        return (
            f"the slopes are {doctor.say(self.rnn.slopes.mean(), 2)} on average and the radius of "
            f"Wₕₕ is {doctor.say(self.radius, 2)}"
        )

    def remedy(self, name):
        if name == "lstm":
            return "Raise the forget bias, or make the way shorter."
        if self.v["activation"] == "sigmoid":
            return "The slope of sigmoid is at most 1/4: choose tanh or identity."
        if self.rnn.slopes.mean() < FLAT:
            return "The activation is saturated: try a smaller input scale or a smaller radius."
        if self.radius > EDGE and self.v["activation"] == "tanh":
            return "Wₕₕ alone would make it grow, the slopes win: try a smaller input scale."
        return "Raise the radius, make the way shorter, or look at the LSTM."

    def exploded(self, name):
        share = self.share[name]
        if share < EXPLODED:
            return None
        held = "Clipping keeps the steps short" if self.v["clip"] != "off" else "Clip the gradient"
        less = {"rnn": "a radius nearer to 1, or tanh,", "lstm": "a lower forget bias"}[name]
        return doctor.finding(
            f"exploded ({NAMES[name]})",
            "warn",
            f"The gradient at tick 1 is {doctor.say(share, 2)} times that at tick {self.T}, "
            f"×{doctor.say(per_tick(share, self.T), 3)} a tick; that of all weights has the norm "
            f"{doctor.say(self.norms[name], 2)}.",
            f"{held}; {less} takes away the cause.",
        )

    def was_clipped(self, name):
        if self.v["clip"] == "off":
            return None
        recent, norm = self.clipped[name], self.norms[name]
        return doctor.clipped(recent, self.v["clip"], norm, f"clipped ({NAMES[name]})")

    def blocked(self):
        """By relu: on every way back from T there is one that is off."""
        ends = [t for t, size in enumerate(self.of_z["rnn"]) if t and not size]
        if not ends:
            return None
        return doctor.finding(
            "blocked (RNN)",
            "warn",
            f"At tick {ends[-1]} and before it nothing of the gradient is left, exactly 0: a relu "
            "that is off has the slope 0, and on every way back there is one.",
            "Training on other sequences may open a way. Or take tanh.",
        )

    def nothing_to_correct(self):
        """The whole curve is low: that is not the way's doing."""
        errors = {"rnn": abs(self.rnn.error), "lstm": abs(self.lstm.error)}
        done = {name: error for name, error in errors.items() if error < CORRECT / self.asked}
        if not done:
            return None
        values = " and ".join(f"{doctor.say(e, 2)} for the {NAMES[n]}" for n, e in done.items())
        return doctor.finding(
            "nothing to correct",
            "note",
            f"For the sequence that is shown, ∂J/∂z at tick {self.T} is only {values}: such a "
            "curve is low from its start, as there is no error left to pass back.",
            "Compare its ends: the share at tick 1 tells what would arrive.",
        )

    @property
    def asked(self):
        """At how many ticks: J is their mean."""
        return self.T if self.lab.every else 1

    def hidden_by_every(self):
        share, whole = self.share["rnn"], self.sizes["rnn"][1]
        last = abs(self.rnn.error) * self.of_z["rnn"][1]
        if not self.lab.every or share > 0.1 or not whole > 0:
            return None
        return doctor.finding(
            "near losses hide it",
            "note",
            f"At tick 1 the RNN's gradient is {doctor.say(whole, 2)}, but only "
            f"{doctor.say(last, 2)} of it comes from tick {self.T}: the rest is of near ticks.",
            "The dashed line shows the last tick's alone.",
        )


def num(x):
    """A number with three digits: 0.0123, 4.5, 2.1·10^{−4}."""
    x = float(x)
    if not np.isfinite(x):
        return "∞"  # the numbers of this frame are lost: the run goes back to the one before
    if x and not 1e-3 <= abs(x) < 1e4:
        return doctor.power(x)
    return (f"{x:.0f}" if abs(x) >= 999.5 else f"{x:.3g}").replace("-", "−")


def sizes(vectors):
    """Norms of the rows, a list from t = 0 on."""
    return np.linalg.norm(vectors, axis=-1).tolist()


def ratio(first, last):
    return first / last if last > 0 else 0.0


def per_tick(share, length):
    """The factor that gives this share over all ticks."""
    return share ** (1 / (length - 1))


def bad_last(J):
    """For ordering: what is not a number is the worst."""
    return J if np.isfinite(J) else np.inf


def chain(letter, T, t):
    """The product from T down to t, as it is written."""
    if T - t > 1:
        return f"{letter}_{{{T}}} ⋯ {letter}_{{{t}}}"
    return " ".join(f"{letter}_{{{k}}}" for k in range(T, t - 1, -1))


def ranges_of(rows):
    """The range of each row in words."""
    numbers = zip(rows.min(1).tolist(), rows.max(1).tolist(), rows.mean(1).tolist(), strict=True)
    return [f"{num(lo)} to {num(hi)}, mean {num(mean)}" for lo, hi, mean in numbers]


def over(state, t, sizes):
    """What a tick does to the norm."""
    before, after = sizes[t], sizes[t - 1]
    grows = f": ×{num(after / before)}" if before > 0 else ""
    name = "‖∂J/∂{}_{{{}}}‖"
    return f"{name.format(state, t)} = {num(before)} → {num(after)}{grows}"
