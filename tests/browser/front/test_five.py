"""The lab `five`, live: all five at once, their troubles, their mistakes."""

from dlcore.labs.five_controls import BOTH, START, WORK

PANELS = ("by_step", "by_cost", "wrong", "hangs", "norms", "due", "distance", "given", "fakes")
QUICK = {"budget": 1000, "n": 200}


def test_all_five_learn_and_all_is_drawn(python_lab):
    lab = python_lab("five", values=QUICK)
    lab.button("Play").click()
    lab.until("lab.shown.step > 40", timeout=8000)
    lab.button("Pause").click()
    lab.settle()
    for name in PANELS:
        assert lab.pixels(name) > 4, name
    board = lab.panel("board").inner_text()
    assert all(f"{100 * share:.1f}\u00a0%" in board for share in lab.session.lab.look.new)
    assert f"{lab.session.lab.look.kinds} kind" in board


def test_a_tap_on_wrong_answers_shows_them(python_lab):
    lab = python_lab("five", values=QUICK)
    lab.ticks(2, 8)
    lab.settle()
    assert lab.panel("shots").inner_text().startswith("CNN: ")
    lab.canvas("wrong").scroll_into_view_if_needed()
    box = lab.canvas("wrong").bounding_box()
    grid = lab.part("wrong", "grid")
    x, y = grid["left"] + 2.5 * grid["cw"], grid["top"] + 8.5 * grid["ch"]
    lab.mouse.click(box["x"] + x, box["y"] + y)
    lab.settle()
    assert lab.session.lab.cell == (2, 8)
    heading = lab.panel("shots").inner_text()
    assert heading.startswith("RNN: ")
    assert "wrong answers to an 8" in heading
    lab.keyboard.press("ArrowLeft")
    lab.settle()
    assert lab.panel("shots").inner_text().startswith("CNN: ")
    assert lab.session.lab.cell == (1, 8)


def test_troubles_are_seen_in_the_digits_that_are_given(python_lab):
    lab = python_lab("five", values=QUICK)
    before = lab.lab("[...lab.array('given').data]")
    lab.control("case").select_option(BOTH)
    lab.until(f"lab.values.case === {BOTH!r} && lab.values.shuffle && lab.values.shift === 1")
    lab.settle()
    assert lab.lab("[...lab.array('given').data]") != before
    lab.control("case").select_option(START)
    lab.until("!lab.values.shuffle && lab.values.shift === 0")
    lab.settle()
    assert lab.lab("[...lab.array('given').data]") == before
    assert not lab.control("work").is_visible()
    lab.control("equal").select_option(WORK)
    lab.until("lab.values.equal === 'multiply-adds'")
    assert lab.control("work").is_visible()
    assert not lab.control("budget").is_visible()
