"""The conversation with Python: pull, no flood, one message of a kind on its way."""

import itertools


def test_a_lab_opens_with_its_setup_and_first_frame(open_lab):
    lab = open_lab()
    assert (
        lab.root.get_by_role("heading", level=3).inner_text()
        == "Does every panel hold what it promises?"
    )
    assert (lab.data("lab"), lab.data("state"), lab.data("playing"), lab.step) == (
        "sink",
        "live",
        "false",
        0,
    )
    assert [m["cmd"] for m in lab.evaluate("model.sent")] == ["open"]


def test_play_asks_for_the_next_frame_and_pause_stops_asking(open_lab):
    lab = open_lab()
    lab.button("Play").click()
    lab.until("lab.stats.frames > 20")
    assert lab.data("playing") == "true"
    lab.button("Pause").click()
    lab.settle()
    asked, step = len(lab.sent("tick")), lab.step
    lab.wait_for_timeout(150)
    assert (len(lab.sent("tick")), lab.step) == (asked, step)
    assert lab.data("playing") == "false"


def test_at_most_two_ticks_are_under_way(open_lab):
    lab = open_lab(delay=40)
    lab.evaluate(
        "() => { window.most = 0; const lab = document.querySelector('.dl')._lab;"
        " const ask = lab.ask.bind(lab); lab.ask = what => { ask(what);"
        " window.most = Math.max(window.most, lab.link.ticks); }; }"
    )
    lab.button("Play").click()
    lab.until("lab.stats.frames > 12")
    assert lab.evaluate("window.most") == 2


def test_speeds_are_steps_a_frame_and_max_is_a_budget(open_lab):
    lab = open_lab()
    options = lab.control("speed").locator("option").all_inner_texts()
    assert options == ["1×", "8×", "64×", "max"]
    asked = {}
    for option in options:
        lab.control("speed").select_option(label=option)
        lab.button("Play").click()
        lab.until("model.sent.at(-1).cmd === 'tick'")
        lab.button("Pause").click()
        lab.settle()
        asked[option] = lab.sent("tick")[-1]
    assert [asked[o]["steps"] for o in options[:3]] == [1, 8, 64]
    assert asked["max"]["steps"] >= 10_000
    assert 8 <= asked["max"]["budget_ms"] < 1000 / 30 - 4, "more than 30 frames a second"


def test_a_slider_in_motion_has_one_message_under_way_and_the_latest_wins(open_lab):
    lab = open_lab(delay=60)
    lab.evaluate("""async () => {
        const input = document.querySelector('[name=alpha]');
        for (let k = 0; k <= 300; k++) {
            input.value = input.max * k / 300;
            input.dispatchEvent(new Event('input', { bubbles: true }));
            if (k % 10 === 0) await new Promise(ok => setTimeout(ok, 5));
        }
    }""")
    lab.settle()
    assert len(lab.sent("set")) < 15
    assert lab.lab("model.values.alpha") == 10
    assert lab.control("alpha").evaluate("i => i.value === i.max")


def test_every_click_counts_even_while_python_is_slow(open_lab):
    lab = open_lab(delay=50)
    for k in range(4):
        lab.lab(f"lab.sendEvent('add', {{ x: 0.1 * {k}, y: 0.8 }})")
    lab.settle()
    assert lab.lab("model.points.length") == 8


def test_the_answer_to_an_event_keeps_its_step_and_replaces_the_last_frame(open_lab):
    lab = open_lab()
    lab.ticks(5)
    before = lab.lab("[lab.history.frames.length, lab.shown.step]")
    lab.lab("lab.sendEvent('drag', { index: 0, x: 0.9, y: 0.9 }, 'plane:drag:0')")
    lab.settle()
    assert lab.lab("[lab.history.frames.length, lab.shown.step]") == before
    assert abs(lab.lab("lab.array('x').data[0]") - 0.9) < 1e-6


def test_history_is_thinned_and_keeps_its_ends(open_lab):
    lab = open_lab()
    steps = lab.evaluate("""async () => {
        const { History } = await import('/front/history.js');
        const history = new History({ frames: 60, points: 100 });
        const arrays = { loss: { shape: [1], data: new Float32Array([1]), bad: 0 } };
        for (let step = 0; step <= 12000; step += 8) history.add({ step, arrays });
        const line = history.series('loss');
        const kept = history.frames.map(f => f.step);
        return { kept, line: Array.from({ length: line.n }, (_, i) => line.x(i)) };
    }""")
    for found, most in ((steps["kept"], 60), (steps["line"], 100)):
        assert most / 2 - 1 <= len(found) <= most
        assert (found[0], found[-1]) == (0, 12000)
        gaps = {b - a for a, b in itertools.pairwise(found[:-1])}
        assert len(gaps) == 1, "what is left is evenly spread"


def test_a_hidden_or_distant_lab_does_not_ask(open_lab):
    lab = open_lab()
    lab.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend',"
        " '<div style=\"height: 6000px\"></div>')"
    )
    lab.button("Play").click()
    lab.until("lab.stats.frames > 5")
    lab.evaluate("scrollTo(0, 5500)")
    lab.until("!lab.visible")
    lab.settle()
    asked = len(lab.sent("tick"))
    lab.wait_for_timeout(120)
    assert len(lab.sent("tick")) == asked
    lab.evaluate("scrollTo(0, 0)")
    lab.until(f"model.sent.filter(m => m.cmd === 'tick').length > {asked + 3}")


def test_it_says_what_it_waits_for(open_lab):
    lab = open_lab()
    lab.evaluate("model.answering = false")
    lab.button("Step").click()
    lab.get_by_text("waiting for Python: the kernel is busy").wait_for(timeout=2000)
    lab.evaluate("model.answering = true")
    lab.lab("model.answer(model.sent.at(-1))")
    lab.settle()
    assert lab.get_by_text("waiting for Python").count() == 0


def test_a_refused_value_goes_back_and_says_why(open_lab):
    lab = open_lab()
    lab.evaluate("model.refuse = 'moons'")
    lab.control("data").select_option("moons")
    lab.get_by_text("refused moons").wait_for()
    assert lab.control("data").input_value() == "spiral"
    lab.slide("noise", 0.2)
    lab.settle()
    assert lab.get_by_text("refused moons").count() == 0


def test_a_failure_is_shown_and_reset_leaves_it(open_lab):
    lab = open_lab()
    lab.button("Play").click()
    lab.evaluate("model.emit({ type: 'failed', message: 'ZeroDivisionError: division by zero' })")
    lab.get_by_text("ZeroDivisionError: division by zero").wait_for()
    assert (lab.data("state"), lab.data("playing")) == ("failed", "false")
    lab.button("Reset").click()
    lab.until("lab.root.dataset.state === 'live'")
    assert lab.get_by_text("ZeroDivisionError").count() == 0


def test_divergence_stops_the_run_and_the_doctor_says_why(open_lab):
    lab = open_lab()
    lab.evaluate("""() => {
        model.diverged = true;
        model.findings = [
            { name: 'note', text: 'small', advice: '', level: 'note' },
            { name: 'divergence', text: 'the loss is 3·10⁸.', advice: 'Lower α.', level: 'bad' }];
    }""")
    lab.button("Play").click()
    lab.until("lab.root.dataset.state === 'diverged'")
    assert lab.data("playing") == "false"
    findings = lab.root.locator(".dl-finding")
    assert "problem: divergence the loss is 3·10⁸. Lower α." in findings.first.text_content()
    assert findings.first.locator("svg").count() == 1, "never colour alone"
    asked = len(lab.sent("tick"))
    lab.lab("lab.togglePlay()")
    assert len(lab.sent("tick")) == asked
    lab.evaluate("() => { model.diverged = false; model.findings = []; }")
    lab.button("Reset").click()
    lab.until("lab.root.dataset.state === 'live'")
    assert lab.step == 0


def test_a_malformed_message_is_one_line_and_not_the_end(open_lab):
    lab = open_lab()
    lab.evaluate(
        "model.emit({ type: 'frame', step: 9, done: 1, ms: 1, state: 'live', text: '', doctor: [],"
        " arrays: [{ name: 'p', shape: [4], dtype: 'f4' }] }, [new ArrayBuffer(4)])"
    )
    lab.get_by_text('array "p": expected 16 bytes for (4), got 4').wait_for()
    lab.button("Reset").click()
    lab.until("lab.root.dataset.state === 'live'")


def test_quantised_arrays_are_read(open_lab):
    lab = open_lab()
    values = lab.evaluate("""async () => {
        const { decode } = await import('/front/arrays.js');
        const headers = [
            { name: 'a', value: 'text' },
            { name: 'b', shape: [3], dtype: 'u1', lo: -1, hi: 1 },
            { name: 'c', shape: [2], dtype: 'u2', lo: 0, hi: 4 }];
        const buffers = [new Uint8Array([0, 51, 255]), new Uint16Array([0, 65535]).buffer];
        const arrays = decode(headers, buffers);
        return [arrays.a.value, [...arrays.b.data], [...arrays.c.data]];
    }""")
    text, b, c = values
    assert text == "text"
    assert [round(v, 4) for v in b] == [-1, -0.6, 1]
    assert c == [0, 4]


def test_values_set_in_python_move_the_controls(open_lab):
    lab = open_lab()
    lab.evaluate("""() => {
        model.state.values = { ...model.values, batch: 64, x2: false, data: 'own' };
        for (const f of model.handlers['change:values']) f();
    }""")
    assert lab.control("x2").is_checked() is False
    assert lab.control("data").input_value() == "own"
    assert (
        lab.root.locator(".dl-control", has_text="batch size").locator("output").inner_text()
        == "64"
    )
    assert lab.control("paint").is_visible(), "a condition follows the values"


def test_a_second_view_of_the_same_widget_does_not_restart_the_first(open_lab):
    lab = open_lab()
    lab.ticks(6)
    lab.evaluate(
        "() => { const place = document.createElement('div');"
        " document.querySelector('main').append(place);"
        " window.second = front.render({ model, el: place }); }"
    )
    lab.wait_for_timeout(100)
    assert lab.lab("lab.history.frames.length") == 7
    lab.evaluate("second()")


def test_audit_code_and_link(open_lab):
    lab = open_lab()
    assert lab.button("Copy link").count() == 0, "no links where the host has none"
    lab.button("Audit").click()
    lab.get_by_text("The gradients agree.").wait_for()
    assert lab.root.get_by_role("columnheader", name="relative error").is_visible()
    assert "2·10⁻⁷" in lab.root.locator(".dl-part table").first.inner_text()
    lab.button("Copy as code").click()
    lab.get_by_text("import dlcore").wait_for()
    lab.root.get_by_role("tab", name="PyTorch").click()
    assert "import torch" in lab.root.locator("pre").inner_text()
    lab.button("Copy").click()
    lab.get_by_text("Selected").or_(lab.get_by_text("Copied.")).wait_for()
    lab.button("Copy as code").click()
    assert lab.root.locator("pre").is_hidden()


def test_nothing_is_left_when_a_view_goes(open_lab):
    lab = open_lab()
    lab.button("Play").click()
    lab.until("lab.stats.frames > 5")
    lab.evaluate("() => { window.gone = document.querySelector('.dl')._lab; unmount(); }")
    asked = len(lab.sent("tick"))
    lab.wait_for_timeout(100)
    assert lab.root.count() == 0
    assert lab.evaluate(
        "[model.listeners, model.sent.filter(m => m.cmd === 'tick').length, gone.clock.request]"
    )[:2] == [0, asked]
    assert lab.evaluate("gone.panels.length + gone.dirty.size + gone.cleanup.tasks.length") == 0
    assert lab.evaluate("document.getElementById('lab').children.length") == 0


def test_the_answer_to_a_set_moves_every_control_and_a_later_look_back_does_not(open_lab):
    lab = open_lab()
    lab.ticks(1)
    answer = (
        "model.emit({ type: 'frame', step: lab.shown.step, done: 0, ms: 1, state: 'live', text: '',"
        " doctor: [], arrays: [], settings: { ...lab.values, alpha: %s } })"
    )
    lab.lab(answer % 1)
    assert lab.control("alpha").get_attribute("aria-valuetext") == "1"
    lab.ticks(1)
    lab.lab(answer % 0.1)
    lab.lab("lab.stepBack()")
    assert lab.control("alpha").get_attribute("aria-valuetext") == "0.1"


def test_on_a_logarithmic_axis_zero_breaks_the_line(open_lab):
    lab = open_lab()
    drawn = lab.lab(
        "[lab.panels.find(p => p.spec.name === 'loss')].map(p => {"
        " const ends = []; const c = new Proxy({}, { get: (_, key) => (...place) => {"
        "   if (key === 'moveTo' || key === 'lineTo') ends.push(key); }, set: () => true });"
        " const values = [1, 0.1, 0, -1, 0.1, 0.2];"
        " const data = { n: 6, x: i => i, y: i => values[i] };"
        " p.strokeRaw(c, data);"
        " const last = p.lastHeight({ n: 3, x: i => i, y: i => values[i] });"
        " return [ends, last]; })[0]"
    )
    assert drawn == [["moveTo", "lineTo", "moveTo", "lineTo"], -1]
