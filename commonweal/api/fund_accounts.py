"""The fund's accounts over the API: what it has and owes, income, cash, investors' funds, beside the year before."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from moneyed import Money
from rest_framework import serializers

from commonweal.api.fields import Day, MoneyField, Shape, Strict, Word
from commonweal.api.operations import Asked, BookOperation, operation
from commonweal.documents.fund_accounts import accounts_response, accounts_shown
from investors.queries import InvestorChanges, Why, changes_in_funds
from ledger.domain.money import from_minor
from ledger.queries import Elsewhere, FundStatement, Line, Period, asked_period, fund_accounts

if TYPE_CHECKING:
    from ledger.models import Book


class FundAccountsQuery(Strict):
    """Over which dates."""

    from_ = Day(required=False, help_text="The beginning of the financial year of `to` unless given.")
    to = Day(required=False, help_text="The business date unless given.")


class ColumnDaysOut(Shape):
    """The days of a column, both inclusive."""

    from_ = Day(source="from_on")
    to = Day(source="to_on")


class FundLineOut(Shape):
    """A line of a statement: its amount over the days, and a year before."""

    code = serializers.CharField(allow_blank=True, help_text="The line of the chart; empty for a sum.")
    name = serializers.CharField()
    amount = MoneyField()
    year_before = MoneyField()


class FundSectionOut(Shape):
    """Lines under a heading, with their sum."""

    name = serializers.CharField()
    lines = FundLineOut(many=True)
    total = FundLineOut()


class FundStatementOut(Shape):
    """A statement: its sections, and the lines that tie it."""

    name = serializers.CharField()
    sections = FundSectionOut(many=True)
    ties = FundLineOut(many=True)


class InvestorChangeOut(Shape):
    """Why an investor's money changed, and by how much."""

    why = Word(Why)
    amount = MoneyField()


class InvestorChangesOut(Shape):
    """What the fund holds for an investor at the beginning, what changed, and at the end."""

    investor = serializers.CharField(help_text="The investor's code.")
    opening = MoneyField()
    changes = InvestorChangeOut(many=True)
    closing = MoneyField()


class ElsewhereOut(Shape):
    """An account in another currency at the end of the days, and a year before; credits are negative."""

    code = serializers.CharField()
    name = serializers.CharField()
    amount = MoneyField()
    year_before = MoneyField()


class FundAccountsOut(Shape):
    """Balance sheet, income statement and cash flow, and the changes in investors' funds."""

    days = ColumnDaysOut()
    days_a_year_before = ColumnDaysOut()
    statements = FundStatementOut(many=True)
    investors = InvestorChangesOut(many=True)
    investors_a_year_before = InvestorChangesOut(many=True)
    in_other_currencies = ElsewhereOut(many=True, help_text="What stands in no sum above.")


class FundAccounts(BookOperation):
    @operation(gives=FundAccountsOut, query=FundAccountsQuery)
    def get(self, asked: Asked) -> Any:
        """The accounts of the fund over dates, and over the same dates a year before."""
        period = asked_period(self.book, asked.get("from"), asked.get("to") or self.book.business_date)
        found = fund_accounts(self.book, [period, period.year_before])
        return {
            "days": period,
            "days_a_year_before": period.year_before,
            "statements": [_statement(self.book, one) for one in found.statements],
            "investors": _investors(self.book, period),
            "investors_a_year_before": _investors(self.book, period.year_before),
            "in_other_currencies": [_elsewhere(one) for one in found.elsewhere],
        }


class FundAccountsDownload(BookOperation):
    @operation(gives=None, query=FundAccountsQuery, media_type="application/pdf")
    def get(self, asked: Asked) -> Any:
        """The accounts of the fund over dates as a PDF, with every figure attached as CSV."""
        period = asked_period(self.book, asked.get("from"), asked.get("to") or self.book.business_date)
        return accounts_response(accounts_shown(self.book, period))


def _investors(book: Book, period: Period) -> list[dict[str, Any]]:
    return [_investor(book, one) for one in changes_in_funds(book, period.from_on, period.to_on)]


def _elsewhere(one: Elsewhere) -> dict[str, Any]:
    amount, before = (from_minor(minor, one.currency) for minor in one.line.minor)
    return {"code": one.line.code, "name": one.line.name, "amount": amount, "year_before": before}


def _statement(book: Book, statement: FundStatement) -> dict[str, Any]:
    sections = [
        {"name": one.name, "lines": _lines(book, one.lines), "total": next(iter(_lines(book, [one.total])))}
        for one in statement.sections
    ]
    return {"name": statement.name, "sections": sections, "ties": _lines(book, statement.ties)}


def _lines(book: Book, lines: Iterable[Line]) -> list[dict[str, Any]]:
    return [
        {"code": one.code, "name": one.name, "amount": amount, "year_before": before}
        for one in lines
        for amount, before in [_amounts(book, one.minor)]
    ]


def _investor(book: Book, one: InvestorChanges) -> dict[str, Any]:
    opening, closing = _amounts(book, (one.opening, one.closing))
    changes = zip(one.changes, _amounts(book, one.changes.values()), strict=True)
    return {
        "investor": one.investor.code,
        "opening": opening,
        "changes": [{"why": why, "amount": amount} for why, amount in changes],
        "closing": closing,
    }


def _amounts(book: Book, minor: Iterable[int]) -> list[Money]:
    return [from_minor(units, book.base_currency) for units in minor]
