"""Each formula of the ANN section, transcribed literally, in loops, against dlcore.

`FORMULAS` names the equation label of each test; another test holds the chapters to them.
"""

import math

import numpy as np
import pytest

from dlcore import SGD, Dense, Sequential, Sigmoid, Tanh, bce_with_logits, mlp

FORMULAS = {
    "eq-ann-preactivation": "test_preactivation",
    "eq-ann-activation": "test_activation",
    "eq-ann-gradient": "test_gradient_is_the_mean_over_examples",
    "eq-ann-update": "test_update",
}


def preactivation(W, a_prev, b):
    """z_i = sum_j W_ij a_j + b_i"""
    return [sum(W[i][j] * a_prev[j] for j in range(len(a_prev))) + b[i] for i in range(len(b))]


def test_preactivation(rng):
    layer = Dense(3, 4, rng=rng, dtype=np.float64)
    layer.b = rng.standard_normal(4)
    A = rng.standard_normal((5, 3))
    by_hand = [preactivation(layer.W.tolist(), a.tolist(), layer.b.tolist()) for a in A]
    assert np.allclose(layer(A), by_hand, rtol=1e-12)


@pytest.mark.parametrize(
    ("layer", "sigma"), [(Sigmoid(), lambda z: 1 / (1 + math.exp(-z))), (Tanh(), math.tanh)]
)
def test_activation(layer, sigma, rng):
    z = rng.standard_normal((5, 3))
    by_hand = [[sigma(v) for v in row] for row in z.tolist()]
    assert np.allclose(layer(z), by_hand, rtol=1e-12)


def backpropagation_by_hand(net, x, y):
    """dJ/dW and dJ/db of ONE example through Dense, Tanh, Dense and binary cross-entropy."""
    (W1, b1), (W2, b2) = [(f.W.tolist(), f.b.tolist()) for f in net.layers[::2]]
    z1 = preactivation(W1, x, b1)
    a1 = [math.tanh(v) for v in z1]
    (z2,) = preactivation(W2, a1, b2)
    dz2 = 1 / (1 + math.exp(-z2)) - y
    dW2 = [[dz2 * a for a in a1]]
    dz1 = [dz2 * W2[0][i] * (1 - a1[i] ** 2) for i in range(len(a1))]
    dW1 = [[dz1[i] * x[j] for j in range(len(x))] for i in range(len(a1))]
    return {"0.W": dW1, "0.b": dz1, "2.W": dW2, "2.b": [dz2]}


def test_gradient_is_the_mean_over_examples(rng):
    """dJ/dW = 1/m sum_i dJ(i)/dW"""
    net = mlp([3, 4, 1], rng=rng, dtype=np.float64)
    x, y = rng.standard_normal((6, 3)), rng.integers(0, 2, (6, 1)).astype(float)
    z, cache = net.forward(x)
    _, grads = net.backward(bce_with_logits(z, y)[1], cache)
    single = [backpropagation_by_hand(net, a.tolist(), b.item()) for a, b in zip(x, y, strict=True)]
    for name, gradient in grads.items():
        mean = sum(np.array(g[name]) for g in single) / 6
        assert np.allclose(gradient, mean, rtol=1e-10)


def test_update(rng):
    """W := W - alpha dJ/dW"""
    net = Sequential(Dense(2, 2, rng=rng, dtype=np.float64))
    W = net.params["0.W"].tolist()
    dW = rng.standard_normal((2, 2))
    SGD(alpha=0.3).step(net.params, {"0.W": dW, "0.b": np.zeros(2)})
    by_hand = [[W[i][j] - 0.3 * dW[i][j] for j in range(2)] for i in range(2)]
    assert np.allclose(net.params["0.W"], by_hand, rtol=1e-14)
