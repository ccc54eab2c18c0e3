"""Letters of type, each in three styles."""

from typing import NamedTuple

import numpy as np

from .files import open_data

FONT_STYLES = ("regular", "bold", "italic")
CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
PARTS = ("train", "test")


class Fonts(NamedTuple):
    """Letters of font families: x (families, 3, 62, 32, 32) float32 from 0 (paper) to 1 (ink), by
    `FONT_STYLES` and `CHARACTERS`; and the names of the families."""

    x: np.ndarray
    families: tuple


def font_styles(part="train"):
    """Letters and digits in regular, bold and italic as `Fonts`: 29 families to learn from
    ("train"), 7 to judge on ("test").

    Each letter has 32x32 pixels in 16 grey levels. Capitals are 17 pixels high and stand on the
    upper edge of row 24; each letter is in the middle from left to right. Near relatives among
    the families are all in the training part.
    """
    if part not in PARTS:
        raise ValueError(f"font_styles: expected part 'train' or 'test', got {part!r}")
    with np.load(open_data("font_styles.npz"), allow_pickle=False) as f:
        here = f["test"] == (part == "test")
        return Fonts(f["glyphs"][here].astype(np.float32) / 15, tuple(f["families"][here].tolist()))
