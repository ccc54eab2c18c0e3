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
THICK, SLANTED, TURNED, ANEW, ENDINGS, BEGUN, HALF, LIGHT, TWICE, TOGETHER, UNLIKE, KNOWN = (
    "bold",
    "italic",
    "italic, upside down",
    "letters that are drawn anew",
    "three endings",
    "after 100 steps",
    "half as bold",
    "less than nothing",
    "twice as bold",
    "bold italic, never taught",
    "a font unlike the others",
    "a font it has learnt from",
)
CASES = {
    THICK: {},
    SLANTED: {"style": ITALIC, "letter": "m"},
    TURNED: {"style": ITALIC, "turned": True},
    ANEW: {"style": ITALIC, "letter": "f", "text": "a fine view"},
    ENDINGS: {"style": ITALIC, "trained": SQUARES, "letter": "m"},
    BEGUN: {"moment": 3},
    HALF: {"strength": 0.5},
    LIGHT: {"strength": -0.5},
    TWICE: {"strength": 2.0},
    TOGETHER: {"style": BOTH, "letter": "H"},
    UNLIKE: {"font": "Fantasque Sans Mono", "letter": "n"},
    KNOWN: {"font": "Lato (learnt from)", "letter": "n"},
}
NOTICES = {  # said before the first step, while the case is as it was chosen
    THICK: "A font that it has never seen, and bold letters with sharp edges. By hand, a filter "
    "makes each pixel of the 49 around it, and what is beyond ink is clipped: nearly as near, and "
    "about even over all seven new fonts. See the map below.",
    SLANTED: "By hand, each row is pushed sideways, the same for all letters: that is nearly as "
    "near. The network slants too, but strokes break: compare the m. On the map below, blue and "
    "vermillion are about even.",
    TURNED: "Turned by half, a slanted letter slants the same way, so by hand only the small shift "
    "goes wrong. The network is lost: it has learnt where letters stand and what they look like. "
    "Now choose bold: that is nearly a filter, and works either way.",
    ANEW: "The true f goes below the line, v and w are round: an italic is a design of its own. "
    "The network has seen such letters in 29 fonts, and still only slants. Try Caladea and "
    "Liberation Serif.",
    ENDINGS: "The last 500 steps were down the squared error: grey where it is unsure. Click the "
    "last pictures of the film. L1 decides for ink or paper, and loses strokes; D asks for what "
    "letters look like, and is paid for in L1.",
    BEGUN: "After 100 steps it is bolder than by hand, and over all letters nearly as near to the "
    "truth. Choose italic: that takes longer. Then press Play, and watch one letter through the "
    "training.",
    HALF: "Training showed it a 0 or a 1 and nothing between. At 0.5 it draws strokes in between, "
    "with sharp edges; by hand, half of the way to bold is a grey mixture.",
    LIGHT: "Minus a half of bold: thinner strokes, a light style that no font has shown it and "
    "nobody has asked for. At −1 hairlines vanish. By hand the same number does much less.",
    TWICE: "At 2 it is hardly bolder than at 1: it has seen no letter that is. By hand, letters "
    "go on growing. Does twice italic slant twice as much?",
    TOGETHER: "Both numbers are 1, which no font has shown it. It draws bold letters that stand "
    "upright: what it has learnt of two styles does not add up. By hand, one after the other, it "
    "does.",
    UNLIKE: "Of this font most letters come out farther from the truth than by hand, vermillion on "
    "the map, n, d and q above all. What does the true bold do that the network could not know?",
    KNOWN: "It has learnt from Lato, and is no nearer here than on most fonts it has never seen: "
    "nothing was learnt by heart. Here even a filter is nearer. How do the last three rows of the "
    "map look?",
}


def make_controls():
    v = USUAL
    return {
        "case": Choice(THICK, tuple(CASES), "what to try", restarts=True),
        "text": Text(v["text"], MOST, "your text"),
        "font": Choice(v["font"], tuple(FONTS), "font"),
        "style": Choice(v["style"], tuple(STYLES), "style"),
        "strength": Slider(v["strength"], -1.0, 2.0, "strength", step=0.1),
        "turned": Switch(v["turned"], "upside down"),
        "letter": Choice(v["letter"], tuple(CHARACTERS), "letter"),
        "trained": Choice(v["trained"], tuple(KINDS), "in the end by"),
        "moment": Slider(v["moment"], 1, MOMENTS, "moment of the training", step=1),
    }
