"""The lab `curve-fit`, live: curves to choose, points to drag, add and remove, cases."""

import pytest

from dlcore.labs.curve_fit_controls import CASES


def on_curve(lab, unit):
    """A place on the curve of a unit, from 1, where no other is near."""
    parts, places = lab.session.lab.frame()["parts"], range(5, 86)
    others = [k for k in range(len(parts)) if k != unit - 1]

    def room(i):
        gap = abs(parts[others, i] - parts[unit - 1, i]).min()
        return gap if abs(parts[unit - 1, i]) < 2.8 else -1

    best = max(places, key=room)
    return -1.5 + best / 30, float(parts[unit - 1, best])


def test_it_trains(python_lab):
    lab = python_lab("curve-fit")
    lab.ticks(12)
    assert lab.step == 96
    for panel in ("fit", "net", "parts", "loss"):
        assert lab.pixels(panel) > 20, panel


def test_pointing_at_a_curve_chooses_its_unit_everywhere(python_lab):
    lab = python_lab("curve-fit")
    lab.ticks(20)
    for unit in (3, 6, 8):
        lab.mouse.move(*lab.place("parts", *on_curve(lab, unit)))
        assert lab.chosen("unit") == unit
        lab.settle()
        assert lab.root.locator("[data-panel=numbers] figcaption").inner_text().startswith(
            f"layer 1, unit {unit}")  # fmt: skip
        about = lab.session.lab.frame()["about"][unit].split("\n")[0]
        assert lab.root.locator("[data-panel=numbers] .dl-formula p").first.inner_text() == about
    lab.mouse.move(*lab.place("parts", 1.4, 2.9))
    assert lab.chosen("unit") is None, "far from every curve there is none"


def test_a_click_keeps_a_unit_and_another_lets_it_go(python_lab):
    lab = python_lab("curve-fit")
    lab.ticks(20)
    place = lab.place("parts", *on_curve(lab, 6))
    lab.mouse.click(*place)
    lab.mouse.move(0, 0)
    assert lab.chosen("unit") == 6
    lab.mouse.click(*place)
    lab.mouse.move(0, 0)
    assert lab.chosen("unit") is None


def test_arrow_keys_go_through_the_units(python_lab):
    lab = python_lab("curve-fit", values={"units": 3})
    canvas = lab.canvas("parts")
    assert "arrow keys choose a curve" in canvas.get_attribute("aria-label")
    canvas.focus()
    seen = []
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowRight", "ArrowLeft"):
        canvas.press(key)
        seen.append(lab.chosen("unit"))
    assert seen == [1, 2, 3, 3, 2]


def test_the_chosen_unit_stands_out_and_the_curve_without_it_is_drawn(python_lab):
    lab = python_lab("curve-fit")
    lab.ticks(20)
    picture = "c => c.toDataURL()"
    before = [lab.canvas(name).evaluate(picture) for name in ("fit", "parts", "net")]
    lab.lab("lab.selections.pin('unit', 2)")
    lab.settle()
    after = [lab.canvas(name).evaluate(picture) for name in ("fit", "parts", "net")]
    assert all(p != q for p, q in zip(before, after, strict=True))


def test_the_words_tell_of_curves(python_lab):
    lab = python_lab("curve-fit", values={"data": "line", "noise": 0.0})
    lab.root.locator("summary", has_text="In words").click()
    words = lab.root.locator(".dl-words")
    words.get_by_text("line −1.05 at the left, 1.05 at the right").wait_for()
    assert "8 curves" in words.inner_text()
    lab.lab("lab.selections.pin('unit', 4)")
    words.get_by_text("layer 1, unit 4").first.wait_for()


def test_points_are_dragged_added_and_removed(python_lab):
    lab = python_lab("curve-fit")
    x, y = lab.session.lab.static()["points"][3]
    lab.drag("fit", (float(x), float(y)), (-0.4, 1.2))
    assert lab.session.lab.static()["points"][3] == pytest.approx((-0.4, 1.2), abs=0.02)
    lab.mouse.click(*lab.place("fit", 1.3, 1.1))
    lab.settle()
    assert lab.session.lab.static()["points"][-1] == pytest.approx((1.3, 1.1), abs=0.02)
    lab.mouse.dblclick(*lab.place("fit", 1.3, 1.1))
    lab.settle()
    assert len(lab.session.lab.x) == 30
    lab.ticks(2)
    assert lab.step == 16


def test_points_are_moved_by_keys(python_lab):
    lab = python_lab("curve-fit")
    canvas = lab.canvas("fit")
    canvas.focus()
    before = lab.session.lab.static()["points"]
    for key in ("n", "ArrowUp", "a"):
        canvas.press(key)
        lab.settle()
    after = lab.session.lab.static()["points"]
    assert len(after) == 31
    assert after[0, 1] > before[0, 1]
    canvas.press("Delete")
    lab.settle()
    assert len(lab.session.lab.x) == 30


def test_a_case_moves_the_controls(python_lab):
    lab = python_lab("curve-fit")
    lab.control("case").select_option("it fits the noise")
    lab.until("lab.values.units === 24")
    lab.settle()
    assert lab.control("units").input_value() == "24"
    assert lab.control("data").input_value() == "line"
    assert lab.part("net", "sizes") == [1, 24, 1]
    chosen = "lab.root.querySelector('[name=case]').selectedOptions[0].text"
    lab.slide("alpha", 0.3)
    lab.until(f"{chosen} === 'your own settings'")
    assert lab.lab("lab.values.case") == "it fits the noise"
    lab.control("case").select_option("it fits the noise")
    lab.until(f"{chosen} === 'it fits the noise' && lab.values.alpha === 0.03")


def test_the_axis_of_the_losses_ends_at_its_floor(python_lab):
    lab = python_lab("curve-fit", values={"case": "it fits the noise", "n": 4})
    lab.ticks(80, 25)
    assert lab.session.lab.losses["net"][0] < 5e-5
    assert lab.part("loss", "lo") > -4.5


def test_a_rate_that_is_too_large_is_named_and_every_step_of_it_can_be_seen(python_lab):
    lab = python_lab("curve-fit", values={"case": "too large a rate"})
    lab.ticks(1, 60)
    assert (lab.data("state"), lab.step) == ("diverged", 7)
    assert "overshoots" in lab.root.locator(".dl-finding[data-level=bad]").inner_text()
    assert lab.lab("lab.series('loss').n") == 8
    lab.canvas("loss").focus()
    for step in (6, 5, 4):
        lab.page.keyboard.press("ArrowLeft")
        lab.settle()
        assert lab.lab("lab.shown.step") == step
        assert lab.lab("lab.shown.text").startswith(f"Step {step}: training loss")
    lab.button("Reset").click()
    lab.until("lab.root.dataset.state === 'live' && lab.root.dataset.step === '0'")


def test_many_moves_one_after_the_other(python_lab):
    lab = python_lab("curve-fit", values={"data": "own"})
    lab.button("Play").click()
    for k in range(12):
        lab.mouse.click(*lab.place("fit", k / 5 - 1.2, 0.9 * (-1) ** k))
    lab.settle()
    assert len(lab.session.lab.x) == 12
    for k, name in enumerate([*CASES, *CASES]):
        lab.control("case").select_option(name)
        lab.slide("units", (k % 7) / 7)
        lab.slide("l2", (k % 3) / 3)
        lab.mouse.move(*lab.place("parts", k / 8 - 1, 0.1))
    lab.settle()
    assert lab.data("state") in ("live", "diverged")
    lab.button("Reset").click()
    lab.until("lab.root.dataset.state === 'live' && lab.root.dataset.step === '0'")


def test_the_key_of_the_plane_is_on_one_line(python_lab):
    lab = python_lab("curve-fit", values={"units": 24})
    tops = [lab.canvas(panel).bounding_box()["y"] for panel in ("fit", "net")]
    assert abs(tops[0] - tops[1]) < 4
