"""What the lab `five` says: the scoreboard, a sentence, what goes wrong."""

import numpy as np

from . import doctor
from .doctor import finding, percent, say
from .five_nets import KINDS, READERS, RECURRENT, in_a_row, multiply_adds, parameters
from .five_panels import SHORT, SHOTS
from .gradient_flow_words import bad_last
from .learner import LIMIT

VANISHED = 1e-3  # of what an answer depends on: that at the first row, beside that at the last tick
BY_HEART = 0.15  # so much better on digits that were learnt
IDLE = 0.5  # of the units of the dense net
YOUNG = 200  # steps before a GAN is called collapsed
SIZES = {
    "dense": "{0} units", "cnn": "{0} + {1} kernels", "rnn": "{0} units", "lstm": "{0} cells",
    "gan": "{0} units each",
}  # fmt: skip


class Words:
    """All texts of one moment."""

    def __init__(self, lab):
        self.lab, self.t, self.v = lab, lab.t, dict(lab.values)
        self.look, self.found, self.whose = lab.look, len(lab.found), lab.whose

    def table(self):
        """The columns of the scoreboard, and the texts above the wrong answers."""
        size, ticks = self.lab.size, self.lab.ticks
        writes = f"{self.look.kinds} kind{'s' * (self.look.kinds != 1)}"
        return {
            "units": [SIZES[name].format(H, 2 * H) for name, H in size.items()],
            "parameters": [f"{parameters(name, H):,}" for name, H in size.items()],
            "work": [f"{multiply_adds(name, H, ticks):,}" for name, H in size.items()],
            "row": [str(in_a_row(name, ticks)) for name in size],
            "seen": [*map(exact, self.look.learnt), "–"],
            "new": [*map(exact, self.look.new), writes],
            "heading": self.heading(),
        }

    def heading(self):
        who, kind = self.whose
        of = (
            "wrong answers"
            if kind is None
            else f"wrong answers to {'an' if kind == 8 else 'a'} {kind}"
        )
        most = f"; here are {SHOTS}" if self.found > SHOTS else ""
        return f"{SHORT[READERS[who]]}: {self.found} {of}{most}"

    # ---- in a sentence

    def sentence(self):
        if self.lab.diverged:
            return self.lab.gone_wrong()
        if self.lab.is_as_chosen():
            return self.lab.notice
        ranks = sorted(zip(self.look.new, READERS, strict=True), key=lambda pair: -pair[0])
        (best, first), *others = ranks
        rest = ", ".join(f"the {the(name)} {exact(share)}" for share, name in others)
        when = f"After {self.look.t:,} steps" if self.look.t else "Before training"
        return (
            f"{when} the {the(first)} reads {exact(best)} of the test digits rightly, {rest}. As "
            f"the CNN reads them, the GAN writes {self.look.kinds} of {KINDS} kinds of digits."
        )

    # ---- what goes wrong

    def findings(self):
        if self.lab.diverged:
            return [self.lost()]
        return doctor.findings(
            self.same_run(),
            *[self.vanished(name) for name in RECURRENT],
            self.by_heart(),
            self.dead(),
            self.collapsed(),
            self.D_wins(),
            doctor.whole_set(self.v["batch"], len(self.lab.x)),
        )

    def lost(self):
        """The worst of the losses of the step that could not be made."""
        losses = self.lab.lost or self.lab.J
        worst = max(losses, key=lambda name: bad_last(losses[name]))
        alpha = self.v["alpha_gan" if worst in "GD" else "alpha"]
        found = doctor.diverged(self.lab.diverged_at, self.t, losses[worst], LIMIT, alpha)
        return found | {"text": f"{SHORT.get(worst, worst)}: {found['text']}"}

    def same_run(self):
        if not self.v["shuffle"]:
            return None
        return finding(
            "shuffled",
            "note",
            "Dense layers know no neighbours: with their first weights in the order of the pixels, "
            "the dense net and the GAN make the very run that they make without shuffling.",
            "Switch “shuffled pixels” off and compare: the others do not. (So another CNN reads "
            "what the GAN writes, and may count other kinds.)",
        )

    def vanished(self, name):
        sizes = self.look.hangs[name]
        if not sizes[-1] or sizes[0] >= VANISHED * sizes[-1]:
            return None
        return finding(
            f"vanished ({SHORT[name]})",
            "warn",
            f"Its answer depends {say(sizes[0] / sizes[-1], 2)} times as much on the first row as "
            f"on the last tick, {len(sizes) - 1} ticks later.",
            "Take empty ticks away"
            + (", or choose a higher forget bias." if name == "lstm" else ", or ask the LSTM."),
        )

    def by_heart(self):
        gaps = np.subtract(self.look.learnt, self.look.new)
        k = int(gaps.argmax())
        learnt, new = self.look.learnt[k], self.look.new[k]
        if gaps[k] < BY_HEART or learnt < 0.9:
            return None
        unlike = (self.v["shift"] or self.v["noise"]) and not self.v["seen"]
        return finding(
            "unlike in training" if unlike else "overfitting",
            "warn",
            f"The {the(READERS[k])} reads {percent(learnt)} of the digits that it learnt from, and "
            f"{percent(new)} of new ones.",
            "Under “More”, let them learn from moved and noisy digits, too."
            if unlike
            else "Give them more training digits.",
        )

    def dead(self):
        if self.look.idle < IDLE:
            return None
        return finding(
            "dead ReLUs",
            "warn",
            f"{percent(self.look.idle)} of the dense net’s hidden units are 0 for every digit that "
            "was looked at; no gradient reaches them.",
            f"Try a learning rate below α = {say(self.v['alpha'])}, and Reset.",
        )

    def collapsed(self):
        if self.t < YOUNG or self.look.kinds > KINDS // 2:
            return None
        return finding(
            "mode collapse",
            "warn",
            f"Of {KINDS} kinds of digits the CNN finds {self.look.kinds} in what the GAN writes.",
            "Try a lower learning rate of the GAN, and Reset.",
        )

    def D_wins(self):
        real, written = self.look.D_right
        if self.t < YOUNG or min(real, written) < 0.98:
            return None
        return finding(
            "D wins",
            "warn",
            f"D tells {percent(real)} of the test digits and {percent(written)} of the written "
            "ones: little is left from which G could learn.",
            "Try a lower learning rate of the GAN, and Reset.",
        )


def the(name):
    return "dense net" if name == "dense" else SHORT[name]


def exact(share):
    return f"{100 * float(share):.1f}\u00a0%"
