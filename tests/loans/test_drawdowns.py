"""A drawdown lends what was approved, once, on a day that makes sense."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from moneyed import Money

from ledger.checks import examine
from ledger.services import close_period
from loans import queries
from loans.checks import CHECKS
from loans.domain.errors import ActRefused, DrawdownRefused, KeyUsedBefore, ReversalRefused
from loans.domain.events import RateChanged, Refunded
from loans.domain.fees import FeeKind, FeeSettlement, ProductFee
from loans.domain.movements import STILL
from loans.models import Instalment, Loan, LoanEvent
from loans.services import (
    More,
    approve_proposal,
    bring_up_to_date,
    confirm_drawdown,
    draw_down,
    offer_product,
    preview_taking_back,
    propose,
    record,
    reverse_drawdown,
    reverse_event,
)
from loans.servicing_queries import in_transit
from tests.builders import pounds
from tests.loans.builders import (
    APPROVED_ON,
    DRAWN_ON,
    TODAY,
    asked,
    balances_table,
    bank_line,
    entry_table,
    make_drawn_loan,
    make_fund,
    make_loan,
    pay,
)
from tests.loans.tables import rows

pytestmark = pytest.mark.django_db


def draw(loan, amount, on, *, by, key="drawn"):
    """A drawdown in pounds, unless it is money already."""
    money = pounds(amount) if isinstance(amount, str) else amount
    return draw_down(loan=loan, amount=money, on=on, by=by, key=key)


def test_a_drawdown_books_the_loan_and_makes_its_schedule():
    fund = make_fund()
    loan = make_loan(fund)
    event = draw(loan, "35000.00", DRAWN_ON, by=fund.priya)
    assert entry_table(event.entry) == rows("""
      1310/L-0108  Dr  35000.00
      1020/L-0108  Cr  35000.00
    """)
    loan.refresh_from_db()
    assert loan.next_action_on == date(2025, 6, 2)
    assert Instalment.objects.filter(loan=loan).count() == 60
    last = Instalment.objects.filter(loan=loan).latest("no")
    assert (last.due_on, last.principal, last.interest, last.balance) == (date(2030, 5, 1), 67317, 337, 0)
    assert queries.entries_of(loan).get() == event.entry


def test_the_same_request_again_gives_the_first_answer():
    fund = make_fund()
    loan = make_loan(fund)
    first = draw(loan, "35000.00", DRAWN_ON, by=fund.priya)
    assert draw(loan, "35000.00", DRAWN_ON, by=fund.priya) == first
    assert LoanEvent.objects.get() == first
    with pytest.raises(KeyUsedBefore, match="The key 'drawn' was used on L-0108 for drawdown 1"):
        draw(loan, "34000.00", DRAWN_ON, by=fund.priya)


@pytest.mark.parametrize(
    "amount, on, said",
    [
        ("35000.01", DRAWN_ON, "£35,000.01 is £0.01 more than is approved and undrawn of L-0108: £35,000.00"),
        ("0.00", DRAWN_ON, "lends nothing"),
        ("-1.00", DRAWN_ON, "lends nothing"),
        (Money("1.00", "EUR"), DRAWN_ON, "is lent in GBP, not EUR"),
        ("1.00", date(2025, 4, 21), "was approved on 22 April 2025; it cannot be drawn on 21 April 2025"),
        ("1.00", date(2026, 11, 24), "is after 23 November 2026, the business date"),
        ("1.00", date(2025, 6, 1), "has to be drawn before that day"),
    ],
)
def test_a_drawdown_that_makes_no_sense_is_refused(amount, on, said):
    fund = make_fund()
    loan = make_loan(fund)
    with pytest.raises(DrawdownRefused, match=said):
        draw(loan, amount, on, by=fund.priya)
    assert not LoanEvent.objects.exists()
    assert not queries.entries_of(loan).exists()


def test_no_more_than_the_rest_is_drawn():
    fund = make_fund()
    loan = make_loan(fund)
    draw(loan, "20000.00", APPROVED_ON, by=fund.priya, key="first")
    with pytest.raises(DrawdownRefused, match=r"£15,000\.01 is £0\.01 more than is approved and undrawn"):
        draw(loan, "15000.01", DRAWN_ON, by=fund.priya, key="second")
    draw(loan, "15000.00", DRAWN_ON, by=fund.priya, key="second")
    at = queries.position_of(loan, DRAWN_ON)
    assert (at.drawn, at.undrawn) == (pounds("35000.00"), pounds("0.00"))


def test_a_drawdown_in_a_closed_period_is_refused():
    fund = make_fund()
    loan = make_loan(fund)
    close_period(book=fund.book, through=date(2025, 5, 31), by=fund.tom)
    with pytest.raises(ActRefused, match="the books are open from 1 June 2025"):
        draw(loan, "35000.00", DRAWN_ON, by=fund.priya)
    assert not LoanEvent.objects.exists()
    assert Loan.objects.get().next_action_on is None


def test_a_second_drawdown_leaves_what_is_posted_and_changes_what_comes():
    fund = make_fund()
    loan = make_loan(fund, asked("1500.00", 3, "2025-06-01"))
    draw(loan, "1000.00", DRAWN_ON, by=fund.priya, key="first")
    draw(loan, "500.00", date(2025, 6, 16), by=fund.priya, key="second")
    bring_up_to_date(loan=loan, on=date(2025, 8, 1), by=fund.priya)
    assert balances_table(loan, ["2025-06-02", "2025-06-16", "2025-07-01", "2025-08-01"]) == rows("""
      # as of       principal  interest  in advance
      2025-06-02      1000.00      5.00        0.00
      2025-06-16      1500.00      5.00        0.00
      2025-07-01      1500.00      9.59        0.00
      2025-08-01      1500.00     12.51        0.00
    """)


def test_a_drawdown_before_an_instalment_that_is_posted_is_refused():
    fund = make_fund()
    loan = make_loan(fund, asked("1500.00", 3, "2025-06-01"))
    draw(loan, "1000.00", DRAWN_ON, by=fund.priya, key="first")
    pay(loan, "100.00", "2025-06-02", by=fund.priya)
    with pytest.raises(DrawdownRefused, match="Instalment 1 of L-0108, due on 2 June 2025, is posted"):
        draw(loan, "500.00", date(2025, 5, 20), by=fund.priya, key="second")
    with pytest.raises(DrawdownRefused, match="comes too late"):
        draw(loan, "500.00", date(2025, 8, 4), by=fund.priya, key="second")


def take_back(event, on, *, by, key="back", reason="Sent to the wrong business"):
    return reverse_drawdown(event=event, on=on, reason=reason, by=by, key=key)


def test_a_drawdown_on_its_way_is_taken_back_and_the_loan_drawn_again():
    fund = make_fund()
    loan, back_on = make_loan(fund), date(2025, 5, 6)
    event = draw(loan, "35000.00", DRAWN_ON, by=fund.priya)
    reversal = take_back(event, back_on, by=fund.tom)
    assert take_back(event, back_on, by=fund.tom) == reversal
    assert entry_table(reversal.entry) == rows("""
      1310/L-0108  Cr  35000.00
      1020/L-0108  Dr  35000.00
    """)
    assert (Instalment.objects.count(), Loan.objects.get().next_action_on) == (0, None)
    stood = [queries.position_of(loan, on).drawn for on in (DRAWN_ON, back_on)]
    assert stood == [pounds("35000.00"), pounds("0.00")]
    with pytest.raises(DrawdownRefused, match="that was taken back on 6 May 2025"):
        draw(loan, "20000.00", date(2025, 5, 5), by=fund.priya, key="again")
    draw(loan, "20000.00", date(2025, 5, 7), by=fund.priya, key="again")
    bring_up_to_date(loan=loan, on=fund.book.business_date, by=fund.priya)
    assert queries.position_of(loan, fund.book.business_date).undrawn == pounds("15000.00")
    assert [finding for check in CHECKS for finding in check(fund.book)] == []


def test_a_second_drawdown_taken_back_leaves_the_first():
    fund = make_fund()
    loan = make_loan(fund, asked("1500.00", 3, "2025-06-01"))
    draw(loan, "1000.00", DRAWN_ON, by=fund.priya, key="first")
    before = list(Instalment.objects.values_list("no", "principal", "interest"))
    second = draw(loan, "500.00", date(2025, 5, 12), by=fund.priya, key="second")
    take_back(second, date(2025, 5, 13), by=fund.tom)
    assert list(Instalment.objects.values_list("no", "principal", "interest")) == before
    bring_up_to_date(loan=loan, on=fund.book.business_date, by=fund.priya)
    assert [finding for check in CHECKS for finding in check(fund.book)] == []


def test_a_drawdown_that_something_rests_on_is_not_taken_back():
    fund = make_fund()
    loan = make_loan(fund)
    event = draw(loan, "35000.00", DRAWN_ON, by=fund.priya)
    for on, said in ((date(2025, 4, 30), "date its reversal from that day"), (date(2025, 6, 3), "Instalment 1 of")):
        with pytest.raises(ReversalRefused, match=said):
            take_back(event, on, by=fund.tom)
    with pytest.raises(ReversalRefused, match="Say why"):
        take_back(event, DRAWN_ON, by=fund.tom, reason=" ")
    repaid = pay(loan, "10.00", "2025-05-02", by=fund.priya)
    with pytest.raises(ReversalRefused, match="was repaid after drawdown 1"):
        take_back(event, date(2025, 5, 6), by=fund.tom)
    with pytest.raises(ReversalRefused, match="is not a drawdown"):
        take_back(repaid, date(2025, 5, 6), by=fund.tom)


def test_a_drawdown_that_the_bank_paid_is_not_taken_back():
    fund = make_fund()
    loan = make_drawn_loan(fund)
    line = bank_line(fund, "-1.00", "HH-0108", "2025-05-02")
    confirm_drawdown(
        loan=loan, amount=pounds("1.00"), on=date(2025, 5, 2), bank_account="MAIN", bank_line_id=line.pk, by=fund.priya
    )
    with pytest.raises(ReversalRefused, match=r"of £35,000\.00, and £34,999\.00 is still on its way"):
        take_back(LoanEvent.objects.get(), DRAWN_ON, by=fund.tom)


def test_a_refund_that_the_bank_paid_is_not_taken_back():
    fund = make_fund()
    loan = make_drawn_loan(fund)
    lent = bank_line(fund, "-35000.00", "HH-0108", "2025-05-02")
    paid_out = {"loan": loan, "bank_account": "MAIN", "by": fund.priya}
    confirm_drawdown(**paid_out, amount=pounds("35000.00"), on=date(2025, 5, 2), bank_line_id=lent.pk)
    pay(loan, "2676.65", "2025-06-02", by=fund.priya)
    refund = Refunded(date(2025, 6, 3), 0, pounds("2000.00"))
    proposal = propose(loan=loan, event=refund, reason="It paid too much", by=fund.priya)
    refunded = approve_proposal(proposal=proposal, shown_sha256=proposal.content_sha256, by=fund.tom)
    assert in_transit(loan, TODAY) == pounds("2000.00")
    assert len(preview_taking_back(event=refunded, on=TODAY).entries) > 0
    line = bank_line(fund, "-2000.00", "HH-0108", "2025-06-04")
    confirm_drawdown(**paid_out, amount=pounds("2000.00"), on=date(2025, 6, 4), bank_line_id=line.pk)
    said = r"Refund 3 of L-0108 is of £2,000\.00, and £0\.00 is still on its way: the bank paid the rest\. Record"
    with pytest.raises(ReversalRefused, match=said):
        preview_taking_back(event=refunded, on=TODAY)
    with pytest.raises(ReversalRefused, match=said):
        reverse_event(event=refunded, on=TODAY, reason="A mistake", by=fund.tom, key="back")


def test_a_look_at_taking_a_drawdown_back_is_refused_like_the_act():
    fund = make_fund()
    loan = make_loan(fund)
    event = draw(loan, "35000.00", DRAWN_ON, by=fund.priya)
    pay(loan, "10.00", "2025-05-02", by=fund.priya)
    with pytest.raises(ReversalRefused, match="was repaid after drawdown 1"):
        preview_taking_back(event=event, on=date(2025, 5, 6))
    with pytest.raises(ReversalRefused, match="was repaid after drawdown 1"):
        reverse_event(event=event, on=date(2025, 5, 6), reason="A mistake", by=fund.tom, key="back")


INSERT_DRAWN = """
    INSERT INTO loans_loanevent
        (loan_id, number, kind, effective_on, amount, currency, content, content_sha256, bank_account, reason,
         entry_id, key, recorded_by_id, terms_id)
    VALUES (%s, 9, 'drawn', '2025-06-03', 1, 'GBP', '{}', '', '', '', %s, 'by hand', %s, %s)
"""


def test_in_the_database_a_drawdown_needs_approved_terms_of_its_own_loan():
    fund = make_fund()
    loan, other = make_drawn_loan(fund), make_loan(fund, shop="8124")
    (entry,) = bring_up_to_date(loan=loan, on=date(2025, 6, 2), by=fund.priya)
    theirs, ours = (queries.loan_terms(which).get().pk for which in (other, loan))
    for terms, rule in ((None, "loans_event_is_whole"), (theirs, "loans_drawn_under_terms_of_this_loan")):
        with pytest.raises(IntegrityError, match=rule), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(INSERT_DRAWN, [loan.pk, entry, fund.priya.pk, terms])
    with connection.cursor() as cursor:
        cursor.execute(INSERT_DRAWN, [loan.pk, entry, fund.priya.pk, ours])


@pytest.mark.parametrize(
    "settlement, on_its_way, principal, fees",
    [
        ("paid", "35000.00", "35000.00", "700.00"),
        ("deducted", "34300.00", "35000.00", "0.00"),
        ("capitalised", "35000.00", "35700.00", "0.00"),
    ],
)
def test_the_products_arrangement_fee_comes_with_the_first_drawdown_and_goes_with_it(
    settlement, on_its_way, principal, fees
):
    fee = ProductFee(FeeKind.ARRANGEMENT, share=Decimal("0.02"), settlement=FeeSettlement(settlement))
    fund = make_fund()
    product = offer_product(
        book=fund.book,
        code="with-a-fee",
        name="Loan with a fee",
        amounts=(pounds("100.00"), pounds("99000.00")),
        months=(1, 120),
        annual_rate=Decimal("0.06"),
        payment_prefix="WF",
        more=More(fees=(fee,)),
    )
    loan = make_loan(replace(fund, product=product))
    event = draw_down(loan=loan, amount=pounds("35000.00"), on=DRAWN_ON, by=fund.priya, key="drawn")
    at = queries.position_of(loan, DRAWN_ON)
    assert (in_transit(loan, DRAWN_ON), at.principal_outstanding, at.fees_due) == (
        pounds(on_its_way),
        pounds(principal),
        pounds(fees),
    )
    take_back(event, DRAWN_ON, by=fund.tom)
    assert queries.booked_balances(loan, TODAY) == STILL
    assert in_transit(loan, TODAY) == pounds("0.00")
    assert examine(fund.book, CHECKS) == []


def test_what_becomes_known_of_a_loan_that_was_taken_back_does_not_lend_it_again():
    fund = make_fund()
    loan = make_loan(fund)
    event = draw(loan, "35000.00", DRAWN_ON, by=fund.priya)
    dearer = record(loan=loan, event=RateChanged(DRAWN_ON, 0, Decimal("0.07")), by=fund.tom, key="dearer")
    take_back(event, date(2025, 5, 6), by=fund.tom)
    reverse_event(event=dearer, on=DRAWN_ON, reason="Not agreed", by=fund.tom, key="not agreed")
    assert queries.booked_balances(loan, fund.book.business_date) == STILL
    assert [finding for check in CHECKS for finding in check(fund.book)] == []
