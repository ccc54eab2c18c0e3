"""What the lab `convolution` says: its formulas with numbers, the sentence, what goes wrong."""

import numpy as np

from . import doctor
from .backprop_step_words import factor, num
from .convolution_controls import ONE
from .doctor import finding, say

SIDE = 8
LEARNT = 1e-4  # of the loss at the start: as good as nothing


def formula(lab):
    """The layer, its size, its loss and gradients, for this stride and padding."""
    v, s = lab.values, lab.seen
    count = 1 if v["counts"] == ONE else lab.size**2
    activation = v["activation"]
    after = "" if activation == "identity" else f",   a_{{ij}} = {activation}(z_{{ij}})"
    slope = "" if activation == "identity" else " σ′(z)"
    over = "the chosen pixel" if count == 1 else f"{count} pixels"
    out = "a" if after else "z"
    seen = f"x_{{{place('i', 'r', v)}, {place('j', 'c', v)}}}"
    w, dw = lab.W[0, 0], s["dW"][0, 0]
    return [
        f"z_{{ij}} = Σ_{{r,c}} {seen} W_{{rc}} + b{after}",
        output_size(lab),
        f"J = mean of ({out} − t)^2 over {over} = {num(s['J'])},   "
        f"dz = 2 ({out} − t){slope} / {count}",
        f"dW_{{rc}} = Σ_{{i,j}} {seen} dz_{{ij}},   db = Σ dz = {num(s['db'])}",
        f"dx_{{uv}} = Σ_{{r,c}} W_{{rc}} dz_{{{back('u', 'r', v)}, {back('v', 'c', v)}}}"
        f"{' where these are whole' if v['stride'] > 1 else ''}",
        f"Step:  W_{{00}} := {num(w)} − {num(v['alpha'])}·{factor(dw)} = "
        f"{num(w - v['alpha'] * dw)}",
    ]


def place(i, r, values):
    """Which row of the image window i sees at its row r: "2i+r−1"."""
    s, p = values["stride"], values["padding"]
    return f"{s if s > 1 else ''}{i}+{r}{f'−{p}' if p else ''}"


def back(u, r, values):
    """In which window row u of the image is row r: "(u+1−r)/2"."""
    s, p = values["stride"], values["padding"]
    inner = f"{u}{f'+{p}' if p else ''}−{r}"
    return inner if s == 1 else f"({inner})/{s}"


def output_size(lab):
    v, k = lab.values, lab.values["size"]
    s, p = v["stride"], v["padding"]
    room = (SIDE + 2 * p - k) / s
    whole = "" if room == int(room) else f" = ⌊{num(room)}⌋ + 1"
    return f"size of z = ⌊({SIDE} + 2·{p} − {k}) / {s}⌋ + 1{whole} = {lab.size}"


def explain(lab, limit):
    if lab.diverged:
        return (
            f"The run diverged at step {lab.diverged_at:,}: the loss went beyond {say(limit)}. "
            f"Shown is step {lab.t:,}. Choose a smaller α and press Reset."
        )
    lab.frame()
    J = lab.seen["J"]
    gap = f"the weights differ from the hidden kernel by up to {say(distance(lab))}"
    if not lab.t:
        return (
            f"A kernel of {lab.values['size']} × {lab.values['size']} sees {lab.size**2} windows "
            f"of the image. Against the hidden kernel's output the loss is {say(J)}, and {gap}."
        )
    return f"Step {lab.t:,}: J = {say(J)}, at the start {say(lab.J_first)}; {gap}."


def distance(lab):
    return np.abs(lab.W - lab.hidden_W).max()


def findings(lab, limit):
    if lab.diverged:
        return [diverged(lab, limit)]
    lab.frame()
    return doctor.findings(
        too_fast(lab), dead(lab), saturated(lab), unseen(lab), learnt(lab) or open_question(lab)
    )


def diverged(lab, limit):
    bound = fastest(lab)
    below = "divide it by 10" if bound is None else f"choose one below {say(bound)}"
    return finding(
        "diverged",
        "bad",
        f"At step {lab.diverged_at:,} the loss was beyond {say(limit)}.",
        f"α = {say(lab.values['alpha'])} overshoots: {below}, and press Reset.",
    )


def windows(lab):
    """What J depends on: a row for each output pixel that counts, the window and 1 for b."""
    padded = np.pad(lab.x, lab.values["padding"]).ravel()
    X = padded[lab.see.reshape(lab.size**2, -1)]
    X = np.hstack([X, np.ones((len(X), 1))])
    if lab.values["counts"] == ONE:
        i, j = lab.pixel
        X = X[[i * lab.size + j]]
    return X


def fastest(lab):
    """The largest α for which J cannot grow, 2 / (largest curvature of J); None if z is bent."""
    if lab.values["activation"] != "identity":
        return None
    X = windows(lab)
    return float(len(X) / np.linalg.norm(X, 2) ** 2)


def too_fast(lab):
    bound = fastest(lab)
    if bound is None or lab.values["alpha"] <= bound or lab.seen["J"] < 1e-12:
        return None
    return finding(
        "rate too large",
        "warn",
        f"α = {say(lab.values['alpha'])}, but with these windows J is so curved that steps "
        f"overshoot further and further above α = {say(bound)}.",
        "Watch it go wrong, or choose a smaller rate.",
    )


def dead(lab):
    if lab.values["activation"] != "relu" or lab.seen["z"].max() > 0:
        return None
    return finding(
        "dead ReLU",
        "warn",
        f"z ≤ 0 in all {lab.size**2} windows: relu answers 0 with slope 0, so dz, and with it "
        "every gradient, is 0.",
        "Raise b, or choose another kernel.",
    )


def saturated(lab):
    share = doctor.saturation(lab.seen["a"].reshape(-1, 1), lab.values["activation"])
    if lab.values["activation"] == "relu" or share < 0.5:
        return None
    return finding(
        "saturation",
        "warn",
        f"{doctor.percent(share)} of the outputs are at an end of {lab.values['activation']}, "
        "where its slope is nearly 0: hardly any gradient comes through.",
        "Choose smaller weights.",
    )


def unseen(lab):
    """With a stride the windows may end before the image does."""
    v = lab.values
    left = (SIDE + 2 * v["padding"] - v["size"]) % v["stride"] - v["padding"]
    if left <= 0:
        return None
    lines = "the last row and the last column" if left == 1 else f"the last {left} rows and columns"
    return finding(
        "unseen pixels",
        "note",
        f"With this stride no window reaches {lines} of the image: dx is 0 there.",
        "Change the stride, the padding or the size.",
    )


def learnt(lab):
    if lab.seen["J"] > LEARNT * max(lab.J_first, 1e-12):
        return None
    gap = distance(lab)
    if not lab.t or gap > 0.1:
        return open_question(lab)
    return finding(
        "found",
        "note",
        f"J is {say(lab.seen['J'])}, and every weight is within {say(gap)} of the hidden kernel.",
        "Choose another image: J stays small, because the same kernel serves every place.",
    )


def open_question(lab):
    """Fewer independent windows than numbers to learn: other kernels answer as well."""
    X, size = windows(lab), lab.values["size"]
    rank = int(np.linalg.matrix_rank(X))
    if not lab.t or rank == X.shape[1]:
        return None
    return finding(
        "many kernels fit",
        "note",
        f"The loss sees {len(X)} window{'s' * (len(X) > 1)}, of which {rank} "
        f"{'is' if rank == 1 else 'are'} independent, but there are {size**2} weights and b to "
        f"find: kernels that differ by {say(distance(lab))} and more have the same loss.",
        "Choose an image with more in it (a digit), or let all output pixels count.",
    )
