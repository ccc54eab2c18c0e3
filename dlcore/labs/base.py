"""What every lab is: values, steps and frames. No user interface, nothing but NumPy."""

import math
import time
from collections import deque
from typing import ClassVar

import numpy as np

from .controls import LabError, number, shown

SEEDS = 2**32
RECENT = 64  # of the steps since the last frame, so many can be seen again
UNSOUND = "The initial numbers are not finite; the figure shows zeros in their places."
SOUNDER = "Choose smaller initial weights, fewer layers, or another seed."


class Lab:
    """A live figure as a plain object.

        lab = Mlp(seed=0, alpha=0.1)
        lab.set("batch", 8); lab.step(); lab.frame()["loss"]

    A subclass declares `name`, `title` (a question), `hint` (what to try), `controls` and
    `panels()`, and writes

        start()         a new run from `self.seed` and `self.values`, at step 0
        update()        one training step; False if its numbers are not finite or out of bounds
        measure()       name -> float32 array, string or list of strings, as the panels need them
        static()        the same for what does not change from step to step, if there is any
        keep(), recall(kept)   a copy of what `measure` looks at, made after every step, and back
                        to it: a few small arrays
        event(name, **what)    a click, a dragged point; True if static arrays changed
        text(), doctor()   on what `frame()` shows;   audit(), code()

    A run whose numbers are lost is `diverged`: it goes back to the last step whose frame is finite
    and stays there until `reset`; `revisit` shows the steps that led there. What a lab refuses
    raises LabError and changes nothing.
    """

    name = title = hint = ""
    controls: ClassVar = {}
    ranges: ClassVar = {}  # array -> (lo, hi, levels): how a recording quantises it
    recorded = ()  # steps between the frames of a recording
    moves = ()  # controls that follow the run: their values travel with every frame
    pace = None  # ms a step, for a figure that is read step by step; else Play runs
    rescue = "Change a setting"  # what may keep a run from diverging
    speed = "8"  # steps a frame at first: "1" for a run that is over soon

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        cls.name = cls.name or cls.__name__.lower()  # a reader's lab need not say more than it does
        cls.title = cls.title or cls.__name__

    def __init__(self, seed=0, **values):
        self.seed = check_seed(seed)
        defaults = {name: control.value for name, control in self.controls.items()}
        clean = {name: self.control(name).check(value) for name, value in values.items()}
        self.values = defaults | clean
        self.allow(self.values)
        self.reset()

    def control(self, name):
        if not isinstance(name, str) or name not in self.controls:
            raise LabError(f"{self.name}: there is no control called {shown(name)}")
        return self.controls[name]

    def allow(self, values):
        """Raise LabError for values that are impossible together."""

    def set(self, name, value):
        """Change one value. True if that restarted the run. Raises LabError, changing nothing."""
        self.control(name)  # first: what is not even a text is no key of a dict
        return self.set_all({name: value})

    def set_all(self, values):
        """Change values together: only what they make together must be possible. As `set`."""
        clean = {name: self.control(name).check(value) for name, value in values.items()}
        new = [name for name, value in clean.items() if self.is_news(name, value)]
        if not new:
            return False
        self.allow(self.values | clean)
        self.values |= clean
        restarts = [name for name in new if self.controls[name].restarts and self.counts(name)]
        if restarts:
            self.restart(*restarts)
            new = [name for name, value in clean.items() if value != self.values[name]]
            self.values |= clean  # a restart may move values that were asked for, too
        for name in new:
            self.fresh = False
            self.changed(name)
        return bool(restarts)

    def is_news(self, name, value):
        """Does this value change anything?"""
        return value != self.values[name]

    def is_left(self):
        """Has the reader left the case that was chosen? (`Cases`)"""
        return False

    def counts(self, name):
        """Does control `name` matter now? (One under `when` may be hidden.)"""
        when = self.controls[name].when
        if when is None:
            return True
        other, least = when
        here = self.values[other]
        if isinstance(least, tuple):
            return here in least
        return here == least if isinstance(least, str) else here >= least

    def changed(self, name):
        """Value `name` was changed, and the run goes on."""

    def restart(self, *names):
        """The values `names` were changed, and the run begins anew."""
        self.reset()

    def reseed(self, seed):
        """A new run with another seed."""
        self.seed = check_seed(seed)
        self.reset()

    def reset(self):
        """A new run at step 0; it leaves `diverged`."""
        self.t = 0
        self.diverged = self.unsound = False
        self._last = None
        self.recent = deque(maxlen=RECENT)  # (step, what was kept) since the last frame
        self.waiting = False  # for data, say: no step is made
        self.start()
        self.fresh = False  # is the last frame that of this moment?
        self.frame()

    def step(self):
        """One training step; none while it waits, or once the run has diverged."""
        self.run(1)

    def run(self, steps, until=math.inf):
        """Training steps: `steps` of them, but no more once `time.perf_counter()` is at `until`."""
        with np.errstate(over="ignore", invalid="ignore"):
            for _ in range(steps):
                if self.diverged or self.waiting:
                    return
                sound = self.update()
                self.fresh = False
                if sound:
                    self.t += 1
                    self.recent.append((self.t, self.keep()))
                else:
                    self._diverge(self.t + 1)
                if time.perf_counter() >= until:
                    return

    def frame(self):
        """What the panels show now: name -> array or text. Always finite.

        Where the numbers that a run begins with are not, the lab is `unsound`: zeros stand in.
        """
        if not self.diverged and not self.fresh:
            with np.errstate(over="ignore", invalid="ignore"):
                arrays = self.measure()
            if not finite(arrays) and self._last is None:
                self.unsound = True
                self._last = self.t, {name: zero_lost(a) for name, a in arrays.items()}, self.keep()
                self._diverge(self.t)
            elif finite(arrays):
                self._last = self.t, arrays, self.keep()
                self.fresh = True
                self.recent.clear()
            else:
                self._diverge(self.t)
        return self._last[1]

    def _diverge(self, step):
        """Numbers were lost at `step`: back to the last step with a finite frame, and stay."""
        self.diverged, self.diverged_at = True, step
        while self.recent:
            if self._look(*self.recent[-1]):
                return
            self.diverged_at, _ = self.recent.pop()
        self.t, _, kept = self._last
        self.recall(kept)

    def _look(self, step, kept):
        """Go back to a step and see what there was. Is it finite?"""
        self.t = step
        self.recall(kept)
        with np.errstate(over="ignore", invalid="ignore"):
            arrays = self.measure()
        if finite(arrays):
            self._last, self.fresh = (step, arrays, kept), True
        return finite(arrays)

    def revisit(self):
        """Go once more through the steps between the last frame of a run and its end, if it has
        diverged: at each of them `frame()`, `text()` and `doctor()` tell of that step."""
        steps, self.recent = list(self.recent) * self.diverged, deque(maxlen=RECENT)
        for place in steps[:-1]:
            self.diverged = False
            if self._look(*place):
                yield
        for place in steps[-1:]:
            self.diverged = True
            self._look(*place)

    def sentence(self):
        """`text()`, or that there is nothing to tell."""
        return UNSOUND if self.unsound else self.text()

    def findings(self):
        """What the doctor finds, also where a run has no numbers to begin with."""
        if not self.unsound:
            return self.doctor()
        return [{"name": "diverged", "level": "bad", "text": UNSOUND, "advice": SOUNDER}]

    def static(self):
        return {}

    def event(self, name, /, **what):
        raise LabError(f"{self.name}: there is no event called {shown(name)}")

    def require_running(self, event):
        """Raise LabError if the run has diverged: `event` needs one that goes on."""
        if self.diverged:
            raise LabError(f"{event}: the run has diverged; Reset starts a new one")

    def gone_wrong(self):
        """The sentence of a run that has diverged."""
        return (
            f"The run diverged at step {self.diverged_at:,}; shown is step {self.t:,}, the last "
            f"one before it. {self.rescue} and press Reset."
        )

    def doctor(self):
        """Findings: dicts of name, text, advice, level (note, warn, bad)."""
        return []

    def audit(self):
        raise LabError(f"{self.name}: no gradient to check here")

    def code(self):
        raise LabError(f"{self.name}: no program for this one")


def finite(arrays):
    """Are all numbers of a frame finite?"""
    return all(np.isfinite(a).all() for a in arrays.values() if not isinstance(a, (str, list)))


def zero_lost(array):
    """A copy with zeros for numbers that are not finite."""
    if isinstance(array, (str, list)):
        return array
    return np.nan_to_num(array, nan=0, posinf=0, neginf=0)


def check_seed(seed):
    x = number(seed)
    if x is None or x != int(x) or not 0 <= x < SEEDS:
        raise LabError(f"seed: expected a whole number from 0 to {SEEDS - 1}, got {shown(seed)}")
    return int(x)
