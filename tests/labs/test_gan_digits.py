"""The lab `gan-digits`: what its pictures and numbers are, what goes wrong and what mends it."""

from types import SimpleNamespace

import numpy as np
import pytest

from dlcore import data
from dlcore.activations import softmax
from dlcore.labs import GanDigits, LabError, trained
from dlcore.labs.gan_digits_controls import (
    BY_HEART,
    CASES,
    COLLAPSES,
    D_WINS,
    SHOWN,
    USUAL,
)
from dlcore.labs.gan_digits_panels import SURE_OF_REAL, TURNS
from web.tools.weights import no_digits

TINY = {"width_G": 8, "width_D": 8, "batch": 16, "latent": 3}


def run(steps, **settings):
    lab = GanDigits(**settings)
    lab.run(steps)
    lab.frame()
    return lab


def looks(lab, *steps):
    """The lab at each of these steps."""
    for t in steps:
        lab.run(t - lab.t)
        lab.frame()
        yield lab


def names(lab):
    return {found["name"] for found in lab.doctor()}


def seen(lab):
    return int(lab.frame()["seen"][0])


def belief(lab):
    """What D believes, as captions of the samples say it."""
    return np.array([float(text) for text in lab.frame()["said_fake"]])


# ---- the classifier that judges


def sure(x):
    return float(softmax(trained.judge()(x.astype(np.float32))).max(1).mean())


def test_the_judge_reads_digits_and_doubts_what_is_none():
    split, rng = data.digits(), np.random.default_rng(0)
    x, held = split.x_train.reshape(-1, 64), split.x_test.reshape(-1, 64)
    assert np.mean(trained.judge()(held).argmax(1) == split.y_test) > 0.96
    assert sure(held) == pytest.approx(SURE_OF_REAL, abs=0.02)
    assert sure(no_digits(held, 500, rng)) < 0.4
    assert sure(rng.random((500, 64))) < 0.15
    assert sure(rng.multivariate_normal(x.mean(0), np.cov(x.T), 500).clip(0, 1)) < 0.45


# ---- declarations


@pytest.mark.parametrize("values", CASES.values(), ids=str)
def test_panels_and_frames_agree_in_every_case(values, assert_sound):
    assert values.keys() <= USUAL.keys()
    lab = GanDigits(**TINY | values)
    for _ in range(3):
        assert_sound(lab)
        lab.step()


# ---- what is shown


def test_samples_keep_their_z_and_captions_are_what_d_believes():
    lab = run(20, **TINY)
    z = lab.z_shown.copy()
    lab.run(5)
    np.testing.assert_array_equal(lab.z_shown, z)
    x = lab.game.G(z[:SHOWN])
    np.testing.assert_allclose(lab.frame()["fakes"].reshape(SHOWN, 64), x, atol=1e-6)
    D = 1 / (1 + np.exp(-lab.game.D(x)[:, 0]))
    np.testing.assert_allclose(belief(lab), D, atol=0.006)


def test_real_digits_and_those_held_out_are_told_apart():
    lab = run(1, **TINY)
    split = data.digits()
    for shown, part, other in (
        (lab.real, split.x_train, split.x_test),
        (lab.held, split.x_test, split.x_train),
    ):
        rows = {x.tobytes() for x in part}
        assert all(x.tobytes() in rows for x in shown)
        assert not all(x.tobytes() in {y.tobytes() for y in other} for x in shown)
    np.testing.assert_allclose(lab.frame()["beliefs"].sum(1), 1, rtol=1e-5)


def test_copies_of_real_digits_are_at_no_distance_and_have_all_their_variety():
    lab = GanDigits(**TINY)
    best, distance = lab.nearest(lab.x[[5, 700]])
    assert best.tolist() == [5, 700]
    assert distance.max() < 0.01
    far = np.linalg.norm(lab.held[0] - lab.x, axis=1)
    assert lab.nearest(lab.held[:1])[1][0] == pytest.approx(far.min(), rel=1e-4)


# ---- the latent space


def picture(lab):
    return lab.frame()["looks"][0].ravel()


def test_the_walk_goes_straight_from_one_sample_to_the_other(assert_sound):
    lab = run(10, first=3, last=7, **TINY)
    frame = assert_sound(lab)
    np.testing.assert_allclose(frame["walk"][[0, -1]], frame["fakes"][[2, 6]], atol=1e-6)
    middle = lab.game.G((lab.z_shown[[2]] + lab.z_shown[[6]]) / 2)[0]
    np.testing.assert_allclose(frame["walk"][4].ravel(), middle, atol=1e-6)
    lab.set("along", 50)
    np.testing.assert_allclose(picture(lab), middle, atol=1e-6)
    assert [lab.frame()[name] for name in ("at_stop", "at_sample")] == [4, -1]
    assert "sample 3 to that of sample 7" in frame["walk_title"]


def test_a_click_on_a_sample_walks_there_from_the_last_one():
    lab = GanDigits(first=1, last=4, **TINY)
    np.testing.assert_allclose(picture(lab), lab.frame()["fakes"][0].ravel(), atol=1e-6)
    assert lab.frame()["at_sample"] == 0
    lab.event("select", sample=9)
    assert lab.frame()["at_sample"] == 9
    assert [lab.values[name] for name in ("first", "last", "along")] == [4, 10, 100]
    np.testing.assert_allclose(picture(lab), lab.frame()["fakes"][9].ravel(), atol=1e-6)
    lab.event("select", stop=2)
    assert lab.values["along"] == 25
    assert lab.frame()["at_stop"] == 2


def test_each_number_of_z_is_turned_alone_and_a_click_takes_it():
    lab = GanDigits(**TINY)
    turned = lab.turned().reshape(3, len(TURNS), 3)
    for k in range(3):
        others = [i for i in range(3) if i != k]
        np.testing.assert_array_equal(turned[k, :, k], TURNS)
        np.testing.assert_array_equal(turned[k][:, others], np.tile(lab.z[others], (7, 1)))
    wanted = lab.frame()["turned"][9]
    lab.event("select", turn=9)
    np.testing.assert_allclose(picture(lab), wanted.ravel(), atol=1e-6)
    places = [lab.frame()[name] for name in ("at_turn", "at_stop", "at_sample")]
    assert places == [9, -1, -1]


def test_a_dragged_number_stays_until_the_walk_goes_on(assert_sound):
    lab = GanDigits(**TINY)
    lab.event("drag", index=1, x=0, y=9)
    assert lab.z[1] == 3
    lab.run(3)
    assert assert_sound(lab)["z"][1, 1] == 3
    lab.reset()
    assert lab.z[1] == 3
    lab.set("along", 30)
    assert lab.z[1] != 3
    lab.event("drag", index=2, x=0, y=1)
    lab.set("latent", 2)
    assert len(assert_sound(lab)["z"]) == 2


@pytest.mark.parametrize(
    ("name", "what", "message"),
    [
        ("select", {"sample": 24}, "sample: expected a picture, 0 to 23, got 24"),
        ("select", {"stop": "x"}, "stop: expected a picture, 0 to 8, got 'x'"),
        ("select", {}, "turn: expected a picture, 0 to 20, got None"),
        ("drag", {"index": 3, "x": 0, "y": 0}, "index: expected a point, 0 to 2, got 3"),
        ("add", {}, "no event called 'add'"),
    ],
)
def test_what_is_no_picture_is_refused(name, what, message):
    with pytest.raises(LabError, match=message):
        GanDigits(**TINY).event(name, **what)


# ---- what comes of it, from its seed


@pytest.fixture(scope="module")
def first():
    """The default run: its lab, and what was seen on the way: step -> a SimpleNamespace."""
    lab, seen_at = GanDigits(), {}
    for t in (50, 400, 600, 800, 1200):
        lab.run(t - lab.t)
        frame = lab.frame()
        seen_at[t] = SimpleNamespace(
            fakes=frame["fakes"],
            seen=int(frame["seen"][0]),
            new=lab.new,
            gap=abs(lab.D_real.mean() - lab.D_held.mean()),
            found=lab.doctor(),
        )
    return lab, seen_at


def test_the_default_writes_all_digits(first):
    lab, seen_at = first
    assert lab.sure > 0.55
    assert seen(lab) >= 8
    assert lab.variety > 0.85
    assert all(not now.found for now in seen_at.values())
    assert lab.text().startswith("Step 1,200: a classifier")
    doubted = softmax(trained.judge()(lab.fake)).max(1) <= 0.5
    assert lab.frame()["shares"][-1] == pytest.approx(doubted.mean())
    assert lab.frame()["shares"].sum() == pytest.approx(1)


def test_no_digit_reaches_the_left_and_the_right_edge_and_g_has_soon_learnt_it(first):
    edges = [0, -1]
    x = data.digits().x_train.reshape(-1, 8, 8)
    assert x[:, :, edges].mean() < 0.02
    assert x[:, edges].mean() > 0.2, "but the upper and the lower one"
    fakes = first[1][50].fakes
    assert fakes[:, :, edges].mean() < 0.05
    assert fakes[:, edges].mean() > 0.2


def test_it_collapses_to_one_picture_and_one_update_of_g_a_step_rescues():
    lab, digits = GanDigits(case=COLLAPSES), {}
    for now in looks(lab, *range(100, 301, 20)):
        assert now.variety < 0.4
        (found,) = [f for f in lab.doctor() if f["name"] == "mode collapse"]
        assert "G has 10 updates" in found["advice"]
        if lab.shares.max() > 0.5:
            digits[int(lab.shares.argmax())] = found["text"]
        if len(digits) == 2:
            break
    assert len(digits) == 2, "it runs from one to another"
    assert all(f"are read as {digit}, hardly any" in text for digit, text in digits.items())
    lab.set("k_G", 1)
    lab.run(400)
    assert seen(lab) >= 4
    assert lab.variety > 0.6
    assert "mode collapse" not in names(lab)


def test_d_wins_nothing_moves_and_the_non_saturating_loss_rescues():
    lab = run(150, case=D_WINS)
    before = lab.frame()["fakes"].copy()
    assert lab.reach < 1e-3
    assert names(lab) == {"D wins"}
    lab.run(50)
    assert np.abs(lab.frame()["fakes"] - before).max() < 0.01
    assert lab.sure < 0.2
    lab.set("loss", "non-saturating")
    lab.frame()
    assert lab.reach > 5
    lab.run(500)
    assert seen(lab) >= 6
    assert lab.sure > 0.4
    assert "D wins" not in names(lab)


def test_few_digits_are_learnt_by_heart_and_copied_and_more_of_them_rescue(first):
    lab = run(2000, case=BY_HEART)
    assert lab.D_real.mean() - lab.D_held.mean() > 0.4
    assert names(lab) == {"learnt by heart", "copies"}, "one advice, not two that contradict"
    assert lab.new < 0.75
    lab.set("n", USUAL["n"])
    assert lab.t == 0
    assert lab.case(BY_HEART) | {"n": USUAL["n"]} == USUAL, "from here on it is the default run"
    rescued = first[1][400]
    assert rescued.gap < 0.1
    assert rescued.new > 1


def test_two_latent_numbers_have_less_room(first):
    lab = GanDigits(case="two latent numbers")
    found = sum(seen(now) for now in looks(lab, 600, 800))
    assert found < 0.75 * sum(first[1][t].seen for t in (600, 800))


@pytest.mark.parametrize(("case", "steps"), [("least squares", 300), ("Wasserstein, clipped", 200)])
def test_other_losses_draw_too_and_their_answers_are_told_as_they_are(case, steps):
    lab = run(steps, case=case)
    assert seen(lab) >= 4
    assert lab.variety > 0.6
    assert "D answers" in lab.text()
    v = lab.game.D(lab.game.G(lab.z_shown[:SHOWN]))[:, 0]
    said = [float(text.replace("−", "-")) for text in lab.frame()["said_fake"]]
    np.testing.assert_allclose(said, v, atol=0.006)


def test_a_diverged_run_shows_its_last_step(assert_sound):
    lab = run(300, alpha_D=1.0, alpha_G=1.0, optimizer_D="sgd", optimizer_G="sgd",
              loss="Wasserstein", **TINY)  # fmt: skip
    assert lab.diverged
    assert_sound(lab)
    assert f"diverged at step {lab.diverged_at}" in lab.text()
    with pytest.raises(LabError, match="drag: the run has diverged"):
        lab.event("drag", index=0, x=0, y=0)


# ---- audit


def test_both_players_gradients_pass_the_audit():
    table = run(5, **TINY).audit()
    assert {row[0][:2] for row in table["rows"]} == {"D:", "G:"}
    assert "do not agree" not in table["text"]
