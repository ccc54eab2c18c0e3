"""What labs share that have a control `case`: one choice that sets several others."""

from typing import ClassVar


class Cases:
    """A mixin: choosing a case begins anew with its values, and with those given beside it."""

    cases: ClassVar = {}  # name of a case -> values of all controls that a case sets

    def __init__(self, seed=0, **values):
        chosen = values.get("case", self.controls["case"].value)
        known = isinstance(chosen, str) and chosen in self.cases
        super().__init__(seed, **(self.cases[chosen] | values if known else values))

    @property
    def is_as_chosen(self):
        """Are all values still those of the case?"""
        return all(self.values[k] == v for k, v in self.cases[self.values["case"]].items())

    def restart(self, *names):
        if "case" in names:
            new = self.cases[self.values["case"]]
            self.values |= {name: value for name, value in new.items() if name not in names}
        super().restart(*names)

    def changed(self, name):
        """A value that is set together with a case, after that has begun anew."""
        if self.controls[name].restarts and self.counts(name):
            self.restart(name)
        else:
            super().changed(name)
