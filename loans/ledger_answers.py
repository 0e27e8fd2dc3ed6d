"""What does the ledger itself answer about a period? Figures of IRIS+ that nobody types, from postings and standings.

Ids of IRIS+ 5.3 with our own wording. Amounts tie to the trial balance: what was disbursed is the debit of drawdowns on
1310 Loan principal, written off its credit by write-offs, recovered the credit on 4050. Six queries for any number of
loans.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Sum
from moneyed import Money

from ledger.domain.entry import Kind
from ledger.domain.money import from_minor
from ledger.queries import postings
from loans.models import Standing
from loans.portfolio import standings, summary

if TYPE_CHECKING:
    from ledger.models import Book
    from loans.models.standing import StandingQuerySet

IRIS_VERSION = "5.3"
PRINCIPAL, RECOVERIES = "1310", "4050"


@dataclass(frozen=True, slots=True)
class LedgerAnswer:
    """One figure from the ledger: money, or a number of loans. `is_flow` where it is of the period's days."""

    iris: str
    words: str
    value: Money | int
    is_flow: bool

    @property
    def amount(self) -> tuple[Decimal, str]:
        """The value and its unit: an amount of a currency, or a number of loans."""
        if isinstance(self.value, int):
            return Decimal(self.value), "loans"
        return self.value.amount, self.value.currency.code


def ledger_answers(book: Book, from_on: date, to_on: date) -> tuple[LedgerAnswer, ...]:
    """What was lent, stands, is late, was lost, came back and was repaid on time; days inclusive, at the last's end."""
    lent = _by_loan(book, Kind.DRAWDOWN, PRINCIPAL, from_on, to_on)
    lost = _by_loan(book, Kind.WRITE_OFF, PRINCIPAL, from_on, to_on)
    back = _by_loan(book, Kind.RECOVERY, RECOVERIES, from_on, to_on)
    stands = summary(book, to_on)
    repaid = _repaid_on_time(book, from_on, to_on)

    def money(minor: int) -> Money:
        return from_minor(minor, book.base_currency)

    late = zip(("FP2635", "FP6354", "FP6373"), stands.at_risk, strict=True)
    return (
        LedgerAnswer("PI5476", "Lent to community businesses", money(sum(lent.values())), True),
        LedgerAnswer("PI8381", "Loans lent on", sum(minor > 0 for minor in lent.values()), True),
        LedgerAnswer("PI7569", "Principal outstanding", money(stands.principal), False),
        LedgerAnswer("PI1478", "Loans outstanding", stands.loans, False),
        *(
            LedgerAnswer(iris, f"Principal of loans over {at.days} days late", money(at.principal), False)
            for iris, at in late
        ),
        LedgerAnswer("FP9717", "Principal written off", money(-sum(lost.values())), True),
        LedgerAnswer("FP3939", "Recovered after a write-off", money(-sum(back.values())), True),
        LedgerAnswer("FP9954", "Lent by loans wholly repaid on time", money(sum(repaid.values())), True),
        LedgerAnswer("FP5979", "Loans wholly repaid on time", len(repaid), True),
    )


def _by_loan(book: Book, kind: Kind, node: str, from_on: date, to_on: date) -> dict[str, int]:
    """What entries of a kind moved on a line of the chart, by account, debits positive."""
    moved = postings(book).filter(
        entry__kind=kind,
        account__node__code=node,
        account__currency=book.base_currency,
        effective_on__gte=from_on,
        effective_on__lte=to_on,
    )
    return dict(moved.order_by().values_list("account__code").annotate(Sum("amount")))


def _repaid_on_time(book: Book, from_on: date, to_on: date) -> dict[int, int]:
    """What was lent by the loans that were repaid whole in the period and never stood late on any evening, by loan."""
    late = Standing.objects.filter(
        loan=OuterRef("loan"), unpaid_due__gt=0, oldest_unpaid_due_on__lt=F("until") - timedelta(days=1)
    )
    before = _repaid(book, from_on - timedelta(days=1)).values("loan")
    found = _repaid(book, to_on).exclude(loan__in=before).exclude(Exists(late))
    return dict(found.values_list("loan", "drawn"))


def _repaid(book: Book, as_of: date) -> StandingQuerySet:
    """The loans in the book's currency of which all that was lent had come back."""
    mine = standings(book, as_of).filter(loan__currency=book.base_currency)
    return mine.filter(principal=0, unpaid_due=0, drawn__gt=0, written_off=0)
