"""In the published page a lab begins with its recording, and goes live when one wants it to."""

PAGE = {"host": "page", "length": 160}


def test_it_plays_by_itself_when_in_view_and_stops_at_the_end(open_lab):
    lab = open_lab(**PAGE)
    assert lab.data("state") == "recorded"
    lab.until("lab.root.dataset.playing === 'true'")
    lab.until("lab.root.dataset.playing === 'false'", timeout=6000)
    assert lab.step == 160
    assert lab.root.locator(".dl-badge").inner_text() == "recorded"


def test_it_does_not_with_reduced_motion(open_lab):
    lab = open_lab(**PAGE, options={"reduced_motion": "reduce"})
    lab.wait_for_timeout(250)
    assert (lab.data("playing"), lab.step) == ("false", 0)
    lab.button("Play").click()
    lab.until("lab.shown.step > 8")


def test_play_at_the_end_shows_it_again(open_lab):
    lab = open_lab(host="page", length=40)
    lab.until("lab.ended", timeout=5000)
    lab.button("Play").click()
    lab.until("lab.shown.step < 40")
    lab.until("lab.shown.step === 40 && !lab.playing", timeout=5000)


def test_step_scrub_and_reset_work_on_the_recording(open_lab):
    lab = open_lab(**PAGE, options={"reduced_motion": "reduce"})
    for _ in range(3):
        lab.button("Step").click()
        lab.settle()
    assert lab.step == 3
    lab.keyboard.press(",")
    assert lab.step == 2
    lab.button("Reset").click()
    lab.settle()
    assert lab.step == 0


def test_going_live_keeps_the_recording_playable_and_then_starts_at_step_0(open_lab):
    lab = open_lab(**PAGE)
    assert lab.control("alpha").is_enabled()
    lab.button("Go live").click()
    lab.get_by_text("loading Python: 3 of 8 MB").wait_for()
    assert lab.data("state") == "loading"
    assert lab.root.locator("progress").get_attribute("value") == "0.4"
    step = lab.step
    lab.until(f"lab.shown.step > {step}")
    lab.button("Pause").click()
    lab.evaluate("model.length = Infinity")
    lab.evaluate("model.becomeLive()")
    lab.until("lab.root.dataset.state === 'live'")
    assert lab.step == 0
    assert lab.button("Go live").count() == 0
    assert lab.root.locator("progress").is_hidden()


def test_the_keyboard_goes_on_at_play_when_go_live_has_done_its_work(open_lab):
    lab = open_lab(**PAGE)
    lab.button("Go live").focus()
    lab.keyboard.press("Enter")
    lab.until("lab.root.dataset.state === 'loading'")
    assert lab.evaluate("document.activeElement.classList.contains('dl-play')")


def test_settings_changed_while_it_loads_are_sent_and_not_lost(open_lab):
    lab = open_lab(**PAGE, options={"reduced_motion": "reduce"})
    lab.evaluate("model.answering = false")
    for share in (0.2, 0.5, 0.8):
        lab.slide("noise", share)
    lab.evaluate("model.emit({ type: 'host', state: 'loading', progress: 0.1, note: 'loading' })")
    lab.evaluate("model.answering = true")
    lab.evaluate("model.becomeLive()")
    lab.until("lab.root.dataset.state === 'live'")
    lab.settle()
    assert lab.lab("model.values.noise") == 0.4


def test_a_failed_engine_leaves_the_recording(open_lab):
    lab = open_lab(**PAGE, options={"reduced_motion": "reduce"})
    lab.evaluate(
        "model.emit({ type: 'host', state: 'failed', note: 'Python could not be loaded: offline' })"
    )
    lab.get_by_text("Python could not be loaded: offline").wait_for()
    assert lab.data("state") == "failed"
    assert lab.button("Go live").is_visible()
    lab.button("Step").click()
    lab.until("lab.shown.step === 1")
