"""Which good was promised with a loan?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from loans.models.loan import Loan


class ImpactTarget(models.Model):
    """A target agreed with the loan: where the indicator stood, and where it should stand by a day. Append-only.

    The baseline is empty only where the indicator needs none.
    """

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="impact_targets")
    indicator = models.ForeignKey("borrowers.Indicator", on_delete=models.PROTECT, related_name="+")
    baseline = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    baseline_on = models.DateField(null=True, blank=True)
    target = models.DecimalField(max_digits=18, decimal_places=4)
    target_by = models.DateField()
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["loan", "indicator"], name="loans_one_target_per_indicator"),
            models.CheckConstraint(
                condition=Q(baseline__isnull=True, baseline_on__isnull=True)
                | Q(baseline__isnull=False, baseline_on__isnull=False, baseline_on__lt=F("target_by")),
                name="loans_target_after_baseline",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} promised with {self.loan_id}"
