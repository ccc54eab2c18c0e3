"""A browser, the built book on a plain static server, and pages that record what went wrong."""

import re
import shutil

import pytest

from tests.browser.places import PLACES
from web.tools import chromium
from web.tools.common import HTML, NODE_MODULES
from web.tools.serve import serving

PREFIX = "/a/sub-path/"  # where many books live: not at the root of their host
CHAPTER = "chapters/ann/classification.html"
AXE = NODE_MODULES / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-gpu",
    "--no-first-run",
]


def pytest_generate_tests(metafunc):
    """A test with the argument `lab_name` runs for every lab on a page, one page after another."""
    if "lab_name" in metafunc.fixturenames:
        metafunc.parametrize("lab_name", sorted(PLACES, key=PLACES.get), scope="module")


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium; none is an error, not a skip."""
    executable = chromium.find()
    if not executable:
        pytest.fail("browser: no Chromium here; make test installs one, or install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def book():
    """The folder of the built book."""
    if not (HTML / CHAPTER).exists():
        pytest.fail(f"browser: there is no book in {HTML}; run make book")
    return HTML


@pytest.fixture(scope="session")
def site(book):
    """The address of the book, served as plainly as the plainest host does."""
    with serving(book, PREFIX) as address:
        yield address


@pytest.fixture
def broken_site(book, tmp_path):
    """(address, folder) of a copy of the book that a test may damage."""
    folder = shutil.copytree(book, tmp_path / "html")
    with serving(folder, PREFIX) as address:
        yield address, folder


FUNCTION = re.compile(r"\s*(async\s*)?(\w+|\([^()]*\))\s*=>|\s*(async\s+)?function\b")


def wait_by_functions(page):
    """Let `page.wait_for_function` take expressions: Playwright would use eval for them, which the
    pages' policy forbids, but not for functions."""
    wait = page.wait_for_function

    def wait_for(expression, **options):
        return wait(expression if FUNCTION.match(expression) else f"() => {expression}", **options)

    page.wait_for_function = wait_for


class Visit:
    """A page of the book in a browser of its own, and what went wrong in it. The browser keeps no
    copy of the book unless it is asked to: each visit would fetch all of it."""

    def __init__(self, browser, site, **options):
        self.site = site
        usual = {"viewport": {"width": 1280, "height": 900}, "service_workers": "block"}
        self.context = browser.new_context(**{**usual, **options})
        self.page = self.context.new_page()
        wait_by_functions(self.page)
        self.errors, self.answers = [], []
        self.page.on("console", self.hear)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.context.on("response", lambda answer: self.answers.append(answer))
        self.context.on("requestfailed", lambda r: self.errors.append(f"no answer: {r.url}"))

    def hear(self, message):
        if message.type == "error":
            self.errors.append(message.text)

    def open(self, page, hash=""):
        self.page.goto(f"{self.site}{page}{hash}", wait_until="load")
        return self

    def requests_elsewhere(self):
        own = (self.site, "data:", f"blob:{self.site.split('/a/')[0]}")
        return [answer.url for answer in self.answers if not answer.url.startswith(own)]

    def failures(self):
        return [f"{answer.status} {answer.url}" for answer in self.answers if answer.status >= 400]

    def close(self):
        self.context.close()


@pytest.fixture(scope="session")
def violations():
    """violations(page, parts, rules): what axe-core finds on a page, or in its parts [[selector],
    …], by its rules of some tags or names."""

    def find(page, parts=None, rules=RULES):
        if not page.evaluate("() => 'axe' in window"):
            page.evaluate(AXE.read_text(encoding="utf-8"))
        return page.evaluate(
            "([parts, runOnly]) =>"
            " axe.run(parts ?? document, { runOnly, resultTypes: ['violations'] })"
            ".then(r => r.violations.map(v => `${v.id}: ${v.nodes[0].target} ${v.nodes[0].html}`))",
            [parts, rules],
        )

    return find


class LabVisit(Visit):
    """A chapter's page, looked at where a live figure stands."""

    LOADING = 60_000  # ms for Python to come on a busy machine

    def open(self, page=CHAPTER, hash="", name="mlp"):
        super().open(page, hash)
        return self.turn_to(name)

    def turn_to(self, name):
        """Look at another figure of the page."""
        self.name = name
        self.page.locator(f"div.dlcore-lab[data-name={name}]").first.scroll_into_view_if_needed()
        self.page.wait_for_selector(f"section[data-lab={name}]")
        self.lab = self.page.locator(f"section[data-lab={name}]").first
        self.wait_for("lab.shown")
        return self

    def __getattr__(self, name):
        if name in ("state", "playing", "step"):
            value = self.lab.get_attribute(f"data-{name}")
            return int(value) if name == "step" else value
        raise AttributeError(name)

    def button(self, name):
        return self.lab.get_by_role("button", name=name, exact=True)

    def control(self, name):
        return self.lab.locator(f"[name='{name}']")

    def message(self):
        return self.lab.locator("[role=status]").first.inner_text()

    def script(self, expression, argument=None):
        """A JavaScript function of the figure, and of `argument`; it may be asynchronous."""
        return self.page.evaluate(
            f"argument => ({expression})(document.querySelector('[data-lab={self.name}]')._lab,"
            " argument)",
            argument,
        )

    def wait_for(self, condition, timeout=20_000):
        """Wait for a JavaScript expression of `lab`."""
        self.page.wait_for_function(
            f"() => {{ const lab = document.querySelector('[data-lab={self.name}]')?._lab;"
            f" return {condition}; }}",
            timeout=timeout,
        )

    def until(self, condition, timeout=10_000):
        """Wait for a condition on the root element's data, such as ``state == 'live'``."""
        self.page.wait_for_function(
            "() => { const { state, playing, step } = "
            f"document.querySelector('[data-lab={self.name}]').dataset; return {condition}; }}",
            timeout=timeout,
        )

    def settle(self):
        """Until every question but a tick has its answer."""
        self.wait_for(
            "lab.link.held.size === 0"
            " && [...lab.link.pending.values()].every(({ cmd }) => cmd === 'tick')"
        )

    def play(self, wanted=True):
        """Press Play or Pause unless it has happened: a recording ends by itself."""
        press = "if (lab.playing !== wanted) lab.root.querySelector('.dl-play').click();"
        self.script(f"(lab, wanted) => {{ {press} }}", wanted)
        self.until(f"playing == '{str(wanted).lower()}'")

    def go_live(self):
        self.button("Go live").click()
        self.until("state == 'live'", self.LOADING)
        return self


def visiting(browser, site):
    visits = []

    def open(page, hash="", prepare=None, **options):
        visits.append(Visit(browser, site, **options))
        if prepare:
            prepare(visits[-1].page)
        return visits[-1].open(page, hash)

    yield open
    for one in visits:
        one.close()


@pytest.fixture
def visit(browser, site):
    """visit(page, hash, prepare, **options of a browser context) opens a page of the book;
    `prepare(page)` is called before."""
    yield from visiting(browser, site)


@pytest.fixture(scope="module")
def visit_together(browser, site):
    """The same, for a page that the tests of a module share."""
    yield from visiting(browser, site)


@pytest.fixture
def visit_lab(browser, site):
    """visit_lab(hash, site, prepare, page, name, **options) opens a live figure of a chapter;
    `prepare(page)` is called before."""
    visits = []

    def open(hash="", site=site, prepare=None, page=CHAPTER, name="mlp", **options):
        visits.append(LabVisit(browser, site, **options))
        if prepare:
            prepare(visits[-1].page)
        return visits[-1].open(page, hash, name)

    yield open
    for one in visits:
        one.close()


@pytest.fixture(scope="session")
def places():
    """{lab: page} for every lab that stands on a page."""
    return PLACES


@pytest.fixture(scope="session")
def lab_visit():
    """The class of a visit, for modules that keep their pages open."""
    return LabVisit


@pytest.fixture(scope="module")
def live_pages(browser, site):
    """live_pages(name): the page of a lab, live; labs of one page after the other share it."""
    visits = {}

    def turn_to(name):
        page = PLACES[name]
        if page not in visits:
            close()
            visits[page] = LabVisit(browser, site).open(page, name=name)
        seen = visits[page].turn_to(name)
        return seen if seen.state in ("live", "diverged") else seen.go_live()

    def close():
        while visits:
            visits.popitem()[1].close()

    yield turn_to
    close()


@pytest.fixture(scope="module")
def live(browser, site):
    """A live figure that the tests of a module share; Python takes seconds to come."""
    visit = LabVisit(browser, site).open().go_live()
    yield visit
    visit.close()
