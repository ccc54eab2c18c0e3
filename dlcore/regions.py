"""Regions of a picture: which pixels hang together, and the box around each such region."""

import numpy as np

from .shapes import mismatch, whole


def label_regions(mask):
    """Number the connected regions of a mask (H, W): int64 (H, W), 0 outside, 1, 2, ... inside.

    Pixels belong together if they share a side. Every pixel begins as its own chief. Where two
    neighbours have different chiefs, the one with the larger number submits to the other; then
    everybody looks up the chief of his chief. Regions are numbered by their first pixel, row by
    row. Raises ValueError or TypeError for anything but two dimensions.
    """
    mask = _plane("label_regions", "mask", mask).astype(bool)
    pixel = np.arange(mask.size).reshape(mask.shape)
    across, down = mask[:, 1:] & mask[:, :-1], mask[1:] & mask[:-1]
    one = np.concatenate([pixel[:, 1:][across], pixel[1:][down]])
    other = np.concatenate([pixel[:, :-1][across], pixel[:-1][down]])
    chief = pixel.ravel().copy()
    while (chief[one] != chief[other]).any():
        low, high = np.sort([chief[one], chief[other]], axis=0)
        np.minimum.at(chief, high, low)
        while (chief != chief[chief]).any():
            chief = chief[chief]
    labels = np.zeros(mask.shape, np.int64)
    labels[mask] = np.unique(chief[mask.ravel()], return_inverse=True)[1] + 1
    return labels


def grow_regions(labels, mask, steps):
    """Let each region of labels (H, W) spread over the mask, one pixel to all four sides a step;
    what is taken stays. A pixel between several regions goes to the one with the highest number.
    """
    labels = _plane("grow_regions", "labels", labels).copy()
    if np.shape(mask) != labels.shape:
        raise mismatch("grow_regions", f"mask {labels.shape}", np.asarray(mask))
    mask = np.asarray(mask).astype(bool)
    for _ in range(whole("grow_regions", "steps", steps, 0)):
        around = np.pad(labels, 1)
        nearby = np.maximum.reduce(
            [around[:-2, 1:-1], around[2:, 1:-1], around[1:-1, :-2], around[1:-1, 2:]]
        )
        labels = np.where((labels == 0) & mask, nearby, labels)
    return labels


def region_boxes(labels):
    """The box (x0, y0, x1, y1) around each region of labels (H, W), the last two just outside:
    int64 (n, 4), row k for the region k + 1. A number that does not occur raises ValueError.
    """
    labels = _plane("region_boxes", "labels", labels)
    labels = labels.astype(np.int64)
    n = int(labels.max(initial=0))
    if labels.min(initial=0) < 0:
        raise ValueError(f"region_boxes: expected labels from 0, got {labels.min()}")
    rows, columns = np.nonzero(labels)
    which = labels[rows, columns] - 1
    if len(np.unique(which)) < n:
        raise ValueError(f"region_boxes: expected every number from 1 to {n} in labels")
    boxes = np.empty((n, 4), np.int64)
    boxes[:, :2], boxes[:, 2:] = labels.size, 0
    for side, places in enumerate((columns, rows)):
        np.minimum.at(boxes[:, side], which, places)
        np.maximum.at(boxes[:, side + 2], which, places + 1)
    return boxes


def region_means(labels, values):
    """The mean of values (H, W) over each region of labels: (n,), item k for the region k + 1."""
    labels = _plane("region_means", "labels", labels)
    if np.shape(values) != labels.shape:
        raise mismatch("region_means", f"values {labels.shape}", np.asarray(values))
    labels = labels.ravel().astype(np.intp)  # 32 bits wide in the page
    return np.bincount(labels, np.ravel(values))[1:] / np.bincount(labels)[1:]


def _plane(who, name, array):
    if not isinstance(array, np.ndarray) or array.ndim != 2 or array.dtype.kind not in "biu":
        raise mismatch(who, f"{name} (H, W) of whole numbers or booleans", array, None)
    return array
