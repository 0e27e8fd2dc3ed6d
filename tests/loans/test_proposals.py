"""What costs the fund money takes two people: one proposes, another approves exactly that, and the books follow."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from moneyed import Money

from ledger.checks import examine
from ledger.services import close_period
from loans import queries
from loans.checks import CHECKS
from loans.domain.allocation import Component
from loans.domain.errors import (
    AboveAuthority,
    ActRefused,
    AuthorityRefused,
    EventRefused,
    InterestLeftUnpaid,
    MoreThanIsOwed,
    ProposalRefused,
    ReasonMissing,
    RequestRefused,
    TwoPeopleNeeded,
)
from loans.domain.events import (
    FeeCharged,
    Happened,
    HolidayGranted,
    Restructured,
    Resumed,
    Suspended,
    Waived,
    WrittenOff,
)
from loans.domain.fees import FeeSettlement
from loans.domain.reschedule import rescheduled
from loans.domain.servicing import HolidayInterest
from loans.models import Answer, Authority, EventKind, Loan, LoanEvent, LoanTerms, Proposal, RequestKind
from loans.services import (
    Circumstances,
    HowRepaid,
    answer_request,
    approve_proposal,
    ask,
    authority_of,
    bring_up_to_date,
    decline_proposal,
    preview,
    preview_recovery,
    propose,
    record,
    record_recovery,
    record_repayment,
    reverse_event,
    set_authority,
    withdraw_proposal,
)
from tests.builders import pounds
from tests.loans.builders import TODAY, Fund, make_drawn_loan, make_fund, pay

pytestmark = pytest.mark.django_db


def in_arrears(fund: Fund) -> Loan:
    """A loan of £35,000.00 whose first twelve instalments were paid, and none since."""
    loan = make_drawn_loan(fund)
    for month in range(12):
        year, of_year = divmod(2025 * 12 + 5 + month, 12)
        pay(loan, "676.65", date(year, of_year + 1, 5), by=fund.priya)
    return Loan.objects.select_related("book").get(pk=loan.pk)


def proposed(fund: Fund, loan: Loan, event: Happened) -> Proposal:
    return propose(loan=loan, event=event, reason="To help it through the winter", by=fund.priya)


def approved(fund: Fund, loan: Loan, event: Happened) -> LoanEvent:
    proposal = proposed(fund, loan, event)
    return approve_proposal(proposal=proposal, shown_sha256=proposal.content_sha256, by=fund.tom, reason="Agreed")


def test_a_preview_shows_what_the_ledger_then_shows():
    fund = make_fund()
    loan = in_arrears(fund)
    seen = preview(loan=loan, event=Waived(TODAY, 0, pounds("50.00"), Component.INTEREST))
    event = approved(fund, loan, Waived(TODAY, 0, pounds("50.00"), Component.INTEREST))
    assert (event.kind, event.approval.made_by, event.approval.checked_by) == (EventKind.WAIVED, fund.priya, fund.tom)
    assert queries.position_of(loan, TODAY) == seen.after
    booked = [(entry.effective_on, entry.narrative) for entry in queries.entries_of(loan).order_by("pk")]
    assert booked[-len(seen.entries) :] == [(entry.effective_on, entry.narrative) for entry in seen.entries]
    assert examine(fund.book, CHECKS) == []


def test_what_costs_money_needs_two():
    fund = make_fund()
    loan = in_arrears(fund)
    waived = Waived(TODAY, 0, pounds("50.00"), Component.INTEREST)
    with pytest.raises(TwoPeopleNeeded, match="two people decide about it on L-0108"):
        record(loan=loan, event=waived, by=fund.tom, key="alone")
    with pytest.raises(ReasonMissing):
        propose(loan=loan, event=waived, reason=" ", by=fund.priya)
    proposal = proposed(fund, loan, waived)
    with pytest.raises(ProposalRefused, match="You proposed"):
        approve_proposal(proposal=proposal, shown_sha256=proposal.content_sha256, by=fund.priya)
    with pytest.raises(ProposalRefused, match="no longer what you were shown"):
        approve_proposal(proposal=proposal, shown_sha256="0" * 64, by=fund.tom)
    decline_proposal(proposal=proposal, reason="Not yet", by=fund.tom)
    with pytest.raises(ProposalRefused, match="has decided"):
        approve_proposal(proposal=proposal, shown_sha256=proposal.content_sha256, by=fund.tom)
    other = proposed(fund, loan, waived)
    with pytest.raises(ProposalRefused, match="who alone may withdraw it"):
        withdraw_proposal(proposal=other, by=fund.tom)
    withdraw_proposal(proposal=other, by=fund.priya)
    assert not LoanEvent.objects.filter(kind=EventKind.WAIVED).exists()


@pytest.mark.parametrize("amount", [pounds("0.00"), pounds("-5.00"), Money("5.00", "EUR")])
def test_an_amount_is_above_nought_and_in_the_loans_currency(amount: Money):
    fund = make_fund()
    loan = in_arrears(fund)
    with pytest.raises(ActRefused, match="L-0108: give an amount above nought in GBP"):
        proposed(fund, loan, Waived(TODAY, 0, amount, Component.INTEREST))
    with pytest.raises(ActRefused, match="give an amount above nought in GBP"):
        record(loan=loan, event=FeeCharged(TODAY, 0, amount), by=fund.tom, key="fee")


def test_in_the_database_a_waiver_needs_its_approval():
    fund = make_fund()
    loan = in_arrears(fund)
    event = approved(fund, loan, Waived(TODAY, 0, pounds("50.00"), Component.INTEREST))
    for approval, rule in ((None, "loans_what_costs_money_is_approved"), (event.approval_id, "approv")):
        copy = LoanEvent.objects.get(pk=event.pk)
        copy.pk, copy.number, copy.key, copy.entry_id, copy.approval_id = None, 99, "by hand", None, approval
        copy.content_sha256 = "0" * 64
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            copy.save(force_insert=True)


def test_a_write_off_above_authority_is_refused():
    fund = make_fund()
    loan = in_arrears(fund)
    set_authority(book=fund.book, kind=EventKind.WRITTEN_OFF, limit=pounds("1000.00"), on=TODAY, by=fund.priya)
    proposal = proposed(fund, loan, WrittenOff(TODAY, 0, pounds("1000.01")))
    with pytest.raises(AboveAuthority, match=r"£0\.01 above your authority of £1,000\.00"):
        approve_proposal(proposal=proposal, shown_sha256=proposal.content_sha256, by=fund.tom)
    set_authority(
        book=fund.book, kind=EventKind.WRITTEN_OFF, limit=pounds("2000.00"), on=TODAY, by=fund.priya, person=fund.tom
    )
    approve_proposal(proposal=proposal, shown_sha256=proposal.content_sha256, by=fund.tom)
    assert queries.position_of(loan, TODAY).written_off == pounds("1000.01")
    assert examine(fund.book, CHECKS) == []


def test_nobody_sets_their_own_limit():
    fund = make_fund()
    limits = {"book": fund.book, "kind": EventKind.WAIVED, "on": TODAY}
    with pytest.raises(AuthorityRefused, match="would be your own"):
        set_authority(**limits, limit=pounds("10.00"), by=fund.tom, person=fund.tom)
    with pytest.raises(IntegrityError, match="loans_authority_by_another"), transaction.atomic():
        Authority.objects.create(
            book=fund.book, kind=EventKind.WAIVED, effective_on=TODAY, limit=1, person=fund.tom, set_by=fund.tom
        )
    set_authority(**limits, limit=pounds("50.00"), by=fund.tom)
    set_authority(**limits, limit=pounds("40.00"), by=fund.tom)
    with pytest.raises(AuthorityRefused, match=r"£60\.00 for everybody would raise your own limit of £40\.00"):
        set_authority(**limits, limit=pounds("60.00"), by=fund.tom)
    set_authority(**limits, limit=pounds("45.00"), by=fund.priya, person=fund.tom)
    set_authority(**limits, limit=pounds("60.00"), by=fund.tom)
    assert authority_of(fund.book, EventKind.WAIVED, fund.tom, TODAY) == pounds("45.00")
    assert authority_of(fund.book, EventKind.WAIVED, fund.priya, TODAY) == pounds("60.00")


def test_a_limit_is_for_what_has_a_figure():
    fund = make_fund()
    with pytest.raises(AuthorityRefused, match="is not one figure"):
        set_authority(book=fund.book, kind=EventKind.HOLIDAY_GRANTED, limit=pounds("10.00"), on=TODAY, by=fund.priya)


def test_an_approval_is_judged_by_what_it_costs_that_day():
    fund = make_fund()
    loan = in_arrears(fund)
    proposal = proposed(fund, loan, WrittenOff(TODAY, 0))
    pay(loan, "676.65", TODAY, by=fund.priya)
    limit = proposal.cost_money - pounds("676.65")
    set_authority(book=fund.book, kind=EventKind.WRITTEN_OFF, limit=limit, on=TODAY, by=fund.priya)
    approve_proposal(proposal=proposal, shown_sha256=proposal.content_sha256, by=fund.tom)
    assert queries.position_of(loan, TODAY).written_off


def test_an_approval_of_what_is_not_owed_any_more_is_refused():
    fund = make_fund()
    loan = in_arrears(fund)
    owed = queries.position_of(loan, TODAY)
    proposal = proposed(fund, loan, WrittenOff(TODAY, 0, owed.principal_outstanding))
    pay(loan, "5000.00", TODAY, by=fund.priya)
    with pytest.raises(MoreThanIsOwed, match="more than the principal"):
        approve_proposal(proposal=proposal, shown_sha256=proposal.content_sha256, by=fund.tom)


def test_the_same_is_not_proposed_twice_at_once():
    fund = make_fund()
    loan = in_arrears(fund)
    waived = Waived(TODAY, 0, pounds("50.00"), Component.INTEREST)
    first = proposed(fund, loan, waived)
    with pytest.raises(ProposalRefused, match=f"{first} proposes exactly this for L-0108"):
        proposed(fund, loan, waived)
    decline_proposal(proposal=first, reason="Not yet", by=fund.tom)
    assert proposed(fund, loan, waived).state == "waiting"


def test_a_write_off_takes_no_more_than_is_owed():
    fund = make_fund()
    loan = in_arrears(fund)
    owed = queries.position_of(loan, TODAY).principal_outstanding
    with pytest.raises(MoreThanIsOwed, match=r"£0\.01 more than the principal"):
        proposed(fund, loan, WrittenOff(TODAY, 0, owed + pounds("0.01")))
    approved(fund, loan, WrittenOff(TODAY, 0))
    with pytest.raises(MoreThanIsOwed, match="owes nothing"):
        preview(loan=loan, event=WrittenOff(TODAY, 0))


def test_what_two_agree_on_counts_from_its_day_though_the_month_is_closed():
    fund = make_fund()
    loan = in_arrears(fund)
    on = date(2026, 10, 20)
    proposal = proposed(fund, loan, Waived(on, 0, pounds("50.00"), Component.INTEREST))
    close_period(book=fund.book, through=date(2026, 10, 31), by=fund.tom)
    seen = preview(loan=loan, event=Waived(on, 0, pounds("50.00"), Component.INTEREST))
    assert min(entry.effective_on for entry in seen.entries) == date(2026, 11, 1)
    event = approve_proposal(proposal=proposal, shown_sha256=proposal.content_sha256, by=fund.tom)
    assert (event.effective_on, event.entry.effective_on) == (on, date(2026, 11, 1))
    bring_up_to_date(loan=loan, on=TODAY, by=fund.priya)
    assert examine(fund.book, CHECKS) == []


def test_a_recovery_of_a_closed_month_is_booked_on_the_first_open_day():
    fund = make_fund()
    loan = in_arrears(fund)
    approved(fund, loan, WrittenOff(date(2026, 10, 1), 0))
    bring_up_to_date(loan=loan, on=TODAY, by=fund.priya)
    close_period(book=fund.book, through=date(2026, 10, 31), by=fund.tom)
    came = {"loan": loan, "amount": pounds("80.00"), "on": date(2026, 10, 20), "bank_account": "MAIN"}
    with pytest.raises(ActRefused, match="say that it is booked later"):
        record_recovery(**came, by=fund.priya, key="came")
    shown = preview_recovery(**came, books_later=True)
    later = Circumstances(reason="The bank told us late", books_later=True)
    event = record_recovery(**came, by=fund.priya, key="came", circumstances=later)
    assert (event.effective_on, event.entry.effective_on, event.reason) == (
        date(2026, 10, 20),
        date(2026, 11, 1),
        "The bank told us late",
    )
    assert [entry.effective_on for entry in shown.entries] == [date(2026, 11, 1)]
    assert examine(fund.book, CHECKS) == []


def test_a_restructure_cures_the_arrears_and_keeps_every_penny():
    fund = make_fund()
    loan = in_arrears(fund)
    at = queries.position_of(loan, TODAY)
    terms = rescheduled(queries.terms_of(loan), at, instalments=60, first_due_on=date(2027, 1, 1))
    with pytest.raises(InterestLeftUnpaid, match="of interest and fees of L-0108 unpaid"):
        proposed(fund, loan, Restructured(TODAY, 0, terms))
    terms = rescheduled(queries.terms_of(loan), at, capitalises=True, instalments=60, first_due_on=date(2027, 1, 1))
    approved(fund, loan, Restructured(TODAY, 0, terms, capitalises=True))
    after = queries.position_of(loan, TODAY)
    assert after.principal_outstanding == at.principal_outstanding + at.interest_due == terms.principal
    assert (after.arrears, after.days_past_due, after.payments_left) == (pounds("0.00"), 0, 60)
    assert [row.version for row in LoanTerms.objects.filter(loan=loan)] == [1, 2]
    assert examine(fund.book, CHECKS) == []


def test_what_stands_in_the_way_is_named():
    fund = make_fund()
    loan = in_arrears(fund)
    unpaid = queries.position_of(loan, TODAY).interest_due
    approved(fund, loan, Waived(TODAY, 0, unpaid, Component.INTEREST))
    with pytest.raises(EventRefused, match=r"Waiver \d+ of L-0108 is recorded, from 23 November 2026, and could not"):
        pay(loan, "676.65", "2026-11-20", by=fund.priya)


def test_a_settlement_that_is_taken_back_wakes_the_loan():
    fund = make_fund()
    loan = make_drawn_loan(fund)
    bring_up_to_date(loan=loan, on=TODAY, by=fund.priya)
    total = queries.position_of(loan, TODAY).quote.total
    settles = HowRepaid(settles=True)
    paid = record_repayment(
        loan=loan, amount=total, on=TODAY, bank_account="MAIN", by=fund.priya, key="paid", how=settles
    )
    assert Loan.objects.get(pk=loan.pk).next_action_on is None
    reverse_event(event=paid, on=TODAY, reason="The payment bounced", by=fund.tom, key="bounced")
    assert Loan.objects.get(pk=loan.pk).next_action_on == date(2026, 12, 1)
    assert examine(fund.book, CHECKS) == []


def test_new_terms_for_what_is_no_longer_owed_are_refused():
    fund = make_fund()
    loan = in_arrears(fund)
    at = queries.position_of(loan, TODAY)
    terms = rescheduled(queries.terms_of(loan), at, capitalises=True, instalments=60, first_due_on=date(2027, 1, 1))
    proposal = proposed(fund, loan, Restructured(TODAY, 0, terms, capitalises=True))
    pay(loan, "676.65", TODAY, by=fund.priya)
    with pytest.raises(ProposalRefused, match="would go on under new terms"):
        approve_proposal(proposal=proposal, shown_sha256=proposal.content_sha256, by=fund.tom)


def test_non_accrual_and_back_moves_income_and_nothing_else():
    fund = make_fund()
    loan = in_arrears(fund)
    before = queries.position_of(loan, TODAY)
    record(loan=loan, event=Suspended(TODAY, 0), by=fund.tom, key="out")
    stands = queries.booked_balances(loan, TODAY)
    assert stands.suspended == stands.interest == int(before.interest_due.amount * 100)
    with pytest.raises(EventRefused, match="in non-accrual since 23 November 2026"):
        record(loan=loan, event=Suspended(TODAY, 0), by=fund.tom, key="again")
    pay(loan, "100.00", TODAY, by=fund.priya)
    assert queries.booked_balances(loan, TODAY).suspended == stands.suspended - 10000
    record(loan=loan, event=Resumed(TODAY, 0), by=fund.tom, key="back")
    assert queries.booked_balances(loan, TODAY).suspended == 0
    assert examine(fund.book, CHECKS) == []


@pytest.mark.parametrize("settlement", FeeSettlement)
def test_a_fee_is_earned_over_the_term_however_it_is_settled(settlement):
    fund = make_fund()
    loan = make_drawn_loan(fund)
    fee = FeeCharged(date(2025, 5, 1), 0, pounds("700.00"), settlement=settlement, earned_by=date(2030, 5, 1))
    event = record(loan=Loan.objects.select_related("book").get(pk=loan.pk), event=fee, by=fund.tom, key="fee")
    assert queries.booked_balances(loan, date(2025, 5, 1)).not_earned == 70000
    pay(loan, "676.65", "2026-05-01", by=fund.priya)
    assert queries.booked_balances(loan, date(2026, 5, 1)).not_earned == 56008
    reverse_event(event=event, on=TODAY, reason="It was waived on the phone", by=fund.tom, key="undo")
    assert queries.booked_balances(loan, TODAY).not_earned == 0
    assert examine(fund.book, CHECKS) == []


def test_a_business_asks_and_is_answered():
    fund = make_fund()
    loan = in_arrears(fund)
    pause = HolidayGranted(TODAY, 0, 3, HolidayInterest.PAID)
    asked = ask(loan=loan, kind=RequestKind.HOLIDAY, event=pause, message="The road is closed", by=fund.priya)
    with pytest.raises(RequestRefused, match="asked for already"):
        ask(loan=loan, kind=RequestKind.HOLIDAY, event=replace(pause, instalments=2), message="", by=fund.priya)
    with pytest.raises(ReasonMissing):
        answer_request(request=asked, answer=Answer.DECLINED, words="", by=fund.tom)
    answer_request(request=asked, answer=Answer.GRANTED, words="Three months without principal", by=fund.tom)
    with pytest.raises(RequestRefused, match="answered already"):
        answer_request(request=asked, answer=Answer.GRANTED, words="Again", by=fund.tom)
