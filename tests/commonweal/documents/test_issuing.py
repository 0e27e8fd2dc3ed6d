"""Is a document issued once for what it knew, by two people, kept as it was, and recognised by its bytes?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from moneyed import Money

from borrowers.models import Organisation
from commonweal.access.models import ReadRecord
from commonweal.documents import issuing
from commonweal.documents.download import document_response
from commonweal.documents.errors import RunRefused
from commonweal.documents.issuing import by_sha256, content, recognise, verify
from commonweal.documents.models import (
    Document,
    DocumentFile,
    DocumentKind,
    PreparedStatement,
    RunDecision,
    StatementRun,
)
from commonweal.documents.runs import (
    About,
    Build,
    begin_run,
    decline_run,
    prepare_statement,
    publish_run,
    run_by_key,
    run_sha256,
    samples,
    state_of,
)
from investors.domain.kinds import InvestorKind
from investors.models import Investor
from investors.services import register_investor
from investors.statements import InvestorStatement
from ledger.domain.errors import SameTwoEyes
from ledger.models import Approval, Book
from loans.loan_statement import LoanStatement
from loans.statements import Earlier, StatementDoesNotAdd, StatementHead, StatementStatus, StatementTooEarly
from tests.borrowers.builders import community_shop
from tests.builders import make_book, make_user
from tests.commonweal.documents import builders

QUARTER = (date(2026, 7, 1), date(2026, 10, 1))
LATER_SEAL = builders.SEAL.replace("41:2087", "42:2101")


@pytest.fixture
def book(db: None) -> Book:
    return make_book(code="harbour-hills")


def begun(book: Book, subject: str, kind: str = "loan-statement", **changes: Any) -> StatementRun:
    """A run of one statement for the third quarter of 2026."""
    issued_on = changes.pop("issued_on", date(2026, 11, 23))
    asked = {"period": QUARTER, "status": StatementStatus.FINAL, "seal": builders.SEAL, **changes}
    book.business_date = issued_on
    return begin_run(book=book, plan=lambda: [(kind, subject)], by=make_user(), **asked)


def small(head: StatementHead, earlier: Sequence[Earlier] = ()) -> LoanStatement:
    """A statement that is quick to render."""
    return replace(builders.quiet_statement(), head=head)


def for_lender(head: StatementHead, earlier: Sequence[Earlier] = ()) -> InvestorStatement:
    return replace(builders.nothing_yet(), head=head)


def other(head: StatementHead, earlier: Sequence[Earlier] = ()) -> LoanStatement:
    """The same with a figure that is known otherwise."""
    return replace(small(head), payment_reference="ANOTHER")


def never(head: StatementHead, earlier: Sequence[Earlier] = ()) -> LoanStatement:
    raise AssertionError(f"{head.number} was built again")


def issue(book: Book, build: Build = small, loan: str = "L-0108", **changes: Any) -> Document:
    """A loan's statement, prepared and published by two people."""
    run = begun(book, loan, **changes)
    organisation = Organisation.objects.first() or community_shop()
    about = About(DocumentKind.LOAN_STATEMENT, loan, build, organisation=organisation)
    return published(run, about)


def published(run: StatementRun, about: About) -> Document:
    made = prepare_statement(run, about)
    assert made is not None
    if state_of(run_by_key(run.pk)) == StatementRun.State.WAITING:
        publish_run(run=run, shown_sha256=run_sha256(run), by=make_user())
    return made.stands or Document.objects.get(prepared=made)


def lender() -> Investor:
    return register_investor(code="NRB", name="Northmoor Regional Bank", kind=InvestorKind.REGIONAL_BANK)


def test_a_statement_is_stored_with_its_hash_and_what_it_knew(book: Book) -> None:
    document = issue(book)
    kept = Document.objects.get(pk=document.pk)
    assert (kept.number, kept.revision, kept.replaces) == ("2026-Q3-L-0108", 1, None)
    assert (kept.status, kept.seal, kept.title) == ("final", builders.SEAL, "Loan statement")
    assert kept.renderer.startswith("weasyprint ")
    assert kept.last_day == date(2026, 9, 30)
    assert content(kept).startswith(b"%PDF-1.7")
    assert len(content(kept)) == kept.size
    assert verify(kept) == []


def test_the_number_on_the_page_is_the_number_in_the_table(book: Book, page_text: Callable[[bytes], str]) -> None:
    document = issue(book)
    assert f"Statement  {document.number}, final" in page_text(content(document))


def test_asked_again_for_the_same_knowledge_it_is_the_same_document(book: Book) -> None:
    first = issue(book)
    again = issue(book, never, issued_on=date(2026, 11, 24))
    assert again == first
    assert Document.objects.count() == DocumentFile.objects.count() == StatementRun.objects.count() == 1


def test_new_knowledge_that_changes_no_figure_makes_no_new_document(book: Book) -> None:
    first = issue(book)
    assert issue(book, seal=LATER_SEAL) == first
    kept = PreparedStatement.objects.get(stands=first)
    assert (kept.number, kept.file_id, kept.run.seal) == (first.number, first.sha256, LATER_SEAL)
    assert DocumentFile.objects.count() == 1


def test_new_knowledge_or_a_close_makes_a_document_that_replaces_the_one_before(
    book: Book, page_text: Callable[[bytes], str]
) -> None:
    early = issue(book, status=StatementStatus.PROVISIONAL)
    closed = issue(book)
    corrected = issue(book, other, seal=LATER_SEAL)
    assert [early.number, closed.number, corrected.number] == [
        "2026-Q3-L-0108",
        "2026-Q3-L-0108.2",
        "2026-Q3-L-0108.3",
    ]
    assert (closed.replaces, corrected.replaces) == (early, closed)
    assert "Replaces  2026-Q3-L-0108.2" in page_text(content(corrected))


def test_what_was_said_since_makes_a_document_even_if_it_was_said_before(book: Book) -> None:
    """Said, said otherwise, and said as before, under one seal: three, each replacing the one before."""
    made = [issue(book, build, said_sha256=said * 64) for build, said in ((small, "a"), (other, "b"), (small, "a"))]
    assert [one.revision for one in made] == [1, 2, 3]
    assert [one.said_sha256[0] for one in made] == ["a", "b", "a"]
    assert issue(book, never, said_sha256="a" * 64) == made[2]
    assert issue(book, small, said_sha256="c" * 64) == made[2]


def test_nothing_replaces_a_statement_that_knew_the_same(book: Book) -> None:
    """Past the services: a run under the same seal, of the same that was said, with other numbers."""
    first = issue(book, said_sha256="a" * 64)
    run, made = StatementRun.objects.get(), PreparedStatement.objects.get()
    run.pk = made.pk = None
    run.save(force_insert=True)
    made.run, made.number, made.revision, made.replaces = run, f"{first.number}.2", 2, first
    made.save(force_insert=True)
    with pytest.raises(DatabaseError, match="knows no more than the one that it would replace"), transaction.atomic():
        publish_run(run=run, shown_sha256=run_sha256(run), by=make_user())


def test_other_loans_periods_and_lenders_are_numbered_by_themselves(book: Book) -> None:
    issue(book)
    other_period = issue(book, period=(date(2026, 9, 1), date(2026, 10, 1)))
    nrb = lender()
    about = About(DocumentKind.INVESTOR_STATEMENT, "NRB", for_lender, investor=nrb)
    statement = published(begun(book, "NRB", "investor-statement", seal=LATER_SEAL), about)
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
    def wrong(head: StatementHead, earlier: Sequence[Earlier]) -> LoanStatement:
        statement = small(head)
        return replace(statement, interest=replace(statement.interest, opening=Money("0.01", "GBP")))

    with pytest.raises(StatementDoesNotAdd):
        issue(book, wrong)
    with pytest.raises(StatementTooEarly):
        issue(book, seal=LATER_SEAL, issued_on=date(2026, 9, 30))
    assert not Document.objects.exists()
    assert issue(book, period=(date(2026, 8, 1), QUARTER[1])).number == "20260801-20260930-L-0108"


def test_a_file_is_recognised_by_its_bytes_and_by_nothing_less(book: Book) -> None:
    document = issue(book)
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
    "changes",
    [
        {},
        {"prepared": None},
        {"seal": builders.SEAL},
        {"number": "2026-Q3-L-0108"},
        {"revision": 1},
        {"organisation": None},
        {"kind": "investor-statement"},
        {"status": "draft"},
        {"issued_on": date(2026, 9, 30)},
        {"period_start": date(2026, 10, 1)},
    ],
)
def test_the_database_lets_no_statement_in_that_no_published_run_prepared(
    book: Book, changes: dict[str, object]
) -> None:
    document = issue(book)
    with pytest.raises(DatabaseError, match="is not as a published run prepared it"), transaction.atomic():
        changed(document, **changes).save(force_insert=True)


def waiting(book: Book) -> StatementRun:
    """A run that is prepared and not decided."""
    run = begun(book, "L-0108")
    prepare_statement(run, About(DocumentKind.LOAN_STATEMENT, "L-0108", small, organisation=community_shop()))
    return run


def test_nobody_publishes_alone_or_otherwise_than_was_shown(book: Book) -> None:
    run = waiting(book)
    with pytest.raises(SameTwoEyes):
        publish_run(run=run, shown_sha256=run_sha256(run), by=run.prepared_by)
    with pytest.raises(RunRefused, match="is not what you were shown"):
        publish_run(run=run, shown_sha256="0" * 64, by=make_user())
    assert not Document.objects.exists()
    assert [why for _, why in samples(run)] == ["says the most"]


def test_the_database_knows_who_published_what(book: Book) -> None:
    """As the app role: neither an approval of other content, nor the maker, nor a part of the run will do."""
    run, checker = waiting(book), make_user()

    def decide(sha256: str, by: Any, subject: str = "") -> None:
        said = {"subject": subject or f"statement-run:{run.pk}", "content_sha256": sha256}
        made = {"made_by": run.prepared_by, "made_at": run.prepared_at, "checked_by": checker}
        with transaction.atomic():
            approval = Approval.objects.create(**said, **made)
            RunDecision.objects.create(
                run=run, outcome="published", content_sha256=sha256, approval=approval, decided_by=by
            )
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    for asked in (("0" * 64, checker), (run_sha256(run), run.prepared_by), (run_sha256(run), checker, "other:1")):
        with pytest.raises(DatabaseError, match="is not approved whole by a second person"):
            decide(*asked)
    with pytest.raises(DatabaseError, match="is published in part"):
        decide(run_sha256(run), checker)
    publish_run(run=run, shown_sha256=run_sha256(run), by=checker)
    late = PreparedStatement(run=run, kind="loan-statement", subject="L-9", number="L-9", revision=1, size=1)
    late.file = DocumentFile.objects.get()
    with pytest.raises(DatabaseError, match="is decided: nothing is added"), transaction.atomic():
        late.save(force_insert=True)


def test_a_run_that_is_declined_frees_its_numbers_and_one_that_is_overtaken_is_not_published(book: Book) -> None:
    declined = waiting(book)
    with pytest.raises(RunRefused, match="Say why"):
        decline_run(run=declined, shown_sha256=run_sha256(declined), reason=" ", by=declined.prepared_by)
    decline_run(run=declined, shown_sha256=run_sha256(declined), reason="Wrong address", by=declined.prepared_by)
    about = About(DocumentKind.LOAN_STATEMENT, "L-0108", small, organisation=Organisation.objects.get())
    again = begun(book, "L-0108")
    assert prepare_statement(again, about)
    later = begun(book, "L-0108", seal=LATER_SEAL)
    with pytest.raises(RunRefused, match="is overtaken"):
        publish_run(run=again, shown_sha256=run_sha256(again), by=make_user())
    with pytest.raises(RunRefused, match="0 of 1 statements"):
        publish_run(run=later, shown_sha256=run_sha256(later), by=make_user())
    assert published(later, about).number == "2026-Q3-L-0108"
    with pytest.raises(RunRefused, match="is decided already: published"):
        publish_run(run=later, shown_sha256=run_sha256(later), by=make_user())


def test_a_stored_file_that_is_another_is_found(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a superuser could do behind the database's back: here the reading gives other bytes."""
    document = issue(book)
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
    text = page_text(content(issue(book)))
    assert "Issued by  Village Community Fund\n" in text
    assert "Questions" not in text
    assert "please call" not in text


def test_a_download_is_the_stored_file_and_is_noted(book: Book) -> None:
    document, reader = issue(book), make_user()
    response = document_response(reader, document)
    assert response.content == content(document)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="loan-statement-2026-Q3-L-0108.pdf"'
    assert "no-store" in response["Cache-Control"]
    assert list(ReadRecord.objects.values_list("user", "what", "subject")) == [
        (reader.pk, "document", str(document.pk))
    ]


@pytest.mark.committing
def test_four_workers_at_once_prepare_one_statement() -> None:
    book, shop = make_book(code="harbour-hills"), community_shop()
    barrier, run = Barrier(4), begun(book, "L-0108")

    def prepare(_: int) -> int:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=60)
            made = prepare_statement(run, About(DocumentKind.LOAN_STATEMENT, "L-0108", small, organisation=shop))
            assert made is not None
            return made.pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(prepare, range(4)))) == 1
    assert DocumentFile.objects.count() == 1
