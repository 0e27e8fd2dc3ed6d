"""Who shares which loan, in what amount and rank, and from when? Both tables are append-only."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from investors.domain.participation import SharingRule
from investors.models.investor import Investor


class ParticipationSet(models.Model):
    """All participations in a loan from a day on, under the terms that they make the whole of.

    Its rows arrive in one statement and sum to the principal of the terms, or are refused by the database.
    """

    loan = models.ForeignKey("loans.Loan", on_delete=models.PROTECT, related_name="participation_sets")
    terms = models.ForeignKey("loans.LoanTerms", on_delete=models.PROTECT, related_name="+")
    follows = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="followed_by")
    """The set that counted until this one's day; None where it takes the place of all before it."""

    effective_on = models.DateField()
    rule = models.CharField(
        max_length=20,
        choices=[(one.value, one.value.capitalize()) for one in SharingRule],
        db_default=SharingRule.ALIKE.value,
    )
    line_count = models.PositiveSmallIntegerField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(line_count__gte=1), name="investors_set_has_a_participation")
        ]

    def __str__(self) -> str:
        return f"participations {self.pk} in loan {self.loan_id}"


class Participation(models.Model):
    """One lender's part of a loan: an amount in minor units of the loan's currency, and a rank counted from 1."""

    participation_set = models.ForeignKey(ParticipationSet, on_delete=models.PROTECT, related_name="participations")
    investor = models.ForeignKey(Investor, on_delete=models.PROTECT, related_name="participations")
    rank = models.PositiveSmallIntegerField()
    amount = models.BigIntegerField()
    annual_rate = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    """Its own, as a fraction; None where it has the loan's."""

    servicing_fee = models.DecimalField(max_digits=9, decimal_places=6, db_default=0)
    """What the fund keeps of its interest, as a fraction of principal a year."""

    principal_from = models.DateField(null=True, blank=True)
    """It takes no principal before, while others do."""

    class Meta:
        ordering = ["rank", "investor__code"]
        constraints = [
            models.UniqueConstraint(fields=["participation_set", "investor"], name="investors_one_part_each"),
            models.CheckConstraint(
                condition=models.Q(amount__gt=0, amount__lt=10**15, rank__gte=1), name="investors_part_is_sane"
            ),
            models.CheckConstraint(
                condition=models.Q(annual_rate=None) | models.Q(annual_rate__gte=0, annual_rate__lt=1),
                name="investors_own_rate_is_sane",
            ),
            models.CheckConstraint(
                condition=models.Q(servicing_fee__gte=0, servicing_fee__lt=1), name="investors_servicing_fee_is_sane"
            ),
        ]

    def __str__(self) -> str:
        return f"part of investor {self.investor_id} in set {self.participation_set_id}"
