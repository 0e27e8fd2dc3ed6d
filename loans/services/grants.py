"""Awarding a grant beside a loan, and naming the journal entries that paid it. The money itself moves in the ledger."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from moneyed import Money

from borrowers.domain.names import refuse_hidden_signs
from ledger.domain.money import from_minor, to_minor
from ledger.queries import entries
from loans.domain.grants import LONGEST_TITLE, GrantRefused
from loans.domain.words import date_text, money_text
from loans.grants import costs_in, standing
from loans.models import Grant, GrantPayment, Loan
from loans.models.money import LIMIT, PLACES


@transaction.atomic
def award_grant(
    *, loan: Loan, title: str, description: str, amount: Money, awarded_on: date, on: date, by: AbstractBaseUser
) -> Grant:
    """Record that the fund awarded a grant with a loan; no money moves. Raises GrantRefused and NameMalformed."""
    named, told = title.strip(), description.strip()
    if not named or len(named) > LONGEST_TITLE or not told or named == told:
        raise GrantRefused(
            "title", f"A grant has a title of up to {LONGEST_TITLE} characters and a description that says more."
        )
    refuse_hidden_signs(named)
    refuse_hidden_signs(told)
    if amount.currency.code != loan.currency or not 0 < amount.amount < LIMIT:
        raise GrantRefused("amount", f"{money_text(amount)} is no amount in {loan.currency}. Correct it.")
    if amount.amount != round(amount.amount, PLACES):
        raise GrantRefused("amount", f"{money_text(amount)} is not in whole pennies. Correct it.")
    if awarded_on > on:
        raise GrantRefused("awarded_on", f"A grant is recorded once it is awarded, not before {date_text(awarded_on)}.")
    grant = Grant(loan=loan, title=named, description=told, awarded_on=awarded_on, recorded_by_id=by.pk)
    grant.amount = amount
    grant.save(force_insert=True)
    return grant


@transaction.atomic
def record_grant_payment(*, grant: Grant, entry: int, by: AbstractBaseUser) -> GrantPayment:
    """Name a journal entry that paid a grant: one that two people posted, that stands, and that spent on costs.

    Raises GrantRefused where there is no such entry, it pays another grant, or more would be paid than was awarded.
    """
    loan = Loan.objects.select_for_update().select_related("book").get(pk=grant.loan_id)
    spent = costs_in(loan.book, entry, loan.currency)
    found = entries(loan.book).filter(pk=entry).first()
    if found is None or spent <= 0:
        raise GrantRefused(
            "entry",
            f"{loan.book} has no entry E-{entry} of two people that stands and spent {loan.currency} on costs. "
            "Post a manual journal first; nothing was changed.",
        )
    paid = sum(standing().filter(grant=grant).values_list("amount", flat=True))
    if paid + spent > to_minor(grant.money.amount, loan.currency):
        over = from_minor(paid + spent, loan.currency) - grant.money
        raise GrantRefused("entry", f"E-{entry} would pay {money_text(over)} more than was awarded. Check the number.")
    try:
        with transaction.atomic():
            return GrantPayment.objects.create(
                grant=grant, entry=found, paid_on=found.effective_on, amount=spent, recorded_by_id=by.pk
            )
    except IntegrityError as error:
        raise GrantRefused("entry", f"E-{entry} paid a grant already. Name another entry.") from error
