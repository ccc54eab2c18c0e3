"""What the tests of the front end share: its sources served, labs mounted on the harness page."""

import base64
import json
import threading
from functools import cache
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
FRONT = ROOT / "dlcore" / "widgets" / "front"
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"


@cache
def bundled():
    from dlcore.widgets.bundle import bundle

    return bundle().encode()


class Handler(SimpleHTTPRequestHandler):
    """/front/ is the front end's source, /bundle.js the bundle, all else the harness."""

    def translate_path(self, path):
        path = path.split("?")[0].lstrip("/")
        return str(FRONT / path[len("front/") :] if path.startswith("front/") else HERE / path)

    def do_GET(self):
        if self.path.split("?")[0] == "/bundle.js":
            return self.give(bundled(), "text/javascript")
        if self.path == "/favicon.ico":
            return self.give(b"", "image/x-icon")
        return super().do_GET()

    def give(self, body, kind):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="session")
def front_url():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


class LabPage:
    """A lab on the harness page, and what tests ask of it."""

    def __init__(self, page, errors):
        self.page, self.errors = page, errors
        self.root = page.locator("section.dl")

    def __getattr__(self, name):
        return getattr(self.page, name)

    def button(self, name):
        return self.root.get_by_role("button", name=name, exact=True)

    def control(self, name):
        return self.root.locator(f"[name={name}]")

    def canvas(self, panel):
        return self.root.locator(f"[data-panel={panel}] canvas").first

    def panel(self, name):
        return self.root.locator(f"[data-panel={name}]")

    def caption(self, panel):
        """The title of a panel, and what stands behind it."""
        self.settle()
        return self.panel(panel).locator(".dl-cap").inner_text()

    def formula(self, panel):
        """The words of a panel that is a formula, or ends with one."""
        self.settle()
        return self.panel(panel).locator(".dl-formula").inner_text()

    def part(self, panel, what):
        """A member of a panel's object."""
        return self.lab(f"lab.panels.find(p => p.spec.name === '{panel}').{what}")

    def chosen(self, selection):
        return self.lab(f"lab.selections.get('{selection}')")

    def data(self, name):
        return self.root.get_attribute(f"data-{name}")

    @property
    def step(self):
        return int(self.data("step"))

    def lab(self, expression):
        """A JavaScript expression in which `lab` is the lab and `model` its model."""
        return self.page.evaluate(
            f"() => {{ const lab = document.querySelector('.dl')._lab, model = window.model;"
            f" return {expression}; }}"
        )

    def sent(self, cmd):
        return self.page.evaluate("cmd => model.sent.filter(m => m.cmd === cmd)", cmd)

    def until(self, expression, timeout=4000):
        """Wait until a JavaScript expression (with `lab` and `model`) holds."""
        self.page.wait_for_function(
            f"() => {{ const lab = document.querySelector('.dl')?._lab, model = window.model;"
            f" return {expression}; }}",
            timeout=timeout,
        )

    def settle(self):
        """Until every answer is there and everything is drawn."""
        self.until(
            "lab.link.pending.size === 0 && lab.link.held.size === 0 && lab.dirty.size === 0"
        )

    def ticks(self, n, steps=8):
        """Ask for n frames, one after the other."""
        self.page.evaluate(
            """async ([n, steps]) => {
                const lab = document.querySelector('.dl')._lab;
                for (let k = 0; k < n; k++) {
                    lab.ask({ steps, budget: 4000 }); // all of them, also on a busy machine
                    while (lab.link.ticks) await new Promise(ok => setTimeout(ok, 0));
                }
            }""",
            [n, steps],
        )

    def slide(self, name, share):
        """Put a slider at a share of its way, as a hand does: one input event."""
        self.control(name).evaluate(
            """(input, share) => {
                input.value = Number(input.min) + share * (input.max - input.min);
                input.dispatchEvent(new Event('input', { bubbles: true }));
            }""",
            share,
        )

    def place(self, panel, x, y):
        """Where (x, y) of a plane is on the screen, in px."""
        self.canvas(panel).scroll_into_view_if_needed()
        box = self.canvas(panel).bounding_box()
        left, top = self.lab(
            f"(({{ frame }}) => [frame.px({x}), frame.py({y})])"
            f"(lab.panels.find(p => p.spec.name === '{panel}'))"
        )
        return box["x"] + left, box["y"] + top

    def drag(self, panel, start, end):
        """Take what is at `start` in a plane to `end`."""
        self.mouse.move(*self.place(panel, *start))
        self.mouse.down()
        self.mouse.move(*self.place(panel, *end), steps=3)
        self.mouse.up()
        self.settle()

    def violations(self):
        """What axe finds in the lab."""
        self.add_script_tag(path=str(AXE))
        found = self.evaluate(
            "async () => (await axe.run('.dl', { resultTypes: ['violations'] })).violations"
        )
        return [
            (v["id"], v["nodes"][0]["html"][:120], v["nodes"][0]["failureSummary"][:200])
            for v in found
        ]

    def pixels(self, panel):
        """How many colours a panel's canvas has."""
        return self.canvas(panel).evaluate(
            """canvas => {
                const { width, height } = canvas;
                const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
                return new Set(new Uint32Array(data.buffer)).size;
            }"""
        )


class Pages:
    """A page for each kind of screen, used from test to test: a new one costs half a second."""

    def __init__(self, browser):
        self.browser, self.pages = browser, {}
        self.errors, self.session = [], None

    def get(self, width, height, dpr, options):
        key = (width, height, dpr, *sorted(options.items()))
        if key not in self.pages:
            viewport = {"width": width, "height": height}
            self.pages[key] = self.make(viewport=viewport, device_scale_factor=dpr, **options)
        return self.pages[key]

    def make(self, **options):
        page = self.browser.new_context(**options).new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)
        page.expose_function("dlcoreHandle", lambda text: self.session(text))
        return page

    def leave(self):
        for page in self.pages.values():
            if page.url != "about:blank":
                page.mouse.move(0, 0)
                page.goto("about:blank")

    def close(self):
        for page in self.pages.values():
            page.context.close()


@pytest.fixture(scope="session")
def pages(browser):
    all_pages = Pages(browser)
    yield all_pages
    all_pages.close()


@pytest.fixture
def open_lab(pages, front_url):
    """open_lab(model="sink", width=772, ...) -> LabPage. At the end: no errors in the page."""
    pages.errors.clear()

    def open_(*, width=772, height=1000, dpr=1, session=None, ready=True, options=None, **query):
        pages.session = session
        page = pages.get(width, height, dpr, options or {})
        query = {"model": "sink", "bundle": 1} | query
        page.goto(f"{front_url}/index.html?{urlencode(query)}")
        page.wait_for_function("window.ready")
        lab = LabPage(page, pages.errors)
        if ready:
            lab.until("lab && lab.shown && lab.panels.every(p => lab.stats.draw[p.spec.name])")
        return lab

    yield open_
    pages.leave()
    assert pages.errors == []


@pytest.fixture
def python_lab(open_lab):
    """python_lab("mlp", ...) -> LabPage driven by a Session of dlcore.labs in this process."""

    def open_(name="mlp", seed=0, values=None, **keys):
        from dlcore.labs import Session

        said = []
        session = Session(
            name, lambda content, buffers: said.append([content, [text_of(b) for b in buffers]]),
            seed=seed, values=values or {},
        )  # fmt: skip

        def handle(text):
            said.clear()
            session.handle(json.loads(text))
            return list(said)

        page = open_lab(model="bridge", session=handle, **keys)
        page.session = session
        return page

    return open_


def text_of(array):
    return base64.b64encode(np.ascontiguousarray(array, "<f4").tobytes()).decode()
