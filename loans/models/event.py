"""What happened to a loan, and what does its schedule look like in a list?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from moneyed import Money

from ledger.domain.money import from_minor
from loans.models.loan import Loan, LoanTerms


class EventKind(models.TextChoices):
    """What can happen to a loan."""

    DRAWN = "drawn", "Drawdown"
    REPAID = "repaid", "Repayment"
    REVERSED = "reversed", "Reversal"


class LoanEvent(models.Model):
    """A dated event and the journal entry that booked it. Append-only; a mistake is undone by a reversal.

    `number` counts a loan's events in the order in which they were recorded; `amount` is in minor units. A drawdown
    names the approved terms that it is drawn under. `key` makes the request safe to repeat.
    """

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=EventKind.choices)
    effective_on = models.DateField()
    amount = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3)
    terms = models.ForeignKey(LoanTerms, on_delete=models.PROTECT, null=True, related_name="+")
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    reason = models.CharField(max_length=500, default="", blank=True)
    entry = models.OneToOneField("ledger.JournalEntry", on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=100)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["loan", "number"], name="loans_one_event_per_number"),
            models.UniqueConstraint(fields=["loan", "key"], name="loans_one_event_per_key"),
            models.UniqueConstraint(fields=["id", "loan"], name="loans_event_of_its_loan"),
            models.CheckConstraint(
                condition=(
                    Q(kind="drawn", amount__gt=0, terms__isnull=False, reverses__isnull=True)
                    | Q(kind="repaid", amount__gt=0, terms__isnull=True, reverses__isnull=True)
                    | Q(kind="reversed", amount__isnull=True, terms__isnull=True, reverses__isnull=False)
                ),
                name="loans_event_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number} of {self.loan_id}"

    @property
    def money(self) -> Money | None:
        """The amount drawn or repaid; none for a reversal."""
        return None if self.amount is None else from_minor(self.amount, self.currency)


class Instalment(models.Model):
    """A row of a loan's schedule, kept for lists: a projection of the engine's answer that can be rebuilt.

    Amounts are in minor units of the loan's currency.
    """

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="instalments")
    no = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    nominal_due_on = models.DateField()
    principal = models.BigIntegerField()
    interest = models.BigIntegerField()
    balance = models.BigIntegerField()

    class Meta:
        ordering = ["no"]
        constraints = [models.UniqueConstraint(fields=["loan", "no"], name="loans_one_instalment_per_number")]
        indexes = [models.Index(fields=["due_on"], name="loans_instalments_due")]

    def __str__(self) -> str:
        return f"instalment {self.no} of {self.loan_id}"
