"""What can be set in the lab `sentiment`, and the sentences worth trying."""

from .controls import Choice, Text

WRITTEN, SWAPPED, BACKWARDS, SHUFFLED = (
    "as written",
    "neighbours swapped",
    "backwards",
    "shuffled",
)
PARTS = {
    "state h": "h",
    "cell c": "c",
    "forget gate f": "f",
    "input gate i": "i",
    "output gate o": "o",
    "candidate": "c_tilde",
}
MOST = 2400  # characters, some 400 words
USUAL = {"order": WRITTEN, "part": "cell c"}
BOTH, PRAISE, COMPLAINT, NEVER, TWINS, BROKEN, UNKNOWN, DONT, NOTHING = (
    "praise, then a not",
    "not good",
    "not bad",
    "a never that is not heard",
    "same words, other order",
    "good until it broke",
    "unknown words",
    "praise by don't",
    "nobody can know",
)
CASES = {
    BOTH: {"text": "The acting is great but the plot is not good."},
    PRAISE: {"text": "The food was not good."},
    COMPLAINT: {"text": "The film is not bad."},
    NEVER: {"text": "It never works well."},
    TWINS: {"text": "It is great, not terrible."},
    BROKEN: {"text": "This item worked great, but it broke after 6 months of use."},
    UNKNOWN: {"text": "OMG, the food was delicioso!"},
    DONT: {"text": "Don't miss it."},
    NOTHING: {"text": "Why was this film made?"},
}
NOTICES = {
    BOTH: "Up at “great”, down at “not”, before it is said what was not. And “good”, which should "
    "seal the complaint, lifts it again: the “not” has weakened it, but not turned it round.",
    PRAISE: "Both lower their verdict at “not”. Delete it and both see praise. But does the LSTM "
    "know what “not” belongs to? Set the order to backwards, or to shuffled.",
    COMPLAINT: "Both are fooled. “Not” is a bad sign, “bad” is a bad sign, and bad signs add up: "
    "delete “not”, and the verdict gets milder. Neither has learnt that two of them cancel.",
    NEVER: "Both are fooled the other way. “Works” and “well” are signs of praise that “never” "
    "does not outweigh, and weighing them up is all that happens.",
    TWINS: "Now write: It is terrible, not great. The bag of words sees the same words and cannot "
    "but give the same verdict. The LSTM could tell them apart. Does it?",
    BROKEN: "A complaint, held out from training, and both take it for praise. “Great” is a word "
    "that they know; that things should not break is something one has to know of the world.",
    UNKNOWN: "The word that says it all is unknown, and for both it is the same as “OMG”. Write "
    "“delicious” instead.",
    DONT: "Praise, and both take it for a complaint: “don't” is a bad sign, and “miss” was too "
    "rare to be learnt. Write “You will love it” for comparison.",
    NOTHING: "A complaint, says the label, and both say praise. But somebody who loved the film "
    "may ask the same: no method gets such a sentence right other than by luck.",
}


def make_controls():
    v = USUAL
    return {
        "case": Choice(BOTH, tuple(CASES), "a sentence to try", restarts=True),
        "order": Choice(v["order"], (WRITTEN, SWAPPED, BACKWARDS, SHUFFLED), "order of the words"),
        "part": Choice(v["part"], tuple(PARTS), "what the tiles show"),
        "text": Text(CASES[BOTH]["text"], MOST, "your sentence"),
    }
