"""The portfolio and the loans in arrears as at any date, as programs read them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from moneyed import Money
from rest_framework import serializers

from commonweal.api.fields import Day, MoneyField, PlainDecimal, Shape, Share, Word
from commonweal.api.loans import AsOfQuery, PagedAsOfQuery
from commonweal.api.operations import Asked, BookOperation, operation
from ledger.domain.money import from_minor
from loans.coverage import coverage
from loans.domain.provision import Stage
from loans.loan_list import Asked as ListAsked
from loans.loan_list import loan_list
from loans.models import Loan
from loans.portfolio import maturity_ladder, summary
from loans.projects import levered_in


class AtRiskOut(Shape):
    """The whole principal of loans with anything more than `days` late."""

    days = serializers.IntegerField()
    loans = serializers.IntegerField()
    principal = MoneyField()
    share = Share(allow_null=True, help_text="Of the principal outstanding; null where there is none.")


class AgeOut(Shape):
    """The running loans of one age of arrears, from `first_day` past due on; 0 is paid to date."""

    first_day = serializers.IntegerField()
    loans = serializers.IntegerField()
    arrears = MoneyField()
    principal = MoneyField()


class RungOut(Shape):
    """Principal that is planned to fall due after a day, up to and including another one."""

    after = Day()
    through = Day(allow_null=True)
    principal = MoneyField()


class StageOut(Shape):
    """The running loans of a stage of provisioning, and what is set aside for them in the books."""

    stage = Word(Stage)
    loans = serializers.IntegerField()
    principal = MoneyField()
    provision = MoneyField()
    net = MoneyField(help_text="Principal less provision.")
    coverage = Share(allow_null=True, help_text="Provision as a part of principal; null where there is none.")


class PortfolioOut(Shape):
    """The running loans of a book on the evening of a day."""

    as_of = Day()
    loans = serializers.IntegerField()
    principal = MoneyField()
    overdue_principal = MoneyField()
    arrears = MoneyField()
    levered_in = MoneyField(help_text="What other funders agreed to or paid for the projects of the book's loans.")
    weighted_rate = Share(allow_null=True)
    restructured_loans = serializers.IntegerField()
    restructured_principal = MoneyField()
    at_risk = AtRiskOut(many=True)
    ages = AgeOut(many=True)
    provisions = StageOut(many=True)
    maturity_ladder = RungOut(many=True)


class LateLoanOut(Shape):
    """A loan of which something is late."""

    id = serializers.IntegerField()
    reference = serializers.CharField()
    borrower = serializers.CharField()
    late_since = Day(help_text="The due date of the oldest claim that is unpaid.")
    days_past_due = serializers.IntegerField()
    arrears = MoneyField()
    principal = MoneyField()
    annual_rate = PlainDecimal()


class Portfolio(BookOperation):
    @operation(gives=PortfolioOut, query=AsOfQuery)
    def get(self, asked: Asked) -> Any:
        """Outstanding, at risk, arrears by age, what is provided for, and when principal comes back."""
        as_of = self.day(asked)
        stands = summary(self.book, as_of)
        return {
            "as_of": as_of,
            "loans": stands.loans,
            "principal": self._money(stands.principal),
            "overdue_principal": self._money(stands.overdue_principal),
            "arrears": self._money(stands.arrears),
            "levered_in": levered_in(self.book, as_of),
            "weighted_rate": stands.weighted_rate,
            "restructured_loans": stands.restructured.loans,
            "restructured_principal": self._money(stands.restructured.principal),
            "at_risk": [
                {
                    "days": one.days,
                    "loans": one.loans,
                    "principal": self._money(one.principal),
                    "share": stands.share(one.principal),
                }
                for one in stands.at_risk
            ],
            "ages": [
                {
                    "first_day": band.first_day,
                    "loans": band.loans,
                    "arrears": self._money(band.arrears),
                    "principal": self._money(band.principal),
                }
                for band in stands.bands
            ],
            "provisions": [
                {
                    "stage": one.stage,
                    "loans": one.loans,
                    "principal": self._money(one.principal),
                    "provision": self._money(one.provision),
                    "net": self._money(one.net),
                    "coverage": one.share,
                }
                for one in coverage(self.book, as_of)
            ],
            "maturity_ladder": [
                {"after": rung.after, "through": rung.through, "principal": self._money(rung.principal)}
                for rung in maturity_ladder(self.book, as_of)
            ],
        }

    def _money(self, units: int) -> Money:
        return from_minor(units, self.book.base_currency)


class ArrearsList(BookOperation):
    @operation(gives=LateLoanOut, query=PagedAsOfQuery, many=True)
    def get(self, asked: Asked) -> Any:
        """The loans of which something is late on a day, the longest late first."""
        as_of = self.day(asked)

        def shown(page: Iterable[Loan]) -> list[dict[str, Any]]:
            return [_late(vars(loan), loan, (as_of - vars(loan)["late_since"]).days) for loan in page]

        return self.paged(loan_list(self.book, as_of, ListAsked(status="late")), shown)


def _late(stood: dict[str, Any], loan: Loan, days: int) -> dict[str, Any]:
    return {
        "id": loan.pk,
        "reference": loan.reference,
        "borrower": str(loan.organisation),
        "late_since": stood["late_since"],
        "days_past_due": days,
        "arrears": from_minor(stood["arrears"], loan.currency),
        "principal": from_minor(stood["principal"], loan.currency),
        "annual_rate": stood["rate"],
    }
