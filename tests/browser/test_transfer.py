"""What travels, gzipped as most hosts do: little before the click, one engine after it."""

import gzip

from playwright.sync_api import Error

BEFORE_CLICK = 800_000
ENGINE = 9_500_000


def transferred(answers):
    """Bytes of these answers as a host that compresses sends them."""
    total = 0
    for answer in answers:
        if answer.url.startswith("blob:"):
            continue  # made in the page
        try:
            body = answer.body()
        except Error:  # a redirect has none
            continue
        total += min(len(body), len(gzip.compress(body, compresslevel=6)))
    return total


def test_a_chapter_and_its_engine_stay_within_their_budgets(visit_lab):
    seen = visit_lab()
    seen.page.wait_for_load_state("networkidle")
    before = list(seen.answers)
    assert transferred(before) <= BEFORE_CLICK
    assert not [answer.url for answer in before if "pyodide" in answer.url]

    seen.go_live()
    after = seen.answers[len(before) :]
    assert [answer.url for answer in after if "numpy" in answer.url]
    assert transferred(after) <= ENGINE
