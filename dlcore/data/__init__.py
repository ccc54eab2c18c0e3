"""Small real data sets, with fixed training and test parts. SOURCES.md says where each is from.

Files lie beside this module; in the published page, where the package carries no data, `use` puts
another reader in the place of the file system. Either way a file counts only if its SHA-256 is
the one written in `files`. `open_weights` reads the trained weights of figures in the same way.
"""

from .canvas import Canvases, digit_canvases
from .files import SHA256, Split, open_data, open_weights, use
from .fonts import CHARACTERS, FONT_STYLES, Fonts, font_styles
from .images import FASHION_CLASSES, Micrograph, digits, fashion_mnist, mnist, nuclei
from .prepare import one_hot, standardise
from .series import el_nino, pad, windows
from .speech import Sound, Utterances, silent_frame, speech_sample, spoken_digits
from .tables import BIKE_FEATURES, PENGUIN_CLASSES, PENGUIN_FEATURES, bikes, penguins
from .text import (
    LANGUAGES,
    UNKNOWN,
    first_names,
    look_up,
    reviews,
    spell,
    surnames,
    vocabulary,
    words,
)

__all__ = [
    "BIKE_FEATURES",
    "CHARACTERS",
    "FASHION_CLASSES",
    "FONT_STYLES",
    "LANGUAGES",
    "PENGUIN_CLASSES",
    "PENGUIN_FEATURES",
    "SHA256",
    "UNKNOWN",
    "Canvases",
    "Fonts",
    "Micrograph",
    "Sound",
    "Split",
    "Utterances",
    "bikes",
    "digit_canvases",
    "digits",
    "el_nino",
    "fashion_mnist",
    "first_names",
    "font_styles",
    "look_up",
    "mnist",
    "nuclei",
    "one_hot",
    "open_data",
    "open_weights",
    "pad",
    "penguins",
    "reviews",
    "silent_frame",
    "speech_sample",
    "spell",
    "spoken_digits",
    "standardise",
    "surnames",
    "use",
    "vocabulary",
    "windows",
    "words",
]
