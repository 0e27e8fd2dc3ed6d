"""Who made it, who checked it, and what exactly did they agree to?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class Approval(models.Model):
    """Four eyes on one thing: an append-only record of two different people and the hash of what both saw."""

    subject = models.CharField(max_length=100)
    content_sha256 = models.CharField(max_length=64)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(db_default=Now())
    reason = models.CharField(max_length=500, default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(made_by=models.F("checked_by")), name="ledger_approval_four_eyes"
            ),
            models.UniqueConstraint(fields=["id", "content_sha256"], name="ledger_approval_binds_content"),
            models.UniqueConstraint(fields=["subject", "content_sha256"], name="ledger_approval_once"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} approved"
