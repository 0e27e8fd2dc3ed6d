"""What the API takes and gives: strict fields, money with its currency, and no field that it does not know."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from moneyed import Money
from rest_framework import serializers

from ledger.domain.errors import WrongAmount
from ledger.domain.money import from_minor, minor_digits, to_minor

PLAIN_DECIMAL = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,10})?")
PLAIN_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
FIRST_YEAR, LAST_YEAR = 1900, 2199
LARGEST_ID = 2**63 - 1
UNKNOWN_FIELD = "This field is not known here. Leave it out; nothing was changed."


class Shape(serializers.Serializer[Any]):
    """Named fields. One whose name belongs to Python or to serializers is written with `_` behind it: `from_`."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """The fields by the names that they have in JSON."""
        return {name.removesuffix("_"): field for name, field in super().get_fields().items()}


class Strict(Shape):
    """Refuses fields that it does not know, instead of ignoring them."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = sorted({str(name) for name in data} - set(self.fields))
            if unknown:
                unknown = [name[:100].encode(errors="replace").decode() for name in unknown]
                raise serializers.ValidationError({name: [UNKNOWN_FIELD] for name in unknown}, code="unknown_field")
        return super().to_internal_value(data)


class Nothing(Strict):
    """A request that needs no content: `{}` or an empty body."""


class Text(serializers.CharField):
    """Text, and only text: a number or a truth value is refused instead of being turned into text."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


class Word(serializers.ChoiceField):
    """One of a few words, as an enumeration has them."""

    def __init__(self, words: type[StrEnum] | list[str], **given: Any) -> None:
        super().__init__(choices=[str(word) for word in words], **given)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str) or data not in self.choices:
            raise serializers.ValidationError(f"Write one of: {', '.join(self.choices)}.")
        return data

    def to_representation(self, value: Any) -> str:
        return str(value)


class Day(serializers.DateField):
    """A day as 2026-11-23, and no other way of writing it."""

    def to_internal_value(self, value: Any) -> date:
        if not isinstance(value, str) or not PLAIN_DAY.fullmatch(value):
            raise serializers.ValidationError("Write a day as 2026-11-23.")
        day: date = super().to_internal_value(value)
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise serializers.ValidationError(f"Give a day from {FIRST_YEAR} to {LAST_YEAR}.")
        return day


class Count(serializers.IntegerField):
    """A whole number: 12, never "12", 12.0 or true. In a query string it is written in digits."""

    def to_internal_value(self, data: Any) -> int:
        is_number = isinstance(data, int) and not isinstance(data, bool)
        is_digits = isinstance(data, str) and self.context.get("is_query") and re.fullmatch(r"[0-9]{1,19}", data)
        if not (is_number or is_digits):
            self.fail("invalid")
        return int(super().to_internal_value(data))


class Id(Count):
    """The number by which something is found."""

    def __init__(self, **given: Any) -> None:
        super().__init__(min_value=1, max_value=LARGEST_ID, **given)


class PlainDecimal(serializers.Field[Decimal, str, str, Any]):
    """A decimal as text, such as "0.06": no exponent, no blanks, no separators, never a float."""

    def __init__(self, *, places: int = 10, least: str = "", below: str = "", **given: Any) -> None:
        super().__init__(**given)
        self.places = places
        self.least, self.below = Decimal(least or "-Infinity"), Decimal(below or "Infinity")

    def to_internal_value(self, data: Any) -> Decimal:
        if not isinstance(data, str) or not PLAIN_DECIMAL.fullmatch(data):
            raise serializers.ValidationError('Write a plain decimal as text, such as "676.65".')
        number = Decimal(data)
        if len(data.partition(".")[2]) > self.places:
            raise serializers.ValidationError(f"Give at most {self.places} decimals.")
        if not self.least <= number < self.below:
            raise serializers.ValidationError(f"Give a number from {self.least} to below {self.below}.")
        return number

    def to_representation(self, value: Decimal) -> str:
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text


class Share(PlainDecimal):
    """An exact share of a whole as a fraction with six decimals: "0.600000". The amounts beside it are exact."""

    def to_representation(self, value: Fraction | Decimal) -> str:
        exact = Fraction(value)
        return f"{round(Decimal(exact.numerator) / Decimal(exact.denominator), 6):.6f}"


class MoneyField(serializers.Field[Money, dict[str, str], dict[str, str], Any]):
    """Money as `{"amount": "676.65", "currency": "GBP"}`, in whole smallest units of its currency."""

    def __init__(self, *, below: str = "", **given: Any) -> None:
        super().__init__(**given)
        self.below = Decimal(below or "Infinity")

    def to_internal_value(self, data: Any) -> Money:
        if not isinstance(data, Mapping) or set(data) != {"amount", "currency"}:
            raise serializers.ValidationError('Write money as {"amount": "676.65", "currency": "GBP"}.')
        amount, currency = PlainDecimal().to_internal_value(data["amount"]), str(data["currency"])
        try:
            to_minor(amount, currency)
        except WrongAmount as error:
            raise serializers.ValidationError(str(error)) from error
        if amount >= self.below:
            raise serializers.ValidationError(f"Give an amount below {self.below}.")
        return Money(amount, currency)

    def to_representation(self, value: Money) -> dict[str, str]:
        return money_out(value)


class OnSide(MoneyField):
    """The amount of a signed posting where it stands on one side, else null."""

    def __init__(self, *, is_debit: bool, **given: Any) -> None:
        super().__init__(source="*", read_only=True, allow_null=True, **given)
        self.is_debit = is_debit

    def to_representation(self, value: Any) -> Any:
        if (value.amount > 0) is not self.is_debit:
            return None
        return money_out(from_minor(abs(value.amount), value.account.currency))


class Base64(serializers.Field[bytes, str, str, Any]):
    """The bytes of a file, written in base64 (RFC 4648, section 4)."""

    def to_internal_value(self, data: Any) -> bytes:
        try:
            return base64.b64decode(data, validate=True) if isinstance(data, str) else self.fail("invalid")
        except (binascii.Error, ValueError):
            self.fail("invalid")

    def to_representation(self, value: bytes) -> str:
        return base64.b64encode(value).decode()

    default_error_messages = {"invalid": "Write the file's bytes in base64, without line breaks."}


class Given(serializers.JSONField):
    """A value that is read and judged by whoever it is handed to; `says` is how OpenAPI describes it."""

    def __init__(self, says: Mapping[str, Any], **given: Any) -> None:
        super().__init__(allow_null=True, **given)
        self.says = says

    def to_internal_value(self, data: Any) -> Any:
        return data


class FileIn(Strict):
    """A file inside a JSON body."""

    name = Text(max_length=200, help_text="What the file is called, such as `invoice.pdf`.")
    content_base64 = Base64(help_text="Its bytes in base64.")


def money_out(value: Money) -> dict[str, str]:
    """Money as the API gives it, with exactly the decimals of its currency."""
    currency = value.currency.code
    return {"amount": f"{value.amount:.{minor_digits(currency)}f}", "currency": currency}
