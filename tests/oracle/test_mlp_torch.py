"""PyTorch as the oracle: the same weights and batches give the same numbers, in float64."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

import dlcore as dl

ACTIVATIONS = [
    (dl.Identity, nn.Identity),
    (dl.LeakyReLU, nn.LeakyReLU),
    (dl.ReLU, nn.ReLU),
    (dl.Sigmoid, nn.Sigmoid),
    (dl.Softplus, nn.Softplus),
    (dl.Tanh, nn.Tanh),
]
LOSSES = [
    (dl.mse, functional.mse_loss),
    (dl.bce_with_logits, functional.binary_cross_entropy_with_logits),
    (dl.cross_entropy, functional.cross_entropy),
]
OPTIMISERS = [
    (dl.SGD, lambda p, a: torch.optim.SGD(p, lr=a)),
    (dl.Momentum, lambda p, a: torch.optim.SGD(p, lr=a, momentum=0.9)),
    (dl.RMSProp, lambda p, a: torch.optim.RMSprop(p, lr=a)),
    (dl.Adam, lambda p, a: torch.optim.Adam(p, lr=a)),
]


def twins(sizes, activations, rng):
    """A dlcore network and a torch one with the same weights."""
    net = dl.mlp(sizes, activations[0], rng=rng, dtype=np.float64)
    layers = []
    for layer in net.layers:
        if not isinstance(layer, dl.Dense):
            layers.append(activations[1]())
            continue
        layer.b = rng.standard_normal(layer.b.shape)
        linear = nn.Linear(*layer.W.shape[::-1], dtype=torch.float64)
        linear.weight.data, linear.bias.data = (torch.tensor(p) for p in (layer.W, layer.b))
        layers.append(linear)
    return net, nn.Sequential(*layers)


def targets(loss, m, k, rng):
    if loss is dl.cross_entropy:
        return rng.integers(0, k, m)
    return rng.random((m, k))


def assert_close(ours, theirs):
    theirs = theirs.detach().numpy()
    assert np.linalg.norm(ours - theirs) <= 1e-10 * max(1.0, np.linalg.norm(theirs))


@pytest.mark.parametrize("activations", ACTIVATIONS, ids=lambda a: a[0].__name__)
@pytest.mark.parametrize("losses", LOSSES, ids=lambda f: f[0].__name__)
def test_forward_loss_and_every_gradient(activations, losses, rng):
    for sizes, m in [([3, 5, 4], 7), ([2, 1], 1), ([1, 3, 3, 2], 4)]:
        net, twin = twins(sizes, activations, rng)
        x, y = rng.standard_normal((m, sizes[0])), targets(losses[0], m, sizes[-1], rng)
        x_torch = torch.tensor(x, requires_grad=True)
        yhat, cache = net.forward(x)
        J, dyhat = losses[0](yhat, y)
        dx, grads = net.backward(dyhat, cache)
        yhat_torch = twin(x_torch)
        J_torch = losses[1](yhat_torch, torch.tensor(y))
        J_torch.backward()
        assert_close(yhat, yhat_torch)
        assert abs(J - J_torch.item()) < 1e-10
        assert_close(dx, x_torch.grad)
        for ours, theirs in zip(grads.values(), twin.parameters(), strict=True):
            assert_close(ours, theirs.grad)


@pytest.mark.parametrize("rules", OPTIMISERS, ids=lambda r: r[0].__name__)
def test_twenty_steps_of_each_optimiser(rules, rng):
    net, twin = twins([3, 6, 4], (dl.Tanh, nn.Tanh), rng)
    opt, opt_torch = rules[0](0.05), rules[1](twin.parameters(), 0.05)
    for _ in range(20):
        x, y = rng.standard_normal((8, 3)), rng.integers(0, 4, 8)
        yhat, cache = net.forward(x)
        J, dyhat = dl.cross_entropy(yhat, y)
        _, grads = net.backward(dyhat, cache, need_dx=False)
        opt.step(net.params, grads)
        opt_torch.zero_grad()
        J_torch = functional.cross_entropy(twin(torch.tensor(x)), torch.tensor(y))
        J_torch.backward()
        opt_torch.step()
        assert abs(J - J_torch.item()) < 1e-10
        for ours, theirs in zip(net.params.values(), twin.parameters(), strict=True):
            assert_close(ours, theirs)
