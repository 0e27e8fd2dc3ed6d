"""Are accounts kept as they were given, restated and never edited, and refused where they cannot be right?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from moneyed import Money

from borrowers.domain.accounts import AccountsSpan, Line, refuse_malformed_figures
from borrowers.domain.errors import AccountsMalformed, RestatementRefused
from borrowers.models import Accounts
from borrowers.queries import accounts_history, current_accounts
from tests.borrowers.builders import accounts, community_shop, figures, quarter
from tests.builders import pounds


@pytest.mark.django_db
def test_a_figure_that_is_not_known_is_not_nought() -> None:
    given = accounts(community_shop(), figures=figures(income="31200.00", cash="0.00"))
    kept = Accounts.objects.get(pk=given.pk)
    assert kept.figures == {Line.INCOME: Decimal("31200.00"), Line.CASH: Decimal("0.00")}
    assert (kept.money(Line.CASH), kept.money(Line.COSTS), kept.surplus) == (pounds("0.00"), None, None)


@pytest.mark.django_db
def test_the_surplus_is_computed_and_may_be_a_loss() -> None:
    known = figures(income="31200.00", costs="32000.00", depreciation="1200.00", interest="450.00")
    assert accounts(community_shop(), figures=known).surplus == Money("-2450.00", "GBP")


@pytest.mark.django_db
def test_a_restatement_replaces_and_keeps_what_was_said() -> None:
    shop = community_shop()
    first = accounts(shop)
    second = accounts(shop, replaces=first, reason="A wage bill came late", figures=figures(income="30100.00"))
    assert list(current_accounts(shop)) == [second]
    assert [one.figures[Line.INCOME] for one in accounts_history(second)] == [Decimal("30100.00"), Decimal("31200.00")]
    with pytest.raises(RestatementRefused, match="restated by somebody else in the meantime"):
        accounts(shop, replaces=first, reason="Another bill")


@pytest.mark.django_db
@pytest.mark.parametrize("changed", [{"to": "2026-06"}, {"currency": "EUR"}])
def test_only_the_same_accounts_are_restated(changed: dict[str, str]) -> None:
    shop = community_shop()
    with pytest.raises(RestatementRefused, match="Choose the ones to correct"):
        accounts(shop, replaces=accounts(shop), reason="A mistake", **changed)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "No figure is given"),
        ({"cash": "-1.00"}, "below nought"),
        ({"income": "NaN"}, "no plain amount"),
        ({"income": "1E+12"}, "no plain amount"),
        ({"costs": "0.001"}, "more than 2 decimals"),
        ({"overdue": "2.00", "current_liabilities": "1.00"}, "a part of current liabilities"),
    ],
)
def test_figures_that_cannot_be_right(given: dict[str, str], says: str) -> None:
    with pytest.raises(AccountsMalformed, match=says):
        refuse_malformed_figures(figures(**given))


def test_net_assets_may_be_below_nought() -> None:
    refuse_malformed_figures(figures(net_assets="-500.00"))


def test_a_span_is_no_longer_than_a_long_year() -> None:
    AccountsSpan(date(2025, 1, 1), date(2026, 7, 1))
    with pytest.raises(AccountsMalformed, match="longer than eighteen months"):
        AccountsSpan(date(2025, 1, 1), date(2026, 8, 1))
    assert quarter("2026-12").last_day == date(2026, 12, 31)


@pytest.mark.django_db
def test_the_database_takes_no_amount_below_nought_and_no_change() -> None:
    given = accounts(community_shop())
    row = {field.attname: getattr(given, field.attname) for field in Accounts._meta.concrete_fields}
    wrong = Accounts(**row | {"id": None, "period_start": date(2020, 1, 1), "cash": Decimal("-1.00")})
    with pytest.raises(IntegrityError, match="borrowers_accounts_are_amounts"), transaction.atomic():
        wrong.save(force_insert=True)
    with pytest.raises(Exception, match="permission denied"), transaction.atomic():
        Accounts.objects.filter(pk=given.pk).update(cash=Decimal("1.00"))
