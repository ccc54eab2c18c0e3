"""The lab `neuron`, live: sliders that follow, points and weights that are dragged."""

import pytest


def test_the_sliders_follow_the_steps(python_lab):
    lab = python_lab("neuron")
    lab.ticks(4, 1)
    w = lab.session.lab.values["w"]
    assert w != -1
    assert float(lab.control("w").input_value()) == pytest.approx(w, abs=0.2)
    lab.lab("lab.scrubTo(0)")
    assert float(lab.control("w").input_value()) == -1


def test_a_slider_moves_the_neuron(python_lab):
    lab = python_lab("neuron")
    lab.slide("w", 0.75)
    lab.settle()
    assert lab.session.lab.w[0] == 5
    lab.ticks(1)
    assert lab.step == 8


def test_both_planes_have_points_to_drag(python_lab):
    lab = python_lab("neuron")
    for panel, moved in (("curve", "points"), ("ground", "w")):
        canvas = lab.canvas(panel)
        canvas.focus()
        canvas.press("n")
        before = str(getattr(lab.session.lab, moved))
        canvas.press("ArrowRight")
        lab.settle()
        assert str(getattr(lab.session.lab, moved)) != before


@pytest.mark.parametrize("width", [772, 390])
@pytest.mark.parametrize("inputs", ["one", "two"])
def test_it_fits(python_lab, width, inputs):
    lab = python_lab("neuron", width=width, values={"inputs": inputs})
    lab.ticks(3)
    for panel in ("curve", "ground", "errors"):
        assert lab.pixels(panel) > 10, panel
    assert lab.evaluate("document.documentElement.scrollWidth") == width


def test_a_refused_loss_says_why(python_lab):
    lab = python_lab("neuron", values={"activation": "tanh"})
    lab.control("loss").select_option("cross-entropy")
    lab.settle()
    assert "those of sigmoid" in lab.root.locator(".dl-message").inner_text()
