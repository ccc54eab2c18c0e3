"""What the lab `char-rnn` says: of every letter of the text, of every unit, in a sentence."""

import numpy as np

from . import doctor
from .char_rnn_names import LETTERS
from .char_rnn_writing import SHOWN, WRITTEN
from .gradient_flow_words import num

MOST_OF_IT = 0.9  # of all gradient lengths: the letters that hold so much of it
SLACK = 1.02  # the held-out loss may turn up by so much
FLAT = 0.5  # a share of saturated states above this is worth a word
SEEN = 10  # so often a letter must stand in the names that a unit is judged by
CLEAR = 0.1  # nats: what exchanging a letter does, if it does anything


class Words:
    """All texts of one moment; made by `CharRnn.measure`."""

    def __init__(self, lab):
        self.lab, self.seen, self.written = lab, lab.seen, lab.written
        self.known_held_out = lab.writer.known_held_out
        self.names = [LETTERS[k] for k in self.seen.x]
        counts = np.bincount(lab.study.groups[0])
        self.common = set(np.flatnonzero(counts >= SEEN).tolist())

    def frame(self):
        kind = self.lab.writer.kind
        shown = self.written.names[:SHOWN]
        return {
            "names": [name or "(empty)" for name in shown],
            "kinds": [kind(name) for name in shown],
            "about": "Pick a letter of the text.",
            "about_at": ["\n".join(self.about_at(t)) for t in range(len(self.names))],
            "units": self.about_units(),
            "unit_at": ["\n".join(self.unit_at(j)) for j in range(len(self.seen.h[0]))],
        }

    # ---- of the text

    def about_at(self, t):
        seen = self.seen
        asked, following = LETTERS[seen.asked[t]], LETTERS[seen.next[t]]
        likeliest = np.argsort(-seen.p[t], kind="stable")[:4]
        rest = ", ".join(f"{LETTERS[k]} {doctor.percent(seen.p[t, k])}" for k in likeliest)
        if self.lab.left_out:
            yield f"Left out of your text, as no letters a to z: {quoted(self.lab.left_out)}."
        read = "".join(self.names[: t + 1])
        yield f"After “{read}” it expects {rest}; in your text comes {following}."
        yield f"What ln p of {asked} = {num(seen.log_p[t, seen.asked[t]])} depends on:"
        yield self.by_gradient(t)
        yield self.by_exchange(t)

    def by_gradient(self, t):
        lengths = self.seen.gradient[t, : t + 1]
        top = np.argsort(-lengths, kind="stable")[:3]
        listed = ", ".join(f"{self.called(s, t)} {num(lengths[s])}" for s in top)
        return f"gradient ‖∂ ln p/∂x_s‖, largest at {listed}; {self.reach(lengths)}"

    def reach(self, lengths):
        """How many of the last letters hold most of the gradient."""
        total = np.cumsum(lengths[::-1])
        n = int(np.searchsorted(total, MOST_OF_IT * total[-1])) + 1
        last = "the last letter holds" if n == 1 else f"the last {n} letters hold"
        return f"{last} {doctor.percent(MOST_OF_IT)} of it"

    def by_exchange(self, t):
        change = self.seen.exchanged[t, : t + 1]
        top = np.argsort(-np.abs(change), kind="stable")[:3]
        top = [s for s in top if abs(change[s]) >= CLEAR]
        if not top:
            return "swap: with another letter in any one place, ln p would be much the same"
        listed = ", ".join(f"{self.called(s, t)} {signed(change[s])}" for s in top)
        return f"swap: ln p with this letter, less its mean with others: {listed}"

    def called(self, s, t):
        """A letter by its place, where there is another one like it."""
        name = self.names[s]
        return f"{name}_{s}" if self.names[: t + 1].count(name) > 1 else name

    # ---- of the units

    def about_units(self):
        last, before, place = (float(share.mean()) for _, share in self.lab.units)
        return [
            "Of the variance of the states, over many names, it explains",
            f"{doctor.percent(last)} to know the last letter alone,",
            f"{doctor.percent(before)} the letter before it alone,",
            f"{doctor.percent(place)} the place in the name alone.",
            "Pick a unit for its own numbers.",
        ]

    def unit_at(self, j):
        (means, last), (_, before), (_, place) = self.lab.units
        order = [k for k in np.argsort(means[:, j], kind="stable") if k in self.common]
        high = ", ".join(LETTERS[k] for k in order[:-5:-1])
        low = ", ".join(LETTERS[k] for k in order[:4])
        yield f"highest after {high} ({num(means[order[-1], j])})"
        yield f"lowest after {low} ({num(means[order[0], j])})"
        yield f"of its variance, the last letter explains {doctor.percent(last[j])},"
        yield f"the letter before it {doctor.percent(before[j])},"
        yield f"the place in the name {doctor.percent(place[j])}"

    # ---- in a sentence

    def sentence(self):
        lab = self.lab
        if lab.diverged:
            return lab.gone_wrong()
        if lab.is_as_chosen():
            return lab.notice
        _, train, test = lab.history[-1]
        pairs, threes = lab.study.baselines
        known, real, copied = map(
            doctor.percent, (self.written.known, self.known_held_out, self.written.copied)
        )
        return (
            f"Step {lab.t:,}: {test:.2f} nats a character of {lab.study.tested} names held out, "
            f"{train:.2f} of those learnt from (bigrams {pairs:.2f}, trigrams {threes:.2f}). Of "
            f"{WRITTEN} names it writes, {known} have only known trigrams (of real names held out "
            f"{real}), {copied} are copied."
        )

    # ---- what goes wrong

    def findings(self):
        lab, v = self.lab, self.lab.values
        if lab.diverged:
            return [doctor.diverged(lab.diverged_at, lab.t, lab.J, lab.limit, lab.alpha_used)]
        return doctor.findings(
            self.other_characters(),
            doctor.loss_growing(lab.history, v["alpha"], factor=1.15),
            self.exploding(),
            doctor.overfitting(lab.history, gap=SLACK, remedies="more names, fewer units"),
            self.copies(),
            self.all_alike(),
            self.saturated(),
            self.was_clipped(),
            doctor.whole_set(v["batch"], len(lab.x)),
        )

    def other_characters(self):
        """It knows a to z, and not even "-"."""
        left = self.lab.left_out
        letters = self.lab.letters
        if not left:
            return None
        return doctor.finding(
            "other characters",
            "note",
            f"Your text has characters that are no letters a to z, {quoted(left)}: the network has "
            f"never met them. They are left out, and it reads “{letters}”.",
            "Capitals become small and accents are dropped; the rest is up to you.",
        )

    def copies(self):
        share, n = self.written.copied, len(self.lab.x)
        if share < 0.3:
            return None
        return doctor.finding(
            "it copies",
            "warn",
            f"{doctor.percent(share)} of {WRITTEN} names that it writes are names of the {n:,} it "
            "learns from.",
            "More training names, fewer hidden units, or a higher temperature.",
        )

    def all_alike(self):
        if self.written.different > WRITTEN / 4:
            return None
        return doctor.finding(
            "all alike",
            "note",
            f"Of {WRITTEN} names it writes only {self.written.different} are different: at the "
            f"temperature {self.lab.values['temperature']:g} it takes the likeliest letters.",
            "Raise the temperature: 1 is what the network has learnt.",
        )

    def saturated(self):
        if self.lab.values["cell"] != "RNN" or self.lab.flat < FLAT:
            return None
        return doctor.finding(
            "saturation",
            "warn",
            f"{doctor.percent(self.lab.flat)} of the states are within 5 % of ±1, the flat ends "
            "of tanh: hardly any gradient passes through them.",
            "Try a smaller learning rate, and Reset.",
        )

    def exploding(self):
        if self.lab.most or self.lab.norm < 10:
            return None
        return doctor.finding(
            "exploding gradient",
            "warn",
            f"The gradient of the last batch has the norm {doctor.say(self.lab.norm)}: a step "
            "along it throws the weights far away.",
            "Clip it at norm 1.",
        )

    def was_clipped(self):
        recent = self.lab.clipped
        if not self.lab.most or sum(recent) < max(3, len(recent) / 2):
            return None
        return doctor.finding(
            "clipped",
            "note",
            f"Of the last {len(recent)} gradients, {sum(recent)} had a norm above "
            f"{self.lab.values['clip']} and took a shorter step.",
            "Clipping keeps the direction. If it is needed all the time, α or the norm is small.",
        )


def quoted(characters, most=5):
    rest = " …" if len(characters) > most else ""
    return " ".join(f"“{c}”" for c in characters[:most]) + rest


def signed(x):
    return ("+" if x > 0 else "") + num(x)
