"""Where is my money, what came back, and what did it do?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils.dateparse import parse_date
from moneyed import Money

from borrowers.queries import latest_reading
from commonweal.access.requests import PersonRequest
from commonweal.access.scope import documents_for
from commonweal.documents import charts
from commonweal.investor_portal.frame import Standing, portal_page, standing
from commonweal.templatetags.commonweal import SYMBOLS, day, money
from investors.queries import Holding, cash_due, holdings
from ledger import queries as ledger
from ledger.domain.money import from_minor
from loans.queries import impact_targets, positions_of

QUARTERS_SHOWN = 9


def home(request: PersonRequest) -> HttpResponse:
    """The holding in a sentence, each loan with the way to its entries, the money held, and what it did."""
    about = standing(request)
    if about is None:
        return portal_page(request, "investor_portal/nothing.html", None, section="investor:home")
    as_of = _as_of(request, about)
    held = holdings(about.investor, about.book, as_of)
    principal = _sum((one.principal for one in held), about)
    context = {
        "as_of": as_of,
        "sign": SYMBOLS.get(about.book.base_currency, about.book.base_currency),
        "holdings": _rows(held, as_of),
        "principal": principal,
        "funded": _sum((one.participation for one in held), about),
        "cash": cash_due(about.investor, about.book, as_of),
        "chart": _chart(about, held, as_of),
        "outcomes": list(_outcomes(held, as_of)),
        "documents": documents_for(request.user).filter(book=about.book).order_by("-period_end", "-pk")[:4],
    }
    return portal_page(request, "investor_portal/home.html", about, section="investor:home", context=context)


def _as_of(request: PersonRequest, about: Standing) -> Any:
    try:
        return parse_date(request.GET.get("as_of", "")) or about.book.business_date
    except ValueError:
        return about.book.business_date


def _sum(amounts: Any, about: Standing) -> Money:
    return sum(amounts, from_minor(0, about.book.base_currency))


def _rows(held: Sequence[Holding], as_of: Any) -> list[dict[str, Any]]:
    positions = positions_of([one.loan for one in held], as_of)
    return [
        {
            "one": one,
            "share": Decimal(one.share.numerator) / Decimal(one.share.denominator),
            "late": positions[one.loan.pk].days_past_due,
            "returned": one.participation - one.principal if positions[one.loan.pk].drawn else None,
        }
        for one in held
    ]


def _chart(about: Standing, held: Sequence[Holding], as_of: Any) -> str:
    """The principal held at the end of each of the last months."""
    codes = [f"2410/{one.loan.reference}/{about.investor.code}" for one in held]
    steps: list[charts.Step] = []
    on = as_of
    while len(steps) < QUARTERS_SHOWN and on >= about.book.opened_on:
        stands = ledger.balances(about.book, codes, on) if codes else {}
        steps.append(charts.Step(on, -_sum(stands.values(), about).amount))
        on = _previous_quarter_end(on)
    steps.reverse()
    if len(steps) < 2 or not any(step.value for step in steps):
        return ""
    currency = about.book.base_currency
    first, last = (Money(steps[place].value, currency) for place in (0, -1))
    title = f"Your principal went from {money(first)} on {day(steps[0].on)} to {money(last)} on {day(as_of)}"
    return charts.step_line(
        f"held-{about.investor.pk}", title=title, steps=steps, until=as_of, sign=SYMBOLS.get(currency, currency)
    )


def _previous_quarter_end(on: Any) -> Any:
    """The last day of the quarter before the one that holds a date."""
    return on.replace(month=(on.month - 1) // 3 * 3 + 1, day=1) - timedelta(days=1)


def _outcomes(held: Sequence[Holding], as_of: Any) -> Any:
    for one in held:
        for target in impact_targets(one.loan):
            reading = latest_reading(one.loan.organisation, target.indicator, as_of=as_of)
            yield {"loan": one.loan, "target": target, "reading": reading}
