"""Each formula of the GAN section, transcribed literally, in loops, against dlcore."""

import math

import numpy as np
import pytest

import dlcore as dl
from dlcore.gan import discriminator_gradient, generator_signal

FORMULAS = {
    "eq-gan-discriminator-loss": "test_loss_of_the_discriminator",
    "eq-gan-minimax": "test_each_player_moves_the_value_its_way",
    "eq-gan-generator-loss": "test_loss_of_the_generator",
}
m = 5


def output(net, x):
    """What Dense, Tanh, Dense answers to one example."""
    W1, b1, W2, b2 = (w.tolist() for w in net.params.values())
    a = [math.tanh(sum(w * x_j for w, x_j in zip(W1[k], x, strict=True)) + b1[k]) for k in range(4)]
    return [
        sum(w * a_k for w, a_k in zip(row, a, strict=True)) + b
        for row, b in zip(W2, b2, strict=True)
    ]


def D_of(D, x):
    [v] = output(D, x)
    return 1 / (1 + math.exp(-v))


def V(D, G, real, latent):
    """The two expectations as means over what was drawn."""
    of_real = sum(math.log(D_of(D, x)) for x in real) / m
    return of_real + sum(math.log(1 - D_of(D, output(G, z))) for z in latent) / m


@pytest.fixture
def game(rng):
    """(G, D, real examples, latent vectors), with biases that are not zero"""
    nets = [dl.mlp([2, 4, n], rng=rng, dtype=np.float64) for n in (2, 1)]
    for net in nets:
        for b in ("0.b", "2.b"):
            net.params[b] = rng.standard_normal(net.params[b].shape)
    return *nets, rng.standard_normal((m, 2)), rng.standard_normal((m, 2))


def test_loss_of_the_discriminator(game):
    """J_D = -1/m sum log D(x_i) - 1/m sum log(1 - D(G(z_i)))"""
    G, D, real, latent = game
    J = 0
    for x, z in zip(real.tolist(), latent.tolist(), strict=True):
        J -= math.log(D_of(D, x)) / m
        J -= math.log(1 - D_of(D, output(G, z))) / m
    J_D, _ = discriminator_gradient(D, real, G(latent), dl.minimax)
    assert math.isclose(J_D, J, rel_tol=1e-12)
    assert math.isclose(dl.non_saturating.discriminator(D(real), D(G(latent)))[0], J)


def test_each_player_moves_the_value_its_way(game):
    """min_G max_D V(D, G): a little step of D raises V, a little step of G lowers it, each by the
    rate times the square of its gradient"""
    G, D, real, latent = game
    before, rate = V(D, G, real.tolist(), latent.tolist()), 1e-6

    def gain(net, grads):
        at_first = {name: w.copy() for name, w in net.params.items()}
        dl.SGD(rate).step(net.params, grads)
        after = V(D, G, real.tolist(), latent.tolist())
        net.params.update(at_first)
        return (after - before) / rate

    fake, cache = G.forward(latent)
    grads_D = discriminator_gradient(D, real, fake, dl.minimax)[1]
    grads_G = G.backward(generator_signal(D, fake, dl.minimax)[1], cache)[1]
    squares = [sum(np.sum(g * g) for g in grads.values()) for grads in (grads_D, grads_G)]
    assert math.isclose(gain(D, grads_D), squares[0], rel_tol=1e-3)
    assert math.isclose(gain(G, grads_G), -squares[1], rel_tol=1e-3)


def test_loss_of_the_generator(game):
    """J_G = -1/m sum log D(G(z_i))"""
    G, D, _, latent = game
    J = 0
    for z in latent.tolist():
        J -= math.log(D_of(D, output(G, z))) / m
    J_G, _ = generator_signal(D, G(latent), dl.non_saturating)
    assert math.isclose(J_G, J, rel_tol=1e-12)
