"""One reading with what was said before, and the documents that show it."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework import serializers

from borrowers import queries
from borrowers.domain.readings import Answer
from borrowers.models import Reading
from commonweal.access.rules import Side
from commonweal.access.scope import files_for
from commonweal.api.fields import FileIn, PlainDecimal, Shape, Strict, Word
from commonweal.api.indicators import ReadingForStaffOut, ReadingOut
from commonweal.api.operations import Asked, BySide, Paged, Seen, operation
from commonweal.api.organisations import OrganisationOperation
from commonweal.api.parsers import JsonWithAttachment
from loans.returns_queries import evidence_for
from loans.services import Upload, add_evidence


class EarlierReadingOut(Shape):
    """What was said before it was put right."""

    id = serializers.IntegerField()
    answer = Word(Answer)
    value = PlainDecimal(allow_null=True)
    grade = serializers.CharField(allow_blank=True)
    recorded_at = serializers.DateTimeField()


class ReadingDetailOut(ReadingOut):
    """A reading with what it replaces, the latest first."""

    earlier = serializers.SerializerMethodField()

    def get_earlier(self, row: Reading) -> list[dict[str, Any]]:
        """What was said before."""
        return [dict(EarlierReadingOut(one).data) for one in queries.history_of(row)[1:]]


class ReadingDetailForStaffOut(ReadingForStaffOut, ReadingDetailOut):
    """The same with who recorded it, and how it was confirmed."""

    confirmed_by = serializers.CharField(source="confirmation.confirmed_by.name", allow_null=True, default=None)
    confirmed_how = serializers.CharField(source="confirmation.how", allow_null=True, default=None)


READING_DETAIL = BySide("ReadingDetailShown", {Side.STAFF: ReadingDetailForStaffOut, Side.BORROWER: ReadingDetailOut})


class EvidenceOut(Shape):
    """A document that shows a reading; its bytes are at `files/{file}/download/`."""

    file = serializers.CharField(source="file.opaque_name", help_text="The id of the document.")
    name = serializers.CharField(source="file.name", help_text="What its sender called it.")
    content_type = serializers.CharField(source="file.content_type", help_text="Told by its content.")
    size = serializers.IntegerField(source="file.size", help_text="Its bytes.")
    sha256 = serializers.CharField(source="file.attachment.sha256")
    added_at = serializers.DateTimeField()


class EvidenceIn(Strict):
    """A document that shows a reading."""

    file = FileIn(help_text="A PDF, PNG, JPEG, DOCX, XLSX, CSV or text file of at most 10 MB.")


class ReadingOperation(OrganisationOperation):
    """An operation on one reading that stands."""

    def look_up(self, **path: Any) -> None:
        super().look_up(**path)
        standing = queries.current_answers(self.organisation).select_related("confirmation__confirmed_by")
        self.reading: Reading = get_object_or_404(standing, pk=path["reading"])


class ReadingDetail(ReadingOperation):
    @operation(gives=READING_DETAIL)
    def get(self, asked: Asked) -> Any:
        """One reading, with all that was said of its period before."""
        return Seen(self.side_towards(self.organisation.pk), self.reading)


class EvidenceList(ReadingOperation):
    parser_classes = [JsonWithAttachment]

    @operation(gives=EvidenceOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """The documents that show a reading and count, the first one first."""
        return self.paged(evidence_for(self.reading).filter(file__in=files_for(self.person)))

    @operation(takes=EvidenceIn, gives=EvidenceOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Keep a document that shows a reading, judged by its content; the same one again is there already."""
        sent = asked["file"]
        upload = Upload(sent["name"], sent["content_base64"])
        return add_evidence(book=self.book, reading=self.reading, upload=upload, by=self.person)
