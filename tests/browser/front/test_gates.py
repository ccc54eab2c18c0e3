"""The lab `gates`, live: the gates while they learn, a unit that is traced, symbols that change."""

import pytest

MAPS = ("f", "i", "o", "c_tilde", "c", "h")


def token(lab, tick):
    return lab.root.locator(".dl-token").nth(tick)


def text_of(lab):
    return "".join(lab.root.locator(".dl-token").all_inner_texts())


def cell(lab, name, tick, unit):
    """Where a cell of a map is on the screen."""
    lab.canvas(name).scroll_into_view_if_needed()
    box, g = lab.canvas(name).bounding_box(), lab.part(name, "grid")
    return box["x"] + g["left"] + (tick + 0.5) * g["cw"], box["y"] + (unit + 0.5) * g["ch"]


def test_the_maps_move_while_it_learns_one_step_a_frame(python_lab):
    lab = python_lab("gates")
    assert lab.control("speed").input_value() == "1"
    first = lab.lab("[...lab.array('o').data]")
    lab.button("Play").click()
    lab.until("lab.shown.step > 5")
    lab.button("Pause").click()
    lab.settle()
    assert lab.lab("[...lab.array('o').data]") != first
    for name in MAPS:
        assert lab.pixels(f"map_{name}") > 4, name
    steps = lab.lab("lab.history.frames.map(f => f.step)")
    assert steps == list(range(len(steps)))


def test_columns_of_all_panels_are_the_same_tick(python_lab):
    lab = python_lab("gates")
    for tick in (0, 11, 23):
        x, _ = cell(lab, "map_f", tick, 0)
        box = token(lab, tick).bounding_box()
        assert x == pytest.approx(box["x"] + box["width"] / 2, abs=1)
        place = lab.part("gates_of", f"px({tick})")
        assert x == pytest.approx(lab.canvas("gates_of").bounding_box()["x"] + place, abs=1)


def test_a_click_on_a_cell_traces_its_unit(python_lab):
    lab = python_lab("gates", values={"hidden": 4})
    for unit, tick in ((2, 5), (0, 10), (3, 23)):
        lab.mouse.click(*cell(lab, "map_c", tick, unit))
        lab.mouse.move(0, 0)
        lab.settle()
        assert (lab.chosen("tick"), lab.chosen("unit")) == (tick, unit)
        assert lab.caption("gates_of") == f"unit {unit + 1}: its gates"
        assert lab.caption("about") == f"what it does, unit {unit + 1}"
        here = lab.part("gates_of", "numbers().rows[0][1]")
        assert here == pytest.approx(lab.session.lab.frame()["f"][unit, tick], abs=1e-6)


def test_a_tap_changes_a_symbol_and_the_gates_answer(python_lab):
    lab = python_lab("gates")
    before = lab.lab("[...lab.array('f').data]")
    for expected in "Bab?":
        token(lab, 0).click()
        lab.settle()
        assert text_of(lab)[0] == expected
    assert lab.lab("[...lab.array('f').data]") != before
    assert text_of(lab)[1:] == "bab·?abBa·ba?bAba·bab·?"
    assert lab.step == 0


def test_a_symbol_can_be_typed(python_lab):
    lab = python_lab("gates")
    token(lab, 0).focus()
    lab.keyboard.press("ArrowRight")
    assert lab.chosen("tick") == 1
    lab.keyboard.press("B")
    lab.settle()
    assert text_of(lab)[:3] == "ABa"
    lab.keyboard.press("ArrowRight")
    lab.keyboard.press("?")
    lab.settle()
    assert text_of(lab)[:3] == "AB?"
    lab.keyboard.press("z")
    lab.settle()
    assert text_of(lab)[:3] == "AB?"
    lab.keyboard.press("Enter")
    lab.settle()
    assert text_of(lab)[:3] == "AB·"


def test_on_a_phone_keys_choose_a_symbol_and_change_it(python_lab):
    lab = python_lab("gates", width=390)
    lab.lab("lab.selections.pin('tick', 22)")
    lab.button("to the right").click()
    lab.button("to the right").click()
    assert lab.chosen("tick") == 23, "there is no more"
    lab.button("to the left").click()
    key = lab.button("B here")
    key.click()
    lab.settle()
    assert text_of(lab)[20:] == "abB?"
    assert min(key.bounding_box()[side] for side in ("width", "height")) >= 24


def test_symbols_change_while_it_learns(python_lab):
    lab = python_lab("gates")
    lab.button("Play").click()
    for k in range(8):
        lab.until(f"lab.shown.step > {2 * k}")
        token(lab, k).click()
    lab.button("Pause").click()
    lab.settle()
    assert text_of(lab) == "B?b?A·b?Ba·ba?bAba·bab·?"
    assert lab.data("state") == "live"


def test_what_follows_what_can_be_asked_of_each_gate(python_lab):
    lab = python_lab("gates")
    lab.ticks(3, 20)
    seen = set()
    for tab in lab.root.locator("[data-panel=follows] .dl-tab").all():
        tab.click()
        lab.settle()
        seen.add(lab.part("follows", "describe()"))
    assert len(seen) == 6


def test_sliders_and_tasks_answer_at_once(python_lab):
    lab = python_lab("gates")
    lab.ticks(2)
    lab.slide("forget_bias", 0)
    lab.until("lab.shown.step === 0 && lab.values.forget_bias < -4.5")
    lab.settle()
    assert lab.lab("Math.max(...lab.array('f').data)") < 0.1
    lab.control("task").select_option("count brackets")
    lab.until("lab.statics && lab.values.task === 'count brackets'")
    lab.settle()
    assert set(text_of(lab)) == set("()x")
    lab.slide("length", 1)
    lab.until("lab.shown.arrays.f.shape[1] === 40")
    lab.settle()
    assert len(text_of(lab)) == 40
