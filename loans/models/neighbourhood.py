"""What do the residents of a neighbourhood say that it needs, which loans answer that, and may the public see it?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from loans.models.loan import Loan


class Neighbourhood(models.Model):
    """A small area, or several under one name, that a fund looks at as one place. Append-only, its areas for good."""

    book = models.ForeignKey("ledger.Book", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["book", "name"], name="loans_neighbourhood_named_once"),
        ]

    def __str__(self) -> str:
        return self.name


class NeighbourhoodArea(models.Model):
    """One small area of a neighbourhood, by its code. Append-only."""

    neighbourhood = models.ForeignKey(Neighbourhood, on_delete=models.PROTECT, related_name="areas")
    area = models.CharField(max_length=9)

    class Meta:
        ordering = ["area"]
        constraints = [
            models.UniqueConstraint(fields=["neighbourhood", "area"], name="loans_area_once_in_neighbourhood"),
        ]

    def __str__(self) -> str:
        return self.area


class Priority(models.Model):
    """What residents say that their neighbourhood needs, in their words. Append-only; what they say later replaces it.

    `source` is where they said it, and never who: a meeting, a survey, a neighbourhood plan.
    """

    neighbourhood = models.ForeignKey(Neighbourhood, on_delete=models.PROTECT, related_name="priorities")
    text = models.CharField(max_length=300)
    source = models.CharField(max_length=200)
    told_on = models.DateField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "priorities"

    def __str__(self) -> str:
        return self.text


class PriorityAnswer(models.Model):
    """That a loan answers a priority, and how; or that it does not after all. Append-only, the latest counts."""

    priority = models.ForeignKey(Priority, on_delete=models.PROTECT, related_name="answers")
    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="+")
    is_answer = models.BooleanField()
    how = models.CharField(max_length=300)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["priority", "loan", "-id"], name="loans_latest_priority_answer")]

    def __str__(self) -> str:
        return f"{self.loan_id} for {self.priority_id}"


class NeighbourhoodShowing(models.Model):
    """That a neighbourhood has a page for anybody, or has one no more. Append-only, the latest counts."""

    neighbourhood = models.ForeignKey(Neighbourhood, on_delete=models.PROTECT, related_name="showings")
    is_shown = models.BooleanField()
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.neighbourhood_id} {'shown' if self.is_shown else 'taken off'}"
