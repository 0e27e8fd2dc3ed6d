"""What were the lenders of a loan asked to agree to, and what did each answer? Both tables are append-only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from moneyed import Money

from investors.domain.consent import ConsentState, Count, Majority
from investors.models.investor import Investor
from investors.models.participation import Participation, ParticipationSet
from ledger.domain.money import from_minor
from loans.models import Proposal, WaiverProposal


class ConsentAsked(models.Model):
    """That the lenders of a loan are asked, all at once, before one proposal is approved.

    Who is asked, and with how much each counts, is the set of participations of the day on which it was asked.
    """

    loan = models.ForeignKey("loans.Loan", on_delete=models.PROTECT, related_name="consents")
    waiver = models.OneToOneField(WaiverProposal, on_delete=models.PROTECT, null=True, related_name="consent")
    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, null=True, related_name="consent")
    participation_set = models.ForeignKey(ParticipationSet, on_delete=models.PROTECT, related_name="consents")
    above_parts = models.PositiveSmallIntegerField(default=1)
    above_of = models.PositiveSmallIntegerField(default=2)
    words = models.CharField(max_length=1000)
    """What the lenders read."""

    asked_on = models.DateField()
    answer_by = models.DateField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(waiver=None, proposal__isnull=False) | Q(waiver__isnull=False, proposal=None),
                name="investors_consent_to_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(above_of__gte=1, above_of__lte=100, above_parts__lt=F("above_of")),
                name="investors_majority_makes_sense",
            ),
            models.CheckConstraint(condition=Q(answer_by__gte=F("asked_on")), name="investors_consent_has_time"),
            models.CheckConstraint(condition=~Q(words=""), name="investors_consent_says_what"),
        ]

    def __str__(self) -> str:
        return f"C-{self.pk}"

    @property
    def subject(self) -> WaiverProposal | Proposal:
        """What waits for the lenders."""
        found = self.waiver or self.proposal
        if found is None:
            raise TypeError("a consent without a subject, which the database refuses")
        return found

    @property
    def majority(self) -> Majority:
        """Above which part of the whole they have to agree."""
        return Majority(self.above_parts, self.above_of)

    @property
    def lenders(self) -> list[LenderAsked]:
        """Who was asked, by rank, with the answer that counts; `answers` and the set are to be fetched with it."""
        latest = {one.investor_id: one for one in sorted(self.answers.all(), key=lambda one: one.pk)}
        parts: Sequence[Participation] = list(self.participation_set.participations.all())
        return [LenderAsked(one, self.money(one.amount), latest.get(one.investor_id)) for one in parts]

    @property
    def count(self) -> Count:
        """The answers that count, by amount."""
        lenders, nought = self.lenders, self.money(0)
        yes = sum((one.amount for one in lenders if one.answer and one.answer.agrees), nought)
        no = sum((one.amount for one in lenders if one.answer and not one.answer.agrees), nought)
        return Count(yes, no, sum((one.amount for one in lenders), nought), self.majority)

    @property
    def state(self) -> ConsentState:
        """How it stands on the business date."""
        return self.count.state(is_late=self.loan.book.business_date > self.answer_by)

    @property
    def is_open(self) -> bool:
        """Whether it can still be answered: the last day is not over, nothing is decided, by the lenders or without."""
        return self.state is ConsentState.WAITING and not hasattr(self.subject, "decision")

    def money(self, minor: int) -> Money:
        """An amount in the loan's currency."""
        return from_minor(minor, self.loan.currency)


class ConsentAnswer(models.Model):
    """What a lender answered. Its latest answer counts, until all answers together have decided."""

    consent = models.ForeignKey(ConsentAsked, on_delete=models.PROTECT, related_name="answers")
    investor = models.ForeignKey(Investor, on_delete=models.PROTECT, related_name="+")
    agrees = models.BooleanField()
    reason = models.CharField(max_length=500, default="", blank=True)
    source = models.CharField(max_length=200, default="", blank=True)
    """How the fund knows, where it records what a lender said elsewhere."""

    answered_on = models.DateField()
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(agrees=True) | ~Q(reason=""), name="investors_a_no_says_why"),
        ]

    def __str__(self) -> str:
        return f"{'yes' if self.agrees else 'no'} of investor {self.investor_id} to C-{self.consent_id}"


@dataclass(frozen=True, slots=True)
class LenderAsked:
    """A lender that was asked: its part, and the answer that counts, if it gave one."""

    part: Participation
    amount: Money
    answer: ConsentAnswer | None

    @property
    def investor(self) -> Investor:
        """Who it is."""
        return self.part.investor
