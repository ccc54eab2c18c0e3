"""What labs share in which a network learns: one step of training, and its gradient."""

import numpy as np

from ..model import mlp
from ..regularization import penalty
from .base import Lab
from .live import Live
from .mlp_controls import ACTIVATIONS, INITS, OPTIMIZERS
from .own_points import OwnPoints

LIMIT = 1e6  # a batch loss above this, or not a number, is a diverged run


class Training(Live, Lab):
    """A lab with a network `net` that minimises `objective(answer, y)` on its training data.

    A subclass writes `build(rng)`, a new network, and sets the data `x`, `y`, what the network
    gets for them, `_inputs`, and `_for_batches`, a generator. What is minimised is
    J + l1 sum|w| + l2/2 sum w^2, over weights, not biases, for the penalties there are.
    """

    objective = None  # J, dyhat = objective(yhat, y), a static function
    limit = LIMIT  # of a batch loss, for the run to go on
    live = ("alpha", "batch", "l1", "l2")

    def begin(self, rng):
        """A new network and optimiser, as the values say; nothing has been changed yet."""
        v = self.values
        self.net = self.build(rng)
        self.opt = OPTIMIZERS[v["optimizer"]](v["alpha"])
        self.alpha_used = v["alpha"]  # by the last step
        self.note_start()
        self.J = self.grads = None
        self.history = []  # (step, training loss, test loss), one a frame

    def take_settings(self):
        self.opt.alpha = self.values["alpha"]

    def update(self):
        """One step of gradient descent. `code()` prints this loop."""
        return self.learn(self._for_batches.permutation(len(self.x))[: self.values["batch"]])

    def learn(self, i):
        """The step for the training data `i`; False if it cannot be made."""
        J, grads = self.gradient(i)
        self.J = J
        if not self.limit > J:
            return False
        self.alpha_used = self.opt.alpha
        self.opt.step(self.net.params, grads)
        self.grads = grads
        return True

    def gradient(self, i):
        """Loss of the training data `i` (a batch) and the gradient, with the penalty's."""
        answer, cache = self.net.forward(self._inputs.take(i, 0))
        J, d = self.objective(answer, self.y.take(i, 0))
        _, grads = self.net.backward(d, cache, need_dx=False)
        l1, l2 = (self.values.get(name, 0) for name in ("l1", "l2"))
        if l1 or l2:
            for name, dw in penalty(self.net.params, l1, l2)[1].items():
                grads[name] += dw
        return J, grads

    def full_gradient(self):
        """Of all training data at the present weights; without any, zero."""
        if not len(self.x):
            return {name: np.zeros_like(a) for name, a in self.net.params.items()}
        return self.gradient(np.arange(len(self.x)))[1]

    def loss(self, answer, y):
        """Mean loss; 0 without points, which a logarithmic axis leaves out."""
        return self.objective(answer, y)[0] if len(y) else 0.0

    def remember(self, train, test):
        """Keep the losses of this step for the doctor, one entry a step; of many, every second."""
        while self.history and self.history[-1][0] >= self.t:
            self.history.pop()
        self.history.append((self.t, float(train), float(test)))
        if len(self.history) > 400:
            self.history = self.history[::2]

    def keep(self):
        return {name: array.copy() for name, array in self.net.params.items()}, self.grads

    def recall(self, kept):
        params, self.grads = kept
        self.net.params.update(params)


class Learner(Training, OwnPoints):
    """A lab with a fully connected network of `sizes` that learns from points."""

    def build(self, rng):
        v = self.values
        activation, init = ACTIVATIONS[v["activation"]], INITS[v["init"]]
        return mlp(self.sizes, activation, rng=rng, init=init)


def weights(arrays):
    """The weight matrices of parameters or gradients, by layer."""
    return [a for name, a in arrays.items() if name.endswith("W")]


def flat(arrays):
    """Arrays end to end: edges layer by layer, each matrix row by row."""
    return np.concatenate([a.ravel() for a in arrays])


def vector(*numbers):
    return np.array(numbers, np.float32)


def norm(grads):
    """The Euclidean norm of all gradients of a network together."""
    return float(np.sqrt(sum(np.vdot(g, g) for g in grads.values())))
