"""Do trial balance, accounts, journal and entries say the same, lead to each other, and undo only by reversal?"""

from __future__ import annotations

from http import HTTPStatus

from commonweal.demo.story import AMINA, PRIYA, RUTH, TOM
from ledger import queries
from ledger.domain.entry import Kind
from ledger.models import Account, JournalEntry
from tests.builders import post_entry
from tests.demo import Demo
from tests.pages import csv_rows, look, send, xlsx_sheet

LEDGER = "/desk/harbour-hills/ledger/"
JOURNAL = f"{LEDGER}journal/"


def account(demo: Demo, code: str) -> Account:
    found = queries.account(demo.book, code)
    assert found is not None
    return found


def last_entry(demo: Demo, kind: Kind) -> JournalEntry:
    found = queries.entries(demo.book).filter(kind=kind).first()
    assert found is not None
    return found


def test_the_trial_balance_adds_up_by_kind(demo: Demo) -> None:
    page = look(demo.client(RUTH), LEDGER)
    rows = page.rows("Trial balance")
    assert [row for row in rows if " | " not in row] == ["Assets", "Liabilities", "Income", "Expenses"]
    assert "1310/L-0108 | Loan principal, L-0108 | 25,576.12 | " in rows
    assert "1320/L-0108 | Interest receivable, L-0108 | 0.00 | " in rows
    assert "2510/NRB | Money held for investors, Northmoor Regional Bank |  | 7,307.82" in rows
    assert "2420/L-0108/NRB | Participations in interest, L-0108, Northmoor Regional Bank |  | 0.00" in rows
    assert rows[-1] == "Total | 40,761.64 | 40,761.64"


def test_each_balance_leads_to_the_account_s_statement(demo: Demo) -> None:
    page, principal = look(demo.client(RUTH), LEDGER), account(demo, "1310/L-0108")
    path = page.link("25,576.12")
    assert path == f"{LEDGER}accounts/{principal.pk}/?to=2026-11-23"
    statement = look(demo.client(RUTH), path)
    rows = statement.rows("Account statement")
    assert rows[0].startswith("23 Nov 2025 |  | Balance brought forward")
    last = last_entry(demo, Kind.REPAYMENT)
    assert rows[-2:] == [
        f"2 Nov 2026 | E-{last.pk} | Repayment of L-0108 |  | 546.04 | 25,576.12",
        "Balance as of 23 November 2026 | 25,576.12",
    ]
    assert statement.link(f"E-{last.pk}") == f"{LEDGER}entries/{last.pk}/"


def test_the_trial_balance_goes_back_to_any_date(demo: Demo) -> None:
    rows = look(demo.client(RUTH), LEDGER, as_of="2025-05-01").rows("Trial balance")
    assert "1310/L-0108 | Loan principal, L-0108 | 35,000.00 | " in rows
    assert rows[-1] == "Total | 35,000.00 | 35,000.00"
    assert "Nothing posted yet" in look(demo.client(RUTH), LEDGER, as_of="2025-03-31").text


def test_the_trial_balance_as_it_was_known_under_a_seal(demo: Demo) -> None:
    first = queries.seals(demo.book).last()
    assert first is not None
    page = look(demo.client(RUTH), LEDGER, seal=str(first.number))
    assert f"As it was known under seal {first.number}." in page.text
    assert page.rows("Trial balance")[-1] != "Total | 40,761.64 | 40,761.64"
    assert page.value("seal") == str(first.number)
    assert demo.client(RUTH).get(LEDGER, {"seal": "987654"}).status_code == HTTPStatus.NOT_FOUND


def test_the_trial_balance_as_files(demo: Demo) -> None:
    rows = csv_rows(demo.client(RUTH), LEDGER)
    assert ["1310/L-0108", "Loan principal, L-0108", "asset", "GBP", "25576.12", ""] in rows
    assert ["2510/LOT", "Money held for investors, Lottery first-loss grant", "liability", "GBP", "", "1217.97"] in rows
    assert "<v>25576.12</v>" in xlsx_sheet(demo.client(RUTH), LEDGER)


def test_an_account_between_two_dates_and_as_a_file(demo: Demo) -> None:
    path = f"{LEDGER}accounts/{account(demo, '1310/L-0108').pk}/"
    asked = {"from": "2025-05-01", "to": "2025-06-30"}
    page = look(demo.client(RUTH), path, **asked)
    assert [row.split(" | ")[-1] for row in page.rows("Account statement")] == [
        "0.00",
        "35,000.00",
        "34,498.35",
        "34,498.35",
    ]
    rows = csv_rows(demo.client(RUTH), path, **asked)
    assert [row[3:] for row in rows[1:]] == [["35000.00", "35000.00"], ["-501.65", "34498.35"]]
    assert page.title.startswith("1310/L-0108 Loan principal, L-0108")
    turned = look(demo.client(RUTH), path, **{"from": "2026-01-01", "to": "2025-06-30"})
    assert turned.value("from") == "2025-06-30"


def test_an_account_that_nothing_moved_says_so(demo: Demo) -> None:
    page = look(demo.client(RUTH), f"{LEDGER}accounts/{account(demo, '4020').pk}/")
    assert "Nothing moved on this account between these dates." in page.text


def test_the_chart_has_each_line_with_its_accounts(demo: Demo) -> None:
    page = look(demo.client(RUTH), f"{LEDGER}chart/")
    rows = page.rows("Chart of accounts")
    assert "1000 | Money | Asset | " in rows
    assert "2510 | Money held for investors | Liability | 2510/LOT · 2510/NRB · 2510/TST" in rows
    assert csv_rows(demo.client(RUTH), f"{LEDGER}chart/")[2] == ["1010", "Bank accounts", "asset", "1000"]


def test_the_journal_has_the_latest_first_with_what_each_entry_moves(demo: Demo) -> None:
    page = look(demo.client(RUTH), JOURNAL)
    rows = page.rows("Journal entries")
    assert len(rows) == 50
    assert rows[0].startswith("E-165 | 20 Nov 2026 | Received from N C S Soc with thanks | Bank | Amina Diallo | ")
    assert rows[0].endswith(" | 250.00")
    assert "1 to 50 of 169 entries" in page.text
    assert len(look(demo.client(RUTH), JOURNAL, page="4").rows("Journal entries")) == 19
    assert len(csv_rows(demo.client(RUTH), JOURNAL)) == 170


def test_the_journal_is_searched_by_number_words_and_source(demo: Demo) -> None:
    for asked, found in (("E-165", 1), ("165", 1), ("with THANKS", 1), ("loan:L-0108", 72), ("9" * 5000, 0), ("!?", 0)):
        page = look(demo.client(RUTH), JOURNAL, q=asked)
        if found:
            assert len(page.rows("Journal entries")) == min(found, 50)
            assert len(csv_rows(demo.client(RUTH), JOURNAL, q=asked)) == found + 1
        else:
            assert "No entry found" in page.text


def test_an_entry_says_what_it_moved_for_whom_and_where_it_comes_from(demo: Demo) -> None:
    repaid = last_entry(demo, Kind.REPAYMENT)
    page = look(demo.client(RUTH), f"{LEDGER}entries/{repaid.pk}/")
    assert page.rows("Postings of this entry") == [
        f"E-{repaid.pk} · Repayment of L-0108",
        "2010 Suspense, Collections account | 676.65 | ",
        "1320 Interest receivable, L-0108 |  | 130.61",
        "1310 Loan principal, L-0108 |  | 546.04",
        "Balances | 676.65 | 676.65",
    ]
    assert page.rows("The lenders’ side of this entry")[-1] == "Balances | 676.65 | 676.65"
    facts = page.facts("About this entry")
    assert facts["Source"] == "Loan L-0108, Netherby Corner Shop Society"
    assert facts["Posted by"] == "Amina Diallo"
    assert facts["Sealed"].startswith("At place ")
    assert page.link("Loan L-0108, Netherby Corner Shop Society") == f"/desk/harbour-hills/loans/{demo.loan.pk}/"


def test_every_source_leads_to_what_caused_the_entry(demo: Demo) -> None:
    for kind, words in (
        (Kind.BANK, "Bank line"),
        (Kind.CONTRIBUTION, "Lottery first-loss grant"),
        (Kind.APPORTIONMENT, "E-"),
    ):
        page = look(demo.client(RUTH), f"{LEDGER}entries/{last_entry(demo, kind).pk}/")
        source = page.facts("About this entry")["Source"]
        assert source.startswith(words)
        assert demo.client(RUTH).get(page.link(source)).status_code == HTTPStatus.OK


def test_an_entry_by_hand_is_reversed_once_in_an_open_period(demo: Demo) -> None:
    client, entry = demo.client(AMINA), post_entry(book=demo.book, by=demo.user(AMINA), on=demo.book.business_date)
    path = f"{LEDGER}entries/{entry.pk}/reverse/"
    assert look(client, f"{LEDGER}entries/{entry.pk}/").link("Reverse this entry") == path
    assert send(client, path, on="", reason=" ").problems() == ["Enter the date of the reversal", "Enter the reason"]
    refused = send(client, path, on="2026-09-30", reason="Twice the fee")
    assert refused.problems()[0].startswith(
        f"E-{entry.pk} is dated 23 November 2026; its reversal cannot be dated earlier"
    )
    assert refused.value("reason") == "Twice the fee"
    ahead = send(client, path, on="2026-11-24", reason="Twice the fee").problems()
    assert ahead[0].startswith("24 November 2026 is after 23 November 2026, the business date of")
    assert not JournalEntry.objects.filter(reverses=entry).exists()
    page = send(client, path, on="2026-11-23", reason="Twice the fee")
    mirror = JournalEntry.objects.get(reverses=entry)
    assert page.notices() == [f"E-{entry.pk} was reversed by E-{mirror.pk}."]
    assert page.facts("About this entry")["Reverses"] == f"E-{entry.pk}"
    again = look(client, f"{LEDGER}entries/{entry.pk}/")
    assert again.facts("About this entry")["Reversed by"] == f"E-{mirror.pk} on 23 November 2026"
    assert "Reverse this entry" not in again.text
    assert send(client, path, on="2026-11-23", reason="Again").problems()


def test_what_is_corrected_elsewhere_is_not_reversed_here(demo: Demo) -> None:
    client, bank = demo.client(TOM), last_entry(demo, Kind.BANK)
    page = look(client, f"{LEDGER}entries/{bank.pk}/")
    why = "This entry follows from a loan, a bank line or another entry. Correct it there"
    assert page.forbidden()["Reverse this entry"].startswith(why)
    page = send(client, f"{LEDGER}entries/{bank.pk}/reverse/", on="2026-11-23", reason="No")
    assert page.notices()[0].startswith(why)
    assert not JournalEntry.objects.filter(reverses=bank).exists()


def test_who_may_not_reverse_reads_why(demo: Demo) -> None:
    entry = post_entry(book=demo.book, by=demo.user(AMINA), on=demo.book.business_date)
    page = look(demo.client(PRIYA), f"{LEDGER}entries/{entry.pk}/")
    assert page.forbidden()["Reverse this entry"].startswith("Only a fund manager or a finance officer may reverse")


def test_somebody_else_s_account_or_entry_answers_like_one_that_does_not_exist(demo: Demo) -> None:
    for path in ("accounts/987654/", "entries/987654/", "entries/987654/reverse/"):
        assert demo.client(TOM).get(f"{LEDGER}{path}").status_code == HTTPStatus.NOT_FOUND
