"""The lab `convolution`, live: pointing, editing and drawing, by hand and by keys."""

import numpy as np
import pytest

MAPS = ("input", "kernel", "output", "target", "dx", "dW", "dz")


def centre(lab, panel, row, column, cells):
    """Where a cell of a square panel is, within its canvas."""
    size = lab.canvas(panel).bounding_box()["width"] / cells
    return {"x": (column + 0.5) * size, "y": (row + 0.5) * size}


def test_the_first_sum_is_that_of_an_output_pixel(python_lab):
    lab = python_lab("convolution")
    assert lab.chosen("part") == 3 * 6 + 3
    assert lab.caption("sum") == "z at (3, 3): window of x · kernel W"
    assert lab.formula("sum") == "z3,3 = 0 + 0.563 + 0 + 0 (b) = 0.563"


def test_pointing_moves_the_window_and_a_click_keeps_it(python_lab):
    lab = python_lab("convolution")
    lab.canvas("output").hover(position=centre(lab, "output", 0, 5, 6))
    assert lab.caption("sum").startswith("z at (0, 5)")
    lab.canvas("output").click(position=centre(lab, "output", 1, 2, 6))
    lab.mouse.move(5, 5)
    assert lab.caption("sum").startswith("z at (1, 2)")
    assert lab.session.lab.pixel == (1, 2)
    assert lab.sent("set") == [], "looking changes no setting"


def test_the_chosen_pixel_keeps_its_place_and_a_case_brings_its_own(python_lab):
    lab = python_lab("convolution")
    lab.canvas("output").click(position=centre(lab, "output", 1, 2, 6))
    lab.mouse.move(5, 5)
    lab.lab("lab.setValue('padding', 1)")
    lab.until("lab.shown && !lab.dirty.size")
    assert lab.caption("sum").startswith("z at (1, 2)")
    assert lab.chosen("part") == 8 + 2
    lab.lab("lab.selections.pin('part', 4)")  # in a recording nobody tells Python
    lab.lab("lab.reset()")
    lab.until("lab.shown && !lab.dirty.size")
    assert lab.caption("sum").startswith("z at (0, 4)"), "nothing else has changed"
    lab.lab("lab.setValue('case', 'learn from one pixel')")
    lab.until("lab.shown && !lab.dirty.size")
    assert lab.caption("sum").startswith("z at (3, 3)")
    assert lab.session.lab.pixel == (3, 3)


def test_arrow_keys_move_the_window_within_a_frame(python_lab):
    lab = python_lab("convolution")
    lab.canvas("output").focus()
    times = lab.evaluate(
        """async () => {
        const lab = document.querySelector('.dl')._lab, times = [];
        const canvas = document.querySelector('[data-panel=output] canvas');
        for (const key of ['ArrowUp', 'ArrowLeft', 'ArrowLeft', 'ArrowDown']) {
            const start = performance.now();
            canvas.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
            while (lab.dirty.size) await new Promise(ok => requestAnimationFrame(ok));
            times.push(performance.now() - start);
        }
        return times;
    }"""
    )
    assert lab.caption("sum").startswith("z at (3, 1)")
    assert sorted(times)[1] < 50
    lab.keyboard.press("Escape")
    assert lab.chosen("part") == 3 * 6 + 1, "told to Python, it is where the lab is now"


def test_weights_and_pixels_show_what_their_gradients_are_made_of(python_lab):
    lab = python_lab("convolution", values={"padding": 1})
    lab.canvas("dW").hover(position=centre(lab, "dW", 2, 0, 3))
    assert lab.caption("sum") == "dW at (2, 0): the x it was multiplied with · dz"
    lab.canvas("dx").hover(position=centre(lab, "dx", 7, 0, 8))
    assert lab.caption("sum") == "dx at (7, 0): dz of its windows · W turned round"
    value = lab.session.lab.frame()["dx"][7, 0]
    said = lab.formula("sum").split("=")[-1].replace("−", "-")
    assert float(said) == pytest.approx(value, abs=6e-4)
    lab.mouse.move(5, 5)
    assert lab.caption("sum").startswith("z at")


def test_a_weight_is_typed_stepped_and_refused_to_leave_its_range(python_lab):
    lab = python_lab("convolution")
    kernel = lab.session.lab
    lab.canvas("kernel").click(position=centre(lab, "kernel", 0, 2, 3))
    cell = lab.root.get_by_label("kernel W: change it, row 0, column 2")
    cell.fill("-1.5")
    cell.press("Enter")
    lab.settle()
    assert kernel.W[0, 2] == -1.5
    assert lab.control("kernel").input_value() == "own"
    before = len(lab.sent("event"))
    lab.canvas("kernel").press("Enter")
    lab.keyboard.press("Enter")
    assert len(lab.sent("event")) == before, "nothing was typed, nothing has changed"
    for key in ("ArrowLeft", "PageUp", "+", "ArrowDown", "-", "7"):
        lab.keyboard.press(key)
    lab.keyboard.press("Tab")
    lab.settle()
    np.testing.assert_array_equal(kernel.W[:2, 1], [0.5, -7])
    lab.canvas("kernel").press("Enter")
    lab.keyboard.type("99")
    lab.keyboard.press("Escape")
    assert kernel.W[1, 1] == -7
    lab.canvas("kernel").press("Enter")
    lab.keyboard.type("99")
    lab.keyboard.press("Enter")
    lab.settle()
    assert kernel.W[1, 1] == 16


def test_the_image_is_drawn_in_within_its_border_of_zeros(python_lab):
    lab = python_lab(
        "convolution", values={"image": "own", "padding": 2, "case": "learn from one pixel"}
    )
    lab.canvas("input").scroll_into_view_if_needed()
    box = lab.canvas("input").bounding_box()
    cell = box["width"] / 12
    lab.mouse.move(box["x"] + 2.5 * cell, box["y"] + 2.5 * cell)
    lab.mouse.down()
    lab.mouse.move(box["x"] + 9.5 * cell, box["y"] + 9.5 * cell)  # one quick stroke
    lab.mouse.move(box["x"] + 11.5 * cell, box["y"] + 9.5 * cell)
    lab.mouse.up()
    lab.settle()
    np.testing.assert_array_equal(lab.session.lab.x, np.eye(8))
    assert lab.control("image").input_value() == "own"
    lab.canvas("input").focus()
    for key in ("ArrowUp", "Enter", "ArrowUp", "-", "+"):
        lab.keyboard.press(key)
    lab.settle()
    assert lab.session.lab.x[6, 7] == 1
    assert lab.caption("sum").startswith("dx at (5, 7)")


def test_it_learns_and_the_history_shows_every_kernel_again(python_lab):
    lab = python_lab("convolution")
    lab.ticks(8, 5)
    learnt = lab.lab("[...lab.array('W').data]")
    assert learnt[0] < -0.6
    lab.lab("lab.scrubTo(0)")
    lab.settle()
    assert lab.lab("[...lab.array('W').data]") == [0, 0, 0, 0, 1, 0, 0, 0, 0]


def test_the_hidden_kernel_can_be_looked_at(python_lab):
    lab = python_lab("convolution")
    before = lab.canvas("dW").screenshot()
    lab.button("hidden W").click()
    lab.settle()
    assert lab.canvas("dW").screenshot() != before
    words = lab.part("dW", "numbers().rows")
    assert [row[1:] for row in words] == [[-1, 0, 1]] * 3


def test_what_is_chosen_is_said_aloud(python_lab):
    lab = python_lab("convolution")
    lab.canvas("output").press("ArrowLeft")
    lab.settle()
    spoken = lab.root.locator(".dl-hidden[aria-live=polite]")
    assert "z3,2 = " in spoken.inner_text()
    lab.root.locator("summary", has_text="In words").click()
    words = lab.root.locator(".dl-words")
    words.get_by_text("window of x · kernel W").wait_for()
    assert words.locator("table").count() >= 7


def test_between_a_new_run_and_its_first_frame_nothing_breaks(python_lab):
    lab = python_lab("convolution")
    lab.root.locator("summary", has_text="In words").click()
    lab.canvas("kernel").press("Enter")
    lab.evaluate(
        """async () => {
        const lab = document.querySelector('.dl')._lab;
        lab.onSetup({ lab: lab.spec, seed: 0, values: lab.values }, lab.statics);
        document.querySelector('.dl-cellinput').value = '3';
        for (const canvas of document.querySelectorAll('.dl canvas[tabindex]')) {
            canvas.focus();
            for (const type of ['pointerdown', 'pointermove', 'pointerup', 'click']) {
                canvas.dispatchEvent(new PointerEvent(type, { bubbles: true, pointerId: 1 }));
            }
            for (const key of ['ArrowLeft', '+', 'Enter', '5']) {
                canvas.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
            }
        }
        lab.shell.twin.speak();
        lab.invalidate();
        await new Promise(ok => setTimeout(ok, 60));
    }"""
    )
    assert lab.lab("lab.failure") is None
    lab.button("Reset").click()
    lab.until("lab.shown && !lab.dirty.size")


@pytest.mark.parametrize(("width", "columns"), [(772, 3), (390, 2)])
def test_three_maps_stand_side_by_side_and_two_on_a_phone(python_lab, width, columns):
    lab = python_lab("convolution", width=width)
    lefts = {round(lab.canvas(panel).bounding_box()["x"]) for panel in MAPS}
    assert len(lefts) == columns


def test_a_tap_on_a_phone_opens_the_number_and_a_tap_on_the_output_moves_the_window(python_lab):
    options = {"has_touch": True, "is_mobile": True}
    lab = python_lab("convolution", width=390, height=844, options=options)
    lab.canvas("output").tap(position=centre(lab, "output", 0, 1, 6))
    assert lab.caption("sum").startswith("z at (0, 1)")
    lab.canvas("kernel").tap(position=centre(lab, "kernel", 1, 1, 3))
    cell = lab.root.get_by_label("kernel W: change it, row 1, column 1")
    cell.fill("2")
    lab.canvas("output").tap(position=centre(lab, "output", 0, 2, 6))
    lab.settle()
    assert lab.session.lab.W[1, 1] == 2
    assert lab.canvas("kernel").evaluate("c => c.style.touchAction") == ""
    assert lab.canvas("input").evaluate("c => c.style.touchAction") == "none"


def test_a_number_that_has_no_room_on_a_phone_stands_beside_the_title(python_lab):
    lab = python_lab("convolution", width=390)
    key = "[data-panel={}] .dl-key"
    assert lab.root.locator(key.format("output")).inner_text() == "±3", "all of them have room"
    lab.canvas("dx").click(position=centre(lab, "dx", 3, 1, 8))
    lab.settle()
    value = lab.session.lab.frame()["dx"][3, 1]
    place, said = lab.root.locator(key.format("dx")).inner_text().split(": ")
    assert place == "(3, 1)"
    assert float(said.replace("−", "-")) == pytest.approx(value, abs=6e-4)


def test_a_frame_without_an_activation_has_no_sum_that_ends_in_one(python_lab):
    lab = python_lab("convolution", values={"activation": "tanh"})
    assert "tanh" in lab.root.locator("[data-panel=sum] .dl-formula p").inner_text()
    lab.lab("delete lab.shown.arrays.a")
    lab.lab("lab.invalidate()")
    lab.settle()
    assert lab.lab("lab.failure") is None
    assert lab.root.locator("[data-panel=sum] .dl-formula p").inner_text() == ""
