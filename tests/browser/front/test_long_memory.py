"""The lab `long-memory`, live: the race, what each answer depends on, its controls."""

from dlcore.labs.long_memory_controls import BIAS

PANELS = ("loss", "right", "input", "reach_rnn", "reach_lstm", "dx", "h_rnn", "c_lstm", "answers")
QUICK = {"length": 12, "hidden": 6}


def test_both_networks_race(python_lab):
    lab = python_lab("long-memory", values=QUICK)
    lab.button("Play").click()
    lab.until("lab.shown.step > 60")
    lab.button("Pause").click()
    lab.settle()
    assert lab.lab("lab.series('J_rnn').n") == lab.lab("lab.series('J_lstm').n") > 5
    for name in PANELS:
        assert lab.pixels(name) > 4, name
    table = lab.panel("race").inner_text()
    assert f"{lab.session.lab.sizes['lstm']:,}" in table


def test_the_table_tells_when_it_was_solved(python_lab):
    lab = python_lab("long-memory", values={"case": "the first bit, ten ticks"})
    assert lab.panel("race").inner_text().count("not yet") == 2
    lab.ticks(6, 5)
    assert lab.panel("race").inner_text().count("not yet") == 1
    assert str(lab.session.lab.solved["rnn"]) in lab.panel("race").inner_text()


def test_pointing_at_a_tick_chooses_it_in_every_panel(python_lab):
    lab = python_lab("long-memory", values={"length": 20})
    for name in ("reach_lstm", "c_lstm", "dx"):
        lab.canvas(name).scroll_into_view_if_needed()
        box = lab.canvas(name).bounding_box()
        for t in (3, 19, 0):
            x = lab.part("dx", f"px({t})")
            lab.mouse.move(box["x"] + x, box["y"] + 8)
            assert lab.chosen("tick") == t, name


def test_the_left_arrow_walks_along_the_gradient(python_lab):
    lab = python_lab("long-memory", values={"length": 20})
    lab.lab("lab.selections.pin('tick', 19)")
    lab.canvas("dx").focus()
    lab.keyboard.press("ArrowLeft")
    assert lab.chosen("tick") == 18


def test_another_sequence_and_other_settings_answer_at_once(python_lab):
    lab = python_lab("long-memory", values=QUICK)
    lab.ticks(2, 4)
    step, before = lab.step, lab.lab("[...lab.array('input').data]")
    for share in (0.2, 0.5, 1):
        lab.slide("sequence", share)
        lab.settle()
        assert lab.lab("[...lab.array('input').data]") != before
        before = lab.lab("[...lab.array('input').data]")
    assert lab.step == step
    assert not lab.control("forget_bias").is_visible()
    lab.control("start").select_option(BIAS)
    lab.until("lab.shown.step === 0")
    lab.settle()
    assert lab.control("forget_bias").is_visible()
    lab.slide("length", 0)
    lab.until("lab.shown.arrays.input.shape[1] === 4")
    lab.settle()
    assert lab.errors == []


def test_a_tap_moves_a_mark_and_so_does_an_arrow_key(python_lab):
    lab = python_lab("long-memory", values=QUICK)

    def marked():
        lab.settle()
        return lab.lab("[...lab.array('input').data].slice(12).flatMap((v, k) => v ? [k] : [])")

    second = marked()[1]
    box, grid = (
        lab.canvas("input").bounding_box(),
        lab.part("input", "grid"),
    )
    for tick in (4, 1, 0):
        x = grid["left"] + (tick + 0.5) * grid["cw"]
        lab.mouse.click(box["x"] + x, box["y"] + 1.5 * grid["ch"])
        assert marked() == [tick, second]
    lab.keyboard.press("ArrowRight")
    assert marked() == [1, second]
    assert f"ticks 2 and {second + 1}" in lab.panel("about").inner_text()
