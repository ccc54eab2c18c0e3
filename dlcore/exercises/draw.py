"""Numbers for the hidden cases of several chapters."""

import numpy as np


def normal(rng, small):
    """normal(rng, small)(*shape): random numbers. Those of a small case, which a reader is shown,
    have one decimal and none is zero."""
    if not small:
        return lambda *shape: rng.normal(size=shape)

    def short(*shape):
        drawn = np.round(rng.normal(size=shape), 1)
        return np.where(drawn == 0, 0.4, drawn)

    return short
