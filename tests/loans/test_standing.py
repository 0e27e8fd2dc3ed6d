"""The rows of where a loan stood say what the engine says, of any life, on any day, told whole or from a day on."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from loans.domain.errors import LoanError
from loans.domain.events import Drawn, Repaid, Reversed
from loans.domain.position import position
from loans.domain.standing import Standing, Told, planned_parts, tell_standings
from tests.builders import pounds
from tests.loans.lives import Life, lives
from tests.loans.tables import netherby

LAST = date(2100, 1, 1)


def at(told: Told, on: date) -> Standing | None:
    """The row of a day."""
    place = bisect_right([row.effective_on for row in told.standings], on)
    return told.standings[place - 1] if place else None


def tell(life: Life, **bounds: date) -> Told | None:
    """What is told of a life; None of one that makes no sense."""
    try:
        return tell_standings(life.terms, life.events, **{"until": LAST, **bounds})
    except LoanError:
        return None


@settings(max_examples=150)
@given(lives())
def test_a_row_is_the_position_of_its_days(life: Life) -> None:
    told = tell(life)
    if told is None:
        return
    parts = planned_parts((), told.plans)
    for on in life.looks:
        stood, stands = position(life.terms, life.events, on), at(told, on)
        money = life.terms.scale.money
        if stands is None:
            assert not stood.drawn
            continue
        assert {
            "drawn": money(stands.drawn),
            "principal": money(stands.principal),
            "interest": money(stands.interest_due),
            "fees": money(stands.fees_due),
            "default interest": money(stands.default_interest_due),
            "in advance": money(stands.in_advance),
            "arrears": money(stands.arrears(on)),
            "days": stands.days_past_due(on),
            "written off": money(stands.written_off),
        } == {
            "drawn": stood.drawn,
            "principal": stood.principal_outstanding,
            "interest": stood.interest_due,
            "fees": stood.fees_due,
            "default interest": stood.default_interest_due,
            "in advance": stood.in_advance,
            "arrears": stood.arrears,
            "days": stood.days_past_due,
            "written off": stood.written_off,
        }, on
        to_come = sum(row.instalment.total_units for row in stood.instalments if row.instalment.due_on > on)
        planned = [part for part in parts if part.since <= on < part.until and part.due_on > on]
        assert sum(part.principal + part.interest for part in planned) == to_come


@settings(max_examples=100)
@given(lives(), st.data())
def test_what_is_told_from_a_day_on_is_the_end_of_the_whole(life: Life, data: st.DataObject) -> None:
    told, since = tell(life), data.draw(st.sampled_from(life.looks))
    if told is None:
        return
    from_then = tell(life, since=since)
    assert from_then is not None
    assert from_then.standings == [row for row in told.standings if row.effective_on >= since]
    before = planned_parts((), [(on, plan) for on, plan in told.plans if on < since])
    kept = [part for part in before if part.until < since]
    running = [part for part in before if part.until >= since]
    assert sorted([*kept, *planned_parts(running, from_then.plans)]) == sorted(planned_parts((), told.plans))


@given(lives())
def test_each_row_says_something_new(life: Life) -> None:
    told = tell(life)
    turns = {event.effective_on for event in life.events if isinstance(event, Reversed)}
    for earlier, later in pairwise(told.standings if told else ()):
        assert earlier.effective_on < later.effective_on
        assert later.effective_on in turns or not later.says_nothing_new(earlier)


def test_a_reversal_counts_from_its_own_day_on() -> None:
    events = [
        Drawn(date(2025, 5, 1), 1, pounds("35000.00")),
        Repaid(date(2025, 6, 2), 2, pounds("676.65")),
        Reversed(date(2025, 6, 20), 3, of=2),
        Repaid(date(2025, 7, 1), 4, pounds("1353.30")),
    ]
    told = tell_standings(netherby(), events, until=date(2025, 7, 1))
    assert [
        [str(row.effective_on), row.principal, row.unpaid_due, row.due_that_day, str(row.oldest_unpaid_due_on)]
        for row in told.standings
    ] == [
        ["2025-05-01", 3500000, 0, 0, "None"],
        ["2025-06-02", 3449835, 0, 0, "None"],
        ["2025-06-20", 3500000, 67665, 0, "2025-06-02"],
        ["2025-07-01", 3399419, 0, 0, "None"],
    ]
    assert told.standings[2].arrears(date(2025, 6, 20)) == 67665
    assert told.standings[2].days_past_due(date(2025, 6, 30)) == 28


def test_what_was_drawn_taken_back_and_drawn_again_stands_at_nought_in_between() -> None:
    events = [
        Drawn(date(2025, 5, 1), 1, pounds("35000.00")),
        Reversed(date(2025, 5, 6), 2, of=1),
        Drawn(date(2025, 5, 9), 3, pounds("20000.00")),
    ]
    told = tell_standings(netherby(), events, until=date(2025, 5, 30))
    assert [[str(row.effective_on), row.drawn, row.principal] for row in told.standings] == [
        ["2025-05-01", 3500000, 3500000],
        ["2025-05-06", 0, 0],
        ["2025-05-09", 2000000, 2000000],
    ]
