"""What a loan costs and how it is repaid, in words, for a rate that stands and one that follows an index."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from loans import queries
from loans.domain.linked_rates import LinkedRate
from loans.domain.offer import Asked, Brings, Link
from loans.rate_words import charged_on, kept_to_in_words, rate_in_words, repaid_in_words
from loans.services import More, add_index, record_base_rate
from tests.builders import pounds
from tests.stories.telling import Story, brings

pytestmark = pytest.mark.django_db


def follows_bank_rate(story: Story) -> More:
    """Bank Rate of 4.25% and 2.5%, from 5% to 9%."""
    index = add_index(book=story.fund.book, code="bank-rate", name="Bank Rate")
    record_base_rate(index=index, effective_on=date(2025, 2, 6), annual_rate=Decimal("0.0425"), by=story.fund.tom)
    margin = LinkedRate(Decimal("0.025"), floor=Decimal("0.05"), cap=Decimal("0.09"))
    return More(brings=Brings(), link=Link("bank-rate", margin, notice_days=14))


def asks(rate: Decimal | None) -> Asked:
    """£12,000 over two years."""
    return Asked(pounds("12000.00"), rate, 24, date(2025, 6, 1))


def test_a_rate_that_follows_an_index_is_not_called_fixed() -> None:
    story = Story("Otterby Solar Co-operative", asks(None), more=follows_bank_rate)
    rate = queries.position_of(story.loan, date(2025, 5, 1)).annual_rate
    assert rate_in_words(story.loan, rate) == (
        "6.75% a year now: Bank Rate + 2.5%, at least 5%, at most 9%, told 14 days before"
    )


def test_a_rate_that_stands_is_called_fixed() -> None:
    story = Story("Ovens of Otterby", asks(Decimal("0.06")), more=brings())
    terms = queries.terms_of(story.loan)
    assert rate_in_words(story.loan, terms.annual_rate) == "6% a year, fixed"
    assert (charged_on(terms), repaid_in_words(terms)) == ("on what is still owed", "monthly, level")
    assert kept_to_in_words(terms) == (
        "Money pays fees, default interest, interest, principal, in this order, the oldest instalment first; "
        "money paid early pays what falls due next."
    )
