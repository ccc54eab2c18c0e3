"""What every live figure of the book can do: in the page, with the page's Python."""

import json
import os
import random
import re
import time
from functools import cache

import numpy as np
import pytest

from dlcore.labs import LABS, LabError
from dlcore.labs.controls import Choice, Slider
from tests.browser.moves import MOVE

WRONG = re.compile(r"\bNaN\b|\bInfinity\b|\bundefined\b|\[object ")
FRESH = """async lab => {
    const { model } = lab;
    lab.setPlaying(false);
    lab.selections.unpinAll();
    lab.root.querySelector('[name=speed]').value = lab.spec.pace ? '1' : '8';
    history.replaceState(null, '', location.pathname);
    while (lab.link.pending.size || lab.link.held.size) await new Promise(r => setTimeout(r, 5));
    model.settings = structuredClone(model.before);
    await new Promise(done => {
        const listener = ({ type }) => {
            if (type !== 'frame') return;
            model.off('msg:custom', listener);
            done();
        };
        model.on('msg:custom', listener);
        model.engine.begin(model);
    });
    for (const fold of lab.root.querySelectorAll('details')) fold.open = true;
}"""
STEPS = """async (lab, steps) => {
    lab.ask({ steps, budget: 1000 });
    while (lab.link.ticks) await new Promise(r => setTimeout(r, 2));
}"""
ARRAYS = """lab => JSON.stringify(Object.entries({ ...lab.statics, ...lab.shown.arrays })
    .map(([name, { data, value }]) => [name, value ?? [...data]]))"""


@pytest.fixture
def figure(live_pages, lab_name):
    """A figure at step 0, as its page sets it; nothing may go wrong while a test has it."""
    seen = live_pages(lab_name)
    seen.errors.clear()
    seen.script(FRESH)
    yield seen
    seen.play(False)
    assert seen.errors == []


def words(seen):
    """All text of the figure."""
    seen.script("lab => { for (const d of lab.root.querySelectorAll('details')) d.open = true; }")
    seen.script("lab => lab.shell.twin.speak()")
    return seen.lab.inner_text()


def assert_sound(seen):
    assert not (wrong := WRONG.search(words(seen))), wrong
    assert seen.state in ("live", "diverged"), seen.message()
    assert seen.errors == []


def set_all(seen, values):
    seen.script("(lab, values) => lab.link.send({ cmd: 'set', values })", values)
    seen.settle()


def test_it_steps_plays_pauses_and_resets(figure):
    assert (figure.state, figure.step, figure.playing) == ("live", 0, "false")
    assert figure.button("Go live").count() == 0
    for step in (1, 2):
        figure.button("Step").click()
        figure.until(f"step == {step}")
    figure.button("Play").click()
    figure.until("step > 4 && playing == 'true'")
    figure.button("Pause").click()
    figure.script(STEPS, 1)  # after it, nothing is on its way
    step = figure.step
    figure.page.wait_for_timeout(120)
    assert (figure.step, figure.playing) == (step, "false")
    figure.button("Reset").click()
    figure.until("step == 0")


def test_what_is_declared_is_drawn_and_as_it_was_recorded(figure):
    """Going live builds the figure anew where Python declares something else than the recording."""
    drawn, declared = figure.script(
        "lab => [lab.shell.grid.querySelectorAll('figure').length, lab.spec.panels.length]"
    )
    assert drawn == declared > 0
    recorded, live = figure.script("lab => [lab.model.recording.setup.lab, lab.spec]")
    assert live == recorded


def test_what_it_says_follows_the_run(figure):
    sentence = figure.lab.locator(".dl-twin")
    seen = [(sentence.inner_text(), words(figure))]
    for _ in range(2):
        figure.script(STEPS, 3)
        seen.append((sentence.inner_text(), words(figure)))
    assert all(text.strip() for text, _ in seen)
    assert len(set(seen)) == 3
    panels = figure.script("lab => lab.panels.filter(p => p.describe?.()).length")
    assert figure.lab.locator(".dl-words .dl-word").count() >= panels > 0
    assert_sound(figure)


def drawn_by(name, seed):
    """What the lab shows after some steps, here."""
    lab = LABS[name](seed)
    lab.run(5)
    return {k: np.asarray(a).tolist() for k, a in (lab.static() | lab.frame()).items()}


def test_the_seed_changes_the_run_and_its_return_brings_it_back(figure):
    runs = []
    for seed in (0, 1, 0):
        figure.control("seed").select_text()
        figure.page.keyboard.type(str(seed))
        figure.control("seed").press("Enter")
        figure.settle()
        figure.until("step == 0")
        figure.script(STEPS, 5)
        assert figure.script("lab => lab.seed") == seed
        runs.append(figure.script(ARRAYS))
    assert runs[0] == runs[2]
    matters = drawn_by(figure.name, 0) != drawn_by(figure.name, 1)
    assert (runs[0] != runs[1]) == matters


def test_going_back_and_forward_shows_what_was(figure):
    seen = [figure.script(ARRAYS)]
    for _ in range(4):
        figure.script(STEPS, 1)
        seen.append(figure.script(ARRAYS))
    figure.lab.get_by_role("slider", name="history").focus()
    keys = (("ArrowLeft", 3), ("ArrowLeft", 2), (",", 1), (".", 2), ("ArrowRight", 3))
    for key, step in keys:
        figure.page.keyboard.press(key)
        figure.until(f"step == {step}")
        assert figure.script(ARRAYS) == seen[step]
    figure.button("Play").click()  # goes on from there, through what was seen, to what is new
    figure.until("step > 5")


def test_copy_as_code_gives_two_programs(figure):
    figure.script(STEPS, 2)
    button = figure.button("Copy as code")
    button.click()
    code = figure.lab.locator("pre.dl-code")
    figure.wait_for("lab.root.querySelector('pre.dl-code').textContent.includes('import')")
    ours = code.inner_text()
    assert "dlcore" in ours
    figure.lab.get_by_role("tab", name="PyTorch").click()
    assert "import torch" in code.inner_text()
    for program in (ours, code.inner_text()):
        compile(program, "program", "exec")
    button.click()


def test_the_audit_finds_the_gradients_right(figure):
    figure.script(STEPS, 3)
    figure.button("Audit").click()
    table = figure.lab.locator(".dl-part table")
    table.wait_for()
    errors = figure.script(
        """async lab => new Promise(done => {
            const listener = answer => {
                if (answer.type !== 'audit') return;
                lab.model.off('msg:custom', listener);
                done(answer.rows.map(row => row.at(-1)));
            };
            lab.model.on('msg:custom', listener);
            lab.link.send({ cmd: 'audit' });
        })"""
    )
    assert len(errors) == table.locator("tbody tr").count() > 0
    assert all(0 <= error < 1e-5 for error in errors)
    assert "agree" in figure.lab.locator(".dl-part").first.inner_text()
    figure.button("Audit").click()


@cache
def wild(name):
    """Values with which a run diverges soon, or None: the highest learning rate, and choices."""
    controls = LABS[name].controls
    highest = {
        key: c.hi
        for key, c in controls.items()
        if isinstance(c, Slider) and key.startswith(("alpha", "layers"))
    }
    if not highest:  # nothing is learnt here, so nothing can be lost
        return None
    options = [{k: o} for k, c in controls.items() if isinstance(c, Choice) for o in c.options]
    for option in [{}, *options]:
        try:
            lab = LABS[name](**highest | option)
        except LabError:
            continue
        lab.run(200, time.perf_counter() + 0.25)
        if lab.diverged:
            return highest | option
    return None


def test_what_diverges_says_so_and_reset_leaves_it(figure):
    values = wild(figure.name)
    if values is None:  # it takes the wildest settings without losing its numbers
        values = {k: c.hi for k, c in LABS[figure.name].controls.items() if k.startswith("alpha")}
        set_all(figure, values)
        figure.script(STEPS, 200)
        assert figure.state == "live"
        return assert_sound(figure)
    set_all(figure, values)
    figure.control("speed").select_option("max")
    figure.button("Play").click()
    figure.until("state == 'diverged'", timeout=30_000)
    assert figure.playing == "false"
    bad = figure.lab.locator(".dl-finding[data-level=bad]")
    assert len(bad.first.inner_text().split()) > 5
    assert_sound(figure)
    figure.button("Reset").click()
    figure.until("state == 'live' && step == 0")


def another(control, value):
    """Some other value that a control accepts, of what the page's declaration says."""
    if control["control"] == "choice":
        return next(o for o in reversed(control["options"]) if o != value)
    if control["control"] == "switch":
        return not value
    if control["control"] == "text":
        return "so good"
    return control["lo"] if value != control["lo"] else control["hi"]


def test_an_address_sets_it_and_gives_it_back(figure):
    before = figure.script("lab => lab.values")
    controls = figure.script("lab => lab.spec.controls")
    for name in list(controls)[:4]:
        value = another(controls[name], before[name])
        text = json.dumps(value).strip('"')
        figure.page.evaluate(
            "hash => { location.hash = hash; }", f"#lab={figure.name}&seed=3&{name}={text}"
        )
        figure.wait_for(f"lab.seed === 3 && lab.values['{name}'] === {json.dumps(value)}")
        figure.settle()
        link = figure.script("lab => lab.model.share(lab.seed, lab.values)")
        assert f"lab={figure.name}" in link
        figure.page.evaluate("hash => { location.hash = hash; }", f"#lab={figure.name}")
        figure.wait_for(f"lab.seed === 0 && lab.values['{name}'] === {json.dumps(before[name])}")
        figure.settle()
    assert figure.script("lab => lab.values") == before


def visible(seen, name):
    return seen.script(
        f"lab => Boolean(lab.root.querySelector('.dl-controlbox [name=\"{name}\"]').offsetParent)"
    )


def test_every_control_answers_to_keys(figure):
    controls, moved = figure.script("lab => lab.spec.controls"), 0
    for name, control in controls.items():
        if not visible(figure, name):
            continue
        value = figure.script("(lab, name) => lab.values[name]", name)
        keys = {"slider": "ArrowRight", "choice": "ArrowDown", "switch": " ", "text": "z"}
        key = keys[control["control"]]
        if value in (control.get("hi"), control.get("options", [None])[-1]):
            key = {"ArrowRight": "ArrowLeft", "ArrowDown": "ArrowUp"}[key]
        figure.lab.locator(f".dl-controlbox [name='{name}']").focus()
        figure.page.keyboard.press(key)
        figure.settle()
        now = figure.script("(lab, name) => lab.values[name]", name)
        assert now != value or figure.message(), f"{name}: {key} did nothing, without a word"
        moved += now != value
        set_all(figure, {name: value})
    assert moved >= 1
    figure.control("speed").focus()
    speed = figure.control("speed").input_value()
    figure.page.keyboard.press("ArrowDown")
    assert figure.control("speed").input_value() != speed
    figure.control("speed").select_option(speed)
    figure.button("Play").focus()
    for playing in ("true", "false"):
        figure.page.keyboard.press(" ")
        figure.until(f"playing == '{playing}'")


LISTEN = """lab => {
    window.reactions = [];
    const hear = (object, name) => {
        const act = object[name];
        object[name] = (...what) => { reactions.push([name, what[0]]); act.apply(object, what); };
    };
    for (const name of ['sendEvent', 'scrubTo']) hear(lab, name);
    hear(lab.selections, 'changed');
}"""
DEAF = """lab => {
    for (const name of ['sendEvent', 'scrubTo']) delete lab[name];
    lab.selections.changed = name => lab.selectionChanged(name);
}"""
KEYS = ("n", "ArrowRight", "ArrowLeft", "ArrowDown", "Enter", "+")


def test_every_panel_that_can_be_touched_answers_to_keys(figure):
    figure.script(STEPS, 4)
    figure.script(LISTEN)
    deaf = []
    for panel in figure.script("lab => lab.spec.panels"):
        canvas = figure.lab.locator(f"[data-panel={panel['name']}] canvas[role=application]")
        if not canvas.count():
            continue
        figure.page.evaluate("reactions.length = 0")
        canvas.first.focus()
        for key in KEYS:
            figure.page.keyboard.press(key)
        typed = figure.lab.locator(".dl-cellinput")  # in a grid of numbers, Enter opens a cell
        if typed.count():
            typed.fill("0.5")
            typed.press("Enter")
        figure.settle()
        heard = figure.page.evaluate("reactions")
        wanted = panel.get("event", "drag") if panel.get("drag") else None
        if not heard or (wanted and ["sendEvent", wanted] not in heard):
            deaf.append((panel["name"], heard))
        figure.page.keyboard.press("Escape")
    figure.script(DEAF)
    assert deaf == []
    assert_sound(figure)


def click_somewhere(seen, dice):
    seen.settle()  # a control that has just been moved may take a panel away
    canvases = [c for c in seen.lab.locator("canvas").all() if c.is_visible()]
    canvas = dice.choice(canvases)
    size = canvas.bounding_box()
    x, y = dice.uniform(1, size["width"] - 2), dice.uniform(1, size["height"] - 2)
    canvas.click(position={"x": x, "y": y}, force=True)


def press_a_key(seen, dice):
    seen.script("(lab, share) => { const all = [...lab.root.querySelectorAll('canvas[tabindex]')];"
                " all[Math.floor(share * all.length)]?.focus(); }", dice.random())  # fmt: skip
    seen.page.keyboard.press(dice.choice([*KEYS, "a", "Delete", "ArrowUp", ".", ",", " ", "r"]))


MOVES = 60 * int(os.environ.get("MOVES", "1"))


def test_random_moves_leave_it_whole(figure):
    dice = random.Random(figure.name)
    names = list(figure.script("lab => lab.spec.controls"))
    for k in range(MOVES):
        act = dice.choices(("control", "run", "seed", "click", "key"), (50, 15, 3, 7, 25))[0]
        if act == "control":
            figure.script(MOVE, [dice.choice(names), dice.random()])
        elif act == "run":
            figure.script(
                f"lab => lab.{dice.choice(['togglePlay', 'stepOn', 'reset', 'stepBack'])}()"
            )
        elif act == "seed":
            figure.script("(lab, seed) => lab.setSeed(seed)", dice.randrange(2**32))
        elif act == "click":
            click_somewhere(figure, dice)
        else:
            press_a_key(figure, dice)
        if k % 10 == 9:
            assert_sound(figure)
    figure.play(False)
    figure.settle()
    assert_sound(figure)
    figure.script(FRESH)
    figure.button("Step").click()
    figure.until("step == 1")
