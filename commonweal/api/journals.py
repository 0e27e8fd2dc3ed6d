"""Manual journals: one person prepares with an attachment, another posts exactly what was shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from rest_framework import serializers

from commonweal.access.downloads import handed_out
from commonweal.access.reads import record_read
from commonweal.api.entries import EntryDetailOut, PostingOut, whole_entry
from commonweal.api.fields import Day, FileIn, MoneyField, Shape, Strict, Text, Word
from commonweal.api.operations import Asked, BookOperation, Paged, narrowed, operation
from commonweal.api.parsers import JsonWithAttachment
from commonweal.jobs.year_end_journal import prepare_year_end
from ledger import queries
from ledger.domain.attachments import file_name
from ledger.domain.entry import Kind
from ledger.queries import DRAFT_STATES
from ledger.services import (
    DraftLine,
    draft_journal,
    draft_sha256,
    keep_attachment,
    post_draft,
    withdraw_draft,
)

if TYPE_CHECKING:
    from ledger.models import JournalDraft

BY_HAND = [Kind.MANUAL, Kind.OPENING]
SHA256 = r"[0-9a-f]{64}"


class AttachmentOut(Shape):
    """The file that explains a journal, under the name that it is downloaded by."""

    name = serializers.SerializerMethodField()
    content_type = serializers.CharField(source="attachment.content_type")
    sha256 = serializers.CharField(source="attachment.sha256")

    def get_name(self, row: Any) -> str:
        """Never another uploader's own name for it."""
        return file_name(row.pk, row.attachment.content_type)


class JournalOut(Shape):
    """A manual journal and where it stands."""

    id = serializers.IntegerField()
    reference = serializers.CharField(source="__str__")
    kind = Word(Kind)
    effective_on = Day()
    narrative = serializers.CharField()
    state = Word([*DRAFT_STATES])
    made_by = serializers.CharField(source="made_by.name")
    made_at = serializers.DateTimeField()
    checked_by = serializers.CharField(source="approval.checked_by.name", allow_null=True, default=None)
    withdrawn_by = serializers.CharField(source="withdrawn_by.name", allow_null=True, default=None)
    entry = serializers.IntegerField(source="approval.entry.pk", allow_null=True, default=None)
    attachment = AttachmentOut(source="*")


class JournalDetailOut(JournalOut):
    """A manual journal as it would be posted."""

    sha256 = serializers.SerializerMethodField(help_text="The hash of exactly this: send it along to post it.")
    lines = PostingOut(many=True, source="postings")

    def get_sha256(self, row: Any) -> str:
        """What the second person agrees to."""
        return draft_sha256(row)


class JournalLineIn(Strict):
    """An account and an amount on one side."""

    account = Text(max_length=101, help_text="The code of an account, such as `5030`.")
    debit = MoneyField(required=False)
    credit = MoneyField(required=False)

    def validate(self, attrs: Asked) -> Asked:
        """One side, and a positive amount on it."""
        given = [attrs[side] for side in ("debit", "credit") if side in attrs]
        if len(given) != 1:
            raise serializers.ValidationError("Give a debit or a credit, one of the two.")
        if given[0].amount <= 0:
            raise serializers.ValidationError("Give a positive amount, on the other side if need be.")
        return attrs


class JournalIn(Strict):
    """A manual journal to be prepared."""

    on = Day(help_text="In an open period.")
    narrative = Text(max_length=300, help_text="The auditor reads this.")
    kind = Word([kind.value for kind in BY_HAND], required=False, help_text="`manual` unless given.")
    lines = serializers.ListField(child=JournalLineIn(), min_length=2, max_length=500)
    attachment = FileIn(help_text="What explains it: a PDF, PNG, JPEG, DOCX, XLSX, CSV or text file of at most 10 MB.")


class ShownIn(Strict):
    """What the second person was shown."""

    sha256 = serializers.RegexField(SHA256, max_length=64, help_text="The `sha256` of the journal as it was shown.")


class YearEndIn(Strict):
    """Which year is carried forward."""

    on = Day(help_text="The last day of the year.")


class JournalQuery(Paged):
    """Which journals."""

    state = Word([*DRAFT_STATES], required=False)


class JournalList(BookOperation):
    parser_classes = [JsonWithAttachment]

    @operation(gives=JournalOut, query=JournalQuery, many=True)
    def get(self, asked: Asked) -> Any:
        """The manual journals, the latest first."""
        found = queries.drafts(self.book).select_related("approval__entry").defer("attachment__content")
        return self.paged(narrowed(found, asked, {"state": "state"}))

    @operation(takes=JournalIn, gives=JournalDetailOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Prepare a manual journal; it moves nothing until a colleague posts it."""
        file = asked["attachment"]
        return draft_journal(
            book=self.book,
            on=asked["on"],
            narrative=asked["narrative"],
            lines=[
                DraftLine(line["account"], line["debit"] if "debit" in line else -line["credit"])
                for line in asked["lines"]
            ],
            attachment=keep_attachment(name=file["name"], content=file["content_base64"], by=self.person),
            by=self.person,
            kind=Kind(asked.get("kind", Kind.MANUAL)),
        )


class JournalOperation(BookOperation):
    """An operation on one manual journal."""

    def look_up(self, **path: Any) -> None:
        super().look_up(**path)
        found = (
            queries.drafts(self.book).select_related("book", "approval__entry").prefetch_related("postings__account")
        )
        self.draft: JournalDraft = get_object_or_404(found.prefetch_related("postings__account"), pk=path["draft"])


class JournalDetail(JournalOperation):
    @operation(gives=JournalDetailOut)
    def get(self, asked: Asked) -> Any:
        """One manual journal, with the hash of what would be posted."""
        return self.draft


class JournalAttachment(JournalOperation):
    @operation(gives=None, media_type="application/octet-stream")
    def get(self, asked: Asked) -> Any:
        """The file behind a journal; the reading is recorded."""
        file = self.draft.attachment
        record_read(user=self.person, what="attachment", subject=str(self.draft))
        name = file_name(self.draft.pk, file.content_type)
        return handed_out(name=name, content_type=file.content_type, content=bytes(file.content))


class JournalPost(JournalOperation):
    @operation(takes=ShownIn, gives=EntryDetailOut, status=201, moves_money=True)
    def post(self, asked: Asked) -> Any:
        """Post a journal that a colleague prepared, exactly as it was shown."""
        posted = post_draft(draft=self.draft, shown_sha256=asked["sha256"], by=self.person)
        return whole_entry(self.book, posted.entry_ids[0])


class JournalWithdraw(JournalOperation):
    @operation(gives=JournalDetailOut)
    def post(self, asked: Asked) -> Any:
        """Take back a journal that is not posted; it stays on record."""
        withdraw_draft(draft=self.draft, by=self.person)
        return queries.drafts(self.book).get(pk=self.draft.pk)


class YearEnd(BookOperation):
    @operation(takes=YearEndIn, gives=JournalDetailOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Prepare the journal that carries the year's result forward; a colleague posts it."""
        return prepare_year_end(book=self.book, year_end=asked["on"], by=self.person)


def _draft_line(asked: Asked) -> DraftLine:
    return DraftLine(asked["account"], asked["debit"] if "debit" in asked else -asked["credit"])
