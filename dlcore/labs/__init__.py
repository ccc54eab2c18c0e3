"""Labs: the live figures of the book, as plain objects. Importing this imports only NumPy."""

from .backprop_step import BackpropStep
from .base import Lab
from .controls import LabError
from .mlp import Mlp
from .session import Session

LABS = {lab.name: lab for lab in (Mlp, BackpropStep)}

__all__ = ["LABS", "BackpropStep", "Lab", "LabError", "Mlp", "Session"]
