"""A live figure in Chromium, for measurements: the built book, with an engine that answers more.

`Figure` opens a chapter of the built book. The engine that the page gets is engine.py with
`EXTRA` behind it: the worker's Python then also times a training step and tells its memory.
"""

import hashlib
import inspect
import json
import textwrap
from contextlib import contextmanager

from playwright.sync_api import sync_playwright

from web.tools import chromium
from web.tools.common import HTML, WEB
from web.tools.serve import serving

from . import timing, workloads

CHAPTER = "chapters/ann/classification.html"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
LOADING = 120_000  # ms

EXTRA = f"""
import gc
import time

import pyodide_js

import dlcore as dl
from dlcore import bce_with_logits, mlp


{inspect.getsource(workloads.toy_mlp)}

{inspect.getsource(timing.step_times)}

def memory(message):
    return {{"wasm": pyodide_js._module.HEAP8.length, "objects": len(gc.get_objects())}}


def times(message):
    return {{"times": step_times(toy_mlp, message["steps"], message["rounds"])}}


EXTRAS = {{"memory": memory, "times": times}}
handle_figure = handle


def handle(figure, message):
    asked = message.to_py()
    if asked["cmd"] in EXTRAS:
        post(figure, {{"type": "measured", **EXTRAS[asked["cmd"]](asked)}}, [])
    else:
        handle_figure(figure, message)
"""


def engine():
    return ((WEB / "page" / "engine.py").read_text() + textwrap.dedent(EXTRA)).encode()


@contextmanager
def browsing():
    """(a browser, the address of the book)"""
    if not (HTML / CHAPTER).exists():
        raise SystemExit(f"bench: there is no book in {HTML}; run make book")
    with serving(HTML) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.require(), args=FLAGS)
        yield browser, address
        browser.close()


class Figure:
    """The figure `mlp` of its chapter."""

    def __init__(self, browser, address):
        self.answers = []
        size = {"width": 1280, "height": 900}
        self.page = browser.new_page(viewport=size, service_workers="block")  # they would fetch all
        self.page.on("response", lambda answer: self.answers.append(answer))
        self.page.route("**/manifest.json", self.give_manifest)
        self.page.route("**/engine.*.py", lambda route: route.fulfill(body=engine()))
        self.page.goto(f"{address}{CHAPTER}#lab=mlp", wait_until="commit")

    def give_manifest(self, route):
        manifest = route.fetch().json()
        manifest["engine"]["sha256"] = hashlib.sha256(engine()).hexdigest()
        route.fulfill(body=json.dumps(manifest), content_type="application/json")

    def script(self, body, argument=None):
        """The value of a JavaScript function body, which may await, of `lab` and `argument`."""
        return self.page.evaluate(
            "async argument => { const lab = document.querySelector('[data-lab=mlp]')._lab;"
            " const pause = ms => new Promise(done => setTimeout(done, ms));"
            f" {body} }}",
            argument,
        )

    def when(self, condition):
        """ms after the page was asked for, when a condition on the figure's data first held."""
        seen = f"document.querySelector('[data-lab=mlp]')?.dataset.{condition}"
        return self.page.wait_for_function(
            f"() => {seen} && performance.now()", polling=4, timeout=LOADING
        ).json_value()

    def ask(self, cmd, **message):
        """The answer of `EXTRA` to a message."""
        return self.script(
            """return new Promise(done => {
                const listener = content => {
                    if (content.type !== 'measured') return;
                    lab.model.off('msg:custom', listener);
                    done(content);
                };
                lab.model.on('msg:custom', listener);
                lab.model.engine.send(lab.model, argument);
            });""",
            {"cmd": cmd, **message},
        )

    def set(self, **values):
        self.script(
            """for (const [name, value] of Object.entries(argument)) {
                lab.setValue(name, value);
                while (lab.link.pending.size || lab.link.held.size) await pause(5);
            }""",
            values,
        )

    def play(self, speed):
        self.page.locator("[data-lab=mlp] [name=speed]").select_option(speed)
        self.script("lab.setPlaying(true);")

    def pause(self):
        self.script("lab.setPlaying(false); while (lab.link.pending.size) await pause(5);")

    def rates(self, speed, seconds=1.0, rounds=7):
        """[(steps a second, frames drawn a second)] of several rounds of a new run."""
        self.script("lab.reset(); while (lab.link.pending.size) await pause(5);")
        self.play(speed)
        self.script("await pause(1000);")
        found = self.script(
            """const found = [];
            for (let k = 0; k < argument.rounds; k++) {
                const start = performance.now(), { steps, drawn } = lab.stats;
                await pause(1000 * argument.seconds);
                const s = (performance.now() - start) / 1000;
                found.push([(lab.stats.steps - steps) / s, (lab.stats.drawn - drawn) / s]);
            }
            return found;""",
            {"seconds": seconds, "rounds": rounds},
        )
        self.pause()
        return found
