"""What the API takes and gives about what the fund borrows."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from commonweal.api.applications import InstalmentOut
from commonweal.api.fields import Count, Day, Id, MoneyField, PlainDecimal, Shape, Strict, Text, Word
from commonweal.api.investors import InvestorOut
from commonweal.api.transfers import SHA256, STATES
from investors.domain.borrowing_covenants import MOST_DAYS_LATE, CovenantKind
from investors.models import CovenantTest, FacilityTerms
from investors.queries.borrowings import agreement_of
from loans.domain.conventions import Amortisation
from loans.domain.day_count import DayCount
from loans.domain.position import InstalmentStatus
from loans.domain.servicing import Prepayment
from loans.statement_lines import Line

WAYS = [Amortisation.ANNUITY, Amortisation.EQUAL_PRINCIPAL, Amortisation.BULLET]
ACTS = ["draw", "repay", "rate", "fee"]
MOST = "10000000000000"


def _share(words: str, **given: Any) -> PlainDecimal:
    return PlainDecimal(places=6, least="0", below="1", required=False, allow_null=True, help_text=words, **given)


class AgreementIn(Strict):
    """What the fund and a lender agreed."""

    reference = Text(max_length=35, help_text="The lender's number of the agreement; payments bear it.")
    effective_on = Day()
    available_until = Day(help_text="The last day on which it may be drawn.")
    security = Text(max_length=500, required=False, allow_blank=True)
    amount = MoneyField(below=MOST, help_text="The most that may be drawn in all.")
    annual_rate = PlainDecimal(places=6, least="0", below="1", help_text="A fraction: 0.06 is 6%.")
    amortisation = Word([str(way) for way in WAYS])
    every = Word(["1M", "3M", "6M", "12M"], help_text="How far apart the instalments are.")
    first_due_on = Day()
    instalments = Count(min_value=1, max_value=480)
    interest_only_periods = Count(min_value=0, max_value=480, required=False)
    day_count = Word(DayCount)
    arrangement_fee = _share("A share of the amount.")
    commitment_fee = _share("A yearly share of what is undrawn.")
    advance_rate = PlainDecimal(
        places=6, required=False, allow_null=True, help_text="What of the eligible loans may be drawn, as a fraction."
    )
    days_late = Count(
        min_value=0,
        max_value=MOST_DAYS_LATE,
        required=False,
        help_text="Later is not eligible; 90 unless given.",
    )
    arrears_share = PlainDecimal(
        places=6, required=False, allow_null=True, help_text="The most of the loans that may be later, as a fraction."
    )
    interest_cover = PlainDecimal(
        places=2, required=False, allow_null=True, help_text="Times, over twelve months, at least."
    )
    minimum_cash = MoneyField(below=MOST, required=False, allow_null=True)
    reason = Text(max_length=500, help_text="The second person and the auditor read it.")


class FacilityIn(AgreementIn):
    """A facility to be proposed."""

    lender = Text(max_length=20, help_text="The code of an investor.")


class FacilityCovenantsOut(Shape):
    """What the fund promised; what is null is not agreed."""

    advance_rate = PlainDecimal(allow_null=True)
    days_late = serializers.IntegerField()
    arrears_share = PlainDecimal(allow_null=True)
    interest_cover = PlainDecimal(allow_null=True)
    minimum_cash = MoneyField(allow_null=True)


class AgreementOut(Shape):
    """What is agreed."""

    reference = serializers.CharField()
    effective_on = Day()
    available_until = Day()
    security = serializers.CharField()
    amount = MoneyField()
    annual_rate = PlainDecimal(source="terms.annual_rate")
    covenants = FacilityCovenantsOut()


class FacilityTermsOut(Shape):
    """A version of what is agreed, as it was proposed and as it ended."""

    version = serializers.IntegerField()
    facility = serializers.IntegerField(source="facility_id")
    agreement = serializers.SerializerMethodField()
    sha256 = serializers.CharField(source="content_sha256", help_text="What an approval is bound to.")
    proposed_by = serializers.CharField(source="proposed_by.name")
    state = Word(STATES)

    def get_agreement(self, row: FacilityTerms) -> dict[str, Any]:
        """What it says."""
        return dict(AgreementOut(agreement_of(row)).data)


class LenderPaymentOut(Shape):
    """What is to be paid next."""

    due_on = Day()
    interest = MoneyField()
    principal = MoneyField()
    total = MoneyField()


class FacilityOut(Shape):
    """A facility, and where it stands on the business date."""

    id = serializers.IntegerField(source="life.facility.pk")
    facility = serializers.CharField(source="life.facility.reference")
    lender = InvestorOut(source="life.facility.lender")
    is_agreed = serializers.BooleanField(source="life.is_agreed")
    agreement = AgreementOut(source="life.agreement")
    principal = MoneyField(source="at.principal_outstanding")
    interest_due = MoneyField(source="at.interest_due")
    fees_due = MoneyField(source="at.fees_due")
    annual_rate = PlainDecimal(source="at.annual_rate")
    days_past_due = serializers.IntegerField(source="at.days_past_due")
    next_payment = LenderPaymentOut(source="at.next_payment", allow_null=True)


class CovenantTestedOut(Shape):
    """One covenant on a day, and how far it is from its limit."""

    covenant = Word(CovenantKind, source="kind")
    is_met = serializers.BooleanField()
    figure = serializers.CharField()
    limit = serializers.CharField()
    headroom = serializers.CharField()
    sentence = serializers.CharField()


class DrawLimitsOut(Shape):
    """How much may be drawn."""

    undrawn = MoneyField()
    base = MoneyField(allow_null=True, help_text="Null where no borrowing base is agreed.")
    available = MoneyField(help_text="The least of what is undrawn and what the base leaves.")


class FacilityDetailOut(FacilityOut):
    """A facility with its covenants as they would be tested on the business date."""

    limits = DrawLimitsOut()
    covenants = CovenantTestedOut(many=True)


class OwedInstalmentOut(Shape):
    """An instalment, and what of it is paid."""

    instalment = InstalmentOut()
    status = Word(InstalmentStatus)
    paid = MoneyField()
    unpaid = MoneyField()
    days_late = serializers.IntegerField()


class FacilityMovementOut(Shape):
    """What one entry changed of what is owed; a part that it did not move is null."""

    reference = serializers.SerializerMethodField(help_text="The journal entry, as statements print it.")
    on = Day()
    what = serializers.CharField()
    is_correction = serializers.BooleanField()
    principal = MoneyField(source="moved.principal", allow_null=True, default=None)
    interest = MoneyField(source="moved.interest", allow_null=True, default=None)
    fees = MoneyField(source="moved.fees", allow_null=True, default=None)
    in_advance = MoneyField(
        source="moved.in_advance", allow_null=True, default=None, help_text="Paid before it was due."
    )

    def get_reference(self, row: Line) -> str:
        """The number of the entry with its letter."""
        return f"E-{row.entry_id}"


class BorrowingEventOut(Shape):
    """What happened to a facility."""

    number = serializers.IntegerField()
    kind = serializers.CharField()
    effective_on = Day()
    amount = MoneyField(source="money", allow_null=True)
    reason = serializers.CharField()
    entry = serializers.IntegerField(source="entry_id", allow_null=True, help_text="The number of its journal entry.")
    reverses = serializers.IntegerField(source="reverses.number", allow_null=True, default=None)
    recorded_by = serializers.CharField(source="recorded_by.name")


class CovenantTestOut(Shape):
    """What came of a test that was kept."""

    on = Day()
    occasion = Word(CovenantTest.Occasion.values)
    revision = serializers.IntegerField(help_text="Above 1 where the day was told anew.")
    covenant = Word(CovenantKind, source="kind")
    is_met = serializers.BooleanField()
    figure = serializers.CharField()
    limit = serializers.CharField()
    headroom = serializers.CharField()
    sentence = serializers.CharField()


class LadderMonthOut(Shape):
    """What comes in and goes out in a month."""

    month = Day(help_text="Its first day.")
    inflow = MoneyField()
    outflow = MoneyField()
    gap = MoneyField()
    cash_after = MoneyField()


class LadderOut(Shape):
    """Whether the borrowing falls due before the loans."""

    as_of = Day()
    cash = MoneyField(help_text="Without what is held for investors.")
    words = serializers.CharField()
    rungs = LadderMonthOut(many=True)


class BorrowingPreviewOut(Shape):
    """What an act would change."""

    principal = MoneyField(source="before.principal_outstanding")
    principal_after = MoneyField(source="after.principal_outstanding")
    interest_due = MoneyField(source="before.interest_due")
    interest_due_after = MoneyField(source="after.interest_due")
    next_payment_after = LenderPaymentOut(source="after.next_payment", allow_null=True)
    covenants = CovenantTestedOut(many=True, help_text="As they would be tested afterwards.")
    limits = DrawLimitsOut()


class FacilityDecisionIn(Strict):
    """What was shown, and why it is decided so."""

    sha256 = serializers.RegexField(SHA256, max_length=64)
    reason = Text(max_length=500, required=False, allow_blank=True, help_text="Needed to decline.")


class FacilityDrawIn(Strict):
    """Which bank line was drawn."""

    bank_line = Id(help_text="The id of a line of money received with something left in suspense.")
    amount = MoneyField(below=MOST, required=False, help_text="A part of the line; all of it unless given.")


class FacilityRepayIn(Strict):
    """A repayment to the lender."""

    amount = MoneyField(below=MOST)
    on = Day()
    prepayment = Word(Prepayment, required=False, help_text="What becomes of money beyond what is due.")
    in_full = serializers.BooleanField(required=False, help_text="It ends the debt, if it is enough.")


class LenderRateIn(Strict):
    """Another rate from a day on."""

    annual_rate = PlainDecimal(places=6, least="0", below="1", help_text="A fraction: 0.06 is 6%.")
    on = Day()
    reason = Text(max_length=500)


class LenderFeeIn(Strict):
    """A fee that the lender charges."""

    amount = MoneyField(below=MOST)
    on = Day()
    reason = Text(max_length=500)


class BorrowingPreviewIn(Strict):
    """An act to be looked at before it is done."""

    act = Word(ACTS)
    on = Day()
    amount = MoneyField(below=MOST, required=False, help_text="Of all but a rate.")
    annual_rate = PlainDecimal(places=6, least="0", below="1", required=False, help_text="Of a rate.")
    prepayment = Word(Prepayment, required=False)
    in_full = serializers.BooleanField(required=False)


class TakeBackEventIn(Strict):
    """From when on an event counts no more."""

    number = Count(min_value=1, max_value=10**6, help_text="The number of the event within its facility.")
    on = Day()
    reason = Text(max_length=500)
