"""Long work: how far it is, what came of it, stopping it and trying it again."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework import serializers

from commonweal.api.fields import Shape, Text, Word
from commonweal.api.operations import Asked, Operation, Paged, narrowed, operation
from commonweal.jobs.models import Job, JobState
from commonweal.jobs.queries import jobs_for
from commonweal.jobs.services import cancel, retry


class JobOut(Shape):
    """A piece of long work."""

    id = serializers.IntegerField()
    reference = serializers.CharField()
    kind = serializers.CharField(
        help_text="`import_bank`, `issue_statements`, `help_statements`, `tell_statements`, `close_days`, "
        "`close_month`, `help_close`, `auditors_pack`, `send_letters`, `issue_tax_statements`, "
        "`try_moving_in`, `move_in`, or by the clock `write_letters`, `seal_book`, `check_book`."
    )
    book = serializers.CharField(source="book.code", allow_null=True, default=None)
    state = Word([state.value for state in JobState])
    done = serializers.IntegerField(help_text="How many steps are done.")
    total = serializers.IntegerField(allow_null=True, help_text="Of how many; null while that is not known.")
    note = serializers.CharField()
    result = serializers.JSONField(allow_null=True)
    error = serializers.CharField(help_text="Why it failed, for people; empty if it did not.")
    requested_by = serializers.CharField(source="requested_by.name", allow_null=True, default=None)
    requested_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    took_seconds = serializers.FloatField(allow_null=True, help_text="From the first attempt to the end.")


class JobQuery(Paged):
    """Which jobs."""

    state = Word([state.value for state in JobState], required=False)
    kind = Text(required=False, max_length=60)
    book = Text(required=False, max_length=50, help_text="The code of a book.")


class JobList(Operation):
    @operation(gives=JobOut, query=JobQuery, many=True)
    def get(self, asked: Asked) -> Any:
        """What the person asked for, and what was asked for in their books; the latest first."""
        found = jobs_for(self.person).select_related("book", "requested_by")
        return self.paged(narrowed(found, asked, {"state": "state", "kind": "kind", "book": "book__code"}))


class JobOperation(Operation):
    """An operation on one job."""

    def look_up(self, **path: Any) -> None:
        found = jobs_for(self.person).select_related("book", "requested_by")
        self.job: Job = get_object_or_404(found, pk=path["job"])


class JobDetail(JobOperation):
    @operation(gives=JobOut)
    def get(self, asked: Asked) -> Any:
        """How far a job is, and how it ended."""
        return self.job


class JobCancel(JobOperation):
    @operation(gives=JobOut)
    def post(self, asked: Asked) -> Any:
        """Stop a job; what it finished stays."""
        return cancel(job=self.job)


class JobRetry(JobOperation):
    @operation(gives=JobOut)
    def post(self, asked: Asked) -> Any:
        """Queue a failed or stopped job again."""
        return retry(job=self.job)
