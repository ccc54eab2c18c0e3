"""What the lab `sentiment` says of a sentence and its words."""

import numpy as np

from ..activations import sigmoid
from . import doctor
from .doctor import finding
from .doctor import findings as found
from .sentiment_reading import LONGEST

NEGATIONS = {
    *("not", "no", "never", "nothing", "cannot", "don't", "didn't", "doesn't", "won't", "wasn't"),
    *("isn't", "weren't", "aren't", "can't", "couldn't", "wouldn't", "haven't", "hasn't", "hadn't"),
}
FAR = 3  # words, in which a negation may find what it denies
PUSH = 0.5  # a logit's change that counts
EVEN = 0.4  # a logit so near 0 is undecided


def signed(x):
    return f"{x:+.2f}".replace("-", "−")


def percent(share):
    """With a space that no line is broken at."""
    return doctor.percent(share).replace(" ", "\u00a0")


def chance(z):
    return percent(sigmoid(np.float64(z)))


def side(z):
    if abs(z) < EVEN:
        return "undecided"
    return "praise" if z > 0 else "complaint"


def known(r, t):
    return f"“{r.words[t]}”" + (", an unknown word," if not r.ids[t] else "")


def verdicts(r):
    """Both verdicts, and what other orders would make of the LSTM's."""
    lo, hi = sigmoid(r.orders).min(), sigmoid(r.orders).max()
    spread = f"{percent(lo)} to {percent(hi)}" if percent(lo) != percent(hi) else percent(lo)
    return [
        f"LSTM: {chance(r.z)} praise ({side(r.z)}); in other orders {spread}",
        f"bag of words: {chance(r.z_bag)} praise ({side(r.z_bag)}), in any order",
    ]


def about_words(r):
    """A text for each word."""
    if not len(r):
        return ["Type a word."]
    before = [r.before, *r.after[:-1]]
    return [
        f"{known(r, t)} takes the LSTM from {chance(before[t])} to {chance(r.after[t])}. Without "
        f"it the last verdict would be {chance(r.z - r.without[t])} instead of {chance(r.z)}; in "
        f"the bag, {chance(r.z_bag - r.weight[t])} instead of {chance(r.z_bag)}."
        for t in range(len(r))
    ]


def explain(lab):
    r = lab.reading
    if not len(r):
        return (
            f"There is no word to read. Before any, the LSTM says {chance(r.before)} praise and "
            f"the bag of words {chance(r.bias)}."
        )
    t = lab.at % len(r)
    change = r.after[t] - (r.after[t - 1] if t else r.before)
    return (
        f"Word {t + 1} of {len(r)}, {known(r, t)} moves the LSTM's logit by {signed(change)}, to "
        f"{chance(r.after[t])} praise. At the end: LSTM {chance(r.z)}, bag of words "
        f"{chance(r.z_bag)}."
    )


# ---- what can go wrong


def findings(lab):
    r = lab.reading
    return found(empty(r), cut(r), strangers(r), added_up(r), apart(r))


def empty(r):
    if len(r):
        return None
    return finding(
        "no words", "note", "There is nothing to read: the verdicts are those before any word.",
        "Type a sentence, such as: I love this phone.",
    )  # fmt: skip


def cut(r):
    if not r.cut:
        return None
    return finding(
        "cut off", "warn",
        f"The first {LONGEST} of {LONGEST + r.cut} words are read. Of the 2,383 sentences "
        "that they learnt from, one was longer.",
        "Judge a long text sentence by sentence.",
    )  # fmt: skip


def strangers(r):
    unknown = [word for word, k in zip(r.words, r.ids, strict=True) if not k]
    if not unknown:
        return None
    names = list(dict.fromkeys(f"“{word}”" for word in unknown))
    more = f" and {len(names) - 4} more" if len(names) > 4 else ""
    return finding(
        "unknown words", "warn" if 2 * len(unknown) > len(r) else "note",
        f"{len(unknown)} of {len(r)} words {'is' if len(unknown) == 1 else 'are'} unknown: "
        f"{', '.join(names[:4])}{more}. To both methods they are one and the same word.",
        "Say it with more common words.",
    )  # fmt: skip


def added_up(r):
    """A negation, and a bad word behind it, that push the verdict the same way."""
    for t, word in enumerate(r.words):
        if word not in NEGATIONS:
            continue
        for k in range(t + 1, min(t + 1 + FAR, len(r))):
            if r.weight[k] < -PUSH and r.without[t] < 0 and r.without[k] < -PUSH:
                return finding(
                    "negation adds up", "warn",
                    f"“{word}” and “{r.words[k]}” both push the LSTM down, by "
                    f"{signed(r.without[t])} and {signed(r.without[k])}: bad signs add up, where "
                    "in English they may cancel.",
                    f"Delete “{word}” and see the verdict rise.",
                )  # fmt: skip
    return None


def apart(r):
    if not len(r) or "undecided" in (side(r.z), side(r.z_bag)) or side(r.z) == side(r.z_bag):
        return None
    return finding(
        "they disagree", "note",
        f"The LSTM says {side(r.z)}, the bag of words {side(r.z_bag)}.",
        "Look for the word whose effect at the end differs most from its weight in the bag.",
    )  # fmt: skip
