"""What lending says when it refuses: the Netherby loan and its applications, one refusal each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from loans.domain import errors
from loans.domain.allocation import Component
from loans.domain.covenants import CovenantKind
from loans.domain.events import Drawn, Repaid, Reversed, Waived, in_force
from loans.domain.linked_rates import LinkedRate
from loans.domain.offer import Link
from loans.domain.position import position
from loans.domain.project import FundingStatus
from loans.domain.terms import annuity
from loans.models import LoanEvent
from loans.queries import asked_terms_sha256, events
from loans.services import (
    More,
    Promise,
    add_index,
    approve,
    claimable,
    decline,
    draw_down,
    offer_product,
    promise_impact,
    provide,
    record_base_rate,
    reverse_repayment,
    revise,
    submit,
)
from loans.statements import Movement, Movements, StatementDoesNotAdd, StatementTooEarly
from tests.borrowers.builders import people_in_work
from tests.builders import pounds
from tests.commonweal.documents import builders as statements
from tests.loans.builders import (
    APPROVED_ON,
    DRAWN_ON,
    TODAY,
    asked,
    make_application,
    make_drawn_loan,
    make_fund,
    make_loan,
    pay,
)
from tests.loans.covenanted import give_cash, make_covenant, make_funding, make_waiver
from tests.refusals.scenes import ends_in


@ends_in(errors.ImpossibleTerms)
def no_months() -> object:
    return make_application(make_fund(), asked(months=0))


@ends_in(errors.OutsideProduct)
def too_much() -> object:
    return make_application(make_fund(), asked("300000.00"))


@ends_in(errors.BaseRateGap)
def no_base_rate_yet() -> object:
    fund = make_fund()
    index = add_index(book=fund.book, code="bank-rate", name="Bank Rate")
    record_base_rate(index=index, effective_on=date(2025, 5, 8), annual_rate=Decimal("0.0425"), by=fund.tom)
    link = Link("bank-rate", LinkedRate(Decimal("0.03")))
    linked = offer_product(
        book=fund.book,
        code="linked",
        name="Linked loan",
        amounts=(pounds("100.00"), pounds("250000.00")),
        months=(1, 120),
        annual_rate=None,
        payment_prefix="LL",
        more=More(link=link),
    )
    return make_application(replace(fund, product=linked), replace(asked(), annual_rate=None))


@ends_in(errors.BaseRateRefused)
def a_second_base_rate_for_a_day() -> object:
    fund = make_fund()
    index = add_index(book=fund.book, code="bank-rate", name="Bank Rate")
    record_base_rate(index=index, effective_on=date(2025, 5, 8), annual_rate=Decimal("0.0425"), by=fund.tom)
    return record_base_rate(index=index, effective_on=date(2025, 5, 8), annual_rate=Decimal("0.04"), by=fund.tom)


@ends_in(errors.MoveNotAllowed)
def decided_already() -> object:
    fund = make_fund()
    application = make_application(fund)
    sha256 = asked_terms_sha256(application)
    decline(application=application, shown_sha256=sha256, reason="Too thin", on=APPROVED_ON, by=fund.tom)
    return approve(application=application, shown_sha256=sha256, on=APPROVED_ON, by=fund.tom)


@ends_in(errors.NotPreparedYet)
def no_purpose() -> object:
    fund = make_fund()
    draft = make_application(fund, submitted=False)
    application = revise(application=draft, asked=asked(), purpose="", on=APPROVED_ON, by=fund.priya)
    return submit(application=application, on=APPROVED_ON, by=fund.priya)


@ends_in(errors.ApprovalByMaker)
def approved_by_its_maker() -> object:
    fund = make_fund()
    application = make_application(fund)
    sha256 = asked_terms_sha256(application)
    return approve(application=application, shown_sha256=sha256, on=APPROVED_ON, by=fund.priya)


@ends_in(errors.TermsChanged)
def other_terms_than_shown() -> object:
    fund = make_fund()
    application = make_application(fund)
    shown = asked_terms_sha256(application)
    revise(application=application, asked=asked(rate="0.055"), on=APPROVED_ON, by=fund.priya)
    return approve(application=application, shown_sha256=shown, on=APPROVED_ON, by=fund.tom)


@ends_in(errors.ReasonMissing)
def no_reason() -> object:
    fund = make_fund()
    application = make_application(fund)
    sha256 = asked_terms_sha256(application)
    return decline(application=application, shown_sha256=sha256, reason=" ", on=APPROVED_ON, by=fund.tom)


@ends_in(errors.DrawdownRefused)
def a_penny_too_much() -> object:
    fund = make_fund()
    return draw_down(loan=make_loan(fund), amount=pounds("35000.01"), on=DRAWN_ON, by=fund.priya, key="drawn")


@ends_in(errors.RepaymentRefused)
def tomorrows_money() -> object:
    fund = make_fund()
    return pay(make_drawn_loan(fund), "676.65", date(2026, 12, 1), by=fund.priya)


@ends_in(errors.ReversalRefused)
def a_drawdown_taken_back() -> object:
    fund = make_fund()
    drawn: LoanEvent = events(make_drawn_loan(fund)).get()
    return reverse_repayment(event=drawn, on=TODAY, reason="a mistake", by=fund.tom, key="mistake")


@ends_in(errors.KeyUsedBefore)
def another_drawdown_under_the_key() -> object:
    fund = make_fund()
    loan = make_loan(fund)
    draw_down(loan=loan, amount=pounds("10000.00"), on=DRAWN_ON, by=fund.priya, key="first-part")
    return draw_down(loan=loan, amount=pounds("20000.00"), on=DRAWN_ON, by=fund.priya, key="first-part")


@ends_in(errors.UnknownEvent)
def reversed_nothing() -> object:
    paid = Repaid(date(2025, 6, 2), 2, pounds("676.65"))
    return in_force([paid, Reversed(date(2025, 6, 3), 3, of=7)], date(2025, 6, 3))


@ends_in(errors.EventRefused)
def more_waived_than_unpaid() -> object:
    terms = annuity(pounds("35000.00"), Decimal("0.06"), 60, date(2025, 6, 1))
    lent = Drawn(date(2025, 5, 1), 1, pounds("35000.00"))
    waived = Waived(date(2025, 6, 9), 2, pounds("200.00"), Component.INTEREST)
    return position(terms, [lent, waived], date(2025, 6, 9))


@ends_in(errors.UnknownCalendar)
def no_such_calendar() -> object:
    fund = make_fund()
    return offer_product(
        book=fund.book,
        code="elsewhere",
        name="Elsewhere",
        amounts=(pounds("100.00"), pounds("200.00")),
        months=(1, 12),
        annual_rate=Decimal("0.06"),
        payment_prefix="EW",
        calendar="GB-YORKSHIRE",
    )


@ends_in(errors.ProductExists)
def a_code_in_use() -> object:
    fund = make_fund()
    return offer_product(
        book=fund.book,
        code=fund.product.code,
        name="Another",
        amounts=(pounds("100.00"), pounds("200.00")),
        months=(1, 12),
        annual_rate=Decimal("0.06"),
        payment_prefix="AN",
    )


@ends_in(errors.TargetRefused)
def promised_backwards() -> object:
    fund = make_fund()
    promise = Promise(Decimal(3), date(2025, 4, 1), Decimal(6), date(2025, 3, 31))
    return promise_impact(loan=make_loan(fund), indicator=people_in_work(), promise=promise, by=fund.tom)


@ends_in(errors.CovenantRefused)
def gearing_of_sixty() -> object:
    fund = make_fund()
    return make_covenant(make_loan(fund), by=fund.tom, kind=CovenantKind.GEARING, threshold=Decimal(60))


@ends_in(errors.WaiverRefused)
def nothing_to_let_pass() -> object:
    fund = make_fund()
    covenant = make_covenant(make_loan(fund), by=fund.tom)
    give_cash(covenant.loan, "9000.00", by=fund.priya)
    return make_waiver(covenant, by=fund.priya)


@ends_in(errors.FundingRefused)
def agreed_and_then_applied_for() -> object:
    fund = make_fund()
    loan = make_loan(fund)
    agreed = make_funding(loan, by=fund.priya)
    return make_funding(loan, by=fund.priya, status=FundingStatus.APPLIED, replaces=agreed)


@ends_in(StatementDoesNotAdd)
def a_statement_that_does_not_add() -> object:
    repaid = Movement("Repaid", pounds("-543.32"))
    return Movements("principal of L-0108", pounds("26665.48"), (repaid,), pounds("26122.17"))


@ends_in(StatementTooEarly)
def a_statement_too_early() -> object:
    return statements.head(issued_on=date(2026, 9, 30))


@ends_in(errors.ProvisionRefused)
def no_percentages() -> object:
    fund = make_fund()
    return provide(book=fund.book, on=TODAY, by=fund.tom, key="november")


@ends_in(errors.GuaranteeRefused)
def nothing_guaranteed() -> object:
    return claimable(make_drawn_loan(make_fund()), TODAY)
