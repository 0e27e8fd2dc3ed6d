"""What is said about published data, and about what comes in from other publishers."""

from __future__ import annotations

from datetime import date

from borrowers.domain.outcomes import Use
from borrowers.services import say_consents
from commonweal.open_data import errors
from commonweal.open_data.judging import refuse_unfit
from commonweal.open_data.publishing import publish
from commonweal.open_data.records import try_records
from commonweal.open_data.shapes import Standard
from loans.domain.grants import GrantRefused
from loans.services import record_grant_payment
from tests.commonweal.open_data.deals import changed
from tests.loans.builders import Fund, make_drawn_loan, make_fund
from tests.loans.granted import make_grant, paying
from tests.refusals.scenes import ends_in

TODAY = date(2026, 11, 23)


def published(fund: Fund) -> object:
    return publish(book=fund.book, standard=Standard.SEDL, as_of=TODAY, by=fund.tom)


@ends_in(errors.NotFitToPublish)
def a_value_that_is_not_the_sum() -> object:
    return refuse_unfit(Standard.SEDL, changed(("value", 1)))


@ends_in(errors.NothingToPublish)
def nobody_agreed() -> object:
    fund = make_fund(today=TODAY)
    make_drawn_loan(fund)
    return published(fund)


@ends_in(errors.SameRelease)
def nothing_changed() -> object:
    fund = make_fund(today=TODAY)
    loan = make_drawn_loan(fund)
    say_consents(organisation=loan.organisation, given={Use.OPEN_DATA: True}, on=TODAY, by=fund.priya)
    published(fund)
    return published(fund)


@ends_in(errors.NotReadable)
def no_deal() -> object:
    return try_records(book=make_fund(today=TODAY).book, content=b'{"deals": [{"title": "A loan"}]}')


@ends_in(GrantRefused)
def more_than_was_awarded() -> object:
    fund = make_fund(today=TODAY)
    loan = make_drawn_loan(fund)
    grant = make_grant(loan, by=fund.priya)
    return record_grant_payment(grant=grant, entry=paying(loan, "5000.01", by=fund.priya).pk, by=fund.priya)
