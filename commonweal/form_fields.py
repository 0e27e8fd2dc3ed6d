"""Forms whose refusals help: fields for money, shares and dates, and plain words where something is missing."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.dateparse import parse_date
from moneyed import Money

from commonweal.templatetags.commonweal import SYMBOLS, minor_digits, percent

LONGEST = 20
"""A longer figure is no amount that this fund could lend."""

YEARS = range(1900, 2200)
"""A day outside these is a slip of the hand, and arithmetic with it could leave the calendar."""


class MoneyField(forms.Field):
    """Reads an amount such as 12,500.00 into Money; `noun` names it in refusals: "the drawdown".

    Thousands may be grouped by commas or spaces, and the sign of the currency may stand before it. What could be read
    in two ways is refused rather than guessed.
    """

    widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "input--s num", "autocomplete": "off"})

    def __init__(self, *, noun: str, currency: str = "GBP", **kwargs: Any) -> None:
        self.noun = noun
        self.use_currency(currency)
        super().__init__(**{"error_messages": {"required": f"Enter {noun}"}} | kwargs)

    def use_currency(self, currency: str) -> None:
        """Read amounts of this currency: that of the book or the loan in hand."""
        self.currency, self.prefix = currency, SYMBOLS.get(currency, currency)

    def prepare_value(self, value: Any) -> Any:
        """Money is shown grouped and with its decimals; what was typed is shown as it was typed."""
        return f"{value.amount:,.{minor_digits(self.currency)}f}" if isinstance(value, Money) else value

    def to_python(self, value: Any) -> Money | None:
        """The amount typed, or None where nothing was; raises ValidationError where it cannot be read."""
        text = _tidy(value).removeprefix(self.prefix).strip()
        if not text:
            return None
        digits = minor_digits(self.currency)
        decimals = rf"(\.\d{{1,{digits}}})?" if digits else ""
        if not re.fullmatch(rf"(\d+|\d{{1,3}}([, ]\d{{3}})+){decimals}", text, re.ASCII) or len(text) > LONGEST:
            raise forms.ValidationError(f"Enter {self.noun} as {self._pattern()}", code="invalid")
        return Money(Decimal(re.sub("[, ]", "", text)), self.currency)

    def _pattern(self) -> str:
        example = f"12,500.{'0' * minor_digits(self.currency)}".rstrip(".")
        return f"pounds and pence, like {example}" if self.currency == "GBP" else f"an amount, like {example}"


class PercentField(forms.Field):
    """Reads a percentage such as 6.25 into the fraction 0.0625; `noun` names it in refusals: "the nominal rate"."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "input--xs num", "autocomplete": "off"})
    suffix = "%"

    def __init__(self, *, noun: str, places: int = 4, digits: int = 3, **kwargs: Any) -> None:
        self.noun, self.places, self.digits = noun, places, digits
        super().__init__(**{"error_messages": {"required": f"Enter {noun}"}} | kwargs)

    def prepare_value(self, value: Any) -> Any:
        """A fraction is shown as a percentage; what was typed is shown as it was typed."""
        return percent(value).removesuffix("%") if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Decimal | None:
        """The fraction typed as a percentage, or None where nothing was; raises ValidationError otherwise."""
        text = _tidy(value).removesuffix("%").strip()
        if not text:
            return None
        if not re.fullmatch(rf"\d{{1,{self.digits}}}(\.\d{{1,{self.places}}})?", text, re.ASCII):
            raise forms.ValidationError(f"Enter {self.noun} as a percentage, like 6.25", code="invalid")
        return Decimal(text).scaleb(-2)


class NumberField(forms.Field):
    """Reads a plain number such as 1,240 or −3.5; `noun` names it in refusals: "the number"."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "input--s num", "autocomplete": "off"})

    def __init__(self, *, noun: str, **kwargs: Any) -> None:
        self.noun = noun
        super().__init__(**{"error_messages": {"required": f"Enter {noun}"}} | kwargs)

    def to_python(self, value: Any) -> Decimal | None:
        """The number typed, or None where nothing was; raises ValidationError where it cannot be read."""
        text = _tidy(value).replace("\N{MINUS SIGN}", "-").removeprefix("£")
        if not text:
            return None
        if not re.fullmatch(r"-?(\d+|\d{1,3}([, ]\d{3})+)(\.\d{1,4})?", text, re.ASCII) or len(text) > LONGEST:
            raise forms.ValidationError(f"Enter {self.noun} in digits, like 1,240", code="invalid")
        return Decimal(re.sub("[, ]", "", text))


class DayField(forms.DateField):
    """Reads a date with the device's own date control; `noun` names it in refusals: "the drawdown date"."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    def __init__(self, *, noun: str, **kwargs: Any) -> None:
        messages = {"required": f"Enter {noun}", "invalid": f"Enter {noun} as a real date, like 1 December 2026"}
        super().__init__(**{"error_messages": messages, "input_formats": ["%Y-%m-%d", "%d/%m/%Y", "%d %B %Y"]} | kwargs)

    def to_python(self, value: Any) -> date | None:
        """The day typed, or None where nothing was; raises ValidationError otherwise."""
        day: date | None = super().to_python(value)
        if day is not None and day.year not in YEARS:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class PlainForm(forms.Form):
    """A form that says what is missing by name: "Enter the reason" instead of "This field is required"."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if field.error_messages["required"] == forms.Field.default_error_messages["required"]:
                field.error_messages["required"] = _missing(field, str(field.label or name.replace("_", " ")))


def day_in(text: str) -> date | None:
    """The day that a query string names, such as 2026-11-23; None where it names none that books could have."""
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day is not None and day.year in YEARS else None


def _tidy(value: Any) -> str:
    return str(value or "").replace("\N{NO-BREAK SPACE}", " ").strip()


def _missing(field: forms.Field, label: str) -> str:
    """What to do about a field left empty, by the kind of thing it asks for."""
    if isinstance(field, forms.BooleanField):
        return f"Tick “{label}”"
    if isinstance(field, forms.FileField):
        return f"Choose a file for “{label}”"
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        return f"Choose an answer under “{label}”"
    if label.endswith("?"):
        return f"Answer “{label}”"
    return f"Enter {_inner(label)}" if label.startswith("Your ") else f"Enter the {_inner(label)}"


def _inner(label: str) -> str:
    """A label as it reads inside a sentence; abbreviations keep their capitals."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]
