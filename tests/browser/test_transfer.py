"""What travels, gzipped as most hosts do: little before the click, one engine after it."""

from web.tools.transfer import transferred

BEFORE_CLICK = 800_000
ENGINE = 9_500_000


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
