"""The lab `detector`, live: boxes on a picture, cells to choose, a canvas to arrange."""

import pytest

from dlcore.labs.detector_controls import CASES, OWN
from dlcore.labs.detector_panels import SUPPRESSED

PICTURE = "c => c.toDataURL()"


@pytest.fixture
def lab(python_lab):
    return python_lab("detector", height=1400)


def words(lab, panel):
    lab.root.locator("summary", has_text="In words").click()
    return lab.root.locator(".dl-words").get_by_text(panel).first.inner_text()


def test_everything_is_drawn(lab):
    for panel in ("canvas", "scores", "curve", "gradient"):
        assert lab.pixels(panel) > 8, panel
    assert lab.root.locator("[data-panel=cell] tbody tr").count() == 15


def test_a_step_is_a_step_of_the_reading(lab):
    seen = set()
    for k in range(4):
        lab.button("Step").click()
        lab.until(f"lab.root.dataset.step === '{k + 1}'")
        lab.settle()
        seen.add(lab.canvas("canvas").evaluate(PICTURE))
    assert len(seen) == 4


def test_moving_the_least_score_moves_the_point_and_the_boxes(lab):
    before = [lab.canvas(name).evaluate(PICTURE) for name in ("canvas", "curve")]
    lab.slide("score", 0.0)
    lab.settle()
    after = [lab.canvas(name).evaluate(PICTURE) for name in ("canvas", "curve")]
    assert all(p != q for p, q in zip(before, after, strict=True))
    assert lab.session.lab.values["score"] == 0.01


def test_a_cell_is_chosen_by_mouse_and_by_keys(lab):
    box = lab.canvas("scores").bounding_box()
    lab.mouse.click(box["x"] + box["width"] * 0.9, box["y"] + box["height"] * 0.1)
    lab.settle()
    assert lab.session.lab.cell() == (0, 5)
    about = lab.root.locator("[data-panel=about_cell] .dl-formula p").first
    assert about.inner_text().startswith("cell in row 1, column 6")
    lab.mouse.move(0, 0)
    canvas = lab.canvas("scores")
    canvas.focus()
    canvas.press("ArrowDown")
    canvas.press("ArrowLeft")
    lab.settle()
    assert lab.session.lab.cell() == (1, 4)


def test_y_runs_downwards(lab):
    top, bottom = lab.place("canvas", 0, 0)[1], lab.place("canvas", 0, 48)[1]
    assert bottom - top > 100
    ticks = lab.part("canvas", "frame.ticksUp().map(t => t[0])")
    assert ticks == [0, 20, 40]


def test_the_words_count_boxes_by_what_became_of_them(lab):
    lab.control("case").select_option("one digit found twice")
    lab.settle()
    lab.slide("overlap", 0.0)
    lab.settle()
    said = words(lab, "the canvas and its boxes")
    n = int((lab.session.lab.frame()["kinds"] == SUPPRESSED).sum())
    assert f"{n} box{'es' if n > 1 else ''} suppressed" in said
    assert "true" in said


def test_pieces_are_added_dragged_and_removed(lab):
    lab.control("picture").select_option(OWN)
    lab.until("lab.values.picture === 'your own' && lab.panels[0].spec.drag === 'pieces'")
    lab.settle()
    lab.control("piece").select_option("7")
    lab.settle()
    lab.mouse.click(*lab.place("canvas", 9, 41))
    lab.settle()
    own = lab.session.lab.own
    assert [piece[0] for piece in own.pieces] == ["9", "4", "scrap", "7"]
    x, y = own.pieces[3][3:]
    lab.drag("canvas", (x, y), (38, 40))
    assert own.pieces[3][3:] == pytest.approx((38, 37), abs=4)
    canvas = lab.canvas("canvas")
    canvas.focus()
    before = own.pieces[0][4]
    for key in ("n", "n", "ArrowDown", "ArrowDown", "ArrowDown"):
        canvas.press(key)
        lab.settle()
    moved = [k for k, piece in enumerate(own.pieces) if piece[4] > before] or own.pieces
    assert moved
    canvas.press("Delete")
    lab.settle()
    assert len(own.pieces) == 3
    lab.root.get_by_role("button", name="Clear points").click()
    lab.settle()
    assert own.pieces == []


def test_many_moves_one_after_the_other(lab):
    for k, case in enumerate([*CASES, *CASES]):
        lab.control("case").select_option(case)
        lab.slide("score", (k % 5) / 5)
        lab.slide("overlap", (k % 3) / 3)
        lab.slide("iou", (k % 4) / 4)
        lab.button("Step").click()
    lab.settle()
    assert lab.data("state") == "live"
