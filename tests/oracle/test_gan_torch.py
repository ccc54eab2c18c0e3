"""Transposed convolution and adversarial training as in PyTorch: one step, then a hundred."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

import dlcore as dl
from bench.sides import torch_twin
from dlcore.mixture import ring


@pytest.mark.parametrize("channels", [(1, 1), (1, 4), (3, 2)])
@pytest.mark.parametrize("size", [(3, 3), (4, 5)])
@pytest.mark.parametrize(("k", "stride", "padding"), [(3, 1, 1), (4, 2, 1), (2, 2, 0), (5, 3, 2)])
def test_transposed_convolution(channels, size, k, stride, padding, rng):
    layer = dl.ConvTranspose2d(*channels, k, stride, padding, rng=rng, dtype=np.float64)
    layer.b = rng.standard_normal(channels[1])
    x = rng.standard_normal((3, channels[0], *size))
    W, b, tx = (torch.tensor(a, requires_grad=True) for a in (layer.W, layer.b, x))
    y, cache = layer.forward(x)
    ty = F.conv_transpose2d(tx, W, b, stride, padding)
    np.testing.assert_allclose(y, ty.detach(), atol=1e-10)
    dy = rng.standard_normal(y.shape)
    ty.backward(torch.tensor(dy))
    dx, grads = layer.backward(dy, cache)
    for ours, theirs in ((dx, tx), (grads["W"], W), (grads["b"], b)):
        np.testing.assert_allclose(ours, theirs.grad, atol=1e-10)


def losses(name, real, fake):
    """(J_D of logits of real and fake, J_G) as PyTorch's users write them."""
    bce = F.binary_cross_entropy_with_logits
    ones, zeros = torch.ones_like(fake), torch.zeros_like(fake)
    return {
        "minimax": lambda: (bce(real, ones) + bce(fake, zeros), -bce(fake, zeros)),
        "non-saturating": lambda: (bce(real, ones) + bce(fake, zeros), bce(fake, ones)),
        "least squares": lambda: (
            (F.mse_loss(real, ones) + F.mse_loss(fake, zeros)) / 2,
            F.mse_loss(fake, ones) / 2,
        ),
        "Wasserstein": lambda: (fake.mean() - real.mean(), -fake.mean()),
    }[name]()


@pytest.mark.parametrize("k", [1, 2])
@pytest.mark.parametrize(
    "loss",
    [dl.minimax, dl.non_saturating, dl.least_squares, dl.wasserstein],
    ids=lambda loss: loss.name,
)
def test_a_hundred_steps_go_the_same_way(loss, k, rng):
    how = {"rng": rng, "dtype": np.float64}
    G, D = dl.mlp([2, 16, 2], dl.ReLU, **how), dl.mlp([2, 16, 1], dl.LeakyReLU, **how)
    twin_G, twin_D = torch_twin(G), torch_twin(D)
    adam = [torch.optim.Adam(twin.parameters(), 0.002, (0.5, 0.999)) for twin in (twin_G, twin_D)]
    clip = 0.1 if loss.name == "Wasserstein" else None
    drawn = []

    def latent(batch, rng):
        drawn.append(rng.standard_normal((batch, 2)))
        return drawn[-1]

    def real(batch, rng):
        drawn.append(ring()(batch, rng).astype(np.float64))
        return drawn[-1]

    ours = dl.gan_steps(
        G, D, real, latent, loss=loss, k=k, clip=clip, rng=rng, batch=16, steps=100,
        opt_G=dl.Adam(0.002, beta1=0.5), opt_D=dl.Adam(0.002, beta1=0.5),
    )  # fmt: skip
    for step in ours:
        for _ in range(k):
            x, z = (torch.tensor(drawn.pop(0)) for _ in range(2))
            fake = twin_G(z)
            J_D = losses(loss.name, twin_D(x), twin_D(fake.detach()))[0]
            adam[1].zero_grad()
            J_D.backward()
            adam[1].step()
            if clip:
                for w in twin_D.parameters():
                    w.data.clamp_(-clip, clip)
        J_G = losses(loss.name, twin_D(x), twin_D(fake))[1]
        adam[0].zero_grad()
        J_G.backward()
        adam[0].step()
        np.testing.assert_allclose((step.J_D, step.J_G), (J_D.item(), J_G.item()), atol=1e-8)
    for net, twin in ((G, twin_G), (D, twin_D)):
        for w, theirs in zip(net.params.values(), twin.parameters(), strict=True):
            np.testing.assert_allclose(w, theirs.detach().numpy().reshape(w.shape), atol=1e-7)
