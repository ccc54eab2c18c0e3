"""What the lab `gates` says: what each unit does, a sentence, what goes wrong."""

import numpy as np

from . import doctor
from .gradient_flow_words import num
from .learner import LIMIT

LETTERS = {"f": "forget", "i": "input", "o": "output"}
FOLLOWS = 0.5  # a correlation below this is not told
LEARNT = 0.9  # share of right answers of a network that has learnt it
VANISHED = 1e-3  # share of the gradient that is left
SHUT = 0.05  # a gate that is never above this is shut
PATIENCE = 100  # steps before a flat loss is told


class Words:
    """All texts of one moment; `gates` are the six arrays (T, H) of the sequence that is shown."""

    def __init__(self, lab, gates):
        self.lab, self.gates, self.t, self.task = lab, gates, lab.t, lab.task
        self.names = list(lab.signals)
        self.follows = dict(zip(("f", "i", "o", "c̃", "c", "h"), lab.follows, strict=True))
        self.spread = lab.spread
        self.right, self.J, self.norm = lab.right, lab.held_out, lab.norm
        self.clipped = list(lab.clipped)
        self.best = int(sum(np.abs(r).max(1) for r in self.follows.values()).argmax())
        self.walk = lab.walk

    # ---- what a unit does

    def strongest(self, part, unit):
        """(name of the signal that a part of a unit follows most, correlation)."""
        r = self.follows[part][unit]
        k = int(np.abs(r).argmax())
        return self.names[k], float(r[k])

    def does(self, part, unit):
        """In words: "opens at ? (r = 0.97)"; None where it follows nothing."""
        name, r = self.strongest(part, unit)
        if abs(r) < FOLLOWS:
            return None
        kept = name == self.names[-1]
        if part in LETTERS:
            verb = ("rises with the " if kept else "opens at ") if r > 0 else (
                "falls with the " if kept else "closes at ")  # fmt: skip
        elif kept:
            verb = "follows the " if r > 0 else "follows minus the "
        else:
            verb = "up at " if r > 0 else "down at "
        return f"{verb}{quoted(name)} (r = {signed(r)})"

    def of_units(self):
        return ["\n".join(self.of_unit(unit)) for unit in range(self.lab.values["hidden"])]

    def of_unit(self, unit):
        for k, part in enumerate(self.follows):
            if part != "h":
                mean = f", {num(self.spread[k][:, unit].mean())} on average" * (part in LETTERS)
                yield f"{part}{mean}: {self.does(part, unit) or 'follows none of these'}"

    def about(self):
        return ["Choose a unit: a row of a map, or of this table."]

    # ---- in a sentence

    def sentence(self):
        if self.lab.diverged:
            return self.lab.gone_wrong()
        if self.lab.is_as_chosen() and self.lab.typed is None:
            return self.lab.notice
        when = f"Step {self.t:,}" if self.t else "Before training"
        return (
            f"{when}: {doctor.percent(self.right)} of the answers{self.where()} are right, the "
            f"loss is {doctor.say(self.J)} (who guesses the mean: "
            f"{doctor.say(self.lab.guessing)}). {self.of_best()}"
        )

    def where(self):
        return f" at {quoted(self.task.asked)}" if self.task.asked else ""

    def of_best(self):
        """What the cell does that carries most of what is to be kept."""
        unit, r = self.best, float(self.follows["c"][self.best, -1])
        if abs(r) < FOLLOWS:
            return f"No cell follows the {self.names[-1]} yet."
        parts = [f"{part} {found}" for part in LETTERS if (found := self.does(part, unit))]
        gates = f"; its {', its '.join(parts)}" if parts else ""
        minus = "" if r > 0 else "minus "
        return f"Cell {unit + 1} follows {minus}the {self.names[-1]} (r = {signed(r)}){gates}."

    # ---- what goes wrong

    def findings(self):
        lab = self.lab
        if self.lab.diverged:
            return [doctor.diverged(lab.diverged_at, self.t, lab.J, LIMIT, lab.alpha_used)]
        off = lab.values["clip"] == "off"
        return doctor.findings(
            self.vanished(),
            *[self.shut(k, name) for k, name in enumerate(LETTERS.values())],
            self.flat(),
            None if off else doctor.clipped(self.clipped, lab.values["clip"], self.norm),
        )

    def vanished(self):
        """Of the last answer, at the tick where what it needs came in."""
        s = self.lab.sequence
        since, T = self.task.since(s), len(s)
        asked = self.task.asked is None or self.task.symbols[s[-1]] == self.task.asked
        sizes = np.linalg.norm(self.walk.dc[1, 1:], axis=1)
        if not asked or self.right > LEARNT or not sizes[-1] or since == T - 1:
            return None
        share, ticks = float(sizes[since] / sizes[-1]), T - 1 - since
        if share > VANISHED:
            return None
        f = self.gates["f"][since + 1 :].astype(float)
        last = self.walk.dc[1, -1]
        straight = float(np.linalg.norm(last * f.prod(0)) / sizes[-1])
        rest = ", and the rest has come by h" if share > 2 * straight else ""
        return doctor.finding(
            "vanishing gradient",
            "warn",
            f"Of the last answer’s gradient at c, {doctor.say(share, 2)} is left at tick "
            f"{since + 1}, where what it needs came in, {ticks} ticks before. There f is "
            f"{doctor.say(f.mean(), 2)} on average; the forget gates alone would leave "
            f"{doctor.say(straight, 2)}{rest}.",
            "Raise the forget bias, or make the sequence shorter.",
        )

    def shut(self, k, name):
        """A gate that never opens on the sequences held out."""
        most = self.spread[k].max(0)
        units = [str(unit + 1) for unit in np.flatnonzero(most < SHUT)]
        if not units or self.right > LEARNT:
            return None
        of = f"unit {units[0]}" if len(units) == 1 else f"units {', '.join(units)}"
        top = float(most[most < SHUT].max())
        return doctor.finding(
            f"{name} gate shut",
            "warn",
            f"The {name} gate of {of} is never above {doctor.say(top, 2)} on {self.lab.y.shape[1]} "
            f"sequences: its slope, {name[0]} (1 − {name[0]}), is no larger, and next to no "
            "gradient reaches its weights.",
            "Raise the forget bias." if name == "forget"
            else "A lower learning rate, or clipping, would not have thrown it there: Reset.",
        )  # fmt: skip

    def flat(self):
        if self.t < PATIENCE or 0.95 * self.lab.guessing > self.J:
            return None
        return doctor.finding(
            "nothing learnt yet",
            "note",
            f"After {self.t:,} steps the loss is {doctor.say(self.J)}; who always answers the mean "
            f"has {doctor.say(self.lab.guessing)}.",
            "It may take longer: let it run. Or try another α, or another forget bias.",
        )


def quoted(name):
    """A symbol as it stands in a sentence."""
    return f"“{name}”" if len(name) == 1 else name


def signed(r):
    return f"{r:+.2f}".replace("-", "−").replace("+", "")
