"""A lab as a Jupyter widget. The front end in `front/` draws, a Session answers it.

w = LabWidget("mlp", alpha=0.1);  w
w.values = {**w.values, "alpha": 1.0}     # moves the lab, and its slider
w.observe(print, "values")                # a slider moved by hand updates w.values
"""

import html
import json

import numpy as np

try:
    import anywidget
    import traitlets
except ImportError as missing:  # only notebooks need them
    raise ImportError(
        f"live figures in a notebook need anywidget ({missing}): pip install anywidget"
    ) from None

from ..labs import LABS, LabError, Session
from .bundle import bundle

FALLBACK = "This is a live figure. Run the cell above to start it here, or see it in the book."


def check_name(name):
    if name not in LABS:
        raise LabError(f"lab: expected one of {', '.join(sorted(LABS))}, got {name!r}")
    return LABS[name]


def check_values(name, values):
    known = check_name(name).controls
    for key in values:
        if key not in known:
            raise LabError(f"{name}: expected a control among {', '.join(known)}, got {key!r}")


def as_bytes(array):
    """A buffer of plain bytes: a memoryview of an empty array could not be cast to one."""
    return memoryview(np.ascontiguousarray(array).reshape(-1).view(np.uint8))


class LabWidget(anywidget.AnyWidget):
    """Traits, all synced: `lab` (its name), `seed` and `values` (a dict of plain values)."""

    _esm = bundle()

    lab = traitlets.Unicode(read_only=True).tag(sync=True)
    host = traitlets.Unicode("jupyter", read_only=True).tag(sync=True)
    seed = traitlets.Int().tag(sync=True)
    values = traitlets.Dict().tag(sync=True)

    def __init__(self, name, seed=0, **values):
        check_values(name, values)
        started = LABS[name](seed, **values)  # refuses a bad value here, in one line
        self._session = Session(name, self._emit, seed=started.seed, values=dict(started.values))
        self._following = True
        super().__init__(seed=started.seed, values=dict(started.values))
        self.set_trait("lab", name)
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
        now, session = self._session.lab, self._session
        seed, values = (session.seed, session.given) if now is None else (now.seed, now.values)
        self._following = True
        try:
            self.seed, self.values = seed, dict(values)
        finally:
            self._following = False

    # ---- traits set in Python

    def _on_seed(self, change):
        if not self._following:
            self._ask({"cmd": "seed", "value": change.new})

    def _on_values(self, change):
        if self._following:
            return
        changed = {k: v for k, v in change.new.items() if k not in change.old or change.old[k] != v}
        try:
            check_values(self.lab, changed)
            if changed:
                self._ask({"cmd": "set", "values": changed})
        finally:
            self._follow()  # a key that was left out or refused is no news to the lab

    def _ask(self, message):
        """As if the front end had asked; what is refused is an error where it was written."""
        self._session.handle(message)
        answer = self._last_message
        self._follow()
        if answer["type"] in ("refused", "failed"):
            raise LabError(answer["message"])

    # ---- what a page or a saved notebook shows

    def __repr__(self):
        return f"LabWidget({self.lab!r}, seed={self.seed}{self._changed_text()})"

    def _changed(self):
        defaults = {name: control.value for name, control in LABS[self.lab].controls.items()}
        return {name: v for name, v in self.values.items() if v != defaults[name]}

    def _changed_text(self):
        return "".join(f", {name}={v!r}" for name, v in self._changed().items())

    def _html(self):
        """A place that the published page turns into the live figure (web/page/labs.js)."""
        values = html.escape(json.dumps(self._changed(), ensure_ascii=False), quote=True)
        title = html.escape(LABS[self.lab].title)
        return (
            f'<div class="dlcore-lab" data-name="{html.escape(self.lab, quote=True)}" '
            f'data-seed="{self.seed}" data-values="{values}">'
            f'<p class="dlcore-lab-fallback"><strong>{title}</strong> {FALLBACK}</p></div>'
        )

    def _repr_mimebundle_(self, **options):
        bundle_, metadata = pair(super()._repr_mimebundle_(**options))
        return {**bundle_, "text/plain": repr(self), "text/html": self._html()}, metadata


def pair(answer):
    """anywidget gives the bundle alone or with metadata, depending on its version."""
    if answer is None:
        return {}, {}
    return answer if isinstance(answer, tuple) else (answer, {})
