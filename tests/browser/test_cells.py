"""Code cells of the page run in the reader's browser, can be edited, stopped and trusted."""

import json

import pytest

from .conftest import CHAPTER, Visit

LOADING = 60_000  # ms for Python to come on a busy machine
RUNNING = 30_000
MATPLOTLIB = 60_000


class Cells(Visit):
    """A page with code cells; they are counted from 1."""

    def open(self, page=CHAPTER, hash=""):
        super().open(page, hash)
        self.page.wait_for_selector(".cell-hint")
        return self

    def cell(self, number):
        return self.page.locator("div.cell").nth(number - 1)

    def state(self, number):
        return self.cell(number).get_attribute("data-state")

    def press(self, number, name):
        self.cell(number).get_by_role("button", name=f"{name} cell {number}", exact=True).click()

    def until(self, number, *states, timeout=RUNNING):
        self.page.wait_for_function(
            "([k, states]) => "
            "states.includes(document.querySelectorAll('div.cell')[k].dataset.state)",
            arg=[number - 1, states],
            timeout=timeout,
        )

    def write(self, number, source):
        """Put a text into a cell, as one that was kept."""
        self.page.evaluate(
            "([k, text]) => { const cell = document.querySelectorAll('div.cell')[k]._cell;"
            " cell.code.close(); cell.code.show(text); cell.showEdit(); }",
            [number - 1, source],
        )

    def start(self, number, source=None):
        if source is not None:
            self.write(number, source)
        self.press(number, "Run")

    def run(self, number, source=None, timeout=RUNNING):
        """Run a cell to its end; returns its state."""
        self.start(number, source)
        self.until(number, "done", "failed", timeout=timeout)
        return self.state(number)

    def result(self, number):
        return self.cell(number).locator(".cell-result")

    def status(self, number):
        return self.cell(number).locator(".cell-status").inner_text()

    def said(self):
        return self.page.locator("[aria-live=polite].visually-hidden").last.inner_text()


@pytest.fixture(scope="module")
def cells(browser, site):
    """A page whose Python is there; the tests of this module share it."""
    visit = Cells(browser, site).open()
    assert visit.run(4, "1 + 1", timeout=LOADING) == "done"
    yield visit
    assert visit.errors == []
    visit.close()


@pytest.fixture
def fresh(browser, site):
    """fresh(page, **options) opens a page whose Python has not been asked for."""
    visits = []

    def open(page=CHAPTER, **options):
        visits.append(Cells(browser, site, **options))
        return visits[-1].open(page)

    yield open
    for one in visits:
        one.close()


def failing_at_first(page, pattern):
    """Let the first request that fits the pattern fail; the next ones get their answer."""
    asked = []

    def answer(route):
        asked.append(route.request.url)
        route.abort() if len(asked) == 1 else route.continue_()

    page.route(pattern, answer)
    return asked


# ---- running


def test_a_page_asks_for_no_python_and_no_editor_before_a_click(fresh):
    seen = fresh()
    seen.page.wait_for_load_state("networkidle")
    asked = [answer.url for answer in seen.answers]
    assert not [url for url in asked if "pyodide" in url or "/editor." in url]


def test_the_last_line_is_shown_as_a_notebook_does(cells):
    assert cells.run(4, "x = 40\nx + 2") == "done"
    assert cells.result(4).inner_text() == "42"
    assert cells.run(4, "x = 40\nx + 2;") == "done"
    assert not cells.result(4).is_visible()
    assert "done in" in cells.status(4)
    assert "Cell 4: done" in cells.said()


def test_what_is_printed_streams_while_the_cell_runs(cells):
    program = "import time\nfor k in range(3):\n    print('step', k)\n    time.sleep(1.0)"
    cells.start(4, program)
    cells.page.wait_for_function(
        "document.querySelectorAll('div.cell')[3].innerText.includes('step 0')", timeout=RUNNING
    )
    assert cells.state(4) == "running"
    assert "running" in cells.status(4)
    cells.until(4, "done")
    assert cells.result(4).inner_text().split() == ["step", "0", "step", "1", "step", "2"]


def test_five_megabytes_of_output_do_not_freeze_the_page(cells):
    program = "for k in range(50_000):\n    print(f'{k:6d}', 'x' * 93)\nprint('the end')"
    cells.start(4, program)
    slowest = cells.page.evaluate(
        """async () => {
            const cell = document.querySelectorAll('div.cell')[3];
            let last = performance.now(), slowest = 0;
            while (cell.dataset.state !== 'done') {
                await new Promise(resolve => setTimeout(resolve, 10));
                slowest = Math.max(slowest, performance.now() - last);
                last = performance.now();
            }
            return slowest;
        }"""
    )
    assert slowest < 2000
    text = cells.result(4).inner_text()
    assert text.startswith("     0 x")
    assert "more characters are left out" in text
    assert text.strip().endswith("the end")
    assert len(text) < 200_000


def test_a_warning_names_the_cell_and_its_line(cells):
    assert cells.run(4, "import warnings\nwarnings.warn('too steep')") == "done"
    assert "cell 4, line 2: UserWarning: too steep" in cells.result(4).inner_text()


# ---- errors


def test_an_error_shows_the_readers_lines_and_none_of_ours(cells):
    cells.run(3, "def half(n):\n    return 1 / n\n")
    assert cells.run(4, "a = 1\nhalf(0)\nb = 2") == "failed"
    text = cells.result(4).inner_text()
    assert text.startswith("ZeroDivisionError: division by zero")
    assert "cell 4, line 2" in text
    assert "→   2  half(0)" in text
    assert "cell 3, line 2" in text
    for ours in ("site-packages", "dlcore_cells", "Traceback", "eval"):
        assert ours not in text
    assert "failed" in cells.status(4)


def test_a_line_that_cannot_be_read_is_marked_where(cells):
    assert cells.run(4, "x = 1\ny = (x +") == "failed"
    text = cells.result(4).inner_text()
    assert "SyntaxError" in text
    assert "→   2  y = (x +" in text
    assert "^" in text


def test_a_missing_name_offers_to_run_the_cells_above(fresh):
    seen = fresh("chapters/ann/exercises.html")
    assert seen.run(2, timeout=LOADING) == "failed"
    assert "check is not there. Cells above have not run yet." in seen.result(2).inner_text()
    assert seen.state(1) == "idle"  # nothing ran silently
    seen.result(2).get_by_role("button", name="Run all above").click()
    seen.until(2, "done")
    assert seen.state(1) == "done"
    assert seen.result(2).is_visible()
    assert seen.errors == []


def test_run_all_above_goes_before_what_waits_already(fresh):
    """Python is still on its way when the reader notices that the cells above are needed."""
    seen = fresh("chapters/ann/exercises.html")
    seen.cell(2).locator(".cell-run").click()
    seen.cell(2).locator(".cell-above").click()
    seen.until(2, "done", timeout=LOADING)
    assert seen.state(1) == "done"
    assert seen.errors == []


def test_pytorch_is_named_as_absent_before_and_after(cells):
    assert cells.run(4, "import torch") == "failed"
    assert "PyTorch does not run in the page" in cells.result(4).inner_text()
    marks = cells.page.locator("div.cell .cell-note", has_text="needs PyTorch")
    assert marks.count() == 2
    assert "This cell uses ours of a cell" in marks.nth(1).inner_text()
    last = cells.page.locator("div.cell").count()
    assert cells.cell(last).get_by_role("button", name="Run").count() == 0


def test_a_browser_without_webassembly_is_told_at_once(fresh):
    seen = fresh()
    seen.page.evaluate("delete globalThis.WebAssembly")
    assert seen.run(4, timeout=5_000) == "failed"
    assert "Python needs WebAssembly" in seen.status(4)
    assert not [answer.url for answer in seen.answers if "pyodide" in answer.url]


# ---- values


def test_html_is_shown_in_a_frame_that_can_do_nothing(cells):
    program = (
        "class Table:\n    def _repr_html_(self):\n"
        "        return '<table id=t><tr><td>7</td></tr></table>'"
        "            '<script>parent.document.title = \"gone\"</script>'\n\nTable()"
    )
    title = cells.page.title()
    assert cells.run(4, program) == "done"
    frame = cells.result(4).locator("iframe")
    assert frame.get_attribute("sandbox") == ""
    assert frame.get_attribute("title")
    assert frame.content_frame.locator("td").inner_text() == "7"
    assert cells.page.title() == title
    assert 30 < frame.bounding_box()["height"] < 120
    cells.errors[:] = [e for e in cells.errors if "Blocked script execution" not in e]


def test_a_plot_whose_library_does_not_come_says_so(cells):
    failing_at_first(cells.page, "**/matplotlib-*.whl*")
    assert cells.run(4, "import matplotlib.pyplot as plt\nplt.plot([1, 2]);") == "failed"
    assert "matplotlib" in cells.status(4)
    assert "the server could not be reached" in cells.status(4)
    assert cells.run(4, "2 * 3") == "done", "what needs no library runs"
    cells.errors[:] = [e for e in cells.errors if "matplotlib" not in e and "ERR_FAILED" not in e]


def test_a_figure_appears_after_its_cell_with_words(cells):
    """The library is asked for again."""
    program = (
        "from dlcore import plots\n"
        "plots.lines(range(3), {'train': [3, 2, 1]}, xlabel='step', ylabel='J');"
    )
    assert cells.run(4, program, timeout=MATPLOTLIB) == "done"
    picture = cells.result(4).locator("img")
    assert picture.count() == 1
    assert picture.evaluate("image => image.naturalWidth") > 300
    assert picture.get_attribute("alt") == "Figure. J against step with train."
    assert not cells.cell(4).locator("pre[data-name=stderr]").count()


def test_data_comes_from_the_site_by_its_hash(cells):
    program = "from dlcore import data\nlen(data.penguins().x_train)"
    assert cells.run(4, program) == "done"
    assert cells.result(4).inner_text() == "234"


def test_a_check_tells_the_page(cells):
    cells.page.evaluate(
        "addEventListener('dlcore-check', ({ detail, target }) =>"
        " (window.heard = [detail, target.closest('div.cell') !== null]))"
    )
    program = (
        "class Verdict:\n    def _repr_mimebundle_(self, **options):\n"
        "        about = {'exercise': 'ann.slope', 'verdict': 'right', 'text': 'All `5` agree.'}\n"
        "        return {'application/vnd.dlcore.check+json': about, 'text/plain': 'plain'}\n\n"
        "Verdict()"
    )
    assert cells.run(4, program) == "done"
    check, inside = cells.page.evaluate("window.heard")
    assert inside
    assert check == {"exercise": "ann.slope", "verdict": "right", "text": "All `5` agree."}
    assert cells.result(4).inner_text().strip() == "✓ ann.slope: passed. All 5 agree."


# ---- labs in cells


def test_a_lab_made_in_a_cell_is_live(cells):
    assert cells.run(4, "import dlcore\nw = dlcore.lab('mlp', alpha=0.1)\nw") == "done"
    lab = cells.result(4).locator("section[data-lab=mlp]")
    lab.wait_for()
    cells.page.wait_for_function(
        "document.querySelectorAll('div.cell')[3].querySelector('section').dataset.state == 'live'"
    )
    assert cells.result(4).locator("[name=alpha]").count() == 1
    lab.get_by_role("button", name="Step", exact=True).click()
    cells.page.wait_for_function(
        "Number(document.querySelectorAll('div.cell')[3].querySelector('section').dataset.step) > 0"
    )
    assert cells.run(5, "w.values = {**w.values, 'alpha': 1.0}\nw.values['alpha']") == "done"
    assert cells.result(5).inner_text() == "1.0"


OWN_LAB = """
import numpy as np
import dlcore
from dlcore.labs import Lab
from dlcore.labs.controls import Slider
from dlcore.labs.panels import line, lines


class Halving(Lab):
    title = "How fast does it halve?"
    controls = {"rate": Slider(0.5, 0.1, 0.9, label="rate")}

    def panels(self):
        return [lines("x", "x", 12, series=[line("x", "x", color="ink")], over="step")]

    def start(self):
        self.x = 1.0

    def update(self):
        self.x *= self.values["rate"]
        return True

    def measure(self):
        return {"x": np.array([self.x], np.float32)}

    def text(self):
        return f"x is {self.x:.3g}."

    def keep(self):
        return self.x

    def recall(self, kept):
        self.x = kept


dlcore.lab(Halving, rate=0.25)
"""


def test_a_lab_of_the_readers_own_is_live(cells):
    assert cells.run(4, OWN_LAB) == "done"
    lab = cells.result(4).locator("section[data-lab=halving]")
    lab.get_by_role("heading", name="How fast does it halve?").wait_for()
    lab.get_by_role("button", name="Step", exact=True).click()
    lab.get_by_text("x is 0.25.").first.wait_for()
    assert lab.locator("[name=rate]").count() == 1


# ---- stopping


def test_an_endless_loop_is_stopped_while_a_figure_trains_on(cells):
    page = cells.page
    figure = page.locator("div.dlcore-lab[data-name=mlp] > section").first
    page.locator("div.dlcore-lab[data-name=mlp]").first.scroll_into_view_if_needed()
    figure.get_by_role("button", name="Go live").click()
    select = "document.querySelector('.cell_output section[data-lab=mlp]')"
    page.wait_for_function(f"{select}.dataset.state == 'live'", timeout=LOADING)
    press = f"{select}._lab.setPlaying(true)"
    page.evaluate(press)
    cells.write(4, "while True:\n    pass")
    page.evaluate("document.querySelectorAll('div.cell')[3]._cell.run()")
    cells.until(4, "running")
    before = int(figure.get_attribute("data-step"))
    page.wait_for_function(f"Number({select}.dataset.step) > {before + 50}")
    assert cells.state(4) == "running"

    took = page.evaluate(
        """async () => {
            const cell = document.querySelectorAll('div.cell')[3], began = performance.now();
            cell.querySelector('.cell-run').click();
            while (cell.dataset.state === 'running') await new Promise(r => setTimeout(r, 1));
            return performance.now() - began;
        }"""
    )
    assert took < 1000
    assert cells.state(4) == "stopped"
    assert "all variables are gone" in cells.result(4).inner_text()
    assert figure.get_attribute("data-state") == "live"
    page.evaluate(f"{select}._lab.setPlaying(false)")
    assert cells.run(5, "2 * 3", timeout=LOADING) == "done"
    assert cells.result(5).inner_text() == "6"


def test_what_was_lost_by_a_stop_is_said(cells):
    cells.run(3, "kept = 5")
    assert cells.run(5, "import dlcore\ndlcore.lab('mlp')") == "done"
    cells.result(5).locator("section[data-lab=mlp]").wait_for()
    cells.start(4, "while True:\n    pass")
    cells.until(4, "running")
    cells.press(4, "Stop")
    cells.until(4, "stopped")
    assert cells.state(3) == "idle"
    assert "not run since Python was restarted" in cells.status(3)
    figure = cells.result(5).locator("section[data-lab=mlp]")
    assert figure.get_attribute("data-state") == "failed"
    assert "Python was stopped" in figure.inner_text()
    assert cells.run(4, "kept", timeout=LOADING) == "failed"
    assert "kept is not there" in cells.result(4).inner_text()


# ---- editing


def test_an_editor_that_does_not_come_is_said_and_can_be_asked_for_again(fresh):
    seen = fresh()
    asked = failing_at_first(seen.page, "**/editor.*.js")
    seen.press(1, "Edit")
    seen.page.wait_for_function(
        "document.querySelector('.cell-status').innerText.includes('could not be loaded')"
    )
    assert "Edit tries again" in seen.status(1)
    assert seen.page.locator(".cm-editor").count() == 0
    seen.press(1, "Edit")
    seen.page.locator(".cm-editor").wait_for()
    assert len(asked) >= 2


def test_editing_with_the_keyboard_alone(fresh):
    seen = fresh()
    page = seen.page
    assert page.locator(".cm-editor").count() == 0
    seen.cell(1).get_by_role("button", name="Edit cell 1").focus()
    page.keyboard.press("Enter")
    editor = page.get_by_role("textbox", name="Code of cell 1")
    editor.wait_for()
    assert editor.evaluate("node => node === document.activeElement")
    page.keyboard.press("Escape")  # nothing changed: the printed code is back
    assert page.locator(".cm-editor").count() == 0
    assert page.evaluate("document.activeElement.textContent") == "Edit"

    page.keyboard.press("Enter")
    editor.wait_for()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("print(6 * 7)")
    page.keyboard.press("Shift+Enter")
    seen.until(1, "done", timeout=LOADING)
    assert seen.result(1).inner_text().strip() == "42"
    page.keyboard.insert_text("; print('again')")
    page.keyboard.press("Control+Enter")
    seen.page.wait_for_function("document.querySelector('div.cell').innerText.includes('again')")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.textContent") == "Edit"
    assert seen.errors == []


def test_an_edit_is_kept_and_reset_forgets_it(fresh):
    seen = fresh()
    page, printed = seen.page, seen.cell(1).locator("pre").first.inner_text()
    seen.press(1, "Edit")
    page.get_by_role("textbox", name="Code of cell 1").wait_for()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("mine = 1")
    page.reload()
    page.wait_for_selector(".cell-hint")
    assert page.locator(".cm-editor").count() == 0
    assert seen.cell(1).locator("pre").first.inner_text().strip() == "mine = 1"
    assert "your own text" in seen.cell(1).inner_text()
    seen.press(1, "Reset")
    assert seen.cell(1).locator("pre").first.inner_text() == printed
    page.reload()
    page.wait_for_selector(".cell-hint")
    assert "your own text" not in seen.cell(1).inner_text()


def test_the_copy_button_copies_what_stands_in_the_cell(cells):
    cells.context.grant_permissions(["clipboard-read", "clipboard-write"])
    cells.write(6, "copied = True")
    cells.cell(6).locator(".cell_input").hover()
    cells.cell(6).locator(".cell_input .copybtn").click()
    assert cells.page.evaluate("navigator.clipboard.readText()") == "copied = True"


def test_cells_know_their_exact_source(fresh, book):
    seen = fresh()
    about = json.loads(seen.page.locator("#dlcore-cells").text_content())
    notebook = json.loads((book.parents[1] / "chapters/ann/classification.ipynb").read_text())
    code = [c for c in notebook["cells"] if c["cell_type"] == "code"]
    assert [c["source"] for c in about["cells"]] == ["".join(c["source"]) for c in code]
    assert [c["id"] for c in about["cells"]] == [c["id"] for c in code]


# ---- the policy

REFUSED = {
    "fetch": "from js import fetch\nawait fetch('https://example.org/x')",
    "a request that waits": (
        "from js import XMLHttpRequest\nr = XMLHttpRequest.new()\n"
        "r.open('GET', 'https://example.org/x', False)\nr.send()"
    ),
    "a socket": "from js import WebSocket\nWebSocket.new('wss://example.org/x')",
}


@pytest.fixture
def answered(cells):
    """Another host that would answer: what fails is refused, not missing."""
    cells.context.route(
        "https://example.org/**",
        lambda route: route.fulfill(body="answered", headers={"Access-Control-Allow-Origin": "*"}),
    )
    yield
    cells.context.unroute("https://example.org/**")
    cells.errors[:] = [e for e in cells.errors if "example.org" not in e]


@pytest.mark.parametrize("way", REFUSED)
def test_a_readers_code_reaches_no_other_host(cells, answered, way):
    listen = (
        "from js import self as worker\nfrom pyodide.ffi import create_proxy\nimport asyncio\n"
        "seen = []\n"
        "hear = create_proxy(lambda e: seen.append((e.effectiveDirective, e.blockedURI)))\n"
        "worker.addEventListener('securitypolicyviolation', hear)\n"
    )
    indented = REFUSED[way].replace("\n", "\n    ")
    program = (
        f"{listen}try:\n    {indented}\nexcept Exception as error:\n    pass\n"
        "await asyncio.sleep(0.2)\nprint(seen)"
    )
    assert cells.run(4, program) == "done"
    assert "example.org" in cells.result(4).inner_text()
    assert not [answer.url for answer in cells.answers if "example.org" in answer.url]


def test_a_worker_of_the_readers_code_is_bound_too(cells, answered):
    program = (
        "from js import Blob, Object, URL, Worker\nfrom pyodide.ffi import create_proxy, to_js\n"
        "import asyncio\n"
        "hear = \"e => postMessage(e.effectiveDirective + ' ' + e.blockedURI)\"\n"
        "source = to_js([f\"addEventListener('securitypolicyviolation', {hear});\"\n"
        "    \"import('https://example.org/x.js')\"])\n"
        "kind = to_js({'type': 'text/javascript'}, dict_converter=Object.fromEntries)\n"
        "module = to_js({'type': 'module'}, dict_converter=Object.fromEntries)\n"
        "worker = Worker.new(URL.createObjectURL(Blob.new(source, kind)), module)\n"
        "heard = asyncio.Future()\n"
        "worker.onmessage = create_proxy(lambda event: heard.set_result(event.data))\n"
        "print(await asyncio.wait_for(heard, 10))\n"
    )
    assert cells.run(4, program) == "done"
    refused = cells.result(4).inner_text().strip()
    assert refused == "script-src-elem https://example.org/x.js"
    assert not [answer.url for answer in cells.answers if "example.org" in answer.url]


def test_text_is_not_evaluated_as_a_script(cells):
    assert cells.run(4, "from pyodide.code import run_js\nrun_js('1 + 1')") == "failed"
    assert "Content Security Policy" in cells.result(4).inner_text()
    cells.errors.clear()


def test_a_readers_code_reaches_the_site(cells):
    program = f"from js import fetch\n(await fetch('{cells.site}intro.html')).status"
    assert cells.run(4, program) == "done"
    assert cells.result(4).inner_text() == "200"


# ---- looks


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_open_editor_and_outputs_are_accessible(cells, violations, scheme):
    page = cells.page
    page.evaluate("scheme => (document.documentElement.dataset.theme = scheme)", scheme)
    cells.run(1, "for k in range(300):\n    print(k)")
    cells.run(3, "1 / 0")
    cells.run(5, "class T:\n    def _repr_html_(self): return '<b>bold</b>'\n\nT()")
    cells.write(2, "x = [1, None, 'text']  # a comment")
    if not page.locator(".cm-editor").count():
        cells.press(2, "Edit")
        page.locator(".cm-editor").wait_for()
    page.wait_for_timeout(600)  # the theme fades
    assert violations(page) == []


def test_a_cell_with_results_fits_a_phone(cells):
    cells.run(1, "print('x' * 500)\n'y' * 500")
    cells.page.set_viewport_size({"width": 390, "height": 844})
    cells.page.wait_for_timeout(300)
    assert cells.page.evaluate("document.documentElement.scrollWidth") <= 390
    cells.page.set_viewport_size({"width": 1280, "height": 900})
