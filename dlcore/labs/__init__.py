"""Labs: the live figures of the book, as plain objects. Importing this imports only NumPy."""

from .backprop_step import BackpropStep
from .base import Lab
from .cnn import Cnn
from .controls import LabError
from .convolution import Convolution
from .curve_fit import CurveFit
from .descent import Descent
from .detector import Detector
from .gan_2d import Gan2d
from .gradient_flow import GradientFlow
from .mlp import Mlp
from .neuron import Neuron
from .pooling import Pooling
from .session import Session
from .unroll import Unroll

LABS = {
    lab.name: lab
    for lab in (
        Neuron,
        BackpropStep,
        Mlp,
        CurveFit,
        Descent,
        Convolution,
        Pooling,
        Cnn,
        Detector,
        Unroll,
        GradientFlow,
        Gan2d,
    )
}

__all__ = [
    "LABS",
    "BackpropStep",
    "Cnn",
    "Convolution",
    "CurveFit",
    "Descent",
    "Detector",
    "Gan2d",
    "GradientFlow",
    "Lab",
    "LabError",
    "Mlp",
    "Neuron",
    "Pooling",
    "Session",
    "Unroll",
]
