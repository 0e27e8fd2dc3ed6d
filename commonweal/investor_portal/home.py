"""Where is my money, what came back, and what did it do?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import SafeString
from moneyed import Money

from borrowers.models import Reading
from borrowers.queries import current_readings_of
from commonweal.access.requests import PersonRequest
from commonweal.access.roles import roles_of
from commonweal.access.scope import documents_for
from commonweal.documents import charts
from commonweal.documents.list_files import Sheet, download
from commonweal.investor_portal.account import account_facts
from commonweal.investor_portal.frame import LENT, Standing, portal_page, standing
from commonweal.investor_portal.places import Part, late_words, places, places_map, region_asked
from commonweal.templatetags.commonweal import SYMBOLS, day, lateness, money
from investors.domain.entries import participation_in_principal, set_source
from investors.queries import Holding, capital_holdings, cash_due, holdings
from investors.queries.borrowings import lent_by
from ledger.domain.money import from_minor
from ledger.queries import postings
from loans.models import ImpactTarget
from loans.queries import impact_targets_of, positions_of

QUARTERS_SHOWN = 9
STATEMENTS_SHOWN = 4


@dataclass(frozen=True, slots=True)
class HoldingRow:
    """A part of a loan in the list; `returned` is None while nothing of the loan is drawn."""

    one: Holding
    share: Decimal
    days_late: int
    returned: Money | None
    is_drawn: bool
    """Whether all of the loan is drawn."""

    @property
    def runs(self) -> bool:
        """Whether anything of it is lent, or interest on it is due."""
        return bool(self.one.principal or self.one.interest_due)

    @property
    def undrawn(self) -> Money:
        """What of the part is not drawn yet: with what came back and the principal it makes the whole part."""
        nought = 0 * self.one.participation
        if self.is_drawn:
            return nought
        there = self.one.principal + self.one.lost + (self.returned or nought)
        return max(self.one.participation - there, nought)


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """A promise of a borrower with the latest that it reported by the date, if anything."""

    target: ImpactTarget
    reading: Reading | None


def home(request: PersonRequest) -> HttpResponse:
    """The holding in a sentence, each loan with the way to its entries, the money held, and what it did."""
    about = standing(request)
    if about is None:
        if lent_by(roles_of(request.user).investors).exists():
            return redirect(LENT)
        return portal_page(request, "investor_portal/nothing.html", None, section="investor:home")
    held = holdings(about.investor, about.book, about.as_of)
    steps = _steps(about, held)
    every = _rows(about, held)
    region = region_asked(request)
    rows = [row for row in every if not region or row.one.loan.organisation.region == region]
    if file := download(request, _sheet(about, rows)):
        return file
    parts = [Part(row.one.loan.organisation.region, row.one.principal, row.days_late) for row in every if row.runs]
    principal = _sum((one.principal for one in held), about)
    cash = cash_due(about.investor, about.book, about.as_of)
    capital = [] if held else _capital(about)
    context = {
        "as_of": about.as_of,
        "sign": _sign(about),
        "capital": capital,
        "capital_stands": _sum((amount for _, amount in capital), about),
        "holdings": rows,
        "region": region,
        "listed": _totals(rows, about),
        "places": places(about, parts),
        "map": places_map(about, parts),
        "late": late_words(parts),
        "principal": principal,
        "funded": _sum((one.participation for one in held), about),
        "undrawn": _sum((row.undrawn for row in every), about),
        "cash": cash,
        "lent_and_held": principal + cash,
        "lost": _sum((one.lost for one in held), about),
        "came_back": _sum((one.came_back for one in held), about),
        "account": account_facts(about, held),
        "steps": steps,
        "chart": _chart(about, steps),
        "outcomes": list(_outcomes(held, about.as_of)),
        "documents": documents_for(request.user)
        .filter(book=about.book, investor=about.investor)
        .order_by("-period_end", "-pk")[:STATEMENTS_SHOWN],
    }
    return portal_page(request, "investor_portal/home.html", about, section="investor:home", context=context)


def _capital(about: Standing) -> list[tuple[str, Money]]:
    """What the capital of somebody who shares no loan stands at, by class; where that is all, the page speaks of it."""
    found = capital_holdings(about.book, about.investor, about.as_of, about.as_of)
    return [(one.fund_class.name, one.account.closing) for one in found]


def _sheet(about: Standing, rows: Sequence[HoldingRow]) -> Sheet:
    """Where the money is, a part of a loan each."""
    headings = (
        "As at",
        "Loan",
        "Borrower",
        "Place",
        "Rank",
        "State",
        "Share",
        "Your part",
        "Not drawn yet",
        "Came back",
        "Lost",
        "Of it came back",
        "Principal",
        "Shared",
        "Own rate",
        "Servicing fee",
        "No principal before",
    )
    listed = [
        (
            about.as_of,
            row.one.loan.reference,
            str(row.one.loan.organisation),
            row.one.loan.organisation.place,
            row.one.rank,
            "Not drawn" if row.returned is None else lateness(row.days_late)[1],
            row.share,
            row.one.participation,
            row.undrawn,
            row.returned,
            row.one.lost,
            row.one.came_back,
            row.one.principal,
            row.one.rule,
            row.one.annual_rate,
            row.one.servicing_fee,
            row.one.principal_from,
        )
        for row in rows
    ]
    return Sheet(f"holdings-{about.investor.code}-{about.as_of}", headings, listed)


def _totals(rows: Sequence[HoldingRow], about: Standing) -> dict[str, Money]:
    """What the parts listed add up to, by column."""
    return {
        "funded": _sum((row.one.participation for row in rows), about),
        "undrawn": _sum((row.undrawn for row in rows), about),
        "returned": _sum((row.returned for row in rows if row.returned is not None), about),
        "lost": _sum((row.one.lost for row in rows), about),
        "came_back": _sum((row.one.came_back for row in rows), about),
        "principal": _sum((row.one.principal for row in rows), about),
    }


def _sign(about: Standing) -> str:
    return SYMBOLS.get(about.book.base_currency, about.book.base_currency)


def _sum(amounts: Iterable[Money], about: Standing) -> Money:
    return sum(amounts, from_minor(0, about.book.base_currency))


def _rows(about: Standing, held: Sequence[Holding]) -> list[HoldingRow]:
    positions = positions_of([one.loan for one in held], about.as_of)
    returned = _returned(about, held)
    return [
        HoldingRow(
            one,
            Decimal(one.share.numerator) / Decimal(one.share.denominator),
            positions[one.loan.pk].days_past_due,
            returned[_account(about, one)] - one.lost if positions[one.loan.pk].drawn else None,
            not positions[one.loan.pk].undrawn,
        )
        for one in held
    ]


def _returned(about: Standing, held: Sequence[Holding]) -> dict[str, Money]:
    """What was debited on each participation account up to the date: principal that came back, or was lost; not what
    was sold."""
    codes = [_account(about, one) for one in held]
    mine = postings(about.book).filter(account__code__in=codes, amount__gt=0)
    mine = mine.exclude(entry__source__startswith=set_source(""))
    found = mine.filter(effective_on__lte=about.as_of).values_list("account__code").annotate(debits=Sum("amount"))
    debits = dict(found)
    return {code: from_minor(debits.get(code, 0), about.book.base_currency) for code in codes}


def _account(about: Standing, one: Holding) -> str:
    return participation_in_principal(one.loan.reference, about.investor.code)


def _steps(about: Standing, held: Sequence[Holding]) -> list[tuple[date, Money]]:
    """The principal held at the end of each of the last quarters since the first drawdown, and on the date."""
    codes = [_account(about, one) for one in held]
    moved = postings(about.book).filter(account__code__in=codes, effective_on__lte=about.as_of)
    days = list(moved.values_list("effective_on").annotate(credited=-Sum("amount")).order_by("effective_on"))
    if not days:
        return []
    ends = [about.as_of]
    while len(ends) < QUARTERS_SHOWN and (end := _previous_quarter_end(ends[0])) >= days[0][0]:
        ends.insert(0, end)
    currency = about.book.base_currency
    return [(end, from_minor(sum(part for on, part in days if on <= end), currency)) for end in ends]


def _chart(about: Standing, steps: Sequence[tuple[date, Money]]) -> SafeString | str:
    if len(steps) < 2:
        return ""
    first, last = steps[0][1], steps[-1][1]
    title = f"Your principal went from {money(first)} on {day(steps[0][0])} to {money(last)} on {day(about.as_of)}"
    drawn = [charts.Step(on, amount.amount) for on, amount in steps]
    prefix = f"held-{about.investor.pk}"
    return charts.step_line(prefix, title=title, steps=drawn, until=about.as_of, sign=_sign(about), width=460, tall=200)


def _previous_quarter_end(on: date) -> date:
    """The last day of the quarter before the one that holds a date."""
    return on.replace(month=(on.month - 1) // 3 * 3 + 1, day=1) - timedelta(days=1)


def _outcomes(held: Sequence[Holding], as_of: date) -> Iterator[OutcomeRow]:
    loans = [one.loan for one in held]
    latest: dict[tuple[Any, Any], Reading] = {}
    for reading in current_readings_of({loan.organisation for loan in loans}).filter(period_end__lte=as_of):
        latest[reading.organisation_id, reading.indicator_id] = reading
    for target in impact_targets_of(loans):
        yield OutcomeRow(target, latest.get((target.loan.organisation_id, target.indicator_id)))
