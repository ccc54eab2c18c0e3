"""The exercises of chapters/gan: their references are what dlcore computes, the numbers in the
notebook are right, and its last part works with the functions that the reader has written."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

import dlcore as dl
from dlcore import divergence, gan
from dlcore.exercises import EXERCISES, check
from dlcore.mixture import ring

NOTEBOOK = Path(__file__).parents[2] / "chapters/gan/exercises.ipynb"
F = {e.name.split(".")[1]: e.reference for e in EXERCISES.values() if e.name.startswith("gan.")}


def cases(name):
    """The hidden cases, as floats: dlcore takes no whole numbers."""
    return [
        [a.astype(float) if isinstance(a, np.ndarray) else a for a in args]
        for args in EXERCISES[f"gan.{name}"].draw()
    ]


def dense(W, b):
    layer = dl.Dense(W.shape[1], len(W), rng=np.random.default_rng(0), dtype=np.float64)
    layer.params["W"][...], layer.params["b"][...] = W, b
    return layer


# ------------------------------------------------------- the references are what dlcore computes


def test_no_other_discriminator_is_better_than_the_best():
    D = np.linspace(0.001, 0.999, 999)
    for p, q in cases("best"):
        value = p[..., None] * np.log(D) + q[..., None] * np.log(1 - D)
        near = np.clip(F["best"](p, q), 0.001, 0.999)
        np.testing.assert_allclose(D[value.argmax(-1)], near, atol=5.1e-4)


def test_the_losses_are_those_of_dlcore():
    for v_real, v_fake in cases("discriminator_loss"):
        J_D, *dv = F["discriminator_loss"](v_real, v_fake)
        expected, *slopes = dl.minimax.discriminator(v_real, v_fake)
        assert pytest.approx(expected) == J_D
        for mine, theirs in zip(dv, slopes, strict=True):
            np.testing.assert_allclose(mine, theirs)
    for (v,) in cases("generator_loss"):
        J_G, dv, dv_saturating = F["generator_loss"](v)
        expected, slope = dl.non_saturating.generator(v)
        assert pytest.approx(expected) == J_G
        np.testing.assert_allclose(dv, slope)
        np.testing.assert_allclose(dv_saturating, dl.minimax.generator(v)[1])


def test_the_divergence_is_that_of_dlcore():
    for real, fake in cases("jensen_shannon"):
        expected = divergence.js(real / real.sum(), fake / fake.sum())
        assert F["jensen_shannon"](real, fake) == pytest.approx(expected, abs=1e-12)


def test_the_signal_is_what_comes_through_a_network():
    for x, W1, b1, W2, b2 in cases("signal"):
        D = dl.Sequential(dense(W1, b1), dl.Tanh(), dense(W2, b2))
        _, dx = gan.generator_signal(D, x, dl.non_saturating)
        np.testing.assert_allclose(F["signal"](x, W1, b1, W2, b2), dx)


def test_a_step_is_one_of_gan_steps():
    """dlcore draws as many fakes as real examples; the other cases differ from it in nothing else,
    and a discriminator sees only means of either batch."""
    for x, z, W_G, b_G, W_D, b_D, alpha in cases("step"):
        m, n = len(x), len(z)
        x, z = np.repeat(x, n, axis=0), np.repeat(z, m, axis=0)
        G, D = dense(W_G, b_G), dense(W_D, b_D)
        next(
            dl.gan_steps(
                G, D, lambda batch, rng, x=x: x, lambda batch, rng, z=z: z,
                opt_G=dl.SGD(alpha), opt_D=dl.SGD(alpha), rng=np.random.default_rng(0),
                batch=len(x), steps=1,
            )
        )  # fmt: skip
        mine = F["step"](x[::n], z[::m], W_G, b_G, W_D, b_D, alpha)
        theirs = [*G.params.values(), *D.params.values()]
        for a, b in zip(mine, theirs, strict=True):
            np.testing.assert_allclose(a, b)


def test_coverage_is_that_of_a_mixture():
    for x, centres, std in cases("coverage"):
        covered, quality, _ = dl.Mixture(centres, std).coverage(x)
        assert F["coverage"](x, centres, std) == (covered, pytest.approx(quality))


def test_a_slope_without_the_soft_label_is_told_so():
    """And not that the fakes were smoothed instead, which has the same slope for real ones."""

    def answer(v_real, v_fake, s):
        J_D, _, dv_fake = F["smoothed_loss"](v_real, v_fake, s)
        return J_D, F["smoothed_loss"](v_real, v_fake, 1.0)[1], dv_fake

    assert "dv_real: The labels are hard" in str(check("gan.smoothed_loss", answer))


def test_smoothed_labels_are_those_of_the_cross_entropy():
    for v_real, v_fake, s in cases("smoothed_loss"):
        J_D, *dv = F["smoothed_loss"](v_real, v_fake, s)
        J_real, dv_real = dl.bce_with_logits(v_real, np.full_like(v_real, s))
        J_fake, dv_fake = dl.bce_with_logits(v_fake, np.zeros_like(v_fake))
        assert pytest.approx(J_real + J_fake) == J_D
        np.testing.assert_allclose(dv[0], dv_real, atol=1e-15)
        np.testing.assert_allclose(dv[1], dv_fake, atol=1e-15)


# ------------------------------------------------------------------ what is said to an answer


def test_two_mistakes_at_once_are_told_by_what_they_spoil():
    def answer(v_real, v_fake):
        J_D, dv_real, dv_fake = F["discriminator_loss"](v_real, v_fake)
        D = dl.sigmoid(v_fake)
        return J_D, dv_real * len(v_real), -dv_fake * D * (1 - D)

    message = check("gan.discriminator_loss", answer).message
    assert "dv_real: You added up the examples" in message
    assert "dv_fake: Two things. The slope of sigma is there twice" in message


def test_fakes_that_are_only_a_list_of_numbers_are_told_of_their_shape():
    def answer(v_fake):
        J_G, *dv = F["generator_loss"](v_fake)
        return J_G, *(d.ravel() for d in dv)

    assert "The numbers are right, the shape is not" in check("gan.generator_loss", answer).message


# ---------------------------------------------------------------------------- the notebook


def test_numbers_in_the_notebook():
    assert F["best"](np.array([1.0, 2, 2]), np.array([3.0, 2, 0])).tolist() == [0.25, 0.5, 1]
    zeros = np.zeros((4, 1))
    J_D, dv_real, dv_fake = F["discriminator_loss"](zeros, zeros[:2])
    assert pytest.approx(1.386, abs=5e-4) == J_D
    assert (dv_real[0], dv_fake[0]) == (-1 / 8, 1 / 4)
    J_G, dv, dv_saturating = F["generator_loss"](np.full((1, 1), -5.0))
    assert pytest.approx(5.007, abs=5e-4) == J_G
    assert [dv, dv_saturating] == pytest.approx([-0.993, -0.007], abs=5e-4)
    assert dv / dv_saturating == pytest.approx(148, abs=0.5)
    counts = np.array([3, 1, 0, 0])
    assert F["jensen_shannon"](counts, 2 * counts) == 0
    assert F["jensen_shannon"](counts, counts[::-1]) == pytest.approx(0.693, abs=5e-4)
    x = np.ones((3, 2))
    assert not F["signal"](x, x, np.ones(3), np.zeros((1, 3)), np.ones(1)).any()
    half = F["smoothed_loss"](np.full((1, 1), np.log(9)), np.full((1, 1), -50.0), 0.9)
    assert half[:2] == pytest.approx((0.325, 0), abs=5e-4)
    assert np.log(9) == pytest.approx(2.197, abs=5e-4)


def test_a_generator_moves_although_the_discriminator_had_no_opinion(rng):
    x, z, W_G = rng.normal(size=(3, 4, 2))[:, :3]
    nothing = np.zeros((1, 2)), np.zeros(1)
    args = x, z, W_G[:2], np.zeros(2), *nothing, 0.1
    assert abs(F["step"](*args)[0] - W_G[:2]).max() > 1e-5
    at_once = EXERCISES["gan.step"].mistakes[0][1]
    assert np.array_equal(at_once(*args)[0], W_G[:2])


def test_real_points_cover_all_and_one_place_covers_one(rng):
    p = ring()
    covered, quality = F["coverage"](p(20_000, rng), p.centres, p.std)
    assert covered == 8
    assert quality == pytest.approx(0.989, abs=0.003)
    assert np.exp(-4.5) == pytest.approx(0.011, abs=5e-4)
    assert F["coverage"](np.tile(p.centres[3], (50, 1)), p.centres, p.std) == (1, 1)
    spread = rng.uniform(-1, 1, (2000, 2))
    assert F["coverage"](spread, p.centres, p.std)[0] == 0
    assert {int(d.argmin()) for d in np.abs(spread[:, None] - p.centres).sum(2)} == set(range(8))


CHANGES = {  # what is written for what; modes covered, at least and at most; quality and divergence
    "none": ("", "", (8, 8), (0.91, 0.07), (0.09, 0.06)),
    "wrong sign": ("dx = signal", "dx = -signal", (0, 0), (0, 0.005), (0.69, 0.005)),
    "slow judge": ("dl.Adam(0.01,", "dl.Adam(0.001,", (0, 4), (0.4, 0.25), (0.35, 0.2)),
    "soft labels": (
        "discriminator_loss(*np.split(v, 2))", "smoothed_loss(*np.split(v, 2), 0.9)",
        (8, 8), (0.91, 0.07), (0.09, 0.06),
    ),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_the_readers_own_functions_train_a_generator(change, capsys):
    old, new, (least, most), quality, JS = CHANGES[change]
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    sources = ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
    assert any(old in source for source in sources)
    names = {}
    for source in sources:
        if "plots.points" not in source:
            exec(source.replace(old, new), names)
            names |= F
    line = r" *(\d+) steps: (\d) of 8 modes, (\S+) good, JS (\S+)"
    said = [re.fullmatch(line, text).groups() for text in capsys.readouterr().out.splitlines()]
    assert [int(t) for t, *_ in said] == [0, 500, 1000, 1500, 2000]
    covered = [int(number) for _, number, *_ in said]
    assert covered[0] == 0
    assert least <= covered[-1] <= most
    assert (np.diff(covered) < 0).any() == (change == "slow judge")
    for text, (about, off) in zip(said[-1][2:], (quality, JS), strict=True):
        assert float(text) == pytest.approx(about, abs=off)


def test_two_samples_of_real_points_are_not_quite_equal(rng):
    p = ring()
    one, other = (divergence.histogram(p(2000, rng), 20, 1.3) for _ in "ab")
    assert F["jensen_shannon"](one, other) == pytest.approx(0.01, abs=0.005)
