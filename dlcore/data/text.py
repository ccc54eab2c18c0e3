"""Data sets of words: tuples of text, not arrays, until `spell` makes numbers of the letters."""

import csv
import gzip

import numpy as np

from .files import Split, open_data

LANGUAGES = (
    *("Croatian", "Dutch", "English", "Finnish", "French"),
    *("German", "Italian", "Polish", "Spanish", "Swedish"),
)


def first_names():
    """5,163 first names of the United States in 1990: 4,388 to learn from and 775 to judge on.

    x (n,) text in small letters a to z; y (n,) text, who bears it: "F", "M" or both, "FM".
    """
    return _words("us_first_names_1990.csv.gz", "name", lambda row: row["sex"])


def surnames():
    """3,866 surnames of ten languages: 3,093 to learn from and 773 to judge on.

    x (n,) text in small letters a to z, accents dropped, some with a space, an apostrophe or a
    hyphen; y (n,) int64, the place of the language in `LANGUAGES`. Some bearers' families came from
    elsewhere, so some labels are wrong.
    """
    return _words("surnames_10lang.csv.gz", "name", lambda row: LANGUAGES.index(row["language"]))


def _words(file, word, label):
    with gzip.open(open_data(file), "rt", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    parts = []
    for part in ("train", "test"):
        mine = [row for row in rows if row["split"] == part]
        parts += [np.array([row[word] for row in mine]), np.array([label(row) for row in mine])]
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
