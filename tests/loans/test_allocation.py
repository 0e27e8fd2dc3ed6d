"""A repayment pays claims in the order of a rule; no penny is lost."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.money import from_minor, to_minor
from loans.domain.allocation import (
    OLDEST_INSTALMENT_FIRST,
    Allocation,
    AllocationRule,
    Claim,
    Component,
    Instalments,
    allocate,
)
from tests.loans.tables import rows

INTEREST_OF_ALL_FIRST = AllocationRule((Component.INTEREST, Component.PRINCIPAL), Instalments.ACROSS)
PRINCIPAL_FIRST = AllocationRule((Component.PRINCIPAL, Component.INTEREST), Instalments.WITHIN)

TWO_INSTALMENTS = [
    Claim(20, Component.PRINCIPAL, 55151),
    Claim(20, Component.INTEREST, 12514),
    Claim(19, Component.PRINCIPAL, 54877),
    Claim(19, Component.INTEREST, 12788),
]


def as_rows(allocation: Allocation) -> list[list[str]]:
    """An allocation as rows of text, the last for what is held in advance."""
    paid = [[str(claim.instalment_no), claim.component.value, in_pounds(claim.units)] for claim in allocation.paid]
    return [*paid, ["in", "advance", in_pounds(allocation.in_advance)]]


def in_pounds(pence: int) -> str:
    """Pence as text."""
    return str(from_minor(pence, "GBP").amount)


def pence(amount: str) -> int:
    """Text as pence."""
    return to_minor(Decimal(amount), "GBP")


@pytest.mark.parametrize(
    "amount, rule, expected",
    [
        (
            "300.00",
            OLDEST_INSTALMENT_FIRST,
            """
            19  interest   127.88
            19  principal  172.12
            in  advance      0.00
            """,
        ),
        (
            "100.00",
            OLDEST_INSTALMENT_FIRST,
            """
            19  interest   100.00
            in  advance      0.00
            """,
        ),
        (
            "1500.00",
            OLDEST_INSTALMENT_FIRST,
            """
            19  interest   127.88
            19  principal  548.77
            20  interest   125.14
            20  principal  551.51
            in  advance    146.70
            """,
        ),
        (
            "300.00",
            INTEREST_OF_ALL_FIRST,
            """
            19  interest   127.88
            20  interest   125.14
            19  principal   46.98
            in  advance      0.00
            """,
        ),
        (
            "600.00",
            PRINCIPAL_FIRST,
            """
            19  principal  548.77
            19  interest    51.23
            in  advance      0.00
            """,
        ),
    ],
)
def test_money_goes_where_the_rule_says(amount, rule, expected):
    assert as_rows(allocate(pence(amount), TWO_INSTALMENTS, rule)) == rows(expected)


def test_with_nothing_owed_all_is_held_in_advance():
    assert as_rows(allocate(pence("50.00"), [])) == rows("in advance 50.00")


CLAIMS = st.lists(
    st.builds(
        lambda no, component, minor: Claim(no, component, minor),
        st.integers(1, 480),
        st.sampled_from(Component),
        st.integers(1, 10**7),
    ),
    unique_by=lambda claim: (claim.instalment_no, claim.component),
)
RULES = st.sampled_from([OLDEST_INSTALMENT_FIRST, INTEREST_OF_ALL_FIRST, PRINCIPAL_FIRST])


@given(st.integers(1, 10**9), CLAIMS, RULES)
def test_allocation_conserves_money_and_leaves_no_gap(minor, claims, rule):
    allocation = allocate(minor, claims, rule)
    assert sum(allocation.of(component) for component in Component) + allocation.in_advance == minor
    owed = sorted(claims, key=rule.rank)
    assert [(claim.instalment_no, claim.component) for claim in allocation.paid] == [
        (claim.instalment_no, claim.component) for claim in owed[: len(allocation.paid)]
    ]
    assert all(paid.units == claim.units for paid, claim in zip(allocation.paid[:-1], owed, strict=False))
    assert all(0 < paid.units <= claim.units for paid, claim in zip(allocation.paid, owed, strict=False))
    if allocation.in_advance:
        assert len(allocation.paid) == len(owed)
        assert sum(claim.units for claim in allocation.paid) == sum(claim.units for claim in claims)
