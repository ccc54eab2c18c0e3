"""Choosing by chance: what a network that predicts the next symbol writes."""

from numbers import Real

from .activations import softmax
from .shapes import mismatch, require_finite, require_float, require_rng, short


def sample(z, temperature=1.0, *, rng):
    """One class for each row of logits z (N, K), drawn with probabilities softmax(z / temperature).

    Temperature 1 is what the network has learnt; below 1 likely classes become likelier, and 0
    takes the likeliest; above 1 all become more alike. (N,) int64.
    Raises ValueError for another shape, for NaN and for a temperature below 0.
    """
    require_float("sample", z)
    if z.ndim != 2 or not z.shape[1]:
        raise mismatch("sample", "z (N, K)", z)
    require_finite("sample", "z", z)
    require_rng("sample", rng)
    if not isinstance(temperature, Real) or not temperature >= 0:
        raise ValueError(f"sample: expected a temperature of 0 or more, got {short(temperature)}")
    if temperature == 0:
        return z.argmax(1)
    total = softmax((z - z.max(1, keepdims=True)).astype(float) / temperature).cumsum(1)
    drawn = rng.random((len(z), 1)) * total[:, -1:]
    return (total <= drawn).sum(1)
