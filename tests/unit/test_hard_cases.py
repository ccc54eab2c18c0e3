"""What readers get wrong and what numbers do at their limits: one line, never a silent error."""

import math

import numpy as np
import pytest

import dlcore as dl
from dlcore import data, detection, divergence, plots, regions, style
from dlcore.layers import Layer

f32 = np.float32
RNG = np.random.default_rng(0)


class NanBias(dl.Dense):
    def backward(self, dz, cache, need_dx=True):
        dx, grads = super().backward(dz, cache, need_dx)
        return dx, {**grads, "b": grads["b"] * np.nan}


class LongBias(dl.Dense):
    def backward(self, dz, cache, need_dx=True):
        dx, grads = super().backward(dz, cache, need_dx)
        return dx, {**grads, "b": grads["b"][None]}


class NoBias(dl.Dense):
    def backward(self, dz, cache, need_dx=True):
        dx, grads = super().backward(dz, cache, need_dx)
        return dx, {"W": grads["W"]}


def test_gradcheck_takes_nan_for_no_agreement(rng):
    assert dl.gradcheck(NanBias(3, 2, rng=rng), np.ones((4, 3)), rng=rng).worst == math.inf


@pytest.mark.parametrize("layer", [LongBias, NoBias])
def test_gradcheck_refuses_a_gradient_of_another_shape(layer, rng):
    with pytest.raises((ValueError, TypeError), match=r"gradcheck: expected db \(2,\) from backwa"):
        dl.gradcheck(layer(3, 2, rng=rng), np.ones((4, 3)), rng=rng)


def test_gradcheck_refuses_a_layer_that_draws_and_leaves_its_generator_alone(rng):
    mine = np.random.default_rng(1)
    net = dl.Sequential(dl.Dense(3, 8, rng=rng), dl.Dropout(0.5, rng=mine))
    with pytest.raises(ValueError, match="gradcheck: expected the same output twice"):
        dl.gradcheck(net, np.ones((4, 3)), rng=rng)
    assert mine.random() == np.random.default_rng(1).random()


class Residual(Layer):
    """y = x + f(x): a layer made of layers."""

    def __init__(self, *inner):
        super().__init__()
        self.inner = dl.Sequential(*inner)
        self.params = self.inner.params

    def forward(self, x):
        y, cache = self.inner.forward(x)
        return x + y, cache

    def backward(self, dy, cache, need_dx=True):
        dx, grads = self.inner.backward(dy, cache)
        return dx + dy, grads


def test_a_layer_made_of_layers_can_be_checked(rng):
    net = dl.Sequential(Residual(dl.Dense(3, 3, rng=rng), dl.Tanh()), dl.Dense(3, 1, rng=rng))
    assert dl.gradcheck(net, rng.standard_normal((4, 3)), rng=rng).worst < 1e-6


def test_a_layer_that_stands_twice_has_one_gradient_the_sum(rng):
    D = dl.Dense(3, 3, rng=rng)
    net = dl.Sequential(D, dl.Tanh(), D)
    assert list(net.params) == ["0.W", "0.b"]
    assert dl.gradcheck(net, rng.standard_normal((4, 3)), rng=rng).worst < 1e-6


def test_huge_gradients_have_a_norm_and_are_clipped_to_it():
    g = {"W": np.full((2, 2), 1e30, f32)}
    assert math.isclose(dl.norms(g)["W"], 2e30, rel_tol=1e-6)
    clipped, norm = dl.clip_by_norm(g, 1.0)
    assert math.isclose(norm, 2e30, rel_tol=1e-6)
    assert np.allclose(clipped["W"], 0.5)
    with pytest.raises(ValueError, match=r"clip_by_norm: expected finite gradients.*\['b'\]"):
        dl.clip_by_norm({**g, "b": np.array([np.nan])}, 1.0)


def test_a_refused_step_changes_nothing():
    params, g = {"W": np.ones(2)}, {"W": np.ones(2)}
    opt, fresh = dl.Adam(0.1), dl.Adam(0.1)
    with pytest.raises(ValueError, match="Adam: expected gradients of"):
        opt.step(params, {})
    opt.step(params, g)
    other = {"W": np.ones(2)}
    fresh.step(other, g)
    assert opt.t == 1
    assert np.array_equal(params["W"], other["W"])
    with pytest.raises(ValueError, match="make one Adam for each network"):
        opt.step({"W": np.ones(3)}, {"W": np.ones(3)})


@pytest.mark.parametrize("alpha", [math.nan, -1, "x", None, True, math.inf])
def test_a_learning_rate_that_is_none_is_refused_at_any_time(alpha):
    opt = dl.SGD(0.1)
    with pytest.raises(ValueError, match="SGD: expected alpha to be a number >= 0, got"):
        opt.alpha = alpha
    assert opt.alpha == 0.1


@pytest.mark.parametrize("make", [dl.SGD, dl.Momentum, dl.RMSProp, dl.Adam])
@pytest.mark.parametrize(
    ("dW", "line"),
    [
        (None, r"expected dW \(2,\), got NoneType"),
        ([1.0, 2.0], r"expected dW \(2,\), got list"),
        (np.ones(2) * 1j, "expected dW of real numbers, got complex128"),
        (np.array(["a", "b"]), "expected dW of real numbers, got <U1"),
    ],
)
def test_gradients_that_are_none_change_nothing(make, dW, line):
    params, opt = {"W": np.ones(2)}, make(0.1)
    with pytest.raises(TypeError, match=line):
        opt.step(params, {"W": dW})
    assert (opt.t, params["W"].tolist()) == (0, [1, 1])


def test_parameters_that_cannot_change_are_refused_before_the_first_step():
    fixed = np.broadcast_to(f32(1), (2,))
    for b, got in ((fixed, "read-only ones"), (np.ones(2, int), "int64")):
        params = {"W": np.ones(2, f32), "b": b}
        with pytest.raises(TypeError, match=f"expected b as floats that can change, got {got}"):
            dl.SGD(0.1).step(params, {"W": np.ones(2, f32), "b": np.ones(2, f32)})
        assert params["W"].tolist() == [1, 1]


def test_impossible_constants_of_optimisers_are_refused():
    for make in (
        lambda: dl.Momentum(beta=1),
        lambda: dl.Adam(beta1=2),
        lambda: dl.Adam(beta2=math.nan),
        lambda: dl.RMSProp(eps=-1),
        lambda: dl.SGD(10**400),
    ):
        with pytest.raises(ValueError, match="to be a number >= 0"):
            make()


def test_an_empty_batch_passes_through_layers(rng):
    cnn = dl.Sequential(dl.Conv2d(1, 2, 3, rng=rng), dl.MaxPool2d(2), dl.Flatten())
    y, cache = cnn.forward(np.zeros((0, 1, 6, 6), f32))
    assert y.shape == (0, 8)
    assert not cnn.backward(y, cache)[1]["0.W"].any()
    image = dl.Unflatten(1, 2, 2)
    y, cache = image.forward(np.zeros((0, 4), f32))
    assert image.backward(y, cache)[0].shape == (0, 4)
    for cell in (dl.RNNCell(3, 4, rng=rng), dl.LSTMCell(3, 4, rng=rng)):
        rec = dl.Recurrent(cell)
        y, cache = rec.forward(np.zeros((5, 0, 3), f32))
        dx, grads = rec.backward(y, cache)
        assert dx.shape == (5, 0, 3)
        assert not any(g.any() for g in grads.values())


FIT = {"loss": dl.mse, "opt": dl.SGD(0.1), "rng": RNG, "steps": 1}
NET = dl.Dense(1, 1, rng=RNG)
X = np.zeros((2, 1), f32)
BYTES = np.ones((1, 1, 8, 8), np.uint8)
BOX, ONE = np.array([[0, 0, 4, 4]]), np.ones(1)


@pytest.mark.parametrize(
    ("call", "line"),
    [
        (lambda: dl.fit(NET, [[1.0]], X, **FIT), "fit: expected x as an array of examples, got li"),
        (lambda: dl.fit(NET, X, None, **FIT), "fit: expected y as an array of examples, got None"),
        (lambda: dl.fit(NET, X, X, **{**FIT, "opt": dl.SGD}), "opt of type Optimizer, got the cl"),
        (lambda: dl.fit(NET, X, X, **{**FIT, "rng": 0}), "fit: expected rng of type Generator, go"),
        (lambda: dl.fit(NET, X, X, **{**FIT, "loss": "mse"}), "expected loss to be a function"),
        (lambda: dl.fit(None, X, X, **FIT), "fit: expected net of type Layer, got NoneType"),
        (lambda: dl.fit(NET, X, X, **FIT, l1=math.nan), "penalty: expected l1 to be a number"),
        (lambda: dl.Sequential([NET]), r"expected a layer at 0, got .*: write Sequential\(\*layer"),
        (lambda: dl.Sequential(NET, dl.Tanh), r"expected a layer at 1, .*: write Tanh\(\), not T"),
        (lambda: dl.mlp([2, 1], dl.Tanh(), rng=RNG), "mlp: expected a class of activation"),
        (lambda: dl.mlp([2, 1], rng=0), "Dense: expected rng of type Generator, got int"),
        (lambda: dl.Dense(2, 1, rng=RNG, dtype=int), "Dense: expected a floating dtype, got int64"),
        (
            lambda: dl.Dense(2, 1, rng=RNG, init=lambda s, rng, dtype: np.zeros(s)),
            r"Dense: expected <lambda> to return \(1, 2\) float32, got \(1, 2\) float64",
        ),
        (lambda: dl.fit(NET, X, X, **FIT, schedule=0.1), "fit: expected schedule to be a function"),
        (lambda: dl.Embedding(3, 2, rng=0), "Embedding: expected rng of type Generator, got int"),
        (lambda: dl.Embedding(3, 2, rng=RNG, dtype=int), "Embedding: expected a floating dtype"),
        (lambda: dl.BatchNorm(3, dtype=int), "BatchNorm: expected a floating dtype, got int64"),
        (lambda: NET.astype(int), "Dense: expected a floating dtype, got int64"),
        (lambda: dl.Dense(2, 1, rng=RNG, init=0.1), "Dense: expected init to be a function, such"),
        (lambda: dl.RNNCell(2, 1, rng=RNG, activation=dl.Tanh()), "RNNCell: expected a class of a"),
        (lambda: dl.Recurrent(NET), "Recurrent: expected cell of type Cell, got Dense"),
        (lambda: dl.EveryTick(dl.Dense), "EveryTick: expected layer of type Layer, got the class"),
        (lambda: dl.folded(NET), "folded: expected net of type Sequential, got Dense"),
        (lambda: dl.gradcheck(NET, X, rng=0), "gradcheck: expected rng of type Generator, got int"),
        (lambda: dl.gradcheck(NET, X, rng=RNG, eps=0), "gradcheck: expected eps > 0"),
        (lambda: dl.sample(X, rng=0), "sample: expected rng of type Generator, got int"),
        (lambda: dl.sample(X, None, rng=RNG), "sample: expected a temperature of 0 or more, got N"),
        (lambda: dl.clip_by_norm({}, None), "clip_by_norm: expected max_norm > 0, got None"),
        (lambda: dl.accuracy(1.0, [1]), r"accuracy: expected z .* got \(\) and \(1,\)"),
        (lambda: dl.Mixture([[0, math.nan]], 1), r"Mixture: expected finite .* in centres\[0, 1\]"),
        (lambda: dl.Mixture([[0, 0]], 1, [0.0]), r"Mixture: expected mode \(1,\)"),
        (lambda: dl.Mixture([[0, 0]], 1)(3, 0), "Mixture: expected rng of type Generator, got int"),
        (lambda: divergence.histogram(np.ones((1, 2)), 2, 0), "histogram: expected extent > 0"),
        (lambda: style.sharpness(BYTES), "sharpness: expected an array of floats, got .* uint8"),
        (lambda: style.shear(BYTES, 0.5), "shear: expected an array of floats, got .* uint8"),
        (lambda: style.with_style(BYTES, [[1]]), "with_style: expected an array of floats"),
        (lambda: style.fit_filter(BYTES / 1, BYTES / 1, 4), "fit_filter: expected an odd kernel"),
        (lambda: style.Skip().backward(X, ((), 1)), r"Skip: expected dy \(N, C \+ K, H, W\), got"),
        (lambda: regions.region_boxes(np.array([[-1]])), "region_boxes: expected labels from 0"),
        (
            lambda: detection.assign(BOX, ONE, BOX, labels=[0]),
            "assign: expected a label for each of 1 boxes, got None",
        ),
        (
            lambda: detection.precision_recall([True, False], [0.5], 2),
            r"precision_recall: expected right \(n,\) and scores \(n,\), got \(2,\) and \(1,\)",
        ),
        (
            lambda: detection.detections(np.full((1, 6, 2, 2), np.nan), 4, 8),
            "grid_boxes: expected finite numbers, got nan",
        ),
        (
            lambda: detection.grid_targets([BOX], [[0.5]], 8, 4),
            r"grid_targets: expected labels 0, 1, 2, ..., got \[0.5\]",
        ),
        (lambda: data.digit_canvases(1, rng=0), "digit_canvases: expected rng of type Generator"),
        (lambda: data.one_hot(3, [1]), r"one_hot: expected column \(n,\) with n >= 1, got \(\)"),
        (lambda: dl.RNNCell(2, 1, rng=RNG)(X), r"RNNCell is one tick: call step\(x_t, state\)"),
        (lambda: dl.accuracy(np.zeros((2, 3)), np.zeros(6)), "accuracy: expected z"),
        (lambda: dl.accuracy(np.zeros((1, 3)), np.zeros(3)), "accuracy: expected z"),
        (lambda: dl.accuracy(np.zeros(0), np.zeros(0)), "accuracy: expected z .* with m >= 1"),
        (lambda: dl.mse(np.zeros((3, 0)), np.zeros((3, 0))), "mse: expected at least one example"),
        (lambda: dl.mse(np.array(1.0), np.array(1.0)), "mse: expected at least one example"),
        (lambda: NET.params.pop("W"), "Dense: the names of the parameters are fixed"),
        (lambda: data.open_data(["a"]), "open_data: expected one of"),
        (lambda: data.penguins(target=["sex"]), "penguins: expected target"),
        (
            lambda: data.standardise(data.Split(X[:0], X, X, X)),
            "standardise: expected at least one example",
        ),
        (
            lambda: data.standardise(data.Split(X * np.nan, X, X, X)),
            r"standardise: expected finite numbers, got nan in x_train\[0, 0\]",
        ),
        (lambda: plots.points(np.zeros((3, 2)), [0, 1, 2]), r"points: expected 3 labels 0\.\.1"),
        (lambda: plots.confusion([0, -1], [0, 1], "ab"), r"confusion: expected 2 labels 0\.\.1"),
        (
            lambda: dl.record(dl.fit(NET, X, X, **FIT), t=lambda s: s.J),
            "record: a probe cannot be called t",
        ),
    ],
)
def test_one_clear_line(call, line):
    with pytest.raises((ValueError, TypeError), match=line) as caught:
        call()
    assert "\n" not in str(caught.value)


def test_parameters_are_written_together_or_not_at_all(rng):
    layer = dl.Dense(2, 1, rng=rng)
    before = layer.W.copy()
    with pytest.raises(ValueError, match=r"Dense: expected b \(1,\), got \(3,\)"):
        layer.params.update(W=np.ones((1, 2), f32), b=np.ones(3, f32))
    assert np.array_equal(layer.W, before)


def test_a_probe_that_changes_its_shape_is_named(rng):
    x = np.zeros((5, 1), f32)
    steps = dl.fit(dl.Dense(1, 1, rng=rng), x, x, **{**FIT, "steps": 3, "rng": rng}, batch=2)
    with pytest.raises(ValueError, match="record: expected which to have one shape at every look"):
        dl.record(steps, which=lambda s: s.batch)


def test_figures_take_labels_as_losses_do(rng):
    ax = plots.points(rng.random((4, 2)), np.array([[0.0], [1], [1], [0]], f32))
    assert ax.lines


def test_labels_may_be_a_column():
    assert dl.accuracy(np.array([[1.0], [-1.0]]), np.array([[1.0], [1.0]])) == 0.5
    assert dl.accuracy(np.array([[1.0, 2.0], [2.0, 1.0]]), np.array([[1], [1]])) == 0.5


def test_a_mask_may_hold_any_number_that_is_not_0():
    labels, mask = np.array([[1, 0, 0]]), np.array([[2, 2, 0]])
    assert regions.grow_regions(labels, mask, 1).tolist() == [[1, 1, 0]]


def test_precision_and_recall_may_be_lists():
    assert detection.f1([0.5, 1], [0.5, 0]).tolist() == [0.5, 0]
