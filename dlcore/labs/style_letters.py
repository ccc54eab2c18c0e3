"""Letters set as a line, for the lab `style`: how far apart they stand, their ink decides."""

import numpy as np

from ..data import CHARACTERS

GAP, SPACE, MARGIN = 3, 7, 3  # px between letters, of a space, and on the left
WIDTH, ROWS = 232, slice(2, 32)  # of a line: its pixels, and which rows of the letters it shows


class Line:
    """What can be set of a text, and where.

    letters    those of its characters that there are, in order, as far as they fit
    left_out   all other characters, but spaces
    places     column of the line at which the picture of each begins
    """

    def __init__(self, text, font):
        """font: the pictures (62, h, w) of all letters, whose ink decides."""
        self.letters, self.places, self.left_out = "", [], ""
        pen = MARGIN
        for c in text:
            if c == " ":
                pen += SPACE
                continue
            first, last = ink(font[CHARACTERS.index(c)]) if c in CHARACTERS else (0, WIDTH)
            end = pen + last - first + 1
            if end > WIDTH:
                self.left_out += c
                continue
            self.letters += c
            self.places.append(pen - first)
            pen = end + GAP

    def set(self, pictures):
        """The line (h, WIDTH), with the pictures (n, h, w) of its letters."""
        h, w = pictures.shape[1:]
        line = np.zeros((h, WIDTH + 2 * w), np.float32)  # a letter may reach beyond the edges
        for picture, place in zip(pictures, self.places, strict=True):
            there = line[:, w + place : 2 * w + place]
            np.maximum(there, picture, out=there)
        return line[ROWS, w:-w]


def ink(picture, least=0.15):
    """The first and the last column with ink."""
    columns = np.flatnonzero(picture.max(0) > least)
    return int(columns[0]), int(columns[-1])
