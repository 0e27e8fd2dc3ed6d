"""Mandates: kept as they are signed, changed as payer and bank say, and told of every collection before it is made."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from ledger.domain.bank_details import BankDetails
from ledger.domain.money import to_minor
from loans.debits import (
    WITH_THE_BANK,
    Standing,
    mandates,
    mandates_of,
    notices_to_give,
    owed_by,
    standing,
    standings,
)
from loans.domain.calendar import is_business_day
from loans.domain.direct_debit.mandate import MandateState, Scheme, hold_details, hold_reference, hold_signed_on
from loans.domain.direct_debit.working_days import on_working_day
from loans.domain.errors import AboveNotice, MandateRefused, MandateWithdrawn
from loans.domain.words import date_text, money_text
from loans.models import DebitNotice, Loan, Mandate, MandateChange
from loans.queries import positions_of

if TYPE_CHECKING:
    from moneyed import Money

    from ledger.models import Book

Change, Who = MandateChange.Change, MandateChange.Who


@transaction.atomic
def keep_mandate(
    *,
    loan: Loan,
    scheme: Scheme,
    details: BankDetails,
    signed_on: date,
    by: AbstractBaseUser,
    reference: str = "",
) -> Mandate:
    """Keep a mandate that a payer signed; without a reference it gets one of the loan's.

    Raises MandateRefused for a reference or account that the scheme does not take, a loan in another currency, a day to
    come, or a loan whose mandate stands already.
    """
    locked = Loan.objects.select_for_update(of=("self",)).select_related("book").get(pk=loan.pk)
    today = locked.book.business_date
    hold_signed_on(signed_on, today)
    hold_details(scheme, details)
    if locked.currency != scheme.currency:
        raise MandateRefused(
            "scheme",
            f"{locked} is repaid in {locked.currency}, and this scheme carries {scheme.currency}. Choose the scheme of "
            "that currency; nothing was changed.",
        )
    _refuse_second(locked, today)
    reference = reference.strip() or _next_reference(locked)
    hold_reference(scheme, reference)
    _refuse_used(locked.book, scheme, reference)
    return Mandate.objects.create(
        book=locked.book,
        loan=locked,
        scheme=scheme,
        reference=reference,
        signed_on=signed_on,
        recorded_by_id=by.pk,
        **_columns(details),
    )


@transaction.atomic
def change_mandate(
    *,
    mandate: Mandate,
    change: MandateChange.Change,
    who: MandateChange.Who,
    on: date,
    by: AbstractBaseUser,
    code: str = "",
    words: str = "",
    details: BankDetails | None = None,
) -> MandateChange:
    """Record what happened to a mandate. Cancelled again it stays as it was cancelled first.

    Raises MandateRefused for a change that its state rules out, an amendment without an account, or a day outside.
    """
    found = _locked(mandate)
    if change == Change.CANCELLED and found.cancelled is not None:
        return found.cancelled
    _refuse_change(found, Change(change), on, details)
    return MandateChange.objects.create(
        mandate=mandate,
        change=change,
        on=on,
        who=who,
        code=code,
        words=words.strip(),
        recorded_by_id=by.pk,
        **(_columns(details) if details else {}),
    )


@transaction.atomic
def give_notice(
    *, mandate: Mandate, collect_on: date, amount: Money, on: date, by: AbstractBaseUser | None = None
) -> DebitNotice:
    """Keep that the payer is told today of one collection, such as of arrears; the letter is the caller's.

    Raises MandateWithdrawn, and AboveNotice for a day that is too near or on which the banks are closed, and for more
    than is owed by that day.
    """
    found = _locked(mandate)
    if found.state not in WITH_THE_BANK:
        refuse_withdrawn(found)
    first = found.rules.period.first_day(on, found.rules.holidays)
    if collect_on < first:
        raise AboveNotice(
            f"Told on {date_text(on)}, {mandate.loan} can be collected from {date_text(first)} on: the payer has "
            f"{found.rules.period.words} of notice. Choose a later day; nothing was changed."
        )
    if not is_business_day(collect_on, found.rules.holidays):
        opens = on_working_day(collect_on, found.rules.holidays)
        raise AboveNotice(
            f"The banks are closed on {date_text(collect_on)}. Choose {date_text(opens)} or another working day; "
            "nothing was changed."
        )
    if amount.amount <= 0 or amount.currency.code != found.rules.scheme.currency:
        raise AboveNotice(
            f"{money_text(amount)} cannot be collected by this scheme. Tell the payer of an amount in "
            f"{found.rules.scheme.currency}; nothing was changed."
        )
    owed = found.money(owed_by(found, positions_of([mandate.loan], on)[mandate.loan_id], collect_on))
    if amount > owed:
        raise AboveNotice(
            f"By {date_text(collect_on)} {mandate.loan} owes {money_text(owed)} that is not asked for yet; "
            f"{money_text(amount)} is {money_text(amount - owed)} more. Tell the payer of no more than is owed; "
            "nothing was changed."
        )
    notice, _ = DebitNotice.objects.get_or_create(
        mandate=mandate,
        collect_on=collect_on,
        amount=to_minor(amount.amount, amount.currency.code),
        told_on=on,
        defaults={"given_by_id": by.pk if by else None},
    )
    return notice


@transaction.atomic
def notify(mandate: Mandate, on: date, *, by: AbstractBaseUser | None = None) -> list[DebitNotice]:
    """Keep what the payer has to be told today of the plan; again, it keeps nothing. The letter is the caller's.

    One notice tells a whole schedule, and counts for each instalment as long as its amount stays.
    """
    found = _locked(mandate)
    if found.state not in WITH_THE_BANK:
        return []
    return [
        DebitNotice.objects.create(
            mandate=mandate, collect_on=day, amount=amount, told_on=on, given_by_id=by.pk if by else None
        )
        for _, days in notices_to_give([found], on)
        for day, amount in days.items()
    ]


def _locked(mandate: Mandate) -> Standing:
    """The mandate as it stands today, while nobody else changes or collects from it."""
    Loan.objects.select_for_update(of=("self",)).get(pk=mandate.loan_id)
    fresh = mandates(mandate.book).get(pk=mandate.pk)
    return standing(fresh, fresh.book.business_date)


def refuse_withdrawn(found: Standing) -> None:
    """Raise MandateWithdrawn where nothing may be collected under a mandate."""
    name, state = f"The mandate {found.mandate} of {found.mandate.loan}", found.state
    if found.cancelled is not None:
        ended = found.cancelled
        what = f"was cancelled on {date_text(ended.on)} ({ended.words or ended.get_who_display().lower()})"
    elif state is MandateState.LAPSED:
        what = f"has lapsed: nothing was collected for {found.rules.scheme.dormant_months} months"
    elif state is not MandateState.LIVE:
        raise MandateWithdrawn(
            f"{name} is {state}, and the payer's bank has not taken it yet. Send it to the bank, or record what the "
            "bank said of it; nothing was changed."
        )
    else:
        return
    raise MandateWithdrawn(
        f"{name} {what}. Agree with the payer how to pay, or have a new one signed; nothing was changed."
    )


def _refuse_second(loan: Loan, today: date) -> None:
    before = next((one for one in standings(mandates_of([loan]), today) if one.state.stands), None)
    if before is not None:
        raise MandateRefused(
            "signed_on",
            f"{loan} has a mandate already: {before.mandate}, {before.details.masked}. Cancel that one first, or amend "
            "its account; nothing was changed.",
        )


def _refuse_used(book: Book, scheme: Scheme, reference: str) -> None:
    """The reference is the payer's for ever, also after its mandate has ended."""
    if Mandate.objects.filter(book=book, scheme=scheme, reference=reference).exists():
        raise MandateRefused(
            "reference", f"{reference} is the reference of another mandate. Choose another one; nothing was changed."
        )


def _refuse_change(found: Standing, change: MandateChange.Change, on: date, details: BankDetails | None) -> None:
    state, today, mandate = found.state, found.on, found.mandate
    if not mandate.signed_on <= on <= today:
        raise MandateRefused(
            "on",
            f"{date_text(on)} is before {mandate} was signed, or after {date_text(today)}, the business date. Correct "
            "the day; nothing was changed.",
        )
    if (details is not None) != (change == Change.AMENDED):
        raise MandateRefused(
            "account_name", "An amendment brings the new account, and nothing else does. Nothing was changed."
        )
    if details is not None:
        hold_details(found.rules.scheme, details)
    if (change == Change.REINSTATED) == state.stands:
        raise MandateRefused(
            "change",
            f"{mandate} is {state}, so it cannot be {Change(change).label.lower()}. Look at what happened to it; "
            "nothing was changed.",
        )


def _next_reference(loan: Loan) -> str:
    return f"{loan.reference}-DD{Mandate.objects.filter(loan=loan).count() + 1:02d}"


def _columns(details: BankDetails) -> dict[str, str]:
    names = ("account_name", "sort_code", "account_number", "iban", "bic")
    return {name: getattr(details, name) for name in names}
