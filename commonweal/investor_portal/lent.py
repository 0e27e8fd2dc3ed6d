"""What do I lend to the fund itself: what was drawn, due and repaid, what comes next, and what the fund promised?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.http import Http404, HttpResponse
from django.urls import reverse

from commonweal.access.requests import PersonRequest
from commonweal.access.roles import roles_of
from commonweal.access.scope import documents_for
from commonweal.components import Fact, Figure, NavItem
from commonweal.documents.list_files import Sheet, Value, download
from commonweal.documents.loan_statement import state
from commonweal.documents.models import DocumentKind
from commonweal.form_fields import day_in
from commonweal.investor_portal.frame import LENT, as_of_asked, portal_page, standing
from commonweal.templatetags.commonweal import SYMBOLS, day, money, percent
from investors.facility_figures import covenants_by, facility_lines, facility_tables
from investors.models import Facility
from investors.queries.borrowings import FacilityLife, lent_by, life_of
from ledger.domain.money import from_minor
from ledger.queries import asked_period
from loans.domain.position import Position
from loans.statement_figures import schedule_row
from loans.statements import Movements

TITLES = {
    "principal": "Principal",
    "interest": "Interest",
    "fees": "Fees",
    "in_advance": "Paid before it was due",
}
HEADINGS = ("Table", "What", "When", "Amount")
ROWS_AHEAD = 12
"""Instalments on the page, the last that is over among them, until all are asked for."""


def lent(request: PersonRequest) -> HttpResponse:
    """One facility over the days chosen: opening, what moved, closing; the schedule; what the fund promised."""
    found = list(lent_by(roles_of(request.user).investors))
    if not found:
        return portal_page(request, "investor_portal/lent_nothing.html", standing(request), section=LENT)
    one = _chosen(request, found)
    period = asked_period(one.book, day_in(request.GET.get("from", "")), as_of_asked(request, one.book))
    life = life_of(one)
    at, lines = life.at(period.to_on), facility_lines(one, period.to_on)
    tables = facility_tables(one, lines, period.from_on)
    if file := download(request, _sheet(one, tables, f"{period.from_on}-{period.to_on}")):
        return file
    due = at.next_payment.due_on if at.next_payment else None
    rows = [schedule_row(row) for row in at.instalments]
    schedule = [(row, *state(row, row.due_on == due)) for row in rows]
    first = next((place for place, row in enumerate(at.instalments) if not row.paid_on), len(schedule))
    kind = DocumentKind.FACILITY_STATEMENT
    context = {
        "facility": one,
        "chosen": _others(found, one),
        "period": period,
        "owed": _owed(tables),
        "figures": _figures(life, at, tables),
        "tables": [(TITLES[name], table) for name, table in tables.items() if table.says_something],
        "facts": _facts(life, at),
        "schedule": schedule if "all" in request.GET else schedule[max(first - 1, 0) :][:ROWS_AHEAD],
        "instalments": len(schedule),
        "promises": list(covenants_by(one, period.to_on)),
        "statements": documents_for(request.user).filter(kind=kind, book=one.book, subject=one.reference),
        "sign": SYMBOLS.get(one.currency, one.currency),
    }
    return portal_page(request, "investor_portal/lent.html", standing(request), section=LENT, context=context)


def _chosen(request: PersonRequest, found: list[Facility]) -> Facility:
    """The facility in `?facility=`, if it is one of these; otherwise the page does not exist."""
    asked = request.GET.get("facility")
    if not asked:
        return found[0]
    for one in found:
        if str(one.pk) == asked:
            return one
    raise Http404


def _others(found: list[Facility], chosen: Facility) -> list[NavItem]:
    if len(found) == 1:
        return []
    here = reverse(LENT)
    return [
        NavItem(f"{one.reference}, {one.book.fund_name}", f"{here}?facility={one.pk}", current=one == chosen)
        for one in found
    ]


def _owed(tables: Mapping[str, Movements]) -> object:
    """Principal with interest and fees that are due, less what was paid before it was due."""
    due = tables["principal"].closing + tables["interest"].closing + tables["fees"].closing
    return due - tables["in_advance"].closing


def _figures(life: FacilityLife, at: Position, tables: Mapping[str, Movements]) -> list[Figure]:
    due = at.next_payment
    unpaid = tables["interest"].closing + tables["fees"].closing
    return [
        Figure("Principal", money(tables["principal"].closing), f"of {money(life.agreement.amount)} agreed"),
        Figure("Due and not paid", money(unpaid), "interest and fees", state="late" if at.days_past_due else ""),
        Figure("Next payment", money(due.total) if due else "Nothing", day(due.due_on) if due else "to come"),
        Figure("Rate", percent(at.annual_rate), "nominal, a year"),
    ]


def _facts(life: FacilityLife, at: Position) -> list[Fact]:
    agreement = life.agreement
    nought = from_minor(0, life.facility.currency)
    undrawn = at.undrawn if life.begun else agreement.amount
    return [
        Fact("Your number", agreement.reference),
        Fact("Amount", money(agreement.amount), number=True),
        Fact("Not drawn", money(undrawn if at.as_of <= agreement.available_until else nought), number=True),
        Fact("May be drawn", f"{day(agreement.effective_on)} to {day(agreement.available_until)}"),
        Fact("Security", agreement.security or "None"),
    ]


def _sheet(one: Facility, tables: Mapping[str, Movements], days: str) -> Sheet:
    return Sheet(f"lent-{one.reference}-{days}", HEADINGS, list(_rows(tables)))


def _rows(tables: Mapping[str, Movements]) -> Iterator[tuple[Value, ...]]:
    for name, table in tables.items():
        if table.says_something:
            yield TITLES[name], "Opening", "", table.opening
            yield from ((TITLES[name], line.words, line.note, line.amount) for line in table.lines)
            yield TITLES[name], "Closing", "", table.closing
