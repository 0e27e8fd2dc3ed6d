"""Payouts to investors: what is held and free, proposed by one person and approved by another, and how far each is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.shortcuts import get_object_or_404
from moneyed import Money
from rest_framework import serializers

from commonweal.access.scope import investors_for
from commonweal.api.documents import DocumentOut
from commonweal.api.fields import Count, Day, MoneyField, PlainDecimal, Shape, Strict, Text, Word
from commonweal.api.investors import InvestorOperation, InvestorOut
from commonweal.api.loans import PagedAsOfQuery
from commonweal.api.operations import Asked, BookOperation, Paged, named, operation
from commonweal.documents.interest_certificate import certificate_response
from commonweal.jobs.letters import give_payout_notices
from commonweal.payout_words import LineStep, line_step, paid_on
from investors import queries, services
from investors.domain.payout import PayoutAsked
from investors.interest_certificates import interest_certificates
from investors.models import Investor, Payout, PayoutLine, TaxTreatment
from ledger.domain.money import from_minor

SHA256 = r"^[0-9a-f]{64}$"
STATES = ["waiting", "approved", "declined"]
STEPS = [*STATES[::2], *LineStep]
MOST = 1000


class HeldOut(Shape):
    """What is held for an investor on a day, and what of it may be paid out."""

    investor = InvestorOut()
    held = MoneyField()
    clearing = MoneyField(help_text="Came by Direct Debit and may still be sent back.")
    free = MoneyField()
    interest_unpaid = MoneyField(help_text="Received as interest and not paid out.")
    tax_rate = PlainDecimal(allow_null=True, help_text="A fraction; null where nobody has said it.")
    has_bank_details = serializers.BooleanField()


class PayoutOut(Shape):
    """A payout as it was proposed and as it ended, added up."""

    id = serializers.IntegerField()
    effective_on = Day()
    reason = serializers.CharField()
    amount = MoneyField(help_text="What leaves the money held.")
    interest = MoneyField(help_text="How much of it is interest.")
    tax = MoneyField(help_text="What is withheld from the interest.")
    net = MoneyField(help_text="What is paid.")
    sha256 = serializers.CharField(help_text="What an approval is bound to.")
    proposed_by = serializers.CharField()
    state = Word(STATES)


class LineOut(Shape):
    """What one investor is paid, and how far that is."""

    payout = serializers.IntegerField()
    effective_on = Day()
    line = serializers.IntegerField()
    amount = MoneyField()
    stays = MoneyField(help_text="What it asked to stay.")
    interest = MoneyField()
    tax_rate = PlainDecimal(help_text="A fraction of the interest.")
    tax = MoneyField()
    net = MoneyField()
    step = Word(STEPS)
    paid_on = Day(allow_null=True, help_text="The day on which the bank paid it; null before, or where it came back.")


class PayoutLineOut(LineOut):
    """A line of a payout, with whom it pays."""

    investor = InvestorOut()


class PayoutDetailOut(PayoutOut):
    """A payout with its lines."""

    lines = PayoutLineOut(many=True)


class PayIn(Strict):
    """Whom to pay: all that is held and free less what stays, or an amount."""

    investor = Text(max_length=20, help_text="The code of an investor.")
    stays = MoneyField(below="10000000000000", required=False, help_text="What it asked to stay; nothing unless given.")
    amount = MoneyField(below="10000000000000", required=False, help_text="All that is free, less what stays.")


class PayoutIn(Strict):
    """A payout to be proposed."""

    effective_on = Day(required=False, help_text="The book's business date unless given.")
    reason = Text(max_length=500, help_text="The second person and the auditor read it.")
    investors = serializers.ListField(child=PayIn(), min_length=1, max_length=MOST)


class PayoutDecisionIn(Strict):
    """What was shown, and why it is decided so."""

    sha256 = serializers.RegexField(SHA256, max_length=64)
    reason = Text(max_length=500, required=False, allow_blank=True, help_text="Needed to decline.")


class PayoutTakeBackIn(Strict):
    """Which lines are taken back, and why."""

    lines = serializers.ListField(
        child=Count(min_value=1, max_value=MOST), max_length=MOST, required=False, help_text="All unless given."
    )
    reason = Text(max_length=500, help_text="The auditor reads it.")


class TaxOut(Shape):
    """What was said about tax on an investor's interest from a day on."""

    effective_on = Day()
    rate = PlainDecimal(help_text="A fraction; nought where interest is paid gross.")
    reason = serializers.CharField()
    said_by = serializers.CharField(source="said_by.name")


class TaxIn(Strict):
    """At which rate tax is withheld from an investor's interest from a day on, and why."""

    effective_on = Day()
    rate = PlainDecimal(places=6, least="0", below="1", help_text="A fraction; nought where interest is paid gross.")
    reason = Text(max_length=500, help_text="What it declared, or the rule; the tax authority and the auditor ask.")


class InterestYearOut(Shape):
    """The interest that an investor was paid in a tax year that is over."""

    tax_year = serializers.CharField(source="year", help_text="From 6 April to 5 April: 2025-26.")
    gross = MoneyField()
    tax = MoneyField()
    net = MoneyField()


class InterestOut(Shape):
    """The interest that an investor was paid, by tax year."""

    years = InterestYearOut(many=True)


class PayoutOperation(BookOperation):
    """An operation on payouts, or on one of them."""

    payout: Any = None

    def look_up(self, **path: Any) -> None:
        super().look_up(**path)
        if "payout" in path:
            self.payout = get_object_or_404(queries.payouts(self.book), pk=path["payout"])

    def shown(self, pk: int) -> dict[str, Any]:
        """A payout with its lines, as it is now."""
        found = queries.payouts(self.book).get(pk=pk)
        return {**summed(found), "lines": told_lines(list(found.lines.all()))}

    def refuse_strange(self, codes: Sequence[str]) -> None:
        """Raise ValidationError for an investor that the person may not name, asked for all at once."""
        mine = investors_for(self.person)
        known = set(mine.filter(code__in=codes).values_list("code", flat=True))
        if strange := next((code for code in codes if code not in known), None):
            named(mine, "investors", code=strange)


class PayoutHeld(PayoutOperation):
    @operation(gives=HeldOut, query=PagedAsOfQuery, many=True)
    def get(self, asked: Asked) -> Any:
        """What is held for each investor of a book, and what of it may be paid out; by name."""
        mine = queries.investors_in(self.book).filter(pk__in=investors_for(self.person))
        on = self.day(asked)

        def shown(page: Sequence[Investor]) -> list[dict[str, Any]]:
            held = queries.held_money(self.book, page, on)
            return [
                {
                    "investor": one,
                    "has_bank_details": there.has_account,
                    **{
                        name: getattr(there, name)
                        for name in ("held", "clearing", "free", "interest_unpaid", "tax_rate")
                    },
                }
                for one, there in zip(page, held, strict=True)
            ]

        return self.paged(mine, shown)


class PayoutList(PayoutOperation):
    @operation(gives=PayoutOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """The payouts of a book, the latest first."""
        return self.paged(queries.payouts(self.book), lambda page: [summed(one) for one in page])

    @operation(takes=PayoutIn, gives=PayoutDetailOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Propose to pay investors out; nothing moves before a colleague approves."""
        nought = from_minor(0, self.book.base_currency)
        self.refuse_strange([one["investor"] for one in asked["investors"]])
        wanted = [
            PayoutAsked(one["investor"], one.get("stays", nought), one.get("amount")) for one in asked["investors"]
        ]
        on = asked.get("effective_on", self.book.business_date)
        made = services.propose_payout(book=self.book, on=on, asked=wanted, reason=asked["reason"], by=self.person)
        return self.shown(made.pk)


class PayoutDetail(PayoutOperation):
    @operation(gives=PayoutDetailOut)
    def get(self, asked: Asked) -> Any:
        """One payout, line by line."""
        return self.shown(self.payout.pk)


class PayoutApprove(PayoutOperation):
    @operation(takes=PayoutDecisionIn, gives=PayoutDetailOut, moves_money=True)
    def post(self, asked: Asked) -> Any:
        """Approve exactly what a colleague proposed: each line is posted, and its money is on its way."""
        services.approve_payout(
            payout=self.payout, shown_sha256=asked["sha256"], reason=asked.get("reason", ""), by=self.person
        )
        return self.shown(self.payout.pk)


class PayoutDecline(PayoutOperation):
    @operation(takes=PayoutDecisionIn, gives=PayoutDetailOut)
    def post(self, asked: Asked) -> Any:
        """Decline a payout, or take one's own proposal back."""
        services.decline_payout(
            payout=self.payout, shown_sha256=asked["sha256"], reason=asked.get("reason", ""), by=self.person
        )
        return self.shown(self.payout.pk)


class PayoutNoticesOut(Shape):
    """The notices of a payout, one for each investor whom it pays."""

    notices = DocumentOut(many=True)


class PayoutNotices(PayoutOperation):
    @operation(gives=PayoutNoticesOut)
    def post(self, asked: Asked) -> Any:
        """Issue the notices of an approved payout and tell the investors' people; again, nothing more."""
        return {"notices": give_payout_notices(payout=self.payout, by=self.person)}


class PayoutTakeBack(PayoutOperation):
    @operation(takes=PayoutTakeBackIn, gives=PayoutDetailOut, moves_money=True)
    def post(self, asked: Asked) -> Any:
        """Hold money for its investors again that no payment file pays yet."""
        services.take_payout_back(
            payout=self.payout,
            lines=asked.get("lines", []),
            on=self.book.business_date,
            reason=asked["reason"],
            by=self.person,
        )
        return self.shown(self.payout.pk)


class InvestorPayoutList(InvestorOperation):
    @operation(gives=LineOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """What an investor was paid out and what is on its way, the latest first; an investor finds its own."""
        return self.paged(queries.payout_lines(self.book, investor=self.investor), told_lines)


class InvestorInterest(InvestorOperation):
    @operation(gives=InterestOut)
    def get(self, asked: Asked) -> Any:
        """Interest paid, tax withheld and what was left, by tax year that is over; an investor finds its own."""
        return {"years": interest_certificates(self.investor, self.book)}


class InvestorInterestDownload(InvestorOperation):
    """An operation on one tax year of an investor."""

    def look_up(self, **path: Any) -> None:
        super().look_up(**path)
        self.year: int = path["year"]

    @operation(gives=None, media_type="application/pdf")
    def get(self, asked: Asked) -> Any:
        """The interest certificate of a tax year that is over, by the year in which it began; reading is recorded."""
        found = interest_certificates(self.investor, self.book)
        return certificate_response(self.person, found, str(self.year))


class InvestorTax(InvestorOperation):
    @operation(gives=TaxOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """What was said about tax on an investor's interest, the latest day first."""
        return self.paged(TaxTreatment.objects.filter(investor=self.investor).select_related("said_by"))

    @operation(takes=TaxIn, gives=TaxOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Say at which rate tax is withheld from an investor's interest from a day on, and why."""
        return services.say_tax_treatment(investor=self.investor, by=self.person, **asked)


def summed(found: Payout) -> dict[str, Any]:
    """A payout added up over its lines."""
    parts = [line.parts for line in found.lines.all()]
    nought = from_minor(0, found.currency)
    sums: dict[str, Money] = {
        name: sum((getattr(one, name) for one in parts), nought) for name in ("amount", "interest", "tax", "net")
    }
    return {
        "id": found.pk,
        "effective_on": found.effective_on,
        "reason": found.reason,
        "sha256": found.content_sha256,
        "proposed_by": found.proposed_by.name,
        "state": found.state,
        **sums,
    }


def told_lines(lines: Iterable[PayoutLine]) -> list[dict[str, Any]]:
    """Lines with how far each is, in a fixed number of queries."""
    every = list(lines)
    payments = queries.payments_of_lines(every[0].payout.book, every) if every else {}
    return [
        {
            "payout": one.payout_id,
            "effective_on": one.payout.effective_on,
            "line": one.line_no,
            "investor": one.investor,
            "tax_rate": one.rate,
            **{name: getattr(one.parts, name) for name in ("amount", "stays", "interest", "tax", "net")},
            "step": one.payout.state if one.payout.state != "approved" else line_step(one, payments.get(one.pk)),
            "paid_on": paid_on(payments.get(one.pk)),
        }
        for one in every
    ]
