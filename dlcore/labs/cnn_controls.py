"""What can be set in the lab `cnn`, and the cases worth trying."""

from .. import conv, init
from .controls import Choice, Slider, Switch
from .mlp_controls import ACTIVATIONS, INITS, OPTIMIZERS

EQUAL = 0.1  # every weight of the initialisation "equal"
POOLINGS = {"max": conv.MaxPool2d, "average": conv.AvgPool2d, "none": None}
STARTS = {"he": init.he} | INITS | {"equal": init.constant(EQUAL)}
RIVALS = ("dense net", "logistic regression")
DIGITS, TESTS = 1347, 450  # of the data set, to learn from and to judge on
TEST, OWN = "test digit", "my drawing"
UNKNOWN = "what it says"  # the class of a drawing of which the reader has not said it

GOOD = "a good run"
USUAL = {
    "kernels_1": 8, "kernels_2": 16, "size": 3, "pooling": "max", "activation": "relu",
    "alpha": 0.01, "shuffle": False, "optimizer": "adam", "batch": 32, "l2": 0.0, "init": "he",
    "n": DIGITS, "rival": RIVALS[0],
}  # fmt: skip
# Where gradients are 0 but for rounding, Adam would make whole steps of it: hence momentum.
COPIES = {"init": "equal", "activation": "tanh", "optimizer": "momentum", "alpha": 0.03}
CASES = {
    GOOD: {},
    "shuffled pixels": {"shuffle": True},
    "one kernel to see with": {"kernels_1": 1},
    "kernels of one pixel": {"size": 1},
    "no pooling": {"pooling": "none"},
    "dead relus: too large a rate": {"alpha": 0.3},
    "zeros: nothing to begin with": {"init": "zeros"},
    "equal: copies of one kernel": COPIES,
    "150 digits to learn from": {"n": 150},
}

NOTICE = {  # said before the first step, while the case is as it was chosen
    GOOD: "Random kernels: the maps are blurs of the digit. Play, and watch each map come to "
    "answer to some stroke or edge, and the wrong answers become few. Then draw a digit.",
    "shuffled pixels": "All digits have their pixels moved about, always in the same way. The "
    "dense net cannot even notice. Does the convolutional one keep its lead, and on moved digits?",
    "one kernel to see with": "All that the second layer sees has gone through one kernel of 3×3. "
    "How far does it get, and what does the kernel become?",
    "kernels of one pixel": "A kernel of 1×1 sees no neighbours, only how dark a pixel is. Only "
    "pooling and the last layer know of places.",
    "no pooling": "Every map keeps its 8×8 pixels, so the last layer has 16 times the weights. "
    "Watch the shifted digits, not the test digits.",
    "dead relus: too large a rate": "Adam with α = 0.3: the first steps throw the weights so far "
    "that z < 0 everywhere. Watch maps go blank, and gradient norms end.",
    "zeros: nothing to begin with": "Every kernel is 0, so every map is 0, and so is every "
    "gradient but those of the last biases. Look at the gradients.",
    "equal: copies of one kernel": "All weights begin at 0.1. Equal kernels make equal maps and "
    "get equal gradients: watch eight kernels stay one. How far does one kernel a layer get?",
    "150 digits to learn from": "About fifteen digits of each kind. Watch the training loss go "
    "to 0, and the test loss turn up. Is convolution of any use here?",
}


def make_controls():
    v, again, more = USUAL, {"restarts": True}, {"more": True, "restarts": True}
    own, tests = {"when": ("picture", OWN)}, {"when": ("picture", TEST)}
    whose = (UNKNOWN, *map(str, range(10)))
    return {
        "case": Choice(GOOD, tuple(CASES), "what to try", **again),
        "kernels_1": Slider(v["kernels_1"], 1, 8, "kernels, layer 1", step=1, **again),
        "kernels_2": Slider(v["kernels_2"], 1, 16, "kernels, layer 2", step=1, **again),
        "size": Slider(v["size"], 1, 5, "kernel size", step=2, unit="px", **again),
        "pooling": Choice(v["pooling"], tuple(POOLINGS), "pooling 2×2", **again),
        "activation": Choice(v["activation"], tuple(ACTIVATIONS), "activation", **again),
        "alpha": Slider(v["alpha"], 1e-4, 3, "learning rate α", log=True),
        "picture": Choice(TEST, (TEST, OWN), "image shown"),
        "digit": Slider(21, 0, TESTS - 1, "test digit number", step=1, **tests),
        "drawn": Choice(UNKNOWN, whose, "I have drawn a", **own),
        "shuffle": Switch(v["shuffle"], "shuffled pixels", **again),
        "optimizer": Choice(v["optimizer"], tuple(OPTIMIZERS), "optimiser", **more),
        "batch": Slider(v["batch"], 1, 256, "batch size", log=True, step=1, more=True),
        "l2": Slider(v["l2"], 0.0, 0.05, "L2 penalty λ", step=0.0005, more=True),
        "init": Choice(v["init"], tuple(STARTS), "initial weights", **more),
        "n": Slider(v["n"], 50, DIGITS, "training digits", log=True, step=1, **more),
        "rival": Choice(v["rival"], RIVALS, "beside it", **more),
    }  # fmt: skip
