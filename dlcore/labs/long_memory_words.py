"""What the lab `long-memory` says: a table, a sentence, what goes wrong."""

import numpy as np

from . import doctor
from .gradient_flow_words import NAMES, bad_last, num, per_tick
from .learner import LIMIT
from .long_memory_nets import ADDING

VANISHED = 1e-3  # share of the largest gradient that arrives at a marked tick
FLAT = 0.9  # of the loss of who always says the mean
PATIENCE = 60  # steps before a flat loss is told


class Words:
    """All texts of one moment."""

    def __init__(self, lab):
        self.lab, self.t, self.v = lab, lab.t, dict(lab.values)
        self.lately, self.solved, self.norms = lab.lately, lab.solved, lab.norms
        self.clipped = {name: list(recent) for name, recent in lab.clipped.items()}
        self.marked = np.flatnonzero(lab.shown[:, 0, 1]).tolist()
        self.right = float(lab.shown[:, 0].prod(1).sum())  # of the numbers that are marked
        self.probed = dict(lab.probed)

    def table(self):
        return {
            "units": [str(H) for H in (self.lab.rnn_units, self.v["hidden"])],
            "parameters": [f"{self.lab.sizes[name]:,}" for name in NAMES],
            "loss": [doctor.say(self.lately[name]) for name in NAMES],
            "solved": [f"{self.solved[name]:,}" if self.solved[name] else "not yet"
                       for name in NAMES],
        }  # fmt: skip

    def about(self):
        """What the answers to the sequence that is shown depend on, a list of lines."""
        adding = self.v["task"] == ADDING
        where = " and ".join(str(t + 1) for t in self.marked)
        yield f"right: {num(self.right)}"
        for name, label in NAMES.items():
            yield f"{label} says {num(self.probed[name].answer)}"
        if adding:
            yield f"∂ŷ/∂ number at ticks {where}, where it should be 1:"
        else:
            yield "∂ŷ/∂ number at tick 1:"
        for name, label in NAMES.items():
            found = (num(self.probed[name].dx[t, 0]) for t in self.marked)
            yield f"{label}  {' and '.join(found)}"

    # ---- in a sentence

    def sentence(self):
        if self.lab.diverged:
            return self.lab.gone_wrong()
        if self.lab.is_as_chosen():
            return self.lab.notice
        when = f"Step {self.t:,}" if self.t else "Before training"
        losses = " and ".join(f"{doctor.say(self.lately[n])} for the {NAMES[n]}" for n in NAMES)
        return (
            f"{when}: over the last sequences the loss is {losses}; who always says 0 has "
            f"{doctor.say(self.lab.guessing)}. {self.who_solved()}"
        )

    def who_solved(self):
        done = sorted((step, NAMES[name]) for name, step in self.solved.items() if step)
        if not done:
            return "Neither has solved it yet."
        steps = ", and ".join(f"the {label} at step {step:,}" for step, label in done)
        missing = [f"; the {NAMES[name]} has not" for name, step in self.solved.items() if not step]
        return f"Solved: {steps}{''.join(missing)}."

    # ---- what goes wrong

    def findings(self):
        lab = self.lab
        if self.lab.diverged:
            worst = max(NAMES, key=lambda name: bad_last(lab.lost[name]))
            found = doctor.diverged(
                lab.diverged_at, self.t, lab.lost[worst], LIMIT, self.v["alpha"]
            )
            return [found | {"text": f"{NAMES[worst]}: {found['text']}"}]
        return doctor.findings(
            *[self.vanished(name) for name in NAMES],
            *[self.flat(name) for name in NAMES],
            *[self.was_clipped(name) for name in NAMES],
        )

    def vanished(self, name):
        """At the first marked tick, beside the tick that gets most."""
        sizes, first = self.probed[name].size, self.marked[0]
        most, ticks = float(sizes.max()), self.v["length"] - 1 - first
        if self.solved[name] or not most or sizes[first] >= VANISHED * most:
            return None
        share = float(sizes[first]) / most
        factor = f", ×{doctor.say(per_tick(share, ticks + 1), 2)} a tick" if share else ""
        return doctor.finding(
            f"vanished ({NAMES[name]})",
            "warn",
            f"Of its answer’s gradient, {doctor.say(share, 2)} arrives at the marked tick "
            f"{first + 1}, {ticks} ticks back{factor}.",
            self.remedy(name),
        )

    def remedy(self, name):
        if name == "lstm":
            return "Begin with memories of 1 to T ticks, or with a higher forget bias."
        if self.v["rnn_start"] == "random":
            return "Make the way shorter, or let Wₕₕ begin orthogonal."
        return "Make the way shorter, or look at the LSTM."

    def flat(self, name):
        if self.t < PATIENCE or self.lately[name] < FLAT * self.lab.guessing:
            return None
        return doctor.finding(
            f"says the mean ({NAMES[name]})",
            "note",
            f"After {self.t:,} steps its loss is {doctor.say(self.lately[name])} over the last "
            f"ones; who always says 0 has {doctor.say(self.lab.guessing)}.",
            "It has learnt nothing of what is asked yet.",
        )

    def was_clipped(self, name):
        if self.v["clip"] == "off":
            return None
        recent, size = self.clipped[name], self.norms[name]
        return doctor.clipped(recent, self.v["clip"], size, f"clipped ({NAMES[name]})")
