"""What labs share that offer cases worth trying: a control `case` that sets many others at once."""

from typing import ClassVar


class Cases:
    """Mixed into a Lab: `cases` is name -> values, on top of `usual`; the first is the default.

    Values that are given together with a case count more than those of the case.
    """

    usual: ClassVar = {}
    cases: ClassVar = {}
    notices: ClassVar = {}  # case -> what to notice in it

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

    def is_as_chosen(self):
        """Is everything still as the case has set it, and no step made?"""
        values = self.case(self.values["case"])
        return self.t == 0 and all(self.values[name] == value for name, value in values.items())

    @property
    def notice(self):
        """What to notice in the case that was chosen."""
        return self.notices[self.values["case"]]
