"""What labs share that have a control `case`: one choice that sets many values."""

from .base import Lab


class Cases(Lab):
    """A lab with a control `case`; `case(name)` gives the values that a case sets.

    What is set together with a case goes before what the case would set.
    """

    case = None  # a static function

    def __init__(self, seed=0, **values):
        control = self.controls["case"]
        chosen = values.get("case", control.value)
        known = isinstance(chosen, str) and chosen in control.options
        super().__init__(seed, **(self.case(chosen) | values if known else values))

    def restart(self, *names):
        if "case" in names:
            new = self.case(self.values["case"])
            self.values |= {name: value for name, value in new.items() if name not in names}
        super().restart(*names)

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
