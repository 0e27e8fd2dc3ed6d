"""A settlement quote as a PDF: the figure, its parts, and what it is on each day until it ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.http import HttpResponse
from django.template.loader import render_to_string

from commonweal.documents.csv_file import csv_text
from commonweal.documents.issuing import issuer_of
from commonweal.documents.renderer import Attachment, render_pdf
from commonweal.documents.statements import style
from loans.settlement_offer import SettlementOffer
from loans.statements import Issuer

TEMPLATE = "documents/settlement_quote.html"


@dataclass(frozen=True, slots=True)
class QuoteHead:
    """Who quotes, under which name, and when. It is not issued: a later one simply says another figure."""

    issuer: Issuer
    number: str
    made_on: date
    status: str = "a quote"
    what: str = "Settlement quote"


def render_settlement_quote(offer: SettlementOffer) -> bytes:
    """The PDF, dated on the business date; the same loan and day give the same bytes.

    Raises DocumentError, MissingSystemLibrary.
    """
    book = offer.loan.book
    head = QuoteHead(issuer_of(book), f"{offer.loan.reference}-{offer.quote.on}", book.business_date)
    rows = [*((label, amount.amount) for label, amount in offer.parts), ("To pay", offer.quote.total.amount)]
    name = f"settlement-{head.number}.csv"
    html = render_to_string(TEMPLATE, {"head": head, "offer": offer, "quote": offer.quote, "loan": offer.loan})
    return render_pdf(
        html,
        stylesheets=[style()],
        attachments=[Attachment(name, csv_text(("Part", "Amount"), rows), f"The parts of quote {head.number}")],
        created=datetime.combine(head.made_on, time(), UTC),
    )


def quote_response(offer: SettlementOffer) -> HttpResponse:
    """The PDF as a download that nobody on the way keeps. Raises DocumentError, MissingSystemLibrary."""
    pdf = HttpResponse(render_settlement_quote(offer), content_type="application/pdf")
    name = f"settlement-{offer.loan.reference}-{offer.quote.on}.pdf"
    pdf["Content-Disposition"] = f'attachment; filename="{name}"'
    pdf["Cache-Control"] = "private, no-store"
    return pdf
