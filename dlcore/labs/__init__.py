"""Labs: the live figures of the book, as plain objects. Importing this imports only NumPy."""

from .base import Lab
from .controls import LabError
from .mlp import Mlp
from .session import Session

LABS = {"mlp": Mlp}

__all__ = ["LABS", "Lab", "LabError", "Mlp", "Session"]
