"""Optimisers: `opt.step(params, grads)` moves the live arrays in `params`, in place.

    W := W - alpha dJ/dW                                                     (`eq-ann-update`)

All gradients are laid end to end in one vector g, so that a rule is a few lines of its formula
and costs a few NumPy calls, however many parameters there are. `alpha` may change at any time.
"""

import math
from numbers import Real

import numpy as np

from .shapes import euclidean, mismatch, number, positive, require_kind, short


class Optimizer:
    """Base class: a subclass writes `rule(g)`, which turns the gradient g, in place,
    into what is taken off the parameters.

    Raises ValueError for a learning rate that is not positive, and for gradients whose names or
    shapes are not those of the parameters.
    """

    def __init__(self, alpha):
        self.alpha = positive(type(self).__name__, "alpha", alpha)
        self.t = 0  # steps taken
        self._names = self._updates = None

    @property
    def alpha(self):
        """The learning rate; it may change at any time, and a schedule may end at 0."""
        return self._alpha

    @alpha.setter
    def alpha(self, value):
        self._alpha = number(type(self).__name__, "alpha", value, 0)

    def step(self, params, grads):
        found = self._find(params, grads)
        if self._names is None:
            self._start(params)
        if found:
            np.concatenate(found, axis=None, out=self._g)
        self.t += 1
        self.rule(self._g)
        for p, update in zip(params.values(), self._updates, strict=True):
            p -= update

    def _find(self, params, grads):
        """The gradients in the order of the parameters; nothing has changed yet if this raises."""
        who = type(self).__name__
        require_kind(who, "grads", grads, dict)
        if params.keys() != grads.keys():
            raise ValueError(f"{who}: expected gradients of {list(params)}, got {list(grads)}")
        found = [grads[name] for name in params]
        shapes = [p.shape for p in params.values()]
        if [getattr(g, "shape", None) for g in found] != shapes:
            for (name, p), g in zip(params.items(), found, strict=True):
                if getattr(g, "shape", None) != p.shape:
                    raise mismatch(who, f"d{name} {p.shape}", g)
        for name, g in grads.items():
            if g.dtype.kind not in "fiub":  # some versions of NumPy would take the real part
                raise TypeError(f"{who}: expected d{name} of real numbers, got {g.dtype}")
        if self._names is not None and (list(params) != self._names or shapes != self._shapes):
            raise ValueError(
                f"{who}: expected the parameters it began with, got others; "
                f"make one {who} for each network"
            )
        return found

    def _start(self, params):
        for name, p in params.items():
            if p.dtype.kind != "f" or not p.flags.writeable:
                who, got = type(self).__name__, p.dtype if p.dtype.kind != "f" else "read-only ones"
                raise TypeError(f"{who}: expected {name} as floats that can change, got {got}")
        self._names, self._shapes = list(params), [p.shape for p in params.values()]
        self._g = np.concatenate([*params.values(), []], axis=None, dtype=_dtype(params))
        self._updates = self._views()
        self.start(np.zeros_like(self._g))

    def start(self, zeros):
        """Called once, with a vector of zeros as long as all parameters together."""

    def _views(self):
        """Each parameter's part of g, in its shape."""
        ends = np.cumsum([math.prod(shape) for shape in self._shapes], dtype=int)
        parts = np.split(self._g, ends[:-1]) if self._shapes else []
        return [part.reshape(shape) for part, shape in zip(parts, self._shapes, strict=True)]

    def __getstate__(self):
        return {**self.__dict__, "_updates": None}

    def __setstate__(self, state):
        self.__dict__.update(state)  # a copy's updates must be views of the copy's g
        self._updates = self._views() if self._names is not None else None


def _dtype(params):
    return np.result_type(np.float32, *params.values()) if params else np.float32


class SGD(Optimizer):
    """Gradient descent, `eq-ann-update`; stochastic when each step sees another batch."""

    def __init__(self, alpha=0.1):
        super().__init__(alpha)

    def rule(self, g):
        g *= self.alpha


class Momentum(Optimizer):
    """v := beta v + g;  W := W - alpha v.  The velocity v adds up what gradients agree on."""

    def __init__(self, alpha=0.1, beta=0.9):
        super().__init__(alpha)
        self.beta = number("Momentum", "beta", beta, 0, 1)

    def start(self, zeros):
        self._v = zeros

    def rule(self, g):
        v = self._v
        v *= self.beta
        v += g
        np.multiply(v, self.alpha, out=g)


class RMSProp(Optimizer):
    """Each parameter's step is divided by the recent size of its gradient (Tieleman & Hinton 2012):

    q := beta q + (1 - beta) g^2;    W := W - alpha g / (sqrt(q) + eps)
    """

    def __init__(self, alpha=1e-3, beta=0.99, eps=1e-8):
        super().__init__(alpha)
        self.beta = number("RMSProp", "beta", beta, 0, 1)
        self.eps = number("RMSProp", "eps", eps, 0)

    def start(self, zeros):
        self._q = zeros

    def rule(self, g):
        q = self._q
        q *= self.beta
        q += (1 - self.beta) * g * g
        g /= np.sqrt(q) + self.eps
        g *= self.alpha


class Adam(Optimizer):
    """Adam (Kingma & Ba 2015), each parameter with a step of its own size:

    mu := beta1 mu + (1 - beta1) g      q := beta2 q + (1 - beta2) g^2
    muhat = mu / (1 - beta1^t)          qhat = q / (1 - beta2^t)
    W := W - alpha muhat / (sqrt(qhat) + eps)

    The paper calls them m and v.
    """

    def __init__(self, alpha=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        super().__init__(alpha)
        self.beta1 = number("Adam", "beta1", beta1, 0, 1)
        self.beta2 = number("Adam", "beta2", beta2, 0, 1)
        self.eps = number("Adam", "eps", eps, 0)

    def start(self, zeros):
        self._mu, self._q = zeros, zeros.copy()

    def rule(self, g):
        # mu and q are kept without their factors (1 - beta). These, and the corrections, are
        # numbers and not vectors: muhat = to_muhat mu, sqrt(qhat) = to_root sqrt(q).
        to_muhat = (1 - self.beta1) / (1 - self.beta1**self.t)
        to_root = math.sqrt((1 - self.beta2) / (1 - self.beta2**self.t))
        mu, q = self._mu, self._q
        mu *= self.beta1
        mu += g
        q *= self.beta2
        q += np.multiply(g, g, out=g)
        root = np.sqrt(q, out=g)
        root += self.eps / to_root
        np.divide(mu, root, out=g)
        g *= self.alpha * to_muhat / to_root


def clip_by_norm(grads, max_norm):
    """(grads, norm): gradients whose joint Euclidean norm is at most `max_norm`.

    If the norm is larger, all are scaled by max_norm / norm: the direction stays (Pascanu et al.
    2013). `norm` is what it was. The given arrays are not changed.
    """
    if not isinstance(max_norm, Real) or not max_norm > 0:
        raise ValueError(f"clip_by_norm: expected max_norm > 0, got {short(max_norm)}")
    norm = math.hypot(*(euclidean(g) for g in grads.values()))
    if not math.isfinite(norm):
        broken = [name for name, g in grads.items() if not math.isfinite(euclidean(g))]
        raise ValueError(f"clip_by_norm: expected finite gradients, got nan or inf in {broken}")
    if norm <= max_norm:
        return dict(grads), norm
    return {name: g * (max_norm / norm) for name, g in grads.items()}, norm


def cosine(alpha, steps, warmup=0):
    """A learning-rate schedule t -> alpha: up in a straight line for `warmup` steps, then down
    along half a cosine, to 0 at `steps` (Loshchilov & Hutter 2017)."""
    if not 0 <= warmup < steps:
        raise ValueError(f"cosine: expected 0 <= warmup < steps, got {warmup} and {steps}")

    def schedule(t):
        if t < warmup:
            return alpha * t / warmup
        done = min(1.0, (t - warmup) / (steps - warmup))
        return alpha * (1 + math.cos(math.pi * done)) / 2

    return schedule


def step_decay(alpha, every, factor=0.1):
    """A learning-rate schedule t -> alpha: `factor` times less after each `every` steps."""
    if not (every >= 1 and 0 < factor < 1):
        raise ValueError(
            f"step_decay: expected every >= 1 and 0 < factor < 1, got {every}, {factor}"
        )
    return lambda t: alpha * factor ** ((t - 1) // every)
