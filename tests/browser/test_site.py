"""Every page of the book: whole, self-contained, accessible, and fit for a phone."""

import re
from html import unescape
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest
import yaml

from web.tools.common import ROOT


def pages():
    """The pages that _toc.yml names."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    found = [toc["root"]]

    def collect(entries):
        for entry in entries:
            found.append(entry["file"])
            collect(entry.get("sections", []))

    for part in toc.get("parts", [toc]):
        collect(part.get("chapters", []))
    return [f"{name}.html" for name in found]


each_page = pytest.mark.parametrize("name", pages(), scope="module")


@pytest.fixture(scope="module")
def seen(visit_together, name):
    """A page, its live figures and formulas set; the tests of a page share it."""
    seen = visit_together(name)
    figures = seen.page.locator("div.dlcore-lab").all()
    for figure in figures:
        figure.scroll_into_view_if_needed()
    if figures:
        seen.page.wait_for_selector("section[data-lab] figure")
    seen.page.mouse.wheel(0, 100_000)
    seen.page.wait_for_load_state("networkidle")
    yield seen
    seen.close()


LOADS = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}


class Links(HTMLParser):
    """The ids of a page, and what it links to or loads."""

    def __init__(self, path):
        super().__init__(convert_charrefs=True)
        self.ids, self.twice, self.refs = set(), [], []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if name := attributes.get("id"):
            self.twice += [name] if name in self.ids else []
            self.ids.add(name)
        if tag == "link" and attributes.get("rel") in ("canonical", "alternate"):
            return
        for key in ("href", "src"):
            if attributes.get(key) is not None:
                self.refs.append((attributes[key], LOADS.get(tag) == key))


def wrong(reference, loads, path, parsed, root):
    """Why a reference of the page at `path` leads nowhere, or None."""
    url = urlsplit(reference)
    if url.scheme in ("data", "mailto", "blob"):
        return None
    if url.scheme or url.netloc:
        return "loads from another host" if loads else None
    target = (path.parent / unquote(url.path)).resolve() if url.path else path
    target = target / "index.html" if target.is_dir() else target
    if not target.exists():
        return "no such file"
    if root not in target.parents:
        return "outside the site"
    if url.fragment and target in parsed and unquote(url.fragment) not in parsed[target].ids:
        return "no such anchor"
    return None


def test_every_local_link_anchor_and_file_exists(book):
    root = book.resolve()
    parsed = {p: Links(p) for p in root.rglob("*.html") if "_static" not in p.parts}
    bad = [
        f"{path.relative_to(root)}: {why}: {reference}"
        for path, page in parsed.items()
        for reference, loads in page.refs
        if (why := wrong(reference, loads, path, parsed, root))
    ]
    twice = [
        f"{path.relative_to(root)}: {page.twice}" for path, page in parsed.items() if page.twice
    ]
    assert sum(len(page.refs) for page in parsed.values()) > 50
    assert bad == []
    assert twice == []


@each_page
def test_a_page_loads_without_errors_and_from_its_own_site_only(seen):
    assert len(seen.answers) > 10
    assert seen.errors == []
    assert seen.failures() == []
    assert seen.requests_elsewhere() == []


@each_page
def test_formulas_are_set(seen, book, name):
    if "math notranslate" not in (book / name).read_text(encoding="utf-8"):
        return
    seen.page.wait_for_selector("mjx-container")
    seen.page.wait_for_function(
        "document.querySelectorAll('.math').length"
        " <= document.querySelectorAll('mjx-container').length"
    )
    assert seen.page.locator("merror, mjx-merror").count() == 0


# Of the coloured words in code that are of one kind, on one ground, three are left as they are; the
# others become plain text: axe takes its time for each of five thousand.
FEWER = """() => {
    const words = [...document.querySelectorAll('pre span:not(:has(*))')], count = {};
    const ground = word => getComputedStyle(word.closest('pre')).backgroundColor;
    const kinds = words.map(word => [word.className, word.parentElement.className, ground(word)]);
    words.forEach((word, k) => {
        count[kinds[k]] = (count[kinds[k]] ?? 0) + 1;
        if (count[kinds[k]] > 3) word.replaceWith(word.textContent);
    });
}"""


@each_page
def test_a_page_is_accessible(seen, violations):
    seen.page.evaluate(FEWER)
    seen.page.evaluate("scrollTo(0, 0)")  # or the header lies over a button, and that is no fault
    assert violations(seen.page) == []


@each_page
def test_a_dark_page_has_contrast(seen, violations):
    """Nothing but the colours is another in the dark."""
    seen.page.emulate_media(color_scheme="dark")
    seen.page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
    seen.page.wait_for_timeout(400)  # the theme fades
    assert violations(seen.page, rules=["color-contrast"]) == []


@each_page
def test_a_page_fits_a_phone(seen):
    seen.page.set_viewport_size({"width": 390, "height": 844})
    seen.page.wait_for_timeout(300)  # figures take their new width
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 390


@each_page
def test_a_page_runs_no_script_that_is_not_its_own(seen):
    rules = seen.page.evaluate(
        """async () => {
            const refused = new Promise(done => addEventListener("securitypolicyviolation",
                ({ effectiveDirective }) => done(effectiveDirective)));
            const script = Object.assign(document.createElement("script"), { text: "ran = 1" });
            document.head.append(script);
            return [await refused, typeof ran];
        }"""
    )
    assert rules == ["script-src-elem", "undefined"]


def test_a_dark_page_is_printed_light_and_stays_dark(visit):
    page = visit("intro.html", color_scheme="dark").page
    theme = "document.documentElement.dataset.theme"
    page.evaluate(f"addEventListener('beforeprint', () => (window.printed = {theme}))")
    page.pdf()
    assert page.evaluate("window.printed") == "light"
    assert page.evaluate(theme) == "dark"


def test_a_page_is_described_in_words_without_formulas(book):
    for name in pages():
        page = (book / name).read_text(encoding="utf-8")
        (text,) = re.findall(r'<meta name="description" content="([^"]*)"', page)
        assert 20 <= len(unescape(text)) <= 200
        assert not set("\\$") & set(text)
