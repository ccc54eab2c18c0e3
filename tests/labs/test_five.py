"""The lab `five`: what its networks cost, its troubles, whom each hurts, and what it says."""

import numpy as np
import pytest

from dlcore import data
from dlcore.divergence import frechet
from dlcore.labs import Five, LabError
from dlcore.labs import five_nets as nets
from dlcore.labs.five_controls import BOTH, CASES, MOVED, NOTICE, START, USUAL, WORK
from dlcore.labs.five_nets import READERS
from dlcore.labs.five_panels import COSTS

SMALL = {"budget": 1000, "n": 60}
DIGITS = data.digits()


def run(steps=0, **settings):
    lab = Five(**settings)
    lab.run(steps)
    lab.frame()
    assert not lab.diverged
    return lab


@pytest.fixture(scope="module")
def moved():
    """150 steps with moved digits, as they are and shuffled."""
    return {case: run(150, case=case) for case in (MOVED, BOTH)}


def names(lab):
    return [finding["name"] for finding in lab.doctor()]


def scores(lab):
    return dict(zip(READERS, lab.look.new, strict=True))


# ---- what they cost


@pytest.mark.parametrize("settings", [{}, {"budget": 1000}, {"equal": WORK}, {"wait": 5}], ids=str)
def test_the_table_counts_parameters_and_multiply_adds(settings):
    lab = Five(**settings)
    arrays = {name: net.params.values() for name, net in lab.nets.items()}
    arrays["gan"] = [*lab.G.params.values(), *lab.D.params.values()]
    frame = lab.frame()
    for k, found in enumerate(arrays.values()):
        assert frame["parameters"][k] == f"{sum(a.size for a in found):,}"
    T, H = lab.ticks, lab.size
    expected = [
        64 * H["dense"] + 10 * H["dense"],
        sum((8 // p) ** 2 * W.size for p, W in ((1, lab.nets["cnn"].layers[0].W),
                                                (2, lab.nets["cnn"].layers[3].W)))
        + lab.nets["cnn"].layers[-1].W.size,
        T * (8 + H["rnn"]) * H["rnn"] + 10 * H["rnn"],
        T * lab.nets["lstm"].layers[0].cell.W.size + 10 * H["lstm"],
        sum(a.size for a in arrays["gan"] if a.ndim == 2),
    ]  # fmt: skip
    assert frame["work"] == [f"{count:,}" for count in expected]
    assert frame["row"] == ["2", "3", str(T + 1), str(T + 1), "2"]


EQUAL = [{"budget": 1000}, {}, {"equal": WORK}, {"equal": WORK, "work": 5000, "wait": 32}]


@pytest.mark.parametrize("settings", EQUAL, ids=str)
def test_all_five_are_about_as_large(settings):
    lab = Five(**settings)
    work = settings.get("equal") == WORK
    for name, H in lab.size.items():
        cost = nets.multiply_adds(name, H, lab.ticks) if work else nets.parameters(name, H)
        wanted = lab.values["work" if work else "budget"]
        assert cost == pytest.approx(wanted, rel=0.25 if name == "cnn" else 0.12), name


# ---- what they are given


def test_each_gets_the_same_pixels_in_its_own_way():
    x = DIGITS.x_test[:3].reshape(3, 64)
    assert nets.given("dense", x, 2) is x
    np.testing.assert_array_equal(nets.given("cnn", x, 2)[:, 0], DIGITS.x_test[:3])
    ticks = nets.given("rnn", x, 2)
    assert ticks.shape == (10, 3, 8)
    np.testing.assert_array_equal(ticks[5], DIGITS.x_test[:3, 5])
    assert not ticks[8:].any()


def test_moved_digits_are_whole_or_cut_off_by_the_edge():
    rng = np.random.default_rng(0)
    x = nets.troubled(DIGITS.x_test, shift=1, noise=0.0, rng=rng).reshape(-1, 8, 8)
    ways = set()
    for image, now in zip(DIGITS.x_test[:60], x, strict=False):
        paper = np.pad(image, 1)
        found = [(i, j) for i in range(3) for j in range(3)
                 if (paper[i : i + 8, j : j + 8] == now).all()]  # fmt: skip
        assert found
        ways |= set(found)
    assert len(ways) == 9
    same = nets.troubled(DIGITS.x_test, shift=0, noise=0.0, rng=rng)
    np.testing.assert_array_equal(same.reshape(x.shape), DIGITS.x_test)


def test_noise_stays_within_paper_and_ink():
    x = nets.troubled(DIGITS.x_test, shift=0, noise=0.5, rng=np.random.default_rng(0))
    assert (x.min(), x.max(), x.dtype) == (0, 1, np.float32)
    grey = (DIGITS.x_test == 0.5).reshape(x.shape)
    assert 0.3 < x[grey].std() < 0.5  # cut off at 0 and 1


def test_what_was_not_to_be_learnt_from_stays_as_it_is():
    lab = Five(shift=2, noise=0.3, seen=False)
    np.testing.assert_array_equal(lab.x, DIGITS.x_train.reshape(-1, 64))
    assert not np.array_equal(lab.x_test, DIGITS.x_test.reshape(-1, 64))


# ---- whom it hurts


def test_shuffled_pixels_are_the_same_run_for_dense_layers_and_for_them_alone(moved):
    plain, shuffled = (moved[case].frame() for case in (MOVED, BOTH))
    np.testing.assert_allclose(plain["acc_dense"], shuffled["acc_dense"], atol=0.005)
    np.testing.assert_allclose(plain["fakes"], shuffled["fakes"], atol=1e-3)
    for name in ("cnn", "lstm"):
        assert plain[f"acc_{name}"] > shuffled[f"acc_{name}"] + 0.05
    assert not np.array_equal(moved[MOVED].static()["given"], moved[BOTH].static()["given"])
    assert "shuffled" in names(moved[BOTH])
    assert "shuffled" not in names(moved[MOVED])


def test_a_cnn_leads_on_moved_digits_and_not_where_neighbours_are_lost(moved):
    plain, shuffled = (scores(moved[case]) for case in (MOVED, BOTH))
    assert max(plain, key=plain.get) == "cnn"
    assert plain["cnn"] > plain["dense"] + 0.05
    assert max(shuffled, key=shuffled.get) == "dense"


def test_after_empty_ticks_the_lstm_is_before_the_rnn_and_the_others_notice_nothing():
    lab, plain = run(200, case="twenty-four empty ticks"), run(30)
    assert scores(lab)["lstm"] > scores(lab)["rnn"] + 0.15
    assert lab.curve[30][:2] == plain.curve[30][:2]


def test_a_hundred_digits_are_known_by_heart():
    lab = run(120, case="a hundred digits to learn from")
    assert min(lab.look.learnt[:3]) > 0.97
    assert max(lab.look.new) < 0.85
    assert "overfitting" in names(lab)


def test_who_learnt_from_straight_digits_fails_on_moved_ones_the_cnn_least():
    lab = run(100, case="moved only in the test")
    assert min(lab.look.learnt[:3]) > 0.9 > 0.65 > max(lab.look.new)
    assert "unlike in training" in names(lab)
    assert "overfitting" not in names(lab)
    assert max(scores(lab), key=scores(lab).get) == "cnn"


def test_a_gan_in_a_hurry_writes_one_kind():
    lab = run(200, case="a GAN in a hurry")
    assert lab.look.kinds == 1
    assert "mode collapse" in names(lab)


# ---- what is shown


def test_frames_are_what_they_are_called():
    lab = run(20, **SMALL)
    frame = lab.frame()
    wrong = (lab.look.said[2] != lab.y_test) & (lab.y_test == 8)
    assert frame["counts"][8, 2] == wrong.sum()
    assert frame["wrong"][8, 2] == pytest.approx(wrong.sum() / np.sum(lab.y_test == 8))
    assert frame["frechet"][0] == pytest.approx(frechet(lab.G(lab.z), lab.x_test), rel=1e-5)
    assert frame["due"].sum() == pytest.approx(10)


@pytest.mark.parametrize("settings", [{}, {"shuffle": True, "wait": 3}], ids=str)
def test_what_an_answer_hangs_on_is_a_central_difference(settings):
    lab = run(10, **SMALL, **settings)
    x, y = lab.x_test[:16].astype(float), lab.y_test[:16]
    for name in READERS:
        net = lab.nets[name].astype(np.float64)
        rows = np.zeros((16, 8))
        for pixel in range(64):
            step = 1e-6 * np.eye(64)[pixel]
            above, below = (net(lab.given(name, x + s)) for s in (step, -step))
            slope = ((above - below) / 2e-6)[np.arange(16), y]
            rows[:, pixel // 8] += slope**2
        expected = np.sqrt(rows).mean(0)
        # pooling has kinks where paper meets paper
        np.testing.assert_allclose(lab.frame()[f"hangs_{name}"], expected, rtol=0.05)


def test_the_axis_of_costs_tells_what_was_read_for_so_much():
    lab = run(40, **SMALL)
    frame, work = lab.frame(), nets.multiply_adds("rnn", lab.size["rnn"], 8)
    for cost, share in zip(COSTS, frame["by_cost_rnn"], strict=True):
        steps = cost / (work * 32)
        if steps < 10 or steps > 40:
            assert share == -1
        else:
            assert share == pytest.approx(lab.curve[int(steps) // 10 * 10][2])
    assert (frame["by_cost_rnn"] >= 0).any()


def test_wrong_answers_can_be_chosen():
    lab = run(30, **SMALL)
    lab.event("select", net=0, kind=8)
    frame = lab.frame()
    assert frame["heading"].startswith(f"dense: {int(frame['counts'][8, 0])} wrong answers to an 8")
    assert all(name.startswith("8 as") for name in frame["names"] if name)
    first = np.flatnonzero((lab.look.said[0] != lab.y_test) & (lab.y_test == 8))[0]
    np.testing.assert_array_equal(frame["shots"][0], DIGITS.x_test[first])
    lab.event("select", net=None, kind=None)
    assert lab.frame()["heading"].startswith("CNN: ")
    with pytest.raises(LabError, match="net: expected a network, 0 to 3, got 4"):
        lab.event("select", net=4, kind=0)


def test_what_the_gan_writes_is_shown_with_every_pixel_in_its_place():
    lab = run(10, shuffle=True, **SMALL)
    written = lab.G(lab.z[:1])[0]
    np.testing.assert_allclose(lab.frame()["fakes"][0].ravel()[lab.order], written, atol=1e-6)


# ---- cases, words, programs


@pytest.mark.parametrize("name", CASES)
def test_every_case_sets_its_values_and_says_what_to_look_at(name, assert_sound):
    lab = Five(case=name)
    assert all(lab.values[k] == v for k, v in (USUAL | CASES[name]).items())
    assert lab.text() == NOTICE[name]
    assert_sound(lab)


def test_the_numbers_of_the_first_notice():
    lab = Five(case=START)
    for name, H in lab.size.items():
        assert nets.parameters(name, H) == pytest.approx(4000, rel=0.08)


def test_units_that_are_0_on_every_digit_are_told():
    lab = Five(**SMALL)
    lab.nets["dense"].layers[0].b -= np.float32(100)
    lab.run(10)
    found = {f["name"]: f["text"] for f in lab.doctor()}
    assert "100 % of the dense net" in found["dead ReLUs"]


def test_the_audit_agrees():
    found = run(3, **SMALL).audit()
    assert "do not" not in found["text"]
    assert {row[0].split(":")[0] for row in found["rows"]} == {
        "dense", "CNN", "RNN", "LSTM", "D", "G"
    }  # fmt: skip


def test_a_run_that_is_lost_says_who_lost_it():
    lab = Five(**SMALL)
    lab.nets["rnn"].layers[-1].W *= np.float32(1e30)
    lab.step()
    assert lab.diverged
    assert lab.doctor()[0]["text"].startswith("RNN: ")
    assert lab.text().startswith("The run diverged at step ")


PROGRAMS = [
    ({}, {}),
    ({"shuffle": True, "shift": 1, "wait": 2, "noise": 0.2, "n": 90, "equal": WORK, "work": 6000},
     {10: ("alpha", 0.02), 30: ("alpha_gan", 0.001)}),
]  # fmt: skip


@pytest.mark.parametrize(("settings", "changes"), PROGRAMS, ids=str)
def test_both_programs_give_the_losses_of_the_lab(settings, changes):
    lab = Five(**{"budget": 1000} | settings)
    expected = {name: [] for name in (*READERS, "G", "D")}
    for t in range(50):
        if t in changes:
            lab.set(*changes[t])
        lab.step()
        for name in expected:
            expected[name].append(lab.J[name])
    for kind, program in lab.code().items():
        found = {}
        exec(compile(program, kind, "exec"), found)
        for name, losses in expected.items():
            np.testing.assert_allclose(found["losses"][name], losses, rtol=1e-5, atol=1e-5,
                                       err_msg=f"{kind}: {name}")  # fmt: skip
