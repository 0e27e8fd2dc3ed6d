"""The coach finds two or three indicators for every area; the records that are kept decide the grade within reach."""

from __future__ import annotations

import pytest

from borrowers.domain.catalogue import TYPED
from borrowers.domain.coach import FOR_GROUP, NEAR, SHOWN_BY, Known, Record, suggest
from borrowers.domain.outcomes import Group, OutcomeArea
from borrowers.domain.readings import Grade

CATALOGUE = [Known(one.code, one.area, one.groups) for one in TYPED]
CODES = {one.code for one in TYPED}


@pytest.mark.parametrize("area", OutcomeArea)
def test_every_area_has_two_or_three(area: OutcomeArea) -> None:
    found = suggest(CATALOGUE, area=area, groups=[], records=[])
    assert 2 <= len(found) <= 3
    assert found[0].code == NEAR[area][0]
    assert {one.grade for one in found} == {Grade.ESTIMATED}


def test_records_raise_the_grade_and_groups_are_told_apart() -> None:
    records = [Record.ROTA, Record.PAYROLL]
    found = suggest(CATALOGUE, area=OutcomeArea.WORK, groups=[Group.WOMEN, Group.YOUNG], records=records)
    assert [(one.code, str(one.grade)) for one in found] == [
        ("people-in-work", "B"),
        ("permanent-staff-women", "B"),
        ("jobs-kept", "B"),
    ]
    assert found[0].why == "It counts the change itself. It can be told apart for women, young people under 25."
    assert "a photo of the page is proof enough" in found[0].how
    (hours, *_) = suggest(CATALOGUE, area=OutcomeArea.CITIZENSHIP, groups=[], records=records)
    assert (hours.code, str(hours.grade)) == ("volunteer-hours", "C")


def test_it_names_only_what_there_is() -> None:
    named = {*SHOWN_BY, *FOR_GROUP.values(), *(code for codes in NEAR.values() for code in codes)}
    assert named <= CODES
    assert set(NEAR) == set(OutcomeArea)
