"""Does a bank file come in once, is each line led to what became of it, and can what waits be matched by hand?"""

from __future__ import annotations

from datetime import date
from http import HTTPStatus

from django.core.files.uploadedfile import SimpleUploadedFile

from commonweal.demo import story
from commonweal.demo.camt import write_camt053
from commonweal.demo.story import AMINA, PRIYA, TOM
from commonweal.desk.repayments import PER_PAGE
from commonweal.jobs.models import Job
from commonweal.jobs.worker import work
from ledger import queries as ledger
from ledger.models import BankStatementLine
from ledger.services import close_period
from tests.demo import Demo
from tests.loans.builders import Fund, bank_line
from tests.pages import Shown, csv_rows, look, send, xlsx_sheet

LIST = "/desk/harbour-hills/repayments/"
IMPORT = f"{LIST}import/"


def line_of(demo: Demo, reference: str) -> BankStatementLine:
    return ledger.bank_lines(demo.book).get(reference=reference)


def page_of(line: BankStatementLine, step: str = "") -> str:
    return f"{LIST}lines/{line.pk}/{step}"


def stands(demo: Demo, *codes: str) -> list[str]:
    found = ledger.balances(demo.book, codes, demo.book.business_date)
    return [str(found[code].amount) for code in codes]


def waiting_file(demo: Demo) -> bytes:
    """The bank's next file: Netherby pays its December instalment early."""
    opening = ledger.balances(demo.book, ["1010/MAIN"], story.TODAY)["1010/MAIN"]
    return write_camt053(story.waiting_file(opening, 21))


def bring_in(demo: Demo, content: bytes, name: str = "bank.xml") -> Shown:
    """Amina uploads a file, a worker does its part, and she looks at the job's page again."""
    page = send(demo.client(AMINA), IMPORT, file=SimpleUploadedFile(name, content))
    if page.problems():
        return page
    assert "It is next in the queue. You may leave this page; the work goes on." in page.text
    assert work(worker="test") == 1
    return look(demo.client(AMINA), f"/desk/harbour-hills/jobs/{Job.objects.latest('pk').pk}/")


def test_every_line_says_what_became_of_it(demo: Demo) -> None:
    page = look(demo.client(TOM), LIST)
    (waits,) = page.rows("Bank lines that wait")
    assert waits == (
        " | N C S Soc 20 Nov 2026 · with thanks | Repayment of L-0108, Netherby Corner Shop Society Possible "
        "the payer’s letters are the initials of Netherby Corner Shop Society | 250.00"
    )
    rows = page.rows("Bank lines")
    assert len(rows) == 23
    assert rows[1].startswith("2 Nov 2026 | Netherby Corner Shop Society | HH-0108-0018 | Matched E-")
    assert rows[19].endswith(" | −35,000.00")
    assert page.link("N C S Soc") == page_of(line_of(demo, "with thanks"))


def test_the_account_agrees_with_the_bank_and_leads_to_its_entries(demo: Demo) -> None:
    page = look(demo.client(TOM), LIST)
    assert page.facts("Reconciliation at 20 November 2026") == {
        "The bank says statement HH-0020, to 20 November 2026": "£12,429.70",
        "The books say": "£12,429.70",
        "Difference": "£0.00",
    }
    account = ledger.account(demo.book, "1010/MAIN")
    assert account is not None
    assert page.link("£12,429.70") == f"/desk/harbour-hills/ledger/accounts/{account.pk}/?to=2026-11-20"


def test_the_lines_as_files(demo: Demo) -> None:
    rows = csv_rows(demo.client(TOM), LIST)
    assert rows[1] == ["2026-11-20", "N C S Soc", "with thanks", "", "250.00", "250.00", "HH2611200002"]
    assert len(rows) == 24
    assert "<v>-35000.00</v>" in xlsx_sheet(demo.client(TOM), LIST)


def test_a_line_shows_what_the_bank_said_and_the_entries_it_made(demo: Demo) -> None:
    page = look(demo.client(TOM), page_of(line_of(demo, "HH-0108-0018")))
    facts = page.facts("Bank line")
    assert (facts["Booked"], facts["Amount"], facts["Left in suspense"]) == ("2 November 2026", "£676.65", "£0.00")
    rows = page.rows("Entries of this bank line")
    assert [row.partition(" · ")[2] for row in rows if " · " in row] == [
        "Received from Netherby Corner Shop Society HH-0108-0018",
        "Repayment of L-0108",
    ]
    assert "Nothing of it is left in suspense." in page.text


def test_a_bank_file_is_brought_in_by_a_job(demo: Demo) -> None:
    page = bring_in(demo, waiting_file(demo))
    assert "Finished 1 new bank line; 1 matched to loans, 0 to investors, 1 left in suspense." in page.text
    assert page.link("See the bank lines") == LIST
    assert stands(demo, "1010/MAIN", "2110/L-0108", "2010/MAIN") == ["13106.35", "-676.65", "-250.00"]


def test_the_same_file_twice_changes_nothing(demo: Demo) -> None:
    file = waiting_file(demo)
    bring_in(demo, file)
    entries = ledger.entries(demo.book).count()
    page = bring_in(demo, file, name="again.xml")
    assert "0 new bank lines, 1 the books had already" in page.text
    assert ledger.entries(demo.book).count() == entries


def test_a_bad_file_ends_as_a_failed_job_that_says_why(demo: Demo) -> None:
    lines = ledger.bank_lines(demo.book).count()
    for content, why in (
        (b"%PDF-1.7", "a PDF"),
        (waiting_file(demo)[:-200], "nothing was imported"),
        (waiting_file(demo).replace(b"GB14HHCF20415512345678", b"GB14HHCF20415512345679"), "account"),
        (waiting_file(demo).replace(b"13106.35", b"13106.36"), "a difference of £0.01"),
        (b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + waiting_file(demo), "DOCTYPE"),
    ):
        page = bring_in(demo, content)
        shown = page.problems() or [page.text]
        assert why.lower() in shown[0].lower()
        assert page.problems() or "Failed" in page.text
        assert "root:" not in page.text
    assert ledger.bank_lines(demo.book).count() == lines


def test_no_file_is_refused_by_the_field(demo: Demo) -> None:
    page = send(demo.client(AMINA), IMPORT)
    assert page.problems() == ["Choose a file for “Bank statement file”"]
    assert page.title.startswith("Error: Repayments")
    assert not Job.objects.exists()


def test_a_line_that_waits_is_matched_to_a_loan(demo: Demo) -> None:
    line, client = line_of(demo, "with thanks"), demo.client(AMINA)
    page = look(client, page_of(line))
    assert page.facts("Bank line")["Left in suspense"] == "£250.00"
    assert "L-0108 Netherby Corner Shop Society (HH-0108)" in page.text
    page = send(client, page_of(line, "match/"), purpose=f"loan-{demo.loan.pk}")
    assert page.notices() == ["The bank line of 20 November 2026 is a repayment of L-0108."]
    assert page.figures()["In advance"] == "£250.00"
    assert stands(demo, "2010/MAIN", "2110/L-0108") == ["0.00", "-250.00"]


def test_a_line_that_waits_is_matched_to_an_investor(demo: Demo) -> None:
    line, client = line_of(demo, "with thanks"), demo.client(AMINA)
    page = send(client, page_of(line, "match/"), purpose=f"investor-{demo.investor('TST').pk}")
    assert page.notices() == ["The bank line of 20 November 2026 was paid in by Tideway Social Trust."]
    assert page.facts("Money held") == {"Paid in or come back neither lent nor paid out": "£3,903.91"}
    assert stands(demo, "2010/MAIN") == ["0.00"]


def test_a_line_matched_to_the_wrong_investor_is_taken_back(demo: Demo) -> None:
    line, client = line_of(demo, "with thanks"), demo.client(AMINA)
    send(client, page_of(line, "match/"), purpose=f"investor-{demo.investor('TST').pk}")
    matched = line.matches.get().entry_id
    entry = look(client, look(client, page_of(line)).link(f"E-{matched} · Contribution of TST"))
    path = entry.link("Take this contribution back")
    page = send(client, path, on="2026-11-23", reason="It was the shop’s")
    assert page.notices()[0].endswith("Its bank line waits in suspense again.")
    assert stands(demo, "2010/MAIN", "2510/TST") == ["-250.00", "-3653.91"]
    assert look(client, page_of(line)).facts("Bank line")["Left in suspense"] == "£250.00"


def test_the_line_taken_back_is_matched_to_another(demo: Demo) -> None:
    line, client = line_of(demo, "with thanks"), demo.client(AMINA)
    send(client, page_of(line, "match/"), purpose=f"investor-{demo.investor('TST').pk}")
    path = f"/desk/harbour-hills/ledger/entries/{line.matches.get().entry_id}/reverse/"
    send(client, path, on="2026-11-23", reason="It was the bank’s")
    page = send(client, page_of(line, "match/"), purpose=f"investor-{demo.investor('NRB').pk}")
    assert page.notices() == ["The bank line of 20 November 2026 was paid in by Northmoor Regional Bank."]
    assert stands(demo, "2010/MAIN", "2510/TST", "2510/NRB") == ["0.00", "-3653.91", "-7557.82"]


def test_ticked_lines_are_matched_as_they_were_shown(demo: Demo) -> None:
    line, client = line_of(demo, "with thanks"), demo.client(AMINA)
    token = look(client, LIST).value(f"for-{line.pk}")
    ticked = {"line": [str(line.pk), "987654", "x"], f"for-{line.pk}": token}
    page = send(client, f"{LIST}match/", **ticked)
    assert page.rows(f"Entries for bank line {line.pk}")[:3] == [
        "20 November 2026 · Repayment of L-0108",
        "2010 Suspense, Collections account | 250.00 | ",
        "2110 Repayments in advance, L-0108 |  | 250.00",
    ]
    assert stands(demo, "2010/MAIN") == ["-250.00"]
    shown = {**ticked, f"shown-{line.pk}": page.value(f"shown-{line.pk}"), "confirmed": "1"}
    done = send(client, f"{LIST}match/", **{**shown, f"shown-{line.pk}": "0" * 64})
    assert "would be booked otherwise than you were shown" in done.text
    done = send(client, f"{LIST}match/", **shown)
    assert done.notices() == ["1 bank line is matched."]
    assert stands(demo, "2010/MAIN", "2110/L-0108") == ["0.00", "-250.00"]
    again = send(client, f"{LIST}match/", **shown)
    assert "has £0.00 left to match" in again.text


def test_ticked_lines_of_a_closed_month_say_when_they_are_booked(demo: Demo) -> None:
    line, client = line_of(demo, "with thanks"), demo.client(AMINA)
    close_period(book=demo.book, through=date(2026, 11, 22), by=demo.user(AMINA))
    ticked = {"line": str(line.pk), f"for-{line.pk}": look(client, LIST).value(f"for-{line.pk}")}
    page = send(client, f"{LIST}match/", **ticked)
    assert "the books of that day are closed: booked later, on 23 November 2026" in page.text
    assert page.rows(f"Entries for bank line {line.pk}")[0] == "23 November 2026 · Repayment of L-0108"
    shown = {f"shown-{line.pk}": page.value(f"shown-{line.pk}"), "confirmed": "1"}
    assert send(client, f"{LIST}match/", **ticked, **shown).notices() == ["1 bank line is matched."]


def test_what_is_not_ticked_or_cannot_be_read_is_not_matched(demo: Demo) -> None:
    line, client = line_of(demo, "with thanks"), demo.client(AMINA)
    for token in ("", "loan-987654-25000", "investor-987654-1", "loan-1", "loan-1-1.", "<b>"):
        page = send(client, f"{LIST}match/", line=str(line.pk), **{f"for-{line.pk}": token}, confirmed="1")
        assert page.notices() == ["Tick at least one line that has a suggestion. Nothing was changed."]
    refused = send(client, f"{LIST}match/", line=str(line.pk), **{f"for-{line.pk}": "charge-0-25000"})
    assert "is money in, and no bank charge" in refused.text
    assert stands(demo, "2010/MAIN") == ["-250.00"]


def test_a_line_is_shared_after_a_preview_and_undone(demo: Demo) -> None:
    line, client = line_of(demo, "with thanks"), demo.client(AMINA)
    loan, bank = f"loan-{demo.loan.pk}", f"investor-{demo.investor('NRB').pk}"
    said = {"purpose": loan, "purpose_2": bank, "amount_2": "100.00"}
    assert send(client, page_of(line, "match/"), purpose=loan, purpose_2=bank).problems() == [
        "Enter the amount of part 2"
    ]
    page = send(client, page_of(line, "match/"), **said, preview="1")
    assert len([row for row in page.rows("Entries that would be posted") if " · " in row]) == 2
    done = send(client, page_of(line, "match/"), **said, shown=page.value("shown"))
    assert done.notices() == ["The bank line of 20 November 2026 is shared among 2 parts."]
    assert stands(demo, "2010/MAIN", "2110/L-0108", "2510/NRB") == ["0.00", "-150.00", "-7407.82"]
    assert send(client, page_of(line, "undo/")).problems() == ["Enter the reason"]
    undone = send(client, page_of(line, "undo/"), reason="It was a gift")
    assert undone.facts("Bank line")["Left in suspense"] == "£250.00"
    assert "It was a gift" in undone.text, "what was taken back stays, with its reason"
    assert stands(demo, "2010/MAIN", "2110/L-0108", "2510/NRB") == ["-250.00", "0.00", "-7307.82"]


def test_a_refused_match_leaves_the_line_where_it_was(demo: Demo) -> None:
    line, client = line_of(demo, "with thanks"), demo.client(AMINA)
    assert send(client, page_of(line, "match/"), purpose="").problems() == ["Choose an answer under “What was it for?”"]
    for unknown in ("loan-987654", "investor-987654", "loan-", "book-1"):
        assert len(send(client, page_of(line, "match/"), purpose=unknown).problems()) == 1
    matched = line_of(demo, "HH-0108-0018")
    assert send(client, page_of(matched, "match/"), purpose=f"loan-{demo.loan.pk}").problems()
    assert stands(demo, "2010/MAIN") == ["-250.00"]


def test_what_is_not_one_s_to_do_stays_in_sight_with_the_reason(demo: Demo) -> None:
    why = "Only a fund manager or a finance officer may "
    assert look(demo.client(PRIYA), LIST).forbidden()["Bring it in"].startswith(f"{why}bring in a bank file.")
    page = look(demo.client(PRIYA), page_of(line_of(demo, "with thanks")))
    assert page.forbidden()["Match"].startswith(f"{why}say what the money of a bank line was for.")


def test_somebody_else_s_line_answers_like_one_that_does_not_exist(demo: Demo) -> None:
    assert demo.client(TOM).get(f"{LIST}lines/987654/").status_code == HTTPStatus.NOT_FOUND
    assert demo.client(TOM).post(f"{LIST}lines/987654/match/").status_code == HTTPStatus.NOT_FOUND


def test_lines_that_wait_come_by_pages(demo: Demo) -> None:
    fund = Fund(demo.book, demo.loan.product, priya=demo.user(PRIYA), tom=demo.user(TOM))
    for number in range(PER_PAGE + 2):
        bank_line(fund, "1.00", f"Nameless {number:02}", "2026-11-20")
    waits = len(look(demo.client(AMINA), LIST).rows("Bank lines that wait"))
    assert waits == PER_PAGE
    rest = look(demo.client(AMINA), f"{LIST}?waiting=2")
    assert 2 <= len(rest.rows("Bank lines that wait")) < PER_PAGE
    assert "lines that wait" in rest.text


def test_each_statement_stands_beside_the_books(demo: Demo) -> None:
    client = demo.client(TOM)
    path = look(client, LIST).link("Every statement of Collections account beside the books")
    page = look(client, path)
    assert "Agrees with the bank" in page.text
    assert page.rows("Statements")[0].startswith("HH-0020 1 Nov 2026")
    assert page.rows("Lines of this account that wait") == ["20 Nov 2026 | N C S Soc | with thanks | Waiting | 250.00"]
    fund = Fund(demo.book, demo.loan.product, priya=demo.user(PRIYA), tom=demo.user(TOM))
    bank_line(fund, "1.00", "of another day", "2026-11-23")
    page = look(client, path)
    assert page.rows("Statements")[0].endswith("Differs by £12,430.70 No file 21 Nov 2026 to 22 Nov 2026")
    assert "no file tells of 21 November 2026 to 22 November 2026" in page.text
    assert csv_rows(client, path)[1][8:] == ["12430.70", "12430.70", "2026-11-21", "2026-11-22"]
    assert client.get(f"{LIST}accounts/987654/").status_code == HTTPStatus.NOT_FOUND
