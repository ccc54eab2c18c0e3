"""The lab `detector`: what a trained grid detector answers on canvases it has never seen.

A step is a step of the reading: all answers, those above the least score, non-maximum suppression
box by box, and what came out of it; then the next canvas. Whoever moves a threshold sees the
outcome at once.

- `boxes`, `scores`: what the G x G cells answer, row by row; `kinds` says how each is drawn
  (`detector_panels.STYLES`), `tags` its class and score.
- `curve`: precision over recall on all held-out canvases as the least score falls; `here`: at the
  one that is set.
- `answer`, `target`, `dz`: of the chosen cell, what the network answers, what it should, and the
  gradient of this canvas's loss. `dx`: that part of the gradient carried back to the pixels,
  divided by its largest number.
"""

from functools import lru_cache
from typing import ClassVar

import numpy as np

from .. import data, detection
from ..activations import sigmoid, softmax
from ..model import Sequential
from . import trained
from .audit import audit
from .base import Lab
from .cases import Cases
from .controls import LabError, needed, one_of
from .detector_code import programs
from .detector_controls import (
    CANVASES,
    CASES,
    LEAST,
    NOTICE,
    OWN,
    PARTS,
    TRAINED,
    USUAL,
    make_controls,
)
from .detector_look import Look
from .detector_own import OwnCanvas
from .detector_panels import GRID, SIZE, STRIDE, detector_panels
from .detector_words import about_cell, counts, decisions, explain, findings


class Detector(Cases, Lab):
    name = "detector"
    title = "Which of its answers should a detector keep?"
    hint = (
        "Move the least score and see what is lost and what is won, on this canvas and on the "
        "curve. Step shows how boxes suppress each other; click a cell to see what it learns."
    )
    controls: ClassVar = make_controls()
    usual, cases, notices = USUAL, CASES, NOTICE
    moves = ("canvas",)
    aside = ("canvas",)
    pace = 1200
    recorded = (1,) * 36
    ranges: ClassVar = {"picture": (0, 1, 64), "dx": (-1, 1, 64)}

    def __init__(self, seed=0, **values):
        self.own = OwnCanvas()
        super().__init__(seed, **values)

    def allow(self, values):
        with needed("data"):
            digits()

    @property
    def is_own(self):
        return self.values["picture"] == OWN

    def panels(self):
        return detector_panels(self.is_own)

    # ---- the run

    def take_case(self):
        self.own = OwnCanvas()

    def is_told(self):
        """Is what is said of the case true? Other seeds have other canvases."""
        return self.seed == 0 or self.is_own

    def changed(self, name):
        """The outcome is shown at once."""
        super().changed(name)
        if name not in ("piece", "height", "part"):
            self.phase = None

    def start(self):
        self.steps = TRAINED[self.values["trained"]]
        self.net = trained.detector(self.steps)
        self.held_out = held_out(self.seed)
        self.z = answers(self.seed, self.steps)
        self.chosen = None  # (row, column) of a cell; None: the one with the highest score
        self.phase = None  # number of the step of the reading; None: its outcome
        self.gradient_of = None, None  # (what, of what cell), the gradient

    def update(self):
        """The next step of the reading, or the next canvas."""
        last = len(self.look().steps) + 2
        self.phase = 0 if self.phase is None else self.phase + 1
        if self.phase == last:
            self.phase = None
        elif self.phase == 0 and self.t and not self.is_own:
            self.values["canvas"] = self.values["canvas"] % CANVASES + 1
        return True

    def keep(self):
        return self.values["canvas"], self.phase

    def recall(self, kept):
        self.values["canvas"], self.phase = kept

    # ---- what there is

    def picture(self):
        """x (1, 1, 48, 48), the true boxes (k, 4) and their labels (k,), and the answers z."""
        if self.is_own:
            x, boxes, labels = self.own.compose(digits())
            return x, boxes, labels, self.net(x)
        k = self.values["canvas"] - 1
        x, boxes, labels = self.held_out
        return x[k : k + 1], boxes[k], labels[k], self.z[k : k + 1]

    def look(self):
        return Look(*self.picture(), self.values)

    def judge(self):
        """(right, scores) of all detections on the held-out canvases, and how many digits."""
        v = self.values
        right, scores = judged(self.seed, self.steps, v["overlap"], v["iou"], v["classes"])
        return right, scores, sum(map(len, self.held_out.boxes))

    def cell(self):
        """Row and column of the chosen cell."""
        if self.chosen is not None:
            return self.chosen
        row, column = divmod(int(self.seen.scores.argmax()), GRID)
        return row, column

    def gradient(self):
        """J of this canvas; of the chosen cell what it should answer (6,), dz (15,), and, of the
        chosen part of the loss, dx (48, 48). The last ones are kept: thresholds do not change them.
        """
        shown = tuple(self.own.pieces) if self.is_own else (self.seed, self.values["canvas"])
        key = shown, self.steps, self.cell(), self.values["part"]
        if self.gradient_of[0] != key:
            self.gradient_of = key, self.find_gradient(*self.cell())
        return self.gradient_of[1]

    def find_gradient(self, row, column):
        look = self.seen
        y = detection.grid_targets([look.truth], [look.names], SIZE, STRIDE)
        z, cache = self.net.forward(look.x)
        J, dz = detection.grid_loss(z, y)
        part, only = PARTS[self.values["part"]], np.zeros_like(dz)
        only[0, part, row, column] = dz[0, part, row, column]
        dx, _ = self.net.backward(only, cache)
        return J, y[0, :, row, column], dz[0, :, row, column], dx[0, 0]

    # ---- what is seen

    def measure(self):
        look = self.seen = self.look()
        self.right, self.scores, self.objects = self.judge()
        self.J, self.target, self.dz, self.dx = self.gradient()
        row, column = self.cell()
        z = look.z[0, :, row, column]
        precision, recall = detection.precision_recall(self.right, self.scores, self.objects)
        accepted = int((self.scores >= self.values["score"]).sum())
        self.point = (
            (float(precision[accepted - 1]), float(recall[accepted - 1]))
            if accepted
            else (1.0, 0.0)
        )
        kinds, truth_kinds, tags = look.drawn(self.phase)
        share = np.concatenate([[sigmoid(z[0])], np.zeros(4), softmax(z[None, 5:])[0]])
        frame = {
            "picture": look.x[0, 0],
            "truth": look.truth,
            "truth_kinds": truth_kinds,
            "boxes": look.boxes,
            "kinds": kinds,
            "scores": look.scores.reshape(GRID, GRID),
            "chosen": [cell_box(row, column), look.boxes[GRID * row + column]],
            "chosen_kinds": [0, 1 if look.sound[GRID * row + column] else -1],
            "curve": np.stack([recall, precision], 1),
            "here": [self.point[::-1]],
            "dx": self.dx / max(float(np.abs(self.dx).max()), 1e-12),
            "dz": self.dz,
        }
        return {name: np.asarray(a, np.float32) for name, a in frame.items()} | {
            "tags": tags,
            "decisions": decisions(self),
            "numbers": counts(self),
            "about_cell": about_cell(self),
            **self.columns(z, share),
        }

    def columns(self, z, share):
        """What the table of the chosen cell says, as texts."""
        has_object = self.target[0] > 0
        target = [f"{self.target[0]:.0f}"]
        target += [f"{t:.2f}" if has_object else "–" for t in self.target[1:5]]
        target += [f"{float(k == self.target[5]):.0f}" if has_object else "–" for k in range(10)]
        shares = [f"{p:.2f}" if k not in range(1, 5) else "" for k, p in enumerate(share)]
        answer = [f"{value:.2f}" for value in z]
        return {name: [text.replace("-", "−") for text in texts] for name, texts in
                (("answer", answer), ("share", shares), ("target", target))}  # fmt: skip

    def static(self):
        cells = [cell_box(*cell) for cell in np.ndindex(GRID, GRID)]
        grid = {"cells": cells, "plain": np.zeros(len(cells))}
        if self.is_own:
            grid["pieces"] = np.reshape(self.own.centres(), (-1, 2))
        return {name: np.asarray(array, np.float32) for name, array in grid.items()}

    # ---- what the reader does

    def event(self, name, /, **what):
        """select(row, column) chooses a cell; add(x, y), drag(index, x, y), remove(index) and
        clear() move the pieces of an own canvas."""
        if name == "select":
            self.chosen = tuple(one_of(what, key, GRID, "a cell") for key in ("row", "column"))
            self.fresh = False
            return False
        if name not in ("add", "drag", "remove", "clear"):
            return super().event(name, **what)
        if not self.is_own:
            raise LabError(f"{name}: choose the pictures “{OWN}” to arrange a canvas yourself")
        self.own.change(name, what, self.values, digits())
        self.phase, self.fresh = None, False
        return True

    # ---- in words

    def text(self):
        return explain(self)

    def doctor(self):
        return findings(self)

    def audit(self):
        look = self.look()
        y = detection.grid_targets([look.truth], [look.names], SIZE, STRIDE)
        head = Sequential(self.net.layers[-1])
        features = Sequential(*self.net.layers[:-1])(look.x)
        return audit(head, features, y, detection.grid_loss, of="this canvas, last layer")

    def code(self):
        return programs(self)


def cell_box(row, column):
    return [column * STRIDE, row * STRIDE, (column + 1) * STRIDE, (row + 1) * STRIDE]


@lru_cache(maxsize=1)
def digits():
    """The digits that own canvases are made of, as `data.mnist`."""
    return data.mnist()


@lru_cache(maxsize=4)
def held_out(seed):
    return data.digit_canvases(CANVASES, "test", rng=np.random.default_rng(seed))


@lru_cache(maxsize=4)
def answers(seed, steps):
    return trained.detector(steps)(held_out(seed).x)


@lru_cache(maxsize=16)
def found(seed, steps, overlap):
    return detection.detections(answers(seed, steps), STRIDE, SIZE, LEAST, overlap)


@lru_cache(maxsize=64)
def judged(seed, steps, overlap, iou, classes):
    _, boxes, labels = held_out(seed)
    there = found(seed, steps, overlap)
    return detection.match_all(there, boxes, labels if classes else None, iou)
