"""The state of a figure in the address: restored, shared, and not to be trusted."""

import random

import pytest

from dlcore.labs import Mlp

from .conftest import CHAPTER

HOSTILE = [
    "#lab=mlp&alpha=<img src=x onerror=alert(1)>",
    "#lab=mlp&__proto__=1&constructor=2&toString=3",
    "#lab=../../secret&alpha=0.1",
    "#lab=mlp&seed=1e999&alpha=NaN&batch=-5&layers=99",
    "#lab=mlp&seed=-1&data=nonsense&x1=maybe",
    "#lab=mlp&alpha=%E0%A4%A",
    "#lab=mlp&" + "alpha=0.1&" * 1000,
    "#lab=mlp&alpha=&seed=",
    "#lab",
    "#lab=",
    "#%00[](){}'\"",
]


def settings(seen):
    return seen.script("lab => ({ seed: lab.seed, values: lab.values })")


@pytest.fixture(scope="module")
def seen(browser, site, lab_visit):
    """A page that the tests of this module share: one more costs seconds."""
    visit = lab_visit(browser, site).open()
    visit.usual = settings(visit)
    yield visit
    visit.close()


def load(seen, hash):
    """Load the page anew with this address: a change of the hash alone loads nothing."""
    seen.page.goto("about:blank")
    seen.errors.clear()
    return seen.open(hash=hash)


def change(seen, hash):
    """Change the address while the page is open, and wait until it was heard."""
    seen.page.evaluate(
        """hash => new Promise(done => {
            if (location.hash === hash || !hash && !location.hash) return done();
            addEventListener('hashchange', () => setTimeout(done), { once: true });
            const before = location.href;
            location.hash = hash;
            if (location.href === before) done();
        })""",
        hash,
    )


def test_an_address_restores_the_settings_and_a_live_run_begins_with_them(seen):
    load(seen, "#lab=mlp&seed=3&alpha=0.1&data=circles&x1_sq=true")
    asked = {**seen.usual["values"], "alpha": 0.1, "data": "circles", "x1_sq": True}
    assert settings(seen) == {"seed": 3, "values": asked}
    assert seen.control("data").input_value() == "circles"
    assert seen.control("x1_sq").is_checked()
    assert seen.state == "recorded"  # an address alone downloads no engine
    assert "Go live" in seen.message()

    seen.play(False)
    seen.go_live()
    seen.until("step == 0")
    assert settings(seen) == {"seed": 3, "values": asked}


def test_an_address_leads_to_its_figure_at_once(visit):
    """A recording plays once it is in view, so the page does not scroll there slowly."""
    page = visit(CHAPTER, "#lab=mlp").page
    figure = page.wait_for_selector("section[data-lab=mlp]")
    tops = figure.evaluate(
        """async figure => {
            const top = () => figure.getBoundingClientRect().top, first = top();
            await new Promise(done => setTimeout(done, 200));
            return [first, top()];
        }"""
    )
    assert all(0 <= top < 300 for top in tops)


def test_a_shared_link_leads_back_to_the_same_state(seen):
    load(seen, "#lab=mlp&seed=3&alpha=0.1&data=circles")
    before = settings(seen)
    link = seen.script("lab => lab.model.share(lab.seed, lab.values)")
    assert link.split("#")[1] == "lab=mlp&seed=3&alpha=0.1&data=circles"
    load(seen, "#" + link.split("#")[1])
    assert settings(seen) == before


def test_an_address_that_changes_while_the_page_is_open_is_followed(seen):
    load(seen, "")
    change(seen, "#lab=mlp&seed=7")
    seen.wait_for("lab.seed === 7")


@pytest.mark.parametrize("hash", HOSTILE, ids=lambda text: text[:24])
def test_a_hostile_address_does_nothing(seen, hash):
    load(seen, hash)
    seen.until("step > 0")
    assert seen.errors == []
    assert settings(seen) == seen.usual
    assert seen.state == "recorded"


def test_hostile_addresses_do_nothing_in_an_open_page_either(seen):
    load(seen, "")
    for hash in HOSTILE:
        change(seen, hash)
        assert settings(seen) == seen.usual, hash
    assert seen.errors == []
    assert seen.state == "recorded"


PIECES = [
    "lab=mlp", "lab=", "&", "=", "#", "%", "seed=", "alpha=", "batch=", "data=", "x1=", "layers=",
    "units_1=", "1e9", "-1", "0x10", "true", "circles", "__proto__=1", "constructor=", "NaN", "%00",
    "%F0%9F%92%A9", "%ff", "<script>alert(1)</script>", "javascript:alert(1)", "';alert(1)//",
]  # fmt: skip


ALL = """async (lab, hashes) => {
    const found = [];
    for (const hash of hashes) {
        location.hash = hash;
        await new Promise(next => setTimeout(next, 5));
        found.push({ seed: lab.seed, values: { ...lab.values } });
    }
    return found;
}"""


def random_address(dice):
    """Pieces that mean something, and random bytes: as they are, or escaped."""
    text = "#lab=mlp&" if dice.random() < 0.7 else "#"
    for _ in range(dice.randrange(12)):
        if dice.random() < 0.7:
            text += dice.choice(PIECES)
        else:
            code = dice.randrange(1, 256)
            text += chr(code) if dice.random() < 0.5 else f"%{code:02x}"
    return text


def assert_possible(seen, hash, now):
    """Whatever an address asked for, the settings are some that the figure accepts."""
    assert isinstance(now["seed"], int), hash
    Mlp(now["seed"], **now["values"])  # refuses what is impossible
    assert now["values"].keys() == seen.usual["values"].keys(), hash
    assert seen.errors == [], hash


def test_random_addresses_are_read_without_an_error_and_nothing_in_them_runs(seen):
    dice = random.Random(0)
    seen.page.add_init_script("window.ran = 0; window.alert = () => { window.ran++; };")
    load(seen, "")
    hashes = [random_address(dice) for _ in range(150)]
    for hash, now in zip(hashes, seen.script(ALL, hashes), strict=True):
        assert_possible(seen, hash, now)
    assert seen.state == "recorded"
    for hash in hashes[:4]:
        load(seen, hash)
        assert_possible(seen, hash, settings(seen))
        assert seen.state == "recorded"
    assert seen.page.evaluate("window.ran") == 0
    change(seen, "#lab=mlp&seed=5&data=circles")
    seen.wait_for("lab.seed === 5 && lab.values.data === 'circles'")


def test_what_leaves_the_address_goes_back_to_what_the_page_sets(seen):
    load(seen, "#lab=mlp&seed=3&alpha=1&data=circles")
    change(seen, "#lab=mlp")
    seen.wait_for("lab.seed === 0")
    assert settings(seen) == seen.usual
    assert seen.control("data").input_value() == "spiral"
    assert "usual settings" not in seen.message()
    assert seen.state == "recorded"
