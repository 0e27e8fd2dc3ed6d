"""Does a borrower's statement say all that moved, to the penny of the ledger, and in words that a borrower knows?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from ledger import queries as ledger
from ledger.services import seal, seal_text
from loans.domain.allocation import Component
from loans.domain.events import FeeCharged, Refunded, Waived, WrittenOff
from loans.domain.fees import FeeKind, FeeSettlement
from loans.domain.servicing import DefaultInterest, Prepayment, Servicing
from loans.loan_statement import LoanStatement
from loans.services import record_recovery, reverse_event
from loans.statement_figures import build_loan_statement
from loans.statements import Issuer, Movements, StatementHead, StatementStatus
from tests.builders import pounds
from tests.loans.builders import asked
from tests.stories.telling import Story, brings

pytestmark = pytest.mark.django_db

LATE = DefaultInterest(Decimal("0.08"), grace_days=7)
ACCOUNTS = {"principal": "1310", "interest": "1320", "fees": "1330", "default_interest": "1340", "in_advance": "2110"}


@pytest.fixture
def bakery() -> Story:
    """£24,000 over 36 months at 6%, with 8% on principal that is more than a week late; what is paid early is held."""
    servicing = Servicing(default_interest=LATE, prepayment=Prepayment.NEXT_INSTALMENT)
    return Story("Ovens of Otterby", asked("24000.00", 36, "2025-06-01"), more=brings(servicing=servicing))


def statement(of: Story, start: str, end: str) -> LoanStatement:
    """The loan's statement of a period, end exclusive, under the seal of all that is known."""
    seal(book=of.fund.book)
    first, after = date.fromisoformat(start), date.fromisoformat(end)
    known = ledger.latest_seal(of.fund.book)
    assert known is not None
    head = StatementHead(
        Issuer("Village fund", (), "", "", "", ""),
        *("A", StatementStatus.PROVISIONAL, first, after, max(after, of.fund.book.business_date)),
        str(seal_text(known)),
    )
    told = build_loan_statement(of.loan, head, known_under=known)
    codes = [f"{code}/{of.loan.reference}" for code in ACCOUNTS.values()]
    stands = ledger.balances(of.fund.book, codes, head.last_day)
    for (name, _), code in zip(ACCOUNTS.items(), codes, strict=True):
        assert abs(getattr(told, name).closing) == abs(stands[code]), name
    assert told.owed == sum(stands.values(), pounds("0.00"))
    return told


def said(table: Movements) -> list[str]:
    return [f"{line.words} {line.amount.amount}" for line in table.lines]


def told_lines(found: LoanStatement) -> list[str]:
    return [f"{row.on:%d %b} {row.what} {row.amount.amount} {row.balance.amount}" for row in found.transactions]


def test_a_payment_that_first_pays_a_fee_is_the_payment_and_not_what_is_left_of_it(bakery: Story) -> None:
    bakery.lend("2025-05-01", "24000.00")
    bakery.happen(FeeCharged(date(2025, 5, 20), 0, pounds("15.00"), kind=FeeKind.LATE))
    bakery.receive("2025-06-02", "530.00")
    found = statement(bakery, "2025-05-01", "2025-07-01")
    assert told_lines(found) == [
        "01 May Lent to you 24000.00 24000.00",
        "20 May Late fee 15.00 24015.00",
        "02 Jun Interest, payment 1 120.00 24135.00",
        "02 Jun Your payment, thank you -530.00 23605.00",
    ]
    assert [row.cash for row in found.transactions] == [pounds("-24000.00"), None, None, pounds("530.00")]
    assert (said(found.fees), said(found.interest)) == (
        ["Late fee 15.00", "Paid by you -15.00"],
        ["Interest charged 120.00", "Interest paid -120.00"],
    )


def test_money_held_in_advance_a_waiver_and_a_write_off_each_have_their_lines(bakery: Story) -> None:
    bakery.lend("2025-05-01", "24000.00")
    bakery.receive("2025-05-12", "1000.00")
    bakery.agree(Refunded(date(2025, 5, 20), 0, pounds("100.00")), reason="Asked for it")
    bakery.on("2025-09-20")
    bakery.happen(FeeCharged(date(2025, 9, 20), 0, pounds("25.00"), settlement=FeeSettlement.CAPITALISED))
    late = statement(bakery, "2025-05-01", "2025-10-01")
    assert said(late.in_advance) == [
        "Paid by you before it was due 1000.00",
        "Given back to you -100.00",
        "Used for what fell due -900.00",
    ]
    assert (said(late.default_interest)[0][:7], late.charges) == ("Charged", late.default_interest.closing)
    assert "20 Sep Fee, added to the loan 25.00" in " ".join(told_lines(late))
    charged = late.default_interest.closing
    bakery.agree(Waived(date(2025, 10, 1), 0, charged, Component.DEFAULT_INTEREST), reason="A hard summer")
    bakery.agree(WrittenOff(date(2025, 10, 6), 0), reason="It closed")
    line = bakery.bank("2025-10-20", "120.00")
    record_recovery(
        loan=bakery.loan,
        amount=pounds("120.00"),
        on=date(2025, 10, 20),
        bank_account="MAIN",
        by=bakery.amina,
        key="till",
        bank_line_id=line.pk,
    )
    gone = statement(bakery, "2025-10-01", "2025-11-01")
    assert f"No longer asked for {-charged.amount}" in said(gone.default_interest)
    assert (gone.owed, [name for name, _ in gone.further_tables]) == (
        pounds("0.00"),
        ["default interest", "written off"],
    )
    written_off, since = gone.lost.lines
    assert (written_off.words, since.words, since.amount) == ("Written off", "Paid by you since", pounds("-120.00"))
    assert gone.lost.closing == written_off.amount - pounds("120.00")
    last = gone.transactions[-1]
    assert (last.what, last.cash) == ("Your payment after the write-off, thank you", pounds("120.00"))


def test_a_payment_that_is_taken_back_says_so(bakery: Story) -> None:
    bakery.lend("2025-05-01", "24000.00")
    paid = bakery.receive("2025-06-02", "730.13")
    bakery.on("2025-06-05")
    reverse_event(event=paid, on=date(2025, 6, 5), reason="It bounced", by=bakery.amina, key="bounced")
    found = statement(bakery, "2025-06-01", "2025-07-01")
    assert found.transactions[-1].what == "Your payment, thank you, taken back"
    assert found.transactions[-1].cash == pounds("-730.13")
    assert said(found.principal) == ["Repaid -610.13", "Corrected 610.13"]
