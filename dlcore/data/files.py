"""The files of the package that are no code: data sets, each of which must be what it should be,
and weights that figures show."""

import hashlib
import io
from importlib.resources import files
from typing import NamedTuple

import numpy as np

# What stands under a share-alike licence is in a folder of its own, with its notice.
SHA256 = {
    "penguins.csv.gz": "b51d088a1d5349c4a45b1076dfe3e64dd0a4a520282e22b474a7ffac9782e287",
    "digits_8x8.npz": "a8d3d7c9620ab87d0ef0c2b4dbc61ec0e9ad7e211ed04f5be6939323537d0d97",
    "bikeshare_2011.csv.gz": "62d38ea5c30620ea1618a6d9feb4e196238037f6d101e1d1b346326db55d78d8",
    "fashion_mnist_5k.npz": "b8f5dcc6062c36d7752fda0ee1015a31a130fcea8984387a3395a30772593cd7",
    "nuclei_512.npz": "961b2d1e766dd87f6b55f4dcecea2a6630ecf4c739c50cb58a7eb8ab8daa952a",
    "surnames_10lang.csv.gz": "769619614b381bd640b1ec6a8abe9f109747a49b5339f14c4ad4fdda49d203d4",
    "us_first_names_1990.csv.gz": (
        "34633be8ea76778a5c045b39de8cec9192f4f8462a1ae3ba598468889ad8b501"
    ),
    "elnino_sst.csv": "d43baf7f2b9cf8e6eb0ff0a5fd1a7a4108c8960b4d34900fb6a70ff8a168312b",
    "speech_sample.wav": "fbec491ef00ee734a67f0ee318e98c51c157b479e1629ff4f4426861ecac0414",
    "sentiment_3k.csv.gz": "538a63b40c9442896e87b058d339ec662c0e09dc483f99c562577903cbb2e8db",
    "font_styles.npz": "6a2a75b7d7d925b0f261067268bde28df9eb0f1a8f38c213f9a74fdd4cf1ef00",
    "share_alike/mnist_6k.npz": "d4e289a8246c8edb1212549332b113c2f9e7ce338c4dfb2148e338dcbbab6d0d",
    "share_alike/spoken_digits_train.npz": (
        "c69fd8dc3543b570536b3bb4c3f670a499bc621c8301d2bf1a83fd0c8f4f764d"
    ),
    "share_alike/spoken_digits_test.npz": (
        "4e8b2559dda6fbadf4775f7f6617139a4eafd2f158e5f059c0fd183826665497"
    ),
}


class Split(NamedTuple):
    """A data set in two parts: learn from `train`, judge on `test`."""

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray


def _package_file(path):
    return (files("dlcore") / path).read_bytes()


_read = _package_file


def use(read):
    """Let `read(path) -> bytes` fetch the files, by their paths in `dlcore/`; None: from there."""
    global _read
    _read = read or _package_file


def open_data(name):
    """The file `name` as a binary stream, once its hash is found right.

    Raises a ValueError for an unknown name or a file that is not what it should be, an OSError if
    it cannot be read.
    """
    if not isinstance(name, str) or name not in SHA256:
        raise ValueError(f"open_data: expected one of {', '.join(SHA256)}, got {name!r}")
    content = _contents("open_data", "data", name)
    found = hashlib.sha256(content).hexdigest()
    if found != SHA256[name]:
        raise ValueError(
            f"open_data: {name} is damaged: expected SHA-256 {SHA256[name][:12]}…, "
            f"got {found[:12]}… ({len(content):,} bytes); install dlcore again"
        )
    return io.BytesIO(content)


def open_weights(name):
    """The file `name` of `dlcore/labs/weights/` as a binary stream. Raises an OSError if it cannot
    be read. Weights may be made anew, so no hash is written down for them."""
    return io.BytesIO(_contents("open_weights", "labs/weights", name))


def _contents(who, folder, name):
    try:
        return _read(f"{folder}/{name}")
    except OSError as error:
        raise OSError(f"{who}: {name} cannot be read: {error}") from error
