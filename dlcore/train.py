"""Training as a generator of steps: `for step in fit(...)`. Leaving the loop stops it."""

from dataclasses import dataclass

import numpy as np

from .layers import Layer
from .optim import Optimizer
from .regularization import penalty
from .shapes import describe, require_examples, require_finite, require_kind, require_rng, whole


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
    _check(net, x, y, loss, opt, rng)
    if len(x) != len(y):
        raise ValueError(f"fit: expected as many y as x, got {len(x)} x and {len(y)} y")
    batch = min(whole("fit", "batch", batch), len(x))
    if steps is None:
        steps = whole("fit", "epochs", epochs) * -(-len(x) // batch)
    steps = whole("fit", "steps", steps)
    if schedule is not None and not callable(schedule):
        raise TypeError(f"fit: expected schedule to be a function of t, got {describe(schedule)}")
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


def _check(net, x, y, loss, opt, rng):
    require_kind("fit", "net", net, Layer)
    require_kind("fit", "opt", opt, Optimizer)
    require_rng("fit", rng)
    if not callable(loss):
        raise TypeError(f"fit: expected loss to be a function, such as mse, got {describe(loss)}")
    for name, a in (("x", x), ("y", y)):
        if not isinstance(a, np.ndarray) or a.ndim == 0:
            raise TypeError(f"fit: expected {name} as an array of examples, got {describe(a)}")
        require_examples("fit", a)
        require_finite("fit", name, a)


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
    """Share of right answers: of logits (m, 1) or (m,) the sign, of (m, K) the largest.

    y (m,) or (m, 1) holds labels 0 and 1, or class numbers. A logit that is NaN is no answer, so
    it is never right. Raises ValueError for other shapes.
    """
    m = len(y) if np.ndim(y) else 0
    columns = {(m,): 1, (m, 1): 1}.get(np.shape(z), np.shape(z)[1] if np.ndim(z) == 2 else 0)
    if not m or np.shape(y) not in {(m,), (m, 1)} or not columns or len(z) != m:
        raise ValueError(
            "accuracy: expected z (m,), (m, 1) or (m, K) and y (m,) or (m, 1) with m >= 1, "
            f"got {np.shape(z)} and {np.shape(y)}"
        )
    z, y = np.reshape(z, (m, columns)), np.reshape(y, m)
    said, truth = (z[:, 0] > 0, y > 0.5) if columns == 1 else (z.argmax(1), y)
    return float(np.mean((said == truth) & ~np.isnan(z).any(1)))
