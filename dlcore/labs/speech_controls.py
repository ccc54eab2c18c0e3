"""What can be set in the lab `speech`, and the cases worth trying."""

from .controls import Choice, Slider, Switch
from .speech_sounds import AFTER, NOWHERE, SECOND, SILENCES

WORDS = 600  # held out
EVERY, END = "every frame", "the end"
ASKED = {EVERY: "every", END: "end"}  # as `trained.listener` calls it
SAID, TRUE = "its answer", "the digit spoken"
CHANGES = ("part", "tempo", "backwards", "silence", "noise")  # what is done to the sound
KNOWN, LATE, BACKWARDS, FAST, PAUSE, HALF, NOISE, SURE = (
    "six, or seven?",
    "asked only at the end",
    "turned round",
    "twice as fast",
    "silence after it",
    "second half silent",
    "in noise",
    "sure, and wrong",
)
USUAL = {
    "word": 283, "asked": EVERY, "part": 100, "tempo": 1.0, "backwards": False,
    "silence": NOWHERE, "noise": 0.0,
}  # fmt: skip
CASES = {
    KNOWN: {},
    LATE: {"asked": END},
    BACKWARDS: {"backwards": True},
    FAST: {"word": 90, "asked": END, "tempo": 2.0},
    PAUSE: {"word": 211, "asked": END, "silence": AFTER},
    HALF: {"word": 277, "silence": SECOND},
    NOISE: {"word": 301, "noise": 1.0},
    SURE: {"word": 77},
}
NOTICES = {  # said before the first step, while the case is as it was chosen
    KNOWN: "A seven. After five frames, its s, both networks believe in six; a few frames later "
    "they are sure of seven. Press Play, and watch the change of mind.",
    LATE: "The same seven, heard by networks that had to answer only at the end. They are as "
    "right, and much later: what they believe on the way, nobody ever asked.",
    BACKWARDS: "A seven backwards begins with an n, as nine does, and the LSTM hears nine; so "
    "with most sevens. Of all words it gets a third. The mean of the frames would be what it was.",
    FAST: "Every other frame is gone. The LSTM hears the four, and nearly all of the words. The "
    "RNN is sure of zero, and loses nearly three words in ten.",
    PAUSE: "Ten frames of silence follow a three. Both knew it; the LSTM holds it, the RNN says "
    "two in the end, and forgets more than half of all words so. That is what gates are for.",
    HALF: "Of a four, only the first half is left. That is enough: both are sure of it. Then, in "
    "the silence, the RNN loses it to a five. Which frames does its verdict depend on?",
    NOISE: "Noise as large as the spread of the coefficients, over a nine. The RNN knew it, and "
    "ends with one. Move the noise down until both hear most words again.",
    SURE: "A three, and the LSTM is sure of six. From which frame on? Choose under “More” the log "
    "odds of the digit spoken: what would have had to sound otherwise?",
}


def make_controls():
    v = USUAL
    return {
        "case": Choice(KNOWN, tuple(CASES), "what to try", restarts=True),
        "word": Slider(v["word"], 1, WORDS, "word", step=1),
        "asked": Choice(v["asked"], (EVERY, END), "taught to answer at"),
        "part": Slider(v["part"], 10, 100, "heard of the word", step=5, unit="%"),
        "tempo": Slider(v["tempo"], 0.5, 3.0, "tempo", step=0.25, unit="×"),
        "backwards": Switch(v["backwards"], "backwards"),
        "silence": Choice(v["silence"], SILENCES, "silence"),
        "noise": Slider(v["noise"], 0.0, 2.0, "noise", step=0.1),
        "asks": Choice(SAID, (SAID, TRUE), "log odds of", more=True),
    }
