"""Does an investor see where its money is, what came back and what it did, led to the entries; and no more?"""

from __future__ import annotations

import re
from hashlib import sha256
from http import HTTPStatus

from commonweal.access.models import InvestorMembership, ReadRecord
from commonweal.demo.story import HANA, OWEN
from commonweal.documents.models import Document
from investors.domain.kinds import InvestorKind
from investors.services import register_investor
from tests.builders import make_user
from tests.demo import Demo
from tests.demo_more import lend_more
from tests.pages import csv_rows, look

HOME = "/investor/"
HERS = "?investor=TST&fund=harbour-hills"


def test_the_holding_stands_in_one_sentence(demo: Demo) -> None:
    page = look(demo.client(HANA), HOME)
    assert "On 23 November 2026 your part of the loans stood at £7,672.84." in page.text
    assert "You took part with £10,500.00. £3,653.91 has come back or is paid in" in page.text
    assert page.title == "Your money at 23 November 2026 · Tideway Social Trust"


def test_the_account_adds_up_to_what_the_fund_holds(demo: Demo) -> None:
    page = look(demo.client(HANA), HOME)
    assert page.facts("What moved since the beginning") == {
        "Paid in": "£10,500.00",
        "Lent to borrowers your part of the loans": "−£10,500.00",
        "Principal that came back": "£2,827.16",
        "Interest that came back": "£826.75",
        "Held for you, 23 November 2026": "£3,653.91",
    }
    entries = look(demo.client(HANA), page.link("£3,653.91"))
    rows = entries.rows("Entries")
    assert rows[0].startswith("15 Apr 2025 | Paid in by you E-")
    assert rows[0].endswith(" | 10,500.00 | 10,500.00")
    assert rows[1].startswith("1 May 2025 | Drawdown of L-0108 E-")
    assert rows[1].endswith(" | −10,500.00 | 0.00")
    assert rows[-1] == "Balance on 23 November 2026 | 3,653.91"


def test_each_loan_leads_to_the_entries_that_make_the_part(demo: Demo) -> None:
    page = look(demo.client(HANA), HOME)
    borrower = "Netherby Corner Shop Society Netherby, North West; rank 2 of 3"
    assert page.rows("Where your money is") == [
        f"{borrower} | Paid to date | 30.0% | 10,500.00 | 0.00 | 2,827.16 | 0.00 | 0.00 | 7,672.84",
        "Total | 10,500.00 | 0.00 | 2,827.16 | 0.00 | 0.00 | 7,672.84",
    ]
    assert "Lost so far: £0.00." in page.text
    headings, row = csv_rows(demo.client(HANA), HOME)
    assert headings[:4] == ["As at", "Loan", "Borrower", "Place"]
    assert row[:2] == ["2026-11-23", "L-0108"]
    assert dict(zip(headings, row, strict=True))["State"] == "Paid to date"
    assert row[-10:] == ["10500.00", "0.00", "2827.16", "0.00", "0.00", "7672.84", "alike", "", "0.000000", ""]
    assert page.link("7,672.84") == f"/investor/holdings/{demo.loan.pk}/{HERS}"
    entries = look(demo.client(HANA), page.link("7,672.84"))
    rows = entries.rows("Entries")
    assert len(rows) == 20
    assert rows[0].endswith(" | 10,500.00 | 10,500.00")
    assert rows[-1] == "Balance on 23 November 2026 | 7,672.84"
    assert "What makes £7,672.84" in entries.text


def test_the_history_stands_beside_its_chart(demo: Demo) -> None:
    page = look(demo.client(HANA), HOME)
    facts = page.facts("Your principal at each quarter’s end, and on 23 November 2026")
    assert next(iter(facts.values())) == "£10,349.51"
    assert facts["30 September 2026"] == "£7,999.64"
    assert list(facts)[-1] == "23 November 2026"
    title = "Your principal went from £10,349.51 on 30 June 2025 to £7,672.84 on 23 November 2026"
    assert title in page.source


def test_what_it_helped_to_do_claims_no_more_than_was_reported(demo: Demo) -> None:
    page = look(demo.client(HANA), HOME)
    row = "Netherby Corner Shop Society | People in work | 3 on 1 Apr 2025 | 5 to 30 Sep 2026 | 6 by 31 Mar 2028"
    assert page.rows("What it helped to do") == [f"{row} | B third-party record"]
    assert "Supported does not mean caused." in page.text


def test_figures_go_back_to_any_date_and_keep_it(demo: Demo) -> None:
    page = look(demo.client(HANA), HOME, as_of="2026-03-31")
    assert "On 31 March 2026 your part of the loans stood at £8,960.73." in page.text
    row = "Netherby Corner Shop Society | People in work | 3 on 1 Apr 2025 | 4 to 30 Sep 2025 | 6 by 31 Mar 2028"
    assert page.rows("What it helped to do") == [f"{row} | B third-party record"]
    entries = look(demo.client(HANA), page.link("8,960.73"))
    assert entries.rows("Entries")[-1] == "Balance on 31 March 2026 | 8,960.73"
    assert look(demo.client(HANA), HOME, as_of="never").value("as_of") == "2026-11-23"


def test_before_anything_was_lent_nothing_is_claimed(demo: Demo) -> None:
    page = look(demo.client(HANA), HOME, as_of="2025-04-15")
    assert "On 15 April 2025 your part of the loans stood at £0.00." in page.text
    assert page.facts("What moved since the beginning")["Held for you, 15 April 2025"] == "£10,500.00"
    assert page.rows("Where your money is")[0].endswith(
        " | Not drawn | 30.0% | 10,500.00 | 10,500.00 | – | 0.00 | 0.00 | 0.00"
    )
    assert "Your principal over time" not in page.text


def test_one_s_own_statements_are_downloaded_and_the_reading_recorded(demo: Demo) -> None:
    page = look(demo.client(HANA), "/investor/documents/")
    rows = [row.split(" | ") for row in page.rows("Your statements")]
    mine = [state for what, state in rows if "The fund’s impact" not in what]
    assert mine == ["Provisional", "Final", "Final"]
    assert len(rows) == 6, "the fund’s own statement of each period stands beside hers"
    document = Document.objects.get(number="2026-Q3-TST")
    answer = demo.client(HANA).get(page.link("July to September 2026 (PDF)"))
    assert sha256(answer.content).hexdigest() == document.sha256
    assert ReadRecord.objects.filter(user=demo.user(HANA), what="document", subject=str(document.pk)).exists()


def test_nothing_of_other_lenders(demo: Demo) -> None:
    for path in (HOME, f"/investor/holdings/{demo.loan.pk}/", "/investor/cash/", "/investor/documents/"):
        source = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", look(demo.client(HANA), path).source)
        for name in ("Northmoor", "NRB", "Lottery", "LOT", "15,345.67", "7,307.82"):
            assert name not in source


def test_another_s_things_answer_like_ones_that_do_not_exist(demo: Demo) -> None:
    theirs = Document.objects.get(number="2026-Q3-NRB").pk
    loans = Document.objects.get(number="2026-Q3-L-0108").pk
    for path in (
        f"/investor/documents/{theirs}/",
        f"/investor/documents/{loans}/",
        "/investor/documents/987654/",
        "/investor/holdings/987654/",
        "/investor/?investor=NRB",
        "/investor/?fund=nowhere",
        f"/investor/holdings/{demo.loan.pk}/?investor=NRB",
        "/investor/cash/?investor=LOT",
    ):
        assert demo.client(HANA).get(path).status_code == HTTPStatus.NOT_FOUND, path
    assert demo.client(OWEN).get(f"/investor/documents/{theirs}/").status_code == HTTPStatus.OK


def test_several_holdings_add_up(demo: Demo) -> None:
    lend_more(demo, 1)
    page = look(demo.client(HANA), HOME)
    assert page.rows("Where your money is")[-1] == "Total | 13,500.00 | 0.00 | 2,827.16 | 0.00 | 0.00 | 10,672.84"
    assert page.facts("What moved since the beginning")["Held for you, 23 November 2026"] == "£653.91"


def test_who_acts_for_two_investors_chooses_between_them(demo: Demo) -> None:
    InvestorMembership.objects.create(user=demo.user(HANA), investor=demo.investor("LOT"))
    page = look(demo.client(HANA), HOME)
    other = page.link("Lottery first-loss grant, Harbour & Hills Community Fund")
    assert other == "?investor=LOT&fund=harbour-hills"
    page = look(demo.client(HANA), HOME, investor="LOT", fund="harbour-hills")
    assert "your part of the loans stood at £2,557.61." in page.text
    assert [row.split(" | ")[1] for row in page.rows("Your statements")] == ["Provisional", "Final", "Final"]
    assert page.link("My money") == f"{HOME}?investor=LOT&fund=harbour-hills"


def test_an_investor_with_nothing_yet_reads_what_will_come(demo: Demo) -> None:
    newcomer = make_user(name="Newcomer")
    investor = register_investor(code="NEW", name="New Trust", kind=InvestorKind.SOCIAL_INVESTOR)
    InvestorMembership.objects.create(user=newcomer, investor=investor)
    client = demo.client(HANA)
    client.force_login(newcomer)
    assert "Nothing yet" in look(client, HOME).text
    assert "No statements yet" in look(client, "/investor/documents/").text
    for path in ("/investor/cash/", f"/investor/holdings/{demo.loan.pk}/"):
        assert client.get(path).status_code == HTTPStatus.NOT_FOUND
