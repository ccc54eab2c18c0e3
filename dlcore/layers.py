"""What a layer is, and the fully connected one.

    y, cache  = layer.forward(x)                          # all that backward needs is in cache
    dx, grads = layer.backward(dy, cache, need_dx=True)   # grads has the keys of layer.params
    y         = layer(x)                                  # predict
    layer.params                                          # name -> live array

The cache is an argument, so that one layer can run forward twice before it runs backward:
a discriminator on real and on generated data, a cell at every tick of a sequence.
A gradient is called `d` and the variable's name: `dW` means dJ/dW.

A cache may share memory with the input and the output, so nobody writes into these before
backward has run.
"""

import copy
import functools

import numpy as np

from . import init as initialise
from .product import matmul
from .shapes import mismatch, require_floating, whole


class Params(dict):
    """Names and live arrays. `params["W"] = a` writes *into* the array, so nobody's copy is stale.

    Raises a KeyError for an unknown name, a ValueError or TypeError for another shape or dtype.
    """

    def __init__(self, owner, arrays=()):
        super().__init__(arrays)
        self.owner = owner

    def add(self, name, array):
        """Give a new parameter its array."""
        super().__setitem__(name, array)

    def __setitem__(self, name, value):
        self.check(name, value)
        self[name][...] = value

    def check(self, name, value):
        """Raise unless `value` can be written into the array `name`."""
        if name not in self:
            raise KeyError(f"{self.owner}: no parameter {name!r}, there are {list(self)}")
        here = self[name]
        shape, dtype = getattr(value, "shape", None), getattr(value, "dtype", None)
        if shape != here.shape or dtype != here.dtype:
            raise mismatch(self.owner, f"{name} {here.shape}", value, here.dtype)

    def update(self, other=(), **more):
        """Write several at once: all of them, or none if one does not fit."""
        new = dict(other, **more)
        for name, value in new.items():
            self.check(name, value)
        for name, value in new.items():
            self[name] = value

    def _fixed(self, *_, **__):
        raise TypeError(
            f"{self.owner}: the names of the parameters are fixed, write into the arrays"
        )

    __delitem__ = pop = popitem = clear = setdefault = _fixed

    def __ior__(self, other):
        self.update(other)
        return self

    def __reduce__(self):
        return Params, (self.owner, dict(self))


class Param:
    """A parameter as an attribute: `layer.W` is `layer.params["W"]`; assigning writes into it."""

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, layer, owner=None):
        return self if layer is None else layer.params[self.name]

    def __set__(self, layer, value):
        layer.params[self.name] = value


class Layer:
    """A function with parameters that knows its own derivative. The docstring of this module
    gives the contract; a subclass writes `forward` and `backward`."""

    def __init__(self):
        self.params = Params(type(self).__name__)

    def forward(self, x):
        """(y, cache)"""
        raise TypeError(f"{type(self).__name__} has no forward: write forward(self, x)")

    def backward(self, dy, cache, need_dx=True):
        """(dx, grads); dx is None with `need_dx=False`."""
        raise TypeError(f"{type(self).__name__} has no backward: write backward(self, dy, cache)")

    def __call__(self, x):
        """Predict: the output alone."""
        return self.forward(x)[0]

    def astype(self, dtype):
        """A copy of the layer, and of all layers in it, with every array of floats in `dtype`."""
        require_floating(type(self).__name__, dtype)
        twin = copy.deepcopy(self)
        _convert(twin, np.dtype(dtype), {})
        return twin


def _convert(value, dtype, done):
    """Change the arrays in `value` to `dtype`; two names of one array keep sharing it."""
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        if id(value) not in done:
            new = value.astype(dtype)
            done[id(value)] = value, new  # value stays alive
            done[id(new)] = new, new  # parameters that two layers hold are met twice
        return done[id(value)][1]
    if isinstance(value, Params):
        for name, array in value.items():
            value.add(name, _convert(array, dtype, done))
    elif isinstance(value, Layer) and id(value) not in done:
        done[id(value)] = (value, value)
        for name, inner in vars(value).items():
            vars(value)[name] = _convert(inner, dtype, done)
    elif isinstance(value, list | tuple):
        return type(value)(_convert(inner, dtype, done) for inner in value)
    return value


@functools.lru_cache(maxsize=64)
def ones(n, dtype):
    """A read-only vector of ones: its product with a matrix is the fastest way to sum columns."""
    vector = np.ones(n, dtype)
    vector.flags.writeable = False
    return vector


class Dense(Layer):
    """Fully connected layer, the pre-activation of `eq-ann-preactivation`:

        z = W a_prev + b            for each example; a batch is rows, so Z = A_prev W^T + b

    Shapes: a_prev (m, n_in), z (m, n_out), W (n_out, n_in), b (n_out,).
    Backward: dW = dZ^T A_prev (the sum over examples that `eq-ann-gradient` asks for; its 1/m is
    already in dZ, because losses are means), db = column sums of dZ, dA_prev = dZ W.
    Raises ValueError for a wrong shape, TypeError for a wrong dtype.
    """

    W = Param()
    b = Param()

    def __init__(self, n_in, n_out, *, rng, init=initialise.glorot, dtype=np.float32):
        super().__init__()
        n_in, n_out = whole("Dense", "n_in", n_in), whole("Dense", "n_out", n_out)
        W = initialise.draw("Dense", init, (n_out, n_in), rng=rng, dtype=dtype)
        self.params.add("W", W)
        self.params.add("b", np.zeros(n_out, dtype))

    def forward(self, a_prev):
        W, b = self.params["W"], self.params["b"]
        if getattr(a_prev, "dtype", None) != W.dtype or a_prev.shape[1:] != W.shape[1:]:
            raise mismatch("Dense", f"x (m, {W.shape[1]})", a_prev, W.dtype)
        z = matmul(a_prev, W.T)
        z += b
        return z, a_prev

    def backward(self, dz, a_prev, need_dx=True):
        W = self.params["W"]
        if getattr(dz, "dtype", None) != W.dtype or dz.shape != (len(a_prev), len(W)):
            raise mismatch("Dense", f"dy ({len(a_prev)}, {len(W)})", dz, W.dtype)
        dW = matmul(dz.T, a_prev)
        db = ones(len(dz), dz.dtype).dot(dz)  # column sums
        da_prev = matmul(dz, W) if need_dx else None
        return da_prev, {"W": dW, "b": db}
