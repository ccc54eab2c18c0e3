"""The lab `char-rnn`, live: names that get better, a text that is typed, picked letters."""

import numpy as np
import pytest

from dlcore.labs.char_rnn_controls import CASES

ROWS = 3  # below the letters: p(next), gradient, swap


def lines_of(lab, name):
    return lab.root.locator(f"[data-panel={name}] .dl-formula p").all_inner_texts()


def heights(lab, row):
    """Of the bars of a row below the letters, in percent."""
    bars = lab.root.locator("[data-panel=reading] .dl-barcell b")
    every = bars.evaluate_all("bars => bars.map(b => parseFloat(b.style.height))")
    n = len(every) // ROWS
    return every[row * n : (row + 1) * n]


def letters(lab):
    return lab.root.locator(".dl-token").all_inner_texts()


def following(lab):
    """(letter that is marked as the next one, the percentages of all)."""
    marked = lab.root.locator("[data-panel=following] .dl-marked span").first.inner_text()
    return marked, lab.root.locator("[data-panel=following] dd b").all_inner_texts()


def test_names_get_better_with_the_same_dice(python_lab):
    lab = python_lab("char-rnn", values={"hidden": 16})
    rows = lab.root.locator("[data-panel=written] tbody tr")
    assert rows.count() == 12
    before = rows.first.inner_text()
    lab.ticks(4, 20)
    lab.settle()
    assert rows.first.inner_text() != before
    kinds = ("new", "no name has", "copied", "a real one")
    assert all(any(kind in text for kind in kinds) for text in rows.all_inner_texts())
    for name in ("loss", "shares", "back", "h", "trace", "norms"):
        assert lab.pixels(name) > 4, name


def test_a_letter_that_is_picked_is_what_all_panels_speak_of(python_lab):
    lab = python_lab("char-rnn", values={"hidden": 16})
    lab.ticks(2, 20)
    frame = lab.session.lab.frame()
    token = lab.root.locator(".dl-token")
    for t, marked in ((4, "u"), (5, "e"), (9, "e"), (10, "·"), (0, "j")):
        token.nth(t).click()
        lab.settle()
        assert following(lab)[0] == marked
        assert following(lab)[1][5] == f"{round(100 * float(frame['p'][t, 5]))} %"
        for row, name, height in ((1, "gradient", 100), (2, "exchanged", 50)):
            shown = height * np.abs(frame[name][t]) / frame[f"{name}_most"][t]
            assert heights(lab, row) == pytest.approx(shown.tolist(), abs=0.1)
        assert lines_of(lab, "about")[0].startswith(f"After “{'·jacqueline'[: t + 1]}” it expects")
    assert lab.caption("about") == "your pick, “·”"


def test_arrow_keys_walk_along_the_text(python_lab):
    lab = python_lab("char-rnn", values={"hidden": 8})
    assert lab.chosen("t") == 5, "the u of the usual text"
    lab.root.locator(".dl-token").first.focus()
    for t in (6, 7, 8):
        lab.keyboard.press("ArrowRight")
        lab.settle()
        assert lab.chosen("t") == t
        assert lab.root.locator(".dl-token.dl-on").inner_text() == "jacqueline"[t - 1]


def test_a_unit_is_traced_along_the_text(python_lab):
    lab = python_lab("char-rnn", values={"hidden": 8})
    lab.canvas("h").focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight"):
        lab.keyboard.press(key)
    lab.settle()
    assert lab.caption("trace") == lab.caption("unit") == "unit 3"
    assert lines_of(lab, "unit")[0].startswith("highest after")
    assert lab.chosen("t") == 6


def test_columns_of_the_text_and_of_its_panels_are_the_same_letter(python_lab):
    lab = python_lab("char-rnn", values={"hidden": 8})
    tokens = lab.root.locator(".dl-token")
    for t in (0, 5, 10):
        box = tokens.nth(t).bounding_box()
        left = lab.canvas("trace").bounding_box()["x"]
        x = lab.part("trace", f"px({t})")
        assert left + x == pytest.approx(box["x"] + box["width"] / 2, abs=1)


def test_a_text_is_read_while_it_is_typed(python_lab):
    lab = python_lab("char-rnn", values={"hidden": 8})
    lab.ticks(1, 3)
    text = lab.control("text")
    text.fill("")
    for typed, read in (("Z", "·z"), ("Zo", "·zo"), ("Zoë", "·zoe"), ("Zoë-3", "·zoe")):
        text.press_sequentially(typed[-2:] if typed.endswith("-3") else typed[-1])
        lab.until(f"lab.values.text === {typed!r}")
        lab.settle()
        assert "".join(letters(lab)) == read
    assert lab.step == 3, "the run goes on"
    assert "no letters a to z, “-” “3”" in lab.root.locator(".dl-doctor").inner_text()
    lab.lab("lab.selections.pin('t', 3)")
    text.fill("a")
    lab.settle()
    assert letters(lab) == ["·", "a"]
    assert lab.chosen("t") == 3, "beyond the text: then its last letter counts"
    assert following(lab)[0] == "·"
    text.fill("")
    lab.settle()
    assert letters(lab) == ["·"]


def test_many_moves_in_a_row(python_lab):
    lab = python_lab("char-rnn", values={"hidden": 8})
    lab.button("Play").click()
    for k, case in enumerate([*CASES][::2]):
        lab.control("case").select_option(case)
        lab.until(f"lab.values.case === {case!r}")
        lab.slide("hidden", 0.2)
        lab.slide("temperature", k / 10)
        lab.control("text").fill("anna-maria"[: k + 1])
        lab.control("asked").select_option("the likeliest" if k % 2 else "a")
        lab.root.locator(".dl-token").first.hover()
        lab.control("cell").select_option(("GRU", "LSTM", "RNN")[k % 3])
    lab.button("Pause").click()
    lab.settle()
    assert lab.data("state") == "live"
    lab.button("Reset").click()
    lab.until("lab.root.dataset.step === '0'")


def test_it_is_there_in_words(python_lab):
    lab = python_lab("char-rnn", values={"hidden": 8, "text": "al"})
    lab.lab("lab.selections.pin('t', 1)")
    lab.root.locator("summary", has_text="In words").click()
    lab.root.get_by_text("your pick, “a”: After “·a”").wait_for()
    words = lab.root.locator(".dl-words").inner_text()
    assert "your text: pick a letter: · a l." in words
    assert "what it expects next" in words
    assert "l is right" in words


def test_a_choice_that_is_not_there_any_more_is_none(python_lab):
    """A shorter text, fewer units: what was pinned beyond them is not read from other places."""
    lab = python_lab("char-rnn", values={"hidden": 8, "text": "al"})
    lab.lab("[lab.selections.pin('t', 9), lab.selections.pin('unit', 20)]")
    lab.root.locator("summary", has_text="In words").click()
    lab.settle()
    lab.root.get_by_text("h: nothing yet").wait_for()
    words = lab.root.inner_text()
    assert "undefined" not in words
    assert "the chosen cell" not in words
    assert lab.caption("unit") == "what its units follow"
