"""A fund's accounts at the desk: what it has and owes, income, cash, and investors' funds, beside the year before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.urls import reverse
from moneyed import Money

from commonweal.access.requests import PersonRequest
from commonweal.components import Link
from commonweal.desk.frame import asked_date, book_of, desk_page, sign
from commonweal.desk.ledger import SECTION
from commonweal.documents.list_files import Sheet, Value, download
from investors.queries import InvestorChanges, Why, changes_in_funds
from ledger.domain.money import from_minor
from ledger.queries import FundAccounts, FundStatement, Line, asked_period, fund_accounts

if TYPE_CHECKING:
    from ledger.models import Book

COLUMNS = {
    Why.PAID_IN: "Paid in",
    Why.BROUGHT_IN: "Brought in",
    Why.INTEREST: "Interest",
    Why.LOSSES: "Losses",
    Why.GRANTED: "Given as grants",
    Why.BETWEEN: "Between investors",
    Why.PAID_OUT: "Paid out",
}
"""The columns of the changes in investors' funds; one in which nothing stands is left out."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a statement with an amount for each period."""

    code: str
    name: str
    amounts: Sequence[Money]
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A statement as it is shown: groups of rows under headings, then the lines that tie it."""

    name: str
    groups: Sequence[tuple[str, Sequence[Row]]]
    ties: Sequence[Row]


def accounts_of_fund(request: PersonRequest, book: str) -> HttpResponse:
    """The four statements over dates, and over the same dates a year before."""
    of = book_of(request, book)
    from_on = asked_date(request, of, "from") if request.GET.get("from") else None
    period = asked_period(of, from_on, asked_date(request, of, "to"))
    before = period.year_before
    found = fund_accounts(of, [period, before])
    changes = changes_in_funds(of, period.from_on, period.to_on)
    if file := download(request, _sheet(of, found, changes)):
        return file
    shown = [why for why in COLUMNS if any(one.changes[why] for one in changes)]
    context = {
        "period": period,
        "before": before,
        "sign": sign(of),
        "statements": [_shown(of, statement) for statement in found.statements],
        "columns": [COLUMNS[why] for why in shown],
        "investors": [(one.investor, _amounts(of, one, shown)) for one in changes],
        "all_investors": [
            sum(column, 0 * column[0]) for column in zip(*(_amounts(of, one, shown) for one in changes), strict=True)
        ],
    }
    crumbs = [Link("Ledger", reverse(SECTION, args=[of.code])), Link("Fund accounts")]
    return desk_page(request, "desk/ledger/fund_accounts.html", of, section=SECTION, crumbs=crumbs, context=context)


def _shown(book: Book, statement: FundStatement) -> Shown:
    groups = [
        (
            section.name,
            [
                *(_row(book, line) for line in section.lines),
                _row(book, section.total, name=f"{section.name} in all", is_total=True),
            ],
        )
        for section in statement.sections
    ]
    return Shown(statement.name, groups, [_row(book, line, is_total=True) for line in statement.ties])


def _row(book: Book, line: Line, *, name: str = "", is_total: bool = False) -> Row:
    amounts = [from_minor(minor, book.base_currency) for minor in line.minor]
    return Row(line.code, name or line.name, amounts, is_total)


def _amounts(book: Book, one: InvestorChanges, shown: Sequence[Why]) -> list[Money]:
    figures = (one.opening, *(one.changes[why] for why in shown), one.closing)
    return [from_minor(minor, book.base_currency) for minor in figures]


def _sheet(book: Book, found: FundAccounts, changes: Sequence[InvestorChanges]) -> Sheet:
    period, before = found.periods
    headings = ("Statement", "Section", "Code", "Line", *(f"{one.from_on} to {one.to_on}" for one in (period, before)))
    return Sheet(f"fund-accounts-{book.code}-{period.to_on}", headings, list(_sheet_rows(book, found, changes)))


def _sheet_rows(book: Book, found: FundAccounts, changes: Sequence[InvestorChanges]) -> Iterator[tuple[Value, ...]]:
    for statement in (_shown(book, one) for one in found.statements):
        for heading, rows in (*statement.groups, ("", statement.ties)):
            for row in rows:
                yield statement.name, heading, row.code, row.name, *row.amounts
    for one in changes:
        names = ("At the beginning", *COLUMNS.values(), "At the end")
        for name, amount in zip(names, _amounts(book, one, list(COLUMNS)), strict=True):
            yield "Changes in investors’ funds", str(one.investor), one.investor.code, name, amount, None
