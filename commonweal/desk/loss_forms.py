"""What is asked about provisions and guarantees; the services decide what is right."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet

from commonweal.desk.forms import offer, use_currency
from commonweal.form_fields import DayField, MoneyField, PercentField, PlainForm
from loans.domain.guarantee import SchemeTerms
from loans.domain.provision import Stage
from loans.models import SchemeParameters

NAMES = {stage: f"stage_{number}" for number, stage in enumerate(Stage)}


def _reason(help_text: str) -> forms.CharField:
    return forms.CharField(
        label="Reason", help_text=help_text, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class RuleForm(PlainForm):
    """A percentage for each stage, and from when on."""

    on = DayField(noun="the first day", label="From")
    reason = _reason("The auditor reads this.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = {
            name: PercentField(noun=f"the percentage for {stage.words}", label=stage.words.capitalize())
            for stage, name in NAMES.items()
        }
        self.fields = {**first, **self.fields}

    def percentages(self) -> dict[Stage, Decimal]:
        """The shares by stage."""
        return {stage: self.cleaned_data[name] for stage, name in NAMES.items()}


class SchemeForm(PlainForm):
    """A guarantee scheme with one version of its parameters."""

    code = forms.SlugField(
        label="Code", help_text="Lower-case letters and hyphens; the same code again is another version."
    )
    name = forms.CharField(label="Name", max_length=200)
    source = forms.CharField(label="Where the parameters are published", max_length=500)
    on = DayField(noun="the first day", label="In force from")
    ends_on = DayField(noun="the end", label="To before", required=False)
    share = PercentField(noun="the guaranteed share", label="Share guaranteed")
    recovery_share = PercentField(noun="the share of recoveries", label="Share of recoveries that is the scheme’s")
    least = MoneyField(noun="the least loan", label="Smallest loan")
    most = MoneyField(noun="the largest loan", label="Largest loan")
    max_months = forms.IntegerField(label="Longest term in months", min_value=1, max_value=480)
    claim_after_days = forms.IntegerField(label="Claim after days past due", min_value=0, max_value=3650)

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        use_currency(self, currency)

    def terms(self) -> SchemeTerms:
        """The parameters as the domain knows them. Raises GuaranteeRefused."""
        given = self.cleaned_data
        return SchemeTerms(
            given["on"],
            given["ends_on"],
            given["share"],
            given["recovery_share"],
            given["least"],
            given["most"],
            given["max_months"],
            given["claim_after_days"],
        )


class SpecificForm(PlainForm):
    """What should be set aside for one loan; nothing ends it."""

    amount = MoneyField(
        noun="the provision", label="Amount", required=False, help_text="Leave it empty to end a specific provision."
    )
    on = DayField(noun="the first day", label="From")
    reason = _reason("A colleague decides on it; the auditor reads it.")

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        use_currency(self, currency)


class CertifyForm(PlainForm):
    """Under which scheme a loan is, and the guarantor's reference."""

    parameters: forms.ModelChoiceField[SchemeParameters] = forms.ModelChoiceField(
        queryset=SchemeParameters.objects.none(), label="Scheme", empty_label="Choose a scheme and version"
    )
    reference = forms.CharField(label="Guarantor’s reference", max_length=100)
    on = DayField(noun="the day of the certificate", label="Certified on")

    def __init__(self, *args: Any, versions: QuerySet[SchemeParameters], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "parameters", versions)


class ClaimForm(PlainForm):
    """As at which day the guarantor is asked, and why."""

    on = DayField(noun="the day of the claim", label="As at")
    reason = _reason("A colleague decides on it; the guarantor and the auditor read it.")
