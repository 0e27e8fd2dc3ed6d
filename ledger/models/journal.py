"""Which manual journals are being prepared? Drafts change freely until a second person posts them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from ledger.models.approval import Approval
from ledger.models.book import Account, Book


class Attachment(models.Model):
    """A file that explains a journal, kept by content. Append-only."""

    sha256 = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    content = models.BinaryField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.name


class JournalDraft(models.Model):
    """A manual journal: prepared by one person, posted by another, or withdrawn."""

    class State(models.TextChoices):
        OPEN = "open", "Waiting for a second person"
        POSTED = "posted", "Posted"
        WITHDRAWN = "withdrawn", "Withdrawn"

    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="drafts")
    kind = models.CharField(max_length=20, default="manual")
    effective_on = models.DateField()
    narrative = models.CharField(max_length=400)
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=Now())
    approval = models.OneToOneField(Approval, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"J-{self.pk}"


class DraftPosting(models.Model):
    """A posting of a draft; it may not balance yet."""

    draft = models.ForeignKey(JournalDraft, on_delete=models.CASCADE, related_name="postings")
    line_no = models.PositiveSmallIntegerField()
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField()

    class Meta:
        ordering = ["line_no"]
        constraints = [models.UniqueConstraint(fields=["draft", "line_no"], name="ledger_draft_postings_in_order")]

    def __str__(self) -> str:
        return f"J-{self.draft_id}/{self.line_no}"
