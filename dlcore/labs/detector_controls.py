"""What can be set in the lab `detector`, and the cases worth trying."""

from .controls import Choice, Slider, Switch
from .trained import STEPS

CANVASES = 50  # held out
HELD_OUT, OWN = "held out", "your own"
DIGITS = tuple(str(k) for k in range(10))
SCRAP = "scrap"
PARTS = {
    "all of it": slice(None),
    "object": slice(0, 1),
    "box": slice(1, 5),
    "class": slice(5, None),
}
TRAINED = {f"{steps:,} steps": steps for steps in STEPS}
EARLY, LATE = TRAINED

GOOD = "what it finds"
USUAL = {
    "trained": LATE, "picture": HELD_OUT, "canvas": 1, "score": 0.5, "overlap": 0.5, "iou": 0.5,
    "classes": True,
}  # fmt: skip
TWICE, WRONG, LOW, CLUTTER, BEGUN, TWO = (
    "two answers for one digit",
    "right box, wrong class",
    "missed, but only just",
    "clutter taken for a digit",
    "hardly begun to learn",
    "two of your own",
)
CASES = {
    GOOD: {},
    TWICE: {"canvas": 26, "overlap": 1.0},
    WRONG: {"canvas": 15},
    LOW: {"canvas": 5},
    CLUTTER: {"canvas": 4, "score": 0.1},
    BEGUN: {"trained": EARLY, "score": 0.2},
    TWO: {"picture": OWN},
}
NOTICE = {  # said before the first step, while the case is as it was chosen
    GOOD: "Three digits, three boxes that are right, each with its class and its score. Press Step "
    "to see how the answers of 36 cells came to so few.",
    TWICE: "Suppression allows every overlap, so digits that two cells report are there twice. "
    "Lower “NMS: IoU allowed” until one box of each is left.",
    WRONG: "The box lies well, but the class is another: it counts as false, and the digit as "
    "missed. Switch off “the class counts”, and the curve rises.",
    LOW: "A digit is missed, and yet a cell has reported it, with a score below the least. How low "
    "must the least score be, and what does that do to the precision on all canvases?",
    CLUTTER: "A box where no digit is. Which least score removes it, and which digits of other "
    "canvases are lost with it? The curve knows.",
    BEGUN: "After 150 steps of training the network knows roughly where a digit is, and hardly "
    "which. Compare the curve with that after 3,000.",
    TWO: "Drag the 3 over the 8, or click to add a digit of your own. When do two digits become "
    "one answer, and is it suppression or the network that gives one up?",
}


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
