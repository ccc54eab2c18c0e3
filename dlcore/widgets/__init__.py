"""Live figures in a notebook: `lab("mlp", alpha=0.1)` is an ipywidgets widget (it needs anywidget).

`bundle` puts the front end together for both hosts; importing this package imports neither.
"""

__all__ = ["lab"]


def lab(name, seed=0, **values):
    """The widget of the lab `name`, started with `seed` and these values of its controls.

    Raises LabError (a ValueError) with one line for an unknown lab, control or value.
    """
    from .host import LabWidget

    return LabWidget(name, seed, **values)
