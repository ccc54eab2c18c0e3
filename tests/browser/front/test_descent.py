"""The lab `descent`, live: two planes with points to drag, controls that follow, labels."""

import pytest


def test_they_race(python_lab):
    lab = python_lab("descent")
    lab.ticks(10)
    assert lab.step == 80
    for panel in ("surface", "rates", "loss"):
        assert lab.pixels(panel) > 20, panel
    race = lab.root.locator("[data-panel=race]")
    assert race.locator("tbody tr").count() == 3
    assert "0.9 < 2" in race.inner_text()


def test_a_dragged_start_begins_a_new_race(python_lab):
    lab = python_lab("descent")
    lab.ticks(3)
    lab.drag("surface", (-1.7, 0.9), (1.0, -1.0))
    assert lab.step == 0
    assert lab.session.lab.origin == pytest.approx((1.0, -1.0), abs=0.03)


def test_the_point_of_momentum_sets_alpha_and_beta_and_the_sliders_follow(python_lab):
    lab = python_lab("descent")
    lab.ticks(1)
    lab.drag("rates", (-1.5229, 0.9), (-2.0, 0.4))
    values = lab.session.lab.values
    assert values["alpha"] == pytest.approx(0.01, rel=0.1)
    assert values["beta"] == pytest.approx(0.4, abs=0.03)
    assert float(lab.control("beta").input_value()) == pytest.approx(values["beta"])
    assert lab.step == 8


def test_controls_that_follow_the_run_go_back_with_it(python_lab):
    lab = python_lab("descent")
    lab.ticks(1)
    lab.slide("beta", 0)
    lab.settle()
    lab.ticks(1)
    lab.lab("lab.scrubTo(0)")
    assert lab.control("beta").input_value() == "0.9"


@pytest.mark.parametrize("width", [772, 390])
def test_labels_fit_and_nothing_is_wider_than_the_page(python_lab, width):
    lab = python_lab("descent", width=width)
    lab.ticks(2)
    room = lab.part("loss", "gutter.right")
    assert room > 60, "as wide as the word Momentum"
    assert lab.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("width", [772, 390])
def test_the_race_keeps_its_size_while_it_runs(python_lab, width):
    lab = python_lab("descent", width=width)
    lab.ticks(1)
    seen = set()
    for _ in range(12):
        lab.ticks(2)
        lab.settle()
        seen.add(lab.root.locator(".dl-panels").bounding_box()["height"])
    assert len(seen) == 1
