"""Do the lenders of a loan decide by majority, each by the amount of its part, and does the database hold to it?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import Error, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as some

from commonweal.jobs.servicing import approve_act, waive_breach
from investors.domain.consent import ConsentState, Count, Majority
from investors.domain.errors import ConsentMissing, ConsentRefused
from investors.domain.kinds import InvestorKind
from investors.models import ConsentAnswer, ConsentAsked
from investors.queries.consents import consents, consents_asked_of
from investors.services import (
    answer_consent,
    approve_transfer,
    propose_transfer,
    register_investor,
    set_participations,
)
from ledger.models import Book
from ledger.services import approve
from loans.domain.events import WrittenOff
from loans.models import Loan, ProposalDecision, WaiverDecision
from loans.services import approve_waiver, decline_waiver, propose
from tests.builders import pounds
from tests.investors.consented import ANSWER_BY, Asking, make_asking
from tests.investors.shared_loan import BUSINESS_DATE, PARTS
from tests.loans.builders import make_fund, make_loan

pytestmark = pytest.mark.django_db


@pytest.fixture
def asking() -> Asking:
    """NRB has £21,000.00 of the loan, TST £10,500.00, and the fund itself £3,500.00."""
    return make_asking()


def let_pass(asking: Asking) -> WaiverDecision:
    """Tom lets the breach pass that Priya proposed to."""
    waiver = asking.waiver
    return waive_breach(
        proposal=waiver, shown_sha256=waiver.content_sha256, on=BUSINESS_DATE, by=asking.shared.tom, reason="Agreed"
    )


def past_the_services(asking: Asking) -> WaiverDecision:
    """The same by somebody who does not ask the service that knows of lenders."""
    waiver = asking.waiver
    return approve_waiver(proposal=waiver, shown_sha256=waiver.content_sha256, on=BUSINESS_DATE, by=asking.shared.tom)


@given(
    parts=some.lists(some.tuples(some.integers(1, 10**9), some.sampled_from([True, False, None])), min_size=1),
    above=some.tuples(some.integers(0, 6), some.integers(7, 100)),
)
def test_agreed_and_refused_exclude_each_other_and_all_answers_decide(
    parts: list[tuple[int, bool | None]], above: tuple[int, int]
) -> None:
    yes, no, silent = (pounds(sum(amount for amount, said in parts if said is what)) for what in (True, False, None))
    count = Count(yes, no, yes + no + silent, Majority(*above))
    assert count.silent == silent
    assert not (count.is_agreed and count.is_refused)
    assert count.is_closed or silent
    assert count.is_agreed == (count.part(yes) > count.majority.part)
    assert count.is_refused == (count.part(yes + silent) <= count.majority.part)


def test_without_a_question_a_waiver_needs_no_lender(asking: Asking) -> None:
    assert let_pass(asking).is_approved


def test_a_breach_passes_once_more_than_half_by_amount_says_yes(asking: Asking) -> None:
    consent = asking.ask()
    assert [(one.investor.code, one.amount) for one in consent.lenders] == [
        ("NRB", pounds("21000.00")),
        ("TST", pounds("10500.00")),
        ("LOT", pounds("3500.00")),
    ]
    asking.answer(consent, "TST", agrees=True)
    asking.answer(consent, "LOT", agrees=True)
    assert asking.stands(consent).state is ConsentState.WAITING, "two of three lenders have 40% of the amount"
    with pytest.raises(ConsentMissing, match=r"£14,000\.00 agrees, £0\.00 does not, and £21,000\.00 has not answered"):
        let_pass(asking)
    asking.answer(consent, "NRB", agrees=True)
    assert asking.stands(consent).state is ConsentState.AGREED
    assert let_pass(asking).is_approved


def test_half_is_not_more_than_half_and_two_thirds_are_asked_exactly(asking: Asking) -> None:
    two_thirds = asking.ask(majority=Majority(6, 10))
    asking.answer(two_thirds, "NRB", agrees=True)
    assert asking.stands(two_thirds).state is ConsentState.WAITING, "60% is not more than 60%"
    asking.answer(two_thirds, "LOT", agrees=True)
    assert asking.stands(two_thirds).state is ConsentState.AGREED


def test_a_later_answer_counts_until_the_answers_have_decided(asking: Asking) -> None:
    consent = asking.ask(majority=Majority(2, 3))
    asking.answer(consent, "TST", agrees=False)
    first = asking.answer(consent, "TST", agrees=True)
    assert asking.answer(consent, "TST", agrees=True) == first, "the same answer again is the one that stands"
    asking.answer(consent, "NRB", agrees=False)
    assert asking.stands(consent).state is ConsentState.REFUSED, "40% are left, and 2/3 are asked for"
    for code in ("NRB", "LOT"):
        with pytest.raises(ConsentRefused, match="is closed: the lenders refuse"):
            asking.answer(consent, code, agrees=True)
    with pytest.raises(ConsentMissing, match="Decline it"):
        let_pass(asking)
    shown = asking.waiver.content_sha256
    decline_waiver(proposal=asking.waiver, shown_sha256=shown, reason="Refused", on=BUSINESS_DATE, by=asking.shared.tom)
    assert ConsentAnswer.objects.count() == 3


def test_nobody_answers_after_the_last_day(asking: Asking) -> None:
    consent = asking.ask()
    book = asking.shared.book
    Book.objects.filter(pk=book.pk).update(business_date=ANSWER_BY)
    asking.answer(consent, "TST", agrees=True, on=ANSWER_BY)
    after = ANSWER_BY + timedelta(days=1)
    Book.objects.filter(pk=book.pk).update(business_date=after)
    assert asking.stands(consent).state is ConsentState.LAPSED
    with pytest.raises(ConsentRefused, match="was to be answered by 11 December 2026, and it is 12 December 2026"):
        asking.answer(consent, "NRB", agrees=True, on=after)
    for dated in (ANSWER_BY, after):
        with pytest.raises(Error, match="is answered on the business date, until"), transaction.atomic():
            keep(asking, consent, "NRB", answered_on=dated)
    assert ConsentAnswer.objects.count() == 1


def test_only_who_was_asked_answers(asking: Asking) -> None:
    consent = asking.ask()
    stranger = register_investor(code="STR", name="Stranger", kind=InvestorKind.FOUNDATION)
    answer = {"consent": consent, "investor": stranger, "agrees": True, "on": BUSINESS_DATE, "by": asking.shared.priya}
    with pytest.raises(ConsentRefused, match="Stranger had no part"):
        answer_consent(**answer)
    with pytest.raises(Error, match="was not asked for consent"), transaction.atomic():
        ConsentAnswer.objects.create(
            consent=consent, investor=stranger, agrees=True, answered_on=BUSINESS_DATE, answered_by=asking.shared.priya
        )


def test_who_buys_a_part_later_does_not_count(asking: Asking) -> None:
    consent, shared = asking.ask(), asking.shared
    buyer = register_investor(code="BUY", name="Buyer", kind=InvestorKind.FOUNDATION)
    sale = propose_transfer(
        loan=shared.loan,
        seller=shared.lenders["TST"],
        buyer=buyer,
        amount=pounds("10500.00"),
        on=BUSINESS_DATE,
        price=pounds("0.00"),
        reason="Sold",
        by=shared.priya,
    )
    approve_transfer(transfer=sale, shown_sha256=sale.content_sha256, by=shared.tom)
    assert [one.investor.code for one in asking.stands(consent).lenders] == ["NRB", "TST", "LOT"]
    assert list(consents_asked_of([buyer.pk])) == []


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"agrees": False, "reason": " "}, "Say why not"),
        ({"agrees": True, "source": " "}, "Say how you know what Northmoor Regional Bank answers"),
    ],
)
def test_an_answer_says_what_it_has_to(asking: Asking, changes: dict[str, object], says: str) -> None:
    consent = asking.ask()
    with pytest.raises(ConsentRefused, match=says):
        asking.answer(consent, "NRB", **changes)  # type: ignore[arg-type]
    assert asking.answer(consent, "LOT", agrees=True, source="").pk, "the fund knows what it says itself"


def test_lenders_are_asked_once_in_time_and_in_words(asking: Asking) -> None:
    for changes, says in (
        ({"words": "  "}, "Say what the lenders"),
        ({"answer_by": BUSINESS_DATE - timedelta(days=1)}, "22 November 2026 is over"),
        ({"on": asking.loan.approved_on - timedelta(days=1)}, "Nobody shares"),
    ):
        with pytest.raises(ConsentRefused, match=says):
            asking.ask(**changes)
    for parts, of in ((1, 1), (2, 0), (1, 101)):
        with pytest.raises(ConsentRefused, match="makes no sense"):
            Majority(parts, of)
    standing = asking.ask()
    with pytest.raises(ConsentRefused, match=f"were asked about this already, in {standing}"):
        asking.ask()


def test_what_is_decided_is_asked_no_more_and_answered_no_more(asking: Asking) -> None:
    consent = asking.ask()
    shown = asking.waiver.content_sha256
    decline_waiver(
        proposal=asking.waiver, shown_sha256=shown, reason="Withdrawn", on=BUSINESS_DATE, by=asking.shared.tom
    )
    assert not asking.stands(consent).is_open
    with pytest.raises(ConsentRefused, match="it was decided without"):
        asking.answer(consent, "NRB", agrees=True)
    with pytest.raises(ConsentRefused, match="is decided already"):
        asking.ask()
    with pytest.raises(Error, match="is decided"), transaction.atomic():
        keep(asking, consent, "NRB")


def test_an_act_that_costs_money_waits_for_its_lenders_too(asking: Asking) -> None:
    shared = asking.shared
    shared.draw()
    proposal = propose(
        loan=shared.loan, event=WrittenOff(BUSINESS_DATE, 0, pounds("10.00")), reason="Lost", by=shared.priya
    )
    consent = asking.ask(subject=proposal, majority=Majority(2, 3))
    act = {"proposal": proposal, "shown_sha256": proposal.content_sha256, "by": shared.tom}
    with pytest.raises(ConsentMissing, match="more than 2/3"):
        approve_act(**act)
    with pytest.raises(Error, match="The lenders have not agreed"), transaction.atomic():
        ProposalDecision.objects.create(proposal=proposal, decision="approved", decided_by=shared.tom)
    asking.answer(consent, "NRB", agrees=True)
    asking.answer(consent, "TST", agrees=True)
    approve_act(**act)
    assert asking.stands(consent).subject.decision.decided_by == shared.tom


def test_the_database_lets_no_breach_pass_without_the_majority(asking: Asking) -> None:
    consent = asking.ask()
    asking.answer(consent, "TST", agrees=True)
    with pytest.raises(Error, match=r"consent C-\d+ stands at 1050000 of 3500000"), transaction.atomic():
        past_the_services(asking)
    with pytest.raises(Error, match="The lenders have not agreed"), transaction.atomic():
        by_hand(asking)
    asking.answer(consent, "NRB", agrees=True)
    past_the_services(asking)


def test_the_database_keeps_who_is_asked_to_the_loan_and_the_day(asking: Asking) -> None:
    other = shared_elsewhere()
    given = {
        "waiver": asking.waiver,
        "words": "Please",
        "asked_on": BUSINESS_DATE,
        "answer_by": ANSWER_BY,
        "asked_by": asking.shared.priya,
    }
    ours = asking.loan.participation_sets.get()
    for changes in (
        {"loan": other, "participation_set": other.participation_sets.get()},
        {"loan": asking.loan, "participation_set": other.participation_sets.get()},
        {"loan": asking.loan, "participation_set": ours, "asked_on": ours.effective_on - timedelta(days=1)},
        {"loan": asking.loan, "participation_set": ours, "above_parts": 2},
        {"loan": asking.loan, "participation_set": ours, "waiver": None},
    ):
        with pytest.raises(Error), transaction.atomic():
            ConsentAsked.objects.create(**given | changes)
    ConsentAsked.objects.create(loan=asking.loan, participation_set=ours, **given)


def test_what_was_asked_and_answered_stays(asking: Asking) -> None:
    consent = asking.ask()
    answer = asking.answer(consent, "TST", agrees=True)
    for row in (consent, answer):
        with pytest.raises(Error), transaction.atomic():
            row.delete()
    with pytest.raises(Error), transaction.atomic():
        ConsentAnswer.objects.update(agrees=False)


def test_many_consents_cost_as_many_queries_as_one(asking: Asking) -> None:
    consent = asking.ask()
    asking.answer(consent, "TST", agrees=True)
    asking.shared.draw()
    counts = []
    for number in (1, 2):
        if number == 2:
            event = WrittenOff(BUSINESS_DATE, 0, pounds("10.00"))
            proposal = propose(loan=asking.loan, event=event, reason="Lost", by=asking.shared.priya)
            asking.answer(asking.ask(subject=proposal), "TST", agrees=True)
        with CaptureQueriesContext(connection) as found:
            assert len([(one.state, one.is_open, one.lenders) for one in consents()]) == number
        counts.append(len(found))
    assert counts[0] == counts[1]


def by_hand(asking: Asking) -> WaiverDecision:
    """A decision written beside all services, under an approval that is as it should be."""
    approval = approve(
        subject=f"{asking.shared.book.code}/{asking.loan.reference}/waiver/{asking.waiver.pk}",
        content_sha256=asking.waiver.content_sha256,
        made_by=asking.shared.priya,
        made_at=asking.waiver.proposed_at,
        checked_by=asking.shared.tom,
    )
    return WaiverDecision.objects.create(
        proposal=asking.waiver,
        content_sha256=asking.waiver.content_sha256,
        decided_on=BUSINESS_DATE,
        approval=approval,
        decided_by=asking.shared.tom,
    )


def keep(asking: Asking, consent: ConsentAsked, code: str, **changes: object) -> ConsentAnswer:
    """An answer past the services."""
    row = {"consent": consent, "investor": asking.shared.lenders[code], "agrees": True, "answered_on": BUSINESS_DATE}
    return ConsentAnswer.objects.create(**row | {"answered_by": asking.shared.priya} | changes)


def shared_elsewhere() -> Loan:
    """A loan in another book with the same lenders, made by somebody else."""
    fund = make_fund()
    loan = make_loan(fund, shop="9001")
    set_participations(loan=loan, effective_on=loan.approved_on, participations=PARTS, by=fund.tom)
    return loan
