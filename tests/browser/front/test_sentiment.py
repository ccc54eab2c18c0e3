"""The lab `sentiment`, live: typing, the words as rows and as places, the units of the LSTM."""

from itertools import pairwise

import pytest

ODD = "Don't <b>miss</b> “it”, c’est “né” 好吃 🙂 — NOT bad_at_all!!! 10/10"


def rows(lab):
    return lab.root.locator("[data-panel=effects] tbody tr")


def names(lab):
    return rows(lab).locator("th").all_inner_texts()


def said(lab, panel):
    text = lab.root.locator(f"[data-panel={panel}] .dl-formula").inner_text()
    return text.replace("\u00a0", " ")


def test_it_answers_while_one_types(python_lab):
    lab = python_lab("sentiment")
    box = lab.control("text")
    box.fill("")
    lab.settle()
    assert names(lab) == ["(no word)"]
    for n, typed in enumerate(["not ", "very ", "good"], start=1):
        box.press("End")
        lab.keyboard.type(typed)
        lab.settle()
        assert names(lab) == ["not", "very", "good"][:n]
    assert box.input_value() == "not very good"
    assert "LSTM: 11 % praise" in said(lab, "verdicts")
    box.evaluate("input => input.setSelectionRange(4, 4)")
    for letter in "so ":
        lab.keyboard.type(letter)
        lab.settle()
    assert box.input_value() == "not so very good", "the caret stays where one writes"
    box.press("End")
    for _ in range(17):
        lab.keyboard.press("Backspace")
    lab.settle()
    assert (box.input_value(), names(lab)) == ("", ["(no word)"])
    assert lab.step == 0


def test_many_moves_odd_signs_and_a_page_of_text_leave_it_whole(python_lab):
    lab = python_lab("sentiment")
    for k in range(40):
        lab.control("text").fill("no good " * (k % 5) + ODD[: 2 * k])
        if k % 8 == 0:
            lab.button("Step").click()
    lab.settle()
    assert lab.session.lab.values["text"] == lab.control("text").input_value()
    lab.control("text").fill(ODD)
    lab.settle()
    assert names(lab)[:3] == ["don't", "b", "miss ?"]
    assert "10" in names(lab)[-1]
    lab.control("text").fill("a very good film " * 75)
    lab.settle()
    assert rows(lab).count() == 60
    assert "60 of 300 words are read" in lab.root.inner_text()
    lab.control("order").select_option("shuffled")
    lab.settle()
    assert lab.data("state") == "live"


def test_a_word_is_chosen_by_mouse_and_keys_in_every_panel(python_lab):
    lab = python_lab("sentiment")
    assert lab.chosen("t") == 9, "the last one, until the reader chooses"
    rows(lab).nth(3).locator("button").click()
    lab.settle()
    assert lab.chosen("t") == 3
    caption = lab.root.locator("[data-panel=about] .dl-cap")
    assert caption.inner_text() == "the word, great"
    assert said(lab, "about").startswith("“great” takes the LSTM from 34 % to 99 %.")
    for key, expected in (("ArrowDown", 4), ("ArrowUp", 3), ("ArrowUp", 2)):
        lab.keyboard.press(key)
        lab.settle()
        assert lab.chosen("t") == expected
    assert rows(lab).nth(2).get_attribute("class") == "dl-on"
    lab.mouse.move(0, 0)
    lab.canvas("tiles").focus()
    lab.keyboard.press("ArrowRight")
    lab.keyboard.press("ArrowDown")
    lab.settle()
    assert lab.chosen("t") == 3
    assert lab.root.locator("[data-panel=unit] .dl-cap").inner_text() == "unit 4 over the words"
    assert lab.canvas("unit").get_attribute("aria-label").startswith("unit 4 over the words; left")
    lab.canvas("verdict").press("Escape")
    assert lab.chosen("t") == 9


def test_steps_read_on_and_keep_the_word_in_sight(python_lab):
    lab = python_lab("sentiment", values={"text": "so " * 20 + "good"})
    inside = """(() => {
        const [box, row] = ['.dl-scroll', '.dl-on'].map(
            name => document.querySelector(`[data-panel=effects] ${name}`).getBoundingClientRect());
        return row.top >= box.top && row.bottom <= box.bottom + 1;
    })()"""
    for _ in range(21):
        lab.button("Step").click()
        lab.settle()
        assert lab.lab(inside)
    assert (lab.step, lab.chosen("t")) == (21, 20)


@pytest.mark.parametrize("width", [772, 390])
def test_words_on_the_axis_do_not_touch_and_nothing_is_wider_than_the_page(python_lab, width):
    lab = python_lab("sentiment", width=width, values={"text": "incomprehensibilities are " * 12})
    assert lab.evaluate("document.documentElement.scrollWidth") == width
    written = lab.canvas("verdict").evaluate(
        """canvas => {
            const { panels } = document.querySelector('.dl')._lab;
            const panel = panels.find(p => p.spec.name === 'verdict');
            const c = canvas.getContext('2d'), found = [], plain = c.fillText;
            c.fillText = (text, x) => found.push([text, x - c.measureText(text).width / 2,
                                                   x + c.measureText(text).width / 2]);
            panel.drawTokens(c, panel.lab.array('words').value, 0);
            c.fillText = plain;
            return found;
        }"""
    )
    assert 2 <= len(written) < 24
    for (_, _, end), (_, start, _) in pairwise(written):
        assert start >= end
    assert written[-1][0].startswith("are"), "the chosen one is there"


def test_it_is_there_in_words(python_lab):
    lab = python_lab("sentiment")
    lab.ticks(1, 4)
    lab.button("Audit").click()
    lab.root.get_by_text("central differences agree").wait_for()
    lab.root.locator("summary", has_text="In words").click()
    lab.root.get_by_text("what each word does to the logit: great").wait_for()
    words = lab.root.locator(".dl-words").inner_text()
    assert "great: as it comes +5.49, at the end +3.03" in words
    assert "they disagree" in lab.root.inner_text()
