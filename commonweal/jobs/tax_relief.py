"""Tax relief across apps: a certificate that is agreed becomes a document, and a tax year's statements are issued."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.db import transaction

from commonweal.access.models import User
from commonweal.documents.issuing import Issued
from commonweal.documents.tax_issuing import issue_tax_certificate, issue_tax_statement, refuse_tax_year
from commonweal.jobs.errors import UnknownPeriod
from commonweal.jobs.leases import Progress, untold
from investors.domain.citr.loan import YEARS
from investors.domain.citr.tax_year import TaxYear, tax_year_of
from investors.models import CitrCertificate
from investors.queries import citr_certificates, citr_investments
from investors.services import approve_certificate

if TYPE_CHECKING:
    from ledger.models import Book

WRITTEN = re.compile(r"(20[0-9]{2})-([0-9]{2})")


def tax_year_in(text: str) -> TaxYear:
    """The tax year in a text such as 2025-26. Raises UnknownPeriod for another text."""
    found = WRITTEN.fullmatch(text.strip())
    year = TaxYear(int(found[1])) if found else None
    if year is None or str(year) != text.strip():
        raise UnknownPeriod(f"{text!r} is no tax year. Write one such as 2025-26; nothing was issued.")
    return year


def tax_years_over(book: Book) -> list[TaxYear]:
    """The tax years with relief of a book's investments that are over on its business date, the earliest first."""
    found = citr_investments(book).values_list("invested_on", flat=True)
    years = {year for on in found for year in _five(tax_year_of(on)) if year.last_on < book.business_date}
    return sorted(years)


def _five(first: TaxYear) -> list[TaxYear]:
    return [first.later(number) for number in range(YEARS)]


@transaction.atomic
def issue_certificate(*, certificate: CitrCertificate, shown_sha256: str, by: User, reason: str = "") -> Issued:
    """Agree to exactly what a colleague proposed, and issue the certificate on the business date, in one go.

    Raises what `approve_certificate` and rendering raise; then nothing is issued.
    """
    book = certificate.investment.book
    on = book.business_date
    approve_certificate(certificate=certificate, shown_sha256=shown_sha256, on=on, by=by, reason=reason)
    return issue_tax_certificate(citr_certificates(book).get(pk=certificate.pk), by=by)


def issue_tax_statements(*, book: Book, tax_year: TaxYear, by: User, progress: Progress = untold) -> list[Issued]:
    """Issue the tax statement of each investor with relief for a tax year that is over. Safe to repeat.

    Raises StatementTooEarly, and what rendering raises; what was issued before stays.
    """
    refuse_tax_year(book, tax_year)
    found = citr_investments(book).filter(invested_on__lte=tax_year.last_on)
    investors = list({one.investor_id: one.investor for one in found}.values())
    issued = list[Issued]()
    for number, investor in enumerate(investors, start=1):
        one = issue_tax_statement(investor=investor, book=book, tax_year=tax_year, by=by)
        issued += [one] if one else []
        progress(done=number, total=len(investors), note=investor.name)
    return issued
