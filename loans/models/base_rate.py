"""Which published rates do loans follow, and who was told of a change?"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class BaseRateIndex(models.Model):
    """A published rate that loans may follow, such as Bank Rate."""

    book = models.ForeignKey("ledger.Book", on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=200)

    objects: ClassVar[models.Manager[BaseRateIndex]] = models.Manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["book", "code"], name="loans_one_index_per_code")]

    def __str__(self) -> str:
        return self.name


class BaseRate(models.Model):
    """A rate in force from a day until the next one; a fraction: 0.0375 is 3.75%. Append-only.

    A correction is a later row that says which one it replaces.
    """

    index = models.ForeignKey(BaseRateIndex, on_delete=models.PROTECT, related_name="rates")
    effective_on = models.DateField()
    annual_rate = models.DecimalField(max_digits=9, decimal_places=6)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[models.Manager[BaseRate]] = models.Manager()

    class Meta:
        ordering = ["-effective_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(annual_rate__gt=-1, annual_rate__lt=1), name="loans_base_rate_is_a_fraction"
            )
        ]

    def __str__(self) -> str:
        return f"{self.effective_on}: {self.annual_rate:.6f}"


class RateNotice(models.Model):
    """That a borrower has to be told of a new rate, by when, and what it changes. Append-only.

    `old_payment` and `new_payment` are the next instalment before and after, in minor units; none where none is left.
    """

    loan = models.ForeignKey("loans.Loan", on_delete=models.PROTECT, related_name="rate_notices")
    base_rate = models.ForeignKey(BaseRate, on_delete=models.PROTECT, related_name="notices")
    takes_effect_on = models.DateField()
    tell_by = models.DateField()
    old_rate = models.DecimalField(max_digits=9, decimal_places=6)
    new_rate = models.DecimalField(max_digits=9, decimal_places=6)
    old_payment = models.BigIntegerField(null=True)
    new_payment = models.BigIntegerField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[models.Manager[RateNotice]] = models.Manager()

    class Meta:
        ordering = ["tell_by", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["loan", "base_rate", "takes_effect_on"], name="loans_one_notice_per_rate_and_day"
            )
        ]

    def __str__(self) -> str:
        return f"notice to {self.loan_id} of {self.takes_effect_on}"
