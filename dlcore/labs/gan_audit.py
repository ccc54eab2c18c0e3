"""The audit of a game: the gradients of both players beside central differences."""

import numpy as np

from ..layers import Layer
from .audit import audit as audit_of

AUDITED = 16  # points of either kind: central differences take two passes a weight


class Judged(Layer):
    """v = D(G(z)), whose parameters are those of G alone: D stands still."""

    def __init__(self, G, D):
        super().__init__()
        self.G, self.D = G, D
        for name, w in G.params.items():
            self.params.add(name, w)

    def forward(self, z):
        x, of_G = self.G.forward(z)
        v, of_D = self.D.forward(x)
        return v, (of_G, of_D)

    def backward(self, dv, cache, need_dx=True):
        of_G, of_D = cache
        return self.G.backward(self.D.backward(dv, of_D)[0], of_G, need_dx)


def audit(lab):
    """dJ_D of D's weights and dJ_G of G's, each a table of `labs.audit`, one below the other."""
    game, loss = lab.game, lab.loss
    z, real = lab.z_shown[-AUDITED:], lab.real[:AUDITED]
    both = np.concatenate([real, game.G(z)])

    def J_D(v, _):
        J, *dv = loss.discriminator(v[: len(real)], v[len(real) :])
        return J, np.concatenate(dv)

    unused = np.zeros((1, 1))
    found = {
        "D": audit_of(game.D, both, unused, J_D, of=f"{{}} real and generated {lab.thing}s"),
        "G": audit_of(Judged(game.G, game.D), z, unused, lambda v, _: loss.generator(v),
                      of=f"{{}} generated {lab.thing}s"),
    }  # fmt: skip
    rows = [[f"{net}: {name}", *rest] for net, table in found.items()
            for name, *rest in table["rows"]]  # fmt: skip
    text = " ".join(f"{net}: {table['text']}" for net, table in found.items())
    return {"columns": found["D"]["columns"], "rows": rows, "text": text}
