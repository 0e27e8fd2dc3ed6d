"""An index-linked loan bears what its table of base rates says, within floor and cap."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loans.domain.calendar import Interval, Recurrence, Unit
from loans.domain.conventions import RateChange
from loans.domain.errors import ImpossibleTerms
from loans.domain.linked_rates import BaseRate, LinkedRate, linked
from loans.domain.schedule import build_schedule
from loans.domain.terms import Terms
from tests.loans.tables import annuity, instalment_table, rows

BASE = [
    BaseRate(date.fromisoformat(day), Decimal(rate))
    for day, rate in rows("""
      # from        rate
      2025-11-06  0.0400
      2026-02-05  0.0375
      2026-05-07  0.0175
      2026-08-06  0.0900
    """)
]
LINK = LinkedRate(margin=Decimal("0.03"), floor=Decimal("0.05"), cap=Decimal("0.10"))


def loan() -> Terms:
    return annuity("1000.00", "0%", 12, "2026-02-01")


def rates(terms: Terms) -> list[str]:
    return [str(terms.annual_rate), *(f"{change.on} {change.annual_rate}" for change in terms.rate_changes)]


def test_the_rate_follows_each_change_from_its_day_within_floor_and_cap() -> None:
    assert rates(linked(loan(), LINK, reversed(BASE))) == [
        *("0.0700", "2026-02-05 0.0675", "2026-05-07 0.05", "2026-08-06 0.10"),
    ]


def test_or_it_is_set_anew_each_quarter() -> None:
    quarterly = replace(LINK, resets=Recurrence(date(2026, 1, 1), Interval(3, Unit.MONTH)))
    assert rates(linked(loan(), quarterly, BASE)) == [
        "0.0700",
        "2026-04-01 0.0675",
        "2026-07-01 0.05",
        "2026-10-01 0.10",
    ]


def test_a_change_that_floor_or_cap_hides_is_none() -> None:
    fixed = replace(LINK, floor=Decimal("0.06"), cap=Decimal("0.06"))
    assert rates(linked(loan(), fixed, BASE)) == ["0.06"]


def test_changes_before_the_first_day_and_after_the_last_do_not_matter() -> None:
    early, late = BaseRate(date(2000, 1, 1), Decimal("0.06")), BaseRate(date(2027, 1, 1), Decimal("0.01"))
    assert linked(loan(), LINK, [early, *BASE, late]) == linked(loan(), LINK, BASE)


def test_the_schedule_is_solved_again_at_every_change() -> None:
    schedule = build_schedule(linked(replace(loan(), instalments=4), LINK, BASE[:2]))
    assert instalment_table(schedule.instalments) == rows("""
      # no  due         principal  interest  balance
         1  2026-02-01     247.83      5.83   752.17
         2  2026-03-01     249.31      4.25   502.86
         3  2026-04-01     250.73      2.83   252.13
         4  2026-05-01     252.13      1.42     0.00
    """)


@pytest.mark.parametrize(
    "table, said",
    [
        ([], "no base rate for 1 January 2026"),
        (BASE[1:], "no base rate for 1 January 2026"),
        ([*BASE, BASE[1]], "Two base rates are in force from 5 February 2026"),
    ],
)
def test_a_table_that_does_not_say_the_rate_is_refused(table: list[BaseRate], said: str) -> None:
    with pytest.raises(ImpossibleTerms, match=said) as refusal:
        linked(loan(), LINK, table)
    assert refusal.value.field == "base_rates"


def test_a_floor_above_the_cap_is_refused() -> None:
    with pytest.raises(ImpossibleTerms, match="Lower the floor") as refusal:
        LinkedRate(Decimal(0), floor=Decimal("0.1"), cap=Decimal("0.05"))
    assert refusal.value.field == "floor"


@given(st.lists(st.tuples(st.integers(1, 400), st.decimals(Decimal("-0.01"), Decimal("0.2"), places=4)), max_size=8))
def test_on_every_day_the_loan_bears_what_the_table_says(table: list[tuple[int, Decimal]]) -> None:
    start = loan().planned_drawn_on
    known = {start: Decimal("0.04")} | {start + timedelta(days=day): rate for day, rate in table}
    terms = linked(loan(), LINK, [BaseRate(day, rate) for day, rate in known.items()])
    steps = [RateChange(start, terms.annual_rate), *terms.rate_changes]
    for day in (start + timedelta(days=n) for n in range(0, 365, 5)):
        base = max(each for each in known if each <= day)
        in_force = max((step for step in steps if step.on <= day), key=lambda step: step.on)
        assert in_force.annual_rate == min(max(known[base] + LINK.margin, Decimal("0.05")), Decimal("0.10"))
