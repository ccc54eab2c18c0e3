"""What labs share whose training points a reader drags, removes and, as data "own", sets."""

import numpy as np

from .base import Lab
from .controls import LabError, number, one_of, shown


class OwnPoints(Lab):
    """A lab with training points `x`, `y` (rows are examples) and a control `data`.

    A subclass says what draws new points (`redraws`), how many there may be, in what plane they
    lie (`plane`: the limits of x and of y), and writes

        edit(x, y, edits)   the points after edits; a static function that its programs call, too
        _take(x, y)         these are the training points now
        _new(place)         the edit that adds a point where the reader has clicked
    """

    redraws = frozenset({"data", "noise"})
    most_points, fewest_points = 400, 2
    grows = False  # may a click add a point to a data set, too?
    plane = ((-1.0, 1.0), (-1.0, 1.0))

    def __init__(self, seed=0, **values):
        self.own = []  # the reader's own points, as edits; they outlive every reset
        self.edits = {}  # step -> what the reader did to the points after it
        super().__init__(seed, **values)

    def reset(self):
        """A new run at step 0; points of a data set go back, the reader's own ones stay."""
        self.edits = {0: list(self.own)} if self.values["data"] == "own" else {}
        super().reset()

    def restart(self, *names):
        """As `reset`, but moved points stay moved while the data are the same."""
        if self.redraws & set(names):
            self.reset()
        else:
            self.edits = {0: [change for changes in self.edits.values() for change in changes]}
            super().reset()

    def event(self, name, /, **what):
        """drag(index, x, y), remove(index), add(x, y), clear(): always new static arrays."""
        edits = {"drag": self._drag, "remove": self._remove, "add": self._add, "clear": self._clear}
        if not isinstance(name, str) or name not in edits:
            return super().event(name, **what)
        self.require_running(name)
        self._apply(edits[name](what))
        return True

    def _drag(self, what):
        return ("move", self._index(what), *position(what, *self.plane))

    def _index(self, what):
        return one_of(what, "index", len(self.x), "a point")

    def _remove(self, what):
        if self.values["data"] != "own" and len(self.x) <= self.fewest_points:
            raise LabError("remove: two points must stay; choose data “own” to start empty")
        return ("remove", self._index(what))

    def _add(self, what):
        if not self.grows:
            self._require_own("add")
        if len(self.x) >= self.most_points:
            raise LabError(f"add: {self.most_points} points are the most")
        return self._new(position(what, *self.plane))

    def _clear(self, what):
        self._require_own("clear")
        return ("clear",)

    def _require_own(self, name):
        if self.values["data"] != "own":
            raise LabError(f"{name}: choose data “own” to set points yourself")

    def _apply(self, change):
        changes = self.edits.setdefault(self.t, [])
        if change[0] == "move" and changes and changes[-1][:2] == change[:2]:
            changes.pop()  # the same point, dragged on
        changes.append(change)
        self._take(*self.edit(self.x, self.y, [change]))
        self.fresh = False
        if self.values["data"] == "own":
            rows = np.hstack([self.x, self.y]).tolist()
            self.own = [("add", *(round(value, 4) for value in row)) for row in rows]


def position(what, first, second):
    """x and y of an event, kept within their limits; four decimals, for code to repeat them."""
    found = []
    for key, (lo, hi) in (("x", first), ("y", second)):
        x = number(what.get(key))
        if x is None:
            raise LabError(f"{key}: expected a number, got {shown(what.get(key))}")
        found.append(round(min(max(x, lo), hi), 4))
    return found
