"""A laundrette closes: provided for, claimed for under a guarantee, written off, and partly recovered and shared."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from loans.domain.events import Suspended, WrittenOff
from loans.domain.guarantee import SchemeTerms
from loans.domain.provision import Stage
from loans.losses import loss_accounts
from loans.services import (
    approve_claim,
    certify,
    enter_scheme,
    pay_over,
    preview,
    propose_claim,
    provide,
    record_claim_paid,
    record_recovery,
    set_provision_rule,
)
from tests.builders import pounds
from tests.loans.builders import asked
from tests.stories.telling import Story

pytestmark = pytest.mark.django_db

SHARES = ("0.01", "0.05", "0.20", "0.35", "0.50", "0.75")
SCHEME = SchemeTerms(
    date(2025, 1, 1),
    None,
    Decimal("0.70"),
    Decimal("0.70"),
    pounds("25001.00"),
    pounds("2000000.00"),
    72,
    claim_after_days=90,
)


@pytest.fixture
def laundrette() -> Story:
    """£40,000 over 60 months at 6%, 70% of it guaranteed, in a fund that provides by stage."""
    story = Story("Soap & Sixpence", asked("40000.00", 60, "2025-06-01"))
    rule = {stage: Decimal(share) for stage, share in zip(Stage, SHARES, strict=True)}
    book, tom = story.fund.book, story.fund.tom
    set_provision_rule(book=book, percentages=rule, on=date(2025, 1, 1), reason="The board's policy", by=tom)
    return story


def test_a_laundrette_is_written_off_under_a_guarantee_and_partly_recovered(laundrette: Story, hledger: str) -> None:
    lent_under_a_guarantee(laundrette)
    closes_its_doors(laundrette)
    the_guarantor_is_asked(laundrette)
    written_off(laundrette)
    partly_recovered(laundrette)
    laundrette.ends_well(hledger)


def lent_under_a_guarantee(laundrette: Story) -> None:
    fund = laundrette.fund
    laundrette.lend("2025-05-01", "40000.00")
    scheme = enter_scheme(
        book=fund.book, code="scheme", name="A guarantee scheme", terms=SCHEME, source="Its guide", by=fund.tom
    )
    certify(loan=laundrette.loan, parameters=scheme, reference="G-1", on=date(2025, 5, 1), by=fund.priya)
    laundrette.receive_what_is_due("2025-06-02", "2025-07-01")
    laundrette.stands("""
    # day        principal interest 1010/MAIN    4010
      2025-05-01  40000.00     0.00 -40000.00    0.00
      2025-07-01  38850.51     0.00 -38453.38 -397.13
    """)


def closes_its_doors(laundrette: Story) -> None:
    """Nothing comes in any more: set aside for by its lateness, then in non-accrual."""
    fund = laundrette.fund
    for day in ("2025-09-30", "2025-10-31"):
        on = laundrette.on(day)
        provide(book=fund.book, on=on, by=fund.tom, key=day)
    laundrette.happen(Suspended(date(2025, 11, 1), 0))
    on = laundrette.on("2025-11-30")
    provide(book=fund.book, on=on, by=fund.tom, key="november")
    laundrette.stands("""
    # day        principal interest unearned     1390    4010    5020
      2025-09-30  38850.51   385.61     0.00 -2331.03 -782.74 2331.03
      2025-10-31  38850.51   574.06     0.00 -5827.58 -971.19 5827.58
      2025-11-01  38850.51   574.06  -574.06 -5827.58 -397.13 5827.58
      2025-11-30  38850.51   759.58  -759.58 -8741.36 -397.13 8741.36
    """)


def the_guarantor_is_asked(laundrette: Story) -> None:
    """Seventy per cent of principal is claimed by two people, and paid in January; the borrower owes what it owed."""
    fund = laundrette.fund
    on = laundrette.on("2025-12-10")
    proposal = propose_claim(loan=laundrette.loan, on=on, reason="It closed in July", by=fund.priya)
    approve_claim(proposal=proposal, shown_sha256=proposal.content_sha256, by=fund.tom)
    line = laundrette.bank("2026-01-20", "27195.36", "G-1")
    record_claim_paid(loan=laundrette.loan, line=line, amount=pounds("27195.36"), by=fund.tom)
    laundrette.stands("""
    # day        principal      1360     1390     1410 1010/MAIN    5020
      2025-12-10  38850.51 -27195.36 -8741.36 27195.36 -38453.38 8741.36
      2026-01-20  38850.51 -27195.36 -8741.36     0.00 -11258.02 8741.36
    """)


def written_off(laundrette: Story) -> None:
    """All of it: the guarantee bears it first, then what is set aside, and the rest is the fund's."""
    laundrette.on("2026-02-02")
    seen = preview(loan=laundrette.loan, event=WrittenOff(date(2026, 2, 2), 0))
    assert [entry.narrative for entry in seen.entries[-2:]] == [
        "Guarantee used for L-0108",
        "Provision used for L-0108",
    ]
    laundrette.agree(WrittenOff(date(2026, 2, 2), 0), reason="Dissolved; nothing is left to sell but the machines")
    laundrette.stands("""
    # day        principal interest unearned      1360     1390    4010     5020
      2026-02-01  38850.51  1121.79 -1121.79 -27195.36 -8741.36 -397.13  8741.36
      2026-02-02      0.00     0.00     0.00      0.00     0.00 -397.13 11655.15
    """)


def partly_recovered(laundrette: Story) -> None:
    """The machines fetch £5,000, of which 70% is the guarantor's and is paid over."""
    fund = laundrette.fund
    line = laundrette.bank("2026-04-15", "5000.00")
    record_recovery(
        loan=laundrette.loan,
        amount=pounds("5000.00"),
        on=date(2026, 4, 15),
        bank_account="MAIN",
        by=laundrette.amina,
        key="machines",
        bank_line_id=line.pk,
    )
    laundrette.stands("""
    # day        2010/MAIN     2130     4050     5020
      2026-04-15      0.00 -3500.00 -1500.00 11655.15
    """)
    out = laundrette.bank("2026-04-30", "-3500.00", "G-1")
    pay_over(loan=laundrette.loan, line=out, amount=pounds("3500.00"), by=fund.tom)
    laundrette.stands("""
    # day        principal 1360 1390 1410 2010/MAIN 2130     4050     5020
      2026-04-30      0.00 0.00 0.00 0.00      0.00 0.00 -1500.00 11655.15
    """)
    assert not any(loss_accounts(laundrette.loan).values())
