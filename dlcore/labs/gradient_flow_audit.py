"""The audit of `gradient-flow`: are the gradients that are drawn derivatives of the loss?"""

import numpy as np

from . import gradient_flow_nets as nets
from .audit import AGREE, EPS, SMALLER
from .doctor import say

COLUMNS = ["gradient", "numbers", "backward", "differences", "relative error"]
KINKS = " At z = 0 exactly relu has no derivative: make a step, and z is not exactly 0 any more."
LEAST = 1e-4  # gradients below this are compared with this, not with the noise of rounding


def audit(lab):
    """At three ticks dJ/dh_t and dJ/dc_t, and of all weights the slope in one random direction."""
    rows = []
    for name, label in (("rnn", "RNN"), ("lstm", "LSTM")):
        rows += of_states(lab, name, label)
        rows.append(of_weights(lab, name, label))
    worst = max(row[-1] for row in rows)
    verdict = "agree" if worst < AGREE else "do not agree"
    kinks = worst >= AGREE and lab.values["activation"] == "relu"
    return {
        "columns": COLUMNS,
        "rows": rows,
        "text": f"The walk back through time and central differences {verdict}: the largest "
        f"relative error of {len(rows)} gradients is {say(worst)} (float64)." + KINKS * kinks,
    }


def of_states(lab, name, label):
    """Rows of dJ/dh_t, and of an LSTM dJ/dc_t, unit by unit."""
    walk, T = lab.walk(name), lab.values["length"]
    for t in dict.fromkeys([1, (T + 1) // 2, T]):
        h, J = walk.tape.h[t, :1], after(lab, name, t)
        if name == "rnn":
            yield compared(f"∂J/∂h_{t}, {label}", walk.dh[0, t], J, h)
            continue
        c, o = walk.tape.c[t, :1], walk.tape.a[t - 1, 2, :1]
        yield compared(f"∂J/∂h_{t}, {label}", walk.dh[0, t], lambda h, c=c, J=J: J((h, c)), h)
        yield compared(
            f"∂J/∂c_{t}, {label}", walk.dc[0, t], lambda c, o=o, J=J: J((o * np.tanh(c), c)), c
        )


def after(lab, name, t):
    """J of the ticks t ... T as a function of the state after tick t."""
    y = lab.y[:, :1] if lab.every else lab.y[:1]
    return lambda state: nets.last_loss_after(lab.nets[name], lab.x[:, :1], y, lab.loss, t, state)


def compared(label, analytic, J, at):
    """Backward beside the central differences of J around `at` (1, H)."""

    def differences(eps):
        steps = eps * np.eye(at.shape[1])[:, None]
        return np.array([(J(at + step) - J(at - step)) / (2 * eps) for step in steps])

    return best(label, analytic, differences)


def of_weights(lab, name, label):
    """The slope of the loss of the sequences held out, in a random direction of all weights."""
    net = lab.nets[name].astype(np.float64)
    rng = np.random.default_rng(0)
    way = {key: rng.standard_normal(w.shape) for key, w in net.params.items()}
    length = np.sqrt(sum(np.vdot(w, w) for w in way.values()))
    way = {key: w / length for key, w in way.items()}
    kept = {key: w.copy() for key, w in net.params.items()}
    grads = lab.gradient(net, lab.x, lab.y)[1]

    def J(step):
        net.params.update({key: w + step * way[key] for key, w in kept.items()})
        return lab.gradient(net, lab.x, lab.y)[0]

    slope = sum(np.vdot(grads[key], way[key]) for key in way)
    return best(
        f"all weights, {label}",
        np.array([slope]),
        lambda eps: np.array([(J(eps) - J(-eps)) / (2 * eps)]),
    )


def best(label, analytic, differences):
    """The row of the first step with which they agree, else of the best one: a kink of relu that
    lies within one step may lie without a smaller one."""
    rows = []
    for eps in (EPS, *SMALLER):
        rows.append(row(label, analytic, differences(eps)))
        if rows[-1][-1] < AGREE:
            break
    return min(rows, key=lambda row: row[-1])


def row(label, analytic, numeric):
    sizes = float(np.linalg.norm(analytic)), float(np.linalg.norm(numeric))
    error = float(np.linalg.norm(analytic - numeric)) / max(*sizes, LEAST)
    return [label, str(len(analytic)), *sizes, error if np.isfinite(error) else float("inf")]
