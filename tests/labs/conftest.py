"""What the tests of the labs share: a session that remembers what it said, and array checks."""

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
        self.session.handle({"cmd": cmd} | message)
        return list(self.said)

    def contents(self, cmd=None, **message):
        return [content for content, _ in self.ask(cmd, **message)]

    def types(self, cmd=None, **message):
        return [content["type"] for content in self.contents(cmd, **message)]


@pytest.fixture
def talk():
    return Talk


@pytest.fixture
def assert_sound():
    """All arrays of a lab are finite float32, and those its panels draw are there."""

    def check(lab):
        arrays = lab.static() | lab.frame()
        for name, a in arrays.items():
            assert isinstance(a, np.ndarray), name
            assert a.dtype == np.float32, name
            assert np.isfinite(a).all(), name
        missing = {n for p in lab.panels() for n in names_in(p)} - set(arrays)
        assert not missing
        return arrays

    return check


def names_in(panel):
    """Names of the arrays that a panel draws."""
    found = [panel.get("data"), panel.get("tiles")]
    found += [view["data"] for view in panel.get("views", [])]
    found += [line["data"] for line in panel.get("series", [])]
    for layer in panel.get("layers", []):
        found += [layer["data"], layer.get("sel_data")]
        found += [layer["color"]] if "colors" in layer else []
    return [name for name in found if name]
