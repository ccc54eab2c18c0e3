"""The lab `gradient-flow`: its gradients, its products, its training, and what it says."""

import numpy as np
import pytest

from dlcore.labs import GradientFlow, LabError
from dlcore.labs import gradient_flow_nets as nets
from dlcore.labs.gradient_flow_panels import GUESSING

SHORT = {"length": 12, "hidden": 4}
SETTINGS = [
    SHORT,
    SHORT | {"activation": "sigmoid", "radius": 1.4},
    SHORT | {"activation": "identity", "matrix": "orthogonal", "radius": 1.1},
    SHORT | {"activation": "relu", "matrix": "identity", "seed": 3},
    SHORT | {"loss_at": "every tick", "forget_bias": -1.0},
    SHORT | {"loss_at": "every tick", "scale": 3.0, "later": 0.5, "matrix": "identity"},
]
each = pytest.mark.parametrize("settings", SETTINGS, ids=str)


def run(steps, **settings):
    lab = GradientFlow(**settings)
    lab.run(steps)
    lab.frame()
    assert not lab.diverged
    return lab


def names(lab):
    return [finding["name"] for finding in lab.doctor()]


def cell_of(lab, name):
    return lab.nets[name].layers[0].cell


# ---- the task


def test_the_first_bit_is_asked_and_only_its_tick_is_marked():
    rng = np.random.default_rng(0)
    x, y = nets.remember(50, 7, later=0.5, scale=2.0, every=False, rng=rng)
    assert x.shape == (7, 50, 2)
    np.testing.assert_array_equal(y[:, 0], x[0, :, 0] > 0)
    assert set(np.unique(np.abs(x[0, :, 0]))) == {2.0}
    assert set(np.unique(np.abs(x[1:, :, 0]))) == {1.0}
    assert (x[0, :, 1] == 2).all()
    assert not x[1:, :, 1].any()
    assert 10 < y.sum() < 40


def test_asked_at_every_tick_the_answer_stays_the_same():
    x, y = nets.remember(5, 7, later=1.0, scale=1.0, every=True, rng=np.random.default_rng(0))
    assert y.shape == (7, 5, 1)
    assert (y == (x[:1, :, :1] > 0)).all()


@pytest.mark.parametrize("radius", [0.3, 1.0, 1.5])
def test_a_recurrent_matrix_has_the_radius_that_is_asked_for(radius):
    for kind in ("random", "orthogonal", "identity"):
        W = nets.recurrent_matrix(kind, 6, radius, rng=np.random.default_rng(1))
        assert nets.spectral_radius(W) == pytest.approx(radius)
        if kind != "random":
            np.testing.assert_allclose(W @ W.T, radius**2 * np.eye(6), atol=1e-12)


# ---- the gradient at every tick


@each
def test_gradients_are_central_differences_at_every_tick(settings):
    """Of the loss as a function of h_t, and of c_t with the h_t that it makes."""
    lab, eps = run(2, **settings), 1e-6
    y = lab.y[:, :1] if lab.every else lab.y[:1]
    for name, net in lab.nets.items():
        walk, tape = lab.walk(name), lab.walk(name).tape

        def J(state, t, net=net, y=y):
            return nets.last_loss_after(net, lab.x[:, :1], y, lab.loss, t, state)

        def slope(f, at):
            steps = eps * np.eye(len(at[0]))[:, None]
            return np.array([(f(at + s) - f(at - s)) / (2 * eps) for s in steps])

        for t in range(1, lab.values["length"] + 1):
            h = tape.h[t, :1]
            if name == "rnn":
                found = slope(lambda h, t=t: J(h, t), h)
                np.testing.assert_allclose(walk.dh[0, t], found, atol=1e-8)
                continue
            c, o = tape.c[t, :1], tape.a[t - 1, 2, :1]
            found = slope(lambda h, t=t, c=c: J((h, c), t), h)
            np.testing.assert_allclose(walk.dh[0, t], found, atol=1e-8)
            found = slope(lambda c, t=t, o=o: J((o * np.tanh(c), c), t), c)
            np.testing.assert_allclose(walk.dc[0, t], found, atol=1e-8)


@each
def test_the_walk_is_what_recurrent_gives_for_the_first_state(settings):
    lab = run(1, **settings)
    y = lab.y[:, :1] if lab.every else lab.y[:1]
    for name, net in lab.nets.items():
        recurrent, head = net.layers
        h, cache = recurrent.forward(lab.x[:, :1])
        z, kept = head.forward(h)
        dy, _ = head.backward(lab.loss(z, y)[1], kept)
        _, dstate, _ = recurrent.backward_state(dy, cache)
        walk = lab.walk(name)
        dh, dc = dstate if name == "lstm" else (dstate, None)
        np.testing.assert_allclose(walk.dh[0, 0], dh[0])
        if dc is not None:
            np.testing.assert_allclose(walk.dc[0, 0], dc[0])


def test_the_frame_shows_the_norms_of_these_gradients():
    lab = run(3, **SHORT)
    frame = lab.frame()
    for array, vectors in (
        ("dh_rnn", lab.walk("rnn").dh),
        ("dh_lstm", lab.walk("lstm").dh),
        ("dc_lstm", lab.walk("lstm").dc),
    ):
        np.testing.assert_allclose(frame[array], np.linalg.norm(vectors[0, 1:], axis=1), rtol=1e-6)


@each
def test_the_way_along_the_cell_and_the_way_by_h_are_all_of_it(settings):
    lab = run(1, **settings)
    walk, f = lab.walk("lstm"), nets.forget_gates(lab.walk("lstm").tape)
    np.testing.assert_allclose(walk.along[:-1], f * walk.dc[0, 1:])
    o, tanh_c = walk.tape.a[:, 2, 0], walk.tape.tanh_c[:, 0]
    by_h = walk.dh[0, 1:] * o * (1 - tanh_c**2)
    np.testing.assert_allclose(walk.dc[0, 1:], walk.along[1:] + by_h, atol=1e-15)


# ---- the product, term by term


@pytest.mark.parametrize("settings", SETTINGS[:4], ids=str)
def test_the_product_of_the_factors_carries_the_gradient(settings):
    lab = run(1, **settings)
    dh, rnn = lab.walk("rnn").dh[0], lab.words.rnn
    for t in range(1, lab.values["length"] + 1):
        np.testing.assert_allclose(np.diag(rnn.slopes[t - 1]) @ rnn.W_hh, rnn.factors[t - 1])
        np.testing.assert_allclose(dh[-1] @ rnn.products[t - 1], dh[t - 1], atol=1e-14)


def test_the_matrices_that_are_drawn_are_these_cut_off_at_1():
    rnn, drawn = (lab := run(1, radius=1.4, **SHORT)).words.rnn, lab.frame()["factors_at"]
    assert np.abs(rnn.products).max() > 1
    for place, exact in ((1, np.array([rnn.W_hh] * 12)), (2, rnn.factors), (3, rnn.products)):
        np.testing.assert_allclose(drawn[:, place], np.clip(exact, -1, 1), rtol=1e-6)
    np.testing.assert_array_equal(lab.frame()["factors"], drawn[0])


def test_a_factor_is_the_derivative_of_one_tick():
    lab, eps = run(1, **SHORT), 1e-6
    cell, tape = cell_of(lab, "rnn"), lab.walk("rnn").tape
    for t in (1, 5, 12):

        def tick(h, t=t):
            return cell.step(lab.x[t - 1, :1], h)[0][0]

        h = tape.h[t - 1, :1]
        columns = [(tick(h + s) - tick(h - s)) / (2 * eps) for s in eps * np.eye(4)[:, None]]
        found = lab.words.rnn.factors[t - 1]
        np.testing.assert_allclose(found, np.stack(columns, 1), atol=1e-6)


def test_the_lstms_matrices_are_diagonals_of_its_forget_gates():
    lab = run(1, **SHORT)
    factors, f = lab.frame()["factors_at"], lab.frame()["forget"].T
    for t in range(12):
        np.testing.assert_allclose(factors[t, 4], np.diag(f[t]))
        np.testing.assert_allclose(factors[t, 5], np.diag(f[t:].prod(0)), rtol=1e-5, atol=1e-9)


def test_dashed_are_the_ways_by_w_alone_and_by_f_alone():
    lab = run(1, **SHORT)
    frame, W = lab.frame(), cell_of(lab, "rnn").W_hh
    dh, dc = lab.walk("rnn").dh[0, -1], lab.walk("lstm").dc[0, -1]
    for k in range(12):
        by_W = np.linalg.norm(dh @ np.linalg.matrix_power(W, k))
        by_f = np.linalg.norm(dc * frame["forget"].T[12 - k :].prod(0))
        assert frame["alone_rnn"][11 - k] == pytest.approx(by_W, rel=1e-5)
        assert frame["alone_lstm"][11 - k] == pytest.approx(by_f, rel=1e-5)


def test_dashed_with_a_loss_at_every_tick_is_the_last_loss_alone():
    lab = run(2, loss_at="every tick", **SHORT)
    frame, T = lab.frame(), 12
    for name in lab.nets:
        net = lab.nets[name]
        recurrent, head = net.layers
        h, cache = recurrent.forward(lab.x[:, :1])
        z, kept = head.forward(h)
        dz = lab.loss(z, lab.y[:, :1])[1]
        dz[:-1] = 0
        _, dstate, _ = recurrent.backward_state(head.backward(dz, kept)[0], cache)
        walk = lab.walk(name)
        dh = dstate[0] if name == "lstm" else dstate
        np.testing.assert_allclose(walk.error * walk.dh[1, 0], dh[0])
        assert frame[f"last_{name}"].shape == (T,)
    assert (frame["last_rnn"][:-1] < frame["dh_rnn"][:-1]).all()


def test_the_share_is_that_of_the_gradient_and_is_there_when_the_loss_is_gone():
    lab = run(1, **SHORT)
    frame = lab.frame()
    assert frame["share_rnn"][0] == pytest.approx(frame["dh_rnn"][0] / frame["dh_rnn"][-1])
    assert frame["share_lstm"][0] == pytest.approx(frame["dc_lstm"][0] / frame["dc_lstm"][-1])
    lab.nets["rnn"].params["1.1.b"] = np.array([1e4 if lab.y[0, 0] else -1e4])
    lab.fresh = False
    assert lab.frame()["dh_rnn"].max() == 0
    assert lab.frame()["share_rnn"][0] == pytest.approx(frame["share_rnn"][0])


# ---- what the radius, the slopes, the gates do


def share(**settings):
    lab = GradientFlow(**settings)
    return lab.words.share["rnn"], lab.words.share["lstm"]


@pytest.mark.parametrize("radius", [0.8, 1.0, 1.3])
def test_without_slopes_and_turns_alone_the_share_is_the_power_of_the_radius(radius):
    way = {"activation": "identity", "matrix": "orthogonal", "length": 40}
    assert share(radius=radius, **way)[0] == pytest.approx(radius**39)


def test_without_an_input_every_slope_of_tanh_is_1():
    lab = GradientFlow(scale=0.0, matrix="orthogonal")
    assert (lab.frame()["slopes"] == 1).all()
    assert lab.words.share["rnn"] == pytest.approx(1)


def test_larger_inputs_beat_a_radius_above_1():
    quiet, loud = (share(radius=1.3, scale=s, length=60)[0] for s in (0.0, 3.0))
    assert quiet > 1e4
    assert loud < 1e-12


def test_the_forget_bias_decides_how_much_of_the_gradient_the_cell_carries():
    shares = [share(forget_bias=bias)[1] for bias in (-3.0, 0.0, 3.0, 5.0)]
    assert shares == sorted(shares)
    assert shares[0] < 1e-15
    assert shares[-1] > 0.5
    f = GradientFlow(forget_bias=5.0, scale=0.0).frame()["forget"]
    np.testing.assert_allclose(f, 1 / (1 + np.exp(-5)), rtol=1e-6)


def test_the_longer_the_less_arrives():
    shares = [share(length=T)[0] for T in (10, 30, 60, 100)]
    assert shares == sorted(shares, reverse=True)


# ---- cases and words


def test_what_is_changed_is_no_longer_the_case():
    lab = GradientFlow()
    lab.set("length", lab.values["length"] - 1)
    assert lab.text().startswith("Before training: from tick")


def test_what_the_notices_promise():
    assert 1e-12 < share(case="it vanishes: radius 0.8")[0] < 1e-5
    assert share(case="the edge: radius 1, nothing bent")[0] == pytest.approx(1)
    explodes = GradientFlow(case="it explodes: radius 1.3")
    assert explodes.words.share["rnn"] > 1e3
    assert explodes.norms["rnn"] > 10
    loud = GradientFlow(case="tanh against radius 1.3")
    assert loud.words.share["rnn"] < 1e-12
    assert loud.frame()["alone_rnn"][0] > 100 * loud.frame()["alone_rnn"][-1]
    for name, f in (("forget bias −3", 0.05), ("forget bias 0", 0.5), ("a hundred ticks", 0.993)):
        assert GradientFlow(case=name).frame()["forget"].mean() == pytest.approx(f, rel=0.1)
    assert share(case="forget bias 0")[1] < 1e-5
    assert share(case="a hundred ticks")[1] > 0.5


def test_each_tick_has_its_lines_for_both():
    lab = run(1, **SHORT)
    frame = lab.frame()
    assert len(frame["rnn_at"]) == len(frame["lstm_at"]) == 12
    for texts in (frame["rnn_at"], frame["lstm_at"]):
        assert all(len(text.split("\n")) == 5 for text in texts)
    assert "A_{12} ⋯ A_{5}" in frame["rnn_at"][4]
    assert "∂J/∂h_{0}" in frame["rnn_at"][0]
    assert "by h_{0}" not in frame["lstm_at"][0].split("\n")[0]
    assert "radius" in frame["about_rnn"][2]


def test_the_sentence_tells_what_arrives_and_who_has_learnt():
    lab = run(10, **SHORT)
    assert lab.text().startswith("Step 10: from tick 12 back to tick 1 the RNN’s ‖∂J/∂h‖ is ")
    assert "right (loss" in lab.text()
    lab = run(1, loss_at="every tick", **SHORT)
    assert "of the last loss alone" in lab.text()


# ---- training


def test_over_the_first_length_the_lstm_learns_and_the_rnn_does_not():
    lab = run(300)
    (J_rnn, right_rnn), (J_lstm, right_lstm) = lab.held_out["rnn"], lab.held_out["lstm"]
    assert right_lstm > 0.95
    assert J_lstm < 0.2
    assert J_rnn > 0.9 * GUESSING
    assert right_rnn < 0.7


def test_over_ten_ticks_both_learn():
    lab = run(120, case="ten ticks")
    assert min(right for _, right in lab.held_out.values()) > 0.95


def test_clipping_is_the_difference_without_an_activation():
    off, on = run(120, case="without clipping"), run(120, case="without clipping", clip="1")
    assert off.held_out["rnn"][1] < 0.8
    assert on.held_out["rnn"][1] > 0.9


def test_a_gradient_too_large_for_a_number_is_a_run_that_has_diverged():
    wild = {"activation": "identity", "length": 100, "loss_at": "every tick", "hidden": 8}
    lab = GradientFlow(seed=1, case="without clipping", radius=1.1, **wild)
    lab.run(6)
    lab.frame()
    assert lab.diverged
    assert "diverged" in lab.text()


def test_a_step_is_never_longer_than_the_norm_it_is_clipped_to():
    lab = GradientFlow(optimizer="sgd", alpha=1.0, clip="0.1", **SHORT)
    before = {k: w.copy() for k, w in lab.nets["rnn"].params.items()}
    lab.step()
    moved = [lab.nets["rnn"].params[k] - w for k, w in before.items()]
    assert lab.norms["rnn"] > 0.1
    assert np.sqrt(sum((m * m).sum() for m in moved)) == pytest.approx(0.1)
    assert lab.clipped["rnn"] == [True]


def test_alpha_and_clipping_change_in_mid_run_and_the_rest_begins_anew():
    lab = run(3, **SHORT)
    assert not lab.set("clip", "off")
    assert not lab.set("alpha", 0.1)
    assert lab.t == 3
    assert lab.frame()["clip"][0] == 0
    assert lab.set("radius", 0.5)
    assert lab.t == 0


# ---- the doctor


def test_the_doctor_names_vanished_exploded_and_clipped():
    assert names(GradientFlow(forget_bias=-3.0, radius=0.5)) == [
        "vanished (RNN)",
        "vanished (LSTM)",
    ]
    assert "exploded (RNN)" in names(GradientFlow(case="it explodes: radius 1.3"))
    assert "clipped (RNN)" in names(run(3, case="it explodes: radius 1.3"))
    assert names(GradientFlow(case="the edge: radius 1, nothing bent", forget_bias=5.0)) == []


def test_the_doctor_says_why_it_vanished_and_what_helps():
    def found(**settings):
        lab = GradientFlow(**settings)
        return next(f for f in lab.doctor() if f["name"] == "vanished (RNN)")

    assert "saturated" in found(case="tanh against radius 1.3", scale=5.0)["advice"]
    assert "smaller input scale" in found(case="tanh against radius 1.3")["advice"]
    assert "1/4" in found(activation="sigmoid")["advice"]
    assert "Raise the radius" in found(radius=0.5, scale=0.2)["advice"]


def test_the_doctor_does_not_send_an_lstm_to_the_radius():
    lab = GradientFlow(length=100, forget_bias=5.0, scale=0.0)
    finding = next(f for f in lab.doctor() if f["name"] == "exploded (LSTM)")
    assert "forget bias" in finding["advice"]
    assert "radius" not in finding["advice"]
    weaker = GradientFlow(length=100, forget_bias=1.0, scale=0.0)
    assert "exploded (LSTM)" not in names(weaker)


def test_the_doctor_finds_relus_that_let_nothing_through():
    lab = GradientFlow(case="relu from the identity")
    assert lab.frame()["dh_rnn"][0] == 0
    assert "blocked (RNN)" in names(lab)


def test_near_losses_hide_what_does_not_come_from_far():
    assert "near losses hide it" in names(GradientFlow(case="asked at every tick"))
    assert "near losses hide it" not in names(GradientFlow())


def test_a_curve_that_is_low_because_all_is_learnt_is_not_called_vanished():
    lab = run(120, case="ten ticks")
    assert abs(lab.words.lstm.error) < 0.01
    assert "nothing to correct" in names(lab)
    assert not any(name.startswith("vanished") for name in names(lab))
    assert "nothing to correct" not in names(GradientFlow())
    assert "nothing to correct" not in names(GradientFlow(case="asked at every tick"))


def test_a_lost_run_says_which_network_and_reset_leaves_it():
    lab = GradientFlow(activation="identity", radius=1.5, length=100)
    lab.step()
    assert lab.diverged
    assert lab.doctor()[0]["level"] == "bad"
    assert "the RNN" in lab.doctor()[0]["text"]
    assert "Reset" in lab.text()
    lab.reset()
    assert not lab.diverged


# ---- audit, values


@each
def test_the_audit_agrees(settings):
    assert "differences agree" in run(2, **settings).audit()["text"]


def test_where_relu_has_no_derivative_the_audit_says_so():
    lab = GradientFlow(case="relu from the identity")
    assert "do not agree" in lab.audit()["text"]
    assert "z = 0 exactly" in lab.audit()["text"]
    lab.step()
    assert "differences agree" in lab.audit()["text"]


def test_the_audit_finds_a_wrong_gradient(monkeypatch):
    lab = run(1, **SHORT)
    right = lab.walk("rnn")
    right.dh = 1.01 * right.dh
    monkeypatch.setattr(lab, "walk", lambda name: right if name == "rnn" else None)
    from dlcore.labs.gradient_flow_audit import of_states

    assert max(row[-1] for row in of_states(lab, "rnn", "RNN")) > 5e-3


def test_wrong_values_are_refused_in_one_line():
    for name, value in (("radius", 1.6), ("length", 101), ("clip", "2"), ("case", "none")):
        with pytest.raises(LabError, match="expected"):
            GradientFlow().set(name, value)
