"""What has a loan's borrower to be paid: drawdowns and refunds that are booked, and that no payment file pays yet."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from ledger import queries as ledger
from ledger.domain.money import from_minor
from ledger.domain.payments import Payment, Purpose
from loans.domain.entries import payment_on_its_way
from loans.domain.movements import Happening
from loans.models import Booking, EventKind, LoanEvent

if TYPE_CHECKING:
    from ledger.models import Book

PURPOSES = {EventKind.DRAWN.value: Purpose.DRAWDOWN, EventKind.REFUNDED.value: Purpose.REFUND}


def source_of(event: LoanEvent) -> str:
    """What is paid by one payment and no more."""
    return f"loan-event:{event.pk}"


def loan_payments(book: Book) -> list[Payment]:
    """What can be paid to borrowers, the oldest first.

    Of a loan's drawdowns and refunds the latest are those still on their way, as far as the money there reaches: the
    bank's lines confirm the oldest first. What is in a file that stands is left out.
    """
    on_its_way = ledger.on_its_way(book)
    if not on_its_way:
        return []
    references = [code.partition("/")[2] for code in on_its_way]
    events = LoanEvent.objects.filter(
        loan__book=book, loan__reference__in=references, kind__in=PURPOSES, reversed_by=None
    ).select_related("loan")
    under_way, paid = ledger.under_way_by_account(book), ledger.sources_under_way(book)
    kept_back, found = _kept_back(book, references), []
    left = {code: minor - under_way.get(code, 0) for code, minor in on_its_way.items()}
    for event in events.order_by("-pk"):
        code = payment_on_its_way(event.loan.reference)
        amount = min((event.amount or 0) + kept_back[event.loan_id, event.number], left[code])
        if amount > 0 and source_of(event) not in paid:
            left[code] -= amount
            found.append(_payment(event, code, amount))
    return found[::-1]


def _payment(event: LoanEvent, account: str, minor: int) -> Payment:
    return Payment(
        payee=f"organisation:{event.loan.organisation_id}",
        account=account,
        amount=from_minor(minor, event.loan.currency),
        purpose=PURPOSES[event.kind],
        source=source_of(event),
        reference=event.loan.payment_reference,
    )


def _kept_back(book: Book, references: list[str]) -> dict[tuple[int, int], int]:
    """What of a drawdown never left, because a fee was kept back from it: negative, by loan and event."""
    found: dict[tuple[int, int], int] = defaultdict(int)
    kept = Booking.objects.filter(
        loan__book=book, loan__reference__in=references, name__startswith=f"{Happening.FEE_DEDUCTED}:"
    )
    for loan, name, fees in kept.values_list("loan_id", "name", "fees"):
        found[loan, int(name.partition(":")[2])] += fees
    return found
