"""Is a document issued once for what it knew, numbered in order, kept as it was, and recognised by its bytes?"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Barrier

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from moneyed import Money

from borrowers.models import Organisation
from commonweal.access.models import ReadRecord
from commonweal.documents import issuing
from commonweal.documents.download import document_response
from commonweal.documents.issuing import Coverage, Issued, by_sha256, content, recognise, verify
from commonweal.documents.models import Document, DocumentFile
from investors.domain.kinds import InvestorKind
from investors.models import Investor
from investors.services import register_investor
from investors.statements import InvestorStatement
from ledger.models import Book
from loans.loan_statement import LoanStatement
from loans.statements import StatementDoesNotAdd, StatementHead, StatementStatus, StatementTooEarly
from tests.borrowers.builders import community_shop
from tests.builders import make_book, make_user
from tests.commonweal.documents import builders

LATER_SEAL = builders.SEAL.replace("41:2087", "42:2101")


@pytest.fixture
def book(db: None) -> Book:
    return make_book(code="harbour-hills")


def coverage(**changes: object) -> Coverage:
    quarter = Coverage(
        issuer=builders.issuer(),
        period_start=date(2026, 7, 1),
        period_end=date(2026, 10, 1),
        status=StatementStatus.FINAL,
        seal=builders.SEAL,
        issued_on=date(2026, 11, 23),
    )
    return replace(quarter, **changes)  # type: ignore[arg-type]


def small(head: StatementHead) -> LoanStatement:
    """A statement that is quick to render."""
    return replace(builders.quiet_statement(), head=head)


def for_lender(head: StatementHead) -> InvestorStatement:
    return replace(builders.nothing_yet(), head=head)


def never(head: StatementHead) -> LoanStatement:
    raise AssertionError(f"{head.number} was built again")


def issue(
    book: Book, build: Callable[[StatementHead], LoanStatement] = small, loan: str = "L-0108", **changes: object
) -> Issued:
    organisation = Organisation.objects.first() or community_shop()
    return issuing.issue_loan_statement(
        build, book=book, loan=loan, organisation=organisation, coverage=coverage(**changes), by=make_user()
    )


def lender() -> Investor:
    return register_investor(code="NRB", name="Northmoor Regional Bank", kind=InvestorKind.REGIONAL_BANK)


def test_a_statement_is_stored_with_its_hash_and_what_it_knew(book: Book) -> None:
    document = issue(book).document
    kept = Document.objects.get(pk=document.pk)
    assert (kept.number, kept.revision, kept.replaces) == ("2026-Q3-L-0108", 1, None)
    assert (kept.status, kept.seal, kept.title) == ("final", builders.SEAL, "Loan statement")
    assert kept.renderer.startswith("weasyprint ")
    assert kept.last_day == date(2026, 9, 30)
    assert content(kept).startswith(b"%PDF-1.7")
    assert len(content(kept)) == kept.size
    assert verify(kept) == []


def test_the_number_on_the_page_is_the_number_in_the_table(book: Book, page_text: Callable[[bytes], str]) -> None:
    document = issue(book).document
    assert f"Statement  {document.number}, final" in page_text(content(document))


def test_asked_again_for_the_same_knowledge_it_is_the_same_document(book: Book) -> None:
    first = issue(book)
    again = issue(book, never, issued_on=date(2026, 11, 24))
    assert (first.repeated, again.repeated) == (False, True)
    assert again.document == first.document
    assert Document.objects.count() == DocumentFile.objects.count() == 1


def test_new_knowledge_or_a_close_makes_a_document_that_replaces_the_one_before(
    book: Book, page_text: Callable[[bytes], str]
) -> None:
    early = issue(book, status=StatementStatus.PROVISIONAL).document
    closed = issue(book).document
    corrected = issue(book, seal=LATER_SEAL).document
    assert [early.number, closed.number, corrected.number] == [
        "2026-Q3-L-0108",
        "2026-Q3-L-0108.2",
        "2026-Q3-L-0108.3",
    ]
    assert (closed.replaces, corrected.replaces) == (early, closed)
    assert "Replaces  2026-Q3-L-0108.2" in page_text(content(corrected))


def test_other_loans_periods_and_lenders_are_numbered_by_themselves(book: Book) -> None:
    issue(book)
    other_period = issue(book, period_start=date(2026, 9, 1)).document
    nrb = lender()
    statement = issuing.issue_investor_statement(
        for_lender, book=book, investor=nrb, coverage=coverage(), by=make_user()
    ).document
    assert (other_period.number, statement.number) == ("2026-09-L-0108", "2026-Q3-NRB")
    assert (statement.title, statement.investor, statement.organisation) == ("Investor statement", nrb, None)
    assert statement.file_name == "investor-statement-2026-Q3-NRB.pdf"


@pytest.mark.parametrize(
    ("start", "end", "label"),
    [
        (date(2026, 1, 1), date(2027, 1, 1), "2026"),
        (date(2025, 10, 1), date(2026, 10, 1), "20251001-20260930"),
        (date(2026, 10, 1), date(2027, 1, 1), "2026-Q4"),
        (date(2026, 2, 1), date(2026, 5, 1), "20260201-20260430"),
        (date(2026, 12, 1), date(2027, 1, 1), "2026-12"),
        (date(2026, 7, 2), date(2026, 10, 1), "20260702-20260930"),
    ],
)
def test_periods_have_short_labels(start: date, end: date, label: str) -> None:
    assert issuing.period_label(start, end) == label


def test_a_statement_that_cannot_be_made_leaves_nothing_behind(book: Book) -> None:
    def wrong(head: StatementHead) -> LoanStatement:
        statement = small(head)
        return replace(statement, interest=replace(statement.interest, opening=Money("0.01", "GBP")))

    with pytest.raises(StatementDoesNotAdd):
        issue(book, wrong)
    with pytest.raises(StatementTooEarly):
        issue(book, issued_on=date(2026, 9, 30))
    assert not Document.objects.exists()
    assert issue(book).document.number == "2026-Q3-L-0108"


def test_a_file_is_recognised_by_its_bytes_and_by_nothing_less(book: Book) -> None:
    document = issue(book).document
    pdf = content(document)
    assert recognise(pdf) == document
    assert by_sha256(f" {document.sha256.upper()}\n") == document
    altered = pdf.replace(b"%PDF-1.7", b"%PDF-1.6")
    assert altered != pdf
    assert recognise(altered) is None
    assert by_sha256("") is None


@pytest.mark.parametrize("table", ["documents_document", "documents_documentfile"])
@pytest.mark.parametrize("change", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_what_was_issued_stays_as_it_is(book: Book, table: str, change: str) -> None:
    """By the app role's rights, and for everybody else by a trigger."""
    column = "seal" if table == "documents_document" else "sha256"
    issue(book)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.format(table, column, column))
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname = 'append_only'", [table])
        assert cursor.fetchall() == [("append_only",)]


def test_the_database_computes_the_hash_again(book: Book) -> None:
    with pytest.raises(IntegrityError, match="documents_file_is_its_hash"), transaction.atomic():
        DocumentFile.objects.create(sha256="0" * 64, content=b"another file")


def changed(document: Document, **changes: object) -> Document:
    twin = Document.objects.get(pk=document.pk)
    twin.pk = None
    for name, value in {"number": "x", "seal": LATER_SEAL, "revision": 2, "replaces": document, **changes}.items():
        setattr(twin, name, value)
    return twin


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"seal": builders.SEAL}, "once_for_what_it_knew"),
        ({"number": "2026-Q3-L-0108"}, "one_of_each_number"),
        ({"revision": 1, "replaces": None}, "one_of_each_revision"),
        ({"revision": 1}, "revision_says_what_it_replaces"),
        ({"replaces": None}, "revision_says_what_it_replaces"),
        ({"organisation": None}, "one_recipient"),
        ({"kind": "investor-statement"}, "one_recipient"),
        ({"status": "draft"}, "status_is_known"),
        ({"issued_on": date(2026, 9, 30)}, "after_the_period"),
        ({"period_start": date(2026, 10, 1)}, "documents_period"),
    ],
)
def test_the_database_holds_what_the_service_promises(book: Book, changes: dict[str, object], constraint: str) -> None:
    document = issue(book).document
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        changed(document, **changes).save(force_insert=True)


def test_a_stored_file_that_is_another_is_found(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a superuser could do behind the database's back: here the reading gives other bytes."""
    document = issue(book).document
    monkeypatch.setattr(issuing, "content", lambda document: b"%PDF-1.7 forged")
    assert verify(document) == [
        "Document 2026-Q3-L-0108: its bytes do not have the SHA-256 under which they were issued.",
        f"Document 2026-Q3-L-0108: 15 bytes are stored, and {document.size} were issued.",
    ]


def test_a_book_signs_with_its_imprint() -> None:
    book = Book(
        fund_name="Harbour & Hills Community Fund",
        address="The Old Custom House\n\n 4 Quay Street ",
        registration="Registered society 32114R",
        contact_name="Tom Ashworth",
        contact_phone="01632 960 417",
    )
    signed = issuing.issuer_of(book)
    assert (signed.name, signed.address) == (book.fund_name, ("The Old Custom House", "4 Quay Street"))
    assert signed.contact == "Tom Ashworth, 01632 960 417"


def test_a_book_without_an_imprint_leaves_no_empty_commas(book: Book, page_text: Callable[[bytes], str]) -> None:
    text = page_text(content(issue(book, issuer=issuing.issuer_of(Book(fund_name="Village Fund"))).document))
    assert "Issued by  Village Fund\n" in text
    assert "Questions" not in text
    assert "please call" not in text


def test_a_download_is_the_stored_file_and_is_noted(book: Book) -> None:
    document, reader = issue(book).document, make_user()
    response = document_response(reader, document)
    assert response.content == content(document)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="loan-statement-2026-Q3-L-0108.pdf"'
    assert "no-store" in response["Cache-Control"]
    assert list(ReadRecord.objects.values_list("user", "what", "subject")) == [
        (reader.pk, "document", str(document.pk))
    ]


@pytest.mark.committing
def test_four_runs_at_once_make_one_document() -> None:
    book, shop, person = make_book(code="harbour-hills"), community_shop(), make_user()
    barrier = Barrier(4)

    def run(_: int) -> Issued:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=60)
            return issuing.issue_loan_statement(
                small, book=book, loan="L-0108", organisation=shop, coverage=coverage(), by=person
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(run, range(4)))
    assert sorted(answer.repeated for answer in answers) == [False, True, True, True]
    assert len({answer.document.pk for answer in answers}) == 1
    assert Document.objects.count() == 1
