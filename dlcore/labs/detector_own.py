"""A canvas that the reader arranges: real digits and scraps of digits, put where one likes."""

import numpy as np

from ..data import canvas
from .controls import LabError, one_of
from .detector_controls import SCRAP
from .own_points import position

MOST = 8  # pieces
EACH = 100  # test images there are of each digit
START = (("9", 24, 12, 13.0, 20.0), ("4", 24, 6, 34.0, 27.0), (SCRAP, 26, 2, 42.0, 6.0))
PLANE = ((0.0, float(canvas.SIZE)), (0.0, float(canvas.SIZE)))


class OwnCanvas:
    """Pieces (what, height, which, x, y): the image is number `which` of its class, x and y are
    its middle. They outlive every reset of the lab."""

    def __init__(self):
        self.pieces, self.made = list(START), len(START)

    def change(self, name, what, values, digits):
        """add(x, y), drag(index, x, y), remove(index), clear()"""
        pieces = self.pieces
        if name == "clear":
            self.pieces = []
        elif name == "add":
            if len(pieces) >= MOST:
                raise LabError(f"add: {MOST} pieces are the most")
            piece = values["piece"], values["height"], self.made % EACH
            self.pieces = [*pieces, inside(piece, position(what, *PLANE), digits)]
            self.made += 1
        else:
            k = one_of(what, "index", len(pieces), "a point")
            stay = []
            if name == "drag":
                stay = [inside(pieces[k][:3], position(what, *PLANE), digits)]
            self.pieces = [*pieces[:k], *stay, *pieces[k + 1 :]]

    def centres(self):
        return [piece[3:] for piece in self.pieces]

    def parts(self, digits):
        """(ink, x, y) of each piece, for `canvas.compose`; the true boxes and labels."""
        parts, boxes, labels = [], [], []
        for *piece, x, y in self.pieces:
            image = ink(*piece, digits)
            box = place(image, x, y)
            parts.append((image, *box[:2]))
            if piece[0] != SCRAP:
                boxes.append(box)
                labels.append(int(piece[0]))
        return parts, np.array(boxes, float).reshape(-1, 4), np.array(labels, int)

    def compose(self, digits):
        """x (1, 1, 48, 48), boxes (k, 4), labels (k,)."""
        parts, boxes, labels = self.parts(digits)
        return canvas.compose(parts, rng=np.random.default_rng(0))[None, None], boxes, labels


def ink(kind, height, which, digits):
    """The picture of a piece, cut from the test digits."""
    if kind == SCRAP:
        return digits.x_test[which][10 : 10 + canvas.SCRAP, 10 : 10 + canvas.SCRAP]
    return canvas.cut_out(digits.x_test[digits.y_test == int(kind)][which], height)


def inside(piece, middle, digits):
    """The piece with its middle there, or as near as it can be with all of it on the canvas."""
    x0, y0, x1, y1 = place(ink(*piece, digits), *middle)
    return *piece, (x0 + x1) / 2, (y0 + y1) / 2


def place(image, x, y):
    """The box of an image whose middle is to be at (x, y), kept on the canvas."""
    h, w = image.shape
    x0 = int(min(max(round(x - w / 2), 0), canvas.SIZE - w))
    y0 = int(min(max(round(y - h / 2), 0), canvas.SIZE - h))
    return x0, y0, x0 + w, y0 + h
