"""What labs share that offer cases worth trying: a control `case` that sets many others at once."""

from typing import ClassVar

CHANGED = "This is no longer the case as it was chosen: what there was to notice may not hold now."


class Cases:
    """Mixed into a Lab: `cases` is name -> values, on top of `usual`; the first is the default.

    Values that are given together with a case count more than those of the case.
    """

    usual: ClassVar = {}
    cases: ClassVar = {}
    notices: ClassVar = {}  # case -> what to notice in it
    aside = ()  # of what a case sets, what the run itself moves, and what is only looked at

    def __init__(self, seed=0, **values):
        chosen = values.get("case", next(iter(self.cases)))
        known = isinstance(chosen, str) and chosen in self.cases
        super().__init__(seed, **(self.case(chosen) | values if known else values))

    @classmethod
    def case(cls, name):
        """The values of all controls that a case sets."""
        return cls.usual | cls.cases[name]

    def restart(self, *names):
        if "case" in names:
            new = self.case(self.values["case"])
            self.values |= {name: value for name, value in new.items() if name not in names}
            self.take_case()
        super().restart(*names)

    def take_case(self):
        """A case was chosen: what the reader had made is put aside."""

    def changed(self, name):
        """A value that is set together with a case, after that has begun anew."""
        if self.controls[name].restarts and self.counts(name):
            self.restart(name)
        else:
            super().changed(name)

    def is_news(self, name, value):
        """A case that the reader has left can be chosen again."""
        return super().is_news(name, value) or (name == "case" and self.is_left())

    def is_left(self):
        """Are these settings the reader's own, no longer those of the case?"""
        return not self.is_as_set(but=self.aside)

    def is_as_chosen(self):
        """Is everything still as the case has set it, and no step made?"""
        return self.t == 0 and self.is_as_set()

    def is_as_set(self, but=()):
        """Is every value, except those named in `but`, still as the case has set it?"""
        values = self.case(self.values["case"])
        return all(self.values[name] == values[name] for name in values.keys() - set(but))

    @property
    def notice(self):
        """What to notice in the case that was chosen."""
        return self.notices[self.values["case"]]
