"""How a fund collects: its number at the scheme, the account that is credited, and the notice that payers get."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from ledger.domain.bank_details import BankDetails, read_bank_details
from ledger.domain.errors import BankDetailsMalformed
from loans.domain.direct_debit.mandate import Scheme
from loans.domain.direct_debit.notice import DEFAULT_PERIODS, NoticePeriod
from loans.domain.direct_debit.pain008 import hold_creditor_identifier
from loans.domain.errors import DebitSettingRefused
from loans.models import DebitSetting

if TYPE_CHECKING:
    from ledger.models import BankAccount

MOST_NOTICE = 60


@dataclass(frozen=True, slots=True)
class Collects:
    """What is set: the number at the scheme, the name that payers read, and the notice (None: the scheme's own)."""

    identifier: str
    creditor_name: str
    bic: str = ""
    notice_days: int | None = None
    presents_again: bool = True


@transaction.atomic
def set_debits(
    *, bank_account: BankAccount, scheme: Scheme, collects: Collects, effective_on: date, by: AbstractBaseUser
) -> DebitSetting:
    """Say how a fund collects into a bank account from a day on; what was set before stays for the days before.

    Raises DebitSettingRefused for an account in another currency or that the scheme cannot credit, a number that the
    scheme does not give out, or a notice outside 1 to 60 days.
    """
    if bank_account.currency != scheme.currency:
        raise DebitSettingRefused(
            "bank_account",
            f"{bank_account.name} is in {bank_account.currency}, and the scheme carries {scheme.currency}. Choose an "
            "account in that currency; nothing was changed.",
        )
    _hold_identifier(scheme, collects.identifier)
    period = _period(scheme, collects.notice_days)
    setting = DebitSetting(
        book=bank_account.book,
        scheme=scheme,
        effective_on=effective_on,
        bank_account=bank_account,
        identifier=collects.identifier,
        creditor_name=" ".join(collects.creditor_name.split()),
        bic=collects.bic.strip().upper(),
        notice_days=period.days,
        notice_in_working_days=period.working,
        presents_again=collects.presents_again,
        set_by_id=by.pk,
    )
    credited_account(setting)
    setting.save()
    return setting


def credited_account(setting: DebitSetting) -> BankDetails:
    """The account that a scheme credits: by sort code and number for Bacs, by IBAN and BIC for SEPA.

    Raises DebitSettingRefused.
    """
    number = setting.bank_account.identification
    given: dict[str, str] = {"iban": number, "bic": setting.bic}
    if setting.scheme == Scheme.BACS:
        own = number[8:] if number.startswith("GB") else number
        given = {"sort_code": own[:6], "account_number": own[6:]}
    try:
        return read_bank_details(account_name=setting.creditor_name, **given)
    except BankDetailsMalformed as refusal:
        raise DebitSettingRefused(
            "bank_account" if refusal.field in ("sort_code", "account_number", "iban") else refusal.field,
            f"{setting.bank_account.name} cannot be credited by {setting.get_scheme_display()}. {refusal}",
        ) from refusal


def _hold_identifier(scheme: Scheme, identifier: str) -> None:
    if scheme is Scheme.SEPA:
        hold_creditor_identifier(identifier)
    elif not re.fullmatch(r"[0-9]{6}", identifier, re.ASCII):
        raise DebitSettingRefused(
            "identifier",
            f"{identifier!r} is no service user number: it has six digits. Correct it; nothing was changed.",
        )


def _period(scheme: Scheme, days: int | None) -> NoticePeriod:
    default = DEFAULT_PERIODS[scheme]
    if days is None:
        return default
    if not 1 <= days <= MOST_NOTICE:
        raise DebitSettingRefused(
            "notice_days",
            f"A notice of {days} days is not possible: from 1 to {MOST_NOTICE}. The scheme's own is "
            f"{default.words}; nothing was changed.",
        )
    return NoticePeriod(days, default.working)
