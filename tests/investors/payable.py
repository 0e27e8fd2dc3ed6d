"""Money of an investor that may be paid out at once, in a book that has little else; and a payout of it that waits."""

from __future__ import annotations

from datetime import date
from itertools import count

from commonweal.access.models import User
from investors.domain.payout import PayoutAsked
from investors.models import Investor, Payout
from investors.queries import payouts
from investors.services import approve_payout, propose_payout
from investors.services.participations import open_cash_account
from ledger.domain.entry import JournalEntry, Kind, credit, debit
from ledger.models import Book
from ledger.queries import details_in_force
from ledger.services import open_account, post
from tests.builders import pounds
from tests.ledger.payment_world import confirm_account

_keys = count(1)


def pay_in_well(book: Book, investor: Investor, by: User, amount: str = "500.00", *, on: date | None = None) -> None:
    """So much is held for an investor, and a savings account makes sure that the fund could pay anybody."""
    open_cash_account(book, investor)
    open_account(book=book, node="1010", subject="SAVED", on=book.opened_on)
    money, more = pounds(amount), pounds("200000.00")
    lines = (debit("1010/SAVED", money + more), credit(f"2510/{investor.code}", money), credit("3010", more))
    source = f"investor:{investor.code}"
    entry = JournalEntry(on or book.business_date, "Paid in", lines, kind=Kind.CONTRIBUTION, source=source)
    post([entry], book=book, key=f"paid-in-well:{next(_keys)}", by=by)
    if details_in_force(book, source) is None:
        confirm_account(book, source)


def waiting_payout(
    book: Book, investor: Investor, by: User, amount: str = "20.00", *, reason: str = "The third quarter"
) -> Payout:
    """A payout to one investor that waits for a second person."""
    asked = PayoutAsked(investor.code, pounds("0.00"), pounds(amount))
    made = propose_payout(book=book, on=book.business_date, asked=[asked], reason=reason, by=by)
    return payouts(book).get(pk=made.pk)


def approved_payout(book: Book, investor: Investor, by: User, checked_by: User, amount: str = "20.00") -> Payout:
    """The same, approved by another."""
    made = waiting_payout(book, investor, by, amount)
    approve_payout(payout=made, shown_sha256=made.content_sha256, by=checked_by)
    return payouts(book).get(pk=made.pk)
