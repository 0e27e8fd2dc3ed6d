"""Matching bank lines to the investors who sent them, by the reference that each was given: `INV-NRB`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from investors.models import Investor
from investors.services.contributions import receive_contribution
from ledger.domain.errors import LedgerError
from ledger.queries import unmatched_bank_lines
from loans.services.references import KnownReferences

if TYPE_CHECKING:
    from ledger.models import BankStatementLine, Book


def payment_reference(investor: Investor) -> str:
    """What an investor writes on a transfer, so that the fund knows whose money it is."""
    return f"INV-{investor.code}"


def match_contributions(*, book: Book, by: AbstractBaseUser) -> list[tuple[BankStatementLine, Investor]]:
    """Book every line of money received that names one investor as that investor's; the rest stays in suspense.

    Each line is a step of its own, and doing this again changes nothing more.
    """
    by_reference = {payment_reference(investor): investor for investor in Investor.objects.all()}
    references, matched = KnownReferences(by_reference), []
    for line in unmatched_bank_lines(book).filter(amount__gt=0).order_by("booked_on", "pk"):
        named = references.named_in(f"{line.reference} {line.description}")
        if len(named) == 1 and _receive(line, by_reference[named[0]], by=by):
            matched.append((line, by_reference[named[0]]))
    return matched


def _receive(line: BankStatementLine, investor: Investor, *, by: AbstractBaseUser) -> bool:
    """Whether the line could be booked; one that the ledger refuses, or that was taken back, waits for a person."""
    try:
        with transaction.atomic():
            posted = receive_contribution(line=line, investor=investor, key=f"bank-line:{line.pk}", by=by)
    except LedgerError:
        return False
    return not posted.repeated
