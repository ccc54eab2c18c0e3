"""The lab `sentiment`: an LSTM and a bag of words read a sentence that the reader types.

A step reads on by one word, which is then the chosen one; after the last word comes the first. All
numbers of the sentence are there at once.

- `words`, `t`: the words, a "?" after one that is unknown; which one is chosen. `unit`: that of the
  LSTM which has most say in the last verdict.
- `after`, `after_bag`: the probability of praise after each word. `change`: what a word did to the
  LSTM's logit when it came; `without`: what the last logit has from it; `lean`: the same as the
  gradient guesses it; `weight`: what it adds in the bag of words. `most`: the largest of these.
- `h`, `c`, `f`, `i`, `o`, `c_tilde`: (H, T), the LSTM's state and gates. `tiles`: one of them.
- `orders`: the LSTM's verdicts on the words in other orders, above each other; `mine`, `bag`.
"""

from typing import ClassVar

import numpy as np

from ..activations import sigmoid
from ..layers import Layer
from .audit import audit
from .base import Lab
from .cases import Cases
from .sentiment_code import programs
from .sentiment_controls import CASES, NOTICES, PARTS, USUAL, make_controls
from .sentiment_panels import sentiment_panels
from .sentiment_reading import ORDERS, Reading, shown
from .sentiment_words import about_words, explain, findings, short, verdicts


class Sentiment(Cases, Lab):
    name = "sentiment"
    title = "What does each word do to the verdict, and does order matter to it?"
    hint = (
        "Type a sentence from a review, or choose one. Point at a word to see what each method "
        "makes of it; then delete it, move it, or let the words be shuffled."
    )
    controls: ClassVar = make_controls()
    usual, cases, notices = USUAL, CASES, NOTICES
    pace = 900
    aside = ("part",)
    recorded = (1,) * 10

    def panels(self):
        return sentiment_panels()

    # ---- the run

    def start(self):
        self.read()

    def changed(self, name):
        super().changed(name)
        if name != "part":
            self.read()

    def read(self):
        self.at = -1  # the last word
        v = self.values
        self.reading = Reading(v["text"], v["order"], np.random.default_rng(self.seed))

    def update(self):
        self.at = (self.at + 1) % max(1, len(self.reading))
        return True

    def keep(self):
        return self.at

    def recall(self, kept):
        self.at = kept

    # ---- what is seen

    def measure(self):
        r = shown(self.reading)
        T = len(r.words)
        effects = {
            "change": np.diff(r.after, prepend=r.before),
            "without": r.without,
            "lean": r.lean,
            "weight": r.weight,
        }
        tiles = r.gates[PARTS[self.values["part"]]]
        frame = {
            "t": [self.at % T],
            "unit": [self.loudest(r)],
            "after": sigmoid(r.after),
            "after_bag": sigmoid(r.bias + np.cumsum(r.weight)),
            **effects,
            "most": [max(float(np.abs(effect).max()) for effect in effects.values())],
            **r.gates,
            "tiles": tiles,
            "tiles_most": [max(1.0, float(np.abs(tiles).max()))],
            **self.dots(),
        }
        return {name: np.asarray(a, np.float32) for name, a in frame.items()} | {
            "words": [
                short(word) if k else f"{short(word)} ?"
                for word, k in zip(r.words, r.ids, strict=True)
            ],
            "about": about_words(self.reading),
            "verdicts": verdicts(self.reading),
            "notice": self.other_notice if self.is_left() else self.notice,
        }

    other_notice = (
        "Your own now. What happens to the verdict if you add a “not”, take a word away, or change "
        "the order?"
    )

    def loudest(self, r):
        """The unit that has most say in the last verdict."""
        return int(np.abs(self.reading.net.layers[-1].W[0] * r.gates["h"][:, -1]).argmax())

    def dots(self):
        """Verdicts as points [probability, height]: the other orders, this one, the bag's."""
        r = self.reading
        heights = np.linspace(0.15, 0.85, ORDERS)
        orders = np.stack([sigmoid(r.orders), heights], 1)
        mine, bag = (float(sigmoid(np.float64(z))) for z in (r.z, r.z_bag))
        return {"orders": orders, "mine": [[mine, 0], [mine, 1]], "bag": [[bag, 0], [bag, 1]]}

    # ---- in words

    def text(self):
        return explain(self)

    def doctor(self):
        return findings(self)

    def audit(self):
        """Of the gradient of the last logit with respect to the vectors of the words."""
        x, above = self.reading.above()
        nothing = np.zeros_like(x)
        return audit(Vectors(x, above), nothing, np.zeros(1), logit, of="the last logit")

    def code(self):
        return programs(self)


class Vectors(Layer):
    """What reads a sentence, with the vectors of its words as the only parameters."""

    def __init__(self, vectors, above):
        super().__init__()
        self.params.add("vectors", vectors.copy())
        self.above = above

    def forward(self, x):
        return self.above.forward(x + self.params["vectors"])

    def backward(self, dy, cache, need_dx=True):
        dx, _ = self.above.backward(dy, cache)
        return dx, {"vectors": dx}


def logit(z, y):
    """The logit itself, in the place of a loss."""
    return float(z.sum()), np.ones_like(z)
