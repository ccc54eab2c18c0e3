"""Every live figure on other screens: dark, without motion, on a phone, with others on its page."""

import pytest

POINT = """lab => {
    const panel = lab.panels.find(p => p.spec.kind === 'plane' && p.spec.drag);
    const { canvas } = panel.surface, box = canvas.getBoundingClientRect();
    const [x, y] = panel.handles.positions();
    const at = (px, py) => ({ x: box.left + px, y: box.top + py });
    const far = [...Array(400).keys()].map(k => [8 + (k % 20) * 15, 30 + Math.floor(k / 20) * 12])
        .find(([px, py]) => px < box.width && py < box.height && panel.handles.near([px, py]) < 0);
    return { point: at(panel.frame.px(x), panel.frame.py(y)), empty: at(...far) };
}"""


@pytest.fixture(scope="module")
def dark_phone(browser, site, lab_visit, places):
    """dark_phone(name): a lab's page on a dark phone that asks for little motion, not live; each
    page is opened once."""
    options = {
        "viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True,
        "color_scheme": "dark", "reduced_motion": "reduce",
    }  # fmt: skip
    visits = {}

    def turn_to(name):
        page = places[name]
        if page not in visits:
            visits[page] = lab_visit(browser, site, **options).open(page, name=name)
        return visits[page].turn_to(name)

    yield turn_to
    for one in visits.values():
        one.close()


def test_in_the_dark_it_is_dark(dark_phone, lab_name):
    seen = dark_phone(lab_name)
    assert seen.lab.get_attribute("data-theme") == "dark"
    ink, paper = seen.script("lab => [lab.theme.ink, lab.theme.paper]")
    assert ink == "#e4e9ee"
    assert paper < "#303030"
    seen.wait_for("lab.panels.every(p => lab.stats.draw[p.spec.name])")
    assert seen.errors == []


def test_with_reduced_motion_it_waits_for_play(dark_phone, lab_name):
    seen = dark_phone(lab_name)
    seen.page.wait_for_timeout(500)
    assert (seen.state, seen.playing, seen.step) == ("recorded", "false", 0)
    seen.play()
    seen.until("step > 0")
    seen.play(False)


def touch(seen, start, dx, dy):
    """A finger goes down, moves in small steps, and up."""
    session = seen.context.new_cdp_session(seen.page)

    def send(kind, points):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        seen.page.wait_for_timeout(16)

    send("touchStart", [start])
    for k in range(1, 11):
        send("touchMove", [{"x": start["x"] + dx * k / 10, "y": start["y"] + dy * k / 10}])
    send("touchEnd", [])
    session.detach()


def test_on_a_phone_a_finger_drags_points_and_scrolls_elsewhere(dark_phone, lab_name):
    seen = dark_phone(lab_name)
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 390
    planes = "lab.spec.panels.filter(p => p.kind === 'plane' && p.drag).map(p => p.name)"
    if not (names := seen.script(f"lab => {planes}")):
        return
    seen.lab.locator(f"[data-panel={names[0]}] canvas").scroll_into_view_if_needed()
    seen.script(
        """lab => {
            window.sent = [];
            lab.sendEvent = (name, what) => sent.push([name, what]);
        }"""
    )
    before, places = seen.page.evaluate("scrollY"), seen.script(POINT)
    touch(seen, places["point"], 20, -60)
    assert seen.page.evaluate("scrollY") == before
    sent = seen.page.evaluate("sent")
    assert len(sent) >= 2
    assert sent[0][1] != sent[-1][1]
    count = len(sent)
    touch(seen, seen.script(POINT)["empty"], 0, -200)
    seen.page.wait_for_function(f"scrollY > {before + 50}")
    assert len(seen.page.evaluate("sent")) == count
    seen.script("lab => { delete lab.sendEvent; }")
    assert seen.errors == []


NAMES = "[...document.querySelectorAll('section[data-lab]')].map(node => node.dataset.lab)"
ALL = """async () => {
    const labs = [...document.querySelectorAll('section[data-lab]')].map(node => node._lab);
    return labs.map(lab => ({ steps: lab.stats.steps, frames: lab.stats.frames }));
}"""


@pytest.fixture(scope="module")
def crowd(browser, site, lab_visit, places):
    """A page with several labs, all in sight on a very high screen, all live and at top speed."""
    pages = list(places.values())
    page = max(pages, key=pages.count)
    names = [name for name in places if places[name] == page]
    assert len(names) >= 2
    visit = lab_visit(browser, site, viewport={"width": 1000, "height": 900}).open(
        page, name=names[0]
    )
    for name in names:
        visit.turn_to(name)
        if visit.state != "live":
            visit.go_live()
        visit.play(False)
        visit.control("speed").select_option("max")
    visit.names = names
    visit.workers = visit.page.evaluate(
        "performance.getEntriesByType('resource').filter(r => r.name.includes('worker.js')).length"
    )
    yield visit
    visit.close()


def gains(seen, ms=1500):
    """Steps and frames that each lab of the page has made within a time."""
    before = seen.page.evaluate(ALL)
    seen.page.wait_for_timeout(ms)
    after = seen.page.evaluate(ALL)
    return [{k: a[k] - b[k] for k in a} for a, b in zip(after, before, strict=True)]


def test_the_labs_of_a_page_share_one_python(crowd):
    assert crowd.workers == 1
    engines = "[...document.querySelectorAll('section[data-lab]')].map(n => n._lab.model.engine)"
    assert crowd.page.evaluate(f"new Set({engines}).size") == 1


def test_a_lab_out_of_view_rests_and_goes_on_when_it_is_back(crowd):
    first, last = crowd.names[0], crowd.names[-1]
    crowd.turn_to(first).play()
    crowd.wait_for("lab.stats.steps > 20")
    crowd.turn_to(last)
    crowd.turn_to(first)
    crowd.page.evaluate("scrollTo(0, document.body.scrollHeight)")
    crowd.wait_for("!lab.visible && lab.link.ticks === 0")
    step = crowd.step
    crowd.page.wait_for_timeout(300)
    assert (crowd.step, crowd.playing) == (step, "true")
    assert crowd.lab.locator(".dl-play").inner_text() == "Pause"
    crowd.lab.scroll_into_view_if_needed()
    crowd.until(f"step > {step}")
    crowd.play(False)


def test_a_hidden_tab_rests(crowd):
    crowd.turn_to(crowd.names[0]).play()
    crowd.wait_for("lab.stats.steps > 20")

    def hide(hidden):
        crowd.page.evaluate(
            """hidden => {
                Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
                document.dispatchEvent(new Event('visibilitychange'));
            }""",
            hidden,
        )

    hide(True)
    crowd.wait_for("lab.link.ticks === 0")
    step = crowd.step
    crowd.page.wait_for_timeout(300)
    assert (crowd.step, crowd.playing) == (step, "true")
    hide(False)
    crowd.until(f"step > {step}")
    crowd.play(False)


SIDE_BY_SIDE = """() => {
    const box = document.createElement('div'), labs = document.querySelectorAll('div.dlcore-lab');
    box.style = 'position: fixed; inset: 0; z-index: 2000; display: grid; background: white;'
        + `grid-template-columns: repeat(${labs.length}, 1fr)`;
    document.body.append(box);
    box.append(...labs);
}"""


def test_labs_that_run_together_all_train_and_share_fairly(crowd):
    """Last in this module: it moves the labs of the page beside each other."""
    crowd.page.set_viewport_size({"width": 2400, "height": 1400})
    crowd.page.evaluate(SIDE_BY_SIDE)
    for name in crowd.names:
        crowd.name = name
        crowd.script("lab => lab.reset()")
        crowd.wait_for("lab.link.pending.size === 0 && lab.visible")
        crowd.script("lab => lab.setPlaying(true)")
    crowd.page.wait_for_timeout(300)
    found = dict(zip(crowd.page.evaluate(NAMES), gains(crowd), strict=True))
    for name in crowd.names:
        crowd.name = name
        crowd.script("lab => lab.setPlaying(false)")
    frames = [gain["frames"] for gain in found.values()]
    assert min(frames) >= 3, found
    assert min(gain["steps"] for gain in found.values()) >= 3, found
    assert max(frames) < 3 * min(frames) + 3, found
    assert crowd.errors == []
