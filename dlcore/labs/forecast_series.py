"""Series to forecast, cut into windows: two measured ones, and a wave whose best forecast is known.

A wave is a season of SEASON ticks, drawn through KNOTS heights, and noise n with a memory:

    y_t = s_t + n_t,   n_t = memory n_{t-1} + news,   standard deviation of n: noise

so the best forecast k ticks ahead is s_{t+k} + memory^k n_t, and on average over all waves its
error is noise sqrt(1 - memory^{2k}). Held-out ticks are counted from the start of a season, as
TRAIN is a multiple of SEASON.
"""

from functools import cache
from typing import NamedTuple

import numpy as np

from .. import data

WAVE, SEA, BIKES = "wave", "El Niño", "bikes"
ROLLED, DIRECT = "rolled out", "direct"
LEFT_IN, TAKEN_OUT = "left in", "taken out"
SEASON, KNOTS = 24, 8
TRAIN, TEST = 960, 480  # ticks of a wave
HIGHEST = 1.5  # of a knot
SINE = tuple(np.round(np.sin(2 * np.pi * np.arange(KNOTS) / KNOTS), 4).tolist())


class Series(NamedTuple):
    """Values y at the moments `at`, to learn from and held out; `kind` says which seasonal mean
    belongs to each, one of `kinds`."""

    at: np.ndarray
    y: np.ndarray
    kind: np.ndarray
    at_test: np.ndarray
    y_test: np.ndarray
    kind_test: np.ndarray
    kinds: int


class Task(NamedTuple):
    """What is learnt, and what it is judged on. Heights z are y less `mean` (of its kind, if the
    season is taken out), over `scale`; both are those of the part to learn from.

    x (m, L, 1), y (m, 1 or K): windows and what comes after; x_test, y_test: those held out.
    """

    series: Series
    z: np.ndarray
    z_test: np.ndarray
    mean: np.ndarray  # (kinds,)
    scale: float
    usual: np.ndarray  # (kinds,), the seasonal means
    x: np.ndarray
    y: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray


def task(name, *, window, horizon, way, season, knots=SINE, memory=0.9, noise=0.5, seed=0):
    """The series `name` as a `Task`; knots, memory, noise and seed count for a wave only.

    Raises an OSError or a ValueError if `dlcore.data` cannot read a measured series.
    """
    series = wave(knots, memory, noise, seed) if name == WAVE else measured(name)
    usual = means(series.y, series.kind, series.kinds)
    mean = usual if season == TAKEN_OUT else np.full(series.kinds, series.y.mean(), np.float32)
    above = series.y - mean[series.kind]
    scale = max(float(above.std()), 1e-3)
    z = above / np.float32(scale)
    z_test = (series.y_test - mean[series.kind_test]) / np.float32(scale)
    after = horizon if way == DIRECT else 1
    known = pairs(z, series.at, window, after)
    asked = pairs(z_test, series.at_test, window, after)
    return Task(series, z, z_test, mean, scale, usual, *known, *asked)


def pairs(z, at, window, after):
    """x (m, L, 1) and y (m, after): all windows without a gap, and what comes after each."""
    i = data.windows(at, window + after)
    return z[i[:window].T][..., None], z[i[window:].T]


def means(y, kind, kinds):
    """The mean of each kind, (kinds,)."""
    kind = kind.astype(np.intp)
    sums, counts = np.bincount(kind, y, kinds), np.bincount(kind, minlength=kinds)
    return np.asarray(sums / np.maximum(counts, 1), np.float32)


@cache
def measured(name):
    """El Niño by month, its kind the month; bikes by hour, their kind the hour of a free or of a
    working day."""
    if name == SEA:
        sea = data.el_nino()
        parts = [(at, y, at % 12) for at, y in (sea[:2], sea[2:])]
        return Series(*parts[0], *parts[1], 12)
    hire = data.bikes(("day", "hr", "workingday"))
    parts = []
    for x, y in (hire[:2], hire[2:]):
        day, hour, works = x.astype(int).T
        parts.append((24 * day + hour, y, hour + 24 * works))
    return Series(*parts[0], *parts[1], 48)


def wave(knots, memory, noise, seed):
    """TRAIN ticks to learn from and TEST that come after them."""
    at = np.arange(TRAIN + TEST)
    y = season_through(knots)[at % SEASON] + noise * slow_noise(memory, len(at), seed)
    y = y.astype(np.float32)
    parts = [(at[part], y[part], at[part] % SEASON) for part in (slice(TRAIN), slice(TRAIN, None))]
    return Series(*parts[0], *parts[1], SEASON)


def season_through(knots):
    """(SEASON,): the smoothest periodic curve through the knots, a sum of few sines."""
    waves = np.fft.rfft(knots)
    waves[-1] /= 2  # the fastest one: half of it belongs to the frequency below zero
    return np.fft.irfft(waves, SEASON) * SEASON / len(knots)


def slow_noise(memory, n, seed):
    """n_t = memory n_{t-1} + news, with standard deviation 1, from the beginning."""
    news = np.random.default_rng(seed).standard_normal(n)
    noise = np.empty(n)
    noise[0] = news[0]
    for t in range(1, n):
        noise[t] = memory * noise[t - 1] + np.sqrt(1 - memory**2) * news[t]
    return noise


def solve(x, y):
    """Linear autoregression by least squares: w (L + 1, 1 or K) for windows x (m, L, 1)."""
    with_one = np.hstack([x[..., 0], np.ones((len(x), 1), x.dtype)]).astype(float)
    return np.linalg.lstsq(with_one, y.astype(float), rcond=None)[0]


def linear_forecast(w, x, horizon):
    """(m, K): what the weights of `solve` answer to x (m, L, 1), rolled out if they answer one."""
    x = x[..., 0].astype(float)
    while True:
        answer = x[:, -len(w) + 1 :] @ w[:-1] + w[-1]
        if w.shape[1] > 1 or horizon == 1:
            return answer
        x = np.hstack([x, answer])
        if x.shape[1] == len(w) - 1 + horizon:
            return x[:, -horizon:]
