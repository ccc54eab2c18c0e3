"""Regions of a mask: numbered, grown, boxed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dlcore import regions

masks = arrays(bool, st.tuples(st.integers(1, 9), st.integers(1, 9)))


def by_flooding(mask):
    """The same numbers by walking from pixel to pixel."""
    labels, n = np.zeros(mask.shape, int), 0
    for start in np.argwhere(mask).tolist():
        if labels[tuple(start)]:
            continue
        n += 1
        waiting = [tuple(start)]
        while waiting:
            i, j = waiting.pop()
            inside = 0 <= i < mask.shape[0] and 0 <= j < mask.shape[1]
            if inside and mask[i, j] and not labels[i, j]:
                labels[i, j] = n
                waiting += [(i - 1, j), (i + 1, j), (i, j - 1), (i, j + 1)]
    return labels


@given(masks)
def test_regions_are_what_one_reaches_from_pixel_to_pixel(mask):
    np.testing.assert_array_equal(regions.label_regions(mask), by_flooding(mask))


def test_a_long_snake_is_one_region():
    mask = np.zeros((41, 41), bool)
    mask[::2] = True
    mask[1::4, -1] = mask[3::4, 0] = True
    assert regions.label_regions(mask).max() == 1
    mask[20, 20] = False
    assert regions.label_regions(mask).max() == 2


def test_a_corner_does_not_hold_two_pixels_together():
    assert regions.label_regions(np.eye(3, dtype=bool)).tolist() == [
        [1, 0, 0],
        [0, 2, 0],
        [0, 0, 3],
    ]


def test_a_mask_without_pixels_has_no_regions():
    labels = regions.label_regions(np.zeros((3, 4), bool))
    assert labels.max() == 0
    assert regions.region_boxes(labels).shape == (0, 4)
    assert regions.region_means(labels, np.ones((3, 4))).shape == (0,)


@given(masks)
def test_a_box_is_the_least_that_holds_its_region(mask):
    labels = regions.label_regions(mask)
    for k, (x0, y0, x1, y1) in enumerate(regions.region_boxes(labels).tolist(), 1):
        here = labels == k
        assert here[y0:y1, x0:x1].sum() == here.sum()
        assert all(side.any() for side in (here[y0], here[y1 - 1], here[:, x0], here[:, x1 - 1]))


def test_regions_grow_into_the_mask_and_never_over_each_other():
    labels = np.array([[1, 0, 0, 0, 2], [0, 0, 0, 0, 0]])
    mask = np.array([[1, 1, 1, 1, 1], [1, 0, 0, 0, 0]], bool)
    assert regions.grow_regions(labels, mask, 1).tolist() == [[1, 1, 0, 2, 2], [1, 0, 0, 0, 0]]
    assert regions.grow_regions(labels, mask, 9).tolist() == [[1, 1, 2, 2, 2], [1, 0, 0, 0, 0]]
    assert regions.grow_regions(labels, mask, 0).tolist() == labels.tolist()
    assert labels[0, 1] == 0


def test_means_are_over_the_pixels_of_each_region():
    labels = np.array([[1, 1, 0], [2, 0, 2]])
    values = np.array([[1.0, 3.0, 100.0], [5.0, 100.0, 6.0]])
    assert regions.region_means(labels, values).tolist() == [2, 5.5]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: regions.label_regions(np.ones(3, bool)), r"label_regions: expected mask \(H, W\)"),
        (lambda: regions.region_boxes(np.ones((2, 2))), r"region_boxes: expected labels \(H, W\)"),
        (lambda: regions.region_boxes(np.array([[1, 3]])), "every number from 1 to 3"),
        (
            lambda: regions.region_means(np.ones((2, 2), int), np.ones(3)),
            r"region_means: expected values \(2, 2\), got \(3,\)",
        ),
        (
            lambda: regions.grow_regions(np.ones((2, 2), int), np.ones((1, 2)), 1),
            r"grow_regions: expected mask \(2, 2\), got \(1, 2\)",
        ),
        (
            lambda: regions.grow_regions(np.ones((2, 2), int), np.ones((2, 2)), -1),
            "steps to be a whole number >= 0, got -1",
        ),
    ],
)
def test_bad_input_is_one_clear_line(call, said):
    with pytest.raises((ValueError, TypeError), match=said) as caught:
        call()
    assert "\n" not in str(caught.value)
