"""What a small detector needs: boxes, their overlap, non-maximum suppression, a loss on a grid.

A box is (x0, y0, x1, y1) in pixels, x to the right and y downwards; many boxes are rows (n, 4).
A grid detector looks at the image through G x G cells of `stride` pixels. The cell in which the
centre of an object lies is to find it: its answer, 5 + K numbers, is

    z = (object, t_x, t_y, t_w, t_h, class 1 ... class K)

`object` and the classes are logits; t says where the box is, seen from the cell (row i, column j):

    centre x = (j + t_x) stride,  centre y = (i + t_y) stride
    width = stride e^t_w,         height = stride e^t_h

Source: Redmon et al. 2016 (the cell of the centre answers), Girshick et al. 2014 (t_w = log w).
"""

from typing import NamedTuple

import numpy as np

from .activations import sigmoid, softmax
from .losses import bce_with_logits, cross_entropy, mse
from .shapes import mismatch, number, require_finite, short, whole

NUMBERS = 5  # of a cell, beside the classes: object, t_x, t_y, t_w, t_h


def boxes_of(who, name, boxes):
    """`boxes` as an array (n, 4) of floats; none at all is (0, 4). Raises one clear line."""
    boxes = np.asarray(boxes, float)
    if boxes.size == 0:
        return boxes.reshape(0, 4)
    if boxes.ndim != 2 or boxes.shape[1] != 4:
        raise mismatch(who, f"{name} (n, 4)", boxes)
    require_finite(who, name, boxes)
    empty = (boxes[:, 2:] <= boxes[:, :2]).any(1)
    if empty.any():
        k = int(np.argmax(empty))
        box = tuple(boxes[k].tolist())
        raise ValueError(f"{who}: expected x0 < x1 and y0 < y1, got {box} in {name}[{k}]")
    return boxes


def iou(a, b):
    """Intersection over union of every box of a (n, 4) with every box of b (k, 4): (n, k).

        |a and b| / |a or b|, from 0 (apart) to 1 (the same box)

    Raises ValueError for a wrong shape or a box without an inside.
    """
    a, b = boxes_of("iou", "a", a)[:, None], boxes_of("iou", "b", b)[None]
    low, high = np.maximum(a[..., :2], b[..., :2]), np.minimum(a[..., 2:], b[..., 2:])
    both = np.prod(np.maximum(high - low, 0), axis=2)
    return both / (_area(a) + _area(b) - both)


def _area(boxes):
    return np.prod(boxes[..., 2:] - boxes[..., :2], axis=-1)


def nms_steps(boxes, scores, threshold=0.5):
    """Non-maximum suppression, a step at a time: yields (kept, suppressed).

    Each step keeps the box with the highest score that is left (the first of equals) and suppresses
    all others whose IoU with it is above `threshold`. `kept` is the box's number, `suppressed` an
    array of numbers.
    """
    boxes, scores = _scored("nms", boxes, scores)
    threshold = number("nms", "threshold", threshold, 0)
    overlap = iou(boxes, boxes)
    left = np.argsort(-scores, kind="stable")
    while len(left):
        best, others = int(left[0]), left[1:]
        near = overlap[best, others] > threshold
        yield best, others[near]
        left = others[~near]


def nms(boxes, scores, threshold=0.5):
    """The numbers of the boxes that non-maximum suppression keeps, the highest score first."""
    return np.array([kept for kept, _ in nms_steps(boxes, scores, threshold)], int)


def _scored(who, boxes, scores):
    boxes, scores = boxes_of(who, "boxes", boxes), np.asarray(scores, float)
    if scores.shape != (len(boxes),):
        raise ValueError(
            f"{who}: expected a score for each of {len(boxes)} boxes, got {scores.shape}"
        )
    require_finite(who, "scores", scores)
    return boxes, scores


# ------------------------------------------------------------------------------------- the grid


def grid_targets(boxes, labels, size, stride):
    """What the cells should answer for each image: y (N, 6, G, G) float32, with G = size / stride.

    boxes: for each image an array (k, 4); labels: for each an array (k,) of class numbers. Channels
    of y: object (0 or 1), t_x, t_y, t_w, t_h, class number; all but the first count only where an
    object is. Of two objects in one cell the larger is kept. Raises ValueError for lists that
    differ in length, a centre outside the image, or a size that is no multiple of the stride.
    """
    size, stride = whole("grid_targets", "size", size), whole("grid_targets", "stride", stride)
    if size % stride:
        raise ValueError(
            f"grid_targets: expected size to be a multiple of stride, got {size} and {stride}"
        )
    if len(boxes) != len(labels):
        raise ValueError(
            f"grid_targets: expected as many boxes as labels, got {len(boxes)} and {len(labels)}"
        )
    y = np.zeros((len(boxes), 6, size // stride, size // stride), np.float32)
    for target, of_image, classes in zip(y, boxes, labels, strict=True):
        of_image = boxes_of("grid_targets", "boxes", of_image)
        if len(of_image) != len(classes):
            raise ValueError(
                f"grid_targets: expected a label for each of {len(of_image)} boxes, "
                f"got {len(classes)}"
            )
        names = np.asarray(classes)
        if names.size and (names.dtype.kind not in "iu" or names.min() < 0):
            raise ValueError(f"grid_targets: expected labels 0, 1, 2, ..., got {short(classes)}")
        for k in np.argsort(_area(of_image)):  # the larger later: it overwrites
            _write_target(target, of_image[k], classes[k], stride)
    return y


def _write_target(target, box, label, stride):
    x, y = (box[:2] + box[2:]) / 2 / stride
    i, j = int(y), int(x)
    if not (0 <= x < target.shape[2] and 0 <= y < target.shape[1]):
        raise ValueError(f"grid_targets: the centre of {tuple(box.tolist())} is outside the image")
    t_w, t_h = np.log((box[2:] - box[:2]) / stride)
    target[:, i, j] = 1, x - j, y - i, t_w, t_h, label


def grid_loss(z, y, box_weight=1.0):
    """J, dz of a grid detector's answers z (N, 5 + K, G, G) against y (N, 6, G, G), `grid_targets`:

        J = BCE(object)                                    mean over all cells
          + mean over the cells with an object of [ box_weight sum (t - t_true)^2 + CE(class) ]

    An image without objects counts in the first term. Raises as the losses it is made of.
    """
    _check_answers("grid_loss", z)
    N, _, G, H = z.shape
    if getattr(y, "dtype", None) != z.dtype or y.shape != (N, 6, G, H):
        raise mismatch("grid_loss", f"y ({N}, 6, {G}, {H})", y, z.dtype)
    box_weight = number("grid_loss", "box_weight", box_weight, 0)
    dz = np.zeros_like(z)
    J, dz[:, 0] = bce_with_logits(z[:, 0], y[:, 0])
    n, i, j = np.nonzero(y[:, 0])
    if len(n):
        J_box, dt = mse(z[n, 1:5, i, j], y[n, 1:5, i, j])
        J_class, dlogits = cross_entropy(z[n, 5:, i, j], y[n, 5, i, j].astype(int))
        J += 4 * box_weight * J_box + J_class  # mse is the mean of four numbers a box
        dz[n, 1:5, i, j] = 4 * box_weight * dt
        dz[n, 5:, i, j] = dlogits
    return J, dz


def _check_answers(who, z):
    if getattr(z, "ndim", 0) != 4 or z.shape[1] < NUMBERS + 1 or z.dtype.kind != "f":
        raise mismatch(who, "z (N, 5 + K, G, G) with K >= 1 classes", z)


def grid_boxes(z, stride, size):
    """Read the answers z (N, 5 + K, G, G): (boxes (N, G G, 4), scores (N, G G), labels (N, G G)).

    The score is P(object) P(class | object) of the likeliest class; boxes are cut off at the edge
    of the image, of `size` pixels.
    """
    _check_answers("grid_boxes", z)
    require_finite("grid_boxes", "z", z)
    stride, size = whole("grid_boxes", "stride", stride), whole("grid_boxes", "size", size)
    N, _, G, H = z.shape
    cells = z.transpose(0, 2, 3, 1).reshape(N, G * H, -1).astype(float)
    i, j = np.divmod(np.arange(G * H), H)
    centre = (np.stack([j, i], 1) + cells[..., 1:3]) * stride
    half = np.exp(np.minimum(cells[..., 3:5], np.log(size / stride))) * stride / 2
    boxes = np.concatenate([centre - half, centre + half], 2).clip(0, size)
    classes = softmax(cells[..., 5:].reshape(N * G * H, -1)).reshape(N, G * H, -1)
    return boxes, sigmoid(cells[..., 0]) * classes.max(2), classes.argmax(2)


class Found(NamedTuple):
    """The detections in an image, the highest score first: boxes (k, 4), scores, labels (k,)."""

    boxes: np.ndarray
    scores: np.ndarray
    labels: np.ndarray


def detections(z, stride, size, least=0.05, overlap=0.5):
    """What the answers z come to, a `Found` for each image: the boxes with a score of at least
    `least` that non-maximum suppression with the threshold `overlap` keeps, of whatever class.
    """
    found = []
    for boxes, scores, labels in zip(*grid_boxes(z, stride, size), strict=True):
        # A box that lies outside the image was cut off to nothing.
        sound = (scores >= least) & (boxes[:, 2:] > boxes[:, :2]).all(1)
        likely = np.flatnonzero(sound)
        kept = likely[nms(boxes[likely], scores[likely], overlap)]
        found.append(Found(boxes[kept], scores[kept], labels[kept]))
    return found


# ------------------------------------------------------------------------------------ how good


def assign(boxes, scores, truth, threshold=0.5, labels=None, true_labels=None):
    """Which true box each detection has found: (taken, order), both by falling score.

    In the order of the scores, a detection takes the true box with which it has the largest IoU, of
    those that nobody has taken before; if that is at least `threshold`, `taken` is its number, else
    -1. With labels, a detection can only take a box of its own class.
    """
    boxes, scores = _scored("assign", boxes, scores)
    truth = boxes_of("assign", "truth", truth)
    overlap = iou(boxes, truth)
    if labels is not None:
        for given, of in ((labels, boxes), (true_labels, truth)):
            if np.shape(given) != (len(of),):
                raise ValueError(
                    f"assign: expected a label for each of {len(of)} boxes, got {short(given)}"
                )
        overlap[np.asarray(labels)[:, None] != np.asarray(true_labels)] = -1
    order = np.argsort(-scores, kind="stable")
    taken = np.full(len(boxes), -1)
    for rank, k in enumerate(order):
        if len(truth) and overlap[k].max() >= threshold:
            taken[rank] = overlap[k].argmax()
            overlap[:, taken[rank]] = -1
    return taken, order


def match(boxes, scores, truth, threshold=0.5):
    """Which detections are right: (right, order), both by falling score.

    A detection is right if its IoU with a true box that nobody before it has taken is at least
    `threshold`; the best such box is then taken. So a second detection of one object is wrong.
    """
    taken, order = assign(boxes, scores, truth, threshold)
    return taken >= 0, order


def match_all(found, boxes, labels=None, threshold=0.5):
    """The detections of many images together: (right, scores), each (n,).

    found: a `Found` for each image; boxes: its true boxes; labels: their classes, which then must
    agree, too. Raises ValueError for lists that differ in length.
    """
    labels = [None] * len(boxes) if labels is None else labels
    if not len(found) == len(boxes) == len(labels):
        raise ValueError(
            f"match_all: expected boxes and labels for each of {len(found)} images, "
            f"got {len(boxes)} and {len(labels)}"
        )
    right, scores = [], []
    for here, truth, classes in zip(found, boxes, labels, strict=True):
        mine = None if classes is None else here.labels
        taken, order = assign(here.boxes, here.scores, truth, threshold, mine, classes)
        right.append(taken >= 0)
        scores.append(here.scores[order])
    return np.concatenate([np.zeros(0, bool), *right]), np.concatenate([np.zeros(0), *scores])


def precision_recall(right, scores, objects):
    """Precision and recall if one accepts all detections down to each score: two arrays (n,).

        precision = right / accepted,    recall = right / objects

    right (n,) booleans and scores (n,), of all images together; `objects`: how many there are.
    """
    right, scores = np.asarray(right, bool), np.asarray(scores)
    if right.ndim != 1 or right.shape != scores.shape:
        raise ValueError(
            "precision_recall: expected right (n,) and scores (n,), "
            f"got {right.shape} and {scores.shape}"
        )
    require_finite("precision_recall", "scores", scores)
    order = np.argsort(-scores, kind="stable")
    found = np.cumsum(right[order])
    objects = whole("precision_recall", "objects", objects)
    return found / np.arange(1, len(found) + 1), found / objects


def f1(precision, recall):
    """Their harmonic mean, 2 p r / (p + r); 0 where both are."""
    precision, recall = np.asarray(precision, float), np.asarray(recall, float)
    total = np.asarray(precision + recall)
    return np.divide(2 * precision * recall, total, out=np.zeros_like(total), where=total > 0)
