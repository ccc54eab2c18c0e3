"""Symbols linked to code: pointing, tapping and keys, from the formula to the code and back."""

import pytest

PAGE = "chapters/ann/index.html"


class Reader:
    """A reader of the chapter, and the things they point at."""

    def __init__(self, visit):
        self.visit, self.page = visit, visit.page
        self.page.wait_for_function(
            "document.querySelectorAll('.math').length"
            " <= document.querySelectorAll('mjx-container').length"
        )
        self.tip = self.page.locator(".symbols-tip")

    def row(self, name):
        """The row of the table that has a name of the code."""
        code = self.page.locator("td:nth-child(2) code").get_by_text(name, exact=True)
        return self.page.locator("table.symbols tr").filter(has=code)

    def number(self, name):
        return self.row(name).evaluate("row => row.sectionRowIndex")

    def symbol(self, name, among="div.math", nth=0):
        return self.page.locator(f"{among} mjx-math .symbol-{self.number(name)}").nth(nth)

    def variable(self, name):
        tokens = self.page.locator(".cell_input .highlight .n")
        return tokens.get_by_text(name, exact=True).first

    def key(self, name):
        return self.row(name).locator(".symbol")

    def marked(self):
        """The marked variables, and how many formulas have a mark."""
        names, formulas = self.page.evaluate(
            """() => {
              const all = (what) => [...document.querySelectorAll(`${what} [data-marked]`)];
              const names = all(".cell_input").map(one => one.textContent);
              return [names, all("article div.math mjx-math").length];
            }"""
        )
        return set(names), formulas

    def until_marked(self, *names):
        self.page.wait_for_function(
            """names => names.sort().join() == [...new Set([...document.querySelectorAll(
              '.cell_input [data-marked]')].map(one => one.textContent))].sort().join()""",
            arg=list(names),
        )

    def until_tip(self, shown=True):
        self.tip.wait_for(state="visible" if shown else "hidden")

    def leave(self):
        self.page.mouse.move(2, 2)


@pytest.fixture(scope="module")
def shared(browser, site):
    from .conftest import Visit

    visit = Visit(browser, site).open(PAGE)
    yield Reader(visit)
    assert visit.errors == []
    visit.close()


@pytest.fixture
def reader(shared):
    yield shared
    shared.page.keyboard.press("Escape")
    shared.leave()
    shared.page.evaluate("document.activeElement.blur()")
    shared.until_tip(False)
    shared.until_marked()


def test_pointing_at_a_symbol_marks_its_variables_and_says_what_it_means(reader):
    reader.symbol("alpha").hover()
    reader.until_tip()
    reader.until_marked("alpha")
    assert reader.marked()[1] > 0
    assert "the learning rate" in reader.tip.inner_text()
    reader.leave()
    reader.until_tip(False)
    reader.until_marked()


def test_pointing_at_a_variable_marks_its_symbol(reader):
    reader.variable("W2").hover()
    reader.until_tip()
    names, formulas = reader.marked()
    assert names == {"W", "W1", "W2"}
    assert formulas > 5
    assert "weights of layer" in reader.tip.inner_text()
    assert "shape: (" in reader.tip.inner_text().replace("\n", "")


def test_a_fraction_is_the_gradient_and_not_the_weight(reader):
    reader.symbol("dW1").hover()
    reader.until_marked("dW1", "dW2")
    assert reader.page.locator("mjx-mfrac[data-marked]").count() >= 2


def test_texts_comments_and_attributes_are_not_variables(reader):
    reader.variable("x").hover()
    reader.until_marked("x")
    kinds = reader.page.evaluate(
        "[...new Set([...document.querySelectorAll('.cell_input [data-marked]')]"
        ".map(one => one.className))]"
    )
    assert kinds == ["n"]
    reader.leave()
    reader.until_marked()
    reader.page.locator(".highlight .n", has_text="softmax").first.hover()  # dl.softmax
    reader.page.wait_for_timeout(300)
    assert reader.tip.is_hidden()


def test_the_tip_can_be_entered_and_put_away_with_escape(reader):
    reader.symbol("alpha").hover()
    reader.until_tip()
    reader.tip.hover()
    reader.page.wait_for_timeout(500)
    assert reader.tip.is_visible()
    reader.page.keyboard.press("Escape")
    reader.until_tip(False)
    assert reader.marked() == (set(), 0)


def test_a_click_keeps_the_marks_and_a_second_one_lets_go(reader):
    symbol = reader.symbol("alpha")
    symbol.click()
    reader.leave()
    reader.page.wait_for_timeout(500)
    assert reader.tip.is_visible()
    assert reader.key("alpha").get_attribute("aria-pressed") == "true"
    symbol.click()
    reader.until_tip(False)
    assert reader.key("alpha").get_attribute("aria-pressed") == "false"


def test_the_table_is_one_stop_of_the_keyboard_and_has_every_symbol(reader):
    page = reader.page
    stops = page.locator("[role=button].symbol[tabindex='0']")
    assert stops.count() == 1
    stops.focus()
    page.keyboard.press("Home")
    for _ in range(4):
        page.keyboard.press("ArrowDown")
    reader.until_marked("W", "W1", "W2")
    page.keyboard.press("Enter")
    assert reader.key("W1").get_attribute("aria-pressed") == "true"
    said = page.locator("table.symbols ~ [role=status], [role=status]").filter(has_text="marked")
    assert "weights of layer" in said.inner_text()
    page.evaluate("document.activeElement.blur()")  # the reader goes on reading
    reader.until_marked("W", "W1", "W2")
    page.keyboard.press("Escape")
    reader.until_marked()


def test_marks_have_a_line_as_well_as_a_tint(reader):
    reader.variable("J").hover()
    reader.until_marked("J")
    styles = reader.page.evaluate(
        "[...document.querySelectorAll(':is(p, pre, .math) [data-marked]')]"
        ".filter(one => !one.closest('.symbols-tip')).map(one => getComputedStyle(one).boxShadow)"
    )
    assert styles
    assert "none" not in styles


def test_cells_may_come_and_go(reader):
    reader.page.evaluate(
        """() => {
          const cell = document.querySelector(".cell_input").cloneNode(true);
          cell.id = "come";
          cell.querySelector("pre").innerHTML = '<span class="n">yhat</span>';
          document.querySelector("article .cell").append(cell);
        }"""
    )
    new = reader.page.locator("#come .n")
    new.click()
    reader.until_tip()
    reader.until_marked("yhat")
    reader.page.evaluate("document.getElementById('come').remove()")
    reader.page.evaluate("dispatchEvent(new Event('resize'))")
    reader.until_tip(False)  # it has nothing to point at
    reader.until_marked("yhat")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_open_tip_is_accessible(reader, violations, scheme):
    reader.page.emulate_media(color_scheme=scheme)
    reader.page.wait_for_function(f"document.documentElement.dataset.theme == '{scheme}'")
    reader.variable("dz2").click()
    reader.until_tip()
    reader.page.wait_for_timeout(400)  # the theme fades
    parts = [[".symbols-tip"], ["table.symbols"], ["[data-marked]"]]
    assert violations(reader.page, parts) == []


def test_a_tap_on_a_phone_opens_a_tip_within_the_screen(visit):
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    reader = Reader(visit(PAGE, **phone))
    symbols = reader.page.locator("section > p mjx-math [class*='symbol-']")
    ends = symbols.evaluate_all("all => all.map(one => one.getBoundingClientRect().right)")
    rightmost = max(range(len(ends)), key=ends.__getitem__)
    assert ends[rightmost] > 330
    symbols.nth(rightmost).tap()
    reader.until_tip()
    box = reader.tip.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert reader.page.evaluate("document.documentElement.scrollWidth") <= 390
    symbols.nth(rightmost).tap()
    reader.until_tip(False)
    assert reader.visit.errors == []


def test_formulas_are_set_without_errors_and_keep_their_mathml(reader):
    assert reader.page.locator("merror, mjx-merror").count() == 0
    weights = reader.page.locator(f".symbol-{reader.number('W1')}")
    neuron = reader.page.locator("div.math", has=weights).first
    mathml = neuron.locator("mjx-assistive-mml").inner_text()
    assert "".join(mathml.split()) == "𝑧(𝑙)=𝑊(𝑙)𝑎(𝑙−1)+𝑏(𝑙)"
