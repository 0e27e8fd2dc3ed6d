"""The whole portfolio as at any date: outstanding, at risk, by age, when it comes back, and where it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from moneyed import Money

from commonweal.access.requests import PersonRequest
from commonweal.components import Figure, Link
from commonweal.desk.frame import as_at, asked_date, book_of, desk_page, sign
from commonweal.desk.home import counted, list_of
from commonweal.desk.portfolio import bands
from commonweal.documents.charts import Bar, bars
from commonweal.documents.list_files import Sheet, download
from commonweal.documents.scale import brief
from commonweal.ladder_words import rung_words
from commonweal.templatetags.commonweal import day, money, percent
from ledger.domain.money import from_minor
from loans.coverage import Covered, coverage, in_all
from loans.portfolio import (
    BY_PRODUCT,
    BY_REGION,
    BY_SECTOR,
    AtRisk,
    Group,
    Summary,
    groups,
    maturity_ladder,
    summary,
)
from loans.projects import levered_in

if TYPE_CHECKING:
    from ledger.models import Book

UNKNOWN = "Not said"
FINEST = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class GroupShown:
    """A sector, a region or a product with what is lent to it."""

    name: str
    url: str
    loans: int
    principal: Money
    arrears: Money
    share: Decimal | None
    at_risk: Decimal | None
    """The whole principal of loans over 30 days late, as a share of the group's."""


@dataclass(frozen=True, slots=True)
class RungShown:
    """Principal that falls due in a span of months."""

    name: str
    note: str
    principal: Money
    share: Decimal | None


@dataclass(frozen=True, slots=True)
class StageShown:
    """A stage of provisioning with what is lent, set aside and left at risk."""

    name: str
    loans: int
    principal: Money
    provision: Money
    net: Money
    share: Decimal | None


def portfolio(request: PersonRequest, book: str) -> HttpResponse:
    """The portfolio of a book as at a date."""
    of = book_of(request, book)
    as_of = asked_date(request, of)
    stands = summary(of, as_of)
    ladder, covered = _ladder(of, as_of, stands), coverage(of, as_of)
    levered = levered_in(of, as_of)
    split = [
        ("By sector", "sector", _groups(groups(of, as_of, BY_SECTOR), stands, of, as_of, "sector")),
        ("By region", "region", _groups(groups(of, as_of, BY_REGION), stands, of, as_of, "region")),
        ("By product", "product", _groups(groups(of, as_of, BY_PRODUCT), stands, of, as_of)),
    ]
    if file := download(request, _sheet(of, as_of, stands, levered, ladder, split, covered)):
        return file
    context = {
        "as_of": as_of,
        "at": as_at(as_of, of),
        "sign": sign(of),
        "figures": _figures(stands, levered, of, as_of),
        "bands": bands(stands, of),
        "running": stands.loans,
        "sums": {"arrears": _money(stands.arrears, of), "principal": _money(stands.principal, of)},
        "ladder": ladder,
        "ladder_total": sum((rung.principal for rung in ladder), _money(0, of)),
        "chart": _ladder_chart(ladder, of, as_of) if stands.principal else "",
        "split": split,
        "stages": [_stage(one, of) for one in covered],
        "stages_total": _stage(in_all(covered), of),
    }
    crumbs = [Link("Loans", reverse("desk:loans", args=[of.code])), Link("Portfolio")]
    return desk_page(request, "desk/portfolio.html", of, section="desk:loans", crumbs=crumbs, context=context)


def _stage(one: Covered, book: Book) -> StageShown:
    principal, provision, net = (_money(units, book) for units in (one.principal, one.provision, one.net))
    name = one.stage.words.capitalize() if one.stage else "Total"
    return StageShown(name, one.loans, principal, provision, net, one.share)


def _figures(stands: Summary, levered: Money, book: Book, as_of: date) -> list[Figure]:
    return [
        Figure(
            "Principal outstanding",
            money(_money(stands.principal, book)),
            counted(stands.loans),
            list_of(book, as_of, "running"),
        ),
        *(_risk(one, stands, book, as_of) for one in stands.at_risk),
        Figure("Finance levered in", money(levered), "agreed or paid by other funders of these projects"),
        Figure(
            "Under new terms",
            percent(stands.share(stands.restructured.principal), 1),
            f"{money(_money(stands.restructured.principal, book))} on {counted(stands.restructured.loans)}",
            list_of(book, as_of, "restructured"),
        ),
        Figure(
            "Average nominal rate",
            percent(stands.weighted_rate, 2),
            "weighted by principal",
            f"{list_of(book, as_of, 'running')}&sort=rate",
        ),
    ]


def _risk(one: AtRisk, stands: Summary, book: Book, as_of: date) -> Figure:
    """How much is owed on loans that are so late, with the list of them behind it."""
    status = f"late-{one.days}"
    return Figure(
        f"Over {one.days} days late (PAR {one.days})",
        percent(stands.share(one.principal), 1),
        f"{money(_money(one.principal, book))} on {counted(one.loans)}",
        list_of(book, as_of, status),
        "late" if one.principal else "",
    )


def _ladder(book: Book, as_of: date, stands: Summary) -> list[RungShown]:
    """What is overdue, then what falls due; interest that will be added to principal comes off at the end."""
    rungs = maturity_ladder(book, as_of)
    added = stands.overdue_principal + sum(rung.principal for rung in rungs) - stands.principal
    shown = [_rung(book, stands, "Overdue", "due by now and not paid", stands.overdue_principal)]
    for rung in rungs:
        words = rung_words(rung.after, rung.through, rung.months)
        shown.append(_rung(book, stands, *words, rung.principal))
    if added:
        shown.append(_rung(book, stands, "Less interest to be added", "capitalised until then", -added))
    return shown


def _rung(book: Book, stands: Summary, name: str, note: str, units: int) -> RungShown:
    return RungShown(name, note, _money(units, book), stands.share(units))


def _ladder_chart(ladder: Sequence[RungShown], book: Book, as_of: date) -> str:
    rows = [
        Bar(rung.name, rung.principal.amount, brief(rung.principal.amount, sign(book)))
        for rung in ladder
        if rung.principal.amount >= 0
    ]
    soon = sum((rung.principal for rung in ladder[:5]), _money(0, book))
    title = f"{money(soon)} of the principal outstanding on {day(as_of)} is overdue or falls due within a year"
    return bars("ladder", title=title, rows=rows, width=420)


def _groups(found: Sequence[Group], stands: Summary, book: Book, as_of: date, field: str = "") -> list[GroupShown]:
    return [
        GroupShown(
            name=group.name or UNKNOWN,
            url=f"{list_of(book, as_of, 'running')}&{urlencode({field: group.name})}" if field and group.name else "",
            loans=group.loans,
            principal=_money(group.principal, book),
            arrears=_money(group.arrears, book),
            share=stands.share(group.principal),
            at_risk=Decimal(group.at_risk) / group.principal if group.principal else None,
        )
        for group in found
    ]


def _sheet(
    book: Book,
    as_of: date,
    stands: Summary,
    levered: Money,
    ladder: Sequence[RungShown],
    split: Sequence[tuple[str, str, Sequence[GroupShown]]],
    covered: Sequence[Covered],
) -> Sheet:
    """Every figure of the page, a row each."""
    rows: list[tuple[str, str, int | None, Money | None, Decimal | None]] = [
        ("Total", "Principal outstanding", stands.loans, _money(stands.principal, book), None),
        ("Total", "Arrears", None, _money(stands.arrears, book), None),
        ("Total", "Finance levered in", None, levered, None),
        ("Total", "Average nominal rate", None, None, stands.weighted_rate),
    ]
    for one in stands.at_risk:
        share = stands.share(one.principal)
        rows.append(("At risk", f"PAR {one.days}", one.loans, _money(one.principal, book), share))
    anew = stands.restructured
    rows.append(("At risk", "Under new terms", anew.loans, _money(anew.principal, book), stands.share(anew.principal)))
    for band in bands(stands, book):
        name = f"From {band.days} days past due" if band.days else "Paid to date"
        rows.append(("By age", name, band.loans, band.principal, band.share))
    stages = [_stage(one, book) for one in covered]
    rows += [("Provided for", stage.name, stage.loans, stage.provision, stage.share) for stage in stages]
    rows += [("Maturity", rung.name, None, rung.principal, rung.share) for rung in ladder]
    for title, _, found in split:
        rows += [(title, group.name, group.loans, group.principal, group.share) for group in found]
    rows = [(part, what, loans, amount, _rounded(share)) for part, what, loans, amount, share in rows]
    return Sheet(f"portfolio-{book.code}-{as_of}", ("Part", "What", "Loans", "Amount", "Share or rate"), rows)


def _rounded(fraction: Decimal | None) -> Decimal | None:
    """A share or a rate to a ten-thousandth of a per cent, as files say it."""
    return None if fraction is None else fraction.quantize(FINEST).normalize()


def _money(units: int, book: Book) -> Money:
    return from_minor(units, book.base_currency)
