"""Bank lines find their loan by the reference that the payer gave; what is not certain stays in suspense."""

from datetime import date

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.errors import KeyUsedForOtherContent, LineMatchedAlready
from ledger.models import JournalEntry
from ledger.queries import balance, balances, trial_balance, unmatched_bank_lines
from loans import queries
from loans.domain.errors import DrawdownRefused
from loans.domain.references import payment_references_in
from loans.models import Booking, Instalment, Loan, LoanEvent, Standing
from loans.services import bring_all_up_to_date, confirm_drawdown, match_bank_lines, reverse_repayment
from loans.services.references import KnownReferences
from loans.services.repayments_of_many import record_repayments
from loans.servicing_queries import posted_with
from tests.builders import pounds
from tests.loans.builders import TODAY, Fund, balances_table, bank_line, entry_table, make_drawn_loan, make_fund, pay
from tests.loans.tables import rows


@pytest.mark.parametrize(
    "text, named",
    [
        ("HH-0108", ["HH-0108"]),
        ("hh 0108", ["HH-0108"]),
        ("HH0108 Netherby shop", ["HH-0108"]),
        ("REF/HH-0108-0019", ["HH-0108"]),
        ("HH-0108 and HH-0109", ["HH-0108", "HH-0109"]),
        ("HH-01081", []),
        ("XHH-0108", []),
        ("0108", []),
        ("", []),
    ],
)
def test_references_are_read_as_people_write_them(text, named):
    assert list(payment_references_in(text, ["HH-0109", "HH-0108", "HH-0110"])) == named


@pytest.mark.django_db
def test_money_in_repays_the_loan_that_it_names():
    fund = make_fund()
    loan = make_drawn_loan(fund)
    bank_line(fund, "676.65", "HH-0108", "2025-06-02")
    (matched,) = match_bank_lines(book=fund.book, by=fund.priya)
    assert (matched.loan, matched.left_because) == (loan, "")
    assert balances_table(loan, ["2025-06-02"]) == [["2025-06-02", "34498.35", "0.00", "0.00"]]
    assert not unmatched_bank_lines(fund.book).exists()
    assert match_bank_lines(book=fund.book, by=fund.priya) == []


@pytest.mark.django_db
def test_money_out_was_the_drawdown():
    fund = make_fund()
    loan = make_drawn_loan(fund)
    line = bank_line(fund, "-35000.00", "Netherby Corner Shop", "2025-05-02", description="Loan HH-0108")
    (matched,) = match_bank_lines(book=fund.book, by=fund.priya)
    assert matched.loan == loan
    confirmed = queries.entries_of(loan).latest("pk")
    assert entry_table(confirmed) == rows("""
      1020/L-0108  Dr  35000.00
      2010/MAIN    Cr  35000.00
    """)
    assert balance(line.bank_account.suspense, TODAY) == pounds("0.00")
    assert not unmatched_bank_lines(fund.book).exists()


@pytest.mark.django_db
def test_what_is_not_certain_stays_in_suspense_with_the_reason():
    fund = make_fund()
    make_drawn_loan(fund)
    make_drawn_loan(fund, shop="8124")
    bank_line(fund, "10.00", "thank you", "2025-06-02")
    bank_line(fund, "20.00", "HH-0108 HH-0109", "2025-06-03")
    bank_line(fund, "50000.00", "HH-0108", "2025-06-04")
    bank_line(fund, "5.00", "HH-0108", "2025-04-25")
    bank_line(fund, "-0.01", "HH-0108", "2025-04-30")
    found = match_bank_lines(book=fund.book, by=fund.priya)
    assert [matched.loan for matched in found] == [None] * 5
    assert [matched.left_because.split(":")[0].split(". ")[0] for matched in found] == [
        "L-0108 was drawn on 1 May 2025; nothing can be repaid on 25 April 2025",
        "£0.01 left the bank on 30 April 2025, but £0.00 of L-0108 was on its way by then",
        "it names no loan",
        "it names 2 loans",
        "£50,000.00 is £9,401.11 more than L-0108 owes to the end of its schedule",
    ]
    assert unmatched_bank_lines(fund.book).count() == 5


@pytest.mark.django_db
def test_a_line_that_was_taken_back_is_left_to_a_person():
    fund = make_fund()
    loan = make_drawn_loan(fund)
    bank_line(fund, "676.65", "HH-0108", "2025-06-02")
    match_bank_lines(book=fund.book, by=fund.priya)
    event = queries.events(loan).latest("number")
    reverse_repayment(event=event, on=date(2025, 6, 3), reason="Meant for another", by=fund.tom, key="mistake")
    (left,) = match_bank_lines(book=fund.book, by=fund.priya)
    assert left.left_because == "it was matched to L-0108 before and taken back: match it by hand"
    pay(loan, "676.65", "2025-06-03", by=fund.priya, bank_line_id=left.line.pk)
    assert not unmatched_bank_lines(fund.book).exists()


@pytest.mark.django_db
def test_a_line_is_not_matched_twice():
    fund = make_fund()
    loan = make_drawn_loan(fund)
    line = bank_line(fund, "676.65", "HH-0108", "2025-06-02")
    pay(loan, "600.00", "2025-06-02", by=fund.priya, bank_line_id=line.pk)
    with pytest.raises(LineMatchedAlready):
        pay(loan, "76.66", "2025-06-02", by=fund.priya, bank_line_id=line.pk)
    pay(loan, "76.65", "2025-06-02", by=fund.priya, bank_line_id=line.pk)
    assert queries.position_of(loan, TODAY).received == pounds("676.65")


@pytest.mark.django_db
def test_no_more_is_confirmed_than_was_drawn():
    fund = make_fund()
    loan = make_drawn_loan(fund)
    line = bank_line(fund, "-35000.01", "HH-0108", "2025-05-02")
    given = {"loan": loan, "on": date(2025, 5, 2), "bank_account": "MAIN", "bank_line_id": line.pk, "by": fund.priya}
    with pytest.raises(DrawdownRefused, match=r"£35,000\.01 left the bank on 2 May 2025, but £35,000\.00"):
        confirm_drawdown(amount=pounds("35000.01"), **given)
    first = confirm_drawdown(amount=pounds("35000.00"), **given)
    assert queries.entries_of(loan).filter(pk=first).exists()


@pytest.mark.django_db
def test_a_confirmation_repeated_gives_the_first_answer():
    fund = make_fund()
    loan = make_drawn_loan(fund)
    line = bank_line(fund, "-35000.00", "HH-0108", "2025-05-02")
    given = {"loan": loan, "on": date(2025, 5, 2), "bank_account": "MAIN", "bank_line_id": line.pk, "by": fund.priya}
    first = confirm_drawdown(amount=pounds("35000.00"), **given)
    assert confirm_drawdown(amount=pounds("35000.00"), **given) == first
    assert line.matches.count() == 1
    with pytest.raises(KeyUsedForOtherContent):
        confirm_drawdown(amount=pounds("34000.00"), **given)


@pytest.mark.django_db
def test_what_a_later_line_has_confirmed_is_not_confirmed_again_by_an_earlier_one():
    fund = make_fund()
    loan = make_drawn_loan(fund)
    bank_line(fund, "-35000.00", "HH-0108", "2025-05-06")
    assert match_bank_lines(book=fund.book, by=fund.priya)[0].loan == loan
    bank_line(fund, "-35000.00", "HH-0108", "2025-05-02")
    (twice,) = match_bank_lines(book=fund.book, by=fund.priya)
    assert twice.left_because.startswith("£35,000.00 left the bank on 2 May 2025, but £0.00 of L-0108 was on its way")
    assert balances(fund.book, ["1020/L-0108"], TODAY) == {"1020/L-0108": pounds("0.00")}


@given(
    st.lists(st.from_regex(r"[A-Z]{1,3}-[0-9]{1,4}", fullmatch=True), max_size=6),
    st.text(alphabet="AaBbHh-/. 0189\n", max_size=30),
)
def test_references_are_looked_up_as_they_are_searched(known, text):
    for written in (text, " ".join([text, *known]), text.join(known).lower()):
        assert KnownReferences(known).named_in(written) == payment_references_in(written, known)


@pytest.mark.django_db
def test_lines_that_wait_are_not_all_tried_again_at_each_import():
    fund = make_fund()
    loan = make_drawn_loan(fund)
    for number in range(8):
        bank_line(fund, f"5000{number}.00", "HH-0108", "2025-06-04")
    fitting = bank_line(fund, "676.65", "HH-0108", "2025-06-05")
    found = match_bank_lines(book=fund.book, by=fund.priya, new=[fitting.statement])
    assert [matched.loan for matched in found] == [None] * 8 + [loan]
    tried = [matched for matched in found if "more than L-0108 owes" in matched.left_because]
    left = {matched.left_because for matched in found if matched.loan is None} - {one.left_because for one in tried}
    assert len(tried) == 3
    assert left == {"it was refused before, as 3 others of L-0108 were now: match it by hand"}
    assert match_bank_lines(book=fund.book, by=fund.priya, new=[])[-1].loan is None


@pytest.mark.django_db
def test_late_lines_of_one_loan_are_told_once_and_leave_the_same_balances(monkeypatch):
    fund = make_fund()
    make_drawn_loan(fund)
    bring_all_up_to_date(book=fund.book, loans=Loan.objects.all(), on=date(2025, 8, 15), by=fund.tom)
    for on, amount in {"2025-05-02": "1600.00", "2025-06-02": "500.00", "2025-08-01": "53.30"}.items():
        bank_line(fund, amount, "HH-0108", on)
    told = []
    for record_some in (lambda **_: {}, record_repayments):
        monkeypatch.setattr("loans.services.matching.record_repayments", record_some)
        with transaction.atomic():
            assert all(one.loan for one in match_bank_lines(book=fund.book, by=fund.priya))
            stood = [trial_balance(fund.book, date(2025, month, day)) for month in range(5, 9) for day in (1, 2, 15)]
            told.append(stood + books_of(fund)[3:])
            told.append(Booking.objects.filter(loan__book=fund.book).count())
            transaction.set_rollback(True)
    assert told[0] == told[2]
    assert told[1] > told[3]


@pytest.mark.django_db
def test_an_import_asks_as_often_whatever_waits():
    fund = make_fund()
    make_drawn_loan(fund)
    costs = []
    for _ in range(2):
        for number in range(6):
            bank_line(fund, f"5000{number}.00", "HH-0108", "2025-06-04")
            bank_line(fund, "10.00", "thank you", "2025-06-04")
        with CaptureQueriesContext(connection) as asked:
            match_bank_lines(book=fund.book, by=fund.priya, new=[])
        costs.append(len(asked))
    assert costs[0] == costs[1]


def books_of(fund: Fund) -> list[object]:
    """All that stands in a fund's books and lists, but for numbers and times."""
    entries = JournalEntry.objects.filter(book=fund.book)
    shown = (
        (LoanEvent, ("loan", "number", "content", "key", "bank_account")),
        (Booking, ("loan", "name", "booked_on", "principal", "interest", "in_advance")),
        (Instalment, ("loan", "no", "due_on", "principal", "interest", "balance")),
        (Standing, ("loan", "effective_on", "until", "principal", "unpaid_due", "in_advance", "oldest_unpaid_due_on")),
    )
    return [
        sorted(repr([one.effective_on, one.narrative, one.kind, one.source, entry_table(one)]) for one in entries),
        *(
            sorted(map(repr, model.objects.filter(loan__book=fund.book).values_list(*columns)))
            for model, columns in shown
        ),
        sorted(Loan.objects.filter(book=fund.book).values_list("pk", "next_action_on", "accrued_through")),
        sorted((line.pk, line.rest) for line in unmatched_bank_lines(fund.book)),
    ]


@pytest.mark.django_db
def test_lines_booked_together_leave_the_same_books_as_one_by_one(monkeypatch):
    fund = make_fund()
    for number in range(4):
        make_drawn_loan(fund, shop=f"812{number}")
    for on, lines in {
        "2025-06-02": {"HH-0108": "676.65", "HH-0109": "100.00", "HH-0110": "90000.00", "thanks": "1.00"},
        "2025-08-15": {"HH-0109": "1300.00", "HH-0108": "676.65", "HH-0108 again": "5.00", "HH-0111": "5000.00"},
    }.items():
        for reference, amount in lines.items():
            bank_line(fund, amount, reference, on)
    told = []
    together = record_repayments
    for record_some in (lambda **_: {}, together):
        monkeypatch.setattr("loans.services.matching.record_repayments", record_some)
        with transaction.atomic():
            found = match_bank_lines(book=fund.book, by=fund.priya)
            bring_all_up_to_date(book=fund.book, loans=Loan.objects.all(), on=date(2025, 8, 15), by=fund.tom)
            told.append(([one.left_because for one in found], books_of(fund)))
            repaid = LoanEvent.objects.filter(kind="repaid").select_related("entry")
            of_events = {one.entry for one in repaid}
            assert [of_events & {*posted_with(one)} for one in repaid] == [{one.entry} for one in repaid]
            transaction.set_rollback(True)
    assert told[0] == told[1]
    assert [bool(why) for why in told[0][0]] == [False, False, True, True, False, False, False, False]
