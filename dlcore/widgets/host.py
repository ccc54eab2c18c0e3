"""A lab as a Jupyter widget. The front end in `front/` draws, a Session answers it.

w = LabWidget("mlp", alpha=0.1);  w
w.values = {**w.values, "alpha": 1.0}     # moves the lab, and its slider
w.observe(print, "values")                # a slider moved by hand updates w.values
"""

import numpy as np

try:
    import anywidget
    import traitlets
except ImportError as missing:  # only notebooks need them
    raise ImportError(
        f"live figures in a notebook need anywidget ({missing}): pip install anywidget"
    ) from None

from .bundle import bundle
from .shown import Shown


def as_bytes(array):
    """A buffer of plain bytes: a memoryview of an empty array could not be cast to one."""
    return memoryview(np.ascontiguousarray(array).reshape(-1).view(np.uint8))


class LabWidget(Shown, anywidget.AnyWidget):
    """Traits, all synced: `lab` (its name), `seed` and `values` (a dict of plain values)."""

    _esm = bundle()

    lab = traitlets.Unicode(read_only=True).tag(sync=True)
    host = traitlets.Unicode("jupyter", read_only=True).tag(sync=True)
    seed = traitlets.Int().tag(sync=True)
    values = traitlets.Dict().tag(sync=True)

    def __init__(self, name, seed=0, **values):
        seed, values = self.begin(name, seed, values)  # refuses a bad value here, in one line
        self._following = True
        super().__init__(seed=seed, values=values)
        self.set_trait("lab", self._class.name)
        self._following = False
        self.on_msg(self._on_message)
        self.observe(self._on_seed, "seed")
        self.observe(self._on_values, "values")

    # ---- messages

    def _on_message(self, _widget, content, _buffers):
        self._session.handle(content)
        self._follow()

    def _emit(self, content, buffers):
        self._last_message = content
        self.send(content, [as_bytes(array) for array in buffers])

    def _follow(self):
        """The traits say what the lab's values are now."""
        self._following = True
        try:
            self.seed, self.values = self._now()
        finally:
            self._following = False

    # ---- traits set in Python

    def _on_seed(self, change):
        if self._following:
            return
        try:
            self._ask({"cmd": "seed", "value": change.new})
        finally:
            self._follow()

    def _on_values(self, change):
        if self._following:
            return
        try:
            self._ask_values(change.old, change.new)
        finally:
            self._follow()  # a key that was left out or refused is no news to the lab

    # ---- what a page or a saved notebook shows

    def _repr_mimebundle_(self, **options):
        bundle_, metadata = pair(super()._repr_mimebundle_(**options))
        return {**bundle_, "text/plain": repr(self), "text/html": self._html()}, metadata


def pair(answer):
    """anywidget gives the bundle alone or with metadata, depending on its version."""
    if answer is None:
        return {}, {}
    return answer if isinstance(answer, tuple) else (answer, {})
