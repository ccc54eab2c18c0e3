"""A lab made in a code cell of the published page: a live figure there, without Jupyter.

w = PageLab("mlp", 0, {"alpha": 0.1}, number, send)
w.values = {**w.values, "alpha": 1.0}     # moves the lab, and its slider
"""

from .shown import Shown

TYPE = "application/vnd.dlcore.lab+json"


class PageLab(Shown):
    """`send(content, arrays)` takes what the session says to the figure with this number."""

    def __init__(self, lab, seed, values, number, send):
        self._send, self._number = send, number
        self.begin(lab, seed, values)

    def handle(self, message):
        """Answer one message of the front end."""
        self._session.handle(message)

    def _emit(self, content, buffers):
        self._last_message = content
        self._send(content, buffers)

    @property
    def lab(self):
        return self._class.name

    @property
    def seed(self):
        return self._now()[0]

    @seed.setter
    def seed(self, value):
        self._ask({"cmd": "seed", "value": value})

    @property
    def values(self):
        return self._now()[1]

    @values.setter
    def values(self, values):
        self._ask_values(self.values, values)

    def _repr_mimebundle_(self, **options):
        seed, values = self._now()
        about = {"figure": self._number, "name": self.lab, "seed": seed, "values": values}
        return {TYPE: {**about, "title": self._class.title}, "text/plain": repr(self)}
