"""What holds for every schedule, whatever the terms: nothing is lost, nothing is left, and no way of asking differs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from loans.domain.calendar import MonthEnd
from loans.domain.conventions import Amortisation
from loans.domain.day_count import EQUAL_MONTHS, DayCount
from loans.domain.due_dates import due_dates
from loans.domain.rounding import divide
from loans.domain.schedule import FlowKind, build_schedule
from loans.domain.terms import Terms
from loans.domain.walk import Walk
from loans.domain.year_parts import YearParts
from tests.loans.plain_reckoning import BY_DAYS, Reckoning
from tests.loans.strategies import (
    CHANGES,
    MONTHS,
    SPECIAL,
    any_terms,
    balloon,
    deferred,
    drawn_in_parts,
    ends_between,
    interest_free,
    interest_only,
    plain_terms,
    rates_change,
    seasonal,
    shifted,
)
from tests.loans.tables import annuity

LEVEL_MONTHS = st.sampled_from(sorted(EQUAL_MONTHS))
ANNUITIES = st.just(Amortisation.ANNUITY)


def lent(terms: Terms) -> int:
    return terms.rounded.units(terms.principal.amount, "principal")


@given(any_terms())
@settings(max_examples=300)
def test_principal_parts_sum_to_what_was_lent_and_capitalised_and_nothing_is_left(terms: Terms) -> None:
    rows = build_schedule(terms).instalments
    capitalised = sum(row.capitalised_units for row in rows)
    assert sum(row.principal_units for row in rows) == lent(terms) + capitalised
    assert rows[-1].balance_units == 0
    assert [row.no for row in rows] == list(range(1, len(rows) + 1))
    assert all(one.nominal_due_on < next_.nominal_due_on for one, next_ in pairwise(rows))
    assert all(row.due_on == terms.shifted(row.nominal_due_on) for row in rows)


@given(any_terms())
@settings(max_examples=200)
def test_the_events_tell_the_same_story_as_the_rows(terms: Terms) -> None:
    schedule = build_schedule(terms)
    flows = schedule.cash_flows()
    by_kind = {kind: sum(flow.units for flow in flows if flow.kind is kind) for kind in FlowKind}
    assert by_kind[FlowKind.DRAWDOWN] == -lent(terms)
    assert by_kind[FlowKind.PRINCIPAL] == schedule.principal_units
    assert by_kind[FlowKind.INTEREST] == schedule.interest_units
    assert [flow[:2] for flow in flows] == sorted({flow[:2] for flow in flows}, key=_place)
    assert flows[-1].balance_units == 0


def _place(flow: tuple[object, FlowKind]) -> tuple[object, int]:
    return flow[0], list(FlowKind).index(flow[1])


@given(any_terms())
@settings(max_examples=300)
def test_a_negative_part_is_always_flagged(terms: Terms) -> None:
    schedule = build_schedule(terms)
    parts = [part for row in schedule.instalments for part in (row.principal_units, row.interest_units)]
    assert schedule.has_negative_parts == (min(parts) < 0)


@given(any_terms(plain_terms(day_counts=LEVEL_MONTHS), changes=(*SPECIAL, balloon, ends_between)))
@settings(max_examples=200)
def test_no_part_is_negative_where_months_count_as_equal(terms: Terms) -> None:
    """But where more than an interval's interest falls due first, the payment stays level, and the part is flagged."""
    longest = terms.cycle.nth(terms.first_no - 1)
    assume(terms.planned_drawn_on >= longest and not terms.accrued_interest)
    schedule = build_schedule(terms)
    assert not schedule.has_negative_parts
    assert all(row.principal_units >= 0 and row.interest_units >= 0 for row in schedule.instalments)


def test_on_a_long_loan_at_a_high_rate_real_days_make_a_negative_part_and_it_is_flagged() -> None:
    agreed = annuity("100000.00", "50%", 480, "2026-02-01")
    schedule = build_schedule(replace(agreed, day_count=DayCount.ACTUAL_365_FIXED))
    assert schedule.has_negative_parts
    assert min(row.principal_units for row in schedule.instalments) < 0
    assert not build_schedule(replace(agreed, day_count=DayCount.NOMINAL)).has_negative_parts


STEADY = tuple(change for change in CHANGES if change not in (rates_change, drawn_in_parts))


@given(any_terms(changes=STEADY), st.lists(st.integers(0, 20000), max_size=6))
@settings(max_examples=200)
def test_interest_is_the_same_however_time_is_cut_into_pieces(terms: Terms, cuts: list[int]) -> None:
    """The walk stops on any days, and takes the interest so far into account, without a change to a single row."""
    walk = Walk(terms, terms.planned_drawn_on)
    walk.draw(lent(terms))
    rows = []
    for day in sorted(terms.planned_drawn_on + timedelta(days=cut) for cut in cuts):
        rows += walk.run(before=day)
        walk.accrue(day)
    assert tuple(rows + walk.run()) == build_schedule(terms).instalments


@given(plain_terms(), st.data())
@settings(max_examples=300)
def test_the_parts_of_a_period_make_the_whole(terms: Terms, data: st.DataObject) -> None:
    dues = due_dates(terms, terms.planned_drawn_on)
    parts = YearParts(terms, dues[0].accrues_to, dues[-1].accrues_to)
    place = data.draw(st.integers(0, len(dues) - 1))
    start = dues[place - 1].accrues_to if place else terms.planned_drawn_on
    end = dues[place].accrues_to
    assume(start < end)
    cuts = data.draw(st.lists(st.dates(start, end), max_size=5))
    days = sorted({start, *cuts, end})
    pieces = [Fraction(*parts.part(start, end, *span)) for span in pairwise(days)]
    assert sum(pieces) == Fraction(*parts.whole(start, end))


class Plodding(Walk):
    """The walk without its fast path."""

    def _is_steady(self) -> bool:
        return False


@given(any_terms(plain_terms(kinds=ANNUITIES)))
@settings(max_examples=300)
def test_the_fast_path_gives_the_rows_of_the_slow_one(terms: Terms) -> None:
    fast = build_schedule(terms)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("loans.domain.schedule.Walk", Plodding)
        slow = build_schedule(terms)
    assert fast == slow


@pytest.mark.parametrize("day_count", DayCount)
def test_a_running_loan_taken_over_on_a_due_date_pays_what_had_accrued_that_day(day_count: DayCount) -> None:
    terms = annuity("1000.00", "6%", 3, "2026-02-01")
    terms = replace(terms, day_count=day_count, drawn_on=date(2026, 2, 1), accrued_interest=Decimal("1.23"))
    assert build_schedule(terms).instalments[0].interest_units == 123


def test_the_fast_path_is_taken_from_the_second_instalment_to_the_last_but_one() -> None:
    terms = annuity("1000.00", "6%", 12, "2026-02-01")
    walk = Walk(terms, terms.planned_drawn_on)
    walk.draw(lent(terms))
    walk.fall_due()
    assert walk._is_steady()
    assert [row.no for row in walk._stride(None)] == list(range(2, 12))


@st.composite
def reckonable(draw: st.DrawFn) -> Terms:
    """Loans that the long way knows: months, no shift, counts that are the sum of their days."""
    plain = plain_terms(
        day_counts=st.sampled_from(BY_DAYS), intervals=MONTHS, month_ends=st.just(MonthEnd.CLAMP), most=30
    )
    changes = (interest_only, interest_free, deferred, drawn_in_parts, rates_change)
    return draw(any_terms(plain, changes=changes))


@given(reckonable())
@settings(max_examples=250)
def test_every_row_is_what_the_long_way_gives(terms: Terms) -> None:
    rows = [
        (row.due_on, row.principal_units, row.interest_units, row.balance_units)
        for row in build_schedule(terms).instalments
    ]
    assert rows == Reckoning(terms).reckon()


@given(any_terms(plain_terms(kinds=ANNUITIES), changes=(interest_free, interest_only)), st.integers(1, 100))
@settings(max_examples=100)
def test_payments_that_are_given_go_on_until_the_loan_is_clear(terms: Terms, more: int) -> None:
    """With a payment above the level one and no end given the loan ends no later; the last one takes what is left."""
    level = build_schedule(terms).payment_units or 0
    endless = replace(terms, instalments=None, payment=terms.scale.decimal(level * (100 + more) // 100 + 1))
    rows = build_schedule(endless).instalments
    assert sum(row.principal_units for row in rows) == lent(terms)
    assert rows[-1].balance_units == 0
    assert len(rows) <= (terms.instalments or 0)


@given(any_terms(plain_terms(kinds=ANNUITIES, intervals=MONTHS, most=60), changes=(seasonal, shifted)))
@settings(max_examples=200)
def test_with_seasons_every_payment_is_the_level_one_times_its_weight(terms: Terms) -> None:
    schedule = build_schedule(terms)
    assume(schedule.payment_units is not None and not schedule.has_negative_parts)
    for row in schedule.instalments[:-1]:
        weight = terms.pattern.weight(row.no, row.nominal_due_on)
        wanted = divide(schedule.payment_units * weight.numerator, weight.denominator, terms.rounded.mode)
        paid = row.principal_units + row.interest_units
        assert paid == wanted or row.balance_units == 0 or row.principal_units == 0
