"""Data sets that are numbers in the order of time, and how any sequences are cut and filled up."""

import csv
import io

import numpy as np

from ..shapes import describe, whole
from .files import Split, open_data


def el_nino():
    """Sea-surface temperature off Peru, month by month from 1950 to 2010: the first 549 months to
    learn from, the last 183 to judge on.

    x (n,) int64, months since January 1950; y (n,) float32 in °C.
    """
    with io.TextIOWrapper(open_data("elnino_sst.csv"), encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    parts = []
    for part in ("train", "test"):
        mine = [row for row in rows if row["split"] == part]
        months = [12 * (int(row["year"]) - 1950) + int(row["month"]) - 1 for row in mine]
        parts += [np.array(months), np.array([float(row["sst_c"]) for row in mine], np.float32)]
    return Split(*parts)


def windows(at, ticks):
    """Where to find every stretch of `ticks` moments without a gap: (ticks, N) places in a series.

    `at` (n,) are the moments of the series in rising order, whole numbers such as hours; after a
    gap a new stretch begins, so no window reaches over hours that are missing or held out. With
    i = windows(at, 25), x[i[:-1]] is a day, (24, N), and x[i[-1]] the hour after it.
    """
    at, ticks = np.asarray(at), whole("windows", "ticks", ticks)
    if at.ndim != 1 or at.dtype.kind not in "iu":
        raise TypeError(f"windows: expected moments (n,) of whole numbers, got {describe(at)}")
    if np.any(np.diff(at) <= 0):
        raise ValueError("windows: expected moments in rising order, each of them once")
    first = np.arange(len(at) - ticks + 1)
    first = first[at[first + ticks - 1] - at[first] == ticks - 1]
    return np.arange(ticks)[:, None] + first


def pad(sequences):
    """Sequences of unequal lengths side by side: (x (T, N, ...), mask (T, N)).

    T is the longest length; shorter ones are filled up with zeros, and there the mask is False.
    Raises a ValueError for no sequences, or for some whose elements differ in shape.
    """
    sequences = [np.asarray(sequence) for sequence in sequences]
    if not sequences:
        raise ValueError("pad: expected at least one sequence, got none")
    inner = {sequence.shape[1:] if sequence.ndim else None for sequence in sequences}
    if len(inner) > 1 or None in inner:
        raise ValueError(f"pad: expected sequences of elements of one shape, got {inner}")
    lengths = np.array([len(sequence) for sequence in sequences])
    mask = np.arange(lengths.max())[:, None] < lengths
    x = np.zeros((*mask.shape, *inner.pop()), np.result_type(*sequences))
    for n, sequence in enumerate(sequences):
        x[: len(sequence), n] = sequence
    return x, mask
