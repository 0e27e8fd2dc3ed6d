"""How fast are statements rendered and a run of them prepared, by one worker and two, and in how much memory?"""

from __future__ import annotations

import gc
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from datetime import time as clock
from decimal import Decimal

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonweal.settings.local")

import django

django.setup()

from django.db import connection, connections  # noqa: E402
from django.template.loader import render_to_string  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from moneyed import Money  # noqa: E402

from borrowers.domain.places import Region  # noqa: E402
from borrowers.domain.registration import LegalForm  # noqa: E402
from borrowers.models import Organisation  # noqa: E402
from commonweal.access.models import User  # noqa: E402
from commonweal.documents import loan_statement, renderer  # noqa: E402
from commonweal.documents.archive import finish  # noqa: E402
from commonweal.documents.csv_file import csv_text  # noqa: E402
from commonweal.documents.models import DocumentFile, StatementRun  # noqa: E402
from commonweal.documents.statements import render_loan_statement, style  # noqa: E402
from commonweal.jobs import statements  # noqa: E402
from commonweal.jobs.close import bring_book_up_to_date  # noqa: E402
from commonweal.jobs.models import Job, JobState  # noqa: E402
from commonweal.jobs.statements import period_of, prepare_statements  # noqa: E402
from commonweal.jobs.worker import work  # noqa: E402
from ledger.models import Book  # noqa: E402
from ledger.services import move_business_date  # noqa: E402
from loans.loan_statement import LoanStatement  # noqa: E402
from loans.models import Loan, Product  # noqa: E402
from loans.queries import asked_terms_sha256, terms_of  # noqa: E402
from loans.services import Asked, apply, approve, draw_down, offer_product, submit  # noqa: E402
from loans.statements import COLUMNS  # noqa: E402
from tests.benchmarks.bank_bench import AGREED_ON, DRAWN_ON, _book  # noqa: E402
from tests.commonweal.documents import builders  # noqa: E402

STATEMENTS = int(os.environ.get("BENCH_STATEMENTS", "100"))
IN_MEMORY = int(os.environ.get("BENCH_STATEMENTS_IN_MEMORY", "1000"))
FEW = min(10, STATEMENTS // 2)
MONTHS = 80
"""Instalments of a loan whose statement has four pages."""

PERIOD, OVER_ON = "2025-03", date(2025, 4, 1)
PYTHONS_OWN = (700, 10, 10)
"""How often Python collects garbage unless told otherwise."""


def rendering() -> dict[str, object]:
    """Processor seconds for statements of four pages each, by us and by WeasyPrint called afresh, in turns."""
    values = [_statement(number) for number in range(STATEMENTS)]
    pages, _ = _afresh(values[0])
    render_loan_statement(values[0])
    afresh = ours = 0.0
    for statement in values:
        gc.set_threshold(*PYTHONS_OWN)
        afresh += _processor_seconds(lambda one=statement: _afresh(one))
        renderer.warm_up()
        ours += _processor_seconds(lambda one=statement: render_loan_statement(one))
    made = pages * STATEMENTS
    return {"statements": STATEMENTS, "pages_each": pages, "afresh": made / afresh, "ours": made / ours}


def _statement(number: int) -> LoanStatement:
    return builders.loan_statement(head=builders.head(f"2026-Q3-L-{number:04}"))


def _afresh(statement: LoanStatement) -> tuple[int, bytes]:
    """The same document by WeasyPrint as its manual shows it: page, styles and fonts are made for each."""
    weasyprint = renderer._weasyprint()
    from weasyprint.text.fonts import FontConfiguration

    created = datetime.combine(statement.head.issued_on, clock(), UTC)
    html = render_to_string(loan_statement.TEMPLATE, {**loan_statement.context(statement), "csv_name": "figures.csv"})
    fonts, fetcher = FontConfiguration(), renderer._fetcher()
    styles = [weasyprint.CSS(string=text, font_config=fonts, url_fetcher=fetcher) for text in (renderer.FACES, style())]
    page = weasyprint.HTML(string=html, url_fetcher=fetcher)
    document = page.render(font_config=fonts, stylesheets=styles, pdf_variant=renderer.VARIANT)
    figures = renderer.Attachment("figures.csv", csv_text(COLUMNS, statement.as_rows()), "Every figure")
    files = [renderer._attached(figures, created)]
    pdf: bytes = document.write_pdf(pdf_variant=renderer.VARIANT, attachments=files, finisher=finish)
    return len(document.pages), pdf


def running() -> dict[str, object]:
    """Seconds for a run by one worker and by two; what a second run renders, and how many queries it takes."""
    statements.HELP_FROM = STATEMENTS
    few, by = _ready(FEW)
    _prepared(few, by)
    alone, by = _ready(STATEMENTS)
    one = _seconds(lambda: _prepared(alone, by))
    files = DocumentFile.objects.count()
    queries = [_queries_again(book, by) for book in (few, alone)]
    rendered_again = DocumentFile.objects.count() - files
    helped, by = _ready(STATEMENTS)
    helper = subprocess.Popen([sys.executable, __file__, "helping", str(helped.pk)], stdout=subprocess.DEVNULL)
    try:
        two = _seconds(lambda: _prepared(helped, by))
    finally:
        helper.wait(timeout=600)
    return {
        "statements": STATEMENTS,
        "one": one,
        "two": two,
        "queries_again": queries,
        "rendered_again": rendered_again,
        "helped": Job.objects.get(book=helped, kind="help_statements").result,
    }


def helping() -> dict[str, object]:
    """A second worker: it waits, warm, for a run to ask for help, and helps."""
    renderer.warm_up()
    asked = Job.objects.filter(book=int(sys.argv[2]), kind="help_statements")
    until = time.monotonic() + 600
    while not asked.filter(state=JobState.DONE).exists() and time.monotonic() < until:
        work(worker="helper")
        time.sleep(0.05)
    return {}


def memory() -> dict[str, object]:
    """Peak memory of one process that renders one statement after the other."""
    renderer.warm_up()
    for number in range(IN_MEMORY):
        render_loan_statement(_statement(number))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"statements": IN_MEMORY, "peak_mb": peak}


def _ready(count: int) -> tuple[Book, User]:
    """A book with so many loans of one business, posted and sealed through the period."""
    book, priya, tom = _book()
    product = offer_product(
        book=book,
        code="bench",
        name="Bench",
        amounts=(Money("1000.00", "GBP"), Money("250000.00", "GBP")),
        months=(1, 120),
        annual_rate=Decimal("0.06"),
        payment_prefix="BE",
    )
    shop = Organisation.objects.create(
        name="Shop", legal_form=LegalForm.COMMUNITY_BENEFIT_SOCIETY, place="Netherby", region=Region.WALES
    )
    for _ in range(count):
        _lend(product, shop, priya, tom)
    book = move_business_date(book=book, to=OVER_ON)
    bring_book_up_to_date(book=book, through=date(2025, 3, 31), by=tom)
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")
    return book, tom


def _lend(product: Product, shop: Organisation, priya: User, tom: User) -> Loan:
    asked = Asked(Money("12000.00", "GBP"), Decimal("0.06"), MONTHS, date(2025, 3, 3))
    application = apply(product=product, organisation=shop, asked=asked, purpose="x", on=AGREED_ON, by=priya)
    submit(application=application, on=AGREED_ON, by=priya)
    loan = approve(application=application, shown_sha256=asked_terms_sha256(application), on=AGREED_ON, by=tom)
    draw_down(loan=loan, amount=terms_of(loan).principal, on=DRAWN_ON, by=priya, key="drawn")
    return loan


def _prepared(book: Book, by: User) -> StatementRun:
    return prepare_statements(book=book, period=period_of(PERIOD, book), by=by)


def _queries_again(book: Book, by: User) -> int:
    with CaptureQueriesContext(connection) as asked:
        _prepared(book, by)
    return len(asked)


def _processor_seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


PARTS = {"rendering": rendering, "running": running, "helping": helping, "memory": memory}

if __name__ == "__main__":
    print(json.dumps({"part": sys.argv[1], **PARTS[sys.argv[1]]()}), flush=True)
