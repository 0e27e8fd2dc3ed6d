"""A loan under a guarantee: entered, certified, claimed by two people, paid, lost, recovered, shared and paid over."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from ledger.checks import examine
from ledger.domain.entry import JournalEntry, credit, debit
from ledger.queries import balances
from ledger.services import post
from loans.checks import CHECKS
from loans.domain.errors import GuaranteeRefused
from loans.domain.events import Recovered, Repaid, WrittenOff
from loans.domain.guarantee import SchemeTerms
from loans.domain.provision import Stage
from loans.domain.servicing import Prepayment
from loans.losses import loss_accounts, provision_rows
from loans.models import Loan, LoanEvent, SchemeParameters
from loans.principal_moved import loss_cover
from loans.services import (
    Circumstances,
    HowRepaid,
    approve_claim,
    approve_proposal,
    bring_up_to_date,
    certify,
    claimable,
    enter_scheme,
    pay_over,
    preview_taking_back,
    propose,
    propose_claim,
    record,
    record_claim_paid,
    reverse_event,
    set_provision_rule,
)
from tests.builders import pounds
from tests.loans.builders import Fund, asked, bank_line, make_drawn_loan, make_fund, pay

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


def recovered(fund: Fund, loan: Loan, amount: str, on: str) -> None:
    record(
        loan=loan,
        event=Recovered(date.fromisoformat(on), 0, pounds(amount)),
        by=fund.priya,
        key=f"recovered:{on}",
        circumstances=Circumstances(bank_account="MAIN"),
    )


def written_off(fund: Fund, loan: Loan, on: str, amount: str | None = None) -> LoanEvent:
    event = WrittenOff(date.fromisoformat(on), 0, pounds(amount) if amount else None)
    proposal = propose(loan=loan, event=event, reason="It closed", by=fund.priya)
    return approve_proposal(proposal=proposal, shown_sha256=proposal.content_sha256, by=fund.tom)


def stands(loan: Loan) -> list[str]:
    """On 1360 and 2130, what impairment and recoveries come to together, and what the checks find."""
    found, on = loss_accounts(loan), date(2025, 12, 31)
    by = loan.application.prepared_by
    bring_up_to_date(loan=loan, on=on, by=by)
    lost = sum(balances(loan.book, ["5020", "4050"], on).values(), pounds("0.00"))
    assert examine(loan.book, CHECKS) == []
    return [str(amount.amount) for amount in (found["guarantee"], found["owed"], lost)]


def without_interest(fund: Fund, amount: str = "100000.00") -> Loan:
    """A loan that bears none, so that what is lost and repaid is principal alone."""
    return make_drawn_loan(fund, asked(amount, 60, rate="0"))


@pytest.fixture
def loan(fund: Fund, scheme: SchemeParameters) -> Loan:
    """£100,000 without interest, 70% of it guaranteed."""
    lent = without_interest(fund)
    certify(loan=lent, parameters=scheme, reference="G-1", on=date(2025, 5, 1), by=fund.priya)
    return lent


def test_a_hundred_thousand_owed_cost_the_fund_twenty_four(fund: Fund, loan: Loan) -> None:
    """£100,000 owed → claim £70,000; later £20,000 recovered → £14,000 to the scheme; net loss £24,000."""
    claim(fund, loan)
    assert str(loss_accounts(loan)["receivable"].amount) == "70000.00"
    line = bank_line(fund, "70000.00", "G-1", "2025-10-01")
    record_claim_paid(loan=loan, line=line, amount=pounds("70000.00"), by=fund.tom)
    written_off(fund, loan, "2025-10-10")
    assert stands(loan) == ["0.00", "0.00", "30000.00"]
    recovered(fund, loan, "20000.00", "2025-12-01")
    assert stands(loan) == ["0.00", "14000.00", "24000.00"]
    out = bank_line(fund, "-14000.00", "G-1", "2025-12-20")
    pay_over(loan=loan, line=out, amount=pounds("14000.00"), by=fund.tom)
    assert stands(loan) == ["0.00", "0.00", "24000.00"]
    assert not any(loss_accounts(loan).values())


def test_what_is_recovered_before_a_claim_makes_it_less(fund: Fund, loan: Loan) -> None:
    """£100,000 lost and £30,000 of it recovered: 70% of £70,000, so the fund bears £21,000."""
    written_off(fund, loan, "2025-08-01")
    recovered(fund, loan, "30000.00", "2025-08-20")
    assert claimable(loan, CLAIMED_ON) == pounds("49000.00")
    claim(fund, loan)
    assert stands(loan) == ["0.00", "0.00", "21000.00"]


@pytest.mark.parametrize("first", ["lost", "repaid"])
def test_a_part_lost_and_a_part_repaid_come_to_the_same_in_either_order(fund: Fund, loan: Loan, first: str) -> None:
    """£60,000 is lost and £40,000 repaid: the guarantor bears 70% of the loss, £42,000, and is owed £28,000."""
    claim(fund, loan)
    if first == "lost":
        written_off(fund, loan, "2025-10-01", "60000.00")
    pay(loan, "40000.00", "2025-10-15", by=fund.priya, how=HowRepaid(prepayment=Prepayment.LAST_INSTALMENT))
    if first == "repaid":
        written_off(fund, loan, "2025-11-01", "60000.00")
    assert stands(loan) == ["0.00", "28000.00", "18000.00"]


def test_a_repayment_known_later_and_one_taken_back_change_what_is_used_and_shared(fund: Fund, loan: Loan) -> None:
    claim(fund, loan)
    written_off(fund, loan, "2025-11-01")
    assert stands(loan) == ["0.00", "0.00", "30000.00"]
    repaid, through = Repaid(date(2025, 10, 15), 0, pounds("1000.00")), Circumstances(bank_account="MAIN")
    late = record(loan=loan, event=repaid, by=fund.priya, key="late", circumstances=through)
    assert stands(loan) == ["0.00", "700.00", "29700.00"]
    on = date(2025, 12, 1)
    seen = preview_taking_back(event=late, on=on)
    reverse_event(event=late, on=on, reason="Another borrower's", by=fund.tom, key="back")
    assert [entry.narrative for entry in seen.entries[-2:]] == [
        "Guarantee used for L-0108",
        "Guarantor's share of what came in for L-0108, worked out again",
    ]
    assert stands(loan) == ["0.00", "0.00", "30000.00"]


def test_a_balance_that_nothing_told_explains_is_found(fund: Fund, loan: Loan) -> None:
    claim(fund, loan)
    lines = (debit("5020", pounds("1000.00")), credit("1410/L-0108", pounds("1000.00")))
    post([JournalEntry(CLAIMED_ON, "By hand", lines)], book=fund.book, key="by-hand", by=fund.tom)
    found = [finding.message for finding in examine(fund.book, CHECKS) if finding.code == "loss-differs"]
    assert found == ["1410 stands at £69,000.00; what is kept of its losses comes to £70,000.00"]


def test_a_write_off_that_is_taken_back_gives_the_guarantee_back(fund: Fund, loan: Loan) -> None:
    claim(fund, loan)
    event = written_off(fund, loan, "2025-11-01")
    reverse_event(event=event, on=date(2025, 12, 1), reason="It goes on", by=fund.tom, key="back")
    assert stands(loan) == ["70000.00", "0.00", "0.00"]


def test_before_the_claim_the_guarantor_stands_for_its_share(fund: Fund, scheme: SchemeParameters) -> None:
    loan = guaranteed_loan(fund, scheme)
    claim(fund, loan)
    rule = set_provision_rule(book=fund.book, percentages=HALF, on=FROM, reason="The board's policy", by=fund.tom)
    for on in (date(2025, 9, 14), CLAIMED_ON):
        (row,) = provision_rows(fund.book, on, rule)
        assert row.guaranteed == pounds("70000.00")


def test_what_the_guarantor_was_asked_for_is_not_told_as_cover_that_is_open(fund: Fund, loan: Loan) -> None:
    """£70,000 of £100,000 stands open until the day of the claim, and then against the loan, until a loss uses it."""
    claim(fund, loan)
    before, after = (loss_cover(fund.book, on) for on in (CLAIMED_ON - timedelta(days=1), CLAIMED_ON))
    assert (before.guaranteed, before.guaranteed_loans, before.asked, before.asked_loans) == (7_000_000, 1, 0, 0)
    assert (after.guaranteed, after.guaranteed_loans, after.asked, after.asked_loans) == (0, 0, 7_000_000, 1)
    written_off(fund, loan, "2025-10-10", "60000.00")
    left = loss_cover(fund.book, date(2025, 10, 10))
    assert (left.guaranteed, left.asked) == (0, 1_000_000), "a loss of £60,000 uses so much of what was asked for"


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
