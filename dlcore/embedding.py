"""Symbols as vectors: a table with a row for each."""

import numpy as np

from . import init as initialise
from .layers import Layer, Param
from .shapes import describe, mismatch, whole


class Embedding(Layer):
    """y = W[x]: of every whole number in x (any shape), its row of W; y has the shape (*x, D).

    That is a dense layer without bias on one-hot columns, without the zeros. W is (K, D), its
    numbers drawn with standard deviation 1.
    Backward: dW_k sums dy over all places where x is k. There is no dx, x is a name.
    Raises ValueError for numbers outside 0..K-1, TypeError if x holds no whole numbers.
    """

    W = Param()

    def __init__(self, num_embeddings, embedding_dim, *, rng, dtype=np.float32):
        super().__init__()
        K = whole("Embedding", "num_embeddings", num_embeddings)
        D = whole("Embedding", "embedding_dim", embedding_dim)
        unit = initialise.normal(1.0)
        self.params.add("W", initialise.draw("Embedding", unit, (K, D), rng=rng, dtype=dtype))

    def forward(self, x):
        W = self.params["W"]
        if not isinstance(x, np.ndarray) or x.dtype.kind not in "iu":
            raise TypeError(f"Embedding: expected x of whole numbers, got {describe(x)}")
        if x.size and not 0 <= x.min() <= x.max() < len(W):
            raise ValueError(
                f"Embedding: expected x from 0 to {len(W) - 1}, got {x.min()} to {x.max()}"
            )
        return W[x], x

    def backward(self, dy, x, need_dx=True):
        W = self.params["W"]
        shape = (*x.shape, W.shape[1])
        if getattr(dy, "dtype", None) != W.dtype or dy.shape != shape:
            raise mismatch("Embedding", f"dy {shape}", dy, W.dtype)
        dW = np.zeros_like(W)
        if x.size:
            order = np.argsort(x, None, kind="stable")
            names, first = np.unique(x.ravel()[order], return_index=True)
            dW[names] = np.add.reduceat(dy.reshape(-1, W.shape[1])[order], first, axis=0)
        return None, {"W": dW}
