"""The lab `gradient-flow`, live: the walk back through time, the factors of a tick, the sliders."""

import pytest

PANELS = ("gradient", "input", "slopes", "forget", "loss", "share", "norms")


def panel(name):
    return f"lab.panels.find(p => p.spec.name === '{name}')"


def text_of(lab, name):
    return lab.root.locator(f"[data-panel={name}] .dl-formula p").all_inner_texts()


def pixels_of(lab, image):
    """Colours of one of the six matrices, as a list."""
    return lab.root.locator("[data-panel=factors] canvas").nth(image).evaluate(
        "c => [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data]"
    )  # fmt: skip


def test_both_networks_are_trained(python_lab):
    lab = python_lab("gradient-flow")
    lab.ticks(3, 2)
    assert lab.step == 6
    assert lab.lab("lab.series('loss_rnn').n") == 4
    for name in PANELS:
        assert lab.pixels(name) > 4, name


def test_the_left_arrow_walks_back_through_time_from_the_last_tick(python_lab):
    lab = python_lab("gradient-flow")
    lab.canvas("gradient").focus()
    for expected in (49, 48, 47):
        lab.keyboard.press("ArrowLeft")
        lab.settle()
        assert lab.chosen("tick") == expected
    assert lab.caption("rnn") == "RNN, tick 48"
    assert lab.caption("lstm") == "LSTM, tick 48"
    assert lab.caption("factors") == "tick 48: its factor, all from T to it"
    lines = lab.session.lab.frame()["rnn_at"][47].split("\n")
    assert len(text_of(lab, "rnn")) == len(lines)
    assert text_of(lab, "rnn")[3].startswith("‖A50 ⋯ A48‖ = ")
    lab.keyboard.press("ArrowRight")
    assert lab.chosen("tick") == 48


def test_pointing_at_a_tick_chooses_it_in_every_panel(python_lab):
    lab = python_lab("gradient-flow", values={"length": 20})
    box = lab.canvas("slopes").bounding_box()
    left, cell = lab.lab(f"(({{ grid }}) => [grid.left, grid.cw])({panel('slopes')})")
    lab.mouse.move(box["x"] + left + 4.5 * cell, box["y"] + 20)
    assert lab.chosen("tick") == 4
    lab.settle()
    assert lab.caption("rnn") == "RNN, tick 5"
    plot = lab.lab(f"{panel('gradient')}.plot")
    box = lab.canvas("gradient").bounding_box()
    for t in (19, 11, 0):
        x = box["x"] + plot["left"] + (t + 0.5) * plot["width"] / 20
        lab.mouse.move(x, box["y"] + 60)
        assert lab.chosen("tick") == t
    lab.mouse.move(0, 0)
    assert lab.chosen("tick") is None
    lab.settle()
    assert lab.caption("rnn") == "RNN"


def test_columns_of_all_panels_are_the_same_tick(python_lab):
    """The curve's place for a tick is the middle of its cell."""
    lab = python_lab("gradient-flow", values={"length": 20})
    for name in ("input", "slopes", "forget"):
        for t in (0, 7, 19):
            x = lab.lab(f"{panel('gradient')}.px({t})")
            left, cell = lab.lab(f"(({{ grid }}) => [grid.left, grid.cw])({panel(name)})")
            assert x == pytest.approx(left + (t + 0.5) * cell, abs=0.5)
    tops = [lab.canvas(name).bounding_box()["x"] for name in ("gradient", "slopes", "forget")]
    assert max(tops) - min(tops) < 0.5


def test_the_matrices_are_those_of_the_tick_that_is_chosen(python_lab):
    lab = python_lab("gradient-flow", values={"scale": 3})
    first = [pixels_of(lab, k) for k in range(6)]
    lab.lab("lab.selections.pin('tick', 49)")
    lab.settle()
    last = [pixels_of(lab, k) for k in range(6)]
    assert last[1] == first[1], "W_hh is the same at every tick"
    assert last[0] != first[0]
    assert last[2] == last[3], "at the last tick the product has one factor"
    assert first[2] != first[3]
    lab.lab("lab.selections.unpinAll()")
    lab.settle()
    assert [pixels_of(lab, k) for k in range(6)] == first


def test_the_names_of_the_curves_stand_where_the_walk_back_ends(python_lab):
    """In the order in which they arrive at tick 1, left of the plot."""
    lab = python_lab("gradient-flow")
    lab.evaluate("""() => {
        const lab = document.querySelector('.dl')._lab;
        const p = lab.panels.find(p => p.spec.name === 'gradient');
        window.ends = [];
        const drawEnds = p.drawEnds.bind(p);
        p.drawEnds = (c, ends) => { window.ends = ends.map(e => ({ ...e })); drawEnds(c, ends); };
        lab.invalidate();
    }""")
    lab.settle()
    lab.wait_for_function("window.ends.length === 5")
    ends = {end["text"]: end["y"] for end in lab.evaluate("window.ends")}
    frame = lab.session.lab.frame()
    at_1 = {"RNN h": "dh_rnn", "LSTM c": "dc_lstm", "LSTM h": "dh_lstm", "W alone": "alone_rnn"}
    order = sorted(at_1, key=lambda label: -frame[at_1[label]][0])
    assert sorted(at_1, key=ends.get) == order


def test_a_slider_answers_at_once_with_a_new_run(python_lab):
    lab = python_lab("gradient-flow")
    lab.ticks(2)
    lab.slide("radius", 0.2)
    lab.until("lab.shown.step === 0 && lab.values.radius < 0.5")
    lab.settle()
    low = lab.session.lab.words.share["rnn"]
    lab.slide("radius", 1)
    lab.until("lab.values.radius > 1.4")
    lab.settle()
    assert low < lab.session.lab.words.share["rnn"]
    lab.control("clip").select_option("off")
    lab.until("lab.values.clip === 'off'")
    assert lab.step == 0


def test_another_length_has_other_ticks(python_lab):
    lab = python_lab("gradient-flow")
    lab.lab("lab.selections.pin('tick', 45)")
    lab.slide("length", 0.1)
    lab.until("lab.shown.arrays.dh_rnn.shape[0] < 20")
    lab.settle()
    assert lab.caption("factors").startswith("tick 46")
    assert lab.errors == []
    lab.canvas("gradient").focus()
    lab.keyboard.press("ArrowLeft")
    assert lab.chosen("tick") == lab.session.lab.values["length"] - 1


def test_a_run_that_is_lost_says_so(python_lab):
    lab = python_lab(
        "gradient-flow", values={"activation": "identity", "radius": 1.5, "clip": "off"}
    )
    lab.ticks(1, 1)
    assert lab.data("state") == "diverged"
    assert "RNN" in lab.root.locator(".dl-finding[data-level=bad]").inner_text()


def test_it_is_there_in_words(python_lab):
    lab = python_lab("gradient-flow")
    lab.lab("lab.selections.pin('tick', 11)")
    lab.root.locator("summary", has_text="In words").click()
    lab.root.get_by_text("tick 12: its factor").nth(1).wait_for()
    words = lab.root.locator(".dl-words").inner_text()
    assert "gradient norm at every tick t: W alone" in words
    assert "RNN, tick 12: ∂J/∂h11 = Whh^T diag σ′(z12) ∂J/∂h12" in words
    assert "tick 12: its factor" in words
