"""Watching a training from outside: named probes, never code inside the mathematics."""

import numpy as np

from .shapes import euclidean, whole


def norms(grads):
    """The Euclidean norm of every array: name -> float."""
    return {name: euclidean(g) for name, g in grads.items()}


def record(steps, every=1, **probes):
    """Run a generator of steps to its end and write down what the probes see.

        run = record(fit(...), every=10, J=lambda s: s.J, W=lambda s: s.net.params["0.W"])

    The first step and every `every`-th are seen. Returns name -> array with one row a look, and
    `t`, the numbers of the steps. Probes are copied: what they show changes with the next step.
    A probe may return a dict of numbers, which becomes a dict of arrays.
    """
    whole("record", "every", every)
    if "t" in probes:
        raise ValueError("record: a probe cannot be called t, that is the number of the step")
    t, seen = [], {name: [] for name in probes}
    for count, step in enumerate(steps):
        if count % every:
            continue
        t.append(step.t)
        for name, probe in probes.items():
            seen[name].append(_copy(probe(step)))
    return {"t": np.array(t), **{name: _stack(name, values) for name, values in seen.items()}}


def _copy(value):
    if isinstance(value, dict):
        return {k: _copy(v) for k, v in value.items()}
    return np.array(value)


def _stack(name, values):
    if values and isinstance(values[0], dict):
        return {k: _stack(f"{name}[{k!r}]", [v[k] for v in values]) for k in values[0]}
    shapes = {v.shape for v in values}
    if len(shapes) > 1:
        raise ValueError(
            f"record: expected {name} to have one shape at every look, got {sorted(shapes)}"
        )
    return np.array(values)
