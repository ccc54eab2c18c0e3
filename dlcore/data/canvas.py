"""Pictures to find digits in: real handwriting, a made-up layout, so that every box is known."""

from typing import NamedTuple

import numpy as np

from ..shapes import require_rng, whole
from .images import mnist

SIZE = 48  # pixels a side
DIGITS = (1, 3)  # on a canvas
HEIGHTS = (18, 30)  # pixels, of the whole 28x28 image with its margin
INK = 0.2  # a box encloses what is darker
TRIES = 20  # to find a digit a place of its own
SCRAPS, SCRAP = 6, 7  # of other digits, and their size in pixels
NOISE = 0.08


class Canvases(NamedTuple):
    """x (n, 1, 48, 48) float32 from 0 to 1; for each canvas its boxes (k, 4) int64 in pixels,
    left, top, right, bottom, the last two just outside, and its labels (k,) int64.
    """

    x: np.ndarray
    boxes: list
    labels: list


def digit_canvases(n, part="train", *, rng):
    """n canvases of one to three digits that do not overlap, with scraps of others for clutter.

    `part` is the part of MNIST that the digits are cut from, "train" or "test". The images of
    MNIST are under CC BY-SA 3.0, and so are these.
    """
    if part not in ("train", "test"):
        raise ValueError(f"digit_canvases: expected part 'train' or 'test', got {part!r}")
    n = whole("digit_canvases", "n", n, 0)
    require_rng("digit_canvases", rng)
    split = mnist()
    images, labels = split[:2] if part == "train" else split[2:]
    drawn = [_canvas(images, labels, rng) for _ in range(n)]
    x = np.zeros((n, 1, SIZE, SIZE), np.float32)
    for picture, (canvas, _, _) in zip(x, drawn, strict=True):
        picture[0] = canvas
    return Canvases(x, [boxes for _, boxes, _ in drawn], [names for _, _, names in drawn])


def cut_out(image, height):
    """The inked part (h, w) of a square image that was first made `height` pixels high and wide."""
    return _cut_out(_zoom(image, height))


def compose(pieces, *, rng):
    """A canvas (48, 48) float32 of pieces (ink (h, w), x, y), x and y the upper left corner; where
    two overlap the darker counts. With the noise that those of `digit_canvases` have.
    """
    canvas = np.zeros((SIZE, SIZE), np.float32)
    for ink, x, y in pieces:
        _paste(canvas, ink, x, y)
    return _noisy(canvas, rng).astype(np.float32)


def _canvas(images, labels, rng):
    """One canvas with its boxes and labels."""
    canvas, boxes, names = np.zeros((SIZE, SIZE), np.float32), [], []
    for _ in range(rng.integers(*DIGITS, endpoint=True)):
        j = rng.integers(len(images))
        digit = cut_out(images[j], rng.integers(*HEIGHTS, endpoint=True))
        box = _free_place(digit.shape, boxes, rng)
        if box is not None:
            _paste(canvas, digit, *box[:2])
            boxes.append(box)
            names.append(labels[j])
    for _ in range(SCRAPS):
        j, (row, column) = rng.integers(len(images)), rng.integers(4, 18, 2)
        scrap = images[j][row : row + SCRAP, column : column + SCRAP]
        _paste(canvas, scrap, *rng.integers(0, SIZE - SCRAP, 2, endpoint=True))
    return _noisy(canvas, rng), np.array(boxes, np.int64).reshape(-1, 4), np.array(names, np.int64)


def _zoom(image, size):
    """A square image made size x size, each pixel a mean of its four nearest by distance."""
    at = np.linspace(0, len(image) - 1, size)
    low = np.minimum(at.astype(int), len(image) - 2)
    f = at - low
    rows = image[low] * (1 - f)[:, None] + image[low + 1] * f[:, None]
    return rows[:, low] * (1 - f) + rows[:, low + 1] * f


def _cut_out(image):
    """The part that has ink."""
    rows, columns = np.nonzero(image > INK)
    return image[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


def _free_place(shape, boxes, rng):
    """A box of this shape that overlaps none of the boxes, or None if none was found."""
    h, w = shape
    for _ in range(TRIES):
        x, y = rng.integers(0, SIZE - w, endpoint=True), rng.integers(0, SIZE - h, endpoint=True)
        if all(x + w <= b[0] or b[2] <= x or y + h <= b[1] or b[3] <= y for b in boxes):
            return x, y, x + w, y + h
    return None


def _noisy(canvas, rng):
    return np.clip(canvas + rng.normal(0, NOISE, canvas.shape), 0, 1)


def _paste(canvas, image, x, y):
    """The darker of both, as ink on ink."""
    under = canvas[y : y + image.shape[0], x : x + image.shape[1]]
    np.maximum(under, image, out=under)
