"""What have investors to be paid: lines of approved payouts that stand, and that no payment file pays yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from investors.domain.entries import on_its_way_to_investor
from investors.models import PayoutLine
from investors.queries import payout_lines
from ledger import queries as ledger
from ledger.domain.payments import Payment, Purpose

if TYPE_CHECKING:
    from ledger.models import Book


def investor_payments(book: Book) -> list[Payment]:
    """What can be paid to investors, the oldest first.

    The latest lines are those still on their way, as far as the money there reaches; what is in a file that stands is
    left out.
    """
    on_its_way = ledger.on_its_way(book)
    lines = list(payout_lines(book).filter(taken_back=None).order_by("-pk")) if on_its_way else []
    if not lines:
        return []
    under_way = ledger.under_way_by_account(book)
    left = {code: minor - under_way.get(code, 0) for code, minor in on_its_way.items()}
    paid, found = ledger.sources_under_way(book), []
    for line in lines:
        code, net = on_its_way_to_investor(line.investor.code), line.amount - line.tax
        if line.source not in paid and 0 < net <= left.get(code, 0):
            left[code] -= net
            found.append(_payment(line, code))
    return found[::-1]


def _payment(line: PayoutLine, account: str) -> Payment:
    return Payment(
        payee=f"investor:{line.investor.code}",
        account=account,
        amount=line.parts.net,
        purpose=Purpose.LENDER,
        source=line.source,
        reference=f"{line.payout.book.code.upper()[:20]} {line.payout}"[:35],
    )
