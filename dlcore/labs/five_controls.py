"""What can be set in the lab `five`, and the cases worth trying."""

from .controls import Choice, Slider, Switch

DIGITS = 1347  # of the data set, to learn from
PARAMETERS, WORK = EQUAL = ("parameters", "multiply-adds")
START = "the digits as they are"
USUAL = {
    "shuffle": False, "shift": 0, "noise": 0.0, "seen": True, "wait": 0, "n": DIGITS,
    "equal": PARAMETERS, "budget": 4000, "work": 20_000, "alpha": 0.01, "alpha_gan": 0.005,
    "batch": 32, "forget_bias": 3.0,
}  # fmt: skip
MOVED, BOTH = "moved about", "moved about, and shuffled"
CASES = {
    START: {},
    "shuffled pixels": {"shuffle": True},
    MOVED: {"shift": 1},
    BOTH: {"shift": 1, "shuffle": True},
    "moved only in the test": {"shift": 1, "seen": False},
    "twenty-four empty ticks": {"wait": 24},
    "a hundred digits to learn from": {"n": 100},
    "noise": {"noise": 0.5},
    "equal multiply-adds": {"equal": WORK},
    "a GAN in a hurry": {"equal": WORK, "alpha_gan": 0.1},
}
NOTICE = {  # said before the first step, while the case is as it was chosen
    START: "Four networks learn to read the same digits, a fifth to write them, with about 4,000 "
    "parameters each. Play. Who is first, and by how much, after 100 steps and after 400?",
    "shuffled pixels": "All digits have their pixels moved about, always in the same way. Compare "
    "with the digits as they are: whose line is the very same?",
    MOVED: "Every digit, old or new, lies up to one pixel off, somewhere else each time. Play 400 "
    "steps: who needs to learn a stroke only once?",
    BOTH: "The same moved digits, but with their pixels shuffled, so that neighbours are "
    "neighbours no more. Play 400 steps. Who is first now?",
    "moved only in the test": "They learn from digits that lie straight and are asked about ones "
    "that are one pixel off. What is left of each?",
    "twenty-four empty ticks": "After the eight rows come 24 empty ticks, and only then are RNN "
    "and LSTM asked. Look at what their answers depend on, below, before you play 400 steps.",
    "a hundred digits to learn from": "Ten digits of each kind. Play 300 steps, and compare "
    "“seen” with “new” in the table. Does any architecture help?",
    "noise": "Every pixel has noise of standard deviation 0.5. Who still reads? And what does the "
    "GAN take a digit to be?",
    "equal multiply-adds": "Now all spend about 20,000 multiply-adds on a digit. Look at the "
    "parameters: whose weights are used once, and whose many times?",
    "a GAN in a hurry": "The GAN’s learning rate is 0.1, twenty times the usual one; it has as "
    "many units as with equal multiply-adds. Play 200 steps: which digits does it still write?",
}


def make_controls():
    v, again = USUAL, {"restarts": True}
    more = {"more": True, "restarts": True}
    return {
        "case": Choice(START, tuple(CASES), "what to try", **again),
        "shuffle": Switch(v["shuffle"], "shuffled pixels", **again),
        "shift": Slider(v["shift"], 0, 2, "digits moved by up to", step=1, unit="px", **again),
        "wait": Slider(v["wait"], 0, 32, "empty ticks after a digit", step=1, **again),
        "noise": Slider(v["noise"], 0.0, 1.0, "noise, std", step=0.05, **again),
        "n": Slider(v["n"], 20, DIGITS, "training digits", log=True, step=1, **again),
        "equal": Choice(v["equal"], EQUAL, "all five have as many", **again),
        "budget": Slider(v["budget"], 1000, 6000, "parameters of each", step=100,
                         when=("equal", PARAMETERS), **again),
        "work": Slider(v["work"], 5000, 40_000, "multiply-adds a digit", step=500,
                       when=("equal", WORK), **again),
        "seen": Switch(v["seen"], "they learn from moved and noisy digits, too", **more),
        "alpha": Slider(v["alpha"], 1e-4, 1, "learning rate α", log=True, more=True),
        "alpha_gan": Slider(v["alpha_gan"], 1e-4, 0.1, "learning rate of the GAN", log=True,
                            more=True),
        "batch": Slider(v["batch"], 1, 128, "digits a step", log=True, step=1, **more),
        "forget_bias": Slider(v["forget_bias"], -2.0, 6.0, "forget bias of the LSTM", step=0.1,
                              **more),
    }  # fmt: skip
