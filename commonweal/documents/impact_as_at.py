"""The impact statement of a whole fund as the books stand on the day that it is asked for: to look at, not issued."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.template.loader import render_to_string

from commonweal.documents.csv_file import csv_text
from commonweal.documents.impact_statement import TEMPLATE, shown_of_fund
from commonweal.documents.issuing import issuer_of
from commonweal.documents.renderer import Attachment, render_pdf
from commonweal.documents.statements import style
from commonweal.templatetags.commonweal import day
from investors.impact import Impact
from investors.statement_figures import FUND_METHOD
from ledger.queries import latest_seal
from ledger.services import seal_text
from loans.statements import COLUMNS, Issuer

if TYPE_CHECKING:
    from ledger.models import Book


@dataclass(frozen=True, slots=True)
class HeadAsAt:
    """Who states it, under which number, and when it was made; the same books and day say the same."""

    issuer: Issuer
    number: str
    made_on: date
    seal: str
    status: str = "as the books stand"
    what: str = "Impact statement"


def shown_as_at(book: Book, impact: Impact) -> dict[str, Any]:
    """What the template needs: the statement's head, its figures, and its words."""
    sealed = latest_seal(book)
    head = HeadAsAt(
        issuer_of(book), f"{book.code}-{impact.last_day}", book.business_date, str(seal_text(sealed)) if sealed else ""
    )
    return {
        **shown_of_fund(impact),
        "head": head,
        "cover_facts": [
            ("Statement", head.number),
            ("Loans outstanding", str(impact.health.loans)),
            ("Made", day(head.made_on)),
            ("Status", "as the books stood then; not issued"),
        ],
        "method": FUND_METHOD,
        "csv_name": f"impact-{head.number}.csv",
        "made": f"By a program from the fund’s books and the borrowers’ returns, on {day(head.made_on)}.",
        "sealed": "The last seal when this was made:" if head.seal else "The books were not sealed yet.",
        "seal": head.seal,
    }


def render_as_at(book: Book, impact: Impact) -> bytes:
    """The PDF with its figures attached. Raises DocumentError, MissingSystemLibrary."""
    shown = shown_as_at(book, impact)
    head, figures = shown["head"], csv_text(COLUMNS, impact.rows())
    return render_pdf(
        render_to_string(TEMPLATE, shown),
        stylesheets=[style()],
        attachments=[Attachment(shown["csv_name"], figures, f"Every figure of statement {head.number}")],
        created=datetime.combine(head.made_on, time(), UTC),
    )


def as_at_response(book: Book, impact: Impact) -> HttpResponse:
    """The PDF as a download that nobody on the way keeps. Raises DocumentError, MissingSystemLibrary."""
    pdf = HttpResponse(render_as_at(book, impact), content_type="application/pdf")
    pdf["Content-Disposition"] = f'attachment; filename="impact-{book.code}-{impact.last_day}.pdf"'
    pdf["Cache-Control"] = "private, no-store"
    return pdf
