"""The lab `forecast`, live: the start that is dragged, the season that is drawn, the horizon."""

import pytest

PANELS = ("overview", "near", "errors", "looks", "season", "loss")


def picture(lab, panel):
    return lab.canvas(panel).evaluate("c => c.toDataURL()")


def start(lab):
    return int(lab.session.lab.frame()["handle"][0, 0])


def drag_start(lab, *places):
    """Take the diamond along, through all places, without letting go of it."""
    x, y = lab.session.lab.frame()["handle"][0]
    lab.mouse.move(*lab.place("overview", float(x), float(y)))
    lab.mouse.down()
    for place in places:
        lab.mouse.move(*lab.place("overview", place, 0.0))
    lab.mouse.up()
    lab.settle()


def test_it_trains_and_every_panel_is_drawn(python_lab):
    lab = python_lab("forecast")
    lab.ticks(5, 4)
    assert lab.step == 20
    for name in PANELS:
        assert lab.pixels(name) > 10, name
    assert lab.lab("lab.series('loss').n") == 6


def test_the_start_is_dragged_along_the_part_held_out(python_lab):
    lab = python_lab("forecast")
    lab.ticks(15, 4)
    before = [picture(lab, name) for name in ("overview", "near", "looks")]
    errors = picture(lab, "errors")
    drag_start(lab, *range(160, 420, 13))
    assert start(lab) == pytest.approx(407, abs=2)
    assert lab.step == 60, "to look elsewhere is no step"
    after = [picture(lab, name) for name in ("overview", "near", "looks")]
    assert all(p != q for p, q in zip(before, after, strict=True))
    assert picture(lab, "errors") == errors, "they are of all starts"
    shown = float(lab.control("start").input_value())
    assert shown == pytest.approx(lab.session.lab.values["start"])


def test_the_start_is_moved_by_its_slider_and_by_keys(python_lab):
    lab = python_lab("forecast")
    lab.slide("start", 1)
    lab.until("lab.values.start === 100")
    lab.settle()
    assert start(lab) == 480 - 25
    lab.canvas("overview").focus()
    for _ in range(4):
        lab.keyboard.press("ArrowLeft")
        lab.settle()
    assert start(lab) < 480 - 40
    assert lab.errors == []


def test_a_season_is_drawn_and_the_run_goes_on(python_lab):
    lab = python_lab("forecast")
    lab.ticks(2, 10)
    before = [picture(lab, name) for name in ("overview", "season")]
    lab.drag("season", (6, 1), (6, -1.2))
    assert lab.session.lab.knots[2] == pytest.approx(-1.2, abs=0.05)
    assert picture(lab, "overview") != before[0]
    assert picture(lab, "season") != before[1]
    lab.ticks(2, 10)
    assert lab.step == 40


def test_pointing_at_a_horizon_chooses_it_everywhere(python_lab):
    lab = python_lab("forecast")
    table = lab.root.locator("[data-panel=chosen]")
    lab.canvas("errors").focus()
    lab.keyboard.press("ArrowLeft")
    lab.keyboard.press("ArrowLeft")
    lab.settle()
    k = lab.chosen("k")
    assert table.locator("figcaption").inner_text() == f"this forecast, tick {k + 1} ahead"
    came = float(lab.session.lab.frame()["at_came"][k])
    cell = table.locator("td").first.inner_text().replace("−", "-")
    assert float(cell) == pytest.approx(came, rel=0.01)
    marked = picture(lab, "near")
    lab.lab("lab.selections.unpinAll()")
    lab.settle()
    assert picture(lab, "near") != marked


def test_the_derivatives_of_the_rival_are_a_click_away(python_lab):
    lab = python_lab("forecast")
    before = picture(lab, "looks")
    lab.root.locator("[data-panel=looks]").get_by_role("button", name="AR", exact=True).click()
    lab.settle()
    assert picture(lab, "looks") != before


def test_many_moves_one_after_the_other(python_lab):
    lab = python_lab("forecast")
    lab.button("Play").click()
    for n, name in enumerate(("El Niño", "bikes, rolled out", "a window too short", "bikes")):
        lab.control("case").select_option(name)
        lab.until(f"lab.values.case === {name!r}")
        lab.slide("start", n / 4)
        lab.slide("horizon", 0.3 + n / 8)
        lab.slide("window", 0.9 - n / 5)
    lab.control("cell").select_option("gru")
    lab.button("Pause").click()
    lab.settle()
    assert lab.data("state") in ("live", "diverged")
    lab.button("Reset").click()
    lab.until("lab.root.dataset.state === 'live' && lab.root.dataset.step === '0'")


def test_steps_that_are_too_large_are_named(python_lab):
    lab = python_lab("forecast", values={"case": "steps too large", "alpha": 10})
    lab.ticks(1, 200)
    assert lab.data("state") == "diverged"
    assert "overshoots" in lab.root.locator(".dl-finding[data-level=bad]").inner_text()
