"""A bank lends to the fund: the loans' engine seen from the other side, to the penny, whenever things become known."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import Error as DatabaseError
from django.db import transaction

from commonweal.jobs.close import bring_book_up_to_date, close_days
from commonweal.jobs.matching import FACILITY, Wanted, match_line, parts_of, undo_line
from commonweal.jobs.paying import payments_to_make
from commonweal.jobs.readiness import Matter, readiness
from investors.domain.errors import BorrowingRefused, FacilityRefused
from investors.models import BorrowingBooking, BorrowingEvent, FacilityDecision, FacilityTerms
from investors.queries.borrowings import accruals_booked, facilities, life_of
from investors.services import (
    accrue_borrowings,
    approve_facility_terms,
    borrowings_behind,
    change_facility_rate,
    charge_facility_fee,
    decline_facility_terms,
    draw_facility,
    post_borrowings_due,
    preview_borrowing,
    propose_facility,
    propose_terms,
    repay_facility,
    reverse_borrowing_event,
)
from ledger.domain.entry import JournalEntry as Entry
from ledger.domain.entry import credit, debit
from ledger.domain.errors import SameTwoEyes
from ledger.models import JournalEntry
from ledger.queries import bank_lines_with_rest
from ledger.queries.fund_accounts import Period, fund_accounts
from ledger.services import approve, open_bank_account, post
from loans.domain.events import Drawn
from loans.domain.schedule import planned_schedule
from loans.domain.servicing import Prepayment
from tests.builders import make_account, pounds
from tests.investors.borrowed import Borrowed, agreed, make_borrowed, make_proposed, reference_terms

pytestmark = pytest.mark.django_db


@pytest.fixture
def borrowed() -> Borrowed:
    return make_borrowed()


def waits(line: object) -> str:
    return f"{bank_lines_with_rest().get(pk=line.pk).rest / 100:.2f}"


def test_two_people_agree_on_exactly_what_was_proposed() -> None:
    fund, terms = make_proposed()
    again = propose_facility(
        book=fund.book,
        lender=terms.facility.lender,
        agreement=agreed(),
        reason="To lend more than investors have put in",
        by=fund.priya,
    )
    assert (again, facilities(fund.book).count()) == (terms, 1)
    with pytest.raises(SameTwoEyes):
        approve_facility_terms(terms=terms, shown_sha256=terms.content_sha256, by=fund.priya)
    with pytest.raises(FacilityRefused, match="is not what you were shown"):
        approve_facility_terms(terms=terms, shown_sha256="0" * 64, by=fund.tom)
    approve_facility_terms(terms=terms, shown_sha256=terms.content_sha256, by=fund.tom)
    with pytest.raises(FacilityRefused, match="is decided already"):
        decline_facility_terms(terms=terms, shown_sha256=terms.content_sha256, reason="No", by=fund.tom)
    assert life_of(terms.facility).agreement == agreed()


def test_the_database_knows_who_agreed_on_what() -> None:
    fund, terms = make_proposed()
    asked = {"made_by": fund.priya, "made_at": terms.proposed_at, "checked_by": fund.tom}
    other = approve(subject=f"facility-terms:{terms.pk}", content_sha256="1" * 64, **asked)
    wrong = FacilityDecision(terms=terms, outcome="approved", approval=other, decided_by=fund.tom)
    with pytest.raises(DatabaseError, match="not approved by a second person"), transaction.atomic():
        wrong.save(force_insert=True)
    raw = {"content": {}, "content_sha256": "0" * 64, "terms": terms, "key": "raw", "recorded_by": fund.priya}
    drawn = BorrowingEvent(
        facility=terms.facility, number=1, kind="drawn", effective_on=date(2025, 5, 1), amount=1, **raw
    )
    drawn.save(force_insert=True)
    with pytest.raises(DatabaseError, match="under no terms that two people agreed on"):
        transaction.get_connection().check_constraints()


def test_the_schedule_is_that_of_the_calculators_and_the_books_follow_it(borrowed: Borrowed) -> None:
    borrowed.draw()
    rows = borrowed.life.at(date(2025, 5, 1)).instalments
    assert [row.instalment for row in rows] == list(planned_schedule(reference_terms()))
    assert (rows[0].instalment.total, rows[0].instalment.interest) == (pounds("676.65"), pounds("175.00"))
    assert borrowed.owes("2610", "2620") == ["35000.00", "0.00"]
    borrowed.let_days_pass("2025-07-02")
    assert borrowings_behind(borrowed.book, date(2025, 7, 1)) == ["B-0001"]
    assert post_borrowings_due(book=borrowed.book, on=date(2025, 7, 1), by=borrowed.fund.tom) == 2
    assert post_borrowings_due(book=borrowed.book, on=date(2025, 7, 1), by=borrowed.fund.tom) == 0
    assert borrowed.owes("2610", "2620") == ["35000.00", "347.49"]
    borrowed.repay("1353.30", "2025-07-01")
    assert borrowed.owes("2610", "2620", "1020") == ["33994.19", "0.00", "1353.30"]
    assert borrowed.cost() == "347.49"
    assert borrowed.is_clean


def test_a_draw_takes_its_bank_line_once_and_gives_it_back(borrowed: Borrowed) -> None:
    line = borrowed.line("20000.00")
    asked = {"facility": borrowed.facility, "line": line, "by": borrowed.fund.priya}
    first = draw_facility(key="one", **asked)
    assert draw_facility(key="one", **asked) == first
    assert (borrowed.owes("2610"), waits(line)) == (["20000.00"], "0.00")
    with pytest.raises(BorrowingRefused, match="was used on B-0001 for draw 1"):
        draw_facility(key="one", amount=pounds("5.00"), **asked)
    taken_back = reverse_borrowing_event(
        event=first, on=date(2025, 5, 1), reason="Another lender's money", key="back", by=borrowed.fund.tom
    )
    assert (borrowed.owes("2610"), waits(line)) == (["0.00"], "20000.00")
    assert taken_back.reverses == first
    with pytest.raises(BorrowingRefused, match="is taken back already"):
        reverse_borrowing_event(event=first, on=date(2025, 5, 1), reason="x", key="2", by=borrowed.fund.tom)
    assert borrowed.is_clean


def test_a_rate_that_became_known_late_moves_what_is_posted_by_the_difference(borrowed: Borrowed) -> None:
    """£175.00 and £172.49 fell due at 6%; from 16 May on it was 9%: half of May at each, and June at 9%."""
    borrowed.draw()
    borrowed.let_days_pass("2025-07-02")
    borrowed.repay("1353.30", "2025-07-01")
    asked = {"annual_rate": Decimal("0.09"), "on": date(2025, 5, 16), "reason": "The bank's letter of 30 June"}
    changed = change_facility_rate(facility=borrowed.facility, key="rate", by=borrowed.fund.tom, **asked)
    again = change_facility_rate(facility=borrowed.facility, key="rate", by=borrowed.fund.tom, **asked)
    assert again == changed
    interest = [row.instalment.interest for row in borrowed.life.at(date(2025, 7, 1)).instalments[:2]]
    assert interest[0] == pounds("218.75")
    assert borrowed.cost() == f"{sum(one.amount for one in interest):.2f}"
    told = borrowed.life.at(date(2025, 7, 2))
    owed = told.principal_outstanding, told.interest_due
    assert borrowed.owes("2610", "2620") == [f"{one.amount:.2f}" for one in owed]
    assert JournalEntry.objects.filter(narrative__endswith="worked out again").exists()
    assert borrowed.is_clean


def test_months_end_with_what_is_not_due_and_a_late_rate_tells_them_anew(borrowed: Borrowed) -> None:
    borrowed.draw()
    borrowed.let_days_pass("2025-05-31")
    for _ in range(2):
        accrue_borrowings(book=borrowed.book, on=date(2025, 5, 31), by=borrowed.fund.tom)
    assert borrowed.owes("2625", on=date(2025, 5, 31)) == ["175.00"]
    assert borrowed.owes("2625", on=date(2025, 6, 1)) == ["0.00"]
    asked = {"annual_rate": Decimal("0.12"), "on": date(2025, 5, 1), "reason": "Agreed with the draw"}
    change_facility_rate(facility=borrowed.facility, key="rate", by=borrowed.fund.tom, **asked)
    assert borrowings_behind(borrowed.book, date(2025, 5, 30), [date(2025, 5, 31)]) == ["B-0001"]
    accrue_borrowings(book=borrowed.book, on=date(2025, 5, 31), by=borrowed.fund.tom)
    assert borrowed.owes("2625", on=date(2025, 5, 31)) == ["350.00"]
    assert accruals_booked(borrowed.life, date(2025, 5, 31)).interest == 35000
    assert borrowings_behind(borrowed.book, date(2025, 5, 30), [date(2025, 5, 31)]) == []


def test_the_close_posts_accrues_and_catches_up(borrowed: Borrowed) -> None:
    borrowed.draw()
    ready = {one.matter: one for one in readiness(borrowed.book, date(2025, 6, 30))}[Matter.BORROWINGS]
    assert (ready.standing, ready.note) == ("with_the_close", "B-0001")
    close_days(book=borrowed.book, through=date(2025, 7, 15), today=date(2025, 7, 20), by=borrowed.fund.tom)
    assert borrowed.owes("2620", "2625") == ["347.49", "0.00"]
    assert borrowed.owes("2625", on=date(2025, 6, 30)) == ["172.49"]
    entries = JournalEntry.objects.count()
    ends = [date(2025, 5, 31), date(2025, 6, 30)]
    bring_book_up_to_date(book=borrowed.book, through=date(2025, 7, 15), by=borrowed.fund.tom, month_ends=ends)
    assert JournalEntry.objects.count() == entries
    assert borrowed.is_clean


def test_a_repayment_leaves_by_a_payment_and_the_bank_s_line_confirms_it(borrowed: Borrowed) -> None:
    borrowed.draw()
    borrowed.let_days_pass("2025-06-02")
    repaid = borrowed.repay("676.65", "2025-06-02")
    (payment,) = payments_to_make(borrowed.book)
    assert (payment.payee, payment.amount, payment.account) == ("investor:NRB", pounds("676.65"), "1020/B-0001")
    assert payment.reference == "NRB/2025/17"
    line = borrowed.line("-676.65", "2025-06-02")
    wanted = Wanted(line.pk, parts_of(bank_lines_with_rest().get(pk=line.pk), FACILITY, borrowed.facility.pk))
    match_line(book=borrowed.book, wanted=wanted, by=borrowed.fund.tom)
    assert (borrowed.owes("1020"), waits(line)) == (["0.00"], "0.00")
    assert payments_to_make(borrowed.book) == []
    with pytest.raises(BorrowingRefused, match="the bank paid the rest"):
        reverse_borrowing_event(event=repaid, on=date(2025, 6, 2), reason="x", key="1", by=borrowed.fund.tom)
    undo_line(book=borrowed.book, line_id=line.pk, reason="The wrong loan", by=borrowed.fund.tom)
    reverse_borrowing_event(event=repaid, on=date(2025, 6, 2), reason="Not sent", key="1", by=borrowed.fund.tom)
    assert borrowed.owes("1020", "2610") == ["0.00", "35000.00"]
    assert borrowed.is_clean


def test_what_a_lender_collects_by_itself_is_booked_with_its_line(borrowed: Borrowed) -> None:
    borrowed.draw()
    borrowed.let_days_pass("2025-06-02")
    line = borrowed.line("-676.65", "2025-06-02")
    wanted = Wanted(line.pk, parts_of(bank_lines_with_rest().get(pk=line.pk), FACILITY, borrowed.facility.pk))
    match_line(book=borrowed.book, wanted=wanted, by=borrowed.fund.tom)
    assert borrowed.owes("1020", "2610", "2620") == ["0.00", "34498.35", "0.00"]
    flows = fund_accounts(borrowed.book, [Period(date(2025, 4, 1), date(2026, 3, 31))]).cash_flow.sections
    (section,) = [one for one in flows if one.name == "Borrowing"]
    assert [(line.name, line.minor[0]) for line in section.lines] == [
        ("Borrowed", 3500000),
        ("Borrowings repaid", -50165),
        ("Interest on borrowings paid", -17500),
    ]


def test_early_money_lowers_what_follows_and_the_whole_ends_it(borrowed: Borrowed) -> None:
    borrowed.draw()
    borrowed.let_days_pass("2025-06-16")
    borrowed.repay("10676.65", "2025-06-02", prepayment=Prepayment.LOWER_PAYMENT)
    assert borrowed.owes("2610") == ["24498.35"]
    with pytest.raises(BorrowingRefused, match="more than the £24,56"):
        borrowed.repay("30000.00", "2025-06-16")
    whole = borrowed.life.at(date(2025, 6, 16)).quote.total
    with pytest.raises(BorrowingRefused, match=r"£237\.91 more than there is"):
        borrowed.repay(f"{whole.amount}", "2025-06-16")
    interest = Entry(
        date(2025, 6, 16), "Interest", (debit("1010/MAIN", pounds("300.00")), credit("4030", pounds("300.00")))
    )
    post([interest], book=borrowed.book, key="interest", by=borrowed.fund.priya)
    repay_facility(
        facility=borrowed.facility,
        amount=whole,
        on=date(2025, 6, 16),
        key="end",
        by=borrowed.fund.priya,
        settles=True,
    )
    assert borrowed.life.at(date(2025, 6, 16)).settled
    assert borrowed.owes("2610", "2620", "2640") == ["0.00", "0.00", "0.00"]
    assert borrowed.is_clean


def test_a_fee_is_owed_the_same_day_and_new_terms_count_from_theirs(borrowed: Borrowed) -> None:
    borrowed.draw("20000.00")
    borrowed.let_days_pass("2025-06-20")
    asked = {"on": date(2025, 6, 10), "reason": "Waiver of a covenant", "key": "fee", "by": borrowed.fund.priya}
    charge_facility_fee(facility=borrowed.facility, amount=pounds("250.00"), **asked)
    assert (borrowed.owes("2630"), borrowed.cost("5061")) == (["250.00"], "250.00")
    lower = agreed(reference_terms(), effective_on=date(2025, 6, 15), reference="NRB/2025/17A")
    proposed = propose_terms(facility=borrowed.facility, agreement=lower, reason="Extended", by=borrowed.fund.priya)
    with pytest.raises(FacilityRefused, match="waits for a decision"):
        propose_terms(facility=borrowed.facility, agreement=agreed(), reason="Other", by=borrowed.fund.priya)
    approve_facility_terms(terms=proposed, shown_sha256=proposed.content_sha256, by=borrowed.fund.tom)
    proposed = FacilityTerms.objects.get(pk=proposed.pk)
    assert proposed.decision.event.kind == "restructured"
    assert borrowed.life.agreement.reference == "NRB/2025/17A"
    assert borrowed.is_clean


@pytest.mark.parametrize(
    ("doing", "words"),
    [
        (lambda one: one.draw("-5.00"), "money that went out is not drawn"),
        (lambda one: one.draw("35000.01"), "£0.01 more than the £35,000.00 that is undrawn"),
        (lambda one: one.draw("5.00", "2025-04-19"), "may be drawn from 20 April 2025 to 30 April 2026"),
        (lambda one: one.draw("5.00", "2025-05-02"), "the business date of"),
        (lambda one: one.repay("5.00", "2025-05-01"), "is not drawn yet"),
    ],
)
def test_what_is_refused_says_by_how_much(borrowed: Borrowed, doing: object, words: str) -> None:
    with pytest.raises(BorrowingRefused, match=words):
        doing(borrowed)
    assert not BorrowingBooking.objects.exists()


def test_a_number_of_an_agreement_is_read_as_it_is_written(borrowed: Borrowed) -> None:
    with pytest.raises(FacilityRefused, match=r"number of the agreement holds U\+202E"):
        agreed(reference="NRB/\u202e2025")


def test_a_repayment_leaves_what_is_held_for_investors(borrowed: Borrowed) -> None:
    """£20,000.00 at the bank, £16,000.00 of it came in for an investor: £4,000.00 is the fund's own."""
    came = pounds("16000.00")
    borrowed.draw("20000.00")
    make_account(book=borrowed.book, node="2510", subject="OAK", on=date(2025, 5, 1))
    held = Entry(date(2025, 5, 1), "For an investor", (debit("3010", came), credit("2510/OAK", came)))
    post([held], book=borrowed.book, key="held", by=borrowed.fund.priya)
    with pytest.raises(BorrowingRefused) as refused:
        borrowed.repay("5000.00", "2025-05-01", key="too much")
    assert str(refused.value) == (
        "£5,000.00 would leave the bank, £1,000.00 more than there is: it has £20,000.00 that is not on its way, "
        "£16,000.00 of which is held for investors. Repay less; nothing was changed."
    )
    borrowed.repay("4000.00", "2025-05-01", key="enough")
    assert borrowed.owes("1020") == ["4000.00"]


def test_a_repayment_leaves_a_restricted_grant_and_what_waits_in_suspense(borrowed: Borrowed) -> None:
    """£23,000.00 at the bank, £16,000.00 of it a grant for a purpose and £3,000.00 that nobody has explained."""
    came = pounds("16000.00")
    borrowed.draw("20000.00")
    borrowed.line("3000.00", reference="who knows")
    make_account(book=borrowed.book, node="3210", subject="LOT-A", on=date(2025, 5, 1))
    grant = Entry(date(2025, 5, 1), "A grant", (debit("3010", came), credit("3210/LOT-A", came)))
    post([grant], book=borrowed.book, key="grant", by=borrowed.fund.priya)
    with pytest.raises(BorrowingRefused) as refused:
        borrowed.repay("5000.00", "2025-05-01", key="too much")
    assert str(refused.value) == (
        "£5,000.00 would leave the bank, £1,000.00 more than there is: it has £23,000.00 that is not on its way, "
        "£19,000.00 of which is in suspense, owed to others or restricted. Repay less; nothing was changed."
    )
    borrowed.repay("4000.00", "2025-05-01", key="enough")


def test_a_draw_is_looked_at_on_a_bank_account_that_the_book_has(borrowed: Borrowed) -> None:
    on = date(2025, 5, 1)
    drawn = Drawn(on, 0, pounds("20000.00"))
    open_bank_account(book=borrowed.book, code="CURRENT", name="Current", identification="20-00-00 55779911", on=on)
    (entry,) = preview_borrowing(facility=borrowed.facility, event=drawn).entries
    assert "2010/CURRENT" in [posting.account for posting in entry.postings]
