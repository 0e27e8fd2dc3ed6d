"""What a product brings, version by version: an application names the one of its day, and a loan keeps it."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from loans import queries
from loans.bank_holidays import calendar_days
from loans.domain.allocation import AllocationRule, Component, Instalments
from loans.domain.calendar import BusinessDayConvention, Interval, Unit
from loans.domain.conventions import Amortisation, InterestMethod, Tranche
from loans.domain.day_count import DayCount
from loans.domain.errors import BaseRateGap, BaseRateRefused, ImpossibleTerms, OutsideProduct
from loans.domain.fees import FeeKind, FeeRecognition, FeeSettlement, ProductFee
from loans.domain.linked_rates import LinkedRate
from loans.domain.offer import AS_USUAL, Brings, Link, Offer, brings_content, read_brings, terms_for
from loans.domain.offer_words import link_in_words, offer_in_words
from loans.domain.schedule import planned_schedule
from loans.domain.servicing import DefaultInterest, FlatSettlement, Prepayment, Servicing
from loans.models import BaseRate, Product, RateNotice
from loans.services import (
    More,
    add_index,
    apply,
    approve,
    change_product,
    draw_down,
    effects_of,
    offer_product,
    record_base_rate,
    revise,
    submit,
)
from tests.borrowers.builders import community_shop
from tests.builders import pounds
from tests.loans.builders import APPROVED_ON, DRAWN_ON, TODAY, Fund, asked, make_application, make_fund, make_loan
from tests.loans.tables import annuity

SEASONAL = Brings(
    amortisation=Amortisation.EQUAL_PRINCIPAL,
    interest_method=InterestMethod.FLAT,
    day_count=DayCount.ACTUAL_365_FIXED,
    calendar="GB-SCT",
    convention=BusinessDayConvention.MODIFIED_FOLLOWING,
    every=Interval(3, Unit.MONTH),
    interest_only_periods=4,
    months_without=(2, 1),
    servicing=Servicing(
        AllocationRule((Component.INTEREST, Component.PRINCIPAL), Instalments.ACROSS),
        Prepayment.SHORTER_TERM,
        DefaultInterest(Decimal("0.08"), 7, True),
        FlatSettlement.RULE_OF_78,
    ),
)
ARRANGEMENT = ProductFee(FeeKind.ARRANGEMENT, share=Decimal("0.02"), settlement=FeeSettlement.DEDUCTED)
COMMITMENT = ProductFee(FeeKind.COMMITMENT, share=Decimal("0.01"))
LATE = ProductFee(FeeKind.LATE, amount=Decimal("15.00"), grace_days=7)
MARGIN = LinkedRate(Decimal("0.03"), floor=Decimal("0.05"), cap=Decimal("0.09"))


def offer(**changes: object) -> Offer:
    """What Community loan is, or something else."""
    given = Offer(amounts=(pounds("100.00"), pounds("250000.00")), months=(1, 120), annual_rate=Decimal("0.06"))
    return replace(given, **changes)  # type: ignore[arg-type]


def linked_product(fund: Fund, **link: object) -> Product:
    """A product that follows Bank Rate, which is 3.75% since 2025."""
    index = add_index(book=fund.book, code="bank-rate", name="Bank Rate")
    record_base_rate(index=index, effective_on=date(2025, 2, 6), annual_rate=Decimal("0.0375"), by=fund.tom)
    return offer_product(
        book=fund.book,
        code="linked",
        name="Linked loan",
        amounts=(pounds("100.00"), pounds("250000.00")),
        months=(1, 120),
        annual_rate=None,
        payment_prefix="LL",
        more=More(link=Link("bank-rate", MARGIN, notice_days=14, **link)),  # type: ignore[arg-type]
    )


def test_a_usual_product_brings_level_monthly_instalments():
    terms = terms_for(offer(), asked(), Decimal("0.06"), calendar_days)
    plain = annuity("35000.00", "6%", 60, "2025-06-01", business_days=terms.business_days)
    assert terms == plain


def test_what_is_brought_is_kept_as_plain_words():
    assert read_brings(brings_content(SEASONAL)) == SEASONAL
    assert read_brings(brings_content(AS_USUAL)) == AS_USUAL


def test_a_seasonal_product_asks_for_no_principal_in_its_months():
    drawn = (Tranche(date(2027, 1, 15), pounds("9000.00")), Tranche(date(2026, 12, 1), pounds("3000.00")))
    wanted = replace(asked("12000.00", 24, "2027-02-01"), drawdowns=drawn, interest_only_periods=1)
    seasonal = offer(brings=replace(SEASONAL, interest_method=InterestMethod.DECLINING))
    terms = terms_for(seasonal, wanted, Decimal("0.06"), calendar_days)
    rows = planned_schedule(terms)
    assert [row.nominal_due_on.month for row in rows if not row.principal_units] == [2, 2]
    assert sum(row.principal_units for row in rows) == 1_200_000
    assert terms.drawn_on == date(2026, 12, 1)


def test_a_product_says_what_it_brings():
    brings = replace(SEASONAL, interest_method=InterestMethod.DECLINING)
    brought = offer(brings=brings, fees=(ARRANGEMENT, COMMITMENT, LATE))
    assert offer_in_words(brought) == (
        "Equal principal, quarterly, up to 4 interest-only periods, no principal in January and February; money pays "
        "interest then principal; money paid early shortens the term; 8% default interest on late principal and "
        "interest after 7 days of grace; 2% arrangement fee, deducted; 1% a year commitment fee on what is not drawn, "
        "paid; £15.00 late fee, 7 days after the due date, paid."
    )
    link = Link("bank-rate", MARGIN, 14, Interval(3, Unit.MONTH))
    assert link_in_words(link) == ("bank-rate + 3%, at least 5%, at most 9%, set anew quarterly, told 14 days before")


@pytest.mark.parametrize(
    "change",
    [
        {"every": Interval(2, Unit.WEEK)},
        {"months_without": tuple(range(1, 13))},
        {"months_without": (13,)},
        {"interest_only_periods": -1},
        {"servicing": Servicing(default_interest=DefaultInterest(Decimal(2)))},
    ],
)
def test_a_product_that_makes_no_sense_is_refused(change):
    with pytest.raises(ImpossibleTerms):
        replace(AS_USUAL, **change)


@pytest.mark.parametrize(
    "given",
    [
        {"amount": Decimal(1), "share": Decimal("0.1")},
        {},
        {"share": Decimal(2)},
        {"amount": Decimal(-1)},
        {"kind": FeeKind.COMMITMENT, "amount": Decimal(5)},
        {"amount": Decimal(5), "settlement": FeeSettlement.DEDUCTED},
        {"amount": Decimal(5), "recognition": FeeRecognition.OVER_THE_TERM},
        {"amount": Decimal(5), "grace_days": 400},
        {"kind": FeeKind.ARRANGEMENT, "amount": Decimal(5), "grace_days": 7},
        {"kind": FeeKind.REARRANGEMENT, "amount": Decimal(5), "settlement": FeeSettlement.DEDUCTED},
    ],
)
def test_a_fee_that_makes_no_sense_is_refused(given):
    with pytest.raises(ImpossibleTerms) as refusal:
        ProductFee(**({"kind": FeeKind.LATE} | given))
    assert refusal.value.field == "fees"


def test_a_product_has_one_fee_of_a_kind():
    with pytest.raises(ImpossibleTerms, match="The late fee is given twice"):
        offer(fees=(LATE, LATE))


@pytest.mark.django_db
class TestVersions:
    def test_applications_name_the_version_of_their_day_and_loans_keep_it(self):
        fund = make_fund()
        first = make_application(fund)
        changed = offer(annual_rate=Decimal("0.07"), brings=SEASONAL, fees=(ARRANGEMENT, COMMITMENT))
        version = change_product(product=fund.product, offer=changed, effective_on=TODAY, by=fund.tom)
        assert queries.offer_of(queries.versions_of(fund.product).last()) == changed
        second = apply(
            product=Product.objects.get(),
            organisation=first.organisation,
            asked=replace(asked("12000.00", 24, "2027-03-01"), annual_rate=None),
            purpose="A roof",
            on=TODAY,
            by=fund.priya,
        )
        assert (first.product_version.version, second.product_version) == (1, version)
        terms = queries.terms_asked(second)
        assert (terms.annual_rate, terms.instalments, terms.servicing) == (Decimal("0.07"), 8, SEASONAL.servicing)
        again = revise(application=first, asked=asked("20000.00"), on=TODAY, by=fund.priya)
        loan = approve(
            application=again, shown_sha256=queries.asked_terms_sha256(again), on=TODAY, by=fund.tom, reason=""
        )
        assert loan.application.product_version.version == 1
        assert queries.terms_of(loan) == queries.terms_asked(again)
        assert [each.version for each in queries.versions_in_force(fund.book, TODAY)] == [2]
        assert [each.version for each in queries.versions_in_force(fund.book, TODAY - timedelta(days=1))] == [1]

    @pytest.mark.parametrize(
        "change, on, field",
        [
            ({}, TODAY - timedelta(days=1), "effective_on"),
            ({"annual_rate": None}, TODAY, "annual_rate"),
            ({"months": (12, 6)}, TODAY, "months"),
            ({"annual_rate": None, "link": Link("nowhere", MARGIN)}, TODAY, "index"),
            ({"annual_rate": None, "link": Link("nowhere", MARGIN, 1000)}, TODAY, "notice_days"),
        ],
    )
    def test_a_version_that_makes_no_sense_is_refused(self, change, on, field):
        fund = make_fund()
        with pytest.raises(OutsideProduct) as refusal:
            change_product(product=fund.product, offer=offer(**change), effective_on=on, by=fund.tom)
        assert refusal.value.field == field
        assert queries.versions_of(fund.product).count() == 1

    def test_more_interest_only_periods_than_the_product_allows_are_refused(self):
        with pytest.raises(OutsideProduct, match="allows 0 interest-only periods") as refusal:
            make_application(make_fund(), replace(asked(), interest_only_periods=1))
        assert refusal.value.field == "interest_only_periods"

    def test_a_product_of_a_later_day_is_not_offered_yet(self):
        fund = make_fund()
        given = {"amounts": offer().amounts, "months": (1, 12), "annual_rate": Decimal("0.05"), "payment_prefix": "HL"}
        later = offer_product(book=fund.book, code="later", name="Later", **given, more=More(effective_on=TODAY))
        with pytest.raises(OutsideProduct, match="not offered on 22 April 2025 yet"):
            make_application(replace(fund, product=later))


@pytest.mark.django_db
class TestLinkedRates:
    def test_the_rate_is_the_index_and_the_margin(self):
        fund = make_fund()
        linked = replace(fund, product=linked_product(fund))
        application = make_application(linked, replace(asked(), annual_rate=None))
        assert application.annual_rate == Decimal("0.0675")
        with pytest.raises(OutsideProduct, match="follows Bank Rate"):
            make_application(linked, asked(), shop="8124")

    def test_a_gap_is_refused_with_its_days(self):
        fund = make_fund()
        linked = replace(fund, product=linked_product(fund))
        early = replace(asked(first="2025-03-01"), annual_rate=None)
        with pytest.raises(BaseRateGap, match="from 1 February 2025 to 5 February 2025"):
            apply(
                product=linked.product,
                organisation=community_shop(),
                asked=early,
                purpose="A till",
                on=date(2025, 1, 20),
                by=fund.priya,
            )

    def test_a_new_rate_says_which_loans_change_from_when_and_who_is_told(self):
        fund = make_fund()
        loan = make_loan(replace(fund, product=linked_product(fund)), replace(asked(), annual_rate=None))
        make_loan(fund, shop="8124")
        draw_down(loan=loan, amount=pounds("35000.00"), on=DRAWN_ON, by=fund.priya, key="drawn")
        index = queries.base_rate_indexes(fund.book).get()
        on = date(2027, 2, 4)
        (effect,) = effects_of(index=index, effective_on=on, annual_rate=Decimal("0.04"))
        assert (effect.loan, effect.on, effect.tell_by) == (loan, on, date(2027, 1, 21))
        assert (effect.old_rate, effect.new_rate) == (Decimal("0.0675"), Decimal("0.07"))
        assert effect.old_payment < effect.new_payment
        row = record_base_rate(index=index, effective_on=on, annual_rate=Decimal("0.04"), by=fund.tom)
        (notice,) = RateNotice.objects.filter(base_rate=row)
        assert (notice.loan, notice.tell_by, notice.new_rate) == (loan, date(2027, 1, 21), Decimal("0.07"))

    def test_floor_and_cap_hold_and_what_changes_nothing_is_not_told(self):
        fund = make_fund()
        loan = make_loan(replace(fund, product=linked_product(fund)), replace(asked(), annual_rate=None))
        draw_down(loan=loan, amount=pounds("35000.00"), on=DRAWN_ON, by=fund.priya, key="drawn")
        index = queries.base_rate_indexes(fund.book).get()
        rates = [
            [effect.new_rate for effect in effects_of(index=index, effective_on=TODAY, annual_rate=Decimal(rate))]
            for rate in ("0.001", "0.08", "0.0375")
        ]
        assert rates == [[Decimal("0.05")], [Decimal("0.09")], []]

    def test_resets_wait_for_their_day(self):
        fund = make_fund()
        product = linked_product(fund, resets_every=Interval(6, Unit.MONTH))
        loan = make_loan(replace(fund, product=product), replace(asked(), annual_rate=None))
        draw_down(loan=loan, amount=pounds("35000.00"), on=DRAWN_ON, by=fund.priya, key="drawn")
        index = queries.base_rate_indexes(fund.book).get()
        (effect,) = effects_of(index=index, effective_on=date(2027, 2, 4), annual_rate=Decimal("0.04"))
        assert effect.on == date(2027, 6, 1)

    def test_a_correction_names_what_it_replaces_once(self):
        fund = make_fund()
        linked_product(fund)
        index, wrong = queries.base_rate_indexes(fund.book).get(), BaseRate.objects.get()
        given = {"index": index, "effective_on": wrong.effective_on, "by": fund.tom}
        with pytest.raises(BaseRateRefused, match="has a rate from 6 February 2025 already"):
            record_base_rate(**given, annual_rate=Decimal("0.04"))
        record_base_rate(**given, annual_rate=Decimal("0.04"), replaces=wrong)
        with pytest.raises(BaseRateRefused, match="was corrected already"):
            record_base_rate(**given, annual_rate=Decimal("0.05"), replaces=wrong)
        assert [rate.annual_rate for rate in queries.base_rate_table(index)] == [Decimal("0.04")]
        with pytest.raises(BaseRateRefused, match="not possible"):
            record_base_rate(index=index, effective_on=TODAY, annual_rate=Decimal(4), by=fund.tom)
        with pytest.raises(BaseRateRefused, match="an index 'bank-rate' already"):
            add_index(book=fund.book, code="bank-rate", name="Again")

    def test_a_correction_that_leaves_a_first_day_without_a_rate_is_refused(self):
        fund = make_fund()
        loan = make_loan(replace(fund, product=linked_product(fund)), replace(asked(), annual_rate=None))
        draw_down(loan=loan, amount=pounds("35000.00"), on=DRAWN_ON, by=fund.priya, key="drawn")
        index, first = queries.base_rate_indexes(fund.book).get(), BaseRate.objects.get()
        with pytest.raises(BaseRateGap, match="from 1 May 2025 to 5 May 2025"):
            record_base_rate(
                index=index, effective_on=date(2025, 5, 6), annual_rate=Decimal("0.04"), by=fund.tom, replaces=first
            )


@pytest.mark.django_db
def test_an_application_of_a_linked_product_is_submitted_like_any_other():
    fund = make_fund()
    application = make_application(
        replace(fund, product=linked_product(fund)), replace(asked(), annual_rate=None), submitted=False
    )
    assert submit(application=application, on=APPROVED_ON, by=fund.priya).status == "submitted"
