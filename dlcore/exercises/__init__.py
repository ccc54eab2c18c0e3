"""Exercises that check themselves. NumPy only.

    from dlcore.exercises import check, hint

    check("ann.gradient", gradient)    # runs hidden cases and says what is wrong, in words
    hint("ann.gradient", 1)            # two hints each, one at a time

An exercise is data (`exercise.Exercise`), one module a chapter. `judge` compares an answer with
the reference and with the mistakes that people really make, `result.Result` shows the verdict.
"""

import difflib
import textwrap

from . import ann, cnn, gan, lstm, rnn
from .exercise import Exercise
from .judge import judge
from .result import Result

__all__ = ["EXERCISES", "Exercise", "Result", "check", "hint", "hints"]

EXERCISES = {
    exercise.name: exercise
    for chapter in (ann, cnn, rnn, lstm, gan)
    for exercise in chapter.EXERCISES
}


def check(name, answer):
    """Judge the function `answer` to the exercise `name`. Returns a Result and never raises."""
    if not _known(name):
        return Result(str(name), "wrong", _unknown(name))
    return judge(EXERCISES[name], answer)


def hints(name):
    """Both hints to an exercise, the gentle one first."""
    return tuple(Hint(text) for text in EXERCISES[name].hints) if _known(name) else ()


def hint(name, number=1):
    """One hint: number 1 points the way, number 2 nearly tells."""
    if not _known(name):
        return Hint(_unknown(name))
    both = hints(name)
    if number not in range(1, len(both) + 1):
        return Hint(f"{name} has hints 1 to {len(both)}, not {number!r}.")
    return both[number - 1]


class Hint(str):
    """Text that shows without quotation marks, in lines that fit a page."""

    __slots__ = ()

    def __repr__(self):
        return textwrap.fill(self, 76)


def _known(name):
    return isinstance(name, str) and name in EXERCISES


def _unknown(name):
    near = difflib.get_close_matches(str(name), EXERCISES, 1)
    guess = f" Did you mean {near[0]!r}?" if near else ""
    return f"There is no exercise {name!r}.{guess} There are: {', '.join(EXERCISES)}."
