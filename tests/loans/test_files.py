"""Documents kept with a business or a loan: judged, kept once, nobody else's, handed out harmlessly, never gone."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.test import Client

from borrowers.domain.errors import NameMalformed
from commonweal.access.models import ReadRecord
from commonweal.access.scope import files_for
from ledger.domain.file_errors import NotWhatItsName
from loans.domain.errors import WithdrawalRefused
from loans.domain.kept_files import KeptKind
from loans.models import FileWithdrawal, Loan, StoredFile
from loans.services import keep_file, withdraw_file
from tests.builders import make_user
from tests.commonweal.access.people import make_borrower, make_staff
from tests.ledger.odd_files import PDF, xlsx
from tests.loans.builders import Fund, make_fund, make_loan

pytestmark = pytest.mark.django_db


@pytest.fixture
def fund() -> Fund:
    return make_fund()


@pytest.fixture
def loan(fund: Fund) -> Loan:
    return make_loan(fund)


def keep(loan: Loan, **changes: Any) -> StoredFile:
    given = {"name": "accounts.pdf", "content": PDF, "kind": KeptKind.ACCOUNTS, "by": make_user()}
    return keep_file(book=loan.book, organisation=loan.organisation, loan=loan, **{**given, **changes})


def logged_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_document_is_kept_once_under_a_name_that_says_nothing(loan: Loan) -> None:
    first = keep(loan, name="C:\\Users\\jo\\accounts.pdf")
    assert (first.name, first.content_type, first.size) == ("accounts.pdf", "application/pdf", len(PDF))
    assert len(first.opaque_name) == 32
    assert first.download_name == f"file-{first.opaque_name[:8]}.pdf"
    assert keep(loan, name="the same.pdf") == first
    assert keep(loan, kind=KeptKind.EVIDENCE) != first


def test_what_it_is_not_is_refused_and_leaves_nothing(loan: Loan) -> None:
    with pytest.raises(NotWhatItsName):
        keep(loan, content=xlsx())
    with pytest.raises(NameMalformed):
        keep(loan, name="accounts\u202efdp.pdf")
    assert not StoredFile.objects.exists()


def test_withdrawing_is_another_row_and_nothing_is_removed(loan: Loan) -> None:
    file = keep(loan)
    with pytest.raises(WithdrawalRefused, match="Say why"):
        withdraw_file(file=file, reason=" ", by=make_user())
    withdraw_file(file=file, reason="Of another year", by=make_user())
    with pytest.raises(WithdrawalRefused, match="withdrawn already"):
        withdraw_file(file=file, reason="Of another year", by=make_user())
    assert keep(loan) != file
    for model in (StoredFile, FileWithdrawal):
        for change in ("UPDATE {} SET id = id", "DELETE FROM {}"):
            with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(change.format(model._meta.db_table))


def test_who_finds_which(fund: Fund, loan: Loan) -> None:
    shared, internal, gone = keep(loan), keep(loan, kind=KeptKind.INTERNAL), keep(loan, kind=KeptKind.OTHER)
    withdraw_file(file=gone, reason="A wrong one", by=make_user())
    other = make_loan(fund, shop="8125")
    assert set(files_for(make_staff(fund.book, "auditor"))) == {shared, internal, gone}
    assert list(files_for(make_borrower(loan.organisation))) == [shared]
    assert list(files_for(make_borrower(other.organisation))) == []


def test_a_download_runs_nowhere_and_is_recorded(fund: Fund, loan: Loan) -> None:
    file, manager = keep(loan), make_staff(fund.book, "manager")
    said = logged_in(manager).get(f"/desk/{fund.book.code}/files/{file.opaque_name}/")
    assert said.content == PDF
    assert said["Content-Disposition"] == f'attachment; filename="{file.download_name}"'
    assert said["X-Content-Type-Options"] == "nosniff"
    assert said["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert said["Cache-Control"] == "private, no-store"
    assert ReadRecord.objects.get(what="file").subject == file.opaque_name


def test_a_business_sends_a_document_and_the_desk_withdraws_it(fund: Fund, loan: Loan) -> None:
    jo, manager = logged_in(make_borrower(loan.organisation)), logged_in(make_staff(fund.book, "manager"))
    refused = jo.post("/borrower/files/", {"kind": "accounts", "loan": loan.pk, "file": upload("a.pdf", b"hello")})
    assert "a.pdf is a text file by its content" in refused.content.decode()
    assert jo.post("/borrower/files/", {"kind": "internal", "loan": loan.pk, "file": upload()}).status_code == 200
    sent = jo.post("/borrower/files/", {"kind": "accounts", "loan": loan.pk, "file": upload()})
    assert sent.status_code == 302
    file = StoredFile.objects.get()
    assert file.name in jo.get("/borrower/files/").content.decode()
    page = f"/desk/{fund.book.code}/loans/{loan.pk}/"
    assert file.name in manager.get(page).content.decode()
    manager.post(f"/desk/{fund.book.code}/files/{file.opaque_name}/withdraw/", {"reason": "Of another year"})
    assert "Of another year" in manager.get(f"{page}files/").content.decode()
    assert file.name not in jo.get("/borrower/files/").content.decode()
    assert jo.get(f"/borrower/files/{file.opaque_name}/").status_code == 404


def upload(name: str = "accounts.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)
