"""The fund's own grants beside a loan: what was awarded, and which journal entries paid it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from commonweal.access.rules import Side
from commonweal.api.fields import Day, Id, MoneyField, Shape, Strict, Text
from commonweal.api.loans import LoanOperation
from commonweal.api.operations import Asked, BySide, Paged, Seen, named, operation
from ledger.queries import entries
from loans.grants import grants_of, paid_of
from loans.models import Grant
from loans.services import award_grant, record_grant_payment


class AwardOut(Shape):
    """A grant beside a loan, and what was paid of it."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    description = serializers.CharField()
    awarded_on = Day()
    awarded = MoneyField(source="money")
    paid = MoneyField(source="paid_so_far", help_text="What the entries that stand have paid.")


class AwardForStaffOut(AwardOut):
    """A grant with the entries that paid it, and who recorded it."""

    entries = serializers.ListField(child=serializers.IntegerField(), help_text="The numbers of the journal entries.")
    recorded_by = serializers.CharField(source="recorded_by.name")


GRANT = BySide("AwardShown", {Side.STAFF: AwardForStaffOut, Side.BORROWER: AwardOut})


class AwardIn(Strict):
    """A grant that was awarded."""

    title = Text(max_length=140)
    description = Text(max_length=500)
    amount = MoneyField()
    awarded_on = Day()


class AwardPaymentIn(Strict):
    """The journal entry that paid a grant, or a part of it."""

    grant = Id()
    entry = Id()


class GrantOperation(LoanOperation):
    """An operation that shows a grant."""

    def _shown(self, grant: Grant) -> Seen:
        entries = [payment.entry_id for payment in grant.payments.all()]
        words = {name: getattr(grant, name) for name in ("id", "title", "description", "awarded_on", "money")}
        more = {"paid_so_far": paid_of(grant), "entries": entries, "recorded_by": grant.recorded_by}
        return Seen(self.side, words | more)


class GrantList(GrantOperation):
    @operation(gives=GRANT, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """The grants beside a loan, as they were awarded."""
        return self.paged(grants_of(self.loan), lambda page: [self._shown(row) for row in page])

    @operation(takes=AwardIn, gives=GRANT, status=201)
    def post(self, asked: Asked) -> Any:
        """Award a grant beside a loan; no money moves."""
        made = award_grant(loan=self.loan, **asked, on=self.book.business_date, by=self.person)
        return self._shown(grants_of(self.loan).get(pk=made.pk))


class GrantPaid(GrantOperation):
    @operation(takes=AwardPaymentIn, gives=GRANT, status=201)
    def post(self, asked: Asked) -> Any:
        """Name a journal entry of two people that paid a grant."""
        grant = named(grants_of(self.loan), "grant", pk=asked["grant"])
        entry = named(entries(self.book), "entry", pk=asked["entry"])
        record_grant_payment(grant=grant, entry=entry.pk, by=self.person)
        return self._shown(grants_of(self.loan).get(pk=grant.pk))
