"""What an exercise is: data."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Exercise:
    """A function to write, and all that is needed to judge one that was written.

    `reference` is the solution as the chapter shows it. `cases(rng)` yields the arguments of one
    call after the other, among them one small case that reads well. A mistake is
    (message, function, ...): the functions make it, each in another way.
    """

    name: str  # "ann.gradient"
    title: str
    stub: str  # the source that the reader begins with
    hints: tuple[str, str]
    reference: Callable
    outputs: tuple[str, ...]  # names of what it returns; several are returned as a tuple
    cases: Callable
    mistakes: tuple[tuple, ...]

    @property
    def arguments(self):
        return tuple(inspect.signature(self.reference).parameters)

    def draw(self):
        """The hidden cases, the same ones every time."""
        return list(self.cases(np.random.default_rng(0)))
