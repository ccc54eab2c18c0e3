"""What can be set in the lab `gradient-flow`, and the cases worth trying."""

from .controls import Choice, Slider
from .mlp_controls import OPTIMIZERS

MATRICES = ("random", "orthogonal", "identity")
LOSS_AT = ("last tick", "every tick")
CLIPS = ("off", "0.1", "1", "10")  # norms that a gradient is shortened to
START = "fifty ticks"
USUAL = {
    "length": 50, "radius": 1.0, "forget_bias": 3.0, "activation": "tanh", "scale": 1.0,
    "loss_at": "last tick", "alpha": 0.01, "clip": "1", "hidden": 8,
    "matrix": "random", "later": 1.0, "optimizer": "adam",
}  # fmt: skip
CASES = {
    START: {},
    "ten ticks": {"length": 10},
    "a hundred ticks": {"length": 100, "forget_bias": 5.0},
    "it vanishes: radius 0.8": {"radius": 0.8, "scale": 0.5},
    "the edge: radius 1, nothing bent": {"activation": "identity", "matrix": "orthogonal"},
    "it explodes: radius 1.3": {"radius": 1.3, "activation": "identity", "length": 40,
                                "scale": 0.1},
    "tanh against radius 1.3": {"radius": 1.3, "scale": 3.0},
    "forget bias 0": {"forget_bias": 0.0},
    "forget bias −3": {"forget_bias": -3.0},
    "relu from the identity": {"activation": "relu", "matrix": "identity", "length": 30},
    "asked at every tick": {"loss_at": "every tick"},
    "without clipping": {"activation": "identity", "matrix": "orthogonal", "radius": 1.1,
                         "length": 30, "clip": "off", "optimizer": "sgd"},
}  # fmt: skip

NOTICE = {  # said before the first step, while the case is as it was chosen
    START: "At tick 50 both networks must say whether the first bit was +1 or −1. Follow their "
    "curves from right to left: how much of the gradient is left at tick 1? Then press Play: who "
    "learns it?",
    "ten ticks": "A short way: here the RNN, too, gets enough of the gradient to learn. Press "
    "Play; then make it longer, and see where that ends.",
    "a hundred ticks": "f begins near σ(5) = 0.993, and 0.993 to the power of 100 is a half: the "
    "cell passes the gradient on over all 100 ticks.",
    "it vanishes: radius 0.8": "Each tick multiplies by Wₕₕ, and by slopes of at most 1. With the "
    "radius 0.8 the RNN’s curve falls, on a logarithmic scale, nearly on a straight line: the "
    "same factor at every tick. Can training mend what hardly arrives?",
    "the edge: radius 1, nothing bent": "No activation, and an orthogonal Wₕₕ only turns: the "
    "RNN’s curve is level, nothing is lost. Move the radius to 0.95, then to 1.05.",
    "it explodes: radius 1.3": "Without an activation nothing stops the growth: follow the RNN’s "
    "curve to the left. The norm of all its gradients is far above the dashed line that they are "
    "clipped to.",
    "tanh against radius 1.3": "Wₕₕ alone would make the gradient grow (dashed), but large inputs "
    "drive tanh to its flat ends, and the slopes win. Move the input scale to 0 and watch them.",
    "forget bias 0": "f begins near σ(0) = 1/2, and each tick halves what the cell carries. An "
    "LSTM, too, loses its gradient then: move the forget bias up, and watch its curve rise.",
    "forget bias −3": "f = σ(−3) = 0.05: the cell forgets nearly all at every tick, and so does "
    "the way back. Press Play: can training open a gate that no gradient reaches?",
    "relu from the identity": "Wₕₕ begins as the identity. A relu that is on has the slope 1 and "
    "passes the gradient on whole; one that is off passes none, and the RNN’s curve may end "
    "there. Does it learn?",
    "asked at every tick": "Now each tick has a loss of its own, so every tick gets a gradient "
    "from near by. Dashed is what comes from the last tick alone: that is as little as before.",
    "without clipping": "Radius 1.1, no activation, plain gradient descent without clipping. "
    "Press Play: the RNN’s loss jumps about, or its numbers are lost at once. Then clip gradients "
    "at norm 1, and press Reset.",
}


def make_controls():
    v, again = USUAL, {"restarts": True}
    more = {"more": True, "restarts": True}
    return {
        "case": Choice(START, tuple(CASES), "what to try", **again),
        "length": Slider(v["length"], 5, 100, "length T", step=1, unit="ticks", **again),
        "radius": Slider(v["radius"], 0.1, 1.5, "RNN: spectral radius", step=0.01, **again),
        "forget_bias": Slider(v["forget_bias"], -4.0, 5.0, "LSTM: forget bias", step=0.1, **again),
        "activation": Choice(v["activation"], ("tanh", "relu", "identity", "sigmoid"),
                             "RNN: activation σ", **again),
        "scale": Slider(v["scale"], 0.0, 5.0, "input scale", step=0.1, **again),
        "loss_at": Choice(v["loss_at"], LOSS_AT, "the loss sits at", **again),
        "clip": Choice(v["clip"], CLIPS, "clip gradients at norm"),
        "alpha": Slider(v["alpha"], 1e-4, 1, "learning rate α", log=True, more=True),
        "hidden": Slider(v["hidden"], 2, 12, "hidden units", step=1, **more),
        "matrix": Choice(v["matrix"], MATRICES, "RNN: Wₕₕ begins", **more),
        "later": Slider(v["later"], 0.0, 1.0, "size of later bits", step=0.1, **more),
        "optimizer": Choice(v["optimizer"], tuple(OPTIMIZERS), "optimiser", **more),
    }  # fmt: skip
