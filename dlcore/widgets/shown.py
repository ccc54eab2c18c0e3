"""What a live figure is in every host: a session, the values it has now, and how it is written."""

import html
import json

from ..labs import LABS, Lab, LabError, Session

FALLBACK = "This is a live figure. Run the cell above to start it here, or see it in the book."


def lab_class(lab):
    """The class of a lab: by its name, or as it comes."""
    if isinstance(lab, type) and issubclass(lab, Lab):
        return lab
    if not isinstance(lab, str) or lab not in LABS:
        known = ", ".join(sorted(LABS))
        raise LabError(f"lab: expected one of {known}, or a subclass of Lab, got {lab!r}")
    return LABS[lab]


class Shown:
    """A host adds how messages travel, and `seed` and `values` as its users see them."""

    def begin(self, lab, seed, values):
        """The class of the lab, its seed and all its values, checked by making it once."""
        self._class = lab_class(lab)
        self._check_names(values)
        started = self._class(seed, **values)
        seed, values = started.seed, dict(started.values)
        self._session = Session(self._class, self._emit, seed=seed, values=dict(values))
        return seed, values

    def _check_names(self, values):
        known = self._class.controls
        for key in values:
            if key not in known:
                expected = ", ".join(known) or "none, for it has no controls"
                name = self._class.name
                raise LabError(f"{name}: expected a control among {expected}, got {key!r}")

    def _now(self):
        """(seed, values) of the lab at this moment."""
        session = self._session
        if session.lab is None:
            return session.seed, dict(session.given)
        return session.lab.seed, dict(session.lab.values)

    def _ask(self, message):
        """As if the front end had asked; what is refused is an error where it was written."""
        self._session.handle(message)
        if self._last_message["type"] in ("refused", "failed"):
            raise LabError(self._last_message["message"])

    def _ask_values(self, before, after):
        """Set the values that differ."""
        changed = {k: v for k, v in after.items() if k not in before or before[k] != v}
        self._check_names(changed)
        if changed:
            self._ask({"cmd": "set", "values": changed})

    def __repr__(self):
        changed = "".join(f", {name}={v!r}" for name, v in self._changed().items())
        return f"{type(self).__name__}({self._class.name!r}, seed={self.seed}{changed})"

    def _changed(self):
        defaults = {name: control.value for name, control in self._class.controls.items()}
        return {name: v for name, v in self.values.items() if v != defaults[name]}

    def _html(self):
        return place_html(self._class, self.seed, self._changed())


def place_html(lab, seed=0, values=None):
    """A place that the published page turns into the live figure of a lab, a class
    (web/page/labs.js), with these values of its controls."""
    values = html.escape(json.dumps(values or {}, ensure_ascii=False), quote=True)
    title = html.escape(lab.title)
    return (
        f'<div class="dlcore-lab" data-name="{html.escape(lab.name, quote=True)}" '
        f'data-seed="{seed}" data-values="{values}">'
        f'<p class="dlcore-lab-fallback"><strong>{title}</strong> {FALLBACK}</p></div>'
    )
