"""The lab `detector`: real answers of a trained network, and what thresholds make of them."""

import numpy as np
import pytest

from dlcore import data, detection
from dlcore.gradcheck import gradcheck
from dlcore.labs import Detector, LabError, detector, trained
from dlcore.labs.detector_controls import CANVASES, CASES, NOTICE, OWN, PARTS
from dlcore.labs.detector_panels import (
    ANSWER,
    DROPPED,
    FALSE,
    KEPT,
    MISSED,
    RIGHT,
    SUPPRESSED,
)


def run(steps, **settings):
    lab = Detector(**settings)
    lab.run(steps)
    lab.frame()
    return lab


def names(lab):
    return [finding["name"] for finding in lab.doctor()]


def count(lab, kind):
    return int((lab.frame()["kinds"] == kind).sum())


# ---- the network


@pytest.mark.parametrize(("steps", "least", "most"), [(3000, 0.80, 1.0), (150, 0.05, 0.6)])
def test_the_weights_score_as_they_should_on_canvases_never_seen(steps, least, most):
    canvases = data.digit_canvases(200, "test", rng=np.random.default_rng(99))
    found = detection.detections(trained.detector(steps)(canvases.x), 8, 48)
    right, scores = detection.match_all(found, canvases.boxes, canvases.labels)
    curve = detection.precision_recall(right, scores, sum(map(len, canvases.boxes)))
    assert least < detection.f1(*curve).max() < most


def test_weights_are_packed_within_half_a_step(rng):
    w = rng.normal(size=(5, 3, 2, 2)) * 10.0 ** np.arange(-2, 3)[:, None, None, None]
    for array in (w, w[:, 0, 0, 0]):
        packed = trained.pack("w", array.astype(np.float32))
        assert packed["w"].dtype == np.int8
        error = np.abs(trained.unpack(packed, "w") - array).reshape(5, -1).max(1)
        assert (error <= packed["w.scale"] * 0.501).all()


def test_other_weights_than_there_are_are_refused():
    with pytest.raises(ValueError, match="one of \\(150, 3000\\), got 7"):
        trained.detector(7)


# ---- what is seen


SETTINGS = [
    {},
    {"case": "hardly begun to learn"},
    {"score": 0.01, "overlap": 0.0, "seed": 3},
    {"score": 0.99, "classes": False, "canvas": 50},
    {"picture": OWN, "iou": 0.95, "overlap": 1.0, "part": "class"},
]
every = pytest.mark.parametrize("settings", SETTINGS, ids=str)


@every
@pytest.mark.parametrize("steps", [0, 1, 2, 3, 9])
def test_frames_and_panels_agree(settings, steps, assert_sound):
    lab = run(steps, **settings)
    arrays = assert_sound(lab)
    assert arrays["boxes"].shape == (36, 4)
    assert arrays["kinds"].shape == (36,)
    assert len(arrays["tags"]) == 36
    assert arrays["picture"].shape == arrays["dx"].shape == (48, 48)
    assert 0 <= arrays["picture"].min() <= arrays["picture"].max() <= 1
    assert np.abs(arrays["dx"]).max() == pytest.approx(1)
    assert [len(arrays[n]) for n in ("answer", "share", "target", "dz")] == [15] * 4


def test_the_outcome_is_that_of_the_book():
    lab = run(0, score=0.4)
    (found,) = detection.detections(lab.z[:1], 8, 48, least=0.4)
    assert lab.seen.boxes[lab.seen.kept] == pytest.approx(found.boxes)
    taken, _ = detection.assign(
        *found[:2], lab.held_out.boxes[0], 0.5, found.labels, lab.held_out.labels[0]
    )
    assert list(lab.seen.taken.values()) == taken.tolist()
    assert count(lab, RIGHT) == (taken >= 0).sum()
    assert count(lab, FALSE) == (taken < 0).sum()


@pytest.mark.parametrize("settings", [{}, {"classes": False, "iou": 0.7, "overlap": 0.2}], ids=str)
def test_the_point_on_the_curve_is_what_the_least_score_accepts(settings):
    for least in (0.05, 0.3, 0.5, 0.9):
        lab = run(0, score=least, **settings)
        v, (_, boxes, labels) = lab.values, lab.held_out
        found = detection.detections(lab.z, 8, 48, least, v["overlap"])
        right, _ = detection.match_all(found, boxes, labels if v["classes"] else None, v["iou"])
        expected = right.sum() / sum(map(len, boxes)), right.mean()
        np.testing.assert_allclose(lab.frame()["here"][0], expected, rtol=1e-6)
        curve = lab.frame()["curve"]
        assert np.abs(curve - lab.frame()["here"]).max(1).min() < 1e-6


def test_a_reading_goes_from_all_answers_to_the_outcome_and_on_to_the_next_canvas():
    lab = run(0, case="hardly begun to learn")
    look, seen = lab.look(), []
    for _ in range(len(look.steps) + 3):
        lab.step()
        seen.append((lab.values["canvas"], lab.phase))
    rounds = [(1, k) for k in range(len(look.steps) + 2)]
    assert seen == [*rounds, (1, None)]
    lab.step()
    assert (lab.values["canvas"], lab.phase) == (2, 0)


def test_each_step_keeps_the_best_that_is_left_and_suppresses_its_neighbours():
    lab = run(1, score=0.05, overlap=0.2)
    likely, steps = lab.look().likely, lab.look().steps
    assert count(lab, DROPPED) + count(lab, ANSWER) == 36
    assert count(lab, ANSWER) == len(likely)
    lab.step()
    assert count(lab, DROPPED) == 0
    left = set(likely.tolist())
    for k, (kept, gone) in enumerate(steps, 1):
        lab.step()
        assert kept == max(left, key=lambda answer: lab.seen.scores[answer])
        near = [g for g in left - {kept} if lab.seen.overlap(kept, g) > 0.2]
        assert sorted(gone) == sorted(near)
        left -= {kept, *gone}
        assert (count(lab, KEPT), count(lab, ANSWER)) == (k, len(left))
        assert lab.text().startswith("Canvas 1: of those left, ")
    lab.step()
    assert count(lab, SUPPRESSED) == sum(len(gone) for _, gone in steps)


def test_the_thresholds_show_the_outcome_at_once():
    lab = run(2)
    assert lab.phase == 1
    lab.set("score", 0.6)
    assert lab.phase is None
    assert (lab.t, lab.text().startswith("Canvas 1: ")) == (2, True)


def test_from_the_last_canvas_it_goes_to_the_first():
    lab = run(1, canvas=CANVASES)
    while lab.phase is not None:
        lab.step()
    lab.step()
    assert lab.values["canvas"] == 1


# ---- the chosen cell


@pytest.mark.parametrize("part", PARTS)
def test_the_gradient_of_a_cell_is_that_of_the_loss_through_this_cell_alone(part):
    lab = run(0, part=part)
    lab.event("select", row=2, column=3)
    lab.frame()
    look, channels = lab.seen, PARTS[part]
    y = detection.grid_targets([look.truth], [look.names], 48, 8).astype(float)
    net = lab.net.astype(np.float64)
    fixed = net(look.x.astype(float))

    def loss(z):
        """Only the chosen part of the chosen cell moves."""
        moved = fixed.copy()
        moved[0, channels, 2, 3] = z[0, channels, 2, 3]
        J, dz = detection.grid_loss(moved, y)
        only = np.zeros_like(dz)
        only[0, channels, 2, 3] = dz[0, channels, 2, 3]
        return J, only

    report = gradcheck(net, look.x, rng=np.random.default_rng(0), loss=loss, most=12)
    assert next(row for row in report.rows if row.name == "x").error < 1e-4
    z, cache = net.forward(look.x.astype(float))
    dx, _ = net.backward(loss(z)[1], cache)
    np.testing.assert_allclose(lab.dx, dx[0, 0], atol=1e-6 * np.abs(dx).max() + 1e-9)


def test_in_an_empty_cell_only_the_object_has_a_gradient():
    lab = run(0)
    y = detection.grid_targets([lab.seen.truth], [lab.seen.names], 48, 8)[0, 0]
    for filled in (False, True):
        row, column = np.argwhere(y == filled)[0]
        lab.event("select", row=int(row), column=int(column))
        frame = lab.frame()
        assert (frame["target"][1] != "–") == filled
        assert (np.abs(frame["dz"][1:]).max() > 0) == filled
        said = frame["about_cell"][5]
        assert ("here a digit has its middle" in said) == filled


def test_the_arithmetic_of_a_cell_gives_its_box():
    lab = run(0)
    row, column = lab.cell()
    box = lab.seen.boxes[6 * row + column]
    cell, answer = lab.frame()["chosen"]
    np.testing.assert_allclose(cell, [8 * column, 8 * row, 8 * column + 8, 8 * row + 8])
    np.testing.assert_allclose(answer, box, rtol=1e-6)
    lines = lab.frame()["about_cell"]
    said = [float(part.split(" = ")[-1]) for line in lines[3:5] for part in line.split(",   ")]
    middle, sides = (box[:2] + box[2:]) / 2, box[2:] - box[:2]
    if box.min() > 0 and box.max() < 48:  # not cut off at the edge
        np.testing.assert_allclose(said, [*middle, *sides], atol=2e-3)


@pytest.mark.parametrize("what", [{"row": 6, "column": 0}, {"row": "a", "column": 0}, {"row": 1}])
def test_a_cell_that_is_not_there_is_refused(what):
    with pytest.raises(LabError, match="expected a cell, 0 to 5, got"):
        run(0).event("select", **what)


# ---- cases, words and the doctor


def test_the_names_of_cases_fit_their_control():
    assert max(map(len, CASES)) <= 22


def test_every_case_says_what_to_notice_while_it_is_as_it_was_chosen():
    assert NOTICE.keys() == CASES.keys()
    for name in CASES:
        lab = Detector(case=name)
        assert lab.text() == NOTICE[name]
        lab.step()
        assert lab.text() != NOTICE[name]
    other = Detector(seed=3)
    assert other.text().startswith("Canvas 1: 2 of 3 digits found"), "not three, as with seed 0"
    assert Detector(seed=3, case="two of your own").text() == NOTICE["two of your own"]


def test_what_is_said_of_the_cases_is_so():
    good = run(0)
    assert (len(good.seen.truth), count(good, RIGHT), count(good, FALSE)) == (3, 3, 0)
    twice = run(0, case="one digit found twice")
    assert "found twice" in names(twice)
    twice.set("overlap", 0.5)
    assert "found twice" not in names(twice)
    assert count(twice, SUPPRESSED) > 0
    wrong = run(0, case="right box, wrong class")
    assert "wrong class" in names(wrong)
    wrong.set("classes", False)
    assert (count(wrong, FALSE), len(wrong.seen.missed)) == (0, 0)
    low = run(0, case="missed, but only just")
    assert "score too low" in names(low)
    assert (low.frame()["truth_kinds"] == MISSED).any()
    low.set("score", 0.2)
    assert not (low.frame()["truth_kinds"] == MISSED).any()
    clutter = run(0, case="clutter as a digit")
    false = [k for k in clutter.seen.kept if clutter.seen.taken[k] < 0]
    assert any(clutter.seen.nearest(k)[1] < 0.1 for k in false)
    assert names(clutter) == ["false alarm"]
    clutter.set("score", 0.5)
    assert count(clutter, FALSE) == 0
    begun, late = run(0, case="hardly begun to learn"), run(0, score=0.1)
    assert begun.point[0] < late.point[0]
    assert begun.point[1] < late.point[1]
    named = begun.point[1]
    begun.set("classes", False)
    begun.frame()
    assert 0.3 < begun.point[1] < 0.6, "it boxes some of the digits"
    assert named / begun.point[1] == pytest.approx(0.5, abs=0.1), "and names about half of those"
    allowed = run(0, case="one digit found twice")
    recall = allowed.point[1]
    allowed.set("overlap", 0.0)
    allowed.frame()
    assert allowed.point[1] < recall, "of neighbours, some suppress each other"


def test_the_counts_are_those_of_the_held_out_canvases():
    lab = run(0)
    accepted = lab.scores >= 0.5
    hits, n = lab.right[accepted].sum(), accepted.sum()
    numbers = lab.frame()["numbers"]
    assert numbers[2].startswith(f"P = precision = right / accepted = {hits} / {n} = ")
    assert numbers[3].startswith(f"R = recall = right / digits = {hits} / {lab.objects} = ")
    assert numbers[4].startswith("F_1 = 2 P R / (P + R) = ")
    assert lab.objects == sum(map(len, lab.held_out.boxes))


@pytest.mark.parametrize("settings", [{}, {"iou": 0.8}, {"overlap": 0.0}, {"score": 0.9}], ids=str)
def test_every_missed_digit_is_named_once(settings):
    lab, why = Detector(**settings), ("wrong class", "a neighbour suppressed", "score too low")
    for canvas in range(1, CANVASES + 1):
        lab.set("canvas", canvas)
        said = [name for name in names(lab) if name in (*why, "missed")]
        assert len(said) == len(lab.seen.missed), canvas


def test_nothing_left_is_named():
    lab = run(0, score=0.99, case="hardly begun to learn")
    lab.set("score", 0.99)
    assert names(lab)[0] == "nothing left"
    assert lab.frame()["numbers"][4] == "F_1 = 0"


# ---- own canvases


def test_an_own_canvas_has_its_pieces_and_they_outlive_a_reset():
    lab = run(0, picture=OWN)
    assert lab.static()["pieces"].shape == (3, 2)
    assert lab.static()["cells"][8].tolist() == [16, 8, 24, 16]
    assert lab.seen.names.tolist() == [9, 4]
    lab.set("piece", "5")
    assert lab.event("add", x=6, y=40)
    np.testing.assert_allclose(lab.static()["pieces"][3], (6, 38), atol=4)
    before = lab.frame()["picture"]
    lab.event("drag", index=0, x=-5, y=99)
    box = lab.frame()["truth"][0]
    assert (box[0], box[3]) == (0, 48), "it stays on the canvas"
    assert not np.array_equal(before, lab.frame()["picture"])
    lab.event("remove", index=1)
    lab.reset()
    assert lab.look().names.tolist() == [9, 5]
    lab.event("clear")
    assert lab.frame()["truth"].shape == (0, 4)
    assert lab.text().startswith("Your canvas: 0 of 0 digits found")
    lab.set("case", "two of your own")
    assert lab.look().names.tolist() == [9, 4]


def test_two_of_your_own_are_found_until_one_suppresses_the_other_or_shares_its_cell():
    lab = run(0, case="two of your own")
    assert (count(lab, RIGHT), count(lab, FALSE)) == (2, 0)
    assert lab.seen.scores[lab.seen.kept].min() > 0.9
    assert lab.doctor() == []
    lab.event("drag", index=1, x=20, y=22)
    assert lab.frame()["truth"].shape == (2, 4)
    assert (count(lab, RIGHT), count(lab, SUPPRESSED)) == (1, 1)
    assert names(lab) == ["a neighbour suppressed"]
    lab.event("drag", index=1, x=14, y=20)
    middles = lab.frame()["truth"].reshape(2, 2, 2).mean(1) // 8
    assert middles[0].tolist() == middles[1].tolist()
    assert (count(lab, RIGHT), count(lab, SUPPRESSED)) == (1, 0)
    assert names(lab) == ["missed"]


def test_a_piece_keeps_its_picture_while_others_come_and_go():
    lab = run(0, picture=OWN)
    kept = lab.own.parts(detector.digits())[0][1][0]
    lab.event("remove", index=0)
    lab.event("add", x=5, y=5)
    np.testing.assert_array_equal(lab.own.parts(detector.digits())[0][0][0], kept)


def test_own_pieces_have_limits():
    lab = run(0)
    with pytest.raises(LabError, match="add: choose the pictures “your own”"):
        lab.event("add", x=1, y=1)
    lab = run(0, picture=OWN)
    for _ in range(5):
        lab.event("add", x=20, y=20)
    with pytest.raises(LabError, match="8 pieces are the most"):
        lab.event("add", x=1, y=1)
    with pytest.raises(LabError, match="index: expected a point, 0 to 7, got 8"):
        lab.event("drag", index=8, x=1, y=1)
    with pytest.raises(LabError, match="x: expected a number, got None"):
        lab.event("drag", index=0, y=1)


def test_where_the_digits_cannot_be_had_the_lab_says_so():
    def offline(name):
        raise OSError("the server could not be reached")

    detector.digits.cache_clear()
    data.use(offline)
    try:
        with pytest.raises(LabError, match=r"^data: .* could not be reached$"):
            Detector()
    finally:
        data.use(None)
    assert Detector().t == 0


# ---- programs, audit


@every
def test_both_programs_give_the_numbers_of_the_lab(settings):
    lab = run(3, **settings)
    lab.set("score", max(lab.values["score"], 0.05))
    lab.event("select", row=1, column=4)
    if lab.is_own:
        lab.event("add", x=40, y=40)
    lab.frame()
    for kind, program in lab.code().items():
        found = {}
        exec(compile(program, "program", "exec"), found)
        assert len(program.splitlines()) <= 40
        assert max(map(len, program.splitlines())) <= 100
        assert found["J"] == pytest.approx(lab.J, abs=1e-5), kind
        assert (found["precision"], found["recall"]) == pytest.approx(lab.point), kind
        np.testing.assert_allclose(found["dx"][0, 0], lab.dx, atol=1e-5, err_msg=kind)


@every
def test_the_audit_agrees(settings):
    assert "agree:" in run(1, **settings).audit()["text"]
