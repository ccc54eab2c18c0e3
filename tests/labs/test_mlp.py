"""The lab `mlp`: what its frames mean, what the reader may do, what it learns."""

import numpy as np
import pytest

from dlcore.labs import LabError, Mlp, mlp_controls, toys
from dlcore.losses import bce_with_logits


def run(steps, **settings):
    lab = Mlp(**settings)
    for _ in range(steps):
        lab.step()
    return lab


def points(*edits, **settings):
    """A lab with the reader's own points (x1, x2, class)."""
    lab = Mlp(data="own", **settings)
    for x1, x2, label in edits:
        lab.set("paint", f"class {label}")
        lab.event("add", x=x1, y=x2)
    return lab


# ---- declarations


def test_the_default_frame_has_the_shapes_that_the_front_end_expects(assert_sound):
    arrays = assert_sound(Mlp())
    assert {name: a.shape for name, a in arrays.items()} == {
        "p": (48, 48), "tiles": (19, 18, 18), "W": (88,), "dW": (88,), "loss": (1,),
        "loss_test": (1,), "gnorm": (3,), "hist": (3, 24), "saturation": (2,),
        "x": (210, 2), "y": (210,), "x_test": (90, 2), "y_test": (90,),
    }  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [
        {"layers": 0},
        {"layers": 6, "units_6": 1},
        {"x1_sq": True, "sin_x2": True, "x1": False},
        {"data": "own"},
        {"data": "own", "layers": 0},
        {"activation": "relu", "data": "xor"},
        {"train_share": 0.1, "noise": 0.5},
    ],
    ids=str,
)
def test_panels_and_frames_agree_after_every_change(changes, assert_sound):
    lab = run(3)
    for name, value in changes.items():
        lab.set(name, value)
        arrays = assert_sound(lab)
        network = lab.panels()[0]
        assert network["sizes"] == lab.sizes
        assert len(network["inputs"]) == lab.sizes[0]
        edges = sum(a * b for a, b in zip(lab.sizes, lab.sizes[1:], strict=False))
        assert arrays["W"].shape == arrays["dW"].shape == (edges,)
        assert arrays["tiles"].shape == (sum(lab.sizes), 18, 18)
        assert arrays["gnorm"].shape == (len(lab.sizes) - 1,)
        assert arrays["saturation"].shape == (len(lab.sizes) - 2,)


def test_small_networks_carry_numbers_on_their_edges():
    assert Mlp(layers=1, units_1=4).panels()[0]["numbers"]
    assert not Mlp().panels()[0]["numbers"]


@pytest.mark.parametrize("activation", Mlp.controls["activation"].options)
def test_fields_stay_in_the_ranges_that_are_declared(activation):
    frame = run(30, activation=activation, alpha=0.3, x1_sq=True).frame()
    for name in ("p", "tiles", "hist"):
        lo, hi, _ = Mlp.ranges[name]
        assert frame[name].min() >= lo
        assert frame[name].max() <= hi


# ---- what the numbers mean


def test_losses_are_the_mean_cross_entropy_without_the_penalty():
    lab = run(40, l2=0.1)
    frame = lab.frame()
    for name, x, y in (("loss", lab.x, lab.y), ("loss_test", lab.x_test, lab.y_test)):
        assert frame[name] == pytest.approx(bce_with_logits(lab.net(x), y)[0], rel=1e-6)


def test_the_field_is_the_network_over_the_plane_with_row_0_at_the_bottom():
    lab = run(40)
    axis = np.linspace(-toys.EXTENT, toys.EXTENT, 48, dtype=np.float32)
    z = lab.net(np.array([[axis[5], axis[0]], [axis[5], axis[40]]]))[:, 0]
    p = lab.frame()["p"]
    np.testing.assert_allclose([p[0, 5], p[40, 5]], 1 / (1 + np.exp(-z)), rtol=1e-4)


def test_tiles_are_the_units_in_the_order_of_the_network():
    lab = run(40)
    axis = np.linspace(-toys.EXTENT, toys.EXTENT, 18, dtype=np.float32)
    x = np.array([[axis[3], axis[11]]])
    first, second = lab.net.layers[1], lab.net.layers[3]
    a1 = first(lab.net.layers[0](x))
    a2 = second(lab.net.layers[2](a1))
    answer = 2 / (1 + np.exp(-lab.net(x))) - 1
    expected = np.concatenate([x / np.float32(toys.EXTENT), a1, a2, answer], 1)[0]
    np.testing.assert_allclose(lab.frame()["tiles"][:, 11, 3], expected, atol=1e-5)


def test_weights_and_gradients_are_flat_layer_by_layer_and_row_by_row():
    lab = run(7, l1=0.01)
    frame = lab.frame()
    W = [lab.net.params[f"{k}.W"] for k in (0, 2, 4)]
    dW = [lab.grads[f"{k}.W"] for k in (0, 2, 4)]
    np.testing.assert_array_equal(frame["W"], np.concatenate([w.ravel() for w in W]))
    np.testing.assert_array_equal(frame["dW"], np.concatenate([w.ravel() for w in dW]))
    np.testing.assert_allclose(frame["gnorm"], [np.linalg.norm(g) for g in dW], rtol=1e-5)


def test_the_gradient_shown_is_the_one_the_optimiser_took():
    lab = Mlp(optimizer="sgd", alpha=0.5, l1=0.01, l2=0.02)
    before = lab.frame()["W"].copy()
    lab.step()
    frame = lab.frame()
    np.testing.assert_allclose(frame["W"], before - 0.5 * frame["dW"], rtol=1e-5, atol=1e-7)


def test_before_the_first_step_the_gradient_is_that_of_all_training_points():
    lab = Mlp(optimizer="sgd", batch=256)
    shown = lab.frame()["dW"].copy()
    lab.step()
    np.testing.assert_allclose(lab.frame()["dW"], shown, rtol=1e-3, atol=1e-7)


def test_a_frame_is_a_copy_that_later_steps_do_not_change():
    lab = run(5)
    frame = lab.frame()
    kept = {name: a.copy() for name, a in frame.items()}
    for _ in range(5):
        lab.step()
    for name, a in kept.items():
        np.testing.assert_array_equal(frame[name], a)


def test_the_histogram_counts_shares_of_each_layer():
    lab = run(5)
    frame = lab.frame()
    np.testing.assert_allclose(frame["hist"].sum(1), 1, rtol=1e-5)
    size = np.log10(np.abs(lab.grads["4.W"].ravel()))
    expected, _ = np.histogram(size, 24, (-7, 1))
    np.testing.assert_allclose(frame["hist"][2], expected / size.size, atol=1e-6)


def test_saturation_is_the_share_of_activations_beyond_0_95():
    lab = run(200, init="large")
    a1 = np.tanh(lab.net.layers[0](lab.x))
    share = np.mean(np.abs(a1) > 0.95)
    assert share > 0.3
    assert lab.frame()["saturation"][0] == pytest.approx(share)


def test_saturation_of_relu_is_the_share_of_dead_units():
    lab = run(200, activation="relu", alpha=1)
    a1 = np.maximum(lab.net.layers[0](lab.x), 0)
    a2 = np.maximum(lab.net.layers[2](a1), 0)
    dead = [np.mean((a == 0).all(0)) for a in (a1, a2)]
    assert max(dead) > 0
    np.testing.assert_array_equal(lab.frame()["saturation"], np.float32(dead))


# ---- the run


def test_the_same_seed_gives_the_same_run_and_another_seed_another():
    a, b, c = run(20, seed=3).frame(), run(20, seed=3).frame(), run(20, seed=4).frame()
    for name in a:
        np.testing.assert_array_equal(a[name], b[name])
    assert not np.array_equal(a["W"], c["W"])


def test_reset_reproduces_the_run():
    lab = run(20)
    first = lab.frame()
    lab.event("drag", index=0, x=1, y=1)
    lab.reset()
    assert lab.t == 0
    for _ in range(20):
        lab.step()
    np.testing.assert_array_equal(lab.frame()["W"], first["W"])


def test_looking_does_not_change_the_run():
    watched, alone = Mlp(), run(20)
    for _ in range(20):
        watched.step()
        watched.frame(), watched.text(), watched.doctor(), watched.code()
    watched.audit()
    np.testing.assert_array_equal(watched.frame()["W"], alone.frame()["W"])


def test_rate_batch_and_penalties_change_without_a_restart_and_others_restart():
    lab = run(5)
    for name, value in {"alpha": 0.1, "batch": 8, "l1": 0.01, "l2": 0.01}.items():
        assert not lab.set(name, value)
    assert lab.t == 5
    assert lab.set("units_2", 3)
    assert lab.t == 0


def test_a_hidden_control_does_not_restart():
    lab = run(5)
    assert not lab.set("units_5", 3)
    assert lab.t == 5


def test_a_diverged_run_stays_at_its_last_finite_step_until_reset(assert_sound):
    wild = {"activation": "identity", "optimizer": "sgd", "alpha": 3}
    lab = run(50, **wild)
    assert lab.diverged
    assert 0 < lab.t == lab.diverged_at - 1
    last = run(lab.t, **wild)
    assert not last.diverged
    np.testing.assert_array_equal(assert_sound(lab)["W"], last.frame()["W"])
    np.testing.assert_array_equal(lab.net.params["0.W"], last.net.params["0.W"])
    assert f"diverged at step {lab.t + 1}; shown is step {lab.t}" in lab.text()
    lab.reset()
    assert not lab.diverged


# ---- what the reader does


def test_a_dragged_point_moves_and_stays_within_the_plane():
    lab = run(3)
    assert lab.event("drag", index=7, x=5, y=-0.25)
    np.testing.assert_allclose(lab.static()["x"][7], [toys.EXTENT, -0.25])
    assert lab.t == 3


def test_moved_points_survive_changes_of_the_network_but_not_of_the_data():
    lab = run(3)
    lab.event("drag", index=7, x=1, y=1)
    lab.set("layers", 1)
    np.testing.assert_array_equal(lab.x[7], [1, 1])
    lab.set("noise", 0.1)
    assert not np.array_equal(lab.x[7], [1, 1])


def test_own_points_are_learnt_and_outlive_reset_seed_and_other_data():
    lab = points((-0.5, 0, 0), (0.5, 0, 1))
    for _ in range(100):
        lab.step()
    assert lab.t == 100
    assert (lab.net(lab.x)[:, 0] > 0).tolist() == [False, True]
    lab.reset()
    lab.reseed(5)
    lab.set("data", "xor")
    lab.set("data", "own")
    np.testing.assert_array_equal(lab.x, np.float32([[-0.5, 0], [0.5, 0]]))
    np.testing.assert_array_equal(lab.y, [[0], [1]])


def test_without_points_no_step_is_made_and_the_text_says_what_to_do(assert_sound):
    lab = run(5, data="own")
    assert lab.t == 0
    assert lab.text().startswith("No points yet: click")
    assert_sound(lab)
    with pytest.raises(LabError, match=r"^audit: there are no points yet"):
        lab.audit()


def test_clear_and_remove(assert_sound):
    lab = points((-0.5, 0, 0), (0.5, 0, 1))
    lab.event("remove", index=0)
    assert lab.y.tolist() == [[1]]
    lab.event("clear")
    assert len(lab.x) == 0
    lab.step()
    assert_sound(lab)


@pytest.mark.parametrize(
    ("data", "name", "what", "line"),
    [
        ("xor", "add", {"x": 0, "y": 0}, "add: choose data “own”"),
        ("xor", "clear", {}, "clear: choose data “own”"),
        ("xor", "drag", {"index": 210, "x": 0, "y": 0}, "index: expected a point, 0 to 209, got"),
        ("xor", "drag", {"index": 1.5, "x": 0, "y": 0}, "index: expected a point, 0 to 209, got"),
        ("xor", "drag", {"index": 0, "x": float("nan"), "y": 0}, "x: expected a number, got nan"),
        ("xor", "drag", {"index": 0, "x": 0}, "y: expected a number, got None"),
        ("own", "remove", {"index": 0}, "index: expected a point, none, there are no points"),
        ("xor", "jump", {}, "mlp: there is no event called 'jump'"),
        ("xor", None, {}, "mlp: there is no event called None"),
    ],
)
def test_impossible_events_are_refused_in_one_line_and_change_nothing(data, name, what, line):
    lab = run(2, data=data)
    before = lab.static()["x"].copy()
    with pytest.raises(LabError, match=r"^" + line):
        lab.event(name, **what)
    np.testing.assert_array_equal(lab.static()["x"], before)
    assert lab.edits.get(2) is None


def test_two_points_of_a_data_set_must_stay():
    lab = Mlp(train_share=0.1)
    for _ in range(28):
        lab.event("remove", index=0)
    with pytest.raises(LabError, match=r"^remove: two points must stay"):
        lab.event("remove", index=0)


def test_own_points_have_a_limit():
    lab = points(*[(0.01 * k, 0, k % 2) for k in range(100)])
    for _ in range(300):
        lab.event("add", x=0, y=0)
    with pytest.raises(LabError, match=r"^add: 400 points are the most$"):
        lab.event("add", x=0, y=0)


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("alpha", 0, "learning rate α: expected a number from 0.0001 to 10, got 0"),
        ("layers", 7, "hidden layers: expected a number from 0 to 6, got 7"),
        ("data", "ring", "data: expected one of circles, xor"),
        ("colour", 1, "mlp: there is no control called 'colour'"),
    ],
)
def test_impossible_values_are_refused_and_change_nothing(name, value, line):
    lab = run(3)
    before = dict(lab.values)
    with pytest.raises(LabError, match=r"^" + line):
        lab.set(name, value)
    assert lab.values == before
    assert lab.t == 3


def test_the_last_input_feature_stays_on():
    lab = Mlp(x2=False)
    with pytest.raises(LabError, match=r"^input features: at least one must stay on$"):
        lab.set("x1", False)
    assert lab.values["x1"]
    with pytest.raises(LabError, match=r"^input features"):
        Mlp(x1=False, x2=False)


@pytest.mark.parametrize("seed", [-1, 1.5, "x", None, 2**32, True, float("inf")])
def test_an_impossible_seed_is_refused(seed):
    with pytest.raises(LabError, match=r"^seed: expected a whole number from 0 to 4294967295, got"):
        Mlp(seed)


# ---- what it says and learns


def test_the_text_has_the_numbers_of_the_frame():
    lab = run(100)
    frame = lab.frame()
    assert f"Step 100: training loss {frame['loss'][0]:.3f}" in lab.text()
    assert f"test loss {frame['loss_test'][0]:.3f}" in lab.text()
    right = np.mean((lab.net(lab.x_test) > 0) == (lab.y_test > 0.5))
    assert f"{100 * right:.0f} % of the test points" in lab.text()


def test_words_are_about_this_moment_whether_or_not_a_frame_was_asked_for():
    lab = run(100)
    text = lab.text()
    assert text == Mlp.text(run(100))
    lab.step()
    assert lab.text() != text
    lab.event("drag", index=0, x=1, y=-1)
    assert f"training loss {bce_with_logits(lab.net(lab.x), lab.y)[0]:.3f}" in lab.text()


def test_a_penalty_is_in_the_gradient_shown_at_once():
    lab = Mlp()
    before = lab.frame()["dW"].copy()
    lab.set("l2", 0.1)
    frame = lab.frame()
    np.testing.assert_allclose(frame["dW"], before + 0.1 * frame["W"], rtol=1e-4, atol=1e-6)


def test_the_audit_finds_that_backward_is_right():
    for settings in ({}, {"activation": "relu", "layers": 3}, {"layers": 0}, {"init": "zeros"}):
        audit = run(20, **settings).audit()
        assert len(audit["rows"]) == 2 * (settings.get("layers", 2) + 1)
        assert [len(row) for row in audit["rows"]] == [len(audit["columns"])] * len(audit["rows"])
        assert max(row[-1] for row in audit["rows"]) < 1e-5
        assert " agree: " in audit["text"]


def test_the_audit_finds_a_wrong_backward(monkeypatch):
    from dlcore.activations import Tanh

    lab = run(20)
    monkeypatch.setattr(Tanh, "slope", lambda self, z, a: 1 - a)
    assert "do not agree" in lab.audit()["text"]


def test_the_default_run_learns_the_spiral_for_nine_of_ten_seeds():
    solved = 0
    for seed in range(10):
        lab = run(1500, seed=seed)
        lab.frame()
        solved += lab.right >= 0.95
    assert solved >= 9


SOLVED = {
    "circles": {"layers": 0, "x1_sq": True, "x2_sq": True, "alpha": 0.1},
    "xor": {"layers": 0, "x1x2": True, "alpha": 0.1},
    "gaussians": {"layers": 0, "alpha": 0.1},
    "moons": {"layers": 1},
    "stripes": {"layers": 0, "sin_x1": True, "alpha": 0.1},
    "spiral": {"activation": "relu", "layers": 3},
}


@pytest.mark.parametrize("data", SOLVED)
def test_every_data_set_is_solved_by_the_right_inputs_or_layers(data):
    lab = run(1000, data=data, **SOLVED[data])
    lab.frame()
    assert lab.right >= 0.95


def test_the_advice_after_a_divergence_names_the_learning_rate_that_was_used():
    lab = Mlp(activation="identity", alpha=10)
    while not lab.diverged:
        lab.step()
    lab.set("alpha", 0.01)
    (finding,) = lab.doctor()
    assert "α = 10 overshoots" in finding["advice"]


def test_initial_weights_beyond_all_numbers_are_named_and_reset_with_others_works(monkeypatch):
    def beyond(shape, *, rng, dtype):
        return np.full(shape, np.inf, dtype)

    monkeypatch.setitem(mlp_controls.INITS, "large", beyond)
    lab = Mlp(init="large")
    assert (lab.diverged, lab.t) == (True, 0)
    assert all(np.isfinite(a).all() for a in lab.frame().values())
    assert "initial numbers were not finite" in lab.doctor()[0]["text"]
    assert "initial numbers are not finite" in lab.sentence()
    lab.set("init", "glorot")
    assert not lab.diverged
    lab.step()
    assert lab.t == 1
