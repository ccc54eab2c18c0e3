"""The lab `style`: a translator of letters into bold and italic, on fonts that it has never seen.

A step is the next picture of the film: the next moment of the training whose weights were kept, or
the next of its three endings; after the last comes the first.
Whoever changes anything else sees all of it at once.

- `line`: (4, h, w), a text as it is, translated, by hand, and in truth; `letters`, `l1_net`,
  `l1_hand`: its letters and the L1 of each to the true one; `at`: which is chosen (-1: none).
- `letter`, `differences`, `beliefs`: the chosen letter in the same four ways, minus the true one,
  and what the discriminator believes of each patch.
- `signals`: what L1, and what the discriminator, would have the translator change in it.
- `film`: the chosen letter by every network that was kept: at the moments that all share, and at
  the end of each way to go on from there; `shot`: which of these the network is now.
- `l1_gan`, `ink_plain`, `sharp_squares`, ...: means over all letters of the fonts held out, at
  every moment; `l1_0`, ...: the same number again and again, of what does not learn.
- `gain`: for every letter (column) of ten fonts (rows), upright and at strength 1, L1 by hand minus
  that of the network.
Where there is no true letter it is blank, and what depends on it is 0.
"""

from typing import ClassVar

import numpy as np

from ..data import CHARACTERS
from . import style_translation as translation
from . import trained
from .base import Lab
from .cases import CHANGED, Cases
from .controls import needed, one_of
from .in_words import InWords
from .learner import vector
from .style_code import programs
from .style_controls import (
    CASES,
    FONTS,
    KINDS,
    MOMENTS,
    NOTICES,
    SHARED,
    SHOTS,
    STYLES,
    USUAL,
    make_controls,
)
from .style_letters import Line
from .style_panels import style_panels
from .style_words import Words

FILM = ("trained", "moment")  # the controls that say which of its pictures the network made


class Style(Cases, InWords, Lab):
    name = "style"
    title = "What has it learnt: a filter, or letters?"
    hint = (
        "Type a word, and choose a font that the network has never seen. Click a letter to see "
        "where it fails; turn all of them upside down. Play is the film of the training."
    )
    controls: ClassVar = make_controls()
    usual, cases, notices = USUAL, CASES, NOTICES
    moves = ("font", "letter", *FILM)
    pace = 900
    recorded = (1,) * SHOTS
    ranges: ClassVar = {
        "line": (0, 1, 16), "letter": (0, 1, 32), "differences": (-1, 1, 33), "film": (0, 1, 16),
        "beliefs": (0, 1, 64), "signals": (-1, 1, 65),
    }  # fmt: skip

    def __init__(self, seed=0, **values):
        self.before = {}  # the film began: what the reader had chosen of it
        super().__init__(seed, **values)

    def allow(self, values):
        with needed("data"):
            translation.fonts("test")

    def panels(self):
        return style_panels()

    # ---- the run

    def start(self):
        """Nothing is drawn at random: all seeds show the same."""

    def reset(self):
        """As it was before the film began."""
        self.values |= self.before
        self.before = {}
        super().reset()

    def restart(self, *names):
        self.before = {}
        super().restart(*names)

    def changed(self, name):
        super().changed(name)
        if name in FILM:
            self.before = {}

    def update(self):
        """The next picture of the film."""
        self.before = self.before or {name: self.values[name] for name in FILM}
        self.show((self.shot + 1) % SHOTS)
        return True

    @property
    def aside(self):
        """What the film has moved."""
        return FILM if self.before else ()

    def keep(self):
        return {name: self.values[name] for name in self.moves}

    def recall(self, kept):
        self.values |= kept

    # ---- what there is

    @property
    def shot(self):
        """Number of the picture in the film that this network has made."""
        moment = self.values["moment"] - 1
        return moment + (moment == SHARED) * list(KINDS).index(self.values["trained"])

    def show(self, shot):
        """Go on with the network that has made this picture of the film."""
        self.values["moment"] = min(shot, SHARED) + 1
        if shot >= SHARED:
            self.values["trained"] = list(KINDS)[shot - SHARED]

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
        gain = translation.gains(now.game, now.steps, v["style"])
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
            "film": translation.film(FONTS[v["font"]], k, v["style"], v["strength"], v["turned"]),
            "shot": vector(self.shot),
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
        """Over the training: L1, ink, sharpness, for bold or italic, or the mean of both."""
        asked = [k for k, much in enumerate(STYLES[self.values["style"]]) if much]
        found = {}
        for game in trained.GAMES:
            scores = trained.style_file()[f"scores.{game}"][asked].mean(0)
            names = (f"{what}_{game}" for what in ("l1", "ink", "sharp"))
            found |= dict(zip(names, scores.T, strict=True))
        levels = [translation.levels(list(translation.TRUE)[k]) for k in asked]
        for name in levels[0]:
            found[name] = np.full(MOMENTS, np.mean([level[name] for level in levels]))
        return found

    # ---- what the reader does

    def event(self, name, /, **what):
        """choose(index): a letter of the text; select(glyph, family): one of a font;
        select(shot): a picture of the film."""
        new = {}
        if name == "choose":
            letters = self.text_line.letters
            new = {"letter": letters[one_of(what, "index", len(letters), "a letter")]}
        elif name == "select" and "shot" in what:
            self.show(one_of(what, "shot", SHOTS, "a picture"))
            self.before = {}
        elif name == "select":
            new = {
                "letter": CHARACTERS[one_of(what, "glyph", len(CHARACTERS), "a letter")],
                "font": list(FONTS)[one_of(what, "family", len(FONTS), "a font")],
            }
        else:
            return super().event(name, **what)
        self.values |= new
        self.fresh = False
        return False

    def audit(self):
        self.frame()
        return self.now.audit(self.glyph)

    def code(self):
        return programs(self)
