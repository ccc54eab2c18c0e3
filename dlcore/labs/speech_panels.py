"""What the lab `speech` shows: the sound, the beliefs, what they depend on, and all words."""

from ..data.speech import MFCCS
from . import panels

NAMES = {"lstm": "LSTM", "rnn": "RNN"}
COLORS = {"lstm": "s2", "rnn": "s3"}
DIGITS = list("0123456789")
TIME = {"axis": "t", "over": "frame", "tokens": "ticks"}
GUESSING = 0.1


def speech_panels():
    line = {"lo": 0, "hi": 1, "percent": True, "gaps": True, "sel": "frame", **TIME}
    return [
        panels.formula("notice", "what to notice", 12, data="notice", lines=2),
        heat("mfcc", "13 MFCCs, as they are heard", data="mfcc", color="div", lo=-3, hi=3),
        panels.lines("true", "belief in the digit spoken (RNN dashed)", 12, height=110,
                     refs=[{"y": GUESSING, "label": "guess"}], series=both("true"), **line),
        *[heat(f"belief_{kind}", f"{name}: belief in each digit", "digit", data=f"belief_{kind}",
               color="seq", lo=0, hi=1) for kind, name in NAMES.items()],
        panels.formula("about", "at frame {frame}", 6, data="about", sel="frame",
                       sel_data="about_at", lines=7),
        panels.formula("all_words", "all 600 words that were held out", 6, data="all_words",
                       lines=3),
        panels.lines("left", "belief left if it were silent here (RNN dashed)", 12, height=110,
                     series=both("left"), **line),
        *[heat(f"dx_{kind}", f"{name}: gradient of its log odds", data=f"dx_{kind}",
               color="div", most=f"most_{kind}") for kind, name in NAMES.items()],
        confusion("lstm", ["said", "truth"]),
        confusion("rnn", ["said_rnn", "truth_rnn"]),
    ]  # fmt: skip


def both(what):
    return [
        panels.line(f"{what}_{kind}", name, color=COLORS[kind], dash=kind == "rnn", width=2)
        for kind, name in NAMES.items()
    ]


def heat(name, title, row="coefficient", **keys):
    """Digits or coefficients over the frames, numbered from 0."""
    rows = DIGITS if row == "digit" else [str(q) for q in range(MFCCS)]
    return panels.heatmap(
        name, title, 12, row_height=10, rows=rows, axis="t", sel=["frame", row], **keys
    )


def confusion(kind, sel):
    return panels.heatmap(
        f"errors_{kind}", f"{NAMES[kind]}: which digit is heard as which", 6, data=f"errors_{kind}",
        color="div", lo=-0.6, hi=0.6, square=True, counts=f"counts_{kind}", names=[DIGITS, DIGITS],
        axes=["heard as", "it is"], sel=sel, tell=True,
    )  # fmt: skip
