"""The lab `gan-2d` as a program."""

from .gan_2d_controls import OWN, OWN_STD, latent_of
from .gan_code import Game
from .source import quoted, wrapped


class Points(Game):
    def __init__(self, lab):
        super().__init__(lab)
        edits = lab.moved if self.begun else {0: lab.edits.get(0, [])}
        self.edits = {step: some for step, some in edits.items() if some}

    def names(self):
        return {"Mixture"} if self.v["data"] == OWN else set()

    def of_gan(self):
        return [] if latent_of(self.v["latent"])[1] else ["uniform"]

    def sources(self):
        if self.v["data"] == OWN:
            yield "from dlcore.labs import toys"
        else:
            yield f"from dlcore.mixture import {self.v['data']}"

    def data(self):
        size, normal = latent_of(self.v["latent"])
        yield self.spawned()
        if self.v["data"] == OWN:
            yield "x, y = np.zeros((0, 2), np.float32), np.zeros((0, 0), np.float32)"
        else:
            yield f"real = {self.v['data']}()"
        yield self.normal(size) if normal else f"latent = uniform({size})"

    def moves(self):
        if self.edits:
            yield from wrapped(f"edits = {quoted(self.edits)}")

    def redo(self):
        if self.edits:
            yield "if t in edits:"
            yield "    x, y = toys.edit(x, y, edits[t])"
            yield f"    real = Mixture(x, {OWN_STD})"


def programs(lab):
    return Points(lab).both()
