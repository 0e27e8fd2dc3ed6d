"""Is a bank's CSV mapped once, looked at before, and asked for again when it does not fit any more?"""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlencode

from django.core.files.uploadedfile import SimpleUploadedFile

from commonweal.demo.story import AMINA
from commonweal.jobs.models import Job
from commonweal.jobs.worker import work
from ledger import queries as ledger
from ledger.models import BankCsvMapping
from ledger.services import open_bank_account
from tests.demo import Demo
from tests.pages import Shown, look, send

LIST = "/desk/harbour-hills/repayments/"
IMPORT, MAPPING = f"{LIST}import/", f"{LIST}csv/"
HEAD = "Date,Counter Party,Reference,Amount (GBP),Balance (GBP)\n"
ROWS = "21/11/2026,Netherby,HH-0108,676.65,13106.35\n22/11/2026,Bank,Charges,-6.35,13100.00\n"
BANK = {"bank_account": "MAIN"}


def upload(demo: Demo, text: str, **data: str) -> Shown:
    return send(demo.client(AMINA), IMPORT, file=SimpleUploadedFile("bank.csv", text.encode()), **data)


def fields_of(page: Shown) -> dict[str, str]:
    names = (
        "sent bank_account date date_format amount debit credit sign balance counterparty reference description "
        "bank_reference delimiter encoding header_row decimal_comma value_date account currency"
    )
    return {name: page.value(name) for name in names.split()}


def test_a_first_csv_is_looked_at_and_confirmed(demo: Demo) -> None:
    page = upload(demo, HEAD + ROWS)
    assert page.title.startswith("Columns of bank.csv")
    assert page.rows("The first lines") == [
        "2 | 21 Nov 2026 | Netherby | HH-0108 | – | £676.65 | £13,106.35",
        "3 | 22 Nov 2026 | Bank | Charges | – | −£6.35 | £13,100.00",
    ]
    assert "Every balance ties, and the last one is £13,100.00" in page.text
    assert not Job.objects.exists()
    done = send(demo.client(AMINA), MAPPING, **fields_of(page), confirm="1")
    assert "CSV files of" in done.text
    assert work(worker="test") == 1
    job = Job.objects.latest("pk")
    assert (job.state, job.result and job.result["new_lines"]) == ("done", 2)
    kept = BankCsvMapping.objects.get()
    assert (kept.version, kept.mapping.amount, kept.mapping.date_format) == (1, "Amount (GBP)", "DD/MM/YYYY")


def confirmed(demo: Demo, text: str = HEAD + ROWS) -> None:
    send(demo.client(AMINA), MAPPING, **fields_of(upload(demo, text)), confirm="1")
    assert work(worker="test") == 1


def test_the_next_one_comes_in_without_asking(demo: Demo) -> None:
    confirmed(demo)
    page = upload(demo, HEAD + ROWS + "23/11/2026,Tynebank,HH-0110,10.00,13110.00\n")
    assert "It is next in the queue" in page.text
    assert work(worker="test") == 1
    assert (
        "1 new bank line, 2 the books had already"
        in look(demo.client(AMINA), LIST.replace("repayments/", f"jobs/{Job.objects.latest('pk').pk}/")).text
    )


def test_one_that_does_not_fit_any_more_is_asked_for_again(demo: Demo) -> None:
    confirmed(demo)
    page = upload(demo, HEAD.replace("Amount (GBP)", "Value") + ROWS)
    assert "The columns kept for" in page.text
    assert "do not fit this file" in page.text
    assert Job.objects.count() == 1
    send(demo.client(AMINA), MAPPING, **fields_of(page), confirm="1")
    assert [each.version for each in BankCsvMapping.objects.order_by("version")] == [1, 2]


def test_a_choice_that_reads_nothing_is_said_beside_its_field(demo: Demo) -> None:
    page = upload(demo, HEAD + "03/04/2026,Netherby,HH-0108,676.65,676.65\n")
    assert page.value("date_format") == ""
    again = send(demo.client(AMINA), MAPPING, **fields_of(page), confirm="1")
    assert again.problems()[0].startswith("The dates can be read in two ways")
    shown = send(demo.client(AMINA), MAPPING, **(fields_of(page) | {"date_format": "MM/DD/YYYY"}))
    assert shown.rows("The first lines")[0].startswith("2 | 4 Mar 2026")
    assert not BankCsvMapping.objects.exists()


def test_what_no_mapping_mends_is_said_at_once(demo: Demo) -> None:
    confirmed(demo)
    page = upload(demo, HEAD + ROWS.replace("13106.35", "13106.36"))
    assert "states a balance of" in page.problems()[0]
    assert upload(demo, "%PDF-1.7, with a comma").problems()[0].startswith("The bank file is a PDF")


def test_of_several_accounts_one_is_chosen(demo: Demo) -> None:
    open_bank_account(
        book=demo.book, code="SAVE", name="Savings", identification="20-00-00 12345678", on=demo.book.opened_on
    )
    assert "A CSV file does not say of which account it is" in upload(demo, HEAD + ROWS).problems()[0]
    page = upload(demo, HEAD + ROWS, **BANK)
    assert page.value("bank_account") == "MAIN"


def test_the_mappings_in_force(demo: Demo) -> None:
    assert "No CSV of this account has come yet" in look(demo.client(AMINA), MAPPING).text
    confirmed(demo)
    facts = look(demo.client(AMINA), MAPPING).facts(f"Columns of {ledger.bank_accounts(demo.book).get().name}")
    assert (facts["Date"], facts["Amount"], facts["Dates are written as"]) == ("Date", "Amount (GBP)", "DD/MM/YYYY")


def test_nobody_elses_file_is_reached(demo: Demo) -> None:
    for token in ("nonsense", "WzEsMSwieCJd:1:x"):
        answer = demo.client(AMINA).get(f"{MAPPING}?{urlencode({'sent': token, **BANK})}")
        assert answer.status_code == HTTPStatus.NOT_FOUND
