"""Checks of shapes and dtypes: one clear line for whoever passed the wrong array.

Layers compare shapes themselves (a comparison costs a tenth of a microsecond) and call
`mismatch` only when something is wrong.
"""

import math

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


def require_mask(who, mask, shape):
    """Raise one clear line unless `mask` holds True and False in this shape."""
    if getattr(mask, "dtype", None) != np.bool_ or mask.shape != shape:
        raise mismatch(who, f"mask {shape}", mask, np.bool_)


def require_finite(who, name, x):
    """Raise one clear line, with the first bad place, if `x` holds NaN or infinity."""
    x = np.asarray(x)
    if x.dtype.kind == "f" and not np.isfinite(x).all():
        place = tuple(int(i) for i in np.argwhere(~np.isfinite(x))[0])
        raise ValueError(f"{who}: expected finite numbers, got {x[place]} in {name}{list(place)}")


def require_examples(who, x):
    """Raise one clear line if the batch `x` is empty."""
    if np.ndim(x) == 0 or np.size(x) == 0:
        raise ValueError(f"{who}: expected at least one example, got {describe(x)}")


def require_kind(who, name, value, kind):
    """Raise one clear line unless `value` is an instance of `kind`."""
    if not isinstance(value, kind):
        got = f"the class {value.__name__}" if isinstance(value, type) else describe(value)
        raise TypeError(f"{who}: expected {name} of type {kind.__name__}, got {got}")


def require_rng(who, rng):
    """Raise one clear line unless `rng` is a generator of NumPy's: a seed is none."""
    require_kind(who, "rng", rng, np.random.Generator)


def require_floating(who, dtype):
    """Raise one clear line unless `dtype` is one of floats."""
    if np.dtype(dtype).kind != "f":
        raise TypeError(f"{who}: expected a floating dtype, got {np.dtype(dtype)}")


def whole(who, name, value, least=1):
    """`value` as an int, or one clear line if it is not a whole number of at least `least`."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise ValueError(
            f"{who}: expected {name} to be a whole number >= {least}, got {short(value)}"
        )
    return int(value)


def number(who, name, value, low, below=math.inf):
    """`value` as a float in [low, below), or one clear line."""
    real = isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
    try:
        x = float(value) if real else math.nan
    except OverflowError:  # a whole number of more than 308 digits
        x = math.inf
    if not low <= x < below:
        limit = "" if below == math.inf else f" and < {below:g}"
        raise ValueError(
            f"{who}: expected {name} to be a number >= {low:g}{limit}, got {short(value)}"
        )
    return x


def positive(who, name, value):
    """`value` as a float above 0, or one clear line."""
    x = number(who, name, value, 0)
    if x == 0:
        raise ValueError(f"{who}: expected {name} > 0, got {short(value)}")
    return x


def euclidean(x):
    """The Euclidean norm of all numbers in x, summed in float64, where squares do not overflow."""
    return float(np.linalg.norm(np.asarray(x, np.float64).reshape(-1)))


def short(value):
    """repr of a value, but never long and never an error."""
    try:
        text = repr(value)
    except Exception:  # a whole number of more than 4,300 digits has no repr
        text = f"a {type(value).__name__}"
    return text if len(text) <= 60 else text[:57] + "..."
