"""The forms of the tax relief scheme: what the desk says of accreditations, investments, certificates and loans."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.dateparse import parse_date
from moneyed import Money

from commonweal.form_fields import DayField, MoneyField, PlainForm
from investors.domain.citr.claims import EndedBy
from investors.domain.citr.kinds import InvestmentKind, MovementKind
from investors.domain.citr.limits import Accreditation
from investors.domain.citr.onward import Case
from investors.models import CitrMovement, CitrPeriod, Investor
from loans.models import Loan

CASES = {
    Case.LISTED_AREA: "Case 1: it works in a listed area",
    Case.COMPARABLE_AREA: "Case 2: in an area that is comparably disadvantaged, by a recognised measure",
    Case.DISADVANTAGED_PEOPLE: "Case 3: disadvantaged people own it or use what it does",
}
NOT_RELEVANT = "none"


class RequiredField(forms.CharField):
    """Reads one repayment on each line, a day and an amount, into pairs."""

    widget = forms.Textarea(attrs={"rows": 3})

    def to_python(self, value: Any) -> Any:
        """The pairs; raises ValidationError naming the line that cannot be read."""
        lines = [line.strip() for line in str(value or "").splitlines() if line.strip()]
        return [self._pair(number, line) for number, line in enumerate(lines, 1)]

    def _pair(self, number: int, line: str) -> tuple[date, Money]:
        written, _, amount = line.partition(" ")
        try:
            day = parse_date(written)
        except ValueError:
            day = None
        if day is None:
            raise forms.ValidationError(f"Line {number}: begin with a day like 2028-12-01, then a blank and the amount")
        read = MoneyField(noun=f"the amount on line {number}", required=False).to_python(amount)
        if read is None:
            raise forms.ValidationError(f"Line {number}: enter the amount after the day, like 2,500.00")
        return day, read


class EntryField(forms.CharField):
    """Reads the number of a journal entry such as E-123; None where nothing is given."""

    def to_python(self, value: Any) -> Any:
        """The number; raises ValidationError for what is none."""
        text = str(value or "").strip().upper().removeprefix("E-")
        if not text:
            return None
        if not re.fullmatch(r"[0-9]{1,18}", text):
            raise forms.ValidationError("Enter the number of the entry, like E-123")
        return int(text)


class AccreditationForm(PlainForm):
    """For which days the fund is accredited, and what it applied to raise."""

    kind = forms.TypedChoiceField(
        label="Whom does it lend to?",
        choices=[(Accreditation.RETAIL.value, "Enterprises"), (Accreditation.WHOLESALE.value, "Other institutions")],
        coerce=Accreditation,
        initial=Accreditation.RETAIL,
        widget=forms.RadioSelect,
    )
    starts_on = DayField(noun="the first day", label="First day")
    last_day = DayField(noun="the last day", label="Last day", help_text="The limit that counts is that of this day.")
    applied_for = MoneyField(
        noun="what was applied for",
        label="Applied to raise",
        help_text="Raising more than 125% of it needs a month’s notice to the department.",
    )
    reference = forms.CharField(label="Reference of the department", max_length=100)


class LossForm(PlainForm):
    """Which accreditation was withdrawn, on which day, and why."""

    period: forms.ModelChoiceField[CitrPeriod] = forms.ModelChoiceField(
        queryset=CitrPeriod.objects.none(), label="Accreditation", empty_label="Choose one"
    )
    on = DayField(noun="the day", label="Withdrawn from")
    reason = forms.CharField(label="Reason", max_length=500)


class TaxYearForm(PlainForm):
    """The tax year that statements are issued for."""

    tax_year = forms.ChoiceField(label="Tax year")


class InvestmentForm(PlainForm):
    """What an investor puts in, by its terms."""

    investor: forms.ModelChoiceField[Investor] = forms.ModelChoiceField(
        queryset=Investor.objects.none(), label="Investor", empty_label="Choose an investor"
    )
    kind = forms.TypedChoiceField(
        label="What is it?",
        choices=[
            (InvestmentKind.LOAN.value, "A loan to the fund"),
            (InvestmentKind.SHARES.value, "Shares in the fund"),
        ],
        coerce=InvestmentKind,
        initial=InvestmentKind.LOAN,
        widget=forms.RadioSelect,
    )
    committed = MoneyField(
        noun="the whole amount", label="Whole amount", help_text="The certificate is for all of it, drawn or not."
    )
    invested_on = DayField(
        noun="the day of receipt", label="Investment date", help_text="The day of receipt, or of the first drawdown."
    )
    drawn = MoneyField(
        noun="what was drawn",
        label="Drawn on that day",
        required=False,
        help_text="Left empty, all of it was advanced at once.",
    )
    drawdown_until = DayField(
        noun="the last day for drawing",
        label="Last day for drawing the rest",
        required=False,
        help_text="At most 18 months after the investment date.",
    )
    required_repayments = RequiredField(
        label="Repayments that may be required",
        required=False,
        help_text="A line for each, like 2028-12-01 2,500.00. None in the first two years; all together at most 25%, "
        "50% and 75% by the end of years 3, 4 and 5.",
    )
    is_convertible = forms.BooleanField(
        label="It may be converted into something redeemable within five years", required=False
    )
    entry = EntryField(
        label="Entry that brought the money",
        required=False,
        help_text="The contribution in the ledger, like E-123, where there is one.",
    )


class MovementForm(PlainForm):
    """What was drawn, repaid or received of an investment."""

    kind = forms.TypedChoiceField(
        label="What happened?",
        choices=[(one.value, one.words) for one in MovementKind],
        coerce=MovementKind,
        initial=MovementKind.REPAYMENT,
        widget=forms.RadioSelect,
    )
    on = DayField(noun="the day", label="On")
    amount = MoneyField(noun="the amount", label="Amount")
    is_not_standard = forms.BooleanField(
        label="It does not count against what has to stand",
        required=False,
        help_text="A repayment that the fund chose itself, or that followed its default (ITA 2007 s362).",
    )
    reason = forms.CharField(label="Reason", max_length=500, required=False, help_text="Needed for the box above.")
    entry = EntryField(label="Entry", required=False, help_text="The contribution that brought a drawdown, like E-123.")


class TakeBackForm(PlainForm):
    """Which movement was recorded wrongly, and why."""

    movement: forms.ModelChoiceField[CitrMovement] = forms.ModelChoiceField(
        queryset=CitrMovement.objects.none(), label="Movement", empty_label="Choose one"
    )
    reason = forms.CharField(label="Reason", max_length=500)


class EndForm(PlainForm):
    """What ended the claims of an investment."""

    ended_by = forms.TypedChoiceField(
        label="What happened?",
        choices=[(one.value, one.words.capitalize()) for one in (EndedBy.DISPOSED, EndedBy.INVESTOR_ACCREDITED)],
        coerce=EndedBy,
        widget=forms.RadioSelect,
    )
    on = DayField(noun="the day", label="On")
    reason = forms.CharField(label="Reason", max_length=500)


class CertificateForm(PlainForm):
    """Yes or no, and why."""

    decision = forms.ChoiceField(
        label="Decide", choices=[("approve", "Issue it"), ("decline", "Decline")], widget=forms.RadioSelect
    )
    reason = forms.CharField(label="Reason", max_length=500, required=False, help_text="Needed to decline.")


class MarkForm(PlainForm):
    """Whether a loan is a relevant investment, from when, by which case and why."""

    loan: forms.ModelChoiceField[Loan] = forms.ModelChoiceField(
        queryset=Loan.objects.none(), label="Loan", empty_label="Choose a loan"
    )
    on = DayField(noun="the day", label="From")
    case = forms.ChoiceField(
        label="Is it a relevant investment?",
        choices=[
            *((str(case.value), words) for case, words in CASES.items()),
            (NOT_RELEVANT, "No, it is not relevant"),
        ],
        widget=forms.RadioSelect,
    )
    distributes_profit = forms.BooleanField(
        label="The business distributes its profit", required=False, help_text="The lower limit counts then."
    )
    agreed_to_count = forms.BooleanField(
        label="A guarantee protects it, and it counts all the same",
        required=False,
        help_text="The guarantee is not publicly funded, or the department has agreed. Say which in the reason.",
    )
    reason = forms.CharField(
        label="Reason", max_length=500, help_text="The area and its list, the measure, or who owns or uses it."
    )

    def case_asked(self) -> Case | None:
        """The case, or none where it is not relevant."""
        asked = self.cleaned_data["case"]
        return None if asked == NOT_RELEVANT else Case(int(asked))
