"""One training step of a workload: with dlcore through its public contract, and with PyTorch.

`stepper(side, workload)` returns a function that makes one step and returns its loss.
Sides: `dlcore`, and PyTorch eager as `default`, `fused` (fused Adam) and `channels_last`
(with fused Adam).
"""

import sys

import numpy as np

from dlcore import Adam, ConvTranspose2d, LeakyReLU, Unflatten, gan_steps
from dlcore.conv import Conv2d, Flatten, MaxPool2d
from dlcore.layers import Dense
from dlcore.recurrent import Recurrent, RNNCell

from .workloads import ALPHA, Game, build

SIDES = ("dlcore", "default", "fused", "channels_last")


def stepper(side, workload):
    task = build(workload)
    if isinstance(task, Game):
        return dlcore_game(task) if side == "dlcore" else torch_game(task, side)
    return dlcore_stepper(*task) if side == "dlcore" else torch_stepper(*task, side)


def dlcore_stepper(net, loss, x, y):
    opt = Adam(ALPHA)

    def step():
        yhat, cache = net.forward(x)
        J, dyhat = loss(yhat, y)
        _, grads = net.backward(dyhat, cache, need_dx=False)
        opt.step(net.params, grads)
        return J

    return step


def dlcore_game(game):
    steps = gan_steps(
        game.G,
        game.D,
        lambda batch, rng: game.x,
        lambda batch, rng: game.z,
        opt_G=Adam(ALPHA),
        opt_D=Adam(ALPHA),
        rng=np.random.default_rng(),  # nothing is drawn
        batch=len(game.x),
        steps=sys.maxsize,
    )
    return lambda: next(steps).J_G


def torch_stepper(net, loss, x, y, mode):
    import torch

    torch.set_num_threads(1)
    net = torch_twin(net)
    loss = getattr(
        torch.nn.functional,
        {"bce_with_logits": "binary_cross_entropy_with_logits"}.get(loss.__name__, loss.__name__),
    )
    x, y = torch.tensor(x), torch.tensor(y)
    if mode == "channels_last":
        net = net.to(memory_format=torch.channels_last)
        x = x.contiguous(memory_format=torch.channels_last)
    opt = torch_adam(net, mode)

    def step():
        opt.zero_grad()
        J = loss(net(x), y)
        J.backward()
        opt.step()
        return J.item()

    return step


def torch_game(game, mode):
    import torch
    from torch.nn.functional import binary_cross_entropy_with_logits as bce

    torch.set_num_threads(1)
    G, D = torch_twin(game.G), torch_twin(game.D)
    x, z = torch.tensor(game.x), torch.tensor(game.z)
    if mode == "channels_last":
        G, D = (net.to(memory_format=torch.channels_last) for net in (G, D))
        x = x.contiguous(memory_format=torch.channels_last)
    opt_G, opt_D = torch_adam(G, mode), torch_adam(D, mode)
    ones = torch.ones(len(x), 1)
    both = torch.cat([ones, torch.zeros(len(x), 1)])

    def step():
        fake = G(z)
        opt_D.zero_grad()
        # The mean over both halves is half of the sum of their means, which is J_D.
        (2 * bce(D(torch.cat([x, fake.detach()])), both)).backward()
        opt_D.step()
        opt_G.zero_grad()
        J = bce(D(fake), ones)
        J.backward()
        opt_G.step()
        return J.item()

    return step


def torch_adam(net, mode):
    import torch

    learning = [p for p in net.parameters() if p.requires_grad]
    return torch.optim.Adam(learning, lr=ALPHA, fused=True if mode != "default" else None)


def torch_twin(net):
    """The same network in PyTorch, with the same weights."""
    import torch

    return torch.nn.Sequential(*[_torch_layer(layer) for layer in net.layers])


def _torch_layer(layer):
    import torch
    from torch import nn

    if isinstance(layer, Dense):
        return _with(nn.Linear(*layer.W.shape[::-1]), weight=layer.W, bias=layer.b)
    if isinstance(layer, Conv2d):
        out, channels, k, _ = layer.W.shape
        twin = nn.Conv2d(channels, out, k, layer.stride, layer.padding)
        return _with(twin, weight=layer.W, bias=layer.b)
    if isinstance(layer, ConvTranspose2d):
        channels, out, k, _ = layer.W.shape
        twin = nn.ConvTranspose2d(channels, out, k, layer.stride, layer.padding)
        return _with(twin, weight=layer.W, bias=layer.b)
    if isinstance(layer, MaxPool2d):
        return nn.MaxPool2d(layer.kernel_size, layer.stride)
    if isinstance(layer, Flatten):
        return nn.Flatten()
    if isinstance(layer, Unflatten):
        return nn.Unflatten(1, layer.shape)
    if isinstance(layer, LeakyReLU):
        return nn.LeakyReLU(layer.negative_slope)
    if isinstance(layer, Recurrent):
        return _torch_recurrent(layer.cell)

    class Plain(nn.Module):
        """A layer without parameters: Tanh, ReLU, LastTick."""

        def forward(self, x):
            name = type(layer).__name__
            return x[0][-1] if name == "LastTick" else getattr(torch, name.lower())(x)

    return Plain()


def _torch_recurrent(cell):
    """PyTorch's gates stand in the order i, f, c, o. Its second bias stays zero: if both learned,
    Adam would move their sum twice as fast as ours."""
    from torch import nn

    D, H = cell.input_size, cell.hidden_size
    if isinstance(cell, RNNCell):
        twin = nn.RNN(D, H)
        W_h, W_x, b = cell.W_hh, cell.W_hx, cell.b_h
    else:
        twin = nn.LSTM(D, H)
        W = np.concatenate([cell.W_i, cell.W_f, cell.W_c, cell.W_o])
        W_h, W_x = W[:, :H], W[:, H:]
        b = np.concatenate([cell.b_i, cell.b_f, cell.b_c, cell.b_o])
    twin.bias_hh_l0.requires_grad_(False)
    return _with(twin, weight_hh_l0=W_h, weight_ih_l0=W_x, bias_ih_l0=b, bias_hh_l0=0 * b)


def _with(module, **arrays):
    import torch

    for name, array in arrays.items():
        getattr(module, name).data = torch.tensor(array)
    return module
