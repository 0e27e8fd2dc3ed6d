"""What the fund borrows: agreed by two people, drawn by bank lines, repaid, tested; and the ladder."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework import serializers

from commonweal.access.scope import facilities_for, investors_for
from commonweal.api.borrowing_shapes import (
    AgreementIn,
    BorrowingEventOut,
    BorrowingPreviewIn,
    BorrowingPreviewOut,
    CovenantTestOut,
    FacilityDecisionIn,
    FacilityDetailOut,
    FacilityDrawIn,
    FacilityIn,
    FacilityMovementOut,
    FacilityOut,
    FacilityRepayIn,
    FacilityTermsOut,
    LadderOut,
    LenderFeeIn,
    LenderRateIn,
    OwedInstalmentOut,
    TakeBackEventIn,
)
from commonweal.api.loans import PagedAsOfQuery
from commonweal.api.operations import Asked, BookOperation, Paged, named, operation
from investors import services
from investors.domain.borrowing import Agreement, facility_terms
from investors.domain.borrowing_covenants import Covenants
from investors.facility_figures import facility_lines
from investors.models import BorrowingEvent, Facility, FacilityTerms
from investors.queries import borrowing_tests as tests
from investors.queries import borrowings as queries
from ledger.queries import unmatched_bank_lines
from loans.domain.calendar import interval
from loans.domain.conventions import Amortisation
from loans.domain.day_count import DayCount
from loans.domain.events import Drawn, FeeCharged, Happened, RateChanged, Repaid
from loans.domain.servicing import Prepayment


def agreed(asked: Asked) -> Agreement:
    """What is asked for as a value."""
    terms = facility_terms(
        amount=asked["amount"],
        annual_rate=asked["annual_rate"],
        amortisation=Amortisation(asked["amortisation"]),
        every=interval(asked["every"]),
        first_due_on=asked["first_due_on"],
        instalments=asked["instalments"],
        day_count=DayCount(asked["day_count"]),
        interest_only_periods=asked.get("interest_only_periods", 0),
        arrangement_fee=asked.get("arrangement_fee"),
        commitment_fee=asked.get("commitment_fee"),
    )
    promised = ("advance_rate", "arrears_share", "interest_cover", "minimum_cash")
    return Agreement(
        reference=asked["reference"],
        terms=terms,
        effective_on=asked["effective_on"],
        available_until=asked["available_until"],
        security=asked.get("security", ""),
        covenants=Covenants(days_late=asked.get("days_late", 90), **{name: asked.get(name) for name in promised}),
    )


class FacilityList(BookOperation):
    @operation(gives=FacilityOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """What the fund borrows, with what it owes on the business date; a lender reads what it lends itself."""
        lives = queries.lives_of(facilities_for(self.person, self.book))
        return self.paged([{"life": life, "at": life.at(self.book.business_date)} for life in lives])

    @operation(takes=FacilityIn, gives=FacilityTermsOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Propose that the fund borrows; nothing counts before a colleague approves."""
        lender = named(investors_for(self.person), "lender", code=asked["lender"])
        given: dict[str, Any] = {"agreement": agreed(asked), "reason": asked["reason"], "by": self.person}
        made = services.propose_facility(book=self.book, lender=lender, **given)
        return queries.facility_terms(made.facility).get(pk=made.pk)


class BorrowingLadder(BookOperation):
    @operation(gives=LadderOut)
    def get(self, asked: Asked) -> Any:
        """What comes in from loans and goes out to lenders, month by month from the business date on."""
        return tests.maturity_ladder(self.book, self.book.business_date)


class FacilityOperation(BookOperation):
    """An operation on one facility."""

    def look_up(self, **path: Any) -> None:
        super().look_up(**path)
        self.facility: Facility = get_object_or_404(facilities_for(self.person, self.book), pk=path["facility"])

    def recorded(self, event: BorrowingEvent) -> BorrowingEvent:
        """An event as it was recorded."""
        return queries.borrowing_events(self.facility).get(pk=event.pk)


class FacilityDetail(FacilityOperation):
    @operation(gives=FacilityDetailOut)
    def get(self, asked: Asked) -> Any:
        """One facility: what is owed, how much may be drawn, and how its covenants stand."""
        life, on = queries.life_of(self.facility), self.book.business_date
        figures = tests.fund_figures(self.book, on, life.agreement.covenants)
        return {
            "life": life,
            "at": life.at(on),
            "limits": tests.draw_limits(life, figures),
            "covenants": tests.covenants_tested(life, figures),
        }


class FacilitySchedule(FacilityOperation):
    @operation(gives=OwedInstalmentOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """What the fund pays, instalment by instalment, by the engine that loans have."""
        return self.paged(queries.life_of(self.facility).at(self.book.business_date).instalments)


class FacilityMovementList(FacilityOperation):
    @operation(gives=FacilityMovementOut, query=PagedAsOfQuery, many=True)
    def get(self, asked: Asked) -> Any:
        """Every entry that moved what is owed under a facility, as its lender reads it, in order."""
        return self.paged(facility_lines(self.facility, self.day(asked)))


class FacilityEventList(FacilityOperation):
    @operation(gives=BorrowingEventOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """What happened to a facility, as it was recorded."""
        return self.paged(queries.borrowing_events(self.facility))


class FacilityTestList(FacilityOperation):
    @operation(gives=CovenantTestOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """What came of testing its covenants, the latest first."""
        return self.paged(queries.covenant_tests(self.facility))


class FacilityPreview(FacilityOperation):
    @operation(takes=BorrowingPreviewIn, gives=BorrowingPreviewOut)
    def post(self, asked: Asked) -> Any:
        """See what a draw, a repayment, a rate or a fee would change; nothing is kept."""
        return services.preview_borrowing(facility=self.facility, event=_event(asked))


def _event(asked: Asked) -> Happened:
    """What is looked at, as a value. Raises ValidationError where its figure is missing."""
    name = "annual_rate" if asked["act"] == "rate" else "amount"
    if name not in asked:
        raise serializers.ValidationError({name: ["This field is required."]})
    on, worth = asked["on"], asked[name]
    match asked["act"]:
        case "draw":
            return Drawn(on, 0, worth)
        case "repay":
            return Repaid(on, 0, worth, _rule(asked), asked.get("in_full", False))
        case "rate":
            return RateChanged(on, 0, worth)
        case _:
            return FeeCharged(on, 0, worth)


def _rule(asked: Asked) -> Prepayment | None:
    return Prepayment(asked["prepayment"]) if "prepayment" in asked else None


class FacilityDraw(FacilityOperation):
    @operation(takes=FacilityDrawIn, gives=BorrowingEventOut, status=201, moves_money=True)
    def post(self, asked: Asked) -> Any:
        """Book a bank line, or a part of it, as drawn under a facility."""
        line = named(unmatched_bank_lines(self.book), "bank_line", pk=asked["bank_line"])
        given: dict[str, Any] = {"amount": asked.get("amount"), "key": self.key, "by": self.person}
        return self.recorded(services.draw_facility(facility=self.facility, line=line, **given))


class FacilityRepay(FacilityOperation):
    @operation(takes=FacilityRepayIn, gives=BorrowingEventOut, status=201, moves_money=True)
    def post(self, asked: Asked) -> Any:
        """Book a repayment to the lender; the money is then among the payments to make."""
        how: dict[str, Any] = {"prepayment": _rule(asked), "settles": asked.get("in_full", False)}
        given: dict[str, Any] = {"amount": asked["amount"], "on": asked["on"], "key": self.key, "by": self.person}
        return self.recorded(services.repay_facility(facility=self.facility, **given, **how))


class FacilityRate(FacilityOperation):
    @operation(takes=LenderRateIn, gives=BorrowingEventOut, status=201, moves_money=True)
    def post(self, asked: Asked) -> Any:
        """Record another rate from a day on; what is posted since is worked out again."""
        return self.recorded(
            services.change_facility_rate(facility=self.facility, key=self.key, by=self.person, **asked)
        )


class FacilityFee(FacilityOperation):
    @operation(takes=LenderFeeIn, gives=BorrowingEventOut, status=201, moves_money=True)
    def post(self, asked: Asked) -> Any:
        """Record a fee that the lender charges."""
        return self.recorded(
            services.charge_facility_fee(facility=self.facility, key=self.key, by=self.person, **asked)
        )


class FacilityTakeBack(FacilityOperation):
    @operation(takes=TakeBackEventIn, gives=BorrowingEventOut, status=201, moves_money=True)
    def post(self, asked: Asked) -> Any:
        """Take an event back from a day on; the bank line of a draw waits in suspense again."""
        event = named(queries.borrowing_events(self.facility), "number", number=asked["number"])
        given: dict[str, Any] = {"on": asked["on"], "reason": asked["reason"], "key": self.key, "by": self.person}
        return self.recorded(services.reverse_borrowing_event(event=event, **given))


class FacilityTermsList(FacilityOperation):
    @operation(gives=FacilityTermsOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """What was proposed and agreed, the latest version first."""
        return self.paged(queries.facility_terms(self.facility))

    @operation(takes=AgreementIn, gives=FacilityTermsOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Propose other terms from a day on; nothing counts before a colleague approves."""
        given: dict[str, Any] = {"agreement": agreed(asked), "reason": asked["reason"], "by": self.person}
        made = services.propose_terms(facility=self.facility, **given)
        return queries.facility_terms(self.facility).get(pk=made.pk)


class TermsOperation(FacilityOperation):
    """An operation on one version of terms."""

    def look_up(self, **path: Any) -> None:
        super().look_up(**path)
        self.terms: Any = get_object_or_404(queries.facility_terms(self.facility), version=path["version"])

    def decided(self) -> FacilityTerms:
        """The terms with what was decided."""
        found: FacilityTerms = queries.facility_terms(self.facility).get(pk=self.terms.pk)
        return found


class FacilityTermsApprove(TermsOperation):
    @operation(takes=FacilityDecisionIn, gives=FacilityTermsOut, moves_money=True)
    def post(self, asked: Asked) -> Any:
        """Approve exactly what a colleague proposed; new terms of what is drawn count from their day."""
        services.approve_facility_terms(
            terms=self.terms, shown_sha256=asked["sha256"], reason=asked.get("reason", ""), by=self.person
        )
        return self.decided()


class FacilityTermsDecline(TermsOperation):
    @operation(takes=FacilityDecisionIn, gives=FacilityTermsOut)
    def post(self, asked: Asked) -> Any:
        """Decline terms, or take one's own proposal back."""
        services.decline_facility_terms(
            terms=self.terms, shown_sha256=asked["sha256"], reason=asked.get("reason", ""), by=self.person
        )
        return self.decided()
