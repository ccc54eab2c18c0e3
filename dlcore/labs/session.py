"""The conversation between a front end and a lab: messages in, messages out. It never raises.

    session = Session("mlp", emit)            emit(content: dict, buffers: list of arrays)
    session.handle({"cmd": "tick", "steps": 8, "budget_ms": 40})

The lab is known by its name in LABS, or is a class of the reader's own, a subclass of Lab.

In:   open; tick {steps, budget_ms}; set {name, value} or, together, set {values}; seed {value};
      reset; event {name, what}; audit; code. Each may carry an `id`, which the answers repeat as
      `re`.
Out:  setup (with `goes_on` where the panels have changed and the run goes on), static, frame (with
      `settings`, all values, where it answers a set, and with `left` where the reader has left the
      case that was chosen), audit, code;
      refused {message, values, seed} for what the lab does not accept, failed {message} for an
      error nobody expected. Either way the lab lives on.
      A frame with `more` is not the last one of its answer: a tick in which the run has diverged
      is answered with every step on the way there.
Arrays travel as headers {name, shape, dtype: "f4"}, each taking the next buffer (little endian),
or {name, value} for text.
"""

import time
from contextlib import suppress

import numpy as np

from .controls import LabError, number, shown

MOST_STEPS = 100_000
MOST_MS = 1000


class Session:
    def __init__(self, make, emit, seed=0, values=None):
        self.make, self.emit = make, emit
        self.seed, self.given = seed, values
        self.lab = self.declared = None
        self.commands = {
            "open": self.open,
            "tick": self.tick,
            "set": self.set,
            "seed": self.reseed,
            "reset": self.reset,
            "event": self.event,
            "audit": self.audit,
            "code": self.code,
        }

    def handle(self, message):
        """Answer one message."""
        began = time.perf_counter()
        self.re = message.get("id") if isinstance(message, dict) else None
        try:
            self.obey(message, began)
        except Exception as error:
            line = " ".join(str(error).split())
            with suppress(Exception):  # a line that is broken cannot be told so
                self.send({"type": "failed", "message": f"{type(error).__name__}: {line}"})

    def obey(self, message, began):
        try:
            command, what = self.understand(message)
            if self.lab is None and command != self.open:
                self.build()
            command(what, began)
        except LabError as refused:
            self.refuse(str(refused))

    def understand(self, message):
        if not isinstance(message, dict):
            raise LabError(f"expected a message with a cmd, got {shown(message)}")
        name = message.get("cmd")
        if not isinstance(name, str) or name not in self.commands:
            known = ", ".join(self.commands)
            raise LabError(f"expected cmd to be one of {known}, got {shown(name)}")
        return self.commands[name], message

    # ---- commands

    def open(self, message, began):
        refused = self.build() if self.lab is None else []
        self.send_setup()
        self.send_frame(began)
        for line in refused:
            self.refuse(line)

    def tick(self, message, began):
        steps = bounded(message, "steps", 1, 1, MOST_STEPS)
        until = began + bounded(message, "budget_ms", 40, 0, MOST_MS) / 1000
        before = self.lab.t
        self.lab.run(int(steps), until)
        self.lab.frame()  # it may find that the run has diverged
        for _ in self.lab.revisit():
            self.send_frame(began, before, more=True)
            before = self.lab.t
        self.send_frame(began, before)

    def set(self, message, began):
        if "values" in message:
            values = message["values"]
            if not isinstance(values, dict):
                raise LabError(f"expected values to be an object, got {shown(values)}")
            restarted = self.lab.set_all(values)
        else:
            restarted = self.lab.set(message.get("name"), message.get("value"))
        self.answer(restarted, began, settings=dict(self.lab.values))

    def reseed(self, message, began):
        self.lab.reseed(message.get("value"))
        self.answer(True, began)

    def reset(self, message, began):
        self.lab.reset()
        self.answer(True, began)

    def event(self, message, began):
        what = message.get("what", {})
        if not isinstance(what, dict) or not all(isinstance(key, str) for key in what):
            raise LabError(f"expected what to be an object, got {shown(what)}")
        if self.lab.event(message.get("name"), **what):
            self.send_arrays({"type": "static"}, self.lab.static())
        self.send_frame(began)

    def audit(self, message, began):
        self.send({"type": "audit", **self.lab.audit()})

    def code(self, message, began):
        self.send({"type": "code", **self.lab.code()})

    # ---- answers

    def build(self):
        """Make the lab; values it does not accept are left out. Returns why, a list of lines."""
        from . import LABS

        make = self.make if isinstance(self.make, type) else LABS.get(self.make)
        if make is None:
            raise LabError(f"no lab is called {shown(self.make)}; there are {', '.join(LABS)}")
        values = self.given if isinstance(self.given, dict) else {}
        with suppress(LabError):
            if values.keys() <= make.controls.keys():  # `seed` or `self` would be none of them
                self.lab = make(self.seed, **values)
                return []
        self.lab = make()
        lab, possible = self.lab, {}
        lines = [attempt(lab.reseed, self.seed)]
        for name, value in values.items():
            line = attempt(lambda name, value: lab.control(name).check(value), name, value)
            lines.append(line)
            if line is None:
                possible[name] = value
        if attempt(lab.set_all, possible):  # not all together, so one after the other
            lines += [attempt(lab.set, *pair) for pair in possible.items()]
        return [line for line in lines if line]

    def answer(self, restarted, began, **more):
        if restarted:
            self.send_setup()
        elif self.declared and self.declared != (self.lab.panels(), self.lab.pace):
            self.send_setup(goes_on=True)
        self.send_frame(began, **more)

    def send_setup(self, **more):
        lab = self.lab
        self.declared = lab.panels(), lab.pace
        about = {
            "name": lab.name,
            "title": lab.title,
            "hint": lab.hint,
            "controls": {k: c.json(lab.values[k]) for k, c in lab.controls.items()},
            "panels": self.declared[0],
        }
        if lab.pace is not None:
            about["pace"] = lab.pace
        about["speed"] = "1" if lab.pace is not None else lab.speed
        content = {"type": "setup", "lab": about, "seed": lab.seed, "values": dict(lab.values)}
        self.send_arrays(content | more, lab.static())

    def send_frame(self, began, before=None, **more):
        lab = self.lab
        arrays = lab.frame()  # first: it may find that the run has diverged
        content = {
            "type": "frame",
            "step": lab.t,
            "done": 0 if before is None else max(0, lab.t - before),
            "state": "diverged" if lab.diverged else "live",
            "text": lab.sentence(),
            "doctor": lab.findings(),
            "ms": round(1000 * (time.perf_counter() - began), 3),
        }
        if lab.moves:
            content["values"] = {name: lab.values[name] for name in lab.moves}
        if lab.is_left():
            content["left"] = True
        self.send_arrays(content | more, arrays)

    def send_arrays(self, content, arrays):
        headers, buffers = pack(arrays)
        self.send({**content, "arrays": headers}, buffers)

    def refuse(self, line):
        lab = self.lab
        now = {"values": {}} if lab is None else {"values": dict(lab.values), "seed": lab.seed}
        self.send({"type": "refused", "message": line, **now})

    def send(self, content, buffers=()):
        self.emit(content if self.re is None else {**content, "re": self.re}, list(buffers))


def attempt(act, *arguments):
    """The line with which a lab refuses `act(*arguments)`, or None."""
    try:
        act(*arguments)
    except LabError as refused:
        return str(refused)
    return None


def pack(arrays):
    """Headers and buffers of a dict of arrays and texts."""
    headers, buffers = [], []
    for name, value in arrays.items():
        if isinstance(value, np.ndarray):
            headers.append({"name": name, "shape": list(value.shape), "dtype": "f4"})
            buffers.append(np.ascontiguousarray(value, "<f4"))
        else:
            headers.append({"name": name, "value": value})
    return headers, buffers


def bounded(message, key, default, lo, hi):
    """A number of the message, kept within lo..hi."""
    value = message.get(key, default)
    x = number(value)
    if x is None:
        raise LabError(f"expected {key} to be a number, got {shown(value)}")
    return min(max(x, lo), hi)
