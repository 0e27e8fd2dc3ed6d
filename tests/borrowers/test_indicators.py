"""The catalogue is ours and whole, an indicator that contradicts itself is refused, and so is a figure out of range."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from borrowers import queries
from borrowers.domain.catalogue import CATALOGUE
from borrowers.domain.errors import (
    BorrowerError,
    IndicatorUnclear,
    ReadingMalformed,
    ReadingOutOfRange,
    UnknownSdgTarget,
)
from borrowers.domain.indicators import Range
from borrowers.domain.outcomes import AddUp, Group, OutcomeArea
from borrowers.domain.readings import Answer, is_tenfold, parts_for_others
from borrowers.domain.sdg import SDG_TARGETS
from borrowers.services import load_catalogue
from tests.borrowers.builders import community_shop, people_in_work, reading

IRIS_IDS = [
    "PI4060",
    "PI9652",
    "PI7098",
    "PI2476",
    "OI8869",
    "OI2444",
    "OI4038",
    "OI4724",
    "OI1166",
    "FP6510",
    "PI3687",
    "PI5691",
    "PI2251",
    "PI2688",
    "PI4874",
    "PI8007",
    "PI2410",
    "PI5965",
    "FP5293",
    "OI1479",
    "PI5476",
    "PI8381",
    "PI7569",
    "PI1478",
    "FP2635",
    "FP6354",
    "FP6373",
    "FP9717",
    "FP3939",
    "FP9954",
    "FP5979",
]
"""Those of our page on impact, checked there against release 5.3."""


def test_the_catalogue_has_each_id_once_with_a_question_of_ours() -> None:
    assert sorted(one.iris_id for one in CATALOGUE) == sorted(IRIS_IDS)
    assert len({one.code for one in CATALOGUE}) == len(CATALOGUE)
    assert all(one.question.endswith("?") and one.hint for one in CATALOGUE if not one.from_ledger)
    assert all(one.iris_version == "5.3" and set(one.sdg_targets) <= set(SDG_TARGETS) for one in CATALOGUE)
    assert {one.area for one in CATALOGUE if one.area} <= set(OutcomeArea)


@pytest.mark.django_db
def test_the_catalogue_is_loaded_once_and_leaves_a_funds_own_alone() -> None:
    own = people_in_work()
    assert len(load_catalogue()) == len(CATALOGUE) - 1
    assert load_catalogue() == []
    own.refresh_from_db()
    assert own.is_own
    assert queries.indicators().count() == len(CATALOGUE)
    assert not queries.asked_indicators().filter(from_ledger=True).exists()


@pytest.mark.parametrize(
    ("changes", "refusal", "said"),
    [
        ({"sdg_targets": ("8.11",)}, UnknownSdgTarget, "There is no SDG target '8.11'. Goal 8 has 8.1 to 8.b"),
        ({"sdg_targets": ("18.1",)}, UnknownSdgTarget, "The goals are 1 to 17"),
        ({"sdg_targets": ("8.5", "8.5")}, UnknownSdgTarget, "named twice"),
        ({"iris_id": "4912"}, IndicatorUnclear, "not two letters and four digits"),
        ({"iris_version": ""}, IndicatorUnclear, "without the release"),
        ({"adds_up": AddUp.AVERAGE}, IndicatorUnclear, "what weighs it"),
        ({"weighted_by": "people"}, IndicatorUnclear, "what weighs it"),
        ({"range": Range(Decimal(5), Decimal(5), 0)}, IndicatorUnclear, "holds nothing"),
        ({"range": Range(None, None, 7)}, IndicatorUnclear, "7 decimals"),
        ({"adds_up": AddUp.UNIQUE_PEOPLE, "range": Range(None, None, 1)}, IndicatorUnclear, "people, who come whole"),
        ({"unit": " "}, IndicatorUnclear, "a name and a unit"),
    ],
)
def test_an_indicator_that_contradicts_itself_is_refused(
    changes: dict[str, Any], refusal: type[BorrowerError], said: str
) -> None:
    with pytest.raises(refusal, match=said):
        replace(CATALOGUE[0], **changes)


@pytest.mark.django_db
def test_an_average_names_what_weighs_it() -> None:
    people_in_work()
    average = people_in_work(code="wage", adds_up=AddUp.AVERAGE, weighted_by="people-in-work")
    assert average.weighted_by is not None
    assert average.weighted_by.code == "people-in-work"
    with pytest.raises(IndicatorUnclear, match="'nothing', which is not there"):
        people_in_work(code="pay", adds_up=AddUp.AVERAGE, weighted_by="nothing")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("-1", "of \N{MINUS SIGN}1 people is below 0"),
        ("101", "of 101 people is above 100"),
        ("5.5", "counted in whole numbers of people; 5.5 is none"),
    ],
)
def test_a_figure_outside_its_units_range_is_refused(value: str, said: str) -> None:
    people = people_in_work(range=Range(Decimal(0), Decimal(100), 0))
    with pytest.raises(ReadingOutOfRange, match=said):
        reading(community_shop(), people, value=Decimal(value))


@pytest.mark.django_db
def test_the_five_answers_are_five_things() -> None:
    shop, load = community_shop(), people_in_work
    said = {
        answer: reading(shop, load(code=f"i-{answer}"), answer=answer, value=None, grade=None, evidence="")
        for answer in Answer
        if answer is not Answer.VALUE
    }
    nought = reading(shop, load(code="i-nought"), value=Decimal(0))
    assert {one.answer for one in said.values()} | {nought.answer} == {str(answer) for answer in Answer}
    assert [one.indicator.code for one in queries.current_readings(shop)] == ["i-nought"]
    assert queries.current_answers(shop).count() == len(Answer)
    with pytest.raises(ReadingMalformed, match="has no figure beside it"):
        reading(shop, load(code="both"), answer=Answer.NOTHING)
    with pytest.raises(ReadingMalformed, match="has no figure, or none that says how"):
        reading(shop, load(code="blank"), value=None)


@pytest.mark.django_db
def test_what_the_ledger_answers_is_never_typed() -> None:
    load_catalogue()
    lent = queries.indicators().get(code="lent-value")
    with pytest.raises(ReadingMalformed, match="Lent in the period is what the ledger answers by itself"):
        reading(community_shop(), lent, value=Decimal(5))


@pytest.mark.django_db
def test_parts_stay_within_the_whole_and_are_of_groups_that_are_asked() -> None:
    shop, people = community_shop(), people_in_work()
    with pytest.raises(ReadingMalformed, match="A part of 7 for women is not from 0 to the whole of 6"):
        reading(shop, people, parts={Group.WOMEN: Decimal(7)})
    with pytest.raises(ReadingMalformed, match="not asked for by unpaid carers"):
        reading(shop, people, parts={Group.CARERS: Decimal(1)})
    made = reading(shop, people, parts={Group.WOMEN: Decimal(4), Group.YOUNG: Decimal(0)})
    assert [(one.group, one.value) for one in queries.parts_of([made])[made.pk]] == [
        ("women", Decimal(4)),
        ("young", Decimal(0)),
    ]


@pytest.mark.parametrize(
    ("whole", "part", "shown"),
    [(20, 12, 12), (20, 4, None), (20, 0, 0), (20, 17, None), (20, 15, 15), (20, 20, 20), (5, 5, 5), (3, 3, None)],
)
def test_small_counts_are_hidden_and_so_is_what_reveals_them(whole: int, part: int, shown: int | None) -> None:
    assert parts_for_others(Decimal(whole), {"women": Decimal(part)}) == {"women": shown}


@pytest.mark.parametrize(
    ("value", "before", "is_so"),
    [
        ("60", "6", True),
        ("59", "6", False),
        ("0.6", "6", True),
        ("0", "6", False),
        ("6", "0", False),
        ("6", None, False),
    ],
)
def test_a_tenfold_change_is_noticed(value: str, before: str | None, is_so: bool) -> None:
    assert is_tenfold(Decimal(value), Decimal(before) if before else None) is is_so
