"""What comes back to me, month by month, when is all of it back, and how much of it is late?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils.safestring import SafeString
from moneyed import Money

from commonweal.access.requests import PersonRequest
from commonweal.documents import charts
from commonweal.documents.list_files import Sheet, Value, download
from commonweal.documents.scale import brief
from commonweal.documents.words import MONTHS, counted
from commonweal.form_fields import day_in
from commonweal.investor_portal.frame import Standing, portal_page, standing
from commonweal.investor_portal.places import late_loans
from commonweal.ladder_words import rung_words
from commonweal.templatetags.commonweal import SYMBOLS, lateness, money
from investors.domain.coming_back import PartDue
from investors.queries.coming_back import LateBand, LoanToCome, coming_back, late_share, maturity
from ledger.domain.money import from_minor
from loans.domain.calendar import add_months

if TYPE_CHECKING:
    from ledger.models import Book

SECTION = "investor:coming-back"
MONTHS_SHOWN = 24
"""Months that stand each for itself; the rest is shown by years."""

HEADINGS = ("As at", "Loan", "Borrower", "Due", "State", "Principal", "Interest", "Total", "Added to principal")


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment of one loan, as the investor's part of it."""

    loan: LoanToCome
    part: PartDue


@dataclass(frozen=True, slots=True)
class Span:
    """A month, or a year of what lies far ahead, and what comes back in it."""

    label: str
    start: date
    payments: int
    principal: Money
    interest: Money
    query: str

    @property
    def total(self) -> Money:
        """Principal and interest together."""
        return self.principal + self.interest


@dataclass(frozen=True, slots=True)
class RungShown:
    """Principal that comes back within a span of months, or that has no day."""

    name: str
    note: str
    principal: Money
    share: Decimal | None


@dataclass(frozen=True, slots=True)
class BandShown:
    """An age of arrears in words, with what is missing and what stands behind it."""

    state: str
    words: str
    one: LateBand
    share: Decimal | None


def shown(request: PersonRequest) -> HttpResponse:
    """The year ahead in a sentence, each month with its payments, the maturity of the principal, and what is late."""
    about = standing(request)
    if about is None:
        return portal_page(request, "investor_portal/nothing.html", None, section=SECTION)
    found = coming_back(about.investor, about.book, about.as_of)
    payments = [Payment(one, part) for one in found for part in one.parts]
    if file := download(request, _sheet(about, payments)):
        return file
    to_come = sorted(
        (one for one in payments if not one.part.is_late),
        key=lambda one: (one.part.due_on, one.loan.holding.loan.reference),
    )
    spans, late = _spans(about, to_come), late_share(found, about.book)
    year = [one.part for one in to_come if one.part.due_on <= add_months(about.as_of, 12)]
    context = {
        "as_of": about.as_of,
        "year_end": add_months(about.as_of, 12),
        "sign": _sign(about),
        "loans": counted(len(found), "loan", "loans"),
        "year": _sums(year, about.book),
        "all": _sums((one.part for one in to_come), about.book),
        "spans": spans,
        "chart": _chart(about, spans),
        "chosen": _chosen(request, to_come),
        "late": late,
        "late_loans": late_loans(late.in_all.loans, late.loans),
        "late_share": late.share(late.in_all.principal),
        "bands": [_band(band, late.share(band.principal)) for band in late.bands],
        "rungs": _rungs(about, found),
        "principal": late.principal,
    }
    return portal_page(request, "investor_portal/coming_back.html", about, section=SECTION, context=context)


def _sums(parts: Iterable[PartDue], book: Book) -> dict[str, Money]:
    nought, listed = from_minor(0, book.base_currency), list(parts)
    principal, interest = (sum((getattr(part, name) for part in listed), nought) for name in ("principal", "interest"))
    return {"principal": principal, "interest": interest, "total": principal + interest}


def _spans(about: Standing, to_come: Sequence[Payment]) -> list[Span]:
    """Month by month as long as something comes back, at most two years; then by years."""
    by_month = {start: list(found) for start, found in groupby(to_come, key=lambda one: one.part.due_on.replace(day=1))}
    first = min(by_month, default=about.as_of.replace(day=1))
    months = [add_months(first, number) for number in range(MONTHS_SHOWN)]
    last = max(by_month, default=None)
    found = [
        _span(about, _month_words(start), start, by_month.get(start, [])) for start in months if _reaches(last, start)
    ]
    later = [one for one in to_come if one.part.due_on.replace(day=1) > months[-1]]
    for year, rest in groupby(later, key=lambda one: one.part.due_on.year):
        of_year = list(rest)
        words = f"Rest of {year}" if year == months[-1].year else str(year)
        found.append(_span(about, words, of_year[0].part.due_on.replace(day=1), of_year, of=str(year)))
    return found


def _reaches(last: date | None, start: date) -> bool:
    return last is not None and start <= last


def _span(about: Standing, label: str, start: date, found: Sequence[Payment], of: str = "") -> Span:
    sums = _sums((one.part for one in found), about.book)
    query = f"{about.query}&month={start:%Y-%m}" if found and not of else ""
    return Span(label, start, len(found), sums["principal"], sums["interest"], query)


def _month_words(start: date) -> str:
    return f"{MONTHS[start.month - 1]} {start.year}"


def _chosen(request: PersonRequest, to_come: Sequence[Payment]) -> dict[str, object] | None:
    """The payments of the month that `?month=2026-12` asks for."""
    start = day_in(f"{request.GET.get('month', '')}-01")
    if start is None:
        return None
    found = [one for one in to_come if one.part.due_on.replace(day=1) == start]
    return {"label": _month_words(start), "payments": found}


def _band(one: LateBand, share: Decimal | None) -> BandShown:
    state, words = lateness(one.first_day)
    return BandShown(state, words, one, share)


def _rungs(about: Standing, found: Sequence[LoanToCome]) -> list[RungShown]:
    """What is late, then what falls due; they add up to the principal."""
    late = late_share(found, about.book)
    nought = from_minor(0, about.book.base_currency)
    added = sum((part.added for one in found for part in one.parts), nought)
    without_day = sum((one.without_day for one in found), nought)
    rows = [("Late", "no schedule says when", late.in_all.late_principal)]
    rungs = maturity(found, about.book, about.as_of)
    rows += [(*rung_words(rung.after, rung.through, rung.months), rung.principal) for rung in rungs]
    rows += [("Less interest to be added", "it becomes principal until then", -added)] if added else []
    rows += [("Without a day", "shared otherwise than by the rule", without_day)] if without_day else []
    return [RungShown(name, note, amount, late.share(amount)) for name, note, amount in rows]


def _chart(about: Standing, spans: Sequence[Span]) -> SafeString | str:
    months = [span for span in spans if span.label == _month_words(span.start)]
    if len(months) < 2:
        return ""
    sums = [span.total for span in months]
    whole = sum(sums, from_minor(0, about.book.base_currency))
    title = (
        f"{money(whole)} should come back from {months[0].label} to {months[-1].label}, {_range(sums, about)} a month"
    )
    columns = [charts.Column(span.label, (span.principal.amount, span.interest.amount)) for span in months]
    names, prefix = ("Principal", "Interest"), f"back-{about.investor.pk}"
    return charts.stacked_columns(
        prefix, title=title, columns=columns, names=names, sign=_sign(about), width=460, tall=200
    )


def _range(sums: Sequence[Money], about: Standing) -> str:
    least, most = (brief(amount.amount, _sign(about)) for amount in (min(sums), max(sums)))
    return least if least == most else f"{least} to {most}"


def _sign(about: Standing) -> str:
    return SYMBOLS.get(about.book.base_currency, about.book.base_currency)


def _sheet(about: Standing, payments: Sequence[Payment]) -> Sheet:
    """Every payment, late or to come, a row each."""
    name = f"coming-back-{about.investor.code}-{about.as_of}"
    return Sheet(name, HEADINGS, list(_rows(about, payments)))


def _rows(about: Standing, payments: Iterable[Payment]) -> Iterator[tuple[Value, ...]]:
    for one in payments:
        loan, part = one.loan.holding.loan, one.part
        yield (
            about.as_of,
            loan.reference,
            str(loan.organisation),
            part.due_on,
            "late" if part.is_late else "to come",
            part.principal,
            part.interest,
            part.total,
            part.added,
        )
