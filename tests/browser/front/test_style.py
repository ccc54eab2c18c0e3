"""The lab `style`, live: letters that are clicked, the film, the map of all letters."""

import pytest

from dlcore.labs.style_controls import CASES, SHARED, SHOTS, SQUARES
from dlcore.labs.trained import STYLE_STEPS

CHOSEN = """[...lab.root.querySelectorAll('[data-panel=film] .dl-image')]
    .findIndex(box => box.classList.contains('dl-on'))"""

WRITTEN = """(panel => {
    const texts = [], c = panel.surface.context;
    c.fillText = text => texts.push(text);
    panel.draw();
    delete c.fillText;
    return texts;
})(lab.panels.find(p => p.spec.name === 'l1'))"""


@pytest.fixture
def style(python_lab):
    return python_lab("style", height=1800)


def values(lab):
    return lab.session.lab.values


def images(lab, panel):
    return lab.root.locator(f"[data-panel={panel}] .dl-image")


def test_a_letter_of_the_text_and_a_cell_of_the_map_are_looked_at(style):
    style.root.locator("[data-panel=letters] .dl-token").nth(1).click()
    style.settle()
    assert values(style)["letter"] == style.lab("lab.values.letter") == "a"
    canvas = style.canvas("gain")
    canvas.focus()
    for key in ("ArrowDown", "ArrowRight"):
        style.keyboard.press(key)
    style.settle()
    assert (values(style)["font"], values(style)["letter"]) == ("Caladea", "b")
    assert style.lab("lab.values.font") == "Caladea"


def test_play_is_the_film_and_a_picture_of_it_leads_there(style):
    assert images(style, "film").count() == SHOTS
    assert style.lab(CHOSEN) == SHARED
    style.button("Step").click()
    style.until("lab.root.dataset.step === '1'")
    style.settle()
    assert style.lab(CHOSEN) == SHARED + 1
    images(style, "film").nth(SHOTS - 1).click()
    style.settle()
    assert style.lab(CHOSEN) == SHOTS - 1
    assert values(style)["trained"] == style.lab("lab.values.trained") == SQUARES
    caption = style.root.locator("[data-panel=line] .dl-imagecaption").nth(1).inner_text()
    assert f"{STYLE_STEPS[-1]:,} steps" in caption
    written = style.lab(WRITTEN)
    for name in ("D", "L1", "sq.", "by hand", "as it is"):
        assert any(text.startswith(name) for text in written), (
            "a line has its name beside its value"
        )


def test_a_text_is_set_as_it_is_typed(style):
    letters = style.root.locator("[data-panel=letters] .dl-token")
    style.control("text").fill("Ab é 7")
    style.until("lab.array('letters').value.length === 3")
    style.settle()
    assert letters.all_inner_texts() == ["A", "b", "7"]
    assert "1 character" in style.root.locator(".dl-findings").inner_text()
    style.control("text").fill("")
    style.until("lab.array('letters').value.length === 0")
    style.settle()
    assert letters.count() == 0


def test_where_nothing_is_true_nothing_is_compared(style):
    style.control("style").select_option("bold italic")
    style.settle()
    shown = [box.is_visible() for box in images(style, "differences").all()]
    assert not any(shown)
    assert images(style, "letter").nth(1).is_visible()


def test_every_case_is_drawn(style):
    for case in CASES:
        style.control("case").select_option(case)
        style.settle()
        assert style.pixels("line") > 4, case
        assert style.root.locator("[data-panel=notice]").inner_text().strip()


def test_axe_finds_nothing(python_lab):
    for dark in ("", "1"):
        lab = python_lab("style", height=1800, dark=dark)
        lab.settle()
        assert lab.violations() == []
