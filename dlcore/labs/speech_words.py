"""What the lab `speech` says: what is believed at a frame, the counts, and what goes wrong."""

import numpy as np

from . import doctor
from .speech_controls import CHANGES, END, USUAL
from .speech_panels import NAMES

SURE = 0.9  # a belief above this counts as knowing
LOST = 0.5  # a belief that is less with a short silence depends on that moment
CHANCE = 0.5  # share of all words below which a change leaves hardly anything
MOST = 3  # digits that are named at a frame


class Words:
    """All texts of one moment: the word of `lab`, heard up to frame `last`, counted from 0."""

    def __init__(self, lab, last):
        self.lab, self.last, self.v = lab, last, dict(lab.values)
        self.ears, self.digit, self.T = lab.ears, lab.digit, len(lab.sound())

    # ---- panels of text

    def about(self, t):
        """What both believe after frame t, counted from 0, a list of lines."""
        if t > self.last:
            return [f"frame {t + 1} of {self.T} has not been heard yet"]
        lines = [f"after frame {t + 1} of {self.T}; spoken was {self.digit}"]
        for kind, name in NAMES.items():
            p = self.ears[kind].p[t]
            best = np.argsort(-p)[:MOST]
            told = ", ".join(f"{k} ({doctor.percent(p[k])})" for k in best)
            lines.append(f"{name}: {told}")
        if t == self.last:
            lines += [f"{name}: {self.since(kind)}" for kind, name in NAMES.items()]
            lines += [f"{name}: {self.hangs_on(kind)}" for kind, name in NAMES.items()]
        return lines

    def since(self, kind):
        """From which frame on it was sure of what it says now."""
        said, first = self.ears[kind].said, self.known_from(kind)
        if first is None:
            return f"is not sure of {said} now"
        return f"sure of {said} from frame {first + 1} on"

    def hangs_on(self, kind):
        """Where a short silence takes most of the belief."""
        ear = self.ears[kind]
        worst = int(ear.left.argmin())
        if ear.left[worst] > LOST:
            return f"no short silence takes {ear.of} away"
        return f"silence at frame {worst + 1} leaves {doctor.percent(ear.left[worst])} for {ear.of}"

    def known_from(self, kind):
        """The frame from which on the belief in its answer is above SURE, or None."""
        p = self.ears[kind].p[: self.last + 1, self.ears[kind].said]
        doubt = np.flatnonzero(p <= SURE)
        first = int(doubt[-1]) + 1 if len(doubt) else 0
        return first if first <= self.last else None

    def all_words(self):
        """How many are heard right, as they were spoken and as they have been changed."""
        as_spoken = {name: USUAL[name] for name in CHANGES} | {"part": 1.0}
        lines = [f"right of 600, when taught to answer at {self.v['asked']}"]
        for kind, name in NAMES.items():
            plain = int(np.trace(self.lab.table(kind, as_spoken)))
            now = int(np.trace(self.lab.table(kind)))
            changed = f", as it is heard here {now}" if self.is_changed else ""
            lines.append(f"{name}: as spoken {plain}{changed}")
        return lines

    @property
    def is_changed(self):
        return any(self.v[name] != USUAL[name] for name in CHANGES)

    # ---- in a sentence

    def sentence(self):
        verdicts = [
            f"the {NAMES[kind]} says {ear.said}, with {doctor.percent(ear.p[self.last].max())}"
            for kind, ear in self.ears.items()
        ]
        word = f"Word {self.v['word']}, a {self.digit}"
        frames = f"{self.last + 1} of {self.T} frames" if self.lab.heard else f"all {self.T} frames"
        changed = ", changed," if self.is_changed else ""
        return f"{word}{changed} after {frames}: {'; '.join(verdicts)}."

    # ---- what goes wrong

    def findings(self):
        return doctor.findings(
            *[self.wrong(kind) for kind in NAMES], *[self.lost(kind) for kind in NAMES],
            self.never_asked(), self.none_of_these(),
        )  # fmt: skip

    def wrong(self, kind):
        """At the end of the word it is sure of another digit."""
        ear = self.ears[kind]
        p = float(ear.p[self.last, ear.said])
        if self.lab.heard is not None or ear.said == self.digit or p < SURE:
            return None
        return doctor.finding(
            f"sure, and wrong ({NAMES[kind]})", "warn",
            f"The {NAMES[kind]} gives {doctor.percent(p)} to {ear.said}; spoken was {self.digit}, "
            f"which gets {doctor.percent(ear.p[self.last, self.digit])}.",
            "A belief is only as good as the words it was learnt from: look at the frames that it "
            "depends on, and under “More” at the log odds of the digit spoken.",
        )  # fmt: skip

    def lost(self, kind):
        """It knew, and does not any more."""
        ear = self.ears[kind]
        p = ear.p[: self.last + 1, self.digit]
        if ear.said == self.digit or p.max() < SURE:
            return None
        at = int(np.flatnonzero(p >= SURE)[-1]) + 1
        return doctor.finding(
            f"it knew ({NAMES[kind]})", "note",
            f"After frame {at} the {NAMES[kind]} still gave {doctor.percent(p[at - 1])} to "
            f"{self.digit}; now it says {ear.said}.",
            "What came after it has overwritten the state. A listener that stops when it is sure "
            "would have been right.",
        )  # fmt: skip

    def never_asked(self):
        if self.v["asked"] != END or (self.lab.heard is None and self.v["part"] == 100):
            return None
        return doctor.finding(
            "never asked", "note",
            "These networks had to answer only after the last frame of a word; no loss has told "
            "them what to believe before it.",
            "Compare those that were taught to answer at every frame.",
        )  # fmt: skip

    def none_of_these(self):
        """Most words are lost, and the networks are sure all the same."""
        right = {kind: np.trace(self.lab.table(kind)) / 600 for kind in NAMES}
        kind = min(right, key=right.get)
        sure = float(self.ears[kind].p[self.last].max())
        if right[kind] > CHANCE or sure < SURE or self.lab.heard is not None:
            return None
        return doctor.finding(
            "sure all the same", "warn",
            f"Of sounds changed like this the {NAMES[kind]} gets {doctor.percent(right[kind])} "
            f"right, and yet it gives {doctor.percent(sure)} to its answer: softmax shares out 1 "
            "among ten digits, and “none of these” is not among them.",
            "What a network has never heard it cannot doubt. Teach it such sounds, too.",
        )  # fmt: skip
