"""Layers in a row, and the networks that are made of such rows."""

import copy
from itertools import pairwise

import numpy as np

from . import init as initialise
from .activations import ReLU, Tanh
from .conv import Conv2d, MaxPool2d
from .detection import NUMBERS
from .layers import Dense, Layer
from .normalization import BatchNorm
from .recurrent import Recurrent
from .shapes import require_kind, short


class Sequential(Layer):
    """Layers one after the other: y = f_L(... f_2(f_1(x))). Itself a layer.

    Parameters are called by the layer's place: `params["0.W"]`. Backward is the chain rule, from
    the last layer to the first; with `need_dx=False` it stops at the first layer that learns.
    A mask (T, N), for sequences of unequal lengths, goes to each layer that is `Recurrent`.
    """

    def __init__(self, *layers):
        super().__init__()
        for i, layer in enumerate(layers):
            if not isinstance(layer, Layer):
                hint = ": write Tanh(), not Tanh" if isinstance(layer, type) else ""
                hint = ": write Sequential(*layers)" if isinstance(layer, list | tuple) else hint
                raise TypeError(f"Sequential: expected a layer at {i}, got {short(layer)}{hint}")
        self.layers = layers
        # A layer that stands twice has one set of parameters, called by its first place.
        self._owner = [layers.index(layer) for layer in layers]
        self._names = [
            (i, name, f"{i}.{name}")
            for i, layer in enumerate(layers)
            if self._owner[i] == i
            for name in layer.params
        ]
        for i, name, full in self._names:
            self.params.add(full, layers[i].params[name])
        self._first = self._names[0][0] if self._names else len(layers)

    def forward(self, x, mask=None):
        cache = []
        for i, layer in enumerate(self.layers):
            try:
                x, kept = layer.forward(x, **_masked(layer, mask))
            except (TypeError, ValueError) as error:
                _say_where(i, error)
                raise
            cache.append(kept)
        return x, tuple(cache)

    def backward(self, dy, cache, need_dx=True):
        found = [None] * len(self.layers)
        for i in range(len(self.layers) - 1, -1 if need_dx else self._first - 1, -1):
            try:
                dy, grads = self.layers[i].backward(dy, cache[i], need_dx or i > self._first)
            except (TypeError, ValueError) as error:
                _say_where(i, error)
                raise
            before = found[self._owner[i]]
            if before is not None:  # the second use of the same weights adds its gradient
                grads = {name: before[name] + g for name, g in grads.items()}
            found[self._owner[i]] = grads
        return (dy if need_dx else None), {full: found[i][name] for i, name, full in self._names}

    def __call__(self, x, mask=None):
        for i, layer in enumerate(self.layers):
            try:
                x = layer(x, **_masked(layer, mask))
            except (TypeError, ValueError) as error:
                _say_where(i, error)
                raise
        return x


def _masked(layer, mask):
    return {} if mask is None or not isinstance(layer, Recurrent) else {"mask": mask}


def _say_where(i, error):
    """Put the place of the layer before the error's line."""
    error.args = (f"layer {i}: {error}",)


def mlp(sizes, activation=Tanh, *, rng, init=initialise.glorot, dtype=np.float32):
    """A fully connected network: `mlp([2, 8, 1], rng=rng)` is Dense(2, 8), Tanh, Dense(8, 1).

    The last layer has no activation: its z are logits, or a regression's answer.
    """
    if len(sizes) < 2:
        raise ValueError(f"mlp: expected at least an input and an output size, got {list(sizes)}")
    if not (isinstance(activation, type) and issubclass(activation, Layer)):
        raise TypeError(
            f"mlp: expected a class of activation, such as Tanh, got {short(activation)}"
        )
    layers = []
    for n_in, n_out in pairwise(sizes):
        layers += [Dense(n_in, n_out, rng=rng, init=init, dtype=dtype), activation()]
    return Sequential(*layers[:-1])


def grid_detector(classes, widths=(16, 32, 64, 96), *, rng, dtype=np.float32):
    """A network that answers for a grid: x (N, 1, H, W) -> z (N, 5 + classes, H / s, W / s).

    A convolution of 4x4 with stride 2; for each of the middle `widths`, one of 3x3 to so many
    channels, and the largest of each 2x2 pixels; one of 3x3 that looks over the edge of the cell;
    all with batch normalisation and ReLU. So s = 2^(len(widths) - 1). At the end a convolution of
    1x1: the same small fully connected layer at every cell.
    """
    first, *middle, last = widths
    layers = [Conv2d(1, first, 4, stride=2, padding=1, rng=rng, dtype=dtype)]
    layers += [BatchNorm(first, dtype=dtype), ReLU()]
    channels = first
    for width in (*middle, last):
        conv = Conv2d(channels, width, 3, padding=1, rng=rng, dtype=dtype)
        layers += [conv, BatchNorm(width, dtype=dtype), ReLU(), MaxPool2d(2)]
        channels = width
    head = Conv2d(channels, NUMBERS + classes, 1, rng=rng, dtype=dtype)
    return Sequential(*layers[:-1], head)


def folded(net):
    """The same predictions without `BatchNorm`: each is put into the convolution before it.

        gamma (W x + b - mean) / s + beta  =  (gamma / s) W x + gamma / s (b - mean) + beta

    with s = sqrt(var + eps). Other layers are taken as they are. Raises ValueError if one has no
    `Conv2d` before it.
    """
    require_kind("folded", "net", net, Sequential)
    layers = []
    for layer in net.layers:
        if not isinstance(layer, BatchNorm):
            layers.append(layer)
        elif layers and isinstance(layers[-1], Conv2d):
            layers[-1] = _fold(layers[-1], layer)
        else:
            raise ValueError("folded: expected a Conv2d before each BatchNorm")
    return Sequential(*layers)


def _fold(conv, norm):
    scale = norm.gamma / np.sqrt(norm.running_var + norm.running_var.dtype.type(norm.eps))
    conv = copy.deepcopy(conv)
    conv.params["W"] = conv.W * scale[:, None, None, None]
    conv.params["b"] = (conv.b - norm.running_mean) * scale + norm.beta
    return conv
