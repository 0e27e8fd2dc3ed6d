"""Runs of statements: asking for one, looking at what it prepared, and publishing it by a second person."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework import serializers

from commonweal.api.fields import Day, Shape, Strict, Text, Word
from commonweal.api.jobs import JobOut
from commonweal.api.operations import Asked, BookOperation, Paged, operation
from commonweal.documents.download import prepared_response
from commonweal.documents.models import DocumentKind, DocumentStatus, PreparedStatement, StatementRun
from commonweal.documents.runs import decline_run, run_sha256, runs_of, state_of
from commonweal.jobs.services import enqueue
from commonweal.jobs.statements import period_of, publish_statements

KINDS = [
    DocumentKind.LOAN_STATEMENT.value,
    DocumentKind.INVESTOR_STATEMENT.value,
    DocumentKind.FACILITY_STATEMENT.value,
    DocumentKind.IMPACT_STATEMENT.value,
]
SHA256 = r"^[0-9a-f]{64}$"


class StatementRunOut(Shape):
    """A run of statements."""

    id = serializers.IntegerField()
    period_start = Day()
    period_end = Day(help_text="The first day that no longer belongs to the period.")
    status = Word([status.value for status in DocumentStatus])
    state = serializers.SerializerMethodField(help_text=f"One of {', '.join(StatementRun.State.values)}.")
    planned = serializers.SerializerMethodField(help_text="How many statements there will be.")
    prepared = serializers.IntegerField(source="ready", help_text="How many are prepared.")
    issued_on = Day(help_text="The day that stands on them.")
    seal = serializers.CharField(help_text="The seal that covers what they know.")
    prepared_by = serializers.CharField(source="prepared_by.name")
    decided_by = serializers.CharField(source="decision.decided_by.name", allow_null=True, default=None)
    reason = serializers.CharField(source="decision.reason", allow_null=True, default=None)

    def get_state(self, row: Any) -> str:
        """Where it stands."""
        return state_of(row).value

    def get_planned(self, row: Any) -> int:
        """How many there will be."""
        return len(row.planned)


class StatementRunDetailOut(StatementRunOut):
    """A run of statements, and what an approval is bound to."""

    sha256 = serializers.SerializerMethodField(help_text="Of all that is prepared: what publishing is bound to.")

    def get_sha256(self, row: StatementRun) -> str:
        """As the database works it out too."""
        return run_sha256(row)


class PreparedStatementOut(Shape):
    """One statement of a run."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    kind = Word(KINDS)
    subject = serializers.CharField(help_text="The loan, investor, facility or fund that it is about.")
    replaces = serializers.IntegerField(source="replaces_id", allow_null=True)
    stands = serializers.IntegerField(
        source="stands_id", allow_null=True, help_text="The document that says the same, where nothing changed."
    )
    sha256 = serializers.CharField(source="file_id")
    size = serializers.IntegerField(help_text="Its bytes.")


class StatementRunIn(Strict):
    """The period that statements are prepared for."""

    period = Text(max_length=7, help_text="A year, a quarter or a month that is over: 2026, 2026-Q3 or 2026-09.")


class StatementRunDecisionIn(Strict):
    """What was shown, and why it is decided so."""

    sha256 = serializers.RegexField(SHA256, max_length=64)
    reason = Text(max_length=500, required=False, allow_blank=True, help_text="Needed to decline.")


class RunList(BookOperation):
    @operation(gives=StatementRunOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """The runs of a book, the latest first."""
        return self.paged(runs_of(self.book))

    @operation(takes=StatementRunIn, gives=JobOut, status=202)
    def post(self, asked: Asked) -> Any:
        """Ask for the statements of a period: a job, whose address tells how far it is and how it ended."""
        period = period_of(asked["period"], self.book)
        arguments = {"book": self.book.code, "period": period.text}
        return enqueue(kind="issue_statements", arguments=arguments, by=self.person, book=self.book)


class RunOperation(BookOperation):
    """An operation on one run."""

    def look_up(self, **path: Any) -> None:
        super().look_up(**path)
        self.run: Any = get_object_or_404(runs_of(self.book), pk=path["statement_run"])

    def decided(self) -> Any:
        """The run with what was decided."""
        return runs_of(self.book).get(pk=self.run.pk)


class RunDetail(RunOperation):
    @operation(gives=StatementRunDetailOut)
    def get(self, asked: Asked) -> Any:
        """One run of statements."""
        return self.run


class PreparedList(RunOperation):
    @operation(gives=PreparedStatementOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """What a run prepared, by kind and subject."""
        return self.paged(PreparedStatement.objects.filter(run=self.run).order_by("kind", "subject"))


class PreparedDownload(RunOperation):
    @operation(gives=None, media_type="application/pdf")
    def get(self, asked: Asked) -> Any:
        """A statement as it would be published; the reading is recorded."""
        return prepared_response(self.person, self.prepared)

    def look_up(self, **path: Any) -> None:
        super().look_up(**path)
        mine = PreparedStatement.objects.select_related("run").filter(run=self.run)
        self.prepared: PreparedStatement = get_object_or_404(mine, pk=path["prepared"])


class RunPublish(RunOperation):
    @operation(takes=StatementRunDecisionIn, gives=StatementRunDetailOut)
    def post(self, asked: Asked) -> Any:
        """Publish exactly what a colleague had prepared: all of it at once, and its readers are told."""
        publish_statements(run=self.run, shown_sha256=asked["sha256"], reason=asked.get("reason", ""), by=self.person)
        return self.decided()


class RunDecline(RunOperation):
    @operation(takes=StatementRunDecisionIn, gives=StatementRunDetailOut)
    def post(self, asked: Asked) -> Any:
        """Decline a run, or take back what one had prepared oneself."""
        decline_run(run=self.run, shown_sha256=asked["sha256"], reason=asked.get("reason", ""), by=self.person)
        return self.decided()
