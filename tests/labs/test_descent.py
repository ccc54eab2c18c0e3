"""The lab `descent`: its surfaces, its races, and what it says of them."""

import numpy as np
import pytest
import torch

from dlcore.labs import Descent, LabError
from dlcore.labs.descent import contraction
from dlcore.labs.surfaces import SURFACES, X, Y, surface
from dlcore.labs.trail import Trail

every = pytest.mark.parametrize("name", SURFACES)


def run(steps, **settings):
    lab = Descent(**settings)
    for _ in range(steps):
        lab.step()
    return lab


# ---- surfaces


@every
def test_the_gradient_of_a_surface_is_its_derivative(name):
    f, eps = surface(name, 30), 1e-6
    for w in np.random.default_rng(0).uniform(-1.5, 1.5, (5, 2)):
        numeric = [(f.J(w + s) - f.J(w - s)) / (2 * eps) for s in eps * np.eye(2)]
        np.testing.assert_allclose(f.gradient(w), numeric, atol=1e-7, rtol=1e-6)


@every
def test_a_whole_grid_is_one_call(name):
    f = surface(name, 30)
    grid = f.grid(9)
    assert f.J(grid).shape == (9, 9)
    np.testing.assert_allclose(f.J(grid)[2, 7], f.J(grid[2, 7]))
    np.testing.assert_allclose(f.gradient(grid)[2, 7], f.gradient(grid[2, 7]))


@every
def test_the_lowest_place_is_flat_and_nothing_is_below_it(name):
    f = surface(name, 30)
    w, J = f.lowest()
    np.testing.assert_allclose(f.gradient(w), 0, atol=1e-8)
    assert f.J(f.grid(201)).min() >= J - 1e-12
    assert np.linalg.eigvalsh(f.hessian(w))[0] > 0


@every
def test_the_formula_in_words_of_python_is_the_surface(name):
    f = surface(name, 7)
    names = {"torch": torch, "x": torch.tensor(X), "y": torch.tensor(Y)}
    w = torch.tensor([0.3, -0.8], dtype=torch.float64)
    assert eval(f.formula, names, {"w": w}).item() == pytest.approx(f.J(np.array([0.3, -0.8])))


# ---- the race


@every
def test_frames_and_panels_agree(name, assert_sound):
    arrays = assert_sound(run(30, surface=name))
    assert arrays["ground"].min() == 0
    assert arrays["ground"].max() == 1
    assert 2 <= len(arrays["path_sgd"]) <= 31


def test_on_a_bowl_sgd_shrinks_by_1_minus_alpha_lambda():
    lab = run(10, surface="bowl", alpha=0.2)
    np.testing.assert_allclose(lab.racers["sgd"].w, 0.8**10 * np.array([-1.7, 0.9]))
    assert lab.frame()["J_sgd"] == pytest.approx(0.8**20 * (1.7**2 + 0.9**2) / 2, rel=1e-5)


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.98, 1.02])
def test_contraction_is_what_momentum_does_in_the_long_run(beta, share):
    """The stability limit of a bowl is alpha lambda = 2 (1 + beta)."""
    kappa = 30.0
    alpha = share * 2 * (1 + beta) / kappa
    rate = float(contraction(np.array(alpha), np.array(beta), np.array([1, kappa])))
    assert (rate < 1) == (share < 1)
    step = np.eye(4)
    for k, curvature in enumerate((1.0, kappa)):
        w, v = 2 * k, 2 * k + 1
        step[[w, v], [w, v]] = 1 - alpha * curvature, beta
        step[w, v], step[v, w] = -alpha * beta, curvature
    assert rate == pytest.approx(abs(np.linalg.eigvals(step)).max(), rel=1e-6)


def test_a_longer_valley_is_slower_for_sgd_and_momentum_is_ahead():
    above = [run(150, kappa=k, alpha=1 / k).frame()["J_sgd"][0] for k in (3, 30, 300)]
    assert above == sorted(above)
    lab = run(150)
    assert lab.frame()["J_momentum"] < lab.frame()["J_sgd"]
    assert lab.text().startswith("Step 150: Momentum is ahead")


def test_one_racer_can_be_lost_while_the_others_go_on():
    lab = run(60, alpha=0.1)
    assert lab.racers["sgd"].out
    assert not lab.racers["adam"].out
    assert not lab.diverged
    assert lab.t == 60
    assert "SGD diverged at step" in lab.text()
    (lost,) = [f for f in lab.doctor() if f["level"] == "bad"]
    assert "At the start αλ = 3; on a bowl it must be below 2." in lost["text"]


def test_when_all_are_lost_the_run_has_diverged_and_reset_leaves_it(assert_sound):
    lab = run(100, alpha=1.0, adam=False)
    assert lab.diverged
    assert_sound(lab)
    assert "Everyone has left" in lab.text()
    lab.set("alpha", 0.03)
    lab.reset()
    assert not lab.diverged
    assert lab.t == 0


def test_a_path_shows_every_turn_and_leaves_out_what_cannot_be_seen():
    lab = run(1000)
    path = lab.frame()["path_sgd"]
    np.testing.assert_allclose(path[0], [-1.7, 0.9])
    np.testing.assert_allclose(path[1], [-1.7 * 0.97, 0.09], rtol=1e-6)
    np.testing.assert_allclose(path[-1], lab.racers["sgd"].w, atol=1e-12)
    assert len(path) < 200


def test_a_trail_never_grows_too_long():
    trail = Trail(0.01, longest=50)
    for k in range(1000):
        trail.add((k, -k))
        assert len(trail.places) <= 50
    np.testing.assert_array_equal(trail.to((1, 2))[[0, -1]], [[0, 0], [1, 2]])


def test_the_seed_is_that_of_the_noise():
    def end(**settings):
        return run(20, **settings).frame()["path_adam"]

    np.testing.assert_array_equal(end(noise=0.5, seed=1), end(noise=0.5, seed=1))
    assert not np.array_equal(end(noise=0.5, seed=1), end(noise=0.5, seed=2))
    np.testing.assert_array_equal(end(seed=1), end(seed=2))


# ---- what the reader does


def test_a_dragged_start_begins_a_new_race_and_outlives_reset():
    lab = run(20)
    assert lab.event("drag", index=0, x=1.0, y=9)
    assert lab.t == 0
    lab.reset()
    np.testing.assert_allclose(lab.static()["start"], [[1.0, 2.0]])
    lab.set("surface", "saddle")
    np.testing.assert_allclose(lab.static()["start"], [[-1.7, 0.02]], rtol=1e-6)


def test_dragging_in_the_plane_of_rates_sets_alpha_and_beta():
    lab = run(5)
    assert not lab.event("rates", index=1, x=-2, y=0.5)
    assert (lab.values["alpha"], lab.values["beta"], lab.t) == (0.01, 0.5, 5)
    lab.event("rates", index=0, x=9, y=0.9)
    assert (lab.values["alpha"], lab.values["beta"]) == (10, 0.5)
    with pytest.raises(LabError, match=r"^x: expected a number, got None$"):
        lab.event("rates")


def test_somebody_has_to_race():
    lab = Descent(sgd=False, adam=False)
    with pytest.raises(LabError, match="at least one"):
        lab.set("momentum", False)
    assert lab.set("adam", True)
    assert [layer["data"] for layer in lab.panels()[0]["layers"] if layer["layer"] == "path"] == [
        "path_momentum",
        "path_adam",
    ]


# ---- programs, audit, doctor


def drive(lab, steps=50, moves=None):
    losses = {name: [] for name in lab.racing}
    for t in range(steps):
        for name, value in (moves or {}).get(t, {}).items():
            lab.set(name, value)
        lab.step()
        for name in losses:
            losses[name].append(lab.J[name])
    return losses


def agrees(lab, moves=None):
    expected = drive(lab, moves=moves)
    for kind, program in lab.code().items():
        names = {}
        exec(compile(program, "program", "exec"), names)
        assert names["losses"].keys() == expected.keys()
        for name, losses in expected.items():
            assert len(losses) == 50
            np.testing.assert_allclose(
                names["losses"][name], losses, atol=1e-5, rtol=1e-5, err_msg=f"{kind} {name}"
            )


@pytest.mark.parametrize("settings", [{}, {"noise": 0.3, "alpha": 0.01}, {"sgd": False}], ids=str)
@every
def test_both_programs_give_the_losses_of_the_lab(name, settings):
    agrees(Descent(surface=name, seed=3, **settings))


def test_changes_and_a_dragged_start_are_in_the_programs():
    lab = Descent()
    lab.event("drag", x=1.23456, y=-0.5)
    moves = {0: {"alpha": 0.02}, 10: {"alpha": 0.04, "beta": 0.5}, 30: {"alpha_adam": 0.02}}
    agrees(lab, moves | {40: {"noise": 0.1, "beta": 0.8}})
    assert "30: {" in lab.code()["dlcore"]
    lab.reset()
    agrees(lab)
    assert "changes" not in lab.code()["torch"]


@every
def test_programs_are_short_and_read_well(name):
    for program in Descent(surface=name, noise=0.1).code().values():
        assert len(program.splitlines()) <= 35
        assert max(map(len, program.splitlines())) <= 100


@every
def test_the_audit_agrees(name):
    audit = run(20, surface=name).audit()
    assert "agree:" in audit["text"]
    assert [row[0] for row in audit["rows"]] == ["SGD", "Momentum", "Adam"]


def test_the_doctor_explains_the_race():
    def names(lab):
        return {f["name"] for f in lab.doctor()}

    assert names(run(10)) == set()
    assert names(run(10, alpha=0.06)) == {"stability limit"}
    assert names(run(10, kappa=300, alpha=0.003)) == {"slow"}
    assert "flat ground" in names(run(200, surface="two valleys"))
