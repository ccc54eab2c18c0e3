"""The tasks of the lab `gates`: sequences of symbols, and what is to be answered at every tick.

Symbols are numbers 0 ... S - 1, in arrays (T, N) of N sequences; the network gets each as one of S
inputs that is 1. Answers are float32 (T, N).
"""

from dataclasses import dataclass

import numpy as np

UNIT = 0.25  # what one bracket, or one +, adds to the answer
DEEPEST = 4  # brackets that may be open


@dataclass(frozen=True)
class Task:
    """A task: its symbols, how sequences are drawn, what is asked, and signals to look for.

    draw(T, N, rng)   symbols (T, N)
    answers(s)        what is to be said at each tick, (T, N)
    signals(s)        name -> (T, N): what a gate or a cell may follow; the last is what is kept
    example           a sequence to look at; the symbol `last` ends it
    close             an answer that is nearer than this to the right one counts as right
    asked             the symbol at whose ticks answers are counted; None: at all of them
    since(s)          of one sequence (T,): the tick, from 0, from which its last answer is known
    """

    symbols: str
    draw: callable
    answers: callable
    signals: callable
    since: callable
    example: str
    last: str
    close: float
    asked: str | None = None

    def inputs(self, s):
        """One of S inputs is 1: (T, N) -> (T, N, S), float32."""
        return np.eye(len(self.symbols), dtype=np.float32)[s]

    def numbers(self, text):
        return np.array([self.symbols.index(symbol) for symbol in text])

    def first(self, length):
        """The example as long as it is asked for, (T,)."""
        text = (self.example * -(-length // len(self.example)))[:length]
        return self.numbers(text[:-1] + self.last)

    def counted(self, s):
        """Where answers are counted, (T, N) of True and False."""
        return np.ones(s.shape, bool) if self.asked is None else s == self.symbols.index(self.asked)


# ---- a letter to remember: capitals are kept, small letters are not, ? asks

KEEP_A, KEEP_B, SMALL_A, SMALL_B, ASK, NOTHING = range(6)


def draw_letters(T, N, rng):
    s = rng.choice(6, (T, N), p=[0.08, 0.08, 0.3, 0.3, 0.12, 0.12])
    s[0] = rng.integers(0, 2, N)
    s[-1] = ASK
    return s


def draw_gap(T, N, rng):
    """One capital, at the first tick; one question, at the last."""
    s = rng.choice([SMALL_A, SMALL_B, NOTHING], (T, N))
    s[0] = rng.integers(0, 2, N)
    s[-1] = ASK
    return s


def kept_letter(s):
    """+1 after an A, -1 after a B, 0 before either."""
    now, found = np.zeros(s.shape[1:], np.float32), np.empty(s.shape, np.float32)
    for t, symbol in enumerate(s):
        now = np.where(symbol == KEEP_A, 1, np.where(symbol == KEEP_B, -1, now))
        found[t] = now
    return found


def say_letter(s):
    return np.where(s == ASK, kept_letter(s), np.float32(0))


def letter_signals(s):
    return {
        "A or B": s <= KEEP_B, "a or b": (s == SMALL_A) | (s == SMALL_B), "?": s == ASK,
        "letter kept": kept_letter(s),
    }  # fmt: skip


def letter_since(s):
    capitals = np.flatnonzero(s <= KEEP_B)
    return int(capitals[-1]) if len(capitals) else 0


# ---- brackets: how many are open?

OPEN, CLOSE, OTHER = range(3)


def draw_brackets(T, N, rng):
    s, depth = np.empty((T, N), int), np.zeros(N, int)
    for t in range(T):
        u = rng.random(N)
        up, down = (u < 0.3) & (depth < DEEPEST), (u > 0.7) & (depth > 0)
        s[t] = np.where(up, OPEN, np.where(down, CLOSE, OTHER))
        depth += up.astype(int) - down
    return s


def depths(s):
    """A closing bracket without an opening one does nothing."""
    now, found = np.zeros(s.shape[1:], np.float32), np.empty(s.shape, np.float32)
    for t, symbol in enumerate(s):
        now = np.maximum(now + (symbol == OPEN) - (symbol == CLOSE), 0)
        found[t] = UNIT * now
    return found


def bracket_signals(s):
    return {"(": s == OPEN, ")": s == CLOSE, "brackets open": depths(s)}


def bracket_since(s):
    level = np.flatnonzero(depths(s) == 0)
    return min(int(level[-1]) + 1, len(s) - 1) if len(level) else 0


# ---- a count that starts again at R

ADD, IDLE, AGAIN = range(3)


def draw_counts(T, N, rng):
    return rng.choice(3, (T, N), p=[0.3, 0.58, 0.12])


def counts(s):
    now, found = np.zeros(s.shape[1:], np.float32), np.empty(s.shape, np.float32)
    for t, symbol in enumerate(s):
        now = np.where(symbol == AGAIN, 0, now + (symbol == ADD))
        found[t] = UNIT * now
    return found


def count_signals(s):
    return {"+": s == ADD, "R": s == AGAIN, "count": counts(s)}


def count_since(s):
    again = np.flatnonzero(s == AGAIN)
    return int(again[-1]) if len(again) else 0


LETTER, GAP = "remember a letter", "remember it to the end"
BRACKETS, COUNT = "count brackets", "count, again from R"
TASKS = {
    LETTER: Task("ABab?·", draw_letters, say_letter, letter_signals, letter_since,
                 "Abab·?abBa·ba?bAba·bab·?", "?", 0.5, "?"),
    GAP: Task("ABab?·", draw_gap, say_letter, letter_signals, letter_since,
              "Aba·bbabaab·babba·aabab?", "?", 0.5, "?"),
    BRACKETS: Task("()x", draw_brackets, depths, bracket_signals, bracket_since,
                   "x(x(xx)x((x)x)xx)x(x(xx)", ")", UNIT / 2),
    COUNT: Task("+·R", draw_counts, counts, count_signals, count_since,
                "·+·+··+·R··+·+··R·+·+··+", "+", UNIT / 2),
}  # fmt: skip
