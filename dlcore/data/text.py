"""Data sets of text: names and sentences, until `spell` makes numbers of letters, or `look_up` of
words."""

import csv
import gzip
import re
from collections import Counter

import numpy as np

from .files import Split, open_data

LANGUAGES = (
    *("Croatian", "Dutch", "English", "Finnish", "French"),
    *("German", "Italian", "Polish", "Spanish", "Swedish"),
)
UNKNOWN = "<unknown>"  # the word number 0 of a vocabulary; no text has it as a word


def first_names():
    """5,163 first names of the United States in 1990: 4,388 to learn from and 775 to judge on.

    x (n,) text in small letters a to z; y (n,) text, who bears it: "F", "M" or both, "FM".
    """
    return _texts("us_first_names_1990.csv.gz", "name", lambda row: row["sex"])


def surnames():
    """3,866 surnames of ten languages: 3,093 to learn from and 773 to judge on.

    x (n,) text in small letters a to z, accents dropped, some with a space, an apostrophe or a
    hyphen; y (n,) int64, the place of the language in `LANGUAGES`. Some bearers' families came from
    elsewhere, so some labels are wrong.
    """
    return _texts("surnames_10lang.csv.gz", "name", lambda row: LANGUAGES.index(row["language"]))


def reviews():
    """2,979 sentences from reviews of things, films and restaurants: 2,383 to learn from and 596 to
    judge on.

    x (n,) text as it was written; y (n,) int64, 1 for a sentence that praises, 0 for one that does
    not. Those who collected them chose sentences that clearly do one or the other.
    """
    return _texts("sentiment_3k.csv.gz", "text", lambda row: int(row["label"]))


def _texts(file, text, label):
    with gzip.open(open_data(file), "rt", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    parts = []
    for part in ("train", "test"):
        mine = [row for row in rows if row["split"] == part]
        parts += [np.array([row[text] for row in mine]), np.array([label(row) for row in mine])]
    return Split(*parts)


def spell(words, symbols):
    """Each word as the places of its letters in `symbols`: a list of (length,) int64.

    Raises a ValueError that names a letter which is not there.
    """
    place = {symbol: k for k, symbol in enumerate(symbols)}
    for word in words:
        for letter in word:
            if letter not in place:
                raise ValueError(
                    f"spell: expected letters of {symbols!r}, got {letter!r} in {word!r}"
                )
    return [np.array([place[letter] for letter in word], np.int64) for word in words]


def words(text):
    """The words of a text, in small letters: runs of letters and digits, of any script. An
    apostrophe within one belongs to it, so that "don't" is a word; all other signs only separate.
    """
    return _WORD.findall(text.lower().replace("\u2019", "'"))


_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def vocabulary(texts, least=2):
    """The words that occur at least `least` times in the texts, the most frequent ones first (of
    equally frequent ones, the first in the alphabet), after `UNKNOWN`, which stands for all others.
    A list of strings. Take the texts to learn from: about the others nothing is known beforehand.
    """
    counts = Counter(word for text in texts for word in words(text))
    known = [word for word, count in counts.items() if count >= least]
    return [UNKNOWN, *sorted(known, key=lambda word: (-counts[word], word))]


def look_up(texts, vocabulary):
    """The words of each text as their places in `vocabulary`, 0 for a word that is not in it: a
    list of (length,) int64."""
    place = {word: k for k, word in enumerate(vocabulary)}
    return [np.array([place.get(word, 0) for word in words(text)], np.int64) for text in texts]
