"""To which bank account is a payee paid, and who checked that?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from ledger.domain.bank_details import BankDetails
from ledger.models.approval import Approval
from ledger.models.book import Book


class PayeeDetails(models.Model):
    """Bank details that somebody proposed for a payee, `organisation:4` or `investor:NRB`. Append-only.

    Versions of a payee count from 1; those in force are the last that were confirmed.
    """

    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    account_name = models.CharField(max_length=70)
    sort_code = models.CharField(max_length=6, default="", blank=True)
    account_number = models.CharField(max_length=8, default="", blank=True)
    iban = models.CharField(max_length=34, default="", blank=True)
    bic = models.CharField(max_length=11, default="", blank=True)
    content_sha256 = models.CharField(max_length=64)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["book", "subject", "version"], name="ledger_one_payee_details_per_version")
        ]

    def __str__(self) -> str:
        return f"bank details {self.version} of {self.subject}"

    @property
    def details(self) -> BankDetails:
        """The details as a value."""
        return BankDetails(self.account_name, self.sort_code, self.account_number, self.iban, self.bic)


class PayeeDecision(models.Model):
    """What a member of staff decided on proposed bank details, and how they were checked. Append-only."""

    class Outcome(models.TextChoices):
        CONFIRMED = "confirmed", "Confirmed"
        DECLINED = "declined", "Declined"

    details = models.OneToOneField(PayeeDetails, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    how = models.CharField(max_length=500)
    approval = models.OneToOneField(Approval, on_delete=models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_on = models.DateField()
    decided_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="confirmed", approval__isnull=False) | Q(outcome="declined", approval__isnull=True),
                name="ledger_confirmed_under_an_approval",
            )
        ]

    def __str__(self) -> str:
        return f"{self.details_id} {self.outcome}"
