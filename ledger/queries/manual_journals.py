"""Which manual journals were prepared, and with which files?"""

from __future__ import annotations

from django.db.models import QuerySet

from ledger.models import Attachment, Book, JournalDraft

DRAFT_STATES: tuple[str, ...] = tuple(JournalDraft.State.values)
"""Where a manual journal may stand: open, posted or withdrawn."""


def drafts(book: Book) -> QuerySet[JournalDraft]:
    """The manual journals of a book, the latest first."""
    found = JournalDraft.objects.filter(book=book).select_related(
        "made_by", "attachment", "approval__checked_by", "withdrawn_by"
    )
    return found.order_by("-pk")


def open_drafts(book: Book) -> QuerySet[JournalDraft]:
    """The manual journals that wait for a second person, the latest first."""
    return drafts(book).filter(state=JournalDraft.State.OPEN)


def attachment(pk: int) -> Attachment | None:
    """A file that is kept, by its number."""
    return Attachment.objects.filter(pk=pk).first()
