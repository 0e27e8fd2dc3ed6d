"""Which part of an outcome may money claim? Worked by hand: factors, lenders' parts, coverage, grades, per £1,000."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from borrowers.domain.outcomes import AddUp
from borrowers.domain.readings import Answer, Grade
from investors.domain.attribution import Attribution, Finance, WhyNot, attribution, parts_of_loan
from investors.domain.errors import AttributionRefused
from investors.domain.outcome_totals import Said, outcome_total
from tests.loans.tables import rows

# our average, debt, net assets, grants beside them: what may be claimed
FACTORS = """
    40000  100000   50000  50000  1/5
    40000  100000   50000      0  4/15
    25000   25000       0      0  1
    25000   25000   -5000      0  its-accounts-show-less-finance-than-our-loan
    25000   25000  -25000      0  its-debts-are-more-than-all-it-has
    25000   25000  -30000      0  its-debts-are-more-than-all-it-has
    25000       -   50000      0  no-accounts-say-what-finances-it
    25000  100000       -      0  no-accounts-say-what-finances-it
        0  100000   50000      0  no-money-of-ours-was-outstanding-in-the-period
"""


def known(text: str) -> Decimal | None:
    """A figure, or None for a dash."""
    return None if text == "-" else Decimal(text)


@pytest.mark.parametrize("row", rows(FACTORS), ids=lambda row: " ".join(row))
def test_a_factor_or_the_reason_why_there_is_none(row: list[str]) -> None:
    average, debt, net_assets, grants, wanted = row
    found = attribution(Fraction(average), Finance(known(debt), known(net_assets), Decimal(grants)))
    if found.factor is None:
        assert found.why_not is not None
        assert (found.why_not.replace(" ", "-"), found.of(Decimal(12))) == (wanted, None)
    else:
        assert (found.factor, found.why_not) == (Fraction(wanted), None)


def test_without_accounts_nothing_is_claimed() -> None:
    assert attribution(Fraction(40_000), None).why_not is WhyNot.NO_ACCOUNTS


def test_the_cafe() -> None:
    """Our £40,000 of £200,000; 12 jobs kept by the payroll; an investor with £25,000 of the fund's £500,000."""
    factor = attribution(Fraction(40_000), Finance(Decimal(100_000), Decimal(50_000), Decimal(50_000)))
    mine = parts_of_loan(
        Fraction(40_000), {}, {"TST": Fraction(25_000), "NRB": Fraction(400_000), "LOT": Fraction(75_000)}
    )
    cafe = said("cafe", factor, value="12", grade=Grade.THIRD_PARTY, part=mine["TST"])
    found = outcome_total(AddUp.SUM, [cafe])
    assert (found.supported, found.our_share, found.yours) == (12, Fraction("2.4"), Fraction("0.12"))
    assert sum(mine.values()) == 1


@pytest.mark.parametrize(
    ("average", "lenders", "behind", "wanted"),
    [
        ("100", "A 60 B 40", "", "A 3/5 B 2/5"),
        ("100", "A 60", "B 1 C 3", "A 3/5 B 1/10 C 3/10"),
        ("100", "A 60", "A 1 C 3", "A 7/10 C 3/10"),
        ("100", "A 60", "", "A 3/5"),
        ("0", "", "B 1", ""),
    ],
)
def test_whose_part_of_a_loan_is_which(average: str, lenders: str, behind: str, wanted: str) -> None:
    found = parts_of_loan(Fraction(average), named(lenders), named(behind))
    assert found == named(wanted)


def test_lenders_with_more_than_the_loan_are_refused() -> None:
    with pytest.raises(AttributionRefused, match=r"120.000000 of a loan of 100.000000 on average: 20.000000 too much"):
        parts_of_loan(Fraction(100), {"A": Fraction(120)}, {})


amounts = st.fractions(min_value=0, max_value=10**9, max_denominator=100)


@settings(max_examples=60)
@given(ours=st.lists(amounts, min_size=1, max_size=4), others=amounts, behind=st.lists(amounts, min_size=1, max_size=4))
def test_the_parts_of_all_funders_never_exceed_one_and_the_investors_sum_to_the_funds(
    ours: list[Fraction], others: Fraction, behind: list[Fraction]
) -> None:
    whole = sum(ours, others)
    finance = Finance(decimal(whole), Decimal(0)) if whole else None
    factors = [attribution(one, finance).factor or Fraction(0) for one in [*ours, others]]
    assert sum(factors) <= 1
    parts = parts_of_loan(ours[0], {"A": ours[0] / 3}, {f"I{place}": amount for place, amount in enumerate(behind)})
    stands_whole = ours[0] and sum(behind)
    assert sum(parts.values()) == (1 if stands_whole else Fraction(1, 3) if ours[0] else 0)


def decimal(value: Fraction) -> Decimal:
    """Exact where it is whole; never below the value."""
    return Decimal(-(-value.numerator // value.denominator))


def named(text: str) -> dict[str, Fraction]:
    """`A 60 B 40` as fractions by name."""
    words = text.split()
    return {name: Fraction(amount) for name, amount in zip(words[::2], words[1::2], strict=True)}


FIFTH = Attribution(Fraction(1, 5))
NONE = Attribution(None, WhyNot.NO_ACCOUNTS)


def said(
    business: str,
    factor: Attribution = FIFTH,
    *,
    average: str = "1000",
    value: str = "",
    grade: Grade = Grade.MEASURED,
    answer: Answer | None = Answer.VALUE,
    part: Fraction = Fraction(1, 2),
    before: str = "",
    target: str = "",
    weight: str = "",
) -> Said:
    """What a business said."""
    has_figure = answer is Answer.VALUE
    return Said(
        business=business,
        average=Fraction(average),
        attribution=factor,
        part=part,
        answer=answer,
        value=Decimal(value) if has_figure else None,
        grade=grade if has_figure else None,
        before=Decimal(before) if before else None,
        target=Decimal(target) if target else None,
        weight=Decimal(weight) if weight else None,
    )


def test_coverage_by_number_and_by_money_and_like_for_like() -> None:
    """Ten asked, seven gave a figure, with 82% of the money; nothing is grossed up."""
    gave = [said(f"b{n}", average="10000", value="10", before="9" if n < 6 else "") for n in range(6)]
    gave.append(said("b6", NONE, average="22000", value="14"))
    silent = [
        said("b7", average="9000", answer=None),
        said("b8", average="5000", answer=Answer.NOTHING),
        said("b9", average="4000", answer=Answer.REFUSED),
    ]
    found = outcome_total(AddUp.SUM, [*gave, *silent])
    covered = found.coverage
    assert (covered.asked, covered.reported, covered.nothing, covered.refused, covered.silent) == (10, 7, 1, 1, 1)
    assert (covered.by_number, covered.by_value) == (Fraction(7, 10), Fraction(82, 100))
    assert (found.supported, found.our_share, found.yours) == (74, 12, 6)
    assert (found.attributed, found.at_risk, found.per_thousand) == (6, 60_000, Fraction(1, 5))
    like = found.like_for_like
    assert like is not None
    assert (like.businesses, like.now, like.before) == (6, 60, 54)


# figures by grade: the total's grade, and why
GRADES = """
    B 80  D 20   B
    B 79  D 21   D
    A 60  C 25  D 15  C
    A 90  D 10   A
    C 0   D 0    D
"""


@pytest.mark.parametrize("row", rows(GRADES), ids=" ".join)
def test_a_total_carries_the_lowest_grade_that_makes_up_over_a_fifth(row: list[str]) -> None:
    pairs = zip(row[:-1:2], row[1:-1:2], strict=True)
    found = outcome_total(AddUp.SUM, [said(g + v, value=v, grade=Grade(g)) for g, v in pairs])
    assert found.grade == row[-1]
    assert sum(part for _, part in found.grades) == 1


@pytest.mark.parametrize(
    ("rule", "supported", "is_at_least", "share"),
    [
        (AddUp.SUM, 300, False, 60),
        (AddUp.LATEST, 300, False, 60),
        (AddUp.UNIQUE_PEOPLE, 200, True, None),
        (AddUp.AVERAGE, Fraction(100 * 3 + 200 * 1, 4), False, None),
        (AddUp.NEVER, None, False, None),
    ],
)
def test_what_does_not_add_up_is_not_added(
    rule: AddUp, supported: Fraction | None, is_at_least: bool, share: Fraction | None
) -> None:
    found = outcome_total(rule, [said("a", value="100", weight="3"), said("b", value="200", weight="1")])
    assert (found.supported, found.is_at_least, found.our_share) == (supported, is_at_least, share)


def test_people_of_one_business_are_themselves() -> None:
    found = outcome_total(AddUp.UNIQUE_PEOPLE, [said("a", value="100"), said("b", answer=None)])
    assert (found.supported, found.is_at_least, found.our_share) == (100, False, 20)


def test_nobody_has_answered() -> None:
    found = outcome_total(AddUp.SUM, [said("a", answer=None)])
    assert (found.supported, found.our_share, found.grade, found.per_thousand) == (None, None, None, None)
    assert found.coverage.by_number == 0


def test_a_figure_without_a_grade_is_refused() -> None:
    with pytest.raises(AttributionRefused, match="a figure has a value and a grade"):
        Said("a", Fraction(1), FIFTH, answer=Answer.VALUE, value=Decimal(1))
