"""What does a fund say that one unit of an outcome is worth, since when, and who agreed? Append-only."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from moneyed import Money

from investors.domain.value import Deductions, Proxy
from ledger.domain.money import from_minor
from ledger.four_eyes import Decided, Verdict


class ValueProxy(Decided, models.Model):
    """A proxy as one person proposed it: the amount of one unit in minor units, and what is taken off as fractions.

    It counts in statements whose last day is from `valid_from` up to and not including `valid_to`; empty is open.
    """

    book = models.ForeignKey("ledger.Book", on_delete=models.PROTECT, related_name="+")
    indicator = models.ForeignKey("borrowers.Indicator", on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    source = models.CharField(max_length=300)
    as_of = models.DateField(help_text="The day whose prices it is in.")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    deadweight = models.DecimalField(max_digits=7, decimal_places=6)
    others = models.DecimalField(max_digits=7, decimal_places=6)
    displacement = models.DecimalField(max_digits=7, decimal_places=6)
    drop_off = models.DecimalField(max_digits=7, decimal_places=6)
    content_sha256 = models.CharField(max_length=64)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="investors_proxy_above_nought"),
            models.CheckConstraint(condition=~Q(source=""), name="investors_proxy_has_a_source"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="investors_proxy_days"
            ),
            models.CheckConstraint(
                condition=Q(deadweight__gte=0, deadweight__lte=1, others__gte=0, others__lte=1)
                & Q(displacement__gte=0, displacement__lte=1, drop_off__gte=0, drop_off__lte=1),
                name="investors_proxy_deductions",
            ),
        ]

    def __str__(self) -> str:
        return f"proxy of {self.indicator}"

    @property
    def unit_money(self) -> Money:
        """What one unit is said to be worth."""
        return from_minor(self.amount, self.currency)

    @property
    def proxy(self) -> Proxy:
        """What a value is worked out by."""
        taken = Deductions(
            deadweight=self.deadweight, others=self.others, displacement=self.displacement, drop_off=self.drop_off
        )
        return Proxy(self.unit_money, self.source, self.as_of, taken)


class ValueProxyDecision(Verdict):
    """What a second person decided, with the approval."""

    proxy = models.OneToOneField(ValueProxy, on_delete=models.PROTECT, related_name="decision")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="approved", approval__isnull=False) | Q(outcome="declined", approval=None),
                name="investors_proxy_under_an_approval",
            )
        ]

    def __str__(self) -> str:
        return f"{self.proxy_id} {self.outcome}"
