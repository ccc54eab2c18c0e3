"""The audit of a gradient: exact where the loss is smooth, and fair where it has a kink."""

import numpy as np
import pytest

from dlcore.activations import ReLU
from dlcore.labs import Mlp
from dlcore.labs.audit import audit
from dlcore.layers import Dense
from dlcore.losses import mse
from dlcore.model import Sequential


class Wrong(ReLU):
    """A backward pass that forgets the mask."""

    def backward(self, dy, cache, need_dx=True):
        return dy, {}


def relu_net(z, relu=ReLU):
    """y = relu(w x), with w so that w * 1 = z."""
    dense = Dense(1, 1, rng=np.random.default_rng(0), dtype=np.float64)
    dense.W = np.array([[z]])
    return Sequential(dense, relu())


def told(net):
    x = np.array([[1.0]])
    return audit(net, x, np.array([[1.0]]), mse)


@pytest.mark.parametrize("z", [3e-6, -3e-6, 1e-7, -1e-7, 5e-9, 0.0])
def test_a_kink_within_the_step_is_no_disagreement_and_is_named(z):
    answer = told(relu_net(z))
    assert "differences agree" in answer["text"]
    assert "At 2 places a kink of the loss lies within the step" in answer["text"]
    assert all(np.isfinite(row[2:]).all() for row in answer["rows"])


@pytest.mark.parametrize("z", [0.5, 3.0])
def test_without_a_kink_nothing_is_said_of_one(z):
    text = told(relu_net(z))["text"]
    assert "differences agree" in text
    assert "kink" not in text


@pytest.mark.parametrize("z", [-0.5, -1e-4])
def test_a_backward_pass_that_is_wrong_is_still_found(z):
    text = told(relu_net(z, Wrong))["text"]
    assert "do not agree" in text
    assert "kink" not in text


@pytest.mark.parametrize("seed", range(6))
def test_relu_networks_agree_whatever_the_seed(seed):
    lab = Mlp(seed=seed, activation="relu", layers=3, alpha=0.3)
    for _ in range(10):
        lab.step()
        assert "differences agree" in lab.audit()["text"]


def test_of_a_large_array_only_some_places_are_looked_at_more_closely():
    rng, passes = np.random.default_rng(0), []

    class Counted(Wrong):
        def forward(self, x):
            passes.append(1)
            return super().forward(x)

    net = Sequential(Dense(50, 40, rng=rng), Counted())
    x = rng.standard_normal((3, 50)).astype(np.float32)
    answer = audit(net, x, np.ones((3, 40), np.float32), mse, most=20)
    assert "do not agree" in answer["text"]
    assert len(passes) < 400  # two for each place, and a few where the two do not agree
