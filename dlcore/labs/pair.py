"""What labs share in which an RNN and an LSTM learn from the same sequences, side by side."""

from .. import optim
from .base import Lab
from .live import Live
from .mlp_controls import OPTIMIZERS


class Pair(Live, Lab):
    """A lab with two networks `nets`, name -> network, and controls `alpha`, `optimizer`, `clip`.

    It finds `norms`, of the last gradient of each before it was clipped, and `clipped`: of each of
    the last steps, whether it was.
    """

    live = ("alpha", "clip")

    def begin(self, nets):
        """These networks are at the start of a run."""
        rule, alpha = OPTIMIZERS[self.values["optimizer"]], self.values["alpha"]
        self.nets, self.opts = nets, {name: rule(alpha) for name in nets}
        self.clipped = {name: [] for name in nets}
        self.note_start()

    def take_settings(self):
        for opt in self.opts.values():
            opt.alpha = self.values["alpha"]

    @property
    def most(self):
        """The norm that gradients are shortened to; 0 if they are not."""
        return 0.0 if self.values["clip"] == "off" else float(self.values["clip"])

    def step_by(self, name, grads):
        """One step of the network `name` along its gradient, whose norm is in `norms`."""
        over = 0 < self.most < self.norms[name]
        self.clipped[name] = [*self.clipped[name][-49:], over]
        if over:
            grads, _ = optim.clip_by_norm(grads, self.most)
        self.opts[name].step(self.nets[name].params, grads)

    def keep(self):
        weights = {
            name: {k: w.copy() for k, w in net.params.items()} for name, net in self.nets.items()
        }
        return weights, self.norms

    def recall(self, kept):
        weights, self.norms = kept
        for name, net in self.nets.items():
            net.params.update(weights[name])
