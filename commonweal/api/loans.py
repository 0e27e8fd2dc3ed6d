"""Loans: where each stands, what falls due, what happened and what was promised; to each side what is its to see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from borrowers.queries import indicators
from commonweal.access.roles import acting_roles
from commonweal.access.rules import Side
from commonweal.access.scope import loans_for
from commonweal.api.applications import BusinessOut
from commonweal.api.fields import Day, MoneyField, PlainDecimal, Shape, Share, Strict, Text, Word
from commonweal.api.operations import Asked, BookOperation, BySide, Paged, Seen, named, narrowed, operation
from investors.domain.participation import SharingRule
from investors.models import Investor
from investors.queries import Holding, holdings
from loans import queries, services
from loans.domain.day_count import DayCount
from loans.domain.position import InstalmentStatus, Position
from loans.models import EventKind, Loan, LoanTerms
from loans.services import Promise

EVENTS = [kind.value for kind in EventKind]


@dataclass(frozen=True, slots=True)
class LoanRow:
    """A loan with where it stands on a day; for an investor with its own part."""

    loan: Loan
    terms: LoanTerms
    position: Position
    holding: Holding | None


class NextPaymentOut(Shape):
    """What is to be paid next."""

    no = serializers.IntegerField()
    due_on = Day()
    total = MoneyField()
    interest = MoneyField()
    principal = MoneyField()
    balance_after = MoneyField(help_text="Principal outstanding once it and everything before it is paid.")


class PositionOut(Shape):
    """Where a loan stands on the evening of a day."""

    as_of = Day()
    annual_rate = PlainDecimal(help_text="The nominal rate in force, as a fraction: it may follow an index.")
    drawn = MoneyField()
    undrawn = MoneyField()
    received = MoneyField()
    principal_paid = MoneyField()
    interest_paid = MoneyField()
    in_advance = MoneyField()
    principal_outstanding = MoneyField()
    interest_due = MoneyField(help_text="Interest that has fallen due and is unpaid.")
    fees_due = MoneyField(help_text="Fees that are due and unpaid.")
    default_interest_due = MoneyField(help_text="Default interest that is charged and unpaid.")
    arrears = MoneyField(help_text="What is unpaid after its due date.")
    days_past_due = serializers.IntegerField()
    owed_in_all = MoneyField(help_text="All that is still to be paid to the end of the schedule.")
    payments_left = serializers.IntegerField(
        help_text="Instalments that are neither paid nor wholly covered by money held in advance."
    )
    last_due_on = Day(allow_null=True)
    settled = serializers.BooleanField()
    next_payment = NextPaymentOut(allow_null=True)


class PositionForStaffOut(PositionOut):
    """The same, with what was lost and came back."""

    written_off = MoneyField(help_text="Principal that was written off.")
    recovered = MoneyField(help_text="What came in after a write-off.")


class TermsOut(Shape):
    """What was agreed, in the latest version."""

    version = serializers.IntegerField()
    effective_on = Day()
    principal = MoneyField()
    annual_rate = PlainDecimal(
        help_text="The nominal rate a year as a fraction: 0.06 is 6%; an indexed loan began at it."
    )
    months = serializers.IntegerField()
    first_due_on = Day()
    day_count = Word(DayCount)
    calendar = serializers.CharField()


class LoanForBorrowerOut(Shape):
    """A loan as the business that owes it sees it."""

    id = serializers.IntegerField(source="loan.id")
    reference = serializers.CharField(source="loan.reference")
    organisation = BusinessOut(source="loan.organisation")
    product = serializers.CharField(source="loan.product.name")
    currency = serializers.CharField(source="loan.currency")
    approved_on = Day(source="loan.approved_on")
    payment_reference = serializers.CharField(source="loan.payment_reference")
    terms = TermsOut()
    position = PositionOut()


class LoanForStaffOut(LoanForBorrowerOut):
    """A loan as the fund sees it."""

    position = PositionForStaffOut()
    application = serializers.IntegerField(source="loan.application_id")
    next_action_on = Day(source="loan.next_action_on", allow_null=True, help_text="When the next instalment is posted.")


class OwnPartOut(Shape):
    """The investor's own part of a loan; no other investor's."""

    rank = serializers.IntegerField()
    ranks = serializers.IntegerField(help_text="How many ranks there are.")
    share = Share()
    participation = MoneyField()
    principal = MoneyField(help_text="The part of the principal outstanding.")
    interest_due = MoneyField()
    lost = MoneyField(help_text="The part of the principal that was written off or waived.")
    came_back = MoneyField(help_text="The part of what came in after a write-off.")
    rule = Word(SharingRule, help_text="What the ranks decide.")
    annual_rate = PlainDecimal(allow_null=True, help_text="Its own rate as a fraction; null where it has the loan's.")
    servicing_fee = PlainDecimal(help_text="What the fund keeps of its interest, as a fraction of principal a year.")
    principal_from = Day(allow_null=True, help_text="It takes no principal before, while others do.")


class LoanForInvestorOut(Shape):
    """A loan as an investor who shares it sees it."""

    id = serializers.IntegerField(source="loan.id")
    reference = serializers.CharField(source="loan.reference")
    borrower = serializers.CharField(source="loan.organisation.name")
    place = serializers.CharField(source="loan.organisation.place")
    region = serializers.CharField(source="loan.organisation.region")
    currency = serializers.CharField(source="loan.currency")
    as_of = Day(source="position.as_of")
    days_past_due = serializers.IntegerField(source="position.days_past_due")
    own_part = OwnPartOut(source="holding", allow_null=True, help_text="Null where it has no part on that day.")


LOAN = BySide(
    "LoanShown",
    {Side.STAFF: LoanForStaffOut, Side.BORROWER: LoanForBorrowerOut, Side.INVESTOR: LoanForInvestorOut},
)


class ScheduleRowOut(Shape):
    """An instalment on a day: what it asks for, what of it is paid, how late the rest is."""

    no = serializers.IntegerField(source="instalment.no")
    due_on = Day(source="instalment.due_on")
    principal = MoneyField(source="instalment.principal")
    interest = MoneyField(source="instalment.interest")
    total = MoneyField(source="instalment.total")
    balance = MoneyField(source="instalment.balance")
    status = Word(InstalmentStatus)
    principal_paid = MoneyField()
    interest_paid = MoneyField()
    unpaid = MoneyField(help_text="What is not paid yet, with what `covered` will pay of it.")
    covered = MoneyField(help_text="What of `unpaid` money held in advance will pay when it falls due.")
    given_up = MoneyField(
        help_text="What of it was waived, written off or carried into new terms: `status` says which."
    )
    paid_on = Day(allow_null=True)
    days_late = serializers.IntegerField()


class EventOut(Shape):
    """What happened to a loan."""

    id = serializers.IntegerField()
    number = serializers.IntegerField()
    kind = Word(EVENTS)
    effective_on = Day()
    amount = MoneyField(source="money", allow_null=True)
    reverses = serializers.IntegerField(source="reverses_id", allow_null=True)
    reversed_by = serializers.IntegerField(source="reversed_by.pk", allow_null=True, default=None)
    recorded_at = serializers.DateTimeField()


class EventForStaffOut(EventOut):
    """What happened to a loan, with the entry that booked it and the person who recorded it."""

    event = serializers.JSONField(source="content", help_text="All that it says, in the words in which it is kept.")
    entry = serializers.IntegerField(source="entry_id", allow_null=True, help_text="Null where it moves nothing.")
    reason = serializers.CharField()
    recorded_by = serializers.CharField(source="recorded_by.name")


EVENT = BySide("LoanEventShown", {Side.STAFF: EventForStaffOut, Side.BORROWER: EventOut})


class TargetOut(Shape):
    """What was promised with a loan."""

    indicator = serializers.CharField(source="indicator.code")
    name = serializers.CharField(source="indicator.name")
    unit = serializers.CharField(source="indicator.unit")
    baseline = PlainDecimal(allow_null=True)
    baseline_on = Day(allow_null=True)
    target = PlainDecimal()
    target_by = Day()


class TargetIn(Strict):
    """A promise: where the indicator stood, and where it should stand by a later day.

    Only an indicator that needs no baseline goes without one.
    """

    indicator = Text(max_length=40, help_text="The code of an indicator.")
    baseline = PlainDecimal(places=4, least="-99999999999999", below="100000000000000", required=False)
    baseline_on = Day(required=False)
    target = PlainDecimal(places=4, least="-99999999999999", below="100000000000000")
    target_by = Day()


class AsOfQuery(Strict):
    """On which day."""

    as_of = Day(required=False, help_text="The business date unless given.")


class PagedAsOfQuery(AsOfQuery, Paged):
    """A list on a day."""


class LoanQuery(PagedAsOfQuery):
    """Which loans, on which day."""

    reference = Text(required=False, max_length=20, help_text="The one with this reference, such as L-0108.")


class LoanList(BookOperation):
    @operation(gives=LOAN, query=LoanQuery, many=True)
    def get(self, asked: Asked) -> Any:
        """The loans, by reference, each as the person may see it."""
        found = narrowed(visible_loans(self), asked, {"reference": "reference"}).order_by("reference")
        return self.paged(found, lambda page: seen_loans(self, page, self.day(asked)))


class LoanOperation(BookOperation):
    """An operation on one loan."""

    def look_up(self, **path: Any) -> None:
        super().look_up(**path)
        self.loan: Loan = get_object_or_404(visible_loans(self), pk=path["loan"])

    @property
    def side(self) -> Side:
        """Through which window the loan is seen."""
        return self.side_towards(self.loan.organisation_id)


class LoanDetail(LoanOperation):
    @operation(gives=LOAN, query=AsOfQuery)
    def get(self, asked: Asked) -> Any:
        """One loan, and where it stands on a day."""
        return seen_loans(self, [self.loan], self.day(asked))[0]


class LoanSchedule(LoanOperation):
    @operation(gives=ScheduleRowOut, query=PagedAsOfQuery, many=True)
    def get(self, asked: Asked) -> Any:
        """Every instalment, with what of it is paid and late on a day."""
        return self.paged(queries.position_of(self.loan, self.day(asked)).instalments)


class LoanEventList(LoanOperation):
    @operation(gives=EVENT, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """What happened to a loan, as recorded."""
        return self.paged(queries.events(self.loan), lambda page: [Seen(self.side, row) for row in page])


class LoanTargetList(LoanOperation):
    @operation(gives=TargetOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """What was promised with a loan."""
        return self.paged(queries.impact_targets(self.loan))

    @operation(takes=TargetIn, gives=TargetOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Agree a baseline and a target with a loan."""
        indicator = named(indicators(), "indicator", code=asked["indicator"])
        promise = Promise(asked.get("baseline"), asked.get("baseline_on"), asked["target"], asked["target_by"])
        return services.promise_impact(loan=self.loan, indicator=indicator, promise=promise, by=self.person)


def visible_loans(view: BookOperation) -> Any:
    """The loans of the book that the person may see, with what is shown of each."""
    terms = Prefetch("terms", LoanTerms.objects.order_by("version"))
    found = loans_for(view.person).filter(book=view.book).select_related("book", "organisation", "product")
    return found.prefetch_related(terms)


def seen_loans(view: BookOperation, page: Iterable[Loan], as_of: date) -> list[Seen]:
    """Loans with where they stand, each as the person may see it; as many queries for one as for many."""
    shown = list(page)
    positions = queries.positions_of(shown, as_of)
    own = _own_parts(view, as_of)
    return [
        Seen(
            view.side_towards(loan.organisation_id),
            LoanRow(loan, list(loan.terms.all())[-1], positions[loan.pk], own.get(loan.pk)),
        )
        for loan in shown
    ]


def _own_parts(view: BookOperation, as_of: date) -> dict[int, Holding]:
    """What the investors for whom the person acts have in each loan."""
    mine = Investor.objects.filter(pk__in=acting_roles(view.person).investors)
    return {one.loan.pk: one for investor in mine for one in holdings(investor, view.book, as_of)}
