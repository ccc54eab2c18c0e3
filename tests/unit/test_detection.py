"""Boxes, their overlap, suppression, the grid's targets and loss, precision and recall."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import dlcore as dl
from dlcore import detection as det
from dlcore.gradcheck import gradcheck
from dlcore.layers import Layer
from dlcore.model import folded, grid_detector


def counted(a, b, n=24):
    """IoU of two boxes of whole numbers by counting pixels."""
    inside = np.zeros((2, n, n), bool)
    for k, (x0, y0, x1, y1) in enumerate((a, b)):
        inside[k, y0:y1, x0:x1] = True
    return inside.all(0).sum() / inside.any(0).sum()


sides = st.tuples(st.integers(0, 22), st.integers(1, 12))
box = st.builds(lambda x, y: (x[0], y[0], min(x[0] + x[1], 24), min(y[0] + y[1], 24)), sides, sides)


@given(box, box)
def test_iou_is_the_share_of_pixels_in_both(a, b):
    assert det.iou([a], [b])[0, 0] == pytest.approx(counted(a, b))
    assert det.iou([a], [b]) == pytest.approx(det.iou([b], [a]))


def test_iou_is_a_table_of_every_box_with_every_box():
    a, b = [(0, 0, 2, 2), (0, 0, 1, 1)], [(0, 0, 2, 2), (1, 1, 3, 3), (5, 5, 6, 6)]
    np.testing.assert_allclose(det.iou(a, b), [[1, 1 / 7, 0], [1 / 4, 0, 0]])
    assert det.iou([], b).shape == (0, 3)
    assert det.iou(a, []).shape == (2, 0)


@pytest.mark.parametrize(
    ("boxes", "said"),
    [
        ([(0, 0, 0, 2)], r"expected x0 < x1 and y0 < y1, got \(0.0, 0.0, 0.0, 2.0\) in a\[0\]"),
        ([(0, 2, 2, 1)], "expected x0 < x1 and y0 < y1"),
        ([(0, 0, 1)], r"expected a \(n, 4\), got \(1, 3\)"),
        ([(0, 0, np.nan, 1)], "expected finite numbers, got nan"),
    ],
)
def test_a_box_without_an_inside_is_refused(boxes, said):
    with pytest.raises(ValueError, match=f"iou: {said}"):
        det.iou(boxes, [(0, 0, 1, 1)])


BOXES = [(0, 0, 10, 10), (1, 1, 11, 11), (20, 20, 30, 30), (0, 0, 10, 5)]
SCORES = [0.8, 0.9, 0.7, 0.6]


def test_suppression_keeps_the_best_of_each_heap():
    assert det.nms(BOXES, SCORES, 0.3).tolist() == [1, 2]
    steps = [(kept, gone.tolist()) for kept, gone in det.nms_steps(BOXES, SCORES, 0.3)]
    assert steps == [(1, [0, 3]), (2, [])]


def test_a_threshold_of_1_suppresses_nothing_and_equals_keep_the_first():
    assert det.nms(BOXES, [0.5] * 4, 1).tolist() == [0, 1, 2, 3]
    assert det.nms([], []).tolist() == []


def test_an_iou_that_is_the_threshold_is_enough_to_be_right_and_not_to_be_suppressed():
    whole, half = (0, 0, 2, 1), (0, 0, 1, 1)
    assert det.nms([whole, half], [0.9, 0.8], 0.5).tolist() == [0, 1]
    assert det.match([half], [0.9], [whole], 0.5)[0].tolist() == [True]


@given(st.lists(box, max_size=8), st.floats(0.1, 0.9), st.integers(0, 99))
def test_what_is_kept_overlaps_little_and_what_is_not_overlaps_much(boxes, threshold, seed):
    scores = np.random.default_rng(seed).random(len(boxes))
    kept = det.nms(boxes, scores, threshold)
    overlap = det.iou(boxes, boxes)
    among = overlap[np.ix_(kept, kept)]
    assert (among[~np.eye(len(kept), dtype=bool)] <= threshold).all()
    for k in set(range(len(boxes))) - set(kept.tolist()):
        assert any(overlap[k, o] > threshold and scores[o] >= scores[k] for o in kept)


# ------------------------------------------------------------------------------------- the grid

TRUTH = [np.array([(2, 3, 12, 9), (20, 16, 30, 31)]), np.zeros((0, 4))]
LABELS = [np.array([1, 2]), np.array([], int)]


def perfect(y, classes):
    """Logits of a detector that is right and sure."""
    N, _, G, _ = y.shape
    z = np.full((N, 5 + classes, G, G), -20.0)
    z[:, 0] = np.where(y[:, 0] > 0, 20, -20)
    z[:, 1:5] = y[:, 1:5]
    for c in range(classes):
        z[:, 5 + c][y[:, 5] == c] = 20
    return z


def test_the_cell_of_the_centre_answers():
    y = det.grid_targets(TRUTH, LABELS, size=32, stride=8)
    assert y.shape == (2, 6, 4, 4)
    assert np.argwhere(y[:, 0]).tolist() == [[0, 0, 0], [0, 2, 3]]  # image, row, column
    np.testing.assert_allclose(y[0, :, 0, 0], [1, 7 / 8, 6 / 8, np.log(10 / 8), np.log(6 / 8), 1])


def test_what_targets_say_can_be_read_back():
    y = det.grid_targets(TRUTH, LABELS, 32, 8)
    boxes, scores, labels = det.grid_boxes(perfect(y, 3), 8, 32)
    best = np.argsort(-scores[0])[:2]
    order = best[np.argsort(best)]
    np.testing.assert_allclose(boxes[0, order], TRUTH[0], atol=1e-5)
    assert labels[0, order].tolist() == [1, 2]
    assert (scores[0, order] > 0.99).all()
    assert (scores[1] < 0.01).all()


def test_of_two_objects_in_one_cell_the_larger_is_kept():
    truth = [np.array([(0, 0, 8, 8), (3, 3, 5, 5)])]
    y = det.grid_targets(truth, [np.array([4, 7])], 16, 8)
    assert y[0, 5, 0, 0] == 4


def test_the_loss_of_a_perfect_answer_is_nearly_0():
    y = det.grid_targets(TRUTH, LABELS, 32, 8).astype(float)
    J, dz = det.grid_loss(perfect(y, 3), y)
    assert J < 1e-6
    assert abs(dz).max() < 1e-6


def literally(z, y, weight):
    """The loss by loops."""
    N, _, G, _ = z.shape
    all_cells, with_object = [], []
    for n, i, j in np.ndindex(N, G, G):
        p = 1 / (1 + np.exp(-z[n, 0, i, j]))
        all_cells.append(-np.log(p if y[n, 0, i, j] else 1 - p))
        if y[n, 0, i, j]:
            box = sum((z[n, c, i, j] - y[n, c, i, j]) ** 2 for c in range(1, 5))
            e = np.exp(z[n, 5:, i, j])
            with_object.append(weight * box - np.log(e[int(y[n, 5, i, j])] / e.sum()))
    return np.mean(all_cells) + (np.mean(with_object) if with_object else 0)


@pytest.mark.parametrize("weight", [0.0, 1.0, 2.5])
def test_the_loss_is_its_formula(rng, weight):
    y = det.grid_targets(TRUTH, LABELS, 32, 8).astype(float)
    z = rng.normal(size=(2, 8, 4, 4))
    assert det.grid_loss(z, y, weight)[0] == pytest.approx(literally(z, y, weight))


@pytest.mark.parametrize("empty", [False, True])
def test_the_gradient_of_the_loss_agrees_with_central_differences(rng, empty):
    y = det.grid_targets(TRUTH, LABELS, 32, 8).astype(float)
    y = y[1:] if empty else y
    net, z = Layer(), rng.normal(size=(len(y), 8, 4, 4))
    net.forward = lambda x: (x, None)
    net.backward = lambda dy, cache, need_dx=True: (dy, {})
    assert gradcheck(net, z, rng=rng, loss=lambda z: det.grid_loss(z, y)).worst < 1e-6


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: det.grid_targets(TRUTH, LABELS, 30, 8), "a multiple of stride, got 30 and 8"),
        (lambda: det.grid_targets(TRUTH, LABELS[:1], 32, 8), "as many boxes as labels"),
        (lambda: det.grid_targets(TRUTH, [[1], []], 32, 8), "a label for each of 2 boxes, got 1"),
        (lambda: det.grid_targets(TRUTH, LABELS, 16, 8), "the centre of .* is outside the image"),
        (lambda: det.grid_loss(np.zeros((1, 5, 2, 2)), None), r"expected z \(N, 5 \+ K, G, G\)"),
        (lambda: det.grid_boxes(np.zeros((5, 2)), 8, 32), r"expected z \(N, 5 \+ K, G, G\)"),
        (lambda: det.nms(BOXES, [1, 2]), r"expected a score for each of 4 boxes, got \(2,\)"),
        (lambda: det.nms(BOXES, SCORES, -1), "threshold to be a number >= 0, got -1"),
    ],
)
def test_bad_input_is_one_clear_line(call, said):
    with pytest.raises(ValueError, match=said) as caught:
        call()
    assert "\n" not in str(caught.value)


# ------------------------------------------------------------------------------------ how good


def test_a_second_detection_of_one_object_is_wrong():
    truth = [(0, 0, 10, 10), (20, 20, 30, 30)]
    right, order = det.match(BOXES, SCORES, truth)
    assert order.tolist() == [1, 0, 2, 3]
    assert right.tolist() == [True, False, True, False]
    assert det.match(BOXES, SCORES, [])[0].any() == np.False_


def test_precision_and_recall_fall_and_rise_with_what_is_accepted():
    right, scores = [True, False, True], [0.9, 0.8, 0.7]
    precision, recall = det.precision_recall(right, scores, objects=4)
    np.testing.assert_allclose(precision, [1, 1 / 2, 2 / 3])
    np.testing.assert_allclose(recall, [1 / 4, 1 / 4, 1 / 2])
    np.testing.assert_allclose(det.f1(precision, recall), [0.4, 1 / 3, 4 / 7])
    assert det.f1(np.array([0.0]), np.array([0.0])) == 0


def test_each_detection_takes_one_true_box_and_only_of_its_class():
    truth = [(0, 0, 10, 10), (1, 1, 11, 11)]
    taken, order = det.assign(BOXES, SCORES, truth)
    assert order.tolist() == [1, 0, 2, 3]
    assert taken.tolist() == [1, 0, -1, -1]
    taken, _ = det.assign(BOXES, SCORES, truth, 0.5, [7, 8, 0, 7], [8, 7])
    assert taken.tolist() == [0, 1, -1, -1]
    assert det.assign(BOXES, SCORES, truth, 0.0)[0].tolist() == [1, 0, -1, -1]


def found(*rows):
    boxes, scores, labels = zip(*rows, strict=True) if rows else ([], [], [])
    return det.Found(np.reshape(boxes, (-1, 4)), np.array(scores), np.array(labels, int))


def test_detections_of_many_images_are_judged_image_by_image():
    here = [found(((0, 0, 9, 9), 0.9, 3), ((0, 0, 8, 9), 0.4, 3)), found(), found()]
    truth = [np.array([(0, 0, 9, 9)])] * 2 + [np.zeros((0, 4))]
    right, scores = det.match_all(here, truth)
    assert (right.tolist(), scores.tolist()) == ([True, False], [0.9, 0.4])
    right, _ = det.match_all(here, truth, [np.array([4]), np.array([3]), np.array([], int)])
    assert right.tolist() == [False, False]
    with pytest.raises(ValueError, match="each of 3 images, got 1 and 1"):
        det.match_all(here, truth[:1])


# ------------------------------------------------------------------------------- the network


def test_the_grid_detector_answers_for_every_cell(rng):
    net = grid_detector(7, widths=(4, 6, 5), rng=rng)
    x = rng.random((2, 1, 24, 32)).astype(np.float32)
    assert net(x).shape == (2, 12, 6, 8)
    report = gradcheck(grid_detector(2, widths=(2, 3, 2), rng=rng), x[:, :, :8, :8], rng=rng)
    assert report.worst < 1e-5


def test_detections_are_likely_boxes_that_suppression_keeps():
    y = det.grid_targets(TRUTH, LABELS, 32, 8)
    z = perfect(y, 3)
    z[0, :5, 0, 1] = 2, -0.2, 0.75, *y[0, 3:5, 0, 0]  # nearly the box of the cell to the left
    one, none = det.detections(z, 8, 32)
    assert one.labels.tolist() in ([1, 2], [2, 1])
    assert len(none.boxes) == 0
    assert len(det.detections(z, 8, 32, overlap=0.95)[0].boxes) == 3
    assert len(det.detections(z, 8, 32, least=0.0)[1].boxes) == 16


def test_a_box_outside_the_image_is_no_detection():
    y = det.grid_targets(TRUTH, LABELS, 32, 8)
    z = perfect(y, 3)
    z[0, 1, 0, 0] = -50
    assert det.detections(z, 8, 32)[0].labels.tolist() == [2]


def test_folded_into_the_convolution_it_predicts_the_same(rng):
    net = dl.Sequential(
        dl.Conv2d(1, 3, 3, padding=1, rng=rng),
        dl.BatchNorm(3, eps=0.5),
        dl.ReLU(),
        dl.Conv2d(3, 2, 1, rng=rng),
    )
    x = rng.normal(size=(4, 1, 6, 6)).astype(np.float32)
    for _ in range(20):
        net.forward(3 * x + 1)
    net.params["1.gamma"] = np.float32([0.5, 2, -1])
    net.params["1.beta"] = np.float32([1, 0, 0.3])
    plain = folded(net)
    assert [type(layer) for layer in plain.layers] == [dl.Conv2d, dl.ReLU, dl.Conv2d]
    np.testing.assert_allclose(plain(x), net(x), atol=1e-5)
    assert not np.shares_memory(plain.layers[0].W, net.layers[0].W)
    with pytest.raises(ValueError, match="folded: expected a Conv2d before each BatchNorm"):
        folded(dl.Sequential(dl.BatchNorm(2)))
