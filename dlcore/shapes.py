"""Checks of shapes and dtypes: one clear line for whoever passed the wrong array.

Layers compare shapes themselves (a comparison costs a tenth of a microsecond) and call
`mismatch` only when something is wrong.
"""

import numpy as np


def describe(value):
    """`(8, 1, 28, 28) float32` for an array, the type's name for anything else."""
    if isinstance(value, np.ndarray):
        return f"{value.shape} {value.dtype}"
    return type(value).__name__


def mismatch(who, expected, got, dtype=None):
    """The exception for an array `got` that is not what `who` expected.

    >>> raise mismatch("Conv2d", "x (N, C=3, H, W)", x, np.float32)
    ValueError: Conv2d: expected x (N, C=3, H, W), got (8, 1, 28, 28)

    A TypeError, which names the dtypes, if `got` is no array or not of `dtype`; else a ValueError.
    """
    if isinstance(got, np.ndarray) and (dtype is None or got.dtype == dtype):
        return ValueError(f"{who}: expected {expected}, got {got.shape}")
    if dtype is not None:
        expected = f"{expected} {np.dtype(dtype)}"
    return TypeError(f"{who}: expected {expected}, got {describe(got)}")


def require_float(who, x):
    """Raise one clear line unless `x` is an array of floats (integers would promote to float64)."""
    if not isinstance(x, np.ndarray) or x.dtype.kind != "f":
        raise TypeError(f"{who}: expected an array of floats, got {describe(x)}")


def require_same(who, name, x, other_name, other):
    """Raise one clear line unless `x` has the shape and dtype of `other`."""
    if not isinstance(x, np.ndarray) or x.shape != other.shape or x.dtype != other.dtype:
        raise mismatch(who, f"{name} like {other_name}, {other.shape}", x, other.dtype)


def require_finite(who, name, x):
    """Raise one clear line, with the first bad place, if `x` holds NaN or infinity."""
    x = np.asarray(x)
    if x.dtype.kind == "f" and not np.isfinite(x).all():
        place = tuple(int(i) for i in np.argwhere(~np.isfinite(x))[0])
        raise ValueError(f"{who}: expected finite numbers, got {x[place]} in {name}{list(place)}")


def require_examples(who, x):
    """Raise one clear line if the batch `x` is empty."""
    if len(x) == 0:
        raise ValueError(f"{who}: expected at least one example, got {describe(x)}")


def positive_int(who, name, value):
    """`value` as an int, or one clear line if it is not a whole number of at least 1."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
        raise ValueError(f"{who}: expected {name} to be a whole number >= 1, got {value!r}")
    return int(value)
