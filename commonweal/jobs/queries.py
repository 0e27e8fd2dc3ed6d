"""Which jobs are there for somebody to see?"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from commonweal.access.models import User
from commonweal.access.scope import books_for
from commonweal.jobs.models import Job


def jobs_for(user: User) -> QuerySet[Job]:
    """What a person asked for, and what was asked for in the books of a member of staff; the latest first."""
    return Job.objects.filter(Q(requested_by=user) | Q(book__in=books_for(user)))
