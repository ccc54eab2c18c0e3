"""What the lab `style` says: captions, numbers, and what to make of a letter."""

import math

from ..style import sharpness
from . import trained
from .doctor import finding, percent
from .doctor import findings as found
from .style_controls import FONTS, LEARNT
from .style_translation import WAYS

SOFT = 0.9  # times the sharpness of the true letter: edges that are softer are soft
FAR = 1.6  # times the mean L1 of its font: a letter that is farther off is a failure
NO_TRUTH = "no font here has it: nothing to compare with"
NOTHING = "–"
NAMES = {"gan": "with D", "plain": "L1", "squares": "squares"}
THIN = 0.93  # of the true ink: a letter with less has lost strokes


def fine(x):
    return f"{x:.3f}".replace("-", "−") if math.isfinite(x) else NOTHING


class Words:
    """Of what a lab has just measured; `places` are those of the letters of its text."""

    def __init__(self, lab, places):
        self.lab, self.v, self.now, self.k, self.places = (
            lab,
            lab.values,
            lab.now,
            lab.glyph,
            places,
        )
        self.font, self.style = FONTS[self.v["font"]], self.v["style"]
        self.l1 = {way: self.now.errors(way) for way in WAYS[:-1]}
        self.sharp = dict(zip(WAYS, map(sharpness, lab.four), strict=True))
        total = lab.four[-1].sum() or math.nan
        self.ink = dict(zip(WAYS, (float(x.sum() / total) for x in lab.four), strict=True))

    @property
    def has_truth(self):
        return self.now.has_truth

    @property
    def strength(self):
        return f"{self.v['strength']:g}".replace("-", "−")

    @property
    def is_fair(self):
        """Was the network trained, and asked for what there is a true letter of?"""
        return self.now.steps and self.has_truth and self.v["strength"] == 1

    # ---- captions and numbers

    def texts(self):
        much = "" if self.v["strength"] == 1 else f"{self.strength} times "
        true = f"{self.font}, {self.style}: the true one" if self.has_truth else NO_TRUTH
        means = [percent(p.mean()) for p in self.lab.beliefs]
        return {
            "line_captions": [
                f"{self.font}, regular",
                f"{much}{self.style}, by the network after {self.now.steps:,} steps",
                f"{much}{self.style}, by hand",
                true,
            ],
            "ways": [*WAYS[:-1], self.if_true(WAYS[-1])],
            "l1_captions": [self.if_true(f"L1 {fine(e[self.k])}") for e in self.l1.values()] + [""],
            "d_captions": [*means[:-1], self.if_true(means[-1])],
            "signal_captions": [self.if_true("L1"), "D"],
            "film_captions": [
                *[f"{t:,}" for t in trained.STYLE_STEPS[:-1]],
                *[f"{trained.STYLE_STEPS[-1]:,}, {NAMES[game]}" for game in trained.GAMES],
            ],
            **self.columns(),
        }

    def if_true(self, text):
        return text if self.has_truth else ""

    def columns(self):
        """Of the table: L1 of the letter, of the text, of the font; how sharp the letter is."""
        groups = [[self.k], self.places, list(range(len(self.l1["regular"])))]
        columns = []
        for way in WAYS:
            errors = self.l1.get(way)
            there = errors is not None and self.has_truth
            means = [errors[g].mean() if g and there else math.nan for g in groups]
            columns.append([fine(m) for m in (*means, self.ink[way], self.sharp[way])])
        return {f"column_{k}": column for k, column in enumerate(columns)}

    # ---- the sentence

    def sentence(self):
        if self.lab.is_as_chosen():
            return self.lab.notice
        letter = f"“{self.v['letter']}” of {self.font}"
        after = f"after {self.now.steps:,} steps of training" + (
            "" if self.now.steps <= trained.FORK else f" ({self.v['trained']})"
        )
        if not self.has_truth:
            return f"{letter} in {self.style}, {after}: {NO_TRUTH}."
        net, hand, same = (self.l1[way][self.k] for way in ("translated", "by hand", "regular"))
        return (
            f"{letter}, {after}: L1 to the true {self.style} {fine(net)}, by hand {fine(hand)}, "
            f"unchanged {fine(same)}. Over the font {fine(self.l1['translated'].mean())}, by hand "
            f"{fine(self.l1['by hand'].mean())}."
        )

    # ---- what goes wrong

    def findings(self):
        return found(
            self.not_begun(), self.outside(), self.by_hand_wins(), self.far_off(), self.thin(),
            self.soft(), self.learnt(), self.left_out(),
        )  # fmt: skip

    def not_begun(self):
        if self.now.steps:
            return None
        return finding(
            "not trained yet", "note",
            "Before the first step the network leaves every letter nearly as it is: its last "
            "kernel begins as a copy.",
            "Press Play, or choose a later moment.",
        )  # fmt: skip

    def outside(self):
        """Asked for what training never showed."""
        asked = [
            *([f"strength {self.strength}"] if self.v["strength"] not in (0, 1) else []),
            *(["letters upside down"] if self.v["turned"] else []),
            *([f"{self.style}"] if not self.has_truth else []),
        ]
        if not asked:
            return None
        return finding(
            "never shown in training", "note",
            f"Training never showed it {' or '.join(asked)}: whatever comes out was not taught.",
            "L1 is to the true style as it is, at strength 1.",
        )  # fmt: skip

    def by_hand_wins(self):
        net, hand = self.l1["translated"], self.l1["by hand"]
        if not self.is_fair or net.mean() < hand.mean():
            return None
        return finding(
            "by hand is nearer", "warn",
            f"Over all letters of {self.font} the network's L1 is {fine(net.mean())}, that by hand "
            f"{fine(hand.mean())}.",
            "Choose a later moment, letters that stand upright, or another font.",
        )  # fmt: skip

    def far_off(self):
        net = self.l1["translated"]
        if not self.is_fair or net[self.k] <= FAR * net.mean():
            return None
        return finding(
            "a letter that fails", "warn",
            f"The L1 of “{self.v['letter']}” is {fine(net[self.k])}, and {fine(net.mean())} over "
            f"the letters of {self.font}.",
            "Compare it with the true one: is it drawn anew there, not only changed?",
        )  # fmt: skip

    def thin(self):
        ink = self.ink["translated"]
        if not self.is_fair or not ink < THIN:
            return None
        return finding(
            "too little ink", "note",
            f"“{self.v['letter']}” has {percent(ink)} of the ink of the true one.",
            "Look for strokes that went, in the difference: what may or may not be there is left "
            "out by whoever pays for it by L1.",
        )  # fmt: skip

    def soft(self):
        sharp, true = self.sharp["translated"], self.sharp["true"]
        if not self.is_fair or not sharp < SOFT * true:
            return None
        return finding(
            "soft edges", "note",
            f"Across its edges “{self.v['letter']}” has a sharpness of {fine(sharp)}, the true one "
            f"{fine(true)}.",
            "The mean of what may be is soft: look at the other endings of the film.",
        )  # fmt: skip

    def learnt(self):
        if self.font not in LEARNT:
            return None
        return finding(
            "learnt from", "note",
            f"{self.font} was among the 29 fonts of the training: L1 here says nothing about new "
            "ones.",
            "Choose one of the seven others.",
        )  # fmt: skip

    def left_out(self):
        n = len(self.lab.text_line.left_out)
        if not n:
            return None
        return finding(
            "left out", "note",
            f"{n} character{'s' * (n > 1)} of your text cannot be set: there are A to Z, a to z "
            "and 0 to 9, and there is room for about 14.",
            "Write less, without accents and signs.",
        )  # fmt: skip
