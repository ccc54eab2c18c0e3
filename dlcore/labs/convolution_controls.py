"""What can be set in the lab `convolution`, and the cases worth trying."""

from .. import activations
from .controls import Choice, Slider
from .kernels import KERNELS, PICTURES, RANDOM

ACTIVATIONS = {
    "identity": activations.Identity,
    "relu": activations.ReLU,
    "tanh": activations.Tanh,
    "sigmoid": activations.Sigmoid,
}
OWN = "own"
ALL, ONE = "all output pixels", "the chosen pixel"
REACH = 4.0  # b lies in -REACH..REACH
WIDEST = 16.0  # numbers of a kernel that is edited
USUAL = {
    "image": "digit 5", "kernel": "identity", "size": 3, "stride": 1, "padding": 0, "b": 0.0,
    "activation": "identity", "target": "vertical edges", "alpha": 0.3, "counts": ALL,
}  # fmt: skip
LOOK, EVERYWHERE, CORNERS, BORDER = (
    "learn to see edges",
    "one dot: W turned round",
    "only corners answer",
    "zeros make an edge",
)
ALIASING, ONLY_ONE, UNTOLD, WILD, DEAD = (
    "stride 2 is blind",
    "learn from one pixel",
    "too little to learn from",
    "too large a rate",
    "relu: no way back",
)
CASES = {
    LOOK: {},
    EVERYWHERE: {"image": "one dot", "kernel": "emboss", "target": "sharpen"},
    CORNERS: {"image": "square", "kernel": "corners", "target": "blur"},
    BORDER: {"image": "step edge", "kernel": "vertical edges", "target": "blur", "padding": 1},
    ALIASING: {"image": "checkerboard", "target": "blur", "stride": 2},
    ONLY_ONE: {"image": "digit 3", "counts": ONE, "alpha": 0.1},
    UNTOLD: {"image": "step edge", "target": "sharpen", "alpha": 0.1},
    WILD: {"alpha": 0.6},
    DEAD: {"activation": "relu", "kernel": "blur", "b": -1.0},
}
NOTICES = {
    LOOK: "The kernel is 1 in its middle, so the output is the image without its border. Play: one "
    "kernel learns, from all windows together, to answer as another one does.",
    EVERYWHERE: "Only windows that hold the dot answer, each with the weight that lies on it: the "
    "output is the kernel turned round by 180°. So it is a cross-correlation; a convolution in the "
    "strict sense would show the kernel as it is.",
    CORNERS: "Inside the square, and along its sides, products of both signs cancel; at its "
    "corners they do not. Point at both, then draw a slanted line.",
    BORDER: "One edge is drawn, in the middle. Where does the other one come from, on the right? "
    "Set the padding to 0 and it is gone, and so are two rows and two columns.",
    ALIASING: "The image jumps from pixel to pixel, the output is flat: a window and the next but "
    "one see the same. Set the stride to 1 and the pattern is back.",
    ONLY_ONE: "The loss asks for one output pixel only. Its gradient is its own window, times a "
    "number. Play: the loss goes to 0, but is that the hidden kernel?",
    UNTOLD: "Each row of this image is the same, so the weights in a column of the kernel always "
    "get the same gradient. Play: the loss goes to 0, and yet the kernels differ.",
    WILD: "The same as the first case, at twice the rate. How large may it be? The doctor knows, "
    "for this image.",
    DEAD: "With b = −1 no window gets z above 0, relu answers 0 everywhere with slope 0, and "
    "no gradient comes back. Raise b.",
}


def make_controls():
    v, again, more = USUAL, {"restarts": True}, {"restarts": True, "more": True}
    kernels = (*KERNELS, RANDOM)
    return {
        "case": Choice(LOOK, tuple(CASES), "what to try", **again),
        "image": Choice(v["image"], (*PICTURES, OWN), "image x"),
        "kernel": Choice(v["kernel"], (*kernels, OWN), "kernel W at the start", **again),
        "target": Choice(v["target"], kernels, "hidden kernel", **again),
        "size": Slider(v["size"], 2, 5, "kernel size f", step=1, **again),
        "stride": Slider(v["stride"], 1, 3, "stride s", step=1, **again),
        "padding": Slider(v["padding"], 0, 2, "padding p", step=1, **again),
        "alpha": Slider(v["alpha"], 0.001, 10, "learning rate α", log=True),
        "b": Slider(v["b"], -REACH, REACH, "bias b", more=True),
        "activation": Choice(v["activation"], tuple(ACTIVATIONS), "activation σ", **more),
        "counts": Choice(v["counts"], (ALL, ONE), "the loss J is of", **more),
    }
