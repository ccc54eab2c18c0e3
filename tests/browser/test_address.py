"""The state of a figure in the address: restored, shared, and not to be trusted."""

import pytest

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


def test_an_address_restores_the_settings_and_a_live_run_begins_with_them(visit_lab):
    usual = settings(visit_lab())
    seen = visit_lab("#lab=mlp&seed=3&alpha=0.1&data=circles&x1_sq=true")
    asked = {**usual["values"], "alpha": 0.1, "data": "circles", "x1_sq": True}
    assert settings(seen) == {"seed": 3, "values": asked}
    assert seen.control("data").input_value() == "circles"
    assert seen.control("x1_sq").is_checked()
    assert seen.state == "recorded"  # an address alone downloads no engine
    assert "Go live" in seen.message()

    seen.play(False)
    seen.go_live()
    seen.until("step == 0")
    assert settings(seen) == {"seed": 3, "values": asked}


def test_a_shared_link_leads_back_to_the_same_state(visit_lab):
    seen = visit_lab("#lab=mlp&seed=3&alpha=0.1&data=circles")
    link = seen.script("lab => lab.model.share(lab.seed, lab.values)")
    assert link.split("#")[1] == "lab=mlp&seed=3&alpha=0.1&data=circles"
    assert settings(visit_lab("#" + link.split("#")[1])) == settings(seen)


def test_an_address_that_changes_while_the_page_is_open_is_followed(visit_lab):
    seen = visit_lab()
    seen.page.evaluate("location.hash = '#lab=mlp&seed=7'")
    seen.page.wait_for_function("document.querySelector('[data-lab=mlp]')._lab.seed === 7")


@pytest.mark.parametrize("hash", HOSTILE, ids=lambda text: text[:24])
def test_a_hostile_address_does_nothing(visit_lab, hash):
    usual = settings(visit_lab())
    seen = visit_lab(hash)
    seen.until("step > 0")
    assert seen.errors == []
    assert settings(seen) == usual
    assert seen.state == "recorded"


def test_what_leaves_the_address_goes_back_to_what_the_page_sets(visit_lab):
    usual = settings(visit_lab())
    seen = visit_lab("#lab=mlp&seed=3&alpha=1&data=circles")
    seen.page.evaluate("location.hash = '#lab=mlp'")
    seen.page.wait_for_function("document.querySelector('[data-lab=mlp]')._lab.seed === 0")
    assert settings(seen) == usual
    assert seen.control("data").input_value() == "spiral"
    assert "usual settings" not in seen.message()
    assert seen.state == "recorded"
