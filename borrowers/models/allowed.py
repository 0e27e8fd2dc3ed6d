"""What may the fund show of a business, and what does the business leave for whoever comes next?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from borrowers.domain.outcomes import Use
from borrowers.models.organisation import Organisation


class Consent(models.Model):
    """That a business allows one use, or allows it no more; the latest counts. Append-only, dated."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="consents")
    use = models.CharField(max_length=10, choices=[(use.value, use.words) for use in Use])
    is_given = models.BooleanField()
    said_on = models.DateField()
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["organisation", "use", "-id"], name="borrowers_consent_latest")]
        constraints = [
            models.CheckConstraint(condition=Q(use__in=[use.value for use in Use]), name="borrowers_consent_use")
        ]

    def __str__(self) -> str:
        return f"{self.use} {'given' if self.is_given else 'withdrawn'} by {self.organisation_id}"


class HandoverNote(models.Model):
    """What a business's people leave for whoever does this next; the latest counts. Append-only."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="handover_notes")
    text = models.CharField(max_length=2000)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"note {self.pk} for {self.organisation_id}"
