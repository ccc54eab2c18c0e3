"""What `gan-2d` and `gan-digits` share: their steps are those of the book's `gan_steps`."""

import numpy as np
import pytest

from dlcore import data, gan
from dlcore.labs import Gan2d, GanDigits
from dlcore.mixture import ring


def pixels():
    return data.digits().x_train.reshape(-1, 64)


@pytest.mark.parametrize(
    ("make", "real", "settings"), [(Gan2d, ring, {}), (GanDigits, pixels, {"latent": 3})]
)
def test_losses_are_those_of_gan_steps_number_by_number(make, real, settings):
    lab = make(k=2, width_G=8, width_D=8, batch=16, **settings)
    game, rng = lab.game, np.random.default_rng(0).spawn(4)[2]
    steps = gan.gan_steps(game.G, game.D, real(), lab.size, opt_G=game.opt_G, opt_D=game.opt_D,
                          rng=rng, batch=16, steps=10, k=2)  # fmt: skip
    expected = [(s.J_D, s.J_G) for s in steps]
    lab.reset()
    for pair in expected:
        lab.step()
        assert pair == (lab.game.J_D, lab.game.J_G)
