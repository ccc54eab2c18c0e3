"""What can be set in the lab `long-memory`, and the cases worth trying."""

from .controls import Choice, Slider
from .gradient_flow_controls import CLIPS
from .long_memory_nets import ADDING, FIRST, TASKS
from .mlp_controls import OPTIMIZERS

SPREAD, BIAS = "memories of 1 to T ticks", "one forget bias"
PARAMETERS, UNITS = "parameters as the LSTM", "units as the LSTM"
START = "adding, a hundred ticks"
USUAL = {
    "task": ADDING, "length": 100, "start": SPREAD, "forget_bias": 1.0, "rnn_size": PARAMETERS,
    "rnn_start": "random", "hidden": 16, "alpha": 0.01, "clip": "1", "batch": 32,
    "optimizer": "adam", "sequence": 1,
}  # fmt: skip
CASES = {
    START: {},
    "adding, fifty ticks": {"length": 50},
    "adding, six ticks": {"length": 6},
    "a hundred ticks, forget bias 1": {"start": BIAS},
    "a hundred ticks, forget bias 4": {"start": BIAS, "forget_bias": 4.0},
    "the first bit, ten ticks": {"task": FIRST, "length": 10},
    "the first bit, a hundred ticks": {"task": FIRST},
    "an orthogonal RNN against forget bias 0": {"task": FIRST, "length": 30, "start": BIAS,
                                                "forget_bias": 0.0, "rnn_start": "orthogonal"},
    "it blows up": {"length": 20, "alpha": 1.0, "clip": "off", "optimizer": "sgd"},
}  # fmt: skip
NOTICE = {  # said before the first step, while the case is as it was chosen
    START: "Two of the hundred numbers are marked, and their sum is asked for at the end. Both "
    "networks have about as many parameters and get the same sequences. Press Play: whose loss "
    "leaves the dotted line of who always says 0? It takes about 200 steps.",
    "adding, fifty ticks": "Half as long, and each step takes half the time. Is fifty ticks short "
    "enough for the RNN?",
    "adding, six ticks": "Here both can do it: a gradient through five ticks is not lost. Who is "
    "quicker?",
    "a hundred ticks, forget bias 1": "The same LSTM, begun as usual: f near σ(1) = 0.73, and 0.73 "
    "to the power of 50 is 1.5·10⁻⁷. How much later does it find the marked numbers, if at all?",
    "a hundred ticks, forget bias 4": "f begins near σ(4) = 0.982, and 0.982 to the power of 50 is "
    "0.4: the gradient arrives. But every cell keeps all hundred numbers, marked or not, as long. "
    "Is that enough?",
    "the first bit, ten ticks": "Only the first bit is asked for, after ten ticks. Watch the first "
    "twenty steps: who is quicker here?",
    "the first bit, a hundred ticks": "The first bit has to be kept for a hundred ticks, over 99 "
    "others that look just like it.",
    "an orthogonal RNN against forget bias 0": "The RNN’s Wₕₕ begins orthogonal: it turns its "
    "state, and at first loses nothing. The LSTM’s forget gates begin near σ(0) = 1/2, and 1/2 to "
    "the power of 29 is 1.9·10⁻⁹. Who recalls the bit?",
    "it blows up": "Plain gradient descent with α = 1, and nothing to hold a step back. Who loses "
    "its numbers first? Then clip gradients at norm 1, under More, and press Reset: it holds, but "
    "does it learn?",
}


def make_controls():
    v, again = USUAL, {"restarts": True}
    more = {"more": True, "restarts": True}
    return {
        "case": Choice(START, tuple(CASES), "what to try", **again),
        "task": Choice(v["task"], tuple(TASKS), "task", **again),
        "length": Slider(v["length"], 4, 150, "length T", step=1, unit="ticks", **again),
        "start": Choice(v["start"], (SPREAD, BIAS), "LSTM begins with", **again),
        "forget_bias": Slider(v["forget_bias"], -2.0, 6.0, "forget bias", step=0.1,
                              when=("start", BIAS), **again),
        "rnn_start": Choice(v["rnn_start"], ("random", "orthogonal"), "RNN: Wₕₕ begins", **again),
        "sequence": Slider(v["sequence"], 1, 20, "sequence shown", step=1),
        "rnn_size": Choice(v["rnn_size"], (PARAMETERS, UNITS), "RNN has as many", **more),
        "hidden": Slider(v["hidden"], 2, 24, "units of the LSTM", step=1, **more),
        "alpha": Slider(v["alpha"], 1e-4, 1, "learning rate α", log=True, more=True),
        "clip": Choice(v["clip"], CLIPS, "clip gradients at norm", more=True),
        "batch": Slider(v["batch"], 1, 64, "sequences a step", log=True, step=1, **more),
        "optimizer": Choice(v["optimizer"], tuple(OPTIMIZERS), "optimiser", **more),
    }  # fmt: skip
