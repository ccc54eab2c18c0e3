"""An exercise from the stub to the mark: written in the page, run, judged and remembered."""

import pytest

from dlcore.exercises import EXERCISES

from .test_cells import LOADING, RUNNING

PAGE = "chapters/ann/exercises.html"


class Exercise:
    """One exercise on its page."""

    def __init__(self, page, name, section):
        self.page, self.name = page, name
        self.section = page.locator(f"#{section}")
        self.cell = self.section.locator("div.cell").first

    def button(self, name):
        return self.cell.get_by_role("button", name=name)

    def type(self, source):
        """As a reader does: Edit, all away, type."""
        if not self.cell.locator(".cm-editor").count():
            self.button("Edit").click()
        self.cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(
            f'{source.rstrip()}\n\n\ncheck("{self.name}", {self.function})'
        )

    @property
    def function(self):
        return EXERCISES[self.name].reference.__name__

    def answer(self, source, timeout=RUNNING):
        """Write and run an answer; returns the verdict's text."""
        self.type(source)
        self.page.keyboard.press("Shift+Enter")
        self.until("done", timeout)
        return self.verdict().inner_text()

    def until(self, state, timeout=RUNNING):
        self.page.wait_for_function(
            "([cell, state]) => cell.dataset.state === state",
            arg=[self.cell.element_handle(), state],
            timeout=timeout,
        )

    def verdict(self):
        return self.cell.locator(".cell-result .dl-check")

    @property
    def mark(self):
        return self.section.locator("h2 .book-mark").get_attribute("data-state")


def run_first(page):
    """Run the first cell; it waits for Python."""
    page.get_by_role("button", name="Run cell 1", exact=True).click()
    page.wait_for_function(
        "document.querySelector('div.cell').dataset.state === 'done'", timeout=LOADING
    )


@pytest.fixture(scope="module")
def page(visit_together):
    """The page of exercises with its first cell run: the tests share it, in their order."""
    seen = visit_together(PAGE)
    run_first(seen.page)
    yield seen.page
    assert seen.errors == []


@pytest.fixture
def gradient(page):
    return Exercise(page, "ann.gradient", "the-gradient-of-w")


@pytest.fixture
def slope(page):
    return Exercise(page, "ann.slope", "the-slope-of-the-logistic-function")


def count(page):
    return page.locator("nav.bd-links .book-count").first.text_content()


def test_the_stub_is_not_yet_an_attempt(slope):
    slope.button("Run").first.click()
    slope.until("done")
    assert "not yet." in slope.verdict().inner_text()
    assert slope.mark == "not tried"


def test_a_known_mistake_gets_its_own_words(gradient):
    said = gradient.answer("def gradient(dz, a_prev):\n    return dz.T @ a_prev")
    assert "✗ ann.gradient: not right. You added up the examples" in said
    assert gradient.verdict().get_attribute("data-state") == "wrong"
    assert gradient.mark == "tried"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("return a * np.nan", "There is nan or inf"),
        ("return a / missing", "It stops in line 2, return a / missing."),
        ("return a(1 - a)", "a * b"),
    ],
    ids=["nan", "exception", "call"],
)
def test_what_goes_wrong_in_the_readers_function_is_told(slope, body, words):
    assert words in slope.answer(f"def slope(a):\n    {body}")
    assert slope.mark == "tried"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_verdicts_are_accessible(page, violations, slope, scheme):
    page.evaluate("scheme => (document.documentElement.dataset.theme = scheme)", scheme)
    slope.answer("def slope(a):\n    return a")
    page.wait_for_timeout(600)  # the theme fades
    assert violations(page, [[".cell-result"], [".cell-bar"], [".book-mark"]]) == []


def test_the_right_answer_is_marked_counted_and_there_after_a_reload(page, gradient):
    assert count(page) == "0 of 10 solved"
    right = "def gradient(dz, a_prev):\n    return dz.T @ a_prev / len(dz)"
    assert "✓ ann.gradient: passed." in gradient.answer(right)
    assert gradient.verdict().get_attribute("data-state") == "passed"
    assert gradient.mark == "solved"
    assert count(page) == "1 of 10 solved"

    gradient.answer(right.replace(" / len(dz)", ""))
    assert gradient.verdict().get_attribute("data-state") == "wrong"
    assert gradient.mark == "solved"  # for good


def test_an_endless_loop_in_a_function_is_stopped_and_python_is_there_again(page, slope):
    slope.type("def slope(a):\n    while True:\n        pass")
    page.keyboard.press("Shift+Enter")
    slope.until("running")
    slope.button("Stop").click()
    slope.until("stopped", timeout=2000)
    assert slope.verdict().count() == 0
    run_first(page)


def test_code_and_marks_are_there_after_a_reload_until_they_are_forgotten(page, gradient):
    page.reload(wait_until="load")
    page.wait_for_selector(".cell-hint")
    assert gradient.mark == "solved"
    assert count(page) == "1 of 10 solved"
    assert "return dz.T @ a_prev\n" in gradient.cell.locator("pre").first.inner_text()

    page.locator(".book-progress").get_by_role("button", name="Forget").click()
    assert "2 tried exercises and your code in 2 cells" in page.locator(".book-dialog").inner_text()
    page.get_by_role("button", name="Forget it").click()
    page.wait_for_function("document.querySelector('.book-count').textContent[0] === '0'")
    assert gradient.mark == "not tried"
    assert "return ...  # (n_out, n_in), like W" in gradient.cell.locator("pre").first.inner_text()
    assert not gradient.button("Reset").is_visible()
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('dlcore/'))") == []
