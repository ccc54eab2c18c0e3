"""The lab `pooling`: windows and winners, what comes back, the image that moves."""

import numpy as np
import pytest

from dlcore.labs import LabError, Pooling, kernels
from dlcore.labs.pooling import moved
from dlcore.labs.pooling_controls import (
    CASES,
    GAPS,
    GROUND,
    LINE,
    NOTICES,
    ONES,
    OVERLAP,
    OWN,
    TIES,
    WALK,
    WINNERS,
    WITHIN,
)

SETTINGS = [
    {},
    {"size": 3, "stride": 1, "seed": 4, "way": "aslant"},
    {"size": 2, "stride": 3, "image": "checkerboard", "gradient": ONES},
    {"size": 4, "stride": 4, "image": "square", "way": "down"},
    {"size": 3, "stride": 2, "bright": True},
    {"size": 2, "stride": 4, "image": OWN},
]
every = pytest.mark.parametrize("settings", SETTINGS, ids=str)


def run(steps, **settings):
    lab = Pooling(**settings)
    lab.run(steps)
    lab.frame()
    return lab


def by_loops(lab):
    """max, mean, and dx through either, window by window."""
    f, s, n, x, da = lab.values["size"], lab.values["stride"], lab.size, lab.x, lab.da
    largest, mean = np.zeros((n, n)), np.zeros((n, n))
    dx_max, dx_mean = np.zeros((8, 8)), np.zeros((8, 8))
    for i in range(n):
        for j in range(n):
            places = [(s * i + r, s * j + c) for r in range(f) for c in range(f)]
            winner = max(places, key=lambda place: x[place])  # the first one of several
            largest[i, j] = x[winner]
            dx_max[winner] += da[i, j]
            for place in places:
                mean[i, j] += x[place] / f**2
                dx_mean[place] += da[i, j] / f**2
    return largest, mean, dx_max, dx_mean


@every
def test_frames_and_panels_agree(settings, assert_sound):
    arrays = assert_sound(run(3, **settings))
    assert len(arrays["said"]) == arrays["largest"].size


@every
def test_outputs_and_gradients_are_those_of_the_loops(settings):
    lab = run(1, **settings)
    for name, expected in zip(("largest", "mean", "dx_max", "dx_mean"), by_loops(lab), strict=True):
        np.testing.assert_allclose(lab.seen[name], expected, atol=1e-12, err_msg=name)
    assert lab.seen["dx_max"].sum() == pytest.approx(lab.da.sum())
    assert lab.seen["dx_mean"].sum() == pytest.approx(lab.da.sum())


@every
def test_each_account_gives_the_number_it_explains(settings):
    """What the front end does: the sum of left * right over the places, or their maximum."""
    lab = run(1, **settings)
    arrays = lab.static() | lab.frame()
    (panel,) = [p for p in lab.panels() if p["kind"] == "products"]
    first = 0
    for one in panel["sums"]:
        places = arrays[one["places"]].astype(int)
        terms = np.append(arrays[one["left"]].ravel(), 0)[places]
        if "right" in one:
            found = (terms * arrays[one["right"]]).sum((1, 2))
        else:
            found = (terms * arrays[one["mark"]]).sum((1, 2))
            assert (arrays[one["mark"]].sum((1, 2)) == 1).all()
        np.testing.assert_allclose(found, arrays[one["data"]].ravel(), atol=2e-6)
        assert one["first"] == first
        first += len(places)


@every
def test_the_audit_agrees_and_names_the_kinks(settings):
    audit = run(1, **settings).audit()
    assert audit["text"].count("differences agree") == 2
    assert [row[0] for row in audit["rows"]] == ["dx, max pooling", "dx, average pooling"]
    if settings.get("image") == "square":
        assert "a kink of the loss lies within the step" in audit["text"]


def test_the_arithmetic_of_a_maximum_names_its_winner():
    lab = run(0)
    assert lab.frame()["said"][5] == (
        "a_{1,1} = max(0.875, 0.0625, 0.875, 0.3125) = 0.875,   from x_{2,2}, the first of several"
    )
    assert lab.frame()["formula"][2] == "size of a = ⌊(8 − 2) / 2⌋ + 1 = 4"
    assert run(0, size=3, stride=2).frame()["formula"][2].endswith("= ⌊2.5⌋ + 1 = 3")


# ---- the walk


def test_a_step_moves_the_image_by_a_pixel_and_eight_bring_it_back():
    lab = Pooling(way="aslant", image="one dot")
    seen = []
    for _ in range(len(WALK)):
        lab.step()
        seen.append(tuple(np.argwhere(lab.x)[0] - np.argwhere(lab.unmoved)[0]))
    assert seen == [(d, d) for d in (1, 2, 1, 0, -1, -2, -1, 0)]
    assert lab.frame()["far"].tolist() == [0, 0, 0]


def test_what_comes_in_is_like_the_border():
    x = np.arange(64.0).reshape(8, 8)
    np.testing.assert_array_equal(moved(x, 0, 2)[:, :3], x[:, [0, 0, 0]])
    np.testing.assert_array_equal(moved(x, -1, 0)[-2:], x[[7, 7]])
    np.testing.assert_array_equal(moved(x, 1, -1)[1:, :-1], x[:-1, 1:])


@pytest.mark.parametrize("image", ["digit 5", "cross", "digit 0"])
def test_a_move_by_a_stride_moves_the_output_by_a_cell(image):
    lab = run(2, image=image)
    before = run(0, image=image)
    for name in ("largest", "mean"):
        np.testing.assert_allclose(lab.seen[name][:, 1:], before.seen[name][:, :-1])
    assert "moved by a whole stride" in lab.text()
    assert "whole stride" not in run(1, image=image).text()


def test_the_measures_are_of_the_unmoved_image():
    lab, before = run(1), run(0)
    gap = lab.seen["largest"] - before.seen["largest"]
    far = np.linalg.norm(gap) / np.linalg.norm(before.seen["largest"])
    assert lab.frame()["far"][2] == pytest.approx(far)
    assert lab.frame()["same"][2] == pytest.approx(np.mean(gap == 0))
    assert f"{round(np.sum(gap == 0))} of 16 maxima" in lab.text()
    assert before.frame()["same"].tolist() == [1, 1, 1]


# ---- the cases


@pytest.mark.parametrize("case", CASES)
def test_every_case_says_what_to_notice(case):
    lab = Pooling(case=case)
    assert lab.frame()["notice"] == NOTICES[case]
    assert lab.text().startswith("64 pixels have become ")
    lab.step()
    assert lab.text().startswith("Moved by 1 pixel to the right: ")


def test_a_case_chosen_later_is_the_case_chosen_first():
    lab = run(5, size=4)
    for case in reversed(CASES):
        lab.set("case", case)
        first, second = lab.frame(), Pooling(case=case).frame()
        assert all(np.array_equal(first[name], second[name]) for name in first)


def test_winners_get_a_quarter_of_the_pixels_all_of_the_gradient():
    lab = run(0, case=WINNERS)
    assert np.count_nonzero(lab.seen["wins"]) == 16
    np.testing.assert_allclose(lab.seen["dx_mean"][:2, :2], lab.da[0, 0] / 4)


def test_of_equal_numbers_the_first_one_wins():
    lab = run(0, case=TIES)
    np.testing.assert_array_equal(lab.seen["dx_max"][::2, ::2], 1)
    assert lab.seen["dx_max"].sum() == 16
    assert "In 16 of 16 windows" in lab.findings()[0]["text"]


def test_a_dot_within_its_window_changes_nothing():
    assert run(1, case=WITHIN).frame()["far"][1:].tolist() == [0, 0]
    assert run(2, case=WITHIN).frame()["far"][1:].min() > 1


def test_a_thin_line_is_there_and_half_as_much():
    lab = run(0, case=LINE)
    np.testing.assert_array_equal(np.diag(lab.seen["largest"]), 1)
    np.testing.assert_array_equal(np.diag(lab.seen["mean"]), 0.5)


def test_on_a_bright_ground_the_strokes_are_lost():
    dark, bright = run(0, case=WINNERS), run(0, case=GROUND)
    np.testing.assert_allclose(bright.seen["mean"], 1 - dark.seen["mean"])
    assert (bright.seen["largest"] == 1).sum() > 8
    assert bright.seen["largest"].min() > 1 - dark.seen["largest"].max()


def test_an_overlap_adds_up_and_a_gap_is_never_seen():
    lab = run(0, case=OVERLAP)
    assert lab.seen["dx_max"].max() == lab.seen["wins"].max() == 9
    assert "wins 9 of them" in next(f for f in lab.findings() if f["name"] == "overlap")["text"]
    lab = run(0, case=GAPS)
    (found,) = [f for f in lab.findings() if f["name"] == "unseen pixels"]
    assert found["text"].startswith("28 of 64 pixels lie in no window")
    before = lab.seen["largest"].copy(), lab.seen["mean"].copy()
    drawn = lab.x.copy()
    drawn[2::3] = drawn[:, 2::3] = 1
    lab.event("draw", values=drawn.ravel().tolist())
    lab.frame()
    np.testing.assert_array_equal(lab.seen["largest"], before[0])
    np.testing.assert_array_equal(lab.seen["mean"], before[1])


# ---- what the reader does


def test_a_drawing_begins_a_new_walk_and_stays():
    lab = run(3)
    lab.event("draw", values=[k % 2 for k in range(64)])
    assert (lab.t, lab.walked, lab.values["image"]) == (0, 0, OWN)
    lab.run(3)
    lab.reset()
    np.testing.assert_array_equal(lab.x, np.tile([0, 1], (8, 4)))
    lab.set("image", "cross")
    lab.set("image", OWN)
    np.testing.assert_array_equal(lab.unmoved, np.tile([0, 1], (8, 4)))


def test_another_gradient_can_be_sent_in():
    lab = run(2)
    lab.event("gradient", values=[0] * 15 + [9])
    assert (lab.t, lab.values["gradient"]) == (2, OWN)
    lab.frame()
    assert lab.seen["dx_max"].sum() == lab.seen["dx_mean"].sum() == 4
    lab.set("gradient", ONES)
    np.testing.assert_array_equal(lab.da, 1)
    lab.set("gradient", OWN)
    assert lab.da[-1, -1] == 4
    lab.set("size", 3)
    assert lab.da.shape == (3, 3)
    with pytest.raises(LabError, match=r"^values: expected 9 numbers, got \[1\]$"):
        lab.event("gradient", values=[1])
    with pytest.raises(LabError, match=r"^pooling: there is no event called 'kernel'$"):
        lab.event("kernel", values=[1])


def test_the_seed_draws_the_gradient():
    assert not np.array_equal(Pooling(seed=1).da, Pooling(seed=2).da)
    np.testing.assert_array_equal(Pooling(seed=1).da, Pooling(seed=1).da)


@pytest.mark.parametrize("settings", [s for s in SETTINGS if s.get("image") != OWN], ids=str)
def test_both_programs_walk_as_the_lab_does(settings):
    lab, expected = Pooling(**settings), []
    for _ in range(11):
        lab.step()
        expected.append(lab.frame()["far"][1:])
    for kind, program in lab.code().items():
        found = {}
        exec(compile(program, "program", "exec"), found)
        np.testing.assert_allclose(found["far"], expected, atol=1e-6, err_msg=kind)
        for name in ("dx_max", "dx_mean"):
            np.testing.assert_allclose(found[name][0, 0], lab.seen[name], atol=1e-12, err_msg=kind)
        assert len(program.splitlines()) <= 42
        assert max(map(len, program.splitlines())) <= 100


def test_a_picture_is_one_of_the_kernels_module():
    np.testing.assert_array_equal(Pooling(image="cross").x, kernels.cross())
