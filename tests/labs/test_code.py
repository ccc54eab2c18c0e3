"""Copy as code: both programs go through the losses of the lab, changes and all."""

import numpy as np
import pytest

from dlcore.labs import Gan2d, GanDigits, Gates, GradientFlow, LongMemory, Mlp
from dlcore.labs.source import quoted, wrapped

STEPS = 50


def drive(lab, moves):
    """The batch losses of 50 steps; moves: step -> what the reader does then."""
    losses = []
    for t in range(STEPS):
        for act in moves.get(t, ()):
            act(lab)
        lab.step()
        losses.append(lab.J)
    return losses


def losses_of(program):
    names = {}
    exec(compile(program, "program", "exec"), names)
    return names["losses"]


def agrees(lab, moves=None):
    expected = drive(lab, moves or {})
    for kind, program in lab.code().items():
        found = losses_of(program)
        assert len(found) == STEPS
        np.testing.assert_allclose(found, expected, atol=1e-5, rtol=1e-5, err_msg=kind)


def change(**values):
    return [lambda lab, n=name, v=value: lab.set(n, v) for name, value in values.items()]


def event(name, **what):
    return [lambda lab: lab.event(name, **what)]


SETTINGS = [
    {},
    {"seed": 3, "data": "moons"},
    {"optimizer": "sgd", "alpha": 0.3},
    {"optimizer": "momentum", "alpha": 0.1},
    {"l1": 0.01},
    {"l2": 0.02},
    {"l1": 0.01, "l2": 0.02, "optimizer": "sgd"},
    {"activation": "relu", "init": "he"},
    {"activation": "leaky_relu", "data": "xor"},
    {"activation": "sigmoid", "init": "large"},
    {"activation": "identity", "init": "small", "data": "gaussians"},
    {"init": "zeros"},
    {"layers": 0, "data": "circles", "x1_sq": True, "x2_sq": True, "x1": False},
    {"layers": 4, "units_2": 3, "units_4": 1, "batch": 7},
    {"x1x2": True, "sin_x1": True, "sin_x2": True, "data": "stripes"},
    {"batch": 256, "noise": 0.2, "train_share": 0.25},
]


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_both_programs_give_the_losses_of_the_lab(settings):
    agrees(Mlp(**settings))


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
def test_changes_in_mid_run_are_in_the_programs(optimizer):
    moves = {
        0: change(alpha=0.02),
        10: change(alpha=0.1, batch=8),
        25: change(l2=0.01, alpha=0.05),
        30: change(l1=0.003),
        40: change(l2=0.0, batch=64),
    }
    agrees(Mlp(optimizer=optimizer), moves)


def test_dragged_and_removed_points_are_in_the_programs():
    moves = {
        0: event("drag", index=5, x=0.5, y=0.5),
        20: event("drag", index=5, x=1 / 3, y=-2 / 3) + event("drag", index=5, x=0.25, y=-0.75),
        30: event("remove", index=17) + event("drag", index=0, x=9, y=9),
    }
    agrees(Mlp(sin_x1=True), moves)


def test_points_moved_before_a_restart_are_in_the_programs():
    lab = Mlp()
    lab.step()
    lab.event("drag", index=3, x=0.123456, y=0.9)
    lab.set("units_1", 5)
    agrees(lab)


def test_own_points_are_in_the_programs():
    lab = Mlp(data="own", layers=1, batch=4)
    for k in range(12):
        lab.set("paint", f"class {k % 2}")
        lab.event("add", x=np.cos(k) / 3, y=np.sin(k) / 3)
    moves = {15: event("add", x=0.4, y=0.123), 30: event("remove", index=2)}
    agrees(lab, moves)


def test_after_reset_the_programs_begin_with_the_settings_there_are():
    lab = Mlp()
    drive(lab, {10: change(alpha=0.1, l1=0.01)})
    lab.reset()
    agrees(lab)
    assert "changes" not in lab.code()["dlcore"]


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_programs_are_short_and_read_well(settings):
    for program in Mlp(**settings).code().values():
        lines = program.splitlines()
        assert len(lines) <= 35
        assert max(map(len, lines)) <= 100
        assert "range(500)" in program


def test_programs_take_back_only_what_happened():
    lab = Mlp()
    drive(lab, {5: change(alpha=0.1), 6: change(alpha=0.2)})
    code = lab.code()["dlcore"]
    assert 'changes = {5: {"alpha": 0.1}, 6: {"alpha": 0.2}}' in code
    assert "edits" not in code
    assert "np.sign" not in code


# ---- of the lab `gradient-flow`: two networks, and what of the gradient reaches each tick

FLOW = [
    {},
    {"length": 12, "activation": "relu", "matrix": "identity", "seed": 3},
    {"length": 12, "activation": "identity", "matrix": "orthogonal", "clip": "off", "alpha": 0.003},
    {"length": 12, "activation": "sigmoid", "radius": 1.4, "optimizer": "momentum"},
    {"length": 12, "loss_at": "every tick", "hidden": 5, "forget_bias": -1.5},
    {"length": 12, "loss_at": "every tick", "later": 0.3, "scale": 2.0, "optimizer": "sgd"},
]


def flows(lab, moves=None, steps=STEPS):
    """Both programs go through the lab's losses, and end with its gradient at every tick."""
    losses = {"rnn": [], "lstm": []}
    for t in range(steps):
        for act in (moves or {}).get(t, ()):
            act(lab)
        lab.step()
        for name, J in lab.J.items():
            losses[name].append(J)
    frame = lab.frame()
    assert not lab.diverged
    for kind, program in lab.code().items():
        names = {}
        exec(compile(program, "program", "exec"), names)
        for name, expected in losses.items():
            found, norms = names["losses"][name], names["norms"][name]
            np.testing.assert_allclose(found, expected, atol=1e-5, rtol=1e-5, err_msg=kind)
            np.testing.assert_allclose(norms, frame[f"dh_{name}"], rtol=1e-3, err_msg=kind)


@pytest.mark.parametrize("settings", FLOW, ids=str)
def test_both_programs_give_the_losses_and_the_gradients_of_the_two_networks(settings):
    flows(GradientFlow(**settings))


def test_a_run_that_is_clipped_from_some_step_on_is_in_the_programs():
    moves = {10: change(clip="0.1"), 20: change(alpha=0.03, clip="off"), 30: change(clip="1")}
    flows(GradientFlow(length=12, clip="10"), moves)


@pytest.mark.parametrize("settings", FLOW, ids=str)
def test_programs_of_the_two_networks_read_well(settings):
    for program in GradientFlow(**settings).code().values():
        assert len(program.splitlines()) <= 72
        assert max(map(len, program.splitlines())) <= 100
        assert "range(200)" in program


# ---- of the lab `gates`: a run, and the gates over the sequence that is shown

GATED = [
    {},
    {"task": "count brackets", "hidden": 3, "optimizer": "sgd", "clip": "off", "length": 12},
    {"task": "count, again from R", "optimizer": "momentum", "clip": "0.1", "length": 12},
    {"task": "remember it to the end", "forget_bias": -1.5, "length": 12, "sequence": 4},
]


def gated(lab, moves=None):
    agrees(lab, moves)
    frame = lab.frame()
    for kind, program in lab.code().items():
        names = {}
        exec(compile(program, "program", "exec"), names)
        for gate in "fio":
            np.testing.assert_allclose(names[gate].T, frame[gate], atol=1e-4, err_msg=kind)


@pytest.mark.parametrize("settings", GATED, ids=str)
def test_both_programs_give_the_losses_and_the_gates(settings):
    gated(Gates(**settings))


def test_what_was_changed_while_gates_learnt_is_in_the_programs():
    moves = {
        0: change(batch=8),
        10: change(alpha=0.1, batch=16),
        20: event("symbol", index=3, symbol="?"),
        30: change(alpha=0.03),
    }
    gated(Gates(), moves)


@pytest.mark.parametrize("settings", GATED, ids=str)
def test_programs_of_the_gates_read_well(settings):
    for program in Gates(**settings).code().values():
        assert len(program.splitlines()) <= 52
        assert max(map(len, program.splitlines())) <= 100
        assert "range(300)" in program


# ---- of the lab `long-memory`: two networks, and what of their answers depends on each tick

RACES = [
    {"length": 12},
    {"length": 12, "task": "recall the first bit", "rnn_start": "orthogonal", "sequence": 5},
    {"length": 12, "start": "one forget bias", "forget_bias": 2.0, "clip": "off", "batch": 7},
    {"length": 12, "optimizer": "momentum", "rnn_size": "units as the LSTM", "hidden": 5},
]


def races(lab, moves=None):
    losses = {name: [] for name in lab.nets}
    for t in range(STEPS):
        for act in (moves or {}).get(t, ()):
            act(lab)
        lab.step()
        for name, J in lab.J.items():
            losses[name].append(J)
    lab.probe()
    for kind, program in lab.code().items():
        names = {}
        exec(compile(program, "program", "exec"), names)
        for name, expected in losses.items():
            found, reach = names["losses"][name], names["reach"][name]
            np.testing.assert_allclose(found, expected, atol=1e-5, rtol=1e-5, err_msg=kind)
            np.testing.assert_allclose(reach, lab.probed[name].dx[:, 0], atol=1e-3, err_msg=kind)


@pytest.mark.parametrize("settings", RACES, ids=str)
def test_both_programs_give_the_losses_of_the_race(settings):
    races(LongMemory(**settings))


def test_a_race_that_is_clipped_from_some_step_on_is_in_the_programs():
    moves = {10: change(clip="0.1"), 20: change(alpha=0.03, clip="off"), 30: change(clip="1")}
    moves[35] = event("select", tick=2) + event("select", tick=11)
    races(LongMemory(length=12, clip="10"), moves)


@pytest.mark.parametrize("settings", RACES, ids=str)
def test_programs_of_the_race_read_well(settings):
    for program in LongMemory(**settings).code().values():
        assert len(program.splitlines()) <= 60
        assert max(map(len, program.splitlines())) <= 100
        assert "range(300)" in program


# ---- of the lab `gan-2d`: both losses of every whole step

GAMES = [
    {},
    {"loss": "minimax", "k": 3, "optimizer_G": "sgd", "alpha_G": 0.05, "data": "line"},
    {"loss": "least squares", "latent": "1-D uniform", "activation": "tanh", "data": "moons"},
    {"loss": "Wasserstein", "clip": "0.1", "optimizer_D": "rmsprop", "optimizer_G": "momentum"},
    {"layers_G": 1, "layers_D": 3, "activation": "relu", "beta1": 0.9, "data": "spiral"},
    {"plays": "D only", "k": 2},
    {"k_G": 3, "k": 2},
    {"plays": "G only", "data": "grid"},
]
SMALL = {"width_G": 8, "width_D": 8, "batch": 32}


def plays(lab, moves=None, tolerance=1e-5):
    expected = []
    for t in range(STEPS):
        for act in (moves or {}).get(t, ()):
            act(lab)
        lab.step()
        expected.append((lab.game.J_D, lab.game.J_G))
    for kind, program in lab.code().items():
        found = losses_of(program)
        assert len(found) == STEPS
        for pair, now in zip(found, expected, strict=True):
            for J, J_now in zip(pair, now, strict=True):
                if J is not None:  # who has not played yet has no loss in the program
                    assert pytest.approx(J_now, abs=tolerance, rel=tolerance) == J, kind
        assert any(J is not None for J in found[-1])


@pytest.mark.parametrize("settings", GAMES, ids=str)
def test_both_programs_play_the_game_of_the_lab(settings):
    plays(Gan2d(**SMALL | settings))


@pytest.mark.parametrize(
    "settings",
    [
        {"latent": 3, "k": 2},
        {"n": 40, "loss": "least squares", "activation": "tanh", "optimizer_G": "sgd"},
    ],
    ids=str,
)
def test_both_programs_draw_the_digits_of_the_lab(settings):
    moves = {20: change(alpha_D=0.002, k_G=2), 35: change(loss="minimax")}
    plays(GanDigits(**SMALL | settings), moves)


def test_all_that_changes_in_mid_game_is_in_the_programs():
    moves = {
        5: change(alpha_G=0.003, k=2),
        8: change(k_G=3),
        12: change(loss="minimax", batch=16),
        20: change(plays="D only"),
        26: change(plays="G only"),
        30: change(plays="D and G", loss="Wasserstein", clip="0.3"),
        40: change(clip="off", alpha_D=0.0003),
    }
    plays(Gan2d(seed=2, **SMALL), moves)


def test_own_modes_are_in_the_programs():
    lab = Gan2d(data="own", **SMALL)
    for k in range(5):
        lab.event("add", x=np.cos(k) / 2, y=np.sin(k) / 2)
    plays(lab, {15: event("add", x=0.4, y=0.123), 30: event("drag", index=2, x=0.7, y=0.1)})


def test_a_step_that_is_not_whole_is_not_in_the_program():
    lab = Gan2d(slow=True, **SMALL)
    for _ in range(12):
        lab.step()
    assert "range(1)" in lab.code()["dlcore"]
    assert len(losses_of(lab.code()["torch"])) == 1


@pytest.mark.parametrize("settings", GAMES, ids=str)
def test_programs_of_the_game_are_short_and_read_well(settings):
    for program in Gan2d(**SMALL | settings).code().values():
        lines = program.splitlines()
        assert len(lines) <= 50
        assert max(map(len, lines)) <= 100
        assert "range(2000)" in program


# ---- texts in programs


@pytest.mark.parametrize(
    "text",
    [
        "",
        "good",
        "don't",
        'say "hi"',
        'it\'s "so"',
        "a\\",
        "\\'",
        "\\'\"",
        '\\"',
        "{x} %s 好 🙂",
        "'",
    ],
)
def test_whatever_a_text_has_in_it_the_source_is_that_text(text):
    value = [text, "and", text]
    source = quoted(value)
    assert eval(source) == value
    assert source.startswith('["')


@pytest.mark.parametrize("before", range(60, 100))
def test_a_long_line_is_not_broken_within_a_text_nor_before_its_bracket(before):
    value = ["a" * before, "first half", "well-known"]
    found = {}
    exec("\n".join(wrapped(f"texts = {quoted(value)}")), found)
    assert found["texts"] == value
