"""Timing of a training step; runs here and in the page, so it needs nothing but dlcore."""

import time

import dlcore as dl


def step_times(build, steps, rounds):
    """Seconds for one step with Adam of what `build(rng)` gives, in each round."""
    import numpy as np

    net, loss, x, y = build(np.random.default_rng(0))
    opt, times = dl.Adam(1e-3), []
    for _ in range(rounds):
        start = time.perf_counter()
        for _ in range(steps):
            yhat, cache = net.forward(x)
            _, dyhat = loss(yhat, y)
            _, grads = net.backward(dyhat, cache, need_dx=False)
            opt.step(net.params, grads)
        times.append((time.perf_counter() - start) / steps)
    return times
