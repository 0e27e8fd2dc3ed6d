"""The trial balance on paper: a row for each line of the chart, so that a book of many loans stays a page or two."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from moneyed import Money

from commonweal.documents.auditors_pack.about import PackAbout
from commonweal.documents.issuing import issuer_of
from commonweal.documents.renderer import render_pdf
from commonweal.documents.statements import style
from ledger.domain.money import from_minor
from loans.statements import Issuer

if TYPE_CHECKING:
    from ledger.queries import PeriodMovement

TEMPLATE = "documents/trial_balance.html"


@dataclass(frozen=True, slots=True)
class Head:
    """Whose trial balance it is, and how it is named at the foot of each page."""

    issuer: Issuer
    number: str
    status: str
    is_provisional: bool
    what: str = "Trial balance"


@dataclass(slots=True)
class Line:
    """A line of the chart with the accounts under it together, in minor units; debits positive."""

    code: str
    name: str
    currency: str
    opening: int = 0
    debits: int = 0
    credits: int = 0
    year_end: int = 0
    closing: int = 0

    def add(self, one: PeriodMovement | Line) -> None:
        """Another account's figures."""
        self.opening += one.opening
        self.debits += one.debits
        self.credits += one.credits
        self.year_end += one.year_end
        self.closing += one.closing

    @property
    def money(self) -> tuple[Money, ...]:
        """Its figures in the order of the columns."""
        figures = (self.opening, self.debits, self.credits, self.year_end, self.closing)
        return tuple(from_minor(minor, self.currency) for minor in figures)


def trial_balance_pdf(about: PackAbout, moved: Sequence[PeriodMovement]) -> bytes:
    """The PDF, dated on the last day. Raises DocumentError, MissingSystemLibrary."""
    status = "closed" if about.is_closed else "not closed"
    head = Head(issuer_of(about.book), f"{about.starts_on} to {about.last_day}", status, not about.is_closed)
    lines = _lines(moved)
    shown = {"head": head, "about": about, "lines": lines, "totals": _totals(lines)}
    return render_pdf(
        render_to_string(TEMPLATE, shown),
        stylesheets=[style()],
        attachments=[],
        created=datetime.combine(about.last_day, time(), UTC),
    )


def _lines(moved: Iterable[PeriodMovement]) -> list[Line]:
    found: dict[tuple[str, str], Line] = {}
    for one in moved:
        node, currency = one.account.node, one.account.currency
        found.setdefault((currency, node.code), Line(node.code, node.name, currency)).add(one)
    return [found[key] for key in sorted(found)]


def _totals(lines: Iterable[Line]) -> list[Line]:
    found: dict[str, Line] = {}
    for line in lines:
        found.setdefault(line.currency, Line("", f"Together, {line.currency}", line.currency)).add(line)
    return list(found.values())
