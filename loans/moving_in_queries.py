"""Which books of loans moved in from elsewhere, and what do the books say that their rows have to fit?"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, QuerySet, Sum

from borrowers.queries import organisations
from ledger import queries as ledger
from loans.bank_holidays import business_days
from loans.domain.entries import OPENING
from loans.domain.moving_in.checking import Books
from loans.domain.moving_in.loan_row import Conventions
from loans.domain.offer import read_brings
from loans.models import Booking, HistoryLine, Loan, MovingIn, ProductVersion
from loans.queries import versions_in_force

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.models import Book

BROUGHT_IN = "brought in:1"
"""The movement by which a loan that came from elsewhere begins."""

LOANS_OWN = frozenset({"1020", "1310", "1320", "1330", "1340", "1350", "1351", "1360", "1390", "2110", "2140"})
"""Lines of the chart that have an account for each loan: no opening balance goes to one of these."""


def moving_ins(book: Book) -> QuerySet[MovingIn]:
    """The books of loans that came to a book from elsewhere, the latest first."""
    found = MovingIn.objects.filter(book=book).select_related("prepared_by", "withdrawn_by", "approval__checked_by")
    return found.order_by("-number")


def moving_in_by_key(key: int) -> MovingIn | None:
    """The moving in with this key, if there is one."""
    return MovingIn.objects.select_related("book", "prepared_by", "approval__checked_by").filter(pk=key).first()


def unfinished(book: Book, through: date) -> QuerySet[MovingIn]:
    """What two people agreed to move in by a day, and is not all in yet."""
    return moving_ins(book).filter(state=MovingIn.State.CONFIRMED, cut_over_on__lte=through)


def history_of(loan: Loan) -> QuerySet[HistoryLine]:
    """What another system told of a loan, the oldest first."""
    return HistoryLine.objects.filter(loan=loan).select_related("loan").order_by("on", "row", "pk")


def books_to_fit(book: Book, cut_over_on: date, accounts: Mapping[str, str]) -> Books:
    """What rows have to fit; `accounts` are those that may take an opening balance."""
    standing = Loan.objects.filter(book=book)
    return Books(
        cut_over_on=cut_over_on,
        currency=book.base_currency,
        products={each.product.code: _conventions(each) for each in versions_in_force(book, book.business_date)},
        references=frozenset(standing.values_list("reference", flat=True)),
        payment_references=frozenset(standing.values_list("payment_reference", flat=True)),
        accounts={code: why for code, why in accounts.items() if code.partition("/")[0] not in LOANS_OWN},
        businesses={known: each.name for each in organisations() for known in each.registrations},
    )


def _conventions(version: ProductVersion) -> Conventions:
    brings = read_brings(version.brings)
    return Conventions(brings.day_count, business_days(brings.calendar))


def brought_totals(moving_in: MovingIn) -> dict[str, int]:
    """What stands in the books of the loans that moved in: their number, and minor units by the control totals' names.

    `opening balances` is what all of it leaves on account 3020, which is nought when all is in.
    """
    booked = Booking.objects.filter(loan__moved_in=moving_in, name=BROUGHT_IN)
    sums = booked.aggregate(
        loans=Count("pk"),
        principal=Sum("principal", default=0),
        interest=Sum("interest", default=0),
        fees=Sum("fees", default=0),
        in_advance=Sum("in_advance", default=0),
    )
    principal, interest, fees, in_advance = (
        int(sums[name]) for name in ("principal", "interest", "fees", "in_advance")
    )
    return {
        "loans": sums["loans"],
        "principal": principal,
        "interest due": interest,
        "fees due": fees,
        "in advance": in_advance,
        "opening balances": _opening_balances(moving_in) - (principal + interest + fees - in_advance),
    }


def _opening_balances(moving_in: MovingIn) -> int:
    posted = ledger.entries_by_source(moving_in.book, moving_in.source)
    lines = (line for entry in posted for line in ledger.entry_postings(entry))
    return sum(line.amount for line in lines if line.account.code == OPENING)
