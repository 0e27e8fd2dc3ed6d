"""Who has read what: one row for each reading of a document or of a borrower's details."""

from __future__ import annotations

from django.db.models import QuerySet

from commonweal.access.models import ReadRecord, User


def record_read(*, user: User, what: str, subject: str) -> ReadRecord:
    """Note that a person read something private, such as the "document" "17" or the "organisation" "4"."""
    return ReadRecord.objects.create(user=user, what=what, subject=subject)


def readings(what: str, subject: str) -> QuerySet[ReadRecord]:
    """Who has read one thing, latest first."""
    return ReadRecord.objects.filter(what=what, subject=subject).select_related("user").order_by("-at", "-id")
