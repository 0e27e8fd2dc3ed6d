"""From whom does the fund borrow, on which terms, what happened to it, and did it keep its promises? Append-only."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from moneyed import Money

from investors.domain.borrowing_covenants import CovenantKind
from investors.models.investor import Investor
from ledger.domain.money import from_minor
from ledger.four_eyes import Decided, Verdict


class Facility(models.Model):
    """An agreement by which a lender lends to the fund. What was agreed stands in its versions of terms."""

    book = models.ForeignKey("ledger.Book", on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=20)
    lender = models.ForeignKey(Investor, on_delete=models.PROTECT, related_name="facilities")
    currency = models.CharField(max_length=3)

    class Meta:
        ordering = ["reference", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["book", "reference"], name="investors_one_facility_per_reference")
        ]

    def __str__(self) -> str:
        return self.reference


class FacilityTerms(Decided, models.Model):
    """A version of what is agreed, as it is proposed; `content` is all of it, as `agreement_content` writes it."""

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="terms")
    version = models.PositiveSmallIntegerField()
    effective_on = models.DateField()
    content = models.TextField()
    content_sha256 = models.CharField(max_length=64)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["version"]
        constraints = [
            models.UniqueConstraint(fields=["facility", "version"], name="investors_one_facility_terms_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.facility} version {self.version}"


class BorrowingEventKind(models.TextChoices):
    """What can happen to what the fund borrows; the words are those of `loans.domain.event_content`."""

    DRAWN = "drawn", "Draw"
    REPAID = "repaid", "Repayment"
    RATE_CHANGED = "rate_changed", "Change of rate"
    FEE_CHARGED = "fee_charged", "Fee"
    RESTRUCTURED = "restructured", "New terms"
    REVERSED = "reversed", "Reversal"


WITH_AMOUNT = ("drawn", "repaid", "fee_charged")
UNDER_TERMS = ("drawn", "restructured")


class BorrowingEvent(models.Model):
    """A dated event, and the journal entry that booked it, if it moved anything; a reversal undoes it.

    `number` counts a facility's events as they were recorded; `key` makes the request safe to repeat, and the hash of
    `content` tells a repeat from another request. `amount` is in minor units, for lists.
    """

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=16, choices=BorrowingEventKind.choices)
    effective_on = models.DateField()
    amount = models.BigIntegerField(null=True)
    content = models.JSONField()
    content_sha256 = models.CharField(max_length=64)
    terms = models.ForeignKey(FacilityTerms, on_delete=models.PROTECT, null=True, related_name="+")
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    bank_account = models.CharField(max_length=20, default="", blank=True)
    reason = models.CharField(max_length=500, default="", blank=True)
    entry = models.OneToOneField("ledger.JournalEntry", on_delete=models.PROTECT, null=True, related_name="+")
    key = models.CharField(max_length=100)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["facility", "number"], name="investors_one_borrowing_event_per_number"),
            models.UniqueConstraint(fields=["facility", "key"], name="investors_one_borrowing_event_per_key"),
            models.CheckConstraint(
                condition=Q(kind__in=WITH_AMOUNT, amount__gt=0) | ~Q(kind__in=WITH_AMOUNT) & Q(amount=None),
                name="investors_borrowing_event_has_its_amount",
            ),
            models.CheckConstraint(
                condition=Q(kind="reversed", reverses__isnull=False, terms=None)
                | Q(kind__in=UNDER_TERMS, reverses=None, terms__isnull=False)
                | ~Q(kind__in=["reversed", *UNDER_TERMS]) & Q(reverses=None, terms=None),
                name="investors_borrowing_event_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number} of {self.facility_id}"

    @property
    def money(self) -> Money | None:
        """The amount drawn, repaid or charged; none for what has no amount."""
        return None if self.amount is None else from_minor(self.amount, self.facility.currency)


class FacilityDecision(Verdict):
    """What a second person decided about terms; those that change a facility that is drawn have an event of theirs."""

    terms = models.OneToOneField(FacilityTerms, on_delete=models.PROTECT, related_name="decision")
    event = models.OneToOneField(BorrowingEvent, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="approved", approval__isnull=False)
                | Q(outcome="declined", approval=None, event=None),
                name="investors_borrowed_under_an_approval",
            )
        ]

    def __str__(self) -> str:
        return f"{self.terms_id} {self.outcome}"


class BorrowingBooking(models.Model):
    """By how much a movement of a facility's life moved the books, in minor units, and the entry that did it.

    What is told anew is compared with the sum of a name's bookings, and the difference is one more of them.
    """

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="bookings")
    name = models.CharField(max_length=40)
    booked_on = models.DateField()
    entry = models.OneToOneField("ledger.JournalEntry", on_delete=models.PROTECT, related_name="+")
    principal = models.BigIntegerField()
    interest = models.BigIntegerField()
    fees = models.BigIntegerField()
    in_advance = models.BigIntegerField()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["facility", "booked_on"], name="investors_borrowing_bookings")]

    def __str__(self) -> str:
        return f"{self.name} of {self.facility_id}"


class CovenantTest(models.Model):
    """What came of testing one covenant on a day. A day that is told anew is tested anew: the next revision."""

    class Occasion(models.TextChoices):
        DRAW = "draw", "At a draw"
        MONTH_END = "month-end", "At a month’s end"
        CLOSE = "close", "At the close of a day"

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="covenant_tests")
    on = models.DateField()
    kind = models.CharField(max_length=20, choices=[(one.value, one.words.capitalize()) for one in CovenantKind])
    revision = models.PositiveSmallIntegerField()
    occasion = models.CharField(max_length=10, choices=Occasion.choices)
    is_met = models.BooleanField()
    figure = models.CharField(max_length=40)
    limit = models.CharField(max_length=40)
    headroom = models.CharField(max_length=40)
    sentence = models.CharField(max_length=500)
    tested_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-on", "kind", "-revision"]
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "on", "kind", "revision"], name="investors_one_covenant_test_per_revision"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.facility_id} on {self.on}"
