"""Which grant does a fund make beside a loan, and which journal entries paid it?"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from moneyed import Money

from loans.models.loan import Loan
from loans.models.money import is_sane, money_field, plain


class Grant(models.Model):
    """A grant of the fund's own that goes with a loan: the other half of a blended deal. Append-only."""

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="grants")
    title = models.CharField(max_length=140)
    description = models.CharField(max_length=500)
    amount = money_field()
    awarded_on = models.DateField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[models.Manager[Grant]] = models.Manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=is_sane("amount"), name="loans_grant_amount")]

    def __str__(self) -> str:
        return self.title

    @property
    def money(self) -> Money:
        """What was awarded, as the domains know it."""
        return plain(self.amount)


class GrantPayment(models.Model):
    """A journal entry of two people that paid a grant, in minor units. Append-only; an entry pays one."""

    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="payments")
    entry = models.OneToOneField("ledger.JournalEntry", on_delete=models.PROTECT, related_name="+")
    paid_on = models.DateField()
    amount = models.BigIntegerField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[models.Manager[GrantPayment]] = models.Manager()

    class Meta:
        ordering = ["paid_on", "pk"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="loans_grant_payment_amount")]

    def __str__(self) -> str:
        return f"E-{self.entry_id} of {self.grant_id}"
