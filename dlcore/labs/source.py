"""What the programs of labs are put together from: Python source of values, and of a run's loop."""

import re
import textwrap

CLASSES = {
    "tanh": "Tanh",
    "relu": "ReLU",
    "sigmoid": "Sigmoid",
    "leaky_relu": "LeakyReLU",
    "identity": "Identity",
    "sgd": "SGD",
    "momentum": "Momentum",
    "adam": "Adam",
}
TORCH_OPTIMIZERS = {
    "sgd": "torch.optim.SGD({w}, lr={alpha})",
    "momentum": "torch.optim.SGD({w}, lr={alpha}, momentum=0.9)",
    "adam": "torch.optim.Adam({w}, lr={alpha})",
}
STEPS = 500  # of the program of a run that has not begun
NO_BRACKETS = str.maketrans("", "", "()")


class Program:
    """A run of a lab, in pieces of source: `steps` of training, and what the reader changed in it.

    start     the settings that can be changed, as they were when the run began
    changes   step -> settings changed after it
    moving    names of those that were
    clips     is a gradient ever shortened?
    """

    def __init__(self, lab, steps=STEPS):
        self.lab, self.v, self.seed = lab, lab.values, lab.seed
        self.steps, self.changes = lab.t or steps, lab.changes
        self.start = lab.values | lab.at_start
        self.moving = moved(self.changes)
        self.clips = self.start.get("clip", "off") != "off" or "clip" in self.moving

    def setting(self, name):
        """Source of a setting's value, in the loop."""
        return f'now["{name}"]' if name in self.moving else repr(self.start[name])

    def torch_optimizer(self, w):
        rule = TORCH_OPTIMIZERS[self.v["optimizer"]]
        return rule.format(w=w, alpha=repr(self.start["alpha"]))

    def tables(self):
        """What was changed during the run; the keys are the steps made until then."""
        if self.changes:
            yield "# after so many steps, this was changed"
            yield from table(self.changes, self.start)

    def loop(self, losses="[]"):
        """The head of the loop, and what comes before it."""
        yield ""
        yield from self.tables()
        yield f"losses = {losses}"
        yield f"for t in range({self.steps}):"
        if self.changes:
            yield "    now |= changes.get(t, {})"

    def rate(self, place, indent="    "):
        """Take over a new learning rate; `place` is where it is kept."""
        if "alpha" in self.moving:
            yield f'{indent}{place} = now["alpha"]'

    def clip(self, *lines, indent="    "):
        """Lines that clip the gradient to the norm {}, if the run ever does."""
        if not self.clips:
            return
        most = f"float({self.setting('clip')})" if "clip" in self.moving else self.start["clip"]
        if "clip" in self.moving:
            yield f'{indent}if now["clip"] != "off":'
            indent += "    "
        yield from (indent + line.format(most) for line in lines)


class Passes:
    """A run of a lab that goes through passes in stages, with the settings of each pass."""

    usual = 50  # passes of the program of a run that has not begun

    def __init__(self, lab, taken=dict):
        self.lab, self.v, self.seed = lab, lab.values, lab.seed
        self.steps = lab.over or self.usual
        settings = [taken(s) for s in lab.passes[: lab.over] or [lab.settings()]]
        self.start, self.changes = changes_of(settings)

    def loop(self, *before):
        """The head of the loop, and what comes before it."""
        yield from wrapped(f"now = {quoted(self.start)}")
        if self.changes:
            yield "# after so many passes, this was changed"
            yield from wrapped(f"changes = {quoted(self.changes)}")
        yield from before
        yield ""
        yield "losses = []"
        yield f"for number in range({self.steps}):"
        if self.changes:
            yield "    now |= changes.get(number, {})"


def changes_of(settings):
    """The first settings, and {pass: what was different from the pass before}."""
    changes = {}
    for t in range(1, len(settings)):
        new = {n: v for n, v in settings[t].items() if v != settings[t - 1][n]}
        if new:
            changes[t] = new
    return settings[0], changes


def moved(changes):
    """Names of the settings that were changed during a run."""
    return sorted({name for new in changes.values() for name in new})


def table(changes, start):
    """Lines with the `changes`, step -> settings changed after it, and how these were at first."""
    now = ", ".join(f"{name}={quoted(start[name])}" for name in moved(changes))
    yield from wrapped(f"changes = {quoted(changes)}")
    yield f"now = dict({now})"


def source(*lines):
    return "\n".join(lines) + "\n"


def imported(module, names):
    """`from module import names`, in brackets if it is long."""
    line = f"from {module} import ({', '.join(sorted(set(names)))})"
    return "\n".join(wrapped(line)) if len(line) > 98 else line.translate(NO_BRACKETS)


def wrapped(line):
    """A long line of Python, broken at its spaces; within brackets that is allowed. The beginning
    `name = ` and texts stay whole."""
    held = HELD.sub(lambda found: found[0].replace(" ", "\0"), line)
    lines = textwrap.wrap(
        held, 96, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False
    )
    return [part.replace("\0", " ") for part in lines]


HELD = re.compile(r'^\w+ = |"(?:[^"\\]|\\.)*"')


def quoted(value):
    """Source of a text, a list or a dict, with the quotation marks of the rest."""
    return TEXT.sub(requoted, repr(value))


TEXT = re.compile(r"""'(?:[^'\\]|\\.)*'|"[^"]*\"""")  # as repr writes one


def requoted(found):
    text = found[0][1:-1]
    if found[0][0] == "'":  # has no apostrophe that is not escaped
        text = text.replace("\\'", "'").replace('"', r"\"")
    return f'"{text}"'


def whole(value):
    """The same, with integers for the floats that are whole numbers."""
    if isinstance(value, list):
        return [whole(v) for v in value]
    return int(value) if isinstance(value, float) and value == int(value) else value
