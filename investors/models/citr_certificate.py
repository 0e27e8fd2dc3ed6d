"""Tax relief certificates: what one person proposes to issue, and what another decides. Both tables only grow."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from moneyed import Money

from investors.models.citr import POUNDS, CitrInvestment, CitrPeriod
from ledger.domain.money import from_minor
from ledger.four_eyes import Decided, Decision


class CitrCertificate(Decided, models.Model):
    """A certificate as it is proposed: for the whole of an investment, under an accreditation."""

    investment = models.ForeignKey(CitrInvestment, on_delete=models.PROTECT, related_name="certificates")
    period = models.ForeignKey(CitrPeriod, on_delete=models.PROTECT, related_name="+")
    committed = models.BigIntegerField()
    invested_on = models.DateField()
    due_by = models.DateField()
    content_sha256 = models.CharField(max_length=64)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What the certificate is called; an investment has one, so it bears the investment's number."""
        return f"CITR-{self.investment_id}"

    @property
    def committed_money(self) -> Money:
        """What it is for."""
        return from_minor(self.committed, POUNDS)


class CitrCertificateDecision(Decision):
    """What a second person decided; one that is issued certifies its investment, once and for all."""

    class Outcome(models.TextChoices):
        ISSUED = "issued", "Issued"
        DECLINED = "declined", "Declined"

    certificate = models.OneToOneField(CitrCertificate, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    certifies = models.OneToOneField(CitrInvestment, on_delete=models.PROTECT, null=True, related_name="certified")
    issued_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="issued", approval__isnull=False, certifies__isnull=False, issued_on__isnull=False)
                | Q(outcome="declined", approval=None, certifies=None, issued_on=None),
                name="investors_certified_under_an_approval",
            )
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id} {self.outcome}"
