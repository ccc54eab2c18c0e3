"""What labs share whose texts of one moment stand together in an object of their own."""


class InWords:
    """Mixed into a Lab whose `measure()` leaves `words`, with `sentence()` and `findings()`."""

    def text(self):
        self.frame()
        return self.words.sentence()

    def doctor(self):
        self.frame()
        return self.words.findings()
