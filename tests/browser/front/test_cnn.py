"""The lab `cnn`, live: a digit is drawn and read, maps are pointed at, wrong answers shown."""

from itertools import pairwise

import pytest

SMALL = {"kernels_1": 3, "kernels_2": 4}
STROKE = [(2.2, 1), (4, 0.6), (5.4, 1.4), (5, 3), (3.8, 3.8), (5.3, 4.6), (5.2, 6.6), (2, 7)]


def text(lab):
    return lab.root.locator(".dl-twin").inner_text()


def draw(lab, places):
    lab.canvas("pad").scroll_into_view_if_needed()
    box = lab.canvas("pad").bounding_box()
    cell = box["width"] / 8
    x, y = places[0]
    lab.mouse.move(box["x"] + x * cell, box["y"] + y * cell)
    lab.mouse.down()
    for x, y in places[1:]:
        lab.mouse.move(box["x"] + x * cell, box["y"] + y * cell, steps=5)
    lab.mouse.up()
    lab.settle()


def test_it_trains_and_every_panel_is_drawn(python_lab):
    lab = python_lab("cnn")
    lab.ticks(8)
    assert lab.step >= 8
    assert lab.data("state") == "live"
    panels = "pad saliency net loss accuracy norms shifted errors shots"
    for panel in panels.split():
        assert lab.pixels(panel) > 8, panel
    rows = lab.root.locator("[data-panel=earned] tbody tr").all_inner_texts()
    assert [row.split("\t")[0] for row in rows] == ["this network", "dense net"]


@pytest.mark.parametrize("width", [772, 390])
@pytest.mark.parametrize("values", [{}, {"pooling": "none", "size": 5}, SMALL], ids=str)
def test_the_whole_network_fits(python_lab, width, values):
    lab = python_lab("cnn", width=width, values=values)
    lab.settle()
    boxes = lab.part("net", "layout.placed.map(g => g.boxes)")
    size = lab.canvas("net").bounding_box()
    columns = 9 if values.get("pooling") != "none" else 7
    assert len(boxes) == columns
    every = [box for group in boxes for box in group]
    assert min(box["size"] for box in every) >= 6
    assert min(box["x"] for box in every) >= 0
    assert max(box["x"] + box["w"] for box in every) <= size["width"]
    assert max(box["y"] + box["h"] for box in every) <= size["height"]
    for one, other in pairwise(every):
        apart = one["x"] + one["w"] <= other["x"] or one["y"] + one["h"] <= other["y"]
        assert apart or other["y"] + other["h"] <= one["y"], "tiles do not overlap"
    assert lab.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("width", [560, 640, 772])
@pytest.mark.parametrize("values", [{}, {"kernels_2": 16, "pooling": "average"}], ids=str)
def test_the_names_of_the_groups_stand_apart(python_lab, width, values):
    lab = python_lab("cnn", width=width, values=values)
    lab.root.get_by_role("button", name="gradients").click()
    lab.settle()
    net = "lab.panels.find(p => p.spec.name === 'net')"
    names = lab.lab(
        f"{net}.groups.map((g, k) => ({{ at: {net}.layout.placed[k].label, "
        f"width: {net}.surface.context.measureText('∂ ' + g.spec.label).width }}))"
    )
    assert len(names) == 9
    for one, other in pairwise(names):
        (x, y), (next_x, next_y) = one["at"], other["at"]
        assert x + one["width"] + 4 <= next_x or next_y >= y + 14


def test_a_drawn_digit_is_read_at_once(python_lab):
    lab = python_lab("cnn")
    lab.session.lab.run(200)
    lab.ticks(1)
    lab.button("clear").click()
    lab.settle()
    assert "The pad is empty" in text(lab)
    assert lab.control("picture").input_value() == "my drawing"
    draw(lab, STROKE)
    assert "It reads your drawing as 3" in text(lab)
    bars = lab.root.locator("[data-panel=answer] dd").all_inner_texts()
    shares = [int(bar.split()[0]) for bar in bars]
    assert shares.index(max(shares)) == 3
    assert lab.root.locator("[data-panel=answer] .dl-marked").count() == 0
    lab.control("drawn").select_option("5")
    lab.settle()
    assert "The 5 that is shown is read as 3" in text(lab)
    assert lab.root.locator("[data-panel=answer] .dl-marked").inner_text().startswith("5")


def test_a_drawing_is_erased_and_begun_by_the_keyboard(python_lab):
    lab = python_lab("cnn", values=SMALL)
    ink = "lab.array('pad').data.reduce((a, b) => a + b, 0)"
    before = lab.lab(ink)
    lab.button("erase").click()
    assert lab.button("erase").get_attribute("aria-pressed") == "true"
    draw(lab, [(0, 0), (8, 8)])
    assert lab.lab(ink) < before - 2
    assert lab.control("drawn").input_value() == "4", "it was begun on a 4"
    lab.button("clear").click()
    lab.settle()
    lab.canvas("pad").focus()
    for key in ["ArrowLeft", "ArrowUp"] * 7:
        lab.keyboard.press(key)
    for key in ("ArrowRight", "ArrowDown", "Enter", "ArrowDown", "Enter", "ArrowDown", "-", "+"):
        lab.keyboard.press(key)
        lab.settle()
    assert lab.lab(ink) == 3
    assert lab.lab("lab.array('pad').data[9]") == 1


def test_a_map_is_pointed_at_and_its_gradient_shown(python_lab):
    lab = python_lab("cnn", values=SMALL)
    lab.ticks(3)
    lab.canvas("net").focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowDown", "ArrowRight", "ArrowRight"):
        lab.keyboard.press(key)
    lab.until("lab.dirty.size === 0")
    assert lab.caption("numbers") == "map 4 of layer 2"
    lines = lab.root.locator("[data-panel=numbers] .dl-formula p").all_inner_texts()
    assert "27 weights, used at all 16 places" in lines[0]
    pixels = lab.pixels("net")
    lab.button("gradients").click()
    lab.until("lab.dirty.size === 0")
    assert lab.pixels("net") != pixels
    described = lab.part("net", "describe()")
    assert "gradients: x: 1 of 8 by 8" in described
    numbers = lab.part("net", "numbers()")
    assert len(numbers["rows"]) == 4
    lab.keyboard.press("Escape")
    lab.until("lab.dirty.size === 0")
    assert lab.caption("numbers") == "its numbers"


def test_kernels_stand_for_the_map_they_make(python_lab):
    lab = python_lab("cnn", values=SMALL)
    net = "lab.panels.find(p => p.spec.name === 'net')"
    box = lab.lab(f"{net}.layout.placed[4].boxes[1]")
    where = {"x": box["x"] + box["w"] / 2, "y": box["y"] + box["h"] / 2}
    lab.canvas("net").hover(position=where)
    lab.until("lab.selections.get('map') !== null && lab.dirty.size === 0")
    assert lab.caption("numbers") == "map 2 of layer 2"
    kernels = [lab.lab(f"{net}.kernelsOf({g})") for g in range(9)]
    assert kernels == [-1, -1, 1, 1, -1, 4, 4, -1, 7], "of maps, pooled or not, and of the logits"


def test_a_cell_of_the_matrix_shows_its_digits_and_one_of_them_is_shown(python_lab):
    lab = python_lab("cnn", values=SMALL)
    lab.ticks(4)
    assert "wrong answers to 450 test digits" in lab.caption("shots")
    assert lab.lab("[lab.selections.get('truth'), lab.selections.get('said')]") == [None, None]
    counts = lab.lab("[...lab.array('counts').data]")
    wrong = [(n, k) for k, n in enumerate(counts) if k // 10 != k % 10]
    n, k = max(wrong)
    truth, said = divmod(k, 10)
    grid = lab.part("errors", "grid")
    where = {
        "x": grid["left"] + (said + 0.5) * grid["cw"],
        "y": grid["top"] + (truth + 0.5) * grid["ch"],
    }
    lab.canvas("errors").click(position=where)
    lab.settle()
    assert f"{truth} read as {said}: {int(n)} of " in lab.caption("shots")
    lab.mouse.move(1, 1)
    lab.settle()
    assert f"read as {said}: " in lab.caption("shots"), "a click pins"
    images = lab.root.locator("[data-panel=shots] .dl-image")
    assert images.filter(visible=True).count() == min(int(n), 24)
    images.first.focus()
    for _ in range(30):
        lab.keyboard.press("ArrowRight")
    assert lab.chosen("shot") == min(int(n), 24) - 1, "it ends where images end"
    images.first.click()
    lab.settle()
    assert lab.session.lab.values["digit"] == lab.session.lab.shots[0]
    assert float(lab.control("digit").input_value()) == lab.session.lab.shots[0]
    lab.canvas("errors").focus()
    lab.keyboard.press("Escape")
    lab.settle()
    assert "wrong answers to 450" in lab.caption("shots")


def test_pointing_at_the_matrix_wakes_nobody_while_it_is_not_live(python_lab):
    lab = python_lab("cnn", values=SMALL)
    lab.lab("(lab.hostState = 'recorded')")
    lab.canvas("errors").hover(position={"x": 120, "y": 120})
    lab.until("lab.selections.get('said') !== null && lab.dirty.size === 0")
    assert lab.sent("event") == []


def test_it_keeps_its_size_while_it_runs(python_lab):
    lab = python_lab("cnn", values=SMALL)
    heights = set()
    for _ in range(12):
        lab.ticks(1, steps=16)
        lab.settle()
        heights.add(lab.lab("lab.root.querySelector('.dl-panels').offsetHeight"))
    assert len(heights) == 1


def test_between_a_set_up_and_its_first_frame_pointing_breaks_nothing(python_lab):
    """A new run may have other maps; until they are here, the old ones stay in sight."""
    lab = python_lab("cnn")
    lab.ticks(2)
    lab.lab("lab.onSetup({ lab: lab.spec, seed: 1, values: lab.values }, lab.statics)")
    lab.lab("lab.selections.point('tile', 3)")
    lab.lab("lab.invalidate()")
    lab.root.locator("summary", has_text="In words").click()
    lab.evaluate("new Promise(done => setTimeout(done, 200))")
    assert lab.data("state") == "live"
    lab.ticks(1)
    assert lab.data("state") == "live"
    assert lab.pixels("net") > 8
