"""Labs: the live figures of the book, as plain objects. Importing this imports only NumPy."""

from .backprop_step import BackpropStep
from .base import Lab
from .controls import LabError
from .curve_fit import CurveFit
from .descent import Descent
from .gradient_flow import GradientFlow
from .mlp import Mlp
from .neuron import Neuron
from .session import Session

LABS = {lab.name: lab for lab in (Neuron, BackpropStep, Mlp, CurveFit, Descent, GradientFlow)}

__all__ = [
    "LABS",
    "BackpropStep",
    "CurveFit",
    "Descent",
    "GradientFlow",
    "Lab",
    "LabError",
    "Mlp",
    "Neuron",
    "Session",
]
