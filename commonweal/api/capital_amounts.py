"""Amounts of a fund's capital as the API reads them: in the fund's currency, never below nought."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moneyed import Money
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from commonweal.api.fields import MoneyField
from ledger.domain.money import to_minor

if TYPE_CHECKING:
    from ledger.models import Book

LARGEST = "10000000000000"


class Amount(MoneyField):
    """An amount above nought: what was wrong is reversed, never entered with a minus."""

    def __init__(self, **given: Any) -> None:
        super().__init__(below=LARGEST, **given)

    def to_internal_value(self, data: Any) -> Money:
        amount = super().to_internal_value(data)
        if amount.amount <= 0:
            raise serializers.ValidationError("Give an amount above nought.")
        return amount


class Price(MoneyField):
    """What somebody pays for a holding: nought where it is given away."""

    def __init__(self, **given: Any) -> None:
        super().__init__(below=LARGEST, **given)

    def to_internal_value(self, data: Any) -> Money:
        price = super().to_internal_value(data)
        if price.amount < 0:
            raise serializers.ValidationError("Give nought or more.")
        return price


def minor_of(book: Book, amount: Money, field: str = "amount") -> int:
    """An amount in the minor units of a book. Raises ValidationError in another currency."""
    if amount.currency.code != book.base_currency:
        raise ValidationError({field: [f"The capital of this fund is kept in {book.base_currency}."]})
    return to_minor(amount.amount, book.base_currency)
