"""Does a loan's page say where it stands and lead each figure to its entries; and who draws, funds and takes back?"""

from __future__ import annotations

from datetime import date
from http import HTTPStatus

from commonweal.demo.story import AMINA, PRIYA, RUTH, TOM
from commonweal.desk.act_table import ACTS
from ledger import queries as ledger
from ledger.services import move_business_date
from loans.models import Application, EventKind, Loan
from loans.queries import asked_terms_sha256, events, position_of
from loans.services import approve
from tests.builders import pounds
from tests.demo import Demo
from tests.pages import csv_rows, look, send, xlsx_sheet

LIST = "/desk/harbour-hills/loans/"
PARTS = {
    "parts-TOTAL_FORMS": "3",
    "parts-INITIAL_FORMS": "0",
    **{f"parts-{row}-rank": str(row + 1) for row in range(3)},
}


def page_of(loan: Loan, step: str = "") -> str:
    return f"{LIST}{loan.pk}/{step}"


def lend_to_millrace(demo: Demo) -> Loan:
    """L-0109, approved on the story's today and not drawn."""
    waits = Application.objects.get(reference="A-0132")
    shown = asked_terms_sha256(waits)
    return approve(application=waits, shown_sha256=shown, on=demo.book.business_date, by=demo.user(TOM))


def shares(demo: Demo, *amounts: str) -> dict[str, str]:
    """What the form of a loan's lenders sends."""
    lenders = {f"parts-{row}-investor": str(demo.investor(code).pk) for row, code in enumerate(("NRB", "TST", "LOT"))}
    return PARTS | lenders | {f"parts-{row}-amount": amount for row, amount in enumerate(amounts)}


def stands(demo: Demo, code: str) -> str:
    return str(ledger.balances(demo.book, [code], demo.book.business_date)[code].amount)


def test_the_list_says_where_each_loan_stands(demo: Demo) -> None:
    lend_to_millrace(demo)
    assert look(demo.client(TOM), LIST).rows("Loans") == [
        "L-0108 | Netherby Corner Shop Society | Netherby | Paid to date | 1 Dec 2026 | 676.65 | – | 25,576.12 | 6.00%",
        "L-0109 | Millrace Makers Co-operative | Hebden Bridge | Not drawn | – | – | – | 0.00 | 6.25%",
        "Total |  |  | 0.00 | 25,576.12 | ",
    ]


def test_the_list_is_narrowed_by_status_and_so_are_its_files(demo: Demo) -> None:
    lend_to_millrace(demo)
    client = demo.client(TOM)
    for status, found in (("running", "L-0108"), ("undrawn", "L-0109")):
        page = look(client, LIST, status=status)
        assert [row[0] for row in page.table("Loans")[1:]] == [found, "Total"]
        assert [row[0] for row in csv_rows(client, LIST, status=status)[1:]] == [found]
    for status in ("late", "repaid"):
        assert "No loan is in this list on 23 November 2026." in look(client, LIST, status=status).text
    assert len(look(client, LIST, status="no-such").table("Loans")) == 4


def test_the_list_as_files(demo: Demo) -> None:
    rows = csv_rows(demo.client(RUTH), LIST, as_of="2026-10-31")
    assert rows[0][:4] == ["Loan", "Borrower", "Place", "Status"]
    assert rows[1][:5] == ["L-0108", "Netherby Corner Shop Society", "Netherby", "paid to date", "2026-11-02"]
    assert rows[1][5:9] == ["676.65", "0.00", "26122.16", "0.060000"]
    assert "<v>26122.16</v>" in xlsx_sheet(demo.client(RUTH), LIST, as_of="2026-10-31")


def test_a_loan_says_where_it_stands(demo: Demo) -> None:
    page = look(demo.client(TOM), page_of(demo.loan))
    assert page.figures() == {
        "Principal outstanding": "£25,576.12",
        "In arrears": "£0.00",
        "Next instalment": "£676.65",
        "Interest paid": "£2,755.82",
    }
    schedule = page.table("Repayment schedule")
    assert [row[0] for row in schedule[1:]] == [str(number) for number in range(15, 25)]
    assert schedule[4] == ["18", "2 Nov 2026", "Paid", "130.61", "546.04", "676.65", "676.65", "0.00"]
    assert schedule[5] == ["19", "1 Dec 2026", "Due next", "127.88", "548.77", "676.65", "–", "–"]
    assert page.table("Loan principal")[-1] == ["Balance as of 23 November 2026", "25,576.12"]
    assert page.facts("Participations by rank, principal on 23 November 2026") == {
        "1 · Northmoor Regional Bank Regional bank, rank 1 of 3, 60%": "£15,345.67",
        "2 · Tideway Social Trust Social investor, rank 2 of 3, 30%": "£7,672.84",
        "3 · Lottery first-loss grant Own funds, rank 3 of 3, 10%": "£2,557.61",
    }
    assert "10 April 2025 Approved prepared by Priya Nair, approved by Tom Ashworth" in page.text
    assert "2 June 2025 to 1 July 2026 14 more events" in page.text


def test_every_figure_of_a_loan_leads_to_its_entries(demo: Demo) -> None:
    page = look(demo.client(TOM), page_of(demo.loan))
    accounts = dict(ledger.accounts(demo.book).values_list("code", "pk"))
    address = "/desk/harbour-hills/ledger/accounts/{}/?to=2026-11-23"
    assert page.link("£2,755.82") == address.format(accounts["1320/L-0108"])
    assert page.link("£15,345.67") == address.format(accounts["2410/L-0108/NRB"])
    assert page.link("All entries on this account") == address.format(accounts["1310/L-0108"])
    for label in ("£15,345.67", "All entries on this account"):
        assert look(demo.client(TOM), page.link(label).partition("?")[0]).table("Account statement")


def test_a_loan_as_it_stood_before(demo: Demo) -> None:
    page = look(demo.client(TOM), page_of(demo.loan), as_of="2025-06-02")
    assert page.figures()["Principal outstanding"] == "£34,498.35"
    assert page.table("Loan principal")[-1] == ["Balance as of 2 June 2025", "34,498.35"]
    assert "2 November 2026" not in page.text


def test_the_schedule_in_full_and_as_files(demo: Demo) -> None:
    client = demo.client(TOM)
    assert len(look(client, page_of(demo.loan), all="1").table("Repayment schedule")) == 61
    rows = csv_rows(client, page_of(demo.loan))
    assert len(rows) == 61
    assert rows[60][:6] == ["60", "2030-05-01", "due", "3.37", "673.17", "676.54"]
    assert "<v>676.54</v>" in xlsx_sheet(client, page_of(demo.loan))


def test_a_late_instalment_says_so_row_by_row(demo: Demo) -> None:
    move_business_date(book=demo.book, to=date(2027, 1, 5))
    page = look(demo.client(TOM), page_of(demo.loan))
    assert page.figures()["In arrears"] == "£1,353.30"
    schedule = {row[0]: row for row in page.table("Repayment schedule")}
    assert schedule["19"][2:] == ["31–60 days late", "127.88", "548.77", "676.65", "0.00", "676.65"]
    assert schedule["20"][2] == "1–30 days late"
    assert schedule["21"][2] == "Due next"


def test_who_funds_a_loan_has_to_make_the_whole(demo: Demo) -> None:
    loan, client = lend_to_millrace(demo), demo.client(AMINA)
    assert look(client, page_of(loan)).link("Record who funds it") == page_of(loan, "participations/")
    page = send(client, page_of(loan, "participations/"), **shares(demo, "12,000.00", "6,000.00", "1,999.99"))
    assert page.problems() == [
        "The participations in L-0109 sum to £0.01 less than its £20,000.00. Correct the amounts; nothing was changed."
    ]
    assert page.value("parts-2-amount") == "1,999.99"
    assert not loan.participation_sets.exists()
    page = send(client, page_of(loan, "participations/"), **shares(demo, "12,000.00", "6,000.00", "2,000.00"))
    assert page.notices() == ["L-0109 is funded by 3 lenders, whose amounts make the whole."]
    assert page.facts("Participations by rank, principal on 23 November 2026") == {
        "1 · Northmoor Regional Bank Regional bank, rank 1 of 3, 60%": "£12,000.00",
        "2 · Tideway Social Trust Social investor, rank 2 of 3, 30%": "£6,000.00",
        "3 · Lottery first-loss grant Own funds, rank 3 of 3, 10%": "£2,000.00",
    }
    assert "What each has agreed to lend; nothing is drawn yet." in page.text


def test_lenders_in_rank_have_terms_of_their_own(demo: Demo) -> None:
    loan, client = lend_to_millrace(demo), demo.client(AMINA)
    own = {"rule": "senior first", "parts-1-annual_rate": "9", "parts-1-principal_from": "2028-01-14"}
    sent = shares(demo, "12,000.00", "6,000.00", "2,000.00") | own
    page = send(client, page_of(loan, "participations/"), **sent)
    assert page.problems()[0].startswith("The lenders' own rates come to £165.00 a year more than the £1,250.00 that")
    sent |= {"parts-0-annual_rate": "4.5", "parts-0-servicing_fee": "0.25"}
    page = send(client, page_of(loan, "participations/"), **sent)
    assert list(page.facts("Participations by rank, principal on 23 November 2026"))[:2] == [
        "1 · Northmoor Regional Bank Regional bank, rank 1 of 3, 60%; 4.5% a year of its own; "
        "servicing fee 0.25% a year",
        "2 · Tideway Social Trust Social investor, rank 2 of 3, 30%; 9% a year of its own; no principal before "
        "14 January 2028",
    ]
    assert "Interest and principal are paid to the first rank first; the last rank bears losses first." in page.text
    page = look(client, page_of(loan, "participations/"))
    assert (page.value("parts-1-annual_rate"), page.value("parts-1-principal_from")) == ("9", "2028-01-14")


def test_who_funds_a_loan_names_the_line_that_is_wrong(demo: Demo) -> None:
    loan = lend_to_millrace(demo)
    sent = shares(demo, "12,000.00", "lots", "2,000.00") | {"parts-0-rank": "", "parts-2-investor": "987654"}
    page = send(demo.client(TOM), page_of(loan, "participations/"), **sent)
    assert page.problems() == [
        "Line 1: Enter the rank",
        "Line 2: Enter the amount of this lender as pounds and pence, like 12,500.00",
        "Line 3: Select a valid choice. That choice is not one of the available choices.",
    ]
    assert page.title.startswith("Error: Who funds L-0109")


def test_who_funds_a_loan_stands_once_it_is_drawn(demo: Demo) -> None:
    path = page_of(demo.loan, "participations/")
    why = "£35,000.00 of L-0108 is drawn, since 1 May 2025, and its lenders’ money with it."
    page = look(demo.client(TOM), path)
    assert page.forbidden()["Record who funds it"].startswith(why)
    assert page.table("Lenders")[1:] == [
        ["Northmoor Regional Bank", "1 of 3", "21,000.00"],
        ["Tideway Social Trust", "2 of 3", "10,500.00"],
        ["Lottery first-loss grant", "3 of 3", "3,500.00"],
        ["The whole", "35,000.00"],
    ]
    page = send(demo.client(TOM), path, **shares(demo, "35,000.00", "", "") | {"parts-TOTAL_FORMS": "1"})
    assert "cannot be changed any more" in page.problems()[0]
    assert demo.loan.participation_sets.count() == 1


def test_a_drawdown_uses_the_lenders_money(demo: Demo) -> None:
    loan, client = lend_to_millrace(demo), demo.client(AMINA)
    assert "Nobody is recorded as funding this loan." in look(client, page_of(loan, "draw-down/")).text
    send(client, page_of(loan, "participations/"), **shares(demo, "12,000.00", "6,000.00", "2,000.00"))
    page = look(client, page_of(loan, "draw-down/"))
    assert (page.value("amount"), page.value("on")) == ("20,000.00", "2026-11-23")
    page = send(client, page_of(loan, "draw-down/"), amount="10,000.00", on="2026-11-23", key=page.value("key"))
    assert page.notices() == ["£10,000.00 of L-0109 is drawn and on its way until the bank confirms it."]
    assert page.figures()["Agreed, not drawn"] == "£10,000.00"
    assert stands(demo, "2410/L-0109/NRB") == "-6000.00"
    assert stands(demo, "1020/L-0109") == "-10000.00"


def test_a_drawdown_of_more_than_there_is_needs_a_reason(demo: Demo) -> None:
    loan, client = lend_to_millrace(demo), demo.client(AMINA)
    send(client, page_of(loan, "participations/"), **shares(demo, "12,000.00", "6,000.00", "2,000.00"))
    path, sent = page_of(loan, "draw-down/"), {"amount": "20,000.00", "on": "2026-11-23", "key": "once"}
    assert look(client, path).rows("The money for this drawdown") == [
        "At the bank | £12,429.70 | £20,000.00 | £7,570.30",
        "For Northmoor Regional Bank | £7,307.82 | £12,000.00 | £4,692.18",
        "For Tideway Social Trust | £3,653.91 | £6,000.00 | £2,346.09",
        "For Lottery first-loss grant | £1,217.97 | £2,000.00 | £782.03",
    ]
    (problem,) = send(client, path, **sent).problems()
    assert problem == (
        "£20,000.00 of L-0109 is more than there is to lend. Missing are: £4,692.18 of the £12,000.00 of Northmoor "
        "Regional Bank, for whom £7,307.82 is held; £2,346.09 of the £6,000.00 of Tideway Social Trust, for whom "
        "£3,653.91 is held; £782.03 of the £2,000.00 of Lottery first-loss grant, for whom £1,217.97 is held; "
        "£7,570.30 at the bank, which has £12,429.70 that is not on its way already. Draw less, wait for the lenders' "
        "money, or say why it is lent all the same; nothing was changed."
    )
    unsaid = send(client, path, **sent, despite_shortfall="on", shortfall_reason=" ")
    assert unsaid.problems() == ["Say why it is lent although money is missing"]
    assert events(loan).count() == 0
    send(client, path, **sent, despite_shortfall="on", shortfall_reason="The lenders pay in tomorrow")
    assert [event.reason for event in events(loan)] == ["The lenders pay in tomorrow"]
    assert stands(demo, "2510/NRB") == "4692.18"


def test_a_drawdown_sent_twice_is_one(demo: Demo) -> None:
    loan, client = lend_to_millrace(demo), demo.client(AMINA)
    key = look(client, page_of(loan, "draw-down/")).value("key")
    for _ in range(2):
        asked = {"amount": "10,000.00", "on": "2026-11-23", "despite_shortfall": "on", "shortfall_reason": "Tomorrow"}
        send(client, page_of(loan, "draw-down/"), key=key, **asked)
    assert events(loan).count() == 1


def test_a_refused_drawdown_changes_nothing(demo: Demo) -> None:
    loan, client = lend_to_millrace(demo), demo.client(AMINA)
    for sent, problem in (
        (
            {"amount": "20,000.01", "on": "2026-11-23"},
            "£20,000.01 is £0.01 more than is approved and undrawn of L-0109",
        ),
        ({"amount": "20,000.00", "on": "2026-11-22"}, "L-0109 was approved on 23 November 2026; it cannot be drawn"),
        ({"amount": "20,000.00", "on": "2026-11-24"}, "24 November 2026 is after 23 November 2026, the business date"),
        ({"amount": "0.00", "on": "2026-11-23"}, "A drawdown of £0.00 lends nothing."),
        ({"amount": "", "on": ""}, "Enter the drawdown"),
    ):
        page = send(client, page_of(loan, "draw-down/"), **sent)
        assert page.problems()[0].startswith(problem)
        assert page.value("amount") == sent["amount"]
    assert events(loan).count() == 0
    assert position_of(loan, demo.book.business_date).drawn == pounds("0.00")


def test_a_drawdown_on_its_way_is_taken_back(demo: Demo) -> None:
    loan, client = lend_to_millrace(demo), demo.client(AMINA)
    send(client, page_of(loan, "participations/"), **shares(demo, "12,000.00", "6,000.00", "2,000.00"))
    page = send(client, page_of(loan, "draw-down/"), amount="10,000.00", on="2026-11-23", key="once")
    path = page.link("Take the drawdown back")
    assert "The loan can be drawn again." in look(client, path).text
    page = send(client, path, on="2026-11-23", reason="The lease fell through")
    told = "The drawdown of £10,000.00 on 23 November 2026 is taken back. "
    assert page.notices() == [
        f"{told}Nothing of it is on its way any more, and the lenders’ money is held for them again."
    ]
    assert "Drawdown of £10,000.00 taken back recorded by Amina Diallo: The lease fell through" in page.text
    assert page.figures()["Agreed, not drawn"] == "£20,000.00"
    assert [stands(demo, code) for code in ("1020/L-0109", "2410/L-0109/NRB", "2510/NRB")] == [
        "0.00",
        "0.00",
        "-7307.82",
    ]


def test_all_that_is_agreed_is_drawn(demo: Demo) -> None:
    page = look(demo.client(AMINA), page_of(demo.loan, "draw-down/"))
    assert page.forbidden() == {"Draw down": "All that is agreed is drawn. More needs an application of its own."}


def test_a_repayment_is_taken_back_and_its_bank_line_waits_again(demo: Demo) -> None:
    client, repaid = demo.client(AMINA), events(demo.loan).filter(kind=EventKind.REPAID).last()
    assert repaid is not None
    entry = look(client, f"/desk/harbour-hills/ledger/entries/{repaid.entry_id}/")
    path = entry.link("Take this repayment back")
    assert path == page_of(demo.loan, f"events/{repaid.pk}/take-back/")
    assert send(client, path, on="", reason="").problems() == ["Enter the date of the reversal", "Enter the reason"]
    closed = send(client, path, on="2026-09-30", reason="Wrong loan")
    assert "dated 2 November 2026; date its reversal from that day" in closed.problems()[0]
    page = send(client, path, on="2026-11-23", reason="It was another shop’s money")
    told = "The repayment of £676.65 on 2 November 2026 is taken back. Its money is in suspense again."
    assert page.notices() == [told]
    assert page.figures()["In arrears"] == "£676.65"
    assert "Repayment of £676.65 taken back recorded by Amina Diallo: It was another shop’s money" in page.text
    assert stands(demo, "2010/MAIN") == "-926.65"
    assert stands(demo, "2410/L-0108/NRB") == "-15673.30"
    again = send(client, path, on="2026-11-23", reason="Twice")
    assert again.notices() == ["Repayment 19 of L-0108 is taken back already. Nothing was changed."]


def test_somebody_else_s_loan_answers_like_one_that_does_not_exist(demo: Demo) -> None:
    for step in ("", "draw-down/", "participations/", "events/1/take-back/"):
        assert demo.client(TOM).get(f"{LIST}987654/{step}").status_code == HTTPStatus.NOT_FOUND
    assert demo.client(TOM).get(page_of(demo.loan, "events/987654/take-back/")).status_code == HTTPStatus.NOT_FOUND


def test_what_is_not_one_s_to_do_stays_in_sight_with_the_reason(demo: Demo) -> None:
    loan = lend_to_millrace(demo)
    money = {"Draw down", "Record who funds it", *(act.label for act in ACTS)}
    for person, kept_from in ((PRIYA, money), (RUTH, money | {"Record a contact"})):
        page = look(demo.client(person), page_of(loan))
        assert set(page.forbidden()) == kept_from
        assert page.forbidden()["Draw down"].startswith(
            "Only a fund manager or a finance officer may draw a loan down."
        )
