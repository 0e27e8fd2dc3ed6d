"""May this mandate be collected from? Its reference, its bank details, and its state as its changes tell it."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ledger.domain.bank_details import BankDetails
from ledger.domain.words import date_text
from loans.domain.calendar import add_months
from loans.domain.direct_debit.working_days import working_day_after
from loans.domain.errors import MandateRefused

LODGING_DAYS = 5
"""Working days after which an instruction that the payer's bank has not sent back counts as accepted (AUDDIS)."""

_BACS_SIGNS = re.compile(r"[A-Z0-9][A-Z0-9./& -]*")
_SEPA_SIGNS = re.compile(r"[A-Za-z0-9/?:().,'+ -]+")


class Scheme(StrEnum):
    """By which scheme money is asked for."""

    BACS = "bacs"
    SEPA = "sepa"

    @property
    def currency(self) -> str:
        """The one currency that it carries."""
        return "GBP" if self is Scheme.BACS else "EUR"

    @property
    def dormant_months(self) -> int:
        """Months without a collection after which an instruction lapses: 24 by Bacs, 36 by the SEPA rulebook."""
        return 24 if self is Scheme.BACS else 36


class Change(StrEnum):
    """What can happen to a mandate."""

    LODGED = "lodged"
    CONFIRMED = "confirmed"
    AMENDED = "amended"
    CANCELLED = "cancelled"
    REINSTATED = "reinstated"


class MandateState(StrEnum):
    """What can be said of a mandate on a day."""

    SIGNED = "signed"
    LODGED = "lodged"
    LIVE = "live"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"

    @property
    def stands(self) -> bool:
        """Whether the payer's word still counts, though it may be too early to collect."""
        return self in {MandateState.SIGNED, MandateState.LODGED, MandateState.LIVE}


@dataclass(frozen=True, slots=True)
class Changed:
    """A change of a mandate on its day."""

    change: Change
    on: date


def mandate_state(
    scheme: Scheme,
    signed_on: date,
    changes: Iterable[Changed],
    on: date,
    *,
    last_asked_on: date | None = None,
    holidays: Container[date] = frozenset(),
) -> MandateState:
    """The state of a mandate on a day, from its changes in order and the day it was last collected from.

    Bacs collects from what was lodged and not sent back for five working days, or was confirmed. SEPA has the creditor
    keep the mandate, so it is live once signed.
    """
    state, since = MandateState.SIGNED, signed_on
    for one in changes:
        if one.on > on:
            continue
        if one.change is not Change.AMENDED:
            state, since = _after(one.change), one.on
    if state is MandateState.CANCELLED:
        return state
    if on >= add_months(max(last_asked_on or since, since), scheme.dormant_months):
        return MandateState.LAPSED
    if scheme is Scheme.SEPA:
        return MandateState.LIVE
    if state is MandateState.LODGED and on >= working_day_after(since, LODGING_DAYS, holidays):
        return MandateState.LIVE
    return state


def _after(change: Change) -> MandateState:
    match change:
        case Change.LODGED:
            return MandateState.LODGED
        case Change.CANCELLED:
            return MandateState.CANCELLED
        case _:
            return MandateState.LIVE


def hold_reference(scheme: Scheme, reference: str) -> None:
    """Raise MandateRefused for a reference that the scheme does not take.

    Bacs: 6 to 18 of capitals, digits, full stop, ampersand, solidus, hyphen and blank, six of them letters or digits
    and not all the same, the first one a letter or digit, no blank at the end, and not DDIC at the start, which is the
    banks' own (Direct Debit scheme guide, rules for the core reference). SEPA: 1 to 35 Latin signs, no solidus at
    either end and no two in a row (EPC130-08).

    >>> hold_reference(Scheme.BACS, "L-0108-DD01")
    """
    wrong = _wrong_with_bacs(reference) if scheme is Scheme.BACS else _wrong_with_sepa(reference)
    if wrong:
        raise MandateRefused("reference", f"{reference!r} is no reference for {_NAMES[scheme]}: {wrong}. {_CORRECT}")


def hold_details(scheme: Scheme, details: BankDetails) -> None:
    """Raise MandateRefused for an account that the scheme does not reach."""
    if scheme is Scheme.BACS and details.iban:
        raise MandateRefused(
            "sort_code", f"Bacs collects from a sort code and account number, not from an IBAN. Give those. {_CORRECT}"
        )
    if scheme is Scheme.SEPA and not details.iban:
        raise MandateRefused("iban", f"SEPA collects from an IBAN with its BIC. Give those. {_CORRECT}")


def hold_signed_on(signed_on: date, today: date) -> None:
    """Raise MandateRefused for a mandate that is signed on a day to come."""
    if signed_on > today:
        raise MandateRefused(
            "signed_on",
            f"{date_text(signed_on)} is after {date_text(today)}, the business date. Give the day on which the payer "
            "signed; nothing was changed.",
        )


def _wrong_with_bacs(reference: str) -> str:
    counted = re.sub(r"[^A-Z0-9]", "", reference)
    if not 6 <= len(reference) <= 18:
        return f"it has {len(reference)} signs, and 6 to 18 are allowed"
    if not _BACS_SIGNS.fullmatch(reference) or reference.endswith(" "):
        return "it is made of capitals, digits and . & / - or a blank, and begins with a letter or digit"
    if len(counted) < 6 or len(set(counted)) == 1:
        return "six of its signs are letters or digits, and not all the same"
    return "references that begin with DDIC are the banks' own" if reference.startswith("DDIC") else ""


def _wrong_with_sepa(reference: str) -> str:
    if not 1 <= len(reference) <= 35:
        return f"it has {len(reference)} signs, and 1 to 35 are allowed"
    if not _SEPA_SIGNS.fullmatch(reference) or reference != reference.strip():
        return "it is made of plain letters, digits and / - ? : ( ) . , ' +"
    slashes = reference.startswith("/") or reference.endswith("/") or "//" in reference
    return "no solidus stands at its ends or beside another" if slashes else ""


_NAMES = {Scheme.BACS: "Bacs", Scheme.SEPA: "SEPA"}
_CORRECT = "Correct it; nothing was changed."
