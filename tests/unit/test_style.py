"""Style transfer: the net, the step of training, and what is compared with it."""

import numpy as np
import pytest

import dlcore as dl
from dlcore import gan, style


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture
def batch(rng):
    """x, c, y of five pictures 8x8 in float64."""
    x, y = rng.random((2, 5, 1, 8, 8))
    return x, rng.random((5, 2)), y


def test_skip_puts_what_goes_in_beside_what_is_made_of_it(rng):
    x = rng.normal(size=(2, 3, 4, 4))
    skip = style.Skip(dl.Conv2d(3, 5, 3, padding=1, rng=rng, dtype=float), dl.Tanh())
    y, _ = skip.forward(x)
    assert np.array_equal(y[:, :3], x)
    assert np.array_equal(y[:, 3:], skip.inner(x))
    assert np.array_equal(y, skip(x))
    assert dl.gradcheck(skip, x, rng=rng).worst < 1e-6
    half = style.Skip(dl.AvgPool2d(2))
    with pytest.raises(ValueError, match=r"Skip: expected the inner layers to return \(2, K, 4, 4"):
        half.forward(x)


def test_an_untrained_translator_leaves_a_picture_nearly_as_it_is(rng):
    G = style.translator(rng=rng)
    x = rng.integers(0, 2, (2, 1, 16, 16)).astype(np.float32)
    u = style.with_style(x, np.ones((2, 2)))
    assert (u.shape, u.dtype) == ((2, 3, 16, 16), np.float32)
    assert np.abs(G(u) - x).mean() < 0.1
    assert G(u).dtype == np.float32


def test_gradients_of_both_networks(rng, batch):
    x, c, y = batch
    small = {"rng": rng, "dtype": float}
    u = style.with_style(x, c)[:2]
    G, D = style.translator(widths=(2, 3, 2), **small), style.patch_discriminator(**small)
    assert dl.gradcheck(G, u, rng=rng).worst < 1e-5
    both = np.concatenate([u, y[:2]], axis=1)
    assert D(both).shape == (2, 1, 1, 1)


def test_each_logit_sees_a_patch_of_22_pixels(rng):
    D = style.patch_discriminator(styles=0, widths=(2, 2, 2), rng=rng, dtype=float)
    v, cache = D.forward(rng.random((1, 2, 48, 48)))
    one = np.zeros_like(v)
    one[0, 0, 3, 3] = 1
    dx, _ = D.backward(one, cache)
    rows = np.flatnonzero(dx[0].any((0, 2)))
    assert rows[-1] - rows[0] + 1 == 22


@pytest.mark.parametrize("weight", [0.0, 100.0])
def test_a_step_trains_d_then_g_down_both_losses(rng, batch, weight):
    x, c, y = batch
    how = {"rng": rng, "dtype": float}
    G, D = style.translator(widths=(2, 3, 2), **how), style.patch_discriminator(**how)
    G2, D2 = G.astype(float), D.astype(float)
    opts = {"opt_G": dl.SGD(0.01), "opt_D": dl.SGD(0.1)}
    run = style.style_steps(G, D, lambda rng: batch, rng=rng, steps=1, weight=weight, **opts)
    (step,) = run

    u = style.with_style(x, c)
    yhat, cache = G2.forward(u)
    real, fake = (np.concatenate([u, picture], axis=1) for picture in (y, yhat))
    J_D, grads = gan.discriminator_gradient(D2, real, fake, dl.non_saturating)
    dl.SGD(0.1).step(D2.params, grads)
    J_G, dfake = gan.generator_signal(D2, fake, dl.non_saturating)
    dyhat = dfake[:, -1:] + weight * np.sign(yhat - y) / y.size
    dl.SGD(0.01).step(G2.params, G2.backward(dyhat, cache)[1])
    assert np.isclose(step.J, np.abs(yhat - y).mean())
    assert np.allclose([step.J_D, step.J_G], [J_D, J_G])
    for ours, theirs in ((G, G2), (D, D2)):
        assert all(map(np.allclose, ours.params.values(), theirs.params.values()))


def test_without_a_discriminator_the_distance_falls(rng, batch):
    G = style.translator(widths=(2, 3, 2), rng=rng, dtype=float)
    how = {"opt_G": dl.Adam(0.01), "opt_D": None, "rng": rng, "steps": 30}
    steps = list(style.style_steps(G, None, lambda rng: batch, **how))
    assert steps[-1].J < steps[0].J
    assert np.isnan(steps[0].J_D)
    with pytest.raises(ValueError, match="expected D and opt_D, or None for both"):
        style.style_steps(G, None, lambda rng: batch, **how | {"opt_D": dl.SGD(0.1)})
    with pytest.raises(ValueError, match="style_steps: expected steps to be a whole number"):
        style.style_steps(G, None, lambda rng: batch, **how | {"steps": 0})


@pytest.mark.parametrize("k", [1, 2, 4])
def test_an_edge_over_k_pixels_has_the_sharpness_1_over_k(k):
    edge = np.clip((np.arange(12) - 3) / k, 0, 1)
    assert np.isclose(style.sharpness(np.tile(edge, (5, 1))), 1 / k)
    assert np.isnan(style.sharpness(np.zeros((4, 4))))


def test_the_filter_that_made_a_picture_is_found(rng):
    x = rng.random((3, 1, 12, 12))
    true = dl.Conv2d(1, 1, 3, padding=1, rng=rng, dtype=float)
    true.b[:] = 0.3
    found = style.fit_filter(x, true(x), 3)
    assert np.allclose(found.W, true.W)
    assert np.allclose(found.b, true.b)


def test_a_shear_moves_higher_rows_further_to_the_right():
    x = np.zeros((5, 9), np.float32)
    x[:, 4] = 1
    assert np.array_equal(style.shear(x, 0.0), x)
    assert style.shear(x, 1.0).argmax(1).tolist() == [6, 5, 4, 3, 2]
    assert style.shear(x, 0.0, shift=0.25)[0, 4:6].tolist() == [0.75, 0.25]
    assert style.shear(x, 0.0, shift=20.0).max() == 0
    assert style.shear(x, 1.0).dtype == np.float32


@pytest.mark.parametrize(
    ("x", "c", "says"),
    [
        (np.zeros((2, 8, 8)), np.zeros((2, 2)), r"with_style: expected x \(N, 1, H, W\)"),
        (np.zeros((2, 1, 8, 8)), np.zeros((3, 2)), r"with_style: expected c \(2, S\)"),
    ],
)
def test_pictures_and_styles_that_do_not_fit_are_refused(x, c, says):
    with pytest.raises(ValueError, match=says):
        style.with_style(x, c)
