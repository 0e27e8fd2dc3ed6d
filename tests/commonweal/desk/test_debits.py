"""Direct Debit at the desk, from the setting to the file and the return, by two people."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from commonweal.access.models import ReadRecord
from commonweal.demo.story import AMINA, JO, PRIYA, TOM
from commonweal.letters.models import Letter
from commonweal.letters.rounds import write_letters
from ledger.services import move_business_date
from loans.models import DebitRun, Mandate
from tests.commonweal.desk.test_query_counts import cost
from tests.demo import Demo
from tests.demo_more import lend_more
from tests.loans.builders import Fund, pay
from tests.loans.direct_debit.collected import collects, live, make_waiting_run, signed
from tests.pages import look, send

PAGE = "/desk/harbour-hills/direct-debit/"
SETTING = {
    "scheme": "bacs",
    "bank_account": "MAIN",
    "identifier": "123456",
    "creditor_name": "Harbour & Hills",
    "effective_on": "2026-11-01",
    "presents_again": "on",
}
SIGNED = {
    "scheme": "bacs",
    "signed_on": "2026-11-20",
    "account_name": "Netherby Shop",
    "sort_code": "20-45-12",
    "account_number": "12345678",
}


def test_from_the_signature_to_the_return(demo: Demo) -> None:
    finance, manager, officer, jo = (demo.client(person) for person in (AMINA, TOM, PRIYA, JO))
    assert "This book does not collect yet" in look(finance, PAGE).text
    send(manager, f"{PAGE}settings/", **SETTING)
    send(officer, f"/desk/harbour-hills/loans/{demo.loan.pk}/mandates/new/", **SIGNED)
    mandate = Mandate.objects.get()
    one = f"{PAGE}mandates/{mandate.pk}/"
    assert look(finance, PAGE).rows("Mandates")[0].startswith("L-0108-DD01 | Netherby Corner Shop Society L-0108")
    finance.post(f"{PAGE}instructions/")
    told = DebitRun.objects.get()
    approved = {"decision": "approve", "reason": "", "sha256": told.sha256}
    finance.post(f"{PAGE}runs/{told.pk}/decide/", approved)
    assert DebitRun.objects.get().state == "waiting", "nobody approves alone"
    send(manager, f"{PAGE}runs/{told.pk}/decide/", **approved)
    assert "Lodged" in look(officer, one).text
    write_letters(demo.book, demo.book.business_date)
    assert Letter.objects.filter(kind="debit").exists()
    assert "we will collect £676.65 from your account ending 5678" in look(jo, "/borrower/direct-debit/").text
    move_business_date(book=demo.book, to=date(2026, 12, 30))
    new = f"{PAGE}runs/new/?scheme=bacs&on=2027-01-04"
    assert "676.65" in look(finance, new).value(f"amount_{mandate.pk}")
    chosen = {"scheme": "bacs", "on": "2027-01-04", f"collect_{mandate.pk}": "on", f"amount_{mandate.pk}": "700.00"}
    refused = finance.post(f"{PAGE}runs/new/", chosen)
    assert "more than the £676.65 that the payer" in refused.content.decode()
    send(finance, f"{PAGE}runs/new/", **chosen | {f"amount_{mandate.pk}": "676.65"})
    run = DebitRun.objects.get(purpose="collect")
    assert finance.get(f"{PAGE}runs/{run.pk}/file/").status_code == 302, "not before it is approved"
    send(manager, f"{PAGE}runs/{run.pk}/decide/", **approved | {"sha256": run.sha256})
    file = finance.get(f"{PAGE}runs/{run.pk}/file/")
    assert file.content.decode() == run.file
    assert ReadRecord.objects.filter(what="Direct Debit file", subject=str(run.pk)).exists()
    assert "We will collect £676.65 on Monday 4 January 2027" in look(jo, "/borrower/").text
    send(jo, f"/borrower/direct-debit/{mandate.pk}/stop/", words="We pay by hand")
    stopped = look(jo, "/borrower/direct-debit/").text
    assert "Nothing is collected any more since 30 December 2026" in stopped
    assert "it may still be collected" in stopped
    assert "Agree with Netherby Corner Shop Society how to pay" in look(officer, "/desk/harbour-hills/contacts/").text
    assert look(finance, f"{PAGE}runs/{run.pk}/").rows("What it asks for")[0].endswith("| 01 | £676.65 | –")


def test_a_report_that_is_none_is_refused_in_words(demo: Demo) -> None:
    sent = {"file": SimpleUploadedFile("report.xml", b"<html/>")}
    answer = demo.client(AMINA).post(f"{PAGE}reports/", sent)
    assert "none of ARUDD, ADDACS, AUDDIS or DDICA" in answer.content.decode()


@pytest.mark.parametrize("account", ["1234", "12345678"])
def test_a_mandate_of_a_mistyped_account_keeps_what_was_typed(demo: Demo, account: str) -> None:
    given = SIGNED | {"account_number": account, "reference": "DDIC0108"}
    answer = demo.client(PRIYA).post(f"/desk/harbour-hills/loans/{demo.loan.pk}/mandates/new/", given)
    assert "Netherby Shop" in answer.content.decode()
    assert not Mandate.objects.exists()


def test_the_list_costs_the_same_with_one_mandate_and_with_three(demo: Demo) -> None:
    client = demo.client(TOM)
    make_waiting_run(demo.loan)
    before = cost(client, PAGE)
    for number in (1, 2):
        mandate = signed(Fund(demo.book, demo.loan.product, demo.user(PRIYA), demo.user(TOM)), lend_more(demo, number))
        assert mandate.reference in look(client, PAGE).text
    assert cost(client, PAGE) <= before + 1, "the prefetch of what the new ones were told"


def test_who_pays_by_direct_debit_and_was_not_told_of_a_day_yet_is_not_asked_to_pay(demo: Demo) -> None:
    fund = Fund(demo.book, demo.loan.product, demo.user(PRIYA), demo.user(TOM))
    collects(fund)
    live(fund, demo.loan)
    assert "Pay by bank transfer" in look(demo.client(JO), "/borrower/").text, "too late to tell of 1 December"
    pay(demo.loan, "676.65", "2026-11-23", by=fund.priya)
    text = look(demo.client(JO), "/borrower/").text
    assert "we will write to you before we collect it, and you need not do anything." in text
