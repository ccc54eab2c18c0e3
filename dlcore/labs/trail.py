"""The path of a point through a plane, as few places as show it."""

import numpy as np


class Trail:
    """Places at least `near` apart, at most `longest` of them: beyond that every second one goes,
    and `near` doubles."""

    def __init__(self, near, longest=400):
        self.near, self.longest, self.places = near, longest, []

    def add(self, place):
        place = np.array(place, float)
        if not self.places or np.abs(place - self.places[-1]).max() >= self.near:
            self.places.append(place)
        if len(self.places) > self.longest:
            self.places, self.near = self.places[::2], 2 * self.near

    def copy(self):
        """The same places; either goes its own way."""
        other = Trail(self.near, self.longest)
        other.places = list(self.places)
        return other

    def to(self, place):
        """(n, 2): the path, which ends at `place`."""
        return np.array([*self.places, place])
