"""How are amounts of an agreement kept? As decimal money, its currency fixed when the row is made."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from djmoney.models.fields import MoneyField
from moneyed import Money

CURRENCIES = ("GBP", "EUR")
"""Currencies that the forms offer."""

PLACES = 2
LIMIT = 10**12


def money_field() -> Any:
    """A column pair of amount and currency."""
    return MoneyField(
        max_digits=14,
        decimal_places=PLACES,
        default_currency=None,
        currency_choices=[(code, code) for code in CURRENCIES],
    )


def is_sane(field: str) -> Q:
    """Above nought and below a million million; a NaN, which PostgreSQL sorts above everything, is neither."""
    return Q(**{f"{field}__gt": 0, f"{field}__lt": LIMIT})


def plain(amount: Money) -> Money:
    """The same money as the domains know it, without the manners of a form field."""
    return Money(amount.amount, amount.currency.code)
