"""What the lab `five` shows: the scoreboard, learning by step and by cost, mistakes, gradients, and
what the GAN writes."""

import numpy as np

from . import panels
from .five_nets import KINDS
from .gradient_flow_panels import LSTM, RNN

COSTS = 10 ** np.linspace(6, 9.5, 36)  # multiply-adds: ten places a decade
MARKS = {0: "1 M", 10: "10 M", 20: "100 M", 30: "1,000 M"}
DRAWN, SHOTS = 20, 18  # digits that the GAN writes; wrong answers
FLOOR = 1e-6  # of a derivative that is drawn
LOOKS = {
    "dense": ("dense", {"color": "ink"}),
    "cnn": ("CNN", {"color": "s1"}),
    "rnn": ("RNN", {"color": RNN, "dash": True}),
    "lstm": ("LSTM", {"color": LSTM}),
}
SHORT = {name: label for name, (label, _) in LOOKS.items()}
ROWS = ["dense net", "CNN", "RNN", "LSTM", "GAN"]
KIND_NAMES = [str(k) for k in range(KINDS)]


def five_panels():
    return [
        scoreboard(), digits(), by_step(), by_cost(), wrong(), shots(), hangs(), norms(), fakes(),
        due(), distance(),
    ]  # fmt: skip


def lines_of(name, **more):
    """A line for each of the four readers."""
    return [panels.line(f"{name}_{who}", label, **look, **more)
            for who, (label, look) in LOOKS.items()]  # fmt: skip


def scoreboard():
    columns = [("units", "size"), ("parameters", "param\u00adeters"), ("work", "multiply-adds"),
               ("row", "in a row"), ("seen", "seen"), ("new", "new")]  # fmt: skip
    return panels.table("board", "what each pays for a digit, and what it gets", 12, rows=ROWS,
                        corner="net",
                        columns=[{"data": d, "label": label} for d, label in columns])  # fmt: skip


def digits():
    return panels.images("given", "test digits, as all are given them", 12, data="given", lo=0,
                         hi=1, columns=KINDS, captions=KIND_NAMES)  # fmt: skip


def by_step():
    return panels.lines("by_step", "test digits read rightly, by step", 6, height=190, lo=0, hi=1,
                        percent=True, over="step", series=lines_of("acc"))  # fmt: skip


def by_cost():
    tokens = [MARKS.get(k, "") for k in range(len(COSTS))]
    return panels.lines("by_cost", "the same, by multiply-adds spent", 6, height=190, lo=0, hi=1,
                        percent=True, gaps=True, over="cost", sel="cost", tokens=tokens,
                        series=lines_of("by_cost"))  # fmt: skip


def wrong():
    return panels.heatmap(
        "wrong", "wrong answers, by digit: tap some", 6, data="wrong", color="seq", lo=0, hi=1,
        counts="counts", names=[KIND_NAMES, list(SHORT.values())], axes=["", "digit"],
        row_height=21, sel=["net", "kind"], tell=True,
    )  # fmt: skip


def shots():
    return panels.images("shots", "wrong answers", 6, data="shots", captions="names", lo=0, hi=1,
                         heading="heading", columns=6)  # fmt: skip


def hangs():
    rows = [str(r) for r in range(1, 9)]
    return panels.lines("hangs", "what an answer depends on: ‖∂z / ∂ row‖", 6, height=170, log=True,
                        floor=FLOOR, over="pixel_row", sel="pixel_row", tokens=rows, unit="row",
                        series=lines_of("hangs"))  # fmt: skip


def norms():
    return panels.lines("norms", "gradient norm, first weights", 6, height=170, log=True,
                        floor=1e-4, over="step",
                        series=lines_of("norm", smooth=0.9))  # fmt: skip


def fakes():
    return panels.images("fakes", "what the GAN writes, as the CNN reads it", 6, data="fakes",
                         lo=0, hi=1, columns=5, captions="read_as", rowspan=2)  # fmt: skip


def due():
    return panels.histogram(
        "due", "kinds of digits it writes", 6, data="due", rows=["G(z)"], colors=["b"], lo=-0.5,
        hi=9.5, level={"y": 1, "label": "due"}, height=110,
    )  # fmt: skip


def distance():
    return panels.lines("distance", "its distance to the test digits (Fréchet)", 6, height=120,
                        lo=0, over="step",
                        series=[panels.line("frechet", "G(z)", color="b"),
                                panels.line("floor", "real ones", color="ink2", dash=True)],
                        )  # fmt: skip
