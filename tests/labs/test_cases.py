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
