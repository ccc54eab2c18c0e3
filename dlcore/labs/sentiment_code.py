"""The lab `sentiment` as a program: the same verdicts and effects, with dlcore or PyTorch."""

from .controls import LabError
from .source import quoted, source, wrapped


def programs(lab):
    """dict(dlcore=..., torch=...): either leaves `after`, `without`, `lean` and `z_bag`."""
    if not len(lab.reading):
        raise LabError("your sentence: expected at least one word")
    return {"dlcore": dlcore(lab.reading), "torch": torch(lab.reading)}


def dlcore(reading):
    return source(
        "import numpy as np",
        "from dlcore import Sequential, data",
        "from dlcore.labs import trained",
        "",
        *sentence(reading),
        "",
        "E, lstm, last, head = net.layers",
        "x = E(ids[:, None])  # (T, 1, D), the vectors of the words",
        "after = head(lstm(x)[:, 0])[:, 0]  # the logit after each word",
        "above = Sequential(lstm, last, head)",
        "z, cache = above.forward(x)",
        "dx, _ = above.backward(np.ones_like(z), cache)",
        "lean = (x * dx).sum((1, 2))  # along each vector",
        "",
        "every = np.repeat(ids[:, None], len(ids), 1)",
        "mask = ~np.eye(len(ids), dtype=bool)  # column t skips word t",
        "without = after[-1] - net(every, mask)[:, 0]",
        *bag(),
        *report(),
    )


def torch(reading):
    return source(
        "import numpy as np",
        "import torch",
        "from dlcore import data",
        "from dlcore.labs import trained",
        "",
        *sentence(reading),
        "",
        "E, lstm, _, head = net.layers",
        "D, H, W = E.W.shape[1], lstm.cell.hidden_size, lstm.cell.W",
        "model, out = torch.nn.LSTM(D, H), torch.nn.Linear(H, 1)",
        "def ordered(a):  # PyTorch has the gates in another order",
        "    f, i, o, c = np.split(a, 4)",
        "    return torch.tensor(np.concatenate([i, f, c, o]))",
        "b = ordered(lstm.cell.b)",
        "own = [ordered(W[:, H:]), ordered(W[:, :H]), b, torch.zeros_like(b)]",
        "own += [torch.tensor(head.W), torch.tensor(head.b)]",
        "for p, value in zip([*model.parameters(), *out.parameters()], own):",
        "    p.data = value",
        "def read(vectors):",
        "    h = model(vectors)[0][:, 0] if len(vectors) else x.new_zeros(1, H)",
        "    return out(h)[:, 0]",
        "x = torch.tensor(E(ids[:, None]), requires_grad=True)",
        "after = read(x)  # the logit after each word",
        "(dx,) = torch.autograd.grad(after[-1], x)",
        "lean = (x * dx).sum((1, 2)).detach().numpy()  # along each vector",
        "skip = [torch.cat([x[:t], x[t + 1 :]]) for t in range(len(ids))]",
        "without = np.array([(after[-1] - read(rest)[-1]).item() for rest in skip])",
        "after = after.detach().numpy()",
        *bag(),
        *report(),
    )


def sentence(reading):
    yield "net, bag, vocabulary = trained.sentiment()"
    yield from wrapped(f"words = {quoted(' '.join(reading.words).split())}")
    yield 'ids = data.look_up([" ".join(words)], vocabulary)[0]'


def bag():
    yield "weight = bag.W[0, ids]"
    yield "z_bag = bag.b[0] + weight.sum()"


def report():
    yield "for row in zip(words, after, without, lean, weight):"
    yield '    print("{:14s} {:+.2f} {:+.2f} {:+.2f} {:+.2f}".format(*row))'
