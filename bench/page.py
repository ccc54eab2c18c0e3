"""Speed of the published page, in one Chromium: `python -m bench.page`. Prints, asserts nothing.

Each number is a median of several rounds in the same run, beside its goal. The page's Python and
the one here take turns, so that a busy machine slows both.
"""

import statistics

from web.tools.transfer import transferred

from .timing import step_times
from .visit import Figure, browsing
from .workloads import toy_mlp

SMALL = {"layers": 2, "units_1": 8, "units_2": 8, "batch": 10, "data": "circles"}
ROUNDS = 9
ANSWER = """const times = [];
for (let k = 0; k < argument.rounds; k++) {
    lab.setPlaying(true);
    await pause(300);
    const start = performance.now();
    await (async () => { %s })();
    times.push(performance.now() - start);
    lab.setPlaying(false);
    while (lab.link.pending.size) await pause(5);
}
return times;"""
PAUSE = "lab.setPlaying(false); while (lab.link.pending.size) await pause(1);"
CONTROL = """const input = lab.root.querySelector('[name=alpha]');
input.value = Number(input.max) / 2 + k;
input.dispatchEvent(new Event('input', { bubbles: true }));
while (lab.link.isBusy('set:alpha')) await pause(1);"""

# A cell that never ends is stopped, and another one runs, while the figure trains.
LOOP = """const nodes = [...document.querySelectorAll('div.cell')];
const [loop, next] = nodes.slice(3, 5).map(node => node._cell);
const state = cell => cell.node.dataset.state;
const until = async (cell, ...wanted) => { while (!wanted.includes(state(cell))) await pause(2); };
const write = (cell, text) => { cell.code.close(); cell.code.show(text); };
write(loop, 'while True:\\n    pass');
write(next, '6 * 7');
next.run();
await until(next, 'done');
lab.setPlaying(true);
const found = [];
for (let k = 0; k < argument.rounds; k++) {
    loop.run();
    await until(loop, 'running');
    await pause(1000);
    const { drawn } = lab.stats, start = performance.now();
    loop.press();
    await until(loop, 'stopped');
    const stopped = performance.now();
    next.run();
    await until(next, 'done');
    const end = performance.now();
    found.push([stopped - start, end - stopped, (lab.stats.drawn - drawn) / (end - start) * 1000]);
}
lab.setPlaying(false);
return found;"""


def main():
    print(row("", "median", "goal"))
    with browsing() as (browser, address):
        for title, found, goal in measure(browser, address):
            print(row(title, found, goal), flush=True)


def measure(browser, address):
    """Yields a title, what was found and what is wanted."""
    figure = Figure(browser, address)
    yield "recording moves after opening", f"{figure.when('step > 0'):.0f} ms", "1,000 ms"
    figure.page.wait_for_load_state("networkidle")
    before = list(figure.answers)
    yield "travels before the click, gzip", megabytes(before), ""

    start = figure.script("lab.goLive(); return performance.now();")
    live = figure.when("state === 'live'")
    yield "click to live", f"{live - start:.0f} ms", "5,000 ms"
    yield "travels after the click, gzip", megabytes(figure.answers[len(before) :]), ""

    steps, frames = medians(figure.rates("8"))
    yield "frames a second, 8 steps a frame", f"{frames:.0f}", "60"
    figure.set(**SMALL)
    for speed in ("8", "64", "max"):
        steps, frames = medians(figure.rates(speed))
        goal = "9,000 above 30 fps" if speed == "max" else ""
        found = f"{steps:,.0f} at {frames:.0f} fps"
        yield f"updates a second, 2-8-8-1, batch 10, {speed}", found, goal

    for title, act in (("pause", PAUSE), ("a control", CONTROL)):
        times = figure.script(ANSWER % act, {"rounds": ROUNDS})
        yield f"{title} answers in", f"{statistics.median(times):.0f} ms", "100 ms"

    shares = [share(figure) for _ in range(ROUNDS)]
    yield "MLP 2-16-16-1, batch 64: share of native", f"{statistics.median(shares):.3f}", "0.333"

    stop, again, frames = medians(figure.script(LOOP, {"rounds": 3}))
    yield "a cell that never ends: Stop answers in", f"{stop:.0f} ms", "at once"
    yield "cells run again after", f"{again:.0f} ms", "5,000 ms"
    yield "frames a second of the figure meanwhile", f"{frames:.0f}", ""


def share(figure):
    """Speed of a training step in the page, divided by that of the Python here."""
    there = min(figure.ask("times", steps=100, rounds=5)["times"])
    return min(step_times(toy_mlp, 300, 5)) / there


def medians(pairs):
    return [statistics.median(column) for column in zip(*pairs, strict=True)]


def megabytes(answers):
    return f"{transferred(answers) / 1e6:.2f} MB"


def row(title, found, goal):
    return f"{title:46s}{found:>20s}{goal:>22s}"


if __name__ == "__main__":
    main()
