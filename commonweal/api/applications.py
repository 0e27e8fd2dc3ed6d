"""Applications: what is asked for, the schedule that it makes, and the decision of a second person."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from commonweal.access.scope import applications_for, organisations_for
from commonweal.api.fields import Count, Day, Id, MoneyField, PlainDecimal, Shape, Strict, Text, Word
from commonweal.api.operations import Asked, BookOperation, Paged, named, narrowed, operation
from loans import queries, services
from loans.bank_holidays import CALENDARS
from loans.domain.application import ApplicationStatus, Move
from loans.domain.conventions import Tranche
from loans.domain.day_count import DayCount
from loans.domain.terms import MAX_MONTHS
from loans.models import Application, ApplicationStep
from loans.services import Asked as AskedTerms

STATUSES = [status.value for status in ApplicationStatus]
MOVES = [move.value for move in Move]
NAMED = ("organisation", "product", "product_version", "prepared_by", "loan")
"""What every answer about an application names."""

SHA256 = r"[0-9a-f]{64}"


class InstalmentOut(Shape):
    """One row of a repayment schedule."""

    no = serializers.IntegerField()
    due_on = Day()
    nominal_due_on = Day(help_text="Before any shift to a working day.")
    principal = MoneyField()
    interest = MoneyField()
    total = MoneyField()
    balance = MoneyField(help_text="Principal outstanding after it.")


class BusinessOut(Shape):
    """The business by its name."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    place = serializers.CharField()
    region = serializers.CharField()


class StepOut(Shape):
    """One move of an application, and the person who made it."""

    move = Word(MOVES)
    status = Word(STATUSES)
    effective_on = Day()
    reason = serializers.CharField()
    recorded_by = serializers.CharField(source="recorded_by.name")
    recorded_at = serializers.DateTimeField()


class ApplicationOut(Shape):
    """An application with the person who prepared it."""

    id = serializers.IntegerField()
    reference = serializers.CharField()
    organisation = BusinessOut()
    product = serializers.CharField(source="product.code")
    product_name = serializers.CharField(source="product.name")
    product_version = serializers.IntegerField(source="product_version.version", help_text="In force on `applied_on`.")
    amount = MoneyField()
    annual_rate = PlainDecimal(help_text="The nominal rate a year as a fraction: 0.06 is 6%.")
    months = serializers.IntegerField()
    first_due_on = Day()
    day_count = Word(DayCount)
    calendar = Word(list(CALENDARS))
    purpose = serializers.CharField()
    applied_on = Day()
    status = Word(STATUSES)
    loan = serializers.IntegerField(source="loan.pk", allow_null=True, default=None)
    prepared_by = serializers.CharField(source="prepared_by.name")
    prepared_at = serializers.DateTimeField()


class ApplicationDetailOut(ApplicationOut):
    """An application with the schedule that its terms make, its moves, and the fingerprint that a decision names."""

    terms_sha256 = serializers.SerializerMethodField(help_text="The terms as they are now: send it along to decide.")
    terms = serializers.JSONField(source="content", help_text="The terms, whole, in the words of `calculate schedule`.")
    schedule = serializers.SerializerMethodField(help_text="As if drawn as planned.")
    steps = StepOut(many=True)

    def get_terms_sha256(self, row: Application) -> str:
        """The fingerprint of the terms as they are now."""
        return queries.asked_terms_sha256(row)

    @extend_schema_field(InstalmentOut(many=True))
    def get_schedule(self, row: Application) -> Any:
        """What would be due, and when."""
        return InstalmentOut(queries.schedule_asked(row), many=True).data


class TrancheIn(Strict):
    """A planned drawdown."""

    on = Day()
    amount = MoneyField()


class TermsIn(Strict):
    """The terms that are asked for."""

    amount = MoneyField()
    annual_rate = PlainDecimal(
        places=6, least="0", below="1", required=False, help_text="A fraction: 0.06 is 6%. Left out: the product's own."
    )
    months = Count(min_value=1, max_value=MAX_MONTHS)
    first_due_on = Day(help_text="The others are counted from this day.")
    interest_only_periods = Count(min_value=0, max_value=MAX_MONTHS, required=False)
    payment = MoneyField(required=False, help_text="Of a product whose payment is given.")
    drawdowns = TrancheIn(many=True, required=False, help_text="As planned; together they make the amount.")
    purpose = Text(max_length=500, allow_blank=True, required=False, help_text="What the money is for.")


class ApplicationIn(TermsIn):
    """An application to be prepared."""

    organisation = Id(help_text="The id of a community business.")
    product = Text(max_length=40, help_text="The code of a product.")


class ApprovalIn(Strict):
    """A decision on exactly the terms that were shown."""

    terms_sha256 = serializers.RegexField(SHA256, max_length=64, help_text="The `terms_sha256` of what was shown.")
    reason = Text(max_length=500, allow_blank=True, required=False)


class DecisionIn(ApprovalIn):
    """A decision against, or for another round, with the reason that its maker will read."""

    reason = Text(max_length=500)


class ApplicationQuery(Paged):
    """Which applications."""

    status = Word(STATUSES, required=False)
    reference = Text(required=False, max_length=20, help_text="The one with this reference, such as A-0132.")


class ApplicationList(BookOperation):
    @operation(gives=ApplicationOut, query=ApplicationQuery, many=True)
    def get(self, asked: Asked) -> Any:
        """The applications, the latest first."""
        found = applications_for(self.person).filter(book=self.book)
        found = found.select_related(*NAMED).order_by("-applied_on", "-pk")
        return self.paged(narrowed(found, asked, {"status": "status", "reference": "reference"}))

    @operation(takes=ApplicationIn, gives=ApplicationDetailOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Prepare an application; a colleague decides on it after it is submitted."""
        made = services.apply(
            product=named(queries.products(self.book), "product", code=asked["product"]),
            organisation=named(organisations_for(self.person), "organisation", pk=asked["organisation"]),
            asked=_terms(asked),
            purpose=asked.get("purpose", ""),
            on=self.book.business_date,
            by=self.person,
        )
        return _whole(self, made)


class ApplicationOperation(BookOperation):
    """An operation on one application."""

    def look_up(self, **path: Any) -> None:
        super().look_up(**path)
        found = applications_for(self.person).filter(book=self.book).select_related("book", *NAMED)
        self.application: Application = get_object_or_404(found, pk=path["application"])


class ApplicationDetail(ApplicationOperation):
    @operation(gives=ApplicationDetailOut)
    def get(self, asked: Asked) -> Any:
        """One application with the schedule that its terms make, and the fingerprint that a decision names."""
        return _whole(self, self.application)


class ApplicationRevise(ApplicationOperation):
    @operation(takes=TermsIn, gives=ApplicationDetailOut)
    def post(self, asked: Asked) -> Any:
        """Write other terms; whoever does so has prepared them and cannot approve them."""
        revised = services.revise(
            application=self.application,
            asked=_terms(asked),
            purpose=asked.get("purpose"),
            on=self.book.business_date,
            by=self.person,
        )
        return _whole(self, revised)


class ApplicationSubmit(ApplicationOperation):
    @operation(gives=ApplicationDetailOut)
    def post(self, asked: Asked) -> Any:
        """Put an application before somebody who may decide."""
        moved = services.submit(application=self.application, on=self.book.business_date, by=self.person)
        return _whole(self, moved)


class ApplicationApprove(ApplicationOperation):
    @operation(takes=ApprovalIn, gives=ApplicationDetailOut)
    def post(self, asked: Asked) -> Any:
        """Agree to lend on exactly the terms that were shown; `loan` is the id of the loan. No money moves."""
        services.approve(**self.decided(asked))
        return _whole(self, self.application)

    def decided(self, asked: Asked) -> dict[str, Any]:
        """What every decision names."""
        return {
            "application": self.application,
            "shown_sha256": asked["terms_sha256"],
            "reason": asked.get("reason", ""),
            "on": self.book.business_date,
            "by": self.person,
        }


class ApplicationDecline(ApplicationApprove):
    @operation(takes=DecisionIn, gives=ApplicationDetailOut)
    def post(self, asked: Asked) -> Any:
        """Decide against it."""
        return _whole(self, services.decline(**self.decided(asked)))


class ApplicationSendBack(ApplicationApprove):
    @operation(takes=DecisionIn, gives=ApplicationDetailOut)
    def post(self, asked: Asked) -> Any:
        """Ask whoever prepared it to amend it."""
        return _whole(self, services.send_back(**self.decided(asked)))


def _terms(asked: Asked) -> AskedTerms:
    payment = asked.get("payment")
    return AskedTerms(
        asked["amount"],
        asked.get("annual_rate"),
        asked["months"],
        asked["first_due_on"],
        drawdowns=tuple(Tranche(each["on"], each["amount"]) for each in asked.get("drawdowns", ())),
        interest_only_periods=asked.get("interest_only_periods", 0),
        payment=payment.amount if payment else None,
    )


def _whole(view: BookOperation, application: Application) -> Application:
    """The application as it stands now, with all that its detail shows."""
    steps = Prefetch("steps", ApplicationStep.objects.select_related("recorded_by").order_by("pk"))
    found = applications_for(view.person).select_related(
        "organisation", "product", "product_version", "book", "prepared_by", "loan"
    )
    whole: Application = found.prefetch_related(steps).get(pk=application.pk)
    return whole
