"""A copy kept by the browser opens without a network, and mixes no edition with another."""

import os
import shutil
import time
from contextlib import contextmanager

import pytest

from web.ext.kept import write_worker
from web.tools.common import WEB
from web.tools.serve import serving

from .conftest import CHAPTER, PREFIX, Visit
from .test_cells import LOADING, Cells

SCRIPTS = "dlcore/page-1"


@contextmanager
def reading(browser, folder, kind=Visit):
    """A visit of a book, whose browser keeps a copy."""
    with serving(folder, PREFIX) as address:
        seen = kind(browser, address, service_workers="allow")
        yield seen
        seen.close()


def wait_for_copy(page):
    page.wait_for_function("() => navigator.serviceWorker.controller", timeout=LOADING)


def test_a_book_once_opened_is_read_run_and_searched_without_a_network(browser, book):
    with reading(browser, book, Cells) as seen:
        page = Visit.open(seen, "intro.html").page
        wait_for_copy(page)
        seen.context.set_offline(True)
        seen.open(CHAPTER)
        count = "from dlcore.data import open_data\nlen(open_data('elnino_sst.csv').read())"
        assert seen.run(4, count, timeout=LOADING) == "done"
        assert int(seen.result(4).inner_text()) > 10_000

        page.locator("div.dlcore-lab[data-name=mlp]").first.scroll_into_view_if_needed()
        page.locator("[data-lab=mlp]").get_by_role("button", name="Go live").click()
        page.wait_for_selector("[data-lab=mlp][data-state=live]", timeout=LOADING)

        Visit.open(seen, "search.html?q=penguins")
        page.wait_for_selector("#search-results a[href*=classification]")


# ---- editions of a small book


def publish(folder, number, *names):
    """Put an edition of a small book on its host, or only some of its files. They are an hour old:
    without asking, a browser shows what it has of them for some minutes."""
    page = (
        f'<!doctype html><title>A book</title><link rel="icon" href="data:,"><p>page {number}</p>'
        f'<script src="_static/plain.js"></script>'
        f'<script src="_static/numbered.js?v={number}"></script>'
        f'<script type="module" src="{SCRIPTS}/kept.js"></script>'
    )
    write = f"document.body.append(' script {number}');"
    edition = {
        "index.html": page,
        "other.html": page,
        "_static/plain.js": write,
        "_static/numbered.js": write,
    }
    for name, text in edition.items():
        if not names or name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
            os.utime(folder / name, (0, time.time() - 3600 + number))


def whole(number):
    return f"page {number} script {number} script {number}"


def finish(folder):
    write_worker(folder, f"{SCRIPTS}/kept_worker.js")


@pytest.fixture
def small_book(tmp_path):
    folder = tmp_path / "book"
    (folder / SCRIPTS).mkdir(parents=True)
    for name in ("kept.js", "kept_worker.js", "download.js"):
        shutil.copy(WEB / "page" / name, folder / SCRIPTS)
    publish(folder, 1)
    finish(folder)
    return folder


def text(seen, page="index.html"):
    """What a page shows in a tab of its own, which stays open."""
    tab = seen.context.new_page()
    tab.goto(seen.site + page)
    return " ".join(tab.inner_text("body").split())


def text_at_next_visit(seen, expected):
    """What a page shows after all tabs were closed: the browser changes workers a little later."""
    for _ in range(20):
        for tab in seen.context.pages:
            tab.close()
        time.sleep(0.25)
        if (shown := text(seen)) == expected:
            break
    return shown


def state_of_next(page):
    """Look for a new edition; "installed" if it is kept now, "redundant" if it could not be."""
    return page.evaluate(
        """async () => {
            const registration = await navigator.serviceWorker.getRegistration();
            await registration.update();
            const next = registration.installing ?? registration.waiting;
            if (next.state === "installing")
                await new Promise(done => next.addEventListener("statechange", done));
            return next.state;
        }"""
    )


def test_a_new_edition_is_shown_at_once_and_kept_from_the_next_visit_on(browser, small_book):
    with reading(browser, small_book) as seen:
        wait_for_copy(seen.open("index.html").page)
        publish(small_book, 2)
        finish(small_book)
        assert text(seen, "other.html") == whole(2)  # nothing is stale where there is a network
        assert state_of_next(seen.page) == "installed"
        seen.context.set_offline(True)
        assert text(seen) == text(seen, "") == whole(1)  # a page of the first edition is still open
        assert text_at_next_visit(seen, whole(2)) == whole(2)
        assert text(seen, "other.html?highlight=word") == whole(2)
        kept = "async () => (await (await caches.open((await caches.keys())[0])).keys()).length"
        assert seen.context.pages[-1].evaluate(kept) == 4 + 3  # nothing is left of the first


def test_half_an_edition_is_not_kept_and_the_rest_is_fetched_later(browser, small_book):
    with reading(browser, small_book) as seen:
        wait_for_copy(seen.open("index.html").page)
        publish(small_book, 2)
        finish(small_book)
        publish(small_book, 1, "_static/plain.js")  # the host is not ready
        assert state_of_next(seen.page) == "redundant"
        seen.context.set_offline(True)
        assert text_at_next_visit(seen, whole(1)) == text(seen, "other.html") == whole(1)
        seen.context.set_offline(False)
        publish(small_book, 2)
        assert state_of_next(seen.context.pages[-1]) == "installed"
        seen.context.set_offline(True)
        assert text_at_next_visit(seen, whole(2)) == text(seen, "other.html") == whole(2)


HARM = {
    "there are no workers": "delete Navigator.prototype.serviceWorker",
    "workers are forbidden": "ServiceWorkerContainer.prototype.register = async () => {"
    " throw new DOMException('no', 'SecurityError') }",
}


@pytest.mark.parametrize("harm", HARM.values(), ids=HARM)
def test_without_workers_a_page_is_as_before(browser, small_book, harm):
    with reading(browser, small_book) as seen:
        seen.context.add_init_script(harm)
        seen.open("index.html").page.wait_for_timeout(2_500)
        assert text(seen) == whole(1)
        assert seen.errors == []


def test_where_storage_is_full_there_is_no_copy_and_the_page_is_as_before(browser, small_book):
    with reading(browser, small_book) as seen:
        origin = seen.site.split(PREFIX)[0]
        quota = {"origin": origin, "quotaSize": 1}
        session = seen.context.new_cdp_session(seen.page)
        session.send("Storage.overrideQuotaForOrigin", quota)
        with seen.context.expect_event("response", lambda r: r.url.endswith("sw.js")):
            seen.open("index.html")
        worker = "await navigator.serviceWorker.getRegistration()"
        seen.page.wait_for_function(f"async () => !({worker})?.installing")
        assert seen.page.evaluate(f"async () => ({worker})?.active ?? null") is None
        assert text(seen) == whole(1)
        assert seen.errors == []
