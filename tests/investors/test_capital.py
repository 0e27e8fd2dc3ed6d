"""Capital accounts add up, a second close evens out, and a month's result is shared by days with nothing lost."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moneyed import Money

from investors.domain.capital import CapitalKind, CapitalMovement, above_net_assets, capital_account, refuse_uneven
from investors.domain.equalisation import Partner, equalise
from investors.domain.errors import ImpossibleFee, NobodyToShareWith, UnevenTransfer
from investors.domain.management_fee import FeeBase, FeeTerms, ManagementFee, management_fee
from investors.domain.result_sharing import FINE, CapitalHeld, capital_days, share_result
from ledger.domain.money import from_minor
from loans.domain.day_count import DayCount
from tests.builders import pounds
from tests.loans.tables import rows

NOUGHT = pounds("0.00")
APRIL, MAY, JULY = date(2026, 4, 1), date(2026, 5, 1), date(2026, 7, 1)


def moved(table: str) -> list[CapitalMovement]:
    """Rows of day, kind, amount, source."""
    return [
        CapitalMovement(date.fromisoformat(day), CapitalKind[kind], pounds(amount), source)
        for day, kind, amount, source in rows(table)
    ]


MOVED = moved("""
    2026-03-31  CONTRIBUTION        10000.00  E-1
    2026-04-01  CONTRIBUTION         5000.00  E-2
    2026-04-30  INCOME                120.50  E-3
    2026-04-30  FEE                   -20.25  E-4
    2026-05-15  TRANSFER            -1000.00  T-1
    2026-06-01  IMPAIRMENT           -300.00  E-5
    2026-06-02  IMPAIRMENT             50.00  E-6
    2026-06-30  INCOME_DISTRIBUTED   -100.00  E-7
    2026-06-30  CAPITAL_RETURNED     -400.00  E-7
    2026-07-01  INCOME                  9.99  E-8
""")


def test_an_account_goes_from_opening_to_closing_by_what_moved_it() -> None:
    account = capital_account(reversed(MOVED), since=APRIL, until=JULY, nought=NOUGHT)
    assert [[label.replace(" ", "-"), str(amount.amount)] for label, amount in account.rows()] == rows("""
        opening                    10000.00
        contributions               5000.00
        transfers                  -1000.00
        income                       120.50
        fees                         -20.25
        impairments                 -250.00
        distributions-of-income     -100.00
        distributions-of-capital    -400.00
        closing                    13350.25
    """)
    later = capital_account(MOVED, since=JULY, until=date(2026, 10, 1), nought=NOUGHT)
    assert later.opening == account.closing
    assert above_net_assets([later], pounds("13360.23")) == pounds("0.01")


def test_what_moves_between_accounts_sums_to_nought() -> None:
    buyer = moved("2026-05-15 TRANSFER 1000.00 T-1")
    refuse_uneven([*MOVED, *buyer])
    with pytest.raises(UnevenTransfer, match=r"by T-1 on 15 May 2026 sums to -£1,000\.00"):
        refuse_uneven(MOVED)


class TestSecondClose:
    """£60,000.00 was drawn of two investors; a third joins with as much as both together."""

    partners = (
        Partner("TST", pounds("50000.00"), pounds("20000.00")),
        Partner("NRB", pounds("100000.00"), pounds("40000.00")),
        Partner("NEW", pounds("150000.00"), NOUGHT),
    )
    draws = ((date(2026, 1, 1), pounds("30000.00")), (date(2026, 4, 1), pounds("30000.00")))

    def test_the_newcomer_pays_its_share_and_interest_for_the_time(self) -> None:
        found = equalise(self.partners, self.draws, on=date(2026, 7, 1), rate=Decimal("0.05"))
        assert [[each.investor, str(each.capital.amount), str(each.interest.amount)] for each in found] == rows("""
            NEW   30000.00   558.90
            NRB  -20000.00  -372.60
            TST  -10000.00  -186.30
        """)
        # 15,000.00 × 5% × 181 ÷ 365 + 15,000.00 × 5% × 91 ÷ 365 = 558.904…

    def test_nothing_moves_where_nobody_joined(self) -> None:
        found = equalise(self.partners[:2], self.draws, on=JULY, rate=Decimal("0.05"))
        assert not any(each.capital or each.interest for each in found)

    def test_draws_that_are_not_what_was_contributed_are_refused(self) -> None:
        with pytest.raises(UnevenTransfer, match=r"£30,000\.00 was drawn, and the investors contributed £60,000\.00"):
            equalise(self.partners, self.draws[:1], on=JULY, rate=Decimal("0.05"))

    def test_a_draw_after_the_close_is_refused(self) -> None:
        with pytest.raises(UnevenTransfer, match="A draw on 1 April 2026 is after the close on 31 March 2026"):
            equalise(self.partners, self.draws, on=date(2026, 3, 31), rate=Decimal("0.05"))

    @settings(max_examples=40)
    @given(st.lists(st.integers(1, 10**6), min_size=2, max_size=5), st.integers(1, 10**6), st.integers(0, 400))
    def test_it_sums_to_nought_and_leaves_all_at_their_share(
        self, commitments: list[int], drawn: int, days: int
    ) -> None:
        partners = [
            Partner(f"I{no}", from_minor(each, "GBP"), from_minor(drawn if no == 0 else 0, "GBP"))
            for no, each in enumerate(commitments)
        ]
        found = equalise(
            partners, [(APRIL, from_minor(drawn, "GBP"))], on=APRIL + timedelta(days), rate=Decimal("0.08")
        )
        assert sum((each.capital for each in found), NOUGHT) == sum((each.interest for each in found), NOUGHT) == NOUGHT
        for partner, each in zip(partners, found, strict=True):
            exact = Fraction(drawn) * Fraction(partner.commitment.amount) * 100 / sum(commitments)
            assert abs(Fraction((partner.contributed + each.capital).amount) * 100 - exact) < 1


def test_capital_counts_by_the_day_and_never_below_nought() -> None:
    held = [
        (date(2026, 3, 1), pounds("10.00")),
        (date(2026, 4, 16), pounds("30.00")),
        (date(2026, 4, 30), pounds("-1.00")),
    ]
    assert capital_days(held, APRIL, MAY) == 15 * 1000 + 14 * 3000
    assert capital_days([(JULY, pounds("10.00"))], APRIL, MAY) == 0


class TestResultOfAMonth:
    def months(self, result: str, months: int, *weights: int) -> list[list[str]]:
        residues, table = [0] * len(weights), []
        for _ in range(months):
            held = [CapitalHeld("ABCD"[no], weight, residues[no]) for no, weight in enumerate(weights)]
            parts = share_result(pounds(result), held)
            residues = [each.residue for each in parts]
            table.append([str(each.part.amount) for each in parts])
        return table

    def test_three_equal_investors_take_turns_with_the_odd_penny(self) -> None:
        assert self.months("100.00", 3, 30, 30, 30) == rows("""
            33.34 33.33 33.33
            33.33 33.34 33.33
            33.33 33.33 33.34
        """)
        assert self.months("-100.00", 1, 30, 30, 30) == rows("-33.34 -33.33 -33.33")

    def test_one_who_left_gets_nothing_and_leaves_its_residue_to_the_others(self) -> None:
        held = [CapitalHeld("A", 1, -FINE // 4), CapitalHeld("B", 1, -FINE // 4), CapitalHeld("C", 0, FINE // 2)]
        parts = share_result(pounds("0.01"), held)
        assert [(str(each.part.amount), each.residue) for each in parts] == [
            ("0.01", -FINE // 2),
            ("0.00", FINE // 2),
            ("0.00", 0),
        ]

    def test_nobody_to_share_with(self) -> None:
        with pytest.raises(NobodyToShareWith, match=r"£1\.00 is to be shared"):
            share_result(pounds("1.00"), [CapitalHeld("A", 0)])

    def test_a_residue_that_is_missing(self) -> None:
        with pytest.raises(UnevenTransfer, match="sum to 1 billionths"):
            share_result(pounds("1.00"), [CapitalHeld("A", 1, 1)])

    @settings(max_examples=60)
    @given(
        st.lists(
            st.tuples(st.integers(-(10**6), 10**6), st.lists(st.integers(1, 10**8), min_size=3, max_size=3)), max_size=8
        )
    )
    def test_each_stands_within_a_penny_of_its_exact_share_of_everything(
        self, months: list[tuple[int, list[int]]]
    ) -> None:
        residues, got, exact = [0, 0, 0], [0, 0, 0], [Fraction(), Fraction(), Fraction()]
        for result, weights in months:
            held = [CapitalHeld("ABC"[no], weight, residues[no]) for no, weight in enumerate(weights)]
            parts = share_result(from_minor(result, "GBP"), held)
            assert sum((each.part for each in parts), NOUGHT) == from_minor(result, "GBP")
            for no, (each, weight) in enumerate(zip(parts, weights, strict=True)):
                got[no] += int(each.part.amount * 100)
                exact[no] += Fraction(result * weight, sum(weights))
                assert abs(got[no] - exact[no]) < 1 + Fraction(len(months), FINE)
            residues = [each.residue for each in parts]
            assert sum(residues) == 0


class TestManagementFee:
    agreed = ManagementFee(
        (FeeTerms(APRIL, FeeBase.COMMITTED, Decimal("0.02")), FeeTerms(JULY, FeeBase.DRAWN, Decimal("0.015")))
    )
    bases = {
        FeeBase.COMMITTED: [(APRIL, pounds("1000000.00")), (date(2026, 6, 1), pounds("1500000.00"))],
        FeeBase.DRAWN: [(MAY, pounds("400000.00"))],
    }

    def test_it_steps_down_on_its_day_and_follows_its_base(self) -> None:
        charge = management_fee(self.agreed, self.bases, since=APRIL, until=date(2026, 8, 1), currency="GBP")
        shown = [
            [str(line.since), str(line.of.amount), f"{line.rate:f}", f"{float(line.exact):.2f}"]
            for line in charge.lines
        ]
        assert shown == rows("""
            2026-04-01  1000000.00  0.02   164383.56
            2026-05-01  1000000.00  0.02   169863.01
            2026-06-01  1500000.00  0.02   246575.34
            2026-07-01   400000.00  0.015   50958.90
        """)
        assert charge.amount == pounds("6317.81")
        assert abs(charge.rounded_by) <= Fraction(1, 2)

    def test_the_day_count_is_the_deeds(self) -> None:
        by_months = ManagementFee(self.agreed.terms, DayCount.THIRTY_E_360)
        assert management_fee(by_months, self.bases, since=APRIL, until=MAY, currency="GBP").amount == pounds("1666.67")

    def test_nothing_drawn_costs_nothing_and_an_empty_period_neither(self) -> None:
        assert management_fee(self.agreed, {}, since=JULY, until=date(2026, 8, 1), currency="GBP").amount == NOUGHT
        assert management_fee(self.agreed, self.bases, since=JULY, until=JULY, currency="GBP").amount == NOUGHT

    @pytest.mark.parametrize(
        "terms, day_count, says",
        [
            ((), DayCount.ACTUAL_360, "needs terms"),
            (agreed.terms[::-1], DayCount.ACTUAL_360, "in order"),
            (agreed.terms, DayCount.NOMINAL, "nominal"),
        ],
    )
    def test_impossible_terms_are_refused(self, terms: tuple[FeeTerms, ...], day_count: DayCount, says: str) -> None:
        with pytest.raises(ImpossibleFee, match=says):
            ManagementFee(terms, day_count)

    @pytest.mark.parametrize("rate", ["-0.01", "1"])
    def test_an_impossible_rate_is_refused(self, rate: str) -> None:
        with pytest.raises(ImpossibleFee, match=r"1.*% a year is not possible\. Give one from 0% to below 100%"):
            FeeTerms(APRIL, FeeBase.DRAWN, Decimal(rate))

    def test_days_before_the_first_terms_are_refused(self) -> None:
        with pytest.raises(ImpossibleFee, match="in force on 31 March 2026; the first begin on 1 April 2026"):
            management_fee(self.agreed, {}, since=date(2026, 3, 31), until=MAY, currency="GBP")


def test_a_currency_without_parts_is_shared_too() -> None:
    parts = share_result(Money("100", "JPY"), [CapitalHeld(code, 1) for code in "ABC"])
    assert [str(each.part.amount) for each in parts] == ["34", "33", "33"]
