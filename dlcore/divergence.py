"""How far two distributions are apart: counted on a grid, or by the features of images."""

import math

import numpy as np

from .shapes import mismatch, number, positive, require_finite, whole


def histogram(x, cells, extent):
    """The shares of points x (m, 2) in cells x cells equal squares over -extent..extent, both ways,
    as (cells, cells): row by x_2, column by x_1. Points outside count for the cell at the edge, so
    that the shares add up to 1. Raises ValueError for no points, another shape, NaN or infinity."""
    cells = whole("histogram", "cells", cells)
    positive("histogram", "extent", extent)
    if getattr(x, "ndim", 0) != 2 or x.shape[1] != 2 or not len(x):
        raise mismatch("histogram", "x (m, 2), m >= 1", x)
    require_finite("histogram", "x", x)
    # Clipped first: a point far away would be too large for a whole number.
    scaled = np.clip((x / extent + 1) / 2, 0, 1) * cells
    column, row = np.minimum(scaled.astype(np.intp), cells - 1).T
    return np.bincount(row * cells + column, minlength=cells**2).reshape(cells, cells) / len(x)


def kl(p, q, floor=0.0):
    """Kullback-Leibler divergence of shares p and q of one shape, in nats:

        KL(p || q) = sum p log(p / q)

    infinite where q is 0 and p is not. `floor` adds so much to every share of both, and divides by
    the new sum, so that counts of few points can be compared; say so where you show it.
    """
    p, q = _shares("kl", p, q, floor)
    return _mean_log(p, p, q)


def js(p, q):
    """Jensen-Shannon divergence, 1/2 KL(p || m) + 1/2 KL(q || m) with m = (p + q) / 2: 0 for equal
    shares, log 2 for shares that have no cell in common."""
    p, q = _shares("js", p, q, 0.0)
    # 2p / (p + q) is p / m, but half of the smallest number that there is would be 0.
    return (_mean_log(p, 2 * p, p + q) + _mean_log(q, 2 * q, p + q)) / 2


def _mean_log(p, over, under):
    """sum p log(over / under), of the places where p is not 0."""
    some = p > 0
    with np.errstate(divide="ignore"):  # where `under` is 0 the answer is infinity, and meant
        return float(np.sum(p[some] * (np.log(over[some]) - np.log(under[some]))))


def _shares(who, p, q, floor):
    p, q = np.asarray(p, float), np.asarray(q, float)
    if p.shape != q.shape:
        raise mismatch(who, f"q {p.shape} like p", q)
    number(who, "floor", floor, 0)
    for name, share in (("p", p), ("q", q)):
        if not (share >= 0).all() or not math.isclose(share.sum(), 1, abs_tol=1e-6):
            raise ValueError(f"{who}: expected shares {name} >= 0 that add up to 1")
    total = 1 + floor * p.size
    return (p + floor) / total, (q + floor) / total


def frechet(a, b):
    """Squared Fréchet distance of two sets of features a (m, n), b (l, n), each taken as a normal
    distribution:

        |mu_a - mu_b|^2 + tr(C_a + C_b - 2 (C_a C_b)^(1/2))

    The trace of the root is that of (C_a^(1/2) C_b C_a^(1/2))^(1/2), which is symmetric.
    Raises ValueError for other shapes, fewer than two rows, NaN or infinity.
    Source: Heusel et al. 2017, equation 6; with features of a network it is called FID.
    """
    a, b = np.asarray(a, float), np.asarray(b, float)
    for name, features in (("a", a), ("b", b)):
        if features.ndim != 2 or len(features) < 2 or features.shape[1] != a.shape[-1]:
            raise mismatch("frechet", f"features {name} (m, n), m >= 2, n alike", features)
        require_finite("frechet", name, features)
    C_a, C_b = (np.atleast_2d(np.cov(features.T)) for features in (a, b))
    root = _root(C_a)
    values = np.linalg.eigvalsh(root @ C_b @ root)
    between = a.mean(0) - b.mean(0)
    root_trace = np.sqrt(np.maximum(values, 0)).sum()
    return float(max(0.0, between @ between + np.trace(C_a) + np.trace(C_b) - 2 * root_trace))


def _root(C):
    """The symmetric square root of a covariance."""
    values, vectors = np.linalg.eigh(C)
    return (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
