"""Is income tax withheld from the interest that an investor is paid, and at which rate? Append-only."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from investors.models.investor import Investor


class TaxTreatment(models.Model):
    """What somebody said, and why, about an investor from a day on; the last that was said of the latest day counts.

    `rate` is a fraction; nought where interest is paid gross.
    """

    investor = models.ForeignKey(Investor, on_delete=models.PROTECT, related_name="tax_treatments")
    effective_on = models.DateField()
    rate = models.DecimalField(max_digits=9, decimal_places=6)
    reason = models.CharField(max_length=500)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-effective_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(rate__gte=0, rate__lt=1), name="investors_tax_rate_is_sane"),
            models.CheckConstraint(condition=~Q(reason=""), name="investors_tax_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"tax of {self.investor_id} from {self.effective_on}"
