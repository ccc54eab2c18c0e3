"""Live figures: `lab("mlp", alpha=0.1)` in a notebook (it needs anywidget) or in the book's page.

`bundle` puts the front end together for both hosts; importing this package imports neither.
"""

__all__ = ["lab", "use"]


def _jupyter(lab, seed, values):
    from .host import LabWidget

    return LabWidget(lab, seed, **values)


_host = _jupyter


def use(host):
    """Let `host(lab, seed, values)` make the live figures; None: Jupyter, by anywidget."""
    global _host
    _host = host or _jupyter


def lab(name, seed=0, **values):
    """The live figure of a lab, started with `seed` and these values of its controls.

    The lab is known by its name, or is a class: your own subclass of `dlcore.labs.Lab`. Raises
    LabError (a ValueError) with one line for an unknown lab, control or value.
    """
    return _host(name, seed, values)
