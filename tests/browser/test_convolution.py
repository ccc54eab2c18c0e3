"""The labs `convolution` and `pooling` in the page: what can be done before Python, and how quickly
it answers with it."""

import pytest

from tests.browser.conftest import PLACES

on_a_page = pytest.mark.parametrize("name", [n for n in ("convolution", "pooling") if n in PLACES])
SOON = 250  # ms, on a machine that others use, too; the goal, alone on it, is 50
KEYS = """async (lab, [panel, keys]) => {
    const canvas = lab.root.querySelector(`[data-panel=${panel}] canvas`), times = [];
    for (const key of keys) {
        const start = performance.now();
        canvas.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
        while (lab.link.pending.size || lab.dirty.size) await new Promise(requestAnimationFrame);
        times.push(performance.now() - start);
    }
    return times.sort((p, q) => p - q);
}"""
EDITED = {"convolution": "kernel", "pooling": "da"}
MAP = {"convolution": "output", "pooling": "max"}


@on_a_page
def test_before_python_is_there_the_recording_explains_every_cell(visit_lab, name):
    seen = visit_lab(page=PLACES[name], name=name, reduced_motion="reduce")
    assert seen.state == "recorded"
    said = seen.lab.locator("[data-panel=sum] .dl-formula")
    texts = {said.inner_text()}
    canvas = seen.lab.locator(f"[data-panel={MAP[name]}] canvas")
    canvas.focus()
    for key in ("ArrowUp", "ArrowRight", "ArrowRight"):
        seen.page.keyboard.press(key)
        seen.wait_for("!lab.dirty.size")
        texts.add(said.inner_text())
    canvas.hover(position={"x": 5, "y": 5})
    seen.wait_for("!lab.dirty.size")
    texts.add(said.inner_text())
    assert len(texts) == 5
    assert seen.state == "recorded", "nothing was changed, so no Python is needed"
    assert seen.errors == []


@on_a_page
def test_a_key_is_answered_at_once(live_pages, name):
    seen = live_pages(name)
    seen.script(KEYS, [EDITED[name], ["+"]])
    for panel, keys in (
        (EDITED[name], ["PageUp", "PageDown"] * 4),
        (MAP[name], ["ArrowLeft", "ArrowDown"] * 4),
    ):
        times = seen.script(KEYS, [panel, keys])
        assert times[len(times) // 2] < SOON, (panel, times)
    assert seen.errors == []
