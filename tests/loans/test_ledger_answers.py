"""What the ledger answers ties to the trial balance, and nobody types it."""

from __future__ import annotations

from datetime import date

import pytest
from moneyed import Money
from pytest_django import DjangoAssertNumQueries

from ledger.domain.entry import Kind
from ledger.domain.money import to_minor
from ledger.models import Book
from ledger.queries import postings, trial_balance
from loans.ledger_answers import ledger_answers
from loans.models import EventKind, LoanEvent
from loans.queries import loans, positions_of
from tests.builders import pounds
from tests.demo import Demo

YEAR = (date(2025, 10, 1), date(2026, 9, 30))


def test_a_year_of_the_demo(living_demo: Demo, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    """Beside what the events of the loans say, which the ledger's figures are not made from."""
    book = living_demo.book
    with django_assert_num_queries(5):
        found = {one.iris: one.value for one in ledger_answers(book, *YEAR)}
    drawn = happened(book, EventKind.DRAWN)
    lost, back = happened(book, EventKind.WRITTEN_OFF), happened(book, EventKind.RECOVERED)
    assert found["PI5476"] == pounds(f"{sum(amount for _, amount in drawn) / 100:.2f}")
    assert found["PI8381"] == len({loan for loan, _ in drawn})
    gone = sum((one.written_off for one in positions_of(loans(book), YEAR[1]).values()), pounds("0.00"))
    assert found["FP9717"] == gone
    assert (len(lost), found["FP3939"]) == (1, pounds(f"{sum(amount for _, amount in back) / 100:.2f}"))
    settled = [one for one in positions_of(loans(book), YEAR[1]).values() if one.settled and not one.written_off]
    assert found["FP5979"] <= len(settled)


def happened(book: Book, kind: EventKind) -> list[tuple[int, int]]:
    """Loans and minor units of the events of a kind that stand, in the year."""
    found = LoanEvent.objects.filter(loan__book=book, kind=kind, reversed_by=None, effective_on__range=YEAR)
    return list(found.values_list("loan", "amount"))


@pytest.mark.parametrize("on", [date(2026, 3, 31), date(2026, 9, 30), date(2026, 11, 22)])
def test_they_tie_to_the_trial_balance(living_demo: Demo, on: date) -> None:
    """What stands is the whole of 1310. A guarantor's part of a recovery leaves 4050 again by entries of its own."""
    book = living_demo.book
    found = {one.iris: one.value for one in ledger_answers(book, date(2000, 1, 1), on)}
    stands = {row.code: row.minor for row in trial_balance(book, on)}
    assert minor(found["PI7569"]) == sum(units for code, units in stands.items() if code.startswith("1310/"))
    passed_on = postings(book).filter(account__code="4050", entry__kind=Kind.GUARANTEE, effective_on__lte=on)
    guarantors = sum(passed_on.values_list("amount", flat=True))
    assert minor(found["FP3939"]) == guarantors - stands.get("4050", 0)


def minor(value: object) -> int:
    """Minor units of money."""
    assert isinstance(value, Money)
    return to_minor(value.amount, "GBP")
