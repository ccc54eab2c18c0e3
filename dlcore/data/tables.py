"""Data sets that are tables: a row for each example, a column for each feature."""

import csv
import gzip

import numpy as np

from .files import Split, open_data

PENGUIN_FEATURES = ("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g")
PENGUIN_CLASSES = {
    "sex": ("female", "male"),
    "species": ("Adelie", "Chinstrap", "Gentoo"),
}


def penguins(features=PENGUIN_FEATURES, target="sex"):
    """333 penguins of Palmer Station, 234 to learn from and 99 to judge on.

    x (n, len(features)) float32 in millimetres and grams; y (n,) int64, the place of the sex or
    species in `PENGUIN_CLASSES[target]`.
    """
    features = _names("penguins", features, PENGUIN_FEATURES)
    if not isinstance(target, str) or target not in PENGUIN_CLASSES:
        raise ValueError(f"penguins: expected target 'sex' or 'species', got {target!r}")
    parts = []
    for rows in _table("penguins.csv.gz"):
        y = np.array([PENGUIN_CLASSES[target].index(row[target]) for row in rows])
        parts += [_columns(rows, features), y]
    return Split(*parts)


BIKE_FEATURES = (
    *("day", "hr", "season", "holiday", "weekday", "workingday"),
    *("weather", "temp", "atemp", "hum", "windspeed"),
)


def bikes(features=BIKE_FEATURES):
    """Bikes hired in each hour of 2011 in Washington: 6,903 hours to learn from and 1,742 to judge
    on, by whole days (292 and 73).

    x (n, len(features)) float32, the columns as they are; y (n,) float32, the count. Either part
    is in the order of time; `day` and `hr` put the two together again (115 hours of the year are
    missing).

    day 1..365, hr 0..23; season 1 winter .. 4 autumn; weekday 0 Sunday .. 6 Saturday; holiday and
    workingday 0 or 1; weather 1 fine .. 4 foul; temp = (°C + 8) / 47; atemp, what it feels like,
    = (°C + 16) / 66; hum = % / 100; windspeed is divided by 67, its unit was not published.
    """
    features = _names("bikes", features, BIKE_FEATURES)
    parts = []
    for rows in _table("bikeshare_2011.csv.gz"):
        parts += [_columns(rows, features), _columns(rows, ["bikers"])[:, 0]]
    return Split(*parts)


def _names(who, features, known):
    """The features asked for as a tuple, or one clear line."""
    features = (features,) if isinstance(features, str) else tuple(features)
    if not features or any(f not in known for f in features):
        raise ValueError(f"{who}: expected features of {known}, got {features!r}")
    return features


def _table(name):
    """The rows to learn from and the rows to judge on, each a dict of text."""
    with gzip.open(open_data(name), "rt", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    return [[row for row in rows if row["split"] == part] for part in ("train", "test")]


def _columns(rows, names):
    return np.array([[float(row[name]) for name in names] for row in rows], np.float32)
