"""The impact statement of a whole fund as a PDF, as the books stand on the day that it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.template.loader import render_to_string

from commonweal.documents.csv_file import csv_text
from commonweal.documents.glance import glance_of_fund
from commonweal.documents.impact import impact_context
from commonweal.documents.issuing import issuer_of
from commonweal.documents.renderer import Attachment, render_pdf
from commonweal.documents.statements import style
from commonweal.documents.words import symbol
from commonweal.templatetags.commonweal import day
from investors.impact import Impact
from investors.statement_figures import IMPACT_METHOD
from ledger.queries import latest_seal
from ledger.services import seal_text
from loans.statements import COLUMNS, Issuer

if TYPE_CHECKING:
    from ledger.models import Book

TEMPLATE = "documents/impact_statement.html"
TAX = (
    "This statement is about the whole fund and carries no tax figures. Interest certificates, and certificates of "
    "community investment tax relief where somebody has them, stand on each investor’s own documents."
)
DISCLAIMER = "Not advice, and not an offer to invest. Investors’ own money stands on their own statements."


@dataclass(frozen=True, slots=True)
class ImpactHead:
    """Who states it, under which number, and when it was made; the same books and day say the same."""

    issuer: Issuer
    number: str
    made_on: date
    seal: str
    status: str = "as the books stand"
    what: str = "Impact statement"


def impact_shown(book: Book, impact: Impact) -> dict[str, Any]:
    """What the template needs: the statement's head, its figures, and its words."""
    sealed = latest_seal(book)
    head = ImpactHead(
        issuer_of(book), f"{book.code}-{impact.last_day}", book.business_date, str(seal_text(sealed)) if sealed else ""
    )
    return {
        "head": head,
        "method": IMPACT_METHOD,
        "csv_name": f"impact-{head.number}.csv",
        "glance": glance_of_fund(impact),
        "tax": TAX,
        "made": f"By a program from the fund’s books and the borrowers’ returns, on {day(head.made_on)}.",
        "sealed": "The last seal when this was made:" if head.seal else "The books were not sealed yet.",
        "seal": head.seal,
        "disclaimer": DISCLAIMER,
        "sign": symbol(impact.currency),
        "thousand": f"{symbol(impact.currency)}1,000",
        **impact_context(impact),
    }


def render_impact_statement(book: Book, impact: Impact) -> bytes:
    """The PDF with its figures attached. Raises DocumentError, MissingSystemLibrary."""
    shown = impact_shown(book, impact)
    head, figures = shown["head"], csv_text(COLUMNS, impact.rows())
    return render_pdf(
        render_to_string(TEMPLATE, shown),
        stylesheets=[style()],
        attachments=[Attachment(shown["csv_name"], figures, f"Every figure of statement {head.number}")],
        created=datetime.combine(head.made_on, time(), UTC),
    )


def impact_response(book: Book, impact: Impact) -> HttpResponse:
    """The PDF as a download that nobody on the way keeps. Raises DocumentError, MissingSystemLibrary."""
    pdf = HttpResponse(render_impact_statement(book, impact), content_type="application/pdf")
    pdf["Content-Disposition"] = f'attachment; filename="impact-{book.code}-{impact.last_day}.pdf"'
    pdf["Cache-Control"] = "private, no-store"
    return pdf
