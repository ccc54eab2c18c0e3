"""Optimisers: `opt.step(params, grads)` moves the live arrays in `params`, in place.

    W := W - alpha dJ/dW                                                     (`eq-ann-update`)

All gradients are laid end to end in one vector g, so that a rule is a few lines of its formula
and costs a few NumPy calls, however many parameters there are. `alpha` may change at any time.
"""

import math

import numpy as np

from .shapes import mismatch


class Optimizer:
    """Base class: a subclass writes `rule(g)`, the vector to take off the parameters.

    Raises ValueError for a learning rate that is not positive, and for gradients whose names or
    shapes are not those of the parameters.
    """

    def __init__(self, alpha):
        if not (alpha > 0 and math.isfinite(alpha)):
            raise ValueError(f"{type(self).__name__}: expected alpha > 0, got {alpha!r}")
        self.alpha = alpha
        self.t = 0  # steps taken
        self._shapes = None

    def step(self, params, grads):
        if self._shapes is None:
            self._start(params)
        self.t += 1
        update = self.rule(self._gather(params, grads))
        at = 0
        for name, shape in self._shapes:
            p = params[name]
            p -= update[at : at + p.size].reshape(shape)
            at += p.size

    def _start(self, params):
        self._shapes = [(name, p.shape) for name, p in params.items()]
        self._g = np.concatenate([p.ravel() for p in params.values()]) if params else np.zeros(0)
        self.start(np.zeros_like(self._g))

    def start(self, zeros):
        """Called once, with a vector of zeros as long as all parameters together."""

    def _gather(self, params, grads):
        who = type(self).__name__
        if params.keys() != grads.keys() or len(params) != len(self._shapes):
            raise ValueError(f"{who}: expected gradients of {list(params)}, got {list(grads)}")
        for name, shape in self._shapes:
            if grads[name].shape != shape:
                raise mismatch(who, f"d{name} {shape}", grads[name])
        if not self._shapes:
            return self._g
        return np.concatenate([grads[name].ravel() for name, _ in self._shapes], out=self._g)


class SGD(Optimizer):
    """Gradient descent, `eq-ann-update`; stochastic when each step sees another batch."""

    def __init__(self, alpha=0.1):
        super().__init__(alpha)

    def rule(self, g):
        g *= self.alpha
        return g


class Momentum(Optimizer):
    """v := beta v + g;  W := W - alpha v.  The velocity v adds up what gradients agree on."""

    def __init__(self, alpha=0.1, beta=0.9):
        super().__init__(alpha)
        self.beta = beta

    def start(self, zeros):
        self._v = zeros

    def rule(self, g):
        v = self._v
        v *= self.beta
        v += g
        return np.multiply(v, self.alpha, out=g)


class Adam(Optimizer):
    """Adam (Kingma & Ba 2015), each parameter with a step of its own size:

    m := beta1 m + (1 - beta1) g        v := beta2 v + (1 - beta2) g^2
    mhat = m / (1 - beta1^t)            vhat = v / (1 - beta2^t)
    W := W - alpha mhat / (sqrt(vhat) + eps)
    """

    def __init__(self, alpha=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        super().__init__(alpha)
        self.beta1, self.beta2, self.eps = beta1, beta2, eps

    def start(self, zeros):
        self._m, self._v, self._scratch = zeros, zeros.copy(), zeros.copy()

    def rule(self, g):
        m, v, u = self._m, self._v, self._scratch
        m *= self.beta1
        m += np.multiply(g, 1 - self.beta1, out=u)
        v *= self.beta2
        np.multiply(g, g, out=g)
        v += np.multiply(g, 1 - self.beta2, out=g)
        mhat = np.multiply(m, self.alpha / (1 - self.beta1**self.t), out=u)  # alpha mhat
        root = np.sqrt(np.multiply(v, 1 / (1 - self.beta2**self.t), out=g), out=g)
        root += self.eps
        return np.divide(mhat, root, out=u)
