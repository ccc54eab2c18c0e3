"""A look of the lab `five` at all its networks: what they read and write, what that depends on."""

import numpy as np

from ..divergence import frechet
from ..train import accuracy
from . import doctor
from .five_nets import KINDS, READERS, RECURRENT, SIDE

SEEN, LOOKED = 100, 16  # training digits that are read; test digits of `hangs`
SAMPLE = 200  # G(z) that are looked at
LEAST = 0.2  # of its share: so often a kind must be written to count


class Look:
    """The networks of `lab` after step t.

    said, new, learnt   what the four say to the test digits; shares read rightly, of these, and of
                        the first training digits
    hangs               name -> ||dz_y/dx_r|| of every row or tick r
    idle                share of the dense net's units that are 0 on every digit
    fakes, read_as      G(z), and what the CNN takes them for; due: how often each kind, 1 = its
    due, kinds          share; how many kinds are written at all
    distance            of G(z) from the test digits
    D_right             shares of test digits, and of G(z), that D tells
    """

    def __init__(self, lab, t):
        self.t = t
        self.read(lab)
        self.hangs = {name: reach(lab, name) for name in READERS}
        self.judge(lab)

    def read(self, lab):
        answers = [lab.read(name, lab.x_test) for name in READERS]
        self.said = [z.argmax(1) for z in answers]
        self.new = [accuracy(z, lab.y_test) for z in answers]
        x, y = lab.x[:SEEN], lab.y[:SEEN]
        self.learnt = [accuracy(lab.read(name, x), y) for name in READERS]
        first, relu, _ = lab.nets["dense"].layers
        self.idle = doctor.saturation(relu(first(x)), "relu")

    def judge(self, lab):
        self.fakes = fakes = lab.G(lab.z)
        self.read_as = lab.read("cnn", fakes).argmax(1)
        share = np.bincount(self.read_as, minlength=KINDS) / SAMPLE
        self.due = (KINDS * share).astype(np.float32)
        self.kinds = int(np.sum(self.due >= LEAST))
        self.distance = frechet(fakes, lab.x_test) if np.isfinite(fakes).all() else np.inf
        v = lab.D(np.concatenate([lab.x_test[:SAMPLE], fakes]))[:, 0]
        self.D_right = float(np.mean(v[:SAMPLE] > 0)), float(np.mean(v[SAMPLE:] < 0))


def reach(lab, name):
    """||dz_y/dx_r|| of every row or tick r: of the logit of the right digit, a mean over digits."""
    x, y = lab.x_test[:LOOKED], lab.y_test[:LOOKED]
    z, cache = lab.nets[name].forward(lab.given(name, x))
    dz = np.zeros_like(z)
    dz[np.arange(len(y)), y] = 1
    dx, _ = lab.nets[name].backward(dz, cache)
    rows = dx if name in RECURRENT else dx.reshape(-1, SIDE, SIDE).swapaxes(0, 1)
    return np.linalg.norm(rows, axis=2).mean(1).astype(np.float32)
