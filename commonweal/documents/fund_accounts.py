"""A fund's accounts as they are shown, listed and printed: four statements and the restricted grants, each beside the
year before, and what is kept in other currencies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from moneyed import Money

from commonweal.documents.csv_file import csv_text
from commonweal.documents.issuing import issuer_of
from commonweal.documents.list_files import Sheet, Value
from commonweal.documents.renderer import Attachment, render_pdf
from commonweal.documents.statements import style
from commonweal.documents.words import symbol
from investors.domain.restricted_grant import RestrictedGrant
from investors.models import Investor
from investors.queries import InvestorChanges, Why, changes_in_funds, restricted_grants
from ledger.domain.money import from_minor
from ledger.queries import FundAccounts, FundStatement, Line, Period, closed_until, fund_accounts
from loans.statements import Issuer

if TYPE_CHECKING:
    from ledger.models import Book

TEMPLATE = "documents/fund_accounts.html"

COLUMNS = {
    Why.PAID_IN: "Paid in",
    Why.BROUGHT_IN: "Brought in",
    Why.INTEREST: "Interest",
    Why.RESULT: "Share of the result",
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


@dataclass(frozen=True, slots=True)
class ChangesShown:
    """How investors' funds changed over one period: a row for each investor, and all of them."""

    period: Period
    rows: Sequence[tuple[Investor, Sequence[Money]]]
    totals: Sequence[Money]


@dataclass(frozen=True, slots=True)
class GrantRow:
    """A restricted grant over a period: opening + received − applied = closing, and closing a year before."""

    code: str
    purpose: str
    amounts: Sequence[Money]


@dataclass(frozen=True, slots=True)
class AccountsShown:
    """Everything in a fund's accounts."""

    book: Book
    period: Period
    before: Period
    statements: Sequence[Shown]
    columns: Sequence[str]
    changes: Sequence[ChangesShown]
    grants: Sequence[GrantRow]
    elsewhere: Sequence[Row]

    @property
    def is_provisional(self) -> bool:
        """Whether a day of the period is not closed, so that a figure may still change."""
        until = closed_until(self.book)
        return until is None or self.period.to_on >= until

    @property
    def name(self) -> str:
        """What files of it are called."""
        return f"fund-accounts-{self.book.code}-{self.period.to_on}"


def accounts_shown(book: Book, period: Period) -> AccountsShown:
    """The accounts of a book over a period, beside the year before."""
    before = period.year_before
    found = fund_accounts(book, [period, before])
    changes = [(one, changes_in_funds(book, one.from_on, one.to_on)) for one in (period, before)]
    moved = [why for why in COLUMNS if any(one.changes[why] for _, rows in changes for one in rows)]
    return AccountsShown(
        book=book,
        period=period,
        before=before,
        statements=[_shown(book, statement) for statement in found.statements],
        columns=[COLUMNS[why] for why in moved],
        changes=[_changes(book, one, rows, moved) for one, rows in changes if rows or one is period],
        grants=[_grant(one, period, before) for one in restricted_grants(book).values()],
        elsewhere=_elsewhere(found),
    )


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


def _elsewhere(found: FundAccounts) -> list[Row]:
    return [
        Row(one.line.code, one.line.name, [from_minor(minor, one.currency) for minor in one.line.minor])
        for one in found.elsewhere
    ]


def _changes(book: Book, period: Period, rows: Sequence[InvestorChanges], moved: Sequence[Why]) -> ChangesShown:
    shown = [(one.investor, _amounts(book, one, moved)) for one in rows]
    totals = [sum(column, 0 * column[0]) for column in zip(*(amounts for _, amounts in shown), strict=True)]
    return ChangesShown(period, shown, totals)


def _amounts(book: Book, one: InvestorChanges, moved: Sequence[Why]) -> list[Money]:
    figures = (one.opening, *(one.changes[why] for why in moved), one.closing)
    return [from_minor(minor, book.base_currency) for minor in figures]


def _grant(one: RestrictedGrant, period: Period, before: Period) -> GrantRow:
    received, applied = (count(period.from_on, period.to_on) for count in (one.received, one.applied))
    closing = one.balance(period.to_on)
    opening = closing - received + applied
    return GrantRow(one.code, one.purpose.words, (opening, received, -applied, closing, one.balance(before.to_on)))


GRANT_COLUMNS = ("At the beginning", "Received", "Applied", "At the end", "A year before")


def accounts_sheet(shown: AccountsShown) -> Sheet:
    """Every figure as one table."""
    days = (f"{one.from_on} to {one.to_on}" for one in (shown.period, shown.before))
    return Sheet(shown.name, ("Statement", "Section", "Code", "Line", *days), list(_sheet_rows(shown)))


def _sheet_rows(shown: AccountsShown) -> Iterator[tuple[Value, ...]]:
    for statement in shown.statements:
        for heading, rows in (*statement.groups, ("", statement.ties)):
            for row in rows:
                yield statement.name, heading, row.code, row.name, *row.amounts
    yield from _sheet_of_investors(shown)
    for grant in shown.grants:
        for name, amount in zip(GRANT_COLUMNS, grant.amounts, strict=True):
            yield "Restricted grants", grant.purpose, grant.code, name, amount, None
    for row in shown.elsewhere:
        yield "In other currencies", row.amounts[0].currency.code, row.code, row.name, *row.amounts


def _sheet_of_investors(shown: AccountsShown) -> Iterator[tuple[Value, ...]]:
    """A row for each figure of each investor, this year's beside that of the year before."""
    names = ("At the beginning", *shown.columns, "At the end")
    by_period: list[dict[Investor, Sequence[Money]]] = [
        dict(next((one.rows for one in shown.changes if one.period == period), ()))
        for period in (shown.period, shown.before)
    ]
    for investor in {**by_period[0], **by_period[1]}:
        for at, name in enumerate(names):
            figures = [found[investor][at] if investor in found else None for found in by_period]
            yield "Changes in investors’ funds", str(investor), investor.code, name, *figures


@dataclass(frozen=True, slots=True)
class AccountsHead:
    """Whose accounts, under which name, and from the books of which day. They are made each time, and not kept."""

    issuer: Issuer
    number: str
    made_on: date
    is_provisional: bool
    what: str = "Fund accounts"

    @property
    def status(self) -> str:
        """Whether a figure may still change."""
        return "not closed" if self.is_provisional else "final"


def render_accounts(shown: AccountsShown) -> bytes:
    """The PDF, dated on the business date; the same books and days give the same bytes.

    Raises DocumentError, MissingSystemLibrary.
    """
    book = shown.book
    number = f"{book.code}-{shown.period.from_on}-{shown.period.to_on}"
    head = AccountsHead(issuer_of(book), number, book.business_date, shown.is_provisional)
    sheet = accounts_sheet(shown)
    rows = [[one.amount if isinstance(one, Money) else one for one in row] for row in sheet.rows]
    context: dict[str, Any] = {
        "head": head,
        "shown": shown,
        "sign": symbol(from_minor(0, book.base_currency).currency),
        "grant_columns": GRANT_COLUMNS,
    }
    return render_pdf(
        render_to_string(TEMPLATE, context),
        stylesheets=[style()],
        attachments=[Attachment(f"{shown.name}.csv", csv_text(sheet.headings, rows), f"Every figure of {number}")],
        created=datetime.combine(head.made_on, time(), UTC),
    )


def accounts_response(shown: AccountsShown) -> HttpResponse:
    """The PDF as a download that nobody on the way keeps. Raises DocumentError, MissingSystemLibrary."""
    pdf = HttpResponse(render_accounts(shown), content_type="application/pdf")
    pdf["Content-Disposition"] = f'attachment; filename="{shown.name}.pdf"'
    pdf["Cache-Control"] = "private, no-store"
    return pdf
