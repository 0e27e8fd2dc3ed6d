"""Who else funds the project that a loan is for, with how much, and how far has that come?"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from moneyed import Money

from loans.domain.project import FundingKind, FundingStatus
from loans.models.loan import Loan
from loans.models.money import is_sane, money_field, plain


class ProjectFunding(models.Model):
    """One funder's part as it stood from a day on. Append-only: what changed is another row that replaces this one."""

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="project_funding")
    funder = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.words) for kind in FundingKind])
    amount = money_field()
    status = models.CharField(max_length=10, choices=[(status.value, status.value) for status in FundingStatus])
    status_on = models.DateField()
    note = models.CharField(max_length=500, default="", blank=True)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[models.Manager[ProjectFunding]] = models.Manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["id", "loan"], name="loans_funding_of_its_loan"),
            models.CheckConstraint(condition=is_sane("amount"), name="loans_funding_amount"),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in FundingKind])
                & Q(status__in=[status.value for status in FundingStatus]),
                name="loans_funding_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.funder}, {self.get_kind_display()}"

    @property
    def money(self) -> Money:
        """The amount, as the domains know it."""
        return plain(self.amount)
