"""Labs: the live figures of the book, as plain objects. Importing this imports only NumPy."""

from .backprop_step import BackpropStep
from .base import Lab
from .cnn import Cnn
from .controls import LabError
from .curve_fit import CurveFit
from .descent import Descent
from .mlp import Mlp
from .neuron import Neuron
from .session import Session

LABS = {lab.name: lab for lab in (Neuron, BackpropStep, Mlp, CurveFit, Descent, Cnn)}

__all__ = [
    "LABS",
    "BackpropStep",
    "Cnn",
    "CurveFit",
    "Descent",
    "Lab",
    "LabError",
    "Mlp",
    "Neuron",
    "Session",
]
