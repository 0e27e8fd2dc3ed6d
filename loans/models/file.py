"""Which documents are kept with a business or a loan, who sent them, and which were withdrawn?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from ledger.domain.file_kinds import FileKind
from loans.domain.kept_files import KeptKind, handed_out_as
from loans.models.loan import Loan


class StoredFile(models.Model):
    """A document of a business, perhaps of one loan, as a book keeps it. Append-only; withdrawing is another row.

    `opaque_name` is random and all that an address has; `name` is what its sender called it, a text and nothing more.
    The bytes are the ledger's attachment of that content, kept once.
    """

    opaque_name = models.CharField(max_length=32, unique=True)
    book = models.ForeignKey("ledger.Book", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("borrowers.Organisation", on_delete=models.PROTECT, related_name="+")
    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, null=True, related_name="files")
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.words) for kind in KeptKind])
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100, choices=[(kind.content_type, str(kind)) for kind in FileKind])
    size = models.PositiveIntegerField()
    attachment = models.ForeignKey("ledger.Attachment", on_delete=models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        indexes = [models.Index(fields=["book", "organisation"], name="loans_files_of_business")]

    def __str__(self) -> str:
        return self.name

    @property
    def file_type(self) -> str:
        """Its type in a word, such as PDF."""
        return next((str(kind) for kind in FileKind if kind.content_type == self.content_type), "file")

    @property
    def download_name(self) -> str:
        """The name under which it is handed out."""
        endings = {kind.content_type: kind.endings[0] for kind in FileKind}
        return handed_out_as(self.opaque_name, endings.get(self.content_type, ""))


class FileWithdrawal(models.Model):
    """That a document no longer counts, why, and who said so. Append-only."""

    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="withdrawal")
    reason = models.CharField(max_length=300)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"file {self.file_id} withdrawn"
