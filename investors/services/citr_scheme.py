"""The tax relief scheme of a fund: when it is accredited, and which of its loans are relevant investments."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction
from moneyed import Money

from investors.domain.citr.claims import EndedBy
from investors.domain.citr.limits import Accreditation
from investors.domain.citr.onward import Case
from investors.domain.errors import ImpossibleTaxRelief
from investors.models import CitrEnding, CitrMark, CitrPeriod
from investors.models.citr import POUNDS
from ledger.domain.money import from_minor, to_minor
from ledger.domain.words import date_text, money_text
from loans.models import Loan

if TYPE_CHECKING:
    from ledger.models import Book

ONE_CHANGES = "SELECT pg_advisory_xact_lock(7418, %s)"


@transaction.atomic
def record_accreditation(
    *,
    book: Book,
    kind: Accreditation,
    starts_on: date,
    ends_on: date,
    applied_for: Money,
    reference: str,
    by: AbstractBaseUser,
) -> CitrPeriod:
    """Record for which days the department accredits the fund (the end exclusive), and what it applied to raise.

    The same again is the period that stands. Raises ImpossibleTaxRelief for days that overlap another's.
    """
    one_changes_the_scheme(book)
    refuse_other_currency(book, applied_for)
    if not starts_on < ends_on or not applied_for.amount > 0 or not reference.strip():
        raise ImpossibleTaxRelief(
            f"An accreditation from {date_text(starts_on)} to before {date_text(ends_on)} for "
            f"{money_text(applied_for)} is not possible. Give a later end, a positive amount and a reference; "
            "nothing was changed."
        )
    given = {
        "kind": kind.value,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "applied_for": to_minor(applied_for.amount, POUNDS),
        "reference": reference.strip(),
    }
    standing = CitrPeriod.objects.filter(book=book, **given).first()
    if standing is not None:
        return standing
    other = CitrPeriod.objects.filter(book=book, starts_on__lt=ends_on, ends_on__gt=starts_on).first()
    if other is not None:
        raise ImpossibleTaxRelief(
            f"{other}, the accreditation to {date_text(other.last_day)}, covers days from {date_text(starts_on)} on "
            "already. Correct the days; nothing was changed."
        )
    return CitrPeriod.objects.create(book=book, recorded_by_id=by.pk, **given)


@transaction.atomic
def lose_accreditation(*, period: CitrPeriod, on: date, reason: str, by: AbstractBaseUser) -> CitrEnding:
    """Record that accreditation was withdrawn on a day of its period: claims end whose qualifying date had not come.

    Raises ImpossibleTaxRelief.
    """
    one_changes_the_scheme(period.book)
    refuse_day_to_come(period.book, on)
    if not period.starts_on <= on < period.ends_on or not reason.strip():
        raise ImpossibleTaxRelief(
            f"{period} runs from {date_text(period.starts_on)} to {date_text(period.last_day)}, so it cannot be lost "
            f"on {date_text(on)}. Give a day of it and the reason; nothing was changed."
        )
    standing = CitrEnding.objects.filter(period=period).first()
    if standing is not None:
        raise ImpossibleTaxRelief(f"{period} was lost on {date_text(standing.ended_on)} already. Nothing was changed.")
    return CitrEnding.objects.create(
        period=period, by=EndedBy.ACCREDITATION_LOST, ended_on=on, reason=reason.strip(), recorded_by_id=by.pk
    )


@transaction.atomic
def mark_loan(
    *,
    loan: Loan,
    on: date,
    case: Case | None,
    reason: str,
    distributes_profit: bool = False,
    agreed_to_count: bool = False,
    by: AbstractBaseUser,
) -> CitrMark:
    """Say that a loan is a relevant investment from a day on, by which case and why; no case: that it is not.

    `agreed_to_count` where a guarantee protects the loan, and it is not publicly funded, or the department has agreed.
    Raises ImpossibleTaxRelief without a reason, for a day to come, or a loan in another currency.
    """
    one_changes_the_scheme(loan.book)
    refuse_other_currency(loan.book, from_minor(0, loan.currency))
    refuse_day_to_come(loan.book, on)
    if not reason.strip():
        raise ImpossibleTaxRelief(
            f"Say why {loan} is a relevant investment, or why not: the department asks for it. Nothing was changed."
        )
    return CitrMark.objects.create(
        loan=loan,
        effective_on=on,
        is_relevant=case is not None,
        case=case,
        distributes_profit=distributes_profit,
        agreed_to_count=agreed_to_count,
        reason=reason.strip(),
        recorded_by_id=by.pk,
    )


def one_changes_the_scheme(book: Book) -> None:
    """Wait for whoever changes something of this book's scheme; held to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_CHANGES, [book.pk])


def refuse_other_currency(book: Book, amount: Money) -> None:
    """Raises ImpossibleTaxRelief unless book and amount are in pounds."""
    if book.base_currency != POUNDS or amount.currency.code != POUNDS:
        raise ImpossibleTaxRelief(
            f"The tax relief is reckoned in pounds, and {amount.currency.code} was given for {book}, which is kept in "
            f"{book.base_currency}. Give pounds, in a book of pounds; nothing was changed."
        )


def refuse_day_to_come(book: Book, on: date) -> None:
    """Raises ImpossibleTaxRelief for a day after the business date."""
    if on > book.business_date:
        raise ImpossibleTaxRelief(
            f"{date_text(on)} is after {date_text(book.business_date)}, the business date of {book}. "
            "Record it once it has happened; nothing was changed."
        )
