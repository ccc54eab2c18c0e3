"""What can be set in the lab `detector`, and the cases worth trying."""

from .controls import Choice, Slider, Switch
from .trained import STEPS

CANVASES = 50  # held out
HELD_OUT, OWN = "held out", "your own"
DIGITS = tuple(str(k) for k in range(10))
SCRAP = "scrap"
PARTS = {"all of it": slice(None), "object": slice(0, 1), "box": slice(1, 5), "class": slice(5, None)}
TRAINED = {f"{steps:,} steps": steps for steps in STEPS}
EARLY, LATE = TRAINED

GOOD = "what it finds"
USUAL = {
    "trained": LATE, "picture": HELD_OUT, "canvas": 1, "score": 0.5, "overlap": 0.5, "iou": 0.5,
    "classes": True,
}  # fmt: skip
CASES = {
    GOOD: {},
    "two answers for one digit": {"canvas": 2, "overlap": 1.0},
    "the right box, the wrong class": {"canvas": 3},
    "missed, but only just": {"canvas": 4},
    "clutter taken for a digit": {"canvas": 5, "score": 0.1},
    "it has hardly begun to learn": {"trained": EARLY, "score": 0.2},
    "two of your own that overlap": {"picture": OWN},
}
NOTICE = {  # said before the first step, while the case is as it was chosen
    GOOD: "Green: an answer that is right, its class and its score above it. Press Step to see "
    "how the 36 answers of the cells came to so few.",
}


def case(name):
    """The values of all controls that a case sets."""
    return USUAL | CASES[name]


def make_controls():
    v, own = USUAL, {"when": ("picture", OWN)}
    return {
        "case": Choice(GOOD, tuple(CASES), "what to try", restarts=True),
        "canvas": Slider(v["canvas"], 1, CANVASES, "canvas", step=1, when=("picture", HELD_OUT)),
        "score": Slider(v["score"], 0.01, 0.99, "least score", step=0.01),
        "overlap": Slider(v["overlap"], 0.0, 1.0, "NMS: IoU allowed", step=0.05),
        "iou": Slider(v["iou"], 0.1, 0.95, "right from IoU", step=0.05),
        "classes": Switch(v["classes"], "the class counts"),
        "trained": Choice(v["trained"], tuple(TRAINED), "network after", restarts=True),
        "picture": Choice(v["picture"], (HELD_OUT, OWN), "pictures", restarts=True),
        "piece": Choice("3", (*DIGITS, SCRAP), "a click adds", **own),
        "height": Slider(26, 16, 40, "its height", step=1, unit="px", **own),
        "part": Choice("all of it", tuple(PARTS), "part of the loss", more=True),
    }
