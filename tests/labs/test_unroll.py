"""The lab `unroll`: its stages, backpropagation through time, and the arithmetic it writes down."""

import numpy as np
import pytest

from dlcore.labs import LabError, Unroll
from dlcore.labs.cases import CHANGED
from dlcore.labs.unroll_controls import (
    ABOVE,
    BIT,
    CASES,
    CUT,
    DIAGONAL,
    EVERY,
    HALF,
    NOTICES,
    ONES,
    OWN,
    RANDOM,
    SHARED,
)

SETTINGS = [
    {},
    {"where": EVERY, "x": RANDOM, "activation": "sigmoid", "alpha": 1.0},
    {"length": 6, "hidden": 3, "inputs": 2, "where": EVERY, "x": RANDOM, "h0": 0.4, "seed": 3},
    {"length": 5, "k": 2, "x": RANDOM, "where": EVERY, "seed": 4},
    {"activation": "relu", "k": 3, "inputs": 2, "x": ONES, "seed": 2},
    {"activation": "leaky_relu", "length": 3, "hidden": 1, "y": -0.5, "h0": 0.5},
    {"activation": "identity", "weights": DIAGONAL, "w": 0.8, "hidden": 2, "k": 1, "alpha": 0.02},
]
every = pytest.mark.parametrize("settings", SETTINGS, ids=str)


def run(steps, **settings):
    lab = Unroll(**settings)
    lab.run(steps)
    lab.frame()
    return lab


def to(stage, **settings):
    """A lab that has just done a stage."""
    lab = Unroll(**settings)
    lab.run(lab.stages.index(stage) + 1)
    lab.frame()
    return lab


def drive(lab, passes, moves=None):
    for t in range(passes * len(lab.stages) + 1):
        for name, value in (moves or {}).get(t, {}).items():
            lab.set(name, value)
        lab.step()
    return lab


def names_of(program):
    names = {}
    exec(compile(program, "program", "exec"), names)
    return names


def node(lab, name):
    """Number of a node, by its name in words."""
    (graph,) = [p for p in lab.panels() if p["kind"] == "graph"]
    return graph["names"].index(name)


# ---- stages


def test_a_step_is_a_stage_and_after_the_update_a_new_pass_begins():
    lab = Unroll(length=3)
    seen = []
    for _ in range(9):
        lab.step()
        seen.append(int(lab.frame()["stage"][0]))
    assert seen == [0, 1, 2, 3, 4, 5, 6, 7, 0]
    assert lab.stages == [
        "tick 1", "tick 2", "tick 3", "loss", "back 3", "back 2", "back 1", "update",
    ]  # fmt: skip


@every
def test_frames_and_panels_agree(settings, assert_sound):
    lab = Unroll(**settings)
    for _ in range(len(lab.stages) + 1):
        arrays = assert_sound(lab)
        (graph,) = [p for p in lab.panels() if p["kind"] == "graph"]
        nodes = sum(map(len, graph["nodes"]))
        assert len(graph["names"]) == len(graph["places"]) == len(arrays["node_h"]) == nodes
        assert len(arrays["lit"]) == nodes + len(graph["edges"])
        assert len(arrays["of_part"]) == nodes + len(arrays["W"])
        assert len(arrays["edge_dw"]) == len(arrays["W"]) == arrays["adds"].size
        lab.step()


@every
def test_an_edge_goes_from_one_tick_to_the_next_or_stays_within_one(settings):
    (graph,) = [p for p in Unroll(**settings).panels() if p["kind"] == "graph"]
    for start, end in graph["edges"]:
        assert graph["places"][end][0] - graph["places"][start][0] in (0, 0.5, 1)
    assert len({tuple(place) for place in graph["places"]}) == len(graph["places"])


def test_a_number_is_shown_once_its_stage_is_over():
    def known(array, name):
        return [s for s in Unroll().stages if to(s).frame()[array][node(Unroll(), name)]]

    stages = Unroll().stages
    assert known("node_h", "tick 3, unit 1") == stages[2:]
    assert known("node_dz", "tick 3, unit 1") == stages[stages.index("back 3") :]
    assert known("node_dh", "start, unit 1") == stages[stages.index("back 1") :]
    assert not to("loss").frame()["adds"].any()
    np.testing.assert_array_equal(to("back 3").frame()["adds"].any(0), [False, False, True, True])


def test_what_a_stage_computes_is_lit():
    def lit(stage, **settings):
        lab = to(stage, hidden=1, length=3, **settings)
        (graph,) = [p for p in lab.panels() if p["kind"] == "graph"]
        names, values = graph["names"], lab.frame()["lit"]
        ends = [f"{names[i]} > {names[j]}" for i, j in graph["edges"]]
        return {n: int(v) for n, v in zip([*names, *ends], values, strict=True) if v}

    assert lit("tick 2") == {
        "tick 2, unit 1": 1,
        "tick 1, unit 1 > tick 2, unit 1": 2,
        "tick 2, input 1 > tick 2, unit 1": 2,
    }
    assert lit("loss") == {"tick 3, loss": 1, "tick 3, unit 1 > tick 3, loss": 2}
    assert lit("back 2") == {
        "tick 2, unit 1": 1,
        "tick 1, unit 1 > tick 2, unit 1": 1,
        "tick 2, unit 1 > tick 3, unit 1": 2,
        "tick 2, input 1 > tick 2, unit 1": 1,
    }
    assert "tick 2, unit 1 > tick 3, unit 1" not in lit("back 2", k=1)
    assert [float(to(s).frame()["back"][0]) for s in ("tick 4", "back 4", "update")] == [0, 1, 0]


# ---- numbers


@every
def test_the_way_back_is_that_of_autograd_with_the_state_detached(settings):
    torch = pytest.importorskip("torch")
    lab = run(0, **settings)
    v, p = lab.values, lab.whole()
    W = {n: torch.tensor(w, requires_grad=True) for n, w in lab.cell.params.items()}
    sigma = {
        "tanh": torch.tanh, "sigmoid": torch.sigmoid, "relu": torch.relu,
        "leaky_relu": torch.nn.functional.leaky_relu, "identity": lambda z: z,
    }[v["activation"]]  # fmt: skip
    h, T, states = torch.full((v["hidden"],), v["h0"], dtype=torch.float64), v["length"], []
    for t in range(T):
        h = h.detach() if (T - t) % v["k"] == 0 else h
        h = sigma(W["W_hx"] @ torch.tensor(lab.x[t]) + W["W_hh"] @ h + W["b_h"])
        h.requires_grad_().retain_grad()
        states.append(h)
    counted = states if v["where"] == EVERY else states[-1:]
    J = sum((h[0] - v["y"]) ** 2 for h in counted) / len(counted)
    J.backward()
    assert p["J"] == pytest.approx(J.item())
    for name, w in W.items():
        np.testing.assert_allclose(p["grads"][name], w.grad, atol=1e-12, err_msg=name)
    for t, h in enumerate(states, 1):
        np.testing.assert_allclose(p["h"][t], h.detach(), atol=1e-12)
        found = np.zeros(v["hidden"]) if h.grad is None else h.grad
        np.testing.assert_allclose(p["dh"][t], found, atol=1e-12)


@every
def test_what_the_ticks_add_sums_up_to_the_gradient(settings):
    lab = to("update", **settings)
    p, frame = lab.whole(), lab.frame()
    total = np.concatenate([p["grads"][n].ravel() for n in ("W_hh", "W_hx")])
    np.testing.assert_allclose(frame["adds"].sum(1), total, atol=1e-5)
    np.testing.assert_allclose(p["grads"]["b_h"], sum(p["dz"][1:]), atol=1e-12)


@every
def test_the_update_is_gradient_descent_on_the_loss(settings):
    before = Unroll(**settings)
    q, lab = before.whole(), drive(Unroll(**settings), 1)
    for name, w in before.cell.params.items():
        moved = w - before.values["alpha"] * q["grads"][name]
        np.testing.assert_allclose(lab.cell.params[name], moved)
    assert lab.whole()["J"] == pytest.approx(q["J_after"])


def test_the_first_weights_have_two_decimals_so_that_one_can_reckon_along():
    for w in run(0, seed=7).cell.params.values():
        np.testing.assert_array_equal(w, w.round(2))


@every
def test_every_sum_that_is_written_is_right(settings, sums_that_are_right):
    lab, found = Unroll(**settings), 0
    for _ in range(len(lab.stages)):
        lab.step()
        frame = lab.frame()
        found += sums_that_are_right("\n".join([frame["formula"], *frame["of_part"]]), atol=0.012)
    assert found >= 20


def test_moving_the_target_keeps_the_stage_and_changes_its_numbers():
    lab = to("back 3")
    before = lab.frame()["formula"]
    assert not lab.set("y", -1.0)
    assert lab.t == 7
    assert lab.frame()["formula"] != before


def test_every_part_has_its_own_arithmetic():
    lab = to("update")
    said = lab.frame()["of_part"]
    unit = said[node(lab, "tick 3, unit 1")]
    assert "z_{3,1} = 0.39·0 + (−1.12)·0.141 + (−1.18)·(−0.01) + 0.06 = −0.086" in unit
    assert "dh_{3,1} = (−1.12)·(−2.207) + 0.77·0 = 2.472" in unit
    edge = said[len(lab.frame()["node_h"]) + 2]  # the first weight, at tick 3
    assert "w_{11}^{hh} = −1.12, from h_{2,1} to h_{3,1}: the same weight at every tick" in edge
    assert "it adds dz_{3,1} h_{2,1} = 2.453·0.141 = 0.346 to dw" in edge
    assert "over all ticks: dw_{11}^{hh} = 0 − 0.353 + 0.346 + 0.19 = 0.184" in edge
    assert "update: w_{11}^{hh} := −1.12 − 0.1·0.184 = −1.138" in edge
    assert "More is known" in run(1).frame()["of_part"][node(lab, "tick 3, unit 1")]


# ---- the cases


@pytest.mark.parametrize("case", CASES)
def test_every_case_says_what_to_notice_and_comes_to_its_update(case):
    assert run(0, case=case).frame()["notice"] == NOTICES[case]
    lab = to("update", case=case)
    assert not lab.diverged


def test_a_case_chosen_later_is_the_case_chosen_first():
    lab = run(5, hidden=3)
    for case in reversed(CASES):
        lab.set("case", case)
        first, second = lab.frame(), Unroll(case=case).frame()
        assert all(np.array_equal(first[name], second[name]) for name in first)


def test_a_bit_is_remembered_for_four_ticks_though_hardly_any_gradient_comes_back():
    lab = run(0, case=BIT)
    p = lab.whole()
    assert p["h"][5][0] > 0.95
    assert p["dh"][1][0] / p["dh"][5][0] < 0.01
    lab.event("x", values=[-1, 0, 0, 0, 0])
    assert lab.whole()["h"][5][0] < -0.95
    assert "vanishing gradient" in [f["name"] for f in lab.doctor()]


@pytest.mark.parametrize(("case", "w"), [(HALF, 0.5), (ABOVE, 1.5)])
def test_of_a_linear_tick_a_power_is_left(case, w):
    p = run(0, case=case).whole()
    assert p["h"][5][0] == pytest.approx(w**4)
    assert p["dh"][1][0] / p["dh"][5][0] == pytest.approx(w**4)
    assert f"{w}^4 = {float(f'{w**4:.3g}'):g}" in NOTICES[case]


def test_above_1_the_update_overshoots():
    assert "overshoot" in [f["name"] for f in run(0, case=ABOVE).doctor()]
    assert "exploding gradient" in [f["name"] for f in run(0, case=ABOVE).doctor()]


def test_truncation_cuts_the_gradient():
    lab = to("back 3", case=CUT)
    p = lab.whole()
    assert [float(dh[0]) for dh in p["dh"]] == [0, 0, 0, 0, 2, 2]
    assert p["grads"]["W_hx"][0, 0] == 0
    assert "(cut: nothing comes from tick 4)" in lab.frame()["formula"]
    assert "nothing comes from tick 4" in lab.text()
    assert "cut before tick 2 and before tick 4" in lab.doctor()[0]["text"]
    lab.set("k", 5)
    assert lab.frame()["notice"] == NOTICES[CUT], "it asks for that"
    assert lab.whole()["grads"]["W_hx"][0, 0] == 2
    assert lab.doctor() == []


def test_the_gradient_of_one_weight_is_a_sum_over_its_ticks():
    lab = to("update", case=SHARED)
    adds = [lab.whole()["adds"][t]["W_hx"][0, 0] for t in range(1, 5)]
    assert all(adds)
    assert lab.whole()["grads"]["W_hx"][0, 0] == pytest.approx(sum(adds))
    assert "dw_{11}^{hx} = −0.053 − 0.015 − 0.012 − 0.01 = −0.09" in lab.frame()["formula"]


# ---- what the reader does


def test_inputs_can_be_changed_in_the_middle_of_a_pass():
    lab = to("tick 3")
    lab.event("x", values=[0.5, 9, 0, 0])
    assert (lab.t, lab.values["x"]) == (3, OWN)
    np.testing.assert_array_equal(lab.x[:, 0], [0.5, 4, 0, 0])
    lab.set("x", ONES)
    np.testing.assert_array_equal(lab.x, 1)
    lab.event("x", values=[1, 2, 3, 4])
    lab.set("length", 3)
    np.testing.assert_array_equal(lab.x[:, 0], [1, 2, 3])


def test_new_weights_begin_a_new_run_with_those_that_were_shown():
    lab = to("update")
    shown = lab.frame()["W_hx"]
    lab.event("W_hh", values=[0.5, 0, 0, -0.25])
    assert (lab.t, lab.values["weights"]) == (0, OWN)
    assert lab.frame()["notice"] == CHANGED
    np.testing.assert_array_equal(lab.cell.params["W_hh"], [[0.5, 0], [0, -0.25]])
    np.testing.assert_allclose(lab.cell.params["W_hx"], shown, atol=1e-4)
    lab.event("b_h", values=[0.125, 1])
    np.testing.assert_array_equal(lab.cell.params["b_h"], [0.125, 1])
    lab.run(20)
    lab.reset()
    np.testing.assert_array_equal(lab.cell.params["W_hh"], [[0.5, 0], [0, -0.25]])
    lab.set("hidden", 3)
    np.testing.assert_array_equal(lab.cell.params["W_hh"][2], 0)


def test_what_does_not_fit_is_refused_in_one_line():
    lab = Unroll()
    with pytest.raises(LabError, match=r"^values: expected 4 numbers, got \[1\]$"):
        lab.event("W_hh", values=[1])
    with pytest.raises(LabError, match=r"^unroll: there is no event called 'W_hy'$"):
        lab.event("W_hy", values=[1])
    with pytest.raises(LabError, match=r"^truncate after k ticks: expected a number from 1 to 6"):
        lab.set("k", 0)


# ---- programs


@every
def test_both_programs_give_the_losses_of_50_passes(settings):
    lab = drive(Unroll(**settings), 50)
    assert len(lab.losses) == 50
    for kind, program in lab.code().items():
        found = names_of(program)["losses"]
        np.testing.assert_allclose(found, lab.losses, atol=1e-5, rtol=1e-5, err_msg=kind)


def test_changes_in_mid_run_are_in_the_programs():
    lab = Unroll(where=EVERY, length=3)
    lab.event("W_hh", values=[0.5, -0.3, 0.2, 0.1])
    drive(lab, 10, {3: {"y": -1.0}, 20: {"k": 1}, 30: {"alpha": 0.2, "h0": 0.5}})
    lab.event("x", values=[0.5, 0, 2])
    drive(lab, 5)
    for kind, program in lab.code().items():
        found = names_of(program)["losses"]
        np.testing.assert_allclose(found, lab.losses, atol=1e-5, err_msg=kind)
    assert '3: {"h0": 0.5, "alpha": 0.2}' in lab.code()["dlcore"]


@every
def test_programs_are_short_and_read_well(settings):
    for program in Unroll(**settings).code().values():
        assert len(program.splitlines()) <= 45
        assert max(map(len, program.splitlines())) <= 100


# ---- audit, doctor, words


@every
def test_the_audit_agrees_where_the_gradient_is_whole(settings):
    lab = run(4, **settings)
    audit = lab.audit()
    if lab.values["k"] < lab.values["length"]:
        assert "it is not the derivative of J" in audit["text"]
        lab.set("k", 6)
        audit = lab.audit()
    assert "differences agree:" in audit["text"]
    assert sorted(row[0] for row in audit["rows"]) == ["dW_hh", "dW_hx", "db_h"]


def test_the_audit_tells_how_far_a_truncated_gradient_is_off():
    rows = {row[0]: row for row in run(0, case=CUT).audit()["rows"]}
    _, _, backward, differences, error = rows["dW_hx"]
    assert (backward, differences) == (0, pytest.approx(2))
    assert error == pytest.approx(1)


def test_dead_ticks_are_named():
    lab = run(0, activation="relu", hidden=1, weights=DIAGONAL)
    lab.event("b_h", values=[-2])
    (found,) = [f for f in lab.doctor() if f["name"] == "dead ReLU"]
    assert found["text"].startswith("At tick 1 and 2 and 3 and 4 all z ≤ 0")


def test_a_wild_rate_diverges_and_reset_leaves_it():
    lab = run(12, case=ABOVE, alpha=1.0)
    assert lab.diverged
    assert "Choose a smaller α" in lab.text()
    assert lab.doctor()[0]["level"] == "bad"
    lab.reset()
    assert (lab.diverged, lab.t) == (False, 0)


def test_the_sentence_tells_the_stage():
    assert run(0).text().endswith("Step begins.")
    assert run(1).text() == "Pass 1, stage 1 of 10, tick 1: the state is now h = (0.422, −0.47)."
    assert "the new weights take J from 1.25 to 0.647" in to("update").text()
