"""The lab `speech` as a program: the same beliefs and gradients, with dlcore or PyTorch."""

from .source import quoted, source, wrapped
from .speech_controls import ASKED, CHANGES, TRUE, USUAL


def programs(lab):
    """dict(dlcore=..., torch=...): each leaves `beliefs` (T, 10) and `dx` (T, 13) of both networks,
    by their names."""
    return {"dlcore": dlcore(lab), "torch": torch(lab)}


def dlcore(lab):
    return source(
        "import numpy as np",
        "from dlcore import softmax",
        "from dlcore.labs import speech_sounds, trained",
        "",
        *word(lab),
        'for name in ("lstm", "rnn"):',
        f"    net = trained.listener(name, {asked(lab)})",
        "    z, cache = net.forward(x[:, None])  # (T, 1, 10)",
        "    p = beliefs[name] = softmax(z[:, 0])",
        f"    k = {asked_about(lab, 'p[last].argmax()')}",
        "    dz = np.zeros_like(z)",
        "    odds, dz[last, 0] = speech_sounds.log_odds(z[last, 0], k)  # log p / (1 - p)",
        "    dx[name] = net.backward(dz, cache)[0][:, 0]",
        *ending(),
    )


def torch(lab):
    return source(
        "import numpy as np",
        "import torch",
        "from dlcore.labs import speech_sounds, trained",
        "",
        *word(lab),
        'for name, kind in (("lstm", torch.nn.LSTM), ("rnn", torch.nn.RNN)):',
        f"    net = trained.listener(name, {asked(lab)})",
        "    *cell, W_y, b_y = (torch.tensor(w) for w in net.params.values())",
        "    H = W_y.shape[1]",
        '    if name == "lstm":  # gates f, i, o, c as PyTorch has them: i, f, c, o',
        "        W, b = (torch.cat([w.split(H)[k] for k in (1, 0, 3, 2)]) for w in cell)",
        "        W_hh, W_hx = W[:, :H], W[:, H:]",
        "    else:",
        "        W_hx, W_hh, b = cell",
        "    twin = kind(13, H)",
        "    for p, w in zip(twin.parameters(), (W_hx, W_hh, b, torch.zeros_like(b))):",
        "        p.data = w",
        "    sound = torch.tensor(x[:, None], requires_grad=True)",
        "    z = twin(sound)[0][:, 0] @ W_y.T + b_y",
        f"    k = {asked_about(lab, 'z[last].argmax().item()')}",
        "    others = torch.cat([z[last, :k], z[last, k + 1 :]])",
        "    (z[last, k] - others.logsumexp(0)).backward()  # log p / (1 - p)",
        "    beliefs[name], dx[name] = z.softmax(1).detach().numpy(), sound.grad[:, 0].numpy()",
        *ending(),
    )


def asked(lab):
    return quoted(ASKED[lab.values["asked"]])


def asked_about(lab, said):
    return "digits[n]" if lab.values["asks"] == TRUE else said


def word(lab):
    """The word that is shown, with all that has been done to it."""
    v = lab.change
    usual = USUAL | {"part": 1.0}
    changes = [f"{name}={quoted(v[name])}" for name in CHANGES if v[name] != usual[name]]
    yield "words, digits = speech_sounds.held_out()"
    if changes:
        how = ", ".join([*changes, f"rng=np.random.default_rng({lab.seed})"])
        yield from wrapped(f"words = speech_sounds.changed(words, {how})")
    yield f"n = {lab.values['word'] - 1}"
    yield f"x, last = words[n], {lab.last}  # (T, 13), and the frame after which it is asked"
    yield "beliefs, dx = {}, {}"


def ending():
    yield "    p, pull = beliefs[name][last], np.linalg.norm(dx[name], axis=1)"
    yield '    said = f"{name}: {p.argmax()} with {p.max():.3f}, spoken was {digits[n]}; "'
    yield '    print(said + f"it depends most on frame {pull.argmax() + 1} of {len(x)}")'
