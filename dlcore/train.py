"""Training as a generator of steps: `for step in fit(...)`. Leaving the loop stops it."""

from dataclasses import dataclass

import numpy as np

from .layers import Layer
from .regularization import penalty
from .shapes import positive_int, require_examples, require_finite


@dataclass(slots=True)
class Step:
    """One step of training, as it was just made.

    t: number of the step, from 1.   J: loss of the batch, before the update.
    grads: dJ/dparams of the batch.  batch: which examples it was.   net: the network, live.
    """

    t: int
    J: float
    grads: dict
    batch: np.ndarray
    net: Layer


def fit(
    net,
    x,
    y,
    *,
    loss,
    opt,
    rng,
    batch=32,
    steps=None,
    epochs=None,
    l1=0.0,
    l2=0.0,
    schedule=None,
):
    """Train `net` on examples x, y (their first axis) and yield a `Step` after each update.

    Every epoch goes once through all examples in a new random order, `batch` at a time.
    Give `steps` or `epochs`. `l1` and `l2` add the `penalty` on weights to what is minimised, and
    so to the gradients, but not to the J that is shown. `schedule(t)` gives the learning rate of
    step t. Raises ValueError, before the first step, for an empty set, lengths that differ, NaN or
    infinity in the data, and for impossible numbers.
    """
    if (steps is None) == (epochs is None):
        raise ValueError(f"fit: expected steps or epochs, got steps={steps}, epochs={epochs}")
    require_examples("fit", x)
    if len(x) != len(y):
        raise ValueError(f"fit: expected as many y as x, got {len(x)} x and {len(y)} y")
    require_finite("fit", "x", x)
    require_finite("fit", "y", y)
    batch = min(positive_int("fit", "batch", batch), len(x))
    if steps is None:
        steps = positive_int("fit", "epochs", epochs) * -(-len(x) // batch)
    steps = positive_int("fit", "steps", steps)
    penalty(net.params, l1, l2)  # refuses impossible numbers here, not at the first step

    def train():
        for t, i in enumerate(_batches(len(x), batch, steps, rng), start=1):
            yhat, cache = net.forward(x[i])
            J, dyhat = loss(yhat, y[i])
            _, grads = net.backward(dyhat, cache, need_dx=False)
            if l1 or l2:
                _, extra = penalty(net.params, l1, l2)
                grads = {name: g + extra[name] for name, g in grads.items()}
            if schedule is not None:
                opt.alpha = schedule(t)
            opt.step(net.params, grads)
            yield Step(t, J, grads, i, net)

    return train()


def _batches(m, batch, steps, rng):
    """`steps` batches of indices: epoch after epoch, each in a new order."""
    while True:
        order = rng.permutation(m)
        for start in range(0, m, batch):
            yield order[start : start + batch]
            steps -= 1
            if steps == 0:
                return


def accuracy(z, y):
    """Share of right answers: of logits (m, 1) or (m,) the sign, of (m, K) the largest."""
    if z.size == y.size:
        return float(np.mean((z.reshape(-1) > 0) == (y.reshape(-1) > 0.5)))
    if z.ndim != 2 or len(z) != len(y):
        raise ValueError(f"accuracy: expected z ({len(y)}, K), got {z.shape}")
    return float(np.mean(z.argmax(1) == y.reshape(-1)))
