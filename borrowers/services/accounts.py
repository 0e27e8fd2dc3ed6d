"""Giving the figures of a business's accounts. They are never edited: a restatement replaces them and says why."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction

from borrowers.domain.accounts import (
    CURRENCIES,
    AccountsKind,
    AccountsSpan,
    Figures,
    Line,
    refuse_malformed_figures,
)
from borrowers.domain.errors import AccountsExist, AccountsMalformed, RestatementRefused
from borrowers.domain.words import date_text
from borrowers.models import Accounts, Organisation


def give_accounts(
    *,
    organisation: Organisation,
    span: AccountsSpan,
    kind: AccountsKind,
    currency: str,
    figures: Figures,
    on: date,
    by: AbstractBaseUser,
    replaces: Accounts | None = None,
    reason: str = "",
) -> Accounts:
    """Keep the figures of a span that is over on `on`; with `replaces` restate earlier ones, for a reason.

    Raises AccountsTooEarly, AccountsMalformed, AccountsExist, RestatementRefused.
    """
    span.refuse_unless_over(on)
    refuse_malformed_figures(figures)
    if currency not in CURRENCIES:
        raise AccountsMalformed(
            f"Accounts are kept in {' or '.join(CURRENCIES)}, not in {currency}. Correct it; nothing was changed.",
            "currency",
        )
    given = Accounts(
        organisation=organisation,
        period_start=span.start,
        period_end=span.end,
        kind=kind.value,
        currency=currency,
        recorded_by_id=by.pk,
        replaces=replaces,
        reason=reason.strip(),
        **{line.value: figures.get(line) for line in Line},
    )
    if replaces is not None:
        _refuse_unlike(given, replaces)
    try:
        with transaction.atomic():
            given.save(force_insert=True)
    except IntegrityError as error:
        raise _stands_already(given) from error
    return given


def _refuse_unlike(given: Accounts, replaced: Accounts) -> None:
    if not given.reason:
        raise RestatementRefused(
            f"Say why the accounts to {date_text(replaced.span.last_day)} are restated: whoever looks at the covenants "
            "reads it. Nothing was changed.",
            "reason",
        )
    if _about(given) != _about(replaced):
        raise RestatementRefused(
            f"The accounts to be restated are {replaced.get_kind_display()} in {replaced.currency} of "
            f"{replaced.organisation} from {date_text(replaced.period_start)} to {date_text(replaced.span.last_day)}. "
            "Choose the ones to correct; nothing was changed.",
            "replaces",
        )


def _about(accounts: Accounts) -> tuple[object, ...]:
    span = (accounts.period_start, accounts.period_end)
    return accounts.organisation_id, *span, accounts.kind, accounts.currency


def _stands_already(given: Accounts) -> AccountsExist | RestatementRefused:
    days = f"{date_text(given.period_start)} to {date_text(given.span.last_day)}"
    what = f"The {given.get_kind_display()} of {given.organisation} for {days}"
    if given.replaces is not None:
        return RestatementRefused(
            f"{what} were restated by somebody else in the meantime. Look at the latest; nothing was changed.",
            "replaces",
        )
    return AccountsExist(f"{what} are there already. To correct them, restate those; nothing was changed.", "last_day")
