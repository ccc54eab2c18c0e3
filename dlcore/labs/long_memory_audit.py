"""The audit of `long-memory`: are its gradients, by weights and by inputs, derivatives?"""

from types import SimpleNamespace

import numpy as np

from .audit import AGREE
from .doctor import say
from .gradient_flow_audit import COLUMNS, compared, of_weights

AUDITED = 4  # sequences held out, for the weights


def audit(lab):
    """Of all weights the slope in one random direction; of the answer to the sequence that is
    shown, the derivative by the inputs of three ticks."""
    rows = []
    for name, label in (("rnn", "RNN"), ("lstm", "LSTM")):
        rows += [of_weights(few(lab), name, label), *of_inputs(lab, name, label)]
    worst = max(row[-1] for row in rows)
    verdict = "agree" if worst < AGREE else "do not agree"
    return {
        "columns": COLUMNS,
        "rows": rows,
        "text": f"Backward and central differences {verdict}: the largest relative error of "
        f"{len(rows)} gradients is {say(worst)} (float64).",
    }


def few(lab):
    """What `of_weights` asks of a lab, with few sequences."""
    x, y = (a[..., :AUDITED, :] for a in (lab.x, lab.y))
    return SimpleNamespace(nets=lab.nets, x=x, y=y, gradient=lab.gradient)


def of_inputs(lab, name, label):
    """Rows of d yhat / d x_t, at the first and the last marked tick, and at the last of all."""
    net, x = lab.nets[name], lab.shown
    yhat, cache = net.forward(x)
    dx, _ = net.backward(np.ones_like(yhat), cache)
    marked = np.flatnonzero(x[:, 0, 1]).tolist()
    for t in dict.fromkeys([marked[0], marked[-1], len(x) - 1]):

        def answer(x_t, t=t):
            other = x.copy()
            other[t] = x_t
            return net(other).item()

        yield compared(f"∂ŷ/∂x_{t + 1}, {label}", dx[t, 0], answer, x[t])
