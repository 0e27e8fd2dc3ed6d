"""An interest certificate as a PDF: the interest of a tax year, the tax withheld from it, payment by payment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.http import Http404, HttpResponse
from django.template.loader import render_to_string

from commonweal.access.models import User
from commonweal.access.reads import record_read
from commonweal.documents.csv_file import csv_text
from commonweal.documents.issuing import issuer_of
from commonweal.documents.renderer import Attachment, render_pdf
from commonweal.documents.statements import style
from commonweal.documents.words import symbol
from investors.interest_certificates import InterestCertificate
from loans.statements import Issuer

TEMPLATE = "documents/interest_certificate.html"
HEADINGS = ("Paid on", "Payout", "Interest", "Rate of tax", "Tax withheld", "Paid", "Entry")


@dataclass(frozen=True, slots=True)
class CertificateHead:
    """Who certifies, under which name, and when. It is made from the books each time, and not kept."""

    issuer: Issuer
    number: str
    made_on: date
    status: str = "from the books"
    what: str = "Interest certificate"


def render_interest_certificate(certificate: InterestCertificate) -> bytes:
    """The PDF, dated on the business date; the same books and day give the same bytes.

    Raises DocumentError, MissingSystemLibrary.
    """
    book = certificate.book
    head = CertificateHead(issuer_of(book), certificate.number, book.business_date)
    rows = [
        (one.paid_on, one.payout, one.gross.amount, one.rate, one.tax.amount, one.net.amount, one.entry)
        for one in certificate.payments
    ]
    sign = symbol(certificate.gross.currency)
    html = render_to_string(TEMPLATE, {"head": head, "certificate": certificate, "sign": sign})
    name = f"interest-{certificate.number}.csv"
    return render_pdf(
        html,
        stylesheets=[style()],
        attachments=[Attachment(name, csv_text(HEADINGS, rows), f"The payments of certificate {head.number}")],
        created=datetime.combine(head.made_on, time(), UTC),
    )


def certificate_response(user: User, found: Iterable[InterestCertificate], year: str) -> HttpResponse:
    """The PDF of the tax year that begins in `year`, among those that the person may have; that it was read is
    recorded. Raises Http404 for a year without one, DocumentError, MissingSystemLibrary."""
    certificate = next((one for one in found if str(one.year.begins_in) == year), None)
    if certificate is None:
        raise Http404
    record_read(user=user, what="interest certificate", subject=certificate.number)
    pdf = HttpResponse(render_interest_certificate(certificate), content_type="application/pdf")
    pdf["Content-Disposition"] = f'attachment; filename="interest-{certificate.number}.pdf"'
    pdf["Cache-Control"] = "private, no-store"
    return pdf
