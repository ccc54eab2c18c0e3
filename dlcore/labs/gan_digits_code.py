"""The lab `gan-digits` as a program."""

from typing import ClassVar

from .gan_code import Game
from .gan_digits_controls import DIGITS


class Pictures(Game):
    ends: ClassVar = {"G": ("Sigmoid",), "D": ()}

    def names(self):
        return {"data"}

    def data(self):
        n = self.v["n"]
        some = f"[:{n}]" * (n < DIGITS)
        yield self.spawned()
        yield f"x = data.digits().x_train{some}.reshape(-1, 64)"
        yield "real = lambda m, rng: x[rng.integers(0, len(x), m)]"
        yield self.normal(self.v["latent"])


def programs(lab):
    return Pictures(lab).both()
