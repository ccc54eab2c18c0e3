"""Runs cells one after the other in one namespace, and says what they print, show and fail at."""

import builtins
import sys
import warnings
from contextlib import contextmanager

from . import display, errors
from .code import cell_of, draws, execute, file_name
from .streams import Stream

__all__ = ["Kernel", "draws"]


class Kernel:
    """`send(message)` gets plain dicts with an `op`:

    stream {name, text}, left_out {name, count, tail}, display {bundle}, done {error}: None, or
    what `errors.report` tells.
    """

    def __init__(self, namespace, send):
        self.namespace, self.send = namespace, send
        self.runs = 0
        self.streams = {name: self.stream(name) for name in ("stdout", "stderr")}
        namespace["display"] = self.display
        display.sink = self.show

    async def run(self, cell, source):
        """Run the source of cell number `cell`. Never raises what the reader's code raises."""
        self.runs += 1
        error = None
        with self.redirected():
            try:
                await execute(source, self.namespace, file_name(cell, self.runs), self.display)
                self.show_figures()
            except BaseException as raised:  # sys.exit() is one, too
                error = errors.report(raised)
            for stream in self.streams.values():
                stream.finish()
        self.send({"op": "done", "error": error})

    def display(self, *values):
        """Show values, in the order of the program."""
        for value in values:
            self.show(display.bundle(value))

    def show(self, forms):
        for stream in self.streams.values():
            stream.flush()
        self.send({"op": "display", "bundle": forms})

    def show_figures(self):
        if "matplotlib.pyplot" in sys.modules:
            from . import figures

            figures.show()

    def stream(self, name):
        return Stream(
            lambda text: self.send({"op": "stream", "name": name, "text": text}),
            lambda count, tail: self.send(
                {"op": "left_out", "name": name, "count": count, "tail": tail}
            ),
        )

    @contextmanager
    def redirected(self):
        """What is printed, warned of and asked for goes to the page while a cell runs."""
        before = sys.stdout, sys.stderr, builtins.input, warnings.formatwarning
        sys.stdout, sys.stderr = self.streams["stdout"], self.streams["stderr"]
        builtins.input, warnings.formatwarning = no_input, short_warning
        try:
            yield
        finally:
            sys.stdout, sys.stderr, builtins.input, warnings.formatwarning = before


def no_input(prompt=""):
    raise RuntimeError("input() cannot ask in the page: write the value into the code")


def short_warning(message, category, filename, lineno, line=None):
    cell = cell_of(filename)
    where = f"cell {cell}, line {lineno}: " if cell is not None else ""
    return f"{where}{category.__name__}: {message}\n"
