"""The tax relief scheme of a fund: when it is accredited, and what investors put in under it. All append-only."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from moneyed import Money

from investors.domain.citr.claims import EndedBy
from investors.domain.citr.kinds import InvestmentKind, MovementKind
from investors.domain.citr.limits import Accreditation
from investors.models.investor import Investor
from ledger.domain.money import from_minor
from ledger.domain.words import date_text, money_text

POUNDS = "GBP"
"""The relief is reckoned in pounds, and so is every amount here."""


class CitrPeriod(models.Model):
    """A period for which a book's fund is accredited, from a day to before another, and what was applied for."""

    book = models.ForeignKey("ledger.Book", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=[(one.value, one.value.capitalize()) for one in Accreditation])
    starts_on = models.DateField()
    ends_on = models.DateField()
    applied_for = models.BigIntegerField()
    reference = models.CharField(max_length=100)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__lt=F("ends_on"), applied_for__gt=0), name="investors_citr_period_is_sane"
            )
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def last_day(self) -> date:
        """The last day, as it is printed."""
        return self.ends_on - timedelta(days=1)

    @property
    def applied_for_money(self) -> Money:
        """What the application said would be raised."""
        return from_minor(self.applied_for, POUNDS)


class CitrInvestment(models.Model):
    """What an investor put in for the relief, by its terms. `invested_on` is the receipt, or the first drawdown.

    `committed` is the whole amount, in pence; the movements say what was drawn and repaid of it.
    """

    book = models.ForeignKey("ledger.Book", on_delete=models.PROTECT, related_name="+")
    investor = models.ForeignKey(Investor, on_delete=models.PROTECT, related_name="citr_investments")
    kind = models.CharField(max_length=10, choices=[(one.value, one.value.capitalize()) for one in InvestmentKind])
    committed = models.BigIntegerField()
    invested_on = models.DateField()
    drawdown_until = models.DateField(null=True, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["invested_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(committed__gt=0, committed__lt=10**15), name="investors_citr_investment_is_sane"
            )
        ]

    def __str__(self) -> str:
        return f"TR-{self.pk}"

    @property
    def committed_money(self) -> Money:
        """The whole amount, which the certificate is for."""
        return from_minor(self.committed, POUNDS)


class CitrRequired(models.Model):
    """A repayment that the terms of an investment let somebody require."""

    investment = models.ForeignKey(CitrInvestment, on_delete=models.PROTECT, related_name="required")
    due_on = models.DateField()
    amount = models.BigIntegerField()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="investors_citr_required_is_sane")]

    def __str__(self) -> str:
        return f"{self.investment_id} due {self.due_on}"

    @property
    def money(self) -> Money:
        """How much may be required."""
        return from_minor(self.amount, POUNDS)


class CitrMovement(models.Model):
    """What was drawn, repaid or received of an investment; one that was recorded wrongly is taken back by another.

    A repayment that is not `is_standard` was the institution's own choice, or followed its default (ITA 2007 s362).
    """

    investment = models.ForeignKey(CitrInvestment, on_delete=models.PROTECT, related_name="movements")
    kind = models.CharField(max_length=10, choices=[(one.value, one.words) for one in MovementKind])
    moved_on = models.DateField()
    amount = models.BigIntegerField()
    is_standard = models.BooleanField(db_default=True, default=True)
    reason = models.CharField(max_length=500, default="", blank=True)
    entry = models.ForeignKey("ledger.JournalEntry", on_delete=models.PROTECT, null=True, related_name="+")
    takes_back = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="taken_back_by")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["moved_on", "pk"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="investors_citr_movement_is_sane")]

    def __str__(self) -> str:
        return f"{self.words}, {money_text(self.money)}, {date_text(self.moved_on)}"

    @property
    def money(self) -> Money:
        """How much."""
        return from_minor(self.amount, POUNDS)

    @property
    def words(self) -> str:
        """What it is called in a list."""
        return MovementKind(self.kind).words


class CitrEnding(models.Model):
    """Something that ends claims: of one investment, or, where accreditation is lost, of all of a period."""

    investment = models.ForeignKey(CitrInvestment, on_delete=models.PROTECT, null=True, related_name="endings")
    period = models.OneToOneField(CitrPeriod, on_delete=models.PROTECT, null=True, related_name="loss")
    by = models.CharField(max_length=20, choices=[(one.value, one.words) for one in EndedBy])
    ended_on = models.DateField()
    reason = models.CharField(max_length=500)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["ended_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(investment__isnull=False, period=None, by__in=["disposed", "investor-accredited"])
                | Q(investment=None, period__isnull=False, by="accreditation-lost"),
                name="investors_citr_ending_is_of_one_thing",
            ),
            models.UniqueConstraint(
                fields=["investment", "by"],
                condition=Q(investment__isnull=False),
                name="investors_citr_ended_once_by_each",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.by} {self.ended_on}"


class CitrMark(models.Model):
    """Whether a loan of the book is a relevant investment, from a day on, and why. The latest of a day counts."""

    loan = models.ForeignKey("loans.Loan", on_delete=models.PROTECT, related_name="citr_marks")
    effective_on = models.DateField()
    is_relevant = models.BooleanField()
    case = models.PositiveSmallIntegerField(null=True, blank=True)
    distributes_profit = models.BooleanField(default=False)
    agreed_to_count = models.BooleanField(default=False)
    reason = models.CharField(max_length=500)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["effective_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_relevant=True, case__in=[1, 2, 3]) | Q(is_relevant=False, case=None),
                name="investors_citr_relevant_by_a_case",
            )
        ]

    def __str__(self) -> str:
        return f"loan {self.loan_id} from {self.effective_on}"
