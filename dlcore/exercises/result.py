"""The verdict on an answer, as plain text, as HTML, and as data for a page."""

import html
import re
from dataclasses import dataclass

LOOKS = {  # a sign, words and a colour: any of the three will do
    "passed": ("✓", "passed", "#009e73"),
    "not yet": ("…", "not yet", "#7d8894"),
    "wrong": ("✗", "not right", "#d55e00"),
}
CHECK = "application/vnd.dlcore.check+json"


@dataclass(frozen=True, repr=False)
class Result:
    """`state` is "passed", "not yet" or "wrong"; `message` says it in a sentence or two, `details`
    are lines of evidence: the input, what was expected, what came."""

    name: str
    state: str
    message: str
    details: tuple[str, ...] = ()

    @property
    def ok(self):
        return self.state == "passed"

    def __repr__(self):
        sign, words, _ = LOOKS[self.state]
        lines = "\n".join(self.details).splitlines()
        return "\n".join(
            [f"{sign} {self.name}: {words}. {self.message}", *(f"  {line}" for line in lines)]
        )

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {
            "text/plain": repr(self),
            "text/html": self._repr_html_(),
            CHECK: {
                "exercise": self.name,
                "verdict": "right" if self.ok else self.state,
                "text": self.message,
                "details": list(self.details),
            },
        }

    def _repr_html_(self):
        """The text in the colour of its surroundings, so that it is legible in light and dark."""
        sign, words, colour = LOOKS[self.state]
        message = re.sub("`([^`]+)`", r"<code>\1</code>", html.escape(self.message))
        details = html.escape("\n".join(self.details))
        return (
            f'<div role="status" class="dl-check" data-state="{self.state}" '
            f'style="border-left: 4px solid {colour}; padding: 0.2em 0 0.2em 0.8em;">'
            f'<span aria-hidden="true">{sign}</span> <code>{html.escape(self.name)}</code>: '
            f"<strong>{words}.</strong> {message}"
            + (f'<pre style="{_PRE}">{details}</pre>' if details else "")
            + "</div>"
        )


_PRE = (
    "margin: 0.4em 0 0; padding: 0; border: 0; background: transparent; color: inherit; "
    "white-space: pre-wrap; font-size: 0.9em; line-height: 1.4;"
)
