"""The two-dimensional data sets: shapes, classes, seeds, noise, and editing them."""

import numpy as np
import pytest

from dlcore.labs import toys


def draw(name, n=200, noise=0.0, seed=0):
    return toys.DATA[name](n, noise=noise, rng=np.random.default_rng(seed))


every = pytest.mark.parametrize("name", toys.DATA)


@every
def test_points_are_float32_within_the_extent_and_the_classes_are_even(name):
    x, y = draw(name, noise=0.5)
    assert (x.shape, y.shape) == ((200, 2), (200, 1))
    assert x.dtype == y.dtype == np.float32
    assert np.abs(x).max() <= np.float32(toys.EXTENT)
    assert y.sum() == 100
    assert y[:20].sum() == 10


@every
def test_a_seed_gives_the_same_points_again(name):
    np.testing.assert_array_equal(draw(name, seed=3)[0], draw(name, seed=3)[0])
    assert not np.array_equal(draw(name, seed=3)[0], draw(name, seed=4)[0])


@every
def test_without_noise_a_nearest_neighbour_tells_the_classes_apart(name):
    x, y = draw(name, n=400)
    distance = ((x[:200, None] - x[200:]) ** 2).sum(-1)
    nearest = y[200:][distance.argmin(1)]
    assert (nearest == y[:200]).mean() > 0.96


def test_classes_are_where_the_docstrings_say():
    x, y = draw("circles")
    assert ((np.hypot(*x.T) < 0.5) == (y[:, 0] == 1)).all()
    x, y = draw("xor")
    assert ((x[:, 0] * x[:, 1] > 0) == (y[:, 0] == 1)).all()
    x, y = draw("stripes")
    assert ((np.sin(2 * np.pi * x[:, 0]) > 0) == (y[:, 0] == 1)).all()
    x, y = draw("gaussians")
    assert (x[y[:, 0] == 1].mean(0) > 0.4).all()


def test_features_are_what_their_names_say():
    x = np.array([[0.25, -0.5], [1, 0.1]], np.float32)
    found = toys.features(x, list(toys.FEATURES))
    x1, x2 = x.T
    expected = [x1, x2, x1**2, x2**2, x1 * x2, np.sin(2 * np.pi * x1), np.sin(2 * np.pi * x2)]
    np.testing.assert_allclose(found, np.stack(expected, 1), atol=1e-6)
    assert found.dtype == np.float32


def test_split_gives_the_first_share_to_training():
    x, y = draw("moons", n=10)
    x_train, y_train, x_test, y_test = toys.split(x, y, 0.7)
    np.testing.assert_array_equal(np.vstack([x_train, x_test]), x)
    assert [len(a) for a in (x_train, y_train, x_test, y_test)] == [7, 7, 3, 3]


def test_edits_add_move_remove_and_clear_and_leave_the_arrays_given_alone():
    x, y = toys.edit(*toys.empty(), [("add", 0.5, -0.5, 1), ("add", 0.1, 0.2, 0)])
    np.testing.assert_array_equal(x, np.float32([[0.5, -0.5], [0.1, 0.2]]))
    np.testing.assert_array_equal(y, [[1], [0]])
    moved, _ = toys.edit(x, y, [("move", 1, 0.3, 0.4)])
    np.testing.assert_array_equal(moved, np.float32([[0.5, -0.5], [0.3, 0.4]]))
    np.testing.assert_array_equal(x[1], np.float32([0.1, 0.2]))
    left, labels = toys.edit(x, y, [("remove", 0)])
    np.testing.assert_array_equal(left, x[1:])
    np.testing.assert_array_equal(labels, y[1:])
    assert [len(a) for a in toys.edit(x, y, [("clear",)])] == [0, 0]
    assert x.dtype == moved.dtype == left.dtype == labels.dtype == np.float32
