"""The lab `backprop-step`, live: the graph, the stages and the formula with its scripts."""

import pytest


def test_a_click_on_step_is_one_stage(python_lab):
    lab = python_lab("backprop-step")
    marked = lab.root.locator(".dl-stagename[aria-current=step]")
    assert marked.count() == 0
    for name in ("forward 1", "forward 2", "loss"):
        lab.button("Step").click()
        lab.settle()
        assert marked.inner_text() == name
    assert lab.step == 3


def test_a_click_on_a_stage_goes_on_to_it(python_lab):
    lab = python_lab("backprop-step")
    for name, step in (("backward 2", 4), ("update", 6), ("forward 1", 7), ("forward 1", 13)):
        lab.button(name).click()
        lab.until(f"lab.shown.step === {step}")
    lab.lab("lab.scrubTo(0)")
    lab.button("update").click()
    lab.until("lab.shown.step === 4 || lab.shown.step === 6")


def test_play_walks(python_lab):
    lab = python_lab("backprop-step")
    assert lab.control("speed").input_value() == "1"
    lab.button("Play").click()
    lab.until("lab.shown.step === 1")
    lab.wait_for_timeout(500)
    assert lab.step == 1
    lab.control("speed").select_option("64")
    lab.until("lab.shown.step > 8")


def test_the_formula_has_scripts_and_follows_what_is_chosen(python_lab):
    lab = python_lab("backprop-step")
    lab.ticks(1, 1)
    formula = lab.root.locator("[data-panel=formula]")
    assert formula.locator("sup").first.inner_text() == "(1)"
    assert formula.locator("sub").first.inner_text() == "1"
    lab.lab("lab.selections.pin('part', 2)")
    lab.settle()
    assert formula.locator(".dl-cap").inner_text() == "layer 1, unit 1"
    words = lab.part("formula", "describe()")
    assert words.startswith("layer 1, unit 1: z = W a + b,   a(1) = tanh(z(1)); z1 = ")


@pytest.mark.parametrize("width", [772, 390])
@pytest.mark.parametrize("network", ["2-2-1", "2-3-1", "2-2-2-1"])
def test_nothing_of_the_graph_leaves_it_or_covers_another(python_lab, width, network):
    lab = python_lab("backprop-step", width=width, values={"network": network})
    lab.ticks(6, 1)
    placed = lab.lab("lab.panels[1].placed")
    box, size = lab.lab("lab.panels[1].box"), lab.canvas("graph").bounding_box()
    for p in placed["places"]:
        assert box["width"] / 2 <= p["x"] <= size["width"] - box["width"] / 2
        assert box["height"] / 2 <= p["y"] <= size["height"] - box["height"] / 2
    labels = placed["labels"]
    for k, (x, y) in enumerate(labels):
        for u, v in labels[:k]:
            assert abs(x - u) >= 34 or abs(y - v) >= 22
        for p in placed["places"]:
            beside = abs(x - p["x"]) >= box["width"] / 2 + 4
            assert beside or abs(y - p["y"]) >= box["height"] / 2 + 8
    assert lab.evaluate("document.documentElement.scrollWidth") == width


def test_units_and_edges_are_chosen_by_mouse_and_keys(python_lab):
    lab = python_lab("backprop-step")
    placed = lab.lab("lab.panels[1].placed")
    lab.canvas("graph").click(position=placed["places"][4])
    assert lab.chosen("part") == 4
    x, y = placed["labels"][1]
    lab.canvas("graph").click(position={"x": x, "y": y})
    assert lab.chosen("part") == 7
    lab.canvas("graph").press("ArrowLeft")
    assert lab.chosen("part") == 6
    lab.canvas("graph").press("Escape")
    assert lab.chosen("part") is None


def test_the_graph_is_there_in_words(python_lab):
    lab = python_lab("backprop-step")
    lab.ticks(1, 6)
    lab.root.locator("summary", has_text="In words").click()
    lab.root.get_by_text("stages of a pass: update").wait_for()
    words = lab.root.locator(".dl-words").inner_text()
    assert "stages of a pass: update, of forward 1" in words
    assert "weight from input x₁ to layer 1, unit 1" in words
    assert "dw = ∂J/∂w 0.653" in words
