"""What would a sale of a participation change, which sales were there, and what became known of them since?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from moneyed import Money

from investors.domain.entries import participation_in_principal
from investors.domain.errors import TransferRefused
from investors.domain.participation import ParticipationSet
from investors.domain.sale import Sale, after_sale, interest_sold
from investors.models import ParticipationTransfer
from investors.queries.shares import as_value, standing_sets
from investors.queries.sides import change_of_hands
from ledger.domain.money import from_minor
from ledger.domain.words import date_text, money_text
from ledger.queries import balances, closed_until, entries_on
from loans.domain.accruals import accrued
from loans.models import Loan
from loans.queries import events_of, first_terms_of

if TYPE_CHECKING:
    from ledger.models import Book, JournalEntry, Seal


@dataclass(frozen=True, slots=True)
class LenderChange:
    """What a lender has in a loan before a sale and after it: its participation, and the principal outstanding."""

    investor: str
    participation: Money
    participation_after: Money
    principal: Money
    principal_after: Money


@dataclass(frozen=True, slots=True)
class SalePreview:
    """What a sale would change, as it is known now.

    `principal` changes hands; `accrued` is what the seller has earned with it and is not due. `shared_anew` counts the
    entries that stand and would be shared otherwise, because they are dated on the day of the sale or after it.
    """

    sale: Sale
    after: ParticipationSet
    principal: Money
    accrued: Money
    lenders: tuple[LenderChange, ...]
    shared_anew: int


def transfers(book: Book) -> QuerySet[ParticipationTransfer]:
    """The sales of participations in a book, the latest first, each with what was decided."""
    return ParticipationTransfer.objects.filter(loan__book=book).select_related(
        *("loan__book", "seller", "buyer", "proposed_by"),
        *("decision__decided_by", "decision__participation_set", "decision__entry"),
    )


def transfers_of(loan: Loan) -> QuerySet[ParticipationTransfer]:
    """The sales of participations in a loan, the latest first."""
    return transfers(loan.book).filter(loan=loan)


def preview_sale(loan: Loan, sale: Sale) -> SalePreview:
    """What a sale would change.

    Raises TransferRefused where the loan is shared by nobody, the day is before the last change of hands or the
    seller had its part, in a closed period or to come, and for what `investors.domain.sale.after_sale` refuses.
    """
    before = _before(loan, sale)
    after = after_sale(before, sale)
    change = change_of_hands(loan, after)
    had = next(one.amount for one in before.participations if one.investor == sale.seller)
    part = Fraction(sale.amount.amount) / Fraction(had.amount)
    return SalePreview(
        sale,
        after,
        from_minor(-change.principal.get(sale.seller, 0), loan.currency),
        interest_sold(_accrued(loan, sale.on), change.earned, part, sale.seller),
        tuple(_lenders(loan, before, after, change.principal)),
        change.shared_anew,
    )


def principal_sold(transfer: ParticipationTransfer, *, known_under: Seal | None = None) -> Money:
    """The principal that changed hands with a sale, as it is booked by now, or as a seal knew it; nothing while it
    waits."""
    if not transfer.source:
        return from_minor(0, transfer.loan.currency)
    account = participation_in_principal(transfer.loan.reference, transfer.seller.code)
    moved = _moved_by(transfer, known_under)
    found = [posting for entry in moved for posting in entry.postings.all() if posting.account.code == account]
    return from_minor(sum(posting.amount for posting in found), transfer.loan.currency)


def known_since(transfer: ParticipationTransfer, *, known_under: Seal | None = None, since: date | None = None) -> str:
    """What became known after a sale of what was sold, in words; nothing where it is as it was, or where nothing of it
    was booked on `since` or later."""
    if transfer.state != "approved":
        return ""
    was, found = transfer.principal_money, principal_sold(transfer, known_under=known_under)
    moved = _moved_by(transfer, known_under)
    if was == found or not moved.filter(effective_on__gte=since or date.min).exists():
        return ""
    which = "less" if found < was else "more"
    return (
        f"{money_text(found)} of principal changed hands on {date_text(transfer.effective_on)}, "
        f"{money_text(abs(found - was))} {which} than the {money_text(was)} that was known when it was sold: something "
        "dated before the sale was booked after it. The price stands as it was agreed."
    )


def _moved_by(transfer: ParticipationTransfer, known_under: Seal | None) -> QuerySet[JournalEntry]:
    """The entries by which principal changed hands, and those that put it right since."""
    account = participation_in_principal(transfer.loan.reference, transfer.seller.code)
    found = entries_on(transfer.loan.book, [account], known_under=known_under)
    return found.filter(source=transfer.source)


def _before(loan: Loan, sale: Sale) -> ParticipationSet:
    standing = standing_sets(loan)
    if not standing:
        raise TransferRefused(f"Nobody shares {loan}, so there is no part of it to sell. Nothing was changed.")
    _refuse_day(loan, sale.on)
    latest = as_value(standing[-1])
    if sale.on < latest.effective_on:
        raise TransferRefused(
            f"The participations in {loan} count from {date_text(latest.effective_on)}, "
            f"{_days(latest.effective_on - sale.on)} after {date_text(sale.on)}: nobody sells what it did not have, or "
            "has sold since. Choose that day or a later one; nothing was changed."
        )
    return latest


def _refuse_day(loan: Loan, on: date) -> None:
    opened = closed_until(loan.book)
    if on > loan.book.business_date:
        raise TransferRefused(
            f"{date_text(on)} is after {date_text(loan.book.business_date)}, the business date of {loan.book}. "
            "Choose that day or an earlier one; nothing was changed."
        )
    if opened is not None and on < opened:
        raise TransferRefused(
            f"{date_text(on)} is in a closed period: {loan.book} is open from {date_text(opened)}. "
            "Choose that day or a later one; nothing was changed."
        )


def _days(apart: timedelta) -> str:
    return f"{apart.days} day{'' if apart.days == 1 else 's'}"


def _accrued(loan: Loan, on: date) -> Money:
    """What a loan has earned by the end of the day before and that is not due."""
    terms = first_terms_of(loan)
    return terms.scale.money(accrued(terms, events_of(loan), on - timedelta(days=1)).interest)


def _lenders(
    loan: Loan, before: ParticipationSet, after: ParticipationSet, moved: dict[str, int]
) -> list[LenderChange]:
    had = {one.investor: one.amount for one in before.participations}
    has = {one.investor: one.amount for one in after.participations}
    codes = list(dict.fromkeys([*had, *has]))
    nought = from_minor(0, loan.currency)
    accounts = {code: participation_in_principal(loan.reference, code) for code in codes}
    stand = balances(loan.book, list(accounts.values()), after.effective_on - timedelta(days=1))
    return [
        LenderChange(
            code,
            had.get(code, nought),
            has.get(code, nought),
            -stand[accounts[code]],
            -stand[accounts[code]] + from_minor(moved.get(code, 0), loan.currency),
        )
        for code in codes
    ]
