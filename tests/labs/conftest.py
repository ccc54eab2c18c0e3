"""What the tests of the labs share: a session that remembers what it said, and array checks."""

import re
import sys

import numpy as np
import pytest

from dlcore.labs import Session


class Talk:
    """A session, and everything it has said."""

    def __init__(self, name="mlp", **given):
        self.said = []
        self.session = Session(name, lambda *message: self.said.append(message), **given)

    def ask(self, cmd=None, **message):
        """The answers to one message: (content, buffers) each."""
        self.said.clear()
        patient = {"budget_ms": 1000} if cmd == "tick" else {}  # also on a busy machine
        self.session.handle({"cmd": cmd} | patient | message)
        return list(self.said)

    def contents(self, cmd=None, **message):
        return [content for content, _ in self.ask(cmd, **message)]

    def types(self, cmd=None, **message):
        return [content["type"] for content in self.contents(cmd, **message)]


@pytest.fixture(autouse=True)
def usual_dtype():
    """Some programs of figures make float64 PyTorch's usual type: not for the tests after them."""
    yield
    if torch := sys.modules.get("torch"):
        torch.set_default_dtype(torch.float32)


@pytest.fixture
def talk():
    return Talk


@pytest.fixture
def assert_sound():
    """All arrays of a lab are finite float32 (or texts), and those its panels draw are there."""

    def check(lab):
        arrays = lab.static() | lab.frame()
        for name, a in arrays.items():
            if is_text(a):
                continue
            assert isinstance(a, np.ndarray), name
            assert a.dtype == np.float32, name
            assert np.isfinite(a).all(), name
        missing = {n for p in lab.panels() for n in names_in(p)} - set(arrays)
        assert not missing
        return arrays

    return check


@pytest.fixture
def sums_that_are_right():
    """How many sums a text has, "left = right" of products and sums; all are right, evaluated with
    the numbers as they are rounded."""

    def count(text, atol):
        found = 0
        for line in re.split(r"\n|,  |:  ", text):
            sides = [plain(side) for side in line.split("=")]
            numbers = [eval(side) for side in sides if re.fullmatch(r"[-+*/. ()\de]+", side)]
            found += len(numbers) > 1
            for number in numbers[1:]:
                assert number == pytest.approx(numbers[0], abs=atol), line
        return found

    return count


def plain(text):
    text = text.strip().replace("−", "-").replace("·10^{", "e").replace("·", "*")
    return text.replace("^2", "**2").replace("}", "")


def is_text(value):
    return isinstance(value, str) or (
        isinstance(value, list) and all(isinstance(line, str) for line in value)
    )


ARRAYS = (
    "data", "tiles", "values", "drag", "sel_data", "weights", "lit", "back", "x",
    "most", "dots", "scales", "mark", "heading", "counts", "chosen", "place_data",
)  # fmt: skip
PARTS = (
    "views", "series", "items", "layers", "node_lines", "edge_lines", "covers", "sums", "groups",
    "columns",
)  # fmt: skip
OF_PART = (
    "data", "grad", "sel_data", "vectors", "x", "left", "right", "places", "plus", "texts", "mark",
    "most", "kinds", "tags",
)  # fmt: skip


def names_in(panel):
    """Names of the arrays that a panel draws."""
    found = [panel.get(key) for key in ARRAYS]
    listed = [panel[key] for key in PARTS if isinstance(panel.get(key), list)]
    for part in (part for parts in listed for part in parts if isinstance(part, dict)):
        found += [part.get(key) for key in OF_PART]
        found += [part["color"]] if "colors" in part else []
    return [name for name in found if name]
