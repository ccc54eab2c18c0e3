"""Labs: the live figures of the book, as plain objects. Importing this imports only NumPy."""

from .backprop_step import BackpropStep
from .base import Lab
from .char_rnn import CharRnn
from .cnn import Cnn
from .controls import LabError
from .convolution import Convolution
from .curve_fit import CurveFit
from .descent import Descent
from .detector import Detector
from .gradient_flow import GradientFlow
from .lstm_cell import LstmCell
from .mlp import Mlp
from .neuron import Neuron
from .pooling import Pooling
from .session import Session
from .speech import Speech
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
        CharRnn,
        LstmCell,
        Speech,
    )
}

__all__ = [
    "LABS",
    "BackpropStep",
    "CharRnn",
    "Cnn",
    "Convolution",
    "CurveFit",
    "Descent",
    "Detector",
    "GradientFlow",
    "Lab",
    "LabError",
    "LstmCell",
    "Mlp",
    "Neuron",
    "Pooling",
    "Session",
    "Speech",
    "Unroll",
]
