"""Arguments and results as a person reads them."""

import numpy as np

MOST = 24  # numbers of an array that are printed; of a longer one, the shape


def describe(value):
    """What a thing is, in a few words: `an array of shape (3, 2)`, `the text 'abc'`."""
    if value is None:
        return "nothing (None)"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}, {value.dtype}"
    if isinstance(value, tuple | list):
        return f"a {type(value).__name__} of {len(value)}"
    if isinstance(value, str):
        return f"the text {value[:40]!r}"
    kind = type(value).__name__
    if isinstance(value, bool | int | float | complex | np.generic):
        return f"the number {value} ({kind})"
    return f"{'an' if kind[:1].lower() in 'aeiou' else 'a'} {kind}"


def show(label, value, digits=4):
    """`W = [[1., 2.], [3., 4.]]`, with the rows below each other."""
    if callable(value):
        return f"{label}: {value.__doc__}"
    array = np.asarray(value)
    if array.size > MOST:
        return f"{label}: {describe(array)}"
    if array.ndim == 0:
        return f"{label} = {_number(array, digits)}"
    start = f"{label} = "
    body = np.array2string(
        array, separator=", ", prefix=start, max_line_width=88, formatter=_format(array, digits)
    )
    return start + body + (f"  shape {array.shape}" if array.ndim != 2 or 1 in array.shape else "")


def _number(array, digits):
    return f"{array[()]:.{digits}g}" if array.dtype.kind == "f" else str(array[()])


def _format(array, digits):
    """As many digits as say something, and no more; columns are aligned."""
    if array.dtype.kind != "f":
        return None
    width = max((len(f"{x:.{digits}g}") for x in array.flat), default=0)
    return {"float_kind": lambda x: f"{x:.{digits}g}".rjust(width)}


def compare(name, got, want):
    """Lines that say what was expected and what came, with digits enough to see a difference."""
    if want.size > MOST or got.size > MOST:
        return _first_difference(name, got, want)
    for digits in (4, 8, 12):
        lines = [show(f"expected {name}", want, digits), show(f"got      {name}", got, digits)]
        if lines[0].split("=", 1)[1] != lines[1].split("=", 1)[1]:
            break
    return lines


def _first_difference(name, got, want):
    if got.shape != want.shape:
        return [f"expected {name} of shape {want.shape}", f"got      {name} of shape {got.shape}"]
    gap = ~np.isclose(got, want, rtol=1e-6, atol=1e-9, equal_nan=True)
    place = tuple(int(i) for i in np.argwhere(gap)[0]) if gap.any() else (0,) * want.ndim
    at = f"{name}[{', '.join(map(str, place))}]"
    return [
        f"expected {at} = {want[place]:.6g}",
        f"got      {at} = {got[place]:.6g}  ({int(gap.sum())} of {gap.size} numbers differ)",
    ]
