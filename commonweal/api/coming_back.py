"""What comes back to an investor, payment by payment, and what of its money is late, as at any date."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from commonweal.api.fields import Day, MoneyField, PlainDecimal, Shape
from commonweal.api.investors import InvestorOperation
from commonweal.api.loans import AsOfQuery, PagedAsOfQuery
from commonweal.api.operations import Asked, operation
from investors.queries import coming_back, late_share


class PaymentToComeOut(Shape):
    """An investor's part of one payment of a loan: to come as planned, or late."""

    loan = serializers.IntegerField()
    reference = serializers.CharField()
    borrower = serializers.CharField()
    due_on = Day()
    is_late = serializers.BooleanField(help_text="It should have been paid by now; no schedule says when it will be.")
    principal = MoneyField()
    interest = MoneyField(help_text="At the investor's own rate, less the servicing fee.")
    total = MoneyField()
    added = MoneyField(help_text="Interest that nobody pays on the day: it becomes principal.")


class LateBandOut(Shape):
    """The loans of one age of arrears."""

    first_day = serializers.IntegerField(help_text="The first day past due of the band.")
    last_day = serializers.IntegerField(allow_null=True, help_text="The last one; null where it is open.")
    loans = serializers.IntegerField()
    late_principal = MoneyField()
    late_interest = MoneyField()
    principal = MoneyField(help_text="All that the investor has lent in them.")


class LateShareOut(Shape):
    """What of an investor's running loans is late, by count, by what is missing, and by what stands behind it."""

    as_of = Day()
    loans = serializers.IntegerField(help_text="The running loans.")
    principal = MoneyField(help_text="The investor's principal in all of them.")
    late = LateBandOut(help_text="All that is late, whatever its age.")
    share = PlainDecimal(allow_null=True, help_text="The principal of late loans as a fraction; null of nothing.")
    bands = LateBandOut(many=True)


class ComingBackList(InvestorOperation):
    @operation(gives=PaymentToComeOut, query=PagedAsOfQuery, many=True)
    def get(self, asked: Asked) -> Any:
        """What is late and what is to come of each loan, by loan and day: as planned, at the rates of the day."""
        rows = [
            {
                "loan": one.holding.loan.pk,
                "reference": one.holding.loan.reference,
                "borrower": one.holding.loan.organisation.name,
                "due_on": part.due_on,
                "is_late": part.is_late,
                "principal": part.principal,
                "interest": part.interest,
                "total": part.total,
                "added": part.added,
            }
            for one in coming_back(self.investor, self.book, self.day(asked))
            for part in one.parts
        ]
        return self.paged(rows)


class InvestorArrears(InvestorOperation):
    @operation(gives=LateShareOut, query=AsOfQuery)
    def get(self, asked: Asked) -> Any:
        """What of an investor's running loans is late on a day, by age."""
        as_of = self.day(asked)
        found = late_share(coming_back(self.investor, self.book, as_of), self.book)
        share = found.share(found.in_all.principal)
        return {
            "as_of": as_of,
            "loans": found.loans,
            "principal": found.principal,
            "late": found.in_all,
            "share": None if share is None else round(share, 6),
            "bands": found.bands,
        }
