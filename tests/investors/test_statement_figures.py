"""The figures of an investor's statement are those of the portal, also where money was taken back."""

from __future__ import annotations

from datetime import date

import pytest
from django.template.loader import render_to_string

from commonweal.documents.investor_statement import TEMPLATE, context
from investors.queries import movements
from investors.services import apportion
from investors.statement_figures import build_investor_statement
from ledger.models import Seal
from ledger.services import seal, seal_text
from loans.services import reverse_repayment
from loans.statements import Earlier, Issuer, StatementHead, StatementStatus
from tests.builders import pounds
from tests.investors.shared_loan import approve_netherby

FIRST_DUE = date(2025, 6, 2)


def head_under(known: Seal) -> StatementHead:
    return StatementHead(
        issuer=Issuer("Village fund", (), "", "", "", ""),
        number="2025-06-NRB",
        status=StatementStatus.PROVISIONAL,
        period_start=date(2025, 6, 1),
        period_end=date(2025, 7, 1),
        issued_on=date(2025, 7, 1),
        seal=str(seal_text(known)),
    )


@pytest.mark.django_db
def test_interest_that_was_taken_back_is_neither_earned_again_nor_received() -> None:
    netherby = approve_netherby()
    netherby.share()
    netherby.draw()
    netherby.repay("676.65", on=FIRST_DUE)
    paid = netherby.loan.events.latest("number")
    reverse_repayment(event=paid, on=FIRST_DUE, reason="Bounced", by=netherby.tom, key="bounced")
    apportion(loan=netherby.loan, by=netherby.tom)
    known = seal(book=netherby.book)
    assert known is not None
    head = head_under(known)
    bank = netherby.lenders["NRB"]
    (told,) = build_investor_statement(bank, netherby.book, head, known_under=known).holdings
    (moved,) = movements(bank, netherby.book, head.period_start, head.last_day, known_under=known)
    assert (told.interest_earned, told.interest_received) == (pounds("105.00"), pounds("0.00"))
    assert told.amounts() == (
        *(moved.opening, moved.funded, moved.returned, moved.closing),
        *(moved.interest_earned, moved.interest_received),
    )


@pytest.mark.django_db
def test_interest_names_the_entries_that_brought_it() -> None:
    netherby = approve_netherby()
    netherby.share()
    netherby.draw()
    netherby.repay("676.65", on=FIRST_DUE)
    apportion(loan=netherby.loan, by=netherby.tom)
    known = seal(book=netherby.book)
    assert known is not None
    statement = build_investor_statement(netherby.lenders["NRB"], netherby.book, head_under(known), known_under=known)
    lines = {line.words: line for line in statement.cash.lines}
    assert lines["Interest received"].amount == pounds("105.00")
    assert len(lines["Interest received"].entries) == 1
    assert lines["Interest received"].entries == lines["Principal returned"].entries


@pytest.mark.django_db
def test_what_became_known_after_an_earlier_statement_is_listed_entry_by_entry() -> None:
    """A repayment of the last day comes late: the old figures and what it changed make the new ones."""
    netherby = approve_netherby()
    netherby.share()
    netherby.draw()
    apportion(loan=netherby.loan, by=netherby.tom)
    bank, known = netherby.lenders["NRB"], seal(book=netherby.book)
    assert known is not None
    before = build_investor_statement(bank, netherby.book, head_under(known), known_under=known)
    earlier = Earlier("2026-Q3-NRB", before.head.last_day, before.head.seal)
    netherby.repay("676.65", on=FIRST_DUE)
    apportion(loan=netherby.loan, by=netherby.tom)
    known = seal(book=netherby.book)
    assert known is not None
    after = build_investor_statement(bank, netherby.book, head_under(known), known_under=known, earlier=[earlier])
    (since,) = after.since
    principal, _, held = since.sums
    assert before.totals.closing + principal == after.totals.closing
    assert before.cash.closing + held == after.cash.closing
    assert {row.on for row in since.rows} == {FIRST_DUE}
    told = [row for row in after.as_rows() if row[0] == "known since"]
    assert len(told) == 3 * len(since.rows)
    assert all("not known to 2026-Q3-NRB" in str(row[-1]) for row in told)
    assert "Known since 2026-Q3-NRB" in render_to_string(TEMPLATE, context(after))
