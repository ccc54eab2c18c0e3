"""The lab `pooling`, live: pointing, drawing, the gradient sent in, the image that moves."""

import numpy as np
import pytest

MAPS = ("input", "max", "mean", "da", "dx_max", "dx_mean")


def hover(lab, panel, row, column, cells):
    size = lab.canvas(panel).bounding_box()["width"] / cells
    lab.canvas(panel).hover(position={"x": (column + 0.5) * size, "y": (row + 0.5) * size})


def test_the_first_account_is_that_of_a_maximum(python_lab):
    lab = python_lab("pooling")
    assert lab.caption("sum") == "max at (1, 1): the largest of its window"
    assert lab.formula("sum").startswith("a1,1 = max(0.875, 0.0625, 0.875, 0.3125) = 0.875")


def test_every_map_explains_its_cells(python_lab):
    lab = python_lab("pooling")
    hover(lab, "mean", 0, 1, 4)
    assert lab.caption("sum") == "average at (0, 1): equal shares of its window"
    assert lab.formula("sum") == "a0,1 = 0.313 + 0.5 = 0.813"
    for panel, name in (
        ("dx_max", "max: da · 1"),
        ("input", "max: da · 1"),
        ("dx_mean", "average"),
    ):
        hover(lab, panel, 4, 2, 8)
        assert lab.caption("sum").startswith(f"dx at (4, 2), {name}")
    hover(lab, "da", 3, 0, 4)
    assert lab.caption("sum").startswith("max at (3, 0)")


@pytest.mark.parametrize("values", [{}, {"size": 3, "stride": 1}], ids=str)
def test_a_pixel_shows_what_comes_through_both(python_lab, values):
    lab = python_lab("pooling", values=values)
    frame = lab.session.lab.frame()
    u, v = np.argwhere(frame["wins"] > 0)[3]
    hover(lab, "input", u, v, 8)
    through_max, through_mean = lab.formula("sum").replace("−", "-").split(",   ")
    assert through_max.startswith(f"max: dx{u},{v} = ")
    assert through_mean.startswith(f"average: dx{u},{v} = Σ da / {values.get('size', 2) ** 2} = ")
    for text, name in ((through_max, "dx_max"), (through_mean, "dx_mean")):
        assert float(text.split("=")[-1]) == pytest.approx(frame[name][u, v], abs=6e-4)
    assert through_max.count("=") == (2 if values else 1), "one term is not written twice"


def test_the_keys_go_through_the_maxima_and_the_winner_is_outlined(python_lab):
    lab = python_lab("pooling")
    lab.canvas("max").focus()
    for key in ("ArrowRight", "ArrowUp"):
        lab.keyboard.press(key)
    assert lab.caption("sum").startswith("max at (0, 2)")
    assert "from x" in lab.formula("sum")
    before = lab.canvas("dx_max").screenshot()
    lab.keyboard.press("ArrowDown")
    lab.settle()
    assert lab.canvas("dx_max").screenshot() != before


def test_a_gradient_that_is_typed_goes_to_the_winner(python_lab):
    lab = python_lab("pooling")
    lab.canvas("da").focus()
    lab.keyboard.press("Enter")
    lab.keyboard.type("3.5")
    lab.keyboard.press("Enter")
    lab.settle()
    pooling = lab.session.lab
    assert lab.control("gradient").input_value() == "own"
    assert pooling.frame()["dx_max"].max() == 3.5
    np.testing.assert_allclose(pooling.frame()["dx_mean"][:2, :2], 0.875)


def test_steps_move_the_image_and_drawing_begins_anew(python_lab):
    lab = python_lab("pooling", values={"case": "one dot, moved"})
    for column in (5, 6, 5):
        lab.button("Step").click()
        lab.settle()
        assert lab.lab("lab.array('x').data.indexOf(1)") == 8 * 3 + column
    assert lab.step == 3
    lab.canvas("input").press("Enter")
    lab.settle()
    assert lab.step == 0
    assert lab.lab("lab.history.frames.length") == 1
    assert lab.lab("lab.array('x').data[0]") == 1


def test_bars_and_words_say_what_stayed(python_lab):
    lab = python_lab("pooling", values={"case": "one dot, moved"})
    lab.button("Step").click()
    lab.settle()
    assert lab.root.locator("[data-panel=same] dd").all_inner_texts() == ["97 %", "100 %", "100 %"]
    assert "16 of 16 maxima and 16 of 16 averages" in lab.root.locator(".dl-twin").inner_text()


@pytest.mark.parametrize(("width", "columns"), [(772, 3), (390, 2)])
def test_three_maps_stand_side_by_side_and_two_on_a_phone(python_lab, width, columns):
    lab = python_lab("pooling", width=width)
    lefts = {round(lab.canvas(panel).bounding_box()["x"]) for panel in MAPS}
    assert len(lefts) == columns
