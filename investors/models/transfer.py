"""Which participations were sold: what one person proposes, and what another decides. Both tables are append-only."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from moneyed import Money

from investors.domain.entries import set_source
from investors.domain.sale import PaidHow, Sale
from investors.models.investor import Investor
from investors.models.participation import ParticipationSet
from ledger.domain.money import from_minor
from ledger.four_eyes import Decided, Verdict


class ParticipationTransfer(Decided, models.Model):
    """A sale as it is proposed: `amount` of the seller's participation, with the principal outstanding that goes along,
    for a price and the interest that was earned until then. Amounts are in minor units of the loan's currency."""

    loan = models.ForeignKey("loans.Loan", on_delete=models.PROTECT, related_name="transfers")
    seller = models.ForeignKey(Investor, on_delete=models.PROTECT, related_name="sales")
    buyer = models.ForeignKey(Investor, on_delete=models.PROTECT, related_name="purchases")
    amount = models.BigIntegerField()
    effective_on = models.DateField()
    principal = models.BigIntegerField()
    price = models.BigIntegerField()
    accrued = models.BigIntegerField()
    paid_how = models.CharField(max_length=10, choices=[(one.value, one.value.capitalize()) for one in PaidHow])
    reason = models.CharField(max_length=500)
    content_sha256 = models.CharField(max_length=64)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(seller=F("buyer")), name="investors_sold_to_another"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, principal__gte=0, price__gte=0, accrued__gte=0),
                name="investors_sale_is_sane",
            ),
        ]

    def __str__(self) -> str:
        return f"T-{self.pk}"

    @property
    def sale(self) -> Sale:
        """What is sold, as a value."""
        return Sale(self.seller.code, self.buyer.code, self._money(self.amount), self.effective_on)

    @property
    def principal_money(self) -> Money:
        """The principal outstanding that changes hands, as it was known when it was proposed."""
        return self._money(self.principal)

    @property
    def price_money(self) -> Money:
        """What is paid for the principal."""
        return self._money(self.price)

    @property
    def accrued_money(self) -> Money:
        """What is paid for interest that the seller has earned and that is not due."""
        return self._money(self.accrued)

    @property
    def paid(self) -> Money:
        """What the buyer pays in all."""
        return self._money(self.price + self.accrued)

    @property
    def source(self) -> str:
        """What the change of hands gives as its source; nothing where it was not approved."""
        decision = getattr(self, "decision", None)
        begun = decision.participation_set_id if decision else None
        return "" if begun is None else set_source(begun)

    def _money(self, minor: int) -> Money:
        return from_minor(minor, self.loan.currency)


class TransferDecision(Verdict):
    """What a second person decided about a sale; one that is approved has begun a set of participations."""

    transfer = models.OneToOneField(ParticipationTransfer, on_delete=models.PROTECT, related_name="decision")
    participation_set = models.OneToOneField(
        ParticipationSet, on_delete=models.PROTECT, null=True, related_name="begun_by"
    )
    entry = models.OneToOneField("ledger.JournalEntry", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="approved", approval__isnull=False, participation_set__isnull=False)
                | Q(outcome="declined", approval=None, participation_set=None, entry=None),
                name="investors_sold_under_an_approval",
            )
        ]

    def __str__(self) -> str:
        return f"{self.transfer_id} {self.outcome}"
