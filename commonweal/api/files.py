"""Documents kept with a business or one of its loans: sending, reading about, downloading and withdrawing them."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from commonweal.access.downloads import kept_file_response
from commonweal.access.roles import acting_roles
from commonweal.access.rules import Side
from commonweal.access.scope import files_for, loans_for
from commonweal.api.fields import FileIn, Id, Shape, Strict, Text, Word
from commonweal.api.operations import Asked, BySide, Operation, Paged, Seen, named, narrowed, operation
from commonweal.api.organisations import OrganisationOperation
from commonweal.api.parsers import JsonWithAttachment
from loans.domain.kept_files import OF_THE_BUSINESS, KeptKind
from loans.models import StoredFile
from loans.services import keep_file, withdraw_file

NOT_YOURS = "A document of this kind is for the fund's staff alone. Choose another; nothing was kept."


class FileOut(Shape):
    """A document that is kept; its `id` is random and all that an address has."""

    id = serializers.CharField(source="opaque_name")
    organisation = serializers.IntegerField(source="organisation_id")
    loan = serializers.IntegerField(source="loan_id", allow_null=True)
    kind = Word(KeptKind)
    name = serializers.CharField(help_text="What its sender called it; a download has a name of ours.")
    content_type = serializers.CharField(help_text="Told by its content.")
    size = serializers.IntegerField(help_text="Its bytes.")
    sha256 = serializers.CharField(source="attachment.sha256")
    uploaded_at = serializers.DateTimeField()


class FileForStaffOut(FileOut):
    """A document with who sent it, and who withdrew it and why."""

    uploaded_by = serializers.CharField(source="uploaded_by.name")
    withdrawn_by = serializers.CharField(source="withdrawal.withdrawn_by.name", allow_null=True, default=None)
    withdrawn_because = serializers.CharField(source="withdrawal.reason", allow_null=True, default=None)


FILE = BySide("KeptFile", {Side.STAFF: FileForStaffOut, Side.BORROWER: FileOut})


class KeepIn(Strict):
    """A document to be kept."""

    kind = Word(KeptKind)
    loan = Id(required=False, help_text="The id of a loan of the business; left out, it is about the business itself.")
    file = FileIn(help_text="A PDF, PNG, JPEG, DOCX, XLSX, CSV or text file of at most 10 MB.")


class WithdrawIn(Strict):
    """Why a document no longer counts."""

    reason = Text(max_length=300, help_text="The auditor reads this.")


class FileQuery(Paged):
    """Which documents."""

    kind = Word(KeptKind, required=False)


class FileList(OrganisationOperation):
    parser_classes = [JsonWithAttachment]

    @operation(gives=FILE, query=FileQuery, many=True)
    def get(self, asked: Asked) -> Any:
        """What is kept with a business in this book, the latest first; a business sees what counts and is its own."""
        found = _shown_with(files_for(self.person).filter(book=self.book, organisation=self.organisation))
        side = self.side_towards(self.organisation.pk)
        return self.paged(narrowed(found, asked, {"kind": "kind"}), lambda page: [Seen(side, row) for row in page])

    @operation(takes=KeepIn, gives=FILE, status=201)
    def post(self, asked: Asked) -> Any:
        """Keep a document, judged by its content; the same one again is the one that is kept."""
        side = self.side_towards(self.organisation.pk)
        kind = KeptKind(asked["kind"])
        if side is Side.BORROWER and kind not in OF_THE_BUSINESS:
            raise ValidationError({"kind": [NOT_YOURS]})
        theirs = loans_for(self.person).filter(book=self.book, organisation=self.organisation)
        kept = keep_file(
            book=self.book,
            organisation=self.organisation,
            loan=named(theirs, "loan", pk=asked["loan"]) if "loan" in asked else None,
            kind=kind,
            name=asked["file"]["name"],
            content=asked["file"]["content_base64"],
            by=self.person,
        )
        return Seen(side, kept)


class FileOperation(Operation):
    """An operation on one document."""

    def look_up(self, **path: Any) -> None:
        self.file: StoredFile = get_object_or_404(_shown_with(files_for(self.person)), opaque_name=path["file"])

    def shown(self, file: StoredFile) -> Seen:
        """The document as the person's side sees it."""
        return Seen(Side.STAFF if file.book_id in acting_roles(self.person).books else Side.BORROWER, file)


class FileDetail(FileOperation):
    @operation(gives=FILE)
    def get(self, asked: Asked) -> Any:
        """One document: what it is, and the hash of its bytes."""
        return self.shown(self.file)


class FileDownload(FileOperation):
    @operation(gives=None, media_type="application/octet-stream")
    def get(self, asked: Asked) -> Any:
        """The bytes of a document; the reading is recorded."""
        return kept_file_response(self.person, self.file)


class FileWithdraw(FileOperation):
    @operation(takes=WithdrawIn, gives=FILE)
    def post(self, asked: Asked) -> Any:
        """Say that a document no longer counts; it stays, with the reason."""
        withdraw_file(file=self.file, reason=asked["reason"], by=self.person)
        return self.shown(_shown_with(StoredFile.objects.filter(Q(pk=self.file.pk))).get())


def _shown_with(found: Any) -> Any:
    shown = found.select_related("attachment", "uploaded_by", "withdrawal__withdrawn_by")
    return shown.defer("attachment__content")
