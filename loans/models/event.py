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
    """What can happen to a loan; the words are those of `loans.domain.event_content`."""

    BROUGHT_IN = "brought_in", "Brought in"
    DRAWN = "drawn", "Drawdown"
    REPAID = "repaid", "Repayment"
    REFUNDED = "refunded", "Refund"
    RATE_CHANGED = "rate_changed", "Change of rate"
    FEE_CHARGED = "fee_charged", "Fee"
    WAIVED = "waived", "Waiver"
    HOLIDAY_GRANTED = "holiday_granted", "Repayment holiday"
    RESTRUCTURED = "restructured", "Restructure"
    SUSPENDED = "suspended", "Non-accrual"
    RESUMED = "resumed", "Return to accrual"
    WRITTEN_OFF = "written_off", "Write-off"
    RECOVERED = "recovered", "Recovery"
    REVERSED = "reversed", "Reversal"


class LoanEvent(models.Model):
    """A dated event, and the journal entry that booked it, if it moved anything. Append-only; a reversal undoes it.

    `number` counts a loan's events in the order in which they were recorded. `content` is the event in the words of
    `loans.domain.event_content`, its hash tells a repeat from another request and binds the approval of two people;
    `amount`, in minor units, is kept beside it for lists. A drawdown names the approved terms that it is drawn under,
    a restructure the terms that it brings. `key` makes the request safe to repeat.
    """

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=16, choices=EventKind.choices)
    effective_on = models.DateField()
    amount = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3)
    content = models.JSONField()
    content_sha256 = models.CharField(max_length=64)
    terms = models.ForeignKey(LoanTerms, on_delete=models.PROTECT, null=True, related_name="+")
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    bank_account = models.CharField(max_length=20, default="", blank=True)
    reason = models.CharField(max_length=500, default="", blank=True)
    approval = models.OneToOneField("ledger.Approval", on_delete=models.PROTECT, null=True, related_name="+")
    entry = models.OneToOneField("ledger.JournalEntry", on_delete=models.PROTECT, null=True, related_name="+")
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
                    Q(kind__in=["drawn", "repaid", "refunded", "fee_charged", "waived", "recovered"], amount__gt=0)
                    | Q(kind__in=["brought_in", "written_off"])
                    | Q(
                        kind__in=[
                            *("rate_changed", "holiday_granted", "restructured"),
                            *("suspended", "resumed", "reversed"),
                        ],
                        amount__isnull=True,
                    )
                ),
                name="loans_event_has_its_amount",
            ),
            models.CheckConstraint(
                condition=(
                    Q(kind="reversed", reverses__isnull=False, terms__isnull=True)
                    | Q(kind__in=["drawn", "restructured"], reverses__isnull=True, terms__isnull=False)
                    | ~Q(kind__in=["reversed", "drawn", "restructured"]) & Q(reverses__isnull=True, terms__isnull=True)
                ),
                name="loans_event_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["waived", "holiday_granted", "restructured", "written_off", "refunded"])
                | Q(approval__isnull=False),
                name="loans_what_costs_money_is_approved",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number} of {self.loan_id}"

    @property
    def money(self) -> Money | None:
        """The amount drawn, repaid, charged …; none for what has no amount, such as a reversal."""
        return None if self.amount is None else from_minor(self.amount, self.currency)


class Booking(models.Model):
    """By how much a movement of a loan's life moved the books, and the journal entry that did it. Append-only.

    `name` is the movement's (`due:19`, `repaid:3`): what is told anew is compared with the sum of a name's bookings,
    and the difference is one more of them. Amounts are in minor units, as `loans.domain.movements.Moved` has them.
    """

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="bookings")
    name = models.CharField(max_length=40)
    booked_on = models.DateField()
    entry = models.OneToOneField("ledger.JournalEntry", on_delete=models.PROTECT, related_name="+")
    principal = models.BigIntegerField()
    interest = models.BigIntegerField()
    fees = models.BigIntegerField()
    default_interest = models.BigIntegerField()
    in_advance = models.BigIntegerField()
    suspended = models.BigIntegerField()
    default_suspended = models.BigIntegerField()
    not_earned = models.BigIntegerField()
    recovered = models.BigIntegerField()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["loan", "booked_on"], name="loans_bookings_of_a_loan")]

    def __str__(self) -> str:
        return f"{self.name} of {self.loan_id}"


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
