"""Two people draw at once: what is left is lent once."""

from __future__ import annotations

from datetime import date

from investors.domain.errors import BorrowingRefused, FacilityRefused
from investors.models import BorrowingEvent, FacilityDecision
from investors.services import approve_facility_terms, decline_facility_terms, draw_facility
from ledger.domain.entry import JournalEntry, credit, debit
from ledger.services import post
from tests.builders import pounds
from tests.databases import TestDatabase
from tests.investors.borrowed import make_borrowed, make_proposed
from tests.ledger.at_once import all_at_once


def test_two_draws_at_once_do_not_share_what_is_left(committing_database: TestDatabase) -> None:
    borrowed = make_borrowed()
    lines = [borrowed.line("20000.00"), borrowed.line("20000.00")]
    refused = []

    def draw(key: str, line: object) -> None:
        try:
            draw_facility(facility=borrowed.facility, line=line, key=key, by=borrowed.fund.priya)
        except BorrowingRefused as refusal:
            refused.append(str(refusal))

    all_at_once([lambda key=str(at), line=line: draw(key, line) for at, line in enumerate(lines)])
    assert borrowed.owes("2610") == ["20000.00"]
    assert [one[:42] for one in refused] == ["£20,000.00 is £5,000.00 more than the £15,"]


def test_a_repayment_and_another_at_once_do_not_spend_the_same_money(committing_database: TestDatabase) -> None:
    """£20,000.00 drawn and £12,000.00 of it lent on: of two repayments of £5,000.00 the bank has the money for one."""
    borrowed, lent = make_borrowed(), pounds("12000.00")
    borrowed.draw("20000.00")
    entry = JournalEntry(date(2025, 5, 1), "Lent on", (debit("3010", lent), credit("1010/MAIN", lent)))
    post([entry], book=borrowed.book, key="spent", by=borrowed.fund.priya)
    refused = []

    def repay(key: str) -> None:
        try:
            borrowed.repay("5000.00", "2025-05-01", key=key)
        except BorrowingRefused as refusal:
            refused.append(str(refusal))

    all_at_once([lambda key=str(at): repay(key) for at in range(2)])
    assert BorrowingEvent.objects.filter(facility=borrowed.facility, kind="repaid").count() == 1
    (said,) = refused
    assert said == (
        "£5,000.00 would leave the bank, £2,000.00 more than there is: it has £3,000.00 that is not on its way. "
        "Repay less; nothing was changed."
    )


def test_terms_are_decided_once(committing_database: TestDatabase) -> None:
    fund, terms = make_proposed()
    shown = {"terms": terms, "shown_sha256": terms.content_sha256}
    refused = []

    def approve() -> None:
        try:
            approve_facility_terms(**shown, by=fund.tom)
        except FacilityRefused as refusal:
            refused.append(str(refusal))

    def withdraw() -> None:
        try:
            decline_facility_terms(**shown, reason="Another bank is cheaper", by=fund.priya)
        except FacilityRefused as refusal:
            refused.append(str(refusal))

    all_at_once([approve, approve, withdraw])
    assert FacilityDecision.objects.filter(terms=terms).count() == 1
    assert len(refused) == 2
    assert all("is decided already" in one for one in refused)
