"""What is paid out of the money held for investors: as one person proposes it, and as another decides. Append-only."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from moneyed import Money

from investors.domain.payout import PayoutParts
from investors.models.investor import Investor
from ledger.domain.money import from_minor
from ledger.four_eyes import Decided, Verdict


class Payout(Decided, models.Model):
    """One proposal that pays some investors on a day; its lines arrive with it, and are decided as one."""

    book = models.ForeignKey("ledger.Book", on_delete=models.PROTECT, related_name="+")
    effective_on = models.DateField()
    currency = models.CharField(max_length=3)
    line_count = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=500)
    content_sha256 = models.CharField(max_length=64)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=Q(line_count__gte=1), name="investors_payout_pays_somebody")]

    def __str__(self) -> str:
        return f"Payout {self.pk}"


class PayoutLine(models.Model):
    """What one investor is paid, in minor units: `amount` leaves what is held, and `tax` of it is withheld.

    `interest` is how much of it is interest, `rate` the tax on that as a fraction, `stays` what was asked to stay.
    """

    payout = models.ForeignKey(Payout, on_delete=models.PROTECT, related_name="lines")
    line_no = models.PositiveSmallIntegerField()
    investor = models.ForeignKey(Investor, on_delete=models.PROTECT, related_name="payouts")
    amount = models.BigIntegerField()
    stays = models.BigIntegerField()
    interest = models.BigIntegerField()
    rate = models.DecimalField(max_digits=9, decimal_places=6)
    tax = models.BigIntegerField()

    class Meta:
        ordering = ["payout", "line_no"]
        constraints = [
            models.UniqueConstraint(fields=["payout", "line_no"], name="investors_one_payout_line_per_number"),
            models.UniqueConstraint(fields=["payout", "investor"], name="investors_one_payout_line_each"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lt=10**15, stays__gte=0, interest__gte=0, interest__lte=F("amount"))
                & Q(tax__gte=0, tax__lte=F("interest"), rate__gte=0, rate__lt=1),
                name="investors_payout_line_is_sane",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payout}, line {self.line_no}"

    @property
    def source(self) -> str:
        """What its entry, and the payment of it, give as their source."""
        return f"payout-line:{self.pk}"

    @property
    def parts(self) -> PayoutParts:
        """The line as a value."""
        amount, stays, interest, tax = map(self._money, (self.amount, self.stays, self.interest, self.tax))
        return PayoutParts(self.investor.code, amount, stays, interest, self.rate, tax)

    @property
    def is_taken_back(self) -> bool:
        """Whether its money is held for the investor again."""
        return hasattr(self, "taken_back")

    def _money(self, minor: int) -> Money:
        return from_minor(minor, self.payout.currency)


class PayoutDecision(Verdict):
    """What a second person decided about a payout; one that is approved was posted line by line."""

    payout = models.OneToOneField(Payout, on_delete=models.PROTECT, related_name="decision")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="approved", approval__isnull=False) | Q(outcome="declined", approval=None),
                name="investors_paid_out_under_an_approval",
            )
        ]

    def __str__(self) -> str:
        return f"{self.payout_id} {self.outcome}"


class PayoutTakenBack(models.Model):
    """That a line's money is held for the investor again: taken back before the bank had it, or refused or returned.

    `came_back` is the entry of the bank's line that brought it.
    """

    line = models.OneToOneField(PayoutLine, on_delete=models.PROTECT, related_name="taken_back")
    entry = models.OneToOneField("ledger.JournalEntry", on_delete=models.PROTECT, related_name="+")
    came_back = models.ForeignKey("ledger.JournalEntry", on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=500)
    taken_back_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    taken_back_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="investors_taken_back_for_a_reason")]

    def __str__(self) -> str:
        return f"{self.line_id} taken back"
