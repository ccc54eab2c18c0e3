"""RNN and LSTM agree with PyTorch, forward and backward, in float64."""

import numpy as np
import pytest
import torch

from dlcore import ReLU, Tanh
from dlcore.recurrent import GRUCell, LSTMCell, Recurrent, RNNCell

CLOSE = {"rtol": 1e-10, "atol": 1e-10}


def copy_into(module, **arrays):
    module = module.double()
    with torch.no_grad():
        module.bias_hh_l0.zero_()  # PyTorch has two biases that only ever appear as their sum
        for name, array in arrays.items():
            getattr(module, name).copy_(torch.tensor(array))
    return module


def reordered(a):
    """f, i, o, c_tilde (ours, the document's) -> i, f, c_tilde, o (PyTorch's)."""
    f, i, o, c = np.split(a, 4)
    return np.concatenate([i, f, c, o])


@pytest.mark.parametrize(("T", "N", "D", "H"), [(1, 1, 1, 1), (7, 3, 5, 4), (12, 2, 3, 8)])
@pytest.mark.parametrize("activation", [Tanh, ReLU])
def test_rnn(T, N, D, H, activation, rng):
    cell = RNNCell(D, H, rng=rng, activation=activation, dtype=np.float64)
    cell.b_h = rng.standard_normal(H)
    twin = copy_into(
        torch.nn.RNN(D, H, nonlinearity=activation.__name__.lower()),
        weight_ih_l0=cell.W_hx,
        weight_hh_l0=cell.W_hh,
        bias_ih_l0=cell.b_h,
    )
    x, h0 = rng.standard_normal((T, N, D)), rng.standard_normal((N, H))
    tx, th0 = torch.tensor(x, requires_grad=True), torch.tensor(h0[None], requires_grad=True)
    y, cache = Recurrent(cell).forward(x, h0)
    ty, th = twin(tx, th0)
    np.testing.assert_allclose(y, ty.detach(), **CLOSE)
    np.testing.assert_allclose(cache.state, th[0].detach(), **CLOSE)

    dy, dh = rng.standard_normal(y.shape), rng.standard_normal((N, H))
    torch.autograd.backward([ty, th], [torch.tensor(dy), torch.tensor(dh[None])])
    dx, dh0, grads = Recurrent(cell).backward_state(dy, cache, dstate=dh)
    np.testing.assert_allclose(dx, tx.grad, **CLOSE)
    np.testing.assert_allclose(dh0, th0.grad[0], **CLOSE)
    np.testing.assert_allclose(grads["W_hx"], twin.weight_ih_l0.grad, **CLOSE)
    np.testing.assert_allclose(grads["W_hh"], twin.weight_hh_l0.grad, **CLOSE)
    np.testing.assert_allclose(grads["b_h"], twin.bias_ih_l0.grad, **CLOSE)


@pytest.mark.parametrize(("T", "N", "D", "H"), [(1, 1, 1, 1), (7, 3, 5, 4), (12, 2, 3, 8)])
def test_lstm(T, N, D, H, rng):
    cell = LSTMCell(D, H, rng=rng, dtype=np.float64)
    cell.b = rng.standard_normal(4 * H)
    W = reordered(cell.W)
    twin = copy_into(
        torch.nn.LSTM(D, H),
        weight_hh_l0=W[:, :H],
        weight_ih_l0=W[:, H:],
        bias_ih_l0=reordered(cell.b),
    )
    x, (h0, c0) = rng.standard_normal((T, N, D)), rng.standard_normal((2, N, H))
    tx, th0, tc0 = (torch.tensor(a, requires_grad=True) for a in (x, h0[None], c0[None]))
    y, cache = Recurrent(cell).forward(x, (h0, c0))
    ty, (th, tc) = twin(tx, (th0, tc0))
    np.testing.assert_allclose(y, ty.detach(), **CLOSE)
    np.testing.assert_allclose(cache.state, (th[0].detach(), tc[0].detach()), **CLOSE)

    dy, (dh, dc) = rng.standard_normal(y.shape), rng.standard_normal((2, N, H))
    torch.autograd.backward([ty, th, tc], [torch.tensor(a) for a in (dy, dh[None], dc[None])])
    dx, (dh0, dc0), grads = Recurrent(cell).backward_state(dy, cache, dstate=(dh, dc))
    np.testing.assert_allclose(dx, tx.grad, **CLOSE)
    np.testing.assert_allclose(dh0, th0.grad[0], **CLOSE)
    np.testing.assert_allclose(dc0, tc0.grad[0], **CLOSE)
    dW = reordered(grads["W"])
    np.testing.assert_allclose(dW[:, :H], twin.weight_hh_l0.grad, **CLOSE)
    np.testing.assert_allclose(dW[:, H:], twin.weight_ih_l0.grad, **CLOSE)
    np.testing.assert_allclose(reordered(grads["b"]), twin.bias_ih_l0.grad, **CLOSE)


@pytest.mark.parametrize(("T", "N", "D", "H"), [(1, 1, 1, 1), (7, 3, 5, 4), (12, 2, 3, 8)])
def test_gru(T, N, D, H, rng):
    cell = GRUCell(D, H, rng=rng, dtype=np.float64)
    cell.b = rng.standard_normal(3 * H)
    twin = copy_into(
        torch.nn.GRU(D, H),
        weight_hh_l0=cell.W[:, :H],
        weight_ih_l0=cell.W[:, H:],
        bias_ih_l0=cell.b,
    )
    x, h0 = rng.standard_normal((T, N, D)), rng.standard_normal((N, H))
    tx, th0 = torch.tensor(x, requires_grad=True), torch.tensor(h0[None], requires_grad=True)
    y, cache = Recurrent(cell).forward(x, h0)
    ty, th = twin(tx, th0)
    np.testing.assert_allclose(y, ty.detach(), **CLOSE)

    dy, dh = rng.standard_normal(y.shape), rng.standard_normal((N, H))
    torch.autograd.backward([ty, th], [torch.tensor(dy), torch.tensor(dh[None])])
    dx, dh0, grads = Recurrent(cell).backward_state(dy, cache, dstate=dh)
    np.testing.assert_allclose(dx, tx.grad, **CLOSE)
    np.testing.assert_allclose(dh0, th0.grad[0], **CLOSE)
    np.testing.assert_allclose(grads["W"][:, :H], twin.weight_hh_l0.grad, **CLOSE)
    np.testing.assert_allclose(grads["W"][:, H:], twin.weight_ih_l0.grad, **CLOSE)
    np.testing.assert_allclose(grads["b"], twin.bias_ih_l0.grad, **CLOSE)


def test_a_mask_is_a_packed_sequence(rng):
    lengths, (T, N, D, H) = [6, 4, 1], (6, 3, 2, 5)
    cell = LSTMCell(D, H, rng=rng, dtype=np.float64)
    W = reordered(cell.W)
    twin = copy_into(
        torch.nn.LSTM(D, H),
        weight_hh_l0=W[:, :H],
        weight_ih_l0=W[:, H:],
        bias_ih_l0=reordered(cell.b),
    )
    x = rng.standard_normal((T, N, D))
    packed = torch.nn.utils.rnn.pack_padded_sequence(torch.tensor(x), lengths)
    _, (th, tc) = twin(packed)
    mask = np.arange(T)[:, None] < lengths
    _, cache = Recurrent(cell).forward(x, mask=mask)
    np.testing.assert_allclose(cache.state, (th[0].detach(), tc[0].detach()), **CLOSE)
    dh = rng.standard_normal((N, H))
    th.backward(torch.tensor(dh[None]))
    _, grads = Recurrent(cell).backward(None, cache, dstate=(dh, np.zeros((N, H))))
    np.testing.assert_allclose(reordered(grads["W"])[:, :H], twin.weight_hh_l0.grad, **CLOSE)
