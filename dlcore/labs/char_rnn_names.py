"""The lab `char-rnn`: names as letters, what counting knows of them, the reader's text.

A name is read and written with "·" before and after it: the network is given "·", "e", "m" and is
to answer "e", "m", ... and at last "·". Its 27 symbols are `LETTERS`.
"""

import unicodedata
from functools import lru_cache
from types import SimpleNamespace

import numpy as np

from .. import data
from .controls import needed

LETTERS = "·abcdefghijklmnopqrstuvwxyz"
ONE_HOT = np.eye(len(LETTERS), dtype=np.float32)
LONGEST = 15  # letters of the reader's text
KAPPA = 8.0  # letters that are imagined to have been seen, as often as after a shorter past


@lru_cache
def first_names():
    """(to learn from, held out): the names of the data set, two tuples; LabError without them."""
    with needed("first names"):
        split = data.first_names()
    return tuple(split.x_train.tolist()), tuple(split.x_test.tolist())


def laid_out(names):
    """Names side by side: the symbols `ids` (T + 1, N), from the first "·" to the last, and `there`
    (T + 1, N), where there are any."""
    ids, there = data.pad(data.spell([f"·{name}·" for name in names], LETTERS))
    return SimpleNamespace(ids=ids.astype(np.intp), there=there)


def asked_of(laid, i=None):
    """Symbols to read x and to answer y (T, N), and where they count, of the names `i`."""
    ids, there = (laid.ids, laid.there) if i is None else (laid.ids[:, i], laid.there[:, i])
    T = int(there.any(1).sum()) - 1
    return ids[:T], ids[1 : T + 1], there[1 : T + 1]


# ---- what counting knows


def trigrams(name):
    """All that stands side by side in a name, three by three: "··e", "·em", ..., "ma·"."""
    whole = f"··{name}·"
    return [whole[k : k + 3] for k in range(len(whole) - 2)]


def known_trigrams(names):
    return frozenset(three for name in names for three in trigrams(name))


def unseen(name, known):
    """The first three letters in a row of a name that no name of the data has, or ""."""
    return next((three for three in trigrams(name) if three not in known), "")


def counted(laid, held_out):
    """Nats a character of the names held out, by pairs of letters and by threes, as counted in
    other names; both are what `laid_out` gives.

        p(c | b)   = (n_bc  + kappa p(c))     / (n_b  + kappa)
        p(c | a b) = (n_abc + kappa p(c | b)) / (n_ab + kappa)

    and p(c) likewise, from 1/27.
    """
    K = len(LETTERS)
    p, nats = np.full((1, K), 1 / K), []
    for n in (1, 2, 3):
        counts = np.bincount(windows(laid, n), minlength=K**n).reshape(-1, K)
        before = np.tile(p, (len(counts) // len(p), 1))
        p = (counts + KAPPA * before) / (counts.sum(1, keepdims=True) + KAPPA)
        nats.append(float(-np.log(p.ravel()[windows(held_out, n)]).mean()))
    return nats[1:]


def windows(laid, n):
    """Of every symbol that is to be answered, the n symbols that end with it, as one number."""
    ids = np.concatenate([np.zeros((n, laid.ids.shape[1]), np.intp), laid.ids])
    T = len(laid.ids)
    found = sum(ids[k : k + T] * len(LETTERS) ** (n - k) for k in range(1, n + 1))
    return found[1:][laid.there[1:]]


# ---- the reader's text


def letters_of(text):
    """(letters a to z of a text, what was left out): capitals become small, accents are dropped."""
    letters, left = "", []
    for character in text:
        plain = unicodedata.normalize("NFKD", character.casefold())
        kept = "".join(c for c in plain if c in LETTERS[1:])
        letters += kept
        if not kept and not unicodedata.combining(character):
            left.append(character)
    return letters[:LONGEST], list(dict.fromkeys(left))
