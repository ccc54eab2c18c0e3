"""What labs share that go through passes in stages: forward, loss, backward, update, one a step."""

from . import doctor
from .learner import LIMIT


class Stages:
    """Mixed into a Lab that has

    stages       names of the stages of a pass, the last of them the update
    params       the weights, dict name -> array
    whole()      all numbers of a pass: its loss `J`, the weights `after` it, their loss `J_after`
    _forward()   those from the example to the loss, where `whole` calls `_loss_with`
    words        texts of the moment, with `sentence()`; `measure()` leaves them
    troubles(p)  what the doctor finds in a pass, besides steps that are too long
    settings()   what the reader can change during a run, for `code()` to repeat it
    """

    def begin(self):
        """A new run, at the start of its first pass."""
        self.done = 0  # stages of this pass
        self.over = 0  # passes that are
        self.passes, self.losses = [], []  # their settings, and the loss before each

    def update(self):
        """The next stage; after the last one the new weights are taken and a new pass begins."""
        if self.done == len(self.stages):
            self._finish()
        self.done += 1
        return self.done < len(self.stages) or bool(self.whole()["J_after"] < LIMIT)

    def _finish(self):
        p = self.whole()
        self.passes.append(self.settings())
        self.losses.append(p["J"])
        self.over += 1
        self.params.update(p["after"])
        self.done = 0

    def keep(self):
        weights = {name: array.copy() for name, array in self.params.items()}
        return weights, self.done, self.over

    def recall(self, kept):
        weights, self.done, self.over = kept
        self.params.update(weights)

    def _loss_with(self, weights):
        """The loss of a pass with other weights."""
        kept = {name: w.copy() for name, w in self.params.items()}
        self.params.update(weights)
        J = self._forward()["J"]
        self.params.update(kept)
        return J

    def weights(self, p):
        """Those that are shown: once the pass is over, the new ones."""
        return p["after"] if self.done == len(self.stages) else self.params

    def gone_wrong(self):
        """The sentence of a run that has diverged."""
        return (
            f"The update of step {self.diverged_at:,} would take the loss beyond "
            f"{doctor.say(LIMIT)}; shown is step {self.t:,}. Choose a smaller α and press Reset."
        )

    def text(self):
        if self.diverged:
            return self.gone_wrong()
        self.frame()
        return self.words.sentence()

    def doctor(self):
        alpha = self.values["alpha"]
        if self.diverged:
            return [overshoot_away(alpha)]
        p = self.whole()
        return doctor.findings(overshoots(p, alpha), *self.troubles(p))


def overshoots(p, alpha):
    if not p["J_after"] > 1.05 * p["J"] + 1e-9:
        return None
    return doctor.finding(
        "overshoot",
        "warn",
        f"The update takes the loss from {doctor.say(p['J'])} to {doctor.say(p['J_after'])}: "
        "the step is longer than the slope is straight.",
        f"Try a learning rate below α = {doctor.say(alpha)}.",
    )


def overshoot_away(alpha):
    return doctor.finding(
        "diverged",
        "bad",
        f"The next loss would be beyond {doctor.say(LIMIT)}, or not a number.",
        f"α = {doctor.say(alpha)} overshoots ever further: divide it by 10 and press Reset.",
    )
