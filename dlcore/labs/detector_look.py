"""One canvas, what the grid answers on it, and what becomes of each answer."""

import numpy as np

from .. import detection
from .detector_panels import (
    ANSWER,
    DROPPED,
    FALSE,
    KEPT,
    MISSED,
    RIGHT,
    SIZE,
    STRIDE,
    SUPPRESSED,
    TRUE,
)

HIDDEN = -1


class Look:
    """The answers, by number of the cell (row by row), under the thresholds in `values`.

    likely     those with at least the least score, the best first
    steps      non-maximum suppression: (kept, those that it suppresses)
    by         suppressed -> the one by which;   kept: the best first
    taken      kept -> number of the true box that it found, or -1;   missed: true boxes without
    """

    def __init__(self, x, truth, names, z, values):
        self.x, self.truth, self.names, self.z = x, np.asarray(truth, float), names, z
        boxes, scores, labels = detection.grid_boxes(z, STRIDE, SIZE)
        self.boxes, self.scores, self.labels = boxes[0], scores[0], labels[0]
        self.sound = (self.boxes[:, 2:] > self.boxes[:, :2]).all(1)
        likely = np.flatnonzero(self.sound & (self.scores >= values["score"]))
        self.likely = likely[np.argsort(-self.scores[likely], kind="stable")]
        found = detection.nms_steps(
            self.boxes[self.likely], self.scores[self.likely], values["overlap"]
        )
        self.steps = [(int(self.likely[k]), self.likely[gone].tolist()) for k, gone in found]
        self.kept = [k for k, _ in self.steps]
        self.by = {g: k for k, gone in self.steps for g in gone}
        self.taken = dict(zip(self.kept, self._taken(values), strict=True))
        self.missed = sorted(set(range(len(self.truth))) - set(self.taken.values()))

    def _taken(self, values):
        labels = (self.labels[self.kept], self.names) if values["classes"] else ()
        boxes, scores = self.boxes[self.kept], self.scores[self.kept]
        return detection.assign(boxes, scores, self.truth, values["iou"], *labels)[0].tolist()

    def overlap(self, one, other):
        """IoU of two answers."""
        return float(detection.iou(self.boxes[[one]], self.boxes[[other]])[0, 0])

    def nearest(self, k):
        """The true box with the largest IoU with answer k, and that: (number, IoU), or None."""
        if not len(self.truth):
            return None
        overlap = detection.iou(self.boxes[[k]], self.truth)[0]
        return int(overlap.argmax()), float(overlap.max())

    def drawn(self, phase):
        """How each answer and each true box is drawn at a step of the reading, and the tags."""
        kinds = np.where(self.sound, DROPPED if phase == 0 else HIDDEN, HIDDEN)
        kinds[self.likely] = ANSWER
        done = self.steps if phase is None else self.steps[: max(0, phase - 1)]
        for k, gone in done:
            kinds[k], kinds[gone] = KEPT, SUPPRESSED
        truth = np.full(len(self.truth), TRUE)
        if phase is None:
            for k, true in self.taken.items():
                kinds[k] = FALSE if true < 0 else RIGHT
            truth[self.missed] = MISSED
        named = np.isin(kinds, (KEPT, RIGHT, FALSE)) | (kinds == ANSWER) & (phase is not None)
        tags = [self.tag(k) if named[k] and phase != 0 else "" for k in range(len(kinds))]
        return kinds, truth, tags

    def tag(self, k):
        return f"{self.labels[k]} {100 * self.scores[k]:.0f} %"
