"""The lab `style`: a translator of letters into bold and italic, on fonts that it has never seen.

A step is the next moment of its training whose weights were kept; after the last comes the first.
Whoever changes anything else sees all of it at once.

- `line`: (4, h, w), a text as it is, translated, by hand, and in truth; `letters`, `l1_net`,
  `l1_hand`: its letters and the L1 of each to the true one; `at`: which is chosen (-1: none).
- `letter`, `differences`, `beliefs`: the chosen letter in the same four ways, minus the true one,
  and what the discriminator believes of each patch.
- `signals`: what L1, and what the discriminator, would have the translator change in it.
- `film`: the chosen letter at every moment, with the discriminator and then without; `shot`: which
  of these the translator is now.
- `l1_gan`, `l1_plain`, `sharp_gan`, ...: means over all letters of the fonts held out, at every
  moment; `l1_0`, ...: the same number again and again, of what does not learn.
- `gain`: for every letter (column) of ten fonts (rows), L1 by hand minus that of the network.
Where there is no true letter it is blank, and what hangs on it is 0.
"""

from typing import ClassVar

import numpy as np

from ..data import CHARACTERS
from . import style_translation as translation
from . import trained
from .base import Lab
from .cases import CHANGED, Cases
from .controls import LabError, number, shown
from .learner import vector
from .style_code import programs
from .style_controls import (
    CASES,
    FONTS,
    KINDS,
    MOMENTS,
    NOTICES,
    STYLES,
    USUAL,
    make_controls,
)
from .style_letters import Line
from .style_panels import style_panels
from .style_words import Words


class Style(Cases, Lab):
    name = "style"
    title = "What has it learnt: a filter, or letters?"
    hint = (
        "Type a word, and choose a font that the network has never seen. Click a letter to see "
        "where it fails; turn all of them upside down. Play is the film of the training."
    )
    controls: ClassVar = make_controls()
    usual, cases, notices = USUAL, CASES, NOTICES
    moves = ("font", "letter", "trained", "moment")
    pace = 900
    recorded = (1,) * MOMENTS
    ranges: ClassVar = {
        "line": (0, 1, 16), "letter": (0, 1, 32), "differences": (-1, 1, 33), "film": (0, 1, 16),
        "beliefs": (0, 1, 64), "signals": (-1, 1, 65),
    }  # fmt: skip

    def allow(self, values):
        try:
            translation.fonts()
        except (OSError, ValueError) as error:
            raise LabError(f"data: {error}") from None

    def panels(self):
        return style_panels()

    # ---- the run

    def start(self):
        """Nothing is drawn at random: all seeds show the same."""

    def update(self):
        """The next moment of the training."""
        self.values["moment"] = self.values["moment"] % MOMENTS + 1
        return True

    def keep(self):
        return {name: self.values[name] for name in self.moves}

    def recall(self, kept):
        self.values |= kept

    # ---- what there is

    @property
    def steps(self):
        """Of training, that the network has had."""
        return trained.STYLE_STEPS[self.values["moment"] - 1]

    @property
    def glyph(self):
        """Number of the chosen letter."""
        return CHARACTERS.index(self.values["letter"])

    # ---- what is seen

    def measure(self):
        v, k = self.values, self.glyph
        self.now = now = translation.Translation(v)
        self.text_line = Line(v["text"], now.regular)
        here = [CHARACTERS.index(c) for c in self.text_line.letters]
        four = self.four = np.stack([way[k] for way in now.ways])
        self.beliefs = translation.beliefs(four[0], now.c, four)
        signals = self.signals = np.stack(now.signals(k))
        errors = [now.errors(way)[here] for way in ("translated", "by hand")]
        gain = translation.gains(KINDS[v["trained"]], self.steps, v["style"], v["turned"])
        self.words = Words(self, here)
        frame = {
            "line": [self.text_line.set(way[here]) for way in now.ways],
            "at": vector(self.text_line.letters.find(v["letter"])),
            "l1_net": errors[0],
            "l1_hand": errors[1],
            "letter": four,
            "differences": four - four[-1] if now.has_truth else np.zeros_like(four),
            "beliefs": self.beliefs,
            "signals": signals / np.maximum(np.abs(signals).max((1, 2), keepdims=True), 1e-12),
            "film": translation.film(four[0], now.c),
            "shot": vector(list(KINDS).index(v["trained"]) * MOMENTS + v["moment"] - 1),
            "moment": vector(v["moment"] - 1),
            "gain": gain,
            "gain_most": vector(max(0.02, float(np.abs(gain).max()))),
            "glyph": vector(k),
            "family": vector(list(FONTS).index(v["font"])),
            **self.scores(),
        }
        return {name: np.asarray(a, np.float32) for name, a in frame.items()} | {
            "letters": list(self.text_line.letters),
            "notice": self.notice if self.is_as_set(but=("moment",)) else CHANGED,
            **self.words.texts(),
        }

    def scores(self):
        """Over the training: L1 and sharpness, for bold or for italic, or for the mean of both."""
        asked = [k for k, much in enumerate(STYLES[self.values["style"]]) if much]
        found = {}
        for game in trained.GAMES:
            scores = trained.style_file()[f"scores.{game}"][asked].mean(0)
            found[f"l1_{game}"], found[f"sharp_{game}"] = scores.T
        levels = np.mean([translation.levels(list(translation.TRUE)[k]) for k in asked], 0)
        names = "l1_0", "l1_1", "sharp_0"
        return found | {
            name: np.full(MOMENTS, level) for name, level in zip(names, levels, strict=True)
        }

    # ---- what the reader does

    def event(self, name, /, **what):
        """choose(index): a letter of the text; select(glyph, family): one of a font;
        select(shot): a picture of the film."""
        if name == "choose":
            letters = self.text_line.letters
            new = {"letter": letters[whole(what, "index", len(letters))]}
        elif name == "select" and "shot" in what:
            game, moment = divmod(whole(what, "shot", len(KINDS) * MOMENTS), MOMENTS)
            new = {"trained": list(KINDS)[game], "moment": moment + 1}
        elif name == "select":
            new = {
                "letter": CHARACTERS[whole(what, "glyph", len(CHARACTERS))],
                "font": list(FONTS)[whole(what, "family", len(FONTS))],
            }
        else:
            return super().event(name, **what)
        self.values |= new
        self.fresh = False
        return False

    # ---- in words

    def text(self):
        self.frame()
        return self.words.sentence()

    def doctor(self):
        self.frame()
        return self.words.findings()

    def audit(self):
        self.frame()
        return self.now.audit(self.glyph)

    def code(self):
        return programs(self)


def whole(what, key, n):
    k = number(what.get(key))
    if k is None or k != int(k) or not 0 <= k < n:
        raise LabError(f"{key}: expected one of {n}, counted from 0, got {shown(what.get(key))}")
    return int(k)
