"""The lab `cnn`: what is shown of a convolutional network, what it learns, what the reader does."""

from functools import cache

import numpy as np
import pytest

from dlcore import data, losses
from dlcore.labs import Cnn, LabError
from dlcore.labs.cnn import PROBED, SEEN, Rival, moved
from dlcore.labs.cnn_controls import CASES, NOTICE, OWN, RIVALS, TEST, UNKNOWN
from dlcore.labs.cnn_panels import SHIFTS, SHOTS

SETTINGS = [
    {},
    {"case": "shuffled pixels", "seed": 2},
    {"case": "no pooling", "kernels_1": 3, "kernels_2": 4},
    {"case": "kernels of one pixel", "l2": 0.01},
    {"case": "one kernel to see with", "kernels_2": 1, "optimizer": "sgd", "alpha": 0.1},
    {"case": "zeros: nothing to begin with"},
    {"case": "equal: copies of one kernel"},
    {"pooling": "average", "size": 5, "kernels_1": 2, "kernels_2": 5, "activation": "tanh"},
    {"activation": "identity", "n": 50, "batch": 7, "rival": "logistic regression"},
    {"activation": "sigmoid", "init": "glorot", "pooling": "none", "size": 1, "kernels_2": 2},
    {"activation": "leaky_relu", "init": "large", "batch": 256},
]
every = pytest.mark.parametrize("settings", SETTINGS, ids=str)
seeds = pytest.mark.parametrize("seed", range(3))


def run(steps, **settings):
    lab = Cnn(**settings)
    lab.run(steps)
    lab.frame()
    return lab


known = cache(run)  # runs that tests only look at


def watched(steps, each=20, **settings):
    """A run whose frames were looked at, so that the doctor knows how it went."""
    lab = Cnn(**settings)
    while lab.t < steps and not lab.diverged:
        lab.run(each)
        lab.frame()
    return lab


def names(lab):
    return [finding["name"] for finding in lab.doctor()]


def full(lab, name):
    """An array of a frame in its own size."""
    frame, gradient = lab.frame(), name.startswith("d")
    return frame[name] * frame["scales"][int(gradient), list(lab.parts).index(name[gradient:])]


# ---- what is seen


@every
def test_frames_and_panels_agree(settings, assert_sound):
    lab = run(12, **settings)
    arrays, v = assert_sound(lab), lab.values
    one, two, k = v["kernels_1"], v["kernels_2"], v["size"]
    assert arrays["W1"].shape == (one, 1, k, k)
    assert arrays["W2"].shape == (two, one, k, k)
    assert arrays["a1"].shape == (one, 8, 8)
    side = 8 if v["pooling"] == "none" else 2
    assert arrays["W3"].shape == (10, two, side, side)
    assert ("p1" in arrays) == ("p2" in arrays) == (v["pooling"] != "none")
    for name, a in arrays.items():
        if name in lab.ranges:
            lo, hi, _ = lab.ranges[name]
            assert lo <= a.min() <= a.max() <= hi, name
    tiles = sum(len(arrays[n]) for n in ("x", "a1", "p1", "a2", "p2", "z") if n in arrays)
    assert len(arrays["about"]) == tiles
    assert arrays["shots"].shape == (SHOTS, 8, 8)
    groups = next(p for p in lab.panels() if p["kind"] == "maps")["groups"]
    assert arrays["scales"].shape == (2, len(groups))
    assert [g["data"] for g in groups] == list(lab.parts)
    assert sum(len(arrays[g["data"]]) for g in groups if "name" in g) == tiles


@every
def test_what_is_drawn_of_the_network_is_what_it_computes(settings):
    lab = run(8, **settings)
    x = lab.given(lab.image[None])
    shown = {name: full(lab, name) for name in lab.parts}
    np.testing.assert_allclose(shown["x"], x[0])
    for name, layer in zip(lab.names, lab.net.layers, strict=True):
        x = layer(x)
        if name.startswith("W"):
            np.testing.assert_allclose(shown[name].ravel(), layer.W.ravel(), rtol=1e-5, atol=1e-6)
        elif name:
            np.testing.assert_allclose(shown[name], x[0], rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(shown["z"].ravel(), x[0], rtol=1e-4, atol=1e-5)
    e = np.exp(x[0] - x[0].max())
    np.testing.assert_allclose(lab.frame()["p"], e / e.sum(), rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("settings", [{"activation": "tanh", "pooling": "average"}, {}], ids=str)
def test_gradients_are_derivatives_of_the_loss_of_the_image_shown(settings):
    lab = run(30, **settings)
    net, x = lab.net.astype(np.float64), lab.given(lab.image[None]).astype(np.float64)
    y = np.array([lab.target])

    def loss():
        return losses.cross_entropy(net(x), y)[0]

    def slope(array, at, eps=1e-6):
        kept = array[at]
        array[at] = kept + eps
        above = loss()
        array[at] = kept - eps
        below = loss()
        array[at] = kept
        return (above - below) / (2 * eps)

    rng = np.random.default_rng(0)
    arrays = {"W1": net.layers[0].W, "W2": net.layers[3].W, "W3": net.layers[7].W}
    if lab.values["pooling"] == "average":  # the largest of equal pixels has no derivative
        arrays["x"] = x
    for name, array in arrays.items():
        gradient = full(lab, f"d{name}").reshape(array.shape)
        for flat in rng.integers(0, array.size, 12):
            at = np.unravel_index(flat, array.shape)
            assert gradient[at] == pytest.approx(slope(array, at), rel=1e-3, abs=1e-5), name


def test_gradients_of_maps_are_those_that_make_the_gradients_of_kernels():
    lab = run(20, activation="tanh")
    x, a1 = full(lab, "x")[0], full(lab, "a1")
    dz = full(lab, "da1") * (1 - a1**2)
    padded = np.pad(x, 1)
    for r in range(3):
        for c in range(3):
            window = padded[r : r + 8, c : c + 8]
            expected = (dz * window).sum((1, 2))
            np.testing.assert_allclose(full(lab, "dW1")[:, 0, r, c], expected, atol=1e-6)
    dz3 = lab.p - np.eye(10)[lab.target]
    np.testing.assert_allclose(full(lab, "dz").ravel(), dz3, atol=1e-6)


def test_pooling_sends_the_gradient_to_the_largest_pixel_or_to_all_four():
    largest = run(20, pooling="max")
    assert (np.count_nonzero(full(largest, "da2"), axis=(1, 2)) <= 4).all()
    mean = run(20, pooling="average", activation="tanh")
    quarter = np.kron(full(mean, "dp1"), np.ones((1, 2, 2))) / 4
    np.testing.assert_allclose(full(mean, "da1"), quarter, atol=1e-6)


def test_numbers_of_reading_are_those_of_the_digits():
    lab = run(60)
    frame, digits = lab.frame(), data.digits()
    x, y = digits.x_test[:, None], digits.y_test
    said = lab.net(x).argmax(1)
    assert frame["acc_test"][0] == pytest.approx(np.mean(said == y))
    assert frame["loss_test"][0] == pytest.approx(losses.cross_entropy(lab.net(x), y)[0], rel=1e-5)
    seen = lab.net(digits.x_train[:SEEN, None])
    right = np.mean(seen.argmax(1) == digits.y_train[:SEEN])
    assert frame["acc"][0] == pytest.approx(right)
    for digit in range(10):
        for answer in range(10):
            expected = np.sum((y == digit) & (said == answer))
            assert frame["counts"][digit, answer] == expected
    assert frame["counts"].sum() == 450
    shares = frame["counts"] / frame["counts"].sum(1, keepdims=True)
    np.testing.assert_allclose(frame["errors"] ** 2, shares, atol=1e-6)
    assert ((frame["errors"] > 0) <= np.eye(10, dtype=bool)).all()


def test_shifted_digits_are_moved_and_looked_at_every_so_many_steps():
    image = np.arange(64.0).reshape(1, 8, 8)
    np.testing.assert_array_equal(moved(image, 2)[0, :, 2:], image[0, :, :-2])
    assert not moved(image, 2)[0, :, :2].any()
    np.testing.assert_array_equal(moved(image, -1)[0, :, :-1], image[0, :, 1:])
    np.testing.assert_array_equal(moved(image, 0), image)
    lab = run(PROBED)
    then = lab.frame()["shifted"]
    digits = data.digits()
    for d, share in zip(SHIFTS, then, strict=True):
        said = lab.net(moved(digits.x_test, d)[:, None]).argmax(1)
        assert share == pytest.approx(np.mean(said == digits.y_test))
    lab.run(7)
    now = lab.frame()
    np.testing.assert_array_equal(np.delete(now["shifted"], 2), np.delete(then, 2))
    assert now["shifted"][2] == now["acc_test"][0]


def test_shuffled_pixels_are_the_same_pixels_in_one_order_for_all_digits():
    lab, plain = Cnn(shuffle=True), Cnn()
    pixels = lab.x.reshape(len(lab.x), -1)
    np.testing.assert_array_equal(pixels, plain.x.reshape(len(lab.x), -1)[:, lab.order])
    assert not np.array_equal(pixels, plain.x.reshape(len(lab.x), -1))
    frame = lab.frame()
    np.testing.assert_array_equal(lab.natural(frame["x"]), frame["pad"])
    np.testing.assert_array_equal(lab.natural(np.abs(frame["dx"])), frame["saliency"])
    assert not np.array_equal(frame["x"][0], frame["pad"])


def test_the_net_beside_has_about_as_many_parameters_and_gets_the_same_digits():
    for pooling, most in (("max", 0.02), ("none", 0.01)):
        lab = Cnn(pooling=pooling)
        assert lab.rival.size == pytest.approx(lab.size, rel=most)
    assert Cnn(rival=RIVALS[1]).rival.size == 650
    lab = Cnn(l2=0.01, optimizer="sgd", alpha=0.1)
    twin = Rival(lab.values, lab.size, np.random.default_rng(0).spawn(4)[3])
    batches = np.random.default_rng(0).spawn(4)[1]
    for _ in range(5):
        i = batches.permutation(len(lab.x))[:32]
        twin.learn(lab.x[i], lab.y[i], 0.1, 0.01)
    lab.run(5)
    for name, w in twin.net.params.items():
        np.testing.assert_array_equal(lab.rival.net.params[name], w)


def test_gradient_norms_are_those_of_the_last_batch():
    lab = run(15, l2=0.01)
    expected = [np.linalg.norm(lab.grads[f"{k}.W"]) for k in (0, 3, 7)]
    np.testing.assert_allclose(lab.frame()["gnorm"], expected, rtol=1e-5)


def test_before_the_first_step_gradient_norms_are_those_of_the_first_digits():
    lab = Cnn(n=60)
    z, cached = lab.net.forward(lab.x)
    _, grads = lab.net.backward(losses.cross_entropy(z, lab.y)[1], cached)
    expected = [np.linalg.norm(grads[f"{k}.W"]) for k in (0, 3, 7)]
    np.testing.assert_allclose(lab.frame()["gnorm"], expected, rtol=1e-5)


# ---- what it learns


@seeds
def test_the_default_run_reads_well_and_beats_the_dense_net_on_moved_digits(seed):
    lab = watched(sum(Cnn.recorded), seed=seed)
    _, own, rival = lab.right
    assert own > 0.95
    assert own > rival
    assert lab.near[0] > lab.near[1] + 0.1
    assert not [f for f in lab.doctor() if f["level"] != "note"]


@seeds
def test_ninety_percent_within_150_steps(seed):
    assert run(150, seed=seed).right[1] > 0.9


def test_shuffled_pixels_cost_the_convolution_its_lead_and_the_dense_net_nothing():
    plain = [known(400, seed=seed) for seed in range(3)]
    shuffled = [run(400, seed=seed, case="shuffled pixels") for seed in range(3)]
    own, rival = (np.mean([lab.right[k] for lab in plain]) for k in (1, 2))
    own_now, rival_now = (np.mean([lab.right[k] for lab in shuffled]) for k in (1, 2))
    assert own > rival + 0.005
    assert own_now < rival_now + 0.003
    assert abs(rival_now - rival) < 0.01
    for before, after in zip(plain, shuffled, strict=True):
        assert after.near[0] < before.near[0] - 0.2, "moved digits are unlike any"


@seeds
def test_kernels_of_one_pixel_see_nothing_of_a_shape(seed):
    assert run(400, seed=seed, case="kernels of one pixel").right[1] < 0.75


@seeds
def test_one_kernel_to_see_with_gets_far_but_not_as_far(seed):
    one, eight = run(400, seed=seed, case="one kernel to see with"), known(400, seed=seed)
    assert 0.6 < one.right[1] < eight.right[1] - 0.02


@seeds
def test_without_pooling_shifted_digits_are_harder(seed):
    with_it, without = known(400, seed=seed), run(200, seed=seed, case="no pooling")
    assert without.right[1] > 0.93
    assert without.net.params["5.W"].size == 16 * with_it.net.params["7.W"].size
    assert without.near[0] < with_it.near[0] - 0.05


@seeds
def test_too_large_a_rate_kills_relus_and_the_doctor_says_so(seed, assert_sound):
    lab = watched(100, seed=seed, case="dead relus: too large a rate")
    assert_sound(lab)
    assert names(lab)[0] == "dead ReLUs"
    assert lab.idle == [1, 1], "z < 0 everywhere"
    np.testing.assert_array_equal(lab.frame()["gnorm"], 0)
    assert lab.right[1] < 0.15


def test_zeros_stay_zero_but_for_the_last_biases():
    lab = run(50, case="zeros: nothing to begin with")
    for name, w in lab.net.params.items():
        assert w.any() == (name == "7.b"), name
    assert names(lab)[0] == "all weights are 0"


@seeds
def test_equal_kernels_stay_equal_but_learn(seed):
    lab = watched(200, seed=seed, case="equal: copies of one kernel")
    for k in (0, 3):
        W = lab.net.params[f"{k}.W"]
        np.testing.assert_allclose(W, np.broadcast_to(W[:1], W.shape), atol=1e-4)
    assert "equal kernels" in names(lab)
    assert 0.1 < lab.right[1] < 0.9


def test_few_digits_are_learnt_by_heart():
    lab = watched(400, case="150 digits to learn from")
    assert len(lab.x) == 150
    assert lab.right[0] == 1
    tests = [test for _, _, test in lab.history]
    assert tests[-1] > 1.2 * min(tests)
    assert lab.right[1] < lab.right[2] < 0.85, "there the dense net does no worse"


def test_a_net_beside_that_is_lost_stops_and_is_named(assert_sound):
    lab = run(3)
    lab.rival.net.params["0.W"] = np.full((25, 64), np.nan, np.float32)
    lab.run(2)
    assert_sound(lab)
    assert (lab.t, lab.diverged) == (5, False)
    assert "the net beside has diverged" in names(lab)


def test_a_run_that_diverges_says_so_and_reset_leaves_it(assert_sound):
    lab = watched(300, each=1, activation="identity", init="large", optimizer="sgd", alpha=3,
                  pooling="none")  # fmt: skip
    assert lab.diverged
    assert_sound(lab)
    assert [f["name"] for f in lab.doctor()] == ["diverged"]
    with pytest.raises(LabError, match=r"^draw: the run has diverged"):
        lab.event("draw", values=[0] * 64)
    lab.reset()
    assert (lab.diverged, lab.t) == (False, 0)


# ---- what the reader does


@pytest.mark.parametrize("name", CASES)
def test_a_case_says_what_to_notice_while_it_is_as_it_was_chosen(name):
    lab = Cnn(case=name)
    assert lab.text() == NOTICE[name]
    lab.set("kernels_2", 3)
    assert lab.text().startswith("Step 0: ")
    lab.set("case", name if name != "a good run" else "no pooling")
    lab.set("kernels_2", lab.case(lab.values["case"])["kernels_2"])
    assert lab.text() == NOTICE[lab.values["case"]]


def test_a_test_digit_is_chosen_and_drawn_on():
    lab = run(100)
    lab.set("digit", 3)
    digits = data.digits()
    np.testing.assert_array_equal(lab.frame()["pad"], digits.x_test[3])
    assert lab.frame()["label"] == digits.y_test[3]
    values = digits.x_test[3].ravel().copy()
    values[0] = 1
    assert lab.event("draw", values=values.tolist()) is False
    assert (lab.values["picture"], lab.values["drawn"]) == (OWN, str(digits.y_test[3]))
    assert lab.frame()["pad"][0, 0] == 1
    assert digits.x_test[3][0, 0] == 0, "the data stay as they are"
    lab.set("drawn", "7")
    assert lab.target == 3 if lab.fresh else lab.frame()["label"] == 7
    lab.set("picture", TEST)
    np.testing.assert_array_equal(lab.frame()["pad"], digits.x_test[3])


def test_a_drawing_of_unknown_class_is_read_and_outlives_a_reset():
    lab = run(300)
    lab.event("clear")
    assert lab.values["drawn"] == UNKNOWN
    assert "The pad is empty" in lab.text()
    one = np.zeros((8, 8))
    one[:, 3:5] = 1
    lab.event("draw", values=one.ravel().tolist())
    frame = lab.frame()
    assert frame["label"] == -1
    assert lab.target == frame["p"].argmax()
    assert f"It reads your drawing as {lab.target}" in lab.text()
    lab.reset()
    np.testing.assert_array_equal(lab.frame()["pad"], one.astype(np.float32))


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("draw", {"values": [0] * 63}),
        ("draw", {"values": "64"}),
        ("draw", {"values": [None] * 64}),
        ("draw", {}),
        ("select", {"truth": 10, "said": 0}),
        ("select", {"truth": 1.5, "said": 0}),
        ("select", {"shot": 24}),
        ("select", {"shot": -1}),
        ("paint", {}),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(name, what):
    lab = run(20)
    before = dict(lab.values)
    with pytest.raises(LabError) as refused:
        lab.event(name, **what)
    assert "\n" not in str(refused.value)
    assert lab.values == before


def test_a_cell_of_the_confusion_matrix_shows_its_digits():
    lab = run(80)
    wrong = lab.frame()
    count = int(450 - np.trace(wrong["counts"]))
    assert f"{count} wrong answers to 450 test digits" in wrong["heading"]
    off = wrong["counts"] * (1 - np.eye(10))
    truth, said = np.unravel_index(off.argmax(), off.shape)
    lab.event("select", truth=int(truth), said=int(said))
    frame = lab.frame()
    n = int(off.max())
    assert frame["heading"] == f"{truth} read as {said}: {n} of {wrong['counts'][truth].sum():.0f}"
    assert frame["names"] == [f"{truth} as {said}"] * n + [""] * (SHOTS - n)
    digits = data.digits()
    for image, k in zip(frame["shots"], lab.shots, strict=False):
        np.testing.assert_array_equal(image, digits.x_test[k])
        assert digits.y_test[k] == truth
    lab.event("select", shot=n - 1)
    assert (lab.values["picture"], lab.values["digit"]) == (TEST, lab.shots[n - 1])
    assert lab.frame()["p"].argmax() == said
    assert lab.frame()["at"] == n - 1
    lab.event("select", truth=None, said=None)
    assert lab.frame()["heading"] == wrong["heading"]


def test_controls_that_follow_the_reader_travel_with_the_frames(talk):
    conversation = talk("cnn")
    conversation.ask("open")
    ((frame, _),) = conversation.ask("event", name="clear", what={})
    assert frame["values"] == {"picture": OWN, "digit": 21, "drawn": UNKNOWN}


def test_where_the_digits_cannot_be_had_the_lab_says_so():
    from dlcore.labs.cnn import digits

    def offline(name):
        raise OSError("the server could not be reached")

    digits.cache_clear()
    data.use(offline)
    try:
        with pytest.raises(LabError, match=r"^digits: open_data: digits.* could not be reached$"):
            Cnn()
    finally:
        data.use(None)
    assert Cnn().t == 0


def test_the_sentence_compares_with_the_net_beside():
    lab = run(100, rival="logistic regression")
    own, rival, near, rival_near = (f"{100 * s:.1f} %" for s in (*lab.right[1:], *lab.near))
    assert lab.text().startswith(
        f"Step 100: {own} of the test digits are read rightly, by logistic regression {rival}; "
        f"moved by one pixel, {near} and {rival_near}. The 4 that is shown is read "
    )


# ---- programs, audit


def drive(lab, moves):
    expected = []
    for t in range(50):
        for act in moves.get(t, ()):
            act(lab)
        lab.step()
        expected.append(lab.J)
    return expected


def agrees(lab, moves=None):
    expected = drive(lab, moves or {})
    for kind, program in lab.code().items():
        found = {}
        exec(compile(program, "program", "exec"), found)
        assert len(found["losses"]) == 50
        np.testing.assert_allclose(found["losses"], expected, atol=1e-5, rtol=1e-5, err_msg=kind)
        assert len(program.splitlines()) <= 42
        assert max(map(len, program.splitlines())) <= 100


@every
def test_both_programs_give_the_losses_of_the_lab(settings):
    agrees(Cnn(**settings))


def test_changes_in_mid_run_are_in_the_programs():
    def change(name, value):
        return lambda lab: lab.set(name, value)

    moves = {
        0: [change("alpha", 0.02)],
        10: [change("l2", 0.01), change("batch", 8)],
        30: [change("alpha", 0.004), lambda lab: lab.event("clear")],
    }
    agrees(Cnn(optimizer="momentum", kernels_1=3, kernels_2=5), moves)


@every
def test_the_audit_agrees(settings):
    report = run(10, **settings).audit()
    assert "agree:" in report["text"]
    assert "the first 32 training digits" in report["text"]
    assert [row[0] for row in report["rows"]][:2] == ["d0.W", "d0.b"]
