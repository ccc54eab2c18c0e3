"""The audit of a lab: is the gradient that is drawn the derivative of the loss?"""

import numpy as np

from ..gradcheck import gradcheck

COLUMNS = ["array", "shape", "norm, backward", "norm, differences", "relative error"]


def audit(net, x, y, loss, of="all {} training points"):
    """Table of every parameter: its gradient by backward, and by central differences.

    In float64, at the present weights, for the loss of all examples x, y; `of` says of what.
    """
    y = y.astype(np.float64)
    report = gradcheck(net, x, rng=np.random.default_rng(0), loss=lambda z: loss(z, y))
    rows = [
        [f"d{row.name}", shape(net.params[row.name]), row.analytic, row.numeric, row.error]
        for row in report.rows
        if row.name in net.params
    ]
    worst = max(row.error for row in report.rows if row.name in net.params)
    verdict = "agree" if worst < 1e-5 else "do not agree"
    return {
        "columns": COLUMNS,
        "rows": rows,
        "text": f"Backward and central differences {verdict}: the largest relative error of "
        f"{len(rows)} arrays is {worst:.0e} (float64, loss of {of.format(len(x))}).",
    }


def shape(array):
    return "×".join(map(str, array.shape))
