"""Documents: what was issued, to whom, knowing what; and the files themselves."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework import serializers

from commonweal.access.scope import documents_for
from commonweal.api.fields import Day, Id, Shape, Strict, Text, Word
from commonweal.api.investors import InvestorOperation
from commonweal.api.operations import Asked, Operation, Paged, named, narrowed, operation
from commonweal.documents.download import document_response
from commonweal.documents.models import Document, DocumentKind, DocumentStatus
from commonweal.documents.participation_certificate import issue_participation_certificate
from investors.queries import parts_in_force

STATEMENTS = [kind.value for kind in DocumentKind if kind is not DocumentKind.AUDITORS_PACK]
"""What is listed here; auditor's packs have operations of their own."""


class DocumentOut(Shape):
    """A statement or a notice that was issued."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    kind = Word(STATEMENTS)
    title = serializers.CharField()
    book = serializers.CharField(source="book.code")
    subject = serializers.CharField(help_text="Of what: a loan, an investor, or for a notice both act and investor.")
    period_start = Day()
    period_end = Day(help_text="The first day that no longer belongs to the period.")
    status = Word([status.value for status in DocumentStatus])
    issued_on = Day()
    replaces = serializers.IntegerField(source="replaces_id", allow_null=True)
    replaced_by = serializers.IntegerField(source="replaced_by.pk", allow_null=True, default=None)
    seal = serializers.CharField(help_text="The seal that covers what it knew.")
    sha256 = serializers.CharField(help_text="The hash of its bytes.")
    size = serializers.IntegerField(help_text="Its bytes.")
    file_name = serializers.CharField()


class CertificateIn(Strict):
    """Of which part a certificate is wanted."""

    loan = Id(help_text="The id of a loan that the investor has a part of.")
    is_anonymous = serializers.BooleanField(required=False, help_text="Whether to leave out the borrower's name.")


class DocumentQuery(Paged):
    """Which documents."""

    book = Text(required=False, max_length=50, help_text="Of one book, by its code.")
    kind = Word(STATEMENTS, required=False)
    subject = Text(required=False, max_length=80, help_text="Of one loan or investor, by reference or code.")


class DocumentList(Operation):
    @operation(gives=DocumentOut, query=DocumentQuery, many=True)
    def get(self, asked: Asked) -> Any:
        """What was issued to the person's business or investor, or from their books; the latest period first."""
        found = documents_for(self.person).select_related("book", "replaced_by").order_by("-period_end", "-pk")
        return self.paged(narrowed(found, asked, {"book": "book__code", "kind": "kind", "subject": "subject"}))


class DocumentOperation(Operation):
    """An operation on one document."""

    def look_up(self, **path: Any) -> None:
        found = documents_for(self.person).select_related("book", "replaced_by")
        self.document: Document = get_object_or_404(found, pk=path["document"])


class DocumentDetail(DocumentOperation):
    @operation(gives=DocumentOut)
    def get(self, asked: Asked) -> Any:
        """One document: what it is about, what it knew, and the hash of its bytes."""
        return self.document


class DocumentDownload(DocumentOperation):
    @operation(gives=None, media_type="application/pdf")
    def get(self, asked: Asked) -> Any:
        """The document as it was issued; the reading is recorded."""
        return document_response(self.person, self.document)


class ParticipationCertificates(InvestorOperation):
    @operation(takes=CertificateIn, gives=DocumentOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Issue the certificate of an investor's part of a loan; one that says the same is given again."""
        parts = parts_in_force(self.investor, self.book, self.book.business_date)
        part = named(parts, "loan", participation_set__loan=asked["loan"])
        anonymous = asked.get("is_anonymous", False)
        return issue_participation_certificate(participation=part, is_anonymous=anonymous, by=self.person).document
