"""The exercises of chapters/cnn: their references are what dlcore computes, the numbers in the
notebook are right, and its last part works with the functions that the reader has written."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

import dlcore as dl
from dlcore import detection
from dlcore.exercises import EXERCISES

NOTEBOOK = Path(__file__).parents[2] / "chapters/cnn/exercises.ipynb"
F = {e.name.split(".")[1]: e.reference for e in EXERCISES.values() if e.name.startswith("cnn.")}


def cases(name):
    return EXERCISES[f"cnn.{name}"].draw()


def layer(W, b=0.0, s=1):
    """A Conv2d with this kernel (f, f)."""
    conv = dl.Conv2d(1, 1, len(W), s, rng=np.random.default_rng(0), dtype=np.float64)
    conv.W, conv.b = W[None, None], np.array([b])
    return conv


def test_parameters_are_those_of_the_layer(rng):
    for n_in, n_out, f in cases("parameters"):
        conv = dl.Conv2d(n_in, n_out, f, rng=rng)
        assert F["parameters"](n_in, n_out, f) == sum(w.size for w in conv.params.values())


def test_output_size_is_that_of_the_layer(rng):
    for n, f, s, p in cases("output_size"):
        z = dl.Conv2d(1, 1, f, s, p, rng=rng)(np.zeros((1, 1, n, n), np.float32))
        assert z.shape[2:] == (F["output_size"](n, f, s, p),) * 2


def test_correlate_is_the_layer():
    for x, W, b in cases("correlate"):
        z = layer(W, b)(x.astype(float)[None, None])
        np.testing.assert_allclose(F["correlate"](x, W, b), z[0, 0], atol=1e-12)


def test_kernel_gradient_is_the_layers_backward(rng):
    for x, dz in cases("kernel_gradient"):
        dW, db = F["kernel_gradient"](x, dz)
        conv = layer(rng.standard_normal(dW.shape))
        _, cache = conv.forward(x[None, None])
        _, grads = conv.backward(dz[None, None], cache)
        np.testing.assert_allclose(dW, grads["W"][0, 0])
        assert np.allclose(db, grads["b"])


def test_input_gradient_is_the_layers_backward():
    for dz, W in cases("input_gradient"):
        dx = F["input_gradient"](dz, W)
        conv = layer(W)
        _, cache = conv.forward(np.zeros((1, 1, *dx.shape)))
        np.testing.assert_allclose(dx, conv.backward(dz[None, None], cache)[0][0, 0], atol=1e-12)


def test_pooling_and_its_backward_are_the_layer():
    for x, f, s in cases("max_pool"):
        y, cache = dl.MaxPool2d(f, s).forward(x[None, None])
        mine, winner = F["max_pool"](x, f, s)
        np.testing.assert_array_equal(mine, y[0, 0])
        np.testing.assert_array_equal(winner, cache[0][:, :, 0, 0])
    for x, dy, f, s in cases("max_pool_back"):
        pool = dl.MaxPool2d(f, s)
        dx, _ = pool.backward(dy[None, None], pool.forward(x[None, None])[1])
        np.testing.assert_allclose(F["max_pool_back"](x, dy, f, s), dx[0, 0])


def test_receptive_field_is_where_the_gradient_goes(rng):
    for kernels, strides in cases("receptive_field"):
        R = F["receptive_field"](kernels, strides)
        convs = [layer(np.ones((f, f)), s=s) for f, s in zip(kernels, strides, strict=True)]
        net = dl.Sequential(*convs)
        z, cache = net.forward(np.zeros((1, 1, R, R)))
        assert z.shape == (1, 1, 1, 1)
        assert np.all(net.backward(np.ones((1, 1, 1, 1)), cache)[0] > 0)


def test_iou_and_nms_are_the_detectors():
    for a, b in cases("iou"):
        assert F["iou"](a, b) == pytest.approx(detection.iou(a[None], b[None]).item())
    rng = np.random.default_rng(3)
    for threshold in (0.2, 0.5, 0.8):
        corner, size = rng.uniform(0, 6, (20, 2)), rng.uniform(2, 6, (20, 2))
        boxes, scores = np.concatenate([corner, corner + size], 1), rng.permutation(20) / 20
        mine = F["nms"](detection.iou(boxes, boxes), scores, threshold)
        np.testing.assert_array_equal(mine, detection.nms(boxes, scores, threshold))


# ------------------------------------------------------------------------------ the notebook


def test_numbers_in_the_notebook():
    assert F["parameters"](3, 8, 5) == 608
    assert pytest.approx(5e6, rel=0.02) == 28 * 28 * (28 * 28 + 1) * 8
    assert F["output_size"](7, 3, 2, 0) == 3
    assert {F["output_size"](n, f, 1, (f - 1) // 2) - n for n in (5, 8) for f in (1, 3, 5)} == {0}
    even = F["correlate"](np.ones((4, 5)), np.arange(9.0).reshape(3, 3), 2.0)
    np.testing.assert_array_equal(even, np.full((2, 3), 38.0))
    x, W, dz = np.arange(16.0).reshape(4, 4), np.array([[1.0, 2], [3, 4]]), np.zeros((3, 3))
    dz[1, 2] = 1
    np.testing.assert_array_equal(F["kernel_gradient"](x, dz)[0], x[1:3, 2:4])
    np.testing.assert_array_equal(F["input_gradient"](dz, W)[1:3, 2:4], W)
    np.testing.assert_array_equal(F["input_gradient"](np.ones((1, 1)), W), W)
    y, winner = F["max_pool"](np.array([[1.0, 3], [3, 0]]), 2, 2)
    assert (y.item(), winner.item()) == (3, 1)
    assert [F["receptive_field"]((3, 2, 3)[:n], (1, 2, 1)[:n]) for n in (1, 2, 3)] == [3, 4, 8]
    assert F["iou"](np.array([0, 0, 4, 2]), np.array([2, 0, 6, 4])) == pytest.approx(1 / 5)
    row = np.array([[1.0, 0.6, 0], [0.6, 1, 0.6], [0, 0.6, 1]])
    np.testing.assert_array_equal(F["nms"](row, np.array([0.9, 0.8, 0.7]), 0.5), [0, 2])


def test_pooling_back_loses_nothing():
    for x, dy, f, s in cases("max_pool_back"):
        assert F["max_pool_back"](x, dy, f, s).sum() == pytest.approx(dy.sum())


def test_the_readers_own_functions_find_the_kernel_and_restore_the_image(capsys):
    names = {}
    for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)
            names |= {function.__name__: function for function in F.values()}
    found, restored = capsys.readouterr().out.splitlines()
    assert float(re.fullmatch(r"found, to within (\S+)", found)[1]) <= 0.01
    assert 0.4 < float(re.fullmatch(r"(\S+) of the error is left", restored)[1]) < 0.6
