"""The one-dimensional data: where the points are, seeds, noise, and editing them."""

import numpy as np
import pytest

from dlcore.labs import curves

every = pytest.mark.parametrize("name", curves.CURVES)


def draw(name, n=30, noise=0.0, seed=0):
    return curves.draw(name, n, noise=noise, rng=np.random.default_rng(seed))


@every
def test_points_are_float32_columns_within_the_plane(name):
    x, y, x_test, y_test = draw(name, noise=0.5)
    assert x.shape == y.shape == (30, 1)
    assert x_test.shape == y_test.shape == (curves.HELD_OUT, 1)
    for a in (x, y, x_test, y_test):
        assert a.dtype == np.float32
    assert np.abs(x).max() <= 1
    assert np.abs(y).max() <= np.float32(1.6)


@every
def test_without_noise_they_lie_on_the_curve(name):
    x, y, x_test, y_test = draw(name)
    np.testing.assert_allclose(y, curves.CURVES[name](x.astype(float)), atol=1e-5)
    np.testing.assert_allclose(y_test, curves.CURVES[name](x_test.astype(float)), atol=1e-5)


@every
def test_a_seed_gives_the_same_points_again(name):
    np.testing.assert_array_equal(draw(name, seed=3)[1], draw(name, seed=3)[1])
    assert not np.array_equal(draw(name, seed=3)[0], draw(name, seed=4)[0])


def test_each_part_of_the_axis_has_one_point():
    x = draw("sine", n=12)[0][:, 0]
    np.testing.assert_array_equal(np.floor((x + 1) * 6), np.arange(12))


def test_noise_is_the_standard_deviation():
    x, y, *_ = draw("line", n=4000, noise=0.2)
    assert np.std(y - 0.7 * x) == pytest.approx(0.2, rel=0.05)


def test_edits_add_move_remove_and_clear_and_leave_the_arrays_given_alone():
    x, y = curves.edit(*curves.empty(), [("add", 0.5, -0.5), ("add", 0.1, 0.2)])
    np.testing.assert_array_equal(np.hstack([x, y]), np.float32([[0.5, -0.5], [0.1, 0.2]]))
    moved = curves.edit(x, y, [("move", 1, 0.25, 0.75)])
    assert [a[1, 0] for a in moved] == [0.25, 0.75]
    assert y[1, 0] == np.float32(0.2)
    assert len(curves.edit(x, y, [("remove", 0)])[0]) == 1
    again = curves.edit(x, y, [("clear",), ("add", 1, 1)])
    assert [a.tolist() for a in again] == [[[1]], [[1]]]
    assert all(a.dtype == np.float32 and a.shape == (1, 1) for a in again)


def test_the_straight_line_is_that_of_least_squares():
    x, y, *_ = draw("cliff", noise=0.1)
    slope, height = curves.straight(x, y)
    assert [slope, height] == pytest.approx(np.polyfit(x[:, 0], y[:, 0], 1), abs=1e-5)
    one = curves.column([0.3])
    assert curves.straight(one, one) == (0, pytest.approx(0.3))
    assert curves.straight(*curves.empty()) == (0, 0)
