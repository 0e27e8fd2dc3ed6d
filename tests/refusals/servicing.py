"""What the servicing of a live loan says when it refuses."""

from __future__ import annotations

from datetime import date

from loans import queries
from loans.domain import errors
from loans.domain.allocation import Component
from loans.domain.events import FeeCharged, HolidayGranted, Restructured, Waived, WrittenOff
from loans.domain.reschedule import rescheduled
from loans.models import EventKind, RequestKind
from loans.services import approve_proposal, ask, propose, record, set_authority
from tests.builders import pounds
from tests.loans.builders import TODAY, make_drawn_loan, make_fund
from tests.refusals.scenes import ends_in


@ends_in(errors.ActRefused)
def a_fee_before_the_drawdown() -> object:
    fund = make_fund()
    fee = FeeCharged(date(2025, 4, 30), 0, pounds("25.00"))
    return record(loan=make_drawn_loan(fund), event=fee, by=fund.tom, key="fee")


@ends_in(errors.TwoPeopleNeeded)
def a_waiver_by_one_person() -> object:
    fund = make_fund()
    waived = Waived(TODAY, 0, pounds("10.00"), Component.INTEREST)
    return record(loan=make_drawn_loan(fund), event=waived, by=fund.tom, key="waived")


@ends_in(errors.ProposalRefused)
def ones_own_proposal() -> object:
    fund = make_fund()
    event = WrittenOff(TODAY, 0, pounds("1500.00"))
    proposal = propose(loan=make_drawn_loan(fund), event=event, reason="The shop closed", by=fund.priya)
    return approve_proposal(proposal=proposal, shown_sha256=proposal.content_sha256, by=fund.priya)


@ends_in(errors.InterestLeftUnpaid)
def a_restructure_that_leaves_interest_unpaid() -> object:
    fund = make_fund()
    loan = make_drawn_loan(fund)
    terms = rescheduled(queries.terms_of(loan), queries.position_of(loan, TODAY), first_due_on=date(2027, 1, 1))
    return propose(loan=loan, event=Restructured(TODAY, 0, terms), reason="A longer term", by=fund.priya)


@ends_in(errors.MoreThanIsOwed)
def a_write_off_of_more_than_is_owed() -> object:
    fund = make_fund()
    event = WrittenOff(TODAY, 0, pounds("99000.00"))
    return propose(loan=make_drawn_loan(fund), event=event, reason="The shop closed", by=fund.priya)


@ends_in(errors.AboveAuthority)
def a_write_off_above_authority() -> object:
    fund = make_fund()
    loan = make_drawn_loan(fund)
    set_authority(book=fund.book, kind=EventKind.WRITTEN_OFF, limit=pounds("1000.00"), on=TODAY, by=fund.priya)
    event = WrittenOff(TODAY, 0, pounds("1500.00"))
    proposal = propose(loan=loan, event=event, reason="The shop closed", by=fund.priya)
    return approve_proposal(proposal=proposal, shown_sha256=proposal.content_sha256, by=fund.tom)


@ends_in(errors.AuthorityRefused)
def a_limit_of_ones_own() -> object:
    fund = make_fund()
    limits = {"book": fund.book, "kind": EventKind.WRITTEN_OFF, "on": TODAY}
    return set_authority(**limits, limit=pounds("5000.00"), by=fund.priya, person=fund.priya)


@ends_in(errors.RequestRefused)
def asked_twice() -> object:
    fund = make_fund()
    loan, pause = make_drawn_loan(fund), HolidayGranted(TODAY, 0, 3)
    ask(loan=loan, kind=RequestKind.HOLIDAY, event=pause, message="The road is closed", by=fund.priya)
    return ask(loan=loan, kind=RequestKind.HOLIDAY, event=pause, message="Still closed", by=fund.priya)
