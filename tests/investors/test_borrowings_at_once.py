"""Two people draw at once: what is left is lent once."""

from __future__ import annotations

from investors.domain.errors import BorrowingRefused, FacilityRefused
from investors.models import FacilityDecision
from investors.services import approve_facility_terms, decline_facility_terms, draw_facility
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
