"""What do I have in the fund's capital: what did I promise, what is called, what moved and why, what did it earn?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from moneyed import Money

from commonweal.access.requests import PersonRequest
from commonweal.capital_words import commitment_facts, cover_words, earned_facts
from commonweal.components import Fact
from commonweal.documents.list_files import Sheet, Value, download
from commonweal.documents.words import counted
from commonweal.form_fields import day_in
from commonweal.investor_portal.frame import Standing, portal_page, standing
from commonweal.templatetags.commonweal import SYMBOLS
from investors.domain.capital_holding import CapitalHolding, OpenCall
from investors.queries import capital_holdings
from investors.services import payment_reference
from ledger.domain.money import from_minor
from ledger.queries import asked_period

SECTION = "investor:fund"
HEADINGS = ("Class", "Date", "What", "Act", "Why", "Change", "Balance")


@dataclass(frozen=True, slots=True)
class CallShown:
    """An open call as its payer sees it."""

    fund_class: str
    one: OpenCall
    late: str


@dataclass(frozen=True, slots=True)
class ClassShown:
    """A class with what stands of it, and what protects it in a sentence."""

    one: CapitalHolding
    commitment: Sequence[Fact]
    earned: Sequence[Fact]
    cover: str


def fund(request: PersonRequest) -> HttpResponse:
    """The holding in a sentence, what is to be paid and how, each class, and every movement over the days chosen."""
    about = standing(request)
    if about is None:
        return portal_page(request, "investor_portal/fund_nothing.html", None, section=SECTION)
    period = asked_period(about.book, day_in(request.GET.get("from", "")), about.as_of)
    held = capital_holdings(about.book, about.investor, period.from_on, period.to_on)
    if not held:
        return portal_page(request, "investor_portal/fund_nothing.html", about, section=SECTION)
    if file := download(request, _sheet(about, held)):
        return file
    nought = from_minor(0, about.book.base_currency)
    calls = [_call(one, call) for one in held for call in one.calls]
    context = {
        "period": period,
        "sign": SYMBOLS.get(about.book.base_currency, about.book.base_currency),
        "worth": sum((one.account.closing for one in held), nought),
        "committed": sum((one.commitment.amount for one in held), nought),
        "drawn": sum((one.commitment.drawn for one in held), nought),
        "callable": sum((one.commitment.callable for one in held), nought),
        "to_pay": sum((call.one.unpaid for call in calls), nought),
        "calls": calls,
        "reference": payment_reference(about.investor),
        "classes": [_class(one) for one in held],
        "accounts": held,
    }
    return portal_page(request, "investor_portal/fund.html", about, section=SECTION, context=context)


def _call(one: CapitalHolding, call: OpenCall) -> CallShown:
    late = call.days_late(one.until)
    return CallShown(one.fund_class.name, call, f"{counted(late, 'day', 'days')} late" if late else "")


def _class(one: CapitalHolding) -> ClassShown:
    return ClassShown(one, commitment_facts(one), earned_facts(one), cover_words(one))


def _sheet(about: Standing, held: Sequence[CapitalHolding]) -> Sheet:
    name = f"capital-{about.investor.code}-{held[0].since}-{held[0].until}"
    return Sheet(name, HEADINGS, [row for one in held for row in _rows(one)])


def _rows(one: CapitalHolding) -> Iterator[tuple[Value, ...]]:
    code = one.fund_class.code
    nothing: Money | None = None
    yield code, one.since, "Opening", "", "", nothing, one.account.opening
    for line in one.lines:
        yield code, line.on, line.kind.words, line.act, line.why, line.amount, line.balance
    yield code, one.until, "Closing", "", "", nothing, one.account.closing
