"""Adversarial training: the losses literally, gradients through D into G, what a step does."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import dlcore as dl
from dlcore.gan import discriminator_gradient, generator_signal, uniform
from dlcore.mixture import ring

LOSSES = [dl.minimax, dl.non_saturating, dl.least_squares, dl.wasserstein]


def D_of(z):
    return 1 / (1 + math.exp(-z))


def literally(name, real, fake):
    """J_D and J_G, the means written as sums over the batch."""
    m, n = len(real), len(fake)
    if name == "least squares":
        J_D = sum((z - 1) ** 2 for z in real) / 2 / m + sum(z**2 for z in fake) / 2 / n
        return J_D, sum((z - 1) ** 2 for z in fake) / 2 / n
    if name == "Wasserstein":
        return sum(fake) / n - sum(real) / m, -sum(fake) / n
    J_D = -sum(math.log(D_of(z)) for z in real) / m - sum(math.log(1 - D_of(z)) for z in fake) / n
    if name == "minimax":
        return J_D, sum(math.log(1 - D_of(z)) for z in fake) / n
    return J_D, -sum(math.log(D_of(z)) for z in fake) / n


def logits(rng, m):
    return 2 * rng.standard_normal((m, 1))


@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.name)
@pytest.mark.parametrize(("m", "n"), [(1, 1), (5, 5), (3, 7)])
def test_the_losses_are_their_formulas(loss, m, n, rng):
    real, fake = logits(rng, m), logits(rng, n)
    J_D, J_G = literally(loss.name, real[:, 0], fake[:, 0])
    assert math.isclose(loss.discriminator(real, fake)[0], J_D, abs_tol=1e-12)
    assert math.isclose(loss.generator(fake)[0], J_G, abs_tol=1e-12)


def differences(J, z, eps=1e-6):
    """dJ/dz by central differences."""
    d = np.zeros_like(z)
    for i in range(len(z)):
        up, down = z.copy(), z.copy()
        up[i] += eps
        down[i] -= eps
        d[i] = (J(up) - J(down)) / (2 * eps)
    return d


@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.name)
def test_their_gradients_are_right(loss, rng):
    real, fake = logits(rng, 4), logits(rng, 6)
    _, d_real, d_fake = loss.discriminator(real, fake)
    close = {"atol": 1e-8}
    D_real = differences(lambda z: loss.discriminator(z, fake)[0], real)
    D_fake = differences(lambda z: loss.discriminator(real, z)[0], fake)
    G_fake = differences(lambda z: loss.generator(z)[0], fake)
    np.testing.assert_allclose(d_real, D_real, **close)
    np.testing.assert_allclose(d_fake, D_fake, **close)
    np.testing.assert_allclose(loss.generator(fake)[1], G_fake, **close)


@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.name)
@given(z=st.floats(-1e4, 1e4))
def test_nothing_overflows_and_float32_stays_float32(loss, z):
    z = np.array([[z]], np.float32)
    with np.errstate(all="raise", under="ignore"):
        J_D, *dz = loss.discriminator(z, z)
        J_G, dg = loss.generator(z)
    assert math.isfinite(J_D)
    assert math.isfinite(J_G)
    assert all(d.dtype == np.float32 and np.isfinite(d).all() for d in (*dz, dg))


def test_where_d_is_sure_minimax_saturates_and_the_other_does_not():
    z = np.full((1, 1), -10.0)  # D(G(z)) = 0.00005
    assert abs(dl.minimax.generator(z)[1][0, 0]) < 1e-4
    assert abs(dl.non_saturating.generator(z)[1][0, 0] + 1) < 1e-4


def test_logits_that_are_no_floats_or_none_are_refused():
    with pytest.raises(TypeError, match="floats"):
        dl.minimax.generator(np.ones((2, 1), int))
    with pytest.raises(ValueError, match="at least one example"):
        dl.minimax.discriminator(np.ones((2, 1)), np.ones((0, 1)))


def players(rng, dtype=np.float64, n=5):
    how = {"activation": dl.Tanh, "rng": rng, "dtype": dtype}
    return dl.mlp([2, n, 2], **how), dl.mlp([2, n, 1], **how)


@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.name)
def test_the_generators_gradient_goes_through_the_discriminator(loss, rng):
    """dJ_G/dG's parameters = one network, D after G, whose D stands still."""
    G, D = players(rng)
    z = rng.standard_normal((6, 2))
    fake, cache = G.forward(z)
    _, dfake = generator_signal(D, fake, loss)
    _, grads = G.backward(dfake, cache)
    for name, w in G.params.items():

        def J(value, w=w):
            before = w.copy()
            w[...] = value.reshape(w.shape)
            found = loss.generator(D(G(z)))[0]
            w[...] = before
            return found

        expected = differences(J, w.reshape(-1).copy()).reshape(w.shape)
        np.testing.assert_allclose(grads[name], expected, atol=1e-8)


def test_real_and_fake_in_one_batch_give_the_gradient_of_both(rng):
    _, D = players(rng)
    real, fake = rng.standard_normal((2, 6, 2))
    J, grads = discriminator_gradient(D, real, fake, dl.minimax)
    (z_real, cache_real), (z_fake, cache_fake) = D.forward(real), D.forward(fake)
    expected, d_real, d_fake = dl.minimax.discriminator(z_real, z_fake)
    assert math.isclose(J, expected)
    apart = D.backward(d_real, cache_real)[1], D.backward(d_fake, cache_fake)[1]
    for name in grads:
        np.testing.assert_allclose(grads[name], apart[0][name] + apart[1][name], atol=1e-12)


def training(rng, *, steps=3, dtype=np.float32, alpha=0.1, **how):
    G, D = players(rng, dtype)
    how = {"real": ring(), "latent": 2, "batch": 8, "rng": rng} | how
    opts = {"opt_G": dl.SGD(alpha), "opt_D": dl.SGD(alpha)}
    return G, D, dl.gan_steps(G, D, how.pop("real"), how.pop("latent"), steps=steps, **opts, **how)


def test_a_step_updates_d_k_times_and_g_once(rng):
    G, D, run = training(rng, k=3, steps=2)
    calls = {"D": 0, "G": 0}
    for name, net in (("G", G), ("D", D)):
        back = net.backward

        def counted(*args, _name=name, _back=back, need_dx=True):
            calls[_name] += not need_dx
            return _back(*args, need_dx=need_dx)

        net.backward = counted
    steps = list(run)
    assert [s.t for s in steps] == [1, 2]
    assert calls == {"D": 6, "G": 2}


def test_an_update_of_one_leaves_the_other_alone(rng):
    G, D, _ = training(rng)
    before = {name: w.copy() for name, w in D.params.items()}
    generator_signal(D, G(rng.standard_normal((4, 2), np.float32)), dl.non_saturating)
    assert all(np.array_equal(before[name], w) for name, w in D.params.items())


def test_the_same_seed_gives_the_same_run_and_examples_or_a_function_may_be_real(rng):
    runs = []
    for seed in (0, 0, 1):
        G, _, run = training(np.random.default_rng(seed))
        list(run)
        runs.append(np.concatenate([w.reshape(-1) for w in G.params.values()]))
    np.testing.assert_array_equal(runs[0], runs[1])
    assert not np.array_equal(runs[0], runs[2])
    _, _, run = training(rng, real=rng.standard_normal((20, 2), np.float32), latent=uniform(2))
    assert next(run).real.shape == (8, 2)
    z = uniform(2)(1000, rng)
    np.testing.assert_allclose([z.min(), z.max()], [-1, 1], atol=0.01)


def test_clipping_bounds_the_weights_of_d_only(rng):
    G, D, run = training(rng, loss=dl.wasserstein, clip=0.01)
    list(run)
    assert max(np.abs(w).max() for w in D.params.values()) == np.float32(0.01)
    assert max(np.abs(w).max() for w in G.params.values()) > 0.1


def test_float32_stays_float32_through_training(rng):
    G, D, run = training(rng)
    for step in run:
        assert step.fake.dtype == np.float32
    arrays = (*G.params.values(), *D.params.values(), *step.grads_G.values())
    assert {a.dtype for a in arrays} == {np.dtype(np.float32)}


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ({"batch": 0}, "batch"),
        ({"k": 0}, "k to be a whole number"),
        ({"clip": -1}, "clip > 0"),
        ({"latent": 0}, "latent"),
        ({"real": np.zeros((0, 2))}, "at least one example"),
        ({"real": np.full((2, 2), np.nan)}, "finite"),
    ],
)
def test_impossible_arguments_are_refused_before_the_first_step(how, says, rng):
    with pytest.raises(ValueError, match=says):
        training(rng, **how)


def test_wrong_kinds_are_refused(rng):
    G, D = players(rng)
    opt = dl.SGD(0.1)
    given = {"batch": 4, "steps": 1, "rng": rng}
    with pytest.raises(ValueError, match="an optimiser each"):
        dl.gan_steps(G, D, ring(), 2, opt_G=opt, opt_D=opt, **given)
    with pytest.raises(TypeError, match="loss of type GanLoss"):
        dl.gan_steps(G, D, ring(), 2, opt_G=opt, opt_D=dl.SGD(1), loss=dl.mse, **given)
    with pytest.raises(TypeError, match="real as examples"):
        dl.gan_steps(G, D, [1], 2, opt_G=opt, opt_D=dl.SGD(1), **given)
    three = dl.mlp([2, 5, 3], rng=rng)
    with pytest.raises(ValueError, match=r"expected fake \(m, 2\)"):
        next(dl.gan_steps(three, D, ring(), 2, opt_G=opt, opt_D=dl.SGD(1), **given))
