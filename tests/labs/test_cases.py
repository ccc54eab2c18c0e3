"""What holds for every lab with cases worth trying."""

import pytest

from dlcore.labs import LABS
from dlcore.labs.cases import Cases

WITH_CASES = [lab for lab in LABS.values() if issubclass(lab, Cases)]
every_lab = pytest.mark.parametrize("lab", WITH_CASES, ids=lambda lab: lab.name)


@every_lab
def test_every_case_sets_its_values_and_says_what_to_notice(lab, assert_sound):
    assert lab.notices.keys() == lab.cases.keys()
    for name in lab.cases:
        chosen = lab(case=name)
        assert {k: chosen.values[k] for k in lab.case(name)} == lab.case(name)
        assert chosen.notice == lab.notices[name]
        assert lab.notices[name] in (chosen.text(), chosen.frame().get("notice"))
        assert_sound(chosen)


@every_lab
def test_a_case_that_is_chosen_later_is_as_if_it_had_been_chosen_first(lab):
    first, *_, last = lab.cases
    moved = lab(case=last)
    moved.set("case", first)
    assert moved.values == lab(case=first).values
    assert not moved.is_left()
    for name, value in others(moved):
        moved.set(name, value)
        break
    assert moved.is_left()
    assert moved.set("case", first), "it can be chosen again"
    assert not moved.is_left()
    assert moved.values == lab(case=first).values


def others(lab):
    """Settings that are not those of the case; such as make no new run first."""
    names = lab.case(lab.values["case"]).keys() - set(lab.aside)
    for name in sorted(names, key=lambda name: lab.controls[name].restarts):
        control = lab.controls[name]
        for value in getattr(control, "options", ()) or (getattr(control, "hi", None),):
            if value is not None and lab.counts(name) and value != lab.values[name]:
                yield name, value
