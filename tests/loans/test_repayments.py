"""Money received is booked where the engine says, whenever it becomes known, and can be taken back."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from moneyed import Money

from ledger.checks import examine
from ledger.services import close_period
from loans import queries
from loans.checks import CHECKS
from loans.domain.errors import ActRefused, KeyUsedBefore, RepaymentRefused, ReversalRefused
from loans.domain.events import FeeCharged
from loans.models import Loan, LoanEvent
from loans.services import HowRepaid, bring_up_to_date, record, record_repayment, reverse_repayment
from tests.builders import pounds
from tests.loans.builders import (
    TODAY,
    asked,
    balances_table,
    entry_table,
    make_drawn_loan,
    make_fund,
    make_loan,
    make_netherby,
    pay,
)
from tests.loans.tables import rows

pytestmark = pytest.mark.django_db

THREE_MONTHS = ("1000.00", 3, "2025-06-01")
"""Due 336.67 on 2 June, 336.67 on 1 July, 336.68 on 1 August 2025; interest 5.00, 3.34, 1.68."""


def take_back(event, on, *, by, key="mistake"):
    """A reversal on a day."""
    return reverse_repayment(event=event, on=date.fromisoformat(on), reason="Paid by another", by=by, key=key)


def test_the_netherby_loan_on_the_business_date():
    fund = make_fund()
    loan = make_netherby(fund)
    at = queries.position_of(loan, TODAY)
    assert (at.principal_outstanding, at.received) == (pounds("25576.12"), pounds("12179.70"))
    assert balances_table(loan, ["2026-11-23"]) == [["2026-11-23", "25576.12", "0.00", "0.00"]]
    assert loan.next_action_on == date(2026, 12, 1)
    last = queries.events(loan).latest("number")
    assert entry_table(last.entry) == rows("""
      2010/MAIN    Dr  676.65
      1320/L-0108  Cr  130.61
      1310/L-0108  Cr  546.04
    """)
    assert examine(fund.book, CHECKS) == []


def test_bringing_up_to_date_posts_each_instalment_once():
    fund = make_fund()
    loan = make_drawn_loan(fund)
    assert len(bring_up_to_date(loan=loan, on=date(2025, 7, 1), by=fund.priya)) == 2
    assert bring_up_to_date(loan=loan, on=date(2025, 7, 1), by=fund.priya) == ()
    stale = Loan.objects.get(pk=loan.pk)
    stale.next_action_on = date(2025, 6, 2)
    stale.save(update_fields=["next_action_on"])
    bring_up_to_date(loan=stale, on=date(2025, 7, 1), by=fund.priya)
    assert queries.entries_of(loan).filter(kind="interest").count() == 2
    assert Loan.objects.get().next_action_on == date(2025, 8, 1)


def test_money_in_advance_is_applied_on_the_due_date():
    fund = make_fund()
    loan = make_drawn_loan(fund, asked(*THREE_MONTHS))
    pay(loan, "500.00", "2025-05-20", by=fund.priya)
    bring_up_to_date(loan=loan, on=date(2025, 8, 1), by=fund.priya)
    assert balances_table(loan, ["2025-05-20", "2025-06-02", "2025-07-01", "2025-08-01"]) == rows("""
      # as of       principal  interest  in advance
      2025-05-20      1000.00      0.00      500.00
      2025-06-02       668.33      0.00      163.33
      2025-07-01       508.34      0.00        0.00
      2025-08-01       508.34      1.68        0.00
    """)


def test_a_loan_is_repaid_to_its_end():
    fund = make_fund()
    loan = make_drawn_loan(fund, asked(*THREE_MONTHS))
    for day, amount in (("2025-06-02", "336.67"), ("2025-07-01", "336.67"), ("2025-08-01", "336.68")):
        pay(loan, amount, day, by=fund.priya)
    at = queries.position_of(loan, date(2025, 8, 1))
    assert (at.settled, at.principal_outstanding) == (True, pounds("0.00"))
    assert Loan.objects.get().next_action_on is None
    with pytest.raises(RepaymentRefused, match=r"£0.01 is £0.01 more than L-0108 owes"):
        pay(loan, "0.01", "2025-08-02", by=fund.priya)


def test_the_last_payment_may_pay_a_fee_too_and_without_it_the_loan_is_not_paid_off():
    fund = make_fund()
    loan = make_drawn_loan(fund, asked(*THREE_MONTHS))
    record(loan=loan, event=FeeCharged(date(2025, 7, 20), 0, pounds("15.00")), by=fund.tom, key="fee")
    pay(loan, "1010.02", "2025-08-01", by=fund.priya)
    at = queries.position_of(loan, TODAY)
    assert (at.settled, at.owed_in_all) == (False, pounds("15.00"))
    pay(loan, "15.00", "2025-08-04", by=fund.priya)
    assert queries.position_of(loan, TODAY).settled
    assert examine(fund.book, CHECKS) == []


def test_the_same_request_again_gives_the_first_answer():
    fund = make_fund()
    loan = make_drawn_loan(fund)
    first = pay(loan, "676.65", "2025-06-02", by=fund.priya, key="once")
    assert pay(loan, "676.65", "2025-06-02", by=fund.priya, key="once") == first
    assert queries.position_of(loan, TODAY).received == pounds("676.65")
    with pytest.raises(KeyUsedBefore, match="with other content"):
        pay(loan, "676.66", "2025-06-02", by=fund.priya, key="once")


@pytest.mark.parametrize(
    "amount, on, said",
    [
        ("1010.03", "2025-06-02", "£1,010.03 is £0.01 more than L-0108 owes to the end of its schedule: £1,010.02"),
        ("0.00", "2025-06-02", "repays nothing"),
        ("-5.00", "2025-06-02", "repays nothing"),
        (Money("5.00", "EUR"), "2025-06-02", "is repaid in GBP, not in EUR"),
        ("5.00", "2025-04-30", "was drawn on 1 May 2025; nothing can be repaid on 30 April 2025"),
        ("5.00", "2026-11-24", "is after 23 November 2026, the business date"),
    ],
)
def test_a_repayment_that_makes_no_sense_is_refused_and_changes_nothing(amount, on, said):
    fund = make_fund()
    loan = make_drawn_loan(fund, asked(*THREE_MONTHS))
    with pytest.raises(RepaymentRefused, match=said):
        pay(loan, amount, on, by=fund.priya)
    assert LoanEvent.objects.count() == queries.entries_of(loan).count() == 1
    assert Loan.objects.get().next_action_on == date(2025, 6, 2)


def test_an_undrawn_loan_takes_no_money():
    fund = make_fund()
    loan = make_loan(fund)
    with pytest.raises(RepaymentRefused, match="L-0108 is not drawn yet"):
        pay(loan, "5.00", "2025-06-02", by=fund.priya)


def test_a_repayment_dated_in_a_closed_period_is_refused():
    fund = make_fund()
    loan = make_drawn_loan(fund)
    bring_up_to_date(loan=loan, on=date(2025, 6, 30), by=fund.priya)
    close_period(book=fund.book, through=date(2025, 6, 30), by=fund.tom)
    with pytest.raises(ActRefused, match=r"the books are open from 1 July 2025\. If it really happened that day"):
        pay(loan, "676.65", "2025-06-02", by=fund.priya)
    assert queries.position_of(loan, TODAY).received == pounds("0.00")
    paid = pay(loan, "676.65", "2025-06-02", by=fund.priya, how=HowRepaid(books_later=True, reason="Found late"))
    assert (paid.effective_on, paid.entry.effective_on) == (date(2025, 6, 2), date(2025, 7, 1))
    assert queries.position_of(loan, date(2025, 6, 2)).received == pounds("676.65")
    assert queries.booked_balances(loan, date(2025, 6, 30)).principal == 3500000
    assert queries.booked_balances(loan, date(2025, 7, 1)).principal == 3500000 - 50165


def test_a_backdated_repayment_moves_what_was_paid_after_it():
    fund = make_fund()
    loan = make_drawn_loan(fund, asked(*THREE_MONTHS))
    pay(loan, "100.00", "2025-07-03", by=fund.priya)
    pay(loan, "336.67", "2025-06-02", by=fund.priya)
    days = ["2025-06-02", "2025-07-01", "2025-07-03"]
    assert balances_table(loan, days) == rows("""
      # as of       principal  interest  in advance
      2025-06-02       668.33      0.00        0.00
      2025-07-01       668.33      3.34        0.00
      2025-07-03       571.67      0.00        0.00
    """)
    again = queries.entries_of(loan).filter(narrative__contains="worked out again").get()
    assert again.effective_on == date(2025, 7, 3)
    assert entry_table(again) == rows("""
      1320/L-0108  Dr  1.66
      1310/L-0108  Cr  1.66
    """)


def test_a_reversal_mirrors_the_entry_and_the_position_follows():
    fund = make_fund()
    loan = make_netherby(fund)
    last = queries.events(loan).latest("number")
    taken_back = take_back(last, "2026-11-20", by=fund.tom)
    assert taken_back.entry.reverses == last.entry
    assert balances_table(loan, ["2026-11-19", "2026-11-20"]) == rows("""
      # as of       principal  interest  in advance
      2026-11-19     25576.12      0.00        0.00
      2026-11-20     26122.16    130.61        0.00
    """)
    at = queries.position_of(loan, date(2026, 11, 20))
    assert (at.arrears, at.days_past_due) == (pounds("676.65"), 18)
    assert take_back(last, "2026-11-20", by=fund.tom) == taken_back
    assert not queries.entries_of(loan).filter(narrative__contains="worked out again").exists()


def test_a_reversal_allocates_later_money_again():
    fund = make_fund()
    loan = make_drawn_loan(fund, asked(*THREE_MONTHS))
    wrong = pay(loan, "336.67", "2025-06-02", by=fund.priya)
    pay(loan, "336.67", "2025-07-01", by=fund.priya)
    take_back(wrong, "2025-07-10", by=fund.tom)
    assert balances_table(loan, ["2025-07-09", "2025-07-10"]) == rows("""
      # as of       principal  interest  in advance
      2025-07-09       335.00      0.00        0.00
      2025-07-10       668.33      3.34        0.00
    """)
    again = queries.entries_of(loan).filter(narrative__contains="worked out again").get()
    assert entry_table(again) == rows("""
      1310/L-0108  Dr  1.66
      1320/L-0108  Cr  1.66
    """)


def test_a_reversal_gives_back_money_that_was_applied_from_advance():
    fund = make_fund()
    loan = make_drawn_loan(fund, asked(*THREE_MONTHS))
    early = pay(loan, "400.00", "2025-05-20", by=fund.priya)
    bring_up_to_date(loan=loan, on=date(2025, 6, 2), by=fund.priya)
    take_back(early, "2025-06-05", by=fund.tom)
    assert balances_table(loan, ["2025-06-04", "2025-06-05"]) == rows("""
      # as of       principal  interest  in advance
      2025-06-04       668.33      0.00       63.33
      2025-06-05      1000.00      5.00        0.00
    """)


def test_what_cannot_be_taken_back():
    fund = make_fund()
    loan = make_drawn_loan(fund)
    drawn = queries.events(loan).get()
    paid = pay(loan, "676.65", "2025-06-02", by=fund.priya)
    with pytest.raises(ReversalRefused, match="Drawdown 1 of L-0108 is not a repayment"):
        take_back(drawn, "2025-06-02", by=fund.tom)
    with pytest.raises(ReversalRefused, match="date its reversal from that day to 23 November 2026"):
        take_back(paid, "2025-06-01", by=fund.tom)
    with pytest.raises(ReversalRefused, match="Say why"):
        reverse_repayment(event=paid, on=TODAY, reason=" ", by=fund.tom, key="mistake")
    take_back(paid, "2025-06-03", by=fund.tom)
    with pytest.raises(ReversalRefused, match="is taken back already"):
        take_back(paid, "2025-06-04", by=fund.tom, key="again")


def test_a_line_of_money_can_be_recorded_again_after_its_reversal():
    fund = make_fund()
    loan = make_drawn_loan(fund)
    paid = pay(loan, "676.65", "2025-06-02", by=fund.priya)
    take_back(paid, "2025-06-02", by=fund.tom)
    record_repayment(
        loan=loan, amount=pounds("676.65"), on=date(2025, 6, 3), bank_account="MAIN", by=fund.priya, key="again"
    )
    assert queries.position_of(loan, date(2025, 6, 3)).principal_outstanding == pounds("34498.35")


@pytest.mark.parametrize("statement", ["UPDATE {} SET amount = 1", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_events_only_grow(statement):
    make_drawn_loan(make_fund())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format("loans_loanevent"))
