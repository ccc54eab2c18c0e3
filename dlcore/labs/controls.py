"""Controls of a lab: what a reader can set, as small frozen values.

`check(value)` returns the clean value (int, float, str or bool) or raises LabError with one line;
`json(value)` is what the front end builds the input from.
"""

import math
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from numbers import Real


class LabError(ValueError):
    """What a lab refuses, and why, in one line. Nothing has changed when it is raised."""


def number(value):
    """`value` as a finite float, or None. Text counts, too: addresses carry numbers as text."""
    if isinstance(value, bool) or not isinstance(value, (Real, str)):
        return None
    try:
        value = float(value)
    except (ValueError, OverflowError):
        return None
    return value if math.isfinite(value) else None


def shown(value):
    """`value` as it stands in a message: short, on one line."""
    try:
        text = " ".join(repr(value).split("\n"))
    except Exception:  # of a whole number with thousands of digits, for one
        return f"a value of type {type(value).__name__} that cannot be printed"
    return text if len(text) <= 40 else text[:37] + "..."


def one_of(what, key, count, kind):
    """Which of `count` things an event says under `key`, counted from 0; `kind` is one of them."""
    x = number(what.get(key))
    if x is None or x != int(x) or not 0 <= x < count:
        there = f"0 to {count - 1}" if count else f"none, there are no {kind.split()[-1]}s"
        raise LabError(f"{key}: expected {kind}, {there}, got {shown(what.get(key))}")
    return int(x)


@contextmanager
def needed(what):
    """Data that cannot be read are refused, in a line that begins with `what`."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise LabError(f"{what}: {error}") from None


@dataclass(frozen=True, kw_only=True)
class Control:
    """What all controls have.

    more      stands under "More";  restarts  a change begins a new run
    group     legend of the fieldset it stands in
    when      (name, least): shown only while that value is at least `least`; (name, text) or
              (name, texts): while it is equal to the text, or to one of them
    """

    more: bool = False
    restarts: bool = False
    group: str | None = None
    when: tuple | None = None

    def json(self, value):
        """The declaration for the front end, with the `value` it has now."""
        kind = type(self).__name__.lower()
        return {"control": kind, **asdict(self), "value": value, "default": self.value}


@dataclass(frozen=True)
class Slider(Control):
    """A number from lo to hi. With `step` it snaps to lo, lo + step, ... (int if both are)."""

    value: float
    lo: float
    hi: float
    label: str
    log: bool = False
    step: float | None = None
    unit: str = ""

    def check(self, value):
        x = number(value)
        if x is None or not self.lo <= x <= self.hi:
            expected = f"expected a number from {self.lo:g} to {self.hi:g}"
            raise LabError(f"{self.label}: {expected}, got {shown(value)}")
        return x if self.step is None else self.snap(x)

    def snap(self, x):
        x = min(self.lo + round((x - self.lo) / self.step) * self.step, self.hi)
        whole = isinstance(self.step, int) and isinstance(self.lo, int)
        return int(x) if whole else round(x, 10)


@dataclass(frozen=True)
class Choice(Control):
    """One of `options` (strings)."""

    value: str
    options: tuple
    label: str

    def check(self, value):
        if not isinstance(value, str) or value not in self.options:
            expected = f"expected one of {', '.join(self.options)}"
            raise LabError(f"{self.label}: {expected}, got {shown(value)}")
        return value


@dataclass(frozen=True)
class Switch(Control):
    """On or off."""

    value: bool
    label: str

    def check(self, value):
        if isinstance(value, str) and value in ("true", "false"):
            return value == "true"
        if not isinstance(value, bool):
            raise LabError(f"{self.label}: expected true or false, got {shown(value)}")
        return value


@dataclass(frozen=True)
class Text(Control):
    """A line of text, of at most `most` characters. What cannot be printed becomes a space."""

    value: str
    most: int
    label: str

    def check(self, value):
        if not isinstance(value, str):
            raise LabError(f"{self.label}: expected a text, got {shown(value)}")
        if len(value) > self.most:
            raise LabError(
                f"{self.label}: expected at most {self.most} characters, got {len(value)}"
            )
        return "".join(c if c.isprintable() else " " for c in value)
