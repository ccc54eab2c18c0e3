"""What the lab `pooling` says: its formulas with numbers, the sentence, what to know."""

import numpy as np

from . import doctor
from .backprop_step_words import num
from .convolution_words import place
from .doctor import finding, percent

SIDE = 8


def formula(lab):
    f, s, seen = lab.values["size"], lab.values["stride"], lab.seen
    without = {"stride": s, "padding": 0}
    x = f"x_{{{place('i', 'r', without)}, {place('j', 'c', without)}}}"
    room = (SIDE - f) / s
    whole = "" if room == int(room) else f" = ⌊{num(room)}⌋ + 1"
    sums = (num(seen[name].sum()) for name in ("da", "dx_max", "dx_mean"))
    return [
        f"max:  a_{{ij}} = max_{{r,c}} {x},   r, c = 0 … {f - 1}",
        f"average:  a_{{ij}} = 1/{f * f} · Σ_{{r,c}} {x}",
        f"size of a = ⌊({SIDE} − {f}) / {s}⌋ + 1{whole} = {lab.size}",
        "back, max:  dx_{uv} = Σ da_{ij} of the windows that it has won",
        f"back, average:  dx_{{uv}} = 1/{f * f} · Σ da_{{ij}} of all its windows",
        "nothing is lost:  Σ da = {},   Σ dx = {} and {}".format(*sums),
    ]


def of_maximum(lab):
    """For each window, its numbers and the largest of them."""
    flat, texts = lab.seen["x"].ravel(), []
    for k, window in enumerate(lab.see.reshape(lab.size**2, -1)):
        i, j = divmod(k, lab.size)
        inside = flat[window]
        u, v = divmod(int(window[inside.argmax()]), SIDE)
        listed = ", ".join(exact(value) for value in inside)
        first = ", the first of several" if np.sum(inside == inside.max()) > 1 else ""
        texts.append(
            f"a_{{{i},{j}}} = max({listed}) = {exact(inside.max())},   "
            f"from x_{{{u},{v}}}{first}"
        )  # fmt: skip
    return texts


def exact(x):
    """A number with up to four decimals, as sixteenths have."""
    return f"{x:.4f}".rstrip("0").rstrip(".")


def explain(lab):
    lab.frame()
    down, right = lab.offset
    n, same = lab.size**2, lab.seen["same"]
    if not (down or right):
        return (
            f"{SIDE * SIDE} pixels have become {n} maxima and {n} averages. {gradient(lab)} "
            "A step moves the image by a pixel."
        )
    averages, maxima = (f"{round(share * n)} of {n}" for share in same[1:])
    off = [percent(far) for far in lab.seen["far"]]
    return (
        f"Moved by {way(down, right)}: {maxima} maxima and {averages} averages are what they "
        f"were. The image is {off[0]} off, the averages {off[1]}, the maxima {off[2]}."
        f"{as_a_whole(lab)}"
    )


def way(down, right):
    """How far the image is from its place: "2 pixels down and to the right"."""
    far = max(abs(down), abs(right))
    sides = ["down" if down > 0 else "up"] if down else []
    sides += [f"to the {'right' if right > 0 else 'left'}"] if right else []
    return f"{far} pixel{'s' * (far > 1)} {' and '.join(sides)}"


def as_a_whole(lab):
    """A move by whole strides moves the output by whole cells: nothing else changes."""
    s = lab.values["stride"]
    if s == 1 or any(d % s for d in lab.offset):
        return ""
    return " It has moved by a whole stride: but for the border, the output is the old one, moved."


def gradient(lab):
    winners = int(np.count_nonzero(lab.seen["wins"]))
    return f"Through the maximum {winners} of {SIDE * SIDE} pixels can get a gradient."


def findings(lab):
    lab.frame()
    return doctor.findings(ties(lab), overlap(lab), unseen(lab))


def ties(lab):
    inside = lab.seen["x"].ravel()[lab.see].reshape(lab.size**2, -1)
    tied = int(((inside == inside.max(1, keepdims=True)).sum(1) > 1).sum())
    if not tied:
        return None
    return finding(
        "ties",
        "note",
        f"In {tied} of {lab.size**2} windows several pixels share the maximum; the first one, row "
        "by row, gets the whole gradient.",
        "There the maximum has a kink and no derivative: any of them would do, but not all.",
    )


def overlap(lab):
    f, s = lab.values["size"], lab.values["stride"]
    if s >= f:
        return None
    most = int(lab.seen["wins"].max())
    return finding(
        "overlap",
        "note",
        f"The stride is less than the window, so windows overlap; one pixel wins {most} of them, "
        "and their gradients are added.",
        "Set the stride to the size of the window to have each pixel in one window only.",
    )


def unseen(lab):
    count = int((lab.touch.reshape(SIDE**2, -1) < 0).all(1).sum())
    if not count:
        return None
    f, s = lab.values["size"], lab.values["stride"]
    why = "between the windows or at the border" if s > f else "at the right and lower border"
    return finding(
        "unseen pixels",
        "note",
        f"{count} of {SIDE * SIDE} pixels lie in no window, {why}: they change nothing and get "
        "no gradient.",
        "Change the stride or the window.",
    )
