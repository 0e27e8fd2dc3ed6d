"""A statement is a value, a template and one renderer: here they meet, and come out as PDF, CSV, HTML and a hash."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from commonweal.documents import facility_statement, impact_statement, investor_statement, loan_statement
from commonweal.documents.csv_file import csv_text
from commonweal.documents.renderer import Attachment, render_pdf, renderer_version
from commonweal.documents.words import plain
from investors.facility_statement import FacilityStatement
from investors.impact_statement import ImpactStatement
from investors.statements import InvestorStatement
from loans.loan_statement import LoanStatement
from loans.statements import COLUMNS, Row, StatementHead

STYLE = "documents/statement.css"


Statement = LoanStatement | InvestorStatement | FacilityStatement | ImpactStatement


@dataclass(frozen=True, slots=True)
class RenderedDocument:
    """A statement ready to be stored: `sha256` is that of the PDF, `renderer` what its bytes depend on."""

    pdf: bytes
    csv: str
    html: str
    sha256: str
    renderer: str


def render_loan_statement(statement: LoanStatement) -> RenderedDocument:
    """The borrower's statement. Raises DocumentError, MissingSystemLibrary."""
    return _rendered(loan_statement.TEMPLATE, loan_statement.context(statement), statement.head, statement.as_rows())


def render_investor_statement(statement: InvestorStatement) -> RenderedDocument:
    """The investor's statement, with its cover. Raises DocumentError, MissingSystemLibrary."""
    shown = investor_statement.context(statement)
    return _rendered(investor_statement.TEMPLATE, shown, statement.head, statement.as_rows())


def render_facility_statement(statement: FacilityStatement) -> RenderedDocument:
    """The statement of a lender to the fund. Raises DocumentError, MissingSystemLibrary."""
    shown = facility_statement.context(statement)
    return _rendered(facility_statement.TEMPLATE, shown, statement.head, statement.as_rows())


def render_impact_statement(statement: ImpactStatement) -> RenderedDocument:
    """The statement of what a whole fund's money did. Raises DocumentError, MissingSystemLibrary."""
    shown = impact_statement.context(statement)
    return _rendered(impact_statement.TEMPLATE, shown, statement.head, statement.as_rows())


def render_statement(statement: Statement) -> RenderedDocument:
    """Whichever of them it is. Raises DocumentError, MissingSystemLibrary."""
    if isinstance(statement, LoanStatement):
        return render_loan_statement(statement)
    if isinstance(statement, FacilityStatement):
        return render_facility_statement(statement)
    if isinstance(statement, ImpactStatement):
        return render_impact_statement(statement)
    return render_investor_statement(statement)


def csv_name(head: StatementHead) -> str:
    """What the attached figures are called."""
    return f"statement-{plain(head.number)}.csv"


def _rendered(template: str, shown: Mapping[str, Any], head: StatementHead, rows: tuple[Row, ...]) -> RenderedDocument:
    name, figures = csv_name(head), csv_text(COLUMNS, rows)
    html = render_to_string(template, {**shown, "csv_name": name})
    pdf = render_pdf(
        html,
        stylesheets=[style()],
        attachments=[Attachment(name, figures, f"Every figure of statement {head.number}")],
        created=datetime.combine(head.issued_on, time(), UTC),
    )
    return RenderedDocument(pdf, figures, html, sha256(pdf).hexdigest(), renderer_version())


@cache
def style() -> str:
    return (Path(settings.BASE_DIR) / "templates" / STYLE).read_text(encoding="utf-8")
