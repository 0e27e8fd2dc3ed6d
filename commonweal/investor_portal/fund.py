"""What do I have in the fund's capital: what did I promise, what is called, what moved and why, what did it earn?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.http import HttpResponse
from moneyed import Money

from commonweal.access.requests import PersonRequest
from commonweal.components import Fact
from commonweal.documents.list_files import Sheet, Value, download
from commonweal.documents.words import counted
from commonweal.form_fields import day_in
from commonweal.investor_portal.frame import Standing, portal_page, standing
from commonweal.templatetags.commonweal import ABSENT, SYMBOLS, money, percent
from investors.domain.capital_holding import NOT_YET, CapitalHolding, Earned, OpenCall
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
    return ClassShown(one, _commitment(one), _earned(one), _cover(one))


def _commitment(one: CapitalHolding) -> list[Fact]:
    """Drawn + not drawn − cancelled + what may be called again is the commitment, as its rows add up."""
    stands = one.commitment
    return [
        Fact("Drawn", money(stands.drawn), "paid in, less what may be called again", number=True),
        Fact("Not drawn", money(stands.undrawn), "promised and never paid in", number=True),
        *([Fact("Cancelled", money(-stands.cancelled), number=True)] if stands.cancelled else []),
        *([Fact("May be called again", money(stands.recallable), number=True)] if stands.recallable else []),
        Fact("Your commitment", money(stands.amount), total=True),
        *([Fact("Called, and not paid in yet", money(stands.called), number=True)] if stands.called else []),
        Fact("May still be called", money(stands.callable), number=True),
    ]


def _earned(one: CapitalHolding) -> list[Fact]:
    found = one.earned
    multiples = found.multiples
    return [
        Fact("Paid in", money(multiples.paid_in), number=True),
        Fact("Paid out to you", money(multiples.distributed), f"DPI {_times(multiples.dpi)}", number=True),
        Fact("Your capital account", money(multiples.net_asset_value), f"RVPI {_times(multiples.rvpi)}", number=True),
        Fact("Both, to what you paid in", _times(multiples.tvpi), "TVPI", number=True),
        Fact("Rate of return", _rate(found), found.words, number=True),
    ]


def _rate(found: Earned) -> str:
    """The rate a year, or under a year that of its days; the words beside it say which, or why there is none."""
    if found.rate is None:
        return "not yet" if found.words == NOT_YET else ABSENT
    return percent(found.rate.over_the_period if found.rate.is_under_a_year else found.rate.rate, 2)


def _times(ratio: Fraction | None) -> str:
    """A multiple with two decimals: `1.10×`; "not yet" where nothing was paid in."""
    if ratio is None:
        return "not yet"
    return f"{round(Decimal(ratio.numerator) / Decimal(ratio.denominator), 2):.2f}×"


def _cover(one: CapitalHolding) -> str:
    """What bears losses before this class does."""
    if one.cover is None:
        return f"No class stands below {one.fund_class.name}: it bears losses first."
    remaining, exposure, ratio = money(one.cover.remaining), money(one.cover.exposure), one.cover.ratio
    share = ABSENT if ratio is None else percent(Decimal(ratio.numerator) / Decimal(ratio.denominator), 1)
    used = f" {money(one.cover.used)} of what stood there has borne losses." if one.cover.used else ""
    return (
        f"{remaining} of other capital bears losses before yours does: {share} of the {exposure} that it protects, "
        f"yours among it.{used}"
    )


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
