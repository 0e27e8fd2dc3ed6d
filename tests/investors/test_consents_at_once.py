"""Lenders answer, and somebody approves, at the same moment: answers are counted one after the other."""

from __future__ import annotations

from collections import Counter

import pytest

from commonweal.jobs.servicing import waive_breach
from investors.domain.consent import ConsentState, Majority
from investors.domain.errors import ConsentMissing, ConsentRefused
from investors.models import ConsentAnswer, ConsentAsked
from loans.models import WaiverDecision
from tests.investors.consented import Asking, make_asking
from tests.investors.shared_loan import BUSINESS_DATE
from tests.ledger.at_once import all_at_once

pytestmark = pytest.mark.committing


@pytest.fixture
def asking(committing_database: object) -> Asking:
    """NRB has 60%, TST 30% and the fund itself 10%."""
    return make_asking()


def answer(asking: Asking, consent: ConsentAsked, code: str, *, agrees: bool) -> str:
    """What came of an answer."""
    try:
        asking.answer(consent, code, agrees=agrees)
    except ConsentRefused:
        return "closed"
    return "counted"


def test_of_a_deciding_yes_and_a_deciding_no_one_is_counted(asking: Asking) -> None:
    """More than 70% is asked for: the bank and the trust decide it together, a no of either refuses it."""
    consent = asking.ask(majority=Majority(7, 10))
    asking.answer(consent, "NRB", agrees=True)
    outcomes = all_at_once(
        [
            lambda: answer(asking, consent, "TST", agrees=True),
            lambda: answer(asking, consent, "NRB", agrees=False),
        ]
    )
    stands = asking.stands(consent)
    assert Counter(outcomes) == {"counted": 1, "closed": 1}
    assert stands.state in {ConsentState.AGREED, ConsentState.REFUSED}
    assert ConsentAnswer.objects.count() == 2


def test_an_approval_beside_the_deciding_answer_stands_on_the_majority_or_not_at_all(asking: Asking) -> None:
    consent, waiver = asking.ask(), asking.waiver

    def approve() -> str:
        try:
            waive_breach(proposal=waiver, shown_sha256=waiver.content_sha256, on=BUSINESS_DATE, by=asking.shared.tom)
        except ConsentMissing:
            return "missing"
        return "approved"

    said, came = all_at_once([lambda: answer(asking, consent, "NRB", agrees=True), approve])
    assert said == "counted"
    assert came in {"missing", "approved"}
    assert WaiverDecision.objects.count() == int(came == "approved")
    assert asking.stands(consent).state is ConsentState.AGREED


def test_lenders_are_asked_once(asking: Asking) -> None:
    def ask() -> str:
        try:
            asking.ask()
        except ConsentRefused:
            return "asked already"
        return "asked"

    assert Counter(all_at_once([ask, ask, ask])) == {"asked": 1, "asked already": 2}
