"""Small real data sets, with fixed training and test parts. SOURCES.md says where each is from.

Files lie beside this module; in the published page, where the package carries no data, `use` puts
another reader in the place of the file system. Either way a file counts only if its SHA-256 is
the one written here.
"""

import csv
import gzip
import hashlib
import io
from importlib.resources import files
from typing import NamedTuple

import numpy as np

from ..shapes import require_examples, require_finite

SHA256 = {
    "penguins.csv.gz": "b51d088a1d5349c4a45b1076dfe3e64dd0a4a520282e22b474a7ffac9782e287",
    "digits_8x8.npz": "a8d3d7c9620ab87d0ef0c2b4dbc61ec0e9ad7e211ed04f5be6939323537d0d97",
    "bikeshare_2011.csv.gz": "62d38ea5c30620ea1618a6d9feb4e196238037f6d101e1d1b346326db55d78d8",
}


class Split(NamedTuple):
    """A data set in two parts: learn from `train`, judge on `test`."""

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray


def _package_file(name):
    return (files(__name__) / name).read_bytes()


_read = _package_file


def use(read):
    """Let `read(name) -> bytes` fetch the files; None: the files of the package."""
    global _read
    _read = read or _package_file


def open_data(name):
    """The file `name` as a binary stream, once its hash is found right.

    Raises a ValueError for an unknown name or a file that is not what it should be, an OSError if
    it cannot be read.
    """
    if not isinstance(name, str) or name not in SHA256:
        raise ValueError(f"open_data: expected one of {', '.join(SHA256)}, got {name!r}")
    try:
        content = _read(name)
    except OSError as error:
        raise OSError(f"open_data: {name} cannot be read: {error}") from error
    found = hashlib.sha256(content).hexdigest()
    if found != SHA256[name]:
        raise ValueError(
            f"open_data: {name} is damaged: expected SHA-256 {SHA256[name][:12]}…, "
            f"got {found[:12]}… ({len(content):,} bytes); install dlcore again"
        )
    return io.BytesIO(content)


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


def digits():
    """1,797 handwritten digits of 8x8 pixels, 1,347 to learn from and 450 to judge on.

    x (n, 8, 8) float32 from 0 (paper) to 1 (ink); y (n,) int64, the digit.
    """
    with np.load(open_data("digits_8x8.npz"), allow_pickle=False) as f:
        return Split(
            f["x_train"].astype(np.float32) / 16,
            f["y_train"].astype(np.int64),
            f["x_test"].astype(np.float32) / 16,
            f["y_test"].astype(np.int64),
        )


def standardise(split):
    """The same data with mean 0 and standard deviation 1 in each feature of the training part.

    The test part is shifted and scaled with the *training* part's numbers: nothing about the
    test data may leak into training.
    """
    for name in ("x_train", "x_test"):
        require_finite("standardise", name, getattr(split, name))
    require_examples("standardise", split.x_train)
    mean, std = split.x_train.mean(0), split.x_train.std(0)
    if not np.all(std > 0):
        constant = [int(i) for i in np.flatnonzero(std == 0)]
        raise ValueError(f"standardise: features {constant} are the same for all examples")
    return split._replace(x_train=(split.x_train - mean) / std, x_test=(split.x_test - mean) / std)


def one_hot(column, values):
    """(n,) numbers as (n, len(values)) float32: 1 in the place of its value, 0 elsewhere.

    A number such as an hour or a weekday only names a thing; as one number, 23 would be far from 0.
    """
    column, values = np.asarray(column), np.asarray(values)
    hot = column[:, None] == values
    if not hot.any(1).all():
        stranger = column[np.argmin(hot.any(1))]
        raise ValueError(f"one_hot: expected values of {values.tolist()}, got {stranger}")
    return hot.astype(np.float32)
