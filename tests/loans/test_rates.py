"""Rates: what people are told a loan costs, and that of several rates of return the one nearest to nought is found."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loans.domain.errors import ImpossibleTerms
from loans.domain.present_value import Flow, netted, sign_changes
from loans.domain.rates import (
    AprInterval,
    actuarial_annual_rate,
    apr,
    apr_on_dates,
    effective_rate,
    flat_of_nominal,
    in_percent,
    nominal_of_flat,
    nominal_rate,
    return_in_periods,
    return_on_dates,
    years_between,
)
from loans.domain.roots import NoRate, TooHard, nearest_rate

CLOSE = Decimal("1e-20")


def flows(*amounts: str | int) -> list[tuple[int, Decimal]]:
    return [(period, Decimal(amount)) for period, amount in enumerate(amounts)]


@pytest.mark.parametrize(
    ("flat", "months", "nominal", "effective"),
    [
        ("0.035", 120, "6.293", "6.478"),
        ("0.042", 60, "7.770", "8.053"),
        ("0.05", 60, "9.154", "9.548"),
        ("0.06", 12, "10.896", "11.457"),
        ("0.06", 24, "11.127", "11.712"),
        ("0.10", 24, "18.157", "19.747"),
    ],
)
def test_flat_rates_in_words_that_people_can_compare(flat: str, months: int, nominal: str, effective: str) -> None:
    found = nominal_of_flat(Decimal(flat), months)
    assert in_percent(found, 3) == Decimal(nominal)
    assert in_percent(effective_rate(found), 3) == Decimal(effective)
    assert abs(flat_of_nominal(found, months) - Decimal(flat)) < CLOSE


@given(st.decimals("-0.05", "1", places=4), st.integers(1, 120))
def test_flat_and_nominal_lead_back_to_each_other(flat: Decimal, months: int) -> None:
    assert abs(flat_of_nominal(nominal_of_flat(flat, months), months) - flat) < CLOSE


@given(st.decimals("-0.9", "5", places=4), st.integers(1, 365))
def test_nominal_and_effective_lead_back_to_each_other(effective: Decimal, periods: int) -> None:
    assert abs(effective_rate(nominal_rate(effective, periods), periods) - effective) < CLOSE


def test_no_interest_is_no_rate_of_interest() -> None:
    assert nominal_of_flat(Decimal(0), 60) == 0
    assert return_in_periods(flows(-100, 50, 50)) == 0


def test_senseless_flat_and_effective_rates_are_refused() -> None:
    for senseless in (
        lambda: nominal_of_flat(Decimal("0.05"), 0),
        lambda: nominal_of_flat(Decimal("-0.5"), 24),
        lambda: nominal_rate(Decimal(-1)),
        lambda: flat_of_nominal(Decimal(-12), 12),
    ):
        with pytest.raises(ImpossibleTerms):
            senseless()


@pytest.mark.parametrize(
    ("first", "on", "interval", "whole", "odd", "year"),
    [
        ("2013-01-12", "2013-02-15", "months", (1, 12), 3, 366),
        ("2013-01-12", "2013-03-15", "months", (2, 12), 3, 366),
        ("2012-03-12", "2012-05-01", "months", (1, 12), 20, 366),
        ("2013-03-12", "2013-05-01", "months", (1, 12), 20, 365),
        ("2026-01-31", "2026-03-31", "months", (2, 12), 0, 365),
        ("2026-01-31", "2026-02-28", "months", (0, 12), 28, 365),
        ("2026-02-28", "2026-03-31", "months", (1, 12), 0, 365),
        ("2012-02-28", "2012-02-29", "months", (0, 12), 1, 366),
        ("2011-02-28", "2012-02-28", "months", (12, 12), 0, 365),
        ("2026-05-10", "2026-05-10", "months", (0, 12), 0, 365),
        ("2026-05-10", "2028-07-01", "years", (2, 1), 52, 365),
        ("2024-01-10", "2026-03-01", "years", (2, 1), 51, 366),
        ("2026-05-10", "2027-05-09", "years", (0, 1), 364, 365),
    ],
)
def test_time_is_counted_back_from_the_payment(
    first: str, on: str, interval: str, whole: tuple[int, int], odd: int, year: int
) -> None:
    found = years_between(date.fromisoformat(first), date.fromisoformat(on), AprInterval(interval))
    assert found == Fraction(*whole) + Fraction(odd, year)


@given(st.dates(date(1800, 1, 1), date(2400, 1, 1)), st.integers(0, 20_000))
def test_time_between_dates_is_never_far_from_days_over_a_year(first: date, days: int) -> None:
    for interval in AprInterval:
        found = years_between(first, first + timedelta(days=days), interval)
        assert abs(found - Fraction(days * 400, 146_097)) < Fraction(1, 60)


def test_fees_and_their_time_count() -> None:
    """Flat 4.2% on £50,000 over 60 months with a fee of 2%: 8.98% a year; a fee paid a month before costs more."""
    payments = [(Fraction(month, 12), Decimal("1008.33")) for month in range(1, 61)]
    kept_back = apr([(Fraction(0), Decimal(-49_000)), *payments])
    assert in_percent(kept_back, 2) == Decimal("8.98")
    before = apr([(Fraction(-1, 12), Decimal(1000)), (Fraction(0), Decimal(-50_000)), *payments])
    assert kept_back < before < kept_back + Decimal("0.001")


def test_dates_count_from_the_earliest_in_any_order() -> None:
    dated = [(date(2027, 2, 12), Decimal(60)), (date(2026, 1, 12), Decimal(-100)), (date(2026, 7, 12), Decimal(50))]
    expected = apr([(Fraction(0), Decimal(-100)), (Fraction(6, 12), Decimal(50)), (Fraction(13, 12), Decimal(60))])
    assert apr_on_dates(dated) == apr_on_dates(dated[::-1]) == expected


def test_an_odd_part_of_a_unit_period_bears_simple_interest() -> None:
    """100 lent for one and a half months at 2% a month comes to 100 × 1.02 × 1.01."""
    rate = actuarial_annual_rate([(Fraction(0), Decimal(-100)), (Fraction(3, 2), Decimal("103.02"))], Fraction(12))
    assert abs(rate - Decimal("0.24")) < CLOSE


def test_an_actuarial_rate_below_nought() -> None:
    """At −10% a month 100 shrinks to 100 × 0.9 × 0.95 in one and a half."""
    rate = actuarial_annual_rate([(Fraction(0), Decimal(-100)), (Fraction(3, 2), Decimal("85.50"))], Fraction(12))
    assert abs(rate + Decimal("1.2")) < CLOSE


def test_one_change_of_sign_need_not_give_an_actuarial_rate() -> None:
    """Within one unit-period money lent half-way can grow at most twofold by its end, at whatever rate."""
    lent = (Fraction(3, 2), Decimal(-100))
    assert abs(actuarial_annual_rate([lent, (Fraction(2), Decimal(150))], Fraction(1)) - 2) < CLOSE
    with pytest.raises(NoRate):
        actuarial_annual_rate([lent, (Fraction(2), Decimal(250))], Fraction(1))


class TestSeveralRates:
    @pytest.mark.parametrize(
        ("amounts", "rate"),
        [
            (("-1000", "2300", "-1320"), "0.1"),  # 10% and 20%
            (("1000", "-2300", "1320"), "0.1"),
            (("-1000", "1700", "-720"), "-0.1"),  # −20% and −10%
            (("-1000", "1850", "-850"), "0"),  # nought and −15%
            (("-1000", "2150", "-1140"), "-0.05"),  # −5% and 20%
            (("-100", "240", "-144"), "0.2"),  # touches nought at 20%
            (("-1000", "3600", "-4320", "1728"), "0.2"),  # goes through it threefold
        ],
    )
    def test_the_one_nearest_to_nought(self, amounts: tuple[str, ...], rate: str) -> None:
        assert abs(return_in_periods(flows(*amounts)) - Decimal(rate)) < Decimal("1e-12")

    def test_a_guess_at_another_rate_changes_nothing(self) -> None:
        amounts = flows("-1000", "2300", "-1320")
        for guess in ("0.2", "0.1", "7", "-0.5", "-3", "1e99"):
            assert abs(return_in_periods(amounts, Decimal(guess)) - Decimal("0.1")) < CLOSE

    def test_two_rates_close_together_are_told_apart_and_none_is_not_made_up(self) -> None:
        assert return_in_periods(flows("-100", "240", "-143.9999999999999")) < Decimal("0.2")
        with pytest.raises(NoRate):
            return_in_periods(flows("-100", "240", "-144.0000000000001"))

    @given(st.lists(st.decimals("-0.8", "3", places=2), min_size=1, max_size=4, unique=True))
    def test_flows_made_from_their_rates(self, rates: list[Decimal]) -> None:
        """(x − (1 + r₁))·(x − (1 + r₂))…: whoever multiplies it out knows all rates beforehand."""
        amounts = [Decimal(1)]
        for rate in rates:
            shifted, scaled = [*amounts, Decimal(0)], [Decimal(0), *(-(1 + rate) * each for each in amounts)]
            amounts = [one + other for one, other in zip(shifted, scaled, strict=True)]
        found = return_in_periods(list(enumerate(amounts)))
        nearest = min(abs(rate) for rate in rates)
        assert abs(abs(found) - nearest) < Decimal("1e-5")
        assert min(abs(found - rate) for rate in rates) < Decimal("1e-5")


class TestExtremes:
    def test_a_day_that_takes_nearly_all_leaves_a_rate_above_minus_one(self) -> None:
        rate = return_on_dates([(date(2026, 1, 1), Decimal(-1000)), (date(2026, 1, 2), Decimal(1))])
        assert rate > -1
        assert abs((1 + rate) / Decimal(10) ** -1095 - 1) < Decimal("1e-30")

    def test_a_day_that_makes_a_thousandfold(self) -> None:
        rate = return_on_dates([(date(2026, 1, 1), Decimal(-1)), (date(2026, 1, 2), Decimal(1000))])
        assert abs(rate / Decimal(10) ** 1095 - 1) < Decimal("1e-30")

    def test_a_rate_hardly_above_minus_one_gives_way_to_any_other(self) -> None:
        """One of the two is 100%, the other leaves a hundred-trillionth."""
        other = return_in_periods(flows("-1", "2.00000000000001", "-0.00000000000002"))
        assert abs(other - 1) < Decimal("1e-10")

    def test_flows_one_way_have_no_rate(self) -> None:
        for amounts in ([], [-1], [-1, -2], [5, 0, 7], [0, 0]):
            with pytest.raises(NoRate):
                return_in_periods(flows(*amounts))
        same_day = [(date(2026, 1, 1), Decimal(-5)), (date(2026, 1, 1), Decimal(5))]
        for dated in ([], same_day):
            with pytest.raises(NoRate):
                return_on_dates(dated)

    def test_hopeless_work_is_given_up(self) -> None:
        with pytest.raises(TooHard):
            return_in_periods([(j, Decimal((-1) ** j * comb(60, j)) * Decimal("1.1") ** j) for j in range(61)])


@given(st.lists(st.tuples(st.integers(0, 4000), st.decimals(-1000, 1000, places=2)), min_size=2, max_size=12))
def test_a_rate_makes_the_flows_worth_nothing_and_one_change_of_sign_has_one(items: list[tuple[int, Decimal]]) -> None:
    sums = netted(Flow(amount, Fraction(days, 365)) for days, amount in items)
    try:
        rate = nearest_rate(sums)
    except NoRate:
        assert sign_changes(sums) != 1
        return
    assert sign_changes(sums) > 0
    worths = [each.amount * (1 + rate) ** -(Decimal(each.whole.numerator) / each.whole.denominator) for each in sums]
    if rate < 1000:
        assert abs(sum(worths)) <= Decimal("1e-15") * sum(map(abs, worths))
