"""My tax relief: what may be claimed for which tax year, what may be repaid, the certificates and the statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from moneyed import Money

from commonweal.access.requests import PersonRequest
from commonweal.access.scope import documents_for
from commonweal.documents.list_files import Sheet, download
from commonweal.documents.models import DocumentKind
from commonweal.investor_portal.frame import portal_page, standing
from investors.domain.citr.tax_year import TaxYear, tax_year_of
from investors.models.citr import POUNDS
from investors.queries import ReliefStanding, TaxReliefYear, relief_standings
from ledger.domain.money import from_minor

SECTION = "investor:tax-relief"
NOUGHT = from_minor(0, POUNDS)


@dataclass(frozen=True, slots=True)
class YearRow:
    """A tax year of one investment in the list."""

    one: ReliefStanding
    year: TaxReliefYear

    @property
    def state(self) -> tuple[str, str]:
        """Whether it may be claimed, as a state and a word."""
        if self.year.withdrawn:
            return "late", "Withdrawn"
        if self.year.available:
            return "good", "May be claimed"
        if self.one.issued is None:
            return "watch", "No certificate yet"
        runs = self.one.as_of <= self.year.tax_year.last_on
        return ("due", "Not yet") if runs and not self.one.ended else ("closed", "No claim")


def tax_relief(request: PersonRequest) -> HttpResponse:
    """What may be claimed, year by year, and the papers for it."""
    about = standing(request)
    if about is None:
        return portal_page(request, "investor_portal/nothing.html", None, section=SECTION)
    found = relief_standings(about.book, about.as_of, investor=about.investor)
    rows = sorted(
        (YearRow(one, year) for one in found for year in one.years),
        key=lambda row: (row.year.tax_year, row.one.investment.pk),
    )
    if file := download(request, _sheet(about.investor.code, rows)):
        return file
    kinds = [DocumentKind.TAX_CERTIFICATE, DocumentKind.TAX_STATEMENT]
    documents = documents_for(request.user).filter(book=about.book, investor=about.investor, kind__in=kinds)
    over = _last_year_over(found)
    context = {
        "as_of": about.as_of,
        "standings": found,
        "rows": rows,
        "stands": sum((one.balance for one in found), NOUGHT),
        "available": sum((row.year.available for row in rows), NOUGHT),
        "withdrawn": sum((row.year.withdrawn for row in rows), NOUGHT),
        "over": over,
        "of_last_year": _of_year(rows, over),
        "papers": list(documents.select_related("investor", "book").order_by("-issued_on", "-pk")),
    }
    return portal_page(request, "investor_portal/tax_relief.html", about, section=SECTION, context=context)


def _last_year_over(found: Sequence[ReliefStanding]) -> TaxYear | None:
    """The tax year that was over last, where an investment had begun by then."""
    if not found:
        return None
    last = tax_year_of(found[0].as_of).later(-1)
    return last if any(one.year_of(last) for one in found) else None


def _of_year(rows: Sequence[YearRow], year: TaxYear | None) -> Money:
    return sum((row.year.available for row in rows if row.year.tax_year == year), NOUGHT)


def _sheet(code: str, rows: Sequence[YearRow]) -> Sheet:
    headings = (
        "Certificate",
        "Tax year",
        "Invested amount",
        "Relief",
        "May be claimed",
        "Withdrawn",
        "Estimate",
        "Why",
    )
    listed = [
        (
            row.one.issued.certificate.number if row.one.issued else "",
            str(row.year.tax_year),
            row.year.invested,
            row.year.relief,
            row.year.available,
            row.year.withdrawn,
            "yes" if row.year.is_estimate else "no",
            row.year.claim.why,
        )
        for row in rows
    ]
    return Sheet(f"tax-relief-{code}", headings, listed)
