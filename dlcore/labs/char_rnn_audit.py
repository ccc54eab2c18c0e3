"""The audit of `char-rnn`: are the gradients of the loss, and those of the text, derivatives?"""

import numpy as np

from .. import losses
from .audit import AGREE
from .audit import audit as audit_of_weights
from .char_rnn_names import ONE_HOT, asked_of
from .char_rnn_reading import log_softmax
from .doctor import say
from .gradient_flow_audit import best

AUDITED = 4  # names to learn from: the loss is computed twice for each weight that is tried


def audit(lab):
    """Of every array of weights, and of log p of the letter that is asked about after the first,
    the middle and the last symbol of the text, in all that was read."""
    x, y, there = asked_of(lab.study.laid, np.arange(min(AUDITED, len(lab.x))))
    loss = losses.per_tick(losses.cross_entropy)
    found = audit_of_weights(
        lab.net, ONE_HOT[x], y, lambda z, y: loss(z, y.astype(np.intp), there),
        of="the first {} training names",
    )  # fmt: skip
    T = len(lab.seen.x)
    found["rows"] += [of_text(lab, t) for t in dict.fromkeys([0, T // 2, T - 1])]
    worst = max(row[-1] for row in found["rows"])
    verdict = "agree" if worst < AGREE else "do not agree"
    found["text"] = (
        f"Backward and central differences {verdict}: the largest relative error of "
        f"{len(found['rows'])} arrays is {say(worst)} (float64; weights: loss of {x.shape[1]} "
        "training names; x: ln p of the letter that is asked about)."
    )
    return found


def of_text(lab, t):
    """The row of d log p / dx after symbol t of the text."""
    net, seen = lab.net.astype(np.float64), lab.seen
    x, k = ONE_HOT[seen.x[: t + 1]].astype(float), seen.asked[t]
    recurrent, head = net.layers
    h, tape = recurrent.forward(x[:, None])
    z, cache = head.forward(h)
    dz = np.zeros_like(z)
    dz[-1] = np.eye(z.shape[2])[k] - np.exp(log_softmax(z[-1]))
    dx, _ = recurrent.backward(head.backward(dz, cache)[0], tape)

    def differences(eps):
        steps = eps * np.eye(x.size).reshape(x.size, *x.shape).swapaxes(0, 1)
        above, below = (log_softmax(net(x[:, None] + s)[-1])[:, k] for s in (steps, -steps))
        return (above - below) / (2 * eps)

    row = best(f"∂ ln p/∂x, after “{''.join(lab.words.names[: t + 1])}”", dx.ravel(), differences)
    row[1] = "×".join(map(str, x.shape))
    return row
