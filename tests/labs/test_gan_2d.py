"""The lab `gan-2d`: what its frames mean, its stages, what goes wrong in it and what mends it."""

import numpy as np
import pytest

from dlcore import divergence
from dlcore.gradcheck import gradcheck
from dlcore.labs import Gan2d, LabError
from dlcore.labs.gan_2d_controls import (
    COLLAPSES,
    D_WINS,
    HOPS,
    UNBOUNDED,
)
from dlcore.labs.gan_audit import Judged
from dlcore.labs.gan_controls import LOSSES
from dlcore.labs.gan_game import DRAW, SIGNAL, UPDATE_G, stages_of
from dlcore.mixture import ring

HUNDREDS = range(100, 1001, 100)
TINY = {"width_G": 8, "width_D": 8, "batch": 16}


def run(steps, **settings):
    lab = Gan2d(**settings)
    lab.run(steps)
    return lab


def names(lab):
    return {found["name"] for found in lab.doctor()}


def number(lab, name):
    return float(lab.frame()[name][0])


def weights(lab):
    return [w.copy() for net in (lab.game.G, lab.game.D) for w in net.params.values()]


# ---- declarations


@pytest.mark.parametrize(
    "changes",
    [
        {"loss": "Wasserstein", "clip": "0.1"},
        {"loss": "least squares", "slow": True},
        {"latent": "1-D uniform", "slow": True},
        {"data": "own"},
        {"data": "own", "slow": True},
        {"data": "grid", "k": 3, "slow": True, "plays": "D only"},
        {"plays": "G only", "slow": True},
    ],
    ids=str,
)
def test_panels_and_frames_agree_after_every_change(changes, assert_sound):
    lab = run(2, **TINY)
    for name, value in changes.items():
        lab.set(name, value)
        assert_sound(lab)
    for _ in range(12):
        lab.step()
        assert_sound(lab)


@pytest.mark.parametrize("loss", LOSSES)
def test_what_a_recording_quantises_stays_within_its_range(loss):
    frame = run(20, loss=loss, **TINY).frame()
    lo, hi, _ = Gan2d.ranges["D"]
    assert lo <= frame["D"].min() < frame["D"].max() <= hi


# ---- what the numbers mean


def test_slow_motion_makes_the_same_steps():
    fast, slow = run(6, k=3, k_G=2, **TINY), Gan2d(k=3, k_G=2, slow=True, **TINY)
    slow.run(6 * len(slow.stages))
    assert slow.rounds == fast.rounds == 6
    for a, b in zip(weights(fast), weights(slow), strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_step_that_was_begun_in_slow_motion_is_finished_at_once():
    lab, fast = run(3, slow=True, **TINY), run(2, **TINY)
    assert (lab.t, lab.rounds) == (3, 0)
    lab.set("slow", False)
    lab.run(2)
    assert (lab.t, lab.rounds) == (5, 2)
    np.testing.assert_array_equal(lab.game.G.params["0.W"], fast.game.G.params["0.W"])


def test_settings_count_from_the_next_step_on():
    lab, plain = run(2, slow=True, **TINY), run(1, **TINY)
    lab.set("alpha_G", 0.5)
    lab.run(6)
    np.testing.assert_array_equal(lab.game.G.params["0.W"], plain.game.G.params["0.W"])
    lab.run(8)
    assert lab.changes == {1: {"alpha_G": 0.5}}


def test_only_one_of_the_two_plays():
    for plays, still in (("D only", "G"), ("G only", "D")):
        lab = Gan2d(plays=plays, **TINY)
        before = {net: getattr(lab.game, net).params["0.W"].copy() for net in "GD"}
        lab.run(3)
        for net, W in before.items():
            moved = not np.array_equal(W, getattr(lab.game, net).params["0.W"])
            assert moved == (net != still)
        assert f"only {plays[0]} plays" in names(lab)


def test_arrows_point_down_the_loss_of_the_generator():
    """A small step of every point along its arrow lowers J_G by the sum of their squares."""
    lab = run(30, **TINY)
    frame, loss = lab.frame(), lab.loss
    x, push = lab.shown.astype(float), frame["push"].astype(float)
    D = lab.game.D.astype(np.float64)
    J = [loss.generator(D(x + step * push))[0] for step in (-1e-6, 1e-6)]
    assert (J[1] - J[0]) / 2e-6 == pytest.approx(-np.square(push).sum() / len(x), rel=1e-3)
    assert number(lab, "reach") == pytest.approx(np.median(np.linalg.norm(push, axis=1)), rel=1e-5)


def test_the_field_is_the_belief_over_the_plane_with_row_0_at_the_bottom():
    lab = run(20, **TINY)
    axis = np.linspace(-1.25, 1.25, 40, dtype=np.float32)
    v = lab.game.D(np.array([[axis[5], axis[0]], [axis[7], axis[33]]]))[:, 0]
    D = lab.frame()["D"]
    np.testing.assert_allclose([D[0, 5], D[33, 7]], 1 / (1 + np.exp(-v)), rtol=1e-5)


def test_divergences_compare_the_exact_shares_with_those_of_the_sample():
    lab = run(50, **TINY)
    q = divergence.histogram(lab.game.G(lab.z_shown[-1000:]), 20, 1.25)
    p = ring().shares(20, 1.25)
    assert number(lab, "js") == pytest.approx(divergence.js(p, q), rel=1e-6)
    assert number(lab, "kl_pq") == pytest.approx(divergence.kl(p, q, 1e-4), rel=1e-6)
    assert number(lab, "kl_qp") == pytest.approx(divergence.kl(q, p, 1e-4), rel=1e-6)


@pytest.mark.parametrize("loss", ["non-saturating", "least squares"])
def test_the_best_discriminator_has_the_least_loss(loss):
    """J_D of D = p / (p + q) on the grid, and of others near it."""
    lab = run(50, loss=loss, **TINY)
    q = divergence.histogram(lab.game.G(lab.z_shown[-1000:]), 20, 1.25).ravel()
    p = lab.shares.ravel()

    def J_D(D):
        if loss == "least squares":
            return float(np.sum(p * (D - 1) ** 2 + q * D**2) / 2)
        with np.errstate(divide="ignore", invalid="ignore"):
            terms = np.nan_to_num(p * np.log(D)) + np.nan_to_num(q * np.log(1 - D))
        return -float(terms.sum())

    best = p / (p + q + 1e-300)
    assert number(lab, "J_best") == pytest.approx(J_D(best), rel=1e-5)
    for shift in (-0.01, 0.01):
        assert J_D(np.clip(best + shift, 1e-9, 1 - 1e-9)) > number(lab, "J_best")


def test_cells_of_the_mesh_have_the_same_share_of_the_latent_distribution():
    """Counted of many z: so small cells of the picture are dense ones."""
    for kind in ("2-D normal", "2-D uniform"):
        lab = Gan2d(latent=kind, **TINY)
        z = lab.static()["z_mesh"]
        x, y = z[0, :, 0], z[:, 0, 1]
        many = lab.latent()(200_000, np.random.default_rng(0))
        counts, *_ = np.histogram2d(many[:, 0], many[:, 1], (x, y))
        np.testing.assert_allclose(counts, 200_000 / 17**2, rtol=0.2)


@pytest.mark.parametrize("name", LOSSES)
def test_losses_are_drawn_with_their_levels_for_a_D_that_can_only_guess(name):
    loss, guess = LOSSES[name], np.full((4, 1), 0.5 if name == "least squares" else 0.0)
    levels = {loss.discriminator(guess, guess)[0], loss.generator(guess)[0]}
    (panel,) = [panel for panel in Gan2d(loss=name).panels() if panel["name"] == "losses"]
    assert sorted(ref["y"] for ref in panel["refs"]) == pytest.approx(sorted(levels))


def test_counts_are_of_what_is_due_and_name_the_modes_that_are_missed():
    lab = run(30, **TINY)
    _, _, counts = lab.p.coverage(lab.game.G(lab.z_shown[-1000:]))
    frame = lab.frame()
    np.testing.assert_allclose(frame["due"][0], counts / 125)
    np.testing.assert_array_equal(frame["missed"], counts < 62.5)


def test_a_1_d_latent_is_drawn_as_a_line():
    lab = Gan2d(latent="1-D normal", **TINY)
    assert lab.frame()["mesh"].shape == (200, 2)
    assert lab.panels()[0]["layers"][1]["layer"] == "path"


# ---- slow motion


def test_the_stages_of_a_step_are_told_one_by_one():
    lab = Gan2d(slow=True, **TINY)
    said = []
    for _ in range(8):
        lab.step()
        frame = lab.frame()
        said.append(" ".join(frame["about"]))
        at = int(frame["stage"][0])
        assert len(frame["real_batch"]) == 16
        assert len(frame["fake_batch"]) == (0 if at == DRAW else 16)
        assert bool(frame["push_batch"].any()) == (lab.stages[at] == SIGNAL)
    assert f"J_D = {'−'}mean log D(x)" in said[3]
    assert "arrow" in said[6]
    assert lab.done[-1] == UPDATE_G
    assert lab.rounds == 1


def test_an_answer_that_is_no_probability_is_written_as_a_logit():
    """As in the chapter, where D(x) is sigma(v)."""
    for loss in ("least squares", "Wasserstein"):
        lab = Gan2d(slow=True, loss=loss, **TINY)
        said = []
        for _ in range(7):
            lab.step()
            said += lab.frame()["about"]
        losses = [line for line in said if line.startswith("J_")]
        assert len(losses) == 2
        assert all("v(" in line and "D(" not in line for line in losses)


def test_other_updates_of_D_are_one_stage():
    assert len(stages_of("D and G", 1)) == 8
    assert len(stages_of("D and G", 5)) == 9
    assert len(stages_of("D only", 5)) == 6
    assert len(stages_of("G only", 5)) == 5
    assert len(stages_of("D and G", 5, 2)) == 10
    assert len(stages_of("G only", 5, 2)) == 6


def test_slow_motion_begins_and_ends_while_the_run_goes_on(talk):
    session = talk("gan-2d", values=TINY)
    session.ask("open")
    session.ask("tick", steps=3)
    setup, frame = session.contents("set", name="slow", value=True)
    assert (setup["type"], setup["goes_on"], frame["step"]) == ("setup", True, 3)
    assert setup["lab"]["pace"]
    assert setup["lab"]["panels"][0]["kind"] == "stages"
    setup, _ = session.contents("set", name="slow", value=False)
    assert "pace" not in setup["lab"]
    assert session.types("set", name="alpha_G", value=0.01) == ["frame"]


# ---- the reader's own points


def own(*points, **settings):
    lab = Gan2d(data="own", **TINY | settings)
    for x, y in points:
        lab.event("add", x=x, y=y)
    return lab


def test_own_points_are_modes_and_without_them_it_waits(assert_sound):
    lab = own()
    lab.step()
    assert lab.t == 0
    assert lab.text().startswith("No points yet")
    assert lab.doctor() == []
    with pytest.raises(LabError, match="no points yet"):
        lab.audit()
    lab = own((-0.5, 0), (0.5, 0), (0, 0.5))
    lab.run(5)
    assert assert_sound(lab)["count"] == 3
    lab.event("drag", index=0, x=-0.75, y=0.25)
    np.testing.assert_allclose(lab.p.centres[0], [-0.75, 0.25])
    lab.event("clear")
    assert_sound(lab)


def test_points_of_a_data_set_stay_where_they_are():
    lab = Gan2d(**TINY)
    for event in ("drag", "remove", "add", "clear"):
        with pytest.raises(LabError, match="choose data “own”"):
            lab.event(event, index=0, x=0, y=0)


# ---- what goes wrong, and what mends it


def looks(lab, *steps):
    """The lab at each of these steps."""
    for t in steps:
        lab.run(t - lab.t)
        lab.frame()
        yield lab


def test_the_default_comes_to_cover_the_modes():
    lab = run(1500)
    covered = number(lab, "covered")
    assert covered >= 6
    assert number(lab, "js") < 0.3
    assert lab.doctor() == []
    assert lab.text().startswith(f"Step 1,500: G covers {covered:.0f} of 8 modes")


def travels(lab):
    """How far the mean of G's points strays, over the last looks at it."""
    return float(np.sqrt(np.array(lab.means).var(0).sum()))


def test_it_oscillates_between_modes_and_beta1_of_a_half_rescues():
    lab = Gan2d(case=HOPS)
    seen = [(int(now.nearest.argmax()), now.nearest.max()) for now in looks(lab, *HUNDREDS)]
    assert len({mode for mode, _ in seen[4:]}) >= 3
    assert np.mean([share for _, share in seen[4:]]) > 0.5
    assert number(lab, "covered") <= 2
    assert "oscillation" in names(lab)
    assert "β₁ = 0.9" in lab.doctor()[-1]["advice"]
    travelled = travels(lab)
    lab.set("beta1", 0.5)
    assert lab.t == 0
    lab.run(1000)
    assert number(lab, "covered") >= 5
    assert travels(lab) < travelled / 3
    assert lab.doctor() == []


def test_modes_collapse_and_one_update_of_G_a_step_rescues():
    lab, found, spread = Gan2d(case=COLLAPSES), [], []
    for now in looks(lab, *range(200, 501, 50)):
        assert number(now, "covered") <= 2
        found += [f for f in now.doctor() if f["name"] == "mode collapse"]
        spread.append(float(np.sqrt(now.shown.var(0).sum())))
    assert len(found) >= 3
    assert "of the 8 modes" in found[0]["text"]
    assert "G has 20 updates" in found[0]["advice"]
    assert min(spread) < 0.2, "all points at one place"
    lab.set("k_G", 1)
    lab.reset()
    lab.run(1000)
    assert number(lab, "covered") >= 5
    assert "mode collapse" not in names(lab)


def test_d_wins_the_arrows_vanish_and_the_non_saturating_loss_rescues():
    lab = run(600, case=D_WINS)
    saturated = number(lab, "reach")
    assert saturated < 1e-3
    assert np.median(lab.D_fake) < 0.001
    assert lab.D_real.mean() > 0.85
    assert number(lab, "covered") <= 1
    lab.D_real = np.full_like(lab.D_real, 0.75)  # as later, while G is still lost
    (found,) = [f for f in lab.doctor() if f["name"] == "D wins"]
    said = found["text"].split("with the non-saturating loss it would be ")[1]
    lab.set("loss", "non-saturating")
    assert number(lab, "reach") == pytest.approx(float(said.rstrip(".")), rel=0.01)
    assert number(lab, "reach") > 10
    lab.run(600)
    assert number(lab, "covered") >= 5
    assert "D wins" not in names(lab)


def test_a_critic_without_bounds_is_lost_and_clipping_rescues():
    lab = Gan2d(case=UNBOUNDED)
    found = set().union(*(names(now) for now in looks(lab, 300, 350, 400, 450)))
    assert "unbounded critic" in found
    lab.run(400)
    assert lab.diverged
    assert names(lab) == {"diverged"}
    assert lab.doctor()[0]["advice"].startswith("Clip D’s weights")
    lab.set("clip", "0.1")
    lab.reset()
    lab.run(600)
    assert not lab.diverged
    assert max(np.abs(w).max() for w in lab.game.D.params.values()) <= np.float32(0.1)
    assert number(lab, "reach") < 0.5
    assert number(lab, "js") < 0.5


def test_a_diverged_run_shows_its_last_step(assert_sound):
    lab = run(300, alpha_D=1.0, alpha_G=1.0, optimizer_D="sgd", optimizer_G="sgd",
              loss="Wasserstein", **TINY)  # fmt: skip
    assert lab.diverged
    assert_sound(lab)
    assert f"diverged at step {lab.diverged_at}; shown is step {lab.t}" in lab.text()
    lab.reset()
    assert not lab.diverged


# ---- audit


@pytest.mark.parametrize("loss", LOSSES)
def test_both_players_gradients_pass_the_audit(loss):
    lab = run(5, loss=loss, **TINY)
    table = lab.audit()
    assert len(table["rows"]) == 12
    assert {row[0][:2] for row in table["rows"]} == {"D:", "G:"}
    assert "do not agree" not in table["text"]


def test_judged_has_the_parameters_of_g_alone(rng):
    lab = run(3, **TINY)
    judged = Judged(lab.game.G, lab.game.D)
    assert judged.params.keys() == lab.game.G.params.keys()
    assert gradcheck(judged, rng.standard_normal((4, 2)), rng=rng).worst < 1e-6
