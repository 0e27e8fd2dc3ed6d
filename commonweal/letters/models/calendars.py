"""Who may read a calendar of due dates, and what did it last say of each?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class CalendarToken(models.Model):
    """The secret part of a calendar's address; only its hash is kept, so it can be shown once and never again."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=100)
    prefix = models.CharField(max_length=6)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(db_default=Now())
    last_used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.prefix}… ({self.label})"


class CalendarDate(models.Model):
    """What calendars were told of one payment: a projection of the schedule that counts its own changes."""

    loan = models.ForeignKey("loans.Loan", on_delete=models.PROTECT, related_name="+")
    no = models.PositiveSmallIntegerField()
    uid = models.CharField(max_length=60, unique=True)
    due_on = models.DateField()
    sequence = models.PositiveIntegerField(default=0)
    is_cancelled = models.BooleanField(default=False)
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["loan", "no"]
        constraints = [models.UniqueConstraint(fields=["loan", "no"], name="letters_one_date_per_payment")]

    def __str__(self) -> str:
        return f"payment {self.no} of {self.loan_id}"
