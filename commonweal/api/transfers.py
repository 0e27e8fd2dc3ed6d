"""Parts of loans that lenders sell to each other: read, previewed, proposed by one person and approved by another."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework import serializers

from commonweal.access.scope import investors_for, loans_for
from commonweal.api.fields import Day, MoneyField, Shape, Strict, Text, Word
from commonweal.api.investors import InvestorOut
from commonweal.api.loans import LoanOperation
from commonweal.api.operations import Asked, BookOperation, Paged, named, operation
from investors import queries, services
from investors.domain.sale import PaidHow, Sale
from investors.models import Investor, ParticipationTransfer

SHA256 = r"^[0-9a-f]{64}$"
STATES = ["waiting", "approved", "declined"]


class TransferOut(Shape):
    """A sale of a part of a loan, as it was proposed and as it ended."""

    id = serializers.IntegerField()
    loan = serializers.IntegerField(source="loan.pk")
    seller = InvestorOut()
    buyer = InvestorOut()
    effective_on = Day()
    amount = MoneyField(source="sale.amount", help_text="Of the seller's participation.")
    principal = MoneyField(source="principal_money", help_text="The principal outstanding that goes along.")
    price = MoneyField(source="price_money")
    accrued = MoneyField(source="accrued_money", help_text="Interest that the seller has earned and that is not due.")
    paid_how = Word(PaidHow)
    reason = serializers.CharField()
    sha256 = serializers.CharField(source="content_sha256", help_text="What an approval is bound to.")
    proposed_by = serializers.CharField(source="proposed_by.name")
    state = Word(STATES)


class TransferDetailOut(TransferOut):
    """A sale of a part of a loan, and what became known of it since."""

    principal_booked = serializers.SerializerMethodField(
        help_text="The principal that changed hands as it is booked by now; null while it waits."
    )
    known_since = serializers.SerializerMethodField(help_text="What became known since, in words; empty if nothing.")

    def get_principal_booked(self, row: ParticipationTransfer) -> dict[str, str] | None:
        """It differs from what was proposed where something dated before the sale was booked after it."""
        if row.state != "approved":
            return None
        return MoneyField().to_representation(queries.principal_sold(row))

    def get_known_since(self, row: ParticipationTransfer) -> str:
        """In the words of the desk."""
        return queries.known_since(row)


class LenderChangeOut(Shape):
    """What a lender has before a sale and after it."""

    investor = serializers.CharField(help_text="The code of an investor.")
    participation = MoneyField()
    participation_after = MoneyField()
    principal = MoneyField()
    principal_after = MoneyField()


class SalePreviewOut(Shape):
    """What a sale would change, as it is known now."""

    principal = MoneyField(help_text="The principal outstanding that goes along, and the price unless one is agreed.")
    accrued = MoneyField(help_text="Interest that the seller has earned and that is not due; it comes on top.")
    lenders = LenderChangeOut(many=True)
    shared_anew = serializers.IntegerField(help_text="Entries dated on the day or later that are shared otherwise.")


class SaleIn(Strict):
    """Who sells what to whom, and from which day on."""

    seller = Text(max_length=20, help_text="The code of an investor.")
    buyer = Text(max_length=20, help_text="The code of an investor.")
    amount = MoneyField(below="10000000000000", help_text="Of the seller's participation.")
    effective_on = Day()


class TransferIn(SaleIn):
    """A sale to be proposed."""

    price = MoneyField(
        below="10000000000000", required=False, help_text="The principal outstanding that goes along unless given."
    )
    paid_how = Word(PaidHow, required=False, help_text="Out of the money held for the buyer unless given.")
    reason = Text(max_length=500, help_text="The second person and the auditor read it.")


class SaleDecisionIn(Strict):
    """What was shown, and why it is decided so."""

    sha256 = serializers.RegexField(SHA256, max_length=64)
    reason = Text(max_length=500, required=False, allow_blank=True, help_text="Needed to decline.")


class LoanSales(LoanOperation):
    """An operation on the sales of parts of one loan."""

    def lender(self, field: str, code: str) -> Investor:
        """An investor that the person may name."""
        found: Investor = named(investors_for(self.person), field, code=code)
        return found


class TransferList(LoanSales):
    @operation(gives=TransferOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """The sales of parts of a loan, the latest first."""
        return self.paged(queries.transfers_of(self.loan))

    @operation(takes=TransferIn, gives=TransferDetailOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Propose that a lender sells its part, or a piece of it; nothing moves before a colleague approves."""
        made = services.propose_transfer(
            loan=self.loan,
            seller=self.lender("seller", asked["seller"]),
            buyer=self.lender("buyer", asked["buyer"]),
            amount=asked["amount"],
            on=asked["effective_on"],
            price=asked.get("price"),
            paid_how=PaidHow(asked.get("paid_how", PaidHow.HELD)),
            reason=asked["reason"],
            by=self.person,
        )
        return queries.transfers(self.book).get(pk=made.pk)


class TransferPreview(LoanSales):
    @operation(takes=SaleIn, gives=SalePreviewOut)
    def post(self, asked: Asked) -> Any:
        """See what a sale would change; nothing is kept."""
        seller, buyer = (self.lender(side, asked[side]).code for side in ("seller", "buyer"))
        return queries.preview_sale(self.loan, Sale(seller, buyer, asked["amount"], asked["effective_on"]))


class TransferOperation(BookOperation):
    """An operation on one sale."""

    def look_up(self, **path: Any) -> None:
        super().look_up(**path)
        mine = queries.transfers(self.book).filter(loan__in=loans_for(self.person))
        self.transfer: Any = get_object_or_404(mine, pk=path["transfer"])

    def decided(self) -> ParticipationTransfer:
        """The sale with what was decided."""
        return queries.transfers(self.book).get(pk=self.transfer.pk)


class TransferDetail(TransferOperation):
    @operation(gives=TransferDetailOut)
    def get(self, asked: Asked) -> Any:
        """One sale of a part of a loan."""
        return self.transfer


class TransferApprove(TransferOperation):
    @operation(takes=SaleDecisionIn, gives=TransferDetailOut, moves_money=True)
    def post(self, asked: Asked) -> Any:
        """Approve exactly what a colleague proposed: parts and money change hands."""
        services.approve_transfer(
            transfer=self.transfer, shown_sha256=asked["sha256"], reason=asked.get("reason", ""), by=self.person
        )
        return self.decided()


class TransferDecline(TransferOperation):
    @operation(takes=SaleDecisionIn, gives=TransferDetailOut)
    def post(self, asked: Asked) -> Any:
        """Decline a sale, or take one's own proposal back."""
        services.decline_transfer(
            transfer=self.transfer, shown_sha256=asked["sha256"], reason=asked.get("reason", ""), by=self.person
        )
        return self.decided()
