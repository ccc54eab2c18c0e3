"""What can be set in the lab `style`, and the cases worth trying."""

from ..data import CHARACTERS
from .controls import Choice, Slider, Switch, Text
from .trained import FORK, GAMES, STYLE_STEPS

NEVER_SEEN = (
    "Vollkorn", "Caladea", "Liberation Serif", "Cabin", "Clear Sans", "Karla",
    "Fantasque Sans Mono",
)  # fmt: skip
LEARNT = ("Noto Serif", "Lato", "DejaVu Sans Mono")
FONTS = {name: name for name in NEVER_SEEN} | {f"{name} (learnt from)": name for name in LEARNT}
BOLD, ITALIC, BOTH = "bold", "italic", "bold italic"
STYLES = {BOLD: (1, 0), ITALIC: (0, 1), BOTH: (1, 1)}  # the condition at strength 1
WITH_D, PLAIN, SQUARES = "L1 and D", "L1 alone", "squared error"
KINDS = dict(zip((WITH_D, PLAIN, SQUARES), GAMES, strict=True))
MOMENTS = len(STYLE_STEPS)
SHARED = STYLE_STEPS.index(FORK) + 1  # of the moments: at these there is one network for all
SHOTS = SHARED + len(KINDS)  # pictures of the film: one network each
MOST = 20  # characters of the text

USUAL = {
    "text": "Hamburgefonts", "letter": "g", "font": "Vollkorn", "style": BOLD, "strength": 1.0,
    "trained": WITH_D, "moment": MOMENTS, "turned": False,
}  # fmt: skip
SEEN, SLANTED, BLURRED, BEGUN, TURNED, OTHER, HALF, TWICE, TOGETHER, KNOWN = (
    "bold",
    "italic",
    "L1 alone",
    "hardly begun",
    "upside down",
    "an italic that is drawn anew",
    "half as bold",
    "twice as bold",
    "bold italic, never taught",
    "a font it has learnt from",
)
CASES = {
    SEEN: {},
    SLANTED: {"style": ITALIC},
    BLURRED: {"style": ITALIC, "trained": PLAIN},
    BEGUN: {"moment": 2},
    TURNED: {"turned": True},
    OTHER: {"style": ITALIC, "letter": "f", "text": "a fine view"},
    HALF: {"strength": 0.5},
    TWICE: {"strength": 2.0},
    TOGETHER: {"style": BOTH},
    KNOWN: {"font": "Lato (learnt from)"},
}
NOTICES = dict.fromkeys(CASES, "")


def make_controls():
    v = USUAL
    return {
        "case": Choice(SEEN, tuple(CASES), "what to try", restarts=True),
        "text": Text(v["text"], MOST, "your text"),
        "font": Choice(v["font"], tuple(FONTS), "font"),
        "style": Choice(v["style"], tuple(STYLES), "style"),
        "strength": Slider(v["strength"], -1.0, 2.0, "strength", step=0.1),
        "turned": Switch(v["turned"], "upside down"),
        "letter": Choice(v["letter"], tuple(CHARACTERS), "letter"),
        "trained": Choice(v["trained"], tuple(KINDS), "in the end by"),
        "moment": Slider(v["moment"], 1, MOMENTS, "moment of the training", step=1),
    }
