"""One call of a function on one case, and what came of it."""

import contextlib
import copy
import io
import linecache
import traceback
import warnings
from dataclasses import dataclass

import numpy as np


@dataclass
class Outcome:
    """`outputs` are arrays, None in the place of what is no array of numbers. The list itself is
    None if the function raised, or returned another number of things than it should."""

    raw: object
    outputs: list | None
    error: BaseException | None
    printed: str
    changed: tuple  # names of arguments that were written into

    @property
    def silent(self):
        return self.raw is None and self.error is None


def call(function, exercise, args):
    """Run `function` on copies of the arguments; warnings and prints are kept from the reader."""
    mine, printed = copy.deepcopy(args), io.StringIO()
    raw = outputs = error = None
    with contextlib.redirect_stdout(printed), quiet():
        try:
            raw = function(*mine)
            outputs = _split(raw, len(exercise.outputs))
        except (Exception, SystemExit) as caught:
            error = caught
        changed = tuple(
            name
            for name, before, after in zip(exercise.arguments, args, mine, strict=True)
            if isinstance(before, np.ndarray) and not _untouched(before, after)
        )
    return Outcome(raw, outputs, error, printed.getvalue(), changed)


@contextlib.contextmanager
def quiet():
    """Neither NumPy's warnings nor any others."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


def _split(raw, n):
    if n == 1:
        return [numbers(raw)]
    if isinstance(raw, tuple | list) and len(raw) == n:
        return [numbers(value) for value in raw]
    return None


def numbers(value):
    """A copy as an array of numbers, or None."""
    try:
        array = np.array(value)
    except Exception:  # the value is the reader's: what its conversion raises is anybody's guess
        return None
    return array if array.dtype.kind in "biuf" else None


def _untouched(before, after):
    """Put back after a nudge counts as untouched, to rounding."""
    return before.shape == after.shape and np.allclose(
        before, after, rtol=1e-12, atol=1e-12, equal_nan=True
    )


def close(got, want):
    """The same shape and, to rounding in the coarser dtype, the same numbers."""
    if got is None or want is None or got.shape != want.shape:
        return False
    eps = np.finfo(got.dtype).eps if got.dtype.kind == "f" else 0
    return np.allclose(got, want, rtol=max(1e-6, 100 * eps), atol=max(1e-9, eps), equal_nan=True)


def same(a, b):
    """Two outcomes of one case: equal numbers, or errors of one type."""
    if a.error is not None or b.error is not None:
        return type(a.error) is type(b.error)
    if a.outputs is None or b.outputs is None:
        return False
    return all(close(x, y) for x, y in zip(a.outputs, b.outputs, strict=True))


def text(error):
    """The first line of an error's text, not too long."""
    try:
        lines = str(error).strip().splitlines()
    except Exception:
        lines = []
    line = lines[0] if lines else ""
    return line if len(line) <= 200 else line[:197] + "..."


def unfinished(exercise, function, outcome):
    """What still is `...`, in words; None if the function was finished."""
    if outcome.error is None:
        if outcome.raw is ...:
            return "the function still returns `...`"
        values = outcome.raw if isinstance(outcome.raw, tuple | list) else []
        left = [name for name, value in zip(exercise.outputs, values) if value is ...]  # noqa: B905
        return f"{left[0]} is still `...`" if left else None
    for frame, _ in _own_frames(outcome.error, function):
        if left := [name for name, value in frame.f_locals.items() if value is ...]:
            return f"{left[0]} is still `...`"
    if "ellipsis" in text(outcome.error).lower():
        return f"there is still a `...`{where(outcome.error, function)}"
    if isinstance(outcome.error, NotImplementedError):
        return "the function says that it is not implemented"
    return None


def where(error, function):
    """ "in line 3" and its text: the reader's own line, the deepest one in the function's file."""
    own = list(_own_frames(error, function))
    if not own:
        return ""
    frame, number = own[-1]
    line = linecache.getline(frame.f_code.co_filename, number, frame.f_globals).strip()
    return f" in line {number}" + (f", `{line}`" if line else "")


def _own_frames(error, function):
    """(frame, line number) of the function and of what else its file or cell defines."""
    code = getattr(function, "__code__", None)
    for frame, number in traceback.walk_tb(error.__traceback__):
        if code is not None and frame.f_code.co_filename == code.co_filename:
            yield frame, number
