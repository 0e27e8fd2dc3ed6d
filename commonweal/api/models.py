"""What was answered to which request, so that a repeated one gets the same answer."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class IdempotentAnswer(models.Model):
    """The answer to a request that changed something, kept under its caller and key. Never changed.

    `body` is the JSON text as it was sent, so that a repeat gets the same bytes. An old answer may be removed: see
    `commonweal.api.retention.forget_answers`.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.TextField()
    answered_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="api_one_answer_per_key"),
            models.CheckConstraint(condition=Q(status__gte=200, status__lt=300), name="api_only_effects_are_kept"),
        ]

    def __str__(self) -> str:
        return self.key
