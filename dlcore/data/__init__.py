"""Small real data sets, with fixed training and test parts. SOURCES.md says where each is from.

Files lie beside this module; in the published page, where the package carries no data, `use` puts
another reader in the place of the file system. Either way a file counts only if its SHA-256 is
the one written in `files`.
"""

from .canvas import Canvases, digit_canvases
from .files import SHA256, Split, open_data, use
from .images import FASHION_CLASSES, Micrograph, digits, fashion_mnist, mnist, nuclei
from .prepare import one_hot, standardise
from .tables import BIKE_FEATURES, PENGUIN_CLASSES, PENGUIN_FEATURES, bikes, penguins

__all__ = [
    "BIKE_FEATURES",
    "FASHION_CLASSES",
    "PENGUIN_CLASSES",
    "PENGUIN_FEATURES",
    "SHA256",
    "Canvases",
    "Micrograph",
    "Split",
    "bikes",
    "digit_canvases",
    "digits",
    "fashion_mnist",
    "mnist",
    "nuclei",
    "one_hot",
    "open_data",
    "penguins",
    "standardise",
    "use",
]
