"""Planned drawdowns as a person types them: one on a line, its day and its amount."""

from __future__ import annotations

from typing import Any

from django import forms
from moneyed import Money

from commonweal.form_fields import DayField, MoneyField
from commonweal.templatetags.commonweal import minor_digits
from loans.domain.conventions import Tranche

MOST = 50


class DrawdownsField(MoneyField):
    """Reads `2027-01-15 12,000.00`, one drawdown on a line, into tranches; nothing is none."""

    widget: Any = forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "class": "num"})

    def prepare_value(self, value: Any) -> Any:
        """Tranches are shown as they are typed."""
        if not isinstance(value, list | tuple):
            return value
        digits = minor_digits(self.currency)
        return "\n".join(f"{tranche.on} {tranche.amount.amount:,.{digits}f}" for tranche in value)

    def to_python(self, value: Any) -> Any:
        """The tranches typed; raises ValidationError with the line that cannot be read."""
        lines = [line.strip() for line in str(value or "").splitlines() if line.strip()]
        if len(lines) > MOST:
            raise forms.ValidationError(f"Give at most {MOST} drawdowns", code="invalid")
        return tuple(self._read(line) for line in lines)

    def _read(self, line: str) -> Tranche:
        day, _, amount = line.partition(" ")
        try:
            on, read = DayField(noun="the day").clean(day), super().to_python(amount)
        except forms.ValidationError:
            on, read = None, None
        if on is None or not isinstance(read, Money):
            raise forms.ValidationError(f"Enter “{line[:60]}” as a day and an amount, like 2027-01-15 12,000.00")
        return Tranche(on, read)
