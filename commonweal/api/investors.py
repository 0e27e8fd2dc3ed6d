"""Investors: who they are, who shares which loan, what each has, and money that they pay in."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework import serializers

from commonweal.access.scope import investors_for
from commonweal.api.entries import EntryDetailOut, whole_entry
from commonweal.api.fields import Count, Day, Id, MoneyField, PlainDecimal, Shape, Strict, Text, Word
from commonweal.api.loans import AsOfQuery, LoanOperation, OwnPartOut, PagedAsOfQuery
from commonweal.api.operations import Asked, BookOperation, Paged, named, operation
from commonweal.jobs.lending import share
from investors import queries, services
from investors.domain.kinds import InvestorKind
from investors.domain.participation import Participation as Part
from investors.domain.participation import SharingRule
from investors.models import Investor, ParticipationSet
from ledger.domain.money import from_minor
from ledger.queries import unmatched_bank_lines


class InvestorOut(Shape):
    """Who puts money in."""

    id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()
    kind = Word(InvestorKind)
    registered_number = serializers.CharField()
    payment_reference = serializers.SerializerMethodField(help_text="What it writes on a transfer to the fund.")

    def get_payment_reference(self, row: Investor) -> str:
        """So that the fund knows whose money it is."""
        return services.payment_reference(row)


class InvestorDetailOut(Shape):
    """An investor with the money that the fund holds for it."""

    investor = InvestorOut()
    as_of = Day()
    cash_due = MoneyField(help_text="Paid in and not lent, or come back and not paid out.")


class InvestorIn(Strict):
    """An investor to be registered."""

    code = Text(max_length=20, help_text="Capital letters and digits, such as NRB; it never changes.")
    name = Text(max_length=200)
    kind = Word(InvestorKind)
    registered_number = Text(max_length=20, required=False, allow_blank=True)


class HoldingOut(OwnPartOut):
    """An investor's part of one loan on a day."""

    loan = serializers.IntegerField(source="loan.pk")
    reference = serializers.CharField(source="loan.reference")
    borrower = serializers.CharField(source="loan.organisation.name")
    place = serializers.CharField(source="loan.organisation.place")
    region = serializers.CharField(source="loan.organisation.region")


class LenderOut(OwnPartOut):
    """One lender's part of a loan on a day."""

    investor = InvestorOut()


class PartOut(Shape):
    """One lender's part as it was recorded."""

    investor = serializers.CharField(source="investor.code")
    rank = serializers.IntegerField()
    amount = MoneyField()
    annual_rate = PlainDecimal(allow_null=True, help_text="Its own rate as a fraction; null where it has the loan's.")
    servicing_fee = PlainDecimal(help_text="What the fund keeps of its interest, as a fraction of principal a year.")
    principal_from = Day(allow_null=True, help_text="It takes no principal before, while others do.")


class ParticipationSetOut(Shape):
    """Who shares a loan from a day on; the parts make the whole."""

    effective_on = Day()
    rule = Word(SharingRule, help_text="What the ranks decide.")
    participations = PartOut(many=True)


class PartIn(Strict):
    """One lender's part."""

    investor = Text(max_length=20, help_text="The code of an investor.")
    rank = Count(min_value=1, max_value=999, help_text="From 1, the first to be repaid.")
    amount = MoneyField()
    annual_rate = PlainDecimal(
        places=6, least="0", below="1", required=False, allow_null=True, help_text="Its own, as a fraction."
    )
    servicing_fee = PlainDecimal(
        places=6, least="0", below="1", required=False, help_text="What the fund keeps, as a fraction a year."
    )
    principal_from = Day(required=False, allow_null=True, help_text="It takes no principal before, while others do.")


class ParticipationSetIn(Strict):
    """Who shares a loan; the parts have to make the whole."""

    effective_on = Day(required=False, help_text="From this day on; that of the loan's approval unless given.")
    rule = Word(SharingRule, required=False, help_text="What the ranks decide; alike unless given.")
    participations = serializers.ListField(child=PartIn(), min_length=1, max_length=100)


class ContributionIn(Strict):
    """Which bank line is an investor's money."""

    bank_line = Id(help_text="The id of a line of money received with something left in suspense.")
    investor = Text(max_length=20, help_text="The code of an investor.")
    amount = MoneyField(required=False, help_text="A part of the line; all of it unless given.")


class InvestorList(BookOperation):
    @operation(gives=InvestorOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """The investors that deal with the book, and those that deal with nobody yet; an investor finds itself."""
        return self.paged(investors_for(self.person).order_by("name", "pk"))

    @operation(takes=InvestorIn, gives=InvestorOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Register an investor; the same particulars again give the record that stands."""
        return services.register_investor(**asked | {"kind": InvestorKind(asked["kind"])})


class InvestorOperation(BookOperation):
    """An operation on one investor."""

    def look_up(self, **path: Any) -> None:
        super().look_up(**path)
        self.investor: Investor = get_object_or_404(investors_for(self.person), pk=path["investor"])


class InvestorDetail(InvestorOperation):
    @operation(gives=InvestorDetailOut, query=AsOfQuery)
    def get(self, asked: Asked) -> Any:
        """One investor, and the money that the fund holds for it on a day."""
        as_of = self.day(asked)
        return {
            "investor": self.investor,
            "as_of": as_of,
            "cash_due": queries.cash_due(self.investor, self.book, as_of),
        }


class HoldingList(InvestorOperation):
    @operation(gives=HoldingOut, query=PagedAsOfQuery, many=True)
    def get(self, asked: Asked) -> Any:
        """What an investor has in each loan of the book on a day."""
        return self.paged(queries.holdings(self.investor, self.book, self.day(asked)))


class LoanParticipationList(LoanOperation):
    @operation(gives=LenderOut, query=PagedAsOfQuery, many=True)
    def get(self, asked: Asked) -> Any:
        """Who shares a loan, and what each has in it on a day."""
        return self.paged(queries.holdings_in(self.loan, self.day(asked)))

    @operation(takes=ParticipationSetIn, gives=ParticipationSetOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Record who shares a loan from a day on: a whole set, which takes the place of any before it."""
        parts = [self.part(part) for part in asked["participations"]]
        on = asked.get("effective_on", self.loan.approved_on)
        rule = SharingRule(asked.get("rule", SharingRule.ALIKE))
        return recorded_set(share(loan=self.loan, effective_on=on, participations=parts, rule=rule, by=self.person))

    def part(self, given: dict[str, Any]) -> Part:
        """One lender's part as a value."""
        return Part(
            self.lender(given["investor"]).code,
            given["rank"],
            given["amount"],
            given.get("annual_rate"),
            given.get("servicing_fee", Decimal(0)),
            given.get("principal_from"),
        )

    def lender(self, code: str) -> Investor:
        """An investor that the person may name."""
        found: Investor = named(investors_for(self.person), "participations", code=code)
        return found


class Contribute(BookOperation):
    @operation(takes=ContributionIn, gives=EntryDetailOut, status=201, moves_money=True)
    def post(self, asked: Asked) -> Any:
        """Book a bank line, or a part of it, as money that an investor paid in."""
        posted = services.receive_contribution(
            line=named(unmatched_bank_lines(self.book), "bank_line", pk=asked["bank_line"]),
            investor=named(investors_for(self.person), "investor", code=asked["investor"]),
            amount=asked.get("amount"),
            key=self.key,
            by=self.person,
        )
        return whole_entry(self.book, posted.entry_ids[0])


def recorded_set(made: ParticipationSet) -> dict[str, Any]:
    """A set as it was recorded, its amounts as money."""
    currency = made.loan.currency
    parts = made.participations.select_related("investor")
    return {
        "effective_on": made.effective_on,
        "rule": made.rule,
        "participations": [
            {
                "investor": part.investor,
                "rank": part.rank,
                "amount": from_minor(part.amount, currency),
                "annual_rate": part.annual_rate,
                "servicing_fee": part.servicing_fee,
                "principal_from": part.principal_from,
            }
            for part in parts
        ],
    }
