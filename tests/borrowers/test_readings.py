"""A reading is recorded once its period is over, with its evidence, and corrected only by another reading."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from borrowers import queries
from borrowers.domain.errors import (
    IndicatorUnclear,
    NotConfirmed,
    PeriodNotOver,
    ReadingExists,
    ReadingMalformed,
    ReplacesAnother,
    RestatementUnexplained,
    WrongPeriod,
)
from borrowers.domain.outcomes import Measure
from borrowers.domain.readings import Answer, Grade, ReadingPeriod
from borrowers.models import Reading
from borrowers.services import confirm_reading
from tests.borrowers.builders import community_shop, people_in_work, person, reading

pytestmark = pytest.mark.django_db

YEAR_BEFORE = ReadingPeriod(date(2024, 10, 1), date(2025, 10, 1))


def test_a_reading_is_kept_with_its_evidence():
    shop, indicator = community_shop(), people_in_work()
    made = reading(shop, indicator)
    made.refresh_from_db()
    assert (made.value, made.grade, made.period.last_day) == (Decimal("6"), "B", date(2026, 9, 30))
    assert made.recorded_by == person("Jo Armstrong")


def test_a_period_has_to_be_over():
    shop, indicator = community_shop(), people_in_work()
    with pytest.raises(PeriodNotOver, match="The period to 30 September 2026 is not over on 30 September 2026"):
        reading(shop, indicator, on=date(2026, 9, 30))
    assert not Reading.objects.exists()
    reading(shop, indicator, on=date(2026, 10, 1))


def test_a_period_ends_after_it_begins():
    with pytest.raises(WrongPeriod):
        ReadingPeriod(date(2026, 10, 1), date(2026, 10, 1))


def test_what_adds_up_is_told_once_for_each_day():
    """A year as a whole and by quarters would count twice; what stands on a day may be told at any time."""
    shop, hours = community_shop(), people_in_work(code="volunteer-hours", name="Hours", measure=Measure.FLOW)
    quarter, later = (
        ReadingPeriod(date(2026, 7, 1), date(2026, 10, 1)),
        ReadingPeriod(date(2026, 10, 1), date(2026, 11, 1)),
    )
    whole = reading(shop, hours)
    with pytest.raises(ReadingExists, match="shares days with the figure for 1 October 2025 to 30 September 2026"):
        reading(shop, hours, period=quarter)
    reading(shop, hours, period=quarter, value=None, grade=None, evidence="", answer=Answer.NOT_APPLICABLE)
    reading(shop, hours, period=later)
    silent = reading(shop, hours, value=None, grade=None, evidence="", answer=Answer.NOT_APPLICABLE, replaces=whole)
    told = reading(
        shop, hours, period=quarter, replaces=Reading.objects.get(organisation=shop, period_start=quarter.start)
    )
    with pytest.raises(ReadingExists, match="would count twice"):
        reading(shop, hours, replaces=silent)
    assert list(queries.readings_of(shop, hours).values_list("period_start", "value")) == [
        (told.period_start, Decimal(6)),
        (later.start, Decimal(6)),
    ]
    people = people_in_work()
    reading(shop, people)
    reading(shop, people, period=quarter)


def test_what_adds_up_is_told_for_a_year_at_most():
    shop, hours = community_shop(), people_in_work(code="volunteer-hours", name="Hours", measure=Measure.FLOW)
    long = ReadingPeriod(date(2024, 2, 29), date(2025, 3, 2))
    with pytest.raises(WrongPeriod, match="29 February 2024 to 1 March 2025 is more than a year"):
        reading(shop, hours, period=long)
    reading(shop, hours, period=ReadingPeriod(date(2024, 2, 29), date(2025, 3, 1)))
    reading(shop, people_in_work(), period=ReadingPeriod(date(2023, 1, 1), date(2026, 1, 1)))


@pytest.mark.parametrize(
    "changes, said",
    [
        ({"value": Decimal("NaN")}, "no plain number"),
        ({"value": Decimal("1e12")}, "no plain number"),
        ({"value": Decimal("0.00001")}, "more than 4 decimals"),
        ({"grade": Grade.LEDGER}, "kept for figures that the ledger gives"),
        ({"evidence": " "}, "Name that evidence"),
    ],
)
def test_a_figure_without_support_is_refused(changes, said):
    shop, indicator = community_shop(), people_in_work()
    with pytest.raises(ReadingMalformed, match=said):
        reading(shop, indicator, **changes)
    assert not Reading.objects.exists()


def test_an_estimate_needs_no_evidence():
    shop, indicator = community_shop(), people_in_work()
    assert reading(shop, indicator, grade=Grade.ESTIMATED, evidence="").grade == "D"


def test_the_same_period_is_not_read_twice():
    shop, indicator = community_shop(), people_in_work()
    reading(shop, indicator)
    with pytest.raises(ReadingExists, match="To correct it, replace that reading"):
        reading(shop, indicator, value=Decimal(7))
    reading(shop, indicator, period=YEAR_BEFORE)
    assert Reading.objects.count() == 2


def test_a_correction_replaces_and_nothing_is_lost():
    shop, indicator = community_shop(), people_in_work()
    before = reading(shop, indicator, period=YEAR_BEFORE, value=Decimal(5))
    first = reading(shop, indicator)
    corrected = reading(shop, indicator, value=Decimal(7), replaces=first)
    assert list(queries.readings_of(shop, indicator)) == [before, corrected]
    assert queries.latest_reading(shop, indicator, as_of=date(2026, 11, 23)) == corrected
    assert queries.latest_reading(shop, indicator, as_of=date(2026, 9, 30)) == before
    assert queries.history_of(corrected) == (corrected, first)


def test_a_reading_is_replaced_once():
    shop, indicator = community_shop(), people_in_work()
    first = reading(shop, indicator)
    reading(shop, indicator, value=Decimal(7), replaces=first)
    with pytest.raises(ReplacesAnother, match="corrected by somebody else in the meantime"):
        reading(shop, indicator, value=Decimal(8), replaces=first)


def test_a_correction_says_why():
    shop, indicator = community_shop(), people_in_work()
    first = reading(shop, indicator)
    with pytest.raises(RestatementUnexplained, match="Say why People in work to 30 September 2026 is restated"):
        reading(shop, indicator, value=Decimal(7), replaces=first, reason=" ")
    second = reading(shop, indicator, value=Decimal(7), replaces=first)
    assert [(one.reason, one.replaces) for one in queries.restatements_of([shop])] == [("Counted again", first)]
    assert second.replaces == first


def test_somebody_else_confirms_what_stands():
    shop, indicator, tom = community_shop(), people_in_work(), person("Tom Ashworth")
    first, on = reading(shop, indicator), date(2026, 11, 23)
    with pytest.raises(NotConfirmed, match="recorded this reading yourself"):
        confirm_reading(reading=first, how="Payroll", on=on, by=person("Jo Armstrong"))
    with pytest.raises(NotConfirmed, match="Say what you looked at"):
        confirm_reading(reading=first, how=" ", on=on, by=tom)
    second = reading(shop, indicator, value=Decimal(7), replaces=first)
    with pytest.raises(NotConfirmed, match="restated since"):
        confirm_reading(reading=first, how="Payroll", on=on, by=tom)
    confirm_reading(reading=second, how="Payroll", on=on, by=tom)
    with pytest.raises(NotConfirmed, match="confirmed already"):
        confirm_reading(reading=second, how="Payroll", on=on, by=person("Priya Nair"))
    assert queries.current_readings(shop).get().confirmation.confirmed_by == tom


def test_a_correction_is_of_the_same_business_indicator_and_period():
    shop, indicator = community_shop(), people_in_work()
    first = reading(shop, indicator)
    with pytest.raises(ReplacesAnother, match="another business, indicator or period"):
        reading(community_shop("Other Shop", "9999"), indicator, replaces=first)
    with pytest.raises(ReplacesAnother, match="another business, indicator or period"):
        reading(shop, indicator, period=YEAR_BEFORE, replaces=first)


@pytest.mark.parametrize("statement", ["UPDATE {} SET value = 99", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_database_refuses_to_change_a_reading(statement):
    reading(community_shop(), people_in_work())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format("borrowers_reading"))
    assert Reading.objects.get().value == Decimal(6)


@pytest.mark.parametrize(
    "column, value, constraint",
    [
        ("value", "'NaN'", "borrowers_reading_is_a_number"),
        ("period_end", "period_start", "borrowers_reading_period"),
        ("grade", "'Z'", "borrowers_reading_grade"),
    ],
)
def test_the_database_refuses_a_malformed_reading_too(column, value, constraint):
    reading(community_shop(), people_in_work())
    about = ("organisation_id", "indicator_id", "period_start", "period_end")
    columns = (*about, "answer", "value", "is_same", "evidence", "grade", "verifier", "reason", "recorded_by_id")
    values = [value if name == column else "'why'" if name == "reason" else name for name in columns]
    insert = f"INSERT INTO borrowers_reading ({', '.join(columns)}, replaces_id) SELECT {', '.join(values)}, id"
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"{insert} FROM borrowers_reading")


def test_an_indicator_has_a_name_a_unit_and_a_code_of_its_own():
    people_in_work()
    with pytest.raises(IndicatorUnclear, match="needs a name and a unit"):
        people_in_work(unit=" ")
    with pytest.raises(IndicatorUnclear, match="There is an indicator 'people-in-work' already"):
        people_in_work()
    assert queries.indicator_by_code("people-in-work") in queries.indicators()


@pytest.mark.parametrize("how_many", [1, 3])
def test_readings_are_listed_with_one_query(django_assert_num_queries, how_many):
    shop, indicator = community_shop(), people_in_work()
    for year in range(2020, 2020 + how_many):
        reading(shop, indicator, period=ReadingPeriod(date(year, 1, 1), date(year + 1, 1, 1)))
    with django_assert_num_queries(1):
        shown = [f"{r.indicator} {r.organisation} {r.recorded_by}" for r in queries.current_readings(shop)]
    assert len(shown) == how_many
