"""The lab `forecast`: what is shown is what the network says, and its rivals get the same."""

import numpy as np
import pytest

from dlcore import data
from dlcore.labs import LABS, LabError, forecast_series
from dlcore.labs.forecast import Forecast
from dlcore.labs.forecast_controls import CASES, NOTICES
from dlcore.labs.forecast_nets import forecast, looks
from dlcore.labs.forecast_series import (
    BIKES,
    DIRECT,
    ROLLED,
    SEA,
    SEASON,
    SINE,
    TAKEN_OUT,
    season_through,
    slow_noise,
)

SMALL = {"window": 5, "horizon": 4, "hidden": 3}
SETTINGS = [
    SMALL,
    SMALL | {"way": ROLLED, "cell": "lstm"},
    SMALL | {"series": SEA, "way": ROLLED, "season": TAKEN_OUT, "start": 70},
    SMALL | {"series": BIKES, "cell": "gru", "season": TAKEN_OUT, "seed": 2},
    SMALL | {"series": BIKES, "cell": "gru", "way": ROLLED, "optimizer": "momentum"},
]
every = pytest.mark.parametrize("settings", SETTINGS, ids=str)


def run(steps, **settings):
    lab = Forecast(**settings)
    lab.run(steps)
    lab.frame()
    return lab


def names(lab):
    return [finding["name"] for finding in lab.doctor()]


# ---- series


def test_the_season_goes_through_its_knots_and_the_usual_one_is_a_sine():
    at = np.arange(SEASON)
    np.testing.assert_allclose(season_through(SINE), np.sin(2 * np.pi * at / SEASON), atol=1e-4)
    knots = np.random.default_rng(0).normal(size=8)
    np.testing.assert_allclose(season_through(knots)[::3], knots, atol=1e-12)


@pytest.mark.parametrize("memory", [0, 0.5, 0.9])
def test_noise_has_the_size_and_the_memory_that_it_says(memory):
    noise = slow_noise(memory, 40_000, 0)
    assert np.std(noise) == pytest.approx(1, abs=0.04)
    assert np.mean(noise[1:] * noise[:-1]) == pytest.approx(memory, abs=0.03)


def test_the_error_of_the_best_forecast_is_what_theory_says():
    """On average over many waves, sigma sqrt(1 - phi^2k)."""
    squares = [Forecast(seed=s, window=3, horizon=12).errors["best"] ** 2 for s in range(20)]
    theory = 0.5 * np.sqrt(1 - 0.9 ** (2 * np.arange(1, 13)))
    np.testing.assert_allclose(np.sqrt(np.mean(squares, 0)), theory, rtol=0.05)


@pytest.mark.parametrize("name", [forecast_series.WAVE, SEA, BIKES])
@pytest.mark.parametrize("season", ["left in", TAKEN_OUT])
def test_nothing_of_the_part_held_out_is_in_the_scale_or_in_the_season(name, season):
    how = {"window": 6, "horizon": 3, "way": DIRECT, "season": season}
    task = forecast_series.task(name, **how)
    assert task.z.std() == pytest.approx(1, abs=1e-3)
    assert task.z.mean() == pytest.approx(0, abs=1e-4)
    series = task.series
    of_kind = [series.y[series.kind == k].mean() for k in range(series.kinds)]
    np.testing.assert_allclose(task.usual, of_kind, rtol=1e-5)
    back = task.z_test * task.scale + task.mean[series.kind_test]
    np.testing.assert_allclose(back, series.y_test, atol=1e-2 if name == BIKES else 1e-5)


def test_no_window_reaches_over_a_gap_or_into_the_other_part():
    lab = Forecast(series=BIKES, window=12, horizon=12)
    at = lab.task.series.at_test
    assert np.all(np.diff(at[lab.whole], axis=0) == 1)
    assert not set(at) & set(lab.task.series.at)
    assert lab.x.shape[0] == data.windows(lab.task.series.at, 24).shape[1]


# ---- what is seen


@every
def test_frames_and_panels_agree(settings, assert_sound):
    lab = run(5, **settings)
    arrays = assert_sound(lab)
    assert arrays["looks"].shape == arrays["looks_ar"].shape == (4, 5)
    assert all(len(arrays[name]) == 4 for name in ("error", "error_ar", "error_usual", "horizons"))
    assert len(arrays["yhat"]) == len(arrays["ahead_x"]) == 5


@every
def test_every_horizon_is_judged_on_the_same_moments(settings):
    """By the definition, one window after the other."""
    lab = run(8, **settings)
    L, K, z = 5, 4, lab.task.z_test
    for k in range(1, K + 1):
        missed = []
        for end in lab.asked[::7]:
            x = z[end - k - L + 1 : end - k + 1].reshape(1, L, 1)
            missed.append(forecast(lab.net, x, K)[0, k - 1] - z[end])
        some = lab.told(lab.answers["network"])[k - 1, ::7] - lab.height(z[lab.asked[::7]])
        np.testing.assert_allclose(some, lab.task.scale * np.array(missed), atol=2e-3)


@every
def test_what_the_rivals_answer(settings):
    lab = run(1, **settings)
    frame, v, series, here = lab.frame(), lab.values, lab.task.series, lab.here
    usual = lab.task.usual[series.kind_test[here]]
    came = series.y_test[here] - (usual if v["season"] == TAKEN_OUT else 0)
    np.testing.assert_allclose(frame["at_came"], came[5:], atol=1e-3)
    np.testing.assert_allclose(frame["stays"], came[4], atol=1e-3)
    np.testing.assert_allclose(frame["yhat"][0], came[4], atol=1e-3)
    expected = usual * (v["season"] != TAKEN_OUT)
    np.testing.assert_allclose(frame["usual"], expected, atol=1e-3)
    z = lab.task.z_test[here[:5]].astype(float)
    for k in range(4):
        w = lab.w[:, k if v["way"] == DIRECT else 0]
        answer = z[-5:] @ w[:-1] + w[-1]
        np.testing.assert_allclose(frame["at_ar"][k], lab.height(answer), atol=1e-3)
        z = np.append(z, answer) if v["way"] == ROLLED else z


@every
def test_what_it_looks_at_are_the_derivatives_of_the_forecast(settings):
    lab = run(5, **settings)
    net = lab.net.astype(float)
    x = lab.task.z_test[lab.here[:5]][:, None].astype(float)
    found, eps = looks(net, x, 4), 1e-6
    for j in range(5):
        step = eps * np.eye(5)[j][:, None]
        ends = [forecast(net, (x + s)[None], 4)[0] for s in (step, -step)]
        np.testing.assert_allclose(found[:, j], (ends[0] - ends[1]) / (2 * eps), atol=1e-7)
    assert "agree:" in lab.audit()["text"]
    assert lab.audit()["rows"][-1][-1] < 1e-6


# ---- what it learns


@pytest.mark.parametrize("seed", range(3))
def test_the_default_run_is_near_the_best_forecast_and_falls_back_on_the_season(seed):
    lab = run(sum(Forecast.recorded), seed=seed)
    net, best = lab.errors["network"], lab.errors["best"]
    assert net[0] < 1.25 * best[0]
    assert net.mean() < 1.3 * best.mean()
    assert lab.spread[0] > 0.8
    assert lab.spread[-1] < 0.7
    assert ("nothing left to learn" in names(lab)) == (net.mean() <= 1.2 * best.mean())


def test_without_a_memory_there_is_nothing_to_see():
    lab = run(200, case="noise without a memory")
    assert "does not see even one tick" in lab.text()
    assert lab.errors["stays"][0] > 1.2 * lab.error_usual


def test_rolled_out_it_hears_its_own_echo_and_direct_it_does_not():
    rolled, direct = (run(200, case=name) for name in ("bikes, rolled out", "bikes"))
    assert rolled.errors["network"][0] < direct.errors["network"][0] - 5
    assert rolled.errors["network"][5] > 1.5 * direct.errors["network"][5]
    assert "its own echo" in names(rolled)
    assert "its own echo" not in names(direct)
    assert direct.errors["network"].mean() < 0.8 * direct.errors["ar"].mean()


def test_the_sea_is_seen_some_months_ahead_and_a_line_is_enough():
    lab = run(200, case="El Niño")
    assert lab.errors["network"][0] < 0.6
    assert lab.spread[-1] < 0.35
    assert {"a line is enough", "back to the seasonal mean"} <= set(names(lab))


def test_too_large_steps_diverge_and_the_doctor_says_so(assert_sound):
    lab = run(300, case="steps too large", alpha=10)
    assert lab.diverged
    assert_sound(lab)
    assert names(lab) == ["diverged"]
    for event, what in (("start", {"x": 1}), ("knot", {"index": 1, "x": 0, "y": 0})):
        with pytest.raises(LabError, match="has diverged"):
            lab.event(event, **what)
    lab.reset()
    assert not lab.diverged


def test_the_doctor_names_a_network_that_is_beaten_by_the_seasonal_mean():
    assert names(run(300, case="steps too large")) == ["worse than as usual"]
    learnt = run(150)
    assert "worse than as usual" not in names(learnt)
    line = next(f for f in learnt.doctor() if f["name"] == "a line is enough")
    assert "Train on" not in line["advice"]  # nothing is left to learn, as it says before


def test_the_doctor_sends_nobody_on_who_has_trained_too_long():
    def line(lab):
        return next(f["advice"] for f in lab.doctor() if f["name"] == "a line is enough")

    lab = run(120, case="El Niño, season left in")
    assert line(lab).startswith("Train on")
    lab = run(120, case="El Niño")
    for _ in range(12):
        lab.run(100)
        lab.frame()
    assert line(lab).startswith("Choose the bikes")
    advice = {f["name"]: f["advice"] for f in lab.doctor()}["overfitting"]
    assert "L2" not in advice, "there is no such control here"


# ---- what the reader does


def test_the_start_goes_to_the_nearest_place_and_moves_its_control():
    lab = Forecast()
    assert lab.event("start", index=0, x=200.2, y=0) is False
    assert lab.frame()["handle"][0, 0] == 200
    assert lab.values["start"] == pytest.approx(100 * (200 - 23) / 432, abs=0.05)
    for x, expected in ((-50, 23), (1e9, 480 - 25)):
        lab.event("start", x=x)
        assert lab.frame()["handle"][0, 0] == expected
    with pytest.raises(LabError, match="x: expected a number"):
        lab.event("start", x=None)


def test_every_place_that_can_be_pointed_at_can_be_set():
    for settings in ({}, {"series": BIKES, "window": 2, "horizon": 2}):
        lab = Forecast(**settings)
        for end in lab.whole[lab.values["window"] - 1][::29]:
            lab.event("start", x=float(end))
            assert lab.here[lab.values["window"] - 1] == end


def test_a_drawn_season_is_a_new_series_under_the_same_noise():
    lab = run(4)
    before, noise = lab.task.series.y, lab.for_noise
    assert lab.event("knot", index=2, x=5, y=9) is True
    assert lab.knots[2] == 1.5
    assert lab.t == 4
    change = lab.task.series.y - before
    np.testing.assert_allclose(change[:24], change[24:48], atol=1e-5)
    assert lab.for_noise == noise
    lab.reset()
    assert lab.knots[2] == 1.5, "it outlives a reset"
    lab.set("case", "a window too short")
    assert lab.knots == SINE
    with pytest.raises(LabError, match="only a wave"):
        run(1, series=SEA, window=6, horizon=3).event("knot", index=0, x=0, y=0)


@pytest.mark.parametrize("season", ["left in", TAKEN_OUT])
def test_every_season_that_can_be_drawn_stays_within_the_axes(season):
    lab = Forecast(season=season)
    near = next(panel for panel in lab.panels() if panel["name"] == "near")
    for index in range(8):
        lab.event("knot", index=index, x=0, y=1.5 if index < 4 else -1.5)
    inside = np.abs(lab.frame()["truth"][:, 1]) < near["extent"][3]
    assert inside.all()
    assert np.mean(np.abs(lab.static()["held_out"]) > near["extent"][3]) < 0.02


@pytest.mark.parametrize("series", [SEA, BIKES])
def test_even_the_longest_forecasts_have_something_to_be_judged_on(series):
    assert Forecast(series=series, window=36, horizon=24).whole.shape[1] > 0


def test_where_a_series_cannot_be_had_the_lab_says_so_and_goes_on():
    def offline(name):
        raise OSError("the server could not be reached")

    lab = run(3)
    forecast_series.measured.cache_clear()
    data.use(offline)
    try:
        with pytest.raises(LabError, match=r"^series: .* could not be reached$"):
            lab.set("case", "El Niño")
    finally:
        data.use(None)
    assert (lab.values["series"], lab.t) == (forecast_series.WAVE, 3)
    lab.set("case", "El Niño")
    assert lab.values["series"] == SEA


@pytest.mark.parametrize("name", CASES)
def test_a_case_says_what_to_notice_while_it_is_as_it_was_chosen(name):
    lab = Forecast(case=name)
    assert lab.text() == NOTICES[name]
    lab.set("start", 55)
    assert lab.text() == NOTICES[name], "to look elsewhere changes nothing"
    lab.set("hidden", 2)
    assert lab.text().startswith("Step 0: ")


# ---- programs


def agrees(lab, moves=None, steps=30):
    expected = []
    for t in range(steps):
        for act in (moves or {}).get(t, ()):
            act(lab)
        lab.step()
        expected.append(lab.J)
    frame = lab.frame()
    shift = lab.task.mean[lab.task.series.kind_test[lab.here[5:]]] - lab.base
    for kind, program in lab.code().items():
        found = {}
        exec(compile(program, "program", "exec"), found)
        np.testing.assert_allclose(found["losses"], expected, atol=1e-5, rtol=1e-5, err_msg=kind)
        far = 1e-4 * lab.task.scale
        np.testing.assert_allclose(found["yhat"] - shift, frame["at_network"], atol=far)
        assert len(program.splitlines()) <= 72
        assert max(map(len, program.splitlines())) <= 100


@every
def test_both_programs_give_the_losses_and_the_forecast_of_the_lab(settings):
    agrees(Forecast(**settings))


def test_what_the_reader_did_is_in_the_programs():
    def event(name, **what):
        return lambda lab: lab.event(name, **what)

    moves = {
        0: [event("knot", index=1, x=0, y=0.5)],
        8: [lambda lab: lab.set("alpha", 0.02), event("start", x=77)],
        15: [event("knot", index=4, x=0, y=-1), lambda lab: lab.set("batch", 16)],
    }
    lab = Forecast(**SMALL)
    agrees(lab, moves)
    lab.event("knot", index=0, x=0, y=1)
    agrees_now = lab.code()["dlcore"]
    found = {}
    exec(compile(agrees_now, "program", "exec"), found)
    np.testing.assert_allclose(found["yhat"], lab.frame()["at_network"], atol=1e-4)
    lab.reset()
    agrees(lab)
    assert "changes" not in lab.code()["dlcore"]


def test_it_is_among_the_labs():
    assert LABS["forecast"] is Forecast
