"""Which jobs are there for somebody to see?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from commonweal.access.models import User
from commonweal.access.scope import books_for
from commonweal.jobs.account import ACCOUNT
from commonweal.jobs.models import Job, JobState, LastSweep

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


def runs_of(book: Book) -> QuerySet[Job]:
    """All work of a book, and what the clock asked for of the whole installation; the latest first."""
    return Job.objects.filter(_of(book)).select_related("requested_by").order_by("-pk")


def last_runs(book: Book, kinds: Sequence[str]) -> dict[str, Job]:
    """The latest work of each kind, of a book or of the installation."""
    latest = Job.objects.filter(_of(book), kind__in=kinds).order_by("kind", "-pk").distinct("kind")
    return {job.kind: job for job in latest.select_related("requested_by")}


def last_sweep() -> datetime | None:
    """When workers last looked for what is due; None where none ever ran."""
    return LastSweep.objects.values_list("swept_at", flat=True).first()


def _of(book: Book) -> Q:
    """What belongs to a book, or to no book and nobody: a person's own work without a book is theirs alone."""
    return Q(book=book) | Q(book=None, requested_by__email=ACCOUNT)
