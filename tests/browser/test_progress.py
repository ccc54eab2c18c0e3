"""What the reader's browser keeps: solved exercises and code, shown, carried and forgotten."""

import json
import random
import re
from datetime import date

import pytest

EXERCISES = "chapters/ann/exercises.html"
INTRO = "intro.html"
MODULE = "new URL('{}.js', document.querySelector('script[data-exercises]').src)"
FEEDFORWARD = ("ann.feedforward", "forward-through-two-layers")
GRADIENT = ("ann.gradient", "the-gradient-of-w")
EXAMPLES = "exercises-write-the-network-yourself"
FORBID = """
Object.defineProperty(window, "localStorage", {
  get() { throw new DOMException("The operation is insecure.", "SecurityError"); },
});
"""
FULL = """
Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };
"""


@pytest.fixture(scope="module")
def shared(visit_together):
    """A page with exercises that the tests of this module share."""
    return visit_together(EXERCISES)


@pytest.fixture
def seen(shared):
    """The shared page as a new reader finds it."""
    reader = Reader(shared.page)
    reader.module("store", "({ store }) => store.forget()")
    yield reader
    assert shared.errors == []


class Reader:
    """What a reader does and sees on a page with exercises."""

    def __init__(self, page):
        self.page = page
        page.wait_for_selector(".book-count", state="attached")

    def module(self, name, function, argument=None):
        """A JavaScript function of a module of the page, and of `argument`."""
        return self.page.evaluate(
            f"async (argument) => ({function})(await import({MODULE.format(name)}), argument)",
            argument,
        )

    def answer(self, exercise, verdict, text="Said."):
        """As a code cell does when it has shown the verdict on an answer."""
        name, section = exercise
        self.page.evaluate(
            """([section, detail]) => document.querySelector(`#${section} .cell_output`)
            .dispatchEvent(new CustomEvent("dlcore-check", { bubbles: true, detail }))""",
            [section, {"exercise": name, "verdict": verdict, "text": text}],
        )

    def mark(self, exercise):
        mark = self.page.locator(f"#{exercise[1]} > h2 .book-mark")
        return mark.get_attribute("data-state"), mark.text_content()

    def count(self):
        return self.page.locator("nav.bd-links .book-count").first.text_content()

    def kept(self):
        return self.module("store", "({ store }) => store.entries()")

    def said(self):
        return self.page.locator(".book-progress-message").inner_text()

    def button(self, name):
        return self.page.locator(".book-progress").get_by_role("button", name=name, exact=True)

    def choose(self, content, name="mine.json"):
        """Import a file, and wait for the answer."""
        content = content if isinstance(content, bytes) else content.encode()
        self.page.evaluate("document.querySelector('.book-progress-message').textContent = ''")
        self.page.locator(".book-progress input[type=file]").set_input_files(
            {"name": name, "mimeType": "application/json", "buffer": content}
        )
        self.page.wait_for_selector(".book-progress-message:not(:empty)")
        return self.said()


def saved(**changes):
    """The text of a progress file."""
    good = {
        "format": "dlcore-progress",
        "version": 1,
        "checks": {"ann.slope": {"attempts": 3, "solved": "2026-01-31"}},
        "code": {"chapters/ann/exercises#4": "def slope(a):\n    return a * (1 - a)\n"},
    }
    return json.dumps({**good, **changes})


# -------------------------------------------------------------------------------- the store


def test_a_store_keeps_removes_and_lists_values(seen):
    found = seen.module(
        "store",
        """({ store }) => {
          const heard = [];
          const stop = store.onChange((change) => heard.push(change));
          const written = { "check:b": { a: [1, null] }, "check:a": "é", "code:x": "" };
          const kept = Object.entries(written).map(([key, value]) => store.write(key, value));
          store.remove("check:b");
          stop();
          store.write("check:c", 0);
          const [a, b] = [store.read("check:a"), store.read("check:b")];
          return { kept, heard, a, b, entries: store.entries("check:") };
        }""",
    )
    assert found["kept"] == [True, True, True]
    assert (found["a"], found["b"]) == ("é", None)
    assert found["entries"] == [["check:a", "é"], ["check:c", 0]]
    keys = ["check:b", "check:a", "code:x", "check:b"]
    assert found["heard"] == [{"key": key, "elsewhere": False} for key in keys]


def test_books_on_one_host_do_not_mix(seen):
    entries = seen.module(
        "store",
        """({ Store }) => {
          const places = ["/", "/a/", "/a/b/", "/a/check:/"];
          const stores = places.map((place) => new Store(place));
          stores.forEach((store, i) => store.write("check:x", places[i]));
          stores[1].forget();
          return stores.map((store) => store.entries());
        }""",
    )
    assert entries == [
        [["check:x", "/"]],
        [],
        [["check:x", "/a/b/"]],
        [["check:x", "/a/check:/"]],
    ]


NO_STORAGE = {
    "forbidden": "() => { throw new DOMException('no', 'SecurityError'); }",
    "null": "() => null",
    "undefined": "() => undefined",
    "throws": """() => ({
      length: 1,
      ...Object.fromEntries(["getItem", "setItem", "removeItem", "key"]
        .map((name) => [name, () => { throw 1; }])),
    })""",
    "full": """() => ({
      length: 0, getItem: () => null, removeItem() {},
      setItem() { throw new DOMException("full", "QuotaExceededError"); },
    })""",
}


@pytest.mark.parametrize("storage", NO_STORAGE.values(), ids=NO_STORAGE)
def test_a_store_without_storage_lasts_as_long_as_the_page_and_says_so_once(seen, storage):
    found = seen.module(
        "store",
        f"""({{ Store }}) => {{
          const store = new Store("/book/", {storage});
          const said = [];
          store.onTrouble((line) => said.push(line));
          const before = [store.read("a"), store.entries()];
          const kept = [store.write("a", 1), store.write("b", 2)];
          const after = [store.read("a"), store.entries()];
          store.remove("a");
          const left = store.entries();
          store.forget();
          return {{ before, kept, after, left, end: store.entries(), said }};
        }}""",
    )
    assert found["before"] == [None, []]
    assert found["kept"] == [False, False]
    assert found["after"] == [1, [["a", 1], ["b", 2]]]
    assert (found["left"], found["end"]) == ([["b", 2]], [])
    assert len(found["said"]) == 1
    assert "until you leave this page" in found["said"][0]
    assert "\n" not in found["said"][0]


def test_garbage_in_the_storage_is_nothing(seen):
    entries = seen.module(
        "store",
        """({ Store }) => {
          const store = new Store("/book/");
          for (const [i, text] of ["", "{", "undefined", "NaN", "null", "<b>"].entries())
            localStorage.setItem(store.prefix + i, text);
          localStorage.setItem("unrelated", "1");
          localStorage.setItem("dlcore", "{}");
          store.write("good", 1);
          const entries = [store.entries(), store.read("1"), store.keys().length];
          store.forget();
          return [...entries, store.keys().length, localStorage.getItem("unrelated")];
        }""",
    )
    assert entries == [[["good", 1]], None, 7, 0, "1"]


# ------------------------------------------------------------------------------- the progress


def test_exercises_are_marked_and_counted_at_once(seen):
    assert seen.mark(FEEDFORWARD) == ("not tried", ", not tried")
    assert seen.count() == "0 of 10 solved"
    assert "Your progress: 0 of 10 solved" in seen.page.locator(".book-progress").inner_text()

    seen.answer(FEEDFORWARD, "wrong")
    assert seen.mark(FEEDFORWARD) == ("tried", ", tried")
    assert seen.count() == "0 of 10 solved"

    seen.answer(FEEDFORWARD, "right")
    state, words = seen.mark(FEEDFORWARD)
    assert state == "solved"
    assert re.fullmatch(r", solved on \d{1,2} [A-Z][a-z]+ \d{4}", words)
    assert seen.count() == "1 of 10 solved"
    assert "Your progress: 1 of 10 solved" in seen.page.locator(".book-progress").inner_text()
    heading = seen.page.get_by_role("heading", name=re.compile(r"1\. Forward .*, solved on"))
    assert heading.count() == 1


def test_a_later_wrong_answer_takes_nothing_away(seen):
    for verdict in ("wrong", "not yet", "right", "wrong", "right"):
        seen.answer(FEEDFORWARD, verdict)
    today = str(date.today())
    assert seen.kept() == [["check:ann.feedforward", {"attempts": 4, "solved": today}]]
    assert seen.mark(FEEDFORWARD)[0] == "solved"


def test_unfinished_answers_and_examples_do_not_count(seen):
    seen.answer(FEEDFORWARD, "not yet")
    seen.answer(("ann.softmax", EXAMPLES), "right")  # the page's own example of a right answer
    seen.answer((FEEDFORWARD[0], GRADIENT[1]), "right")
    for name in ("ann.none", "__proto__", "constructor", 3, None, {}):
        seen.answer((name, GRADIENT[1]), "right")
    for verdict in ("RIGHT", "", None, 1, ["right"]):
        seen.answer(GRADIENT, verdict)
    seen.page.evaluate("document.dispatchEvent(new CustomEvent('dlcore-check'))")
    assert seen.kept() == []
    assert seen.count() == "0 of 10 solved"


def test_progress_is_there_after_a_reload_on_other_pages_and_in_other_tabs(seen, shared):
    other = shared.context.new_page()
    other.goto(f"{shared.site}{INTRO}")
    elsewhere = Reader(other)
    assert elsewhere.count() == "0 of 10 solved"
    seen.answer(GRADIENT, "right")
    other.wait_for_function("document.querySelector('.book-count').textContent[0] === '1'")
    other.close()
    seen.page.reload(wait_until="load")
    seen = Reader(seen.page)
    assert seen.count() == "1 of 10 solved"
    assert seen.mark(GRADIENT)[0] == "solved"


def test_all_solved_has_its_own_mark(seen):
    for name, section in seen.page.evaluate(
        "Object.entries(JSON.parse(document.querySelector('script[data-exercises]')"
        ".dataset.exercises)['chapters/ann/exercises'])"
    ):
        assert seen.page.locator("nav.bd-links .book-count svg").count() == 0
        seen.answer((name, section), "right")
    assert seen.count() == "10 of 10 solved"
    assert seen.page.locator("nav.bd-links .book-count svg").count() == 1


GARBAGE = [
    0,
    "solved",
    [],
    {},
    {"attempts": -1, "solved": None},
    {"attempts": 1.5, "solved": None},
    {"attempts": 1, "solved": True},
    {"attempts": 1, "solved": "2026-02-30"},
    {"attempts": 1, "solved": None, "x": 1},
]


def test_garbage_in_what_is_kept_is_not_tried(seen):
    for garbage in GARBAGE:
        seen.module("store", "({ store }, v) => store.write('check:ann.feedforward', v)", garbage)
        assert seen.mark(FEEDFORWARD)[0] == "not tried"
    seen.answer(FEEDFORWARD, "wrong")
    assert seen.kept() == [["check:ann.feedforward", {"attempts": 1, "solved": None}]]


@pytest.mark.parametrize("spoil", [FORBID, FULL], ids=["forbidden", "full"])
def test_where_the_browser_keeps_nothing_the_page_works_and_says_so_once(visit, spoil):
    opened = visit(EXERCISES, prepare=lambda page: page.add_init_script(spoil))
    seen = Reader(opened.page)
    note = seen.page.locator(".book-notice")
    of_the_theme = list(opened.errors)  # it does not ask whether it may keep its colours
    assert note.inner_text() == ""
    seen.answer(FEEDFORWARD, "right")
    assert seen.mark(FEEDFORWARD)[0] == "solved"
    assert "until you leave this page" in note.inner_text()
    note.get_by_role("button", name="Close").click()
    seen.answer(GRADIENT, "right")
    assert seen.count() == "2 of 10 solved"
    assert note.inner_text() == ""
    assert opened.errors == of_the_theme


# ------------------------------------------------------------------- export, import and forget


def test_what_is_exported_can_be_forgotten_and_imported_again(seen):
    seen.answer(FEEDFORWARD, "right")
    seen.answer(GRADIENT, "wrong")
    key, code = "code:chapters/ann/exercises#3", "print('mine')\n"
    seen.module("store", "({ store }, [key, code]) => store.write(key, code)", [key, code])
    before = seen.kept()
    with seen.page.expect_download() as download:
        seen.button("Export").click()
    assert download.value.suggested_filename == "deep-learning-progress.json"
    content = download.value.path().read_bytes()
    assert json.loads(content) == {
        "format": "dlcore-progress",
        "version": 1,
        "checks": {
            "ann.feedforward": {"attempts": 1, "solved": str(date.today())},
            "ann.gradient": {"attempts": 1, "solved": None},
        },
        "code": {key.removeprefix("code:"): code},
    }

    seen.button("Forget").click()
    dialog = seen.page.get_by_role("dialog", name="Forget your progress and your code?")
    assert "2 tried exercises and your code in 1 cell of this book" in dialog.inner_text()
    dialog.get_by_role("button", name="Forget it").click()
    seen.page.wait_for_function("document.querySelector('.book-count').textContent[0] === '0'")
    assert seen.said() == "Forgotten: this browser keeps nothing of this book now."
    assert seen.kept() == []
    assert seen.count() == "0 of 10 solved"

    assert seen.choose(content) == "Imported: 2 exercises tried, 1 of them solved."
    assert seen.kept() == before
    assert seen.count() == "1 of 10 solved"
    seen.choose(content)
    assert seen.kept() == before  # twice is once


def test_forgetting_asks_first_and_escape_and_the_first_button_keep(seen):
    seen.answer(FEEDFORWARD, "right")
    page = seen.page
    for keep in ("Escape", "Enter"):  # the focus is on Keep it
        seen.button("Forget").focus()
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.textContent") == "Keep it"
        page.keyboard.press(keep)
        page.wait_for_selector(".book-dialog", state="hidden")
        assert page.evaluate("document.activeElement.textContent") == "Forget"
    assert seen.count() == "1 of 10 solved"
    seen.button("Forget").click()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('.book-count').textContent[0] === '0'")
    seen.answer(FEEDFORWARD, "right")
    seen.button("Forget").click()
    page.keyboard.press("Escape")  # after a Forget it, too, Escape is no consent
    page.wait_for_timeout(100)
    assert seen.count() == "1 of 10 solved"


def test_an_import_merges_and_takes_nothing_away(seen):
    put = "({ store }, [key, value]) => store.write(key, value)"
    for key, value in {
        "check:ann.slope": {"attempts": 5, "solved": None},
        "check:ann.update": {"attempts": 1, "solved": "2026-03-01"},
        "code:chapters/ann/exercises#4": "my own\n",
        "code:chapters/ann/index#1": "the same\n",
    }.items():
        seen.module("store", put, [key, value])
    said = seen.choose(
        saved(
            checks={
                "ann.slope": {"attempts": 3, "solved": "2026-01-31"},
                "ann.update": {"attempts": 4, "solved": "2026-04-01"},
                "cnn.of_another_edition": {"attempts": 1, "solved": None},
            },
            code={
                "chapters/ann/exercises#4": "another\n",
                "chapters/ann/index#1": "the same\n",
                "chapters/ann/index#2": "new\n",
            },
        )
    )
    assert said == (
        "Imported: 2 exercises tried, 2 of them solved. "
        "1 exercise of the file is not in this book. 1 cell had other code here, which stays."
    )
    assert dict(seen.kept()) == {
        "check:ann.slope": {"attempts": 5, "solved": "2026-01-31"},
        "check:ann.update": {"attempts": 4, "solved": "2026-03-01"},
        "code:chapters/ann/exercises#4": "my own\n",
        "code:chapters/ann/index#1": "the same\n",
        "code:chapters/ann/index#2": "new\n",
    }


def checked(**check):
    return saved(checks={"x": check})


BAD = {
    "not JSON": ("{", "it is not JSON"),
    "binary": (bytes(range(256)), "it is not JSON"),
    "empty": (" ", "it is not JSON"),
    "a list": ("[]", "the file should be an object, and is []"),
    "null": ("null", "the file should be an object, and is null"),
    "another file": ('{"cells": []}', "it is not one that this book has exported"),
    "newer": (saved(version=2), "its version should be 1, and is 2"),
    "more": (saved(extra=1), 'it should not have "extra"'),
    "no checks": (saved(checks=None), "checks should be an object, and is null"),
    "checks in a list": (saved(checks=[]), "checks should be an object, and is []"),
    "a flag": (saved(checks={"x": True}), 'in the check "x", it should be {attempts, solved}'),
    "no attempts": (checked(solved=None), "attempts should be a whole number from 1"),
    "half": (checked(attempts=0.5, solved=None), "attempts should be a whole number from 1"),
    "too many": (checked(attempts=1e300, solved=None), "attempts should be a whole number from 1"),
    "undated": (checked(attempts=1), "solved should be null or a date"),
    "no date": (checked(attempts=1, solved="<b>today</b>"), "solved should be null or a date"),
    "no such day": (checked(attempts=1, solved="2026-13-01"), "solved should be null or a date"),
    "prototype": (saved(checks={"__proto__": {"attempts": 9}}), 'in the check "__proto__", solved'),
    "no code": (saved(code={"a#1": 3}), 'the code of "a#1" should be a text, and is 3'),
    "a strange key": (saved(code={"../../check:x": "1"}), "code should be of a page's cell"),
    "a long key": (saved(code={"a" * 999 + "#1": ""}), "code should be of a page's cell"),
    "much code": (saved(code={"a#1": "x" * 100_001}), "is longer than 100000 characters"),
    "large": ("[" + " " * 2_000_000 + "]", "it is larger than 2 MB"),
    "deep": ("[" * 100_000 + "]" * 100_000, "mine.json was not imported"),
}


def test_a_bad_file_gets_one_clear_line_and_changes_nothing(seen):
    seen.answer(FEEDFORWARD, "right")
    before = seen.kept()
    for name, (content, why) in BAD.items():
        said = seen.choose(content)
        assert said.startswith("mine.json was not imported: "), name
        assert why in said, name
        assert "\n" not in said, name
        assert len(said) < 200, name
        assert seen.kept() == before, name


def test_a_file_is_never_markup(seen):
    evil = "<img src=x onerror=document.title=1>"
    title = seen.page.title()
    assert evil in seen.choose(saved(code={evil: "1"}), name=f"{evil}.json")
    assert evil in seen.choose(saved(version=evil))
    seen.choose(saved(code={"a#1": evil}, checks={evil: {"attempts": 1, "solved": None}}))
    assert seen.page.locator(".book-progress img").count() == 0
    assert seen.page.title() == title


def mutants(number, rng):
    """Progress files with something put in the place of a value or a key, deterministically."""
    junk = [
        None,
        True,
        -1,
        1e308,
        "",
        "2026-01-31",
        "__proto__",
        [],
        {},
        [[]],
        {"solved": 1},
        "é" * 50,
    ]

    def change(value):
        if rng.random() < 0.25:
            return rng.choice(junk)
        if isinstance(value, dict):
            return {
                rng.choice([k, k, k, str(rng.choice(junk))]): change(v) for k, v in value.items()
            }
        return value

    for _ in range(number):
        text = json.dumps(change(json.loads(saved())))
        cut = rng.randrange(len(text)) if rng.random() < 0.2 else len(text)
        yield text[:cut]


def test_no_file_breaks_the_import(seen):
    """Whatever is in it, a line says what is wrong, or all that is taken is sound."""
    lines, kept = seen.module(
        "keepsake",
        """async ({ take }, files) => {
          const { Checks, complaint } = await import(MODULE_checks);
          const { Store } = await import(MODULE_store);
          const lines = [];
          let sound = true;
          for (const [i, text] of files.entries()) {
            const store = new Store(`/fuzz/${i}/`);
            try {
              await take(new File([text], "f"), store, new Checks(store), new Set(["ann.slope"]));
            } catch (error) {
              lines.push(error.message);
              sound &&= store.entries().length === 0;
            }
            sound &&= store.entries("check:").every(([, check]) => complaint(check) === null);
            sound &&= store.entries("code:").every(([, code]) => typeof code === "string");
          }
          return [lines, sound];
        }""".replace("MODULE_checks", MODULE.format("checks")).replace(
            "MODULE_store", MODULE.format("store")
        ),
        list(mutants(400, random.Random(0))),
    )
    assert kept
    assert 100 < len(lines) < 400
    assert all("\n" not in line and len(line) < 160 for line in lines)
    assert not any(re.search(r"undefined|not a function|Cannot", line) for line in lines)


# ---------------------------------------------------------------------------- what readers see


VERDICT = "({ verdict }, check) => { const box = verdict(check); return box && box.outerHTML; }"


def test_a_verdict_is_drawn_from_data_with_text_and_code_only(seen):
    check = {
        "exercise": "ann.slope",
        "verdict": "wrong",
        "text": "Write `a * b`, not <b>`a(b)`</b>.",
        "details": ["a = [1 2]", "<script>alert(1)</script>"],
    }
    shown = seen.module("verdict", VERDICT, check)
    assert 'data-state="wrong"' in shown
    assert "<code>ann.slope</code>: <strong>not right.</strong> Write <code>a * b</code>" in shown
    assert "not &lt;b&gt;<code>a(b)</code>&lt;/b&gt;." in shown
    assert "a = [1 2]\n&lt;script&gt;alert(1)&lt;/script&gt;</pre>" in shown
    for verdict, words in (("right", "passed."), ("not yet", "not yet.")):
        assert words in seen.module("verdict", VERDICT, {**check, "verdict": verdict})


def test_what_is_no_verdict_is_not_drawn(seen):
    good = {"exercise": "ann.slope", "verdict": "right", "text": "Yes.", "details": []}
    spoiled = {"verdict": "toString", "exercise": 1, "text": None, "details": "x"}
    bad = [{**good, key: value} for key, value in spoiled.items()]
    for check in (None, 3, "right", [], {}, {**good, "details": [1]}, *bad):
        assert seen.module("verdict", VERDICT, check) is None


def test_hints_and_the_solution_open_one_by_one_with_mouse_and_keyboard(seen):
    folds = seen.page.locator(f"#{GRADIENT[1]} details")
    names = folds.locator("summary").all_inner_texts()
    assert names == ["Hint 1", "Hint 2", "Solution"]

    def opened():
        return [fold.get_attribute("open") is not None for fold in folds.all()]

    assert opened() == [False, False, False]
    folds.nth(0).locator("summary").click()
    assert opened() == [True, False, False]
    assert "Begin with one example" in folds.nth(0).inner_text()
    for key, now in (("Enter", [True, True, False]), ("Space", [True, True, True])):
        seen.page.keyboard.press("Tab")
        seen.page.keyboard.press(key)
        assert opened() == now
    assert "dz.T @ a_prev / len(dz)" in folds.nth(2).inner_text()


@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1280)])
def test_progress_is_accessible_and_fits_a_phone(visit, violations, scheme, width):
    size = {"width": width, "height": 844}
    full = visit(
        EXERCISES,
        prepare=lambda page: page.add_init_script(FULL),  # with the notice
        color_scheme=scheme,
        viewport=size,
    )
    seen = Reader(full.page)
    seen.answer(FEEDFORWARD, "right")
    seen.answer(GRADIENT, "wrong")
    seen.choose("{", name="n" * 100)
    seen.page.wait_for_timeout(500)  # the theme fades
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
    ours = [[".book-progress"], [".book-notice"], [".book-count"], [".book-mark"]]
    assert violations(seen.page, ours) == []
    seen.button("Forget").click()
    assert violations(seen.page, [[".book-dialog"]]) == []
