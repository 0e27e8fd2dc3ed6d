"""A loan under a guarantee: entered, certified, claimed by two people, paid, lost, recovered, shared and paid over."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from ledger.domain.entry import JournalEntry, Kind, credit, debit
from ledger.queries import balances
from ledger.services import post
from loans.domain.errors import GuaranteeRefused
from loans.domain.guarantee import SchemeTerms
from loans.domain.provision import Stage
from loans.losses import loss_accounts, provision_rows
from loans.models import Loan, SchemeParameters
from loans.queries import events
from loans.services import (
    approve_claim,
    certify,
    claimable,
    cover_loss,
    enter_scheme,
    pay_over,
    propose_claim,
    record_claim_paid,
    set_provision_rule,
    share_with_guarantor,
)
from tests.builders import pounds
from tests.loans.builders import Fund, asked, bank_line, make_drawn_loan, make_fund

pytestmark = pytest.mark.django_db

FROM = date(2025, 1, 1)
CLAIMED_ON = date(2025, 9, 15)
HALF = dict.fromkeys(Stage, Decimal("0.5"))


def terms(share: str = "0.70", most: str = "2000000.00", months: int = 72) -> SchemeTerms:
    return SchemeTerms(
        FROM, None, Decimal(share), Decimal("0.70"), pounds("25001.00"), pounds(most), months, claim_after_days=90
    )


@pytest.fixture
def fund() -> Fund:
    return make_fund(today=date(2025, 12, 31))


@pytest.fixture
def scheme(fund: Fund) -> SchemeParameters:
    return enter_scheme(
        book=fund.book, code="scheme", name="A guarantee scheme", terms=terms(), source="Its guide, page 4", by=fund.tom
    )


def guaranteed_loan(fund: Fund, scheme: SchemeParameters) -> Loan:
    loan = make_drawn_loan(fund, asked("100000.00", 60))
    certify(loan=loan, parameters=scheme, reference="G-1", on=date(2025, 5, 1), by=fund.priya)
    return loan


def claim(fund: Fund, loan: Loan) -> None:
    proposal = propose_claim(loan=loan, on=CLAIMED_ON, reason="It closed in June", by=fund.priya)
    approve_claim(proposal=proposal, shown_sha256=proposal.content_sha256, by=fund.tom)


def book(fund: Fund, loan: Loan, on: date, amount: str, debited: str, credited: str) -> None:
    lines = (debit(debited, pounds(amount)), credit(credited, pounds(amount)))
    entry = JournalEntry(on, "A step of the story", lines, kind=Kind.WRITE_OFF, source=f"loan:{loan.reference}")
    post([entry], book=fund.book, key=f"story:{on}:{amount}", by=fund.tom)


def test_a_hundred_thousand_owed_cost_the_fund_twenty_four(fund: Fund, scheme: SchemeParameters) -> None:
    """£100,000 owed → claim £70,000; later £20,000 recovered → £14,000 to the scheme; net loss £24,000."""
    loan = guaranteed_loan(fund, scheme)
    claim(fund, loan)
    assert str(loss_accounts(loan)["receivable"].amount) == "70000.00"
    line = bank_line(fund, "70000.00", "G-1", "2025-10-01")
    record_claim_paid(loan=loan, line=line, amount=pounds("70000.00"), by=fund.tom)
    book(fund, loan, date(2025, 10, 10), "100000.00", "5020", "1310/L-0108")
    event = events(loan).get()
    (used,) = cover_loss(event=event, loss=pounds("100000.00"), by=fund.tom)
    assert (used.kind, used.money) == ("guarantee", pounds("70000.00"))
    book(fund, loan, date(2025, 12, 1), "20000.00", "2010/MAIN", "4050")
    shared = share_with_guarantor(event=event, received=pounds("20000.00"), is_written_off=True, by=fund.tom)
    assert shared is not None
    assert shared.money == pounds("14000.00")
    out = bank_line(fund, "-14000.00", "G-1", "2025-12-20")
    pay_over(loan=loan, line=out, amount=pounds("14000.00"), by=fund.tom)
    stands = balances(fund.book, ["5020", "4050"], date(2025, 12, 31))
    assert stands["5020"] + stands["4050"] == pounds("24000.00")
    assert not any(loss_accounts(loan).values())


def test_before_the_claim_the_guarantor_stands_for_its_share(fund: Fund, scheme: SchemeParameters) -> None:
    loan = guaranteed_loan(fund, scheme)
    claim(fund, loan)
    rule = set_provision_rule(book=fund.book, percentages=HALF, on=FROM, reason="The board's policy", by=fund.tom)
    for on in (date(2025, 9, 14), CLAIMED_ON):
        (row,) = provision_rows(fund.book, on, rule)
        assert row.guaranteed == pounds("70000.00")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"share": "0.00"}, "more than 0%"),
        ({"most": "100.00"}, "Give the least amount first"),
        ({"months": 0}, "over 0 months"),
    ],
)
def test_parameters_make_sense(changes: dict[str, object], said: str) -> None:
    with pytest.raises(GuaranteeRefused, match=said):
        terms(**changes)  # type: ignore[arg-type]


def test_what_is_not_covered_and_what_is_too_early(fund: Fund, scheme: SchemeParameters) -> None:
    small = make_drawn_loan(fund, asked("20000.00", 60))
    with pytest.raises(GuaranteeRefused, match="the scheme covers £25,001"):
        certify(loan=small, parameters=scheme, reference="G-2", on=date(2025, 5, 1), by=fund.priya)
    with pytest.raises(GuaranteeRefused, match="has no guarantee"):
        claimable(small, CLAIMED_ON)
    loan = make_drawn_loan(fund, asked("100000.00", 60), shop="8124")
    certify(loan=loan, parameters=scheme, reference="G-3", on=date(2025, 5, 1), by=fund.priya)
    with pytest.raises(GuaranteeRefused, match="29 days past due; A guarantee scheme is asked after 90"):
        claimable(loan, date(2025, 7, 1))
    claim(fund, loan)
    with pytest.raises(GuaranteeRefused, match="claimed for already"):
        claimable(loan, CLAIMED_ON)
