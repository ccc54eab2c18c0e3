"""The lab `convolution`: its window, its three sums, the kernel that learns, what goes wrong."""

import numpy as np
import pytest

from dlcore import data
from dlcore.labs import Convolution, LabError, kernels
from dlcore.labs.cases import CHANGED
from dlcore.labs.convolution_controls import (
    ALIASING,
    ALL,
    AT_FIRST,
    BORDER,
    CASES,
    CORNERS,
    DEAD,
    EVERYWHERE,
    NOTICES,
    ONE,
    ONLY_ONE,
    OWN,
    UNTOLD,
    WILD,
)
from dlcore.labs.convolution_words import fastest

SETTINGS = [
    {},
    {"size": 2, "padding": 1, "kernel": "random", "seed": 3},
    {"size": 4, "stride": 2, "padding": 2, "activation": "relu", "kernel": "sharpen", "b": -0.5},
    {"size": 5, "stride": 3, "kernel": "blur", "activation": "tanh", "target": "random"},
    {"counts": ONE, "padding": 1, "kernel": "Sobel", "alpha": 0.05},
    {"counts": ONE, "stride": 2, "activation": "sigmoid", "image": "cross", "b": 0.25},
    {"image": "diagonal", "kernel": "emboss", "size": 3, "stride": 3, "padding": 1},
]
every = pytest.mark.parametrize("settings", SETTINGS, ids=str)


def run(steps, **settings):
    lab = Convolution(**settings)
    lab.run(steps)
    return lab


def names(lab):
    return [f["name"] for f in lab.findings()]


def correlation(x, W, b, stride, padding):
    """`eq-cnn-convolution`, index by index."""
    x, k = np.pad(x, padding), len(W)
    n = (len(x) - k) // stride + 1
    z = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            for r in range(k):
                for c in range(k):
                    z[i, j] += x[stride * i + r, stride * j + c] * W[r, c]
            z[i, j] += b
    return z


# ---- what is seen


@every
def test_frames_and_panels_agree(settings, assert_sound):
    lab = run(5, **settings)
    arrays = assert_sound(lab)
    assert arrays["z"].shape == arrays["target"].shape == (lab.size, lab.size)
    assert arrays["padded"].shape == (8 + 2 * lab.values["padding"],) * 2
    assert ("a" in arrays) == (settings.get("activation") is not None)


@every
def test_the_output_is_the_formula_of_the_chapter(settings):
    lab = run(3, **settings)
    v, frame = lab.values, lab.frame()
    z = correlation(lab.x, lab.W, lab.b, v["stride"], v["padding"])
    np.testing.assert_allclose(frame["z"], z, atol=1e-5)
    if v["activation"] == "relu":
        np.testing.assert_allclose(frame["a"], np.maximum(z, 0), atol=1e-5)


@every
def test_each_of_the_three_sums_gives_the_number_it_explains(settings):
    """What the front end does: cell k is the sum over its places of left * right, plus b."""
    lab = run(3, **settings)
    arrays = lab.static() | lab.frame()
    (panel,) = [p for p in lab.panels() if p["kind"] == "products"]
    first = 0
    for one in panel["sums"]:
        places = arrays[one["places"]].astype(int)
        left = np.append(arrays[one["left"]].ravel(), 0)  # the last one for places that are -1
        found = (left[places] * arrays[one["right"]]).sum((1, 2))
        found += arrays[one["plus"]] if "plus" in one else 0
        np.testing.assert_allclose(found, arrays[one["data"]].ravel(), atol=2e-5)
        assert one["first"] == first
        first += len(places)


@every
def test_the_gradient_of_the_image_is_a_full_convolution_with_the_turned_kernel(settings):
    lab = run(2, **settings)
    v, k = lab.values, lab.values["size"]
    lab.frame()
    dz = lab.seen["dz"]
    spread = np.zeros((v["stride"] * (len(dz) - 1) + 1,) * 2)
    spread[:: v["stride"], :: v["stride"]] = dz
    full = correlation(spread, lab.W[::-1, ::-1], 0, 1, k - 1)
    dx = np.zeros((8 + 2 * v["padding"] + 2,) * 2)
    dx[: len(full), : len(full)] = full
    p = v["padding"]
    np.testing.assert_allclose(lab.seen["dx"], dx[p : p + 8, p : p + 8], atol=1e-12)


@every
def test_the_audit_agrees_also_for_the_image(settings):
    audit = run(2, **settings).audit()
    assert "differences agree" in audit["text"]
    assert [row[0] for row in audit["rows"]] == ["dx", "dW", "db"]


@every
def test_the_formulas_have_the_numbers(settings):
    lab = run(1, **settings)
    lines, v = lab.frame()["formula"], lab.values
    assert lines[1].startswith(f"size of z = ⌊(8 + 2·{v['padding']} − {v['size']}) / {v['stride']}")
    assert lines[1].endswith(f" = {lab.size}")
    assert ("σ′(z)" in lines[2]) == (v["activation"] != "identity")


def test_the_indices_in_the_formulas_follow_stride_and_padding():
    lines = run(0, stride=2, padding=1).frame()["formula"]
    assert lines[0] == "z_{ij} = Σ_{r,c} x_{2i+r−1, 2j+c−1} W_{rc} + b"
    assert lines[1] == "size of z = ⌊(8 + 2·1 − 3) / 2⌋ + 1 = ⌊3.5⌋ + 1 = 4"
    assert "dz_{(u+1−r)/2, (v+1−c)/2} where these are whole" in lines[4]


# ---- learning


def test_a_step_is_gradient_descent_on_kernel_and_bias():
    lab = Convolution(padding=1, stride=2)
    lab.frame()
    W, b, seen = lab.W.copy(), lab.b, lab.seen
    lab.step()
    np.testing.assert_allclose(lab.W, W - 0.3 * seen["dW"])
    assert lab.b == lab.values["b"] == pytest.approx(b - 0.3 * seen["db"])


def test_it_learns_the_hidden_kernel_and_knows_it_on_other_images():
    lab = run(1000)
    lab.frame()
    assert lab.seen["J"] < 1e-9
    np.testing.assert_allclose(lab.W, lab.hidden_W, atol=1e-3)
    assert "found" in names(lab)
    for image in ("cross", "checkerboard", "digit 7"):
        lab.set("image", image)
        lab.frame()
        assert lab.t == 1000
        assert lab.seen["J"] < 1e-6


def test_the_gradient_of_one_pixel_is_its_window():
    lab = Convolution(counts=ONE)
    lab.event("select", part=8)
    lab.frame()
    (i, j), dz = lab.pixel, lab.seen["dz"]
    assert (i, j) == (1, 2)
    assert np.count_nonzero(dz) == 1
    np.testing.assert_allclose(lab.seen["dW"], dz[i, j] * lab.x[i : i + 3, j : j + 3])


def test_one_pixel_is_answered_without_finding_the_kernel():
    lab = run(300, case=ONLY_ONE)
    lab.frame()
    assert lab.seen["J"] < 1e-12
    assert np.abs(lab.W - lab.hidden_W).max() > 1
    (found,) = lab.findings()
    assert found["name"] == "many kernels fit"
    assert found["text"].startswith("The loss sees a single window. There are 9 weights and b")
    assert found["advice"] == "Let all output pixels count."


def test_one_pixel_has_a_window_with_ink():
    lab = Convolution()
    lab.event("select", part=0)
    lab.set("case", ONLY_ONE)
    i, j = lab.pixel
    assert np.count_nonzero(lab.x[i : i + 3, j : j + 3]) > 4
    assert lab.frame()["dW"].any()


def test_the_chosen_pixel_keeps_its_place_where_the_output_has_another_size():
    lab = Convolution()
    lab.event("select", part=4 * 6 + 2)
    for size, pixel in ((2, (4, 2)), (5, (3, 2)), (3, (3, 2))):
        lab.set("size", size)
        assert lab.pixel == pixel
        assert lab.frame()["part"] == [pixel[0] * lab.size + pixel[1]]


def test_an_image_of_equal_rows_leaves_the_kernel_open():
    lab = run(500, case=UNTOLD)
    lab.frame()
    assert lab.seen["J"] < 1e-9
    assert np.abs(lab.W - lab.hidden_W).max() > 1
    for column in lab.W.T - kernels.identity(3).T:
        np.testing.assert_allclose(column, column[0], atol=1e-12)
    (found,) = lab.findings()
    assert "The loss sees 36 windows, of which 4 are independent." in found["text"]
    assert found["advice"] == "Choose an image with more in it (a digit)."


def test_a_digit_seen_through_few_windows_needs_more_of_them():
    (found,) = (f for f in run(9, stride=3).findings() if f["name"] == "many kernels fit")
    assert "4 windows, of which 4 are independent" in found["text"]
    assert found["advice"].startswith("Make more windows: choose a smaller stride")


@pytest.mark.parametrize("image", ["digit 5", "cross", "step edge"])
def test_the_largest_rate_that_the_doctor_gives_is_the_limit(image):
    bound = fastest(Convolution(image=image))
    below = run(400, image=image, alpha=0.99 * bound)
    above = run(2000, image=image, alpha=1.05 * bound)
    assert "rate too large" not in names(below)
    assert below.seen["J"] < below.J_first
    assert above.diverged


def test_a_wild_rate_diverges_and_reset_leaves_it(assert_sound):
    lab = run(200, case=WILD)
    assert lab.diverged
    assert_sound(lab)
    (bad,) = lab.findings()
    assert bad["level"] == "bad"
    assert "choose one below 0.492" in bad["advice"]
    with pytest.raises(LabError, match=r"^draw: the run has diverged; Reset starts a new one$"):
        lab.event("draw", values=[0] * 64)
    lab.reset()
    assert (lab.diverged, lab.t) == (False, 0)
    np.testing.assert_array_equal(lab.W, kernels.identity(3))


# ---- the cases


@pytest.mark.parametrize("case", CASES)
def test_every_case_says_what_to_notice(case):
    lab = Convolution(case=case)
    assert lab.frame()["notice"] == NOTICES[case]
    assert "Against the hidden kernel's output the loss is" in lab.text()
    lab.step()
    assert lab.text().startswith("Step 1: J = ")
    assert "\n" not in lab.text()


@pytest.mark.parametrize("case", CASES)
def test_only_too_large_a_rate_goes_wrong(case):
    lab = run(200, case=case)
    assert lab.diverged == (case == WILD)
    assert case == WILD or "rate too large" not in names(Convolution(case=case))
    assert case in (WILD, DEAD) or 0.1 * lab.J_first > lab.J


@pytest.mark.parametrize("case", CASES)
def test_what_to_notice_stays_while_it_is_true(case):
    """Learning moves b and the kernel; only where the notice is of the first kernel it goes."""
    lab = run(3, case=case)
    assert lab.frame()["notice"] == (CHANGED if case in AT_FIRST else NOTICES[case])
    lab.reset()
    assert lab.frame()["notice"] == NOTICES[case]


@pytest.mark.parametrize(
    "act",
    [
        lambda lab: lab.set("image", "cross"),
        lambda lab: lab.set("kernel", "emboss"),
        lambda lab: lab.set("stride", 3),
        lambda lab: lab.set("b", 1.0),
        lambda lab: lab.event("kernel", values=[0.5] * 9),
        lambda lab: lab.event("draw", values=[0.5] * 64),
    ],
    ids=["image", "kernel", "stride", "b", "edited", "drawn"],
)
@pytest.mark.parametrize("steps", [0, 3])
def test_nothing_is_noticed_of_a_case_that_was_changed(act, steps):
    lab = run(steps, case=UNTOLD)
    act(lab)
    assert lab.frame()["notice"] == CHANGED
    lab.set("case", WILD)
    lab.set("case", UNTOLD)
    assert lab.frame()["notice"] == NOTICES[UNTOLD]


def test_a_case_chosen_later_is_the_case_chosen_first():
    lab = run(5, size=5, b=2.0)
    lab.event("kernel", values=[1] * 25)
    for case in reversed(CASES):
        lab.set("case", case)
        first, second = lab.frame(), Convolution(case=case).frame()
        assert all(np.array_equal(first[name], second[name]) for name in first)


def test_one_dot_shows_the_kernel_turned_round():
    lab = Convolution(case=EVERYWHERE)
    z = lab.frame()["z"]
    i, j = np.argwhere(lab.x)[0]
    np.testing.assert_array_equal(z[i - 2 : i + 1, j - 2 : j + 1], lab.W[::-1, ::-1])
    assert np.count_nonzero(z) == np.count_nonzero(lab.W)


def test_straight_edges_cancel_and_corners_do_not():
    z = Convolution(case=CORNERS).frame()["z"]
    assert np.count_nonzero(z[[0, 0, -1, -1], [0, -1, 0, -1]]) == 4
    assert not z[2:4].any()
    assert not z[:, 2:4].any()


def test_zeros_around_the_image_make_an_edge():
    lab = Convolution(case=BORDER)
    z = lab.frame()["z"]
    assert (z[:, -1] < 0).all()
    assert z.shape == (8, 8)
    lab.set("padding", 0)
    z = lab.frame()["z"]
    assert (z >= 0).all()
    assert z.shape == (6, 6)


def test_a_checkerboard_is_flat_at_stride_2():
    lab = Convolution(case=ALIASING)
    assert np.ptp(lab.frame()["z"]) == 0
    lab.set("stride", 1)
    assert np.ptp(lab.frame()["z"]) == 1


def test_relu_that_never_fires_gets_no_gradient_until_b_is_raised():
    lab = run(10, case=DEAD)
    assert names(lab) == ["dead ReLU"]
    np.testing.assert_allclose(lab.W, 1 / 9)
    lab.set("b", 0.0)
    lab.frame()
    assert "dead ReLU" not in names(lab)
    assert lab.seen["dW"].any()


def test_the_doctor_names_unseen_pixels_and_saturation():
    (left,) = run(0, stride=2).findings()
    assert "the last row and the last column" in left["text"]
    assert names(run(0, stride=2, padding=1)) == []
    assert "the last 2 rows and columns" in run(0, stride=3).findings()[0]["text"]
    assert names(run(0, activation="tanh", b=4.0)) == ["saturation"]
    lab = run(0, stride=3)
    lab.frame()
    assert not lab.seen["dx"][6:].any()


# ---- what the reader does


def test_a_kernel_changed_before_the_run_is_its_start():
    lab = Convolution()
    W = np.arange(9) / 4 - 1
    assert not lab.event("kernel", values=W.tolist())
    assert lab.values["kernel"] == OWN
    lab.run(10)
    lab.reset()
    np.testing.assert_array_equal(lab.W.ravel(), W)
    lab.set("size", 5)
    np.testing.assert_array_equal(lab.W[1:4, 1:4].ravel(), W)
    assert np.abs(lab.W).sum() == np.abs(W).sum()
    lab.set("size", 2)
    np.testing.assert_array_equal(lab.W, W.reshape(3, 3)[1:, 1:])


def test_a_kernel_changed_during_the_run_is_gone_after_reset():
    lab = run(3)
    lab.event("kernel", values=[1] * 9)
    np.testing.assert_array_equal(lab.W, np.ones((3, 3)))
    assert (lab.t, lab.values["kernel"]) == (3, "identity")
    lab.reset()
    np.testing.assert_array_equal(lab.W, kernels.identity(3))


def test_a_drawing_stays_and_can_be_chosen_again():
    lab = run(3)
    values = lab.x.ravel().tolist()
    values[0] = 7.0
    lab.event("draw", values=values)
    assert (lab.values["image"], lab.t) == (OWN, 3)
    assert lab.x[0, 0] == 1
    lab.reset()
    assert lab.x[0, 0] == 1
    lab.set("image", "cross")
    assert lab.x[0, 0] == 0
    lab.set("image", OWN)
    assert lab.x[0, 0] == 1


def test_what_cannot_be_is_refused_in_one_line():
    lab = Convolution()
    with pytest.raises(LabError, match=r"^values: expected 9 numbers, got \[1\]$"):
        lab.event("kernel", values=[1])
    with pytest.raises(LabError, match=r"^values: expected 64 numbers, got None$"):
        lab.event("draw")
    with pytest.raises(LabError, match=r"^part: expected a pixel, 0 to 35, got 36$"):
        lab.event("select", part=36)


def test_without_the_digits_a_digit_is_refused(monkeypatch):
    def fail(name):
        raise OSError("no such file")

    lab = Convolution(image="cross", case=CORNERS)
    kernels.digits.cache_clear()
    data.use(fail)
    try:
        with pytest.raises(
            LabError, match=r"^image x: open_data: .*/digits_8x8\.npz cannot be read"
        ):
            lab.set("image", "digit 0")
        assert lab.values["image"] == "cross"
    finally:
        data.use(None)


# ---- programs


def agrees(lab, moves=None, steps=50):
    expected = []
    for t in range(steps):
        for act in (moves or {}).get(t, ()):
            act(lab)
        lab.step()
        expected.append(lab.J)
    for kind, program in lab.code().items():
        found = {}
        exec(compile(program, "program", "exec"), found)
        np.testing.assert_allclose(found["losses"], expected, atol=1e-5, rtol=1e-5, err_msg=kind)
        assert len(program.splitlines()) <= (55 if moves else 46)
        assert max(map(len, program.splitlines())) <= 105


@every
def test_both_programs_give_the_losses_of_the_lab(settings):
    agrees(Convolution(**{"alpha": 0.05} | settings))


@pytest.mark.parametrize("counts", [ALL, ONE])
def test_what_the_reader_did_is_in_the_programs(counts):
    image = (np.arange(64) % 7 / 8).tolist()
    moves = {
        0: [lambda lab: lab.event("kernel", values=[0.5] * 9), lambda lab: lab.set("b", 1.0)],
        5: [lambda lab: lab.set("alpha", 0.02), lambda lab: lab.event("select", part=7)],
        12: [lambda lab: lab.event("draw", values=image)],
        20: [lambda lab: lab.event("kernel", values=[1 / 3, -2] + [0.25] * 7)],
        30: [lambda lab: lab.set("b", -0.5), lambda lab: lab.set("image", "cross")],
        49: [lambda lab: lab.set("image", "digit 7")],
    }
    lab = Convolution(counts=counts, alpha=0.1)
    agrees(lab, moves)
    assert ("pixel" in lab.code()["dlcore"]) == (counts == ONE)
    lab.reset()
    agrees(lab)
    assert "changes" not in lab.code()["dlcore"]


# ---- kernels and pictures


@pytest.mark.parametrize("k", [2, 3, 4, 5])
def test_kernels_of_every_size_are_what_their_names_say(k, rng):
    made = {name: kernels.make(name, k, rng) for name in (*kernels.KERNELS, kernels.RANDOM)}
    assert all(W.shape == (k, k) and W.dtype == np.float64 for W in made.values())
    for name in ("vertical edges", "horizontal edges", "Sobel", "corners"):
        assert made[name].sum() == 0, name
    for name in ("identity", "blur", "sharpen"):
        assert made[name].sum() == pytest.approx(1), name
    for name in ("vertical edges", "Sobel"):
        assert not made[name].sum(0)[: k // 2].max() >= 0, "dark left"
    assert not made["corners"].sum(0).any()
    assert not made["corners"].sum(1).any()


@pytest.mark.parametrize("name", kernels.PICTURES)
def test_pictures_are_8_by_8_from_0_to_1_and_not_shared(name):
    x = kernels.picture(name)
    assert x.shape == (8, 8)
    assert x.min() == 0
    assert 0.9 < x.max() <= 1
    x[:] = 0.5
    assert kernels.picture(name).max() > 0.9
