"""What the lab `gan-digits` shows: samples, how good they are, what D says, the latent space."""

import numpy as np

from . import panels
from .gan_controls import BELIEVES
from .gan_panels import losses, norms

BINS = 20  # of what D believes
STOPS = 9  # pictures of the walk
MOST_Z = 3.0  # of a number of z, to either side
TURNS = np.linspace(-2.4, 2.4, 7, dtype=np.float32)  # what each number of z is set to
SURE_OF_REAL = 0.92  # `trained.judge`, of digits that nobody learns from, on average
SEEN = 0.02  # share of the samples from which on a digit counts; 0.1 is due to each


def gan_digits_panels(values):
    said = "D(x)" if values["loss"] in BELIEVES else "D’s answer"
    return [
        fakes(said), reals(said),
        beliefs(values["loss"]), good(), read(),
        losses(values["loss"], 4, 1.6), norms(1.6), sure(),
        walk(),
        turned(), latent(values["latent"]), looks(),
    ]  # fmt: skip


def fakes(said):
    return panels.images("fakes", f"generated, and {said} of each", 6,
                         data="fakes", captions="said_fake", columns=8, sel="sample", tell=True,
                         chosen="at_sample")  # fmt: skip


def reals(said):
    return panels.images("reals", f"real, and {said} of each", 6, data="reals",
                         captions="said_real", columns=8)  # fmt: skip


def beliefs(loss):
    title = (
        "D(x): 0 is fake, 1 is real" if loss in BELIEVES else "D’s answers: left fake, right real"
    )
    return panels.histogram("beliefs", title, 4, data="beliefs",
                            rows=["real", "held out", "G(z)"], colors=["a", "s2", "b"], lo=0, hi=1,
                            height=150)  # fmt: skip


def good():
    share = {"max": 1, "percent": True}
    items = [
        {"data": "sure", "label": "a classifier is sure of them", **share},
        {"data": "seen", "label": "digits that it sees", "max": 10, "of": "10", "digits": 0},
        {"data": "variety", "label": "their variety, of that of real ones", **share},
        {"data": "new", "label": "as far from real ones as new ones are", **share},
    ]
    return panels.bars("good", "how good the samples are", 4, items=items, height=176)


def read():
    labels = [*map(str, range(10)), "none"]
    items = [{"data": "shares", "index": k, "label": label, "max": "most_share", "percent": True,
              "color": "b"} for k, label in enumerate(labels)]  # fmt: skip
    return panels.bars("read", "what they are read as", 4, items=items, compact=True)


def sure():
    series = [panels.line("sure", "sure", color="ink"),
              panels.line("variety", "variety", color="s3", dash=True)]  # fmt: skip
    return panels.lines("progress", "progress", 4, over="step", lo=0, hi=1.1,
                        percent=True, series=series, aspect=1.6,
                        refs=[{"y": SURE_OF_REAL, "label": "of real"}])  # fmt: skip


def walk():
    return panels.images("walk", "a walk from one z to another", 12, data="walk",
                         heading="walk_title", captions="stop_names", columns=STOPS, sel="stop",
                         tell=True, chosen="at_stop")  # fmt: skip


def turned():
    return panels.images("turned", "each number of z, alone", 6, rowspan=2, data="turned",
                         captions="turn_names", columns=len(TURNS), sel="turn", tell=True,
                         chosen="at_turn")  # fmt: skip


def latent(size):
    return panels.plane(
        "latent", "z of the large picture: drag its numbers", 6, aspect=1.75,
        axes=["number of z", "zₖ"], extent=[0.4, size + 0.6, -MOST_Z, MOST_Z], drag="z",
        layers=[
            panels.arrows("z_foot", vectors="z_up", color="ink2", scale=1, exact=True),
            panels.points("z", color="b", size=4),
        ],
    )  # fmt: skip


def looks():
    return panels.images("looks", "G(z), and the real digit nearest to it", 6, data="looks",
                         captions="look_names", columns=2)  # fmt: skip
