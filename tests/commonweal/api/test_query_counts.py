"""No list asks the database once per row: one row and three cost the same, and how much is written down here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from borrowers.domain.outcomes import Group, OutcomeArea
from borrowers.domain.readings import ReadingPeriod
from borrowers.models import Indicator
from borrowers.queries import current_answers
from borrowers.services import Claim, leave_note, make_claim
from commonweal.access.models import StaffMembership, User
from commonweal.documents.models import StatementRun
from commonweal.jobs.models import Job
from commonweal.letters.calendars import make_calendar
from commonweal.letters.kinds import Worry
from commonweal.letters.worries import tell_worry
from commonweal.letters.writing import tell_answer
from commonweal.open_data.records import bring_in_records
from commonweal.open_data.writing import written
from investors.domain.citr.kinds import MovementKind
from investors.domain.citr.limits import Accreditation
from investors.domain.citr.onward import Case
from investors.domain.fund_class import FundClass
from investors.domain.management_fee import FeeBase
from investors.domain.participation import Participation as Part
from investors.models import CitrInvestment, Facility, Investor
from investors.queries import transfers_of, waiting_payouts
from investors.services import (
    decline_facility_terms,
    decline_payout,
    decline_transfer,
    mark_loan,
    propose_proxy,
    propose_terms,
    record_accreditation,
    record_citr_movement,
    say_tax_treatment,
    set_participations,
)
from ledger.models import Book
from ledger.services import close_period, open_bank_account
from loans.domain.allocation import Component
from loans.domain.covenants import CovenantKind
from loans.domain.events import HolidayGranted, Waived
from loans.domain.returns import ReturnCalendar
from loans.models import Answer, BaseRateIndex, EventKind, Loan, Product, RequestKind
from loans.services import (
    Promise,
    Upload,
    add_evidence,
    add_index,
    agree_returns,
    answer_request,
    ask,
    decline_proposal,
    draw_down,
    give_notice,
    offer_product,
    promise_impact,
    propose,
    propose_specific_provision,
    provide,
    record_base_rate,
    set_authority,
    set_provision_rule,
    tell_story,
)
from loans.servicing_queries import requests_of
from tests import borrowing_demo as borrowing
from tests.borrowers.builders import accounts, people_in_work, reading
from tests.borrowers.place_tables import loaded
from tests.builders import make_draft, make_user, pounds
from tests.commonweal.access.people import make_staff
from tests.commonweal.api.client import Api
from tests.commonweal.api.reads import NEEDED, read_by, reader
from tests.commonweal.api.story import (
    CODE,
    OTHER,
    PERCENTAGES,
    Story,
    ask_about,
    ask_fund,
    contact_at,
    enter_a_scheme,
    invite_ann,
    keep_note,
    make_document,
    propose_account,
    sell_a_part,
    try_what_fails,
)
from tests.commonweal.api.test_reading import LISTS
from tests.commonweal.open_data.deals import any_release, changed
from tests.investors.fund_in_classes import ClassFund
from tests.investors.payable import approved_payout
from tests.investors.valued import terms
from tests.ledger.payment_world import any_payment_file
from tests.loans.builders import Fund, bank_line, make_loan
from tests.loans.covenanted import make_covenant
from tests.loans.direct_debit.collected import collects, live
from tests.loans.granted import make_grant
from tests.loans.neighbours import make_neighbourhood
from tests.published import add_prepared, prepare_file
from tests.tax_relief import invest

COUNTS = {
    "book-reading-list": 7,
    "book-return-list": 7,
    "evidence-list": 7,
    "handover-note-list": 6,
    "return-plan-list": 7,
    "story-list": 8,
    "proxy-list": 5,
    "account-list": 5,
    "grant-list": 8,
    "release-list": 5,
    "deal-record-list": 5,
    "neighbourhood-list": 6,
    "scale-list": 4,
    "accounts-list": 6,
    "application-list": 5,
    "arrears-list": 5,
    "authority-list": 5,
    "bank-account-list": 6,
    "bank-line-list": 5,
    "bank-line-suggestions": 12,
    "bank-reconciliation": 6,
    "book-list": 4,
    "calendar-list": 4,
    "capital-act-list": 6,
    "capital-class-list": 4,
    "capital-fee-list": 4,
    "chart": 5,
    "coming-back-list": 20,
    "covenant-list": 8,
    "covenant-watch": 6,
    "claim-list": 7,
    "consent-list": 5,
    "contact-list": 6,
    "debit-due-list": 12,
    "debit-run-list": 5,
    "debit-setting-list": 5,
    "document-list": 4,
    "entry-list": 5,
    "holding-list": 11,
    "loan-tape": 17,
    "file-list": 6,
    "indicator-list": 4,
    "investor-contact-list": 7,
    "investor-list": 6,
    "investor-message-list": 7,
    "job-list": 4,
    "journal-list": 5,
    "letter-choice-list": 3,
    "letter-list": 5,
    "loan-event-list": 7,
    "loan-list": 8,
    "loan-participation-list": 11,
    "loan-schedule": 7,
    "loan-target-list": 7,
    "loss-proposal-list": 5,
    "mandate-list": 9,
    "message-list": 6,
    "moving-in-finding-list": 6,
    "moving-in-list": 5,
    "next-step-list": 5,
    "organisation-list": 6,
    "pack-list": 5,
    "payee-list": 5,
    "person-list": 5,
    "invitation-list": 5,
    "payment-file-list": 5,
    "payment-list": 5,
    "payment-to-make-list": 14,
    "payout-list": 8,
    "payout-held": 15,
    "investor-payout-list": 8,
    "investor-tax-list": 7,
    "period-list": 7,
    "period-readiness": 31,
    "product-list": 6,
    "proposal-list": 5,
    "provision-list": 13,
    "provision-rule-list": 5,
    "provision-run-list": 5,
    "base-rate-index-list": 5,
    "base-rate-list": 7,
    "reading-list": 7,
    "return-answer-list": 7,
    "return-list": 7,
    "lender-consent-list": 8,
    "transfer-list": 7,
    "statement-run-list": 5,
    "facility-list": 7,
    "facility-schedule": 7,
    "facility-event-list": 6,
    "facility-movement-list": 6,
    "facility-terms-list": 6,
    "facility-test-list": 6,
    "prepared-list": 6,
    "tax-accreditation-list": 9,
    "tax-loan-list": 5,
    "tax-investment-list": 10,
    "tax-movement-list": 10,
    "investor-tax-relief": 12,
    "request-list": 6,
    "schedule-list": 6,
    "scheme-list": 6,
    "seal-list": 5,
}
"""How many queries a list costs the manager, the log-in of the program included."""

FOR_OTHERS = {("loan-list", "borrower"): 8, ("loan-list", "investor"): 15}


@pytest.fixture
def many(story: Story) -> Story:
    """At least three rows in every list."""
    return tell_more(story)


def tell_more(story: Story) -> Story:
    """Two more of everything."""
    book, manager = Book.objects.get(code=CODE), story.ids["people"]["manager"]
    fund = Fund(book, Product.objects.get(book=book), priya=make_user(name="Priya Two"), tom=make_user(name="Tom Two"))
    first = Loan.objects.get(pk=story.ids["loan"])
    _books(manager)
    _loans(fund, first)
    _impact(fund, first)
    _covenants(fund, first)
    _proposals(fund, first)
    _losses(fund, first)
    _sales(fund, first)
    _tax_relief(fund, first)
    _payouts(fund)
    _borrowings(fund, Facility.objects.get(pk=story.ids["facility"]))
    _debits(fund, first)
    try_what_fails(book, fund.tom)
    any_release(book, fund.tom)
    bring_in_records(book=book, content=written(changed()), by=fund.tom)
    make_grant(first, by=fund.priya)
    loaded()
    index = BaseRateIndex.objects.get(pk=story.ids["index"])
    for number in range(2):
        add_index(book=book, code=f"index-{number}", name=f"Index {number}")
        on, rate = date(2025, 5, 8 + number), Decimal("0.04")
        record_base_rate(index=index, effective_on=on, annual_rate=rate, by=fund.tom)
        capital = ClassFund(book, fund.priya, fund.tom)
        capital.pays_for_management(date(2027, 1, 1 + number), FeeBase.DRAWN, "0.01")
        capital.begins(FundClass(f"C{number}", f"Class {number}", 2))
        make_draft(book=book, by=fund.priya, on=date(2026, 10, 30 + number % 2), narrative=f"Charges {number}")
        bank_line(fund, "5.00", "more", "2025-08-06")
        open_bank_account(
            book=book,
            code=f"B{number}",
            name=f"Bank {number}",
            identification=f"2000001234567{number}",
            on=book.opened_on,
        )
        offer_product(
            book=book,
            code=f"p{number}",
            name=f"Product {number}",
            amounts=(pounds("100.00"), pounds("500.00")),
            months=(1, 12),
            annual_rate=Decimal("0.05"),
            payment_prefix=f"P{number}",
        )
        Job.objects.create(kind="test.greet", arguments={}, book=book, requested_by=fund.tom)
        any_release(book, fund.tom)
        bring_in_records(book=book, content=written(changed(("id", f"CW-MORE2345678{number + 2}"))), by=fund.tom)
        make_neighbourhood(first, by=fund.priya, name=f"Neighbourhood {number}")
        make_grant(first, by=fund.priya)
        keep_note(first, fund.priya, f"Note {number}")
        propose_account(book, f"investor:{('NRB', 'TST')[number]}", fund.priya)
        invite_ann(book, Investor.objects.get(code=("NRB", "TST")[number - 1]), fund.tom, number)
        make_staff(book, "auditor")
        make_document(book, f"P-{number}")
        waiting = prepare_file(book, f"Q-{number}", f"%PDF {number}".encode(), organisation=first.organisation)
        run = StatementRun.objects.get(pk=story.ids["statement_run"])
        add_prepared(run, waiting.prepared.get().kind, f"R-{number}", f"%PDF more {number}".encode())
        any_payment_file(book, "investor:LOT", fund.priya, source=f"more:{number}")
        make_document(book, f"M-{number}", organisation=first.organisation)
        make_document(book, f"I-{number}", investor=first.participation_sets.get().participations.first().investor)
    _talk(fund, first, User.objects.get(pk=story.ids["people"]["borrower"]))
    close_period(book=book, through=date(2025, 5, 31), by=fund.tom)
    close_period(book=book, through=date(2025, 6, 30), by=fund.tom)
    return story


def _books(manager: int) -> None:
    from tests.builders import make_book

    for book in (Book.objects.get(code=OTHER), make_book(code="third")):
        StaffMembership.objects.create(user_id=manager, book=book, role="manager")


def _loans(fund: Fund, first: Loan) -> None:
    """Two more loans of the same business and lenders."""
    for _ in range(2):
        loan = make_loan(fund, shop=first.organisation)
        parts = (Part("NRB", 1, pounds("30000.00")), Part("TST", 2, pounds("5000.00")))
        set_participations(loan=loan, effective_on=date(2025, 5, 5), participations=parts, by=fund.tom)
        draw_down(loan=loan, amount=pounds("35000.00"), on=date(2025, 5, 6), by=fund.priya, key="drawn")


def _covenants(fund: Fund, first: Loan) -> None:
    """More broken covenants, each of another kind."""
    make_covenant(first, by=fund.tom, kind=CovenantKind.GEARING, threshold=Decimal("0.5"))
    for loan in Loan.objects.filter(organisation=first.organisation).exclude(pk=first.pk):
        make_covenant(loan, by=fund.tom)


def _proposals(fund: Fund, first: Loan) -> None:
    """Two more waivers of which one is declined, and limits of two people."""
    on = fund.book.business_date
    for amount, person, other in (("5.00", fund.priya, fund.tom), ("6.00", fund.tom, fund.priya)):
        waived = Waived(on, 0, pounds(amount), Component.INTEREST)
        made = propose(loan=first, event=waived, reason="Rain", by=fund.priya)
        set_authority(book=fund.book, kind=EventKind.WAIVED, limit=pounds("50.00"), on=on, by=other, person=person)
    decline_proposal(proposal=made, reason="It is dry", by=fund.tom)
    for amount in ("42.00", "43.00"):
        ask_about(fund, first, amount)


def _sales(fund: Fund, first: Loan) -> None:
    """Two more sales, after one that was declined each."""
    for amount in ("1000.00", "2000.00"):
        waiting = transfers_of(first)[0]
        decline_transfer(transfer=waiting, shown_sha256=waiting.content_sha256, reason="Too little", by=fund.tom)
        sell_a_part(fund, first, amount)


def _tax_relief(fund: Fund, first: Loan) -> None:
    """Two more of each: accreditations, investments with a repayment each, and marks."""
    investor = Investor.objects.get(code="NRB")
    for number in range(2):
        starts_on = date(2019 + 3 * number, 1, 1)
        days = {"starts_on": starts_on, "ends_on": starts_on.replace(year=starts_on.year + 3)}
        given = {"kind": Accreditation.RETAIL, "applied_for": pounds("1000.00"), "reference": f"A-{number}"}
        record_accreditation(book=fund.book, by=fund.priya, **days, **given)
        invest(fund.book, investor, fund.priya, "5000.00", date(2025, 2, 3 + number))
        repaid = {"kind": MovementKind.REPAYMENT, "on": date(2026, 10, 1 + number), "amount": pounds("10.00")}
        record_citr_movement(investment=CitrInvestment.objects.filter(book=fund.book).first(), by=fund.priya, **repaid)
        mark_loan(loan=first, on=date(2026, 11, 1 + number), case=Case.LISTED_AREA, reason="Listed", by=fund.priya)


def _payouts(fund: Fund) -> None:
    """Two more payouts to the foundation, approved, and two more things said of its tax."""
    oak = Investor.objects.get(code="OAK")
    waiting = waiting_payouts(fund.book)[0]
    decline_payout(payout=waiting, shown_sha256=waiting.content_sha256, reason="Too little", by=fund.tom)
    for number in range(2):
        approved_payout(fund.book, oak, fund.priya, fund.tom, f"{40 + number}.00")
        said = {"rate": Decimal("0.2"), "effective_on": date(2026, 11, 1 + number), "reason": "As it declared"}
        say_tax_treatment(investor=oak, by=fund.tom, **said)


def _borrowings(fund: Fund, first: Facility) -> None:
    """Two more facilities, two more draws with their tests, and terms after some that were declined."""
    for number in range(2):
        borrowing.proposed(fund.book, first.lender, by=fund.priya, reference=f"TST/{number}")
        borrowing.drawn(first, "5.00", by=fund.priya)
    waiting = first.terms.get(version=2)
    decline_facility_terms(terms=waiting, shown_sha256=waiting.content_sha256, reason="Too long", by=fund.tom)
    agreed = borrowing.agreement(fund.book.business_date, reference="NRB/2026/17B")
    propose_terms(facility=first, agreement=agreed, reason="Shorter", by=fund.priya)


def _losses(fund: Fund, first: Loan) -> None:
    """Two more of each: percentages, runs, schemes, and specific provisions."""
    for number in range(2):
        on = date(2026, 11, 1 + number)
        enter_a_scheme(fund, f"scheme-{number}")
        set_provision_rule(book=fund.book, percentages=PERCENTAGES, on=on, reason="Policy", by=fund.tom)
        provide(book=fund.book, on=on, by=fund.tom, key=f"run-{number}")
        propose_specific_provision(loan=first, amount=pounds("5.00"), on=on, reason="A leak", by=fund.priya)


def _debits(fund: Fund, first: Loan) -> None:
    """A mandate of each loan that has none, told of a collection on 1 December; and two more settings."""
    on, told_on = date(2026, 12, 1), date(2026, 11, 4)
    for loan in Loan.objects.filter(organisation=first.organisation).exclude(pk=first.pk):
        mandate = live(fund, loan)
        give_notice(mandate=mandate, collect_on=on, amount=pounds("20.00"), on=told_on, by=fund.tom)
    for _ in range(2):
        collects(fund)


def _talk(fund: Fund, first: Loan, person: User) -> None:
    """Two more messages, requests, contacts with a next step, letters and calendars."""
    for number in range(2):
        tell_worry(loan=first, worry=Worry.CANNOT, words=str(number), on=fund.book.business_date, by=person)
        tell_answer(loan=first, on=date(2026, 11, 1 + number), what="You asked for new terms.")
        make_calendar(person=person, label=f"Phone {number}")
        contact_at(Investor.objects.get(code="NRB"), f"Person{number}", by=fund.tom)
        ask_fund(fund.book, Investor.objects.get(code="NRB"), f"Question {number}", by=fund.tom)
        answer_request(request=requests_of(first).last(), answer=Answer.WITHDRAWN, words="", by=person)
        pause = HolidayGranted(fund.book.business_date, 0, 1)
        ask(loan=first, kind=RequestKind.HOLIDAY, event=pause, message=f"Rain {number}", by=person)


def _impact(fund: Fund, first: Loan) -> None:
    for number in range(2):
        indicator = people_in_work(code=f"i{number}", name=f"I {number}")
        promise = Promise(Decimal(1), date(2025, 1, 1), Decimal(2), date(2027, 1, 1))
        promise_impact(loan=first, indicator=indicator, promise=promise, by=fund.tom)
        period = ReadingPeriod(date(2025, 1, 1), date(2026, 1, 1))
        reading(first.organisation, indicator, by=fund.tom, period=period)
        accounts(first.organisation, f"2026-0{3 + 3 * number}", by=fund.tom)
    for number in range(3):
        claim = Claim(area=OutcomeArea.WORK, what=f"Work {number}", who=[Group.YOUNG])
        of = {"organisation": first.organisation, "on": fund.book.business_date, "by": fund.tom}
        make_claim(**of, claim=claim, shown_by=[indicator])
        _tell(fund, first, number)


def _tell(fund: Fund, first: Loan, number: int) -> None:
    """A reading of an earlier year, what shows the latest, and what a business tells, agrees and leaves behind."""
    people, on = Indicator.objects.get(code="people-in-work"), fund.book.business_date
    period = ReadingPeriod(date(2020 + number, 1, 1), date(2021 + number, 1, 1))
    reading(first.organisation, people, by=fund.tom, period=period)
    latest = current_answers(first.organisation).filter(indicator=people).latest("period_end")
    proof = Upload(f"p{number}.txt", f"Payroll {number}".encode())
    add_evidence(book=fund.book, reading=latest, upload=proof, by=fund.tom)
    of = {"book": fund.book, "organisation": first.organisation, "on": on, "by": fund.tom}
    tell_story(**of, title=f"Story {number}", text="It is warm now.")
    asked = [Indicator.objects.get(code=code) for code in ("people-in-work", "i0", "i1")]
    agree_returns(**of, calendar=ReturnCalendar(date(2026, 11, 1), 12, 75), indicators=asked, consented="Ann agreed")
    propose_proxy(book=fund.book, terms=terms(amount=f"{number + 1}.00"), by=fund.tom)
    leave_note(organisation=first.organisation, text=f"Note {number}", by=fund.tom)


def cost(api: Api, path: str, **query: object) -> tuple[int, int]:
    """How many queries an answer took, and how many rows it has."""
    api.get(path, **query)
    with CaptureQueriesContext(connection) as asked:
        said = api.get(path, **query)
    assert said.status == 200, said.body
    return len(asked), len(said.rows)


def test_a_list_costs_the_same_with_one_row_and_with_three(many: Story, as_: Callable[[str], Api]) -> None:
    found = {}
    for name in LISTS:
        path, query, who = read_by("manager", name, many), NEEDED.get(name, {}), reader(name)
        (one, rows), (three, more) = (cost(as_(who), path, page_size=size, **query) for size in (1, 3))
        assert (rows, more) == (1, 3), name
        assert one == three, name
        found[name] = three
    assert found == COUNTS


@pytest.mark.parametrize(("name", "role"), sorted(FOR_OTHERS))
def test_so_it_does_for_the_other_sides(name: str, role: str, many: Story, as_: Callable[[str], Api]) -> None:
    (one, rows), (three, more) = (cost(as_(role), read_by(role, name, many), page_size=size) for size in (1, 3))
    assert (rows, more, one) == (1, 3, three)
    assert three == FOR_OTHERS[name, role]


def test_more_loans_cost_an_investors_holdings_no_more(story: Story, as_: Callable[[str], Api]) -> None:
    path = read_by("investor", "holding-list", story)
    few, one = cost(as_("investor"), path)
    many, three = cost(as_("investor"), path.replace(CODE, tell_more(story).ids["book"]))
    assert (one, three) == (1, 3)
    assert few == many
