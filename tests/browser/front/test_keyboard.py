"""Everything can be done without a pointer."""

import itertools


def test_the_keys_of_the_run(open_lab):
    lab = open_lab()
    lab.canvas("net").focus()
    for _ in range(3):
        lab.keyboard.press(".")
        lab.settle()
    assert lab.step == 3
    lab.keyboard.press(",")
    assert lab.step == 2
    lab.keyboard.press(" ")
    lab.until("lab.playing && lab.shown.step > 20")
    lab.keyboard.press(" ")
    assert lab.data("playing") == "false"
    lab.keyboard.press("r")
    lab.until("lab.shown.step === 0")


def test_a_control_keeps_the_keys_it_uses(open_lab):
    lab = open_lab()
    lab.control("seed").focus()
    lab.keyboard.press("r")
    lab.keyboard.press(".")
    lab.control("data").focus()
    lab.keyboard.press("r")
    lab.settle()
    assert [m["cmd"] for m in lab.evaluate("model.sent")] == ["open"]
    lab.button("Play").focus()
    lab.keyboard.press(" ")
    assert lab.data("playing") == "true", "the button's own space, once"


def test_sliders_move_by_arrow_keys_and_go_back_by_delete(open_lab):
    lab = open_lab()
    lab.control("layers").focus()
    lab.keyboard.press("ArrowRight")
    lab.settle()
    assert lab.lab("model.values.layers") == 3
    assert lab.control("units_3").is_visible(), "shown from three layers on"
    lab.keyboard.press("Delete")
    lab.settle()
    assert lab.lab("model.values.layers") == 2
    assert lab.control("units_3").is_hidden()
    lab.control("alpha").focus()
    lab.keyboard.press("ArrowRight")
    lab.settle()
    assert lab.lab("model.values.alpha") != 0.03
    lab.control("alpha").dblclick()
    lab.settle()
    assert lab.lab("model.values.alpha") == 0.03


def test_a_text_counts_letter_by_letter_and_keeps_all_keys_to_itself(open_lab):
    lab = open_lab()
    said = lab.control("said")
    assert lab.root.get_by_label("your words").get_attribute("name") == "said"
    said.press("End")
    lab.keyboard.type(" r. ,at")
    lab.keyboard.press("Backspace")
    lab.settle()
    assert lab.lab("model.values.said") == "not bad r. ,a"
    assert len(lab.sent("set")) >= 2
    lab.keyboard.type("x" * 20)
    lab.settle()
    assert lab.lab("model.values.said") == "not bad r. ,a" + "x" * 7, "at most 20 letters"
    assert said.input_value() == lab.lab("model.values.said")
    said.fill("")
    lab.settle()
    assert lab.lab("model.values.said") == ""
    assert (lab.step, lab.data("playing")) == (0, "false")


def test_a_slider_says_its_value_in_its_own_unit(open_lab):
    lab = open_lab()
    assert lab.control("alpha").get_attribute("aria-valuetext") == "0.03"
    lab.slide("alpha", 0)
    assert lab.control("alpha").get_attribute("aria-valuetext") == "1·10⁻⁴"
    lab.slide("batch", 1)
    assert lab.control("batch").get_attribute("aria-valuetext") == "256"


def test_every_round_value_of_a_logarithmic_slider_can_be_set(open_lab):
    """By mouse, which goes from position to position, and by the arrow keys."""
    lab = open_lab()

    def walk(name):
        lab.slide(name, 0)
        control, seen = lab.control(name), []
        for _ in range(int(control.get_attribute("max")) + 1):
            lab.settle()
            seen.append(lab.lab(f"model.values.{name}"))
            control.press("ArrowRight")
        return seen

    alphas = walk("alpha")
    for e in range(-4, 1):
        assert {float(f"{m}e{e}") for m in (1, 2, 3, 5)} <= set(alphas)
    assert (alphas[0], alphas[-1]) == (1e-4, 10)
    assert max(b / a for a, b in itertools.pairwise(alphas)) < 1.21
    sizes = walk("batch")
    assert {1, 2, 3, 5, 8, 10, 16, 32, 50, 64, 100, 128, 200, 256} <= set(sizes)
    assert sizes == sorted(set(sizes))


def test_a_logarithmic_slider_shows_and_keeps_a_value_between_its_positions(open_lab):
    lab = open_lab()
    lab.evaluate("""() => {
        model.state.values = { ...model.values, alpha: 0.0317 };
        for (const f of model.handlers['change:values']) f();
    }""")
    assert lab.control("alpha").get_attribute("aria-valuetext") == "0.0317"
    assert lab.lab("lab.shell.controls.values.alpha") == 0.0317
    lab.control("alpha").press("ArrowRight")
    lab.settle()
    assert lab.lab("model.values.alpha") == 0.035


def test_arrow_keys_walk_through_the_network(open_lab):
    lab = open_lab()
    lab.canvas("net").focus()
    seen = []
    for key in (
        "ArrowDown",
        "ArrowDown",
        "ArrowRight",
        "ArrowRight",
        "ArrowRight",
        "ArrowLeft",
        "ArrowUp",
    ):
        lab.keyboard.press(key)
        seen.append(lab.chosen("neuron"))
    assert seen == [0, 1, 4, 5, 5, 3, 2]
    lab.keyboard.press("Escape")
    assert lab.chosen("neuron") is None


def test_points_are_chosen_moved_added_and_removed(open_lab):
    lab = open_lab()
    lab.canvas("plane").focus()
    lab.keyboard.press("n")
    for _ in range(6):
        lab.keyboard.press("ArrowRight")
    lab.settle()
    assert abs(lab.lab("model.points[0][0]") - -0.3) < 1e-3
    lab.keyboard.press("a")
    lab.settle()
    assert lab.lab("model.points.length") == 5
    lab.keyboard.press("Delete")
    lab.settle()
    assert lab.lab("[model.points.length, model.points[0][0]]") == [4, -0.2]


def test_cells_tokens_and_places_along_an_axis(open_lab):
    lab = open_lab()
    lab.canvas("gates").focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        lab.keyboard.press(key)
    assert lab.lab("[lab.selections.get('t'), lab.selections.get('unit')]") == [2, 1]
    lab.until("lab.dirty.size === 0")
    assert lab.root.locator("[data-panel=trace] .dl-cap").inner_text() == "cell 2 through time"
    assert lab.root.locator("[data-panel=cell] .dl-cap").inner_text() == "cell 2 at t = 2"
    lab.root.locator(".dl-token").first.focus()
    lab.keyboard.press("ArrowRight")
    assert lab.chosen("t") == 3
    lab.canvas("trace").focus()
    lab.keyboard.press("ArrowLeft")
    assert lab.chosen("t") == 2


def test_a_line_over_the_steps_is_walked_with_the_arrow_keys(open_lab):
    lab = open_lab()
    lab.ticks(5)
    lab.canvas("loss").focus()
    lab.keyboard.press("ArrowLeft")
    lab.keyboard.press("ArrowLeft")
    assert lab.step == 24


def test_a_grid_is_edited_cell_by_cell(open_lab):
    lab = open_lab()
    lab.canvas("kernel").focus()
    lab.keyboard.press("ArrowRight")
    lab.keyboard.press("+")
    lab.settle()
    assert lab.lab("model.kernel.data[1]") == 0.5
    lab.canvas("draw").focus()
    lab.keyboard.press("Enter")
    lab.settle()
    assert lab.lab("model.canvas.data[0]") == 0


def test_every_control_and_canvas_can_be_reached_by_tab(open_lab):
    lab = open_lab()
    lab.root.locator("summary", has_text="More").click()
    kinds = "button input select summary canvas[role=application] pre"
    reached = lab.evaluate(
        """kinds => kinds.split(' ')
        .flatMap(kind => [...document.querySelectorAll(`.dl ${kind}`)])
        .filter(n => n.checkVisibility() && n.tabIndex < 0)
        .filter(n => !n.closest('[role=tablist], .dl-tokens'))
        .map(n => n.outerHTML.slice(0, 80))""",
        kinds,
    )
    assert reached == []


def test_the_seed_box_shows_the_seed_that_is_taken(python_lab):
    lab = python_lab("unroll")
    box = lab.root.locator("input[name=seed]")
    for typed, taken in (("5", 5), ("-1", 0), ("2.7", 2), ("99999999999", 2)):
        box.fill(typed)
        box.press("Enter")
        lab.settle()
        assert (int(box.input_value()), lab.session.lab.seed) == (taken, taken)
