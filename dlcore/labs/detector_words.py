"""What the lab `detector` says: each decision, the counts, the chosen cell, what goes wrong."""

import numpy as np

from .. import detection
from ..activations import sigmoid, softmax
from .backprop_step_words import num
from .detector_controls import LEAST
from .detector_panels import GRID, STRIDE
from .doctor import finding
from .doctor import findings as found

MOST = 7  # decisions that are listed
NEAR, NOTHING = 0.3, 0.1  # IoU from which an answer is about a true box; below which about none


def percent(share):
    return f"{100 * share:.0f} %"


def name(look, k):
    """An answer: its class and its score."""
    return f"{look.labels[k]} ({percent(look.scores[k])})"


def things(n, one, many=None):
    return f"{n} {one if n == 1 else many or one + 's'}"


def some(texts, most=4):
    """The first of a list, and how many more there are."""
    texts = list(texts)
    more = [f"{len(texts) - most} more"] if len(texts) > most else []
    return ", ".join([*texts[:most], *more])


# ---- panels of text


def decisions(lab):
    """What becomes of the answers at this step of the reading, a line each."""
    look, phase = lab.seen, lab.phase
    low = GRID * GRID - len(look.likely)
    if phase == 0:
        return [f"{GRID} · {GRID} = {GRID * GRID} cells, each with a box, a class and a score"]
    dropped = (
        f"{low} of {GRID * GRID} answers have a score below {num(lab.values['score'])}: dropped"
    )
    if phase == 1:
        return [dropped, *(f"left: {name(look, k)}" for k in look.likely[:MOST])]
    lines = [line for k, gone in steps(lab) for line in decision(lab, k, gone)]
    more = len(lines) - MOST
    return [dropped, *lines[:MOST]] if more <= 0 else [
        dropped, *lines[: MOST - 1], f"and {more + 1} more"]  # fmt: skip


def steps(lab):
    """The steps of suppression that have been made."""
    return lab.seen.steps if lab.phase is None else lab.seen.steps[: max(0, lab.phase - 1)]


def decision(lab, k, gone):
    look = lab.seen
    yield f"{name(look, k)}: kept{verdict(look, k) if lab.phase is None else ''}"
    for g in gone:
        yield f"   suppresses {name(look, g)}, IoU {num(look.overlap(k, g))}"


def verdict(look, k):
    true = look.taken[k]
    if true >= 0:
        overlap = detection.iou(look.boxes[[k]], look.truth[[true]])[0, 0]
        return f", right: IoU {num(overlap)} with the {look.names[true]}"
    near = look.nearest(k)
    if near is None or near[1] < NOTHING:
        return ", false: nothing is there"
    return f", false: IoU {num(near[1])} with the {look.names[near[0]]}"


def counts(lab):
    """Precision, recall and F1 with their numbers, on this canvas and on all."""
    look, (precision, recall) = lab.seen, lab.point
    right = sum(true >= 0 for true in look.taken.values())
    accepted = lab.scores >= lab.values["score"]
    hits, n = int(lab.right[accepted].sum()), int(accepted.sum())
    f1 = float(detection.f1(np.float64(precision), np.float64(recall)))
    return [
        f"here: {right} right, {len(look.kept) - right} false, {len(look.missed)} missed",
        f"on all {len(lab.held_out.x)} canvases:",
        f"P = precision = right / accepted = {hits} / {n}" + (f" = {num(precision)}" if n else ""),
        f"R = recall = right / digits = {hits} / {lab.objects} = {num(recall)}",
        f"F_1 = 2 P R / (P + R) = {num(f1)}" if hits else "F_1 = 0",
        best_overlap(look),
    ]


def best_overlap(look):
    """The IoU of the best right answer, written out."""
    right = [k for k in look.kept if look.taken[k] >= 0]
    if not right:
        return "IoU = |A and B| / |A or B|"
    a, b = look.boxes[right[0]], look.truth[look.taken[right[0]]]
    sides = np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])
    both, areas = float(np.prod(sides)), [float(np.prod(c[2:] - c[:2])) for c in (a, b)]
    numbers = f"{both:.0f} / ({areas[0]:.0f} + {areas[1]:.0f} − {both:.0f})"
    return f"IoU of the {look.labels[right[0]]} = {numbers} = {num(both / (sum(areas) - both))}"


def about_cell(lab):
    """The arithmetic of the chosen cell: from its answer to a box and a score, and its gradient."""
    look, (i, j) = lab.seen, lab.cell()
    z = look.z[0, :, i, j].astype(float)
    p, classes = float(sigmoid(z[0])), softmax(z[None, 5:])[0]
    best = int(classes.argmax())
    x, y = (j + z[1]) * STRIDE, (i + z[2]) * STRIDE
    w, h = np.exp(np.minimum(z[3:5], np.log(GRID))) * STRIDE
    return [
        f"cell in row {i + 1}, column {j + 1} (i = {i}, j = {j})",
        f"P(object) = σ({num(z[0])}) = {num(p)}",
        f"score = P(object) P(class {best}) = {num(p)} · {num(classes[best])} = "
        f"{num(p * classes[best])}",
        f"x = (j + t_x) {STRIDE} = {num(x)},   y = (i + t_y) {STRIDE} = {num(y)}",
        f"w = {STRIDE} exp(t_w) = {num(w)},   h = {STRIDE} exp(t_h) = {num(h)}",
        f"J of this canvas = {num(lab.J)}; "
        + ("here a digit has its middle" if lab.target[0] else "no digit has its middle here"),
        f"largest |∂J/∂x| of a pixel = {num(np.abs(lab.dx).max())}",
    ]


# ---- the sentence


def explain(lab):
    lab.frame()
    if lab.is_as_chosen() and lab.is_told():
        return lab.notice
    now = lab.values
    look, phase = lab.seen, lab.phase
    where = "Your canvas" if lab.is_own else f"Canvas {now['canvas']}"
    if phase == 0:
        return f"{where}: all {GRID * GRID} cells answer, whether they see a digit or not."
    if phase == 1:
        return (
            f"{where}: {things(len(look.likely), 'answer')} of {GRID * GRID} "
            f"{'has' if len(look.likely) == 1 else 'have'} a score of at least {num(now['score'])}."
        )
    if phase is not None:
        k, gone = look.steps[phase - 2]
        others = some(name(look, g) for g in gone) or "nothing"
        return (
            f"{where}: of those left, {name(look, k)} has the highest score and is kept; with an "
            f"IoU over {num(now['overlap'])} it suppresses {others}."
        )
    return outcome(lab, where)


def outcome(lab, where):
    look, (precision, recall) = lab.seen, lab.point
    hits = sum(true >= 0 for true in look.taken.values())
    missed = some(str(look.names[k]) for k in look.missed)
    false = some(name(look, k) for k in look.kept if look.taken[k] < 0)
    parts = [f"{where}: {hits} of {things(len(look.truth), 'digit')} found"]
    parts += [f"missed {missed}"] if missed else []
    parts += [f"false {false}"] if false else []
    return (
        f"{'; '.join(parts)}. On all {len(lab.held_out.x)} held-out canvases: precision "
        f"{num(precision)}, recall {num(recall)}."
    )


# ---- what goes wrong


def findings(lab):
    lab.frame()
    missed = {}  # true box -> why it was missed, as the first of these knows it
    for why in (wrong_class, suppressed, too_low, not_seen):
        for true, what in why(lab):
            missed.setdefault(true, what)
    return found(nothing_left(lab), *twice(lab), *missed.values(), *out_of_nothing(lab))


def nothing_left(lab):
    look = lab.seen
    if len(look.likely) or not len(look.truth):
        return None
    best = float(look.scores.max())
    return finding(
        "nothing left", "warn",
        f"No answer has a score of {num(lab.values['score'])}; the highest is {num(best)}.",
        "Lower the least score.",
    )  # fmt: skip


def twice(lab):
    """False answers about a digit that a better answer has already found."""
    look = lab.seen
    taken = {true: k for k, true in look.taken.items() if true >= 0}
    for k in look.kept:
        near = look.nearest(k)
        if look.taken[k] < 0 and near and near[0] in taken and near[1] >= NEAR:
            first = taken[near[0]]
            yield finding(
                "found twice", "warn",
                f"{name(look, k)} is about the same {look.names[near[0]]} as {name(look, first)}; "
                f"their IoU is {num(look.overlap(k, first))}, and suppression allows "
                f"{num(lab.values['overlap'])}.",
                "Let suppression allow less.",
            )  # fmt: skip


def wrong_class(lab):
    """Digits that were missed because a right box has another class, each with its finding."""
    look = lab.seen
    for k in look.kept:
        near = look.nearest(k)
        if look.taken[k] >= 0 or near is None or near[0] not in look.missed:
            continue
        true, overlap = near
        if overlap >= lab.values["iou"] and look.labels[k] != look.names[true]:
            yield true, finding(
                "wrong class", "note",
                f"A box is right (IoU {num(overlap)}), but the {look.names[true]} was read as "
                f"{look.labels[k]}: one false and one missed.",
                "Switch off “the class counts” to judge the boxes alone.",
            )  # fmt: skip


def suppressed(lab):
    """Digits that were missed because a better answer about a neighbour suppressed theirs."""
    look = lab.seen
    for g, k in look.by.items():
        near = look.nearest(g)
        if near and near[0] in look.missed and near[1] >= lab.values["iou"]:
            if look.nearest(k)[0] == near[0] or look.labels[g] != look.names[near[0]]:
                continue
            yield near[0], finding(
                "a neighbour suppressed", "warn",
                f"{name(look, g)} was right, but {name(look, k)} beside it suppressed it: their "
                f"IoU is {num(look.overlap(g, k))}.",
                "Let suppression allow more; then other digits may be found twice.",
            )  # fmt: skip


def too_low(lab):
    """Digits that were missed because the score of the right answer is below the least."""
    look, v = lab.seen, lab.values
    low = np.flatnonzero(look.sound & (look.scores < v["score"]) & (look.scores > LEAST))
    for true in look.missed:
        about = [k for k in low if right_about(look, k, true, v)]
        if about:
            k = max(about, key=lambda k: look.scores[k])
            yield true, finding(
                "score too low", "note",
                f"The {look.names[true]} was missed, but a cell had a right box with a score of "
                f"{num(look.scores[k])}.",
                f"A least score below {num(look.scores[k])} finds it, and lets others in.",
            )  # fmt: skip


def not_seen(lab):
    """Every digit that was missed, with the answer that comes nearest to it."""
    look = lab.seen
    for true in look.missed:
        overlaps = np.where(look.sound, detection.iou(look.boxes, look.truth[[true]])[:, 0], 0)
        k = int(overlaps.argmax())
        yield true, finding(
            "missed", "note",
            f"The {look.names[true]} was missed. The box that fits it best (IoU "
            f"{num(overlaps[k])}) is of class {look.labels[k]}, with a score of "
            f"{num(look.scores[k])}.",
            "Click the cell of its middle: the table shows what it answers, and what it should.",
        )  # fmt: skip


def out_of_nothing(lab):
    """False answers where no digit is."""
    look = lab.seen
    for k in look.kept:
        near = look.nearest(k)
        if look.taken[k] < 0 and (near is None or near[1] < NOTHING):
            yield finding(
                "false alarm", "note",
                f"{name(look, k)} is where no digit is.",
                f"A least score above {num(look.scores[k])} leaves it out, and others with it.",
            )  # fmt: skip


def right_about(look, k, true, values):
    overlap = detection.iou(look.boxes[[k]], look.truth[[true]])[0, 0]
    return overlap >= values["iou"] and (
        not values["classes"] or look.labels[k] == look.names[true]
    )
