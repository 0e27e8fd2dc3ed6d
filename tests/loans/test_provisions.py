"""Provisions of a book: what each loan should have, booked once a day, moved, and used for a loss."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from ledger.domain.entry import Kind
from ledger.services import close_period
from loans.domain.errors import ApprovalByMaker, ProvisionRefused
from loans.domain.events import Suspended, WrittenOff
from loans.domain.provision import Stage
from loans.losses import loss_accounts, provision_movement
from loans.models import Loan, LossEntry
from loans.services import (
    approve_proposal,
    approve_specific_provision,
    preview,
    preview_provisions,
    propose,
    propose_specific_provision,
    provide,
    record,
    reverse_event,
    set_provision_rule,
)
from tests.builders import pounds
from tests.loans.builders import Fund, make_drawn_loan, make_fund, pay

pytestmark = pytest.mark.django_db

SHARES = ("0.01", "0.05", "0.20", "0.35", "0.50", "0.75")
PERCENTAGES = {stage: Decimal(share) for stage, share in zip(Stage, SHARES, strict=True)}
FIRST_RUN, SECOND_RUN = date(2025, 7, 31), date(2025, 8, 31)


@pytest.fixture
def fund() -> Fund:
    found = make_fund(today=date(2025, 8, 31))
    set_provision_rule(
        book=found.book, percentages=PERCENTAGES, on=date(2025, 1, 1), reason="The board's policy", by=found.tom
    )
    return found


def rows(fund: Fund, on: date) -> list[list[str]]:
    """What a preview shows: loan, stage, percentage, should, has, change."""
    return [
        [
            str(row.loan),
            row.provided.exposure.stage.value,
            "–" if row.provided.share is None else f"{row.provided.share:f}",
            *(str(amount.amount) for amount in (row.should, row.has, row.change)),
        ]
        for row in preview_provisions(book=fund.book, on=on)
    ]


def set_aside(loan: Loan) -> str:
    return str(loss_accounts(loan)["set_aside"].amount)


def test_a_late_loan_and_one_on_time(fund: Fund) -> None:
    late, prompt = make_drawn_loan(fund), make_drawn_loan(fund, shop="8124")
    for on in ("2025-06-02", "2025-07-01"):
        pay(prompt, "676.65", on, by=fund.priya)
    assert rows(fund, FIRST_RUN) == [
        ["L-0108", "31-60", "0.20000", "7000.00", "0.00", "7000.00"],
        ["L-0109", "current", "0.01000", "339.94", "0.00", "339.94"],
    ]
    run = provide(book=fund.book, on=FIRST_RUN, by=fund.tom, key="july")
    assert (set_aside(late), set_aside(prompt), run.lines.count()) == ("7000.00", "339.94", 2)
    assert provide(book=fund.book, on=FIRST_RUN, by=fund.tom, key="again") == run
    assert set_aside(late) == "7000.00"
    for _ in range(3):
        pay(late, "676.65", SECOND_RUN, by=fund.priya)
    provide(book=fund.book, on=SECOND_RUN, by=fund.tom, key="august")
    assert set_aside(late) == "334.88"
    moved = provision_movement(fund.book, date(2025, 8, 1), SECOND_RUN)
    assert (moved.opening, moved.used, moved.other) == (733994, 0, 0)
    assert moved.closing == moved.opening + moved.charge - moved.release
    assert moved.closing == 33488 + int(loss_accounts(prompt)["set_aside"].amount * 100)


def test_what_two_people_agree_on_takes_the_place_of_the_stage(fund: Fund) -> None:
    loan = make_drawn_loan(fund)
    proposal = propose_specific_provision(
        loan=loan, amount=pounds("20000.00"), on=FIRST_RUN, reason="The landlord gave notice", by=fund.priya
    )
    assert rows(fund, FIRST_RUN)[0][2:4] == ["0.20000", "7000.00"]
    with pytest.raises(ApprovalByMaker):
        approve_specific_provision(proposal=proposal, shown_sha256=proposal.content_sha256, by=fund.priya)
    approve_specific_provision(proposal=proposal, shown_sha256=proposal.content_sha256, by=fund.tom)
    assert rows(fund, FIRST_RUN)[0][2:4] == ["–", "20000.00"]
    ends = propose_specific_provision(loan=loan, amount=None, on=FIRST_RUN, reason="It stays open", by=fund.priya)
    approve_specific_provision(proposal=ends, shown_sha256=ends.content_sha256, by=fund.tom)
    assert rows(fund, FIRST_RUN)[0][2:4] == ["0.20000", "7000.00"]


def test_a_loss_uses_what_is_set_aside_and_gives_it_back_when_taken_back(fund: Fund) -> None:
    loan = make_drawn_loan(fund)
    provide(book=fund.book, on=FIRST_RUN, by=fund.tom, key="july")
    event = WrittenOff(date(2025, 8, 10), 0, pounds("5000.00"))
    proposal = propose(loan=loan, event=event, reason="Half the stock is gone", by=fund.priya)
    lost = approve_proposal(proposal=proposal, shown_sha256=proposal.content_sha256, by=fund.tom)
    (used,) = LossEntry.objects.filter(loan=loan)
    assert (used.kind, used.money, used.entry.kind, used.event) == (
        LossEntry.Kind.PROVISION_USED,
        pounds("5000.00"),
        Kind.WRITE_OFF,
        lost,
    )
    assert set_aside(loan) == "2000.00"
    assert provision_movement(fund.book, date(2025, 5, 1), SECOND_RUN).used == 500000
    provide(book=fund.book, on=SECOND_RUN, by=fund.tom, key="august")
    assert set_aside(loan) == "10500.00"
    reverse_event(event=lost, on=SECOND_RUN, reason="the wrong loan", by=fund.tom, key="back")
    assert set_aside(loan) == "15500.00"


def test_what_is_set_aside_on_the_day_of_a_loss_but_after_it_is_for_what_is_left(fund: Fund) -> None:
    loan = make_drawn_loan(fund)
    provide(book=fund.book, on=FIRST_RUN, by=fund.tom, key="july")
    event = WrittenOff(SECOND_RUN, 0, pounds("9000.00"))
    proposal = propose(loan=loan, event=event, reason="Half the stock is gone", by=fund.priya)
    approve_proposal(proposal=proposal, shown_sha256=proposal.content_sha256, by=fund.tom)
    provide(book=fund.book, on=SECOND_RUN, by=fund.tom, key="august")
    stood = set_aside(loan)
    record(loan=loan, event=Suspended(SECOND_RUN, 0), by=fund.tom, key="suspended")
    assert set_aside(loan) == stood == "9100.00"


def test_what_is_refused(fund: Fund) -> None:
    loan = make_drawn_loan(fund)
    provide(book=fund.book, on=SECOND_RUN, by=fund.tom, key="august")
    with pytest.raises(ProvisionRefused, match="Provisions were made on 31 August 2025 already"):
        provide(book=fund.book, on=FIRST_RUN, by=fund.tom, key="july")
    with pytest.raises(ProvisionRefused, match="after 31 August 2025"):
        provide(book=fund.book, on=date(2025, 9, 1), by=fund.tom, key="tomorrow")
    worse = PERCENTAGES | {Stage.NON_ACCRUAL: Decimal("0.40")}
    with pytest.raises(ProvisionRefused, match=r"after 50\.00%"):
        set_provision_rule(book=fund.book, percentages=worse, on=date(2025, 9, 1), reason="No", by=fund.tom)
    with pytest.raises(ProvisionRefused, match="its principal outstanding is £35,000"):
        propose_specific_provision(loan=loan, amount=pounds("35000.01"), on=SECOND_RUN, reason="No", by=fund.tom)


def test_a_write_off_dated_in_a_closed_month_uses_its_provision_on_the_first_open_day(fund: Fund) -> None:
    loan = make_drawn_loan(fund)
    provide(book=fund.book, on=FIRST_RUN, by=fund.tom, key="july")
    close_period(book=fund.book, through=FIRST_RUN, by=fund.tom)
    event = WrittenOff(FIRST_RUN, 0)
    proposal = propose(loan=loan, event=event, reason="The shop closed", by=fund.priya)
    seen = preview(loan=loan, event=event)
    written_off = approve_proposal(proposal=proposal, shown_sha256=proposal.content_sha256, by=fund.tom)
    (used,) = LossEntry.objects.filter(loan=loan)
    assert (used.kind, used.money, used.effective_on) == ("provision", pounds("7000.00"), date(2025, 8, 1))
    assert (written_off.effective_on, seen.entries[-1].effective_on) == (FIRST_RUN, used.effective_on)
