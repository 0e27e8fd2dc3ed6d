"""The bank's lines tell what became of payments: paid one by one or as one sum, come back, or nothing for days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from commonweal.jobs.banking import match_and_share
from commonweal.jobs.lending import confirm_by_bank_line
from commonweal.jobs.paying import payments_to_chase, payments_to_make
from commonweal.jobs.readiness import readiness
from ledger.checks import examine
from ledger.domain.payment_errors import PaymentFileMoved, PaymentRefused
from ledger.domain.payments import Payment, PaymentState, Purpose
from ledger.models import BankStatementLine, PaymentOutcome
from ledger.queries import bank_lines_with_rest, on_its_way, payments, unmatched_bank_lines
from ledger.services import HowPaid, make_payment_file, move_business_date, refuse_payment, reverse
from loans.checks import CHECKS
from tests.builders import make_account, post_entry, pounds
from tests.ledger.payment_world import ON, Paying, confirm_account, make_paying
from tests.loans.builders import bank_line

pytestmark = pytest.mark.django_db

BACK = ("2400.00", "HARBOUR-HILLS-0001-1 RETURNED", "2026-11-23")


def states(paying: Paying) -> list[str]:
    """How far each payment is."""
    return [str(one.state) for one in payments(paying.book).order_by("pk")]


def told(paying: Paying, *lines: tuple[str, str]) -> list[int]:
    """The bank tells of these amounts with their references; how many payments that was of, and what waits then."""
    for amount, reference in lines:
        bank_line(paying.fund, amount, reference, "2026-11-23")
    paid = match_and_share(book=paying.book, by=paying.amina)[-1]
    return [paid, unmatched_bank_lines(paying.book).count()]


@pytest.mark.parametrize(
    ("batch", "lines", "told_of", "waits"),
    [
        (False, [("-2400.00", "HARBOUR-HILLS-0001-1"), ("-2800.00", "Netherby harbour-hills-0001-2")], 2, 0),
        (False, [("-2400.00", "harbour-hills-0001-2")], 0, 1),
        (False, [("-5200.00", "HARBOUR-HILLS-0001-B1")], 2, 0),
        (False, [("-5200.00", "HARBOUR-HILLS-0001")], 2, 0),
        (False, [("-5200.00", "")], 0, 1),
        (True, [("-5200.00", "")], 2, 0),
        (True, [("-5200.00", "HARBOUR-HILLS-0002")], 0, 1),
        (False, [("-2400.00", "HH-0108")], 1, 0),
        (False, [("-2399.99", "HARBOUR-HILLS-0001-1")], 0, 1),
    ],
)
def test_what_a_line_pays(batch: bool, lines: list[tuple[str, str]], told_of: int, waits: int) -> None:
    paying = make_paying()
    paying.sent(is_batch=batch)
    assert told(paying, *lines) == [told_of, waits]
    assert states(paying).count(PaymentState.CONFIRMED) == told_of
    assert told(paying) == [0, waits]
    assert [*examine(paying.book, CHECKS)] == []


def test_what_came_back_is_on_its_way_again_and_is_paid_by_another_file() -> None:
    paying = make_paying(1)
    paying.sent()
    assert told(paying, BACK[:2]) == [0, 1]
    assert told(paying, ("-2400.00", "HARBOUR-HILLS-0001-1")) == [1, 1]
    assert told(paying) == [1, 0]
    assert states(paying) == [PaymentState.RETURNED]
    (again,) = payments_to_make(paying.book)
    assert (again.account, str(again.amount.amount)) == ("1020/L-0108", "2400.00")
    paying.sent()
    assert told(paying, ("-2400.00", "HARBOUR-HILLS-0002-1")) == [1, 0]
    assert states(paying) == [PaymentState.RETURNED, PaymentState.CONFIRMED]
    assert (on_its_way(paying.book), payments_to_make(paying.book)) == ({}, [])
    assert [*examine(paying.book, CHECKS)] == []


def test_a_person_s_match_confirms_too_and_its_reversal_takes_that_back() -> None:
    paying = make_paying(1)
    paying.sent()
    line = bank_line(paying.fund, "-2400.00", "no words", "2026-11-23")
    waiting = bank_lines_with_rest().select_related("bank_account").get(pk=line.pk)
    entry = confirm_by_bank_line(loan=paying.loans[0], line=waiting, by=paying.tom)
    assert states(paying) == [PaymentState.CONFIRMED]
    (payment,) = payments(paying.book)
    with pytest.raises(PaymentFileMoved, match="is confirmed, so the bank cannot have refused it"):
        refuse_payment(payment=payment, reason="No", on=line.booked_on, by=paying.tom)
    reverse(entry, book=paying.book, on=line.booked_on, reason="Another loan", key="back", by=paying.tom)
    assert states(paying) == [PaymentState.SENT]
    assert PaymentOutcome.objects.count() == BankStatementLine.objects.count() == 1


def test_a_lender_is_paid_from_its_own_account_in_transit() -> None:
    paying = make_paying(0)
    make_account(book=paying.book, node="1020", subject="NRB", name="Northmoor Regional Bank")
    make_account(book=paying.book, node="2510", subject="NRB", name="Northmoor Regional Bank")
    post_entry(book=paying.book, by=paying.amina, on=ON, amount="90.00", debited="2510/NRB", credited="1020/NRB")
    confirm_account(paying.book, "investor:NRB")
    payment = Payment("investor:NRB", "1020/NRB", pounds("90.00"), Purpose.LENDER, "payout:1", "Q4 2026")
    file = make_payment_file(
        bank_account=paying.bank, payments=[payment], how=HowPaid(ON), at=datetime.now(UTC), by=paying.amina
    )
    with pytest.raises(PaymentRefused, match="is in payment file 1 already and is waiting there"):
        make_payment_file(
            bank_account=paying.bank, payments=[payment], how=HowPaid(ON), at=datetime.now(UTC), by=paying.tom
        )
    paying.check(file)
    paying.take(file)
    assert told(paying, ("-90.00", "HARBOUR-HILLS-0001-1")) == [1, 0]
    assert on_its_way(paying.book) == {}
    assert told(paying, ("90.00", "RETURN HARBOUR-HILLS-0001-1")) == [1, 0]
    assert (on_its_way(paying.book), states(paying)) == ({"1020/NRB": 9000}, [PaymentState.RETURNED])


def test_what_the_bank_does_not_confirm_is_chased() -> None:
    paying = make_paying(1)
    paying.sent(requested_on=date(2026, 11, 25))
    early, late = (readiness(paying.book, date(2026, 11, day)) for day in (24, 30))
    assert "Payments out confirmed" not in [item.label for item in early]
    (waiting,) = (item for item in late if item.label == "Payments out confirmed")
    assert (waiting.may_be_left, waiting.note) == (True, "1 payment of £2,400.00 at the bank and not confirmed")
    found = []
    for _ in range(9):
        paying.fund.book.refresh_from_db()
        found.append(len(payments_to_chase(paying.book)))
        move_business_date(book=paying.book, to=paying.book.business_date + timedelta(days=1))
    assert found == [0, 0, 0, 0, 0, 0, 0, 0, 1]
