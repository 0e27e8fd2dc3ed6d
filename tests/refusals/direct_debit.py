"""What is said about mandates, notices, runs of Direct Debits, and what comes back."""

from __future__ import annotations

from datetime import date

from ledger.domain.bank_details import BankDetails
from loans.debit_advices import read_advices
from loans.domain import errors
from loans.domain.direct_debit.mandate import Scheme
from loans.models import DebitOutcome, MandateChange
from loans.services import (
    CameBack,
    Collect,
    change_mandate,
    follow_advices,
    keep_mandate,
    make_run,
    take_collection_back,
)
from tests.builders import pounds
from tests.loans.builders import make_fund
from tests.loans.direct_debit.collected import COLLECT_ON, TODAY, collects, ready, sent, small_loan
from tests.refusals.scenes import ends_in


@ends_in(errors.MandateRefused)
def a_reference_of_the_banks() -> object:
    fund = make_fund()
    shop = BankDetails("Netherby Shop", "204512", "12345678")
    given = {"loan": small_loan(fund), "scheme": Scheme.BACS, "details": shop, "signed_on": TODAY, "by": fund.priya}
    return keep_mandate(**given, reference="DDIC0108")


@ends_in(errors.MandateWithdrawn)
def collected_though_withdrawn() -> object:
    fund = make_fund()
    mandate = ready(fund)
    change_mandate(
        mandate=mandate,
        change=MandateChange.Change.CANCELLED,
        who=MandateChange.Who.PAYER,
        on=fund.book.business_date,
        words="Stopped in the portal",
        by=fund.priya,
    )
    asked = [Collect(mandate, pounds("955.55"))]
    return make_run(book=fund.book, scheme=Scheme.BACS, collect_on=COLLECT_ON, asked=asked, by=fund.priya)


@ends_in(errors.AboveNotice)
def more_than_was_told() -> object:
    fund = make_fund()
    asked = [Collect(ready(fund), pounds("1200.00"))]
    return make_run(book=fund.book, scheme=Scheme.BACS, collect_on=COLLECT_ON, asked=asked, by=fund.priya)


@ends_in(errors.DebitSettingRefused)
def a_number_that_is_too_short() -> object:
    return collects(make_fund(), identifier="12345")


@ends_in(errors.DebitRunRefused)
def on_new_years_day() -> object:
    fund = make_fund()
    asked = [Collect(ready(fund), pounds("955.55"))]
    return make_run(book=fund.book, scheme=Scheme.BACS, collect_on=date(2027, 1, 1), asked=asked, by=fund.priya)


@ends_in(errors.DebitReturnRefused)
def back_before_it_was_collected() -> object:
    fund = make_fund()
    ready(fund)
    line = sent(fund).lines.get()
    back = CameBack(DebitOutcome.Kind.RETURNED, fund.book.business_date, "0")
    return take_collection_back(line=line, back=back, by=fund.tom)


@ends_in(errors.DebitAdviceRefused)
def somebody_elses_report() -> object:
    fund = make_fund()
    collects(fund)
    report = b"""<BACSDocument><Data><ARUDD><Header currentProcessingDate="2026-11-20"/>
        <ServiceLicenseInformation userNumber="654321"/></ARUDD></Data></BACSDocument>"""
    return follow_advices(book=fund.book, file=read_advices(report), by=fund.tom)
