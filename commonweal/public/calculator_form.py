"""What is asked of the public calculator, and the line of `calculate schedule` that the answers make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _
from moneyed import Money

from commonweal.form_fields import DayField, MoneyField, PercentField, PlainForm
from commonweal.templatetags.commonweal import money, percent
from loans.domain.calendar import add_months
from loans.domain.terms import MAX_MONTHS

CURRENCY = "GBP"
LEAST, MOST = Money(100, CURRENCY), Money(10_000_000, CURRENCY)
HIGHEST_RATE = Decimal("0.5")
LARGEST_FEE = Decimal("0.2")
"""As a part of the amount: a larger one is a slip of the hand."""

EXAMPLE = {
    "amount": "50,000.00",
    "rate": "6",
    "charged": "owed",
    "months": "60",
    "kind": "level",
    "holiday": "0",
    "fee": "",
    "fee_in": "percent",
    "first": "",
}
"""What is answered where nothing is asked, and for whatever an address leaves out."""

METHODS = {"owed": "declining", "flat": "flat"}
AMORTISATIONS = {"level": "annuity", "equal": "equal_principal", "interest": "bullet"}

FIELD_OF = {
    "principal": "amount",
    "annual_rate": "rate",
    "instalments": "months",
    "interest_only_periods": "holiday",
    "principal_due": "first",
    "drawn_on": "first",
    "maturity": "first",
}
"""Which field of the form a refusal of the engine is about."""


def _choice(label: Any, widget: type[forms.Widget], choices: Sequence[tuple[str, Any]]) -> forms.ChoiceField:
    wrong = {"invalid_choice": _("Choose one of the answers offered")}
    return forms.ChoiceField(label=label, widget=widget, choices=choices, error_messages=wrong)


def _number(**given: Any) -> forms.IntegerField:
    widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "input--xs num", "autocomplete": "off"})
    return forms.IntegerField(widget=widget, min_value=given.pop("least"), max_value=MAX_MONTHS, **given)


class CalculatorForm(PlainForm):
    """A loan in nine answers; each refusal says what would do, and nothing that was typed is lost."""

    amount = MoneyField(noun="the amount", label=_("Amount"))
    rate = PercentField(noun="the rate", digits=9, label=_("Rate a year"))
    charged = _choice(
        _("The rate is charged"),
        forms.RadioSelect,
        [("owed", _("on what you still owe (nominal)")), ("flat", _("on the whole amount throughout (flat)"))],
    )
    months = _number(
        label=_("Months"),
        least=1,
        error_messages={
            "required": _("Enter the term in months"),
            "invalid": _("Enter the term as a whole number of months, like 60"),
            "min_value": _("Enter a term of 1 month or more"),
            "max_value": _("Enter a term of %(limit_value)s months or less"),
        },
    )
    kind = _choice(
        _("How it is repaid"),
        forms.RadioSelect,
        [
            ("level", _("Level payments, the same every month")),
            ("equal", _("Equal principal, so payments fall")),
            ("interest", _("Interest only, the principal at the end")),
        ],
    )
    holiday = _number(
        label=_("Capital holiday"),
        help_text=_("Months of interest only at the start, within the term."),
        least=0,
        error_messages={
            "required": _("Enter the months of capital holiday; 0 for none"),
            "invalid": _("Enter the capital holiday as a whole number of months, like 6; 0 for none"),
            "min_value": _("Enter a capital holiday of 0 months or more"),
            "max_value": _("Enter a capital holiday shorter than the term"),
        },
    )
    fee_in = _choice(_("The fee is in"), forms.Select, [("percent", _("percent")), ("sum", _("pounds"))])
    fee = forms.CharField(
        label=_("Arrangement fee"),
        required=False,
        strip=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "input--s num", "autocomplete": "off"}),
    )
    first = DayField(
        noun="the first payment date",
        label=_("First payment"),
        required=False,
        help_text=_("The loan is drawn a month before. Left empty, it is drawn on the 1st of next month."),
    )

    def __init__(self, asked: Mapping[str, str], *, today: date) -> None:
        """What an address asks, and the day from which the first payment is counted where it names none."""
        self.today = today
        super().__init__({name: asked.get(name, example) for name, example in EXAMPLE.items()})

    def clean_amount(self) -> Money:
        """Between what is worth a loan and what this page answers for."""
        amount: Money = self.cleaned_data["amount"]
        if not LEAST <= amount <= MOST:
            raise forms.ValidationError(
                f"Enter an amount from {money(LEAST)} to {money(MOST)}; this is {money(amount)}"
            )
        return amount

    def clean_rate(self) -> Decimal:
        """No higher than a rate that a payment can follow."""
        rate: Decimal = self.cleaned_data["rate"]
        if rate > HIGHEST_RATE:
            raise forms.ValidationError(f"Enter a rate of {percent(HIGHEST_RATE)} or less; this is {percent(rate)}")
        return rate

    def clean(self) -> dict[str, Any]:
        """What one answer asks of another."""
        cleaned = self.cleaned_data
        self._clean_holiday(cleaned)
        if not self.errors.keys() & {"amount", "fee", "fee_in"}:
            cleaned["fee"] = self._fee(cleaned)
        return cleaned

    def _clean_holiday(self, cleaned: Mapping[str, Any]) -> None:
        holiday, months = cleaned.get("holiday", 0), cleaned.get("months")
        if holiday and cleaned.get("kind") == "interest":
            why = "An interest-only loan has no principal to put off: enter 0, or choose another way to repay it"
            self.add_error("holiday", why)
        elif months is not None and holiday >= months > 0 and holiday:
            why = (
                f"The last payment repays principal, so a term of {months} months has room for {months - 1} of holiday"
            )
            self.add_error("holiday", f"{why}: enter {months - 1} or less")

    def _fee(self, cleaned: Mapping[str, Any]) -> Money:
        """The fee as a sum; a percentage is rounded to the penny, half to even."""
        amount: Money = cleaned["amount"]
        in_percent = cleaned["fee_in"] == "percent"
        reader = (
            PercentField(noun="the fee", required=False) if in_percent else MoneyField(noun="the fee", required=False)
        )
        try:
            read = reader.clean(cleaned.get("fee", ""))
        except forms.ValidationError as error:
            self.add_error("fee", error)
            return Money(0, CURRENCY)
        fee = read if isinstance(read, Money) else amount * (read or Decimal(0))
        fee = Money(fee.amount.quantize(Decimal("0.01"), ROUND_HALF_EVEN), CURRENCY)
        if fee > amount * LARGEST_FEE:
            most = f"{percent(LARGEST_FEE)} of the amount, {money(amount * LARGEST_FEE)}"
            self.add_error("fee", f"Enter a fee of at most {most}; this is {money(fee)}")
        return fee

    @property
    def first_due_on(self) -> date:
        """The first payment: a month after the 1st of next month, where the reader leaves it open."""
        return self.cleaned_data["first"] or add_months(self.today.replace(day=1), 2)

    @property
    def line(self) -> dict[str, object]:
        """The question as a line of `calculate schedule`: months count as equal, so that no date changes an amount."""
        cleaned, first = self.cleaned_data, self.first_due_on
        return {
            "principal": f"{cleaned['amount'].amount:.2f}",
            "drawn_on": add_months(first, -1).isoformat(),
            "annual_rate": f"{cleaned['rate']:f}",
            "interest_method": METHODS[cleaned["charged"]],
            "amortisation": AMORTISATIONS[cleaned["kind"]],
            "day_count": "nominal",
            "principal_due": {"first": first.isoformat(), "every": "1M"},
            "instalments": cleaned["months"],
            "interest_only_periods": cleaned["holiday"],
        }

    @property
    def address(self) -> str:
        """The query string that asks the same on any later day."""
        return urlencode({name: self.data[name] for name in EXAMPLE} | {"first": self.first_due_on.isoformat()})

    def refuse(self, field: str, message: str) -> None:
        """Keep a refusal of the engine beside the field that it is about."""
        self.add_error(FIELD_OF.get(field), message)
