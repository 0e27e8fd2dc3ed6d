"""The project that a loan is for: who else funds it, how far that has come, and the loan's share."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from commonweal.access.rules import Side
from commonweal.api.fields import Day, Id, MoneyField, Shape, Share, Strict, Text, Word
from commonweal.api.loans import LoanOperation
from commonweal.api.operations import Asked, BySide, Seen, named, operation
from loans.domain.project import FundingKind, FundingStatus
from loans.projects import funding_of, project_of
from loans.services import record_funding


class FundingOut(Shape):
    """One funder's part as it stands."""

    id = serializers.IntegerField()
    funder = serializers.CharField()
    kind = Word(FundingKind)
    amount = MoneyField()
    status = Word(FundingStatus)
    status_on = Day()
    replaces = serializers.IntegerField(source="replaces_id", allow_null=True, help_text="What it changed.")


class FundingForStaffOut(FundingOut):
    """One funder's part with who recorded it."""

    note = serializers.CharField()
    recorded_by = serializers.CharField(source="recorded_by.name")


class ProjectOut(Shape):
    """A project's money; what was withdrawn counts for nothing."""

    loan = MoneyField(source="whole.loan")
    secured = MoneyField(source="whole.secured", help_text="What others have agreed to or paid.")
    applied = MoneyField(source="whole.applied", help_text="What is only applied for.")
    total = MoneyField(source="whole.total")
    loan_share = Share(source="whole.loan_share")
    secured_share = Share(source="whole.secured_share", help_text="With the loan.")
    parts = FundingOut(many=True)


class ProjectForStaffOut(ProjectOut):
    """A project's money as the fund sees it."""

    parts = FundingForStaffOut(many=True)


PROJECT = BySide("ProjectShown", {Side.STAFF: ProjectForStaffOut, Side.BORROWER: ProjectOut})


class FundingIn(Strict):
    """A funder's part; with `replaces`, what became of it."""

    funder = Text(max_length=200)
    kind = Word(FundingKind)
    amount = MoneyField()
    status = Word(FundingStatus)
    status_on = Day()
    note = Text(max_length=500, required=False)
    replaces = Id(required=False, help_text="The id of the part that changed.")


class ProjectDetail(LoanOperation):
    @operation(gives=PROJECT)
    def get(self, asked: Asked) -> Any:
        """Who else funds the project, and what the parts make with the loan."""
        return Seen(self.side, project_of(self.loan))


class ProjectFund(LoanOperation):
    @operation(takes=FundingIn, gives=ProjectForStaffOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Record a funder's part, or what became of one; nothing is edited."""
        words = {"kind": FundingKind(asked["kind"]), "status": FundingStatus(asked["status"])}
        if "replaces" in asked:
            words["replaces"] = named(funding_of(self.loan), "replaces", pk=asked["replaces"])
        record_funding(loan=self.loan, **asked | words, on=self.book.business_date, by=self.person)
        return project_of(self.loan)
