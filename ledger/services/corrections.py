"""Corrections that an accountant makes in the ledger itself; what a loan or a bank line caused is corrected there."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser

from ledger.domain.entry import REVERSIBLE
from ledger.domain.errors import CorrectedElsewhere
from ledger.models import Book
from ledger.models import JournalEntry as StoredEntry
from ledger.services.journal_rules import refuse_ahead, refuse_reversing_opening
from ledger.services.posting import Posted, reverse


def reverse_by_hand(*, entry_id: int, book: Book, on: date, reason: str, key: str, by: AbstractBaseUser) -> Posted:
    """Post the mirror image of an entry of a kind in REVERSIBLE.

    Raises CorrectedElsewhere for any other kind, BankMovesByStatement for the opening balance on which bank statements
    rest, DatedAhead, and what `reverse` raises.
    """
    refuse_ahead(book, on)
    stored = StoredEntry.objects.filter(book=book, pk=entry_id).first()
    if stored is not None and stored.kind not in REVERSIBLE:
        raise CorrectedElsewhere(
            f"E-{entry_id} is of the kind {stored.kind}: it follows from {stored.source or 'something else'}. "
            "Correct it there, and its reversal is posted with it; nothing was posted."
        )
    if stored is not None:
        refuse_reversing_opening(stored)
    return reverse(entry_id, book=book, on=on, reason=reason, key=key, by=by)
