"""Many consecutive moves on everything: figures elsewhere update once, or freeze after a few."""

MOVES = 300


def test_three_hundred_moves_of_every_control(open_lab):
    lab = open_lab()
    lab.button("Play").click()
    done = lab.evaluate(
        """async moves => {
        const inputs = [...document.querySelectorAll('.dl-controlbox :is(input, select)')];
        const counts = {};
        for (const input of inputs) {
            for (let k = 1; k <= moves; k++) {
                const share = ((k * 37) % 101) / 100;
                const value = Number(input.min) + (input.max - input.min) * share;
                if (input.type === 'range') input.value = value;
                else if (input.type === 'checkbox') input.checked = k % 2 === 0;
                else if (input.type === 'number') input.value = 1 + k % 50;
                else if (input.type === 'text') input.value = 'not '.repeat(k % 6);
                else input.selectedIndex = k % input.options.length;
                const type = input.matches('[type=range], [type=text]') ? 'input' : 'change';
                input.dispatchEvent(new Event(type, { bubbles: true }));
                if (k % 60 === 0) await new Promise(ok => requestAnimationFrame(ok));
            }
            counts[input.name] = input.type === 'checkbox' ? input.checked : input.value;
        }
        return counts;
    }""",
        MOVES,
    )
    lab.button("Pause").click()
    lab.settle()
    values = lab.lab("model.values")
    assert set(done) == set(values)
    assert values["data"] == done["data"]
    assert values["length"] == float(done["length"])
    assert values["x1"] is done["x1"]
    assert values["said"] == done["said"]
    assert abs(values["noise"] - float(done["noise"])) < 0.006
    before = lab.lab("lab.stats.drawn")
    lab.button("Step").click()
    lab.until(f"lab.stats.drawn > {before}")
    assert lab.data("state") == "live"


def sweep(lab, panel):
    """Move the pointer over a panel, in the page: real pointer events, 300 of them."""
    return lab.canvas(panel).evaluate(
        """async (canvas, moves) => {
        const box = canvas.getBoundingClientRect();
        for (let k = 0; k < moves; k++) {
            const clientX = box.left + (k * 7.3) % box.width;
            const clientY = box.top + (k * 3.1) % box.height;
            const where = { clientX, clientY, bubbles: true };
            canvas.dispatchEvent(new PointerEvent('pointermove', where));
            if (k % 60 === 0) await new Promise(ok => requestAnimationFrame(ok));
        }
    }""",
        MOVES,
    )


def test_three_hundred_moves_over_every_panel_while_it_plays(open_lab):
    lab = open_lab()
    lab.button("Play").click()
    for panel in (
        "net",
        "plane",
        "gan",
        "loss",
        "norms",
        "hist",
        "gates",
        "trace",
        "draw",
        "kernel",
    ):
        drawn = lab.lab("lab.stats.drawn")
        sweep(lab, panel)
        lab.until(f"lab.stats.drawn > {drawn}")
        assert lab.data("playing") == "true", panel
    lab.button("Pause").click()
    lab.settle()
    box = lab.canvas("gates").bounding_box()
    lab.canvas("gates").hover(position={"x": box["width"] / 2, "y": box["height"] / 2})
    lab.until("lab.selections.get('t') !== null && lab.dirty.size === 0")


def test_a_point_dragged_three_hundred_times_ends_under_the_pointer(open_lab):
    lab = open_lab(delay=60)
    box = lab.canvas("plane").bounding_box()
    frame = lab.lab("(f => [f.left, f.top, f.width, f.height])(lab.panels[1].frame)")

    def place(x, y):
        return (
            box["x"] + frame[0] + (x + 1) / 2 * frame[2],
            box["y"] + frame[1] + (1 - y) / 2 * frame[3],
        )

    lab.mouse.move(*place(-0.5, -0.5))
    lab.mouse.down()
    sweep(lab, "plane")
    lab.mouse.move(*place(0.5, 0.6), steps=10)
    lab.mouse.up()
    lab.settle()
    x, y = lab.lab("[...lab.array('x').data.slice(0, 2)]")
    assert abs(x - 0.5) < 0.01
    assert abs(y - 0.6) < 0.01
    assert lab.lab("lab.panels[1].handles.moved.size") == 0
    drags = [m for m in lab.sent("event") if m["name"] == "drag"]
    assert 2 <= len(drags) < 40, "a queue of one, not a flood"


def test_a_click_adds_a_point_and_a_double_click_takes_it_away(open_lab):
    lab = open_lab()
    lab.canvas("plane").click(position={"x": 60, "y": 60})
    lab.settle()
    assert lab.lab("model.points.length") == 5
    lab.canvas("plane").dblclick(position={"x": 60, "y": 60})
    lab.settle()
    assert lab.lab("model.points.length") == 4
    lab.button("Clear points").click()
    lab.settle()
    assert lab.lab("model.points.length") == 0
    lab.ticks(2)
    assert lab.data("state") == "live"


def test_a_finger_drags_a_point_and_scrolls_elsewhere(open_lab):
    lab = open_lab(options={"has_touch": True})
    prevented = lab.canvas("plane").evaluate("""canvas => {
        const box = canvas.getBoundingClientRect();
        const { frame } = document.querySelector('.dl')._lab.panels[1];
        const touch = (x, y) => {
            const clientX = box.left + frame.px(x), clientY = box.top + frame.py(y);
            const finger = new Touch({ identifier: 1, target: canvas, clientX, clientY });
            const event = new TouchEvent('touchstart', { touches: [finger], cancelable: true });
            canvas.dispatchEvent(event);
            return event.defaultPrevented;
        };
        return [touch(-0.5, -0.5), touch(0, 0)];
    }""")
    assert prevented == [True, False]
    assert lab.canvas("plane").evaluate("c => c.style.touchAction") == "pan-y"


def test_drawing_sends_what_is_drawn_and_shows_it_at_once(open_lab):
    lab = open_lab(delay=20)
    box = lab.canvas("draw").bounding_box()
    lab.canvas("draw").scroll_into_view_if_needed()
    box = lab.canvas("draw").bounding_box()
    lab.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + 5)
    lab.mouse.down()
    lab.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + box["height"] - 5, steps=40)
    lab.mouse.up()
    lab.settle()
    assert lab.lab("[...Array(6).keys()].map(i => model.canvas.data[i * 6 + 5])") == [1] * 6


def test_scrubbing_three_hundred_times_shows_what_was(open_lab):
    lab = open_lab()
    lab.ticks(60)
    lab.evaluate(
        """async moves => {
        const scrubber = document.querySelector('[name=history]');
        for (let k = 0; k < moves; k++) {
            scrubber.value = (k * 17) % 61;
            scrubber.dispatchEvent(new Event('input'));
            if (k % 50 === 0) await new Promise(ok => requestAnimationFrame(ok));
        }
        scrubber.value = 20;
        scrubber.dispatchEvent(new Event('input'));
    }""",
        MOVES,
    )
    assert lab.step == 160
    assert lab.root.locator(".dl-twin").inner_text() == "Step 160: all is well.", (
        "the step that is seen, not the last"
    )
    value = lab.root.locator("[data-panel=loss] .dl-value").first.inner_text()
    assert value == "train 0.018", "exp(-160 / 40)"


def test_play_goes_on_from_where_one_has_gone_back_to(open_lab):
    lab = open_lab()
    lab.ticks(30)
    lab.lab("lab.scrubTo(10)")
    assert lab.step == 80
    lab.button("Play").click()
    lab.until("lab.shown.step > 240")
    lab.button("Pause").click()
    steps = lab.lab("lab.history.frames.map(f => f.step)")
    assert steps == sorted(steps)


def test_an_answer_that_comes_after_one_went_back_does_not_pull_one_forward(open_lab):
    lab = open_lab(delay=80)
    lab.ticks(4)
    lab.lab("lab.ask({ steps: 8, budget: 40 })")
    lab.lab("lab.scrubTo(1)")
    lab.settle()
    assert lab.step == 8
    assert lab.lab("lab.history.frames.length") == 6


def test_a_click_in_a_line_goes_to_that_step(open_lab):
    lab = open_lab()
    lab.ticks(40)
    plot = lab.lab("lab.panels[3].plot")
    lab.canvas("loss").click(position={"x": plot["left"] + plot["width"] / 2, "y": 30})
    assert lab.step == 160


def test_selections_are_shared_pinned_and_let_go(open_lab):
    lab = open_lab()
    title = lab.root.locator("[data-panel=plane] .dl-cap")
    box = lab.lab("lab.panels[0].placed.boxes[3]")
    where = {"x": box["x"] + box["size"] / 2, "y": box["y"] + box["size"] / 2}
    lab.canvas("net").hover(position=where)
    lab.until("lab.selections.get('neuron') === 3 && lab.dirty.size === 0")
    assert title.inner_text() == "layer 1, unit 2 alone"
    lab.mouse.move(1, 1)
    lab.until("lab.selections.get('neuron') === null && lab.dirty.size === 0")
    assert title.inner_text() == "what it answers"
    lab.canvas("net").click(position=where)
    lab.mouse.move(1, 1)
    lab.ticks(3)
    assert lab.chosen("neuron") == 3
    lab.keyboard.press("Escape")
    assert lab.chosen("neuron") is None
