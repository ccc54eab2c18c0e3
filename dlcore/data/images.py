"""Data sets that are images: from 0 (dark or paper) to 1 (bright or ink), classes as int64."""

from typing import NamedTuple

import numpy as np

from .files import Split, open_data

FASHION_CLASSES = (
    *("T-shirt", "trousers", "pullover", "dress", "coat"),
    *("sandal", "shirt", "sneaker", "bag", "ankle boot"),
)


def digits():
    """1,797 handwritten digits of 8x8 pixels, 1,347 to learn from and 450 to judge on.

    x (n, 8, 8) float32 from 0 (paper) to 1 (ink); y (n,) int64, the digit.
    """
    return _split("digits_8x8.npz", 16)


def fashion_mnist():
    """5,000 pieces of clothing, 28x28 pixels: 4,000 to learn from and 1,000 to judge on.

    x (n, 28, 28) float32 from 0 (background) to 1, in 16 grey levels; y (n,) int64, the place of
    the class in `FASHION_CLASSES`, each equally often in both parts.
    """
    return _split("fashion_mnist_5k.npz", 15)


def mnist():
    """6,000 handwritten digits of 28x28 pixels, 5,000 to learn from and 1,000 to judge on.

    x (n, 28, 28) float32 from 0 (paper) to 1 (ink), in 16 grey levels; y (n,) int64, the digit.
    The images are under CC BY-SA 3.0, and so is what is made from them.
    """
    return _split("share_alike/mnist_6k.npz", 15)


def _split(name, brightest):
    with np.load(open_data(name), allow_pickle=False) as f:
        return Split(
            f["x_train"].astype(np.float32) / brightest,
            f["y_train"].astype(np.int64),
            f["x_test"].astype(np.float32) / brightest,
            f["y_test"].astype(np.int64),
        )


class Micrograph(NamedTuple):
    """An image (h, w), which nucleus each pixel belongs to (0: none), and the box of each, in
    pixels: left, top, right, bottom, the last two just outside.
    """

    image: np.ndarray
    mask: np.ndarray
    boxes: np.ndarray


def nuclei():
    """Cell nuclei in a fluorescence micrograph: the strip to learn from and the strip to judge on.

    The strips are the left 384 and the right 128 columns of one image with 512 rows, so they show
    one experiment, not two. image float32 from 0 to 1; mask (512, w) int64; boxes (99, 4) and
    (26, 4) int64, each in the strip that its middle lies in, cut off at the strip's edge.
    """
    with np.load(open_data("nuclei_512.npz"), allow_pickle=False) as f:
        image, mask = f["image"].astype(np.float32) / 255, f["mask"].astype(np.int64)
        boxes, x = f["boxes_xyxy"].astype(np.int64), int(f["split_x"])
    middle = boxes[:, [0, 2]].mean(1)
    right = boxes[middle >= x] - (x, 0, x, 0)
    return (
        Micrograph(image[:, :x], mask[:, :x], np.minimum(boxes[middle < x], (x, 512, x, 512))),
        Micrograph(image[:, x:], mask[:, x:], np.maximum(right, 0)),
    )
