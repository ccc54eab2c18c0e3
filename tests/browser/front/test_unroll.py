"""The lab `unroll`, live: the unrolled graph, sums over ticks, and the grids that are edited."""

import pytest

WIDEST = {"length": 6, "hidden": 3, "inputs": 2, "where": "every tick"}


def formula(lab):
    return lab.part("formula", "describe()")


def test_steps_go_through_time_and_back(python_lab):
    lab = python_lab("unroll")
    marked = lab.root.locator(".dl-stagename[aria-current=step]")
    lab.button("Step").click()
    lab.settle()
    assert marked.inner_text() == "tick 1"
    for name, step in (("loss", 5), ("back 4", 6), ("back 1", 9), ("update", 10), ("tick 1", 11)):
        lab.button(name).click()
        lab.until(f"lab.shown.step === {step}")
    lab.settle()
    assert marked.inner_text() == "tick 1"


@pytest.mark.parametrize("width", [772, 390])
@pytest.mark.parametrize("values", [{}, {"hidden": 1, "length": 6}, WIDEST], ids=str)
def test_nothing_of_the_graph_leaves_it_or_covers_another(python_lab, width, values):
    lab = python_lab("unroll", width=width, values=values)
    lab.ticks(1, 10)
    placed, box = lab.part("graph", "placed"), lab.part("graph", "box")
    size, places = lab.canvas("graph").bounding_box(), lab.part("graph", "placed.places")
    for k, p in enumerate(places):
        assert box["width"] / 2 <= p["x"] <= size["width"] - box["width"] / 2
        assert box["height"] / 2 <= p["y"] <= size["height"] - box["height"] / 2
        for q in places[:k]:
            beside = abs(p["x"] - q["x"]) >= box["width"] - 1
            assert beside or abs(p["y"] - q["y"]) >= box["height"]
    numbered = values != WIDEST
    assert bool(lab.part("graph", "spec.edge_lines")) == numbered
    in_words = len(places) + len(lab.session.lab.frame()["W"]) * numbered
    assert lab.part("graph", "numbers().rows.length") == in_words
    for k, (x, y) in enumerate(placed["labels"] if numbered else []):
        for u, v in placed["labels"][:k]:
            assert abs(x - u) >= 34 or abs(y - v) >= 13
    assert lab.evaluate("document.documentElement.scrollWidth") == width


def test_an_edge_leaves_and_enters_its_nodes_at_their_sides(python_lab):
    lab = python_lab("unroll", values={"hidden": 1, "length": 3})
    ends, places, box = (
        lab.part("graph", what) for what in ("placed.ends", "placed.places", "box")
    )
    names = lab.part("graph", "spec.names")
    at = {name: places[k] for k, name in enumerate(names)}
    one, two, x = at["tick 1, unit 1"], at["tick 2, unit 1"], at["tick 2, input 1"]
    half = box["width"] / 2, box["height"] / 2
    assert ends[1] == [one["x"] + half[0], one["y"], two["x"] - half[0], two["y"]]
    assert ends[4] == [x["x"], x["y"] - half[1], two["x"] - half[0], two["y"]]
    last, J = at["tick 3, unit 1"], at["tick 3, loss"]
    assert ends[6] == [last["x"], last["y"] - half[1], J["x"], J["y"] + half[1]]


def test_nodes_edges_and_cells_are_chosen_by_mouse_and_keys(python_lab):
    lab = python_lab("unroll")
    lab.ticks(1, 10)
    k = lab.part("graph", "spec.names").index("tick 2, unit 1")
    lab.canvas("graph").click(position=lab.part("graph", "placed.places")[k])
    assert lab.chosen("part") == k
    assert formula(lab).startswith("tick 2, unit 1: z2 = ")
    nodes = len(lab.part("graph", "spec.names"))
    lab.canvas("adds").focus()
    lab.canvas("adds").press("ArrowRight")
    assert lab.chosen("part") >= nodes
    lab.lab(f"lab.selections.pin('part', {nodes + 2})")  # the first weight, at tick 3
    assert "weight from tick 2, unit 1 to tick 3, unit 1" in formula(lab)
    assert "over all ticks: dw11^hh = 0 − 0.353 + 0.346 + 0.19 = 0.184" in lab.part(
        "formula", "describe()"
    )
    lab.canvas("graph").press("Escape")
    assert lab.chosen("part") is None


def test_inputs_and_weights_are_typed_into_their_grids(python_lab):
    lab = python_lab("unroll")
    lab.ticks(1, 3)
    lab.canvas("x").focus()
    lab.canvas("x").press("ArrowRight")
    lab.canvas("x").press("5")
    lab.keyboard.press("Enter")
    lab.until("lab.values.x === 'own'")
    lab.settle()
    assert lab.step == 3
    assert lab.session.lab.x[:, 0].tolist() == [1, 4, 0, 0]
    lab.canvas("W_hh").focus()
    lab.canvas("W_hh").press("+")
    lab.until("lab.values.weights === 'own' && lab.shown.step === 0")
    assert lab.session.lab.cell.params["W_hh"][0, 0] == pytest.approx(-1.12 + 0.25)


def test_truncation_can_be_moved_where_one_is(python_lab):
    lab = python_lab("unroll", values={"case": "truncation cuts the gradient"})
    lab.button("back 3").click()
    lab.until("lab.shown.step === 9")
    assert "cut: nothing comes from tick 4" in formula(lab)
    lab.slide("k", 1)
    lab.settle()
    assert lab.step == 9
    assert "cut" not in formula(lab)


def test_it_is_there_in_words(python_lab):
    lab = python_lab("unroll")
    lab.ticks(1, 10)
    lab.button("Audit").click()
    lab.root.get_by_text("central differences agree").wait_for()
    lab.root.locator("summary", has_text="In words").click()
    lab.root.get_by_text("stages of a pass: update").wait_for()
    words = lab.root.locator(".dl-words").inner_text()
    assert "weight from tick 2, unit 1 to tick 3, unit 1" in words
    assert "W_hh₁₁: w −1.120, dw so far 0.184, w after −1.138" in words
