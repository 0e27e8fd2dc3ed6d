"""What the arithmetic of a fund says when it refuses."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from commonweal.jobs.bringing_in_investors import bring_in_investors
from investors.domain import errors
from investors.domain.brought_investors import Counted, ListedInvestor, ListedInvestors
from investors.domain.capital import CapitalKind, CapitalMovement, refuse_uneven
from investors.domain.capital_act import ActKind
from investors.domain.citr.limits import lending_limits
from investors.domain.commitment import commitment_of
from investors.domain.fund_class import FundClass
from investors.domain.kinds import InvestorKind
from investors.domain.management_fee import FeeBase, FeeTerms, ManagementFee, management_fee
from investors.domain.restricted_grant import Purpose, RestrictedGrant
from investors.domain.result_sharing import CapitalHeld, share_result
from investors.domain.returns import rate_of_return
from investors.domain.waterfall import Claim, Step, StepKind, Unpaid, Waterfall
from investors.domain.waterfall_run import run_waterfall
from investors.services import approve_certificate, propose_certificate
from tests.builders import pounds
from tests.investors.citr.world import due, make_scheme
from tests.investors.fund_in_classes import TODAY, make_class_fund
from tests.investors.moved_in import FIRST_DAY, SURPLUS, asked
from tests.refusals.scenes import ends_in

DEED = date(2026, 4, 1)
INTEREST = Step("senior-interest", "senior interest")
RESIDUAL = Step("residual", "residual", StepKind.RESIDUAL)


def waterfall(*steps: Step) -> Waterfall:
    return Waterfall("Northmoor Growth Fund", 1, DEED, steps)


@ends_in(errors.ImpossibleWaterfall)
def steps_after_the_residual() -> object:
    return waterfall(RESIDUAL, INTEREST)


@ends_in(errors.CircularClaim)
def a_fee_of_what_is_paid_after_it() -> object:
    fee = Step("fee", "performance fee", StepKind.SHARE, Unpaid.LAPSES, of="residual", rate=Decimal("0.10"))
    return waterfall(INTEREST, fee, RESIDUAL)


@ends_in(errors.ImpossibleClaim)
def a_negative_claim() -> object:
    return Claim("senior-interest", "NRB", pounds("-12.50"))


@ends_in(errors.NothingToShare)
def negative_cash() -> object:
    return run_waterfall(waterfall(INTEREST), pounds("-250.00"), [])


@ends_in(errors.ImpossibleCommitment)
def more_paid_in_than_was_called() -> object:
    return commitment_of(pounds("100000.00")).call(pounds("60000.00")).pay_in(pounds("60500.00"))


@ends_in(errors.CallAboveCommitment)
def a_call_above_the_commitment() -> object:
    return commitment_of(pounds("100000.00")).call(pounds("60000.00")).call(pounds("41000.00"))


@ends_in(errors.HoldingsDoNotTie)
def holdings_a_penny_from_their_total() -> object:
    fund = make_class_fund(today=FIRST_DAY)
    fund.moves("1010/MAIN", "3010", SURPLUS, FIRST_DAY)
    return fund.propose(ActKind.MOVED_IN, FIRST_DAY, **asked(totals={"paid in": 130_000_01}))


@ends_in(errors.InvestorsDoNotFit)
def an_investor_fewer_than_its_total() -> object:
    fund = make_class_fund(today=FIRST_DAY)
    totals = {Counted.INVESTORS: 2, Counted.CONTACTS: 0, Counted.TAX: 0, Counted.BANK: 0}
    listed = ListedInvestors((ListedInvestor(2, "ELM", "Elm Trust", InvestorKind.FOUNDATION),), totals, ())
    return bring_in_investors(book=fund.book, listed=listed, by=fund.tom)


@ends_in(errors.UnevenTransfer)
def a_transfer_that_nobody_received() -> object:
    return refuse_uneven([CapitalMovement(DEED, CapitalKind.TRANSFER, pounds("-1000.00"), "T-1")])


@ends_in(errors.NobodyToShareWith)
def a_month_without_capital() -> object:
    return share_result(pounds("120.50"), [CapitalHeld("NRB", 0)])


@ends_in(errors.ImpossibleFee)
def a_fee_before_its_terms() -> object:
    fee = ManagementFee((FeeTerms(DEED, FeeBase.COMMITTED, Decimal("0.02")),))
    return management_fee(fee, {}, since=date(2026, 3, 1), until=DEED, currency="GBP")


@ends_in(errors.NoReturn)
def money_that_only_went_in() -> object:
    return rate_of_return([(DEED, pounds("-60000.00"))])


@ends_in(errors.SeveralReturns)
def flows_with_two_rates() -> object:
    amounts = zip((2025, 2026, 2027), ("-100.00", "230.00", "-132.00"), strict=True)
    return rate_of_return([(date(year, 1, 1), pounds(amount)) for year, amount in amounts])


@ends_in(errors.ImpossibleTaxRelief)
def lending_limits_before_there_were_any() -> object:
    return lending_limits(date(2003, 2, 12))


@ends_in(errors.NotAccredited)
def an_investment_before_the_accreditation() -> object:
    return make_scheme().invest("1000.00", date(2022, 6, 1))


@ends_in(errors.AboveTheRaisingLimit)
def a_pound_too_much_raised() -> object:
    return make_scheme().invest("25000001.00", date(2024, 6, 1))


@ends_in(errors.NotAQualifyingInvestment)
def more_than_half_may_be_required() -> object:
    asks = due((date(2021, 12, 1), "2000.00"), (date(2022, 12, 1), "3500.00"))
    return make_scheme().invest("10000.00", date(2019, 6, 1), required=asks)


@ends_in(errors.CertificateRefused)
def a_certificate_of_something_else() -> object:
    scheme = make_scheme()
    made = propose_certificate(investment=scheme.invest("10000.00", date(2024, 6, 1)), by=scheme.priya)
    return approve_certificate(certificate=made, shown_sha256="0" * 64, on=made.due_by, by=scheme.tom)


@ends_in(errors.ImpossibleClass)
def a_cap_below_the_target() -> object:
    return FundClass("MEZZ", "Mezzanine", 2, Decimal("0.06"), Decimal("0.05"))


@ends_in(errors.CapitalActRefused)
def more_returned_than_a_class_has() -> object:
    fund = make_class_fund()
    fund.commit("SENIOR", "NRB", 1_000_00, TODAY)
    return fund.propose(ActKind.DISTRIBUTION, TODAY, capital={"SENIOR": 1})


@ends_in(errors.GrantRefused)
def a_grant_for_something_else() -> object:
    grant = RestrictedGrant("LOT-A", "LOT", Purpose.OPERATING, pounds("5000.00"))
    return grant.refuse_purpose(Purpose.FIRST_LOSS, pounds("1.00"))


@ends_in(errors.AboveCash)
def a_penny_above_the_cash() -> object:
    fund = make_class_fund()
    fund.earns(1_000_00, TODAY)
    return fund.propose(ActKind.DISTRIBUTION, TODAY, most=1_000_01)
