"""What can be set in the lab `pooling`, and the cases worth trying."""

from .controls import Choice, Slider, Switch
from .kernels import PICTURES

OWN = "own"
RANDOM, ONES = "random", "ones"
WAYS = {"to the right": (0, 1), "down": (1, 0), "aslant": (1, 1)}
WALK = (0, 1, 2, 1, 0, -1, -2, -1)  # how far the image is from its place, step by step
REACH = 4.0  # of the gradient that is sent in
USUAL = {
    "image": "digit 5", "bright": False, "size": 2, "stride": 2, "gradient": RANDOM,
    "way": "to the right",
}  # fmt: skip
WINNERS, TIES, WITHIN, LINE = (
    "where was the max?",
    "ties: the first wins",
    "one dot, moved",
    "a thin line",
)
GROUND, OVERLAP, GAPS = (
    "bright ground",
    "windows overlap",
    "windows with gaps",
)
CASES = {
    WINNERS: {},
    TIES: {"image": "square", "gradient": ONES},
    WITHIN: {"image": "one dot"},
    LINE: {"image": "diagonal"},
    GROUND: {"bright": True},
    OVERLAP: {"size": 3, "stride": 1, "gradient": ONES},
    GAPS: {"stride": 3},
}
NOTICES = {
    WINNERS: "Each dot is the winner of its window, and the only one of four pixels that gets a "
    "gradient through the maximum. Average pooling gives a quarter to each. Play moves the image.",
    TIES: "Inside the square all four numbers of a window are equal. The first one, row by row, "
    "takes the whole gradient; it could as well be another, but only one may have it.",
    WITHIN: "Play: the dot moves by one pixel, and neither output changes, for it is still in its "
    "window. One more, and both change: the output moves by one cell.",
    LINE: "A line of one pixel's width. The maximum says that it is there, as strong as before; "
    "the average says how much of the window it fills.",
    GROUND: "The maximum keeps what is bright. Where did the dark strokes go? The average treats "
    "dark and bright alike.",
    OVERLAP: "A pixel lies in up to nine windows of 3 × 3. Where it wins several of them it gets "
    "all their gradients, added. Nothing is lost: both dx have the sum of da.",
    GAPS: "Windows of 2 × 2, three pixels apart: between them lie pixels that nobody looks at. "
    "Whatever is drawn there, no output changes and no gradient comes.",
}


def make_controls():
    v, again = USUAL, {"restarts": True}
    return {
        "case": Choice(WINNERS, tuple(CASES), "what to try", **again),
        "image": Choice(v["image"], (*PICTURES, OWN), "image x", **again),
        "size": Slider(v["size"], 2, 4, "window f", step=1, **again),
        "stride": Slider(v["stride"], 1, 4, "stride s", step=1, **again),
        "gradient": Choice(v["gradient"], (RANDOM, ONES, OWN), "gradient da sent in"),
        "way": Choice(v["way"], tuple(WAYS), "a step moves the image", **again),
        "bright": Switch(v["bright"], "dark on bright", **again),
    }
