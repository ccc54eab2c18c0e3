"""What can be set in the lab `char-rnn`, and the cases worth trying."""

from ..recurrent import GRUCell, LSTMCell, RNNCell
from .char_rnn_names import LETTERS, LONGEST
from .char_rnn_reading import LIKELIEST, NEXT
from .controls import Choice, Slider, Text
from .gradient_flow_controls import CLIPS
from .mlp_controls import OPTIMIZERS

CELLS = {"RNN": RNNCell, "LSTM": LSTMCell, "GRU": GRUCell}
NAMES = 4388  # of the data set, to learn from
START = "all names"
PICKED = 5  # the u of the usual text: what the e after it depends on
USUAL = {
    "cell": "RNN", "hidden": 64, "alpha": 0.005, "clip": "1", "temperature": 1.0,
    "text": "jacqueline", "asked": NEXT, "optimizer": "adam", "batch": 32, "n": NAMES,
}  # fmt: skip
CASES = {
    START: {},
    "an LSTM": {"cell": "LSTM"},
    "a GRU": {"cell": "GRU"},
    "four units": {"hidden": 4},
    "a hundred names": {"n": 100},
    "cold: temperature 0.4": {"temperature": 0.4},
    "hot: temperature 1.8": {"temperature": 1.8},
    "steps too long": {"alpha": 0.1},
}

NOTICE = {  # said before the first step, while the case is as it was chosen
    START: "Random weights write gibberish. Press Play: the dice stay the same, so each row shows "
    "one name getting better. Dotted is what counting pairs (bigrams) and threes (trigrams) of "
    "letters gets: when is it passed?",
    "an LSTM": "The same names, learnt by an LSTM: each step takes longer. Press Play: does it "
    "get below the trigrams, and does the gradient reach further back?",
    "a GRU": "Two gates instead of three. Press Play, and compare the loss with that of the RNN "
    "after as many steps.",
    "four units": "All that it knows of a name so far must fit into four numbers. Press Play: "
    "does it get as far as counting pairs of letters?",
    "a hundred names": "Only a hundred names to learn from. Press Play: the training loss goes "
    "far down, the held-out loss turns up, and what it writes is copied.",
    "cold: temperature 0.4": "Likely letters become likelier still. Press Play: the names get "
    "sound, and alike. Move the temperature, at any time.",
    "hot: temperature 1.8": "Unlikely letters get their chance: even a trained network writes "
    "what no name has. Press Play, wait, and then move the temperature down.",
    "steps too long": "α = 0.1, twenty times the usual. Press Play: the loss gets stuck, "
    "and most states go to ±1, where tanh is flat. What is left of the gradient from afar?",
}


def make_controls():
    v, again, more = USUAL, {"restarts": True}, {"more": True, "restarts": True}
    return {
        "case": Choice(START, tuple(CASES), "what to try", **again),
        "cell": Choice(v["cell"], tuple(CELLS), "cell", **again),
        "hidden": Slider(v["hidden"], 2, 128, "hidden units", log=True, step=1, **again),
        "alpha": Slider(v["alpha"], 1e-4, 10, "learning rate α", log=True),
        "clip": Choice(v["clip"], CLIPS, "clip gradients at norm"),
        "temperature": Slider(v["temperature"], 0.0, 2.0, "temperature", step=0.05),
        "asked": Choice(v["asked"], (NEXT, LIKELIEST, *LETTERS[1:], LETTERS[0]), "ask about"),
        "text": Text(v["text"], LONGEST, "your text, read letter by letter"),
        "optimizer": Choice(v["optimizer"], tuple(OPTIMIZERS), "optimiser", **more),
        "batch": Slider(v["batch"], 1, 128, "batch size", log=True, step=1, more=True),
        "n": Slider(v["n"], 20, NAMES, "training names", log=True, step=1, **more),
    }  # fmt: skip
