"""What the lab `style` computes: letters translated, by a network and by hand, and judged."""

from functools import lru_cache

import numpy as np

from .. import data
from ..activations import sigmoid
from ..gan import non_saturating
from ..layers import Layer
from ..losses import mae
from ..style import sharpness, with_style
from . import trained
from .audit import audit
from .style_controls import BOLD, FONTS, ITALIC, KINDS, NEVER_SEEN, STYLES

REGULAR, TRUE = 0, {BOLD: 1, ITALIC: 2}  # numbers of the styles in the data
WAYS = ("regular", "translated", "by hand", "true")


class Translation:
    """What becomes of the letters of a font under the values of the lab.

    ways        pictures (62, 32, 32) of all letters as in `WAYS`; the true ones are blank where
                there are none (`has_truth`)
    regular     as they are, and not turned
    c           (2,), how much of bold and of italic is asked for
    game, steps, net     who translates: how it was trained, and for how long
    """

    def __init__(self, values):
        v = values
        font, style, strength, turned = FONTS[v["font"]], v["style"], v["strength"], v["turned"]
        self.steps = steps = trained.STYLE_STEPS[v["moment"] - 1]
        self.game = game = KINDS[v["trained"]] if steps > trained.FORK else trained.GAMES[0]
        self.c, self.net = condition(style, strength), trained.translator(game, steps)
        self.has_truth = style in TRUE
        self.regular, x = glyphs(font, REGULAR), glyphs(font, REGULAR, turned)
        true = glyphs(font, TRUE[style], turned) if self.has_truth else np.zeros_like(x)
        by_net = by_network(game, steps, font, style, strength, turned)
        self.ways = x, by_net, by_hand(font, style, strength, turned), true

    def signals(self, k):
        """Two pictures (32, 32), minus the gradients with respect to what was made of letter k: of
        its L1 distance to the true one, and of the generator's loss through the discriminator."""
        made, true = self.ways[1][k], self.ways[-1][k]
        of_l1 = -mae(made, true)[1] if self.has_truth else np.zeros_like(made)
        judged, nothing = self.judged(k)
        v, cache = judged.forward(nothing)
        return of_l1, -judged.backward(non_saturating.generator(v)[1], cache)[0][0, 0]

    def judged(self, k):
        """What D makes of the translated letter k, and zeros to be added to it."""
        y = self.ways[1][k][None, None]
        u = beside(self.ways[0][k : k + 1], self.c)
        return Judged(trained.patch_discriminator(), u, y), np.zeros_like(y)

    def audit(self, k):
        """Of the discriminator's signal."""
        judged, nothing = self.judged(k)
        loss = non_saturating.generator
        nobody = np.zeros(1)
        return audit(judged, nothing, nobody, lambda v, _: loss(v), of="D, this letter", most=60)

    def errors(self, way):
        """L1 of each letter (62,) in one of the ways; 0 where there is no truth."""
        if not self.has_truth:
            return np.zeros(len(self.regular), np.float32)
        return l1(self.ways[WAYS.index(way)], self.ways[-1])


@lru_cache(maxsize=2)
def fonts(part):
    return data.font_styles(part)


@lru_cache(maxsize=64)
def glyphs(font, style, turned=False):
    """All letters of a font (62, 32, 32) in a style by its number; turned by 180 degrees."""
    x, families = fonts("test" if font in NEVER_SEEN else "train")
    pictures = x[families.index(font), style]
    return np.ascontiguousarray(pictures[:, ::-1, ::-1]) if turned else pictures


def condition(style, strength):
    return np.multiply(STYLES[style], strength).astype(np.float32)


def beside(x, c):
    """What a network gets for pictures x (N, 32, 32) under c (2,)."""
    return with_style(x[:, None], np.tile(c, (len(x), 1)))


@lru_cache(maxsize=128)
def by_network(game, steps, font, style, strength, turned):
    x, c = glyphs(font, REGULAR, turned), condition(style, strength)
    return translated(trained.translator(game, steps), x, c)


def translated(net, x, c):
    """What a network makes of pictures x (N, 32, 32) under c (2,), from 0 to 1."""
    return net(beside(x, c))[:, 0]


@lru_cache(maxsize=64)
def by_hand(font, style, strength, turned):
    bold, italic = condition(style, strength)
    return trained.by_hand()(glyphs(font, REGULAR, turned), bold, italic)


def l1(pictures, true):
    """Of each picture, the mean distance of its pixels from the true ones."""
    return np.abs(pictures - true).mean((1, 2))


def mistakes(translate):
    """(2, fonts, 62): L1 of every letter of the ten fonts, in bold and in italic, upright and at
    strength 1, if translate(x, c) makes them."""
    found = np.zeros((len(TRUE), len(FONTS), len(data.CHARACTERS)), np.float32)
    for row, (style, number) in zip(found, TRUE.items(), strict=True):
        for k, font in enumerate(FONTS.values()):
            made = translate(glyphs(font, REGULAR), condition(style, 1.0))
            row[k] = l1(made, glyphs(font, number))
    return found


def gains(game, steps, style):
    """(fonts, 62): by how much the L1 of a network is below that by hand; 0 without a truth. Both
    are kept with the weights: to translate ten fonts takes too long here."""
    if style not in TRUE:
        return np.zeros((len(FONTS), len(data.CHARACTERS)), np.float32)
    kept, k = trained.style_file(), list(TRUE).index(style)
    return np.subtract(kept["mistakes.hand"][k], kept[f"mistakes.{game}.{steps}"][k], dtype="f4")


@lru_cache(maxsize=len(TRUE))
def levels(style):
    """Over all letters of the fonts never seen: L1 by hand and unchanged; the ink of the true ones
    as a share of theirs, and how sharp they are."""
    true = np.concatenate([glyphs(font, TRUE[style]) for font in NEVER_SEEN])
    hand = np.concatenate([by_hand(font, style, 1.0, False) for font in NEVER_SEEN])
    same = np.concatenate([glyphs(font, REGULAR) for font in NEVER_SEEN])
    return {
        "l1_0": l1(hand, true).mean(),
        "l1_1": l1(same, true).mean(),
        "ink_0": 1.0,
        "sharp_0": sharpness(true),
    }


@lru_cache(maxsize=4)
def film(font, glyph, style, strength, turned):
    """(SHOTS, 32, 32): one letter by every network that was kept."""
    x, c = glyphs(font, REGULAR, turned)[glyph], condition(style, strength)
    *shared, last = trained.STYLE_STEPS
    nets = [trained.translator(trained.GAMES[0], t) for t in shared]
    nets += [trained.translator(game, last) for game in trained.GAMES]
    return np.concatenate([translated(net, x[None], c) for net in nets])


def beliefs(x, c, pictures):
    """(N, 8, 8): the discriminator's belief, patch by patch, that pictures (N, 32, 32) are x in
    the style."""
    u = beside(np.repeat(x[None], len(pictures), 0), c)
    return sigmoid(trained.patch_discriminator()(np.concatenate([u, pictures[:, None]], 1))[:, 0])


class Judged(Layer):
    """v = D(u, y), of a picture y that is a parameter; what it was made from, u, stands still."""

    def __init__(self, D, u, y):
        super().__init__()
        self.D, self.u = D, u
        self.params.add("y", y.copy())

    def forward(self, x):
        return self.D.forward(np.concatenate([self.u, x + self.params["y"]], 1))

    def backward(self, dv, cache, need_dx=True):
        dy = self.D.backward(dv, cache)[0][:, -1:]
        return dy, {"y": dy}
