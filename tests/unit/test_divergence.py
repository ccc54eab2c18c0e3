"""Kullback-Leibler, Jensen-Shannon, Frechet: their formulas and what is known of them."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlcore.divergence import frechet, histogram, js, kl

shares = st.lists(st.floats(0.01, 1), min_size=4, max_size=4).map(
    lambda weights: np.array(weights) / sum(weights)
)


@given(shares, shares)
def test_kl_and_js_are_their_formulas(p, q):
    def literally(p, q):
        return sum(a * math.log(a / b) for a, b in zip(p, q, strict=True))

    middle = [(a + b) / 2 for a, b in zip(p, q, strict=True)]
    assert math.isclose(kl(p, q), literally(p, q), abs_tol=1e-9)
    halves = literally(p, middle) / 2 + literally(q, middle) / 2
    assert math.isclose(js(p, q), halves, abs_tol=1e-9)
    assert math.isclose(js(p, q), js(q, p), abs_tol=1e-12)
    assert -1e-12 < js(p, q) < math.log(2)


def test_equal_shares_are_0_apart_and_disjoint_ones_infinitely_or_log_2():
    p, q = np.array([0.5, 0.5, 0, 0]), np.array([0, 0, 0.5, 0.5])
    assert kl(p, p) == js(p, p) == 0
    assert kl(p, q) == math.inf
    assert math.isclose(js(p, q), math.log(2))


def test_shares_that_are_hardly_there_do_not_make_js_infinite():
    """Far out, a density is the smallest number that there is, or 0."""
    p, q = np.array([1.0, 5e-324, 0]), np.array([0, 0, 1.0])
    assert math.isclose(js(p, q), math.log(2))
    assert math.isclose(js(q, p), math.log(2))


def test_a_floor_makes_counts_comparable():
    p, q = np.array([1.0, 0, 0, 0]), np.array([0, 1.0, 0, 0])
    with_floor = [(a + 0.1) / 1.4 for a in p], [(a + 0.1) / 1.4 for a in q]
    assert math.isclose(kl(p, q, floor=0.1), kl(*with_floor))


def test_the_optimal_discriminators_value_is_two_js_minus_log_4(rng):
    """max_D V = 2 JS(p, q) - log 4 with D = p / (p + q)."""
    p, q = rng.random((2, 6))
    p, q = p / p.sum(), q / q.sum()
    D = p / (p + q)
    V = np.sum(p * np.log(D)) + np.sum(q * np.log(1 - D))
    assert math.isclose(V, 2 * js(p, q) - math.log(4))


def test_a_histogram_counts_every_point_once_and_far_ones_at_the_edge():
    x = np.array([[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [1e30, -1e30]], np.float32)
    found = histogram(x, 2, 1.0)
    np.testing.assert_array_equal(found, [[0.25, 0.5], [0, 0.25]])  # rows by x_2, upwards
    with pytest.raises(ValueError, match="finite"):
        histogram(np.full((1, 2), np.nan), 2, 1.0)
    with pytest.raises(ValueError, match="m >= 1"):
        histogram(np.zeros((0, 2)), 2, 1.0)


@pytest.mark.parametrize("p", [[0.5, 0.6], [-0.5, 1.5], [1.0]])
def test_what_are_no_shares_is_refused(p):
    with pytest.raises(ValueError, match=r"kl: expected"):
        kl(np.array(p), np.array([0.5, 0.5]))


def test_frechet_of_known_normal_distributions(rng):
    """With C_a = s^2 I and C_b = t^2 I the formula is |d|^2 + n (s - t)^2."""
    a = rng.standard_normal((200_000, 3))
    b = 2 * rng.standard_normal((200_000, 3)) + [1, 0, 2]
    assert abs(frechet(a, b) - (5 + 3)) < 0.1
    assert frechet(a, a) < 1e-9


def test_frechet_is_its_formula_for_any_covariance(rng):
    a, b = rng.standard_normal((2, 50, 4))
    a, b = a @ rng.standard_normal((4, 4)), b @ rng.standard_normal((4, 4)) + 1
    C_a, C_b = np.cov(a.T), np.cov(b.T)
    values = np.linalg.eigvals(C_a @ C_b)  # its root has their roots as eigenvalues
    expected = np.sum((a.mean(0) - b.mean(0)) ** 2) + np.trace(C_a + C_b)
    expected -= 2 * np.sqrt(values.real).sum()
    assert math.isclose(frechet(a, b), expected, rel_tol=1e-9)
    assert math.isclose(frechet(a, b), frechet(b, a), rel_tol=1e-9)


def test_features_that_cannot_be_compared_are_refused(rng):
    a = rng.standard_normal((5, 3))
    for b in (a[:, :2], a[:1], a[0]):
        with pytest.raises(ValueError, match="features b"):
            frechet(a, b)
    with pytest.raises(ValueError, match="finite"):
        frechet(a, np.full((4, 3), np.inf))
