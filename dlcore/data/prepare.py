"""What is done to a data set before a network sees it."""

import numpy as np

from ..shapes import mismatch, require_examples, require_finite


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
    for name, array in (("column", column), ("values", values)):
        if array.ndim != 1 or not len(array):
            raise mismatch("one_hot", f"{name} (n,) with n >= 1", array)
    hot = column[:, None] == values
    if not hot.any(1).all():
        stranger = column[np.argmin(hot.any(1))]
        raise ValueError(f"one_hot: expected values of {values.tolist()}, got {stranger}")
    return hot.astype(np.float32)
