"""Distributions in the plane: their samples, their density, and what counts as a mode covered."""

import numpy as np
import pytest

from dlcore.divergence import histogram
from dlcore.mixture import DISTRIBUTIONS, Mixture, grid, ring


@pytest.mark.parametrize("make", DISTRIBUTIONS.values(), ids=DISTRIBUTIONS)
def test_its_own_samples_cover_it_and_the_density_is_theirs(make, rng):
    p = make()
    x = p(4000, rng)
    assert x.dtype == np.float32
    covered, quality, counts = p.coverage(x)
    assert covered == p.modes
    assert quality > 0.97
    assert counts.sum() == round(quality * len(x))
    assert np.abs(x).max() < 1.1

    side = np.linspace(-1.3, 1.3, 131)
    places = np.stack(np.meshgrid(side, side), -1).reshape(-1, 2)
    mass = p.density(places) * (side[1] - side[0]) ** 2
    assert abs(mass.sum() - 1) < 1e-3
    upper = places[:, 1] > 0.1
    assert abs(mass[upper].sum() - (x[:, 1] > 0.1).mean()) < 0.05


@pytest.mark.parametrize("make", DISTRIBUTIONS.values(), ids=DISTRIBUTIONS)
def test_the_shares_of_cells_are_what_a_histogram_counts(make, rng):
    p = make()
    counted = histogram(p(200_000, rng), 20, 1.25)
    np.testing.assert_allclose(p.shares(20, 1.25), counted, atol=2e-3)
    assert abs(p.shares(20, 1.25).sum() - 1) < 1e-12


def test_what_lies_beyond_the_extent_counts_for_the_cell_at_the_edge():
    shares = Mixture([[9, 0.5], [-0.5, -0.5]], 0.01).shares(2, 1)
    np.testing.assert_allclose(shares, [[0.5, 0], [0, 0.5]], atol=1e-12)


def test_the_density_is_its_formula(rng):
    p = Mixture([[0, 0], [1, 0.5]], 0.4)
    x = rng.standard_normal((5, 2))
    for point, found in zip(x, p.density(x), strict=True):
        bells = [np.exp(-np.sum((point - c) ** 2) / (2 * 0.4**2)) for c in p.centres]
        np.testing.assert_allclose(found, sum(bells) / 2 / (2 * np.pi * 0.4**2))


def test_a_collapsed_generator_covers_one_mode():
    p = ring(8)
    assert p.coverage(np.repeat(p.centres[:1], 400, 0))[0] == 1
    assert p.coverage(np.repeat(p.centres[:3], 400, 0))[0] == 3


def test_modes_hit_by_chance_do_not_count_as_covered(rng):
    """A cloud over the whole square touches every mode, but gives none what is due to it."""
    covered, quality, counts = grid(5).coverage(rng.uniform(-1, 1, (20_000, 2)))
    assert (counts > 0).all()
    assert quality < 0.25
    assert covered == 0


def test_a_mode_is_covered_from_half_of_what_is_due_to_it_on():
    p = Mixture([[0, 0], [1, 0]], 0.1)
    for few, covered in ((25, 2), (24, 1)):
        x = np.repeat(p.centres, (100 - few, few), 0)
        assert p.coverage(x)[0] == covered


@pytest.mark.parametrize(
    ("how", "says"),
    [
        (([[1, 2, 3]], 0.1), "centres"),
        ((np.zeros((0, 2)), 0.1), "centres"),
        (([[0, 0]], 0), "std > 0"),
        (([[0, 0]], -1), "std"),
        (([[0, 0], [1, 1]], 0.1, [0, 2]), "all used"),
        (([[0, 0], [1, 1]], 0.1, [0]), "all used"),
    ],
)
def test_what_is_no_mixture_is_refused(how, says):
    with pytest.raises(ValueError, match=says):
        Mixture(*how)


def test_points_of_another_shape_are_refused():
    with pytest.raises(ValueError, match=r"expected x \(m, 2\)"):
        ring().density(np.zeros((3, 3)))
    with pytest.raises(ValueError, match="at least one"):
        ring().coverage(np.zeros((0, 2)))
