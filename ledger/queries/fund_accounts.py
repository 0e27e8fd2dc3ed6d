"""A fund's accounts for periods beside each other: balance sheet, income statement and cash flow, from the ledger.

Figures are in minor units of the book's currency, one for each period. Assets, income and money that came in are
positive; so are liabilities and costs where they stand as such. Year-end journals, and reversals of them, carry a
result forward and are no income. Each statement's last line ties: net assets are the fund, and opening cash and all
flows are closing cash.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import F, Sum
from django.db.models.functions import Coalesce

from ledger.domain.chart import AccountKind
from ledger.domain.entry import BROUGHT_IN, Kind
from ledger.models import Posting
from ledger.queries.account_balances import minor_balances
from ledger.queries.chart_of_accounts import accounts, chart, one_snapshot
from ledger.queries.period_movements import period_movements

if TYPE_CHECKING:
    from ledger.models import Book, ChartNode

ONE_DAY = timedelta(days=1)
FEBRUARY, LEAP_DAY = 2, 29

CASH = ("1010", "1020", "2010")
"""Money at the bank and on its way, less what came in and waits to be explained."""


@dataclass(frozen=True, slots=True)
class Period:
    """The days of a statement, both inclusive."""

    from_on: date
    to_on: date

    @property
    def year_before(self) -> Period:
        """The same days a year earlier; an end of a month stays one."""
        return Period(_a_year_before(self.from_on), _a_year_before(self.to_on))


def asked_period(book: Book, from_on: date | None, to_on: date) -> Period:
    """The days that are asked for; without a first one, the financial year of the last so far."""
    last = max(to_on, book.opened_on)
    first = from_on or max(book.year_end.before(last) + ONE_DAY, book.opened_on)
    return Period(min(first, last), last)


def _a_year_before(on: date) -> date:
    after = on + ONE_DAY
    if (after.month, after.day) == (FEBRUARY, LEAP_DAY):
        after += ONE_DAY
    return after.replace(year=max(after.year - 1, date.min.year)) - ONE_DAY


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the chart, or a sum; `code` is empty where it is no line of the chart."""

    code: str
    name: str
    minor: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Lines under a heading, with their sum."""

    name: str
    lines: tuple[Line, ...]
    total: Line


@dataclass(frozen=True, slots=True)
class FundStatement:
    """One of the statements: its sections, and the lines that tie it."""

    name: str
    sections: tuple[Section, ...]
    ties: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """An account in another currency, which stands in no statement; debits are positive."""

    line: Line
    currency: str


@dataclass(frozen=True, slots=True)
class FundAccounts:
    """The statements of a fund for the same periods."""

    periods: tuple[Period, ...]
    balance_sheet: FundStatement
    income: FundStatement
    cash_flow: FundStatement
    elsewhere: tuple[Elsewhere, ...] = ()

    @property
    def statements(self) -> tuple[FundStatement, ...]:
        """All of them, in the order in which they are read."""
        return self.balance_sheet, self.income, self.cash_flow


def fund_accounts(book: Book, periods: Sequence[Period]) -> FundAccounts:
    """The accounts of a book for periods, such as a year and the one before it."""
    with one_snapshot():
        nodes = list(chart(book))
        at_end = [_by_node(book, period.to_on) for period in periods]
        return FundAccounts(
            tuple(periods),
            _balance_sheet(nodes, at_end),
            _income(nodes, [_result_by_node(book, period) for period in periods]),
            _cash_flow(nodes, [_flows(book, period) for period in periods], _cash_at(book, periods)),
            _elsewhere(book, periods),
        )


def _elsewhere(book: Book, periods: Sequence[Period]) -> tuple[Elsewhere, ...]:
    """What stands on accounts in other currencies at the end of the periods."""
    others = list(accounts(book).exclude(currency=book.base_currency))
    if not others:
        return ()
    stands = [minor_balances(book, [one.pk for one in others], period.to_on) for period in periods]
    lines = ((one, tuple(found.get(one.pk, 0) for found in stands)) for one in others)
    return tuple(Elsewhere(Line(one.code, one.name, minor), one.currency) for one, minor in lines if any(minor))


def _by_node(book: Book, on: date) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    minor = minor_balances(book, None, on)
    for account in accounts(book).filter(pk__in=minor, currency=book.base_currency):
        found[account.node.code] += minor[account.pk]
    return found


def _result_by_node(book: Book, period: Period) -> dict[str, int]:
    """What income and costs moved, apart from year-end journals."""
    found: dict[str, int] = defaultdict(int)
    for one in period_movements(book, period.from_on, period.to_on):
        if one.kind in RESULT and one.account.currency == book.base_currency:
            found[one.account.node.code] += one.debits - one.credits
    return found


RESULT = (AccountKind.INCOME, AccountKind.EXPENSE)

RESTRICTED = "Restricted funds"
"""The heading of what was given for one purpose and is not used yet; it stands beside the fund."""


def _balance_sheet(nodes: Sequence[ChartNode], at_end: Sequence[Mapping[str, int]]) -> FundStatement:
    assets, liabilities, equity = (
        _sections(nodes, at_end, kind) for kind in (AccountKind.ASSET, AccountKind.LIABILITY, AccountKind.EQUITY)
    )
    kinds = {node.code: AccountKind(node.kind) for node in nodes}
    result = tuple(-sum(minor for code, minor in stands.items() if kinds[code] in RESULT) for stands in at_end)
    restricted = [one for one in equity if one.name == RESTRICTED]
    own = [one for one in equity if one.name != RESTRICTED]
    fund = _section("Fund", [*_lines_of(own), Line("", "Result not yet carried forward", result)])
    net = _sum(
        "Net assets", [*(one.total for one in assets), *(_negative(one.total) for one in liabilities)], len(at_end)
    )
    return FundStatement("Balance sheet", (*assets, *liabilities, fund, *restricted), (net,))


def _income(nodes: Sequence[ChartNode], moved: Sequence[Mapping[str, int]]) -> FundStatement:
    income, costs = (_sections(nodes, moved, kind) for kind in RESULT)
    result = _sum("Result", [*(one.total for one in income), *(_negative(one.total) for one in costs)], len(moved))
    return FundStatement("Income statement", (*income, *costs), (result,))


def _sections(nodes: Sequence[ChartNode], figures: Sequence[Mapping[str, int]], kind: AccountKind) -> list[Section]:
    """The leaves of a kind under the line of the chart that they stand under, those that never moved left out."""
    sign = 1 if kind.grows_by_debits else -1
    by_heading: dict[str, list[Line]] = defaultdict(list)
    for node in nodes:
        minor = tuple(sign * found.get(node.code, 0) for found in figures)
        if AccountKind(node.kind) is kind and any(minor):
            by_heading[node.parent.name if node.parent else node.name].append(Line(node.code, node.name, minor))
    return [_section(name, lines) for name, lines in by_heading.items()]


def _cash_at(book: Book, periods: Sequence[Period]) -> list[tuple[dict[str, int], dict[str, int]]]:
    """What stands on the lines of cash before each period and at its end."""
    return [(_by_node(book, one.from_on - ONE_DAY), _by_node(book, one.to_on)) for one in periods]


def _flows(book: Book, period: Period) -> dict[tuple[str, str], int]:
    """What came in, by the other side's line of the chart and the kind of entry; a reversal counts as what it undid."""
    days = {"effective_on__gte": period.from_on, "effective_on__lte": period.to_on}
    own = Posting.objects.filter(account__book=book, account__currency=book.base_currency, **days)
    moving = own.filter(account__node__code__in=CASH)
    found = own.filter(entry__in=moving.values("entry")).exclude(account__node__code__in=CASH)
    kinds = found.annotate(why=Coalesce(F("entry__reverses__kind"), F("entry__kind")))
    sums = kinds.values_list("account__node__code", "why").annotate(minor=Sum("amount"))
    return {(code, why): -minor for code, why, minor in sums}


def _is(*codes: str) -> Callable[[str, str], bool]:
    return lambda code, why: code in codes


FLOWS: tuple[tuple[str, str, Callable[[str, str], bool]], ...] = (
    ("Brought in from other books", "Opening balances", lambda code, why: why in BROUGHT_IN),
    ("Lending", "Loans drawn", lambda code, why: code == "1310" and why == Kind.DRAWDOWN),
    ("Lending", "Principal repaid", _is("1310")),
    ("Lending", "Interest received", _is("1320", "1325", "1350", "4010")),
    ("Lending", "Fees received", _is("1330", "1335", "2140", "4030")),
    ("Lending", "Default interest received", _is("1340", "1345", "1351", "4040")),
    ("Lending", "Repayments in advance, less refunds", _is("2110")),
    ("Lending", "Recoveries and guarantees", _is("1360", "1410", "2130", "4050", "5020")),
    ("Investors", "Paid in by investors", lambda code, why: code == "2510" and why == Kind.CONTRIBUTION),
    ("Investors", "Paid to investors, less what came back", _is("2510")),
    ("Investors", "Tax withheld from that, less what was paid over", _is("2520")),
    ("Borrowing", "Borrowed", lambda code, why: code == "2610" and why == Kind.DRAWDOWN),
    ("Borrowing", "Borrowings repaid", _is("2610", "2640")),
    ("Borrowing", "Interest on borrowings paid", _is("2620", "2625", "5060")),
    ("Borrowing", "Fees on borrowings paid", _is("2630", "2635", "5061")),
    ("Lending", "Grants paid beside loans", _is("2160")),
    ("Running the fund", "Bank interest", _is("4020")),
    ("Running the fund", "Bank charges", _is("5030")),
)
"""Heading and name of each flow, by line of the chart and kind of entry; the first that fits counts."""


def _cash_flow(
    nodes: Sequence[ChartNode],
    flows: Sequence[Mapping[tuple[str, str], int]],
    cash: Sequence[tuple[Mapping[str, int], Mapping[str, int]]],
) -> FundStatement:
    names = {node.code: node.name for node in nodes}
    minor: dict[tuple[str, str], list[int]] = {(heading, name): [0] * len(flows) for heading, name, _ in FLOWS}
    for at, found in enumerate(flows):
        for (code, why), amount in found.items():
            place = next((flow[:2] for flow in FLOWS if flow[2](code, why)), ("Other", names[code]))
            minor.setdefault(place, [0] * len(flows))[at] += amount
    by_heading: dict[str, list[Line]] = defaultdict(list)
    for (heading, name), amounts in minor.items():
        if any(amounts):
            by_heading[heading].append(Line("", name, tuple(amounts)))
    sections = [_section(heading, lines) for heading, lines in by_heading.items()]
    opening, closing = (
        Line("", name, tuple(sum(stands[at].get(code, 0) for code in CASH) for stands in cash))
        for at, name in enumerate(("Cash at the beginning", "Cash at the end"))
    )
    change = _sum("Change in cash", [one.total for one in sections], len(flows))
    parts = [
        Line(code, f"of which {names[code].lower()}", tuple(after.get(code, 0) for _, after in cash)) for code in CASH
    ]
    return FundStatement("Cash flow", tuple(sections), (change, opening, closing, *(p for p in parts if any(p.minor))))


def _section(name: str, lines: Sequence[Line]) -> Section:
    return Section(name, tuple(lines), _sum(name, lines, len(lines[0].minor)))


def _sum(name: str, lines: Sequence[Line], periods: int) -> Line:
    return Line("", name, tuple(sum(line.minor[at] for line in lines) for at in range(periods)))


def _negative(line: Line) -> Line:
    return Line(line.code, line.name, tuple(-minor for minor in line.minor))


def _lines_of(sections: Iterable[Section]) -> list[Line]:
    return [line for section in sections for line in section.lines]
