"""Recording who else funds a loan's project, and how far that has come; nothing is edited."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from moneyed import Money

from borrowers.domain.names import refuse_hidden_signs
from loans.domain.errors import FundingRefused
from loans.domain.project import FundingKind, FundingStatus, refuse_move
from loans.domain.words import date_text, money_text
from loans.models import Loan, ProjectFunding
from loans.models.money import LIMIT, PLACES


@transaction.atomic
def record_funding(
    *,
    loan: Loan,
    funder: str,
    kind: FundingKind,
    amount: Money,
    status: FundingStatus,
    status_on: date,
    on: date,
    by: AbstractBaseUser,
    note: str = "",
    replaces: ProjectFunding | None = None,
) -> ProjectFunding:
    """Record a funder's part; with `replaces`, what became of it.

    Raises FundingRefused, naming the field, and NameMalformed.
    """
    name = funder.strip()
    if not name:
        raise FundingRefused("funder", "Say who the funder is. Nothing was changed.")
    refuse_hidden_signs(name)
    _refuse_amount(loan, amount)
    if status_on > on:
        raise FundingRefused(
            "status_on",
            f"What happens on {date_text(status_on)} is recorded on that day, not on {date_text(on)}. "
            "Correct the day; nothing was changed.",
        )
    if replaces is not None:
        _refuse_unlike(loan, replaces, status, status_on)
    row = ProjectFunding(
        loan=loan,
        funder=name,
        kind=kind.value,
        status=status.value,
        status_on=status_on,
        note=note.strip(),
        replaces=replaces,
        recorded_by_id=by.pk,
    )
    row.amount = amount
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise FundingRefused(
            "replaces",
            f"The part of {name} was changed by somebody else in the meantime. Look at the latest; "
            "nothing was changed.",
        ) from error
    return row


def _refuse_amount(loan: Loan, amount: Money) -> None:
    if amount.currency.code != loan.currency:
        raise FundingRefused(
            "amount",
            f"The project of {loan} is counted in {loan.currency}, not in {amount.currency}. "
            "Give the amount in that currency; nothing was changed.",
        )
    if not 0 < amount.amount < LIMIT or amount.amount != round(amount.amount, PLACES):
        raise FundingRefused(
            "amount",
            f"{money_text(amount)} is no amount above nought in whole pennies. Correct it; nothing was changed.",
        )


def _refuse_unlike(loan: Loan, replaced: ProjectFunding, status: FundingStatus, status_on: date) -> None:
    if replaced.loan_id != loan.pk:
        raise FundingRefused("replaces", f"That part is not of the project of {loan}. Choose one of it.")
    refuse_move(replaced.funder, FundingStatus(replaced.status), status)
    if status_on < replaced.status_on:
        raise FundingRefused(
            "status_on",
            f"The money of {replaced.funder} is {replaced.status} since {date_text(replaced.status_on)}; what came "
            f"of it cannot be of {date_text(status_on)}. Correct the day; nothing was changed.",
        )
