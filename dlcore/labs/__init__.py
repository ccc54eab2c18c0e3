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
from .five import Five
from .forecast import Forecast
from .gan_2d import Gan2d
from .gan_digits import GanDigits
from .gates import Gates
from .gradient_flow import GradientFlow
from .long_memory import LongMemory
from .lstm_cell import LstmCell
from .mlp import Mlp
from .neuron import Neuron
from .pooling import Pooling
from .sentiment import Sentiment
from .session import Session
from .speech import Speech
from .style import Style
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
        Forecast,
        Gates,
        LongMemory,
        Sentiment,
        Gan2d,
        GanDigits,
        Style,
        Five,
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
    "Five",
    "Forecast",
    "Gan2d",
    "GanDigits",
    "Gates",
    "GradientFlow",
    "Lab",
    "LabError",
    "LongMemory",
    "LstmCell",
    "Mlp",
    "Neuron",
    "Pooling",
    "Sentiment",
    "Session",
    "Speech",
    "Style",
    "Unroll",
]
