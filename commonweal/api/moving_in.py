"""Books of loans from another system: prepared with their files, tried row by row, confirmed by a second person."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework import serializers

from commonweal.api.fields import Day, FileIn, Shape, Strict, Word
from commonweal.api.jobs import JobOut
from commonweal.api.journals import ShownIn
from commonweal.api.operations import Asked, BookOperation, Paged, narrowed, operation
from commonweal.api.parsers import JsonWithBooks
from commonweal.jobs.moving_in import WORKBOOK, ask_for_dry_run, ask_to_move_in
from loans.domain.moving_in.findings import Part
from loans.models import MovingIn
from loans.moving_in_queries import moving_ins
from loans.services import BroughtFile, confirm_moving_in, prepare_moving_in, withdraw_moving_in

WHOLE = "workbook"
SHEETS = {**{part.name.lower(): str(part) for part in Part}, WHOLE: WORKBOOK}
"""What a file is, by the word for it."""


class MovingInOut(Shape):
    """A book of loans from another system, and where it stands."""

    id = serializers.IntegerField()
    reference = serializers.CharField(source="__str__")
    cut_over_on = Day(help_text="The first day on which it is serviced here.")
    state = Word(MovingIn.State.values)
    sha256 = serializers.CharField(source="content_sha256", help_text="The hash of its files; send it to confirm.")
    found = serializers.JSONField(
        allow_null=True,
        help_text="What the dry run added up: rows, wrong rows, findings, and totals given and made, in minor units.",
    )
    brought = serializers.JSONField(allow_null=True, help_text="What stands in the books when all is in.")
    prepared_by = serializers.CharField(source="prepared_by.name")
    prepared_at = serializers.DateTimeField()
    confirmed_by = serializers.CharField(source="approval.checked_by.name", allow_null=True, default=None)
    withdrawn_by = serializers.CharField(source="withdrawn_by.name", allow_null=True, default=None)


class FindingOut(Shape):
    """One thing that would keep it out."""

    sheet = serializers.CharField(source="part")
    row = serializers.IntegerField(help_text="Counted from 1, the headings; 0 where it is no single row.")
    column = serializers.CharField()
    message = serializers.CharField()


class SheetIn(FileIn):
    """A file: one sheet as CSV, or a workbook with all of them."""

    sheet = Word([*SHEETS])


class MovingInIn(Strict):
    """A book of loans to be tried."""

    cut_over_on = Day(help_text="The first day on which it is serviced here; balances are those of the evening before.")
    files = serializers.ListField(child=SheetIn(), min_length=1, max_length=len(SHEETS))


class MovingInQuery(Paged):
    """Which of them."""

    state = Word(MovingIn.State.values, required=False)


class MovingInList(BookOperation):
    parser_classes = [JsonWithBooks]

    @operation(gives=MovingInOut, query=MovingInQuery, many=True)
    def get(self, asked: Asked) -> Any:
        """The books of loans that came from elsewhere, the latest first."""
        return self.paged(narrowed(moving_ins(self.book), asked, {"state": "state"}))

    @operation(takes=MovingInIn, gives=JobOut, status=202)
    def post(self, asked: Asked) -> Any:
        """Keep the files and ask for the dry run: a job, whose result names the book of loans."""
        files = {SHEETS[one["sheet"]]: BroughtFile(one["name"], one["content_base64"]) for one in asked["files"]}
        made = prepare_moving_in(book=self.book, cut_over_on=asked["cut_over_on"], files=files, by=self.person)
        return ask_for_dry_run(moving_in=made, by=self.person)


class MovingInOperation(BookOperation):
    """An operation on one book of loans."""

    def look_up(self, **path: Any) -> None:
        super().look_up(**path)
        self.moving_in: MovingIn = get_object_or_404(moving_ins(self.book), pk=path["moving_in"])


class MovingInDetail(MovingInOperation):
    @operation(gives=MovingInOut)
    def get(self, asked: Asked) -> Any:
        """One book of loans, with the hash of its files."""
        return self.moving_in


class FindingList(MovingInOperation):
    @operation(gives=FindingOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """Everything that the dry run found wrong, in the order of the files."""
        return self.paged(self.moving_in.findings.order_by("place"))


class MovingInConfirm(MovingInOperation):
    @operation(takes=ShownIn, gives=JobOut, status=202, moves_money=True)
    def post(self, asked: Asked) -> Any:
        """Agree that exactly these files, which a colleague prepared, move in, and ask for it: a job."""
        confirmed = confirm_moving_in(moving_in=self.moving_in, shown_sha256=asked["sha256"], by=self.person)
        return ask_to_move_in(moving_in=confirmed, by=self.person)


class MovingInWithdraw(MovingInOperation):
    @operation(gives=MovingInOut)
    def post(self, asked: Asked) -> Any:
        """Take back what is not confirmed; it stays on record."""
        withdraw_moving_in(moving_in=self.moving_in, by=self.person)
        return moving_ins(self.book).get(pk=self.moving_in.pk)
