"""What is asked for by a business, what is proposed by one person, and what did another decide?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from moneyed import Money

from ledger.domain.money import from_minor
from ledger.four_eyes import WAITING
from loans.models.event import EventKind
from loans.models.loan import Loan


class RequestKind(models.TextChoices):
    """What a business can ask for."""

    HOLIDAY = "holiday", "A pause"
    NEW_TERMS = "new_terms", "New terms"


class BorrowerRequest(models.Model):
    """What a business asks its fund for, in the words of the event that would grant it. Append-only."""

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="requests")
    kind = models.CharField(max_length=10, choices=RequestKind.choices)
    content = models.JSONField()
    message = models.CharField(max_length=1000, default="", blank=True)
    asked_on = models.DateField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} asked for on {self.loan_id}"


class Answer(models.TextChoices):
    """How a request of a business ends."""

    GRANTED = "granted", "Granted"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"


class RequestAnswer(models.Model):
    """What became of a request, in words that the business reads. Append-only; there is one."""

    request = models.OneToOneField(BorrowerRequest, on_delete=models.PROTECT, related_name="answer")
    answer = models.CharField(max_length=10, choices=Answer.choices)
    words = models.CharField(max_length=1000, default="", blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_answer_display()}: {self.request_id}"


class Proposal(models.Model):
    """An act that costs the fund money, as one person proposes it to another. Append-only.

    `content` is the event in the words of `loans.domain.event_content`; its hash is what gets approved. `cost` is what
    the fund gives up or pays out, in minor units, where that is a figure.
    """

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="proposals")
    kind = models.CharField(max_length=16, choices=EventKind.choices)
    effective_on = models.DateField()
    content = models.JSONField()
    content_sha256 = models.CharField(max_length=64)
    cost = models.BigIntegerField(default=0)
    reason = models.CharField(max_length=500)
    request = models.ForeignKey(BorrowerRequest, on_delete=models.PROTECT, null=True, related_name="proposals")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(cost__gte=0), name="loans_proposal_cost")]

    def __str__(self) -> str:
        return f"P-{self.pk}"

    @property
    def state(self) -> str:
        """What became of it, in the words of a decision; `waiting` while nobody has decided."""
        decision = getattr(self, "decision", None)
        return decision.decision if decision else WAITING

    @property
    def cost_money(self) -> Money:
        """What the fund gives up or pays out."""
        return from_minor(self.cost, self.loan.currency)


class Decision(models.TextChoices):
    """How a proposal ends."""

    APPROVED = "approved", "Approved"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"


class ProposalDecision(models.Model):
    """Who decided about a proposal, how and why. Append-only; there is one."""

    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="decision")
    decision = models.CharField(max_length=10, choices=Decision.choices)
    reason = models.CharField(max_length=500, default="", blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.proposal_id}: {self.decision}"


class Authority(models.Model):
    """Up to which cost a person may approve acts of a kind, from a day on. Append-only: the latest counts.

    Without a person it is the limit of everybody who has none of their own.
    """

    book = models.ForeignKey("ledger.Book", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=16, choices=EventKind.choices)
    limit = models.BigIntegerField()
    effective_on = models.DateField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["effective_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(limit__gte=0), name="loans_authority_limit"),
            models.CheckConstraint(
                condition=Q(person=None) | ~Q(person=models.F("set_by")), name="loans_authority_by_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} up to {self.limit}"

    @property
    def limit_money(self) -> Money:
        """The limit, in the book's currency."""
        return from_minor(self.limit, self.book.base_currency)
