"""The audit of `gates`: all weights, and dJ/dc_t at three ticks of the sequence that is shown."""

import numpy as np

from . import gradient_flow_nets as nets
from .audit import AGREE
from .audit import audit as audit_weights
from .doctor import say
from .gradient_flow_audit import compared

AUDITED = 4  # sequences held out, for the weights


def audit(lab):
    x, y = lab.x[:, :AUDITED], lab.y[:, :AUDITED]
    found = audit_weights(lab.net, x, y, lab.objective, of="{} ticks of held-out sequences")
    rows = [*found["rows"], *of_cells(lab)]
    worst = max(row[-1] for row in rows[len(found["rows"]) :])
    verdict = "agrees" if worst < AGREE else "does not agree"
    return found | {
        "rows": rows,
        "text": f"{found['text']} ∂J/∂c of the sequence shown {verdict}, too: {say(worst)}.",
    }


def of_cells(lab):
    """Rows of dJ/dc_t, with the h_t that c_t makes."""
    net = lab.net.astype(np.float64)
    x, y = (a.astype(np.float64) for a in lab.given(lab.sequence[:, None]))
    walk, T = nets.walk_back(net, x, y, lab.objective), len(x)
    for t in dict.fromkeys([1, (T + 1) // 2, T]):
        o = walk.tape.a[t - 1, 2, :1]

        def J(c, t=t, o=o):
            return nets.last_loss_after(net, x, y, lab.objective, t, (o * np.tanh(c), c))

        yield compared(f"∂J/∂c_{t}", walk.dc[0, t], J, walk.tape.c[t, :1])
