"""The front page: what the book is at once, a live figure, ways in, contents, progress."""

import pytest

from web.tools.common import ROOT
from web.tools.contents import parts

CHAPTERS = [name for _, names in parts(ROOT) for name in names if name.startswith("chapters/")]


@pytest.fixture(scope="module")
def front(visit_together):
    return visit_together("intro.html").page


def test_its_figure_plays_by_itself(visit):
    page = visit("intro.html").page
    page.wait_for_function("() => Number(document.querySelector('[data-lab]')?.dataset.step) > 0")


def test_where_motion_is_not_wanted_the_figure_waits(visit):
    page = visit("intro.html", reduced_motion="reduce").page
    page.wait_for_selector("section[data-lab=mlp]")
    page.wait_for_timeout(500)
    assert page.locator("section[data-lab=mlp]").get_attribute("data-step") == "0"


def test_every_chapter_is_listed_with_what_there_is_in_it(front):
    rows = front.locator(".book-contents li")
    assert rows.count() == len(CHAPTERS)
    for row, name in zip(rows.all(), CHAPTERS, strict=True):
        assert row.locator("a").get_attribute("href") == f"{name}.html"
        kind = "exercises" if name.endswith("/exercises") else "minutes to read"
        assert kind in row.inner_text()


def test_progress_is_that_of_the_whole_book(front):
    line = front.locator(".book-progress").inner_text()
    assert "exercises solved in the book." in line
    counts = front.locator(".book-contents .book-count").all_inner_texts()
    total = sum(int(count.split()[2]) for count in counts)
    assert f"0 of {total} exercises" in line


def test_a_chapter_says_how_long_it_takes(visit):
    page = visit(f"{CHAPTERS[0]}.html").page
    line = page.locator("h1 + .book-reading").inner_text()
    minutes, words = line.split(" ", 1)
    assert int(minutes) > 5
    assert words.startswith("minutes to read, ")
    assert "live figure" in words


def test_it_is_accessible_and_fits_a_phone(visit, violations):
    page = visit("intro.html", viewport={"width": 390, "height": 844}).page
    page.wait_for_selector("section[data-lab=mlp]")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert violations(page) == []
