"""What labs share with settings that change while a run goes on: `code()` repeats the changes."""


class Live:
    """Mixed into a Lab that has `live`, the names of these settings, and calls `note_start()` when
    a run begins. It finds

    at_start   their values when the run began
    changes    step -> settings changed after it
    """

    live = ()

    def note_start(self):
        self.at_start = {name: self.values[name] for name in self.live if name in self.values}
        self.changes = {}

    def changed(self, name):
        if name not in self.at_start:
            super().changed(name)
            return
        new = self.changes.setdefault(self.t, {}) if self.t else self.at_start
        new[name] = self.values[name]
        self.take_settings()

    def take_settings(self):
        """A live setting was changed: the next step is made with it."""
