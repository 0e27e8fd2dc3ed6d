"""What is said about community businesses, their readings, investors and their parts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from borrowers.domain import errors as borrower_errors
from borrowers.domain.indicators import Range
from borrowers.domain.outcomes import OutcomeArea
from borrowers.domain.readings import Grade, ReadingPeriod
from borrowers.domain.registration import LegalForm, RegisteredNumbers
from borrowers.services import Claim, confirm_reading, leave_note, make_claim, register_organisation
from commonweal.jobs.lending import lend
from commonweal.jobs.servicing import waive_breach
from investors.domain import errors
from investors.domain.changes import change_by
from investors.domain.contacts import ContactRole
from investors.domain.kinds import InvestorKind
from investors.domain.participation import Participation, ParticipationSet
from investors.models import Investor, InvestorContact
from investors.services import (
    Particulars,
    apportion,
    end_contact,
    keep_contact,
    propose_transfer,
    receive_contribution,
    register_investor,
    say_tax_treatment,
)
from ledger.domain.entry import JournalEntry, credit, debit
from loans.domain import errors as loan_errors
from loans.domain.kept_files import KeptKind
from loans.domain.returns import ReturnCalendar
from loans.services import (
    agree_returns,
    keep_file,
    open_returns,
    send_return,
    show_neighbourhood,
    tell_story,
    withdraw_file,
)
from tests.borrowers.builders import NETHERBY, accounts, community_shop, figures, people_in_work, person, reading
from tests.builders import make_user, pounds
from tests.investors.borrowed import agreed, make_borrowed
from tests.investors.consented import make_asking
from tests.investors.paid_out import all_of, make_paid_out
from tests.investors.shared_loan import BUSINESS_DATE, PARTS, approve_netherby
from tests.investors.valued import deductions
from tests.ledger.odd_files import PDF
from tests.loans.builders import bank_line, make_fund, make_loan
from tests.loans.neighbours import make_neighbourhood
from tests.refusals.scenes import ends_in

ON = date(2025, 5, 1)


@ends_in(borrower_errors.RegistrationMissing)
def a_society_without_a_number() -> object:
    form = LegalForm.COMMUNITY_BENEFIT_SOCIETY
    return register_organisation(
        name="Netherby Corner Shop Society", legal_form=form, numbers=RegisteredNumbers(), address=NETHERBY
    )


@ends_in(borrower_errors.RegistrationMalformed)
def a_number_too_long() -> object:
    return RegisteredNumbers(company="123456789")


@ends_in(borrower_errors.NameMalformed)
def a_name_that_turns_round() -> object:
    return community_shop("Netherby \u202epohS")


@ends_in(borrower_errors.AlreadyRegistered)
def the_same_society() -> object:
    community_shop()
    return community_shop("Netherby Village Shop")


@ends_in(borrower_errors.IndicatorUnclear)
def no_unit() -> object:
    return people_in_work(unit="")


@ends_in(borrower_errors.PeriodNotOver)
def the_year_is_not_over() -> object:
    return reading(community_shop(), people_in_work(), on=date(2026, 9, 30))


@ends_in(borrower_errors.WrongPeriod)
def backwards() -> object:
    return ReadingPeriod(date(2026, 10, 1), date(2026, 4, 1))


@ends_in(borrower_errors.ReadingExists)
def read_twice() -> object:
    shop, people = community_shop(), people_in_work()
    reading(shop, people)
    return reading(shop, people, value=Decimal(7))


@ends_in(borrower_errors.ReplacesAnother)
def another_period() -> object:
    shop, people = community_shop(), people_in_work()
    other = reading(shop, people, period=ReadingPeriod(date(2024, 10, 1), date(2025, 10, 1)))
    return reading(shop, people, replaces=other)


@ends_in(borrower_errors.ReadingMalformed)
def no_evidence() -> object:
    return reading(community_shop(), people_in_work(), evidence="", grade=Grade.THIRD_PARTY)


@ends_in(borrower_errors.UnknownSdgTarget)
def a_target_that_does_not_exist() -> object:
    return people_in_work(sdg_targets=("8.11",))


@ends_in(borrower_errors.ReadingOutOfRange)
def half_a_person() -> object:
    return reading(community_shop(), people_in_work(range=Range(Decimal(0), None, 0)), value=Decimal("6.5"))


@ends_in(borrower_errors.RestatementUnexplained)
def restated_without_a_word() -> object:
    shop, people = community_shop(), people_in_work()
    return reading(shop, people, value=Decimal(7), replaces=reading(shop, people), reason="")


@ends_in(borrower_errors.NotConfirmed)
def confirmed_by_oneself() -> object:
    made, jo = reading(community_shop(), people_in_work()), person("Jo Armstrong")
    return confirm_reading(reading=made, how="Payroll", on=date(2026, 11, 23), by=jo)


@ends_in(borrower_errors.ClaimUnclear)
def nobody_is_named() -> object:
    claim = Claim(area=OutcomeArea.WORK, what="First jobs in the village", who=[])
    jo, on = person("Jo Armstrong"), date(2026, 11, 23)
    return make_claim(organisation=community_shop(), claim=claim, shown_by=[], on=on, by=jo)


@ends_in(borrower_errors.NothingWritten)
def nothing_for_the_next() -> object:
    return leave_note(organisation=community_shop(), text=" ", by=person("Jo Armstrong"))


@ends_in(loan_errors.ReturnPlanRefused)
def too_few_questions() -> object:
    fund = make_fund()
    of = {"book": fund.book, "organisation": community_shop(), "on": date(2026, 11, 23), "by": fund.tom}
    calendar = ReturnCalendar(date(2025, 10, 1), 12, 76)
    return agree_returns(calendar=calendar, indicators=[people_in_work()], **of)


@ends_in(loan_errors.ReturnRefused)
def a_question_left_out() -> object:
    fund, on = make_fund(), date(2026, 11, 23)
    asked = [people_in_work(code=code) for code in ("one", "two", "three")]
    calendar = ReturnCalendar(date(2025, 10, 1), 12, 76)
    of = {"book": fund.book, "organisation": community_shop()}
    agree_returns(calendar=calendar, indicators=asked, on=on, by=fund.tom, **of)
    (opened,) = open_returns(book=fund.book, on=on)
    return send_return(impact_return=opened, on=on, by=fund.priya)


@ends_in(loan_errors.StoryRefused)
def a_story_without_a_word() -> object:
    fund = make_fund()
    of = {"book": fund.book, "organisation": community_shop(), "on": date(2026, 11, 23), "by": fund.priya}
    return tell_story(title="The fridge", text="", **of)


@ends_in(loan_errors.NeighbourhoodRefused)
def a_page_that_would_tell_by_subtraction() -> object:
    fund = make_fund()
    loan = make_loan(fund)
    first = make_neighbourhood(loan, by=fund.priya, areas=("E01900001", "E01900002"))
    second = make_neighbourhood(loan, by=fund.priya, name="Netherby Moor", areas=("E01900002",))
    show_neighbourhood(neighbourhood=first.neighbourhood, is_shown=True, by=fund.tom)
    return show_neighbourhood(neighbourhood=second.neighbourhood, is_shown=True, by=fund.tom)


@ends_in(borrower_errors.AccountsMalformed)
def more_cash_than_current_assets() -> object:
    return accounts(community_shop(), figures=figures(cash="5200.00", current_assets="4100.00"))


@ends_in(borrower_errors.AccountsTooEarly)
def the_quarter_is_not_over() -> object:
    return accounts(community_shop(), to="2026-12")


@ends_in(borrower_errors.AccountsExist)
def accounts_given_twice() -> object:
    shop = community_shop()
    accounts(shop)
    return accounts(shop)


@ends_in(borrower_errors.RestatementRefused)
def restated_without_a_reason() -> object:
    shop = community_shop()
    return accounts(shop, replaces=accounts(shop), reason=" ")


@ends_in(loan_errors.WithdrawalRefused)
def withdrawn_without_a_reason() -> object:
    loan = make_loan(make_fund())
    given = {"book": loan.book, "organisation": loan.organisation, "loan": loan, "by": make_user()}
    file = keep_file(**given, kind=KeptKind.ACCOUNTS, name="accounts-2025.pdf", content=PDF)
    return withdraw_file(file=file, reason="", by=make_user())


@ends_in(errors.ImpossibleInvestor)
def a_small_letter() -> object:
    return register_investor(code="nrb", name="Northmoor Regional Bank", kind=InvestorKind.REGIONAL_BANK)


@ends_in(errors.InvestorExists)
def another_name() -> object:
    register_investor(code="NRB", name="Northmoor Regional Bank", kind=InvestorKind.REGIONAL_BANK)
    return register_investor(code="NRB", name="Northmoor Bank", kind=InvestorKind.REGIONAL_BANK)


@ends_in(errors.ImpossibleParticipation)
def rank_nought() -> object:
    return Participation("NRB", 0, pounds("21000.00"))


@ends_in(errors.TermsBeyondTheLoan)
def more_than_the_loan_earns() -> object:
    return approve_netherby().share(parts=(*PARTS[:2], replace(PARTS[2], annual_rate=Decimal("0.10"))))


@ends_in(errors.NotTheWhole)
def the_own_part_forgotten() -> object:
    return ParticipationSet("L-0108", ON, pounds("35000.00"), PARTS[:2])


@ends_in(errors.SharesAreFixed)
def after_the_drawdown() -> object:
    netherby = approve_netherby()
    netherby.share()
    netherby.draw()
    apportion(loan=netherby.loan, by=netherby.tom)
    return netherby.share(parts=(Participation("NRB", 1, pounds("35000.00")),))


@ends_in(errors.TransferRefused)
def more_than_the_seller_has() -> object:
    netherby = approve_netherby()
    netherby.share()
    seller, buyer = (netherby.lenders[code] for code in ("NRB", "LOT"))
    asked = {"amount": pounds("21000.01"), "on": ON, "reason": "The bank lowers its part", "by": netherby.tom}
    return propose_transfer(loan=netherby.loan, seller=seller, buyer=buyer, **asked)


@ends_in(errors.ConsentRefused)
def a_no_without_a_reason() -> object:
    asking = make_asking()
    return asking.answer(asking.ask(), "NRB", agrees=False, reason="")


@ends_in(errors.ConsentMissing)
def two_lenders_of_three() -> object:
    asking = make_asking()
    consent = asking.ask()
    for code in ("TST", "LOT"):
        asking.answer(consent, code, agrees=True)
    waiver, tom = asking.waiver, asking.shared.tom
    shown = {"proposal": waiver, "shown_sha256": waiver.content_sha256, "on": BUSINESS_DATE, "by": tom}
    return waive_breach(**shown)


@ends_in(errors.PayoutRefused)
def more_than_is_held() -> object:
    return make_paid_out().propose(all_of("NRB", amount="811.99"))


@ends_in(errors.TaxTreatmentRefused)
def tax_of_all_of_the_interest() -> object:
    ann = register_investor(code="ANN", name="Ann Rowe", kind=InvestorKind.INDIVIDUAL)
    said = {"investor": ann, "rate": Decimal("1.2"), "effective_on": ON, "reason": "As it declared"}
    return say_tax_treatment(**said, by=make_user())


def ann_at(bank: Investor, email: str = "ann@example.org") -> InvestorContact:
    return keep_contact(investor=bank, said=Particulars("Ann Rowe", ContactRole.FINANCE, email), by=make_user())


@ends_in(errors.ImpossibleContact)
def a_contact_without_an_address() -> object:
    return ann_at(register_investor(code="NRB", name="Northmoor", kind=InvestorKind.REGIONAL_BANK), "by post")


@ends_in(errors.ContactOvertaken)
def a_contact_that_was_changed_meanwhile() -> object:
    bank = register_investor(code="NRB", name="Northmoor", kind=InvestorKind.REGIONAL_BANK)
    ann = ann_at(bank)
    said = Particulars("Ann Rowe-Hill", ContactRole.FINANCE, "ann@example.org")
    keep_contact(investor=bank, said=said, replaces=ann, by=make_user())
    return end_contact(contact=ann, by=make_user())


@ends_in(errors.NotApportionable)
def principal_against_costs() -> object:
    wrong = JournalEntry(ON, "Bank charges", (debit("5030", pounds("9.00")), credit("1310/L-0108", pounds("9.00"))))
    return change_by(wrong, "L-0108")


@ends_in(errors.MoneyShort)
def nobody_has_paid_in() -> object:
    netherby = approve_netherby()
    netherby.share()
    return lend(loan=netherby.loan, amount=pounds("10000.00"), on=ON, by=netherby.tom, key="drawn")


@ends_in(errors.ContributionRefused)
def money_that_went_out() -> object:
    fund = make_fund()
    investor = register_investor(code="NRB", name="Northmoor Regional Bank", kind=InvestorKind.REGIONAL_BANK)
    line = bank_line(fund, "-12.00", "charges", "2026-11-20")
    return receive_contribution(investor=investor, line=line, key="contribution", by=fund.tom)


@ends_in(errors.FacilityRefused)
def an_available_period_that_ends_before_it_begins() -> object:
    return agreed(available_until=date(2025, 4, 19))


@ends_in(errors.BorrowingRefused)
def repaid_before_it_was_drawn() -> object:
    return make_borrowed().repay("676.65", "2025-05-01")


@ends_in(errors.DrawAboveLimit)
def a_penny_more_than_the_facility() -> object:
    return make_borrowed().draw("35000.01")


@ends_in(errors.ValueProxyRefused)
def more_taken_off_than_there_is() -> object:
    return deductions(deadweight="1.2")
