"""A live figure: Python in the page, hundreds of moves, quick answers, a worker that may die."""

import random

import pytest

from tests.browser.moves import MOVE

ORDER_OF_MAGNITUDE = 1000  # ms; measured: 5 to 90
CONTROLS = """lab => [...lab.root.querySelectorAll('.dl-controls [name], fieldset [name]')]
    .map(e => e.name).filter((name, k, all) => all.indexOf(name) === k)"""
MANY = f"""async (lab, moves) => {{
    const done = [], move = {MOVE};
    for (const [name, share] of moves) {{
        if (move(lab, [name, share])) done.push(name);
        await new Promise(next => setTimeout(next, 10));
        const {{ state, playing }} = lab.root.dataset;
        if (state === 'failed') break;
        if (state === 'diverged') lab.root.querySelector('[aria-label=Reset]').click();
        else if (playing === 'false') lab.root.querySelector('.dl-play').click();
    }}
    return done;
}}"""


def restart(seen):
    seen.play(False)
    seen.button("Reset").click()
    seen.until("state == 'live' && step == 0")


def usual(seen):
    """The settings that the lab begins with, at step 0."""
    for name, control in seen.script("lab => lab.spec.controls").items():
        seen.script("(lab, [name, value]) => lab.setValue(name, value)", [name, control["default"]])
        seen.settle()
    restart(seen)


def choose(seen, name, option):
    seen.control(name).select_option(option, force=True)
    seen.settle()


def test_go_live_answers_in_python_and_the_step_counts_up(live):
    assert live.state == "live"
    assert live.script("lab => lab.model.engine.speed") == "simd"
    restart(live)
    live.button("Step").click()
    live.until("step == 1")
    live.play()
    live.until("step > 100")
    live.play(False)
    assert live.errors == []


def test_three_hundred_moves_of_every_control_in_a_row(live):
    restart(live)
    live.page.evaluate(
        "document.querySelectorAll('[data-lab=mlp] details').forEach(d => d.open = true)"
    )
    names = live.script(CONTROLS)
    assert {"alpha", "batch", "activation", "data", "layers", "optimizer", "x1"} <= set(names)
    dice = random.Random(0)
    moved, made = set(), 0
    while made < 300:
        moves = [(dice.choice(names), dice.random()) for _ in range(30)]
        done = live.script(MANY, moves)
        moved |= set(done)
        made += len(done)
        assert live.state in ("live", "diverged")
    live.settle()
    assert len(moved) > 15
    assert live.state in ("live", "diverged")
    assert live.errors == []

    choose(live, "data", "circles")
    restart(live)
    live.button("Step").click()
    live.until("step == 1")


def test_a_run_that_diverges_says_so_and_reset_leaves_it(live):
    usual(live)
    choose(live, "activation", "identity")
    for name in ("layers", "alpha"):
        live.script(MOVE, [name, 1])
        live.settle()
    restart(live)
    live.button("Play").click()
    live.until("state == 'diverged'")
    assert live.playing == "false"
    assert live.lab.locator(".dl-finding").first.inner_text().strip()
    restart(live)
    assert live.state == "live"


def test_pause_answers_at_once(live):
    usual(live)
    live.control("speed").select_option("max")
    live.play()
    live.until("step > 50")
    took = live.page.evaluate(
        """async () => {
            const lab = document.querySelector('[data-lab=mlp]')._lab, start = performance.now();
            lab.root.querySelector('.dl-play').click();
            while (lab.link.pending.size) await new Promise(r => setTimeout(r, 1));
            return performance.now() - start;
        }"""
    )
    print(f"pause answered in {took:.0f} ms")
    step = live.step
    live.page.wait_for_timeout(200)
    assert (live.playing, live.step) == ("false", step)
    assert took < ORDER_OF_MAGNITUDE


def test_a_control_answers_at_once_while_the_figure_runs(live):
    usual(live)
    live.play()
    live.until("step > 20")
    took = live.page.evaluate(
        """async () => {
            const lab = document.querySelector('[data-lab=mlp]')._lab, start = performance.now();
            const input = lab.root.querySelector('[name=alpha]');
            input.value = input.max;
            input.dispatchEvent(new Event('input', { bubbles: true }));
            while (lab.link.isBusy('set:alpha')) await new Promise(r => setTimeout(r, 1));
            return performance.now() - start;
        }"""
    )
    print(f"a control answered in {took:.0f} ms")
    assert took < ORDER_OF_MAGNITUDE
    assert live.state in ("live", "diverged")


@pytest.fixture(scope="module")
def changed(browser, site, lab_visit):
    """A figure that went live because a control was changed."""
    visit = lab_visit(browser, site).open()
    visit.play(False)
    visit.control("data").select_option("circles")
    visit.until("state == 'live'", visit.LOADING)
    visit.settle()
    yield visit
    visit.close()


def test_a_changed_control_brings_python_with_the_changed_setting(changed):
    assert changed.script("lab => lab.model.settings.values.data") == "circles"
    assert changed.step == 0
    assert changed.errors == []


def test_a_worker_that_dies_in_mid_run_is_started_again_with_the_same_settings(changed):
    changed.play()
    changed.until("step > 20")
    changed.script("lab => lab.model.engine.worker.terminate()")
    changed.script("lab => { for (let k = 0; k < 8; k++) lab.model.engine.look(); }")
    changed.until("state == 'loading'")
    changed.until("state == 'live'", changed.LOADING)
    assert changed.script("lab => lab.model.settings.values.data") == "circles"
    changed.play(False)
    changed.button("Reset").click()
    changed.until("step == 0")
    changed.button("Step").click()
    changed.until("step == 1")
    assert changed.errors == []


def follow(seen, hash, condition):
    """Change the address and wait for a condition on `lab`."""
    seen.page.evaluate("hash => { location.hash = hash; }", hash)
    seen.wait_for(condition)
    seen.settle()


def slider(seen, name):
    """What a slider shows: its position, and the number beside it."""
    return float(seen.control(name).input_value()), seen.control(name).get_attribute(
        "aria-valuetext"
    )


def test_a_live_figure_follows_the_address_there_and_back(live):
    usual(live)
    follow(live, "#lab=mlp", "lab.values.alpha === 0.03")
    before = slider(live, "alpha")
    follow(live, "#lab=mlp&alpha=1", "lab.values.alpha === 1")
    assert slider(live, "alpha")[1] == "1"
    assert slider(live, "alpha")[0] > before[0]
    assert live.script("lab => lab.model.settings.values.alpha") == 1
    follow(live, "#lab=mlp", "lab.values.alpha === 0.03")
    assert slider(live, "alpha") == before


def test_an_address_may_change_values_that_are_only_possible_together(live):
    usual(live)
    follow(live, "#lab=mlp&x1=false&x2=false&x1_sq=true", "lab.values.x1_sq === true")
    assert live.script("lab => [lab.values.x1, lab.values.x2]") == [False, False]
    follow(live, "#lab=mlp", "lab.values.x1 === true")
    usual(live)


def test_a_seed_that_is_refused_gives_the_box_its_number_back(live):
    usual(live)
    seed = live.script("lab => lab.seed")
    live.control("seed").fill("99999999999")
    live.control("seed").press("Enter")
    live.page.wait_for_function(
        f"document.querySelector('[data-lab=mlp] [name=seed]').value === '{seed}'"
    )
    assert "seed: expected a whole number" in live.message()
    assert live.script("lab => [lab.seed, lab.model.settings.seed]") == [seed, seed]
