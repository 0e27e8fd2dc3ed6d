"""Who asks for which terms, and how far has the question come?"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from loans.domain.application import ApplicationStatus, Move
from loans.domain.day_count import DayCount
from loans.models.money import is_sane, money_field
from loans.models.product import Product, ProductVersion


class Application(models.Model):
    """Terms that a business asks for, as somebody of the staff prepared them; `prepared_by` is who last wrote them.

    `content` is the terms, whole (`terms_content`); the amount and the other columns are what lists show of them.
    `product_version` is the one in force on the day on which it was made; a loan keeps it.
    """

    book = models.ForeignKey("ledger.Book", on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=20)
    organisation = models.ForeignKey("borrowers.Organisation", on_delete=models.PROTECT, related_name="applications")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="applications")
    product_version = models.ForeignKey(ProductVersion, on_delete=models.PROTECT, related_name="+")
    amount = money_field()
    annual_rate = models.DecimalField(max_digits=9, decimal_places=6)
    months = models.PositiveSmallIntegerField()
    first_due_on = models.DateField()
    day_count = models.CharField(max_length=30, choices=[(item.value, item.value) for item in DayCount])
    calendar = models.CharField(max_length=20, blank=True)
    content = models.JSONField()
    purpose = models.CharField(max_length=500)
    applied_on = models.DateField()
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(db_default=Now())
    status = models.CharField(
        max_length=12,
        choices=[(status.value, status.value.replace("_", " ").capitalize()) for status in ApplicationStatus],
        default=ApplicationStatus.DRAFT.value,
    )

    objects: ClassVar[models.Manager[Application]] = models.Manager()

    class Meta:
        ordering = ["-applied_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["book", "reference"], name="loans_one_application_per_reference"),
            models.CheckConstraint(condition=is_sane("amount"), name="loans_application_amount"),
            models.CheckConstraint(
                condition=Q(status__in=[status.value for status in ApplicationStatus]), name="loans_application_status"
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class ApplicationStep(models.Model):
    """One move of an application: who moved it, on which day, over which terms, and why. Append-only."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="steps")
    move = models.CharField(max_length=12, choices=[(move.value, move.value.capitalize()) for move in Move])
    status = models.CharField(max_length=12)
    effective_on = models.DateField()
    terms_sha256 = models.CharField(max_length=64)
    reason = models.CharField(max_length=500, default="", blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(status__in=[ApplicationStatus.APPROVED.value, ApplicationStatus.DECLINED.value]),
                name="loans_one_decision",
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.move}"
