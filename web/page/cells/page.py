"""The kernel in a worker of the page: its messages are posted, its labs are live figures.

The worker calls `run`, `draws`, `prepare_plots` and `handle`.
"""

import importlib
import logging
import os

from dlcore_page import post
from js import Object, postMessage
from pyodide.ffi import to_js

import __main__
from dlcore import widgets
from dlcore.widgets.page import PageLab

from .kernel import Kernel, draws

__all__ = ["draws", "handle", "prepare_plots", "run"]

figures = {}  # number -> PageLab


def send(message):
    postMessage(to_js(message, dict_converter=Object.fromEntries))


def make_lab(lab, seed, values):
    number = len(figures) + 1
    figures[number] = PageLab(
        lab, seed, values, number, lambda content, arrays: post(number, content, arrays)
    )
    return figures[number]


def prepare_plots():
    """Import matplotlib, which is slow the first time and would talk of its fonts meanwhile."""
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    importlib.import_module("matplotlib.pyplot")


def handle(figure, message):
    """Pass a message of the page to the figure's session, which never raises."""
    figures[figure].handle(message.to_py())


os.environ["MPLBACKEND"] = f"module://{__package__}.figures"
kernel = Kernel(__main__.__dict__, send)
run = kernel.run
widgets.use(make_lab)
