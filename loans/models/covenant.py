"""What did a business agree to keep to, until when, and which breach was let pass by whom?"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from ledger.four_eyes import Decision
from loans.domain.covenants import Agreed, CovenantKind
from loans.models.loan import Loan

LIMIT = 10**12


class Covenant(models.Model):
    """A covenant agreed with a loan. Append-only; it runs until a row says that it ends.

    `threshold` counts what the kind measures: times, a share as a fraction, or money in the loan's currency.
    """

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="covenants")
    kind = models.CharField(max_length=30, choices=[(kind.value, kind.rule.label) for kind in CovenantKind])
    threshold = models.DecimalField(max_digits=16, decimal_places=4)
    near_margin = models.DecimalField(max_digits=5, decimal_places=4)
    over_months = models.PositiveSmallIntegerField(help_text="Months whose flows add up; 0 where none do.")
    every_months = models.PositiveSmallIntegerField()
    first_test_on = models.DateField(help_text="The last day of a month.")
    due_days = models.PositiveSmallIntegerField(help_text="Days after a test in which the figures are due.")
    agreed_on = models.DateField()
    reason = models.CharField(max_length=500, default="", blank=True)
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in CovenantKind]), name="loans_covenant_kind"
            ),
            models.CheckConstraint(
                condition=Q(threshold__gte=0, threshold__lt=LIMIT, near_margin__gte=0, near_margin__lt=1),
                name="loans_covenant_threshold",
            ),
            models.CheckConstraint(
                condition=Q(every_months__gte=1, every_months__lte=12, over_months__lte=24, due_days__lte=366),
                name="loans_covenant_months",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def terms(self) -> Agreed:
        """The covenant as the tests know it; the end and the loan are to be selected with it."""
        return Agreed(
            kind=CovenantKind(self.kind),
            threshold=self.threshold,
            currency=self.loan.currency,
            first_test_on=self.first_test_on,
            every_months=self.every_months,
            over_months=self.over_months,
            near_margin=self.near_margin,
            due_days=self.due_days,
            ends_on=self.ends_on,
        )

    @property
    def ends_on(self) -> date | None:
        """The first day on which it is no longer tested; None while it runs."""
        end: CovenantEnd | None = getattr(self, "end", None)
        return None if end is None else end.ends_on


class CovenantEnd(models.Model):
    """From which day on, and why, a covenant is no longer tested. Append-only."""

    covenant = models.OneToOneField(Covenant, on_delete=models.PROTECT, related_name="end")
    ends_on = models.DateField()
    reason = models.CharField(max_length=500)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"covenant {self.covenant_id} ends on {self.ends_on}"


class WaiverProposal(models.Model):
    """That one breach be let pass, as its maker puts it: the test, its exact value, and why. Append-only.

    `value` is the fraction `numerator/denominator` that the maker saw; empty where the test has none.
    """

    covenant = models.ForeignKey(Covenant, on_delete=models.PROTECT, related_name="waivers")
    tested_on = models.DateField()
    value = models.CharField(max_length=80, default="", blank=True)
    reason = models.CharField(max_length=500)
    content_sha256 = models.CharField(max_length=64)
    proposed_on = models.DateField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["id", "content_sha256"], name="loans_waiver_of_its_content")]

    def __str__(self) -> str:
        return f"waiver of covenant {self.covenant_id} on {self.tested_on}"


class WaiverDecision(Decision):
    """What a second person decided about a proposed waiver, once. Append-only.

    The database holds an approval to the proposal's own content and maker.
    """

    proposal = models.OneToOneField(WaiverProposal, on_delete=models.PROTECT, related_name="decision")
    content_sha256 = models.CharField(max_length=64)
    decided_on = models.DateField()

    def __str__(self) -> str:
        return f"decision on waiver {self.proposal_id}"

    @property
    def is_approved(self) -> bool:
        """Whether the breach is let pass."""
        return self.approval_id is not None


def value_text(value: Fraction | None) -> str:
    """An exact value as a proposal keeps it."""
    return "" if value is None else f"{value.numerator}/{value.denominator}"
