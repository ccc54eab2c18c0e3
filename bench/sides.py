"""One training step of a workload: with dlcore through its public contract, and with PyTorch.

`stepper(side, workload)` returns a function that makes one step and returns its loss.
Sides: `dlcore`, and PyTorch eager as `default`, `fused` (fused Adam) and `channels_last`
(with fused Adam).
"""

from dlcore import Adam
from dlcore.conv import Conv2d, Flatten, MaxPool2d
from dlcore.layers import Dense
from dlcore.recurrent import Recurrent, RNNCell

from .workloads import ALPHA, build

SIDES = ("dlcore", "default", "fused", "channels_last")


def stepper(side, workload):
    return dlcore_stepper(workload) if side == "dlcore" else torch_stepper(workload, side)


def dlcore_stepper(workload):
    net, loss, x, y = build(workload)
    opt = Adam(ALPHA)

    def step():
        yhat, cache = net.forward(x)
        J, dyhat = loss(yhat, y)
        _, grads = net.backward(dyhat, cache, need_dx=False)
        opt.step(net.params, grads)
        return J

    return step


def torch_stepper(workload, mode):
    import torch

    torch.set_num_threads(1)
    net, loss, x, y = build(workload)
    net = torch_twin(net)
    loss = getattr(
        torch.nn.functional,
        {"bce_with_logits": "binary_cross_entropy_with_logits"}.get(loss.__name__, loss.__name__),
    )
    x, y = torch.tensor(x), torch.tensor(y)
    if mode == "channels_last":
        net = net.to(memory_format=torch.channels_last)
        x = x.contiguous(memory_format=torch.channels_last)
    learning = [p for p in net.parameters() if p.requires_grad]
    opt = torch.optim.Adam(learning, lr=ALPHA, fused=True if mode != "default" else None)

    def step():
        opt.zero_grad()
        J = loss(net(x), y)
        J.backward()
        opt.step()
        return J.item()

    return step


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
    if isinstance(layer, MaxPool2d):
        return nn.MaxPool2d(layer.kernel_size, layer.stride)
    if isinstance(layer, Flatten):
        return nn.Flatten()
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
    import numpy as np
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
