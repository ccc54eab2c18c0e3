"""The matplotlib backend of the page: a figure is a picture after its cell, as in a notebook."""

import base64
import io

from matplotlib import pyplot
from matplotlib._pylab_helpers import Gcf
from matplotlib.backend_bases import FigureManagerBase
from matplotlib.backends.backend_agg import FigureCanvasAgg

from . import display

FigureCanvas = FigureCanvasAgg
FigureManager = FigureManagerBase


def show(*_, **__):
    """Display the figures that are open, and close them."""
    for manager in Gcf.get_all_fig_managers():
        display.sink(bundle(manager.canvas.figure))
    pyplot.close("all")


def bundle(figure):
    picture = io.BytesIO()
    figure.savefig(picture, format="png", dpi=figure.dpi, bbox_inches="tight")
    return {
        "image/png": base64.b64encode(picture.getvalue()).decode(),
        "text/plain": describe(figure),
    }


def describe(figure):
    """What is drawn, in words, for those who do not see it."""
    words = [text for axes in figure.axes if (text := describe_axes(axes))]
    return "Figure. " + " ".join(words) if words else "Figure."


def describe_axes(axes):
    title = " ".join(axes.get_title(loc) for loc in ("left", "center", "right")).strip()
    across, up = axes.get_xlabel(), axes.get_ylabel()
    names = [name for line in axes.lines if not (name := str(line.get_label())).startswith("_")]
    parts = [
        f"{title}:" if title else "",
        f"{up} against {across}" if up and across else up or across,
        f"with {', '.join(dict.fromkeys(names))}" if names else "",
    ]
    text = " ".join(part for part in parts if part)
    return f"{text}." if text else ""
