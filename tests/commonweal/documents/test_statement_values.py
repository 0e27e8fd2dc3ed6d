"""Does a statement refuse to exist when its figures do not tie, and say by how much?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from datetime import date
from decimal import Decimal

import pytest
from moneyed import Money

from commonweal.documents import words
from commonweal.documents.loan_statement import state
from investors.impact import Outcome
from ledger.domain.errors import SealNotRecognised
from loans.loan_statement import ScheduleState
from loans.statements import (
    Balance,
    Movement,
    Movements,
    StatementDoesNotAdd,
    StatementTooEarly,
)
from tests.commonweal.documents import builders
from tests.commonweal.documents.builders import gbp


def test_movements_that_do_not_make_the_closing_name_the_difference() -> None:
    with pytest.raises(StatementDoesNotAdd) as refused:
        Movements("principal of L-0108", gbp("100.00"), (Movement("Repaid", gbp("-30.00")),), gbp("70.01"))
    assert str(refused.value) == (
        "principal of L-0108: opening £100.00 and movements of -£30.00 make £70.00, but £70.01 is stated: £0.01 more. "
        "Nothing was issued."
    )


def last_transaction_off_by_a_penny() -> object:
    *rows, last = builders.loan_statement().transactions
    return builders.loan_statement(transactions=(*rows, replace(last, balance=last.balance - gbp("0.01"))))


def a_transaction_forgotten() -> object:
    return builders.loan_statement(transactions=builders.loan_statement().transactions[:-1])


def a_payment_that_the_bank_knows_otherwise() -> object:
    row = builders.loan_statement().transactions[1]
    return replace(row, cash=row.cash + gbp("0.01"))


def a_write_off_that_its_table_forgets() -> object:
    found = builders.eventful_statement()
    *lines, _ = found.lost.lines
    since = Movement("Paid by you since", gbp("-120.01"))
    return replace(found, lost=Movements("written off", gbp("0.00"), (*lines, since), gbp("7244.19")))


def money_held_that_is_still_owed() -> object:
    found = builders.eventful_statement()
    penny = replace(found.in_advance, opening=gbp("250.01"), closing=gbp("0.01"))
    return replace(found, in_advance=penny)


def a_chart_that_ends_elsewhere() -> object:
    return builders.loan_statement(balances=(Balance(date(2026, 9, 1), gbp("26665.47")),))


def an_investor_s_chart_that_ends_elsewhere() -> object:
    return builders.investor_statement(balances=(Balance(date(2026, 9, 30), gbp("15942.50")),))


def a_holding_that_does_not_add() -> object:
    return builders.holding(returned=gbp("967.77"))


@pytest.mark.parametrize(
    "made",
    [
        last_transaction_off_by_a_penny,
        a_transaction_forgotten,
        a_payment_that_the_bank_knows_otherwise,
        a_write_off_that_its_table_forgets,
        money_held_that_is_still_owed,
        a_chart_that_ends_elsewhere,
        an_investor_s_chart_that_ends_elsewhere,
        a_holding_that_does_not_add,
    ],
    ids=lambda made: made.__name__,
)
def test_two_tables_that_disagree_make_no_statement(made: Callable[[], object]) -> None:
    with pytest.raises(StatementDoesNotAdd, match=r"£(0\.01|676\.65) (more|less)\. Nothing was issued"):
        made()


def test_two_currencies_make_no_statement() -> None:
    with pytest.raises(StatementDoesNotAdd, match="mixes EUR and GBP"):
        Movements("principal", gbp("1.00"), (Movement("Lent", Money(1, "EUR")),), gbp("2.00"))


@pytest.mark.parametrize(
    ("state", "paid", "days_late"),
    [
        (ScheduleState.PAID, "676.64", 0),
        (ScheduleState.PAID, "676.65", 3),
        (ScheduleState.PART, "0.00", 0),
        (ScheduleState.PART, "676.65", 0),
        (ScheduleState.LATE, "0.00", 0),
        (ScheduleState.LATE, "1.00", 5),
        (ScheduleState.DUE, "0.00", 1),
        (ScheduleState.DUE, "1.00", 0),
        (ScheduleState.GIVEN_UP, "676.65", 0),
    ],
)
def test_an_instalment_is_called_what_it_is(state: ScheduleState, paid: str, days_late: int) -> None:
    row = builders.schedule()[20]
    with pytest.raises(StatementDoesNotAdd, match=f"instalment 21 is called {state.value}"):
        replace(row, state=state, paid=gbp(paid), days_late=days_late)


def test_an_instalment_of_which_the_rest_is_given_up_is_not_called_paid() -> None:
    row = builders.schedule()[20]
    rest = row.instalment - gbp("100.00")
    done = replace(row, state=ScheduleState.GIVEN_UP, paid=gbp("100.00"), given_up=rest)
    assert state(done, is_next=False) == ("closed", "Part paid, the rest no longer asked for")
    assert state(replace(done, paid=gbp("0.00"), given_up=row.instalment), is_next=False)[1] == "No longer asked for"


def test_a_pause_in_the_schedule_is_due_with_nothing_to_pay() -> None:
    row = replace(builders.schedule()[20], interest=gbp("0.00"), principal=gbp("0.00"), paid=gbp("0.00"))
    assert row.state is ScheduleState.DUE


def test_a_period_that_is_not_over_gets_no_statement() -> None:
    with pytest.raises(StatementTooEarly) as refused:
        builders.head(issued_on=date(2026, 9, 30))
    assert str(refused.value) == (
        "Statement 2026-Q3-L-0108 covers days up to 30 September 2026, and is dated 30 September 2026. "
        "Issue it on 1 October 2026 or later. Nothing was issued."
    )


def test_a_period_of_no_days_gets_no_statement() -> None:
    with pytest.raises(StatementTooEarly, match="ends before it starts"):
        builders.head(period_start=date(2026, 10, 1))


def test_a_seal_that_is_none_is_refused() -> None:
    with pytest.raises(SealNotRecognised):
        builders.head(seal="9f4c 2d71")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"reported": 3, "asked": 2}, "3 reported, but 2 were asked"),
        ({"our_share": Decimal("272")}, "yours is part of our share"),
        ({"yours": Decimal("95")}, "yours is part of our share"),
    ],
)
def test_an_outcome_is_not_more_than_what_it_is_part_of(changes: dict[str, object], said: str) -> None:
    with pytest.raises(StatementDoesNotAdd, match=said):
        replace(builders.outcomes()[0], **changes)  # type: ignore[arg-type]


def test_an_outcome_that_cannot_be_attributed_is_none_and_never_nought() -> None:
    outcome: Outcome = builders.outcomes()[1]
    measures = {row[4]: row[5] for row in outcome.rows(2)}
    assert (measures["supported"], measures["our share"], measures["yours"]) == (Decimal("4"), None, None)


@pytest.mark.parametrize("share", ["0", "1.01", "-0.1"])
def test_a_share_is_a_part_of_the_whole(share: str) -> None:
    with pytest.raises(StatementDoesNotAdd, match="not between 0 and 1"):
        builders.holding(share=Decimal(share))


def test_totals_are_the_columns_added_up() -> None:
    statement = builders.dozen()
    for name in ("opening", "funded", "returned", "closing", "interest_earned", "interest_received"):
        assert getattr(statement.totals, name) == sum((getattr(row, name) for row in statement.holdings), gbp("0.00"))
    assert builders.nothing_yet().totals.closing == gbp("0.00")


def test_what_is_late_is_what_is_due_and_not_paid() -> None:
    assert builders.late_statement().overdue == gbp("1729.95")
    assert builders.loan_statement().overdue == gbp("0.00")
    waived = replace(builders.schedule()[20], state=ScheduleState.LATE, paid=gbp("0.00"), days_late=5)
    rest = replace(waived, given_up=gbp("50.00"))
    assert builders.loan_statement(schedule=(rest,)).overdue == waived.instalment - gbp("50.00")
    assert [row.loan for row in builders.dozen().late] == ["L-0102", "L-0107"]


def test_a_statement_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        builders.loan_statement().loan = "L-0109"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (date(2026, 7, 1), date(2026, 10, 1), "Quarter to 30 September 2026"),
        (date(2025, 10, 1), date(2026, 10, 1), "Year to 30 September 2026"),
        (date(2026, 12, 1), date(2027, 1, 1), "Month to 31 December 2026"),
        (date(2026, 7, 1), date(2027, 1, 1), "Half-year to 31 December 2026"),
        (date(2026, 7, 2), date(2026, 10, 2), "2 July 2026 to 1 October 2026"),
        (date(2026, 7, 1), date(2026, 9, 1), "1 July 2026 to 31 August 2026"),
    ],
)
def test_a_period_has_the_name_that_people_use(start: date, end: date, expected: str) -> None:
    assert words.period(start, end) == expected


def test_counts_and_shares_are_said_exactly() -> None:
    assert [words.number(value) for value in (Decimal("62.0"), Decimal("4310"), 0, None)] == ["62.0", "4,310", "0", "–"]
    assert [words.share(Decimal(text)) for text in ("0.6", "0.125", "1", "0.3333333")] == [
        "60%",
        "12.5%",
        "100%",
        "33.33%",
    ]
    assert words.number(Decimal("-3")) == "−3"
    assert (words.counted(1, "loan", "loans"), words.counted(0, "loan", "loans")) == ("1 loan", "0 loans")
    assert words.listed(["E-1", "E-2", "E-3"]) == "E-1, E-2 and E-3"
