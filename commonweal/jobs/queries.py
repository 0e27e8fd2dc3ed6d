"""Which jobs are there for somebody to see?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from commonweal.access.models import User
from commonweal.access.scope import books_for
from commonweal.jobs.models import Job, JobState

if TYPE_CHECKING:
    from ledger.models import Book


def jobs_for(user: User) -> QuerySet[Job]:
    """What a person asked for, and what was asked for in the books of a member of staff; the latest first."""
    return Job.objects.filter(Q(requested_by=user) | Q(book__in=books_for(user)))


def under_way(book: Book, kind: str) -> Job | None:
    """The work of a kind that waits or runs in a book, the oldest first."""
    return (
        Job.objects.filter(book=book, kind=kind, state__in=[JobState.QUEUED, JobState.RUNNING]).order_by("pk").first()
    )
