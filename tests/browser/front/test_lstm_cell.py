"""The lab `lstm-cell`, live: pipes and taps, a gate taken in the hand, the way back in words."""

import pytest


def formula(lab):
    return lab.part("formula", "describe()")


@pytest.mark.parametrize("width", [772, 390])
def test_nothing_of_the_graph_leaves_it_or_covers_another(python_lab, width):
    lab = python_lab("lstm-cell", width=width, values={"case": "two ways back"})
    lab.ticks(1, 7)
    box, places = lab.part("graph", "box"), lab.part("graph", "placed.places")
    size = lab.canvas("graph").bounding_box()
    for k, p in enumerate(places):
        assert box["width"] / 2 <= p["x"] <= size["width"] - box["width"] / 2
        assert box["height"] / 2 <= p["y"] <= size["height"] - box["height"] / 2
        for q in places[:k]:
            beside = abs(p["x"] - q["x"]) >= box["width"]
            assert beside or abs(p["y"] - q["y"]) >= box["height"]
    assert lab.evaluate("document.documentElement.scrollWidth") == width


def test_a_gate_is_turned_at_one_tick_and_let_go(python_lab):
    lab = python_lab("lstm-cell")
    lab.button("tick 3").click()
    lab.until("lab.shown.step === 3")
    lab.canvas("f").focus()
    for _ in range(2):
        lab.canvas("f").press("ArrowRight")
    lab.canvas("f").press("0")
    lab.keyboard.press("Enter")
    lab.until("lab.values.f_tap === 'set tick by tick'")
    lab.settle()
    assert lab.step == 3
    assert "f3 = 0, in your hand (its weights would make it 0.998)" in lab.part(
        "formula", "describe()"
    )
    lab.control("f_tap").select_option("follows the weights")
    lab.settle()
    assert "f3 = σ(6) = 0.998" in formula(lab)


def test_a_gate_is_held_with_a_slider_while_the_way_back_is_shown(python_lab):
    lab = python_lab("lstm-cell", values={"f_tap": "held at all ticks"})
    lab.button("back 5").click()
    lab.until("lab.shown.step === 9")
    lab.slide("f", 0.5)
    lab.settle()
    assert lab.step == 9
    assert "dzf = 0: it is in your hand" in formula(lab)
    k = lab.part("graph", "spec.names").index("cell c")
    lab.canvas("graph").click(position=lab.part("graph", "placed.places")[k])
    assert formula(lab).startswith("cell c: c5 = f5 c4 + i5 c̃5 = 0.5·")
    lab.canvas("graph").press("Escape")
    assert lab.chosen("part") is None


def test_it_is_there_in_words(python_lab):
    lab = python_lab(
        "lstm-cell", values={"case": "forget on a signal", "i_tap": "held at all ticks"}
    )
    lab.ticks(1, 14)
    lab.button("Audit").click()
    lab.root.get_by_text("central differences agree").wait_for()
    lab.root.locator("summary", has_text="In words").click()
    lab.root.get_by_text("stages of a pass: update").wait_for()
    words = lab.root.locator(".dl-words").inner_text()
    assert "what flows from forget gate f to cell c" in words
