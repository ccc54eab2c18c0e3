"""Figures draw what they are given, and say what they leave out."""

import matplotlib as mpl

mpl.use("agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest

from dlcore import plots


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def test_points_give_each_class_its_own_mark_and_colour(rng):
    ax = plots.points(rng.random((6, 2)), np.array([0, 1, 0, 1, 1, 1]), ("no", "yes"))
    no, yes = (line for line in ax.lines if len(line.get_xdata()))
    assert (len(no.get_xdata()), len(yes.get_xdata())) == (2, 4)
    assert (no.get_marker(), yes.get_marker()) == ("D", "o")
    assert (no.get_markerfacecolor(), yes.get_markerfacecolor()) == ("#d55e00", "#0072b2")
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["no", "yes"]


def test_a_second_property_is_told_by_the_mark_and_the_first_by_colour_alone(rng):
    sexes, species = np.array([0, 1, 1]), np.array([2, 0, 2])
    ax = plots.points(rng.random((3, 2)), sexes, ("f", "m"), kinds=(species, ("a", "b", "c")))
    shown = {(m.get_markerfacecolor(), m.get_marker()) for m in ax.lines if len(m.get_xdata())}
    assert shown == {("#d55e00", "s"), ("#0072b2", "D"), ("#0072b2", "s")}


def test_the_plane_asks_for_float32_and_draws_the_border(rng):
    seen = []

    def probability(grid):
        seen.append(grid)
        return 1 / (1 + np.exp(-grid[:, 0]))

    x = rng.uniform(-1, 1, (10, 2))
    ax = plots.decision(probability, x, (x[:, 0] > 0).astype(int))
    assert seen[0].dtype == np.float32
    assert seen[0].shape[1] == 2
    field = ax.images[0].get_array()
    assert field[0, 0] < 0.5 < field[0, -1]
    assert ax.collections  # the contour


def test_a_plane_without_a_border_is_no_error(rng):
    x = rng.uniform(-1, 1, (10, 2))
    plots.decision(lambda grid: np.ones(len(grid)), x, np.ones(10, int))


def test_lines_that_cannot_be_drawn_are_counted():
    ax = plots.lines(range(4), {"train": [1, np.nan, np.inf, 2], "test": [1, 1, 1, 1]})
    assert ax.get_title(loc="left").startswith("2 values cannot be drawn")
    assert [line.get_linestyle() for line in ax.lines] == ["-", "--"]
    assert len({line.get_color() for line in ax.lines}) == 1
    ax = plots.lines(range(2), {"train": [1, 2], "validation": [1, 1]})
    assert [line.get_linestyle() for line in ax.lines] == ["-", "--"]
    ax = plots.lines(range(3), {"J": [1.0, 0.0, 2.0]}, log=True)
    assert ax.get_title(loc="left").startswith("1 values cannot be drawn")


def test_a_logarithmic_axis_has_plain_numbers_between_powers_of_ten_and_no_crowd():
    def written(low, high):
        ax = plots.lines(range(2), {"J": [low, high]}, log=True)
        ax.set_ylim(low, high)
        return {t.get_text() for t in ax.get_yticklabels(which="both")} - {""}

    assert written(0.15, 6) >= {"0.2", "0.5", "1", "2", "5"}
    assert written(0.5, 0.9) >= {"0.5", "0.6", "0.7", "0.8"}
    assert written(1e-8, 1) <= {"1", "0.1", "0.01", *(f"$10^{{-{k}}}$" for k in range(3, 11)), "10"}


def test_names_at_the_ends_do_not_touch():
    ax = plots.lines(range(2), {"a": [0, 1], "b": [0, 1.001], "c": [0, 5]})
    heights = sorted(t.get_position()[1] for t in ax.texts)
    assert min(np.diff(heights)) > 0.08


def test_names_stay_beside_the_axes_even_when_all_curves_end_at_the_top():
    ax = plots.lines(range(2), {name: [0, 1] for name in "abcd"})
    heights = [t.get_position()[1] for t in ax.texts]
    assert max(heights) <= 1
    assert min(np.diff(sorted(heights))) > 0.08


def test_confusion_counts_rows_as_truth():
    ax = plots.confusion(np.array([0, 0, 1]), np.array([0, 1, 1]), ("a", "b"))
    found = {(t.get_position(), t.get_text()) for t in ax.texts}
    assert found == {((0, 0), "1"), ((1, 0), "1"), ((1, 1), "1")}


def test_images_fill_rows_and_leave_the_rest_blank(rng):
    axes = plots.images(rng.random((5, 4, 4)), list("abcde"), columns=3)
    assert len(axes) == 6
    assert [len(a.images) for a in axes] == [1, 1, 1, 1, 1, 0]


def test_boxes_are_drawn_where_they_are_and_named(rng):
    image = rng.random((8, 12))
    found = {"true": [(1, 2, 5, 7)], "false": ([(0, 0, 2, 2), (3, 3, 9, 8)], ["4", "7"])}
    ax = plots.boxes(image, found)
    assert ax.images[0].get_extent() == [0, 12, 8, 0]
    true, *false = ax.lines
    assert (true.get_linestyle(), {line.get_linestyle() for line in false}) == (":", {"--"})
    assert {*true.get_xdata()} == {1, 5}
    assert {*true.get_ydata()} == {2, 7}
    assert [text.get_text() for text in ax.texts] == ["", "4", "7"]
    with pytest.raises(ValueError, match=r"expected names from .* got 'lost'"):
        plots.boxes(image, {"lost": []})


def test_a_mesh_joins_neighbours_of_both_directions(rng):
    x = rng.random((3, 4, 2))
    drawn = {line.get_xydata().tobytes() for line in plots.mesh(x).lines}
    assert drawn == {x[i].tobytes() for i in range(3)} | {x[:, j].tobytes() for j in range(4)}


def test_arrows_keep_their_directions_and_proportions(rng):
    x, d = rng.random((2, 5, 2))
    quiver = plots.arrows(x, d, longest=0.5).collections[0]
    drawn = np.stack([quiver.U, quiver.V], 1)
    assert np.isclose(np.linalg.norm(drawn, axis=1).max(), 0.5)
    ratio = drawn / d
    assert np.allclose(ratio, ratio[0, 0])


def test_arrows_of_no_length_are_drawn_without_a_warning():
    quiver = plots.arrows(np.ones((2, 2)), np.zeros((2, 2))).collections[0]
    assert not np.any([quiver.U, quiver.V])


def test_a_path_has_its_name_and_begins_at_its_dot():
    way = np.array([[0.0, 1], [2, 3], [1, 1]])
    ax = plots.paths({"way": way})
    line, dot = ax.lines
    assert np.array_equal(line.get_xydata(), way)
    assert np.array_equal(dot.get_xydata(), way[:1])
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["way"]
