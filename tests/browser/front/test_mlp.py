"""The first lab, live: the front end in a real browser, `dlcore.labs` in this process."""

import pytest

BIG = {"layers": 6, "x1_sq": True, "x2_sq": True, "x1x2": True, "sin_x1": True, "sin_x2": True}


def test_it_trains(python_lab):
    lab = python_lab()
    lab.ticks(12)
    assert lab.step == 96
    assert lab.data("state") == "live"
    for panel in ("net", "plane", "loss", "norms", "hist"):
        assert lab.pixels(panel) > 20, panel


@pytest.mark.parametrize("width", [772, 390])
def test_the_largest_network_fits_and_can_be_read(python_lab, width):
    lab = python_lab(values=BIG, width=width)
    boxes = lab.lab("lab.panels[0].placed.boxes")
    size = lab.canvas("net").bounding_box()
    assert len(boxes) == 7 + 6 * 8 + 1
    assert min(b["size"] for b in boxes) >= 19
    assert min(b["x"] for b in boxes) >= 0
    assert max(b["x"] + b["size"] for b in boxes) <= size["width"]
    assert max(b["y"] + b["size"] for b in boxes) <= size["height"]
    assert lab.evaluate("document.documentElement.scrollWidth") == width


def test_controls_change_the_network(python_lab):
    lab = python_lab()
    lab.control("layers").focus()
    lab.keyboard.press("ArrowRight")
    lab.settle()
    assert lab.lab("lab.panels[0].sizes") == [2, 8, 8, 8, 1]
    lab.control("x1x2").check()
    lab.settle()
    assert lab.lab("lab.panels[0].sizes[0]") == 3
    lab.control("seed").fill("7")
    lab.control("seed").press("Enter")
    lab.until("lab.seed === 7")
    lab.settle()
    assert lab.session.lab.seed == 7


def test_the_last_input_feature_is_refused(python_lab):
    lab = python_lab()
    lab.control("x1").uncheck()
    lab.settle()
    lab.control("x2").click()
    lab.settle()
    assert "at least one must stay on" in lab.root.locator(".dl-message").inner_text()
    assert lab.control("x2").is_checked()


def test_own_points_are_clicked_into_the_plane(python_lab):
    lab = python_lab(values={"data": "own"})
    for k in range(4):
        lab.canvas("plane").click(position={"x": 60 + 40 * k, "y": 80})
        lab.settle()
    assert len(lab.session.lab.x) == 4
    lab.ticks(2)
    assert lab.step == 16
    lab.button("Clear points").click()
    lab.settle()
    assert len(lab.session.lab.x) == 0


def test_a_wild_rate_diverges_and_reset_leaves_it(python_lab):
    lab = python_lab(
        values={"optimizer": "sgd", "alpha": 10, "init": "large", "activation": "identity"}
    )
    for _ in range(20):
        lab.ticks(1, steps=64)
        if lab.data("state") == "diverged":
            break
    assert lab.data("state") == "diverged"
    assert lab.root.locator(".dl-finding[data-level=bad]").count() >= 1
    lab.button("Reset").click()
    lab.until("lab.root.dataset.state === 'live'")


def test_audit_and_code_are_there(python_lab):
    lab = python_lab()
    lab.ticks(2)
    lab.button("Audit").click()
    lab.root.locator(".dl-part table").wait_for()
    lab.button("Copy as code").click()
    lab.get_by_text("import dlcore").or_(lab.get_by_text("from dlcore")).first.wait_for()
